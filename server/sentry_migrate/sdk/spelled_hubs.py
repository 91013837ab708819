"""Where a text calls what hubs have on something of which it does not say what it is.

Owns telling that by the words: `hub.push_scope()`, `g.sentry_hub.capture_message()`. Refuses to
know which names are the SDK's.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.project.mentions import HUB_MEMBERS, spells_hub
from sentry_migrate.python.tree import Tree


def spelled_hubs(tree: Tree) -> Iterator[cst.Attribute]:
    """The members that are read of what is called a hub: a name, an attribute or an item."""
    if not spells_hub(tree.text):
        return
    for node in tree.nodes(cst.Attribute):
        if node.attr.value in HUB_MEMBERS and _named(node.value).lower().endswith("hub"):
            yield node


def _named(node: cst.BaseExpression) -> str:
    """The last word of an expression."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    if isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Index):
        node = node.slice[0].slice.value
    if isinstance(node, cst.SimpleString):
        return node.raw_value
    return node.value if isinstance(node, cst.Name) else ""
