"""`init(propagate_traces=...)` → `trace_propagation_targets`, or nothing."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._options import removed, spelled
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.rules._together import doubt, for_both_lines, given
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN307",
    name="init-propagate-traces",
    kind="conditional",
    summary="The option `propagate_traces` is deprecated for `trace_propagation_targets`",
    why=(
        "Since 2.21 `propagate_traces=False` warns whenever trace headers are made, and it is gone "
        "in 3.0. `trace_propagation_targets=[]` keeps the integrations from sending them."
    ),
    safety=(
        "Removing `True` is safe: it is the default. `False` as an empty list of targets is not: "
        "headers that the program asks for itself come anyway."
    ),
    link=DETAILED_GUIDE,
    since="2.21.0",
    examples=(
        Ignores(
            "import sentry_sdk\n"
            "from sentry_sdk.integrations.celery import CeleryIntegration\n"
            "sentry_sdk.init(integrations=[CeleryIntegration(propagate_traces=False)])\n"
        ),
        Ignores("import sentry_sdk\nsentry_sdk.init(trace_propagation_targets=[])\n"),
        Ignores("import sentry_sdk\nsend(propagate_traces=False)\nsentry_sdk.init()\n"),
        Rewrites(
            "import sentry_sdk\nsentry_sdk.init(propagate_traces=True, debug=False)\n",
            "import sentry_sdk\nsentry_sdk.init(debug=False)\n",
        ),
        Rewrites(
            "import sentry_sdk\nsentry_sdk.init(propagate_traces=False)\n",
            "import sentry_sdk\nsentry_sdk.init(trace_propagation_targets=[])\n",
            reason="the program asks for itself",
        ),
        Reports(
            "import sentry_sdk\n"
            "sentry_sdk.init(propagate_traces=False, trace_propagation_targets=['api'])\n",
            remedy="trace_propagation_targets=[]",
        ),
    ),
)

TARGETS = "trace_propagation_targets"


@RULE.on("option:propagate_traces")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or for_both_lines(context, option.call):
        return
    value = option.value.value if isinstance(option.value, cst.Name) else ""
    alone = len(given(context, option, option.key)) == 1
    fix = None
    if value == "True" and alone:
        fix = removed(context, "Remove propagate_traces=True, the default", [option])
        if fix is not None and option.form != "keyword":
            fix.unsafe(doubt(context, option, option.key))
    elif value == "False" and alone and not given(context, option, TARGETS):
        fix = context.fix(f"Replace with {TARGETS}=[]").replace(option.value, "[]")
        fix.replace(option.name, spelled(context, option, TARGETS))
        fix.unsafe("trace headers that the program asks for itself come anyway")
        fix.unsafe(doubt(context, option, TARGETS))
    remedy = "" if fix else f"To send no trace headers, write `{TARGETS}=[]`."
    yield context.finding(use, fix, remedy=remedy)
