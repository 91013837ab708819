"""Private state of hubs."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN224",
    name="hub-private",
    kind="conditional",
    summary="Private attributes of hubs and scopes changed or were removed in 2.x",
    messages=("`…` is private and changed in 2.x",),
    why=(
        "In 2.x, `hub._stack[-1][0]` is None and `hub._last_event_id` is not updated. "
        "`_capture_internal_exception` of hubs and scopes was removed in 2.10."
    ),
    safety=(
        "There is a fix only for `hub._stack[-1]` of a hub that has its own client, as a part of "
        "the fix of that hub (`hub-custom-client`): other private attributes have no public "
        "counterparts."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("class A:\n    def f(self):\n        return self._stack[-1]\n"),
        Ignores("from mylib import Hub\nHub.current._stack\n"),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    hub = sentry_sdk.Hub(sentry_sdk.Client())\n"
            "    client, _ = hub._stack[-1]\n"
            "    client.flush()\n",
            "import sentry_sdk\n"
            "def f():\n"
            "    scope = sentry_sdk.Scope(client=sentry_sdk.Client())\n"
            "    client = scope.client\n"
            "    client.flush()\n",
        ),
        Flags(
            "import sentry_sdk\nsentry_sdk.Hub.current._stack[-1]\n",
            remedy="Use `sentry_sdk.get_client()` and `sentry_sdk.get_isolation_scope()`.",
        ),
        Flags(
            "from sentry_sdk import Hub\n"
            "def failed(info):\n"
            "    Hub.current.scope._capture_internal_exception(info)\n",
            remedy="Use `sentry_sdk.utils.capture_internal_exception(exc_info)`.",
        ),
        Flags(
            "from sentry_sdk.hub import _local\n",
            remedy=(
                "Use `sentry_sdk.get_current_scope()` and `sentry_sdk.get_isolation_scope()`; 2.x "
                "keeps its scopes in context variables of `sentry_sdk.scope`."
            ),
        ),
        Flags(
            "from sentry_sdk.hub import _ScopeManager\n",
            remedy="Import `_ScopeManager` from `sentry_sdk.scope`.",
        ),
    ),
)

_CAPTURE = "Use `sentry_sdk.utils.capture_internal_exception(exc_info)`."
_LOCAL = (
    "Use `sentry_sdk.get_current_scope()` and `sentry_sdk.get_isolation_scope()`; 2.x keeps its "
    "scopes in context variables of `sentry_sdk.scope`."
)
_MEMBERS = {
    "Hub._stack": "Use `sentry_sdk.get_client()` and `sentry_sdk.get_isolation_scope()`.",
    "Hub._last_event_id": (
        "Use `sentry_sdk.last_event_id()`, or keep the ID that `capture_*()` returns."
    ),
    "Hub._capture_internal_exception": _CAPTURE,
    "Scope._capture_internal_exception": _CAPTURE,
    "import:sentry_sdk.hub._local": _LOCAL,
    "import:sentry_sdk.hub.HubMeta": (
        "Patch or subclass `Scope` instead; hubs will be removed in 3.0."
    ),
    "import:sentry_sdk.hub._ScopeManager": "Import `_ScopeManager` from `sentry_sdk.scope`.",
    "sentry_sdk.hub._local": _LOCAL,
}


@RULE.on(*_MEMBERS)
def check(use: Use, context: Context) -> Iterator[Draft]:
    name = use.trigger.removeprefix("import:").removeprefix("sentry_sdk.")
    yield context.finding(
        use, message=f"`{name}` is private and changed in 2.x", remedy=_MEMBERS[use.trigger]
    )
