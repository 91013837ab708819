"""`_experiments={"attach_explain_plans": ...}`, which nothing reads any more."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._experiments import experiments, take_out
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.rules._together import for_both_lines
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN309",
    name="init-experiments-explain-plans",
    kind="safe",
    summary="The experiment `attach_explain_plans` is gone",
    why="Since 2.15 nothing reads it, and `sentry_sdk.db` does not exist.",
    safety=(
        "Safe: 2.x takes any key in `_experiments` and ignores it. Not safe where `sdk-version` is "
        "below 2.15, which attaches explain plans still."
    ),
    link=DETAILED_GUIDE,
    since="2.15.0",
    examples=(
        Ignores("import sentry_sdk\nsentry_sdk.init(_experiments={'max_spans': 5})\n"),
        Ignores("import sentry_sdk\nOPTIONS = {'attach_explain_plans': {}}\nsentry_sdk.init()\n"),
        Ignores("import sentry_sdk\nsentry_sdk.set_tag('attach_explain_plans', 'no')\n"),
        Rewrites(
            "import sentry_sdk\n"
            "sentry_sdk.init(\n"
            "    debug=False,\n"
            "    _experiments={\n"
            "        'attach_explain_plans': {'explain_cache_size': 5},\n"
            "        'max_spans': 5,\n"
            "    },\n"
            ")\n",
            "import sentry_sdk\n"
            "sentry_sdk.init(\n"
            "    debug=False,\n"
            "    _experiments={\n"
            "        'max_spans': 5,\n"
            "    },\n"
            ")\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "sentry_sdk.init(_experiments={'attach_explain_plans': {'explain_cache_size': 5}})\n",
            "import sentry_sdk\nsentry_sdk.init()\n",
            reason="below 2.15",
            sdk_version="2.0",
        ),
        Reports(
            "import sentry_sdk\n"
            "MORE = {'attach_explain_plans': {}}\n"
            "sentry_sdk.init(_experiments=MORE)\n",
            remedy="Take it out",
        ),
    ),
)


@RULE.on("option:_experiments")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or for_both_lines(context, option.call):
        return
    gone = [one for one in experiments(context, option) if one.key == "attach_explain_plans"]
    if not gone:
        return
    fix = take_out(context, context.fix("Remove attach_explain_plans"), option, gone)
    if fix is not None and not context.at_least(2, 15):
        fix.unsafe("a sentry-sdk below 2.15, which `sdk-version` allows, still attaches the plans")
    start, end = context.span(gone[0].name)
    yield Draft(start, end, fix, remedy="" if fix else "Take it out: nothing reads it.", use=use)
