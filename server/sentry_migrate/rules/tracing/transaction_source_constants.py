"""`TRANSACTION_SOURCE_TASK` → `"task"`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.imported_names import inline, quoted, through_module
from sentry_migrate.sdk.uses import Use

_NAMES = [
    f"sentry_sdk.tracing.TRANSACTION_SOURCE_{kind}"
    for kind in ("COMPONENT", "CUSTOM", "ROUTE", "TASK", "URL", "VIEW")
]

RULE = Rule(
    code="SEN409",
    name="transaction-source-constants",
    kind="safe",
    summary="The `TRANSACTION_SOURCE_*` constants were removed; use the strings",
    messages=("`…` was removed; use the string …",),
    why=(
        "Since 2.23 the import raises `ImportError`: the constants became the string enum "
        "`sentry_sdk.tracing.TransactionSource`. The strings they stood for work in every "
        "version."
    ),
    safety="Safe: in 1.x the constants are these strings.",
    link=DETAILED_GUIDE,
    since="2.23.1",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores(
            "import sentry_sdk\nTRANSACTION_SOURCE_TASK = 'task'\nprint(TRANSACTION_SOURCE_TASK)\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "from sentry_sdk.tracing import TransactionSource\n"
            "print(TransactionSource.TASK)\n"
        ),
        Ignores(
            "try:\n"
            "    from sentry_sdk.tracing import TransactionSource\n"
            "    TASK = TransactionSource.TASK\n"
            "except ImportError:\n"
            "    from sentry_sdk.tracing import TRANSACTION_SOURCE_TASK as TASK\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "from mylib.tracing import TRANSACTION_SOURCE_URL\n"
            "print(TRANSACTION_SOURCE_URL)\n"
        ),
        Rewrites(
            "import sentry_sdk\n"
            "from sentry_sdk.tracing import TRANSACTION_SOURCE_TASK\n"
            "\n"
            'with sentry_sdk.start_transaction(name="job", source=TRANSACTION_SOURCE_TASK):\n'
            "    pass\n",
            "import sentry_sdk\n"
            "\n"
            'with sentry_sdk.start_transaction(name="job", source="task"):\n'
            "    pass\n",
        ),
        Rewrites(
            "from sentry_sdk.tracing import TRANSACTION_SOURCE_URL as URL, Transaction\n"
            "def begin(name):\n"
            "    return Transaction(name=name, source=URL)\n",
            "from sentry_sdk.tracing import Transaction\n"
            "def begin(name):\n"
            '    return Transaction(name=name, source="url")\n',
        ),
        Rewrites(
            "from sentry_sdk.integrations.wsgi import TRANSACTION_SOURCE_ROUTE\n"
            "def source():\n"
            "    return TRANSACTION_SOURCE_ROUTE\n",
            'def source():\n    return "route"\n',
        ),
        Rewrites(
            "from sentry_sdk import tracing\nprint(f'{tracing.TRANSACTION_SOURCE_VIEW}')\n",
            "print(f'{\"view\"}')\n",
        ),
        Flags(
            "from sentry_sdk.tracing import TRANSACTION_SOURCE_ROUTE\n",
            remedy=('Remove the import and write `"route"` where the name is used.'),
        ),
    ),
)


@RULE.on(*(f"import:={name}" for name in _NAMES))
def check_import(use: Use, context: Context) -> Iterator[Draft]:
    text = _literal(use)
    fix = inline(context, use, text, f"Replace with `{text}`")
    remedy = "" if fix else f"Remove the import and write `{text}` where the name is used."
    yield context.finding(use, fix, remedy=remedy, message=_message(use))


@RULE.on(*_NAMES)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if through_module(use):
        text = _literal(use)
        fix = context.fix(f"Replace with `{text}`").replace(
            use.node, quoted(context, use.node, text)
        )
        yield context.finding(use, fix, message=_message(use))


def _message(use: Use) -> str:
    return f"`{use.trigger.rpartition('.')[2]}` was removed; use the string {_literal(use)}"


def _literal(use: Use) -> str:
    return '"' + use.trigger.rpartition("_")[2].lower() + '"'
