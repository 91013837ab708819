"""Probes say which statements run, and change nothing else."""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.machinery
import py_compile
import types
from pathlib import Path
from typing import Any

import pytest

from sentry_migrate.prove.injected.sentry_migrate_probes import (
    RAN,
    instrument,
    instrument_runner,
    with_probes,
)

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


TEXT = "def f():\n    return 1\n"
# name → the project's file, the file that is imported, its text, the module, whether that is a copy
INSTALLED = {
    "of a package": ("{}/__init__.py {}/a.py", "{}/a.py", TEXT, "{}.a", True),
    "of a package below src": ("src/{}/__init__.py src/{}/a.py", "{}/a.py", TEXT, "{}.a", True),
    "of a package of packages": ("{}/__init__.py {}/b/__init__.py {}/b/a.py", "{}/b/a.py", TEXT, "{}.b.a", True),
    "of one without __init__": ("{}/a.py", "{}/a.py", TEXT, "{}.a", True),
    "of a module": ("src/{}.py", "{}.py", TEXT, "{}", True),
    "of the package itself": ("{}/__init__.py", "{}/__init__.py", TEXT, "{}", True),
    "another text": ("{}/__init__.py {}/a.py", "{}/a.py", f"{TEXT}\n", "{}.a", False),
    "another module": ("{}/__init__.py {}/a.py", "{}/b.py", TEXT, "{}.b", False),
    "another package": ("other/__init__.py other/a.py", "{}/a.py", TEXT, "{}.a", False),
    "one deeper": ("{}/__init__.py {}/b/__init__.py {}/b/a.py", "{}/a.py", TEXT, "{}.a", False),
}  # fmt: skip


@pytest.mark.parametrize("row", [*enumerate(INSTALLED.values())], ids=INSTALLED)
def test_an_installed_copy_is_probed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    row: tuple[int, tuple[str, str, str, str, bool]],
) -> None:
    """Though it was compiled when it was installed."""
    number, (files, installed, text, module, is_copy) = row
    name = f"installed{number}"
    *empty, last = (tmp_path / "project" / one for one in files.replace("{}", name).split())
    copy = tmp_path / "site" / installed.format(name)
    for path, content in (*((one, "") for one in empty), (last, TEXT), (copy, text)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    py_compile.compile(str(copy), doraise=True)
    loader = importlib.machinery.SourceFileLoader
    for method in ("source_to_code", "path_stats"):
        monkeypatch.setattr(loader, method, getattr(loader, method))
    monkeypatch.setattr(builtins, RAN, None, raising=False)
    monkeypatch.syspath_prepend(tmp_path / "site")
    said: list[str] = []
    instrument({str(last.resolve()): {"2": ["here"]}}, said.append)
    assert importlib.import_module(module.format(name)).f() == 1
    assert said == ["here"] * is_copy


@pytest.mark.parametrize("wanted", [True, False])
def test_what_a_runner_compiles_is_probed(tmp_path: Path, wanted: bool) -> None:
    """As `coverage run app.py` does, with the keywords that it uses."""
    app = tmp_path / "app.py"
    runner = types.ModuleType("runner")
    instrument_runner(
        {str(tmp_path.resolve() / "app.py"): {"2": ["here"]}} if wanted else {}, runner
    )
    code = "def run(source, name): return compile(source, name, mode='exec', dont_inherit=True)"
    exec(code, vars(runner))
    said: list[str] = []
    here: dict[str, Any] = {RAN: said.append}
    exec(runner.run("a = 1\nb = 2\n", str(app)), here)
    assert (here["b"], said) == (2, ["here"] * wanted)


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
