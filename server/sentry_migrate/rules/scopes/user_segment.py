"""`set_user({"segment": …})` no longer affects sampling."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.arguments import argument, keyword
from sentry_migrate.rewrite.scope_setters import assignment
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN117",
    name="user-segment",
    kind="info",
    group="info",
    summary="The user's `segment` is no longer part of the trace's baggage in 2.x",
    why=(
        "It is still sent with events, but dynamic sampling rules on `trace.user.segment` no "
        "longer match."
    ),
    safety="No fix: a tag is a different field.",
    link=DETAILED_GUIDE,
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from mylib import set_user\nset_user({'segment': 'vip'})\n"),
        Ignores("import sentry_sdk\nsentry_sdk.set_user({'id': 1})\n"),
        Ignores("import sentry_sdk\nsentry_sdk.set_tag('segment', 'vip')\n"),
        Flags(
            "import sentry_sdk\nsentry_sdk.set_user({'id': 1, 'segment': 'vip'})\n",
            remedy="Also set it with `set_tag()` if you search for it.",
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
        yield context.finding(use, remedy="Also set it with `set_tag()` if you search for it.")


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
