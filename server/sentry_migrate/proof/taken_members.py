"""Hubs that instances have of a class in another file, and which this text reads.

Owns how the two files find each other: by the attribute's name. Refuses to know what is done with
the hub.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context

_READS = "reads:"


def is_read_elsewhere(context: Context, name: str) -> str:
    """Where another file reads the attribute of this name; empty if none is known to."""
    return context.elsewhere(_READS + name)


def taken_members(context: Context) -> Iterator[tuple[str, cst.Attribute]]:
    """The kinds of code that read such attributes, and where."""
    names = context.values.reexported.last
    for node in context.tree.nodes(cst.Attribute) if names else ():
        name = node.attr.value
        if name in names and context.values.of_imported_class(node) is not None:
            yield _READS + name, node
