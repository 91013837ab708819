"""The page: what it says, that nothing from outside can act in it, and that everyone can read it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from sentry_migrate.model import Applicability, Finding, Fix, Severity
from sentry_migrate.report import listing, source_links
from sentry_migrate.report.entry import Entry, Problem
from sentry_migrate.report.html import page
from sentry_migrate.report.listing import Sheet
from sentry_migrate.text.lines import LineIndex

SAFE = Fix("Replace with `new()`", Applicability.SAFE, ())
UNSAFE = Fix("Replace with `new()`", Applicability.UNSAFE, (), "it may be `None`")
OTHER = Fix("Replace with `newer()`: for all threads", Applicability.UNSAFE, (), "who knows")
VOID = ("meta", "rect")


class Node:
    """An element of a page."""

    def __init__(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.tag, self.attributes = tag, attributes
        self.inside: list[Node | str] = []

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.inside)

    def all(self, *tags: str) -> Iterator[Node]:
        """The elements inside, in order."""
        for part in self.inside:
            if isinstance(part, Node):
                if not tags or part.tag in tags:
                    yield part
                yield from part.all(*tags)

    def one(self, tag: str) -> Node:
        (found,) = self.all(tag)
        return found


class Reader(HTMLParser):
    """Builds the tree, and fails where tags do not match: the page leaves nothing to repair."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), attrs
        node = Node(tag, dict(attrs))
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(html: str) -> Node:
    reader = Reader()
    reader.feed(html)
    reader.close()
    (root,) = reader.open
    return root


def finding(start: int = 0, end: int = 1, fix: Fix | None = None, **more: object) -> Finding:
    words: dict[str, object] = {"code": "SEN1", "name": "old", "message": "`old` goes"} | more
    return Finding(
        start=start,
        end=end,
        severity=Severity.WARNING,
        url="https://a.invalid/guide",
        fix=fix,
        **words,  # type: ignore[arg-type]
    )


def sheet(
    path: str, code: str, *findings: Finding, problem: Problem | None = None, links: str = "{path}"
) -> Sheet:
    entry = Entry(path, LineIndex(code), findings, problem)
    return Sheet(entry, source_links.in_file(links, path, "file:///a.py", entry.lines))


def rendered(*sheets: Sheet) -> Node:
    return read(page(sheets, lambda: {"SEN1": "`old()` is deprecated"}, "shop"))


SHEETS = (
    sheet("src/b.py", "old", finding(0, 3, SAFE), links=source_links.RELATIVE),
    sheet("src/a.py", "x = old\nold", finding(4, 7, UNSAFE), finding(8, 11, code="SEN2")),
    sheet("bad.py", "def def", problem=Problem("syntax-error", "invalid", 4)),
    sheet("far.py", "", problem=Problem("timeout", "too long")),
    sheet("clean.py", ""),
)


def rows(table: Node) -> list[list[str]]:
    return [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")]


def test_totals() -> None:
    main = rendered(*SHEETS).one("main")
    words = " ".join(main.text.split())
    assert words.startswith("3 uses of the sentry-sdk 1.x API in 2 files.")
    assert "5 files were examined: those that mention the SDK; 2 files could not be" in words
    assert [node.text for node in main.one("dl").all("strong")] == ["1", "1", "1"]


def test_by_rule() -> None:
    failed, rules = rendered(*SHEETS).all("table")
    assert rows(rules) == [
        ["code", "rule", "safe fix", "unsafe fix", "by hand", "all", ""],
        ["SEN1", "oldold() is deprecated", "1", "1", "–", "2", ""],
        ["SEN2", "old", "–", "–", "1", "1", ""],
    ]
    assert {link.attributes["href"] for link in rules.all("a")} == {"https://a.invalid/guide"}
    assert rows(failed) == [
        ["file", "why"],
        ["bad.py:1:5", "syntax-error: invalid"],
        ["far.py", "timeout: too long"],
    ]


def test_by_folder_and_by_file() -> None:
    root = rendered(*SHEETS)
    tree = next(root.all("ul"))
    assert " ".join(tree.text.split()) == "src/ 3 a.py 2 b.py 1"
    assert [node.text for node in root.all("h3")] == ["src/a.py", "src/b.py"]
    for link, listed in zip(tree.all("a"), root.all("ol"), strict=True):
        assert link.attributes["href"] == f"#{listed.attributes['id']}"


def items(root: Node) -> list[Node]:
    return [item for part in root.all("ol") for item in part.all("li")]


# finding: label, code, what can be done
ITEMS = {
    "safe": (finding(4, 7, SAFE), "safe fix Replace with new()."),
    "unsafe": (
        finding(4, 7, UNSAFE),
        "unsafe fix Replace with new(). Not proved: it may be None.",
    ),
    "by hand": (finding(4, 7, remedy="Ask `them`"), "by hand Ask them."),
    "with alternatives": (
        finding(4, 7, SAFE, alternatives=(OTHER,)),
        "safe fix Replace with new(). Or: Replace with newer(): for all threads.",
    ),
    "more to know": (
        finding(4, 7, SAFE, remedy="Look again."),
        "safe fix Replace with new(). Look again.",
    ),
}


@pytest.mark.parametrize(("found", "said"), ITEMS.values(), ids=ITEMS)
def test_a_finding(found: Finding, said: str) -> None:
    root = rendered(sheet("a.py", "x = old + 1\n", found, links="{path}:{line}:{column}"))
    (item,) = items(root)
    where, rule = item.all("a")
    assert (where.text, where.attributes["href"]) == ("1:5", "a.py:1:5")
    assert (rule.text, rule.attributes["href"]) == ("SEN1", "#SEN1")
    message, action = item.all("p")
    assert message.text == "SEN1 old goes"
    assert action.text == said
    assert item.one("pre").text == "x = old + 1"
    assert item.one("mark").text == "old"


LONG = "a" * 500
# code, span: the excerpt, what is marked in it
EXCERPTS = {
    "indented": ("if x:\n\t  old()\n", 9, 12, "old()", "old"),
    "several lines": ("f(\r\n  1\r\n)", 0, 9, "f(", "f("),
    "end of file": ("x", 1, 1, "x", ""),
    "far into a line": (f"{LONG}; old; {LONG}", 502, 505, f"…{LONG[:58]}; old; {LONG[:135]}…", "old"),
    "itself long": (LONG, 0, 500, f"{LONG[:140]}…", LONG[:140]),
    "form feed": ("\x0cold", 1, 4, "U+000Cold", "old"),
    "a tab inside": ("x\t= old", 4, 7, "x\t= old", "old"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "start", "end", "shown", "marked"), EXCERPTS.values(), ids=EXCERPTS
)
def test_excerpt(code: str, start: int, end: int, shown: str, marked: str) -> None:
    (item,) = items(rendered(sheet("a.py", code, finding(start, end))))
    assert (item.one("pre").text, item.one("mark").text) == (shown, marked)


HOSTILE = [
    "<script>alert(1)</script>",
    "</style><style>*{display:none}",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "&lt;b&gt; &amp;",
    "</pre></li></ol></details><h1>",
    "javascript:alert(1)",
    "<!--",
    "]]>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_outside_is_markup(text: str) -> None:
    """The page has the elements and attributes that harmless words give, and shows the words."""

    def build(text: str, link: str) -> str:
        found = finding(
            0, 2, UNSAFE, code=text, name=text, message=text, remedy=text,
            alternatives=(Fix(text, Applicability.SAFE, ()),),
        )  # fmt: skip
        bad = sheet(f"{text}.txt", text, problem=Problem(text, text))
        return page([sheet(text, text, found, links=link), bad], lambda: {text: text}, text)

    def shape(node: Node) -> list[tuple[str, list[str]]]:
        return [(each.tag, sorted(each.attributes)) for each in node.all()]

    html = read(build(text, f"{text}{{path}}"))
    # Slashes make folders; the harmless words have as many.
    harmless = re.sub("[^/]", "x", text)
    assert shape(html) == shape(read(build(harmless, "{path}")))
    assert html.one("h3").text == text
    assert [pre.text for pre in html.all("pre")] == [text]


# in a name or in code: as it is shown
ODD = {
    "\u202e": "U+202E",
    "\x00": "U+0000",
    "\x1b": "U+001B",
    "\u200b": "U+200B",
    "\udcff": "U+DCFF",
}


@pytest.mark.parametrize(("char", "shown"), ODD.items(), ids=ODD.values())
def test_what_would_not_show_is_named(char: str, shown: str) -> None:
    html = page([sheet(f"a{char}b.py", f"x{char} = old", finding(5, 8))], dict)
    assert char not in html
    html.encode()
    root = read(html)
    assert root.one("h3").text == f"a{shown}b.py"
    assert root.one("pre").text == f"x{shown} = old"
    assert {node.text for node in root.all("span") if node.attributes.get("class") == "odd"} == {
        shown
    }


def test_a_name_cannot_turn_its_neighbours_around() -> None:
    root = rendered(sheet("אבג/דה.py", "x", finding()))
    assert [node.text for node in root.one("h3").all("bdi")] == ["אבג/דה.py"]


class TestNothingIsLoaded:
    ROOT = rendered(*SHEETS)

    def test_the_policy_allows_this_style_and_nothing_else(self) -> None:
        policy = next(
            node.attributes["content"]
            for node in self.ROOT.all("meta")
            if node.attributes.get("http-equiv") == "Content-Security-Policy"
        )
        style = self.ROOT.one("style").text
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert policy == (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )

    def test_no_element_acts_or_fetches(self) -> None:
        tags = {node.tag for node in self.ROOT.all()}
        assert not tags & {
            "script",
            "link",
            "img",
            "iframe",
            "object",
            "form",
            "base",
            "image",
            "use",
        }
        names = {name for node in self.ROOT.all() for name in node.attributes}
        assert not [name for name in names if name.startswith("on")]
        assert not names & {"style", "src", "srcset"}
        assert not re.search(r"url\(|@import|expression", self.ROOT.one("style").text)

    def test_links_inside_lead_somewhere(self) -> None:
        ids = [node.attributes["id"] for node in self.ROOT.all() if "id" in node.attributes]
        assert len(set(ids)) == len(ids)
        inside = [
            href[1:]
            for node in self.ROOT.all("a")
            if (href := node.attributes["href"] or "").startswith("#")
        ]
        assert inside
        assert set(inside) <= set(ids)


class TestEveryoneCanReadIt:
    ROOT = rendered(*SHEETS)

    def test_language_and_title(self) -> None:
        assert self.ROOT.one("html").attributes["lang"] == "en"
        assert self.ROOT.one("title").text == "Migration to sentry-sdk 2.x: shop"

    def test_headings_are_in_order(self) -> None:
        levels = [int(node.tag[1]) for node in self.ROOT.all("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))

    def test_headers_have_a_scope(self) -> None:
        scopes = [node.attributes.get("scope") for node in self.ROOT.all("th")]
        assert set(scopes) == {"col", "row"}

    def test_bars_are_told_or_stand_beside_numbers(self) -> None:
        for bar in self.ROOT.all("svg"):
            assert bar.attributes.get("aria-hidden") == "true" or bar.attributes["aria-label"]

    def test_what_unfolds_is_unfolded_by_key(self) -> None:
        for node in self.ROOT.all("details"):
            first = next(part for part in node.inside if isinstance(part, Node))
            assert first.tag == "summary"
            assert first.text.strip()
            assert not list(first.all("a")), "a link in what toggles"


COLOURS = dict(
    re.findall(
        r"--([a-z-]+):[^;]*?(light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\))",
        rendered(*SHEETS).one("style").text,
    )
)


def colour(name: str, theme: int) -> list[float]:
    value = re.findall("#([0-9a-f]{6})", COLOURS[name])[theme]
    channels = (int(value[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one: str, other: str, theme: int) -> float:
    """WCAG 2.2, "contrast ratio"."""
    bright, dark = sorted(
        (
            0.2126 * red + 0.7152 * green + 0.0722 * blue
            for red, green, blue in (colour(one, theme), colour(other, theme))
        ),
        reverse=True,
    )
    return (bright + 0.05) / (dark + 0.05)


# colour, what it is on, the ratio wanted: 4.5 for text, 3 for areas
PAIRS = [
    *((name, "paper", 4.5) for name in ("ink", "quiet", "link", "safe", "unsafe", "manual")),
    ("ink", "panel", 4.5),
    ("mark-ink", "mark", 4.5),
    *((f"{kind}-area", "paper", 3.0) for kind in ("safe", "unsafe", "manual")),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "wanted"), PAIRS)
def test_contrast(front: str, back: str, wanted: float, theme: int) -> None:
    assert contrast(front, back, theme) >= wanted


def test_no_colour_escapes_the_test() -> None:
    style = rendered(*SHEETS).one("style").text
    plain = re.sub(r"light-dark\([^)]*\)", "", style.partition("@media print")[0])
    assert not re.search(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", plain)
    assert set(COLOURS) >= {name for front, back, _ in PAIRS for name in (front, back)}


def many(number: int) -> Sequence[Sheet]:
    """Files of ten findings."""
    code = "    with sentry_sdk.configure_scope() as scope:\n" * 10
    found = [
        finding(at * 48 + 9, at * 48 + 35, UNSAFE, remedy="Think.", alternatives=(OTHER,))
        for at in range(10)
    ]
    return [sheet(f"p{at % 40}/m{at}.py", code, *found) for at in range(number // 10)]


def test_five_thousand_findings() -> None:
    html = page(many(5_000), dict)
    assert len(html) < 4_000_000
    assert "5,000 uses" in html
    assert "The code is shown for the first 2,000 of 5,000 findings; the counts above" in html
    assert (html.count("<mark>"), html.count('<p class="do')) == (listing.EXCERPTS, 5_000)
    assert not re.search(r"<details[^>]* open", html)


@pytest.mark.slow
def test_more_than_are_listed() -> None:
    html = page(many(10_020), dict)
    assert "of 10,020 findings, and only the first 10,000 are listed" in html
    assert html.count('<p class="do') == listing.LISTED
    assert html.count("<h3") == 1_000
    root = read(html)
    ids = {f"#{node.attributes['id']}" for node in root.all() if "id" in node.attributes}
    links = {node.attributes["href"] or "" for node in root.all("a")}
    assert {link for link in links if link.startswith("#")} <= ids


@pytest.mark.parametrize("sheets", [(), (sheet("a.py", ""),)])
def test_nothing_left(sheets: Sequence[Sheet]) -> None:
    root = rendered(*sheets)
    assert "No uses of the sentry-sdk 1.x API are left." in root.text
    assert [node.text for node in root.all("h2")] == []
