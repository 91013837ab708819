"""Data set at start-up for the whole process → the global scope, as a choice."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._places import place_of
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN109",
    name="process-wide-data",
    kind="suggested",
    summary="Data set at start-up stays on the isolation scope of this thread in 2.x",
    why=(
        "1.x threads and greenlets start from the main hub's scope. In 2.x they start from an "
        "empty isolation scope unless the threading integration hands it on: tags set at import "
        "time or next to `init()` can vanish from their events."
    ),
    safety=(
        "Only offered as a choice: the global scope reaches every thread, but any other scope "
        "overrides it."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    quiet=True,
    examples=(
        Ignores("from mylib import init, set_tag\ninit()\nset_tag('a', 'b')\n"),
        Ignores("import sentry_sdk\ndef view():\n    sentry_sdk.set_tag('a', 'b')\n"),
        Reports(
            "import sentry_sdk\nsentry_sdk.init()\nsentry_sdk.set_tag('service', 'api')\n",
            remedy="get_global_scope",
        ),
    ),
)

_SETTERS = ("set_tag", "set_tags", "set_context", "set_extra", "set_user")


@RULE.on(*(f"sentry_sdk.{name}" for name in _SETTERS))
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None or not place_of(context, use.node).start_up:
        return
    name = use.trigger.rpartition(".")[2]
    fix = context.fix(f"Replace with `get_global_scope().{name}()`: for every thread")
    fix.unsafe("any other scope overrides the global one")
    try:
        fix.edit(use.start, use.end, f"{fix.api('get_global_scope', use)}().{name}")
    except NoName:
        return
    assert isinstance(use.node, cst.BaseExpression)
    yield context.finding(
        use,
        alternatives=[fix],
        remedy="Use `sentry_sdk.get_global_scope()` for what every event of the process carries.",
    )
