"""`DjangoIntegration` with five arguments by position."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN511",
    name="django-positional",
    kind="safe",
    summary="The fifth positional parameter of `DjangoIntegration` changed in 2.47",
    why=(
        "The fifth parameter was `signals_denylist`. Since 2.47 it is `db_transaction_spans`, "
        "which silently treats a non-empty list as true."
    ),
    safety="Safe: the parameter names are the same in both versions.",
    link=DETAILED_GUIDE,
    since="2.47.0",
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.integrations.django import DjangoIntegration\n"
            "DjangoIntegration('url', True, True, False)\n"
        ),
        Ignores(
            "from sentry_sdk.integrations.django import DjangoIntegration\n"
            "DjangoIntegration(signals_denylist=[])\n"
        ),
        Rewrites(
            "from sentry_sdk.integrations.django import DjangoIntegration\n"
            "DjangoIntegration('url', True, True, False, [])\n",
            "from sentry_sdk.integrations.django import DjangoIntegration\n"
            "DjangoIntegration('url', True, True, False, signals_denylist=[])\n",
        ),
        Flags(
            "from sentry_sdk.integrations.django import DjangoIntegration\n"
            "ARGS = ('url', True, True, False, [])\n"
            "DjangoIntegration(*ARGS)\n",
            remedy="Pass `signals_denylist` as a keyword argument if `*args` contains it.",
        ),
    ),
)


@RULE.on("sentry_sdk.integrations.django.DjangoIntegration")
def check(use: Use, context: Context) -> Iterator[Draft]:
    args = [arg for arg in (use.call.args if use.call else ()) if arg.keyword is None]
    starred = next((arg for arg in args[:5] if arg.star == "*"), None)
    if starred is not None:
        start, end = context.span(starred)
        remedy = "Pass `signals_denylist` as a keyword argument if `*args` contains it."
        yield Draft(start, end, remedy=remedy, use=use)
    elif len(args) >= 5 and not any(arg.star for arg in args):
        start, end = context.span(args[4])
        fix = context.fix("Pass `signals_denylist` as a keyword argument").edit(
            start, start, "signals_denylist="
        )
        yield Draft(start, end, fix, use=use)
