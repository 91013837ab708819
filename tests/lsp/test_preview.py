"""What a person may choose of an edit: whatever they tick, files parse, and what is said is so."""

from __future__ import annotations

import ast
import asyncio
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lsp.capabilities import NOTHING, PUSHED, without
from lsp.conftest import Start
from lsp.test_workspace import asked_edits, command, folder
from lsp.wire import Client, ServerError
from sentry_migrate.doubts import DOUBTS
from sentry_migrate.engine.fix import fix
from sentry_migrate.lsp.documents.convert import Target
from sentry_migrate.lsp.features.annotate import annotated
from sentry_migrate.lsp.features.migration import Fixed
from sentry_migrate.model import Applicability, Finding, Fix, Severity
from sentry_migrate.project.config import Settings
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.source import Source

QUESTION = DOUBTS["other-threads"].question

FILES = {
    "level.py": "import sentry_sdk\nwith sentry_sdk.push_scope() as scope:\n    scope.level = 'warning'\n    scope.user = {'id': 1}\n",
    "block.py": "from sentry_sdk import configure_scope\n\n\ndef f(user):\n    with configure_scope() as scope:\n        scope.set_user(user)\n        scope.set_tag('a', 'b')\n    return 1\n",
    "hub.py": "from sentry_sdk import Hub\n\nHub.current.capture_message('x')\nwith Hub.current.start_span(description='d'):\n    pass\n",
    "alias.py": "import sentry_sdk as s\n\nhub = s.Hub.current\nhub.add_breadcrumb(message='m')\nwith s.Hub(s.Hub.current) as hub:\n    hub.capture_message('y')\n",
    "passed.py": "import sentry_sdk\n\n\ndef f(g):\n    with sentry_sdk.configure_scope() as scope:\n        g(scope)\n    with sentry_sdk.push_scope() as scope:\n        scope.transaction = 'name'\n",
    "several.py": "from sentry_sdk import (\n    Hub,\n    configure_scope,\n    push_scope,\n)\n\nwith push_scope() as scope:\n    with configure_scope() as inner:\n        inner.level = 'error'\n    Hub.current.capture_exception()\n",
    "none.py": "import sentry_sdk\n",
}  # fmt: skip


def after(text: str, unsafe: bool) -> tuple[str, int]:
    """What the engine makes of a text, and by how many fixes."""
    outcome = fix(Source(text), Settings(), unsafe=unsafe)
    return outcome.text, len(outcome.applied)


ASKED = sorted(
    name for name in FILES if after(FILES[name], True)[0] != after(FILES[name], False)[0]
)


def test_there_is_something_to_ask_about() -> None:
    assert ASKED
    assert {name for name in FILES if after(FILES[name], False)[0] != FILES[name]} - set(ASKED)


@pytest.mark.parametrize("seed", range(8))
async def test_any_choice_of_boxes(start: Start, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    client = await start(PUSHED, command="real", **folder(tmp_path))
    opened = chance.sample(sorted(FILES), 3)
    for name in opened:
        client.open((tmp_path / name).as_uri(), FILES[name])
    share = chance.choice((0, 0.3, 0.7, 1))
    client.ticks = lambda edit: chance.random() < share
    result = await command(client, "fixWorkspace", {"unsafe": True})
    made = 0
    files = 0
    for name, before in FILES.items():
        uri = (tmp_path / name).as_uri()
        now = client.documents[uri][1] if name in opened else (tmp_path / name).read_text()
        ast.parse(now)
        fixed, count = after(before, True)
        assert now in (before, fixed)
        if now != before:
            made += count
            files += 1
    found = sum(after(text, True)[1] for text in FILES.values())
    assert result == {"applied": files > 0, "fixed": made, "found": found, "files": files}


async def test_what_is_safe_is_ticked(start: Start, tmp_path: Path) -> None:
    """In a row of its own for each file."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    client = await start(PUSHED, command="real", **folder(tmp_path))
    await command(client, "fixWorkspace", {"unsafe": True})
    (asked,) = asked_edits(client)
    marks = asked["edit"]["changeAnnotations"]
    rows = {
        one["textDocument"]["uri"].rpartition("/")[2]: one["edits"]
        for one in asked["edit"]["documentChanges"]
    }
    assert all(len(edits) == 1 for edits in rows.values())
    unticked = {
        name
        for name, (edit,) in rows.items()
        if marks[edit["annotationId"]].get("needsConfirmation")
    }
    assert sorted(unticked) == ASKED
    assert "none.py" not in rows


LABELS = {
    # files, and the labels with what is said of them and whether they are to be confirmed
    "proved": (
        {"a.py": "old_name", "b.py": "old_name; old_name"},
        {"Proved: 3 fixes in 2 files": ("What reaches Sentry stays the same", None)},
    ),
    "a question": (
        {"a.py": "risky", "b.py": "risky; old_name", "c.py": "old_name", "d.py": "lost"},
        {
            "other-threads: 2 fixes to decide, and 1 proved in 2 files": (QUESTION, True),
            "Proved: 1 fix in 1 file": ("What reaches Sentry stays the same", None),
        },
    ),
    "one file": (
        {"a.py": "risky"},
        {"other-threads: 1 fix to decide in 1 file": (QUESTION, True)},
    ),
}


@pytest.mark.parametrize(("files", "labels"), LABELS.values(), ids=LABELS)
async def test_a_label_for_each_question(
    start: Start, tmp_path: Path, files: dict[str, str], labels: dict[str, tuple[str, bool | None]]
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(f"import sentry_sdk\n{text}\n")
    client = await start(PUSHED, **folder(tmp_path))
    await command(client, "fixWorkspace", {"unsafe": True})
    (asked,) = asked_edits(client)
    assert {
        one["label"]: (one["description"], one.get("needsConfirmation") or None)
        for one in asked["edit"]["changeAnnotations"].values()
    } == labels


def failing(code: str, *doubts: str) -> Finding:
    fix = Fix("Replace", Applicability.UNSAFE, (), f"{code} may differ", doubts)
    return replace(FINDING, code=code, fix=fix)


FINDING = Finding("SEN901", "old-name", "gone", 0, 1, Severity.WARNING, "")
GROUPS = [
    # the fixes of a file that are not proved, and how its label begins and what it says
    ([failing("SEN1")], "SEN1: 1 fix to decide in 1 file", "SEN1 may differ."),
    (
        [failing("SEN2"), failing("SEN1")],
        "SEN1, SEN2: 2 fixes",
        "SEN1 may differ. SEN2 may differ.",
    ),
    ([failing("SEN1", "other-threads")] * 2, "other-threads: 2 fixes", QUESTION),
    ([failing("SEN1", "no-such")], "SEN1: 1 fix", "SEN1 may differ."),
    (
        [failing("SEN1", "other-threads"), failing("SEN2")],
        "SEN2, other-threads: 2 fixes",
        f"SEN2 may differ. {QUESTION}",
    ),
]


@pytest.mark.parametrize(("unsafe", "label", "said"), GROUPS)
def test_what_a_label_says(unsafe: list[Finding], label: str, said: str) -> None:
    place = Target("file:///a.py", None, LineIndex("x"))
    one = Fixed(None, None, 0, None, None, "", "", ((place, (), None),), len(unsafe), tuple(unsafe))  # type: ignore[arg-type]
    ((_, [(_, _, note)]),) = annotated([one])
    assert note is not None
    assert (note.label.startswith(label), note.description.startswith(said)) == (True, True), note
    assert note.confirm


EDITS = {**PUSHED["workspace"]["workspaceEdit"]}
EDITS.pop("changeAnnotationSupport")
PLAIN = {**PUSHED, "workspace": {**PUSHED["workspace"], "workspaceEdit": EDITS}}


@pytest.mark.parametrize(
    ("capabilities", "unsafe", "whole"),
    [(PUSHED, True, True), (PUSHED, False, False), (PLAIN, True, False), (PLAIN, False, False)],
)
async def test_edits_stay_small_where_nobody_chooses_among_them(
    start: Start, capabilities: Any, unsafe: bool, whole: bool
) -> None:
    text = FILES["block.py"] + FILES["passed.py"]
    client = await start(capabilities, command="real")
    client.open("file:///w/a.py", text)
    await command(client, "fixFile", "file:///w/a.py", {"unsafe": unsafe})
    (asked,) = asked_edits(client)
    (document,) = asked["edit"]["documentChanges"]
    assert (len(document["edits"]) == 1) is whole
    assert client.documents["file:///w/a.py"][1] == after(text, unsafe)[0]


@pytest.mark.parametrize("name", sorted(FILES))
async def test_a_single_fix_is_one_row_if_it_asks(start: Start, name: str) -> None:
    client = await start(PUSHED, command="real")
    uri, text = "file:///w/a.py", FILES[name]
    client.open(uri, text)
    await client.diagnostics(uri)
    for edit in await until_known(client, uri):
        ast.parse(client.applied(edit, uri, text))
        if "changeAnnotations" in edit:
            assert [len(one["edits"]) for one in edit["documentChanges"]] == [1]


async def until_known(client: Client, uri: str) -> list[Any]:
    """The edits of all quick fixes, once the files around are read: what depends on them is offered
    as unsafe before that, and taken back."""
    deadline = asyncio.get_running_loop().time() + 40
    while True:
        try:
            return [
                await client.edit_of(action)
                for shown in await client.diagnostics(uri)
                for action in await client.actions(uri, shown["range"], ["quickfix"], [shown])
                if "disabled" not in action and "command" not in action
            ]
        except ServerError:
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("capabilities", [PLAIN, {**NOTHING, "workspace": {"applyEdit": True}}])
async def test_the_word_of_a_client_that_lets_nobody_choose(
    start: Start, tmp_path: Path, capabilities: Any
) -> None:
    """Such a client may not tell which files it changed, or only when they are saved."""
    (tmp_path / "hub.py").write_text(FILES["hub.py"])
    client = await start(capabilities, command="real", **folder(tmp_path))
    client.answer["workspace/applyEdit"] = lambda params: {"applied": True}
    assert (await command(client, "fixWorkspace"))["files"] == 1


async def test_nothing_was_chosen(start: Start) -> None:
    client = await start(without(PUSHED, "window", "workDoneProgress"), command="real")
    client.open("file:///w/a.py", FILES["passed.py"])
    client.answer["workspace/applyEdit"] = lambda params: {"applied": True}  # an empty choice is
    result = await command(client, "fixFile", "file:///w/a.py", {"unsafe": True})
    assert (result["applied"], result["fixed"], result["files"]) == (False, 0, 0)
    assert result["found"] > 0


@pytest.mark.parametrize("made", [True, False])
async def test_an_edit_that_nobody_is_asked_about_and_that_was_not_made(
    start: Start, made: bool
) -> None:
    """The person did not choose that, so they are told."""
    client = await start(without(PUSHED, "window", "workDoneProgress"), command="real")
    client.open("file:///w/a.py", FILES["passed.py"])
    if not made:
        client.answer["workspace/applyEdit"] = lambda params: {"applied": True}
    result = await command(client, "fixFile", "file:///w/a.py", {})
    assert (result["applied"], result["files"]) == (made, int(made))
    said = [m["params"] for _, m in client.trace if m.get("method") == "window/showMessage"]
    assert [one["message"] for one in said] == [
        "Not migrated, although the editor says that it applied the edit: a.py."
        " Run the command again."
    ] * (not made)
