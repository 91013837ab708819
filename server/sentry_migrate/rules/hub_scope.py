"""`Hub.current.scope` → `sentry_sdk.get_isolation_scope()`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._harmless import ROUTED
from sentry_migrate.rules._hub import rewrite_member
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.rules._variables import PASSED_ON, elsewhere
from sentry_migrate.syntax.uses import Use
from sentry_migrate.syntax.value_types import Obj

RULE = Rule(
    code="SEN210",
    name="hub-scope",
    kind="safe",
    summary="`hub.scope` is deprecated; take the scope with `get_isolation_scope()`",
    why=(
        "In 2.x `Hub.current.scope` gives the isolation scope and warns since 2.11; hubs are gone "
        "in 3.0. Spans and the transaction live on the current scope: reached through `hub.scope` "
        "they are None in 2.x."
    ),
    safety=(
        "Safe in place, with span and transaction access routed to the current scope. Not safe "
        "where the scope is kept or passed on, for the code that gets it may read its span."
    ),
    link=GUIDE + "#scope-configuring",
    since="2.11.0",
    examples=(
        Ignores("from mylib import Hub\nHub.current.scope.set_tag('a', 'b')\n"),
        Ignores("def f(self):\n    self.hub.scope.set_tag('a', 'b')\n"),
        Rewrites(
            "from sentry_sdk import Hub\ndef f():\n    Hub.current.scope.set_tag('a', 'b')\n",
            "from sentry_sdk import get_isolation_scope\n"
            "def f():\n"
            "    get_isolation_scope().set_tag('a', 'b')\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    return sentry_sdk.Hub.current.scope.span is not None\n",
            "import sentry_sdk\n"
            "def f():\n"
            "    return sentry_sdk.get_current_scope().span is not None\n",
        ),
        Rewrites(
            "import sentry_sdk\ndef f(helper):\n    helper(sentry_sdk.Hub.current.scope)\n",
            "import sentry_sdk\ndef f(helper):\n    helper(sentry_sdk.get_isolation_scope())\n",
            reason="passed on",
        ),
        Reports(
            "import sentry_sdk\nhub = sentry_sdk.Hub()\nhub.scope.set_tag('a', 'b')\n",
            remedy="switches the SDK off",
        ),
    ),
)


@RULE.on("Hub.scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    parent = context.parent(use.node)
    member = parent.attr.value if isinstance(parent, cst.Attribute) else ""
    routed = member in ROUTED or (not member and _only_routed(context, use))
    getter = "get_current_scope" if routed else "get_isolation_scope"
    for draft in rewrite_member(
        context, use, lambda fix, at: fix.api(getter, at) + "()", f"Replace with `{getter}()`"
    ):
        if draft.fix is not None and not member:
            if isinstance(parent, cst.Assign | cst.AnnAssign):
                _follow(context, use, draft, routed)
            else:
                draft.fix.unsafe(PASSED_ON)
        yield draft


def _variable_uses(context: Context, use: Use) -> Iterator[Use]:
    """Uses of the variable that `use` is assigned to."""
    for other in context.uses:
        owner = other.owner
        if isinstance(owner, Obj) and owner.node is use.node and owner.type == "Scope":
            if other.node is not use.node:
                yield other


def _only_routed(context: Context, use: Use) -> bool:
    members = [one for one in _variable_uses(context, use) if one.trigger.startswith("Scope.")]
    return bool(members) and all(one.trigger.partition(".")[2] in ROUTED for one in members)


def _follow(context: Context, use: Use, draft: Draft, routed: bool) -> None:
    """Route the uses of the variable too; say why where it leaves the function."""
    assert draft.fix is not None
    for one in _variable_uses(context, use):
        parent = context.parent(one.node)
        if (one.trigger == "=Scope" and not isinstance(parent, cst.Attribute)) or (
            one.owner is not None and one.owner.held != "local"
        ):
            draft.fix.unsafe(PASSED_ON)
        elif one.trigger.partition(".")[2] in ROUTED and not routed:
            if isinstance(one.node, cst.Attribute):
                draft.fix.unsafe(elsewhere(context, one))
                current = draft.fix.api("get_current_scope", one) + "()"
                draft.fix.edit(*context.tree.outer(one.node.value), current)
