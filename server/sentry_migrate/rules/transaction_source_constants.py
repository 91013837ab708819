"""`TRANSACTION_SOURCE_TASK` → `"task"`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._moved import inline, quoted, through_module
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

_NAMES = [
    f"{module}.TRANSACTION_SOURCE_{kind}"
    for module in ("sentry_sdk.tracing", "sentry_sdk.metrics")
    for kind in ("COMPONENT", "CUSTOM", "ROUTE", "TASK", "URL", "VIEW")
]

RULE = Rule(
    code="SEN409",
    name="transaction-source-constants",
    kind="safe",
    summary="the `TRANSACTION_SOURCE_*` constants are gone; write the string",
    why=(
        "Since 2.23 the import raises `ImportError`: the constants became the string enum "
        "`sentry_sdk.tracing.TransactionSource`. The strings they stood for work in every version."
    ),
    safety="Safe: the constants are these strings in 1.x.",
    link=DETAILED_GUIDE,
    since="2.23.1",
    severity=Severity.ERROR,
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
            "from sentry_sdk import tracing\nprint(f'{tracing.TRANSACTION_SOURCE_VIEW}')\n",
            "print(f'{\"view\"}')\n",
        ),
        Reports("from sentry_sdk.tracing import TRANSACTION_SOURCE_ROUTE\n", remedy='"route"'),
    ),
)


@RULE.on(*(f"import:{name}" for name in _NAMES))
def check_import(use: Use, context: Context) -> Iterator[Draft]:
    text = _literal(use)
    fix = inline(context, use, text, f"Replace with `{text}`")
    remedy = "" if fix else f"Drop the import and write `{text}` where the name is used."
    yield context.finding(use, fix, remedy=remedy)


@RULE.on(*_NAMES)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if through_module(use):
        text = _literal(use)
        fix = context.fix(f"Replace with `{text}`").replace(
            use.node, quoted(context, use.node, text)
        )
        yield context.finding(use, fix)


def _literal(use: Use) -> str:
    return '"' + use.trigger.rpartition("_")[2].lower() + '"'
