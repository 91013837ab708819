"""Whether a text is part of a project's tests, where strings and attributes may stand for names of
other modules. Owns that question alone.
"""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.project.testing_files import MOCKED, TESTING, is_test_path


def is_test(context: Context) -> bool:
    """Whether a text is part of the tests: by where it is, or by what it imports or asks mocks."""
    if any(one.attr.value in MOCKED for one in context.tree.nodes(cst.Attribute)):
        return True
    return is_test_path(str(context.path or "")) or any(
        binding.kind == "import" and not TESTING.isdisjoint(binding.path.split("."))
        for scope in context.scopes.scopes.values()
        for bindings in scope.bindings.values()
        for binding in bindings
    )
