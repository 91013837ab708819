"""Code that still runs on Python 2.7 or 3.5."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.python.bindings import dotted

RULE = Rule(
    code="SEN902",
    name="python-drop",
    kind="info",
    group="info",
    summary="2.x needs Python 3.6, but this file has code for an older version",
    why="No sentry-sdk 2.x supports Python 2.7 or 3.5, and 3.0 needs 3.7.",
    safety="No fix: stay on 1.45.1 for as long as you run on such a version.",
    link=GUIDE + "#python-version-support",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("import sys\nimport sentry_sdk\nif sys.version_info >= (3, 8):\n    pass\n"),
        Ignores("from __future__ import annotations\nimport sentry_sdk\n"),
        Ignores("import sys\nimport sentry_sdk\nprint(sys.version_info)\n"),
        Flags(
            "import sys\nimport sentry_sdk\nif sys.version_info[0] < 3:\n    text = None\n",
            remedy="Stay on sentry-sdk 1.45.1, or drop support for the old Python version.",
        ),
        Flags(
            "from __future__ import print_function\nimport sentry_sdk\n",
            remedy="Stay on sentry-sdk 1.45.1, or drop support for the old Python version.",
        ),
    ),
)

_FUTURE = frozenset(("print_function", "unicode_literals"))


@RULE.gather
def check(context: Context, _drafts: Sequence[Draft]) -> Iterator[Draft]:
    places = [*_futures(context), *_tests(context)]
    if places:
        start, end = min(map(context.span, places))
        yield Draft(
            start,
            end,
            remedy="Stay on sentry-sdk 1.45.1, or drop support for the old Python version.",
        )


def _futures(context: Context) -> Iterator[cst.CSTNode]:
    for statement in context.tree.nodes(cst.ImportFrom):
        if statement.module is not None and dotted(statement.module) == "__future__":
            for alias in statement.names if not isinstance(statement.names, cst.ImportStar) else ():
                if dotted(alias.name) in _FUTURE:
                    yield alias


def _tests(context: Context) -> Iterator[cst.CSTNode]:
    """Comparisons of `sys.version_info` with a version below 3.6."""
    for node in context.tree.nodes(cst.Comparison):
        left = context.code(node.left)
        if len(node.comparisons) != 1 or not left.startswith("sys.version_info"):
            continue
        right = re.findall(r"\d+", context.code(node.comparisons[0].comparator))
        version = tuple(map(int, right[:2]))
        major = left in ("sys.version_info[0]", "sys.version_info.major")
        if (major and version <= (3,)) or (not major and version and version < (3, 6)):
            yield node
