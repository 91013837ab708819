"""`profiles_sample_rate` and `profiles_sampler`: profiling by transaction."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import Flags, Ignores, Rule
from sentry_migrate.proof.option_flow import for_both_versions
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import is_nothing

RULE = Rule(
    code="SEN304",
    name="init-transaction-profiling",
    kind="manual",
    group="later",
    summary="Transaction-based profiling is deprecated in favour of continuous profiling",
    why=(
        "Since 2.72, `init()` warns about a `profiles_sample_rate` above 0 and about "
        "`profiles_sampler`, which the official guide from 1.x to 2.x still recommends. Both "
        "will be removed in 3.0. The warning is attributed to a file of the SDK, so the default "
        "filters hide it."
    ),
    safety=(
        "No fix: continuous profiling is a different product with different pricing. Nothing "
        "breaks before 3.0."
    ),
    link="https://docs.sentry.io/platforms/python/profiling/",
    since="2.72.0",
    replaced_since="2.22.0",
    examples=(
        Ignores("import sentry_sdk\nsentry_sdk.init(profiles_sample_rate=0)\n"),
        Ignores("import sentry_sdk\nsentry_sdk.init(profiles_sampler=None)\n"),
        Ignores("import sentry_sdk\nsentry_sdk.init(profile_session_sample_rate=1.0)\n"),
        Flags(
            "import sentry_sdk\nsentry_sdk.init(profiles_sample_rate=0.5)\n",
            remedy=(
                "Decide whether you want continuous profiling, which is billed separately: "
                '`profile_session_sample_rate=1.0, profile_lifecycle="trace"` profiles while a '
                "sampled transaction runs."
            ),
        ),
        Ignores(
            "import sentry_sdk\nsentry_sdk.init(profiles_sample_rate=0.5)\n", sdk_version="2.21"
        ),
        Flags(
            "import sentry_sdk\nsentry_sdk.init(profiles_sampler=lambda context: 1)\n",
            remedy=(
                "Decide whether you want continuous profiling, which is billed separately: "
                '`profile_session_sample_rate=1.0, profile_lifecycle="trace"` profiles while a '
                "sampled transaction runs."
            ),
        ),
    ),
)


@RULE.on("option:profiles_sample_rate", "option:profiles_sampler")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or is_nothing(option.value) or for_both_versions(context, option.call):
        return
    if isinstance(option.value, cst.Integer | cst.Float) and option.value.evaluated_value == 0:
        return
    yield context.finding(
        use,
        remedy=(
            "Decide whether you want continuous profiling, which is billed separately: "
            '`profile_session_sample_rate=1.0, profile_lifecycle="trace"` profiles while a '
            "sampled transaction runs."
        ),
    )
