"""`DjangoIntegration` with five arguments by position."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN511",
    name="django-positional",
    kind="safe",
    summary="The fifth argument of `DjangoIntegration` is another one since 2.47",
    why=(
        "By position the fifth was `signals_denylist`; since 2.47 it is `db_transaction_spans`, "
        "which takes a list for true, in silence."
    ),
    safety="Safe: the names are the same in both lines.",
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
        Reports(
            "from sentry_sdk.integrations.django import DjangoIntegration\n"
            "ARGS = ('url', True, True, False, [])\n"
            "DjangoIntegration(*ARGS)\n",
            remedy="signals_denylist",
        ),
    ),
)


@RULE.on("sentry_sdk.integrations.django.DjangoIntegration")
def check(use: Use, context: Context) -> Iterator[Draft]:
    args = [arg for arg in (use.call.args if use.call else ()) if arg.keyword is None]
    starred = next((arg for arg in args[:5] if arg.star == "*"), None)
    if starred is not None:
        start, end = context.span(starred)
        remedy = "Give `signals_denylist` by name if it is among these."
        yield Draft(start, end, remedy=remedy, use=use)
    elif len(args) >= 5 and not any(arg.star for arg in args):
        start, end = context.span(args[4])
        fix = context.fix("Name it signals_denylist").edit(start, start, "signals_denylist=")
        yield Draft(start, end, fix, use=use)
