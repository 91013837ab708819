"""Probes say which statements run, and change nothing else."""

from __future__ import annotations

import ast

import pytest

from sentry_migrate.prove.injected.sentry_migrate_probes import RAN, with_probes

# name → (code, line of interest, whether running it passes that line)
ROWS = {
    "a statement": ("a = 1\nb = 2\n", 2, True),
    "after a docstring": ('"""Doc."""\na = 1\n', 2, True),
    "in a function that runs": ("def f():\n    return 1\nf()\n", 2, True),
    "in a function that does not": ("def f():\n    return 1\n", 2, False),
    "the header of a block": ("with open(__file__):\n    pass\n", 1, True),
    "a branch that is not taken": ("if 0:\n    a = 1\nelse:\n    b = 1\n", 2, False),
    "the other branch": ("if 0:\n    a = 1\nelse:\n    b = 1\n", 4, True),
    "a handler that is not reached": ("try:\n    a = 1\nexcept OSError:\n    b = 1\n", 4, False),
    "a handler that is": ("try:\n    1 / 0\nexcept ArithmeticError:\n    b = 1\n", 4, True),
    "the last block of a try": ("try:\n    a = 1\nfinally:\n    b = 1\n", 4, True),
    "within a long statement": ("a = [\n    1,\n    2,\n]\n", 3, True),
    "a decorator": ("def d(f):\n    return f\n@d\ndef g():\n    pass\n", 3, True),
    "a case": ("match 1:\n    case 1:\n        a = 1\n    case 2:\n        a = 2\n", 3, True),
    "another case": (
        "match 1:\n    case 1:\n        a = 1\n    case 2:\n        a = 2\n",
        5,
        False,
    ),
    "after a return": ("def f():\n    return 1\n    a = 1\nf()\n", 3, False),
    "no code": ("a = 1\n\n# only a comment\n", 3, False),
}


@pytest.mark.parametrize(("code", "line", "passes"), ROWS.values(), ids=ROWS)
def test_a_probe_is_passed_where_its_line_runs(code: str, line: int, passes: bool) -> None:
    said: list[str] = []
    tree = with_probes(ast.parse(code), {str(line): ["here"]})
    exec(compile(tree, __file__, "exec"), {RAN: said.append, "__file__": __file__})
    assert said == ["here"] * passes


def test_lines_of_errors_stay() -> None:
    tree = with_probes(ast.parse("a = 1\n\n1 / 0\n"), {"1": ["a"], "3": ["b"]})
    with pytest.raises(ZeroDivisionError) as raised:
        exec(compile(tree, "probed", "exec"), {RAN: print})
    assert raised.traceback[-1].lineno + 1 == 3


def test_names_of_a_line_come_together() -> None:
    said: list[tuple[str, ...]] = []
    tree = with_probes(ast.parse("a = 1\n"), {"1": ["x", "y"]})
    exec(compile(tree, "probed", "exec"), {RAN: lambda *names: said.append(names)})
    assert said == [("x", "y")]
