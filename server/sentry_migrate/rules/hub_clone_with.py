"""`with Hub(Hub.current) as hub:` → `with isolation_scope() as scope:`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._bodies import contains
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._hub import cloned, covering, explain, loads_of
from sentry_migrate.rules._push import BINDS
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use
from sentry_migrate.text.edits import EditSet

RULE = Rule(
    code="SEN219",
    name="hub-clone-with",
    kind="conditional",
    summary="Cloning a hub to isolate a block is deprecated; use `isolation_scope()`",
    why=(
        "In 2.x `Hub(Hub.current)` forks both scopes and warns; `with isolation_scope()` "
        "is the same. `new_scope()` is not: what the block sets through top-level functions "
        "would leak out of it."
    ),
    safety=(
        "Safe where every use of the `as` name is rewritten with it: the name held a hub and then "
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
            "from sentry_sdk import capture_exception, get_isolation_scope, isolation_scope\n"
            "def f(error):\n"
            "    with isolation_scope():\n"
            "        get_isolation_scope().set_tag('a', 'b')\n"
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
        Reports(
            "from sentry_sdk import Hub\n"
            "def f(job):\n"
            "    with Hub(Hub.current) as hub:\n"
            "        job(hub)\n",
            remedy="passed on",
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


_BINDING = ("sentry_sdk.init", "Hub.bind_client")


def _in(context: Context, use: Use, block: cst.With) -> bool:
    start, end = context.span(block.body)
    return start <= use.start < end and use.call is not None


def _judge(
    context: Context, use: Use, call: cst.Call, item: cst.WithItem, drafts: Sequence[Draft]
) -> Draft:
    origin = cloned(context, call)
    if not origin.known:
        return context.finding(use, remedy=explain(origin))
    fix = context.fix("Replace with `isolation_scope()`").unsafe(origin.reason)
    block = context.parent(item)
    assert isinstance(block, cst.With)
    try:
        fix.edit(*context.span(call), fix.api("isolation_scope", use) + "()")
    except NoName as error:
        return context.finding(use, remedy=f"Use `sentry_sdk.isolation_scope()`: {error}.")
    if contains(block.body, cst.Yield):
        fix.unsafe("the block yields, and 2.x must leave it in the context it was entered in")
    if any(other.trigger in _BINDING and _in(context, other, block) for other in context.uses):
        fix.unsafe(BINDS)
    if item.asname is None:
        return context.finding(use, fix)
    name = item.asname.name
    binding = context.scopes.bound_by(name) if isinstance(name, cst.Name) else None
    loads = loads_of(context, binding) if binding is not None else None
    parts = covering(drafts, loads, context) if loads is not None else None
    if parts is None or loads is None:
        return context.finding(
            use,
            remedy=(
                "The hub is passed on or used in a way that has no counterpart: rewrite that "
                "first, then use `with sentry_sdk.isolation_scope():`."
            ),
        )
    for part in parts:
        fix.include(part)
    low, high = context.tree.outer(item.item)[1], context.span(item)[1]
    free = context.scopes.lookup("scope", context.scopes.scope_of(call)) is None
    fix.edit(low, high, " as scope" if not loads and free else "")
    if not EditSet().accept(fix.edits):
        return context.finding(use, remedy="Rewrite the uses of the hub first.")
    return context.finding(use, fix)
