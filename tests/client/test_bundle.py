"""The bundle runs with every Python there is, in an environment that has nothing or the wrong
things; and where it cannot, it says why."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from client.conftest import make
from client.pythons import Python, found
from lsp.capabilities import PUSHED
from lsp.wire import Client

from bundle_lock import LOCK, PYTHONS, read  # isort: skip  # found where client.conftest put it

pytestmark = [pytest.mark.network, pytest.mark.timeout(300)]

OLD = "import sentry_sdk\n\nwith sentry_sdk.push_scope() as scope:\n    scope.set_tag('a', 'b')\n"
NEW = OLD.replace("push_scope", "new_scope")
WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 4, "character": 0}}
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def minor(python: Python) -> str:
    return f"{python.version[0]}.{python.version[1]}"


def missing(version: str) -> Any:
    reason = f"no CPython {version} on this machine; tests/editors/install.py makes some"
    return pytest.param(None, id=version, marks=pytest.mark.skip(reason))


def rows(pythons: Iterable[Python], otherwise: Sequence[str]) -> list[Any]:
    """A row for each Python, and a skipped one for each version of which there is none."""
    pythons = list(pythons)
    there = {minor(python) for python in pythons}
    absent = [missing(version) for version in otherwise if version not in there]
    return [*(pytest.param(python, id=str(python)) for python in pythons), *absent]


GOOD = rows((p for p in found() if p.kind == "CPython" and minor(p) in PYTHONS), PYTHONS)
OLDER = rows((p for p in found() if p.kind == "CPython" and p.version < (3, 10)), ["3.9"])
OTHERS = rows((p for p in found() if p.kind != "CPython"), [])


def ask(python: Python, shared: Path, program: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """What a program says, run where `python` is."""
    command = python.command(shared, program)
    return subprocess.run(command, capture_output=True, text=True, env=CLEAN)


def probe(python: Python, shared: Path, run: Path) -> tuple[int, dict[str, Any]]:
    """The exit code, and the one line of JSON."""
    done = ask(python, shared, [python.program, "-S", str(run), "--probe"])
    (line,) = done.stdout.splitlines()
    return done.returncode, json.loads(line)


def refused(python: Python, shared: Path, run: Path) -> str:
    """The reason it gives when asked, which is also the one it gives when it is to serve."""
    code, answer = probe(python, shared, run)
    assert (code, answer["ok"], set(answer)) == (1, False, {"ok", "reason"})
    reason: str = answer["reason"]
    done = ask(python, shared, [python.program, "-S", str(run), "server"])
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith(": " + reason)
    assert done.stdout == ""
    return reason


def environment(python: Python, shared: Path, directory: Path) -> Path:
    """The program of a virtual environment without even pip."""
    done = ask(python, shared, [python.program, "-m", "venv", "--without-pip", str(directory)])
    assert done.returncode == 0, done.stderr
    return directory / "bin" / "python"


async def converse(command: Sequence[str], project: Path, env: dict[str, str]) -> None:
    """A whole session: a finding, its fix, and an orderly end."""
    uri = (project / "app.py").as_uri()
    client = Client()
    client.process = process = await asyncio.create_subprocess_exec(
        *command, stdin=-1, stdout=-1, env=env, limit=1 << 26
    )
    assert process.stdin
    assert process.stdout
    client.attach(process.stdout, process.stdin)
    try:
        await client.initialize(PUSHED)
        client.open(uri, OLD)
        (finding,) = await client.diagnostics(uri)
        assert (finding["source"], finding["range"]["start"]["line"]) == ("sentry-migrate", 2)
        edit = await client.edit_of(await fix_all(client, uri))
        assert client.applied(edit, uri, OLD) == NEW
        assert await client.stop() == 0
    finally:
        client.kill()
        await process.wait()


async def fix_all(client: Client, uri: str) -> dict[str, Any]:
    """The action that fixes all. There is none until the rest of the project was looked through,
    and a new interpreter compiles the whole bundle before it does."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        actions = await client.actions(uri, WHOLE, only=["source.fixAll"])
        if actions:
            (action,) = actions
            return action
        await asyncio.sleep(0.5)
    raise AssertionError("nothing is offered")


class TestPythons:
    @pytest.mark.parametrize("python", GOOD)
    async def test_an_empty_environment(
        self, python: Python, bundle: Path, shared: Path, tmp_path: Path
    ) -> None:
        run = bundle / "run.py"
        version = ".".join(map(str, python.version))
        code, answer = probe(python, shared, run)
        assert (code, answer.get("reason"), answer["python"]) == (0, None, version)

        program = environment(python, shared, tmp_path / "venv")
        serve = [str(program), "-S", str(run), "server"]
        await converse(python.command(shared, serve, tmp_path), tmp_path, CLEAN)

    @pytest.mark.parametrize("python", GOOD)
    def test_the_command_line(self, python: Python, bundle: Path, shared: Path) -> None:
        """Its children are started in another way than the server's."""
        command = [python.program, "-S", str(bundle / "run.py"), "check", "--fix", "-"]
        done = subprocess.run(
            python.command(shared, command), input=OLD, capture_output=True, text=True, env=CLEAN
        )
        assert (done.returncode, done.stdout) == (0, NEW), done.stderr

    @pytest.mark.parametrize("python", OLDER)
    def test_too_old(self, python: Python, bundle: Path, shared: Path) -> None:
        version = ".".join(map(str, python.version))
        reason = refused(python, shared, bundle / "run.py")
        assert reason == f"needs CPython 3.10 or newer, this is {version}"

    @pytest.mark.parametrize("python", OTHERS)
    def test_not_cpython(self, python: Python, bundle: Path, shared: Path) -> None:
        reason = refused(python, shared, bundle / "run.py")
        assert reason == f"{python.kind}: the native module of libcst is made for CPython only"


class TestWrongThingsInTheEnvironment:
    """Modules that have the names of bundled ones and nothing in them."""

    NAMES = ("attr", "attrs", "cattrs", "click", "libcst", "lsprotocol", "pygls", "sentry_migrate")

    def plant(self, directory: Path) -> None:
        for name in self.NAMES:
            (directory / name).mkdir(parents=True)
            (directory / name / "__init__.py").write_text("WRONG = True\n")

    @pytest.mark.parametrize(
        ("installed", "preloaded", "pythonpath"),
        [(True, False, False), (True, True, False), (False, False, True)],
        ids=["installed", "preloaded", "PYTHONPATH"],
    )
    async def test_in_one_place(
        self,
        installed: bool,
        preloaded: bool,
        pythonpath: bool,
        bundle: Path,
        shared: Path,
        tmp_path: Path,
    ) -> None:
        run = bundle / "run.py"
        await self.shadowed(
            _this_machines(), run, shared, tmp_path, installed, preloaded, pythonpath
        )

    @pytest.mark.parametrize("python", GOOD)
    async def test_everywhere(
        self, python: Python, bundle: Path, shared: Path, tmp_path: Path
    ) -> None:
        await self.shadowed(python, bundle / "run.py", shared, tmp_path, True, True, True)

    async def shadowed(
        self,
        python: Python,
        run: Path,
        shared: Path,
        tmp_path: Path,
        installed: bool,
        preloaded: bool,
        pythonpath: bool,
    ) -> None:
        program = environment(python, shared, tmp_path / "venv")
        (packages,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
        if installed:
            self.plant(packages)
        if preloaded:
            (packages / "early.pth").write_text(f"import {', '.join(self.NAMES)}\n")
        self.plant(tmp_path / "elsewhere")
        env = {**CLEAN, "PYTHONPATH": str(tmp_path / "elsewhere")} if pythonpath else CLEAN
        serve = [str(program), "-S", str(run), "server"]
        await converse(python.command(shared, serve, tmp_path), tmp_path, env)

    async def test_nor_does_the_project_it_runs_in(
        self, bundle: Path, shared: Path, tmp_path: Path
    ) -> None:
        python = _this_machines()
        self.plant(tmp_path)
        (tmp_path / "queue.py").write_text("raise SystemExit('not the library')\n")
        serve = [python.program, "-S", str(bundle / "run.py"), "server"]
        await converse(python.command(shared, serve, tmp_path), tmp_path, CLEAN)


def _this_machines() -> Python:
    return next(
        p for p in found() if p.root is None and p.kind == "CPython" and minor(p) in PYTHONS
    )


def _copy(bundle: Path, to: Path) -> Path:
    shutil.copytree(bundle, to, copy_function=os.link)
    return to


class TestBrokenBundles:
    def test_no_native_module_for_this_python(
        self, bundle: Path, shared: Path, tmp_path: Path
    ) -> None:
        python, libcst = _this_machines(), _copy(bundle, tmp_path / "b") / "libs" / "libcst"
        tag = minor(python).replace(".", "")
        (module,) = libcst.glob(f"native.*{tag}-*")
        module.unlink()
        reason = refused(python, shared, tmp_path / "b" / "run.py")
        said, _, has = reason.partition("; this bundle has: ")
        assert re.fullmatch(rf"no libcst module for CPython {minor(python)} on \S+ \S+", said)
        assert len(has.split(", ")) == len(PYTHONS) - 1
        assert tag not in has

    def test_a_native_module_for_another_processor(
        self, bundle: Path, shared: Path, tmp_path: Path
    ) -> None:
        python, libcst = _this_machines(), _copy(bundle, tmp_path / "b") / "libs" / "libcst"
        (module,) = libcst.glob(f"native.*{minor(python).replace('.', '')}-*")
        whole = module.read_bytes()
        module.unlink()  # the link, before what it links to is written
        module.write_bytes(whole[:18] + b"\x08\x00" + whole[20:])  # ELF's machine: MIPS
        reason = refused(python, shared, tmp_path / "b" / "run.py")
        assert reason.startswith("the libcst module for CPython")
        assert "does not load" in reason

    def test_the_bundle_of_another_platform(self, shared: Path, tmp_path: Path) -> None:
        done = make(tmp_path / "windows", "--target=win32-x64")
        assert done.returncode == 0, done.stderr
        reason = refused(_this_machines(), shared, tmp_path / "windows" / "run.py")
        assert reason.endswith(", ".join(f"cp{v.replace('.', '')}-win_amd64" for v in PYTHONS))


class TestContents:
    def test_natives(self, bundle: Path) -> None:
        natives = [p for p in bundle.rglob("*") if p.suffix in (".so", ".pyd", ".dylib")]
        assert {p.parent.relative_to(bundle).as_posix() for p in natives} == {"libs/libcst"}
        assert len(natives) == len(PYTHONS)

    @pytest.mark.parametrize(
        "pattern", ["tests", "*.dist-info", "yaml", "*.pyi", "codemod", "tool.py", "*.exe"]
    )
    def test_what_it_does_not_hold(self, bundle: Path, pattern: str) -> None:
        assert [path for path in bundle.rglob(pattern) if path.suffix != ".pyc"] == []

    def test_it_is_small(self, bundle: Path, tmp_path: Path) -> None:
        archive = shutil.make_archive(str(tmp_path / "a"), "zip", _without_caches(bundle, tmp_path))
        assert Path(archive).stat().st_size < 15_000_000

    def test_licences(self, bundle: Path) -> None:
        notices = (bundle / "THIRD-PARTY-NOTICES.txt").read_text(encoding="utf-8")
        named = re.findall(r"^={80}\n(\S+) (\S+)\n={80}$", notices, re.MULTILINE)
        normal = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in named}
        pins = read(LOCK.read_text(encoding="utf-8"))
        assert normal == {pin.name: pin.version for pin in pins}
        assert len(notices) > 1000 * len(named)

    def test_every_module_of_ours_finds_what_it_needs(self, bundle: Path, shared: Path) -> None:
        walk = (
            f"import importlib, pkgutil, sys; sys.path.insert(0, {str(bundle / 'libs')!r});"
            "import sentry_migrate as top;"
            "names = [m.name for m in pkgutil.walk_packages(top.__path__, 'sentry_migrate.')];"
            "names = [name for name in names if not name.endswith('.__main__')];"
            "[importlib.import_module(name) for name in names]; print(len(names))"
        )
        python = _this_machines()
        done = ask(python, shared, [python.program, "-S", "-c", walk])
        assert done.returncode == 0, done.stderr
        assert int(done.stdout) > 100


class TestRefusals:
    def test_no_wheels_for_a_target(self, tmp_path: Path) -> None:
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "kept").touch()
        done = make(tmp_path / "b", "--target=darwin-x64")
        assert done.returncode == 1
        assert done.stderr.startswith("no bundle for darwin-x64: ")
        assert f"CPython {PYTHONS[0]}: " in done.stderr
        assert "libcst" in done.stderr
        assert [path.name for path in (tmp_path / "b").iterdir()] == ["kept"]

    @pytest.mark.parametrize("target", ["beos-x64", "linux-armhf"])
    def test_a_target_without_a_bundle(self, tmp_path: Path, target: str) -> None:
        done = make(tmp_path / "b", f"--target={target}")
        assert done.returncode == 2
        assert "linux-x64" in done.stderr
        assert not (tmp_path / "b").exists()


def _without_caches(bundle: Path, tmp_path: Path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(bundle, tmp_path / "clean", ignore=ignore))
