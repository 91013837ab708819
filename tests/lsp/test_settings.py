"""Which settings hold where, and that changing them needs no restart."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from lsp.capabilities import NOTHING, PUSHED, VSCODE
from lsp.conftest import Start
from lsp.test_workspace import folder
from lsp.wire import Client
from sentry_migrate.lsp.analysis.settings import Store, combine, valid
from sentry_migrate.lsp.session.session import shortened
from sentry_migrate.model import Severity
from sentry_migrate.project.config import Settings
from sentry_migrate.project.selectors import unknown
from sentry_migrate.project.server_options import ServerOptions, split
from sentry_migrate.worker.frames import RuleDoc

USE = "import sentry_sdk\nsentry_sdk.old_name()\nlost\n"


@pytest.mark.parametrize(
    ("mapping", "word"),
    [
        (3, "not an object"),
        ({"enable": "yes"}, "enable"),
        ({"diagnosticMode": "all"}, "openFiles, workspace"),
        ({"run": "never"}, "onType, onSave"),
        ({"maxFindings": -1}, "whole number of 0 or more"),
        ({"maxFindings": True}, "whole number of 0 or more"),
        ({"rules": []}, "not an object of rules"),
        ({"rules": {"SEN1": {"severity": "loud"}}}, "severity"),
        ({"rules": {"SEN1": {"autofix": "no"}}}, "autofix"),
        ({"rules": {"SEN1": {"colour": "red"}}}, "SEN1"),
        ({"rules": {"SEN1": 3}}, "SEN1"),
        ({"code_lens": 1}, "sentry-migrate.code_lens: 1 is not true or false"),
        ({"selct": []}, "sentry-migrate.selct: unknown setting; expected one of enable, "),
        ({"selct": []}, "; did you mean 'select'?"),
        ({"codeLense": True}, "; did you mean 'codeLens'?"),
        ({"Select": 1, "enabled": True}, "sentry-migrate.enabled: unknown setting"),
        ({"extend_select": []}, "sentry-migrate.extend_select: unknown setting"),
        ({"": 1}, "sentry-migrate.: unknown setting"),
    ],
)
def test_a_wrong_value_is_said_and_the_default_holds(mapping: Any, word: str) -> None:
    said: list[str] = []
    options, _ = split(mapping, said.append)
    assert options == ServerOptions()
    assert len(said) == 1
    assert "sentry-migrate" in said[0]
    assert word in said[0] or "true or false" in said[0]


@pytest.mark.parametrize("mapping", [None, {}, {"enable": None}, {"interpreter": ["x"]}])
def test_nothing_chosen(mapping: Any) -> None:
    said: list[str] = []
    assert split(mapping, said.append) == (ServerOptions(), {})
    assert said == []


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("sdkVersion", "1.0", "'1.0' is below 2.0"),
        ("sdk-version", "1.0", "'1.0' is below 2.0"),
        ("extendSelect", "ALL", "'ALL' is not a list of strings"),
        ("perFileIgnores", {"!": []}, "invalid pattern '!'"),
    ],
)
def test_a_shared_setting_is_said_as_it_is_spelled(key: str, value: Any, problem: str) -> None:
    said: list[str] = []
    _, rest = split({key: value}, said.append)
    assert (rest, said) == ({key: value}, [])
    assert valid(rest, "sentry-migrate in the editor", said.append) == {}
    (line,) = said
    assert line.startswith(f"sentry-migrate in the editor: {key}: ")
    assert problem in line


def doc(code: str, name: str) -> RuleDoc:
    return RuleDoc(code, name, "migration", "safe", "", "", "", "")


RULES = [doc("SEN101", "rule-1"), doc("SEN102", "rule-2")]


def test_rules() -> None:
    options, rest = split(
        {
            "rules": {"SEN901": {"severity": "hint", "autofix": False}, "lost": "off"},
            "unsafeFixes": True,
        },
        lambda message: pytest.fail(message),
    )
    settings = combine(Settings(ignore=("A",)), options, rest)
    assert settings.severity == (("SEN901", Severity.HINT),)
    assert settings.ignore == ("A", "lost")
    assert settings.unsafe_fixes is True
    assert not options.autofix(doc("SEN901", "old-name"))
    assert options.autofix(doc("SEN902", "risky"))


@pytest.mark.parametrize(
    ("selector", "left_alone"),
    [
        ("S", False),
        ("", False),
        ("old", False),
        ("SEN9011", False),
        ("sen901", False),
        ("SEN902", False),
        ("later", False),
        ("ALL", True),
        ("migration", True),
        ("SEN", True),
        ("SEN90", True),
        ("SEN901", True),
        ("old-name", True),
    ],
)
def test_what_fix_all_leaves_alone(selector: str, left_alone: bool) -> None:
    options = ServerOptions(rules=((selector, None, False),))
    assert options.autofix(doc("SEN901", "old-name")) is not left_alone


@pytest.mark.parametrize(
    ("selector", "wrong"),
    [
        ("ALL", False),
        ("SEN", False),
        ("SEN10", False),
        ("SEN101", False),
        ("rule-2", False),
        ("SEN103", True),
        ("SEN1011", True),
        ("rule", True),
        ("S", True),
        ("", True),
    ],
)
def test_selectors(selector: str, wrong: bool) -> None:
    assert unknown([selector], RULES) == ([selector] if wrong else [])
    settings = Settings(
        select=(selector,),
        ignore=(selector, "ALL"),
        severity=((selector, Severity.HINT),),
        per_file_ignores=(("a", (selector,)),),
    )
    assert settings.without(["x"]) == settings
    dropped = settings.without([selector])
    assert selector not in dropped.selectors()


def alone(root: Path, options: Any = None) -> tuple[Store, list[str]]:
    """A store for one folder without a server, and what it said."""

    async def fetch(folder: str | None) -> Any:
        return options

    async def rules() -> list[RuleDoc]:
        return RULES

    said: list[str] = []
    return Store(fetch, lambda uri: (None, root), said.append, rules), said


def uri(path: Path) -> str:
    return path.as_uri()


def popups(client: Client) -> list[str]:
    return [
        m["params"]["message"] for _, m in client.trace if m.get("method") == "window/showMessage"
    ]


async def codes(client: Client, document: str, version: int = 1) -> list[str]:
    return [one["code"] for one in await client.diagnostics(document, version)]


async def test_nearest_file_wins_and_the_editor_lies_on_top(start: Start, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.sentry-migrate]\nignore = ["SEN901"]\n')
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text('[tool.sentry-migrate]\nignore = ["SEN903"]\n')
    client = await start()
    for name in ("a.py", "inner/a.py"):
        client.open(uri(tmp_path / name), USE)
    assert await codes(client, uri(tmp_path / "a.py")) == ["SEN903"]
    assert await codes(client, uri(inner / "a.py")) == ["SEN901"]


async def test_per_folder(start: Start, tmp_path: Path) -> None:
    folders = [{"uri": uri(tmp_path / name), "name": name} for name in ("one", "two")]
    client = await start(workspaceFolders=folders)
    client.by_scope = {uri(tmp_path / "one"): {"ignore": ["SEN901"]}}
    for name in ("one", "two"):
        client.open(uri(tmp_path / name / "a.py"), USE)
    assert await codes(client, uri(tmp_path / "one" / "a.py")) == ["SEN903"]
    assert await codes(client, uri(tmp_path / "two" / "a.py")) == ["SEN901", "SEN903"]
    asked = [m for _, m in client.trace if m.get("method") == "workspace/configuration"]
    assert len(asked) == 2


async def test_a_change_takes_effect_without_a_restart(start: Start) -> None:
    client = await start()
    client.open("file:///w/a.py", USE)
    assert await codes(client, "file:///w/a.py") == ["SEN901", "SEN903"]
    client.configuration = {"rules": {"SEN903": "off", "SEN901": {"severity": "error"}}}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    await client.until(lambda: len(client.displayed["file:///w/a.py"]["diagnostics"]) == 1)
    assert client.displayed["file:///w/a.py"]["diagnostics"][0]["severity"] == 1


async def test_a_client_that_cannot_be_asked(start: Start) -> None:
    client = await start(NOTHING, initializationOptions={"ignore": ["SEN901"]})
    client.open("file:///w/a.py", USE)
    assert await codes(client, "file:///w/a.py") == ["SEN903"]
    settings = {"sentry-migrate": {"ignore": ["SEN903"]}}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    await client.until(
        lambda: [d["code"] for d in client.displayed["file:///w/a.py"]["diagnostics"]] == ["SEN901"]
    )


@pytest.mark.parametrize(
    ("name", "watched"),
    [
        ("pyproject.toml", True),
        ("sub/setup.cfg", True),
        ("requirements.txt", True),
        ("dev-requirements.txt", True),
        ("sub/requirements-dev.in", True),
        ("requirements/base.txt", True),
        ("constraints.txt", True),
        ("pylock.toml", True),
        ("pylock.dev.toml", True),
        ("uv.lock", True),
        (".gitignore", True),
        ("sub/.gitignore", True),
        ("app.py", True),
        ("notes.txt", False),
        ("docs/base.txt", False),
        ("package-lock.json", False),
        ("cargo.toml", False),
    ],
)
async def test_what_is_watched(start: Start, name: str, watched: bool) -> None:
    client = await start(PUSHED)
    await client.until(
        lambda: [m for _, m in client.trace if m.get("method") == "client/registerCapability"]
    )
    globs = [
        watcher["globPattern"]
        for _, message in client.trace
        if message.get("method") == "client/registerCapability"
        for one in message["params"]["registrations"]
        for watcher in one["registerOptions"].get("watchers", ())
    ]
    path = PurePosixPath("/w", name)
    assert any(path.match(glob.removeprefix("**/")) for glob in globs) is watched
    assert not any("{" in glob for glob in globs)


async def test_watched_files(start: Start, tmp_path: Path) -> None:
    client = await start(PUSHED)
    await client.until(
        lambda: [m for _, m in client.trace if m.get("method") == "client/registerCapability"]
    )
    document = uri(tmp_path / "a.py")
    client.open(document, USE)
    assert await codes(client, document) == ["SEN901", "SEN903"]
    table = tmp_path / "pyproject.toml"
    table.write_text('[tool.sentry-migrate]\nignore = ["SEN901"]\n')
    for _ in range(20):
        changes = [{"uri": uri(table), "type": 1}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    await client.until(
        lambda: [d["code"] for d in client.displayed[document]["diagnostics"]] == ["SEN903"]
    )
    sent = [m for w, m in client.trace if m.get("method") == "textDocument/publishDiagnostics"]
    assert len(sent) == 2  # a burst of news is one reading


async def test_a_client_that_pulls_is_told_to(start: Start) -> None:
    client = await start(VSCODE)
    client.open("file:///w/a.py", USE)
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    await client.until(
        lambda: [m for _, m in client.trace if m.get("method") == "workspace/diagnostic/refresh"]
    )


@pytest.mark.parametrize(
    ("configuration", "word"),
    [
        ({"ignore": "SEN901"}, "ignore"),
        ({"colour": "red"}, "colour"),
        ({"run": 3}, "run"),
        ({"sdkVersion": "3.0"}, "sdkVersion"),
        ({"ignore": ["SEN777"]}, "SEN777"),
        ({"exclude": ["!"]}, "exclude: ['!']"),
        ({"perFileIgnores": {"!": ["SEN901"]}}, "perFileIgnores: {'!': ['SEN901']}"),
        ({"rules": {"no-such-rule": {"autofix": False}}}, "no-such-rule"),
    ],
)
async def test_a_mistake_in_the_editor_is_said_once(
    start: Start, configuration: Any, word: str
) -> None:
    client = await start(configuration=configuration)
    for name in ("a", "b"):
        client.open(f"file:///{name}/{name}.py", USE)
        assert len(await client.diagnostics(f"file:///{name}/{name}.py")) == 2
    assert len(popups(client)) == 1
    assert word in popups(client)[0]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("colour = 1", "pyproject.toml"),
        ('ignore = ["SEN777"]', "SEN777"),
        ('extend-exclude = ["[z-a]x"]', "extend-exclude: ['[z-a]x']"),
        ('per-file-ignores = { "!" = ["SEN901"] }', "per-file-ignores"),
    ],
)
async def test_a_mistake_in_the_file_is_said_once(
    start: Start, tmp_path: Path, line: str, word: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.sentry-migrate]\n{line}\n")
    client = await start()
    for name in ("a.py", "b.py"):
        client.open(uri(tmp_path / name), USE)
        assert len(await client.diagnostics(uri(tmp_path / name))) == 2
    assert len(popups(client)) == 1
    assert word in popups(client)[0]


DEEP = "[" * 3000 + "]" * 3000


# text of pyproject.toml, how often something is said, codes left
HOSTILE = [
    (f"# sentry-sdk\nx = {DEEP}\n", 0, ["SEN901", "SEN903"]),
    (f"# sentry-migrate\nx = {DEEP}\n", 1, ["SEN901", "SEN903"]),
    ('[tool.sentry-migrate]\nignore = ["SEN901"]\nsdk-version = 5\n', 1, ["SEN903"]),
    ('[tool.sentry-migrate]\ncolour = 1\nignore = ["SEN901"]\n', 1, ["SEN903"]),
    ('[tool.sentry-migrate]\ncolour = 1\nignore = ["SEN901"]\nselect = 3\n', 2, ["SEN903"]),
    ('[tool.sentry-migrate]\nignore = "SEN901"\n', 1, ["SEN901", "SEN903"]),
    ('[tool.sentry-migrate]\nexclude = ["!"]\nignore = ["SEN901"]\n', 1, ["SEN903"]),
    ('[tool.sentry-migrate]\nignore = ["SEN901", "SEN777"]\n', 1, ["SEN903"]),
]


@pytest.mark.parametrize(("text", "said", "left"), HOSTILE)
async def test_what_is_wrong_in_the_file_costs_no_more_than_itself(
    start: Start, tmp_path: Path, text: str, said: int, left: list[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    client = await start()
    for name in ("a.py", "b.py"):
        client.open(uri(tmp_path / name), USE)
        assert await codes(client, uri(tmp_path / name)) == left
    assert len(popups(client)) == said


SHORT = [
    # paths of the folders, a text, and how it is shown
    (["/w"], "/w/a.py: no", "a.py: no"),
    (["/w"], "its settings: /w/sub/a.py: no", "its settings: sub/a.py: no"),
    (["/w"], "/x/w/a.py: no", "/x/w/a.py: no"),
    (["/w"], "/ww/a.py: no", "/ww/a.py: no"),
    (["/w"], "x/w/a.py and ./w/a.py: no", "x/w/a.py and ./w/a.py: no"),
    (["/w"], "/w: no", "/w: no"),
    (["/w/one", "/w/two"], "/w/one/a.py, /w/two/a.py, /w/a.py", "one/a.py, two/a.py, /w/a.py"),
    (["/w", "/w/two"], "/w/one/a.py, /w/two/a.py", "w/one/a.py, two/a.py"),
    ([], "/w/a.py: no", "/w/a.py: no"),
    (["/"], "/w/a.py: no", "/w/a.py: no"),
]


@pytest.mark.skipif(os.sep != "/", reason="paths of another form")
@pytest.mark.parametrize(("roots", "text", "shown"), SHORT)
def test_a_message_calls_files_by_their_names_in_the_folder(
    roots: list[str], text: str, shown: str
) -> None:
    assert shortened(text, [Path(root) for root in roots]) == shown


async def test_a_mistake_in_a_file_of_the_folder_begins_with_its_name(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.sentry-migrate]\ncolour = 1\n")
    client = await start(**folder(tmp_path))
    client.open(uri(tmp_path / "a.py"), USE)
    await codes(client, uri(tmp_path / "a.py"))
    assert [one.partition(":")[0] for one in popups(client)] == ["pyproject.toml"]


async def test_a_wrong_value_in_the_file_leaves_the_editors(start: Start, tmp_path: Path) -> None:
    text = '[tool.sentry-migrate]\nignore = "SEN901"\nselect = ["SEN9"]\n'
    (tmp_path / "pyproject.toml").write_text(text)
    options = {"configurationPreference": "filesystemFirst", "ignore": ["SEN903"]}
    client = await start(configuration=options)
    client.open(uri(tmp_path / "a.py"), USE)
    assert await codes(client, uri(tmp_path / "a.py")) == ["SEN901"]


async def test_a_wrong_version_in_the_file_is_none(tmp_path: Path) -> None:
    """The requirements decide, as without the key."""
    (tmp_path / "pyproject.toml").write_text("[tool.sentry-migrate]\nsdk-version = 5\n")
    (tmp_path / "requirements.txt").write_text("sentry-sdk>=2.8\n")
    store, said = alone(tmp_path)
    resolved = await store.resolve(uri(tmp_path / "a.py"), str(tmp_path / "a.py"))
    assert resolved.settings == Settings(root=tmp_path, sdk_version=(2, 8, 0))
    assert len(said) == 1


async def test_an_unknown_selector_does_nothing(tmp_path: Path) -> None:
    choice = {"severity": "error", "autofix": False}
    store, said = alone(tmp_path, {"rules": {"S": choice, "SEN101": choice, "": choice}})
    resolved = await store.resolve(uri(tmp_path / "a.py"), str(tmp_path / "a.py"))
    assert resolved.options == ServerOptions(rules=(("SEN101", "error", False),))
    assert resolved.settings.severity == (("SEN101", Severity.ERROR),)
    assert len(said) == 2


# texts of pyproject.toml in turn, how often something was said after each
WRONG, OTHER = "[tool.sentry-migrate]\ncolour = 1\n", "[tool.sentry-migrate]\ncolor = 1\n"
AGAIN = [
    ([WRONG, WRONG, WRONG], [1, 1, 1]),
    ([WRONG, WRONG + "ignore = []\n", WRONG], [1, 1, 1]),
    ([WRONG, OTHER, OTHER], [1, 2, 2]),
    ([WRONG, "", WRONG, WRONG], [1, 1, 2, 2]),
    (["", "", ""], [0, 0, 0]),
]


@pytest.mark.parametrize(("texts", "counts"), AGAIN)
async def test_a_mistake_is_said_again_only_if_it_was_away(
    tmp_path: Path, texts: list[str], counts: list[int]
) -> None:
    store, said = alone(tmp_path)
    for text, count in zip(texts, counts, strict=True):
        (tmp_path / "pyproject.toml").write_text(text)
        store.forget()
        store.forget()  # before anybody asked
        for name in ("a.py", "b.py"):
            await store.resolve(uri(tmp_path / name), str(tmp_path / name))
        assert len(said) == count


async def test_disabled(start: Start) -> None:
    client = await start(configuration={"enable": False})
    client.open("file:///w/a.py", USE)
    assert await client.diagnostics("file:///w/a.py") == []


async def test_a_client_that_answers_nothing(start: Start) -> None:
    client = await start()
    client.answer["workspace/configuration"] = lambda params: None
    client.open("file:///w/a.py", USE)
    assert len(await client.diagnostics("file:///w/a.py")) == 2


FILE = '[tool.sentry-migrate]\nignore = ["SEN901"]\n'


@pytest.mark.parametrize(
    ("preference", "options", "left"),
    [
        (None, {}, ["SEN903"]),
        (None, {"ignore": ["SEN903"]}, ["SEN901"]),
        ("editorFirst", {"ignore": ["SEN903"]}, ["SEN901"]),
        ("filesystemFirst", {"ignore": ["SEN903"]}, ["SEN903"]),
        ("filesystemFirst", {"rules": {"SEN903": "off"}}, ["SEN903"]),
        ("filesystemFirst", {"select": ["SEN901"]}, ["SEN903"]),
        ("editorOnly", {}, ["SEN901", "SEN903"]),
        ("editorOnly", {"ignore": ["SEN903"]}, ["SEN901"]),
    ],
)
async def test_who_wins(
    start: Start, tmp_path: Path, preference: str | None, options: dict[str, Any], left: list[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text(FILE)
    client = await start(configuration={**options, "configurationPreference": preference})
    client.open(uri(tmp_path / "a.py"), USE)
    assert await codes(client, uri(tmp_path / "a.py")) == left


async def test_what_the_file_leaves_open_is_the_editors(start: Start, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.sentry-migrate]\nselect = ["SEN9"]\n')
    settings = {"configurationPreference": "filesystemFirst", "ignore": ["SEN903"]}
    client = await start(configuration=settings)
    client.open(uri(tmp_path / "a.py"), USE)
    assert await codes(client, uri(tmp_path / "a.py")) == ["SEN901"]


def written(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def pointing_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


BROKEN: dict[str, Callable[[Path], object]] = {
    "half of a line": written(b"[tool.sentry-migrate]\nextend-excl"),
    "not TOML": written(b"[tool.sentry-migrate\n"),
    "not UTF-8": written(b"[tool.sentry-migrate]\n# \xff\n"),
}
NO_FILE: dict[str, Callable[[Path], object]] = {
    "a directory": Path.mkdir,
    "a pipe": lambda path: os.mkfifo(path),
    "a link that leads nowhere": pointing_nowhere,
}
LEAVES_OUT = '[tool.sentry-migrate]\nignore = ["SEN901"]\n'


@pytest.mark.parametrize(
    ("broken", "known"),
    [
        *((BROKEN[key], known) for key in BROKEN for known in (True, False)),
        *((NO_FILE[key], True) for key in NO_FILE),
    ],
    ids=[*(f"{key}-{known}" for key in BROKEN for known in (True, False)), *NO_FILE],
)
async def test_nothing_is_fixed_by_settings_that_nobody_can_read(
    start: Start, tmp_path: Path, broken: Callable[[Path], object], known: bool
) -> None:
    """What they said last holds; if that is not known, nothing is fixed in the workspace."""
    file, use = tmp_path / "pyproject.toml", "import sentry_sdk\nold_name\n"
    (tmp_path / "a.py").write_text(use)
    (written(LEAVES_OUT.encode()) if known else broken)(file)
    client = await start(workspaceFolders=[{"uri": tmp_path.as_uri(), "name": "w"}])
    await client.request("workspace/executeCommand", {"command": "sentry-migrate.report"})
    if known:
        file.unlink()
        broken(file)
        changes = [{"uri": file.as_uri(), "type": 2}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        await client.until(lambda: bool(popups(client)))
    done = await client.request(
        "workspace/executeCommand", {"command": "sentry-migrate.fixWorkspace"}
    )
    assert done["files"] == 0
    assert (tmp_path / "a.py").read_text() == use
    assert any("pyproject.toml" in text for text in popups(client))


@pytest.mark.parametrize("kind", NO_FILE.values(), ids=NO_FILE)
async def test_what_never_was_a_file_has_no_settings(
    start: Start, tmp_path: Path, kind: Callable[[Path], object]
) -> None:
    (tmp_path / "a.py").write_text("import sentry_sdk\nold_name\n")
    kind(tmp_path / "pyproject.toml")
    client = await start(workspaceFolders=[{"uri": tmp_path.as_uri(), "name": "w"}])
    done = await client.request(
        "workspace/executeCommand", {"command": "sentry-migrate.fixWorkspace"}
    )
    assert done["files"] == 1
    (said,) = popups(client)
    assert said.endswith("pyproject.toml: is not a regular file, so it counts as missing")
