"""What of a text that does not parse can be read all the same."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentry_migrate.python.broken_statements import without_syntax_errors

WHOLE = """\
import sentry_sdk
from sentry_sdk import configure_scope


def first(order):
    with configure_scope() as scope:
        scope.set_tag("order", order.id)
    return order


class Shop:
    async def second(self, orders):
        for order in orders:
            await self.send(
                order,
                retries=3,
            )

    @property
    def third(self):
        return f'''{self.name}
            is open'''


value = first(Shop())
"""

# the text → what is left of it; `_` stands for a blank
LEFT = {
    "x = (\n": "0____\n",
    "def f(:\n    a\nb = 1\n": "if 0:__\n    a\nb = 1\n",
    "x = f(\n    a b,\n    c\n)\n": "x = f(\n    ____\n    c\n)\n",
    "class A:\n    x = \n    y = 1\n": "class A:\n    0__ \n    y = 1\n",
    "s = '''abc\n\nx = 1\n": "0_________\n\nx = 1\n",
    "\ufeffx = = 1\ny = 1\n": "\ufeff0______\ny = 1\n",
    "elif x:\n    y\n": "if 0:__\n    y\n",
    "a = 1\r\nb = = 2\r\nc = 3\r\n": "a = 1\r\n0______\r\nc = 3\r\n",
}
NOTHING = ["a\0b\n", "\ud800 = 1\n", "= =\n" * 100]


@pytest.mark.parametrize(("text", "expected"), LEFT.items())
def test_what_is_left(text: str, expected: str) -> None:
    assert without_syntax_errors(text) == expected.replace("_", " ")


@pytest.mark.parametrize("text", NOTHING)
def test_too_much_is_wrong(text: str) -> None:
    assert without_syntax_errors(text) is None


@pytest.mark.parametrize("text", [WHOLE, "", "x = 1", "x = 1\r\ny = 2"])
def test_nothing_is_wrong(text: str) -> None:
    assert without_syntax_errors(text) == text


@given(
    st.integers(0, len(WHOLE) - 1),
    st.sampled_from(["(", ")", "]", ":", " = =", "'", '"""', "\n", "\t", "if", "", "\\", "def "]),
    st.integers(0, 12),
)
def test_everything_stays_where_it_is(at: int, typed: str, deleted: int) -> None:
    text = WHOLE[:at] + typed + WHOLE[at + deleted :]
    left = without_syntax_errors(text)
    if left is None:
        return
    ast.parse(left)
    assert len(left) == len(text)
    for before, after in zip(text.split("\n"), left.split("\n"), strict=True):
        if before != after:
            assert after.strip() in ("", "0", "if 0:")
            assert before.startswith(after.rstrip().removesuffix("0").removesuffix("if 0:"))
