"""Published packages: every scope manager in them is found, and fixing them does no harm.

`packages.txt` pins the packages, `occurrences.csv` says where they enter a scope manager with a
`with` statement. That list was made by reading the packages, not by this program.
"""

from __future__ import annotations

import ast
import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.download import unpack

HERE = Path(__file__).parent
SERVER = HERE.parents[1] / "server"
NAMES = {
    "configure_scope": {"configure-scope-with", "hub-configure-scope"},
    "push_scope": {"push-scope-with", "hub-push-scope"},
}

with (HERE / "occurrences.csv").open(newline="") as _file:
    OCCURRENCES = [(row["file"], int(row["line"]), row["manager"]) for row in csv.DictReader(_file)]

pytestmark = [pytest.mark.network, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def downloaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with all packages unpacked into it."""
    wheels, target = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("packages")
    return unpack(HERE / "packages.txt", wheels, target)


@pytest.fixture
def packages(downloaded: Path, tmp_path: Path) -> Path:
    """A fresh copy of the packages."""
    for path in downloaded.rglob("*.py"):
        copy = tmp_path / path.relative_to(downloaded)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    return tmp_path


def check(directory: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "sentry_migrate", "check", "--isolated", *arguments, str(directory)],
        cwd=SERVER,
        capture_output=True,
        check=False,
        timeout=300,
    )


def contents(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*.py"))
    }


def imports_sentry(data: bytes) -> bool:
    """Whether a module imports the SDK, by the standard library's parser."""

    def names() -> Iterator[str]:
        for node in ast.walk(ast.parse(data)):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module

    return any(name.split(".")[0] == "sentry_sdk" for name in names())


@pytest.fixture(scope="module")
def found(downloaded: Path) -> dict[tuple[str, int], set[str]]:
    """Names of rules by file and line."""
    result: dict[tuple[str, int], set[str]] = {}
    for item in json.loads(check(downloaded, "--output-format", "json").stdout):
        file = Path(item["filename"]).relative_to(downloaded.resolve()).as_posix()
        result.setdefault((file, item["location"]["row"]), set()).add(item["name"])
    return result


def test_the_list_is_of_these_packages(downloaded: Path) -> None:
    assert len(OCCURRENCES) == 18
    assert all((downloaded / file).is_file() for file, _, _ in OCCURRENCES)


@pytest.mark.parametrize(("file", "line", "manager"), OCCURRENCES)
def test_every_occurrence_is_found(
    found: dict[tuple[str, int], set[str]], file: str, line: int, manager: str
) -> None:
    assert found.get((file, line), set()) & NAMES[manager]


def test_nothing_is_found_where_the_sdk_is_not_imported(
    downloaded: Path, found: dict[tuple[str, int], set[str]]
) -> None:
    for file, _ in found:
        assert imports_sentry((downloaded / file).read_bytes()), file


@pytest.mark.parametrize("unsafe", [(), ("--unsafe-fixes",)], ids=["safe", "unsafe"])
def test_fixing_leaves_python_and_comes_to_rest(packages: Path, unsafe: tuple[str, ...]) -> None:
    """All fixes together leave no scope manager of the module that has one."""
    before = contents(packages)
    done = check(packages, "--fix", *unsafe)
    assert done.returncode in (0, 1), done.stderr.decode()
    after = contents(packages)
    changed = {file for file in before if before[file] != after[file]}
    assert changed
    for file in changed:
        assert imports_sentry(before[file]), file
        ast.parse(after[file])
    again = json.loads(check(packages, "--fix", *unsafe, "--output-format", "json").stdout)
    assert [item for item in again if item["fixed"]] == []
    assert contents(packages) == after
    if unsafe:
        names = {"configure-scope-with", "push-scope-with"}
        assert [item for item in again if item["name"] in names and item["fix"]] == []
