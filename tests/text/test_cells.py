"""The cells of a notebook as one Python text: what only IPython understands does no harm in it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sentry_migrate.text.cells import blank, join


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "x = 1\n",
        "x = a % b\n",
        "x = [a\n % b]\n",
        "x != y",
        "f(a)  # what?\n",
        "'''\ntext\n'''",
        "def f():\n    return 1\n",
        "lambda: 0",
        "a if b else c",
        "ok = (\n    alpha\n    != beta\n)",
        "ok = (\n    'x %s'\n    %name)",
        "x = 'a' \\\n    %name",
        'cur.execute("""\n    SELECT\n    %s""", x)',
        'x = """\n!important"""',
        "x = '''\r\n    ?q'''",
        'x = [f"""\n{a=!r}\n!ls""", "\\"(", # )\n%name]',
        "x = 'it is\\\n!ls'",
        "r'\\'\nx = [1,\n!ls]",
        "a = f'{b=!r:%d}'\nf(c=b)",
        'f"{a=!s}"',
        "f(a)  # = !ls",
        "x = 1 ; y = 2  # what?",
        "x = (  # (\n1)  # what?\n",
        "x = 'what?'",
        "def f(\n    a,\n    /,\n    b): ...",
        "await f()",
        "don't\nsay",
        "print(\n    'unfinished'\n!ls",
    ],
)
def test_python_is_left_alone(cell: str) -> None:
    assert blank(cell) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "%matplotlib inline",
        "!pip install sentry-sdk",
        "x = 1\r\n!ls\r\ny = 2",
        "files = !ls",
        "a, b = %sql select",
        "x = %time",
        "?print",
        "print?",
        "a.b??",
        "if x:\n  print?",
        "for x in y:\n    %time f(x)",
        "if x:\n    !ls",
        "if x:\n  !",
        "%%time\nf()",
        "%%bash\nfor x in *; do echo $x; done\n\nexit",
        "%%html\n<b>\n",
        "%%!\nls | wc\n)",
        "%timeit -n 3 f()",
        "\n \n%%bash\n)",
        "%%bash?",
        "%%time?\nx",
        "foo[0]?",
        "*int*?",
        "if x:\n    foo[-1].b?  ",
        "if x:\n    [\n1]?",
        ";foo a b",
        ",foo a b",
        "/foo a b",
        "x: list = !ls",
        "d['k=']['b'], self.x[0] = !ls",
        "%%capture out\nx = !ls",
        "!pip install --quiet \\\n    sentry-sdk \\\n    it's\nx = [\n1]",
        "x = %sql select \\\r\n  1",
        "if x:\n    %time f( \\\n  1)\n    y = 2",
        "!echo \"it's (\n%time f(\nx = [\n]\n?x",
        "x = f(\n    a\n)\n!ls",
        'x = """\'\n"""\n!ls',
    ],
)
def test_the_rest_becomes_harmless_in_place(cell: str) -> None:
    result = blank(cell)
    assert len(result) == len(cell)
    assert [i for i, c in enumerate(result) if c in "\r\n"] == [
        i for i, c in enumerate(cell) if c in "\r\n"
    ]
    ast.parse(result)


def test_a_python_magic_leaves_its_cell() -> None:
    assert blank("%%time\nold_name").endswith("\nold_name")


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("x = 1\n!ls\ny = '?'", "x = 1\n#--\ny = '?'"),
        ("if x:\n    %time f()", "if x:\n    0#-------"),
        ("x: int = !a\n(y)", "x: int = 0#\n(y)"),
        ("f(\n!ls)\n!ls", "f(\n!ls)\n#--"),
        ("!a \\\n  b\nc", "#---\n#--\nc"),
        ("%env X=# sentry-migrate: ignore-file", "#-----------------------------------"),
    ],
)
def test_nothing_else_is_touched(cell: str, left: str) -> None:
    assert blank(cell) == left


MODULES = sorted(Path(ast.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("letter", sorted({path.name[0].lower() for path in MODULES}))
def test_whole_modules_are_left_alone(letter: str) -> None:
    """A `!ls` at their end has every line of them looked at."""
    for path in MODULES:
        if path.name[0].lower() == letter:
            text = path.read_text(encoding="utf-8")
            assert blank(f"{text}\n!ls") == f"{text}\n#--", path


def test_join() -> None:
    assert join([]) == ("", [])
    assert join(["a", "", "b\n"]) == ("a\n\nb\n\n", [0, 2, 3])


def test_names_in_magics_are_named_after_the_cells() -> None:
    assert join(["%time b.c(a1, 2)", "d = 1"]) == (
        "#---------------\nd = 1\n# type: a1 b c time\n",
        [0, 17],
    )
