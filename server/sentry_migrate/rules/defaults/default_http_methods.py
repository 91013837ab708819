"""No transactions of OPTIONS and HEAD requests."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.default_arguments import (
    ASGI,
    DJANGO,
    FASTAPI,
    FLASK,
    STARLETTE,
    WSGI,
    leaves_out,
)
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN803",
    name="default-http-methods",
    kind="info",
    group="info",
    summary="Since 2.15, OPTIONS and HEAD requests create no transactions",
    why="1.x created them in WSGI, ASGI, Django, Flask, Starlette and FastAPI applications.",
    safety="No fix: `http_methods_to_capture=(…)` lists the methods that create transactions.",
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
        Flags(
            "from sentry_sdk.integrations.django import DjangoIntegration\nDjangoIntegration()\n",
            remedy=(
                "Add OPTIONS and HEAD to `http_methods_to_capture` if you need these transactions."
            ),
        ),
    ),
)


@RULE.on(ASGI, DJANGO, FASTAPI, FLASK, STARLETTE, WSGI)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if leaves_out(use, "http_methods_to_capture"):
        yield context.finding(
            use,
            remedy=(
                "Add OPTIONS and HEAD to `http_methods_to_capture` if you need these transactions."
            ),
        )
