"""Old releases of frameworks that 2.x does not take."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._defaults import BOTO, CELERY, DJANGO, FLASK, GRPC, TORNADO
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN903",
    name="framework-drop",
    kind="info",
    summary="2.x does not support old releases of this framework",
    why=(
        "`init()` raises `DidNotEnable` for an integration that is listed while the framework "
        "is too old; an integration that switches itself on stays off."
    ),
    safety="No fix: upgrade the framework first, or stay on 1.45.1.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.integrations.logging import LoggingIntegration\n"
            "LoggingIntegration()\n",
        ),
        Ignores(
            "import sentry_sdk\nfrom mine import CeleryIntegration\nCeleryIntegration()\n",
        ),
        Reports(
            "from sentry_sdk.integrations.celery import CeleryIntegration\nCeleryIntegration()\n",
            remedy="4.4.7",
        ),
    ),
)

NEEDS = {
    BOTO: "botocore has to be 1.16 or newer with sentry-sdk 2.62 and newer.",
    CELERY: "Celery has to be 4.4.7 or newer.",
    DJANGO: "Django has to be 1.11 or newer.",
    FLASK: "Flask has to be 1.0 or newer, and 1.1.4 with sentry-sdk 2.22 and newer.",
    GRPC: "grpcio has to be 1.39 or newer.",
    TORNADO: "Tornado has to be 6 or newer.",
}


@RULE.on(*NEEDS)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None:
        yield context.finding(use, remedy=NEEDS[use.trigger])
