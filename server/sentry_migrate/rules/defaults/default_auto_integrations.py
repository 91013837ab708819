"""Integrations that are enabled by default."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.default_arguments import inits_without
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN801",
    name="default-auto-integrations",
    kind="info",
    group="info",
    summary="2.x enables more integrations by default",
    why=(
        "Where the library is installed, 2.0 adds Ariadne, ARQ, asyncpg, Chalice, "
        "clickhouse-driver, GQL, Graphene, huey, Loguru, PyMongo, Quart, Starlite and Strawberry; "
        "later releases add eleven more, for language models and others. Errors logged with "
        "Loguru are captured from then on."
    ),
    safety="No fix: from 2.11 on, `disabled_integrations=[…]` disables individual integrations.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores(
            "import sentry_sdk\nsentry_sdk.init(auto_enabling_integrations=False)\n",
        ),
        Ignores(
            "import sentry_sdk\nsentry_sdk.init(disabled_integrations=[])\n",
        ),
        Ignores(
            "from mine import init\nimport sentry_sdk\ninit()\n",
        ),
        Flags(
            "import sentry_sdk\nsentry_sdk.init()\n",
            remedy="Pass the integrations you do not want as `disabled_integrations`.",
        ),
    ),
)

OPTIONS = ("auto_enabling_integrations", "default_integrations", "disabled_integrations")


@RULE.on("sentry_sdk.init")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if inits_without(use, context, *OPTIONS):
        yield context.finding(
            use,
            remedy="Pass the integrations you do not want as `disabled_integrations`.",
        )
