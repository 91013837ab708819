"""`with Hub(Hub.current) as hub:` → `with isolation_scope() as scope:`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import GENERATOR_CONTEXT
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.entered_generators import stays_in_context
from sentry_migrate.proof.event_ids import IN_CLONE, read_in_clone
from sentry_migrate.proof.executed import contains
from sentry_migrate.proof.hub_activation import binds_client
from sentry_migrate.proof.hub_identity import compared
from sentry_migrate.proof.hubs import cloned, comes_along, explain
from sentry_migrate.rewrite.active_hubs import READ_BY_NAME, covering, read_by_name
from sentry_migrate.rewrite.hub_remedies import GIVE_FORKS
from sentry_migrate.rewrite.named_blocks import Named
from sentry_migrate.rewrite.push_scope import BINDS
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use
from sentry_migrate.text.edits import EditSet

RULE = Rule(
    code="SEN219",
    name="hub-clone-with",
    kind="conditional",
    summary="Cloning a hub to isolate a block is deprecated; use `isolation_scope()`",
    why=(
        "In 2.x, `Hub(Hub.current)` forks both scopes and warns; `with isolation_scope()` does "
        "the same without a warning. `new_scope()` does not: what the block sets through "
        "top-level functions would leak out of it."
    ),
    safety=(
        "Safe where every use of the `as` name is rewritten too: the name held a hub and then "
        "holds a scope."
    ),
    link=GUIDE + "#activating-current-hub-clone",
    since="2.0.0",
    severity=Severity.WARNING,
    examples=(
        Ignores("from mylib import Hub\nwith Hub(Hub.current):\n    pass\n"),
        Ignores(
            "from sentry_sdk import isolation_scope\nwith isolation_scope() as scope:\n    pass\n"
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f(job):\n"
            "    with sentry_sdk.Hub(sentry_sdk.Hub.current):\n"
            "        job()\n",
            "import sentry_sdk\n"
            "def f(job):\n"
            "    with sentry_sdk.isolation_scope():\n"
            "        job()\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def f(error):\n"
            "    with Hub(Hub.current) as hub:\n"
            "        hub.scope.set_tag('a', 'b')\n"
            "        hub.capture_exception(error)\n",
            "from sentry_sdk import capture_exception, isolation_scope\n"
            "def f(error):\n"
            "    with isolation_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n"
            "        capture_exception(error)\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "with sentry_sdk.Hub(sentry_sdk.Hub.current) as hub:\n"
            "    sentry_sdk.capture_message('I am isolated!')\n",
            "import sentry_sdk\n"
            "with sentry_sdk.isolation_scope() as scope:\n"
            "    sentry_sdk.capture_message('I am isolated!')\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f(failed):\n"
            "    with sentry_sdk.Hub(sentry_sdk.Hub.current):\n"
            "        if failed:\n"
            "            sentry_sdk.capture_exception()\n"
            "        return sentry_sdk.last_event_id()\n",
            "import sentry_sdk\n"
            "def f(failed):\n"
            "    with sentry_sdk.isolation_scope():\n"
            "        if failed:\n"
            "            sentry_sdk.capture_exception()\n"
            "        return sentry_sdk.last_event_id()\n",
            reason=(
                "`last_event_id()` in the block gave None in 1.x until the block captured an "
                "event; 2.x gives the ID of an earlier one"
            ),
        ),
        Flags(
            "from jobs import start\n"
            "from sentry_sdk import Hub, capture_message\n"
            "def work(hub: Hub):\n"
            "    with Hub(hub):\n"
            "        capture_message('x')\n"
            "start(work, Hub.current)\n",
            remedy=(
                "Pass `sentry_sdk.get_isolation_scope().fork()` and "
                "`sentry_sdk.get_current_scope().fork()` instead of the hub, and activate both: "
                "`with sentry_sdk.scope.use_isolation_scope(isolation_scope), "
                "sentry_sdk.scope.use_scope(current_scope):`."
            ),
        ),
        Flags(
            "from sentry_sdk import Hub\n"
            "def f(job):\n"
            "    with Hub(Hub.current) as hub:\n"
            "        job(hub)\n",
            remedy=(
                "First rewrite the code that receives the hub or uses it in a way without a "
                "counterpart in 2.x, then use `with sentry_sdk.isolation_scope():`."
            ),
        ),
    ),
)


@RULE.gather
def gather(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    for use in context.uses:
        call = use.call
        if use.trigger != "sentry_sdk.Hub" or call is None:
            continue
        item = context.parent(call)
        hub = context.values.instance(call, "Hub")
        if isinstance(item, cst.WithItem) and hub is not None and hub.origin == "clone":
            yield _judge(context, use, call, item, drafts)


def _judge(
    context: Context, use: Use, call: cst.Call, item: cst.WithItem, drafts: Sequence[Draft]
) -> Draft:
    origin = cloned(context, call)
    if comes_along(context, call.args[0].value):
        return context.finding(use, remedy=GIVE_FORKS)
    if not origin.known:
        return context.finding(use, remedy=explain(origin))
    fix = context.fix("Replace with `isolation_scope()`").unsafe(origin.doubt)
    block = context.parent(item)
    assert isinstance(block, cst.With)
    try:
        fix.edit(*context.span(call), fix.api("isolation_scope", use) + "()")
    except NoName as error:
        return context.finding(use, remedy=by_hand(error, "Use `sentry_sdk.isolation_scope()`."))
    if contains(block.body, cst.Yield) and not stays_in_context(context, block, awaits=True):
        fix.unsafe(GENERATOR_CONTEXT)
    if read_in_clone(context, block):
        fix.unsafe(IN_CLONE)
    fix.unsafe(compared(context))
    if binds_client(context, block):
        fix.unsafe(BINDS)
    named = Named(context, call, item, drafts)
    if item.asname is None:
        if named.name:
            end = context.tree.outer(item.item)[1]
            fix.edit(end, end, f" as {named.name}")
        return _finding(context, use, fix, named)
    name = item.asname.name
    binding = context.scopes.bound_by(name) if isinstance(name, cst.Name) else None
    loads = context.scopes.possible_reads(binding) if binding is not None else None
    parts = covering(drafts, loads, context) if loads is not None else None
    if binding is not None and read_by_name(context, binding):
        fix.unsafe(READ_BY_NAME)
    if parts is None or loads is None:
        return context.finding(
            use,
            remedy=(
                "First rewrite the code that receives the hub or uses it in a way without a "
                "counterpart in 2.x, then use `with sentry_sdk.isolation_scope():`."
            ),
        )
    for part in parts:
        fix.include(named.instead(part))
    low, high = context.tree.outer(item.item)[1], context.span(item)[1]
    given = named.name or ("scope" if not loads and named.free else "")
    fix.edit(low, high, f" as {given}" if given else "")
    if not EditSet().accept(fix.edits):
        return context.finding(use, remedy="Rewrite the uses of the hub first.")
    return _finding(context, use, fix, named)


def _finding(context: Context, use: Use, fix: FixDraft, named: Named) -> Draft:
    """The finding, whose fix is also that of what uses the name of the scope."""
    for draft, part in named.replaced:
        fix.include(part)
        draft.alone, draft.fix, draft.alternatives = draft.fix, fix, ()
    return context.finding(use, fix)
