"""`profiles_sample_rate` and `profiles_sampler`: profiling by transaction."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import Ignores, Reports, Rule
from sentry_migrate.rules._together import for_both_lines
from sentry_migrate.syntax.uses import Use
from sentry_migrate.syntax.value_types import is_nothing

RULE = Rule(
    code="SEN304",
    name="init-transaction-profiling",
    kind="manual",
    summary="Profiling by transaction is deprecated for continuous profiling",
    why=(
        "Since 2.72 `init()` warns about `profiles_sample_rate` above 0 and `profiles_sampler`, "
        "which the official guide from 1.x to 2.x still recommends; both are gone in 3.0. The "
        "warning names a file of the SDK, so the default filters hide it."
    ),
    safety=(
        "No fix: continuous profiling is another product with another price. Nothing breaks "
        "before 3.0."
    ),
    link="https://docs.sentry.io/platforms/python/profiling/",
    since="2.72.0",
    examples=(
        Ignores("import sentry_sdk\nsentry_sdk.init(profiles_sample_rate=0)\n"),
        Ignores("import sentry_sdk\nsentry_sdk.init(profiles_sampler=None)\n"),
        Ignores("import sentry_sdk\nsentry_sdk.init(profile_session_sample_rate=1.0)\n"),
        Reports(
            "import sentry_sdk\nsentry_sdk.init(profiles_sample_rate=0.5)\n",
            remedy='profile_lifecycle="trace"',
        ),
        Reports(
            "import sentry_sdk\nsentry_sdk.init(profiles_sample_rate=0.5)\n",
            remedy="from 2.22 on",
            sdk_version="2.0",
        ),
        Reports("import sentry_sdk\nsentry_sdk.init(profiles_sampler=lambda context: 1)\n"),
    ),
)


@RULE.on("option:profiles_sample_rate", "option:profiles_sampler")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or is_nothing(option.value) or for_both_lines(context, option.call):
        return
    if isinstance(option.value, cst.Integer | cst.Float) and option.value.evaluated_value == 0:
        return
    when = "" if context.at_least(2, 22) else " from 2.22 on"
    yield context.finding(
        use,
        remedy="Ask whether you want continuous profiling, which is billed apart:"
        f'{when} `profile_session_sample_rate=1.0, profile_lifecycle="trace"` profiles while a '
        "sampled transaction runs.",
    )
