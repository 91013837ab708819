"""What a person reads at a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsp.capabilities import ENCODINGS, NOTHING, PUSHED, offering
from lsp.conftest import Start
from lsp.wire import Client, covered, position
from sentry_migrate.lsp.features.hover import new, plain
from sentry_migrate.project.kept_proofs import Kept, keep
from sentry_migrate.report.fix_diff import diff
from sentry_migrate.text.edits import Edit
from sentry_migrate.text.lines import LineIndex

URI = "file:///w/a.py"
TEXT = "import sentry_sdk\n'😀'; choice; lost\n"


async def hover(client: Client, at: int, uri: str = URI) -> dict | None:
    place = position(TEXT, at, client.encoding)
    params = {"textDocument": {"uri": uri}, "position": place}
    return await client.request("textDocument/hover", params)


@pytest.mark.parametrize("at", [0, 17, 18, len(TEXT)])
async def test_nothing_beside_findings(start: Start, at: int) -> None:
    client = await start()
    client.open(URI, TEXT)
    assert await hover(client, at) is None


async def test_a_document_that_is_not_open(start: Start) -> None:
    client = await start()
    assert await hover(client, 0, "file:///w/none.py") is None


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("word", ["choice", "lost"])
async def test_range(start: Start, encoding: str, word: str) -> None:
    client = await start(offering(PUSHED, encoding), encoding)
    client.open(URI, TEXT)
    found = await hover(client, TEXT.index(word) + 2)
    assert found is not None
    assert covered(TEXT, found["range"], encoding) == word


async def test_markdown(start: Start) -> None:
    client = await start()
    client.open(URI, TEXT)
    found = await hover(client, TEXT.index("choice"))
    assert found is not None
    assert found["contents"]["kind"] == "markdown"
    text = found["contents"]["value"]
    assert "[SEN904](https://example.invalid/guide)" in text
    assert "is deprecated" not in text  # which the diagnostic says
    assert "Why choice goes." in text
    assert "```diff\n-'😀'; choice; lost\n+'😀'; new_name; lost\n```" in text
    assert "Use other_name (unsafe): it differs" in text


@pytest.mark.parametrize(("column", "shown"), [(6, True), (5, False)])
async def test_in_how_many_tests_it_was_equal(
    start: Start, tmp_path: Path, column: int, shown: bool
) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(TEXT.encode())
    keep(str(tmp_path), {"id": Kept("a.py", "SEN904", 2, column, "equal", ("t", "u"))})
    client = await start()
    uri = file.as_uri()
    client.open(uri, TEXT)
    found = await hover(client, TEXT.index("choice"), uri)
    assert found is not None
    said = "Equal in 2 tests of the project, by `prove`."
    assert (said in found["contents"]["value"]) == shown
    other = await hover(client, TEXT.index("lost"), uri)
    assert other is not None
    assert "Equal" not in other["contents"]["value"]


async def test_where_there_is_no_fix(start: Start) -> None:
    client = await start()
    client.open(URI, TEXT)
    found = await hover(client, TEXT.index("lost"))
    assert found is not None
    assert "Why lost goes." in found["contents"]["value"]
    assert "do it by hand" not in found["contents"]["value"]  # which the diagnostic says
    assert "```diff" not in found["contents"]["value"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x  # noqa: SEN9^01", "SEN901"),
        ("x  # noqa: ^SEN901, E501", "SEN901"),
        ("x  # noqa: E501,SEN902^", "SEN902"),
        ("x  # sentry-migrate: ignore[ol^d-name]", "old-name"),
        ("# sentry-migrate: ignore-file[SEN90^3]", "SEN903"),
        ("x  # noqa: E5^01", None),
        ("x  # no^qa: SEN901", None),
        ("x  # see SEN9^01", None),
        ("x = 'SEN9^01'", None),
        ("x  # noqa: SEN901 ^ ", None),
        ("x = 'SE^N901'  # noqa: SEN901", None),
        ("x  # noqa: SEN9^99", None),
        ("x  # NoQA: SEN9^01", "SEN901"),
        ("x  # noqa: SEN901, old-na^me", None),
        ("x  # sentry-migrate: ignore-next-line[SEN9^01]", None),
        ("x  # sentry-migrate: ignore SEN9^01", None),
    ],
)
async def test_the_code_in_a_comment(start: Start, line: str, expected: str | None) -> None:
    client = await start()
    text = "import sentry_sdk\n" + line.replace("^", "") + "\nSEN901\n"
    client.open(URI, text)
    place = position(text, text.index(line[:2]) + line.index("^"), client.encoding)
    params = {"textDocument": {"uri": URI}, "position": place}
    found = await client.request("textDocument/hover", params)
    if expected is None:
        assert found is None
    else:
        assert expected in found["contents"]["value"]
        assert covered(text, found["range"], client.encoding) == expected


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        ([["a", "why", "diff"]], [["a", "why", "diff"]]),
        ([["a", "why", "diff 1"], ["a", "why", "diff 2"]], [["a", "why", "diff 1"], ["diff 2"]]),
        ([["a", "x"], ["b", "x"]], [["a", "x"], ["b"]]),
        ([["a", "x"], ["a", "x"]], [["a", "x"], []]),
        ([["a", "", "a"]], [["a"]]),
    ],
)
def test_nothing_is_said_twice(findings: list[list[str]], said: list[list[str]]) -> None:
    told: set[str] = set()
    assert [new(blocks, told) for blocks in findings] == said


async def test_the_code_in_a_comment_that_is_unused(start: Start) -> None:
    client = await start(command="real")
    text = "import sentry_sdk\nx = 1  # noqa: SEN201\n"
    client.open(URI, text)
    place = position(text, text.index("SEN201"), client.encoding)
    params = {"textDocument": {"uri": URI}, "position": place}
    said = (await client.request("textDocument/hover", params))["contents"]["value"]
    assert [words in said for words in ("[SEN001]", "[SEN201]", "`hub-capture`")] == [True] * 3


async def test_plain_text_for_a_client_without_markdown(start: Start) -> None:
    client = await start(NOTHING)
    client.open(URI, TEXT)
    found = await hover(client, TEXT.index("choice"))
    assert found is not None
    assert found["contents"]["kind"] == "plaintext"
    assert "`" not in found["contents"]["value"]
    assert "**" not in found["contents"]["value"]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("a_b * c", "a_b * c"),
        ("`x` **y** *z*", "x y z"),
        ("[t](https://l)", "t (https://l)"),
        ("```diff\n-a\n```", "-a\n"),
        ("```diff\n-h[n](e) + f(*a,*b) + '`x`'\n```", "-h[n](e) + f(*a,*b) + '`x`'\n"),
        ("```\n+*a*\n```\n\n*b*\n\n```\n```", "+*a*\n\n\nb\n\n"),
        ("*a* `h[n](e)` and `f(*a, *b)` *c*", "a h[n](e) and f(*a, *b) c"),
        ("**`f(**a)` goes** · [S](https://l) `f`", "f(**a) goes · S (https://l) f"),
        ("a ``b`c`` d", "a b`c d"),
        ("a ` b", "a ` b"),
    ],
)
def test_plain(markdown: str, expected: str) -> None:
    assert plain(markdown) == expected


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        ("a\nb\nc", [], ""),
        ("a\nb\nc", [Edit(2, 3, "x")], "-b\n+x"),
        ("a\nb\nc", [Edit(0, 0, "i\n")], "+i"),
        ("a\nb\nc", [Edit(0, 0, "i\n"), Edit(4, 5, "x")], "+i\n …\n-c\n+x"),
        ("a\nb\nc", [Edit(0, 1, "x"), Edit(2, 3, "y")], "-a\n-b\n+x\n+y"),
        ("a\r\nb", [Edit(0, 1, "x")], "-a\n+x"),
        ("a\x0cb\nc", [Edit(2, 3, "x")], "-a\x0cb\n+a\x0cx"),
        ("a\nb\nc\n", [Edit(0, 4, "")], "-a\n-b"),
    ],
)
def test_diff(text: str, edits: list[Edit], expected: str) -> None:
    assert diff(LineIndex(text), edits) == expected


def test_a_long_diff_is_cut() -> None:
    text = "\n".join("ab" for _ in range(100))
    edits = [Edit(3 * n, 3 * n + 1, "x") for n in range(100)]
    assert len(diff(LineIndex(text), edits).splitlines()) == 31
