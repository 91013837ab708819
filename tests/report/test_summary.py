"""How much is left: counted, as Markdown, as plain values, by folder, and where each finding is."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import unquote

import pytest

from sentry_migrate.model import Applicability, Finding, Fix, Severity
from sentry_migrate.report import source_links, visible
from sentry_migrate.report.entry import Coverage, Entry, Problem
from sentry_migrate.report.folders import Node, tree
from sentry_migrate.report.summary import Counts, data, kind, markdown, summarize
from sentry_migrate.text.lines import LineIndex

SAFE = Fix("Do it", Applicability.SAFE, ())
UNSAFE = Fix("Try it", Applicability.UNSAFE, (), "who knows")
DISPLAY = Fix("Insert TODO", Applicability.DISPLAY, ())


def finding(fix: Fix | None = None, code: str = "SEN1", name: str = "old") -> Finding:
    return Finding(code, name, "old", 0, 1, Severity.WARNING, "https://a.invalid", fix)


def entry(path: str, *findings: Finding, problem: Problem | None = None) -> Entry:
    return Entry(path, LineIndex("x"), findings, problem)


# A fix that nobody applies leaves the work to a person; what --unsafe-fixes says plays no part.
@pytest.mark.parametrize(
    ("fix", "expected"),
    [(SAFE, "safe"), (UNSAFE, "unsafe"), (DISPLAY, "manual"), (None, "manual")],
)
def test_kind(fix: Fix | None, expected: str) -> None:
    assert kind(finding(fix)) == expected


MIXED = (
    entry("b.py", finding(SAFE), finding(code="SEN2", name="gone")),
    entry("clean.py"),
    entry("a.py", finding(SAFE), finding(UNSAFE), finding(SAFE, "SEN2", "gone")),
    entry("bad.py", problem=Problem("syntax-error", "invalid | syntax")),
)


def test_counting() -> None:
    summary = summarize(MIXED)
    assert summary.total == Counts(3, 1, 1)
    assert summary.files == (("a.py", Counts(2, 1, 0)), ("b.py", Counts(1, 0, 1)))
    assert [(rule.code, rule.counts) for rule in summary.rules] == [
        ("SEN1", Counts(2, 1, 0)),
        ("SEN2", Counts(1, 0, 1)),
    ]
    assert data(summary) == {
        "findings": 5,
        "examined": 4,
        "files": {"a.py": 3, "b.py": 2},
        "rules": [
            {"code": "SEN1", "name": "old", "safe": 2, "unsafe": 1, "manual": 0},
            {"code": "SEN2", "name": "gone", "safe": 1, "unsafe": 0, "manual": 1},
        ],
        "doubts": [],
        "failures": {"bad.py": "syntax-error: invalid | syntax"},
    }


def test_markdown() -> None:
    assert (
        markdown(summarize(MIXED))
        == """\
5 uses of the sentry-sdk 1.x API in 2 files.

| rule | safe fix | unsafe fix | by hand |
|---|--:|--:|--:|
| SEN1 old | 2 | 1 | 0 |
| SEN2 gone | 1 | 0 | 1 |

| file | safe fix | unsafe fix | by hand |
|---|--:|--:|--:|
| `a.py` | 2 | 1 | 0 |
| `b.py` | 1 | 0 | 1 |

1 file could not be analysed:

- `bad.py`: syntax-error: invalid | syntax
"""
    )


FAILED = entry("x.py", problem=Problem("timeout", "too long"))
# what was looked at: the first line
HEADLINES: list[tuple[tuple[Entry, ...], str]] = [
    ((), "No uses of the sentry-sdk 1.x API are left."),
    ((entry("a.py"),), "No uses of the sentry-sdk 1.x API are left."),
    ((entry("a.py", finding()),), "1 use of the sentry-sdk 1.x API in 1 file."),
    ((FAILED,), "No uses of the sentry-sdk 1.x API were found in what could be analysed."),
]


# name → what was looked at and found, the first line
COVERED: dict[str, tuple[set[str], tuple[Entry, ...], str]] = {
    "nothing": (set(), (), "Nothing was checked: no Python or dependency file was found."),
    "clean": ({"a.py", "b.py"}, (), "No uses of the sentry-sdk 1.x API are left in 2 files."),
    "suppressed": (
        {"a.py"},
        (replace(entry("a.py"), suppressed=1),),
        "No finding is left in 1 file. Not counted: 1 finding suppressed by comments.",
    ),
    "uses": ({"a.py"}, (entry("a.py", finding()),), "1 use of the sentry-sdk 1.x API in 1 file."),
}


@pytest.mark.parametrize(("files", "entries", "expected"), COVERED.values(), ids=COVERED)
def test_headline_of_what_was_looked_at(
    files: set[str], entries: tuple[Entry, ...], expected: str
) -> None:
    assert markdown(summarize(entries, Coverage(files))).splitlines()[0] == expected


@pytest.mark.parametrize(("entries", "expected"), HEADLINES)
def test_headline(entries: tuple[Entry, ...], expected: str) -> None:
    assert markdown(summarize(entries)).splitlines()[0] == expected


# file name: its cell in the table
CELLS = {
    "a|b.py": r"| `a\|b.py` | 0 | 0 | 1 |",
    "a`b.py": "| `` a`b.py `` | 0 | 0 | 1 |",
    "``.py": "| ``` ``.py ``` | 0 | 0 | 1 |",
    "a\n| b.py": r"| `a[U+000A]\| b.py` | 0 | 0 | 1 |",
    "\u202egpj.py": "| `[U+202E]gpj.py` | 0 | 0 | 1 |",
    "<b>.py": "| `<b>.py` | 0 | 0 | 1 |",
}


@pytest.mark.parametrize(("path", "row"), CELLS.items())
def test_hostile_names_in_markdown(path: str, row: str) -> None:
    assert row in markdown(summarize([entry(path, finding())])).splitlines()


# text: what is shown
VISIBLE = {
    "plain 漢字 אב": "plain 漢字 אב",
    "\x1b[31m": "[U+001B][31m",
    "a\u200bb\u2066": "a[U+200B]b[U+2066]",
    "\udcff": "[U+DCFF]",
    "": "",
}


@pytest.mark.parametrize(("text", "shown"), VISIBLE.items())
def test_what_would_not_show_is_named(text: str, shown: str) -> None:
    assert visible.plain(text) == shown


LINES = LineIndex("a\nx = '😀' y\n")
AT = LINES.text.index("y")
# template: the link to `y`
LINKS = {
    "{path}#L{line}": "src/a%20%23%22%3F.py#L2",
    "https://a.invalid/{path}?c={column}": "https://a.invalid/src/a%20%23%22%3F.py?c=9",
    "{uri}": "file:///w/a.py",
    "no name": "no name",
    "{{line}}": "{2}",
}


@pytest.mark.parametrize(("template", "expected"), LINKS.items())
def test_links(template: str, expected: str) -> None:
    source_links.check(template)
    link = source_links.link(template, 'src/a #"?.py', "file:///w/a.py", LINES, AT)
    assert link == expected


def test_a_link_that_is_a_command() -> None:
    template = "command:open?{arguments}"
    link = source_links.link(template, "", "file:///w/a%20'\"<.py", LINES, AT)
    head, _, arguments = link.partition("?")
    assert head == "command:open"
    assert not set(arguments) & set(" '\"<>&")
    assert json.loads(unquote(arguments)) == ["file:///w/a%20'\"<.py", 1, 9]


@pytest.mark.parametrize("template", ["{file}", "{}", "{line} {Line}", "{0}", "{path.x}"])
def test_a_name_that_is_never_filled_in(template: str) -> None:
    with pytest.raises(ValueError, match="unknown placeholder"):
        source_links.check(template)


def outline(nodes: tuple[Node, ...], depth: int = 0) -> list[str]:
    lines = []
    for node in nodes:
        lines.append(f"{'  ' * depth}{node.name}{'/' * bool(node.children)} {node.counts.total}")
        lines += outline(node.children, depth + 1)
    return lines


# paths: the tree
TREES = {
    "nothing": ([], []),
    "files only": (["b.py", "a.py"], ["a.py 1", "b.py 1"]),
    "folders first": (["a.py", "z/b.py"], ["z/ 1", "  b.py 1", "a.py 1"]),
    "joined": (["a/b/c/x.py", "a/b/c/y.py"], ["a/b/c/ 2", "  x.py 1", "  y.py 1"]),
    "not joined": (["a/b/x.py", "a/y.py"], ["a/ 2", "  b/ 1", "    x.py 1", "  y.py 1"]),
    "absolute": (["/a/x.py", "a/x.py"], ["/a/ 1", "  x.py 1", "a/ 1", "  x.py 1"]),
    "a file and a folder of one name": (["a", "a/x.py"], ["a/ 1", "  x.py 1", "a 1"]),
    "other names": (["untitled:U-1", "-"], ["- 1", "untitled:U-1 1"]),
}


@pytest.mark.parametrize(("paths", "expected"), TREES.values(), ids=TREES)
def test_tree(paths: list[str], expected: list[str]) -> None:
    assert outline(tree([(path, Counts(1)) for path in paths])) == expected


def test_no_path_is_too_deep() -> None:
    deep = "/".join(["d"] * 2000)
    nodes = tree([(f"{deep}/a.py", Counts(1)), (f"{deep}/b.py", Counts(1)), ("d/c.py", Counts(1))])
    assert outline(nodes)[0] == "d/ 3"
