"""`run.py`, without a bundle: what it says to Pythons that cannot run one."""

from __future__ import annotations

import ast
import importlib.util
import platform
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

RUN = Path(__file__).parents[2] / "vscode-client" / "bundled-src" / "run.py"
NATIVE = "native" + EXTENSION_SUFFIXES[0]
THIS = f"{sys.version_info[0]}.{sys.version_info[1]}"
MACHINE = f"{platform.system().lower()} {platform.machine().lower()}"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, with an empty directory for its libs."""
    spec = importlib.util.spec_from_file_location("run", RUN)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "LIBS", str(tmp_path))
    (tmp_path / "libcst").mkdir()
    return module


@pytest.mark.parametrize(
    ("kind", "version", "reason"),
    [
        ("CPython", (2, 7, 18), "needs CPython 3.10 or newer, this is 2.7.18"),
        ("CPython", (3, 9, 2), "needs CPython 3.10 or newer, this is 3.9.2"),
        ("PyPy", (3, 11, 0), "PyPy: the native module of libcst is made for CPython only"),
        ("GraalVM", (3, 12, 0), "GraalVM: the native module of libcst is made for CPython only"),
    ],
)
def test_kinds_and_versions(
    run: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    version: tuple[int, ...],
    reason: str,
) -> None:
    with monkeypatch.context() as changed:
        changed.setattr(platform, "python_implementation", lambda: kind)
        changed.setattr(sys, "version_info", version)
        said = run.obstacle()
    assert said == reason


@pytest.mark.parametrize(
    ("there", "has"),
    [
        ((), "none"),
        (("__init__.py", "nodes.py"), "none"),
        (
            ("native.cpython-399-x86_64-linux-gnu.so", "native.cpython-310-x86_64-linux-gnu.so"),
            "cpython-310-x86_64-linux-gnu, cpython-399-x86_64-linux-gnu",
        ),
        (
            ("native.cp310-win_amd64.pyd", "native.cp314-win_amd64.pyd"),
            "cp310-win_amd64, cp314-win_amd64",
        ),
    ],
)
def test_no_native_module(run: ModuleType, there: tuple[str, ...], has: str) -> None:
    for name in there:
        Path(run.LIBS, "libcst", name).touch()
    assert (
        run.obstacle()
        == f"no libcst module for CPython {THIS} on {MACHINE}; this bundle has: {has}"
    )


ZIP = f"/usr/lib/python{sys.version_info[0]}{sys.version_info[1]}.zip"


@pytest.mark.parametrize(
    ("path", "left"),
    [
        (["/bundle", ZIP, "/usr/lib/py"], [ZIP, "/usr/lib/py"]),
        (["/bundle", "", ".", "/here", ZIP, "/usr/lib/py"], [ZIP, "/usr/lib/py"]),
        (["/bundle", ZIP, "/here", ZIP, "/usr/lib/py"], [ZIP, "/usr/lib/py"]),
        (["/bundle", "", "/here", f"{sys.prefix}/lib/pypy"], [f"{sys.prefix}/lib/pypy"]),
        ([], []),
    ],
)
def test_nothing_is_imported_but_the_standard_library(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, path: list[str], left: list[str]
) -> None:
    """That it comes to this before anything is imported is tested in cli/test_isolation.py."""
    monkeypatch.setattr(sys, "path", path)
    found = run.standard()
    monkeypatch.undo()
    assert found == left


def test_free_threaded(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    import sysconfig

    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: name == "Py_GIL_DISABLED")
    assert f"CPython {THIS} (free-threaded) on" in run.obstacle()


def test_a_native_module_that_does_not_load(run: ModuleType) -> None:
    Path(run.LIBS, "libcst", NATIVE).write_bytes(b"not a library")
    assert run.obstacle().startswith(
        f"the libcst module for CPython {run.version()} does not load: "
    )


def test_a_standard_library_that_is_not_whole(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_missing_native", lambda: None)
    monkeypatch.setattr(run, "STANDARD", ("asyncio", "no_such_module"))
    assert run.obstacle() == (
        f"the standard library of CPython {run.version()} is not whole: "
        "No module named 'no_such_module'"
    )


def test_a_missing_libs_directory(run: ModuleType, tmp_path: Path) -> None:
    run.LIBS = str(tmp_path / "nowhere")
    assert run.obstacle().endswith("this bundle has: none")


def test_it_has_no_syntax_that_old_pythons_lack() -> None:
    """Real ones read it in test_bundle.py, where there are any."""
    too_new: tuple[Any, ...] = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(RUN.read_bytes())):
        assert not isinstance(node, (*too_new, ast.Nonlocal, ast.YieldFrom, ast.Match)), node
        if isinstance(node, ast.FunctionDef):
            assert node.returns is None
            assert not any(argument.annotation for argument in node.args.args)
            assert node.args.kwonlyargs + node.args.posonlyargs == []
        if isinstance(node, ast.ImportFrom):
            assert node.module != "__future__"
