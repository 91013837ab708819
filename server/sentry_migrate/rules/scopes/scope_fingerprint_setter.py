"""`scope.fingerprint = […]` stays as it is."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.scope_setters import is_target
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN113",
    name="scope-fingerprint-setter",
    kind="info",
    group="info",
    summary="Assigning to `scope.fingerprint` is still correct; there is no `set_fingerprint()`",
    why=(
        "Unlike `user` and `level`, `fingerprint` has no setter method, and assigning to it does "
        "not warn."
    ),
    safety="Nothing to change.",
    link=DETAILED_GUIDE,
    severity=Severity.HINT,
    deprecated=False,
    examples=(
        Ignores("def f(scope):\n    scope.fingerprint = ['a']\n"),
        Ignores("import sentry_sdk\nevent.fingerprint = ['a']\n"),
        Flags(
            "import sentry_sdk\n"
            "with sentry_sdk.push_scope() as scope:\n"
            "    scope.fingerprint = ['a']\n",
            remedy="Keep the assignment.",
        ),
    ),
)


@RULE.on("Scope.fingerprint")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if is_target(context, use):
        yield context.finding(use, remedy="Keep the assignment.")
