"""The doubts that keep a fix from being safe: each a question that somebody who knows the project
can answer once.

Owns their codes and words. Knows neither rules nor settings; whoever doubts a fix names one of
these, with the words for the place where they have more to say than the doubt itself.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Doubt:
    """What could not be proved, and how a person finds out."""

    code: str
    """What settings call it: `other-threads`."""
    reason: str
    """Why a fix is not safe: what a note says, without a capital and a full stop."""
    question: str
    """Whoever can say yes to this may assume it."""
    find_out: str
    """Markdown: how to answer the question."""
    sent_by_1: str
    """Markdown: the event of 1.x, for the case that the answer should have been no."""
    sent_by_2: str
    """Markdown: what the fixed code sends then."""

    def about(self, reason: str) -> Doubt:
        """The same doubt in words for one place."""
        return replace(self, reason=reason)


_TAG_STAYS = (
    "The tag stays on the isolation scope, so the next event of the same request has it too."
)

FOREIGN_VALUES = Doubt(
    "foreign-values",
    "reads, converts or compares a value whose class is not in the project",
    "Can you rule out that a value of a class from outside the project runs Sentry code when it "
    "is read, converted or compared?",
    "Search the installed packages for `sentry_sdk`, and check whether any `__getattr__`, "
    "property, `__str__` or `__eq__` there captures an event or changes a scope. Almost no "
    "package does, which is why this is assumed unless `strict` is set.",
    "A tag that is set inside a block, because a value is read there, is dropped when the block "
    "ends: the next event doesn't have it.",
    _TAG_STAYS,
)

OTHER_THREADS = Doubt(
    "other-threads",
    "in 2.x, threads started elsewhere don't have this data",
    "Can threads that are started elsewhere do without the data that is set at startup?",
    "Look at what starts threads: a web server that handles each request in a thread, a pool, "
    "gevent. Send an event from one of them and look for the data that was set at startup. If the "
    "data has to be there, set it on the global scope.",
    "An event from a thread of the web server has the tag `region`, which was set at startup.",
    "That event has no tag `region`.",
)

BEFORE_INIT = Doubt(
    "before-init",
    "runs before `init()`; 1.x drops the data, 2.x keeps it",
    "May data that is set before `init()` be sent?",
    "Look at what is set: it was meant for Sentry, and got lost only because it came too early. "
    "Unless it must not leave the process, the answer is yes.",
    "No event has the tag that was set before `init()`.",
    "Every event has it.",
)

BLOCK_RUNS_OTHER_CODE = Doubt(
    "block-runs-other-code",
    "the code that runs inside the scope isn't visible here",
    "Does the code that runs inside these blocks change only the scope of the block?",
    "Follow what the block calls. Look for `sentry_sdk.set_tag()` and similar calls, "
    "`configure_scope()`, and anything that stores the scope for later.",
    "A tag that `sentry_sdk.set_tag()` sets inside the block is dropped when the block ends: the "
    "next event doesn't have it.",
    _TAG_STAYS,
)

FORKS_ISOLATION = Doubt(
    "forks-isolation",
    "also forks the isolation scope, which this block doesn't need",
    "May these blocks fork the isolation scope too?",
    "Look for code after the block that calls `last_event_id()` and expects the ID of an event "
    "from inside the block.",
    "After the block, `sentry_sdk.last_event_id()` returns the ID of the event from inside it, "
    "and the page shows it.",
    "It returns the ID of an earlier event, or None.",
)

GENERATOR_CONTEXT = Doubt(
    "generator-context",
    "the block yields, but 2.x must leave it in the same context in which it was entered",
    "Does one task or thread run these generators from beginning to end?",
    "Look at who iterates: a framework may begin a generator in one task and finish it in "
    "another, as FastAPI does with a dependency that yields.",
    "The events after the generator have the data of the request.",
    "`ValueError: … was created in a different Context`, or the events have data of another "
    "request.",
)

SHARED_HUB_TASKS = Doubt(
    "shared-hub-tasks",
    "the block awaits; tasks that share a hub in 1.x see each other's scopes, but not in 2.x",
    "Can you rule out that a task relies on data that another task set on the hub they share?",
    "Look at what runs at the same time, such as in `asyncio.gather()`. Seeing the data of "
    "another task is nearly always a mistake that 2.x corrects.",
    "An event of one task has the tag that another task set while both were running.",
    "Each event has only the tags of the task that sends it.",
)

ONE_CLIENT = Doubt(
    "one-client",
    "2.x sends with the active client, which may not be this one",
    "Does the program have only one client?",
    "Search for `Client(`, `bind_client(` and a second `init(`. If only tests create more "
    "clients, the answer is yes.",
    "The event arrives in the Sentry project whose DSN the second client has.",
    "It arrives in the project of the active client.",
)

LAST_EVENT_ID = Doubt(
    "last-event-id",
    "after the block, `last_event_id()` does not return the ID from inside it",
    "Is `last_event_id()` called only right after the event is captured?",
    "Search for `last_event_id`. If it is not in the project, or only follows a `capture_*()` in "
    "the same block, the answer is yes. Safest is to use the ID that `capture_*()` returns.",
    "The error page shows the ID of the event that was captured inside the block.",
    "It shows an earlier ID, or none.",
)

OTHER_HUB = Doubt(
    "other-hub",
    "the hub may not be the current one",
    "May what is sent or set through a stored or passed hub use the scopes that are active there?",
    "Look for where the hub comes from. If it was `Hub.current` in the same request or task, the "
    "answer is yes; if it was made by `Hub(…)`, or in another thread, it is no.",
    "The event has the user that was set on the stored hub.",
    "It has the user that is set on the scopes that are active at the call.",
)

MERGED_SCOPES = Doubt(
    "merged-scopes",
    "1.x sent only this scope's data, 2.x merges it with the data of the active scopes",
    "May events that are sent with a scope created just for them also have the data of the active "
    "scopes?",
    "Look at why the scope was made: if it was to keep the data of the request out of the event, "
    "the answer is no.",
    "The event has only the tags of the scope that was made for it.",
    "It also has the user, tags and breadcrumbs of the request.",
)

PASSED_SCOPE = Doubt(
    "passed-scope",
    "the scope is passed to code that may read its span or transaction",
    "Does the code that receives a scope leave its span and transaction alone?",
    "Follow the scope into the function that gets it, and look for `.span`, `.transaction` and "
    "`set_transaction_name()` there.",
    "The transaction has the name that the function gave it.",
    "The name is set on another scope, and the transaction keeps its old one.",
)

CURRENT_SCOPE = Doubt(
    "current-scope",
    "a different scope is forked before the span or transaction of this one is used",
    "Is the scope whose span or transaction the code uses the one that is current there?",
    "Look for `push_scope()`, `start_span()` and function calls between where the scope is taken "
    "and where its span or transaction is used.",
    "The outer transaction gets the name.",
    "The current transaction gets it, or only the events of the current scope do.",
)

OUTLIVES_BLOCK = Doubt(
    "outlives-block",
    "`push_scope()` stays, where 2.x would not undo this change",
    "May the span or transaction name that is set inside a remaining `push_scope()` block outlast "
    "the block?",
    "Fix the `push_scope()` that the reason names first; then nothing remains to ask.",
    "After the block, events have the transaction name from before it.",
    "They have the name that was set inside the block.",
)

SPAN_FROM_OUTSIDE = Doubt(
    "span-from-outside",
    "a span that is active where the hub is cloned does not come along",
    "Can events inside the block do without the span that was started outside it?",
    "Look at the events of the block in a trace: does it matter which span they are attached to?",
    "The error is attached to the span `db.query`.",
    "It is attached to the span around that, or to a separate trace.",
)

SENDS_MORE = Doubt(
    "sends-more",
    "without a client, this sent nothing in 1.x, but sends an event in 2.x",
    "May 2.x send what the same call failed to send in 1.x?",
    "Look at the call: it was meant to send something. Unless it is there by accident, the answer "
    "is yes.",
    "Nothing arrives.",
    "The event or breadcrumb arrives.",
)

LINKS_MORE = Doubt(
    "links-more",
    "`continue_trace()` also continues the trace for everything sent outside the transaction",
    "May more events belong to a trace, and more outgoing requests carry trace headers?",
    "Look at the services that are called: a trace header on a request is harmless where they "
    "accept unknown headers.",
    "The error has a separate trace, or none.",
    "It belongs to the trace of the caller or to a new one, and is shown there too.",
)

CLIENT_IS_NONE = Doubt(
    "client-is-none",
    "the code that receives the client may test it for None, which `get_client()` never returns",
    "Can you rule out that code relies on the client being None when Sentry is not initialised?",
    "Run the code without `init()`, as tests often do. Look for `client is None`, `if client` and "
    "`except AttributeError` where the client goes.",
    "Without `init()`, the code skips what it does with the client.",
    "It calls a client that sends nothing.",
)

USED_ELSEWHERE = Doubt(
    "used-elsewhere",
    "other modules or methods may read the variable",
    "Are the names that these fixes remove or change used nowhere else?",
    "Search the project, its templates and its configuration for the name.",
    "The module that imports the name works.",
    "It fails with `ImportError` or `AttributeError`, which Sentry may report.",
)

LOSES_TEXT = Doubt(
    "loses-text",
    "a comment inside the replaced code is deleted too",
    "May comments inside replaced code, and options without effect, be deleted?",
    "Read what is deleted, and move what is worth keeping to the line above.",
    "The same event.",
    "The same event; only the text is gone.",
)

RETURN_VALUE = Doubt(
    "return-value",
    "the return value, always None in 1.x, is used",
    "Can you rule out that code depends on these calls returning None?",
    "Look at where the value goes. The result of a callback does no harm if it only reaches a "
    "caller that ignores it.",
    "The caller gets None.",
    "The caller gets what the callback returns.",
)

PRECEDENCE = Doubt(
    "scope-precedence",
    "every other scope overrides the global scope, and it is shared by the whole process",
    "May the order in which scopes override each other change for this data?",
    "Check whether the same tag or user is set in more than one place.",
    "The event has the value that was set last.",
    "It has the value of the scope that takes precedence, whichever was set last.",
)

LATER_LOOKUP = Doubt(
    "later-lookup",
    "1.x pushes the scope when called, 2.x when entered",
    "Can you rule out that a scope is read or changed between the call and the `with` statement "
    "that enters its result?",
    "Search for `get_current_scope`, `configure_scope` and set calls between the two.",
    "Data that is set between the two is forgotten at the end of the block.",
    "It stays on the outer scope.",
)

UNSEEN_OPTIONS = Doubt(
    "unseen-options",
    "a dictionary may contain the same option too",
    "Do the dictionaries that are passed to `init()` contain only the options that are visible?",
    "Print the dictionary, or follow it to the settings that it is read from.",
    "The events follow the option in the dictionary.",
    "They follow the option that the fix wrote, or `init()` raises `TypeError` because the option "
    "is given twice.",
)

OPTION_VALUES = Doubt(
    "option-values",
    "the value may not have the type that the option is documented to have",
    "Do the values have the documented types: a rate that is a number, a flag that is `True` or "
    "`False`, a name that is a string?",
    "Follow the value to where it is read: an environment variable is always a string, and a "
    "missing one None.",
    "A rate of None with `enable_tracing=True` sends all transactions.",
    "A rate of None sends none.",
)

NEW_RELEASES = Doubt(
    "new-releases",
    "`sdk-version` allows releases that behave differently",
    "Do all environments run the newest sentry-sdk 2.x?",
    "Look at the lock file. Better than an answer: set `sdk-version` to the release in it, which "
    "settles other questions about releases too.",
    "An event from a thread has only the data of that thread.",
    "With an older 2.x, it also has data that another thread set, or spans have query plans.",
)

UNSTABLE_NAME = Doubt(
    "unstable-name",
    "the attribute is private, and not every scope in 2.x has it",
    "May the code use a name of the SDK that is private, or that a later release will remove?",
    "Pin sentry-sdk to the release that you test with, and plan to replace the name.",
    "The event belongs to the trace that the code reads.",
    "The same, until a release without the name raises `AttributeError`.",
)

REST_MIGRATED = Doubt(
    "rest-migrated",
    "the code must be migrated and tested with 2.x in the same step",
    "Is the rest of the project migrated to 2.x, and tested with it?",
    "Run `sentry-migrate check` on the project, and the tests of the project with 2.x.",
    "A test that patches `push_scope()` passes, and all events arrive.",
    "The mock records nothing, or code that no test ran with 2.x fails in production.",
)

OTHER_FORM = Doubt(
    "other-form",
    "the same data is sent in a different form",
    "May this data appear in Sentry in a different form or place?",
    "Look for dashboards, alerts and searches that use the measurement, metric or operation.",
    "The transaction has the measurement `size` of 1 byte.",
    "The transaction has the data `size` with the value 1, and a dashboard of the measurement "
    "shows nothing.",
)

TOO_INTRICATE = Doubt(
    "too-intricate",
    "the code is too intricate to follow all of it",
    "Have you read what the fixes make of this file, and does it send the same?",
    "Read the diff of the file. Better, split the file, or the function in which most values "
    "depend on each other, and run the check again.",
    "An event that the file sends has the data that was set for it.",
    "The event lacks that data, or has data that was set for another event.",
)

DROPPED_ENVELOPES = Doubt(
    "dropped-envelopes",
    "1.x raises `NotImplementedError` for a transaction, session or attachment; the class drops it",
    "Does this transport only have to send errors and messages?",
    "Check whether tracing (`traces_sample_rate`) or session tracking is enabled where the "
    "transport is used.",
    "A transaction raises `NotImplementedError`, which the SDK logs.",
    "A transaction is dropped, and nothing is logged.",
)


def differs(reason: str) -> Doubt:
    """What the code itself shows to be different after the fix. It is not a question, so no answer
    makes the fix safe; it has no code."""
    return Doubt("", reason, "", "", "", "")


DOUBTS: Mapping[str, Doubt] = {
    one.code: one for one in list(globals().values()) if isinstance(one, Doubt)
}
"""By code, in the order in which pages show them."""

DEFAULT = frozenset((FOREIGN_VALUES.code,))
"""What is assumed unless `strict` is set."""


def split(
    doubts: Iterable[Doubt], assumed: Collection[str]
) -> tuple[tuple[Doubt, ...], tuple[Doubt, ...]]:
    """Those that nobody answered or can answer, and those that `assumed` answers."""
    every = tuple(doubts)
    return (
        tuple(one for one in every if one.code not in assumed),
        tuple(one for one in every if one.code in assumed),
    )


def hint(code: str) -> str:
    """What to say of a code that no doubt has: which is nearest, or where they are listed."""
    near = difflib.get_close_matches(code.lower(), DOUBTS, 1)
    return f"did you mean {near[0]!r}?" if near else "run `sentry-migrate doubt` to list them"
