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

# code with `here` where a probe is, whether running it passes that
ROWS = {
    "a statement": ("a = 1\nhere = 2\n", True),
    "after a docstring": ('"""Doc."""\nhere = 1\n', True),
    "in a function that runs": ("def f():\n    return here\nf()\n", True),
    "in a function that does not": ("def f():\n    return here\n", False),
    "the header of a block": ("with here:\n    pass\n", True),
    "a branch that is not taken": ("if 0:\n    here\nelse:\n    b = 1\n", False),
    "the other branch": ("if 0:\n    a = 1\nelse:\n    here\n", True),
    "a handler that is not reached": ("try:\n    a = 1\nexcept OSError:\n    here\n", False),
    "a handler that is": ("try:\n    1 / 0\nexcept ArithmeticError:\n    here\n", True),
    "the type of one that is not reached": ("try:\n    a = 1\nexcept here:\n    pass\n", False),
    "the last block of a try": ("try:\n    a = 1\nfinally:\n    here\n", True),
    "within a long statement": ("a = [\n    1,\n    here,\n]\n", True),
    "a decorator": ("@here\ndef g():\n    pass\n", True),
    "a case": ("match 1:\n    case 1:\n        here\n    case 2:\n        a = 2\n", True),
    "another case": ("match 1:\n    case 1:\n        a = 1\n    case 2:\n        here\n", False),
    "the guard of a case": ("match 1:\n    case 1 if here:\n        a = 1\n", True),
    "the guard of another case": ("match 1:\n    case 2 if here:\n        a = 1\n", False),
    "after a return": ("def f():\n    return 1\n    here\nf()\n", False),
    "no code": ("a = 1\n\n# only a comment here\n", False),
    "a function in one line": ("def f(): return here\n", False),
    "a function in one line that runs": ("def f(): return here\nf()\n", True),
    "a branch in one line": ("if 0: here\n", False),
    "a branch in one line that is taken": ("if 1: here\n", True),
    "the second statement of a line": ("def f():\n    return 1; here\nf()\n", False),
    "a class in one line": ("class A: here\n", True),
    "a default": ("def f(x=here): return 1\n", True),
    "a lambda": ("f = lambda: here\n", False),
    "a lambda that runs": ("f = lambda: here\nf()\n", True),
    "the default of a lambda": ("f = lambda x=here: x\n", True),
    "a lambda as a default": ("def f(x=lambda: here): return 1\n", False),
    "the argument of a lambda that runs": ("f = lambda: print(end=here(''))\nf()\n", True),
    "a part that is skipped": ("a = 0 and here\n", False),
    "a part that is not": ("a = 1 and here\n", True),
    "the first part": ("a = here and 0\n", True),
    "in a part that is not skipped": ("a = 0 or [1, here]\n", True),
    "a comparison that is skipped": ("a = 2 < 1 < here(1)\n", False),
    "a comparison": ("a = 0 < here(1) < 2\n", True),
    "a value that is not taken": ("a = here if 0 else 1\n", False),
    "a value that is": ("a = here if 1 else 1\n", True),
    "the condition": ("a = 1 if here else 2\n", True),
    "an element of nothing": ("a = [here for x in ()]\n", False),
    "an element": ("a = {1: here for x in (1,)}\n", True),
    "a condition of elements": ("a = [x for x in (1,) if here]\n", True),
    "a condition of no elements": ("a = [x for x in () if here]\n", False),
    "what is looped over": ("a = [x for x in here()]\n", True),
    "in a generator that nobody asks": ("a = (here for x in (1,))\n", False),
    "a message that nobody needs": ("assert 1, here\n", False),
    "behind other characters": ("a = 'äöü' if 1 else here\n", False),
    "behind more of them": ("a = ['𝄞'] and 'ä' and here\n", True),
    "a statement of two lines": ("a = (0 and\n     here)\n", False),
}


class Here:
    """Can stand anywhere."""

    def __call__(self, value: Any = ()) -> Any:
        return value

    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize(("code", "passes"), ROWS.values(), ids=ROWS)
def test_a_probe_is_passed_where_it_runs(code: str, passes: bool) -> None:
    said: list[str] = []
    before = code[: code.index("here")].split("\n")
    place = f"{len(before)}:{len(before[-1]) + 1}"
    tree = with_probes(ast.parse(code), code.encode(), {place: ["here"]})
    exec(compile(tree, __file__, "exec"), {RAN: said.append, "here": Here()})
    assert said == ["here"] * passes


def test_probes_in_one_statement() -> None:
    said: list[tuple[str, ...]] = []
    code = "a = b = 1 and (0 or 1)\n"
    places = {"1:1": ["a"], "1:5": ["b"], "1:9": ["c"], "1:16": ["d"], "1:21": ["e"]}
    tree = with_probes(ast.parse(code), code, places)
    exec(compile(tree, "probed", "exec"), {RAN: lambda *names: said.append(names)})
    assert said == [("a", "b", "c"), ("d",), ("e",)]


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
    instrument({str(last.resolve()): {"2:5": ["here"]}}, said.append)
    assert importlib.import_module(module.format(name)).f() == 1
    assert said == ["here"] * is_copy


@pytest.mark.parametrize("wanted", [True, False])
def test_what_a_runner_compiles_is_probed(tmp_path: Path, wanted: bool) -> None:
    """As `coverage run app.py` does, with the keywords that it uses."""
    app = tmp_path / "app.py"
    runner = types.ModuleType("runner")
    instrument_runner(
        {str(tmp_path.resolve() / "app.py"): {"2:5": ["here"]}} if wanted else {}, runner
    )
    code = "def run(source, name): return compile(source, name, mode='exec', dont_inherit=True)"
    exec(code, vars(runner))
    said: list[str] = []
    here: dict[str, Any] = {RAN: said.append}
    exec(runner.run("a = 1\nb = 2\n", str(app)), here)
    assert (here["b"], said) == (2, ["here"] * wanted)


def test_lines_of_errors_stay() -> None:
    code = "a = 1\n\n1 and 1 / 0\n"
    tree = with_probes(ast.parse(code), code, {"1:1": ["a"], "3:7": ["b"]})
    with pytest.raises(ZeroDivisionError) as raised:
        exec(compile(tree, "probed", "exec"), {RAN: print})
    assert raised.traceback[-1].lineno + 1 == 3
