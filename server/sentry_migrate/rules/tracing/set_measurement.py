"""`set_measurement(n, v, u)` → `set_data(n, v)` on the transaction."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import OTHER_FORM
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.arguments import argument, keyword, remove, rename, value_text
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN408",
    name="set-measurement",
    kind="suggested",
    group="later",
    summary="`set_measurement()` is deprecated; use `set_data()`",
    why="It has warned since 2.28 and will be removed in 3.0.",
    safety="Unsafe: the value moves from the measurements to the trace's data and loses its unit.",
    link=DETAILED_GUIDE,
    since="2.28.0",
    examples=(
        Ignores("from mylib import set_measurement\nset_measurement('a', 1)\n"),
        Ignores("def f(transaction):\n    transaction.set_measurement('a', 1)\n"),
        Ignores("import sentry_sdk\nsentry_sdk.start_transaction(name='a').set_data('a', 1)\n"),
        Rewrites(
            "import sentry_sdk\n"
            "def measure(size=1):\n"
            "    sentry_sdk.set_measurement('size', size, 'byte')\n",
            "import sentry_sdk\n"
            "def measure(size=1):\n"
            "    transaction = sentry_sdk.get_current_scope().transaction\n"
            "    if transaction is not None:\n"
            "        transaction.set_data('size', size)\n",
            reason="the value is sent as data instead of a measurement, and its unit is lost",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "with sentry_sdk.start_transaction(name='a') as transaction:\n"
            "    transaction.set_measurement('size', 1)\n",
            "import sentry_sdk\n"
            "with sentry_sdk.start_transaction(name='a') as transaction:\n"
            "    transaction.set_data('size', 1)\n",
            reason="the value is sent as data instead of a measurement, and its unit is lost",
        ),
        Flags(
            "import sentry_sdk\ndef f(*args):\n    sentry_sdk.set_measurement(*args)\n",
            remedy="Call `set_data()` on the transaction if it is not `None`.",
        ),
    ),
)

_REASON = OTHER_FORM.about(
    "the value is sent as data instead of a measurement, and its unit is lost"
)
_REMEDY = "Call `set_data()` on the transaction if it is not `None`."


@RULE.on("sentry_sdk.set_measurement", "Transaction.set_measurement", "Span.set_measurement")
def check(use: Use, context: Context) -> Iterator[Draft]:
    call = use.call
    if call is None:
        return
    name, value = argument(call, "name", 0), argument(call, "value", 1)
    fix: FixDraft | None = None
    if name is not None and value is not None and not any(arg.star for arg in call.args):
        fix = context.fix("Replace with `set_data()`").unsafe(_REASON)
        try:
            if use.owner is not None and isinstance(use.node, cst.Attribute):
                _on_object(context, fix.replace(use.node.attr, "set_data"), call)
            else:
                given = f"({value_text(context, name)}, {value_text(context, value)})"
                fix = _top_level(context, fix, use, call, given)
        except NoName as error:
            yield context.finding(use, remedy=by_hand(error))
            return
    yield context.finding(use, fix, remedy="" if fix else _REMEDY)


def _on_object(context: Context, fix: FixDraft, call: cst.Call) -> None:
    """The method of the same object: another name of its first argument, and no unit."""
    unit, name = argument(call, "unit", 2), keyword(call, "name")
    if unit is not None:
        fix.add([remove(context, call, unit)])
    if name is not None:
        fix.add([rename(context, name, "key")])


def _top_level(
    context: Context, fix: FixDraft, use: Use, call: cst.Call, given: str
) -> FixDraft | None:
    """A whole statement becomes three lines."""
    statement = context.tree.statement(call)
    if not isinstance(context.parent(call), cst.Expr) or "#" in context.code(call):
        return None
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) > 1:
        return None
    lines, start = context.tree.lines, context.span(call)[0]
    indent, newline = lines.indent_at(start), lines.newline_at(start)
    scopes = context.scopes
    taken = {*scopes.scope_of(call).function().bindings, *scopes.loads}
    names = ("transaction", "sentry_transaction", "_transaction")
    variable = next((name for name in names if name not in taken), "_sentry_transaction")
    step = context.tree.module.default_indent
    current = fix.api("get_current_scope", use)
    parts = (
        f"{variable} = {current}().transaction",
        f"{indent}if {variable} is not None:",
        f"{indent}{step}{variable}.set_data{given}",
    )
    return fix.replace(call, newline.join(parts))
