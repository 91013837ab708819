"""The real analysis over files that are not open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.capabilities import PUSHED, VSCODE
from lsp.conftest import Start
from lsp.test_workspace import BACKLOG, backlog, by_name, command, folder


def plant(tree: Path) -> None:
    use = "import sentry_sdk\r\nsentry_sdk.Hub.current.capture_message('é😀')\r\n"
    (tree / "a.py").write_bytes(use.encode())
    (tree / "latin.py").write_bytes(b"# coding: latin-1\n" + use.encode("utf-8"))
    (tree / "bom.py").write_bytes(b"\xef\xbb\xbf" + use.encode())
    (tree / "bad.py").write_bytes(b"import sentry_sdk # \xff\n")
    (tree / "clean.py").write_text("import sentry_sdk\n")
    (tree / "none.py").write_text("x = 1\n")
    (tree / "requirements.txt").write_text("sentry-sdk==1.45\n")
    (tree / "venv").mkdir()
    (tree / "venv" / "a.py").write_bytes(use.encode())
    (tree / ".gitignore").write_text("ignored.py\n")
    (tree / ".git").mkdir()
    (tree / "ignored.py").write_bytes(use.encode())


async def test_backlog(start: Start, tmp_path: Path) -> None:
    plant(tmp_path)
    client = await start(VSCODE, configuration=BACKLOG, command="real", **folder(tmp_path))
    found = by_name(await backlog(client))
    assert found == {"a.py": 1, "bad.py": 1, "bom.py": 1, "latin.py": 1, "requirements.txt": 1}


async def test_fix_workspace(start: Start, tmp_path: Path) -> None:
    plant(tmp_path)
    client = await start(PUSHED, command="real", **folder(tmp_path))
    paths = [tmp_path / name for name in ("a.py", "bom.py", "latin.py")]
    before = [path.read_bytes() for path in paths]
    assert (await command(client, "fixWorkspace"))["fixed"] == 3
    for path, data in zip(paths, before, strict=True):
        assert path.read_bytes() == data.replace(b"Hub.current.", b"")


EXCLUDED = {
    # a file that is open, `extend-exclude`, and whether its use is shown
    "a.py": ([], True),
    "gen/a.py": (["gen"], False),
    "own/a.py": (["gen"], True),
    "b.py": (["/b.py"], False),
    "c/b.py": (["/b.py"], True),
    ".venv/lib/a.py": ([], False),
    "src/site-packages/a.py": ([], False),
}


@pytest.mark.parametrize("place", ["pyproject.toml", "the editor"])
@pytest.mark.parametrize("name", EXCLUDED)
async def test_an_open_file_that_is_excluded_is_left_alone(
    start: Start, tmp_path: Path, name: str, place: str
) -> None:
    patterns, shown = EXCLUDED[name]
    settings: dict[str, Any] = {"extendExclude": patterns}
    if place == "pyproject.toml":
        settings = {}
        table = f"[tool.sentry-migrate]\nextend-exclude = {patterns}\n"
        (tmp_path / "pyproject.toml").write_text(table)
    client = await start(PUSHED, command="real", configuration=settings, **folder(tmp_path))
    uri = (tmp_path / name).as_uri()
    client.open(uri, "import sentry_sdk\nsentry_sdk.Hub.current.capture_message('x')\n")
    assert len(await client.diagnostics(uri)) == shown
    result = await command(client, "fixFile", uri)
    assert result["applied"] is shown
    assert result.get("reason") == (None if shown else "the settings exclude this file")


async def test_a_library_outside_of_the_workspace_is_left_alone(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "w").mkdir()
    client = await start(PUSHED, command="real", **folder(tmp_path / "w"))
    uri = (tmp_path / "lib" / "site-packages" / "a.py").as_uri()
    client.open(uri, "import sentry_sdk\nsentry_sdk.Hub.current.capture_message('x')\n")
    assert await client.diagnostics(uri) == []


async def test_versions_are_known(start: Start) -> None:
    client = await start(PUSHED, command="real")
    client.open("file:///w/a.py", "import sentry_sdk\n")
    await client.diagnostics("file:///w/a.py")
    versions = (await command(client, "debugInformation"))["versions"]
    assert sorted(versions) == ["libcst", "python", "sentry-migrate", "server python"]
    assert all(version[0].isdecimal() for version in versions.values()), versions
