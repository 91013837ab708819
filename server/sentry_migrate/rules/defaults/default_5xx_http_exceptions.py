"""Server errors raised as HTTP exceptions."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.default_arguments import AIOHTTP, BOTTLE, leaves_out
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN806",
    name="default-5xx-http-exceptions",
    kind="info",
    group="info",
    summary="Since 2.15, HTTP exceptions with a status of 500 or above are captured",
    why=(
        "AIOHTTP applications have sent them since 2.15 and Bottle applications since 2.16; 1.x "
        "did not."
    ),
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
        Flags(
            "from sentry_sdk.integrations.aiohttp import AioHttpIntegration\n"
            "AioHttpIntegration()\n",
            remedy="Pass `failed_request_status_codes=set()` to capture none.",
        ),
    ),
)


@RULE.on(AIOHTTP, BOTTLE)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if leaves_out(use, "failed_request_status_codes"):
        yield context.finding(
            use, remedy="Pass `failed_request_status_codes=set()` to capture none."
        )
