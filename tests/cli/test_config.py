"""Settings: what is refused and how that is said; where they come from; what wins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli.conftest import write_tree
from sentry_migrate.model import Severity
from sentry_migrate.project import config
from sentry_migrate.project.config import ConfigError, Settings

# what: (the table, words of the message)
REFUSED = {
    "unknown key": ('selct = ["A"]', ["unknown setting 'selct'", "expected one of sdk-version, select, "]),
    "a key spelled much like one": ('selct = ["A"]', ["; did you mean 'select'?"]),
    "a longer one": ("unsafe-fix = true", ["; did you mean 'unsafe-fixes'?"]),
    "one in camel case": ("per-file-ignore = {}", ["; did you mean 'per-file-ignores'?"]),
    "camel case in a file names the key": ("sdkVersion = 2", ["sdkVersion", "not a string"]),
    "string for list": ('select = "SEN101"', ["select", "'SEN101'", "not a list of strings"]),
    "list of numbers": ("ignore = [1]", ["ignore", "[1]", "not a list of strings"]),
    "version as number": ("sdk-version = 2.12", ["sdk-version", "2.12", '"2.12" or "latest"']),
    "version below 2": ('sdk-version = "1.45"', ["'1.45'", "below 2.0"]),
    "version above 2": ('sdk-version = "3.0"', ["'3.0'", "above 2.x"]),
    "version far above 2": ('sdk-version = "99"', ["'99'", "above 2.x"]),
    "version with letters": ('sdk-version = "2.x"', ["'2.x'", "not a version"]),
    "version with four parts": ('sdk-version = "2.1.0.1"', ["not a version"]),
    "string for bool": ('unsafe-fixes = "yes"', ["unsafe-fixes", "'yes'", "not true or false"]),
    "number for bool": ("unsafe-fixes = 1", ["not true or false"]),
    "unknown severity": ('severity.SEN101 = "loud"', ["severity.SEN101: 'loud' is not one of error, warning"]),
    "severity not a table": ('severity = "error"', ["not a table of rules"]),
    "per-file-ignores not a table": ("per-file-ignores = []", ["not a table of glob"]),
    "per-file-ignores of strings": ('per-file-ignores."a" = "SEN1"', ["not a list of strings"]),
    "exclude of numbers": ("exclude = [1]", ["exclude", "[1]", "not a list of strings"]),
    "exclude of no pattern": ('exclude = ["a", "!"]', ["exclude", "['a', '!']", "invalid pattern '!'"]),
    "extend-exclude of no pattern": ('extend-exclude = ["[z-a]x"]', ["extend-exclude", "invalid pattern '[z-a]x'"]),
    "a backslash at the end": ("exclude = ['gen\\']", ["exclude", r"invalid pattern 'gen\\'"]),
    "per-file-ignores of no pattern": ('per-file-ignores."!" = ["SEN1"]', ["per-file-ignores", "invalid pattern '!'"]),
}  # fmt: skip


@pytest.mark.parametrize(("table", "words"), REFUSED.values(), ids=REFUSED)
def test_refuses_and_names_file_key_value_and_what_is_allowed(
    here: Path, table: str, words: list[str]
) -> None:
    write_tree(here, {"pyproject.toml": f"[tool.sentry-migrate]\n{table}\n"})
    with pytest.raises(ConfigError) as caught:
        config.load(here)
    for word in [str(here / "pyproject.toml"), *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize("name", ["sentry_migrate", "sentrymigrate", "Sentry-Migrate"])
def test_a_table_of_nearly_the_name_is_not_passed_over(here: Path, name: str) -> None:
    write_tree(here, {"pyproject.toml": f"[tool.{name}]\nunsafe-fixes = true\n"})
    with pytest.raises(ConfigError, match=f"'tool.{name}'; did you mean 'tool.sentry-migrate'"):
        config.load(here)


OF_OTHERS = [
    "[tool.sentry]\nx = 1\n",
    "[tool.sentry_migrate_more]\nx = 1\n",
    "[tool.ruff]\nsrc = ['sentry_migrate']\n",
    "[project]\nname = 'sentry_migrate'\n",
    "tool = 'sentry_migrate'\n",
    "[tool.sentry_migrate\n",
]


@pytest.mark.parametrize("text", OF_OTHERS)
def test_tables_of_others_are_theirs(here: Path, text: str) -> None:
    write_tree(here, {"pyproject.toml": text})
    assert config.load(here) == Settings()


def test_beside_the_right_table_another_does_not_matter(here: Path) -> None:
    both = "[tool.sentry_migrate]\nx = 1\n[tool.sentry-migrate]\nunsafe-fixes = true\n"
    write_tree(here, {"pyproject.toml": both})
    assert config.load(here).unsafe_fixes


def test_a_key_like_no_other_is_not_taken_for_one(here: Path) -> None:
    write_tree(here, {"pyproject.toml": "[tool.sentry-migrate]\ncolour = 1\n"})
    with pytest.raises(ConfigError, match=r", baseline$"):
        config.load(here)


def test_refuses_broken_toml_only_if_it_may_be_ours(here: Path) -> None:
    write_tree(here, {"pyproject.toml": "[tool.other\n"})
    assert config.load(here) == Settings()
    write_tree(here, {"pyproject.toml": "[tool.sentry-migrate\n"})
    with pytest.raises(ConfigError, match="not valid TOML"):
        config.load(here)


# what: (text of pyproject.toml, word)
BROKEN = {
    "not TOML": ("[tool.sentry-migrate\n", "not valid TOML"),
    "not UTF-8": (b"# sentry-migrate \xff\n", "not valid TOML"),
    "too deep": (f"# sentry-migrate\nx = {'[' * 3000}{']' * 3000}\n", "not valid TOML"),
    "too deep, and not closed": (f"# sentry-migrate\nx = {'[' * 3000}", "not valid TOML"),
    "not a table": ("tool.sentry-migrate = 3\n", "3 is not a table"),
}


@pytest.mark.parametrize(("text", "word"), BROKEN.values(), ids=BROKEN)
def test_refuses_a_file_that_cannot_be_understood(here: Path, text: str | bytes, word: str) -> None:
    write_tree(here, {"pyproject.toml": text})
    with pytest.raises(ConfigError, match=word):
        config.load(here)


def test_refuses_a_named_file_without_table(here: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        config.read(here / "pyproject.toml")
    write_tree(here, {"pyproject.toml": "[tool.other]\n"})
    with pytest.raises(ConfigError, match="no \\[tool"):
        config.read(here / "pyproject.toml")


ACCEPTED: dict[str, tuple[str, dict[str, Any]]] = {
    "nothing": ("", {}),
    "select": ('select = ["SEN1"]', {"select": ("SEN1",)}),
    "extend-select": ('extend-select = ["a", "b"]', {"extend_select": ("a", "b")}),
    "ignore": ('ignore = ["a"]', {"ignore": ("a",)}),
    "sdk-version": ('sdk-version = "2.12"', {"sdk_version": (2, 12, 0)}),
    "sdk-version of one part": ('sdk-version = "2"', {"sdk_version": (2, 0, 0)}),
    "sdk-version that is not out yet": ('sdk-version = "2.999.9"', {"sdk_version": (2, 999, 9)}),
    "latest": ('sdk-version = "latest"', {"sdk_version": config.LATEST}),
    "unsafe-fixes": ("unsafe-fixes = true", {"unsafe_fixes": True}),
    "severity": (
        'severity = { SEN1 = "hint", a = "error" }',
        {"severity": (("SEN1", Severity.HINT), ("a", Severity.ERROR))},
    ),
    "per-file-ignores": (
        'per-file-ignores = { "tests/" = ["SEN1"] }',
        {"per_file_ignores": (("tests/", ("SEN1",)),)},
    ),
    "exclude": ('exclude = ["gen"]', {"exclude": ("gen",)}),
    "exclude nothing": ("exclude = []", {"exclude": ()}),
    "exclude an empty pattern, which means nothing": (
        'exclude = ["", "#"]',
        {"exclude": ("", "#")},
    ),
    "exclude what only looks odd": (
        'exclude = ["!a", "[a-z]x", "[", "a b", "**", "/"]',
        {"exclude": ("!a", "[a-z]x", "[", "a b", "**", "/")},
    ),
    "extend-exclude": ('extend-exclude = ["gen"]', {"extend_exclude": ("gen",)}),
    "switches": (
        "force-exclude = true\nrespect-gitignore = false",
        {"force_exclude": True, "respect_gitignore": False},
    ),
}


@pytest.mark.parametrize(("table", "expected"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepts(here: Path, table: str, expected: dict[str, Any]) -> None:
    write_tree(here, {"pyproject.toml": f"[tool.sentry-migrate]\n{table}\n"})
    assert config.load(here) == Settings(root=here, **expected)
    assert config.read(here / "pyproject.toml") == Settings(root=here, **expected)


def test_the_nearest_table_decides_alone(here: Path) -> None:
    write_tree(
        here,
        {
            "pyproject.toml": '[tool.sentry-migrate]\nselect = ["A"]\nignore = ["B"]\n',
            "inner/pyproject.toml": '[tool.sentry-migrate]\nselect = ["C"]\n',
            "inner/other/pyproject.toml": "[project]\nname = 'other'\n",
            "inner/other/app.py": "",
        },
    )
    assert config.load(here / "app.py").select == ("A",)
    for path in ("inner", "inner/other", "inner/other/app.py", "inner/other/new.py"):
        settings = config.load(here / path)
        assert (settings.select, settings.ignore, settings.root) == (("C",), (), here / "inner")


def test_a_requirement_gives_the_version_unless_a_setting_does(here: Path) -> None:
    write_tree(here, {"requirements.txt": "sentry-sdk>=2.8\n"})
    assert config.load(here).sdk_version == (2, 8, 0)
    write_tree(here, {"pyproject.toml": "[tool.sentry-migrate]\n"})
    assert config.load(here).sdk_version == (2, 8, 0)
    write_tree(here, {"pyproject.toml": '[tool.sentry-migrate]\nsdk-version = "2.20"\n'})
    assert config.load(here).sdk_version == (2, 20, 0)


OVERLAYS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "none changes nothing": ({"select": None, "unsafe-fixes": None}, {}),
    "kebab case": ({"unsafe-fixes": True}, {"unsafe_fixes": True}),
    "camel case": ({"unsafeFixes": True, "sdkVersion": "2.1"}, {"unsafe_fixes": True, "sdk_version": (2, 1, 0)}),
    "a list replaces": ({"select": ["B"]}, {"select": ("B",)}),
}  # fmt: skip


@pytest.mark.parametrize(("mapping", "expected"), OVERLAYS.values(), ids=OVERLAYS)
def test_overlay(mapping: dict[str, Any], expected: dict[str, Any]) -> None:
    base = {"select": ("A",), "ignore": ("X",)}
    settings = config.overlay(Settings(**base), mapping, "editor")  # type: ignore[arg-type]
    assert settings == Settings(**{**base, **expected})


def test_overlay_says_where() -> None:
    with pytest.raises(ConfigError, match=r"^editor: unknown setting 'nope'"):
        config.overlay(Settings(), {"nope": 1}, "editor")


# pattern, path below the root, matched?
PER_FILE = {
    "another directory": ("tests/", "src/a.py", False),
    "part of a name": ("test", "tests.py", False),
    "anchored": ("/a.py", "sub/a.py", False),
    "directory": ("tests/", "tests/sub/a.py", True),
    "name anywhere": ("conftest.py", "tests/conftest.py", True),
    "stars": ("**/migrations/*.py", "app/migrations/0001.py", True),
    "suffix": ("*_test.py", "a/b_test.py", True),
}


@pytest.mark.parametrize(("pattern", "path", "matched"), PER_FILE.values(), ids=PER_FILE)
def test_per_file_ignores_count_from_the_configuration_file(
    here: Path, pattern: str, path: str, matched: bool
) -> None:
    settings = Settings(per_file_ignores=((pattern, ("SEN1",)),), root=here)
    assert settings.ignored_for(here / path) == (("SEN1",) if matched else ())
    assert settings.ignored_for(None) == ()


@pytest.mark.parametrize("pattern", ["!", "\\", "[z-a]x"])
def test_what_is_no_pattern_matches_nothing(here: Path, pattern: str) -> None:
    settings = Settings(per_file_ignores=((pattern, ("SEN1",)),), root=here)
    assert settings.ignored_for(here / "x") == ()
