"""Server errors raised as HTTP exceptions."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._defaults import AIOHTTP, BOTTLE, leaves_out
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN806",
    name="default-5xx-http-exceptions",
    kind="info",
    summary="2.15 captures HTTP exceptions with a status of 500 and above",
    why=("AIOHTTP applications send them since 2.15, Bottle applications since 2.16; 1.x did not."),
    safety="No fix: `failed_request_status_codes=set()` captures none.",
    link=DETAILED_GUIDE,
    since="2.15.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.integrations.aiohttp import AioHttpIntegration\n"
            "AioHttpIntegration(failed_request_status_codes=set())\n",
        ),
        Ignores(
            "import sentry_sdk\nfrom mine import AioHttpIntegration\nAioHttpIntegration()\n",
        ),
        Reports(
            "from sentry_sdk.integrations.aiohttp import AioHttpIntegration\n"
            "AioHttpIntegration()\n",
            remedy="failed_request_status_codes",
        ),
    ),
)


@RULE.on(AIOHTTP, BOTTLE)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if leaves_out(use, "failed_request_status_codes"):
        yield context.finding(
            use, remedy="Write `failed_request_status_codes=set()` to capture none."
        )
