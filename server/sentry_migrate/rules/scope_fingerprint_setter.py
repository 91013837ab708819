"""`scope.fingerprint = […]` stays as it is."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.rules._setters import is_target
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN113",
    name="scope-fingerprint-setter",
    kind="info",
    summary="assigning `scope.fingerprint` stays right; there is no `set_fingerprint()`",
    why="Unlike `user` and `level`, the fingerprint has no method, and its setter no warning.",
    safety="Nothing to change.",
    link=DETAILED_GUIDE,
    severity=Severity.HINT,
    deprecated=False,
    examples=(
        Ignores("def f(scope):\n    scope.fingerprint = ['a']\n"),
        Ignores("import sentry_sdk\nevent.fingerprint = ['a']\n"),
        Reports(
            "import sentry_sdk\n"
            "with sentry_sdk.push_scope() as scope:\n"
            "    scope.fingerprint = ['a']\n",
            remedy="Leave it",
        ),
    ),
)


@RULE.on("Scope.fingerprint")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if is_target(context, use):
        yield context.finding(use, remedy="Leave it as it is.")
