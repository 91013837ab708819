"""`start_span(description=…)` → `start_span(name=…)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import OTHER_FORM
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.effects import Effects
from sentry_migrate.proof.empty_texts import may_be_empty
from sentry_migrate.rewrite.arguments import keyword, positional, remove, rename
from sentry_migrate.rewrite.passed_keywords import passing
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN401",
    name="span-description",
    kind="conditional",
    summary="The argument `description=` of spans is deprecated; use `name=`",
    why=(
        "Since 2.15, `description=` warns in favour of `name=`, which older releases do not accept."
    ),
    safety=(
        "Safe: both set the description that Sentry shows for the span. Not applied to "
        "transactions, where the name and the description are different things, nor to the "
        "attribute `span.description`. Unsafe where the text may be empty: 2.x sends an empty "
        "name as null. A description beside a name, which 2.x prefers, can be "
        "removed, but 1.x has no argument `name`, so this cannot be proved. Needs "
        "sentry-sdk 2.15."
    ),
    link=DETAILED_GUIDE,
    since="2.15.0",
    replaced_since="2.15.0",
    deprecated=False,
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
        Rewrites(
            "import sentry_sdk\nsentry_sdk.start_span(op='a', description='').finish()\n",
            "import sentry_sdk\nsentry_sdk.start_span(op='a', name='').finish()\n",
            reason=(
                "`name` may be empty here, which 2.x sends as null, while it sends an empty "
                "`description`"
            ),
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f(name, text):\n"
            "    return sentry_sdk.start_span(name=name, description=text)\n",
            "import sentry_sdk\ndef f(name, text):\n    return sentry_sdk.start_span(name=name)\n",
            reason="2.x takes the description where `name` is empty",
        ),
        Flags(
            "import sentry_sdk\nsentry_sdk.start_span(name='a', description=f())\n",
            remedy="Keep either `name=` or `description=`; both are given.",
        ),
        Ignores("import sentry_sdk\nsentry_sdk.start_span(description='b')\n", sdk_version="2.12"),
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
    if use.call is not None and _makes_transaction(context, use.call):
        return
    fix = None if use.call is None else _fix(context, use.call)
    named = use.call is not None and keyword(use.call, "name") is not None
    if fix is None and (named or (fix := _passed_on(context, use)) is None):
        return
    if named and use.call is not None:
        fix = _without(context, use.call)
    remedy = "" if fix else "Keep either `name=` or `description=`; both are given."
    yield context.finding(use, fix, remedy=remedy)


EMPTY = OTHER_FORM.about(
    "`name` may be empty here, which 2.x sends as null, while it sends an empty `description`"
)


NO_NAME = OTHER_FORM.about("2.x takes the description where `name` is empty")


def _without(context: Context, call: cst.Call) -> FixDraft | None:
    """Remove a description beside a name, which 1.x refuses and 2.x prefers; None where working it
    out may do something."""
    given = keyword(call, "description")
    plain = (cst.Name, cst.Attribute, cst.SimpleString)
    if given is None or not isinstance(given.value, plain):
        return None
    fix = context.fix("Remove `description`")
    if isinstance(given.value, cst.Attribute) and Effects.of(context).node(given.value):
        return None
    return fix.unsafe(NO_NAME).add([remove(context, call, given)])


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
        fix.unsafe(EMPTY if may_be_empty(context, given.value) else None)
        return fix.add([rename(context, given, "name")])
    for arg in call.args:
        if arg.star == "**":
            key, value = _key(context, arg.value)
            if value is not None and may_be_empty(context, value):
                fix.unsafe(EMPTY)
            if isinstance(key, cst.SimpleString):
                return fix.replace(key, key.prefix + key.quote + "name" + key.quote)
            if key is not None:
                return fix.replace(key, "name")
    return None


def _passed_on(context: Context, use: Use) -> FixDraft | None:
    """The like for calls of `partial()`, and of a function that passes its keywords on."""
    fix = context.fix("Rename `description` to `name`")
    for call in passing(context, use, ("description", "name")):
        given = keyword(call, "description")
        if given is not None and keyword(call, "name") is None:
            if not _makes_transaction(context, call):
                fix.unsafe(EMPTY if may_be_empty(context, given.value) else None)
                fix.add([rename(context, given, "name")])
    return fix if fix.edits else None


_Entry = tuple[cst.CSTNode | None, cst.BaseExpression | None]
_NO_ENTRY: _Entry = (None, None)


def _key(context: Context, node: cst.BaseExpression) -> _Entry:
    """Where a dictionary of this file, used for this call alone, says `description`, and what."""
    if isinstance(node, cst.Name):
        bindings = context.scopes.reaching(node)
        if len(bindings) != 1 or bindings[0].kind != "assign":
            return _NO_ENTRY
        binding = bindings[0]
        if len(context.scopes.reads_beside(binding)) > 1 or not binding.whole:
            return _NO_ENTRY
        value = binding.value
        return _key(context, value) if isinstance(value, cst.Call | cst.Dict) else _NO_ENTRY
    if isinstance(node, cst.Call) and context.code(node.func) == "dict":
        arg = keyword(node, "description")
        return (arg.keyword, arg.value) if arg is not None else _NO_ENTRY
    if isinstance(node, cst.Dict):
        for element in node.elements:
            key = element.key if isinstance(element, cst.DictElement) else None
            if isinstance(key, cst.SimpleString) and key.evaluated_value == "description":
                assert isinstance(element, cst.DictElement)
                return key, element.value
    return _NO_ENTRY
