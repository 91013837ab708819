"""`"raven-sentry.BackgroundWorker"` → `"sentry-sdk.BackgroundWorker"`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule

_OLD, _NEW = "raven-sentry.BackgroundWorker", "sentry-sdk.BackgroundWorker"

RULE = Rule(
    code="SEN607",
    name="background-worker-name",
    kind="safe",
    summary="The thread that sends events is called `sentry-sdk.BackgroundWorker` in 2.x",
    why="2.0 renamed the thread; code that looks for the old name no longer finds it.",
    safety="Safe: only a string that is exactly the old name is replaced.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    deprecated=False,
    examples=(
        Ignores('"""Waits for raven-sentry.BackgroundWorker to end."""\n'),
        Ignores(
            "names = ('raven-sentry.BackgroundWorker', 'sentry-sdk.BackgroundWorker')\n",
        ),
        Ignores("# raven-sentry.BackgroundWorker\nimport sentry_sdk\n"),
        Rewrites(
            "# sentry-sdk.BackgroundWorker\nname = 'raven-sentry.BackgroundWorker'\n",
            "# sentry-sdk.BackgroundWorker\nname = 'sentry-sdk.BackgroundWorker'\n",
        ),
        Rewrites(
            "import threading\n"
            "def workers():\n"
            "    names = [thread.name for thread in threading.enumerate()]\n"
            '    return names.count("raven-sentry.BackgroundWorker")\n',
            "import threading\n"
            "def workers():\n"
            "    names = [thread.name for thread in threading.enumerate()]\n"
            '    return names.count("sentry-sdk.BackgroundWorker")\n',
        ),
    ),
)


@RULE.gather
def check(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    text = context.tree.text
    if _OLD not in text:
        return
    nodes = context.tree.nodes
    strings = [*nodes(cst.SimpleString), *nodes(cst.FormattedString)]
    if any(_NEW in context.code(node) for node in strings):
        return  # code that knows both names supports both; a comment does not make it so
    for node in context.tree.nodes(cst.SimpleString):
        start, end = context.span(node)
        if node.evaluated_value == _OLD and not isinstance(context.parent(node), cst.Expr):
            at = text.find(_OLD, start, end)
            if at >= 0:
                fix = context.fix(f"Replace with `{_NEW}`").edit(at, at + len(_OLD), _NEW)
                yield Draft(start, end, fix)
