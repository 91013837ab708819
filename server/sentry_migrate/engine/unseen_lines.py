"""Where a text gives `init()` options that it does not show, so that nothing is said about them.

Owns telling modules of the project, which other findings are about, from those of others.
"""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import directory_of
from sentry_migrate.sdk.unseen_options import unseen_options


def unseen_lines(context: Context) -> Iterator[int]:
    """The 1-based lines where `init()` gets such options."""
    disk = ModulesOnDisk()
    directory = "" if context.path is None else directory_of(str(context.path))

    def is_project(path: str) -> bool:
        return bool(directory) and any(True for _ in disk.imported(directory, path))

    for node in unseen_options(context.tree, context.values, is_project):
        yield context.tree.lines.line_of(context.span(node)[0]) + 1
