"""What names the SDK for `mock.patch`, `monkeypatch.setattr` and their like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import libcst as cst

from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.values import Values

_PATCHERS = frozenset(("patch", "setattr", "delattr", "spy", "stub", "object", "import_string"))


_HOW = frozenset(("spec", "create", "spec_set", "autospec", "new_callable"))
"""Parameters of `patch.multiple()` that are not names."""

PatchedName: TypeAlias = cst.SimpleString | cst.Name
"""A string, or a keyword."""


def patched_names(tree: Tree, values: Values) -> Iterator[tuple[PatchedName, cst.Call, str]]:
    """Each such name, its call, and the path: `patch("sentry_sdk.Hub")`, after the object itself
    `patch.object(sentry_sdk, "Hub")`, and the keyword of `patch.multiple("sentry_sdk", Hub=fake)`.
    A client's transport counts as its class."""
    if "patch" not in tree.text and "setattr" not in tree.text and "spy" not in tree.text:
        return
    if "multiple" in tree.text:
        for several in tree.nodes(cst.Call):
            yield from _of_many(tree, several, values)
    for node in tree.nodes(cst.SimpleString):
        arg = tree.parent(node)
        call = tree.parent(arg) if isinstance(arg, cst.Arg) else None
        if not isinstance(call, cst.Call) or not any(arg is one for one in call.args[:2]):
            continue
        if tree.code(call.func).rsplit(".", 1)[-1] not in _PATCHERS:
            continue
        text = _dotted_text(node)
        if not text:
            continue
        if call.args[0] is not arg:
            base = _patched(call.args[0].value, values)
            if text == "sentry_sdk":
                base = base or dotted(call.args[0].value)  # whose module that is does not matter
            if not base:
                continue
            text = f"{base}.{text}"
        yield node, call, text


def _of_many(
    tree: Tree, call: cst.Call, values: Values
) -> Iterator[tuple[PatchedName, cst.Call, str]]:
    """The keywords of `patch.multiple()`."""
    if not call.args or not tree.code(call.func).endswith("patch.multiple"):
        return
    target = call.args[0]
    if target.star or target.keyword is not None:
        return
    node = target.value
    base = _dotted_text(node) if isinstance(node, cst.SimpleString) else _patched(node, values)
    for arg in call.args[1:] if base else ():
        if arg.keyword is not None and arg.keyword.value not in _HOW:
            yield arg.keyword, call, f"{base}.{arg.keyword.value}"


def _dotted_text(node: cst.SimpleString) -> str:
    """The path that a string spells; empty for any other string."""
    text = node.evaluated_value
    return text if isinstance(text, str) and text.replace(".", "_").isidentifier() else ""


def patched_end(node: cst.CSTNode, end: int) -> int:
    """Where the path ends, in a string or keyword that ends at `end`."""
    return end - len(node.quote) if isinstance(node, cst.SimpleString) else end


def _patched(node: cst.BaseExpression, values: Values) -> str:
    """The path of what is patched; empty when unknown."""
    transport = values.instance(node, "Transport")
    if transport is not None:
        return "sentry_sdk.transport.Transport"
    return values.path(node) or values.reexported.module(node)
