"""A storm: files and documents change all the time, workers die, and every edit is a good one.

What an edit is of is known exactly where it has a version. Where it has none, as for a file that is
not open, it may be of any text there was since it was asked for.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import functools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lsp import fake_worker
from lsp.capabilities import PUSHED, VSCODE, offering
from lsp.conftest import Start
from lsp.test_workspace import BACKLOG, folder
from lsp.wire import COMMANDS, ROOT, Client, ServerError, apply_edits, position, span
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.worker import frames

WORDS = ("old_name", "risky", "lost", "choice", "noted", "😀é", "x = 1", "'ü'; old_name", "# 漢")
CODE = (
    "sentry_sdk.Hub.current.capture_message('é')",
    "with sentry_sdk.configure_scope() as scope:\n    scope.set_tag('😀', 1)",
    "with sentry_sdk.push_scope() as scope:\n    scope.level = 'error'\n    f('漢')",
    "def g():\n    sentry_sdk.Hub.current.client.flush()",
    "x = '😀'; sentry_sdk.Hub.current.flush()",
    "def broken(",
    "# 漢",
)
"""The same for the real analysis."""
WHOLE = (["source.fixAll"],)
ANY = (None, *WHOLE)
ENOUGH = 400
"""Comparisons by each client, of which there are three."""
ENOUGH_CODE = 16
EDITS, KILLS = 5, 2
"""Edits of the workspace that are offered to each client, and processes that are killed, at least."""
PATIENCE = 540.0
"""Seconds for an answer, on a machine that has other things to do."""
BARE: dict[str, Any] = {"workspace": {"applyEdit": True}, "window": {"workDoneProgress": True}}


@dataclass(frozen=True)
class Handed:
    """An edit of one document that the server handed out, and what the document may have been."""

    uri: str
    version: int | None
    title: str
    whole: bool
    """Whether it is every fix of the document, and not a single one."""
    edits: Any
    texts: tuple[str, ...]
    encoding: str
    back: frozenset[str] = frozenset()
    """What the document was before, if the edit takes a migration back."""

    def afters(self) -> list[tuple[str, str]]:
        """Each text the document may have had, with what the edit makes of it."""
        result = []
        for text in self.texts:
            with contextlib.suppress(AssertionError):  # the edits overlap
                result.append((text, apply_edits(text, self.edits, self.encoding)))
        return result


class Storm:
    def __init__(
        self,
        client: Client,
        tree: Path,
        seed: int,
        words: Sequence[str] = WORDS,
        kinds: Sequence[list[str] | None] = ANY,
    ) -> None:
        """`words` are lines of the texts, `kinds` those of code actions that are asked for."""
        self.client = client
        self.chance = random.Random(seed)
        self.words = words
        self.kinds = kinds
        self.paths = {(path := tree / f"m{number:02}.py").as_uri(): path for number in range(50)}
        self.texts: dict[str, list[tuple[float, int | None, str]]] = {}
        self.handed: list[Handed] = []
        self.offered = self.killed = 0
        self.unanswered: list[str] = []
        self.versions: dict[str, int] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.over = False
        """For tasks whose cancellation came to nothing, as it can before Python 3.12."""
        self.given: list[float] = []
        """When each of the commands was given whose edits may come."""
        client.answer["workspace/applyEdit"] = self.apply
        for path in self.paths.values():
            self.write(path)

    # -- What happens

    def some_text(self) -> str:
        lines = self.chance.choices(self.words, k=self.chance.randint(1, 6))
        return "\n".join(["import sentry_sdk", *lines, ""])

    def note(self, uri: str, version: int | None, text: str) -> None:
        """A text there is from now on."""
        self.texts.setdefault(uri, []).append((time.monotonic(), version, text))

    def write(self, path: Path) -> None:
        text = self.some_text()
        path.write_text(text, encoding="utf-8")
        if path.as_uri() not in self.client.documents:  # of an open one, the disk does not count
            self.note(path.as_uri(), None, text)

    def act(self) -> None:
        """Something is typed, and something else happens."""
        self.type(self.chance.choice(sorted(self.client.documents) or [""]))
        uri, path = self.chance.choice(list(self.paths.items()))
        match self.chance.randrange(100):
            case n if n < 10:
                self.write(path)
            case n if n < 14:
                path.unlink(missing_ok=True)
            case n if n < 22 and uri not in self.client.documents and path.exists():
                self.open(uri, path.read_text(encoding="utf-8"))
            case n if n < 26 and uri in self.client.documents:
                self.client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
                if path.exists():
                    self.note(uri, None, path.read_text(encoding="utf-8"))
            case n if n < 30:
                changes = [{"uri": uri, "type": self.chance.randint(1, 3)}]
                self.client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
            case _ if len(self.tasks) < 10 and self.client.documents:
                self.spawn(self.ask(self.chance.choice(sorted(self.client.documents))))

    def open(self, uri: str, text: str) -> None:
        self.versions[uri] = self.versions.get(uri, 0) + 1
        self.client.open(uri, text, self.versions[uri])
        self.note(uri, self.versions[uri], text)

    def type(self, uri: str) -> None:
        if uri not in self.client.documents:
            return
        text, encoding = self.client.documents[uri][1], self.client.encoding
        ends = [at for at in range(len(text)) if text[at] == "\n" and at >= 17]
        start = self.chance.choice(ends) if ends else len(text)
        end = text.find("\n", start + 1) if self.chance.random() < 0.5 else start
        end = start if end < 0 else end
        word = "\n" + self.chance.choice(self.words) if self.chance.random() < 0.7 else ""
        change = {"range": span(text, start, end, encoding), "text": word}
        self.versions[uri] += 1
        self.client.change(uri, self.versions[uri], [change])
        self.note(uri, *self.client.documents[uri])

    def spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def request(self, method: str, params: Any) -> Any:
        """The answer. An error is one: the text changed, the worker died, the document is gone."""
        try:
            return await self.client.request(method, params, PATIENCE)
        except ServerError:
            return None
        except asyncio.TimeoutError:
            self.unanswered.append(method)

    # -- What is asked

    async def ask(self, uri: str) -> None:
        if self.chance.random() < 0.2:
            await self.order("fixFile", uri)
            return
        if self.chance.random() < 0.05:
            await self.choose()
            return
        only = self.chance.choice(self.kinds)
        text = self.client.documents[uri][1]
        at = position(text, self.chance.randint(0, len(text)), self.client.encoding)
        params = {
            "textDocument": {"uri": uri},
            "range": {"start": {"line": 0, "character": 0}, "end": at},
            "context": {"diagnostics": [], **({"only": only} if only else {})},
        }
        since = time.monotonic()
        offered = await self.request("textDocument/codeAction", params) or ()
        able = [one for one in offered if "command" not in one and "disabled" not in one]
        await asyncio.gather(*(self.resolve(one, only is not None, since) for one in able))

    async def resolve(self, action: Any, whole: bool, since: float) -> None:
        if "edit" not in action:
            action = await self.request("codeAction/resolve", action)
        if action is not None:
            self.take(action.get("edit") or {}, action["title"], whole, since)

    async def order(self, name: str, *arguments: Any) -> Any:
        given = time.monotonic()
        self.given.append(given)
        params = {"command": f"sentry-migrate.{name}", "arguments": arguments}
        answer = await self.request("workspace/executeCommand", params)
        self.given.remove(given)
        return answer

    async def choose(self) -> None:
        """A row of the migration view: is it shown, and made?"""
        found = await self.order("overview") or {}
        rows = [
            item
            for group in (*found.get("proved", ()), *found.get("toDecide", ()))
            for file in group["files"]
            for item in file["items"]
            if item["uri"] in self.client.documents
        ]
        if rows:
            row = self.chance.choice(rows)
            for name in ("previewFix", "applyFix"):
                await self.order(name, row["uri"], row["code"], row["range"]["start"])

    async def migrate(self) -> None:
        while not self.over:
            await self.order("fixWorkspace", {"unsafe": self.chance.random() < 0.5})
            if self.chance.random() < 0.5:
                await self.order("undo")
            await asyncio.sleep(0.05)

    async def murder(self) -> None:
        while not self.over:
            await asyncio.sleep(2)
            told = await self.order("debugInformation")
            for worker in told["workers"].values() if told else ():
                if worker["pid"] is not None and self.chance.random() < 0.5:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(worker["pid"], signal.SIGKILL)
                        self.killed += 1

    # -- What comes

    def apply(self, params: Any) -> Any:
        self.offered += 1
        label = params["label"]
        self.take(params["edit"], label, label.startswith("Migrate"), min(self.given))
        applied = self.client.make(params["edit"])
        for uri, _, _ in parts(params["edit"]):
            if applied and uri in self.client.documents:
                self.versions[uri] = self.client.documents[uri][0]
                self.note(uri, *self.client.documents[uri])
            elif applied:
                self.note(uri, None, self.paths[uri].read_text(encoding="utf-8"))
        return {"applied": applied}

    def take(self, edit: Any, title: str, whole: bool, since: float) -> None:
        now = time.monotonic()
        for uri, version, edits in parts(edit):
            known = self.texts[uri]
            if version is not None:
                texts = [text for _, one, text in known if one == version][-1:]
            else:
                ended = [*(begun for begun, _, _ in known[1:]), now]
                texts = [
                    text for (_, _, text), end in zip(known, ended, strict=True) if end >= since
                ]
            encoding, back = self.client.encoding, title.startswith("Undo the migration")
            before = frozenset(text for _, _, text in known) if back else frozenset()
            one = Handed(uri, version, title, whole, edits, tuple(texts), encoding, before)
            self.handed.append(one)

    async def rage(self, enough: int) -> list[Handed]:
        """Everything that was handed out until that is enough. All of it was answered."""
        for uri, path in list(self.paths.items())[::2]:
            self.open(uri, path.read_text(encoding="utf-8"))
        others = [asyncio.ensure_future(work) for work in (self.migrate(), self.murder())]
        while not self.unanswered and not (
            len(self.handed) >= enough and self.offered >= EDITS and self.killed >= KILLS
        ):
            self.act()
            await asyncio.sleep(0.01)
            assert not any(task.done() for task in others)
        self.over = True
        for task in (*others, *self.tasks):
            task.cancel()
        await asyncio.gather(*others, *self.tasks, return_exceptions=True)
        assert self.unanswered == []
        return self.handed


def parts(edit: Any) -> list[tuple[str, int | None, Any]]:
    """URI, version and edits of each document."""
    changes = [(uri, None, edits) for uri, edits in (edit.get("changes") or {}).items()]
    return changes + [
        (one["textDocument"]["uri"], one["textDocument"]["version"], one["edits"])
        for one in edit.get("documentChanges") or ()
    ]


def wrong(handed: Sequence[Handed], wanted: Callable[[str, bool], frozenset[str]]) -> list[Handed]:
    """Which edits make of no text their document may have had what the analysis makes of it."""
    return [
        one
        for one in handed
        if not any(after in (one.back or wanted(text, one.whole)) for text, after in one.afters())
    ]


@functools.cache
def by_the_fake(text: str, whole: bool) -> frozenset[str]:
    """What all fixes make of a text, the safe ones or all; or what one quick fix may."""
    if whole:
        return frozenset(fixed(text, None, unsafe) for unsafe in (False, True))
    found = fake_worker.analyze(text, Settings()).findings
    single = [
        fake_worker.apply(text, each.edits)
        for one in found
        for each in (one.fix, *one.alternatives)
        if each is not None
    ]
    comments = [fake_worker.apply(text, [one.suppression]) for one in found if one.suppression]
    rules = [fixed(text, (name,), False) for name in {one.name for one in found}]
    selected = [fixed(text, None, False, (0, one.start)) for one in found]
    return frozenset((*single, *comments, *rules, *selected))


def fixed(
    text: str,
    rules: tuple[str, ...] | None,
    unsafe: bool,
    within: tuple[int, int] | None = None,
) -> str:
    ask = frames.FixAll(text, Settings(), None, rules, unsafe, within=within)
    return fake_worker.fix(text, ask).text


def by_the_command(texts: Sequence[str], folder: Path) -> dict[str, frozenset[str]]:
    """What `check --fix` makes of each text in a project of its own, without and with
    `--unsafe-fixes`."""
    results: list[list[str]] = []
    for options in ([], ["--unsafe-fixes"]):
        paths = [folder / "-".join(["run", *options]) / str(n) / "m.py" for n in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.parent.mkdir(parents=True)
            (path.parent / "pyproject.toml").touch()
            path.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "sentry_migrate", "check", "--fix", "-q", *options, "."]
        env = {**os.environ, "PYTHONPATH": str(ROOT / "server")}
        done = subprocess.run(
            command, cwd=paths[0].parents[1], env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        results.append([path.read_text(encoding="utf-8") for path in paths])
    return {text: frozenset(both) for text, *both in zip(texts, *results, strict=True)}


def comes_to_the_same(
    one: Handed, before: Mapping[str, frozenset[str]], then: Mapping[str, frozenset[str]]
) -> bool:
    """Whether the command makes the same of a text as of what the edit made of it, which changed
    something."""
    return any(after != text and then.get(after) == before[text] for text, after in one.afters())


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("capabilities", "encoding"),
    [(PUSHED, "utf-8"), (VSCODE, "utf-16"), (BARE, "utf-32")],
    ids=["pushed", "pulled", "bare"],
)
async def test_every_edit_is_of_what_there_is(
    start: Start, tmp_path: Path, capabilities: Any, encoding: str
) -> None:
    given = offering(capabilities, encoding)
    client = await start(given, encoding, BACKLOG, COMMANDS["fake"], **folder(tmp_path))
    storm = Storm(client, tmp_path, seed=len(encoding) + len(given))
    assert wrong(await storm.rage(ENOUGH), by_the_fake) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_every_edit_makes_what_the_command_makes(start: Start, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    client = await start(VSCODE, "utf-16", BACKLOG, "real", **folder(tree))
    raged = await Storm(client, tree, 7, CODE, WHOLE).rage(ENOUGH_CODE)
    assert wrong([one for one in raged if one.back], lambda *_: frozenset()) == []
    handed = [one for one in raged if one.whole]  # a row of the view is a single fix
    texts = sorted({text for one in handed for text in one.texts})
    by_command = by_the_command(texts, tmp_path / "first")
    fewer = wrong(handed, lambda text, _: by_command[text])
    # While a busy machine has not read all files, some fixes wait: the rest must be still to come.
    afters = sorted({after for one in fewer for _, after in one.afters()})
    then = by_the_command(afters, tmp_path / "then") if afters else {}
    assert [one for one in fewer if not comes_to_the_same(one, by_command, then)] == []
    for text in {text for one in handed if len(one.texts) == 1 for text in one.texts}:
        for after in by_command[text]:
            ast.parse(after)


def test_an_edit_of_a_file_that_is_gone_is_not_made(tmp_path: Path) -> None:
    there, gone = tmp_path / "a.py", tmp_path / "b.py"
    there.write_text("old_name\n", encoding="utf-8")
    edits = [{"range": span("old_name\n", 0, 8, "utf-16"), "newText": "new_name"}]
    assert not Client("utf-16").make({"changes": {p.as_uri(): edits for p in (there, gone)}})
    assert there.read_text(encoding="utf-8") == "old_name\n"


@pytest.mark.parametrize(
    ("text", "edits", "good"),
    [
        ("old_name\n", [(0, 8, "new_name")], True),
        ("\nold_name\n", [(0, 8, "new_name")], False),
        ("risky; old_name\n", [(7, 15, "new_name")], True),
        ("risky; old_name\n", [(0, 5, "new_name")], False),
        ("old_name; old_name\n", [(0, 8, "new_name")], False),
        ("old_name; old_name\n", [(0, 8, "new_name"), (4, 8, "")], False),
        ("old_name\n", [], False),
    ],
)
def test_the_judge_itself(text: str, edits: Any, good: bool) -> None:
    spelled = [
        {"range": span(text, start, end, "utf-16"), "newText": new} for start, end, new in edits
    ]
    handed = Handed("file:///a.py", 1, "", True, spelled, (text,), "utf-16")
    assert (wrong([handed], by_the_fake) == []) is good


@pytest.mark.parametrize(("before", "good"), [("old_name\n", True), ("old\n", False)])
def test_the_judge_of_what_is_taken_back(before: str, good: bool) -> None:
    text = "new_name\n"
    edits = [{"range": span(text, 0, 3, "utf-16"), "newText": "old"}]
    known = frozenset((before, text))
    handed = Handed("file:///a.py", 1, "Undo", False, edits, (text,), "utf-16", known)
    assert (wrong([handed], by_the_fake) == []) is good


@pytest.mark.parametrize(
    ("after", "then", "good"),
    [
        ("new; old", "new; new", True),
        ("new; old", "new; old", False),
        ("old; old", "new; new", False),
        ("new; lost", "new; lost", False),
    ],
)
def test_fewer_fixes_leave_the_rest_to_come(after: str, then: str, good: bool) -> None:
    text = "old; old"
    edits = [{"range": span(text, 0, len(text), "utf-16"), "newText": after}]
    handed = Handed("file:///a.py", 1, "", True, edits, (text,), "utf-16")
    made = {text: frozenset(("new; new",))}
    assert comes_to_the_same(handed, made, {after: frozenset((then,))}) is good


def test_uses_of_all_kinds_happen() -> None:
    kinds = {
        one.fix.applicability if one.fix else None
        for word in WORDS
        for one in fake_worker.analyze(word, Settings()).findings
    }
    assert kinds == {*Applicability, None}
