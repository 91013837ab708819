"""`RedisIntegration(max_data_size=...)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._items import removal
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN510",
    name="redis-max-data-size",
    kind="suggested",
    summary="`max_data_size` of `RedisIntegration` is deprecated",
    why="It warns since 2.45 and is gone in 3.0. Span descriptions are no longer cut by default.",
    safety="Never safe: the descriptions of Redis spans become longer.",
    link=DETAILED_GUIDE,
    since="2.45.0",
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
            reason="longer",
        ),
        Rewrites(
            "from sentry_sdk.integrations.redis import RedisIntegration\nRedisIntegration(512)\n",
            "from sentry_sdk.integrations.redis import RedisIntegration\nRedisIntegration()\n",
            reason="longer",
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
                fix = context.fix("Remove max_data_size")
                fix.add(removal(context.tree, use.call, [arg]))
                fix.unsafe("descriptions of Redis spans become longer")
            yield Draft(start, end, fix, remedy="" if fix else "Drop it.", use=use)
            return
