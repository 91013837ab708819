"""`sentry_sdk.last_event_id()`, which the first releases of 2.x lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.python.caught import ALL, caught_by

_REMEDY = "Keep the ID that `capture_*()` returns, or require sentry-sdk 2.4."

RULE = Rule(
    code="SEN118",
    name="last-event-id",
    kind="manual",
    summary=(
        "`last_event_id()` is missing in sentry-sdk 2.0 and 2.1, and fails in forked scopes of "
        "2.2 and 2.3"
    ),
    why=(
        "2.0 removed `last_event_id()`: the import, or the call, fails. 2.2 brought it back, but "
        "up to 2.3 it raises `AttributeError` in a forked scope. From 2.4 on it works, and this "
        "rule is silent."
    ),
    safety="No fix: which captured event is meant has to be known.",
    link=GUIDE + "#api",
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("import sentry_sdk\nprint(sentry_sdk.last_event_id())\n"),
        Ignores("from sentry_sdk import last_event_id\n", sdk_version="2.4"),
        Ignores("from sentry_sdk import last_event_id\n", sdk_version="2.2"),
        Ignores("from mylib import last_event_id\nlast_event_id()\n", sdk_version="2.0"),
        Ignores(
            "import sentry_sdk\nlast_event_id = sentry_sdk.capture_message('x')\n",
            sdk_version="2.0",
        ),
        Ignores(
            "try:\n    from sentry_sdk import last_event_id\nexcept ImportError:\n    pass\n",
            sdk_version="2.0",
        ),
        Ignores(
            "import sentry_sdk\n"
            "try:\n"
            "    print(sentry_sdk.last_event_id())\n"
            "except AttributeError:\n"
            "    pass\n",
            sdk_version="2.0",
        ),
        Flags(
            "from sentry_sdk import last_event_id\nprint(last_event_id())\n",
            remedy=_REMEDY,
            sdk_version="2.0",
        ),
        Flags("from sentry_sdk import last_event_id\n", remedy=_REMEDY, sdk_version="2.0"),
        Flags(
            "import sentry_sdk\nprint(sentry_sdk.last_event_id())\n",
            remedy=_REMEDY,
            sdk_version="2.3",
        ),
    ),
)

_NAME = "sentry_sdk.last_event_id"


@RULE.gather
def gather(context: Context, _drafts: Sequence[Draft]) -> Iterator[Draft]:
    if context.has("last_event_id"):
        return
    imports = [use for use in context.uses if use.trigger == f"import:={_NAME}"]
    if any(caught_by(context.tree, use.node, *ALL, "ImportError") for use in imports):
        return
    used = [
        use
        for use in context.uses
        if use.trigger == _NAME
        and (use.call is not None or not isinstance(context.parent(use.node), cst.Attribute))
        and not caught_by(context.tree, use.node, *ALL, "AttributeError")
    ]
    works = context.at_least(2, 2)
    for use in used or ([] if works else imports):
        yield context.finding(use, remedy=_REMEDY)
