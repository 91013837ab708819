"""`ThreadingIntegration(propagate_hub=...)` → `propagate_scope=...`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import NEW_RELEASES, OTHER_THREADS
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.init_options import spelled
from sentry_migrate.sdk.options import Option
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
            "class Mine(ThreadingIntegration):\n"
            "    def __init__(self, propagate_hub):\n"
            "        super().__init__()\n"
            "Mine(propagate_hub=True)\n"
        ),
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

_SHARED = NEW_RELEASES.about("releases below 2.26.1 share the scope with the thread")
_WITHOUT_DATA = OTHER_THREADS.about(
    "a thread in 1.x still sees what was set before, one in 2.x starts without data"
)


_THREADING = "sentry_sdk.integrations.threading.ThreadingIntegration"


@RULE.on("threading:propagate_hub")
def check_option(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or context.values.path(option.call.func) == _THREADING == _given(
        context, option
    ):
        return
    if not _is_only(context, option):
        remedy = "Rename it to `propagate_scope`, also where it is read, and give only one of both."
        yield context.finding(use, remedy=remedy)
        return
    fix = context.fix("Rename to `propagate_scope`")
    fix.replace(option.name, spelled(context, option, "propagate_scope"))
    if not (isinstance(option.value, cst.Name) and option.value.value == "True"):
        fix.unsafe(_WITHOUT_DATA)
    if not context.at_least(2, 26, 1):
        fix.unsafe(_SHARED)
    yield context.finding(use, fix)


def _given(context: Context, option: Option) -> str:
    """The path of what is called with an option, where that is an argument of it."""
    call = option.container
    return context.values.path(call.func) if isinstance(call, cst.Call) else ""


def _is_only(context: Context, option: Option) -> bool:
    """Whether nothing else is given with an option, nor its dictionary to anything else."""
    call = option.call
    given = [arg for arg in call.args if arg.star or arg.keyword is not None]
    if len(given) > 1:
        return False
    if option.direct:
        return not isinstance(option.container, cst.Dict) or len(option.container.elements) == 1
    name = given[0].value if given else None
    home = context.scopes.reaching(name) if isinstance(name, cst.Name) else ()
    if len(home) != 1 or home[0].value is not option.container:
        return False
    elements = getattr(option.container, "elements", getattr(option.container, "args", ()))
    taken = home[0].scope is context.scopes.module and context.imports.is_taken(home[0].name)
    return len(elements) == 1 and len(context.scopes.reads_beside(home[0])) == 1 and not taken


@RULE.on(_THREADING)
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
            fix.unsafe(_SHARED)
        yield Draft(start, context.span(arg)[1], fix, use=use)
