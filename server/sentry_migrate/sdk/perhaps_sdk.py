"""Where a text reads 1.x names of what is the SDK or something else: `sdk = sdk or sentry_sdk`.

No fix is known to be right for both. Owns telling such values from those that are certainly not the
SDK, here and, by the files that there are, of names that are imported from the project.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.project.defined_code import may_hand_on_sdk
from sentry_migrate.project.modules import LEGACY
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.value_types import Ref
from sentry_migrate.sdk.values import Values


def of_perhaps_sdk(tree: Tree, values: Values) -> Iterator[cst.Attribute]:
    """The members that 2.x has given up, read of what may be the SDK."""
    for node in _legacy(tree):
        if values.of(node.value) is None and _may_be(values, node.value, set()):
            yield node


def of_imported(tree: Tree, scopes: Scopes, directory: str) -> Iterator[cst.Attribute]:
    """The like of names that a file in `directory` imports from where the SDK may come from."""
    known: dict[tuple[str, str], bool] = {}
    for node in _legacy(tree) if directory else ():
        key = scopes.imported(node.value), node.attr.value
        if key not in known:
            known[key] = bool(key[0]) and may_hand_on_sdk(directory, *key)
        if known[key]:
            yield node


def _legacy(tree: Tree) -> Iterator[cst.Attribute]:
    if any(f".{name}" in tree.text for name in LEGACY):
        yield from (node for node in tree.nodes(cst.Attribute) if node.attr.value in LEGACY)


def _may_be(values: Values, node: cst.CSTNode | None, seen: set[int]) -> bool:
    if node is None or id(node) in seen:
        return False
    seen.add(id(node))
    known = values.of(node)
    if known is not None:
        return isinstance(known, Ref) and known.path == "sentry_sdk"
    if isinstance(node, cst.IfExp):
        return any(_may_be(values, one, seen) for one in (node.body, node.orelse))
    if isinstance(node, cst.BooleanOperation):
        return any(_may_be(values, one, seen) for one in (node.left, node.right))
    if isinstance(node, cst.Attribute):
        name = node.attr.value
        stored = [value for _, value in values.scopes.attributes.get(name, ())]
        members = (
            binding.value
            for scope in values.scopes.scopes.values()
            if scope.kind == "class"
            for binding in scope.bindings.get(name, ())
        )
        return any(_may_be(values, one, seen) for one in (*stored, *members))
    for binding in values.scopes.reaching(node) if isinstance(node, cst.Name) else ():
        bound = values.bound(binding)
        if isinstance(bound, Ref) and bound.path == "sentry_sdk":
            return True
        if bound is None and binding.whole and _may_be(values, binding.value, seen):
            return True
    return False
