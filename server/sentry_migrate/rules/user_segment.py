"""`set_user({"segment": …})` no longer steers sampling."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._arguments import argument, keyword
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.rules._setters import assignment
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN117",
    name="user-segment",
    kind="info",
    summary="`segment` of the user is no longer part of the trace's baggage",
    why=(
        "It is still sent with events, but dynamic sampling rules that ask for "
        "`trace.user.segment` no longer match."
    ),
    safety="Nothing is rewritten: a tag is another field.",
    link=DETAILED_GUIDE,
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from mylib import set_user\nset_user({'segment': 'vip'})\n"),
        Ignores("import sentry_sdk\nsentry_sdk.set_user({'id': 1})\n"),
        Ignores("import sentry_sdk\nsentry_sdk.set_tag('segment', 'vip')\n"),
        Reports(
            "import sentry_sdk\nsentry_sdk.set_user({'id': 1, 'segment': 'vip'})\n",
            remedy="set_tag",
        ),
    ),
)


@RULE.on("sentry_sdk.set_user", "Scope.set_user", "Scope.user")
def check(use: Use, context: Context) -> Iterator[Draft]:
    given: cst.BaseExpression | None = None
    if use.call is not None:
        arg = argument(use.call, "value", 0)
        given = arg.value if arg is not None else None
    else:
        assign = assignment(context, use)
        given = assign.value if assign is not None else None
    if _has_segment(given):
        yield context.finding(use, remedy="Set it with `set_tag()` too, if it is searched for.")


def _has_segment(node: cst.BaseExpression | None) -> bool:
    if isinstance(node, cst.Dict):
        return any(
            isinstance(element, cst.DictElement)
            and isinstance(element.key, cst.SimpleString)
            and element.key.evaluated_value == "segment"
            for element in node.elements
        )
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
        return node.func.value == "dict" and keyword(node, "segment") is not None
    return False
