"""The server's text is the client's text, whatever is typed where."""

from __future__ import annotations

import random
from typing import Any

import pytest
from lsprotocol import types

from lsp.capabilities import ENCODINGS, PUSHED, offering
from lsp.conftest import Start
from lsp.wire import apply_edits, offset, position
from sentry_migrate.lsp.analysis.shift_findings import shift
from sentry_migrate.lsp.documents.documents import Documents, apply_changes
from sentry_migrate.model import Finding, Related, Severity
from sentry_migrate.text.edits import Edit, apply, between
from sentry_migrate.text.lines import LineIndex

BITS = (
    *("a", "old_name", "\n", "\r\n", "\r", "é", "ß", "漢", "😀", "𝒳"),
    *("\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\ufeff", "\x00", "\t"),
)


def any_text(chance: random.Random, most: int) -> str:
    return "".join(chance.choice(BITS) for _ in range(chance.randint(0, most)))


def any_position(chance: random.Random, text: str, encoding: str) -> dict[str, int]:
    """Mostly a place in the text; now and then one past the end of a line or of the text."""
    if chance.random() < 0.15:
        return {"line": chance.randint(0, 12), "character": chance.choice((0, 3, 99, 2**31 - 1))}
    at = chance.randint(0, len(text))
    if 0 < at < len(text) and text[at - 1 : at + 1] == "\r\n":
        at -= 1
    return position(text, at, encoding)


def ordered(chance: random.Random, text: str, encoding: str) -> dict[str, Any]:
    places = [any_position(chance, text, encoding) for _ in range(2)]
    places.sort(key=lambda place: (place["line"], place["character"]))
    return {"start": places[0], "end": places[1]}


def many_cursors(chance: random.Random, text: str, encoding: str) -> list[dict[str, Any]]:
    """Spans from the end to the start, as an editor with several cursors sends them."""
    places = [any_position(chance, text, encoding) for _ in range(2 * chance.randint(1, 4))]
    places.sort(key=lambda place: (place["line"], place["character"]), reverse=True)
    return [{"start": b, "end": a} for a, b in zip(places[::2], places[1::2], strict=True)]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("seed", range(4))
def test_twenty_thousand_edits_against_an_oracle(encoding: Any, seed: int) -> None:
    """12 runs of 1,700. The oracle finds offsets character by character, in another module."""
    chance = random.Random(seed)
    documents = Documents(encoding)
    uri = "file:///a.py"
    text = any_text(chance, 40)
    documents.open(types.TextDocumentItem(uri, "python", 0, text))
    done = version = 0
    while done < 1700:
        changes: list[types.TextDocumentContentChangeEvent] = []
        before = text
        cursors = many_cursors(chance, text, encoding) if chance.random() < 0.3 else []
        for place in cursors or range(chance.randint(1, 4)):
            new = any_text(chance, 6)
            if not cursors and chance.random() < 0.02:
                changes.append(types.TextDocumentContentChangeWholeDocument(new))
                text = new
            else:
                span = place if isinstance(place, dict) else ordered(chance, text, encoding)
                start, end = (offset(text, span[end], encoding) for end in ("start", "end"))
                changes.append(
                    types.TextDocumentContentChangePartial(
                        types.Range(types.Position(**span["start"]), types.Position(**span["end"])),
                        new,
                    )
                )
                text = text[:start] + new + text[max(start, end) :]
            done += 1
        version += 1
        changed = documents.change(types.VersionedTextDocumentIdentifier(version, uri), changes)
        assert changed is not None
        unit, batches = changed
        assert unit.text == text
        replayed = before
        for edits in batches:
            replayed = apply(replayed, edits)
        assert replayed == text
        if len(text) > 300:
            text = any_text(chance, 40)
            version += 1
            documents.change(
                types.VersionedTextDocumentIdentifier(version, uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", Edit(0, 0, "")),
        ("abc", "abc", Edit(3, 3, "")),
        ("abc", "abd", Edit(2, 3, "d")),
        ("aXc", "aYc", Edit(1, 2, "Y")),
        ("aaa", "aa", Edit(2, 3, "")),
        ("aa", "aaa", Edit(2, 2, "a")),
        ("", "x", Edit(0, 0, "x")),
        ("x", "", Edit(0, 1, "")),
    ],
)
def test_between(old: str, new: str, expected: Edit) -> None:
    assert between(old, new) == expected
    assert apply(old, [expected]) == new


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (((0, 0), (0, 99)), "Z"),  # past the end of a last line without line end
        (((0, 99), (5, 0)), "abcZ"),
        (((9, 9), (9, 9)), "abcZ"),
        (((0, 2), (0, 1)), "aZc"),  # the wrong way round
    ],
)
def test_past_the_end(span: Any, expected: str) -> None:
    start, end = (types.Position(*place) for place in span)
    change = types.TextDocumentContentChangePartial(types.Range(start, end), "Z")
    lines, _ = apply_changes(LineIndex("abc"), [change], "utf-16")
    assert lines.text == expected


def finding(start: int, end: int, related: tuple[int, int] = (0, 1)) -> Finding:
    near = (Related(*related, "here"),)
    return Finding("C", "n", "m", start, end, Severity.HINT, "", related=near)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit(4, 8, ""), None),  # all of it
        (Edit(3, 5, "x"), None),  # its first character
        (Edit(7, 9, "x"), None),  # its last one
        (Edit(0, 0, "ab"), (6, 10)),
        (Edit(4, 4, "ab"), (6, 10)),
        (Edit(8, 8, "ab"), (4, 8)),
        (Edit(5, 6, "abc"), (4, 10)),
        (Edit(0, 2, ""), (2, 6)),
        (Edit(9, 12, ""), (4, 8)),
    ],
)
def test_carry(edit: Edit, expected: tuple[int, int] | None) -> None:
    moved = [(one.start, one.end) for one in shift([finding(4, 8)], [edit])]
    assert moved == ([expected] if expected else [])


def test_carry_drops_a_related_place_alone() -> None:
    (moved,) = shift([finding(4, 8)], [Edit(0, 1, "")])
    assert moved.related == ()


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_over_the_wire(start: Start, encoding: str) -> None:
    """After random changes, fix-all gives what it would for a document opened just then."""
    client = await start(offering(PUSHED, encoding), encoding)
    chance = random.Random(7)
    uri, version = "file:///a.py", 1
    text = "import sentry_sdk\n"
    client.open(uri, text)
    for _ in range(25):
        changes = []
        for _ in range(3):
            span = ordered(chance, text, encoding)
            if offset(text, span["start"], encoding) < 20:
                span = {"start": {"line": 99, "character": 0}, "end": {"line": 99, "character": 0}}
            new = any_text(chance, 8)
            changes.append({"range": span, "text": new})
            text = apply_edits(text, [{"range": span, "newText": new}], encoding)
        version += 1
        client.change(uri, version, changes)
        params = {"line": 0, "character": 0}
        nowhere = {"start": params, "end": params}
        fresh = f"file:///fresh{version}.py"
        client.open(fresh, text)
        results = []
        for document in (uri, fresh):
            actions = await client.actions(document, nowhere, ["source.fixAll"])
            edit = await client.edit_of(actions[0]) if actions else {}
            results.append(client.applied(edit, document, text))
        assert results[0] == results[1]


def test_a_thousand_cursors_cost_about_one() -> None:
    text = "x = 'é'\n" * 20_000
    changes = [
        types.TextDocumentContentChangePartial(
            types.Range(types.Position(line, 0), types.Position(line, 1)), "name"
        )
        for line in range(19_999, 0, -20)
    ]
    lines, batches = apply_changes(LineIndex(text), changes, "utf-16")
    findings = shift([finding(8 * n + 20, 8 * n + 22) for n in range(1000)], batches[0])
    assert len(batches) == 1  # each batch makes the text and its lines anew
    assert lines.text.count("name") == 1000
    assert findings
