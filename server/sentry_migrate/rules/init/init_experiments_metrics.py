"""Metrics options in `_experiments`, and the callback that gets two more arguments."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import USED_ELSEWHERE
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.option_flow import doubt, for_both_versions
from sentry_migrate.python.bindings import walk
from sentry_migrate.rewrite.experiments import Experiment, experiments, remove_keys
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN308",
    name="init-experiments-metrics",
    kind="conditional",
    summary="The metrics experiments were removed",
    messages=(
        "2.x calls `…` with key, value, unit and tags",
        "The experiment `…` was removed",
    ),
    why=(
        "In 2.x, `before_emit_metric` is called as `callback(key, value, unit, tags)`, not as "
        "`callback(key, tags)`. Since 2.41 the SDK silently ignores `enable_metrics`, "
        "`before_emit_metric` and `metric_code_locations`. `metrics_summary_sample_rate` and "
        "`should_summarize_metric` were removed before 2.0."
    ),
    safety=(
        "Extending a callback with two parameters to the four it is called with is safe if "
        "nothing else uses it. Removing the two summary keys, which nothing reads, is safe; so "
        'is removing `"enable_metrics": False` for 2.41 and newer. The rest has to be '
        "changed by hand: "
        "metrics in 2.44 and newer have a different API, with the option `before_send_metric`."
    ),
    link=GUIDE + "#configuration-options",
    since="2.0.0",
    deprecated=False,
    examples=(
        Ignores('import sentry_sdk\nsentry_sdk.init(_experiments={"max_spans": 500})\n'),
        Ignores('import sentry_sdk\nFLAGS = {"enable_metrics": True}\nsentry_sdk.init()\n'),
        Ignores("import sentry_sdk\nsentry_sdk.init(before_send_metric=lambda m, hint: None)\n"),
        Ignores("import sentry_sdk\ndef keep(key, tags):\n    return True\nsentry_sdk.init()\n"),
        Rewrites(
            "import sentry_sdk\n"
            "\n"
            "def before_emit(key, tags):\n"
            '    return not key.startswith("internal.")\n'
            "\n"
            'sentry_sdk.init(_experiments={"before_emit_metric": before_emit})\n',
            "import sentry_sdk\n"
            "\n"
            "def before_emit(key, value, unit, tags):\n"
            '    return not key.startswith("internal.")\n'
            "\n"
            'sentry_sdk.init(_experiments={"before_emit_metric": before_emit})\n',
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def keep(name, tags):\n"
            "    return True\n"
            "sentry_sdk.init(_experiments={'before_emit_metric': keep})\n"
            "assert keep('a', {})\n",
            "import sentry_sdk\n"
            "def keep(name, value, unit, tags):\n"
            "    return True\n"
            "sentry_sdk.init(_experiments={'before_emit_metric': keep})\n"
            "assert keep('a', {})\n",
            reason="`keep` is used elsewhere or decorated",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "sentry_sdk.init(debug=True, _experiments={'metrics_summary_sample_rate': 1.0})\n",
            "import sentry_sdk\nsentry_sdk.init(debug=True)\n",
        ),
        Flags(
            "import sentry_sdk\nsentry_sdk.init(_experiments={'enable_metrics': True})\n",
            remedy=(
                "Remove the key: in 2.44 and newer, `sentry_sdk.metrics.count()`, `gauge()` and "
                "`distribution()` send metrics without any option."
            ),
        ),
    ),
)

SUMMARY = ("metrics_summary_sample_rate", "should_summarize_metric")
OTHERS = ("enable_metrics", "metric_code_locations")
CALLBACK = "before_emit_metric"

_REMEDY = {
    "enable_metrics": (
        "Remove the key: in 2.44 and newer, `sentry_sdk.metrics.count()`, `gauge()` and "
        "`distribution()` send metrics without any option."
    ),
    "metric_code_locations": "Remove the key: metrics have had no code locations since 2.41.",
    CALLBACK: (
        "From 2.41 on the callback is never called. Filter with the option "
        "`before_send_metric(metric, hint)`, added in 2.44."
    ),
}


@RULE.on("option:_experiments")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or for_both_versions(context, option.call):
        return
    for one in experiments(context, option):
        fix: FixDraft | None = None
        message, severity = f"The experiment `{one.key}` was removed", None
        if one.key in SUMMARY or _is_off(one, context):
            fix = remove_keys(context, context.fix(f"Remove `{one.key}`"), option, [one])
            if fix is not None:
                fix.unsafe(doubt(context, option, "_experiments"))
        elif one.key == CALLBACK:
            fix = _four_parameters(context, one)
            if fix is not None:
                message = "2.x calls `before_emit_metric` with key, value, unit and tags"
                severity = Severity.ERROR
        elif one.key not in OTHERS:
            continue
        start, end = context.span(one.name)
        remedy = _REMEDY.get(one.key, "Remove the key: nothing reads it.")
        yield Draft(start, end, fix, (), remedy, message, severity, use=use)


def _is_off(one: Experiment, context: Context) -> bool:
    off = isinstance(one.value, cst.Name) and one.value.value == "False"
    return off and one.key == "enable_metrics" and context.at_least(2, 41)


def _four_parameters(context: Context, one: Experiment) -> FixDraft | None:
    """Insert `value, unit` into a callback of two parameters; None where it is not one."""
    function, elsewhere = _callback(context, one.value)
    if function is None:
        return None
    params = function.params
    two = [*params.posonly_params, *params.params]
    more = (*params.kwonly_params, params.star_arg, params.star_kwarg)
    if len(two) != 2 or any(isinstance(param, cst.Param) for param in more):
        return None
    taken = {node.value for node in walk(function) if isinstance(node, cst.Name)}
    names = ["_" + name if name in taken else name for name in ("value", "unit")]
    if two[1].annotation is not None:
        names = [f"{name}: object" for name in names]
    start = context.span(two[1])[0]
    fix = context.fix("Add the parameters `value` and `unit`").edit(
        start, start, ", ".join(names) + ", "
    )
    if two[0].default is not None or two[1].default is not None:
        return None
    if elsewhere or (isinstance(function, cst.FunctionDef) and function.decorators):
        code = context.code(one.value)
        fix.unsafe(USED_ELSEWHERE.about(f"`{code}` is used elsewhere or decorated"))
    return fix


def _callback(
    context: Context, value: cst.BaseExpression
) -> tuple[cst.FunctionDef | cst.Lambda | None, bool]:
    """The function a callback is, and whether it serves anything else."""
    if isinstance(value, cst.Lambda):
        return value, False
    if not isinstance(value, cst.Name):
        return None, False
    bindings = context.scopes.reaching(value)
    if len(bindings) != 1:
        return None, False
    node = bindings[0].value if bindings[0].kind == "assign" else bindings[0].node
    if not isinstance(node, cst.FunctionDef | cst.Lambda):
        return None, False
    return node, len(context.scopes.reads_beside(bindings[0])) > 1
