"""`_experiments={"profiles_sample_rate": ..., "profiler_mode": ...}` → regular options."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import UNSEEN_OPTIONS
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.option_flow import comes_with, doubt, for_both_versions
from sentry_migrate.rewrite.experiment_options import lift
from sentry_migrate.rewrite.experiments import beside, experiments, remove_keys
from sentry_migrate.rewrite.items import items_of
from sentry_migrate.sdk.options import Option
from sentry_migrate.sdk.uses import Use

KEYS = ("profiles_sample_rate", "profiler_mode")

RULE = Rule(
    code="SEN303",
    name="init-experiments-profiling",
    kind="conditional",
    summary="Profiling options in `_experiments` are deprecated; pass them to `init()` directly",
    why=(
        "`profiles_sample_rate` and `profiler_mode` are regular options now. 2.x still reads "
        "them from `_experiments`, but logs a warning and will stop reading them. From 2.72, "
        "`profiles_sample_rate` itself is deprecated in favour of continuous profiling, a "
        "different product: see SEN304."
    ),
    safety=(
        "Safe where `_experiments` is written in place. A key that is also passed as an option "
        "is removed, because the option wins in 1.x. Unsafe where a `**name` defined elsewhere "
        "may contain the option, or where the dictionary is used for more than `init()`. No fix "
        "where `_experiments` is built elsewhere."
    ),
    link=GUIDE + "#configuration-options",
    examples=(
        Ignores('import sentry_sdk\nsentry_sdk.init(_experiments={"max_spans": 500})\n'),
        Ignores(
            "import sentry_sdk\n"
            "def run(_experiments):\n"
            "    return _experiments\n"
            'run(_experiments={"profiles_sample_rate": 1.0})\n'
        ),
        Ignores("import sentry_sdk\nsentry_sdk.init(profiler_mode='thread')\n"),
        Ignores(
            "import sentry_sdk\n"
            'PROFILING = {"profiles_sample_rate": 1.0}\n'
            'sentry_sdk.set_context("profiling", PROFILING)\n'
        ),
        Rewrites(
            "import sentry_sdk\n"
            "\n"
            "sentry_sdk.init(\n"
            "    traces_sample_rate=1.0,\n"
            "    _experiments={\n"
            '        "profiles_sample_rate": 1.0,\n'
            '        "profiler_mode": "thread",\n'
            "    },\n"
            ")\n",
            "import sentry_sdk\n"
            "\n"
            "sentry_sdk.init(\n"
            "    traces_sample_rate=1.0,\n"
            "    profiles_sample_rate=1.0,\n"
            '    profiler_mode="thread",\n'
            ")\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            'sentry_sdk.init(_experiments={"max_spans": 9, "profiler_mode": "thread"})\n',
            "import sentry_sdk\n"
            'sentry_sdk.init(profiler_mode="thread", _experiments={"max_spans": 9})\n',
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def setup(**more):\n"
            "    sentry_sdk.init(_experiments={'profiles_sample_rate': 0.5}, **more)\n",
            "import sentry_sdk\n"
            "def setup(**more):\n"
            "    sentry_sdk.init(profiles_sample_rate=0.5, **more)\n",
            reason="`**more` may contain `profiles_sample_rate` too",
        ),
        Flags(
            "import sentry_sdk\n"
            'EXPERIMENTS = {"profiles_sample_rate": 0.5}\n'
            "sentry_sdk.init(_experiments=EXPERIMENTS)\n",
            remedy="Pass `profiles_sample_rate` to `init()` directly, not in `_experiments`.",
        ),
    ),
)


@RULE.on("option:_experiments")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or for_both_versions(context, option.call):
        return
    found = [one for one in experiments(context, option) if one.key in KEYS]
    if not found:
        return
    start, end = context.span(found[0].name)
    names = " and ".join(f"`{one.key}`" for one in found)
    remedy = f"Pass {names} to `init()` directly, not in `_experiments`."
    others = {one.key: beside(context, option, one.key) for one in found}
    fix: FixDraft | None = None
    if len(others) == len(found) and all(
        _decides(context, option, other) for other in others.values()
    ):
        moved = [one for one in found if others[one.key] is None]
        dead = [one for one in found if one not in moved]
        if moved:
            fix = lift(context, option, moved, dead)
        else:
            fix = context.fix("Remove the overridden keys of `_experiments`")
            fix = remove_keys(context, fix, option, dead)
    if fix is not None:
        fix.unsafe(doubt(context, option, *others))
        if len(experiments(context, option)) < len(items_of(option.value)):
            fix.unsafe(
                UNSEEN_OPTIONS.about("`_experiments` may get the same key from a `**` expression")
            )
    yield Draft(start, end, fix, remedy="" if fix else remedy, use=use)


def _decides(context: Context, option: Option, other: Option | None) -> bool:
    """Whether it is known if the experiment counts: it does when the option is not given, and
    does not when that is certainly given and a number or a string."""
    if other is None:
        return True
    number = isinstance(other.value, cst.Integer | cst.Float | cst.SimpleString)
    return number and comes_with(context, option, other)
