"""What can be done about a finding, for which client, and what it does to the text."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest

from lsp.capabilities import CLIENTS, ENCODINGS, NOTHING, PUSHED, VSCODE, offering
from lsp.conftest import Start
from lsp.processes import children
from lsp.wire import COMMANDS, Client, ServerError, span

URI = "file:///w/a.py"
HEAD = "import sentry_sdk\n'😀'; "
FIX_ALL = ["source.fixAll"]


async def opened(
    start: Start, text: str, capabilities: dict[str, Any] | None = None, **keys: Any
) -> tuple[Client, list[dict[str, Any]]]:
    client = await start(PUSHED if capabilities is None else capabilities, **keys)
    client.open(URI, text)
    return client, await client.diagnostics(URI)


def titles(actions: list[dict[str, Any]]) -> list[str]:
    return [action["title"] for action in actions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import sentry_sdk\n", []),
        (
            HEAD + "old_name",
            [
                "Replace with new_name",
                "Fix all SEN901 problems in the workspace",
                "Explain SEN901 (old-name)",
                "Ignore SEN901 on this line",
            ],
        ),
        (
            HEAD + "risky",
            [
                "Replace with new_name (unsafe)",
                "Explain SEN902 (risky)",
                "Ignore SEN902 on this line",
            ],
        ),
        (
            HEAD + "noted",
            ["Note it down", "Explain SEN906 (noted)", "Ignore SEN906 on this line"],
        ),
        (
            HEAD + "lost",
            [
                "What to do about SEN903…",
                "Explain SEN903 (lost)",
                "Ignore SEN903 on this line",
            ],
        ),
        (
            HEAD + "choice\nchoice",
            [
                "Replace with new_name",
                "Use other_name (unsafe)",
                "Fix all SEN904 problems in this file (2)",
                "Fix all SEN904 problems in the workspace",
                "Explain SEN904 (choice)",
                "Ignore SEN904 on this line",
            ],
        ),
    ],
)
async def test_what_is_offered(start: Start, text: str, expected: list[str]) -> None:
    client, found = await opened(start, text)
    first = found[0]["range"] if found else span(text, 0, 1, "utf-16")
    actions = await client.actions(URI, first, context=found[:1])
    assert titles(actions) == expected
    assert all(action["kind"] == "quickfix" for action in actions)
    assert all(action["diagnostics"] for action in actions)


async def test_only_a_safe_fix_is_preferred(start: Start) -> None:
    text = HEAD + "choice; risky; lost; noted"
    client, _ = await opened(start, text)
    actions = await client.actions(URI, span(text, len(HEAD), len(text), "utf-16"))
    preferred = [action["title"] for action in actions if action.get("isPreferred")]
    assert preferred == ["Replace with new_name"]


SEVERAL = HEAD + "old_name\nold_name; choice\nlost\nlost; risky\n"


async def test_a_selection_of_several_offers_nothing_twice(start: Start) -> None:
    client, _ = await opened(start, SEVERAL)
    lines = span(SEVERAL, len(HEAD), len(SEVERAL), "utf-16")
    actions = await client.actions(URI, lines)
    assert titles(actions) == [
        "Migrate selection (3 proved, 1 to decide, 2 by hand)",
        "Replace with new_name (line 2)",
        "Replace with new_name (line 3, SEN901)",
        "Replace with new_name (line 3, SEN904)",
        "Use other_name (unsafe)",
        "What to do about SEN903… (line 4)",
        "What to do about SEN903… (line 5)",
        "Replace with new_name (unsafe)",
        "Fix all SEN901 problems in this file (2)",
        "Fix all proved problems in this file (3)",
        "Fix all SEN901 problems in the workspace",
        "Fix all SEN904 problems in the workspace",
        "Explain SEN901 (old-name)",
        "Explain SEN904 (choice)",
        "Explain SEN903 (lost)",
        "Explain SEN902 (risky)",
        "Ignore SEN901 on this line (line 2)",
        "Ignore SEN901 on this line (line 3)",
        "Ignore SEN904 on this line (line 3)",
        "Ignore SEN903 on this line (line 4)",
        "Ignore SEN903 on this line (line 5)",
        "Ignore SEN902 on this line (line 5)",
    ]


FUNCTIONS = """\
from sentry_sdk import Hub, configure_scope


def outer():
    Hub.current.capture_message("a")

    def inner():
        with configure_scope() as scope:
            scope.set_tag("a", "b")
        Hub.current.capture_message("b")
        Hub(client=None)

    return inner


Hub.current.capture_message("c")
"""
INNER = """        sentry_sdk.get_isolation_scope().set_tag("a", "b")
        sentry_sdk.capture_message("b")
"""


@pytest.mark.parametrize(
    ("at", "until", "expected"),
    [
        ("configure_scope()", "", "Migrate function `inner` (2 proved, 1 by hand)"),
        ("with", "client", "Migrate selection (2 proved, 1 by hand)"),
        ("    return", "", "Migrate function `outer` (3 proved, 1 by hand)"),
        ('"c"', "", ""),
        ("from", "", ""),
        ('Hub.current.capture_message("c', '")\n', ""),
    ],
)
async def test_several_at_once(start: Start, at: str, until: str, expected: str) -> None:
    client, _ = await opened(start, FUNCTIONS, command="real")
    begin = FUNCTIONS.index(at)
    end = FUNCTIONS.index(until, begin) if until else begin
    place = span(FUNCTIONS, begin, end, "utf-16")
    for _ in range(100 if expected else 0):  # until it is known what other files do
        if titles(await client.actions(URI, place, ["refactor"])) == [expected]:
            break
        await asyncio.sleep(0.2)
    for only in (["refactor"], ["refactor.rewrite"], ["refactor.rewrite.sentry-migrate"]):
        actions = await client.actions(URI, place, only)
        assert titles(actions)[:1] == ([expected] if expected else [])
    if expected:
        fixed = client.applied(await client.edit_of(actions[0]), URI, FUNCTIONS)
        assert ('capture_message("b")' in fixed.replace("Hub.current.", "x")) is True
        assert 'Hub.current.capture_message("c")' in fixed
        assert ('Hub.current.capture_message("a")' in fixed) is ("outer" not in expected)
        assert "configure_scope()" not in fixed
        assert 'Hub.current.capture_message("b")' not in fixed


async def test_the_function_comes_before_what_changes_no_code(start: Start) -> None:
    client, found = await opened(start, FUNCTIONS, command="real")
    for _ in range(100):  # until it is known what other files do
        shown = titles(await client.actions(URI, found[0]["range"]))
        if "Migrate function `outer` (3 proved, 1 by hand)" in shown:
            break
        await asyncio.sleep(0.2)
    assert shown == [
        "Replace with `sentry_sdk.capture_message`",
        "Fix all SEN201 problems in this file (3)",
        "Fix all proved problems in this file (4)",
        "Fix all SEN201 problems in the workspace",
        "Migrate function `outer` (3 proved, 1 by hand)",
        "Explain SEN201 (hub-capture)",
        "Ignore SEN201 on this line",
        "Ignore SEN201 in this file",
    ]


async def test_what_to_do_explains(start: Start) -> None:
    client, found = await opened(start, HEAD + "lost")
    (action, *_) = await client.actions(URI, found[0]["range"])
    assert action["command"]["command"] == "sentry-migrate.explain"
    assert action["command"]["arguments"][0] == "SEN903"


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", CLIENTS)
async def test_an_edit_fits_the_client(start: Start, name: str, encoding: str) -> None:
    capabilities = offering(CLIENTS[name], encoding)
    client = await start(capabilities, encoding)
    text = "import sentry_sdk\r\n'😀é'; old_name\x0c; old_name"
    client.open(URI, text, version=3)
    at = text.index("old_name")
    place = span(text, at, at + 8, encoding)
    (action, *_) = await client.actions(URI, place)
    support = capabilities.get("textDocument", {}).get("codeAction", {})
    deferred = "edit" in support.get("resolveSupport", {}).get("properties", ())
    assert ("edit" not in action) is deferred
    edit = await client.edit_of(action)
    changes = capabilities.get("workspace", {}).get("workspaceEdit", {})
    if changes.get("documentChanges"):
        assert [d["textDocument"] for d in edit["documentChanges"]] == [{"uri": URI, "version": 3}]
    else:
        assert list(edit["changes"]) == [URI]
    assert client.applied(edit, URI, text) == text.replace("old_name", "new_name", 1)
    (everything,) = await client.actions(URI, place, FIX_ALL)
    fixed = client.applied(await client.edit_of(everything), URI, text)
    assert fixed == text.replace("old_name", "new_name")


async def test_a_fix_that_was_chosen_by_its_title_asks_nothing(start: Start) -> None:
    client, found = await opened(start, HEAD + "risky; old_name; noted")
    for one in found:
        (action, *_) = await client.actions(URI, one["range"])
        assert action["title"].endswith("(unsafe)") is (one["code"] == "SEN902")
        assert "changeAnnotations" not in await client.edit_of(action)


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (None, ["quickfix"]),
        (["quickfix"], ["quickfix"]),
        (["quickfix.other"], []),
        (["refactor"], []),
        (["source.organizeImports"], []),
        (["source.fixAll.ruff"], []),
        (["source"], ["source.fixAll.sentry-migrate"]),
        (["source.fixAll"], ["source.fixAll.sentry-migrate"]),
        (["source.fixAll.sentry-migrate"], ["source.fixAll.sentry-migrate"]),
        (["source.fixAll", "source.fixAll.sentry-migrate"], ["source.fixAll.sentry-migrate"]),
        (["notebook.source.fixAll"], []),
        ([""], ["quickfix", "source.fixAll.sentry-migrate"]),
    ],
)
async def test_kinds(start: Start, only: list[str] | None, kinds: list[str]) -> None:
    client, found = await opened(start, HEAD + "old_name")
    actions = await client.actions(URI, found[0]["range"], only)
    assert sorted({action["kind"] for action in actions}) == kinds
    assert sum(action["kind"].startswith("source") for action in actions) <= 1


@pytest.mark.parametrize(
    "text", ["risky", "lost", "noted", "", "def def old_name", "CRASH old_name"]
)
async def test_fix_all_with_nothing_safe_to_fix(start: Start, text: str) -> None:
    client, _ = await opened(start, HEAD + text)
    assert await client.actions(URI, span(HEAD, 0, 0, "utf-16"), FIX_ALL) == []


async def test_fix_all_is_safe_fixes_only(start: Start) -> None:
    text = HEAD + "old_name; risky; choice"
    client, _ = await opened(start, text)
    (action,) = await client.actions(URI, span(text, 0, 0, "utf-16"), FIX_ALL)
    fixed = client.applied(await client.edit_of(action), URI, text)
    assert fixed == HEAD + "new_name; risky; new_name"


async def test_fix_all_right_after_a_change(start: Start) -> None:
    client, _ = await opened(start, HEAD)
    text = HEAD + "old_name"
    client.replace(URI, 2, text)
    (action,) = await client.actions(URI, span(text, 0, 0, "utf-16"), FIX_ALL)
    assert client.applied(await client.edit_of(action), URI, text) == HEAD + "new_name"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_fix_all_is_computed_before_anybody_asks(start: Start, tmp_path: Path) -> None:
    """It is answered although no worker could."""
    folder = {"uri": tmp_path.as_uri(), "name": "w"}
    text = HEAD + "old_name; " * 300
    client, _ = await opened(start, text, workspaceFolders=[folder], command=COMMANDS["fake"])
    assert client.process
    while len(workers := children(client.process.pid)) < 2:
        await asyncio.sleep(0.05)
    # The second worker does one thing after the other, and this is the other.
    await client.request("workspace/executeCommand", {"command": "sentry-migrate.report"})
    await asyncio.sleep(1.5)  # now that it is known what other files take, all is done anew
    await client.request("workspace/executeCommand", {"command": "sentry-migrate.report"})
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    try:
        (action,) = await client.actions(URI, span(HEAD, 0, 0, "utf-16"), FIX_ALL)
        assert await client.edit_of(action)
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGCONT)


async def test_saving_does_not_wait_for_ever(start: Start) -> None:
    client = await start(PUSHED)
    client.open(URI, HEAD + "old_name HANG")
    params = {
        "textDocument": {"uri": URI},
        "range": span(HEAD, 0, 0, "utf-16"),
        "context": {"diagnostics": [], "only": FIX_ALL},
    }
    assert await client.request("textDocument/codeAction", params, patience=12) is None


async def test_fix_all_of_one_rule(start: Start) -> None:
    text = HEAD + "old_name; choice; old_name"
    client, found = await opened(start, text)
    actions = await client.actions(URI, found[0]["range"])
    (action,) = [a for a in actions if a["title"] == "Fix all SEN901 problems in this file (2)"]
    fixed = client.applied(await client.edit_of(action), URI, text)
    assert fixed == HEAD + "new_name; choice; new_name"


async def test_a_rule_whose_autofix_is_off(start: Start) -> None:
    text = HEAD + "old_name; choice"
    client, found = await opened(
        start, text, configuration={"rules": {"SEN901": {"autofix": False}}}
    )
    (action,) = await client.actions(URI, span(text, 0, 0, "utf-16"), FIX_ALL)
    fixed = client.applied(await client.edit_of(action), URI, text)
    assert fixed == HEAD + "old_name; new_name"
    assert "Replace with new_name" in titles(await client.actions(URI, found[0]["range"]))


IGNORED = "# sentry-migrate: ignore[SEN201]"


@pytest.mark.parametrize(
    ("before", "after", "comments"),
    [
        ("", "", ("", f"  {IGNORED}")),
        ('f(\'"""\', ', ")", ("", f"  {IGNORED}")),
        ('x = f"""\r\n{', '}\r\n"""', (f"{IGNORED}\r\n", "")),
        ("x = 1 + \\\r\n", " + \\\r\n1", (f"{IGNORED}\r\n", "")),
    ],
)
async def test_ignoring_a_line(
    start: Start, before: str, after: str, comments: tuple[str, str]
) -> None:
    line = f"{before}Hub.current.capture_message('m'){after}"
    text = f"from sentry_sdk import Hub\r\n{line}\r\npass"
    client, found = await opened(start, text, command="real")
    (place,) = (one["range"] for one in found if one["code"] == "SEN201")
    actions = await client.actions(URI, place)
    (action,) = (a for a in actions if a["title"] == "Ignore SEN201 on this line")
    fixed = client.applied(await client.edit_of(action), URI, text)
    assert fixed == f"from sentry_sdk import Hub\r\n{comments[0]}{line}{comments[1]}\r\npass"


async def test_ignoring_a_line_of_a_text_that_does_not_parse(start: Start) -> None:
    client, found = await opened(start, HEAD + "old_name")
    client.replace(URI, 2, f"{HEAD}old_name; def def")
    actions = await client.actions(URI, found[0]["range"])
    assert titles(actions) == ["Explain SEN901 (old-name)"]


class TestChoosing:
    TEXT = HEAD + "old_name; choice\nlost\n"
    WHOLE = span(TEXT, 0, len(TEXT), "utf-16")
    OTHER: ClassVar[dict[str, Any]] = {
        "range": WHOLE,
        "message": "?",
        "source": "pyright",
        "data": [1, None],
    }

    async def codes(self, start: Start, range_: Any, context: Any = ()) -> set[str]:
        client, found = await opened(start, self.TEXT)
        about = [found[index] if isinstance(index, int) else index for index in context]
        actions = await client.actions(URI, range_ or found[0]["range"], context=about)
        return {d["code"] for action in actions for d in action.get("diagnostics", ())}

    async def test_by_range(self, start: Start) -> None:
        assert await self.codes(start, None) == {"SEN901"}

    async def test_by_the_whole_document(self, start: Start) -> None:
        assert await self.codes(start, self.WHOLE) == {"SEN901", "SEN904", "SEN903"}

    async def test_by_diagnostics(self, start: Start) -> None:
        assert await self.codes(start, self.WHOLE, [1]) == {"SEN904"}

    async def test_a_diagnostic_without_a_source_counts(self, start: Start) -> None:
        at = self.TEXT.index("choice")
        bare = {"range": span(self.TEXT, at, at + 6, "utf-16"), "message": "?"}
        assert await self.codes(start, self.WHOLE, [bare]) == {"SEN904"}

    async def test_of_two_places_that_begin_alike_only_the_one(self, start: Start) -> None:
        text = "from sentry_sdk import profiler\nprofiler._scheduler.stop_profiling(1)\n"
        client, found = await opened(start, text, command="real")
        counts = []
        for one in found:
            actions = await client.actions(URI, one["range"], context=[one])
            counts.append(sum(title.startswith("Explain") for title in titles(actions)))
            about = [about for action in actions for about in action.get("diagnostics", ())]
            assert {str(each) for each in about} == {str(one)}
        assert counts == [1, 1]

    @pytest.mark.parametrize(
        ("range_", "context", "expected"),
        [
            (None, [OTHER], {"SEN901"}),  # the range chooses
            (None, [OTHER, OTHER], {"SEN901"}),
            (span(TEXT, 0, 3, "utf-16"), [OTHER], set()),
            (WHOLE, [OTHER, 1], {"SEN904"}),
            (WHOLE, [OTHER, OTHER], {"SEN901", "SEN904", "SEN903"}),
            (WHOLE, [OTHER], set()),  # from a client that makes every edit it is given
        ],
    )
    async def test_another_servers_diagnostic_does_not(
        self, start: Start, range_: Any, context: Any, expected: set[str]
    ) -> None:
        assert await self.codes(start, range_, context) == expected

    async def test_a_malformed_diagnostic_is_no_diagnostic(self, start: Start) -> None:
        broken = {"range": None, "severity": "high"}
        assert await self.codes(start, None, [broken]) == {"SEN901"}

    async def test_a_client_that_applies_everything_gets_one(self, start: Start) -> None:
        client, found = await opened(start, self.TEXT)
        actions = await client.actions(URI, self.WHOLE, context=found[1:2])
        assert titles(actions) == ["Replace with new_name"]


class TestAFixThatWouldBreakTheFile:
    async def test_is_not_offered_with_its_edit(self, start: Start) -> None:
        client, found = await opened(start, HEAD + "breaks", NOTHING)
        offered = titles(await client.actions(URI, found[0]["range"]))
        assert offered == ["Explain SEN905 (breaks)", "Ignore SEN905 on this line"]

    async def test_is_refused_when_resolved(self, start: Start) -> None:
        client, found = await opened(start, HEAD + "breaks")
        (action, *_) = await client.actions(URI, found[0]["range"])
        with pytest.raises(ServerError, match="-32803"):
            await client.request("codeAction/resolve", action)


class TestResolving:
    async def test_an_old_action_is_refused(self, start: Start) -> None:
        client, found = await opened(start, HEAD + "old_name")
        (action, *_) = await client.actions(URI, found[0]["range"])
        client.replace(URI, 2, HEAD + "old_name ")
        with pytest.raises(ServerError, match="-32801"):
            await client.request("codeAction/resolve", action)

    @pytest.mark.parametrize(
        "data", [{}, [], 0, "x", {"uri": URI}, {"uri": URI, "serial": 1}, {"uri": 1, "what": "fix"}]
    )
    async def test_somebody_elses_action_comes_back(self, start: Start, data: Any) -> None:
        client, _ = await opened(start, HEAD + "old_name")
        action = {"title": "x", "kind": "refactor", "data": data}
        assert await client.request("codeAction/resolve", action) == action

    @pytest.mark.parametrize("serial", ["no", None, -1, [1], 10**20])
    async def test_a_broken_one_is_refused(self, start: Start, serial: Any) -> None:
        client, _ = await opened(start, HEAD + "old_name")
        action = {"title": "x", "data": {"uri": URI, "sentry-migrate": serial}}
        with pytest.raises(ServerError, match="-32801"):
            await client.request("codeAction/resolve", action)

    @pytest.mark.parametrize(
        "change",
        [
            *({"edit": wrong} for wrong in (1, -1, None, ["a"], 1e308)),
            *({"finding": wrong} for wrong in (1, -1, None, "0", [0], "abc", {}, [0] * 4)),
            *({"what": wrong} for wrong in ("", "bogus", None, ["fix"], "rule")),
            *({"what": "rule", "name": wrong} for wrong in (None, 3, ["x"])),
        ],
        ids=str,
    )
    async def test_an_invented_one_is_refused(self, start: Start, change: dict[str, Any]) -> None:
        client, found = await opened(start, HEAD + "old_name")
        (action, *_) = await client.actions(URI, found[0]["range"])
        action["data"].update(change)
        with pytest.raises(ServerError, match="-32602"):
            await client.request("codeAction/resolve", action)
        errors = [
            m
            for _, m in client.trace
            if m.get("method") == "window/logMessage" and m["params"]["type"] == 1
        ]
        assert errors == []

    @pytest.mark.parametrize(
        "change",
        [
            {"edit": ""},
            {"edit": "00000000"},
            *(
                {"finding": wrong}
                for wrong in (["SEN902", 24, 32], ["SEN901", 0, 8], [{}, [], 1.5])
            ),
            {"what": "ignore"},  # with the digest of a fix
        ],
        ids=str,
    )
    async def test_one_that_is_not_offered_is_refused(
        self, start: Start, change: dict[str, Any]
    ) -> None:
        client, found = await opened(start, HEAD + "old_name")
        (action, *_) = await client.actions(URI, found[0]["range"])
        action["data"].update(change)
        with pytest.raises(ServerError, match="-32801"):
            await client.request("codeAction/resolve", action)

    TEXT = HEAD + "old_name; choice; choice\nold_name; lost; risky"

    @pytest.mark.parametrize("ignored", ["SEN901", "SEN902", "SEN904"])
    async def test_other_findings_may_come_and_go(self, start: Start, ignored: str) -> None:
        """Settings change what is found in a text, as the index of other files does."""
        client, found = await opened(start, self.TEXT)
        offered = await client.actions(URI, span(self.TEXT, 0, len(self.TEXT), "utf-16"))
        single = [one for one in offered if "finding" in one.get("data", ())]
        before = [await client.edit_of(one) for one in single]
        assert len(single) == 12
        left = sum(one["code"] != ignored for one in found)
        await self.configure(client, {"ignore": [ignored]}, left)
        for action, edit in zip(single, before, strict=True):
            if action["diagnostics"][0]["code"] == ignored:
                with pytest.raises(ServerError, match="-32801"):
                    await client.edit_of(action)
            else:
                assert await client.edit_of(action) == edit
        await self.configure(client, {}, len(found))
        assert [await client.edit_of(one) for one in single] == before

    async def configure(self, client: Client, settings: Any, count: int) -> None:
        client.configuration = settings
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        await client.until(lambda: len(client.displayed[URI]["diagnostics"]) == count)

    async def test_an_action_without_data_comes_back(self, start: Start) -> None:
        client, _ = await opened(start, HEAD)
        assert await client.request("codeAction/resolve", {"title": "x"}) == {"title": "x"}

    async def test_data_is_small(self, start: Start) -> None:
        client, found = await opened(start, HEAD + "old_name")
        (action, *_) = await client.actions(URI, found[0]["range"])
        assert len(str(action["data"])) < 120


async def test_of_a_document_that_is_not_open(start: Start) -> None:
    client = await start(VSCODE)
    assert await client.actions("file:///w/none.py", span("", 0, 0, "utf-16")) == []
