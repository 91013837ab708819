"""What a run of the tests recorded, and how two recordings differ.

A payload is made flat: a mapping from where a value stands, such as `tags.user` or
`exception.values[0].type`, to the value as JSON. What two runs of the same code do not repeat,
such as IDs and times, does not belong to it; which transaction and span it belongs to does.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sentry_migrate.project import regular_files
from sentry_migrate.prove.links import Linked, linked, links
from sentry_migrate.prove.own_changes import (
    AUTOMATIC_SPANS,
    LEFT_BY_INTEGRATIONS,
    NEVER_COMPARED,
    TOLD_BY_INTEGRATIONS,
    places,
)

Flat = Mapping[str, str]
STATE = "state"
"""The kind of what is not sent: what a later event would have of a test."""

_IDS = frozenset(
    (
        *("event_id", "timestamp", "start_timestamp", "trace_id", "span_id", "parent_span_id"),
        *("sdk", "modules", "server_name", "platform", "profile", "_meta", "sys.argv"),
        *("same_process_as_parent", "dynamic_sampling_context", "thread.id", "thread_id"),
    )
)
"""Names of what differs from run to run, or says which SDK it is."""
_CODE = frozenset(
    (
        *("abs_path", "filename", "lineno", "in_app", "vars"),
        *("pre_context", "context_line", "post_context"),
    )
)
"""Parts of a stack frame that change with the code around."""
_BREADCRUMBS = ("breadcrumbs", "breadcrumbs.values")
"""Where they stand in what a test leaves in the SDK, and in an event."""
_GIT = {"category": "subprocess", "message": "git rev-parse HEAD"}
_NEVER = places(NEVER_COMPARED)
_INTEGRATIONS = places(TOLD_BY_INTEGRATIONS)
_LEFT = places(LEFT_BY_INTEGRATIONS)
_SPAN = re.compile(r"spans\[(\d+)\]")
_RELEASE = re.compile(rb'"sdk": \{"name": "[^"]*", "version": "([^"]*)"')
_NUMBER = re.compile(r"\[\d+\]")
_LITERAL = re.compile(r"(-?[\d.]+(e[-+]?\d+)?|true|false|null)\Z")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+\b")
_UUID = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b")


@dataclass(frozen=True, slots=True)
class Test:
    """What was recorded of one test; of the code outside of tests, if its name is empty."""

    outcome: str = ""
    """`passed`, `failed` or `skipped`; empty where nothing was said."""
    sent: tuple[tuple[str, Flat], ...] = ()
    """Kind and payload of what would reach Sentry, in the order of time."""
    ran: frozenset[str] = frozenset()
    """Names of the probes that were passed."""
    told: frozenset[str] = frozenset()
    """Those of them after which something was sent."""
    left: tuple[str, ...] = ()
    """What the test leaves changed in the SDK."""
    warnings: int = 0
    """Deprecation warnings of the SDK."""
    earlier: frozenset[str] = frozenset()
    """Names of the probes that were passed outside of tests, before something was sent here."""

    @property
    def is_failure(self) -> bool:
        """Whether it did not end well, or did not end."""
        return self.outcome not in ("passed", "skipped")


Recording = Mapping[str, Test]


@dataclass(eq=False, slots=True)
class _Test:
    phases: dict[str, str] = field(default_factory=dict)
    sent: list[tuple[str, Flat]] = field(default_factory=list)
    linked: list[Linked] = field(default_factory=list)
    """By payload."""
    ran: dict[str, int] = field(default_factory=dict)
    """When each probe was passed first, in nanoseconds."""
    last: int = -1
    """When something was sent last."""
    left: set[str] = field(default_factory=set)
    warnings: int = 0


class UnknownSdkError(Exception):
    """An SDK has not what the recorder replaces; str() says what."""


def read(data: bytes) -> Recording:
    """A recording, by the names of tests; empty if no process recorded. Raises UnknownSdkError."""
    tests: dict[str, _Test] = {}
    for line in data.splitlines():
        try:
            said = json.loads(line)
        except ValueError:  # the last line of a process that was killed
            continue
        _add(tests.setdefault(said["test"], _Test()), said)
    outside = tests.get("", _Test()).ran
    return {name: _whole(one, outside if name else {}) for name, one in tests.items()}


def releases(data: bytes) -> frozenset[str]:
    """Of the SDKs that sent what is in a recording."""
    return frozenset(found[1].decode() for found in _RELEASE.finditer(data))


def joined(directory: str) -> bytes:
    """What the processes of a run recorded. Raises OSError."""
    files = (os.path.join(directory, name) for name in sorted(os.listdir(directory)))
    return b"".join(map(regular_files.read, files))


def _add(test: _Test, said: Mapping[str, Any]) -> None:
    kind = said["kind"]
    if kind == "outcome":
        test.phases[said["phase"]] = said["outcome"]
    elif kind == "ran":
        at, known = said.get("at", 0), test.ran.get(said["fix"])
        test.ran[said["fix"]] = at if known is None else min(at, known)
    elif kind == "leak":
        test.left.update(said["payload"])
        state = dict(flat(said.get("state", {})))
        if state:
            test.sent.append((STATE, state))
            test.linked.append(Linked())
    elif kind == "unknown":
        raise UnknownSdkError(f"this release of the SDK cannot be recorded: {said['payload']}")
    elif kind == "warning":
        test.warnings += 1
    elif kind != "started":
        payload = said["payload"]
        if said.get("attachments"):
            payload = {**payload, "attachments": said["attachments"]}
        content = dict(flat(payload))
        test.sent.append((kind, content))
        test.linked.append(linked(kind, payload))
        test.last = max(test.last, said.get("at", 0))


def _whole(test: _Test, outside: Mapping[str, int]) -> Test:
    outcomes = set(test.phases.values())
    outcome = next((one for one in ("failed", "skipped", "passed") if one in outcomes), "")
    sent = tuple(
        (kind, {**payload, **more})
        for (kind, payload), more in zip(test.sent, links(test.linked), strict=True)
    )
    told, earlier = (
        frozenset(fix for fix, at in ran.items() if at <= test.last) for ran in (test.ran, outside)
    )
    left = tuple(sorted(test.left))
    return Test(outcome, sent, frozenset(test.ran), told, left, test.warnings, earlier)


def flat(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Where values stand, and the values. Empty ones are skipped, as Sentry does not show them."""
    if _NEVER.match(place):
        return
    if isinstance(value, Mapping):
        frame = place.endswith("]") and ".frames[" in place
        for key, one in value.items():
            if key not in _IDS and not (frame and key in _CODE):
                yield from flat(one, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        shown = value
        if place.endswith(".frames"):
            shown = [one for one in value if not _of_sdk(one)]
            if any(isinstance(one, Mapping) and "vars" in one for one in shown):
                yield f"{place}.have_local_variables", "true"
        elif place in _BREADCRUMBS:
            shown = [one for one in value if not _asks_git(one)]
        for number, one in enumerate(shown):
            yield from flat(one, f"{place}[{number}]")
    elif value is not None and value != "":
        # Sentry makes texts of tags; elsewhere, a text is not the number that it shows.
        plain = isinstance(value, str) and (place.startswith("tags.") or not _LITERAL.match(value))
        text = value if plain else json.dumps(value, sort_keys=True)
        yield place, _ADDRESS.sub("<address>", text)


def _asks_git(crumb: Any) -> bool:
    """Whether a breadcrumb tells that `init()` asks Git for the release. It is there from the
    second time on, in whatever scope fixtures and event loops have then."""
    return isinstance(crumb, Mapping) and _GIT.items() <= crumb.items()


def _of_sdk(frame: Any) -> bool:
    module = frame.get("module") if isinstance(frame, Mapping) else None
    return str(module or "").partition(".")[0] in ("sentry_sdk", "contextlib", "unittest")


@dataclass(frozen=True, slots=True)
class Unsteady:
    """What two runs of the same code on the same SDK do not repeat in a test."""

    whole: bool = False
    """Whether even how much is sent differs, so that the test says nothing."""
    ids: bool = False
    """Whether values with UUIDs in them do, so that none is compared."""
    places: frozenset[tuple[str, str]] = frozenset()
    """Kinds, with the places of values in their payloads."""

    def __or__(self, other: Unsteady) -> Unsteady:
        return Unsteady(
            self.whole or other.whole, self.ids or other.ids, self.places | other.places
        )


def unsteady(one: Test, other: Test) -> Unsteady:
    """What to ignore where the test is compared."""
    if one.outcome != other.outcome:
        return Unsteady(whole=True)
    if one.sent == other.sent or Counter(map(_key, one.sent)) == Counter(map(_key, other.sent)):
        return Unsteady()
    found = Unsteady(ids=Counter(_ids(one)) != Counter(_ids(other)))
    here, there = (_steady(test, found) for test in (one, other))
    if Counter(map(_key, here)) == Counter(map(_key, there)):
        return found
    if [kind for kind, _ in here] != [kind for kind, _ in there]:
        return Unsteady(whole=True)
    unlike = {
        (kind, place)
        for (kind, values), (_, others) in zip(here, there, strict=True)
        for place in values.keys() | others.keys()
        if values.get(place) != others.get(place)
    }
    return replace(found, places=frozenset(unlike))


def _ids(test: Test) -> Iterator[tuple[str, str, str]]:
    """Values that have UUIDs in them, with where they stand."""
    for kind, payload in test.sent:
        for place, value in payload.items():
            if _UUID.search(value):
                yield kind, place, value


def by_hand(test: Test, states: bool = False) -> Test:
    """The test without what the SDK and its integrations say of their own accord of traces,
    requests, jobs, logged texts and threads, and without what is left of them: all that is left,
    unless `states` is set."""
    sent = [
        (kind, _left_by_hand(payload) if kind == STATE else _by_hand(payload))
        for kind, payload in test.sent
        if kind != "headers" and (kind != STATE or states)
    ]
    return replace(test, sent=tuple(one for one in sent if one[1] or one[0] != STATE))


def _left_by_hand(state: Flat) -> Flat:
    return {place: value for place, value in state.items() if not _LEFT.match(place)}


def _by_hand(payload: Flat) -> Flat:
    spans = dict.fromkeys(found[1] for place in payload if (found := _SPAN.match(place)))
    ours = [one for one in spans if not AUTOMATIC_SPANS.match(payload.get(f"spans[{one}].op", ""))]
    numbers = {one: number for number, one in enumerate(ours)}

    def ancestor(parent: str) -> str:
        """The nearest that is kept; empty for the transaction."""
        while (found := _SPAN.fullmatch(parent)) and found[1] not in numbers:
            parent = payload.get(f"{parent}.parent", "")
        return f"spans[{numbers[found[1]]}]" if found else parent

    kept: dict[str, str] = {}
    for place, value in payload.items():
        span = _SPAN.match(place)
        if span is None:
            if not _INTEGRATIONS.match(place):
                kept[place] = value
        elif span[1] in numbers:
            rest = place[span.end() :]
            if shown := ancestor(value) if rest == ".parent" else value:
                kept[f"spans[{numbers[span[1]]}]{rest}"] = shown
    return kept


def equal(one: Test, other: Test, ignored: Unsteady) -> bool:
    """Whether a test ends in the same way on both sides, and the same is sent, in any order."""
    if one.outcome != other.outcome or one.sent == other.sent:
        return one.outcome == other.outcome
    here, there = (Counter(map(_key, _steady(test, ignored))) for test in (one, other))
    return here == there


def changes_no_more(old: Test, new: Test, left: Test, ignored: Unsteady) -> bool:
    """Whether whatever is new or gone on one side, by kind and place, is so on another one, too."""
    was, now, other = (_values(test, ignored) for test in (old, new, left))
    return now - was <= other - was and was - now <= was - other


def _values(test: Test, ignored: Unsteady) -> Counter[tuple[str, str, str]]:
    return Counter(
        (kind, _NUMBER.sub("[]", place), value)
        for kind, payload in _steady(test, ignored)
        for place, value in [("", ""), *payload.items()]
    )


def differences(old: Test, new: Test, ignored: Unsteady) -> Iterator[str]:
    """The lines of a diff: what the old side has and the new one lacks, and the other way round."""
    if old.outcome != new.outcome:
        yield f"- the test {old.outcome or 'does not run'}"
        yield f"+ the test {new.outcome or 'does not run'}"
    here, there = _unpaired(_steady(old, ignored), _steady(new, ignored))
    while here and there:
        payload = here.pop(0)
        same_kind = [one for one in there if one[0] == payload[0]]
        if not same_kind:
            yield f"- {_words(payload)}"
            continue
        nearest = min(same_kind, key=lambda one: len(set(one[1].items()) ^ set(payload[1].items())))
        there.remove(nearest)
        yield f"  {_words(payload)}"
        for place in sorted(payload[1].keys() | nearest[1].keys()):
            if payload[1].get(place) != nearest[1].get(place):
                for sign, side in (("-", payload[1]), ("+", nearest[1])):
                    if place in side:
                        yield f"{sign}   {place}: {side[place]}"
    for sign, rest in (("-", here), ("+", there)):
        for payload in rest:
            yield f"{sign} {_words(payload)}"


def _unpaired(
    old: Sequence[tuple[str, Flat]], new: Sequence[tuple[str, Flat]]
) -> tuple[list[tuple[str, Flat]], list[tuple[str, Flat]]]:
    """What one side has and the other does not."""
    left, rest = Counter(map(_key, new)), []
    for payload in old:
        if left[_key(payload)] > 0:
            left[_key(payload)] -= 1
        else:
            rest.append(payload)
    more = []
    for payload in new:
        if left[_key(payload)] > 0:
            left[_key(payload)] -= 1
            more.append(payload)
    return rest, more


def _steady(test: Test, ignored: Unsteady) -> Sequence[tuple[str, Flat]]:
    if ignored == Unsteady():
        return test.sent
    return [
        (
            kind,
            {
                at: _UUID.sub("<id>", value) if ignored.ids else value
                for at, value in payload.items()
                if (kind, at) not in ignored.places
            },
        )
        for kind, payload in test.sent
    ]


def _key(payload: tuple[str, Flat]) -> tuple[str, tuple[tuple[str, str], ...]]:
    kind, values = payload
    return kind, tuple(sorted(values.items()))


def _words(payload: tuple[str, Flat]) -> str:
    kind, values = payload
    names: Iterable[str] = (
        "transaction",
        "message",
        "logentry.message",
        "exception.values[0].type",
    )
    if kind == STATE:
        return "what the test leaves in the SDK"
    about = next((values[name] for name in names if name in values), "")
    return f"{kind} {about!r}" if about else kind
