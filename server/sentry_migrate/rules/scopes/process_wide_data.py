"""Data set at startup for the whole process → the global scope, as a choice."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import PRECEDENCE
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Alternative, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.init_order import timing_of
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN109",
    name="process-wide-data",
    kind="suggested",
    group="info",
    summary="Data set at startup stays on the isolation scope of this thread in 2.x",
    why=(
        "In 1.x, threads and greenlets start with the main hub's scope. In 2.x they start with "
        "an empty isolation scope unless the threading integration passes it on, so tags set at "
        "import time or next to `init()` can be missing from their events."
    ),
    safety=(
        "Offered only as a choice: the global scope reaches every thread, but every other scope "
        "overrides it."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from mylib import init, set_tag\ninit()\nset_tag('a', 'b')\n"),
        Ignores("import sentry_sdk\ndef view():\n    sentry_sdk.set_tag('a', 'b')\n"),
        Flags(
            "import sentry_sdk\nsentry_sdk.init()\nsentry_sdk.set_tag('service', 'api')\n",
            remedy=(
                "Use `sentry_sdk.get_global_scope()` for data that every event of the process "
                "should have."
            ),
            alternatives=(
                Alternative(
                    "import sentry_sdk\n"
                    "sentry_sdk.init()\n"
                    "sentry_sdk.get_global_scope().set_tag('service', 'api')\n",
                    reason=(
                        "every other scope overrides the global scope, and it is shared by the "
                        "whole process"
                    ),
                ),
            ),
        ),
    ),
)

_SETTERS = ("set_tag", "set_tags", "set_context", "set_extra", "set_user")


@RULE.on(*(f"sentry_sdk.{name}" for name in _SETTERS))
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None or not timing_of(context, use.node).startup:
        return
    name = use.trigger.rpartition(".")[2]
    fix = context.fix(f"Replace with `get_global_scope().{name}()`")
    fix.unsafe(PRECEDENCE)
    try:
        fix.edit(use.start, use.end, fix.member("get_global_scope", name, use))
    except NoName:
        return
    assert isinstance(use.node, cst.BaseExpression)
    yield context.finding(
        use,
        alternatives=[fix],
        remedy=(
            "Use `sentry_sdk.get_global_scope()` for data that every event of the process should "
            "have."
        ),
    )
