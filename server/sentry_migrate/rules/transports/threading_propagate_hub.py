"""`ThreadingIntegration(propagate_hub=...)` → `propagate_scope=...`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import NEW_RELEASES, OTHER_THREADS
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN508",
    name="threading-propagate-hub",
    kind="conditional",
    summary="`propagate_hub` of `ThreadingIntegration` is deprecated; use `propagate_scope`",
    why=(
        "2.x reports this only in its log. With either option, a thread starts with the data of "
        "the code that starts it."
    ),
    safety=(
        "Safe for `True`. Unsafe for `False` and for other expressions: a thread in 1.x still "
        "sees what the main thread had set, while a thread in 2.x starts without data. Unsafe "
        "where `sdk-version` is below 2.26.1, because up to that release the thread shares the "
        "scope instead of getting a copy."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "ThreadingIntegration(propagate_scope=False)\n"
        ),
        Ignores(
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "ThreadingIntegration()\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "from mine import ThreadingIntegration\n"
            "ThreadingIntegration(propagate_hub=True)\n"
        ),
        Ignores("import sentry_sdk\nsentry_sdk.init()\nspawn(propagate_hub=True)\n"),
        Rewrites(
            "import sentry_sdk\n"
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "sentry_sdk.init(integrations=[ThreadingIntegration(propagate_hub=True)])\n",
            "import sentry_sdk\n"
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "sentry_sdk.init(integrations=[ThreadingIntegration(propagate_scope=True)])\n",
        ),
        Rewrites(
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "ThreadingIntegration(True)\n",
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "ThreadingIntegration(propagate_scope=True)\n",
            reason="releases below 2.26.1 share the scope with the thread",
            sdk_version="2.0",
        ),
        Rewrites(
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "ThreadingIntegration(propagate_hub=False)\n",
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "ThreadingIntegration(propagate_scope=False)\n",
            reason=(
                "a thread in 1.x still sees what was set before, one in 2.x starts without data"
            ),
        ),
        Flags(
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "ThreadingIntegration(propagate_hub=True, propagate_scope=False)\n",
            remedy="Remove `propagate_hub` or `propagate_scope`: in 2.x `propagate_hub` wins.",
        ),
    ),
)

_WITHOUT_DATA = OTHER_THREADS.about(
    "a thread in 1.x still sees what was set before, one in 2.x starts without data"
)


@RULE.on("sentry_sdk.integrations.threading.ThreadingIntegration")
def check(use: Use, context: Context) -> Iterator[Draft]:
    args = use.call.args if use.call is not None else ()
    names = {arg.keyword.value for arg in args if arg.keyword is not None}
    for index, arg in enumerate(args):
        named = arg.keyword is not None and arg.keyword.value == "propagate_hub"
        if not named and (arg.keyword is not None or arg.star or index):
            continue
        start = context.span(arg)[0]
        if len(args) > 1:
            end = context.span(arg)[1]
            what = "`propagate_scope`" if "propagate_scope" in names else "the other"
            remedy = f"Remove `propagate_hub` or {what}: in 2.x `propagate_hub` wins."
            yield Draft(start, end, remedy=remedy, use=use)
            return
        fix = context.fix("Rename to `propagate_scope`")
        if arg.keyword is not None:
            fix.replace(arg.keyword, "propagate_scope")
        else:
            fix.edit(start, start, "propagate_scope=")
        if not (isinstance(arg.value, cst.Name) and arg.value.value == "True"):
            fix.unsafe(_WITHOUT_DATA)
        if not context.at_least(2, 26, 1):
            fix.unsafe(NEW_RELEASES.about("releases below 2.26.1 share the scope with the thread"))
        yield Draft(start, context.span(arg)[1], fix, use=use)
