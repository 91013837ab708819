"""A text after an edit: the tree is what parsing all of it gives, and little of it is parsed."""

from __future__ import annotations

import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest

from sentry_migrate.python import parsing
from sentry_migrate.python import tree as trees
from sentry_migrate.python.syntax_errors import ParseError
from sentry_migrate.python.tree import Tree, children

STDLIB = Path(sysconfig.get_path("stdlib"))
FILES = [
    *("abc", "bisect", "cmd", "codeop", "contextvars", "fnmatch", "heapq", "queue", "sched"),
    *("string", "textwrap", "types", "weakref"),
]
MODULE = """\
# A comment
import os

CHOICES = {
    "a": 1,
    "b": 2,
}


class Shop:
    '''One.'''

    def open(self):
        if self.name:
            return 1
        return 2

    @property
    def name(self):
        return "x"

    # About closing.
    def close(self):
        text = '''
    def no(self):
'''
        return text


def main():
    first()
    second()
    if third():
        fourth()
    else:
        fifth()
    return 0


def last(): return 1
# The end
"""


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "_KEPT", {})


def everything(tree: Tree) -> tuple[object, ...]:
    """All nodes, where they stand and in what, with the module's style."""
    nodes: list[cst.CSTNode] = list(tree.module.body)
    found = []
    while nodes:
        node = nodes.pop()
        holder = tree.parent(node)
        found.append((type(node).__name__, tree.span(node), type(holder).__name__))
        nodes.extend(children(node))
    style = tree.module.default_indent, tree.module.default_newline
    return sorted(found), tree.lossless, style


def outcome(text: str, kept: bool) -> tuple[object, ...]:
    try:
        return everything(Tree.of(text) if kept else Tree(text))
    except ParseError as error:
        return str(error), error.offset


def read(monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> int:
    """Characters that are parsed of a text after another one."""
    Tree.of(before)
    parse, lengths = cst.parse_module, []

    def counted(text: str) -> cst.Module:
        lengths.append(len(text))
        return parse(text)

    monkeypatch.setattr(parsing.cst, "parse_module", counted)
    Tree.of(after)
    return sum(lengths)


# What is changed: old, new, and at most how many characters are parsed
CHEAP = {
    "nothing": ("import os", "import os", 0),
    "a value at the top": ("import os", "import re", 40),
    "the last line": ("return 1\n# The", "return 2\n# The", 40),
    "the comment at the end": ("# The end", "# The very end", 40),
    "a line in between": ("\n\nclass", "\nx = 1\n\nclass", 40),
    "a statement that goes": ('CHOICES = {\n    "a": 1,\n    "b": 2,\n}\n', "", 0),
    "a method": ("return 2", "return 3", 100),
    "a method that goes": ('    @property\n    def name(self):\n        return "x"\n\n', "", 0),
    "a method that comes": (
        "    # About",
        "    def new(self):\n        pass\n\n    # About",
        180,
    ),
    "the last method": ("return text", "return text + '.'", 180),
    "a line of a function": ("second()", "second(1)", 50),
    "a line inside of a block": ("fifth()", "fifth(1)", 110),
    "the last line of a function": ("return 0", "return 1", 50),
}


@pytest.mark.parametrize(("old", "new", "most"), CHEAP.values(), ids=CHEAP)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_little_is_parsed(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str, most: int, newline: str
) -> None:
    assert MODULE.count(old) == 1
    before, after = (text.replace("\n", newline) for text in (MODULE, MODULE.replace(old, new)))
    assert read(monkeypatch, before, after) <= most * len(newline)
    assert outcome(after, kept=True) == outcome(after, kept=False)


# What belongs to the statement before or after, or cannot be told apart: old, new
JOINED = {
    "else for the statement above": ("\n\nclass", "else:\n    pass\n\nclass"),
    "elif inside": ("    return 0", "    elif x:\n        y\n    return 0"),
    "a decorator of the one below": ("def main", "@once\ndef main"),
    "a decorator of a method": ("    # About", "    @once\n    # About"),
    "half of a decorator": ("def last", "@\ndef last"),
    "a string begins": ("import os", "import os\n'''"),
    "a string ends": ("'''\n        return text", "\n        return text"),
    "a bracket opens": ("import os", "import os\nx = ("),
    "a bracket closes": ("}\n", "\n"),
    "the line goes on": ("import os", "import os \\"),
    "the line goes on, with nothing": ("import os", "import os \\\n"),
    "a comment that looks like it": ("import os", "import os  # \\"),
    "an indented comment": ("import os", "import os\n    # x"),
    "too much indentation": ("import os", "import os\n    x = 1"),
    "a method too far out": ("    # About", "x = 1\n    # About"),
    "a method too far in": ("    # About", "        y = 1\n    # About"),
    "a method ends the class": ("    @property", "@property"),
    "other indentation in a method": ("        return 2", "        if 1:\n          return 2"),
    "tabs": ("import os", "import os\nif x:\n\ty"),
    "two statements on a line": ("import os", "import os; x = 1;"),
    "onto the line before": ("\n\nclass", "; class"),
    "the name of a class": ("class Shop", "class Stall"),
    "the first statement of a class": ("'''One.'''", "'''Two.'''"),
    "only comments are left": (MODULE, "# x\n"),
    "nothing is left": (MODULE, ""),
    "no line end": ("# The end\n", ""),
    "no line end in code": ("return 1\n# The end\n", "return 1"),
    "a byte order mark": ("# A comment", "\ufeff# A comment"),
    "a form feed": ("def main", "\fdef main"),
    "a form feed inside of a line": ("return 0", "return\f0"),
    "other line ends": ("import os\n", "import os\r\n"),
    "a lone CR": ("import os\n", "import os\r"),
    "a NUL": ("import os", "import os\0"),
    "a mistake in a string": ('"x"', '"\\N{nothing}"'),
    "a mistake": ("second()", "second( )) x"),
    "a mistake in a class": ("def open(self)", "def open(self"),
    "Python 2": ("first()", "print 'x'"),
}


@pytest.mark.parametrize(("old", "new"), JOINED.values(), ids=JOINED)
def test_what_belongs_together(old: str, new: str) -> None:
    assert MODULE.count(old) == 1
    after = MODULE.replace(old, new)
    Tree.of(MODULE)
    assert outcome(after, kept=True) == outcome(after, kept=False)
    if outcome(after, kept=False)[1] is True:  # and back
        assert outcome(MODULE, kept=True) == outcome(MODULE, kept=False)
        trees._KEPT.clear()
        Tree.of(after)
        assert outcome(MODULE, kept=True) == outcome(MODULE, kept=False)


def test_two_that_are_the_same_are_two() -> None:
    """Nodes are told apart by what they are, not by their text."""
    Tree.of("x = 1\ny()\nz = 3\n")
    tree = Tree.of("x = 1\ny()\ny()\nz = 3\n")
    first, second = tree.nodes(cst.Call)
    assert [tree.span(first), tree.span(second)] == [(6, 9), (10, 13)]


PIECES = (
    *("x = 1\n", "if x:\n    y\n", "else:\n    z\n", "\\\n", "# c\n", "    ", "\n", "@d\n", "'''"),
    *('"', "(", ")", "class A:\n  x = 1\n", "a; b\n", "return\n", "=", "\t", "async ", "    y\n"),
    *("x = '''a\nb'''\n", "", "\r\n", "\f"),
)


def edited(text: str, chance: random.Random) -> Iterator[str]:
    """A text after each of some edits."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        if chance.random() < 0.6:
            at = text.rfind("\n", 0, at) + 1
        gone = chance.choice((0, 0, 1, 3, 30, 200))
        if chance.random() < 0.3:
            gone = max(0, text.find("\n", at) + 1 - at)
        text = text[:at] + chance.choice(PIECES) * chance.choice((1, 1, 2)) + text[at + gone :]
        yield text


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_random_edits(name: str) -> None:
    text = (STDLIB / f"{name}.py").read_text(encoding="utf-8")
    for seed in range(4):
        chance = random.Random(f"{name} {seed}")
        Tree.of(text)
        for after in edited(text, chance):
            assert outcome(after, kept=True) == outcome(after, kept=False)


def test_few_trees_are_kept() -> None:
    for number in range(20):
        Tree.of(f"x = {number}\n")
    assert len(trees._KEPT) == trees._MANY
    large = "x = 1\n" * (trees._MOST // 6 + 1)
    Tree.of(large)
    assert not trees._KEPT
    Tree.of("y = 1\n")
    assert [*trees._KEPT] == ["y = 1\n"]
