"""Options that 2.x refuses, in what tests expect a mock of `init()` to be called with.

Owns telling `init.call_args[1]["with_locals"]` and `init.assert_called_with(with_locals=…)` from
other words, and renaming them. Whether the call itself is renamed is for others.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import differs
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.python.bindings import dotted
from sentry_migrate.rewrite.init_options import quoted
from sentry_migrate.sdk.spelled_options import read_of
from sentry_migrate.sdk.uses import Use

_CALLS = ("call_args", "mock_calls")
_DOUBT = differs("the code that the test is of may still give the option by its old name")


@remembered
def mocked_words(context: Context, old: str) -> frozenset[int]:
    """The ids of such words of an option."""
    if "patch" not in context.tree.text or "init" not in context.tree.text:
        return frozenset()
    return frozenset(
        id(use.node)
        for use in context.uses
        if use.trigger == f"spelled:{old}" and _is_mocked(context, use.node)
    )


def is_mocked(context: Context, use: Use) -> bool:
    """Whether a word is one."""
    return id(use.node) in mocked_words(context, use.trigger.partition(":")[2])


@remembered
def renamed_mocks(context: Context, old: str, new: str) -> FixDraft:
    """The one fix for all of a text."""
    fix = context.fix(f"Rename to `{new}`").unsafe(_DOUBT)
    for use in _mocked(context, old):
        is_keyword = isinstance(use.node, cst.Name)
        fix.replace(use.node, new if is_keyword else quoted(context, use.node, new))
    return fix


def _mocked(context: Context, old: str) -> Iterator[Use]:
    known = mocked_words(context, old)
    return (use for use in context.uses if id(use.node) in known)


def _is_mocked(context: Context, word: cst.CSTNode) -> bool:
    if isinstance(word, cst.SimpleString):
        read = read_of(context.tree, word)
        return read is not None and _is_of_init(context, read, _CALLS)
    call = context.parent(context.parent(word) or word)
    func = call.func if isinstance(call, cst.Call) else None
    if isinstance(func, cst.Attribute) and func.attr.value.startswith("assert_"):
        return _is_of_init(context, func.value, ())
    if func is None or dotted(func).rpartition(".")[2] != "call":
        return False
    around = context.tree.holders(word, cst.Comparison, cst.Call)
    codes = (context.code(one) for one in around)
    return any("init" in one and ("call_args" in one or "calls" in one) for one in codes)


def _is_of_init(context: Context, node: cst.CSTNode, words: tuple[str, ...]) -> bool:
    """Whether an expression is a mock of `init()`, or what it was called with by these words."""
    for _ in range(_DEPTH):
        while isinstance(node, cst.Subscript | cst.Attribute | cst.Call):
            if isinstance(node, cst.Attribute):
                if node.attr.value.startswith(words) if words else node.attr.value == "init":
                    if not words:
                        return True
                    words = ()
                node = node.value
            else:
                node = node.value if isinstance(node, cst.Subscript) else node.func
        bindings = context.scopes.reaching(node) if isinstance(node, cst.Name) else ()
        if len(bindings) != 1 or not isinstance(node, cst.Name):
            return False
        made = bindings[0].value
        if not words:
            return "init" in node.value or (made is not None and "init" in context.code(made))
        if made is None:
            return False
        node = made
    return False


_DEPTH = 3
