"""`_experiments={"attach_explain_plans": ...}`, which nothing reads since 2.15."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.doubts import NEW_RELEASES
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.option_flow import for_both_versions
from sentry_migrate.rewrite.experiments import experiments, remove_keys
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN309",
    name="init-experiments-explain-plans",
    kind="conditional",
    summary="The experiment `attach_explain_plans` was removed",
    why="Nothing has read it since 2.15, and `sentry_sdk.db` no longer exists.",
    safety=(
        "Safe: 2.x accepts any key in `_experiments` and ignores it. Unsafe where `sdk-version` "
        "is below 2.15, because those releases still attach explain plans."
    ),
    link=DETAILED_GUIDE,
    since="2.15.0",
    deprecated=False,
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
            reason="`sdk-version` allows releases below 2.15, which still attach the plans",
            sdk_version="2.0",
        ),
        Flags(
            "import sentry_sdk\n"
            "MORE = {'attach_explain_plans': {}}\n"
            "sentry_sdk.init(_experiments=MORE)\n",
            remedy="Remove `attach_explain_plans`: nothing reads it.",
        ),
    ),
)

_STILL_ATTACHED = NEW_RELEASES.about(
    "`sdk-version` allows releases below 2.15, which still attach the plans"
)


@RULE.on("option:_experiments")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or for_both_versions(context, option.call):
        return
    gone = [one for one in experiments(context, option) if one.key == "attach_explain_plans"]
    if not gone:
        return
    fix = remove_keys(context, context.fix("Remove `attach_explain_plans`"), option, gone)
    if fix is not None and not context.at_least(2, 15):
        fix.unsafe(_STILL_ATTACHED)
    start, end = context.span(gone[0].name)
    yield Draft(
        start,
        end,
        fix,
        remedy="" if fix else "Remove `attach_explain_plans`: nothing reads it.",
        use=use,
    )
