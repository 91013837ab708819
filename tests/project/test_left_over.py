"""1.x names that a project still imports though nothing uses them: who takes them, and what goes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.conftest import inline, write_tree
from sentry_migrate.cli.commands import cli
from sentry_migrate.worker import pool

OBS = "from sentry_sdk import push_scope\n"
USES = "with push_scope() as scope:\n    scope.set_tag('a', 'b')\n"
TEST = "from unittest import mock\ndef test_it():\n    mock.patch('obs.push_scope')\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pool.Pool, "run", inline)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def check(*arguments: str) -> str:
    return CliRunner().invoke(cli, ["check", "--no-cache", *arguments]).stdout


def left_over(file: str = "obs.py") -> list[tuple[str, str]]:
    """The message of each finding of the rule in a file, and what its fix is."""
    return [
        (item["message"], item["fix"]["applicability"] if item["fix"] else "by hand")
        for item in json.loads(check("--output-format=json", "--select=left-over-import", "."))
        if Path(item["filename"]).name == file
    ]


TAKEN = "`push_scope` of 1.x is imported for other modules: taken by "
UNUSED = "`push_scope` of 1.x is imported and not used"
OFFERED = "`push_scope` of 1.x is imported for other modules"
# what: (files beside obs.py, what is said of its import, the fix)
TAKERS: dict[str, tuple[dict[str, str], str, str]] = {
    "nobody": ({}, UNUSED, "safe"),
    "nobody, by that name": ({"a.py": "from other import push_scope\n"}, UNUSED, "safe"),
    "nobody: a hub's method": (
        {"a.py": "import sentry_sdk\nsentry_sdk.Hub.current.push_scope()\n"},
        UNUSED,
        "safe",
    ),
    "one": (
        {"a.py": "from obs import push_scope\n" + USES},
        f"{TAKEN}a.py",
        "by hand",
    ),
    "one, twice": (
        {"a.py": "import obs\nfrom obs import push_scope\nobs.push_scope\n" + USES},
        f"{TAKEN}a.py",
        "by hand",
    ),
    "two": (
        {"a.py": "from obs import push_scope\n", "b.py": "import obs\nobs.push_scope()\n"},
        f"{TAKEN}a.py and 1 more file",
        "by hand",
    ),
    "three": (
        {f"app/{name}.py": "from obs import push_scope\n" for name in "cab"},
        f"{TAKEN}app/a.py and 2 more files",
        "by hand",
    ),
    "a star": ({"a.py": "from obs import *\n"}, f"{TAKEN}a.py", "by hand"),
    "a star and a name": (
        {"a.py": "from obs import *\n", "b.py": "from obs import push_scope\n"},
        f"{TAKEN}a.py and 1 more file",
        "by hand",
    ),
    "a star and a name, in one file": (
        {"a.py": "from obs import *\nfrom obs import push_scope\n"},
        f"{TAKEN}a.py",
        "by hand",
    ),
    "a patch in a test": ({"test_a.py": TEST}, f"{TAKEN}test_a.py", "by hand"),
    "files that are excluded take names": (
        {".venv/a.py": "from obs import push_scope\n", "build/b.py": "from obs import *\n"},
        f"{TAKEN}build/b.py",
        "by hand",
    ),
}


@pytest.mark.parametrize(("files", "message", "fix"), TAKERS.values(), ids=TAKERS)
def test_how_many_take_it(here: Path, files: dict[str, str], message: str, fix: str) -> None:
    write_tree(here, {"obs.py": OBS, **files})
    assert left_over() == [(message, fix)]


# what: (the file, its name, what is said, the fix, what unsafe fixes leave)
FILES: dict[str, tuple[str, str, list[tuple[str, str]], str]] = {
    "offered by `__all__`": (
        "from sentry_sdk import push_scope\n__all__ = ['push_scope']\n",
        "obs.py",
        [(OFFERED, "unsafe")],
        "",
    ),
    "all that `__all__` offers": (
        "from sentry_sdk import Hub, push_scope\n\n__all__ = ['push_scope', 'Hub']\n",
        "obs.py",
        [(OFFERED.replace("push_scope", "Hub"), "unsafe"), (OFFERED, "unsafe")],
        "",
    ),
    "offered beside what is not": (
        "from sentry_sdk import push_scope\n__all__ = ['push_scope']\na = 1\n",
        "obs.py",
        [(OFFERED, "unsafe")],
        "__all__ = []\na = 1\n",
    ),
    "offered beside what is the module's alone": (
        "from sentry_sdk import push_scope\n__all__ = ['push_scope']\n_a = 1\n",
        "obs.py",
        [(OFFERED, "unsafe")],
        "_a = 1\n",
    ),
    "offered beside what stays": (
        "from sentry_sdk import init, push_scope\n__all__ = ['push_scope']\n",
        "obs.py",
        [(OFFERED, "unsafe")],
        "from sentry_sdk import init\n__all__ = []\n",
    ),
    "a part of a long `__all__`": (
        "from sentry_sdk import init, push_scope\n"
        "__all__ = [\n    'init',\n    'push_scope',\n]\n__all__ += ['push_scope']\n",
        "obs.py",
        [(OFFERED, "unsafe")],
        "from sentry_sdk import init\n__all__ = [\n    'init',\n]\n__all__ += []\n",
    ),
    "a tuple": (
        "from sentry_sdk import push_scope\n__all__ = ('push_scope', 'a')\na = 1\n",
        "obs.py",
        [(OFFERED, "by hand")],
        "from sentry_sdk import push_scope\n__all__ = ('push_scope', 'a')\na = 1\n",
    ),
    "a string that is no entry": (
        "from sentry_sdk import push_scope\n__all__ = ['push_scope']\nglobals()['push_scope']\n",
        "obs.py",
        [(f"{TAKEN}pk/obs.py", "by hand")],
        "from sentry_sdk import push_scope\n__all__ = ['push_scope']\nglobals()['push_scope']\n",
    ),
    "a package": (OBS, "__init__.py", [(OFFERED, "unsafe")], ""),
    "for type checkers": (
        "from sentry_sdk import push_scope as push_scope\n",
        "obs.py",
        [(OFFERED, "unsafe")],
        "",
    ),
    "kept from a linter": (OBS[:-1] + "  # noqa: F401\n", "obs.py", [(UNUSED, "unsafe")], ""),
    "in a function": (
        "def f():\n    from sentry_sdk import push_scope\n    return 1\n",
        "obs.py",
        [(UNUSED, "safe")],
        "def f():\n    return 1\n",
    ),
    "a member of a class": (
        "class A:\n    from sentry_sdk import push_scope\n",
        "obs.py",
        [(UNUSED, "by hand")],
        "class A:\n    from sentry_sdk import push_scope\n",
    ),
    "beside None": (
        "try:\n    from sentry_sdk import push_scope\nexcept ImportError:\n    push_scope = None\n",
        "obs.py",
        [(UNUSED, "safe")],
        "try:\n    import sentry_sdk\nexcept ImportError:\n    pass\n",
    ),
    "beside a stand-in": (
        "try:\n    from sentry_sdk import push_scope\nexcept ImportError:\n    push_scope = object()\n",
        "obs.py",
        [(UNUSED, "by hand")],
        "try:\n    from sentry_sdk import push_scope\nexcept ImportError:\n    push_scope = object()\n",
    ),
    "of both lines of the SDK": (
        "try:\n    from sentry_sdk import new_scope\n"
        "except ImportError:\n    from sentry_sdk import push_scope as new_scope\n",
        "obs.py",
        [],
        "try:\n    from sentry_sdk import new_scope\n"
        "except ImportError:\n    from sentry_sdk import push_scope as new_scope\n",
    ),
    "a hub is another rule's": ("from sentry_sdk import Hub\n", "obs.py", [], ""),
    "suppressed": (
        OBS[:-1] + "  # sentry-migrate: ignore[SEN612]\n",
        "obs.py",
        [],
        OBS[:-1] + "  # sentry-migrate: ignore[SEN612]\n",
    ),
    "of 2.x": (
        "from sentry_sdk import new_scope\n",
        "obs.py",
        [],
        "from sentry_sdk import new_scope\n",
    ),
}


@pytest.mark.parametrize(("text", "name", "said", "after"), FILES.values(), ids=FILES)
def test_one_file(
    here: Path, text: str, name: str, said: list[tuple[str, str]], after: str
) -> None:
    write_tree(here, {f"pk/{name}": text})
    assert left_over(name) == said
    check("--fix", "--unsafe-fixes", ".")
    assert (here / "pk" / name).read_text() == after


OTHER = "from sentry_sdk import push_scope, configure_scope, Hub\nname = int('1')\n"
# what: (the import, the fixes, the import after safe fixes)
PASSED_ON: dict[str, tuple[str, list[str], str]] = {
    "the module would not be imported": (
        "from obs import push_scope\n",
        ["unsafe"],
        "from obs import push_scope\n",
    ),
    "not by all of them together": (
        "from obs import push_scope, Hub\n",
        ["unsafe", "unsafe"],
        "from obs import push_scope, Hub\n",
    ),
    "another name stays": (
        "from obs import push_scope, name\n",
        ["safe"],
        "from obs import name\n",
    ),
    "a submodule": (
        "from .obs import configure_scope\n",
        ["unsafe"],
        "from .obs import configure_scope\n",
    ),
    "used": (
        "from obs import push_scope\nprint(push_scope)\n",
        [],
        "from obs import push_scope\nprint(push_scope)\n",
    ),
    "not of the SDK": ("from own import push_scope\n", [], "from own import push_scope\n"),
}


@pytest.mark.parametrize(("text", "fixes", "after"), PASSED_ON.values(), ids=PASSED_ON)
def test_a_name_that_a_module_passes_on(
    here: Path, text: str, fixes: list[str], after: str
) -> None:
    write_tree(here, {"obs.py": OTHER, "own.py": "def push_scope(): ...\n", "use.py": text})
    assert [fix for _, fix in left_over("use.py")] == fixes
    check("--fix", "use.py")
    assert (here / "use.py").read_text() == after


def test_imports_in_a_row_go_together(here: Path) -> None:
    users = {f"use{at}.py": "from obs import configure_scope\n" for at in range(17)}
    write_tree(here, {"obs.py": "from sentry_sdk import configure_scope\n", **users})
    assert "taken by use0.py and 16 more files\n" in check("--output-format=concise", ".")
    check("--fix", "--unsafe-fixes", ".")
    assert {path.read_text() for path in here.glob("*.py")} == {""}
    assert check(".") == "No sentry-sdk 1.x code is left in 19 files.\n"


# what: (a module, whether an import of it may go with the last name that is taken from it)
MODULES = {
    "only imports": ("", True),
    "names, functions and a docstring": (
        "'Ours.'\n__all__ = []\nX = ('a', 1)\ndef f(x=1):\n    print(x)\n",
        True,
    ),
    "types": ("from __future__ import annotations\nfrom typing import Any\n", True),
    "a call": ("print('x')\n", False),
    "another module": ("import os\n", False),
    "a module of the project": ("from . import other\n", False),
    "a class": ("class A:\n    print('x')\n", False),
    "a decorator": ("@register\ndef f(): ...\n", False),
    "a default that is made": ("def f(x=make()): ...\n", False),
    "an attribute of something": ("X.y = 1\n", False),
    "a condition": ("if push_scope:\n    X = 1\n", False),
}


@pytest.mark.parametrize(("text", "inert"), MODULES.values(), ids=MODULES)
def test_an_import_that_does_nothing_else_may_go(here: Path, text: str, inert: bool) -> None:
    module = text + OBS if text.startswith("from __future__") else OBS + text
    use = f"from obs import push_scope\ndef f():\n    {USES}    return 1\n".replace(
        "\n    scope", "\n        scope"
    )
    write_tree(here, {"obs.py": module, "a.py": use})
    check("--fix", ".")
    assert ("obs" not in (here / "a.py").read_text()) is inert
    assert left_over("a.py") == ([] if inert else [(UNUSED, "unsafe")])
