"""What the text says about the type of a value, and whether it may be None."""

from __future__ import annotations

import libcst as cst
import pytest

from sentry_migrate.engine.analyze import Analysis
from sentry_migrate.project.config import Settings
from sentry_migrate.proof.data_types import (
    is_builtin,
    is_data,
    is_file,
    is_literal,
    is_never_none,
    is_scalar,
)
from sentry_migrate.python.flow import MANY

ASKED = {
    "data": is_data,
    "scalar": is_scalar,
    "literal": is_literal,
    "never None": is_never_none,
    "file": is_file,
    "builtin": is_builtin,
}
SCALAR = "data, scalar, literal, never None"
CONTAINER = "data, literal, never None"
HOLDER = "data, never None"
TEST = "scalar, literal, never None"
ASSIGNMENTS = "".join(f"if y == {at}:\n    v = {at}\n" for at in range(MANY + 1))

# a text whose last statement is the value: what is certain of it
VALUES = {
    # literals
    "1": SCALAR,
    "1.5": SCALAR,
    "1j": "scalar, literal",
    "'a'": SCALAR,
    "b'a'": SCALAR,
    "'a' 'b'": SCALAR,
    "f'{x}'": SCALAR,
    "None": "scalar, literal",
    "True": "scalar, literal",
    "False": "scalar, literal",
    "Ellipsis": "",
    "[]": CONTAINER,
    "[1, 'a']": CONTAINER,
    "[x]": HOLDER,
    "[*x]": HOLDER,
    "(1, 2)": CONTAINER,
    "(1, x)": HOLDER,
    "{1}": CONTAINER,
    "{x}": HOLDER,
    "{'a': 1}": CONTAINER,
    "{'a': x}": HOLDER,
    "{x: 1}": HOLDER,
    "{**x}": HOLDER,
    "[[1], {2: (3,)}]": CONTAINER,
    "[[x]]": HOLDER,
    "[y for y in x]": HOLDER,
    "{y for y in x}": HOLDER,
    "{y: y for y in x}": HOLDER,
    "(y for y in x)": HOLDER,
    # names
    "x": "",
    "x.y": "",
    "x[0]": "",
    "x.__dict__": "data",
    "x.__class__": "",
    "v = 1\nv": SCALAR,
    "v = x\nv": "",
    "v = 1\nv = x\nv": "",
    "v = x\nv = 1\nv": SCALAR,
    "v = 1\nif x:\n    v = y\nv": "",
    "v = 1\nif x:\n    v = 'a'\nv": SCALAR,
    "v = None\nif x:\n    v = 'a'\nv": "scalar, literal",
    "v: int = 1\nv": SCALAR,
    "v: int\nv": "",
    "v, w = 1, 2\nv": "",
    "v = w = 1\nv": SCALAR,
    "v = 1\nv += x\nv": "",
    "for v in [1]: pass\nv": "",
    "import v\nv": "",
    "def v(): pass\nv": "never None",
    "class v: pass\nv": "never None",
    "with 1 as v: pass\nv": "",
    "with open('a') as v: pass\nv": "file",
    "v = open('a')\nv": "file",
    "v = v\nv": SCALAR + ", file",
    "v = x\nw = v\nw": "",
    "v = 1\nw = v\nw": SCALAR,
    ASSIGNMENTS + "v": SCALAR,
    ASSIGNMENTS + "if y:\n    v = x\nv": "",
    "def f(v): v": "",
    "def f(v=1): v": "",
    "def f(*v): v": HOLDER,
    "def f(**v): v": HOLDER,
    "(v := 1)": SCALAR,
    "(v := x)": "",
    # operations
    "1 if x else 'a'": SCALAR,
    "1 if x else y": "",
    "x if y else 1": "",
    "1 and 2": SCALAR,
    "1 and x": "",
    "x and 1": "",
    "1 or 2": SCALAR,
    "x or 1": "never None",
    "1 or x": "",
    "1 + 2": SCALAR,
    "1 + x": "data, never None",
    "x + 1": "data, never None",
    "x + y": "never None",
    "-1": TEST,
    "-x": "never None",
    "not x": "never None",
    "x is y": TEST,
    "x is not y": TEST,
    "x == y": "never None",
    "1 == 2": TEST,
    "1 == x": "never None",
    "1 < 2 < x": "never None",
    "x is y == 1": "never None",
    "lambda: 1": "never None",
    "await_": "",
    # calls
    "x()": "",
    "str(x)": SCALAR,
    "len(x)": SCALAR,
    "list(x)": HOLDER,
    "dict(x)": HOLDER,
    "sorted(x)": HOLDER,
    "zip(x)": HOLDER,
    "print(x)": "",
    "def str(x): pass\nstr(x)": "",
    "from x import len\nlen(x)": "",
    "x()()": "",
    "x.upper()": SCALAR,
    "x.format(y)": SCALAR,
    "x.split(y)": HOLDER,
    "x.splitlines()": HOLDER,
    "x.rsplit()": HOLDER,
    "x.items()": "",
    "{}.items()": HOLDER,
    "{'a': x}.keys()": HOLDER,
    "{}.values()": HOLDER,
    "[x].copy()": HOLDER,
    "{}.get(x)": "",
    "x.read()": "",
    "open(x)": "file",
    "def open(x): pass\nopen(x)": "",
    "open(x).read()": SCALAR,
    "open(x).readline()": SCALAR,
    "open(x).readlines()": HOLDER,
    "open(x).name": "",
    "x.open(y)": "",
    "print": "builtin",
    "len": "builtin",
    "def len(): pass\nlen": "never None",
    "length": "",
    "x.len": "",
}


@pytest.mark.parametrize(("text", "expected"), VALUES.items())
def test_what_is_certain_of_a_value(text: str, expected: str) -> None:
    context = Analysis.of(f"import sentry_sdk\n{text}\n", Settings(), None).context
    value = context.tree.nodes(cst.Expr)[-1].value
    found = [name for name, ask in ASKED.items() if ask(context, value)]
    assert ", ".join(found) == expected
