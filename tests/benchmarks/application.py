"""`check` of a large Django application that was written with sentry-sdk 1.x."""

from __future__ import annotations

import ast
import itertools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.timing import program, ratio
from corpus.download import unpack

PINS = Path(__file__).with_name("application.txt")
PEERS = Path(__file__).with_name("peers.txt")


def application(times: int) -> None:
    """Print how long runs take next to others."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        tree = unpack(PINS, directory / "wheels", directory / "tree")
        shutil.rmtree(directory / "wheels")
        (tree / "pyproject.toml").write_text("[project]\nname = 'application'\nversion = '1'\n")
        files = sorted(tree.rglob("*.py"))
        using = [path for path in files if b"sentry_sdk" in path.read_bytes()]
        print(f"sentry-migrate check of {len(files)} files, {len(using)} of which mention the SDK")
        check = [sys.executable, "-m", "sentry_migrate", "check", "-q", "-e"]
        cached = [*check, "--cache-dir", str(directory / "kept")]
        ruff = [str(Path(sysconfig.get_path("scripts"), "ruff")), "check", "--no-cache"]
        ruff += ["--isolated", "--select", "F401", "-q", "-e"]
        cold = program(*check, "--no-cache", str(tree))
        show(
            "first run / ruff check --no-cache --select F401",
            cold,
            program(*ruff, str(tree)),
            times,
        )
        show("first run / ast.parse of these files", cold, lambda: parse(using), times)
        for name, run in peers(directory, tree):
            show(f"first run / {name}", cold, run, times)
        program(*cached, str(tree))()
        again = program(*cached, str(tree))
        show("second run / reading all files in Python", again, reader(tree), times)
        one = using[len(using) // 2]
        numbers = itertools.count()

        def changed() -> None:
            with one.open("a") as file:
                file.write(f"# {next(numbers)}\n")
            again()

        alone = directory / "alone"
        alone.mkdir()
        shutil.copy(one, alone)
        single = program(*check, "--no-cache", str(alone / one.name))
        show("all, after one file changed / that file alone", changed, single, times)


def peers(directory: Path, tree: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Runs of other tools over all files of a tree, as far as they can be installed here; one that
    changes files has a copy of the tree."""
    environment = directory / "peers"
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [str(python), "-m", "pip", "install", "-q", "-r", str(PEERS)]
    if subprocess.run(install, check=False).returncode:
        print("  other tools cannot be installed here")
        return
    scripts = python.parent
    pattern = ("run", "--lang", "python", "--pattern", "sentry_sdk.configure_scope()")
    yield "ast-grep, one pattern", program(str(scripts / "ast-grep"), *pattern, str(tree))
    copy = directory / "copy"
    shutil.copytree(tree, copy)
    options = ("--target-version", "4.2", "--exit-zero-even-if-changed")
    files = map(str, copy.rglob("*.py"))
    yield "django-upgrade", program(str(scripts / "django-upgrade"), *options, *files)


def show(label: str, ours: Callable[[], object], theirs: Callable[[], object], times: int) -> None:
    """Print medians."""
    mine, other, median = ratio(ours, theirs, times)
    print(f"  {label}: {mine:.2f} s / {other:.2f} s = {median:.1f}")


def parse(paths: list[Path]) -> None:
    """Have Python parse files."""
    for path in paths:
        ast.parse(path.read_bytes())


def reader(tree: Path) -> Callable[[], object]:
    """A process that finds and reads all Python files, and looks for the SDK's name."""
    code = (
        "import os, sys\n"
        "for at, _, names in os.walk(sys.argv[1]):\n"
        "    for name in names:\n"
        "        if name.endswith(('.py', '.pyi')):\n"
        "            with open(os.path.join(at, name), 'rb') as file:\n"
        "                b'sentry_sdk' in file.read()\n"
    )
    return program(sys.executable, "-c", code, str(tree))
