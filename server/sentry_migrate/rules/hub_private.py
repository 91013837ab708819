"""Private state of hubs."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN224",
    name="hub-private",
    kind="manual",
    summary="This private part of hubs is stale or gone in 2.x",
    why=(
        "In 2.x `hub._stack[-1][0]` is None, `hub._last_event_id` is not kept, and "
        "`hub._capture_internal_exception` is gone since 2.10."
    ),
    safety="There is no fix: private parts have no counterparts.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("class A:\n    def f(self):\n        return self._stack[-1]\n"),
        Ignores("from mylib import Hub\nHub.current._stack\n"),
        Reports("import sentry_sdk\nsentry_sdk.Hub.current._stack[-1]\n", remedy="get_client"),
        Reports("from sentry_sdk.hub import _local\n", remedy="contextvars"),
        Reports("from sentry_sdk.hub import _ScopeManager\n", remedy="sentry_sdk.scope"),
    ),
)

_MEMBERS = {
    "Hub._stack": "Use `sentry_sdk.get_client()` and `sentry_sdk.get_isolation_scope()`.",
    "Hub._last_event_id": "Use `sentry_sdk.last_event_id()`, or keep what the capture returns.",
    "Hub._capture_internal_exception": (
        "Use `sentry_sdk.utils.capture_internal_exception(exc_info)`."
    ),
    "import:sentry_sdk.hub._local": "2.x keeps its scopes in contextvars of `sentry_sdk.scope`.",
    "import:sentry_sdk.hub.HubMeta": "Hubs are gone in 3.0; patch or subclass `Scope` instead.",
    "import:sentry_sdk.hub._ScopeManager": "It lives in `sentry_sdk.scope` now.",
    "sentry_sdk.hub._local": "2.x keeps its scopes in contextvars of `sentry_sdk.scope`.",
}


@RULE.on(*_MEMBERS)
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield context.finding(use, remedy=_MEMBERS[use.trigger])
