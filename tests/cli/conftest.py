"""Running the command: in this process for speed, as a program where that is the point."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sentry_migrate.cli.commands import cli
from sentry_migrate.project import atomic_write
from sentry_migrate.worker import answers, pool
from sentry_migrate.worker.frames import Check

SERVER = Path(__file__).parents[2] / "server"


@dataclass(frozen=True)
class Ran:
    """What a run left: exit code, standard output as bytes, standard error as text."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


Run = Callable[..., Ran]


def write_tree(root: Path, tree: Mapping[str, str | bytes]) -> None:
    """Make files from names and contents."""
    for name, content in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def offers_safe_fix(run: Run, root: Path, tree: Mapping[str, str | bytes], *arguments: str) -> bool:
    """Whether `check` of these files, or of those that are named, offers one."""
    write_tree(root, tree)
    return b"[*]" in run("check", *arguments).out


def read_tree(root: Path) -> dict[str, bytes]:
    """Every file below `root`."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


_ANSWER = answers.load()[1][Check]


def here_and_now(job: Check) -> pool.FileCheck:
    """What a child makes of a file, without a child."""
    answer: Any = _ANSWER(job)
    return pool.made(job, answer)


def inline(_: pool.Pool, jobs: Sequence[Check]) -> Iterator[pool.FileCheck]:
    """A pool's run without processes."""
    return map(here_and_now, jobs)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, the root of a repository so that nothing above it counts."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Run `sentry-migrate ARGUMENTS` in this process and in the directory `here`."""
    monkeypatch.setattr(pool.Pool, "run", inline)

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli(list(arguments), prog_name="sentry-migrate")
        out, err = capsysbinary.readouterr()
        return Ran(int(ended.value.code or 0), out, err.decode())

    return run


@pytest.fixture
def unwritable(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have each file whose path ends so not be written."""

    def unwritable(ending: str) -> None:
        replace = atomic_write.replace

        def refuse(path: str, old: bytes, new: bytes) -> None:
            if Path(path).as_posix().endswith(ending):
                raise PermissionError(13, "Permission denied")
            replace(path, old, new)

        monkeypatch.setattr(atomic_write, "replace", refuse)

    return unwritable


@pytest.fixture
def execute(here: Path) -> Run:
    """Run `python -m sentry_migrate ARGUMENTS` as a program in the directory `here`."""

    def execute(*arguments: str, stdin: bytes = b"") -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "sentry_migrate", *arguments],
            input=stdin,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(SERVER)},
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr.decode())

    return execute
