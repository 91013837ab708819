"""`init(enable_tracing=...)` → `traces_sample_rate`, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._options import removed, spelled
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.rules._together import comes_with, doubt, for_both_lines, given
from sentry_migrate.syntax.options import Option
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN305",
    name="init-enable-tracing",
    kind="conditional",
    summary="The option `enable_tracing` is deprecated; `traces_sample_rate` alone decides",
    why=(
        "2.x warns about any value of `enable_tracing` since 2.21, from a file of the SDK, so the "
        "default filters hide it; the option is gone in 3.0. `True` means a rate of 1.0 where no "
        "rate is given; `False` switches tracing off whatever the rate is."
    ),
    safety=(
        "Safe for `True` and `None`, and for `False` where no rate or sampler is given. Not safe "
        "for `False` beside a rate or sampler, which are removed with it because they would switch "
        "tracing on, nor for an expression, nor where options from elsewhere may hold a rate."
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
            reason="`traces_sample_rate` goes too",
        ),
        Rewrites(
            "import sentry_sdk\nTRACING = bool(1)\nsentry_sdk.init(enable_tracing=TRACING)\n",
            "import sentry_sdk\n"
            "TRACING = bool(1)\n"
            "sentry_sdk.init(traces_sample_rate=1.0 if TRACING else None)\n",
            reason="only `True` itself",
        ),
        Reports(
            "import sentry_sdk\nTRACING = 1\n"
            "sentry_sdk.init(enable_tracing=TRACING, traces_sample_rate=0.5)\n",
            remedy="switches tracing off",
        ),
    ),
)

RATES = ("traces_sample_rate", "traces_sampler")


@RULE.on("option:enable_tracing")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or for_both_lines(context, option.call):
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
        else "`False` switches tracing off whatever the rate is, `True` means a rate of 1.0 where "
        "none is given. Write what is meant as `traces_sample_rate`; `None` is off.",
    )


def _fix(context: Context, option: Option, others: Sequence[Option]) -> FixDraft | None:
    value = option.value.value if isinstance(option.value, cst.Name) else ""
    real = [other for other in others if context.code(other.value) != "None"]
    if value == "None" or (value == "False" and not real):
        return removed(context, "Remove enable_tracing", [option])
    if value == "False":
        if not all(comes_with(context, other, option) for other in real):
            return None
        names = " and ".join(dict.fromkeys(f"`{other.key}`" for other in real))
        fix = removed(context, "Remove enable_tracing and the rate", [option, *real])
        word = "goes" if len(real) == 1 else "go"
        return fix and fix.unsafe(f"{names} {word} too, or tracing would be on")
    if any(other not in real for other in others):
        return None
    rates = [other for other in others if other.key == RATES[0]]
    if value != "True":
        return None if others else _choice(context, option)
    if not rates and not any(_is_function(context, other) for other in others):
        fix = context.fix("Replace with traces_sample_rate=1.0")
        fix.replace(option.name, spelled(context, option, RATES[0]))
        return fix.replace(option.value, "1.0")
    if not any(comes_with(context, option, other) for other in real):
        return None
    fix = removed(context, "Remove enable_tracing", [option])
    for rate in rates:
        if fix is not None and not _is_number(rate.value):
            fix.unsafe(f"`{context.code(rate.value)}` may be `None`: 1.x takes 1.0 then")
    return fix


def _choice(context: Context, option: Option) -> FixDraft:
    """The rate for a flag that is only known when the program runs."""
    start, end = context.tree.outer(option.value)
    flag = context.code(option.value)
    if isinstance(option.value, cst.IfExp | cst.Lambda | cst.NamedExpr):
        flag = f"({flag})"
    fix = context.fix("Replace with traces_sample_rate")
    fix.replace(option.name, spelled(context, option, RATES[0]))
    fix.edit(start, end, f"1.0 if {flag} else None")
    return fix.unsafe("only `True` itself switches tracing on in 1.x, not any true value")


def _is_number(node: cst.BaseExpression) -> bool:
    """Whether a rate is surely not `None`."""
    if isinstance(node, cst.Call):
        return isinstance(node.func, cst.Name) and node.func.value in ("float", "int")
    if isinstance(node, cst.IfExp):
        return _is_number(node.body) and _is_number(node.orelse)
    return isinstance(node, cst.Integer | cst.Float | cst.BinaryOperation)


def _is_function(context: Context, option: Option) -> bool:
    """Whether a sampler is surely not `None`."""
    if isinstance(option.value, cst.Name):
        found = context.scopes.reaching(option.value)
        return bool(found) and all(one.kind == "def" for one in found)
    return isinstance(option.value, cst.Lambda)
