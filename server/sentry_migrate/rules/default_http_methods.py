"""No transactions of OPTIONS and HEAD requests."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._defaults import ASGI, DJANGO, FASTAPI, FLASK, STARLETTE, WSGI, leaves_out
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN803",
    name="default-http-methods",
    kind="info",
    summary="2.15 makes no transactions of OPTIONS and HEAD requests",
    why=("1.x made them in WSGI, ASGI, Django, Flask, Starlette and FastAPI applications."),
    safety="No fix: `http_methods_to_capture=(…)` says which methods count.",
    link=DETAILED_GUIDE,
    since="2.15.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.integrations.django import DjangoIntegration\n"
            'DjangoIntegration(http_methods_to_capture=("GET",))\n',
        ),
        Ignores(
            "from sentry_sdk.integrations.django import DjangoIntegration\n"
            "names = [DjangoIntegration.__name__]\n",
        ),
        Reports(
            "from sentry_sdk.integrations.django import DjangoIntegration\nDjangoIntegration()\n",
            remedy="http_methods_to_capture",
        ),
    ),
)


@RULE.on(ASGI, DJANGO, FASTAPI, FLASK, STARLETTE, WSGI)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if leaves_out(use, "http_methods_to_capture"):
        yield context.finding(
            use, remedy="List the methods in `http_methods_to_capture` if these are missed."
        )
