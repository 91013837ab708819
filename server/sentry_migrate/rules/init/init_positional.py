"""`ClientConstructor`, whose options are keywords only."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN313",
    name="init-positional",
    kind="info",
    group="info",
    summary="The options of `ClientConstructor` have been keyword-only since 2.10",
    why="Code that inspects its signature, or passes it options by position, is affected.",
    safety="No fix. `init()` and `Client()` never accepted a second option by position.",
    link=DETAILED_GUIDE,
    since="2.10.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from sentry_sdk.consts import DEFAULT_OPTIONS\n"),
        Flags(
            "from sentry_sdk.consts import ClientConstructor\n",
            remedy=(
                "Pass options as keyword arguments, and read the keyword-only parameters of the "
                "signature."
            ),
        ),
    ),
)


@RULE.on("import:sentry_sdk.consts.ClientConstructor")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield context.finding(
        use,
        remedy=(
            "Pass options as keyword arguments, and read the keyword-only parameters of the "
            "signature."
        ),
    )
