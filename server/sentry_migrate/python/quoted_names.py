"""Names that a text mentions without reading them: for other modules, for type checkers.

Owns finding the words of `__all__`, of quoted annotations, of type comments and of doctests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.python.tree import Tree

_TYPE_COMMENT = re.compile(r"#\s*type:(.*)")
_DOCTEST = re.compile(r"^[ \t]*(?:>>>|\.\.\.)[ \t].*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
_TYPE = re.compile(r"[\w\s.,|\[\]()*'\"]*")
"""The characters of a type: a key such as `"trace-id"` has others."""
_TYPE_FUNCTIONS = frozenset(("cast", "TypeVar", "NewType", "ForwardRef", "TypeAliasType"))


def names_in_text(tree: Tree) -> frozenset[str]:
    """Every word in a string or comment that stands for a name of this module."""
    words = set(names_in_type_comments(tree))
    for one in _DOCTEST.finditer(tree.text):
        words.update(_WORD.findall(one[0]))
    exported = "__all__" in tree.text
    for node in tree.by_type.get(cst.SimpleString, ()):
        if isinstance(node, cst.SimpleString) and (
            _is_type(tree, node) or (exported and _is_exported(tree, node))
        ):
            words.update(_WORD.findall(node.value))
    return frozenset(words)


def names_in_type_comments(tree: Tree) -> frozenset[str]:
    """Every word of a type comment."""
    comments = _TYPE_COMMENT.finditer(tree.text)
    return frozenset(word for one in comments for word in _WORD.findall(one.group(1)))


def types_in_text(tree: Tree) -> Iterator[tuple[cst.CSTNode, int, str]]:
    """The types in quotes and in comments: the string, or the module for a comment, where the text
    of the type begins, and the text."""
    for node in tree.nodes(cst.SimpleString):
        if _is_type(tree, node):
            start = tree.span(node)[0] + len(node.prefix) + len(node.quote)
            yield node, start, node.raw_value
    for one in _TYPE_COMMENT.finditer(tree.text):
        if not tree.quoted(one.start()):
            yield tree.module, one.start(1), one[1]


def _is_type(tree: Tree, node: cst.SimpleString) -> bool:
    """Whether the string is an annotation, or a part of one, or given to `cast()` and the like."""
    if not _TYPE.fullmatch(node.raw_value):
        return False
    parent = tree.parent(node)
    if isinstance(parent, cst.AnnAssign) and parent.value is node:
        return tree.code(parent.annotation.annotation).endswith("TypeAlias")
    if isinstance(parent, cst.Annotation | cst.Index | cst.BinaryOperation):
        return True
    call = tree.parent(parent) if isinstance(parent, cst.Arg) else None
    if not isinstance(call, cst.Call):
        return False
    return tree.code(call.func).rsplit(".", 1)[-1] in _TYPE_FUNCTIONS


def _is_exported(tree: Tree, node: cst.SimpleString) -> bool:
    """Whether the string stands in a statement about `__all__`."""
    return "__all__" in tree.code(tree.statement(node))
