"""Migrating the workspace drops the names that nobody takes now, as the command line does."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from cli.conftest import Run, here, run, write_tree
from differential.mocks import projects
from lsp.capabilities import PUSHED
from lsp.conftest import Start
from lsp.test_workspace import command, folder
from project.test_dropped import OBS, ROWS, Project
from sentry_migrate.lsp.features.migration import Migration

__all__ = ["here", "run"]  # fixtures
MOCKS = projects()
MOVING = {
    title: MOCKS[title]
    for title in (
        *("push_scope: patch", "push_scope: a fixture of conftest", "push_scope: f-string"),
        *("configure_scope: decorator", "configure_scope: monkeypatch", "configure_scope: start"),
    )
}
PROJECTS = {
    **MOVING,
    **{name: files for name, (files, _) in ROWS.items()},
    **{f"seed {seed}": Project(seed).files for seed in range(4)},
}
# a project, what of it is open, whether unsafe fixes are made
CASES = [
    *((name, None, False) for name in (*ROWS, *MOVING)),
    *(("push_scope: patch", opened, False) for opened in ("app/obs.py", "tests/test_obs.py")),
    *(
        (name, opened, False)
        for name in ("a user", "a star", "through a module")
        for opened in ("app/obs.py", "app/use.py")
    ),
    *((name, None, True) for name in PROJECTS if name not in ROWS),
]


def texts(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*.py"))}


@pytest.mark.parametrize(("name", "opened", "unsafe"), CASES)
async def test_the_workspace_becomes_what_the_command_makes_of_it(
    start: Start, tmp_path: Path, run: Run, name: str, opened: str | None, unsafe: bool
) -> None:
    files = {"pyproject.toml": "", "app/__init__.py": "", "app/obs.py": OBS, **PROJECTS[name]}
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for root in (ours, theirs):
        write_tree(root, files)
    client = await start(PUSHED, command="real", **folder(ours))
    if opened is not None:
        client.open((ours / opened).as_uri(), files[opened])
    for again in (False, True):
        result = await command(client, "fixWorkspace", {"unsafe": unsafe})
        assert not (again and result["found"]), "a second time finds nothing to do"
        found = texts(ours)
        if opened is not None:
            found[opened] = client.documents[(ours / opened).as_uri()][1]
        if not again:
            run("check", "--no-cache", "--fix", *["--unsafe-fixes"][: int(unsafe)], str(theirs))
            assert found == texts(theirs)


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ((), "abcd"),
        (("a",), "d"),
        (("b",), "ad"),
        (("c",), "abd"),
        (("d",), "abc"),
        (("b", "d"), "a"),
    ],
)
def test_who_needs_what_changed_meanwhile_waits(gone: tuple[str, ...], left: str) -> None:
    texts = {
        name: SimpleNamespace(unit=SimpleNamespace(path=name), changes=(1,)) for name in "dcba"
    }
    migration = Migration(None, None)  # type: ignore[arg-type]
    migration._found = texts  # type: ignore[assignment]
    migration._needs = {"b": {"a"}, "c": {"b"}}
    able = migration.without([texts[name] for name in gone])  # type: ignore[misc]
    names = [str(one.unit.path) for one in able]
    assert sorted(names) == list(left)
    assert names == sorted(names, key="dabc".index)
