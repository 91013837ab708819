"""`scope.transaction = "x"` → `get_current_scope().set_transaction_name("x")`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import CURRENT_SCOPE
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.index import calling
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.hubs import of_scope
from sentry_migrate.rewrite.callback_scope_uses import routing_doubts
from sentry_migrate.rewrite.configure_scope import manager_fix
from sentry_migrate.rewrite.push_scope import push_fix, push_fork
from sentry_migrate.rewrite.scope_setters import CHAINED, OWN_METHOD, has_own, is_target
from sentry_migrate.rewrite.scope_uses import (
    elsewhere,
    setter_edits,
    transaction_setter,
    variable_of,
)
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Obj

RULE = Rule(
    code="SEN112",
    name="scope-transaction-setter",
    kind="conditional",
    summary="Assigning to `scope.transaction` is deprecated; use `set_transaction_name()`",
    why=(
        "The setter logs a deprecation message that is visible only with `debug=True`. In 2.x it "
        "renames the transaction only on the current scope, but `configure_scope()`, "
        "`push_scope()` and hubs return other scopes."
    ),
    safety=(
        "Safe: the name is set on the current scope, which holds the transaction in 2.x. Unsafe "
        "for a scope passed in by the caller, and where a different scope may be current."
    ),
    link=DETAILED_GUIDE,
    since="1.0.0",
    examples=(
        Ignores("def f(scope):\n    scope.transaction = 'x'\n"),
        Ignores("import sentry_sdk\nevent.transaction = 'x'\n"),
        Ignores("import sentry_sdk\nprint(sentry_sdk.Hub.current.scope.transaction)\n"),
        Rewrites(
            "import sentry_sdk\n"
            "def view():\n"
            "    with sentry_sdk.configure_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n"
            "        scope.transaction = 'view'\n",
            "import sentry_sdk\n"
            "def view():\n"
            "    with sentry_sdk.configure_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n"
            "        sentry_sdk.get_current_scope().set_transaction_name('view')\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def view():\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        scope.transaction = 'view'\n"
            "        sentry_sdk.capture_message('x')\n",
            "import sentry_sdk\n"
            "def view():\n"
            "    with sentry_sdk.new_scope() as scope:\n"
            "        scope.set_transaction_name('view')\n"
            "        sentry_sdk.capture_message('x')\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def view():\n"
            "    with sentry_sdk.configure_scope() as scope:\n"
            "        scope.transaction = 'view'\n",
            "import sentry_sdk\n"
            "def view():\n"
            "    scope = sentry_sdk.get_current_scope()\n"
            "    scope.set_transaction_name('view')\n",
        ),
        Rewrites(
            "from sentry_sdk import Scope\n"
            "def rename(scope: Scope):\n"
            "    scope.transaction = 'view'\n",
            "from sentry_sdk import Scope\n"
            "def rename(scope: Scope):\n"
            "    scope.set_transaction_name('view')\n",
            reason=(
                "the scope comes from the caller, and 2.x renames the transaction only on the "
                "current scope"
            ),
        ),
        Flags(
            "import sentry_sdk\n"
            "with sentry_sdk.push_scope() as scope:\n"
            "    scope.transaction = name = 'x'\n",
            remedy="Split the assignment, and call the method for each target.",
        ),
    ),
)

_CALLER = CURRENT_SCOPE.about(
    "the scope comes from the caller, and 2.x renames the transaction only on the current scope"
)
_ELSEWHERE = CURRENT_SCOPE.about(
    "this scope has no transaction in 2.x, so the name is set on the current scope"
)


@RULE.on("Scope.transaction")
def check(use: Use, context: Context) -> Iterator[Draft]:
    assign = transaction_setter(context, use)
    if assign is None:
        if is_target(context, use):
            yield context.finding(use, remedy=CHAINED)
        return
    assert isinstance(use.node, cst.Attribute)
    assert use.owner is not None
    if has_own(context, use, "set_transaction_name"):
        yield context.finding(use, remedy=OWN_METHOD.format("set_transaction_name"))
        return
    status = of_scope(context, use.owner)
    if not status.known:
        return  # the rule for the hub has a finding
    fix = context.fix("Replace with `set_transaction_name()`").unsafe(status.doubt)
    owner = context.tree.text[slice(*context.tree.outer(use.node.value))]
    try:
        becomes_current = _manager(context, use.owner)
        if becomes_current is not None:
            fix.include(becomes_current)
        elif use.owner.origin not in ("now", "made", "param"):
            owner = fix.api("get_current_scope", use) + "()"
            for doubt in (elsewhere(context, use), *routing_doubts(context, use)):
                fix.unsafe(doubt)
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error))
        return
    if use.owner.origin == "param":
        fix.unsafe(_CALLER)
    elif use.owner.origin in ("isolation", "global"):
        fix.unsafe(_ELSEWHERE)
    yield context.finding(use, fix.add(setter_edits(context, assign, owner)))


def _manager(context: Context, scope: Obj) -> FixDraft | None:
    """The fix of the `with` that yields the scope, where that makes it the current scope."""
    call = scope.node
    if not isinstance(call, cst.Call):
        return None
    if scope.origin == "configure" and variable_of(context, call).only_routed:
        return manager_fix(context, call)
    if scope.origin == "pushed":
        push = next(iter(calling(context, call)), None)
        if push is not None and push_fork(context, push, call) == "new_scope":
            return push_fix(context, push, call, "new_scope")
    return None
