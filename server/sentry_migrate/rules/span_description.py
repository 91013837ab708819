"""`start_span(description=…)` → `start_span(name=…)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.rules._arguments import keyword, positional, rename
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN401",
    name="span-description",
    kind="conditional",
    summary="`description=` of a span is deprecated; it is called `name=`",
    why="Since 2.15 `description=` warns in favour of `name=`, which older releases do not take.",
    safety=(
        "Safe: both set what Sentry shows as the span's description. Never done for transactions, "
        "whose name and description are two things, nor for the attribute `span.description`. "
        "Needs sentry-sdk 2.15."
    ),
    link=DETAILED_GUIDE,
    since="2.15.0",
    examples=(
        Ignores("from mylib import start_span\nstart_span(description='x')\n"),
        Ignores("import sentry_sdk\nsentry_sdk.start_transaction(name='a', description='b')\n"),
        Ignores(
            "import sentry_sdk\nspan = sentry_sdk.start_span(op='a')\nspan.description = 'x'\n"
        ),
        Ignores("import sentry_sdk\nsentry_sdk.start_span(op='a', name='b')\n"),
        Ignores("import sentry_sdk\nsentry_sdk.start_span(transaction='a', description='b')\n"),
        Rewrites(
            "import sentry_sdk\n"
            "with sentry_sdk.start_transaction(name='job') as transaction:\n"
            "    transaction.start_child(\n"
            "        op='db',\n"
            "        description='SELECT 1',  # the probe\n"
            "    ).finish()\n",
            "import sentry_sdk\n"
            "with sentry_sdk.start_transaction(name='job') as transaction:\n"
            "    transaction.start_child(\n"
            "        op='db',\n"
            "        name='SELECT 1',  # the probe\n"
            "    ).finish()\n",
        ),
        Rewrites(
            "from sentry_sdk import start_span\n"
            "def probe():\n"
            "    options = {'op': 'db', 'description': 'SELECT 1'}\n"
            "    start_span(**options).finish()\n",
            "from sentry_sdk import start_span\n"
            "def probe():\n"
            "    options = {'op': 'db', 'name': 'SELECT 1'}\n"
            "    start_span(**options).finish()\n",
        ),
        Reports(
            "import sentry_sdk\nsentry_sdk.start_span(name='a', description='b')\n",
            remedy="both",
        ),
        Reports(
            "import sentry_sdk\nsentry_sdk.start_span(description='b')\n",
            remedy="2.15",
            sdk_version="2.12",
        ),
    ),
)


@RULE.on(
    "sentry_sdk.start_span",
    "sentry_sdk.tracing.Span",
    "Hub.start_span",
    "Scope.start_span",
    "Span.start_child",
    "Span.new_span",
    "Transaction.start_child",
    "Transaction.new_span",
)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None or _makes_transaction(context, use.call):
        return
    fix = _fix(context, use.call)
    if fix is None:
        return
    if not context.at_least(2, 15):
        yield context.finding(use, remedy="`name=` needs sentry-sdk 2.15; rename it after that.")
    elif keyword(use.call, "name") is not None:
        yield context.finding(
            use, remedy="`name=` and `description=` are both given; keep the one that is meant."
        )
    else:
        yield context.finding(use, fix)


def _makes_transaction(context: Context, call: cst.Call) -> bool:
    """1.x makes a transaction of `transaction=` and of a transaction given first."""
    if keyword(call, "transaction") is not None:
        return True
    first = keyword(call, "span") or positional(call, 0)
    return first is not None and context.values.instance(first.value, "Transaction") is not None


def _fix(context: Context, call: cst.Call) -> FixDraft | None:
    fix = context.fix("Rename `description` to `name`")
    given = keyword(call, "description")
    if given is not None:
        return fix.add([rename(context, given, "name")])
    for arg in call.args:
        if arg.star == "**":
            key = _key(context, arg.value)
            if isinstance(key, cst.SimpleString):
                return fix.replace(key, key.prefix + key.quote + "name" + key.quote)
            if key is not None:
                return fix.replace(key, "name")
    return None


def _key(context: Context, node: cst.BaseExpression) -> cst.CSTNode | None:
    """Where a dictionary in view, used for this call alone, says `description`."""
    if isinstance(node, cst.Name):
        bindings = context.scopes.reaching(node)
        if len(bindings) != 1 or bindings[0].kind != "assign":
            return None
        binding = bindings[0]
        if len(context.scopes.loads.get(binding.name, ())) > 1 or not binding.whole:
            return None
        return _key(context, binding.value) if isinstance(binding.value, cst.Dict) else None
    if isinstance(node, cst.Call) and context.code(node.func) == "dict":
        arg = keyword(node, "description")
        return arg.keyword if arg is not None else None
    if isinstance(node, cst.Dict):
        for element in node.elements:
            key = element.key if isinstance(element, cst.DictElement) else None
            if isinstance(key, cst.SimpleString) and key.evaluated_value == "description":
                return key
    return None
