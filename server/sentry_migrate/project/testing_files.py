"""Which files are part of a project's tests: by where they are, and by what they spell.

Owns the words. Refuses to know what tests put in the place of other names.
"""

from __future__ import annotations

import re

TESTING = frozenset(("mock", "pytest", "unittest"))
"""Modules that only tests import."""
MOCKED = frozenset(
    (
        *("assert_any_call", "assert_called", "assert_called_once", "assert_called_once_with"),
        *("assert_called_with", "assert_has_calls", "assert_not_called", "call_args"),
        *("call_args_list", "call_count", "mock_calls", "return_value", "side_effect"),
    )
)
"""Attributes of mocks."""
_PATCHES = (b"mock", b"pytest", b"setattr", b"unittest", *(one.encode() for one in MOCKED))
_IN_TESTS = re.compile(
    r"(?:^|[/\\])(?:tests?(?:[/\\][^/\\]+){1,3}|(?:test_[^/\\]*|conftest|[^/\\]*_test)\.pyi?)$"
)


def is_test(path: str, data: bytes) -> bool:
    """Whether a file may be part of the tests, where names are patched in every way there is."""
    return spells_tests(data) or is_test_path(path)


def spells_tests(data: bytes) -> bool:
    """Whether a file spells what only tests do, as a rule."""
    return any(word in data for word in _PATCHES)


def is_test_path(path: str) -> bool:
    """Whether a file is where tests are, or is called as pytest has them called."""
    return _IN_TESTS.search(path) is not None
