"""`RedisIntegration(max_data_size=...)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.doubts import OTHER_FORM
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.items import removal
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN510",
    name="redis-max-data-size",
    kind="suggested",
    group="later",
    summary="The option `max_data_size` of `RedisIntegration` is deprecated",
    why=(
        "It has warned since 2.45 and will be removed in 3.0. Span descriptions are no longer "
        "truncated by default."
    ),
    safety="Never safe: the descriptions of Redis spans become longer.",
    link=DETAILED_GUIDE,
    since="2.45.0",
    replaced_since="2.45.0",
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.integrations.redis import RedisIntegration\n"
            "RedisIntegration(cache_prefixes=['a'])\n"
        ),
        Ignores("import sentry_sdk\nsentry_sdk.init()\nconnect(max_data_size=5)\n"),
        Rewrites(
            "from sentry_sdk.integrations.redis import RedisIntegration\n"
            "RedisIntegration(max_data_size=512)\n",
            "from sentry_sdk.integrations.redis import RedisIntegration\nRedisIntegration()\n",
            reason="the descriptions of Redis spans become longer",
        ),
        Rewrites(
            "from sentry_sdk.integrations.redis import RedisIntegration\nRedisIntegration(512)\n",
            "from sentry_sdk.integrations.redis import RedisIntegration\nRedisIntegration()\n",
            reason="the descriptions of Redis spans become longer",
        ),
    ),
)


@RULE.on("sentry_sdk.integrations.redis.RedisIntegration")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None:
        return
    for index, arg in enumerate(use.call.args):
        named = arg.keyword is not None and arg.keyword.value == "max_data_size"
        if named or (arg.keyword is None and not arg.star and not index):
            start, end = context.span(arg)
            rest = use.call.args[1:] if not named else ()
            fix = None
            if all(other.keyword is not None for other in rest):
                fix = context.fix("Remove `max_data_size`")
                fix.add(removal(context.tree, use.call, [arg]))
                fix.unsafe(OTHER_FORM.about("the descriptions of Redis spans become longer"))
            yield Draft(start, end, fix, remedy="" if fix else "Remove `max_data_size`.", use=use)
            return
