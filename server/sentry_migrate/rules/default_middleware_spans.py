"""Spans of middleware are off by default."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._defaults import DJANGO, FASTAPI, STARLETTE, leaves_out
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN802",
    name="default-middleware-spans",
    kind="info",
    summary="2.48 makes no spans of middleware unless `middleware_spans=True` says so",
    why=("Django, Starlette and FastAPI applications lose these spans with 2.48, in silence."),
    safety="No fix: `middleware_spans=True` brings them back.",
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
        Reports(
            "from sentry_sdk.integrations.django import DjangoIntegration\nDjangoIntegration()\n",
            remedy="middleware_spans=True",
        ),
    ),
)


@RULE.on(DJANGO, FASTAPI, STARLETTE)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if leaves_out(use, "middleware_spans") and not _by_position(use):
        yield context.finding(use, remedy="Write `middleware_spans=True` to keep them.")


def _by_position(use: Use) -> bool:
    args = use.call.args if use.call is not None else ()
    return len(args) > 1 and args[1].keyword is None
