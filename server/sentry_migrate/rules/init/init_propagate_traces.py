"""`init(propagate_traces=...)` → `trace_propagation_targets`, or nothing."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import LINKS_MORE
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.option_flow import doubt, for_both_versions, given
from sentry_migrate.rewrite.init_options import removed, spelled
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN307",
    name="init-propagate-traces",
    kind="conditional",
    group="later",
    summary="The option `propagate_traces` is deprecated in favour of `trace_propagation_targets`",
    why=(
        "Since 2.21, `propagate_traces=False` warns whenever trace headers are created; the "
        "option will be removed in 3.0. `trace_propagation_targets=[]` keeps the integrations "
        "from sending the headers."
    ),
    safety=(
        "Removing `True` is safe: it is the default. Replacing `False` with an empty list of "
        "targets is unsafe: headers that the program requests itself are still created."
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
            reason="trace headers that the program requests itself are still created",
        ),
        Flags(
            "import sentry_sdk\n"
            "sentry_sdk.init(propagate_traces=False, trace_propagation_targets=['api'])\n",
            remedy="Pass `trace_propagation_targets=[]` to send no trace headers.",
        ),
    ),
)

TARGETS = "trace_propagation_targets"


@RULE.on("option:propagate_traces")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or for_both_versions(context, option.call):
        return
    value = option.value.value if isinstance(option.value, cst.Name) else ""
    alone = len(given(context, option, option.key)) == 1
    fix = None
    if value == "True" and alone:
        fix = removed(context, "Remove `propagate_traces=True`, the default", [option])
        if fix is not None and option.form != "keyword":
            fix.unsafe(doubt(context, option, option.key))
    elif value == "False" and alone and not given(context, option, TARGETS):
        fix = context.fix(f"Replace with `{TARGETS}=[]`").replace(option.value, "[]")
        fix.replace(option.name, spelled(context, option, TARGETS))
        fix.unsafe(
            LINKS_MORE.about("trace headers that the program requests itself are still created")
        )
        fix.unsafe(doubt(context, option, TARGETS))
    remedy = "" if fix else f"Pass `{TARGETS}=[]` to send no trace headers."
    yield context.finding(use, fix, remedy=remedy)
