"""`scope.transaction = "x"` → `get_current_scope().set_transaction_name("x")`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.rules._callback_scope import routing_reasons
from sentry_migrate.rules._configure import manager_fix
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._push import push_fix, push_fork
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.rules._setters import CHAINED, is_target
from sentry_migrate.rules._variables import (
    elsewhere,
    setter_edits,
    transaction_setter,
    variable_of,
)
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use
from sentry_migrate.syntax.value_types import Obj

RULE = Rule(
    code="SEN112",
    name="scope-transaction-setter",
    kind="conditional",
    summary="assigning `scope.transaction` is deprecated; call `set_transaction_name()`",
    why=(
        "The setter logs a deprecation that is visible only with `debug=True`. In 2.x it renames "
        "the transaction only on the current scope, which `configure_scope()`, `push_scope()` and "
        "a hub do not give."
    ),
    safety=(
        "Safe: the name is set on the current scope, where 2.x keeps the transaction. Not safe for "
        "a scope that comes from the caller, and where the current scope may be another one."
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
            reason="caller",
        ),
        Reports(
            "import sentry_sdk\n"
            "with sentry_sdk.push_scope() as scope:\n"
            "    scope.transaction = name = 'x'\n",
            remedy="one target",
        ),
    ),
)

_CALLER = "the scope comes from the caller; only on the current scope 2.x renames the transaction"
_ELSEWHERE = "this scope has no transaction in 2.x; the name is set on the current scope"


@RULE.on("Scope.transaction")
def check(use: Use, context: Context) -> Iterator[Draft]:
    assign = transaction_setter(context, use)
    if assign is None:
        if is_target(context, use):
            yield context.finding(use, remedy=CHAINED)
        return
    assert isinstance(use.node, cst.Attribute)
    assert use.owner is not None
    fix = context.fix("Replace with `set_transaction_name()`")
    owner = context.tree.text[slice(*context.tree.outer(use.node.value))]
    try:
        becomes_current = _manager(context, use.owner)
        if becomes_current is not None:
            fix.include(becomes_current)
        elif use.owner.origin not in ("now", "made", "param"):
            owner = fix.api("get_current_scope", use) + "()"
            for reason in (elsewhere(context, use), *routing_reasons(context, use)):
                fix.unsafe(reason)
    except NoName as error:
        yield context.finding(use, remedy=str(error))
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
        push = next((one for one in context.uses if one.call is call), None)
        if push is not None and push_fork(context, push, call) == "new_scope":
            return push_fix(context, push, call, "new_scope")
    return None
