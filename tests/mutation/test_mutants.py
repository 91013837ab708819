"""What is changed into what, and what is left alone."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from mutants import compiled, mutants  # noqa: E402

# statement: what may stand in its place, and in that of its parts
CHANGED = {
    "x < y": ["x <= y", "x >= y", ""],
    "x == 1": ["x != 1", "2", ""],
    "x is y": ["x is not y", ""],
    "x in y": ["x not in y", ""],
    "x and y": ["x or y", "y", "x", ""],
    "x or y or z": ["x and y and z", "y or z", "x or z", "x or y", ""],
    "not x": ["x", ""],
    "x + y": ["x - y", ""],
    "f(True)": ["f(True)", "False", ""],
    "f('a')": ["f('a')", "'a§'", ""],
    "x = y if z else w": ["x = y if z else w", "y if not z else w"],
    "x = [y for y in z if y]": ["x = [y for y in z if y]", "for y in z"],
    "x += 1": ["x += 1", "", "2"],
    "raise E('words')": [""],
    "if x: f()": ["if not x:", ""],
    "del x": [""],
}
ALONE = {
    "nothing": "",
    "an import": "from a import b",
    "a docstring": '"""Text."""',
    "an annotation": "x: int | None",
    "slots": "__slots__ = ('a', 'b')",
    "for type checkers": "if TYPE_CHECKING:\n    x = 1",
    "an assertion": "assert x == 1",
    "a signature": "def f(x: int | None) -> str | None: pass",
    "a decorator": "@f(1)\ndef g(): pass",
    "a chain of comparisons": "x = a < b < c",
    "a yield": "def f():\n    yield x",
    "words with values": "x = f'{y}'",
}


@pytest.mark.parametrize(("code", "expected"), CHANGED.items(), ids=CHANGED)
def test_changed(code: str, expected: list[str]) -> None:
    found = [one.after for one in mutants(code)]
    assert sorted(found) == sorted(word for word in expected if word != code)


@pytest.mark.parametrize("code", ALONE.values(), ids=ALONE)
def test_left_alone(code: str) -> None:
    assert mutants(code) == []


@pytest.mark.parametrize("code", CHANGED)
def test_every_mutant_is_another_program(code: str) -> None:
    original = compile(code, "x", "exec")
    made = [compiled(code, one.number, "x") for one in mutants(code)]
    assert made
    assert all(
        one.co_code + repr(one.co_consts).encode()
        != original.co_code + repr(original.co_consts).encode()
        for one in made
    )
    with pytest.raises(IndexError):
        compiled(code, len(made), "x")


def test_a_mutant_says_where_it_is() -> None:
    (one,) = mutants("class A:\n    def f(self):\n\n        return self\n")
    assert (one.line, one.function, one.statement) == (4, "A.f", "return self")
    assert str(one) == "4: A.f: return self → return None"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The command on a package of its own, whose function two tests look at."""
    if not hasattr(os, "fork"):
        pytest.skip("the command needs a system that can fork")
    package = tmp_path / "server" / "sample"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "size.py").write_text(
        "def big(x):\n    while x > 100:\n        x -= 100\n    return x > 9\n"
    )
    tests = {
        "sharp": "assert [big(9), big(10), big(100), big(110)] == [False, True, True, True]",
        "blunt": "assert big(50)",
        "wrong": "assert not big(50)",
    }
    for name, line in tests.items():
        (tmp_path / f"test_{name}.py").write_text(
            f"from sample.size import big\ndef test_{name}():\n    {line}\n"
        )
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = server\n")
    equivalent = tmp_path / "equivalent.toml"
    equivalent.touch()

    def run(test: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = (
            "import runpy, sys, pathlib\n"
            f"sys.path.insert(0, {str(HERE)!r}); sys.path.insert(0, {str(tmp_path / 'server')!r})\n"
            f"names = runpy.run_path({str(HERE / '__main__.py')!r})\n"
            "given = names['main'].__globals__\n"
            f"given['TARGETS'] = {{'sample.size': ('test_{test}.py',)}}\n"
            "given['PATIENCE'] = 3.0\n"  # one mutant never ends
            f"given['ROOT'] = pathlib.Path({str(tmp_path)!r})\n"
            f"given['known'].__defaults__ = (pathlib.Path({str(equivalent)!r}),)\n"
            "sys.exit(names['main'](sys.argv[1:]))"
        )
        return subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            # each mutant has a process, in which the plugins would take nine tenths of the time
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        )

    return run


LOW, SCORED, NONE = 1, 0, 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("test", "arguments", "code", "words"),
    [
        pytest.param("blunt", "", LOW, "sample/size.py:4: big: x > 9", id="a blunt test"),
        pytest.param("blunt", "--fail-under 0", SCORED, "x > 9", id="a goal of nothing"),
        pytest.param("sharp", "--jobs 2", SCORED, "(8 of 9; 0 equivalent)", id="a sharp test"),
        pytest.param("sharp", "--sample 3", SCORED, "of 3; 0", id="a sample"),
        pytest.param("wrong", "", NONE, "do not pass without a mutant", id="a test that fails"),
        pytest.param("gone", "", NONE, "do not pass without a mutant", id="no test"),
        pytest.param("sharp", "sample.other", NONE, "is none of sample.size", id="no module"),
        pytest.param("sharp", "--jobs many", NONE, "invalid int value", id="no number"),
    ],
)
def test_a_score(
    command: Callable[..., Any], test: str, arguments: str, code: int, words: str
) -> None:
    done = command(test, *arguments.split())
    assert (done.returncode, words in done.stdout + done.stderr) == (code, True), done


ENTRY = """[[equivalent]]
module = "sample.size"
function = "big"
statement = "{statement}"
before = "{before}"
after = "x >= 100"
why = "{why}"
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "why", "code", "words"),
    [
        pytest.param("x > 100", "A reason.", LOW, "1 equivalent", id="an entry"),
        pytest.param("x > 101", "A reason.", NONE, "no such mutant of sample.size", id="stale"),
        pytest.param("x > 100", " ", NONE, "or no reason", id="without a reason"),
    ],
)
def test_what_is_equivalent(
    command: Callable[..., Any], tmp_path: Path, before: str, why: str, code: int, words: str
) -> None:
    entry = ENTRY.format(statement="while x > 100:", before=before, why=why)
    (tmp_path / "equivalent.toml").write_text(entry, encoding="utf-8")
    done = command("blunt")
    assert (done.returncode, words in done.stdout + done.stderr) == (code, True), done


def test_every_target_and_its_tests_exist() -> None:
    names = runpy.run_path(str(HERE / "__main__.py"))
    for module, tests in names["TARGETS"].items():
        found = mutants(names["run"].where(module).read_text(encoding="utf-8"))
        assert found
        names["known"](module, found)  # raises ValueError for an entry that is stale
        for test in tests:
            assert (HERE.parents[1] / test).exists(), test
