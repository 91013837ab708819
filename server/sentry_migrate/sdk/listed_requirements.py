"""Requirements that strings of Python code are: of lists for a setup script, and of commands.

Owns telling these from strings that only look so: by the name of a list, or by the words around.
Refuses to know what is wrong with a specifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import libcst as cst

from sentry_migrate.project.loose_pins import installed_loosely
from sentry_migrate.project.mentions import PACKAGE
from sentry_migrate.project.requirement_lines import (
    QUOTED,
    Requirement,
    in_string,
    lines,
    requirement,
)
from sentry_migrate.python.tree import Tree

_LISTS = re.compile(
    r"(?:[a-z]+_)*(?:req|reqs|requires?|requirements?|deps|dependenc(?:y|ies)|extras|packages)"
    r"(?:_(?:require|dev|test|tests|list))?",
    re.IGNORECASE,
)
"""Names of lists of requirements, and of setuptools' arguments for them."""
_RUNS = frozenset(
    (
        *("run", "call", "check_call", "check_output", "Popen", "system", "popen", "sudo", "local"),
        *("getoutput", "getstatusoutput", "create_subprocess_shell", "shell", "sh", "install"),
    )
)
"""Functions that are given a command, in the standard library and in tools for tasks."""
_SPLIT = frozenset(("split", "splitlines"))


def in_setup(tree: Tree, string: cst.SimpleString) -> Iterator[Requirement]:
    """The requirements that a string of a setup script holds: one, one in each line of a list, or
    one in each word of what is split."""
    text, (start, end) = tree.text, tree.span(string)
    one = QUOTED.fullmatch(text, start + len(string.prefix), end)
    if one is not None and (found := in_string(one)):
        yield found
        return
    split = _is_split(tree, string)
    if split or _LISTS.fullmatch(_holder(tree, string)):
        every = [*lines(text[start:end], None)]
        for word in re.finditer(r"[^\s\"']+", text[start:end]) if split and not every else ():
            every += filter(None, [requirement(word[0], word.start())])
        yield from (replace(one, start=one.start + start, end=one.end + start) for one in every)


def in_code(tree: Tree) -> Iterator[Requirement]:
    """The requirements in other code: of lists that are named for that, and of commands."""
    if PACKAGE.search(tree.text) is None:
        return
    for string in tree.nodes(cst.SimpleString):
        if PACKAGE.search(string.value) is None:
            continue
        if _is_listed(tree, string) or _is_word_of_command(tree, string):
            yield from in_setup(tree, string)
        elif _runs(tree, tree.parent(string)):
            start = tree.span(string)[0]
            for one in installed_loosely(string.value):
                yield replace(one, start=one.start + start, end=one.end + start)


def _is_split(tree: Tree, string: cst.SimpleString) -> bool:
    """Whether it is `"…".split()`."""
    member = tree.parent(string)
    return (
        isinstance(member, cst.Attribute)
        and member.value is string
        and member.attr.value in _SPLIT
        and isinstance(tree.parent(member), cst.Call)
    )


def _holder(tree: Tree, node: cst.CSTNode) -> str:
    """The name of the argument or variable that a value is for."""
    parent = tree.parent(node)
    if isinstance(parent, cst.Arg) and parent.keyword is not None:
        return parent.keyword.value
    targets: list[cst.BaseExpression] = []
    if isinstance(parent, cst.Assign):
        targets += (one.target for one in parent.targets)
    elif isinstance(parent, cst.AnnAssign | cst.AugAssign):
        targets.append(parent.target)
    return next((one.value for one in targets if isinstance(one, cst.Name)), "")


def _is_listed(tree: Tree, string: cst.SimpleString) -> bool:
    """Whether a module's list that is named so holds a string, at any depth."""
    node: cst.CSTNode | None = string
    if _is_split(tree, string):
        node = tree.parent(tree.parent(string) or string)
    inside = node is not string
    while node is not None:
        above = tree.parent(node)
        if inside and _LISTS.fullmatch(_holder(tree, node)):
            return tree.enclosing(node, cst.FunctionDef, cst.Lambda) is None
        if isinstance(above, cst.DictElement) and above.key is node:
            return False
        if not isinstance(
            above, cst.Element | cst.List | cst.Tuple | cst.Set | cst.DictElement | cst.Dict
        ):
            return False
        inside, node = True, above
    return False


def _is_word_of_command(tree: Tree, string: cst.SimpleString) -> bool:
    """Whether it stands after `"pip"` and `"install"` in a list, or in the arguments of a call."""
    item = tree.parent(string)
    around = tree.parent(item) if item is not None else None
    items: list[cst.BaseExpression] = []
    if isinstance(item, cst.Element) and isinstance(around, cst.List | cst.Tuple):
        items += (one.value for one in around.elements)
    elif isinstance(item, cst.Arg) and isinstance(around, cst.Call) and _runs(tree, item):
        items += (one.value for one in around.args)
    words = [one.raw_value for one in items if isinstance(one, cst.SimpleString)]
    before = words[: words.index(string.raw_value)] if string.raw_value in words else []
    return "install" in before and any(one in before for one in ("pip", "pip3", "pipx", "uv"))


def _runs(tree: Tree, item: cst.CSTNode | None) -> bool:
    """Whether an argument is given to a function that runs a command."""
    call = tree.parent(item) if isinstance(item, cst.Arg) else None
    if not isinstance(call, cst.Call):
        return False
    func = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    return isinstance(func, cst.Name) and func.value in _RUNS
