"""Spans against libcst's own position provider on real files, and texts libcst does not give back."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from sentry_migrate.python.syntax_errors import ParseError
from sentry_migrate.python.tree import Tree, children
from sentry_migrate.text.lines import LineIndex

STDLIB = Path(sysconfig.get_path("stdlib"))
FILES = [
    *("abc", "ast", "bisect", "cmd", "codeop", "colorsys", "contextvars", "copyreg", "fnmatch"),
    *("genericpath", "getpass", "graphlib", "hashlib", "heapq", "hmac", "io", "keyword"),
    *("linecache", "netrc", "numbers", "opcode", "py_compile", "queue", "reprlib", "rlcompleter"),
    *("runpy", "sched", "secrets", "selectors", "shelve", "signal", "stat", "string", "struct"),
    *("tabnanny", "textwrap", "token", "types", "wave", "weakref", "zipapp", "__future__"),
]
NEWLINES = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}


@cache
def expected(text: str) -> dict[tuple[int, int], set[str]]:
    """Spans and the kinds of nodes that have them, by libcst's position provider."""
    wrapper = MetadataWrapper(cst.parse_module(text))
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    spans: dict[tuple[int, int], set[str]] = {}
    for node, where in wrapper.resolve(PositionProvider).items():
        start = starts[where.start.line - 1] + where.start.column
        end = starts[where.end.line - 1] + where.end.column
        spans.setdefault((start, end), set()).add(type(node).__name__)
    return spans


def every_node(tree: Tree) -> list[cst.CSTNode]:
    found: list[cst.CSTNode] = []
    stack: list[cst.CSTNode] = list(tree.module.body)
    while stack:
        node = stack.pop()
        found.append(node)
        stack.extend(children(node))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("newline", NEWLINES.values(), ids=NEWLINES)
@pytest.mark.parametrize("name", FILES)
def test_spans_are_libcst_s(name: str, newline: str) -> None:
    text = (STDLIB / f"{name}.py").read_text(encoding="utf-8")
    if "\f" in text:
        pytest.skip("positions after a form feed are not libcst's; see below")
    want = expected(text)
    tree = Tree(text.replace("\n", newline))
    assert tree.lossless
    # How much longer the text is up to each offset, one line end at a time.
    extra = len(newline) - 1
    lines = LineIndex(text)
    shifted = {
        (start + extra * lines.line_of(start), end + extra * lines.line_of(end)): kinds
        for (start, end), kinds in want.items()
    }
    for node in every_node(tree):
        assert type(node).__name__ in shifted[tree.span(node)]


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES[:12])
def test_parents_and_types(name: str) -> None:
    tree = Tree((STDLIB / f"{name}.py").read_text(encoding="utf-8"))
    for node in every_node(tree):
        parent = tree.parent(node)
        assert parent is not None
        assert any(child is node for child in children(parent))
        assert node in tree.by_type[type(node)]
        assert tree.ancestors(node)[-1] is tree.module


# Texts libcst alone would change or misplace: what: text with one call of `f` in it
STRANGE = {
    "byte order mark": "\ufefff(1)\n",
    "byte order mark and form feed": "\ufeff\ff(1)\n",
    "form feed before code": "x = 1\n\ff(1)\n",
    "form feeds": "\f\f\n\f\ff(1)\n",
    "form feed before an indentation": "if x:\n\f    f(1)\n",
    "form feed inside a line": "x = 1;\ff(1)\n",
    "lone CR": "x = 1\rf(1)\ry = 2\r",
    "lone CR and form feed": "x = 1\r\ff(1)\r",
    "mixed line ends": "x = 1\r\ny = 2\rf(1)\nz = 3",
    "U+2028": "x = '\u2028'\nf(1)\n",
    "U+2028 in a comment": "# \u2028 x\nf(1)\n",
    "U+0085": "x = '\x85'\nf(1)\n",
    "beyond the basic plane": "x = '\U0001f600'; f(1)\n",
    "no final newline": "f(1)",
    "blanks at the end": "f(1)\n   ",
    "comment at the end": "f(1)\n# end",
    "backslash at the start": "\\\nf(1)\n",
    "nothing else": "f(1)\n\n\n",
    "tabs and blanks": "if x:\n\tif y:\n\t    f(1)\n",
    "NUL in a string": "x = '\\0'\nf(1)\n",
}


UNSAFE = ("form feed inside a line", "backslash at the start")
"""Texts libcst does not give back; nothing in them is edited."""


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_strange_texts(text: str) -> None:
    tree = Tree(text)
    (call,) = tree.nodes(cst.Call)
    if tree.lossless:
        assert tree.code(call) == "f(1)"
    assert tree.text == text


@pytest.mark.parametrize("what", [name for name in STRANGE if name not in UNSAFE])
def test_strange_texts_are_lossless(what: str) -> None:
    assert Tree(STRANGE[what]).lossless


BROKEN = {
    "unclosed": ("x = (\n", 0),
    "two words": ("x y\n", 0),
    "indentation": ("if x:\npass\n", 1),
    "after CRLF": ("x = 1\r\ny y\r\n", 1),
    "after CR": ("x = 1\ry y\r", 1),
    "after a form feed": ("\f\nx = 1\n\fy y\n", 2),
    "after a byte order mark": ("\ufeffx = 1\ny y\n", 1),
    "tabs, which libcst does not place": ("if x:\n    y\n\tz\n", 2),
    "NUL": ("x = 1\ny\0\n", 1),
    "half of a character": ("\ufeffx = 1\ny = '\ud800'\n", 1),
    "zero-width joiner": ("x = 1\nx\u200d = 1\n", 1),
    "no name": ("x = 1\n\n½ = 2\n", 2),
    "dedent": ("if x:\n    y\n z\n", 2),
    "backslash at the end": ("x = 1\ny = \\", 1),
    "string without an end": ("x = 1\ny = 'a\n", 1),
    "long string without an end": ("x = 1\ny = '''a\n\n\n", 1),
    "Python 2": ("print 'x'\n", 0),
}


@pytest.mark.parametrize(("text", "line"), BROKEN.values(), ids=BROKEN)
def test_broken(text: str, line: int) -> None:
    with pytest.raises(ParseError) as caught:
        Tree(text)
    assert str(caught.value)
    assert 0 <= caught.value.offset <= len(text)
    assert LineIndex(text).line_of(caught.value.offset) == line


def test_outer_includes_parentheses() -> None:
    tree = Tree("x = ((f)(1))\n")
    (call,) = tree.nodes(cst.Call)
    low, high = tree.outer(call)
    assert tree.text[low:high] == "((f)(1))"
    assert tree.code(call) == "(f)(1)"


@pytest.mark.slow
def test_deep_code_ends_well() -> None:
    """libcst may end the process with a segmentation fault; nothing else may go wrong."""
    program = (
        "from sentry_migrate.engine.analyze import analyze\n"
        "from sentry_migrate.project.config import Settings\n"
        "from sentry_migrate.text.source import Source\n"
        "code = 'import sentry_sdk\\nx = ' + '(' * 3000 + '1' + ')' * 3000 + '\\n'\n"
        "print(analyze(Source(code), Settings()).failure is not None)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode < 0 or done.stdout.strip() in ("True", "False"), done.stderr[-500:]
