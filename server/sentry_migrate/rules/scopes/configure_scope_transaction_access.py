"""Span and transaction reached through a `configure_scope()` or hub scope → the current scope's."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, by_hand
from sentry_migrate.kit.rule import GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.hubs import of_scope
from sentry_migrate.proof.library import ROUTED
from sentry_migrate.rewrite.callback_scope_uses import routing_doubts
from sentry_migrate.rewrite.configure_scope import manager_fix
from sentry_migrate.rewrite.hub_scopes import hub_scope_fix
from sentry_migrate.rewrite.scope_uses import route, transaction_setter, variable_of
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN107",
    name="configure-scope-transaction-access",
    kind="conditional",
    summary=(
        "The span and the transaction are on the current scope in 2.x; use `get_current_scope()`"
    ),
    why=(
        "In 2.x, `configure_scope()` and `hub.scope` return the isolation scope. On it, `span` "
        "and `transaction` are None and `set_transaction_name()` has no effect, so unmodified "
        "code raises `AttributeError` or silently skips what it guards."
    ),
    safety=(
        "Safe: the current scope has what the 1.x scope had. Unsafe before `init()`; at startup, "
        "if threads may be started elsewhere; where another scope is forked in between; and in a "
        "`push_scope()` block whose own fix is unsafe."
    ),
    link=GUIDE + "#scope-configuring",
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("def f(scope):\n    scope.span.set_tag('a', 'b')\n"),
        Ignores(
            "import sentry_sdk\n"
            "def f():\n"
            "    with sentry_sdk.configure_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "def f():\n"
            "    with sentry_sdk.new_scope() as scope:\n"
            "        scope.set_transaction_name('a')\n"
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    with sentry_sdk.configure_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n"
            "        if scope.span:\n"
            "            pass\n",
            "import sentry_sdk\n"
            "def f():\n"
            "    with sentry_sdk.configure_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n"
            "        if sentry_sdk.get_current_scope().span:\n"
            "            pass\n",
        ),
        Rewrites(
            "from sentry_sdk import configure_scope\n"
            "def f():\n"
            "    configure_scope(lambda scope: scope.set_transaction_name('a'))\n",
            "from sentry_sdk import configure_scope, get_current_scope\n"
            "def f():\n"
            "    configure_scope(lambda scope: get_current_scope().set_transaction_name('a'))\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f(run):\n"
            "    with sentry_sdk.push_scope() as pushed:\n"
            "        run(pushed)\n"
            "        with sentry_sdk.configure_scope() as scope:\n"
            "            scope.set_tag('a', 'b')\n"
            "            scope.set_transaction_name('a')\n",
            "import sentry_sdk\n"
            "def f(run):\n"
            "    with sentry_sdk.push_scope() as pushed:\n"
            "        run(pushed)\n"
            "        with sentry_sdk.configure_scope() as scope:\n"
            "            scope.set_tag('a', 'b')\n"
            "            sentry_sdk.get_current_scope().set_transaction_name('a')\n",
            reason="`push_scope()` stays on line 3, where 2.x would not undo this change",
        ),
    ),
)


@RULE.on(*(f"Scope.{member}" for member in sorted(ROUTED)))
def check(use: Use, context: Context) -> Iterator[Draft]:
    owner = use.owner
    if owner is None or owner.origin not in ("configure", "hub"):
        return
    if transaction_setter(context, use) is not None:
        return
    if isinstance(use.node, cst.Attribute) and owner.node is use.node.value:
        return  # `hub.scope.span` in one expression belongs to hub-scope
    status = of_scope(context, owner)
    if not status.known:
        return  # the rule for the hub has a finding
    source = owner.node
    if isinstance(source, cst.Call):
        whole = manager_fix(context, source)
    else:
        whole = hub_scope_fix(context, source) if source is not None else None
    if source is not None and variable_of(context, source).only_routed:
        # What gives the scope becomes `get_current_scope()`, which settles this use too.
        if isinstance(source, cst.Call) or whole is not None:
            yield context.finding(use, whole and whole.unsafe(status.doubt))
            return
    fix = context.fix("Replace with `get_current_scope()`")
    try:
        route(context, fix, [use])
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error, "Use `sentry_sdk.get_current_scope()`."))
        return
    for doubt in (status.doubt, *routing_doubts(context, use)):
        fix.unsafe(doubt)
    if whole is not None and whole.applicability is fix.applicability:
        if not set(fix.edits) <= set(whole.edits):
            fix = whole  # it looks the current scope up once, for this use too
    yield context.finding(use, fix)
