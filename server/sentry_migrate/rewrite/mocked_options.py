"""Options that 2.x refuses, in what tests expect a mock of `init()` to be called with.

Owns telling `init.call_args[1]["with_locals"]` and `init.assert_called_with(with_locals=…)` from
other words, and renaming them. Whether the call itself is renamed is for others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.doubts import differs
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.proof.mocks import Unclear, patched_reads
from sentry_migrate.python.bindings import dotted, walk
from sentry_migrate.rewrite.init_options import quoted
from sentry_migrate.sdk.patches import patched_names
from sentry_migrate.sdk.spelled_options import read_of
from sentry_migrate.sdk.uses import Use

_SDK = "sentry_sdk"
_CALLS = ("call_args", "mock_calls")
_DOUBT = differs("the code that the test is of may still give the option by its old name")


@dataclass(frozen=True, slots=True)
class _Mocks:
    """The ids of what reads mocks that a text puts in the place of `init()`, and in that of the
    SDK."""

    of_init: frozenset[int]
    of_sdk: frozenset[int]


@remembered
def _mocks(context: Context) -> _Mocks:
    of_init, of_sdk = set[int](), set[int]()
    for _, call, path in patched_names(context.tree, context.values):
        parts = path.split(".")
        of_whole = parts[-1] == _SDK
        if of_whole or (parts[-1] == "init" and _SDK in parts):
            with suppress(Unclear):
                reads = map(id, patched_reads(context, call))
                (of_sdk if of_whole else of_init).update(reads)
    return _Mocks(frozenset(of_init), frozenset(of_sdk))


_NONE = _Mocks(frozenset(), frozenset())


@remembered
def mocked_words(context: Context, old: str) -> frozenset[int]:
    """The ids of such words of an option."""
    if old not in context.tree.text or _mocks(context) == _NONE:
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
    return any(_mock(context, name) for one in around for name in walk(one))


def _mock(context: Context, node: cst.CSTNode) -> cst.CSTNode | None:
    """What a name gives that is a mock of `init()`: itself, or what a mock of the SDK has."""
    if id(node) in _mocks(context).of_init:
        return node
    member = context.parent(node) if id(node) in _mocks(context).of_sdk else None
    return member if isinstance(member, cst.Attribute) and member.attr.value == "init" else None


def _is_of_init(context: Context, node: cst.CSTNode, words: tuple[str, ...]) -> bool:
    """Whether an expression is a mock of `init()`, or what it was called with by these words."""
    for _ in range(_DEPTH):
        whole = node
        while isinstance(node, cst.Subscript | cst.Attribute | cst.Call):
            node = node.func if isinstance(node, cst.Call) else node.value
        if mock := _mock(context, node):
            said = context.code(whole)[len(context.code(mock)) :].lstrip(".")
            return said.startswith(words) if words else not said
        bindings = context.scopes.reaching(node) if isinstance(node, cst.Name) else ()
        made = bindings[0].value if len(bindings) == 1 and bindings[0].whole else None
        if made is None or not words:
            return False
        node = made
    return False


_DEPTH = 3
"""How many variables are followed to what they are given."""
