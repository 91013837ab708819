"""`Hub` imported from a module that only happened to have it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.import_needs import Need
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN225",
    name="hub-reexport-import",
    kind="safe",
    summary="In 2.x, `Hub` can be imported only from `sentry_sdk` and `sentry_sdk.hub`",
    messages=("`Hub` can no longer be imported from `…`",),
    why=(
        "`sentry_sdk.api`, `sentry_sdk.crons.api`, `sentry_sdk.debug` and the integrations no "
        "longer import `Hub`, so importing it from them raises `ImportError`."
    ),
    safety="Safe: the same class, imported from where it is defined.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("from sentry_sdk import Hub\nprint(Hub)\n"),
        Ignores("from sentry_sdk.hub import Hub\nprint(Hub)\n"),
        Ignores("from mylib.api import Hub\nprint(Hub)\n"),
        Rewrites(
            "from sentry_sdk.api import Hub\nprint(Hub)\n",
            "from sentry_sdk import Hub\nprint(Hub)\n",
        ),
        Rewrites(
            "from sentry_sdk.integrations.flask import FlaskIntegration, Hub as H\nprint(H)\n",
            "from sentry_sdk import Hub as H\n"
            "from sentry_sdk.integrations.flask import FlaskIntegration\n"
            "print(H)\n",
        ),
    ),
)


@RULE.on("import:=sentry_sdk.Hub")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.path in ("sentry_sdk.Hub", "sentry_sdk.hub.Hub"):
        return
    alias = use.node
    binding = context.imports.of_alias(alias)
    if binding is None or not isinstance(alias, cst.ImportAlias):
        return
    fix = context.fix("Import `Hub` from `sentry_sdk`")
    fix.needs.append(Need("sentry_sdk", context.code(alias), id(binding.statement)))
    fix.needs.append(Need("", "", 0, drop=id(alias)))
    module = use.path.rpartition(".")[0]
    yield context.finding(use, fix, message=f"`Hub` can no longer be imported from `{module}`")
