"""`configure_scope()` or `Hub.current.scope` inside a pushed scope: both sites change together."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.proof.hubs import hub_status
from sentry_migrate.rewrite.configure_scope import manager_fix
from sentry_migrate.rewrite.push_scope import push_fix, pushed_around
from sentry_migrate.rules.hubs import hub_configure_scope, hub_scope
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN106",
    name="push-scope-nested-consistency",
    kind="conditional",
    summary="A scope taken inside `push_scope()` is the pushed scope; migrate both together",
    why=(
        "In 1.x and in the 2.x shim, `configure_scope()` inside a pushed scope writes to the "
        "pushed scope. With `new_scope()` outside and `get_isolation_scope()` inside, the data "
        "would leak out of the block."
    ),
    safety="Safe with `isolation_scope()` outside and `get_isolation_scope()` inside.",
    link=GUIDE + "#scope-pushing",
    since="2.12.0",
    deprecated=False,
    examples=(
        Ignores(
            "import sentry_sdk\n"
            "def f():\n"
            "    with sentry_sdk.configure_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "def f():\n"
            "    with sentry_sdk.isolation_scope():\n"
            "        with sentry_sdk.configure_scope() as scope:\n"
            "            scope.set_tag('a', 'b')\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "def f():\n"
            "    with sentry_sdk.push_scope():\n"
            "        sentry_sdk.capture_message('x')\n"
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    with sentry_sdk.push_scope():\n"
            "        with sentry_sdk.configure_scope() as scope:\n"
            "            scope.set_tag('a', 'b')\n"
            "        sentry_sdk.capture_message('x')\n",
            "import sentry_sdk\n"
            "def f():\n"
            "    with sentry_sdk.isolation_scope():\n"
            "        scope = sentry_sdk.get_isolation_scope()\n"
            "        scope.set_tag('a', 'b')\n"
            "        sentry_sdk.capture_message('x')\n",
        ),
    ),
)


@RULE.on("sentry_sdk.configure_scope", "Hub.configure_scope", "Hub.scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    outer = pushed_around(context, use)
    if outer is None or outer.call is None:
        return
    fix = context.fix("Use `isolation_scope()` and `get_isolation_scope()`")
    around = push_fix(context, outer, outer.call, "isolation_scope")
    inner = _inner(context, use)
    if around is None or inner is None:
        return
    fix.include(around).include(inner)
    yield context.finding(use, fix, related=((outer.node, "The scope is pushed here"),))


def _inner(context: Context, use: Use) -> FixDraft | None:
    if use.trigger == "Hub.scope":
        drafts = list(hub_scope.check(use, context))
        return drafts[0].fix if drafts else None
    if use.trigger == "Hub.configure_scope":
        if not hub_status(context, use).known:
            return None
        drafts = list(hub_configure_scope.check(use, context))
        return drafts[0].fix if drafts else None
    return manager_fix(context, use.call) if use.call is not None and not use.call.args else None
