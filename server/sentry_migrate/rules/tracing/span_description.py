"""`start_span(description=…)` → `start_span(name=…)`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from sentry_migrate.doubts import OTHER_FORM
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.effects import Effects
from sentry_migrate.rewrite.arguments import keyword, positional, remove, rename
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
    if use.call is None or _makes_transaction(context, use.call):
        return
    fix = _fix(context, use.call)
    if fix is None:
        return
    if keyword(use.call, "name") is not None:
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


def _may_be_empty(context: Context, value: cst.BaseExpression) -> bool:
    """Whether a value says that it may be no text: here, where its variable is bound, or where the
    function is called in this file."""
    if isinstance(value, cst.FormattedString) and len(value.parts) == 1:
        (part,) = value.parts  # `f"{sql}"`
        value = part.expression if isinstance(part, cst.FormattedStringExpression) else value
    values = [value]
    if isinstance(value, cst.Name):
        for binding in context.scopes.reaching(value):
            if isinstance(binding.node, cst.Param):
                values.extend(_passed(context, binding.node))
            elif isinstance(binding.value, cst.BaseExpression):
                values.append(binding.value)
    return any(_is_empty(part) for one in values for part in _outcomes(one))


def _passed(context: Context, param: cst.Param) -> Iterator[cst.BaseExpression]:
    """What a parameter is by default, and what calls in this file give it."""
    if param.default is not None:
        yield param.default
    given = context.parent(param)
    function = context.parent(given) if given is not None else None
    if not isinstance(given, cst.Parameters) or not isinstance(function, cst.FunctionDef):
        return
    index = next((at for at, one in enumerate(given.params) if one is param), -1)
    reads = context.scopes.reads_of_definition(function)
    calls = [call for read in reads if isinstance(call := context.parent(read), cst.Call)]
    if isinstance(context.function(function), cst.ClassDef):
        calls, index = list(_of_methods(context).get(function.name.value, ())), index - 1
    for call in calls:
        arg = keyword(call, param.name.value) or (positional(call, index) if index >= 0 else None)
        if arg is not None:
            yield arg.value


@remembered
def _of_methods(context: Context) -> Mapping[str, Sequence[cst.Call]]:
    """By name, the calls of methods, of whatever class."""
    found: dict[str, list[cst.Call]] = {}
    for call in context.tree.nodes(cst.Call):
        if isinstance(call.func, cst.Attribute):
            found.setdefault(call.func.attr.value, []).append(call)
    return found


def _outcomes(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The parts of an expression of which one may be its value."""
    if isinstance(value, cst.IfExp):
        yield from (*_outcomes(value.body), *_outcomes(value.orelse))
    elif isinstance(value, cst.BooleanOperation):
        yield from (*_outcomes(value.left), *_outcomes(value.right))
    elif isinstance(value, cst.Call):
        # A default: `d.get("sql", "")`, `getattr(o, "sql", "")`, `str()`.
        yield from (arg.value for arg in value.args[1:])
        if isinstance(value.func, cst.Attribute) or not value.args:
            yield value
    else:
        yield value


def _is_empty(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.SimpleString | cst.ConcatenatedString):
        return value.evaluated_value in ("", b"")
    if isinstance(value, cst.Integer | cst.Float):
        return not value.evaluated_value
    if isinstance(value, cst.Call):
        if isinstance(value.func, cst.Attribute):
            return value.func.attr.value in _SHORTENING
        return isinstance(value.func, cst.Name) and value.func.value == "str"
    return isinstance(value, cst.FormattedString) and not value.parts


_SHORTENING = frozenset(
    (
        *("join", "lstrip", "removeprefix", "removesuffix", "replace", "rstrip", "strip"),
        "translate",
    )
)
"""Methods of texts that may give an empty one."""


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
        fix.unsafe(EMPTY if _may_be_empty(context, given.value) else None)
        return fix.add([rename(context, given, "name")])
    for arg in call.args:
        if arg.star == "**":
            key, value = _key(context, arg.value)
            if value is not None and _may_be_empty(context, value):
                fix.unsafe(EMPTY)
            if isinstance(key, cst.SimpleString):
                return fix.replace(key, key.prefix + key.quote + "name" + key.quote)
            if key is not None:
                return fix.replace(key, "name")
    return None


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
        return _key(context, binding.value) if isinstance(binding.value, cst.Dict) else _NO_ENTRY
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
