"""Strings that name the SDK for `mock.patch`, `monkeypatch.setattr` and their like."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.values import Values

_PATCHERS = frozenset(("patch", "setattr", "delattr", "spy", "stub", "object", "import_string"))


def patched_names(tree: Tree, values: Values) -> Iterator[tuple[cst.SimpleString, cst.Call, str]]:
    """Each such string, its call, and the path: `patch("sentry_sdk.Hub")`, and after the object
    itself `patch.object(sentry_sdk, "Hub")`; a client's transport counts as its class."""
    if "patch" not in tree.text and "setattr" not in tree.text and "spy" not in tree.text:
        return
    for node in tree.nodes(cst.SimpleString):
        arg = tree.parent(node)
        call = tree.parent(arg) if isinstance(arg, cst.Arg) else None
        if not isinstance(call, cst.Call) or not any(arg is one for one in call.args[:2]):
            continue
        if tree.code(call.func).rsplit(".", 1)[-1] not in _PATCHERS:
            continue
        text = node.evaluated_value
        if not isinstance(text, str) or not text.replace(".", "_").isidentifier():
            continue
        if call.args[0] is not arg:
            base = _patched(call.args[0].value, values)
            if not base:
                continue
            text = f"{base}.{text}"
        yield node, call, text


def _patched(node: cst.BaseExpression, values: Values) -> str:
    """The path of what is patched; empty when unknown."""
    transport = values.instance(node, "Transport")
    if transport is not None:
        return "sentry_sdk.transport.Transport"
    return values.path(node) or values.reexported.module(node)
