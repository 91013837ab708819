"""An `Integration` with `install` or without `setup_once`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import ONE_CLIENT
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.python.bindings import walk
from sentry_migrate.rewrite.classes import class_of, defines, methods, only_a_base, parameters
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN507",
    name="integration-install",
    kind="suggested",
    summary="An integration needs `setup_once()` in 2.x; `install()` is no longer called",
    why=(
        "`Integration.setup_once` is abstract: 2.x raises `TypeError: Can't instantiate abstract "
        "class` for an integration that has only `install()`."
    ),
    safety=(
        "Never safe: `install()` ran for each client and had `self`, while `setup_once()` runs "
        "once per process. Also, `get_integration()` never found an integration with `install()` "
        "in 1.x, but finds it in 2.x. No fix where `install()` uses `self`."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.integrations import Integration\n"
            "class Own(Integration):\n"
            "    identifier = 'own'\n"
            "    @staticmethod\n"
            "    def setup_once():\n"
            "        print('once')\n"
        ),
        Ignores(
            "from sentry_sdk.integrations import Integration\n"
            "class Base(Integration):\n"
            "    identifier = 'base'\n"
            "class Own(Base):\n"
            "    @staticmethod\n"
            "    def setup_once():\n"
            "        print('once')\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "from mine import Integration\n"
            "class Own(Integration):\n"
            "    def install(self):\n"
            "        pass\n"
        ),
        Rewrites(
            "from sentry_sdk.integrations import Integration\n"
            "class Own(Integration):\n"
            "    identifier = 'own'\n"
            "    def install(self):\n"
            "        print('installed')\n",
            "from sentry_sdk.integrations import Integration\n"
            "class Own(Integration):\n"
            "    identifier = 'own'\n"
            "    @staticmethod\n"
            "    def setup_once():\n"
            "        print('installed')\n",
            reason="`install` runs for each client, `setup_once` once per process",
        ),
        Flags(
            "from sentry_sdk.integrations import Integration\n"
            "class Own(Integration):\n"
            "    identifier = 'own'\n"
            "    def install(self):\n"
            "        print(self.identifier)\n",
            remedy=(
                "Write `@staticmethod def setup_once()`, and get the instance, if you need it, "
                "with `sentry_sdk.get_client().get_integration(Own)`."
            ),
        ),
        Flags(
            "from sentry_sdk.integrations import Integration\nintegration = Integration()\n",
            remedy="Write a subclass with a static method `setup_once()`.",
        ),
    ),
)


@RULE.on("class:sentry_sdk.integrations.Integration")
def check_class(use: Use, context: Context) -> Iterator[Draft]:
    node = class_of(use)
    if node is None or defines(context, node, "setup_once") or only_a_base(context, node):
        return
    fix = _fix(context, methods(node).get("install"))
    yield context.finding(
        use,
        fix,
        remedy=""
        if fix
        else (
            "Write `@staticmethod def setup_once()`, and get the instance, if you need it, with "
            f"`sentry_sdk.get_client().get_integration({node.name.value})`."
        ),
    )


def _fix(context: Context, function: cst.FunctionDef | None) -> FixDraft | None:
    """Make `install` the static `setup_once`; None where it needs its instance."""
    if function is None or len(parameters(function)) != 1 or function.decorators:
        return None
    me = parameters(function)[0]
    if any(isinstance(one, cst.Name) and one.value == me.name.value for one in walk(function.body)):
        return None
    fix = context.fix("Rename to `setup_once` and make it a static method")
    fix.unsafe(ONE_CLIENT.about("`install` runs for each client, `setup_once` once per process"))
    start = context.span(function)[0]
    newline = context.tree.lines.newline_at(start) + context.tree.lines.indent_at(start)
    fix.edit(start, start, "@staticmethod" + newline).replace(function.name, "setup_once")
    close = context.tree.text.index(")", context.span(me)[1])
    return fix.edit(context.span(me)[0], close, "")


@RULE.on("sentry_sdk.integrations.Integration")
def check_call(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None:
        yield context.finding(use, remedy="Write a subclass with a static method `setup_once()`.")
