"""Where a text spells the options that 2.x refuses, whatever they are there.

Owns telling places that give or read an option of some dictionary from words that are something
else. Refuses to know which dictionaries reach `init()`.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.project.held_options import REFUSED, RENAMED
from sentry_migrate.python.tree import Tree

_READS = frozenset(("get", "pop"))
_ARGUMENTS = {f"--{name.replace('_', '-')}": name for name in REFUSED}
"""How a program's arguments are written, whose names have underscores."""


def option_of(text: cst.SimpleString) -> str:
    """The option that a string names: itself, or an argument of the program."""
    return _ARGUMENTS.get(text.raw_value, text.raw_value)


def renamed_options(tree: Tree) -> Iterator[tuple[str, cst.CSTNode]]:
    """The strings and keywords that are such a name or what 2.x calls it, with the former."""
    for old, new in RENAMED.items():
        if old in tree.text or new in tree.text:
            named = (one.keyword for one in tree.nodes(cst.Arg) if one.keyword is not None)
            yield from ((old, one) for one in named if one.value in (old, new))
            texts = tree.nodes(cst.SimpleString)
            yield from ((old, one) for one in texts if one.raw_value in (old, new))


def spelled_options(tree: Tree) -> Iterator[cst.CSTNode]:
    """The strings, keywords and fields of classes that are such a name."""
    if not any(name in tree.text for name in (*REFUSED, *_ARGUMENTS)):
        return
    for text in tree.nodes(cst.SimpleString):
        if option_of(text) in REFUSED and not isinstance(tree.parent(text), cst.Expr):
            yield text
    for arg in tree.nodes(cst.Arg):
        if arg.keyword is not None and arg.keyword.value in REFUSED:
            if not _is_parameter(tree, arg, arg.keyword.value):
                yield arg.keyword
    annotated = (one.target for one in tree.nodes(cst.AnnAssign))
    for field in (*annotated, *(one.target for one in tree.nodes(cst.AssignTarget))):
        if isinstance(field, cst.Name) and field.value in REFUSED:
            if isinstance(tree.enclosing(field, cst.ClassDef, cst.FunctionDef), cst.ClassDef):
                yield field


def read_of(tree: Tree, text: cst.SimpleString) -> cst.BaseExpression | None:
    """The dictionary of which an option is read or taken: `o["key"]`, `o.get("key")`,
    `o.pop("key")`, `"key" in o`, `del o["key"]`."""
    parent = tree.parent(text)
    if isinstance(parent, cst.Index):
        item = tree.parent(tree.parent(parent) or parent)
        given = isinstance(tree.parent(item), cst.AssignTarget) if item is not None else True
        return item.value if isinstance(item, cst.Subscript) and not given else None
    if isinstance(parent, cst.Comparison):
        inside = len(parent.comparisons) == 1 and parent.left is text
        target = parent.comparisons[0]
        if inside and isinstance(target.operator, cst.In | cst.NotIn):
            return target.comparator
    call = tree.parent(parent) if isinstance(parent, cst.Arg) else None
    if isinstance(call, cst.Call) and call.args[0] is parent:
        func = call.func
        if isinstance(func, cst.Attribute) and func.attr.value in _READS:
            return func.value
    return None


def _is_parameter(tree: Tree, arg: cst.Arg, name: str) -> bool:
    """Whether an argument is for a parameter of that name, of a function of the text."""
    call = tree.parent(arg)
    func = call.func if isinstance(call, cst.Call) else None
    called = func.attr if isinstance(func, cst.Attribute) else func
    if not isinstance(called, cst.Name):
        return False
    for function in tree.nodes(cst.FunctionDef):
        holder = tree.enclosing(function, cst.ClassDef, cst.FunctionDef)
        made = function.name.value == "__init__" and isinstance(holder, cst.ClassDef)
        own = holder.name.value if made and isinstance(holder, cst.ClassDef) else ""
        if called.value in (function.name.value, own):
            every = (*function.params.params, *function.params.kwonly_params)
            if any(one.name.value == name for one in every):
                return True
    return False


def holder_of(tree: Tree, node: cst.CSTNode) -> str:
    """The name of the dictionary that a word is in: its key or variable, or the function that
    returns it; empty where nothing names it."""
    above = tree.parent(node)
    while above is not None:
        if isinstance(above, cst.DictElement) and above.key is not node:
            return above.key.raw_value if isinstance(above.key, cst.SimpleString) else ""
        if isinstance(above, cst.Subscript):
            return _named_by(tree, above.value)
        if isinstance(above, cst.Call) and isinstance(above.func, cst.Attribute):
            return _named_by(tree, above.func.value)
        if isinstance(above, cst.Assign):
            return _named_by(tree, above.targets[0].target)
        if isinstance(above, cst.AnnAssign):
            return _named_by(tree, above.target)
        if isinstance(above, cst.Return):
            function = tree.enclosing(above, cst.FunctionDef)
            return function.name.value if isinstance(function, cst.FunctionDef) else ""
        node, above = above, tree.parent(above)
    return ""


def _named_by(tree: Tree, node: cst.BaseExpression) -> str:
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
