"""`if Hub.current.client:` → `if sentry_sdk.is_initialized():`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, by_hand
from sentry_migrate.kit.index import uses_at
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.hubs import explain, hub_status
from sentry_migrate.proof.truth_tests import negation, test_around
from sentry_migrate.rewrite.client_variables import client_fix
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN214",
    name="hub-client-truthiness",
    kind="conditional",
    summary="The client is never None in 2.x; use `is_initialized()` or `client.is_active()`",
    why=(
        "In 2.x, `get_client()` never returns None and its result is never false, so a test "
        "translated literally always succeeds. A client without a DSN counts as initialised in "
        "both versions."
    ),
    safety="Safe together with the assignment that the tested variable comes from.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.WARNING,
    examples=(
        Ignores("def f(hub):\n    if hub.client:\n        pass\n"),
        Ignores("import sentry_sdk\ndef f():\n    return sentry_sdk.Hub.current.client.options\n"),
        Ignores(
            "import sentry_sdk\ndef f():\n    if sentry_sdk.Hub.current.client.dsn:\n        pass\n"
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    if sentry_sdk.Hub.current.client is None:\n"
            "        return\n",
            "import sentry_sdk\n"
            "def f():\n"
            "    if not sentry_sdk.is_initialized():\n"
            "        return\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def f(flag):\n"
            "    return 1 if flag and Hub.current.client else 2\n",
            "from sentry_sdk import is_initialized\n"
            "def f(flag):\n"
            "    return 1 if flag and is_initialized() else 2\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    client = sentry_sdk.Hub.current.client\n"
            "    if not client:\n"
            "        return\n"
            "    client.close()\n",
            "import sentry_sdk\n"
            "def f():\n"
            "    client = sentry_sdk.get_client()\n"
            "    if not client.is_active():\n"
            "        return\n"
            "    client.close()\n",
        ),
    ),
)


@RULE.on("Hub.client")
def check(use: Use, context: Context) -> Iterator[Draft]:
    node = use.node
    assert isinstance(node, cst.BaseExpression)
    if isinstance(context.parent(node), cst.NamedExpr):
        return
    test = test_around(context, node)
    if test is None:
        return
    status = hub_status(context, use)
    if not status.known:
        yield context.finding(use, remedy=explain(status))
        return
    fix = context.fix("Replace with `is_initialized()`").unsafe(status.doubt)
    try:
        asked = fix.api("is_initialized", use) + "()"
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error, "Call `sentry_sdk.is_initialized()`."))
        return
    fix.edit(*context.span(test.node), negation(context, test, asked))
    yield context.finding(use, fix)


@RULE.on("=Client")
def check_variable(use: Use, context: Context) -> Iterator[Draft]:
    owner, node = use.owner, use.node
    if owner is None or owner.origin != "hub" or not isinstance(node, cst.Name):
        return
    origin = owner.node
    if not isinstance(origin, cst.BaseExpression) or test_around(context, node) is None:
        return
    source = next(iter(uses_at(context, origin)), None)
    if (
        source is None
        or not hub_status(context, source).known
        or not context.scopes.given_to(origin)
    ):
        return
    try:
        fix = client_fix(context, origin)
    except NoName:
        return
    yield context.finding(use, fix.unsafe(hub_status(context, source).doubt))
