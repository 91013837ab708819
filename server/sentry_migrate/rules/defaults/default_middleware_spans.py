"""Spans of middleware are off by default."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.default_arguments import DJANGO, FASTAPI, STARLETTE, leaves_out
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN802",
    name="default-middleware-spans",
    kind="info",
    group="info",
    summary="Since 2.48, middleware gets spans only with `middleware_spans=True`",
    why="Django, Starlette and FastAPI applications silently lose these spans.",
    safety="No fix: `middleware_spans=True` restores them.",
    link=DETAILED_GUIDE,
    since="2.48.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.integrations.django import DjangoIntegration\n"
            "DjangoIntegration(middleware_spans=True)\n",
        ),
        Ignores(
            "from sentry_sdk.integrations.django import DjangoIntegration\n"
            "DjangoIntegration('url', False)\n",
        ),
        Flags(
            "from sentry_sdk.integrations.django import DjangoIntegration\nDjangoIntegration()\n",
            remedy="Pass `middleware_spans=True` to keep these spans.",
        ),
    ),
)


@RULE.on(DJANGO, FASTAPI, STARLETTE)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if leaves_out(use, "middleware_spans") and not _by_position(use):
        yield context.finding(use, remedy="Pass `middleware_spans=True` to keep these spans.")


def _by_position(use: Use) -> bool:
    args = use.call.args if use.call is not None else ()
    return len(args) > 1 and args[1].keyword is None
