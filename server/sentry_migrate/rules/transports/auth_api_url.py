"""`auth.store_api_url` and `auth.get_api_url("envelope")`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.python.bindings import walk
from sentry_migrate.rewrite.items import removal
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN506",
    name="auth-api-url",
    kind="conditional",
    summary="`Auth` has only one URL in 2.x: `get_api_url()`, for envelopes",
    messages=(
        "`…` no longer accepts a string",
        "`…` was removed",
    ),
    why=(
        "`Auth.store_api_url` was removed. `get_api_url()` no longer accepts a string "
        "(`AttributeError: 'str' object has no attribute 'value'`), and without an argument it "
        "returns a URL that ends in `/envelope/` instead of `/store/`."
    ),
    safety=(
        'Removing the argument of `get_api_url("envelope")` is safe. No fix where the URL of '
        "`/store/` was meant: what is sent there has to become an envelope. `get_api_url()` "
        "without an argument is valid in 2.x and is not reported, whichever URL was meant."
    ),
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("import sentry_sdk\ndef url(auth):\n    return auth.get_api_url('envelope')\n"),
        Ignores(
            "from sentry_sdk.utils import Dsn\n"
            "header = Dsn('https://key@sentry.invalid/1').to_auth().to_header()\n"
        ),
        Ignores(
            "from sentry_sdk.utils import Dsn\n"
            "from sentry_sdk.consts import EndpointType\n"
            "Dsn('https://key@sentry.invalid/1').to_auth().get_api_url(EndpointType.ENVELOPE)\n"
        ),
        Ignores(
            "from sentry_sdk.utils import Dsn\n"
            "print(Dsn('https://key@sentry.invalid/1').to_auth().get_api_url())\n"
        ),
        Rewrites(
            "from sentry_sdk.utils import Dsn\n"
            "auth = Dsn('https://key@sentry.invalid/1').to_auth()\n"
            "print(auth.get_api_url('envelope'))\n",
            "from sentry_sdk.utils import Dsn\n"
            "auth = Dsn('https://key@sentry.invalid/1').to_auth()\n"
            "print(auth.get_api_url())\n",
        ),
        Flags(
            "from sentry_sdk.utils import Dsn\n"
            "auth = Dsn('https://key@sentry.invalid/1').to_auth()\n"
            "print(auth.store_api_url)\n",
            remedy=(
                "Send an envelope to `get_api_url()`, which ends in `/envelope/`; 2.x has no URL "
                "for `/store/`."
            ),
        ),
    ),
)

REMEDY = (
    "Send an envelope to `get_api_url()`, which ends in `/envelope/`; 2.x has no URL for `/store/`."
)
_STRING = "`get_api_url()` no longer accepts a string"

NAMES = ("store_api_url", "get_api_url")


@RULE.on(*(f"Auth.{name}" for name in NAMES))
def check(use: Use, context: Context) -> Iterator[Draft]:
    if isinstance(use.node, cst.Attribute):
        yield from _judge(use, context, use.node)


@RULE.on("class:sentry_sdk.transport.Transport", "class:sentry_sdk.transport.HttpTransport")
def check_transport(use: Use, context: Context) -> Iterator[Draft]:
    """In a transport, what it keeps as `_auth` and makes of `parsed_dsn`."""
    for node in walk(use.node):
        if isinstance(node, cst.Attribute) and node.attr.value in NAMES:
            made = re.match(r"self\.(_auth$|parsed_dsn\.to_auth\()", context.code(node.value))
            if made and context.value(node.value) is None:
                yield from _judge(use, context, node)


def _judge(use: Use, context: Context, node: cst.Attribute) -> Iterator[Draft]:
    start, end = context.span(node)
    call = context.parent(node)
    if node.attr.value == "store_api_url":
        message = "`Auth.store_api_url` was removed"
        yield Draft(start, end, remedy=REMEDY, message=message, use=use)
    elif isinstance(call, cst.Call) and call.func is node and len(call.args) == 1:
        given = call.args[0].value
        kind = given.evaluated_value if isinstance(given, cst.SimpleString) else None
        if kind == "envelope":
            fix = context.fix("Remove the argument of `get_api_url()`").add(
                removal(context.tree, call, call.args)
            )
            yield Draft(start, end, fix, message=_STRING, use=use)
        elif kind == "store":
            yield Draft(start, end, remedy=REMEDY, message=_STRING, use=use)
