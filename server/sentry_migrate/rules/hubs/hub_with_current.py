"""`with Hub.current:` → its body."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, by_hand
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.hubs import judge
from sentry_migrate.rewrite.active_hubs import READ_BY_NAME, read_by_name
from sentry_migrate.rewrite.blocks import Unmovable, item_removal, unwrap
from sentry_migrate.rewrite.hub_remedies import GIVE_BOTH, KEEP_BOTH
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN217",
    name="hub-with-current",
    kind="conditional",
    summary="`with Hub.current:` has no effect and can be removed",
    messages=("Activating a hub with `with` is deprecated; activate a scope instead",),
    why=(
        "Activating the hub that is already active does nothing in either version. In 2.x it "
        "warns, and hubs will be removed in 3.0."
    ),
    safety="Safe where the hub is known to be the active one. Unsafe for a hub obtained elsewhere.",
    link=GUIDE + "#activating-current-hub-clone",
    since="2.11.0",
    examples=(
        Ignores("from mylib import Hub\nwith Hub.current:\n    pass\n"),
        Ignores("def f(hub):\n    with hub:\n        pass\n"),
        Rewrites(
            "from sentry_sdk import Hub, capture_message\n"
            "def f():\n"
            "    with Hub.current:\n"
            "        capture_message('x')\n",
            "from sentry_sdk import capture_message\ndef f():\n    capture_message('x')\n",
        ),
        Flags(
            "from sentry_sdk import Hub, capture_message\n"
            "def f(hub: Hub):\n"
            "    with hub:\n"
            "        capture_message('x')\n",
            remedy=(
                "Give `sentry_sdk.get_isolation_scope()` and `sentry_sdk.get_current_scope()` "
                "instead of a hub, and activate both: `with "
                "sentry_sdk.scope.use_isolation_scope(isolation_scope), "
                "sentry_sdk.scope.use_scope(current_scope):`."
            ),
        ),
    ),
)


@RULE.on("=Hub")
def check(use: Use, context: Context) -> Iterator[Draft]:
    item = context.parent(use.node)
    hub = use.owner
    if not isinstance(item, cst.WithItem) or hub is None or item.item is not use.node:
        return
    if hub.origin not in ("current", "param", "either", "element"):
        return  # reported where the hub is made
    block = context.parent(item)
    assert isinstance(block, cst.With)
    status = judge(context, hub, use.node)
    if hub.origin != "current" or not status.known or status.doubt:
        yield context.finding(
            use,
            message="Activating a hub with `with` is deprecated; activate a scope instead",
            remedy=KEEP_BOTH if hub.origin == "element" else GIVE_BOTH,
        )
        return
    fix = context.fix("Remove `with Hub.current`")
    try:
        if len(block.items) > 1:
            if item.asname is not None:
                raise Unmovable("one of several context managers has an `as` name")
            fix.add([item_removal(context.tree, block, item)])
        else:
            fix.add(unwrap(context.tree, block, _first_line(context, item)))
    except Unmovable as error:
        yield context.finding(use, remedy=by_hand(error, "Remove `with Hub.current` by hand."))
        return
    name = item.asname.name if item.asname is not None else None
    binding = context.scopes.bound_by(name) if name is not None else None
    if binding is not None and read_by_name(context, binding):
        fix.unsafe(READ_BY_NAME)
    yield context.finding(use, fix)


def _first_line(context: Context, item: cst.WithItem) -> str | None:
    """`hub = Hub.current` where the `as` name is used; the next round settles its uses."""
    if item.asname is None or not isinstance(item.asname.name, cst.Name):
        return None
    name = item.asname.name
    binding = context.scopes.bound_by(name)
    if binding is None or not context.scopes.possible_reads(binding):
        return None
    return f"{name.value} = {context.code(item.item)}"
