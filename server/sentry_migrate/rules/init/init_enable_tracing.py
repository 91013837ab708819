"""`init(enable_tracing=...)` → `traces_sample_rate`, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import LOSES_TEXT, OPTION_VALUES
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.data_types import is_never_none
from sentry_migrate.proof.option_flow import comes_with, doubt, for_both_versions, given
from sentry_migrate.rewrite.init_options import removed, spelled
from sentry_migrate.sdk.options import Option
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN305",
    name="init-enable-tracing",
    kind="conditional",
    group="later",
    summary="The option `enable_tracing` is deprecated; use `traces_sample_rate`",
    why=(
        "Since 2.21, 2.x warns about any value of `enable_tracing`. The warning is attributed to "
        "a file of the SDK, so the default filters hide it. The option will be removed in 3.0. "
        "`True` means a rate of 1.0 if no rate is given; `False` disables tracing whatever the "
        "rate is."
    ),
    safety=(
        "Safe for `True` and `None`, and for `False` if no rate or sampler is given. Unsafe for "
        "`False` next to a rate or sampler, which is removed with it because it would enable "
        "tracing; for any other expression; and where options defined elsewhere may contain a "
        "rate."
    ),
    link=DETAILED_GUIDE,
    since="2.21.0",
    examples=(
        Ignores("import sentry_sdk\nsentry_sdk.init(traces_sample_rate=1.0)\n"),
        Ignores("import sentry_sdk\ntrace(enable_tracing=True)\nsentry_sdk.init()\n"),
        Ignores("import sentry_sdk\nFLAGS = {'enable_tracing': True}\nsentry_sdk.init()\n"),
        Ignores("def f(sentry_sdk):\n    sentry_sdk.init(enable_tracing=True)\n"),
        Ignores("import sentry_sdk\nclass Settings:\n    enable_tracing = True\n"),
        Rewrites(
            "import sentry_sdk\nsentry_sdk.init(enable_tracing=True)\n",
            "import sentry_sdk\nsentry_sdk.init(traces_sample_rate=1.0)\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "sentry_sdk.init(\n"
            "    enable_tracing=True,\n"
            "    traces_sample_rate=1.0,\n"
            ")\n",
            "import sentry_sdk\nsentry_sdk.init(\n    traces_sample_rate=1.0,\n)\n",
        ),
        Rewrites(
            "import sentry_sdk\nsentry_sdk.init(enable_tracing=False, traces_sample_rate=0.5)\n",
            "import sentry_sdk\nsentry_sdk.init()\n",
            reason="`traces_sample_rate` is removed too, because it would enable tracing",
        ),
        Rewrites(
            "import sentry_sdk\nTRACING = bool(1)\nsentry_sdk.init(enable_tracing=TRACING)\n",
            "import sentry_sdk\n"
            "TRACING = bool(1)\n"
            "sentry_sdk.init(traces_sample_rate=1.0 if TRACING else None)\n",
            reason="1.x enables tracing only for `True` itself, not for other true values",
        ),
        Flags(
            "import sentry_sdk\nTRACING = 1\n"
            "sentry_sdk.init(enable_tracing=TRACING, traces_sample_rate=0.5)\n",
            remedy=(
                "Pass `traces_sample_rate` instead, where `None` disables tracing. `False` "
                "disables tracing whatever the rate is; `True` means a rate of 1.0 if no rate is "
                "given."
            ),
        ),
    ),
)

RATES = ("traces_sample_rate", "traces_sampler")


@RULE.on("option:enable_tracing")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or for_both_versions(context, option.call):
        return
    same = given(context, option, option.key)
    others = given(context, option, *RATES)
    fix = None if len(same) > 1 else _fix(context, option, others)
    if fix is not None:
        fix.unsafe(doubt(context, option, *RATES))
    yield context.finding(
        use,
        fix,
        remedy=""
        if fix
        else (
            "Pass `traces_sample_rate` instead, where `None` disables tracing. `False` disables "
            "tracing whatever the rate is; `True` means a rate of 1.0 if no rate is given."
        ),
    )


def _fix(context: Context, option: Option, others: Sequence[Option]) -> FixDraft | None:
    value = option.value.value if isinstance(option.value, cst.Name) else ""
    real = [other for other in others if context.code(other.value) != "None"]
    if value == "None" or (value == "False" and not real):
        return removed(context, "Remove `enable_tracing`", [option])
    if value == "False":
        if not all(comes_with(context, other, option) for other in real):
            return None
        names = " and ".join(dict.fromkeys(f"`{other.key}`" for other in real))
        fix = removed(context, "Remove `enable_tracing` and the rate", [option, *real])
        goes = "is removed too, because it" if len(real) == 1 else "are removed too, because they"
        return fix and fix.unsafe(LOSES_TEXT.about(f"{names} {goes} would enable tracing"))
    if any(other not in real for other in others):
        return None
    rates = [other for other in others if other.key == RATES[0]]
    if value != "True":
        return None if others else _choice(context, option)
    if not rates and not any(is_never_none(context, other.value) for other in others):
        fix = context.fix("Replace with `traces_sample_rate=1.0`")
        fix.replace(option.name, spelled(context, option, RATES[0]))
        return fix.replace(option.value, "1.0")
    if not any(comes_with(context, option, other) for other in real):
        return None
    fix = removed(context, "Remove `enable_tracing`", [option])
    for rate in rates:
        if fix is not None and not is_never_none(context, rate.value):
            code = context.code(rate.value)
            fix.unsafe(OPTION_VALUES.about(f"`{code}` may be `None`, which 1.x treats as 1.0"))
    return fix


def _choice(context: Context, option: Option) -> FixDraft:
    """The rate for a flag that is only known when the program runs."""
    start, end = context.tree.outer(option.value)
    flag = context.code(option.value)
    if isinstance(option.value, cst.IfExp | cst.Lambda | cst.NamedExpr):
        flag = f"({flag})"
    fix = context.fix("Replace with `traces_sample_rate`")
    fix.replace(option.name, spelled(context, option, RATES[0]))
    fix.edit(start, end, f"1.0 if {flag} else None")
    return fix.unsafe(
        OPTION_VALUES.about("1.x enables tracing only for `True` itself, not for other true values")
    )
