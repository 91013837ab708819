"""Names after `as` in `with` statements that a fix leaves without a reader.

Owns which of them nothing else can read, and taking one out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.text.edits import Edit

_BY_STRING = re.compile(r"\b(?:locals|vars|eval|exec|dir)\s*\(")
_AS = re.compile(r"[ \t]+as[ \t]+")


def with_targets(scopes: Scopes) -> Iterator[Binding]:
    """The names after `as` that are variables of functions, and are read by their names alone."""
    if _BY_STRING.search(scopes.tree.text):
        return
    for scope in scopes.scopes.values():
        if scope.kind == "function":
            for name, bindings in scope.bindings.items():
                if name not in scope.elsewhere:
                    yield from (one for one in bindings if one.kind == "with" and one.whole)


def without_target(tree: Tree, binding: Binding, edits: Sequence[Edit]) -> Iterator[Edit]:
    """The edit that removes ` as name`, unless it is not on one line or `edits`, which are by
    position, change the place."""
    start, end = tree.span(binding.node)
    line = tree.lines.start(tree.lines.line_of(start))
    words = list(_AS.finditer(tree.text, line, start))
    if (
        not words
        or words[-1].end() != start
        or not isinstance(tree.parent(binding.node), cst.AsName)
    ):
        return
    low = words[-1].start()
    at = bisect_left(edits, low, key=lambda edit: edit.start)
    before = edits[at - 1].end if at else 0
    after = edits[at].start if at < len(edits) else end
    if before <= low and after >= end:
        yield Edit(low, end, "")
