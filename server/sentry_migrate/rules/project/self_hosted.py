"""The DSN of a self-hosted Sentry."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN904",
    name="self-hosted",
    kind="info",
    group="info",
    summary="2.x needs a self-hosted Sentry of version 20.6.0 or newer",
    why=(
        "2.x sends everything to the envelope endpoint, which older servers do not have. From "
        "2.64 on, `stream_gen_ai_spans=False` is recommended for self-hosted servers."
    ),
    safety="No fix: upgrade the server first. Nothing is needed for sentry.io.",
    link=GUIDE + "#self-hosted",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("import sentry_sdk\nsentry_sdk.init('https://key@o1.ingest.sentry.io/1')\n"),
        Ignores("import sentry_sdk\nsentry_sdk.init(dsn='___PUBLIC_DSN___')\n"),
        Ignores("import sentry_sdk\nsentry_sdk.init(dsn='https://key@sentry.invalid/1')\n"),
        Flags(
            "import sentry_sdk\nsentry_sdk.init('https://key@sentry.corp.net/1')\n",
            remedy="Make sure sentry.corp.net runs Sentry 20.6.0 or newer.",
        ),
        Flags(
            "import sentry_sdk\n"
            "OPTIONS = {'dsn': 'https://key@sentry.corp.net:9000/1'}\n"
            "sentry_sdk.init(**OPTIONS)\n",
            remedy="Make sure sentry.corp.net runs Sentry 20.6.0 or newer.",
        ),
    ),
)

_DSN = re.compile(r"https?://[^@/\s]+@([^:/\s]+)(?::\d+)?/\S*")
_NOT_A_SERVER = re.compile(r"(^|\.)(sentry\.io|invalid|test)$")


@RULE.on("sentry_sdk.init", "sentry_sdk.Client")
def check_call(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None and use.call.args and use.call.args[0].keyword is None:
        yield from _judge(use, context, use.call.args[0].value)


@RULE.on("option:dsn")
def check_option(use: Use, context: Context) -> Iterator[Draft]:
    if use.option is not None:
        yield from _judge(use, context, use.option.value)


def _judge(use: Use, context: Context, value: cst.BaseExpression) -> Iterator[Draft]:
    text = value.evaluated_value if isinstance(value, cst.SimpleString) else None
    match = _DSN.fullmatch(text) if isinstance(text, str) else None
    if match is not None and not _NOT_A_SERVER.search(match.group(1).lower()):
        start, end = context.span(value)
        remedy = f"Make sure {match.group(1)} runs Sentry 20.6.0 or newer."
        yield Draft(start, end, remedy=remedy, use=use)
