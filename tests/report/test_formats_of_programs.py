"""The formats that other programs read: read as they are read there."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import PurePath
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from sentry_migrate.cli.commands import cli
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.report import formats
from sentry_migrate.report.entry import Entry, Problem
from sentry_migrate.report.items import fingerprints, items
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.source import Source

TEXT = """\
from sentry_sdk import Hub
'\U0001f600é'; Hub.current.capture_message("a, b: 100%")
Hub.current.capture_message("x")
Hub.current.capture_message("x")
Hub()
"""
NAMES = ["a.py", "sub/b.py", "a,b:c%.py", "caf\u00e9 1.py", "<&>.py", "\x07.py"]


def entry(name: str = "a.py", text: str = TEXT) -> Entry:
    source = Source(text)
    found = analyze(source, Settings(), PurePath(name)).findings
    return Entry(name, LineIndex(text), found)


BROKEN = Entry("bad.py", LineIndex("def (\n"), (), Problem("syntax-error", "invalid | syntax", 4))


def written(kind: str, *entries: Entry) -> Any:
    made = formats.writer(formats.FINDINGS, kind)(entries)
    return made if isinstance(made, str) else list(made)


def read(kind: str, *entries: Entry) -> Any:
    return json.loads(written(kind, *entries))


FOR_PROGRAMS = [name for name in formats.FINDINGS if name not in ("full", "concise", "grouped")]


@pytest.mark.parametrize("kind", FOR_PROGRAMS)
@pytest.mark.parametrize("name", NAMES)
def test_every_finding_and_problem_is_there_once(kind: str, name: str) -> None:
    one = entry(name)
    text = written(kind, one, BROKEN)
    assert len(one.findings) == 4
    assert text.count("`hub.capture_message()` is deprecated") >= 3
    assert "syntax-error" in text


@pytest.mark.parametrize("kind", FOR_PROGRAMS)
def test_nothing_is_found(kind: str) -> None:
    text = written(kind, Entry("a.py", LineIndex("x = 1\n")))
    assert "SEN" not in text


def test_commands_of_github() -> None:
    first, *rest = written("github", entry("a,b:c%.py")).splitlines()
    assert len(rest) == 3
    keys, message = first.removeprefix("::warning ").split("::", 1)
    assert keys == (
        "title=sentry-migrate (SEN201),file=a%2Cb%3Ac%25.py,line=2,col=7,endColumn=34,endLine=2"
    )
    said, advice = message.split("%0A")
    assert said.startswith("a,b:c%25.py:2:7: SEN201 `hub.capture_message()` is deprecated")
    assert advice == "Replace with `sentry_sdk.capture_message`"


def test_a_command_over_lines_has_no_columns() -> None:
    text = "import sentry_sdk\nsentry_sdk.init(\n    'x',\n    with_locals=True,\n)\n"
    spanning = [one for one in entry(text=text).findings if "\n" in text[one.start : one.end]]
    lines = written("github", Entry("a.py", LineIndex(text), tuple(spanning))).splitlines()
    assert all(",col=" not in line for line in lines)


def test_code_quality_of_gitlab() -> None:
    found = read("gitlab", entry(), BROKEN)
    assert [one["check_name"] for one in found] == ["SEN201"] * 3 + ["SEN222", "syntax-error"]
    assert len({one["fingerprint"] for one in found}) == len(found)
    assert {one["severity"] for one in found} <= {"info", "minor", "major", "critical", "blocker"}
    assert found[0]["location"] == {
        "path": "a.py",
        "positions": {"begin": {"line": 2, "column": 7}, "end": {"line": 2, "column": 34}},
    }


def prints(text: str, name: str = "a.py") -> list[str]:
    return [print_ for _, print_ in fingerprints(items([entry(name, text)]))]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda text: "import os\n" + text, 4),
        (lambda text: text.replace("\nHub()", "\n\n\nHub()"), 4),
        (lambda text: text.replace("\nHub()", "\n# more\n  # and more\nHub()"), 4),
        (lambda text: text.replace("Hub()", "Hub()\nif x:\n    y()"), 4),
        (lambda text: text.replace("Hub()", "if x:\n    Hub()"), 3),
        (lambda text: text.replace("Hub()", "def f():\n    Hub()"), 2),
        (lambda text: text.replace('"a, b', '"c, d'), 3),
        (lambda text: text.replace('Hub.current.capture_message("x")\n', "", 1), 2),
    ],
)
def test_a_fingerprint_stays_while_its_line_does(change: Callable[[str], str], same: int) -> None:
    assert len(set(prints(TEXT)) & set(prints(change(TEXT)))) == same


def test_a_fingerprint_is_of_its_file() -> None:
    assert set(prints(TEXT)).isdisjoint(prints(TEXT, "b.py"))


@pytest.mark.parametrize("name", NAMES)
def test_junit_is_read(name: str) -> None:
    root = ET.fromstring(written("junit", entry(name), BROKEN, Entry("c.py", LineIndex(""))))
    suites = list(root)
    assert [one.get("tests") for one in suites] == ["4", "1", "1"]
    assert [one.get("failures") for one in suites] == ["4", "0", "0"]
    assert [one.get("errors") for one in suites] == ["0", "1", "0"]
    assert suites[0].get("name") == name.replace("\x07", "\ufffd")
    assert all(len(list(case)) == 1 for case in suites[0])


FIXED = fix(Source(TEXT), Settings(), PurePath("a.py")).text


def test_suggestions_of_rdjson_count_bytes() -> None:
    made = read("rdjson", entry())
    (first, *_) = made["diagnostics"]
    assert first["location"]["range"]["start"] == {"line": 2, "column": 11}
    lines = [line.encode() for line in TEXT.splitlines(keepends=True)]
    edits = list(first["suggestions"])
    for edit in sorted(edits, key=lambda one: -one["range"]["start"]["line"]):
        start, end = edit["range"]["start"], edit["range"]["end"]
        assert start["line"] == end["line"] or end["column"] == 1
        line = lines[start["line"] - 1]
        last = end["column"] - 1 if start["line"] == end["line"] else len(line)
        lines[start["line"] - 1] = line[: start["column"] - 1] + edit["text"].encode() + line[last:]
    assert FIXED.splitlines()[1].encode() in b"".join(lines)


def test_sarif_says_what_it_counts_and_where_rules_are() -> None:
    made = read("sarif", entry("caf\u00e9 1.py"), BROKEN)
    assert (made["version"], len(made["runs"])) == ("2.1.0", 1)
    (run,) = made["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [
        one["ruleId"] for one in run["results"]
    ]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (problem,) = invocation["toolExecutionNotifications"]
    assert problem["descriptor"]["id"] == "syntax-error"
    for one in run["results"]:
        (place,) = one["locations"]
        where = place["physicalLocation"]
        assert unquote(where["artifactLocation"]["uri"]) == "caf\u00e9 1.py"
        assert where["region"]["startLine"] >= 1
        assert one["level"] in ("none", "note", "warning", "error")
    change = run["results"][0]["fixes"][0]["artifactChanges"][0]
    regions = [one["deletedRegion"] for one in change["replacements"]]
    assert {(one["startLine"], one["startColumn"]) for one in regions} >= {(2, 7)}


def test_a_table_has_a_row_for_each() -> None:
    head, rule, *rows = written("markdown", entry("a|b.py"), BROKEN).splitlines()
    assert head.count("|") == rule.count("|") == 5
    assert len(rows) == 5
    assert all(row.replace("\\|", "").count("|") == 5 for row in rows)


def test_json_lines_are_the_items_of_json() -> None:
    lines = written("json-lines", entry(), BROKEN).splitlines()
    assert [json.loads(line) for line in lines] == read("json", entry(), BROKEN)


class TestFile:
    @pytest.fixture(autouse=True)
    def here(self, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "a.py").write_text(TEXT)

    @pytest.mark.slow
    @pytest.mark.parametrize("kind", formats.FINDINGS)
    def test_it_has_what_would_be_printed(self, kind: str, tmp_path: Any) -> None:
        command = ["check", "-q", "--no-cache", "--output-format", kind]
        printed = CliRunner().invoke(cli, command)
        into = CliRunner().invoke(cli, [*command, "-o", "found"])
        assert (printed.exit_code, into.exit_code, into.stdout) == (1, 1, "")
        assert (tmp_path / "found").read_bytes() == printed.stdout_bytes

    @pytest.mark.slow
    def test_the_summary_is_still_said(self, tmp_path: Any) -> None:
        into = CliRunner().invoke(cli, ["check", "--no-cache", "-o", "found"])
        assert into.stdout.startswith("Found 4 findings.")
        assert "Found" not in (tmp_path / "found").read_text()

    @pytest.mark.slow
    def test_a_file_that_cannot_be_written(self) -> None:
        into = CliRunner().invoke(cli, ["check", "--no-cache", "-o", "none/found"])
        assert into.exit_code == 2
        assert "none is no directory that can be written to" in into.stderr

    def test_not_with_a_diff(self) -> None:
        into = CliRunner().invoke(cli, ["check", "--diff", "-o", "found"])
        assert (into.exit_code, "cannot be used with --diff" in into.output) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fix"], "Did you mean `cli check --fix`?"),
        (["lint", "."], "Did you mean `cli check`?"),
        (["chekc"], "Did you mean 'check'?"),
        (["rule", "push-scop"], "did you mean 'hub-push-scope' or 'push-scope-with'"),
        (["rule", "SEN20I"], "'SEN20"),
        (["rule", "zzzzzz"], "lists all rules."),
    ],
)
def test_what_was_meant(arguments: list[str], words: str) -> None:
    done = CliRunner().invoke(cli, arguments)
    assert (done.exit_code, words in done.output) == (2, True), done.output
