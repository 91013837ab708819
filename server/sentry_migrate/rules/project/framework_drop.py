"""Old releases of frameworks that 2.x does not support."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.default_arguments import BOTO, CELERY, DJANGO, FLASK, GRPC, TORNADO
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN903",
    name="framework-drop",
    kind="info",
    group="info",
    summary="2.x does not support old releases of some frameworks",
    messages=("2.x does not support old releases of …",),
    why=(
        "`init()` raises `DidNotEnable` for an explicitly listed integration if the framework is "
        "too old; an integration that is enabled automatically stays off."
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
        Flags(
            "from sentry_sdk.integrations.celery import CeleryIntegration\nCeleryIntegration()\n",
            remedy="Upgrade Celery to 4.4.7 or newer.",
        ),
    ),
)

NEEDS = {
    BOTO: "Upgrade botocore to 1.16 or newer before you upgrade to sentry-sdk 2.62.",
    CELERY: "Upgrade Celery to 4.4.7 or newer.",
    DJANGO: "Upgrade Django to 1.11 or newer.",
    FLASK: "Upgrade Flask to 1.0 or newer, and to 1.1.4 for sentry-sdk 2.22 and newer.",
    GRPC: "Upgrade grpcio to 1.39 or newer.",
    TORNADO: "Upgrade Tornado to 6 or newer.",
}


@RULE.on(*NEEDS)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None:
        remedy = NEEDS[use.trigger]
        message = f"2.x does not support old releases of {remedy.split()[1]}"
        yield context.finding(use, remedy=remedy, message=message)
