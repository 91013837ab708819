"""What people see."""

from __future__ import annotations

import io

import pytest

from sentry_migrate.model import Applicability, Finding, Fix, Severity
from sentry_migrate.report import text
from sentry_migrate.report.diff import unified
from sentry_migrate.report.entry import Coverage, Entry, Problem, fixable
from sentry_migrate.text.lines import LineIndex

SAFE = Fix("Do it", Applicability.SAFE, ())
UNSAFE = Fix("Try it", Applicability.UNSAFE, (), "who knows")
DISPLAY = Fix("Insert TODO", Applicability.DISPLAY, ())


def finding(start: int, end: int, fix: Fix | None = None, **more: object) -> Finding:
    return Finding("SEN1", "name", "old", start, end, Severity.WARNING, "", fix, **more)  # type: ignore[arg-type]


def rendered(code: str, *findings: Finding, unsafe: bool = False) -> str:
    entry = Entry("a.py", LineIndex(code), findings, None, unsafe)
    return "\n".join(map(text.plain, text.full([entry])))


# what: (code, start, end, the lines of code and carets)
EXCERPTS = {
    "nothing marked": ("abc\n", 1, 1, "1 | abc\n  |  ^"),
    "end of file": ("abc", 3, 3, "1 | abc\n  |    ^"),
    "several lines": ("f(\n  1,\n)\n", 0, 9, "1 | f(\n  | ^^"),
    "CRLF": ("a\r\nb = c\r\n", 7, 8, "2 | b = c\n  |     ^"),
    "tabs": ("\tx = y\n", 5, 6, "1 |     x = y\n  |         ^"),
    "wide characters": ("x = '漢字', y\n", 10, 11, "1 | x = '漢字', y\n  |             ^"),
    "combining characters": ("e\u0301 = y\n", 5, 6, "1 | e\u0301 = y\n  |     ^"),
    "escape sequences": ("'\x1b[31m' y", 8, 9, "1 | '\ufffd[31m' y\n  |         ^"),
    "form feed and U+2028 end no line": ("\x0c'\u2028' y", 5, 6, "1 | \ufffd'\ufffd' y\n  |      ^"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "start", "end", "expected"), EXCERPTS.values(), ids=EXCERPTS)
def test_the_line_of_code_is_marked(code: str, start: int, end: int, expected: str) -> None:
    assert f"\n{expected}\n" in rendered(code, finding(start, end))


def test_what_can_be_done_is_said() -> None:
    shown = rendered("abc", finding(0, 1, UNSAFE, remedy="Think", alternatives=(SAFE, DISPLAY)))
    assert shown == (
        "SEN1 old\n --> a.py:1:1\n  |\n1 | abc\n  | ^\nhelp: Try it\nnote: unsafe: who knows\n"
        "help: Think\nor: Do it\nor: Insert TODO\n"
    )


# fix, are unsafe ones asked for, does --fix mend it?
FIXABLE = [
    (None, True, False),
    (DISPLAY, True, False),
    (UNSAFE, False, False),
    (UNSAFE, True, True),
    (SAFE, False, True),
]


@pytest.mark.parametrize(("fix", "unsafe", "expected"), FIXABLE)
def test_fixable(fix: Fix | None, unsafe: bool, expected: bool) -> None:
    assert fixable(finding(0, 1, fix), unsafe) is expected
    assert ("[*]" in rendered("abc", finding(0, 1, fix), unsafe=unsafe)) is expected


N = finding(0, 1)
S = finding(0, 1, SAFE)
U = finding(0, 1, UNSAFE)
LEFT = "No sentry-sdk 1.x code is left in 2 files."
# findings, how many were fixed, are unsafe fixes asked for, the summary
SUMMARIES: list[tuple[list[Finding], int, bool, str]] = [
    ([], 0, False, LEFT),
    ([N], 0, False, "Found 1 finding."),
    ([N, finding(0, 1, DISPLAY)], 0, True, "Found 2 findings."),
    ([U], 0, False, "Found 1 finding.\n1 fix available with `--fix --unsafe-fixes`."),
    ([U], 0, True, "Found 1 finding.\n[*] 1 fix available with `--fix`."),
    ([S, S], 0, False, "Found 2 findings.\n[*] 2 fixes available with `--fix`."),
    (
        [S, U, N],
        0,
        False,
        "Found 3 findings.\n[*] 1 fix available with `--fix` (1 more with `--unsafe-fixes`).",
    ),
    ([], 2, False, f"Found 2 findings (2 fixed, 0 remaining).\n{LEFT}"),
    ([N], 2, False, "Found 3 findings (2 fixed, 1 remaining)."),
]


@pytest.mark.parametrize(("findings", "applied", "unsafe", "expected"), SUMMARIES)
def test_summary(findings: list[Finding], applied: int, unsafe: bool, expected: str) -> None:
    entry = Entry("a.py", LineIndex("abc"), tuple(findings), None, unsafe)
    lines = text.summary([entry], applied, Coverage({"a.py", "b.py"}))
    assert "\n".join(map(text.plain, lines)) == expected


NONE = "No finding is left in 1 file.\nNot counted: "
# findings, suppressed ones, those of rules that are not selected, files, excluded, the summary
UNCOUNTED = [
    ([], 0, 0, 1, 0, "No sentry-sdk 1.x code is left in 1 file."),
    ([], 1, 0, 1, 0, f"{NONE}1 finding suppressed by comments."),
    ([], 0, 2, 1, 0, f"{NONE}2 findings of rules that are not selected."),
    ([], 0, 0, 1, 1, f"{NONE}1 excluded file or directory."),
    (
        *([], 2, 1, 1, 2),
        f"{NONE}2 findings suppressed by comments, 1 finding of rules that are not selected, "
        "2 excluded files or directories.",
    ),
    ([N], 1, 0, 1, 0, "Found 1 finding.\nNot counted: 1 finding suppressed by comments."),
    ([], 0, 0, 0, 0, "Nothing was checked: no Python or dependency file was found."),
    (
        *([], 0, 0, 0, 3),
        "Nothing was checked: no Python or dependency file was found.\n"
        "Not counted: 3 excluded files or directories.",
    ),
]


@pytest.mark.parametrize(
    ("findings", "suppressed", "unselected", "files", "excluded", "expected"), UNCOUNTED
)
def test_nothing_is_left_only_where_everything_counted(
    findings: list[Finding],
    suppressed: int,
    unselected: int,
    files: int,
    excluded: int,
    expected: str,
) -> None:
    hidden = suppressed, unselected
    entry = Entry("a.py", LineIndex("abc"), tuple(findings), None, False, *hidden)
    coverage = Coverage(set(map(str, range(files))), set(map(str, range(excluded))))
    assert "\n".join(map(text.plain, text.summary([entry], 0, coverage))) == expected


def test_a_failed_file_is_no_clean_file() -> None:
    entry = Entry("a.py", LineIndex(""), (), Problem("timeout", "too long"))
    assert list(map(text.plain, text.summary([entry], 0, Coverage({"a.py"})))) == [
        "Failed on 1 file."
    ]
    assert list(map(text.plain, text.problem(entry))) == ["a.py: timeout: too long"]


def test_colour_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Entry("[bold]a.py", LineIndex("abc"), (N,))
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    plain, colour = io.StringIO(), io.StringIO()
    text.show(text.concise([entry]), plain)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    text.show(text.concise([entry]), colour)
    assert plain.getvalue() == "[bold]a.py:1:1: SEN1 old\n"
    assert "\x1b[1m[bold]a.py\x1b[0m" in colour.getvalue()


# before, after, the lines of the diff that are not headers
DIFFS = {
    "same": (b"a\n", b"a\n", b""),
    "both empty": (b"", b"", b""),
    "changed": (b"a\n", b"b\n", b"@@ -1 +1 @@\n-a\n+b\n"),
    "CRLF is content": (b"a\r\n", b"b\r\n", b"@@ -1 +1 @@\n-a\r\n+b\r\n"),
    "lone CR is content": (b"a\rb\n", b"a\rc\n", b"@@ -1 +1 @@\n-a\rb\n+a\rc\n"),
    "newline lost": (
        b"a\n",
        b"a",
        b"@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n",
    ),
    "no newline on either": (
        b"a",
        b"b",
        b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
    ),
    "form feed": (b"\x0ca\n", b"\x0cb\n", b"@@ -1 +1 @@\n-\x0ca\n+\x0cb\n"),
    "not UTF-8": (b"\xff\n", b"\xfe\n", b"@@ -1 +1 @@\n-\xff\n+\xfe\n"),
}


@pytest.mark.parametrize(("before", "after", "expected"), DIFFS.values(), ids=DIFFS)
def test_diff(before: bytes, after: bytes, expected: bytes) -> None:
    header = b"--- a.py\n+++ a.py\n" if expected else b""
    assert unified("a.py", before, after) == header + expected
