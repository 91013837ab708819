"""`sentry-migrate report`: the same files as `check`, where the report goes, what its links lead to."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from cli.conftest import Run, read_tree, write_tree
from cli.samples import BEFORE, BROKEN, CLEAN, UNDECODABLE, UNSAFE
from sentry_migrate.project.files import DEFAULT_EXCLUDE

TREE: dict[str, str | bytes] = {"app.py": BEFORE, "pkg/late.py": UNSAFE, "pkg/clean.py": CLEAN}


def link_to(html: str) -> list[str]:
    """What the places of the findings link to."""
    return [unescape(link) for link in re.findall(r'<li><a href="([^"]*)">\d+:\d+</a>', html)]


def test_a_page_on_standard_output(run: Run, here: Path) -> None:
    write_tree(here, TREE)
    before = read_tree(here)
    ran = run("report")
    assert (ran.code, ran.err) == (0, "")
    assert ran.text.startswith("<!DOCTYPE html>")
    assert ran.text.endswith("</html>\n")
    assert "2 uses of the sentry-sdk 1.x API in 2 files." in ran.text
    assert "3 files were examined" in ran.text
    assert "get_isolation_scope" in ran.text  # the rule says what it finds
    assert read_tree(here) == before


def test_markdown(run: Run, here: Path) -> None:
    write_tree(here, TREE)
    assert (
        run("report", "--output-format", "markdown").text
        == """\
2 uses of the sentry-sdk 1.x API in 2 files.

| rule | safe fix | unsafe fix | by hand |
|---|--:|--:|--:|
| SEN101 configure-scope-with | 1 | 1 | 0 |

| file | safe fix | unsafe fix | by hand |
|---|--:|--:|--:|
| `app.py` | 1 | 0 | 0 |
| `pkg/late.py` | 0 | 1 | 0 |

Answers that would make fixes safe:

- 1 fix depends on one question: May data that is set before `init()` be sent? If yes, add \
`assume = ["before-init"]`.
""".replace("pkg/", f"pkg{os.sep}")
    )


def test_json(run: Run, here: Path) -> None:
    write_tree(here, {"app.py": BEFORE, "bad.py": BROKEN})
    result = json.loads(run("report", "--output-format", "json").text)
    assert datetime.fromisoformat(result.pop("time")).tzinfo is not None
    assert result.pop("failures")["bad.py"].startswith("syntax-error: ")
    assert result.pop("selection") == WHOLE
    assert result == {
        "findings": 1,
        "examined": 2,
        "files": {"app.py": 1},
        "rules": [
            {"code": "SEN101", "name": "configure-scope-with", "safe": 1, "unsafe": 0, "manual": 0}
        ],
        "doubts": [],
    }


# arguments: files with findings
SELECTIONS = {
    "": ["app.py", "pkg/late.py"],
    "pkg": ["pkg/late.py"],
    "app.py pkg/clean.py": ["app.py"],
    "--exclude pkg": ["app.py"],
    "--select SEN102": [],
    "--ignore SEN1": [],
    "--extend-select ALL --ignore SEN101": ["pkg/clean.py"],
    "--isolated": ["app.py", "pkg/late.py", "pkg/off.py"],
    "--config other.toml": ["pkg/late.py", "pkg/off.py"],
    "--force-exclude pkg/off.py": [],
}


@pytest.mark.parametrize(
    ("files", "warned"),
    [({}, True), ({"x.txt": ""}, True), ({"a.py": ""}, False), ({"requirements.txt": ""}, False)],
)
def test_a_report_of_nothing_says_so(
    run: Run, here: Path, files: dict[str, str], warned: bool
) -> None:
    write_tree(here, files)
    ran = run("report", "--output-format", "markdown")
    assert (ran.code, "warning: nothing was checked" in ran.err) == (0, warned)


@pytest.mark.parametrize(("arguments", "expected"), SELECTIONS.items())
def test_files_and_rules_are_chosen_as_for_check(
    run: Run, here: Path, arguments: str, expected: list[str]
) -> None:
    settings = '[tool.sentry-migrate]\nextend-exclude = ["off.py"]\n'
    others = '[tool.sentry-migrate]\nextend-exclude = ["app.py"]\n'
    tree = {"pyproject.toml": settings, "other.toml": others, "pkg/off.py": BEFORE}
    write_tree(here, TREE | tree)
    report = run("report", "--output-format", "json", *arguments.split())
    check = run("check", "--output-format", "json", *arguments.split())
    reported = sorted(name.replace(os.sep, "/") for name in json.loads(report.text)["files"])
    checked = {Path(item["filename"]) for item in json.loads(check.text)}
    assert reported == expected
    assert checked == {here / name for name in expected}


def test_names_that_modules_hand_on_are_followed(run: Run, here: Path) -> None:
    use = BEFORE.replace("import sentry_sdk", "from app.errors import configure_scope")
    use = use.replace("sentry_sdk.configure_scope", "configure_scope")
    hands_on = "from sentry_sdk import configure_scope\n"
    write_tree(here, {"app/errors.py": hands_on, "app/__init__.py": "", "v.py": use})
    files = json.loads(run("report", "--output-format", "json").text)["files"]
    assert files["v.py"] == 1


class TestLinks:
    @pytest.mark.parametrize(
        ("output", "expected"),
        [
            ("report.html", ["app.py#L5", "pkg/late.py#L3"]),
            ("pkg/report.html", ["../app.py#L5", "late.py#L3"]),
        ],
    )
    def test_lead_from_the_page_to_the_files(
        self, run: Run, here: Path, output: str, expected: list[str]
    ) -> None:
        write_tree(here, TREE)
        ran = run("report", "-o", output)
        assert (ran.code, ran.out, ran.err) == (0, b"", f"Wrote {output}.\n")
        links = link_to((here / output).read_text(encoding="utf-8"))
        assert links == expected
        for link in links:
            assert (here / output).parent.joinpath(link.partition("#")[0]).is_file()

    def test_from_standard_output_as_if_it_were_here(self, run: Run, here: Path) -> None:
        write_tree(here, TREE)
        assert link_to(run("report", "-o", "-").text) == ["app.py#L5", "pkg/late.py#L3"]

    @pytest.mark.parametrize("path", ["a b.py", "a#b.py", "a%20b.py", "ä.py", "a'&b.py"])
    def test_whatever_the_file_is_called(self, run: Run, here: Path, path: str) -> None:
        write_tree(here, {path: BEFORE})
        (link,) = link_to(run("report").text)
        assert unquote(link.partition("#")[0]) == path
        assert link.isascii()

    @pytest.mark.parametrize(
        ("template", "expected"),
        [
            ("https://a.invalid/{path}#{line}", "https://a.invalid/pkg/a%20b.py#5"),
            ("editor://open?url={uri}&line={line}&column={column}", "{uri}&line=5&column=10"),
            ("command:x?{arguments}", 'b.py",4,9]'),
        ],
    )
    def test_a_template(self, run: Run, here: Path, template: str, expected: str) -> None:
        write_tree(here, {"pkg/a b.py": BEFORE})
        (link,) = link_to(run("report", "--links", template, "-o", "-").text)
        expected = expected.replace("{uri}", (here / "pkg/a b.py").as_uri())
        assert (unquote(link) if "command:" in template else link).endswith(expected)

    def test_a_template_with_a_name_that_is_none(self, run: Run) -> None:
        ran = run("report", "--links", "{file}")
        assert ran.code == 2
        assert "unknown placeholder {file}" in ran.err
        assert "{path}" in ran.err


# what: files, arguments, exit code, words on standard error
TROUBLES: dict[str, tuple[dict[str, str | bytes], list[str], int, str]] = {
    "not valid Python": ({"bad.py": BROKEN}, [], 0, "bad.py:3:10: syntax-error"),
    "not in its encoding": ({"bad.py": UNDECODABLE}, [], 0, "bad.py: decode-error"),
    "not there": ({}, ["bad.py"], 2, "bad.py: io-error"),
}


@pytest.mark.parametrize("output_format", ["html", "markdown", "json"])
@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_what_was_not_analysed_is_listed(
    run: Run,
    here: Path,
    trouble: tuple[dict[str, str | bytes], list[str], int, str],
    output_format: str,
) -> None:
    tree, paths, code, words = trouble
    write_tree(here, {"app.py": BEFORE} | tree)
    ran = run("report", "--output-format", output_format, *paths, *(["app.py"] if paths else []))
    assert ran.code == code
    assert words in ran.err
    assert "bad.py" in ran.text
    assert words.rpartition(": ")[2] in ran.text
    assert "SEN101" in ran.text


@pytest.mark.parametrize(
    "arguments",
    [["-"], ["-", "app.py"], ["--output-format", "text"], ["-o", "."], ["--select", "NONE"]],
)
def test_wrong_arguments(run: Run, here: Path, arguments: list[str]) -> None:
    write_tree(here, TREE)
    ran = run("report", *arguments)
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err


class TestTheFile:
    def test_a_new_one_can_be_read_as_new_files_can(self, run: Run, here: Path) -> None:
        write_tree(here, TREE | {"like.html": ""})
        assert run("report", "-o", "new.html").code == 0
        assert (here / "new.html").stat().st_mode == (here / "like.html").stat().st_mode

    def test_an_old_one_is_replaced_and_keeps_its_permissions(self, run: Run, here: Path) -> None:
        write_tree(here, TREE | {"old.html": "x" * 1_000_000})
        (here / "old.html").chmod(0o600)
        other = here / "link.html"
        os.link(here / "old.html", other)
        assert run("report", "-o", "old.html").code == 0
        assert (here / "old.html").read_bytes().endswith(b"</html>\n")
        assert other.read_text() == "x" * 1_000_000  # replaced, not written over
        if os.name != "nt":
            assert stat.S_IMODE((here / "old.html").stat().st_mode) == 0o600

    def test_is_not_there_in_parts(
        self, run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise OSError(28, "No space left on device")

        write_tree(here, TREE | {"old.html": "old"})
        monkeypatch.setattr(os, "replace", refuse)
        before = read_tree(here)
        ran = run("report", "-o", "old.html")
        assert (ran.code, ran.out) == (2, b"")
        assert ran.err == "old.html: io-error: not written: No space left on device\n"
        assert read_tree(here) == before

    def test_in_a_directory_that_is_not_there(self, run: Run, here: Path) -> None:
        write_tree(here, TREE)
        ran = run("report", "-o", "no/report.html")
        assert ran.code == 2
        assert "no is no directory that can be written to" in ran.err

    @pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
    def test_a_pipe_is_written_to(self, execute: Run, here: Path) -> None:
        write_tree(here, TREE)
        ran = execute("report", "--output-format", "json", "-o", "/dev/stdout")
        assert json.loads(ran.text)["findings"] == 2
        assert execute("report", "-o", os.devnull).code == 0
        assert not Path(os.devnull).is_file()


def test_as_a_program(execute: Run, here: Path) -> None:
    write_tree(here, {f"pkg/m{at}.py": BEFORE for at in range(9)})
    ran = execute("report", "-j2", "-o", "report.html")
    assert (ran.code, ran.out, ran.err) == (0, b"", "Wrote report.html.\n")
    page = (here / "report.html").read_text(encoding="utf-8")
    assert link_to(page) == [f"pkg/m{at}.py#L5" for at in range(9)]


WHOLE = {
    "paths": ["."],
    "owner": [],
    "select": [],
    "extend-select": [],
    "ignore": [],
    "per-file-ignores": {},
    "sdk-version": None,
    "respect-gitignore": True,
    "exclude": sorted(DEFAULT_EXCLUDE),
    "extend-exclude": [],
}
"""What a report without arguments and settings is about."""


def earlier(findings: Any, days: float | None, **counts: Any) -> bytes:
    """A report of some days ago."""
    time = datetime.now(timezone.utc) - timedelta(days=days or 0)
    rules = [
        {"code": code, "name": "x", "safe": count, "unsafe": 0, "manual": 0}
        for code, count in counts.items()
    ]
    made = {"findings": findings, "rules": rules, "selection": WHOLE}
    return json.dumps(made if days is None else {"time": time.isoformat(), **made}).encode()


def day(days: float) -> str:
    return (datetime.now(timezone.utc) + timedelta(days=days)).date().isoformat()


# name → the earlier report, what is said of it (there are 2 of SEN101 now), the days that are left
TRENDS: dict[str, tuple[bytes, Sequence[str], int | None]] = {
    "most are gone": (
        earlier(10, 8, SEN101=7, SEN202=3),
        (
            f"8 of 10 findings are gone since {day(-8)}; 2 are left. At this pace, the rest takes "
            f"2 days, until {day(2)}.",
            "SEN101: 7 → 2",
            "SEN202: 3 → 0",
        ),
        2,
    ),
    "slowly": (
        earlier(3, 30.5, SEN101=3),
        ("1 of 3 findings is gone", f"the rest takes 61 days, until {day(61)}."),
        61,
    ),
    "as many, others": (earlier(2, 9, SEN202=2), ("As many findings as", "SEN202: 2 → 0"), None),
    "more": (earlier(1, 9, SEN101=1), ("1 finding more than 1 since", "SEN101: 1 → 2"), None),
    "no pace on one day": (earlier(4, 0.5, SEN101=4), ("2 of 4 findings are gone since",), None),
    "no time": (
        earlier(4, None, SEN101=4),
        ("2 of 4 findings are gone since the earlier report; 2 are left.",),
        None,
    ),
    "no end in sight": (earlier(3, 9000, SEN101=3), ("1 of 3 findings is gone",), None),
    "from the future": (earlier(3, -9, SEN101=3), ("1 of 3 findings is gone",), None),
}


@pytest.mark.parametrize(("before", "said", "left"), TRENDS.values(), ids=TRENDS)
def test_the_trend_since_an_earlier_report(
    run: Run, here: Path, before: bytes, said: Sequence[str], left: int | None
) -> None:
    write_tree(here, {**TREE, "old.json": before})
    for form in ("html", "markdown"):
        text = run("report", "--since-report", "old.json", "--output-format", form).text
        assert [words for words in said if words not in text] == []
        assert ("At this pace" in text) is (left is not None)
    report = json.loads(run("report", "--since-report", "old.json", "--output-format", "json").text)
    assert report["trend"]["findings"] == json.loads(before)["findings"]
    assert report["trend"]["days_left"] == left


def test_a_report_is_compared_with_its_own_output(run: Run, here: Path) -> None:
    write_tree(here, TREE)
    run("report", "--output-format", "json", "-o", "old.json")
    write_tree(here, {"app.py": CLEAN})
    text = run("report", "--since-report", "old.json", "--output-format", "markdown").text
    today = datetime.now(timezone.utc).date().isoformat()
    assert f"1 of 2 findings is gone since {today}; 1 is left.\n\n- SEN101: 2 → 1\n" in text


SETTING = "[tool.sentry-migrate]\n{}\n"
# name → arguments, the settings, then those of the earlier report; what is different
UNLIKE: dict[str, tuple[str, str, str, str, Sequence[str]]] = {
    "the same": ("", "", "", "", ()),
    "the same folder": ("pkg", "", "pkg", "", ()),
    "spelled differently": ("pkg app.py", "", "./app.py pkg/", "", ()),
    "an answer": ("", "assume = ['before-init']", "", "", ()),
    "a severity": ("", "severity = {SEN1 = 'hint'}", "", "", ()),
    "the release that is the latest": ("", "sdk-version = '2.75.0'", "", "", ()),
    "another format": ("--links {path}", "", "", "", ()),
    "a folder": ("pkg", "", "", "", ("paths",)),
    "another folder": ("pkg", "", "app.py", "", ("paths",)),
    "some rules": ("--select SEN1", "", "", "", ("select",)),
    "other rules": ("--select SEN1", "", "--select SEN1,SEN2", "", ("select",)),
    "rules of the settings": ("", "ignore = ['SEN101']", "", "", ("ignore",)),
    "an exclusion": ("--exclude pkg", "", "", "", ("exclude",)),
    "a release": ("", "sdk-version = '2.0'", "", "", ("sdk-version",)),
    "two": ("pkg --ignore SEN1", "", "", "", ("paths", "ignore")),
}


@pytest.mark.parametrize(
    ("arguments", "settings", "before", "others", "unlike"), UNLIKE.values(), ids=UNLIKE
)
def test_reports_of_different_things_are_not_compared(
    run: Run,
    here: Path,
    arguments: str,
    settings: str,
    before: str,
    others: str,
    unlike: Sequence[str],
) -> None:
    write_tree(here, {**TREE, "pyproject.toml": SETTING.format(others)})
    run("report", "--output-format", "json", "-o", "old.json", *before.split())
    old = json.loads((here / "old.json").read_text())
    (here / "old.json").write_text(json.dumps({**old, "findings": 9, "time": "2026-01-01T00:00Z"}))
    write_tree(here, {"pyproject.toml": SETTING.format(settings)})
    given = ("report", "--since-report", "old.json", *arguments.split(), "--output-format")
    trend = json.loads(run(*given, "json").text)["trend"]
    assert trend["unlike"] == list(unlike)
    assert (trend["days_left"] is None) == bool(unlike)
    listed = ", ".join(f"`{one}`" for one in unlike)
    for form in ("html", "markdown"):
        said = (
            f"The earlier report looked at something else ({listed}), so the two are not compared."
        )
        text = run(*given, form).text
        assert (said in re.sub("</?code>", "`", text), "are gone" in text) == (
            bool(unlike),
            not unlike,
        )


# name → what becomes of the project, whether the two are compared
SINCE: dict[str, tuple[Callable[[Path], object], bool]] = {
    "nothing": (lambda here: None, True),
    "fixed": (lambda here: (here / "app.py").write_text(CLEAN), True),
    "deleted": (lambda here: (here / "app.py").unlink(), True),
    "renamed": (lambda here: (here / "app.py").rename(here / "x.py"), True),
    "empty": (lambda here: (here / "app.py").write_text(""), True),
    "another requirement": (lambda here: (here / "requirements.txt").write_text("sentry-sdk>=2.15\n"), True),
    "no requirement": (lambda here: (here / "requirements.txt").unlink(), True),
    "broken": (lambda here: (here / "app.py").write_text(f"{BEFORE}def ("), False),
    "no text": (lambda here: (here / "app.py").write_bytes(BEFORE.encode() + b"# \xff"), False),
    "ignored by git": (lambda here: (here / ".gitignore").write_text("app.py\n"), False),
    "excluded below": (lambda here: (here / "pkg/pyproject.toml").write_text(SETTING.format("exclude = ['*.py']")), False),
}  # fmt: skip


@pytest.mark.parametrize(("change", "compared"), SINCE.values(), ids=SINCE)
def test_what_was_not_looked_at_is_not_gone(
    run: Run, here: Path, change: Callable[[Path], object], compared: bool
) -> None:
    write_tree(here, {**TREE, "requirements.txt": "sentry-sdk==1.45.0\n"})
    run("report", "--output-format", "json", "-o", "old.json")
    change(here)
    given = ("report", "--since-report", "old.json", "--output-format")
    report = json.loads(run(*given, "json").text)
    assert report["trend"]["unlike"] == []
    assert (report["trend"]["passed_over"] == []) is compared
    for form in ("html", "markdown"):
        assert ("in which nothing was looked for now" in run(*given, form).text) is not compared


def test_a_report_that_does_not_tell_what_it_is_about(run: Run, here: Path) -> None:
    old = {"findings": 9, "rules": [], "time": "2026-01-01T00:00:00Z"}
    write_tree(here, {**TREE, "old.json": json.dumps(old)})
    text = run("report", "--since-report", "old.json", "--output-format", "markdown").text
    assert "The earlier report looked at what it does not tell (`selection`), so the two" in text


NO_REPORT: dict[str, bytes] = {
    "nothing": b"",
    "half of it": b"{",
    "a list": b"[]",
    "a number": b"3",
    "no members": b"{}",
    "not UTF-8": b"\xff",
    "too deep": b"[" * 100_000,
    "less than none": earlier(-1, 3),
    "text for a number": earlier("3", 3),
    "a truth for a number": earlier(True, 3),
    "text for a count": earlier(3, 3, SEN101="1"),
    "no table of a selection": b'{"findings": 1, "rules": [], "selection": 3}',
    "no list of rules": b'{"findings": 1, "rules": {}, "time": 3}',
    "no time": b'{"findings": 1, "rules": [], "time": "yesterday"}',
    "no time zone": b'{"findings": 1, "rules": [], "time": "2026-01-01T00:00:00"}',
}


@pytest.mark.parametrize("before", NO_REPORT.values(), ids=NO_REPORT)
def test_what_is_not_a_report_is_not_compared_with(run: Run, here: Path, before: bytes) -> None:
    write_tree(here, {**TREE, "old.json": before})
    ran = run("report", "--since-report", "old.json")
    assert (ran.code, ran.out) == (2, b"")
    assert "old.json: is not what `report --output-format json` writes" in ran.err


def test_an_earlier_report_that_is_not_there(run: Run, here: Path) -> None:
    ran = run("report", "--since-report", "old.json")
    assert (ran.code, "cannot read the earlier report: No such file" in ran.err) == (2, True)
