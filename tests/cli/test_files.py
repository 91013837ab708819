"""Which files are checked."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Run, write_tree
from cli.samples import AFTER, BEFORE
from sentry_migrate.project import files, regular_files
from sentry_migrate.project.config import Settings
from sentry_migrate.project.dependency_files import kind_of

NO_PATTERNS = ("!", "\\", "gen\\", "[z-a]x", "!\\", "[z-a].py", "*[z-a]*/")
"""Lines that git reads over in silence."""
OURS = ("app.py", "types.pyi", "pkg/mod.py", "pkg/sub/mod.py")


def found(paths: Sequence[str] = (".",), typed: tuple[str, ...] = (), **settings: Any) -> set[str]:
    """Files found from the working directory, relative to it."""
    chosen = Settings(root=Path.cwd(), **settings)
    seen = files.discover(paths, lambda directory: chosen, typed)
    kept = [os.path.relpath(file.path).replace(os.sep, "/") for file in seen if not file.skipped()]
    assert len(kept) == len(set(kept))
    return set(kept)


# what: files that are not ours
LEFT_OUT: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "other languages": ({"a.txt": "", "a.pyc": "", "a.PY~": "", "Rakefile": "", "a.ipynb": ""}, {}),
    "environments and caches": (
        {f"{name}/lib/a.py": "" for name in (".venv", "venv", "node_modules", ".tox", "pkg/dist")},
        {},
    ),
    "a directory called like a file": ({"dir.py/readme.txt": ""}, {}),
    "gitignored file": ({".gitignore": "gen.py\n", "gen.py": "", "pkg/gen.py": ""}, {}),
    "gitignored directory": ({".gitignore": "gen/\n", "gen/a.py": "", "pkg/gen/b/a.py": ""}, {}),
    "anchored": ({".gitignore": "/gen.py\n", "gen.py": ""}, {}),
    "nested .gitignore": ({"pkg/.gitignore": "/gen.py\n", "pkg/gen.py": ""}, {}),
    ".gitignore with CRLF": ({".gitignore": "gen.py\r\n", "gen.py": ""}, {}),
    ".git/info/exclude": ({".git/info/exclude": "gen.py\n", "gen.py": ""}, {}),
    "nested over outer": (
        {".gitignore": "!gen.py\n", "pkg/.gitignore": "gen.py\n", "pkg/gen.py": ""},
        {},
    ),
    "ignored directory stays ignored": (
        {".gitignore": "gen/\n", "gen/.gitignore": "!a.py\n", "gen/a.py": ""},
        {},
    ),
    "exclude": ({"gen/a.py": "", "pkg/gen/a.py": ""}, {"exclude": ("gen",)}),
    "extend-exclude": ({"gen/a.py": "", "venv/a.py": ""}, {"extend_exclude": ("gen/",)}),
    "excluded although not ignored": (
        {".gitignore": "!gen.py\n", "gen.py": ""},
        {"extend_exclude": ("gen.py",)},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tree", "settings"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_leaves_out(here: Path, tree: dict[str, str], settings: dict[str, Any]) -> None:
    write_tree(here, {**dict.fromkeys(OURS, ""), **tree})
    assert found(**settings) == set(OURS)


# what: (files beside ours, settings, found too)
TAKEN: dict[str, tuple[dict[str, str], dict[str, Any], set[str]]] = {
    "hidden": ({".hidden/a.py": "", ".b.py": ""}, {}, {".hidden/a.py", ".b.py"}),
    "negated": ({".gitignore": "*.py\n!*.py\n"}, {}, set()),
    "negated below": (
        {".gitignore": "gen.py\n", "pkg/.gitignore": "!gen.py\n", "gen.py": "", "pkg/gen.py": ""},
        {},
        {"pkg/gen.py"},
    ),
    "anchored elsewhere": ({".gitignore": "/gen.py\n", "pkg/gen.py": ""}, {}, {"pkg/gen.py"}),
    "comment": ({".gitignore": "#gen.py\n", "gen.py": ""}, {}, {"gen.py"}),
    "not respected": (
        {".gitignore": "gen.py\n", "gen.py": ""},
        {"respect_gitignore": False},
        {"gen.py"},
    ),
    "defaults replaced": ({"venv/a.py": ""}, {"exclude": ()}, {"venv/a.py"}),
    **{
        f"a .gitignore with {line!r}, which is no pattern": (
            {".gitignore": f"{line}\ngen.py\n", "gen.py": "", "x.py": ""},
            {},
            {"x.py"},
        )
        for line in NO_PATTERNS
    },
    "a .gitignore with nothing else": ({"pkg/.gitignore": "!\n", "x.py": ""}, {}, {"x.py"}),
    ".git/info/exclude with a bad line": ({".git/info/exclude": "[z-a]x\n"}, {}, set()),
}  # fmt: skip


@pytest.mark.parametrize(("tree", "settings", "more"), TAKEN.values(), ids=TAKEN)
def test_takes(here: Path, tree: dict[str, str], settings: dict[str, Any], more: set[str]) -> None:
    write_tree(here, {**dict.fromkeys(OURS, ""), **tree})
    assert found(**settings) == {*OURS, *more}


# paths, are they read for requirements?
DEPENDENCIES = {
    "setup.py": False,
    "a.py": False,
    "notes.txt": False,
    "Cargo.lock": False,
    "app.toml": False,
    "environment.txt": False,
    "app/settings.yml": False,
    "composer.yml.bak": False,
    "xpyproject.toml": False,
    "tox.ini": True,
    "tox.toml": True,
    "poetry.lock": True,
    "uv.lock": True,
    "pdm.lock": True,
    "pylock.toml": True,
    "pixi.toml": True,
    "conda/meta.yaml": True,
    "recipe.yaml": True,
    "meta.yml": False,
    ".pre-commit-config.yaml": True,
    "Makefile": True,
    "Makefile.am": False,
    "pixi.lock": True,
    "conda-lock.yml": True,
    "linux.conda-lock.yml": True,
    "my-pixi.toml": False,
    "pylock.dev.toml": True,
    "Pipfile.lock": True,
    "constraints.txt": True,
    "constraints/dev.txt": True,
    "environment.yml": True,
    "a/environment-dev.yaml": True,
    "docker-compose.yml": True,
    "compose.override.yaml": True,
    "Dockerfile": True,
    "docker/web.Dockerfile": True,
    "Containerfile.dev": True,
    ".github/workflows/test.yml": True,
    ".gitlab-ci.yml": True,
    "bin/install.sh": True,
    "ci/setup.bash": True,
    "Procfile": True,
    "Procfile.dev": True,
    "Procfiles": False,
    "a.zsh": False,
    "sh": False,
    "ci.yml": False,
    "Dockerfiles": False,
    "my.pyproject.toml": False,
    "requirements.md": False,
    "docs/requirements/readme.md": False,
    "requirements/x/base.txt": True,
    "pyproject.toml": True,
    "a/setup.cfg": True,
    "Pipfile": True,
    "requirements.txt": True,
    "dev-requirements.in": True,
    "a/requirements_test.txt": True,
    "a/requirements/base.txt": True,
}


@pytest.mark.parametrize(("path", "expected"), DEPENDENCIES.items())
def test_dependency_files(here: Path, path: str, expected: bool) -> None:
    assert bool(kind_of(path)) is expected
    write_tree(here, {path: ""})
    assert found() == ({path} if expected or path.endswith(".py") else set())


# what: the first line of a file without an ending, is it Python?
FIRST_LINES = {
    "env": (b"#!/usr/bin/env python\n", True),
    "env, Windows": (b"#!/usr/bin/env python3\r\nx", True),
    "a path": (b"#! /usr/bin/python3.11 -u\n", True),
    "a name": (b"#!python", True),
    "options of env": (b"#!/usr/bin/env -S PYTHONUTF8=1 python3 -I\n", True),
    "PyPy": (b"#!/opt/pypy/bin/pypy3\n", True),
    "uv": (b"#!/usr/bin/env -S uv run --script\n", True),
    "nothing": (b"", False),
    "a shell": (b"#!/bin/sh\n", False),
    "a shell that says Python": (b"#!/bin/sh # python\n", False),
    "another Python": (b"#!/usr/bin/env bpython\n", False),
    "another program of uv": (b"#!/usr/bin/env -S uv pip\n", False),
    "a longer name": (b"#!/usr/bin/pythonic\n", False),
    "a comment": (b"# python\n", False),
    "an archive": (b"#!/usr/bin/env python3\nPK\x03\x04\x14\x00\x00\x00", False),
    "in the second line": (b"\n#!/usr/bin/python\n", False),
    "no text": (b"\xff\x00#!/usr/bin/python\n", False),
}


@pytest.mark.parametrize(("data", "python"), FIRST_LINES.values(), ids=FIRST_LINES)
def test_scripts_without_an_ending(here: Path, data: bytes, python: bool) -> None:
    write_tree(here, {"bin/run": data, "bin/run.fish": data, "Dockerfile": data, "a.pyw": b""})
    write_tree(here, {"a.cgi": data, "b.fcgi": data, "a.wsgi": b"", "b.tac": b"", "a.tack": data})
    walk = files.discover(["."], lambda directory: Settings(), scripts=True)
    seen = {os.path.relpath(one.path).replace(os.sep, "/") for one in walk}
    always = {"Dockerfile", "a.pyw", "a.wsgi", "b.tac"}
    assert seen == always | ({"bin/run", "a.cgi", "b.fcgi"} if python else set())
    assert files.is_read(str(here / "bin/run")) is files.is_read(str(here / "a.cgi")) is python
    assert found() == always


def test_scripts_are_excluded_as_others_are(run: Run, here: Path) -> None:
    code = f"#!/usr/bin/env python\n{BEFORE}"
    write_tree(here, {"run": code, "gen": code, "venv/run": code, "old/run": code})
    write_tree(here, {".gitignore": "gen\n", "data": "x"})
    assert run("check", "--show-files", "--exclude=old").text == "run\n"
    assert run("check", "--fix", "--exclude=old").code == 0
    assert (here / "run").read_text() == f"#!/usr/bin/env python\n{AFTER}"
    assert {name for name in ("gen", "venv/run", "old/run") if (here / name).read_text() == code}


def test_a_script_takes_names_like_other_files(run: Run, here: Path) -> None:
    taking = "#!/usr/bin/env python\nfrom obs import push_scope\nprint(push_scope)\n"
    write_tree(here, {"obs.py": "from sentry_sdk import push_scope\n", "worker": taking})
    run("check", "--fix", "--unsafe-fixes", "obs.py")
    assert (here / "obs.py").read_text() == "from sentry_sdk import push_scope\n"


def test_a_gitignore_above_the_directory_counts_within_its_repository(here: Path) -> None:
    write_tree(here, {".gitignore": "pkg/gen.py\n*_pb2.py\n", "pkg/gen.py": "", "pkg/a_pb2.py": ""})
    write_tree(here, {"pkg/mod.py": "", "other/.git/HEAD": "", "other/a_pb2.py": ""})
    assert found(["pkg"]) == {"pkg/mod.py"}
    assert found(["other"]) == {"other/a_pb2.py"}


def test_a_named_file_is_always_taken(here: Path) -> None:
    write_tree(here, {".gitignore": "*\n", "venv/script": "", "gen.py": ""})
    names = ["venv/script", "gen.py"]
    assert found(names, typed=("gen.py",)) == {"venv/script", "gen.py"}


@pytest.mark.parametrize("name", ["venv/a.py", "gen.py", "sub/gen.py"])
def test_a_named_file_is_left_out_if_exclusions_are_forced(here: Path, name: str) -> None:
    write_tree(here, {name: "", "app.py": ""})
    extra: dict[str, Any] = {"force_exclude": True, "extend_exclude": ("gen.py",)}
    assert found([name, "app.py"], **extra) == {"app.py"}


# what: (path from the root, settings, typed patterns, left out?)
OUT: dict[str, tuple[str, dict[str, Any], tuple[str, ...], bool]] = {
    "a file": ("app.py", {}, (), False),
    "a file called like a directory": ("pkg/dist", {}, (), False),
    "a part of a name": ("distance/app.py", {}, (), False),
    "a default name": ("pkg/venv/lib/app.py", {}, (), True),
    "a default name at the top": ("dist/app.py", {}, (), True),
    "no default names": ("venv/app.py", {"exclude": ()}, (), False),
    "other names instead": ("venv/app.py", {"exclude": ("gen",)}, (), False),
    "a pattern": ("pkg/gen.py", {"exclude": ("gen.py",)}, (), True),
    "a pattern of a directory": ("gen/sub/app.py", {"exclude": ("gen/",)}, (), True),
    "another pattern": ("pkg/app.py", {"exclude": ("gen.py",)}, (), False),
    "an anchored pattern": ("pkg/gen.py", {"exclude": ("/gen.py",)}, (), False),
    "one more pattern": ("gen.py", {"extend_exclude": ("gen.py",)}, (), True),
    "one more pattern, and the names": ("venv/app.py", {"extend_exclude": ("gen.py",)}, (), True),
    "a pattern taken back": ("gen.py", {"exclude": ("*.py", "!gen.py")}, (), False),
    "a typed pattern": ("pkg/gen.py", {"exclude": ()}, ("gen.py",), True),
    "another typed pattern": ("pkg/app.py", {"exclude": ()}, ("gen.py",), False),
    "a line that is no pattern": ("x.py", {"exclude": ("!", "[z-a]x")}, ("\\",), False),
    "elsewhere": ("/usr/lib/python3/app.py", {}, (), False),
    "elsewhere, a default name": ("/usr/lib/python3/site-packages/x.py", {}, (), True),
    "elsewhere, no default names": ("/usr/lib/python3/site-packages/x.py", {"exclude": ()}, (), False),
    "elsewhere, a pattern": ("/usr/lib/gen.py", {"extend_exclude": ("gen.py",)}, ("gen.py",), False),
}  # fmt: skip


@pytest.mark.parametrize(("path", "settings", "typed", "out"), OUT.values(), ids=OUT)
def test_left_out(
    here: Path, path: str, settings: dict[str, Any], typed: tuple[str, ...], out: bool
) -> None:
    """Nothing of it need exist; without a configuration file, the working directory is the root."""
    for root in (here, None):
        chosen = Settings(root=root, **settings)
        assert files.is_excluded(os.path.join(here, path), chosen, typed) is out


def test_left_out_counts_from_the_configuration_file(here: Path) -> None:
    chosen = Settings(root=here / "dist/project", extend_exclude=("/gen.py",))
    assert not files.is_excluded(str(here / "dist/project/app.py"), chosen)
    assert files.is_excluded(str(here / "dist/project/gen.py"), chosen)
    assert files.is_excluded(str(here / "dist/project/venv/app.py"), chosen)
    assert files.is_excluded(
        str(here / "dist/app.py"), chosen
    )  # not below it: the whole path counts


def test_names_above_the_project_exclude_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(here, {"venv/dist/app.py": ""})
    monkeypatch.chdir(here / "venv/dist")
    assert found(["app.py"], force_exclude=True) == {"app.py"}
    assert found() == {"app.py"}


def test_patterns_of_the_command_line_count_from_the_working_directory(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(here, dict.fromkeys(OURS, ""))
    monkeypatch.chdir(here / "pkg")
    assert found([".."], typed=("/sub",)) == {"../app.py", "../types.pyi", "mod.py"}


def test_symbolic_links(here: Path) -> None:
    write_tree(here, {"app.py": "", "pkg/mod.py": "", "outside/secret.py": ""})
    (here / "top").mkdir()
    (here / "top/loop").symlink_to(here / "top", target_is_directory=True)
    (here / "top/other").symlink_to(here / "outside", target_is_directory=True)
    (here / "top/file.py").symlink_to(here / "app.py")
    (here / "top/broken.py").symlink_to(here / "gone.py")
    assert found(["top"]) == {"top/file.py"}
    assert found(["top/other"]) == {"top/other/secret.py"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_to_itself_costs_a_warning(run: Run, here: Path) -> None:
    write_tree(here, {"ok.py": BEFORE})
    (here / "loop.py").symlink_to("loop.py")
    ran = run("check", "--fix")
    said = "warning: loop.py is skipped: Too many levels of symbolic links\n"
    assert (ran.code, said in ran.err, (here / "ok.py").read_text()) == (0, True, AFTER)
    assert run("check", "--show-files").text == "ok.py\n"
    assert run("check", "loop.py").code == 2  # somebody wants that one


def test_what_cannot_be_read_is_told(here: Path) -> None:
    told: list[tuple[str, str]] = []
    paths = ["gone.py", "app.py"]
    write_tree(here, {"app.py": ""})
    seen = files.discover(
        paths, lambda directory: Settings(), (), lambda path, error: told.append((path, str(error)))
    )
    assert [Path(file.path).name for file in seen] == ["app.py"]
    assert told == [(str(here / "gone.py"), "[Errno 2] No such file or directory")]


@pytest.mark.parametrize("size", [0, 1, 5000, (1 << 22) + 7])
def test_reads_whole_files_and_substitutions(here: Path, size: int) -> None:
    data = bytes(index % 251 for index in range(1000)) * (size // 1000 + 1)
    data = data[:size]
    (here / "a").write_bytes(data)
    assert regular_files.read(str(here / "a")) == data
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb"), os.fdopen(writing, "wb") as sink:
        writer = threading.Thread(target=lambda: (sink.write(data), sink.close()))
        writer.start()
        assert regular_files.read(f"/dev/fd/{reading}", named=True) == data
        writer.join()
