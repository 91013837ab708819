"""`ClientConstructor`, whose options are keywords only."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN313",
    name="init-positional",
    kind="info",
    summary="The options of `ClientConstructor` are keywords only since 2.10",
    why="Code that looks at its signature, or calls it with options by position, sees the change.",
    safety="No fix. `init()` and `Client()` never took a second option by position.",
    link=DETAILED_GUIDE,
    since="2.10.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from sentry_sdk.consts import DEFAULT_OPTIONS\n"),
        Reports("from sentry_sdk.consts import ClientConstructor\n", remedy="by name"),
    ),
)


@RULE.on("import:sentry_sdk.consts.ClientConstructor")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield context.finding(
        use, remedy="Give options by name, and read the signature's keyword-only parameters."
    )
