"""Findings for words that nothing connects with `init()`, and that 2.x refuses if it gets them.

Owns making them for a text whose project gives `init()` options from somewhere that cannot be
followed. Refuses to know whether the project does: the run knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import PurePath

import libcst as cst

from sentry_migrate.engine.selection import chosen_rules, severities
from sentry_migrate.kit.suppressions import Suppressions
from sentry_migrate.model import CheckResult, Finding
from sentry_migrate.project.config import Settings
from sentry_migrate.python.tree import Tree
from sentry_migrate.rules import RULES
from sentry_migrate.sdk.spelled_options import option_of, spelled_options
from sentry_migrate.text.lines import LineIndex

_RULES = {
    "with_locals": ("init-with-locals", "include_local_variables"),
    "request_bodies": ("init-request-bodies", "max_request_body_size"),
}


def refused_options(
    text: str, places: Collection[int], settings: Settings, path: PurePath | None
) -> Iterator[tuple[str, Finding]]:
    """The findings for the words in some 1-based lines, each with the name of what it is in."""
    if not places:
        return
    tree, lines = Tree.of(text), LineIndex(text)
    active, levels = chosen_rules(settings, path), severities(settings)
    suppressions = Suppressions(lines, tree.quoted)
    for node in spelled_options(tree):
        start, end = tree.span(node)
        holder = _holder(tree, node)
        if not holder or lines.line_of(start) + 1 not in places:
            continue
        option = option_of(node) if isinstance(node, cst.SimpleString) else text[start:end]
        name, new = _RULES[option]
        rule = RULES[name]
        if name not in active or suppressions.cover(start, rule.code, name):
            continue
        remedy = f"Find out whether `init()` gets it. If so, rename it to `{new}` where it is "
        yield (
            holder,
            Finding(
                code=rule.code,
                name=name,
                message=f"2.x refuses to start with `{option}`, if `init()` gets it",
                start=start,
                end=end,
                severity=levels.get(name, rule.severity),
                url=rule.page,
                fix=None,
                remedy=remedy + "given and where it is read.",
                deprecated=rule.deprecated,
                group=rule.group,
                suppression=suppressions.suppressing(start, rule.code),
            ),
        )


def without_used(text: str, result: CheckResult) -> CheckResult:
    """The result without what is said of comments that suppress such findings, or would."""
    lines = LineIndex(text) if result.spelled else None
    kept = (
        one
        for one in result.findings
        if lines is None
        or one.name != "unused-suppression"
        or lines.line_of(one.start) + 1 not in result.spelled
    )
    return replace(result, findings=tuple(kept))


def _holder(tree: Tree, node: cst.CSTNode) -> str:
    """The name of the dictionary that a word is in: its key or variable, or the function that
    returns it; empty where nothing names it."""
    above = tree.parent(node)
    while above is not None:
        if isinstance(above, cst.DictElement) and above.key is not node:
            return above.key.raw_value if isinstance(above.key, cst.SimpleString) else ""
        if isinstance(above, cst.Subscript):
            return _named(tree, above.value)
        if isinstance(above, cst.Call) and isinstance(above.func, cst.Attribute):
            return _named(tree, above.func.value)
        if isinstance(above, cst.Assign):
            return _named(tree, above.targets[0].target)
        if isinstance(above, cst.AnnAssign):
            return _named(tree, above.target)
        if isinstance(above, cst.Return):
            function = tree.enclosing(above, cst.FunctionDef)
            return function.name.value if isinstance(function, cst.FunctionDef) else ""
        node, above = above, tree.parent(above)
    return ""


def _named(tree: Tree, node: cst.BaseExpression) -> str:
    """The name of a variable; of one that a function returns, the function's."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    if not isinstance(node, cst.Name):
        return ""
    function = tree.enclosing(node, cst.FunctionDef)
    if function is not None:
        for one in tree.nodes(cst.Return):
            if tree.enclosing(one, cst.FunctionDef) is function:
                if isinstance(one.value, cst.Name) and one.value.value == node.value:
                    return function.name.value
    return node.value
