"""The settings that the VS Code client offers are those that the server reads."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sentry_migrate.lsp.analysis import settings
from sentry_migrate.project import config
from sentry_migrate.project import server_options as editor_settings
from sentry_migrate.project.setting_keys import SETTINGS, Reader, read_by
from sentry_migrate.report import settings_offered, settings_schema
from sentry_migrate.rules import RULES, select

PACKAGE = Path(__file__).parents[2] / "vscode-client/package.json"
PREFIX = "sentry-migrate."

CLIENT = {one.camel for one in SETTINGS if one.reader is Reader.CLIENT and one.offer}


@pytest.fixture(scope="module")
def properties() -> dict[str, dict[str, Any]]:
    package = json.loads(PACKAGE.read_text(encoding="utf-8"))
    offered = package["contributes"]["configuration"]["properties"]
    assert all(name.startswith(PREFIX) for name in offered)
    return {name.removeprefix(PREFIX): setting for name, setting in offered.items()}


def test_the_package_in_the_tree_is_current() -> None:
    command = "python -m sentry_migrate.report.settings_schema vscode-client/package.json"
    assert settings_schema.main(["--check", str(PACKAGE)]) == 0, f"run `{command}`"


SCHEMA = Path(__file__).parents[2] / "server/docs/settings.schema.json"


def test_the_schema_in_the_tree_is_current() -> None:
    command = "python -m sentry_migrate.report.settings_schema server/docs/settings.schema.json"
    assert settings_schema.main(["--check", str(SCHEMA)]) == 0, f"run `{command}`"


# a table of settings → whether it is one
TABLES: dict[str, tuple[dict[str, Any], bool]] = {
    "nothing": ({}, True),
    "rules": ({"select": ["SEN1", "push-scope-with"], "ignore": ["ALL"]}, True),
    "no such rule": ({"select": ["SEN999"]}, False),
    "a word for a list": ({"select": "SEN1"}, False),
    "a release": ({"sdk-version": "2.12"}, True),
    "a release of 1.x": ({"sdk-version": "1.45"}, False),
    "answers": ({"assume": ["one-client"], "strict": False}, True),
    "no such doubt": ({"assume": ["no-such-doubt"]}, False),
    "severities": ({"severity": {"SEN101": "error"}}, True),
    "no such severity": ({"severity": {"SEN101": "fatal"}}, False),
    "the severity of no rule": ({"severity": {"SEN999": "error"}}, False),
    "by file": ({"per-file-ignores": {"tests/": ["SEN1"]}, "exclude": ["a/"]}, True),
    "by file, not as a list": ({"per-file-ignores": {"tests/": "SEN1"}}, False),
    "a baseline": ({"baseline": "base.json", "unsafe-fixes": True}, True),
    "a flag as a word": ({"unsafe-fixes": "yes"}, False),
    "no such key": ({"selekt": []}, False),
    "a key of editors": ({"max-findings": 3}, False),
}


@pytest.mark.parametrize(("table", "valid"), TABLES.values(), ids=TABLES)
def test_the_schema_takes_what_the_command_takes(table: dict[str, Any], valid: bool) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    assert jsonschema.Draft7Validator(schema).is_valid(table) == valid
    if valid:
        config.overlay(config.Settings(), table, "here")
    elif not any("SEN999" in str(value) for value in table.values()):  # who knows rules says that
        with pytest.raises(config.ConfigError):
            config.overlay(config.Settings(), table, "here")


READERS = {Reader.PROJECT: config.Settings, Reader.SERVER: editor_settings.ServerOptions}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.value)
def test_what_is_read_is_what_is_listed(reader: Reader) -> None:
    """The fields are spelled out for the sake of their types; `root` and the length of
    lines are found, not chosen."""
    held = {field.name.replace("_", "-") for field in fields(READERS[reader])}
    assert held - {"root", "code-style"} == read_by(reader).keys()


def test_what_only_a_server_reads_is_offered() -> None:
    assert [key for key, setting in read_by(Reader.SERVER).items() if not setting.offer] == []


def test_the_server_leaves_alone_what_is_the_client_s(
    properties: dict[str, dict[str, Any]],
) -> None:
    sent: dict[str, Any] = {}
    for name in CLIENT:
        first, *rest = name.split(".")
        sent[first] = {rest[0]: "off"} if rest else properties[name]["default"]
    complaints: list[str] = []
    assert editor_settings.split(sent, complaints.append) == (editor_settings.ServerOptions(), {})
    assert complaints == []


def test_defaults_are_the_server_s(properties: dict[str, dict[str, Any]]) -> None:
    values = asdict(editor_settings.ServerOptions())
    defaults = {
        setting.camel: values[key.replace("-", "_")]
        for key, setting in read_by(Reader.SERVER).items()
    }
    defaults["rules"] = dict(defaults["rules"])
    assert {name: properties[name]["default"] for name in defaults} == defaults


def test_what_is_not_set_changes_nothing(properties: dict[str, dict[str, Any]]) -> None:
    """An editor sends every default; none of them may replace what pyproject.toml says."""
    sent = {name: setting["default"] for name, setting in properties.items() if name not in CLIENT}
    chosen = config.Settings(select=("SEN1",), ignore=("SEN101",), sdk_version=(2, 8, 0))
    options, rest = editor_settings.split(sent, pytest.fail)
    assert options == editor_settings.ServerOptions()
    assert settings.combine(chosen, options, rest) == chosen


CHOICES = ("diagnosticMode", "run")


@pytest.mark.parametrize("name", CHOICES)
def test_every_choice_is_accepted(properties: dict[str, dict[str, Any]], name: str) -> None:
    for value in properties[name]["enum"]:
        editor_settings.split({name: value}, pytest.fail)


def test_every_severity_is_accepted(properties: dict[str, dict[str, Any]]) -> None:
    short, long = properties["rules"]["patternProperties"]["."]["anyOf"]
    assert long["properties"].keys() == {"severity", "autofix"}
    assert long["properties"]["severity"] == short
    for level in short["enum"]:
        editor_settings.split({"rules": {"ALL": level}}, pytest.fail)
        editor_settings.split(
            {"rules": {"ALL": {"severity": level, "autofix": False}}}, pytest.fail
        )


@pytest.mark.parametrize("name", ["select", "ignore"])
def test_every_selector_means_a_rule(properties: dict[str, dict[str, Any]], name: str) -> None:
    offered = properties[name]["items"]["enum"]
    assert {*offered} >= {"ALL", "SEN", "SEN1", *RULES, *(rule.code for rule in RULES.values())}
    assert len(offered) == len(properties[name]["items"]["markdownEnumDescriptions"])
    for selector in offered:
        assert select([selector])
    assert properties["rules"]["properties"].keys() == {*offered}


SELECTORS = {
    "ALL": True,
    "SEN1": True,
    "SEN10": True,
    "SEN101": True,
    "configure-scope-with": True,
    "SEN999": False,
    "sen101": False,
    "configure-scope": False,
    "": False,
}


@pytest.mark.parametrize(("selector", "known"), SELECTORS.items())
def test_an_editor_knows_a_selector(
    properties: dict[str, dict[str, Any]], selector: str, known: bool
) -> None:
    pattern = properties["rules"]["propertyNames"]["pattern"]
    assert (re.search(pattern, selector) is not None) is known


VERSIONS = {"latest": True, "2.12": True, "2.12.0": True, "2": True, "1.45": False, "new": False}


@pytest.mark.parametrize(("version", "valid"), VERSIONS.items())
def test_a_version_is_judged_as_by_the_server(
    properties: dict[str, dict[str, Any]], version: str, valid: bool
) -> None:
    assert (re.search(properties["sdkVersion"]["pattern"], version) is not None) is valid
    try:
        config.overlay(config.Settings(), {"sdkVersion": version}, "here")
    except config.ConfigError:
        assert not valid
    else:
        assert valid


SCOPES = {
    "machine-overridable": {"interpreter", "importStrategy", "path", "logLevel"},
    "window": {"welcome", "trace.server"},
}


def test_scopes(properties: dict[str, dict[str, Any]]) -> None:
    """A folder has its own settings, except for the one process that serves all folders."""
    for name, setting in properties.items():
        wanted = [scope for scope, names in SCOPES.items() if name in names] or ["resource"]
        assert [setting["scope"]] == wanted, name


def test_a_workspace_that_is_not_trusted_chooses_no_program() -> None:
    package = json.loads(PACKAGE.read_text(encoding="utf-8"))
    trust = package["capabilities"]["untrustedWorkspaces"]
    assert trust["supported"] == "limited"
    assert trust["restrictedConfigurations"] == [
        PREFIX + name for name in ("interpreter", "path", "importStrategy")
    ]


def test_what_is_stale_is_told_and_repaired(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "package.json"
    other = {"name": "näme", "contributes": {"configuration": {}, "commands": []}, "scripts": {}}
    file.write_text(json.dumps(other), encoding="utf-8")
    assert settings_schema.main(["--check", str(file)]) == 1
    assert f"stale: {file}" in capsys.readouterr().err
    assert settings_schema.main([str(file)]) == 0
    assert settings_schema.main(["--check", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith('{\n  "name": "näme",\n')
    written = json.loads(text)
    assert written["contributes"].pop("configuration") == settings_offered.schema()
    assert written == {**other, "contributes": {"commands": []}}


def test_wrong_arguments() -> None:
    assert settings_schema.main([]) == settings_schema.main(["--check"]) == 2
    assert settings_schema.main(["a", "b"]) == 2
