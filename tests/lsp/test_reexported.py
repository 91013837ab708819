"""Names that a workspace's own modules re-export, with the real analysis."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from lsp.capabilities import PUSHED, VSCODE
from lsp.conftest import Start
from lsp.test_workspace import BACKLOG, asked_edits, backlog, by_name, command, folder
from lsp.wire import Client

OBS = "from sentry_sdk import configure_scope, push_scope\n"
OWN = "def push_scope():\n    pass\n"
VIEW = "from app.obs import push_scope\nwith push_scope() as scope:\n    scope.set_tag('a', 'b')\n"
CONFIGURE = "import sentry_sdk\n" + VIEW.replace("push_scope", "configure_scope")
RELATIVE = VIEW.replace("app.obs", ".obs")
SECOND = VIEW.replace("app.obs", "app.second")
TREE = {"app/__init__.py": "", "app/obs.py": OBS, "app/own.py": OWN}


def plant(root: Path, **more: str) -> Path:
    for name, text in {**TREE, **more}.items():
        path = root / name.replace("__", "/") if name in more else root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


async def shows(client: Client, uri: str, count: int) -> None:
    """Wait until a document shows so many findings."""
    await client.until(
        lambda: uri in client.displayed and len(client.displayed[uri]["diagnostics"]) == count
    )


async def settled(client: Client) -> None:
    """Wait until the background worker has answered all that is asked of it by now."""
    await command(client, "report")


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        pytest.param("app/own_view.py", VIEW.replace("app.obs", "app.own"), 0, id="a look-alike"),
        pytest.param("app/other.py", VIEW.replace("app.obs", "elsewhere.obs"), 0, id="not ours"),
        pytest.param(
            "app/member.py",
            "class A:\n    def push_scope(self): ...\nA().push_scope()\n",
            0,
            id="a method",
        ),
        pytest.param("app/view.py", VIEW, 1, id="absolute"),
        pytest.param("app/view.py", RELATIVE, 1, id="relative"),
        pytest.param("view.py", RELATIVE, 0, id="relative, elsewhere"),
        pytest.param("view.py", VIEW, 1, id="from outside the package"),
        pytest.param(
            "view.py",
            "import app.obs\napp.obs.configure_scope(print)\n",
            1,
            id="an attribute of a module",
        ),
    ],
)
async def test_an_open_document(
    start: Start, tmp_path: Path, name: str, text: str, count: int
) -> None:
    client = await start(PUSHED, command="real", **folder(plant(tmp_path)))
    uri = (tmp_path / name).as_uri()
    client.open(uri, text)
    probe = (tmp_path / "app/probe.py").as_uri()
    client.open(probe, VIEW)  # once this one is right, the index is there
    await shows(client, probe, 1)
    await shows(client, uri, count)


@pytest.mark.parametrize(
    ("compat", "text", "count"),
    [
        ("import sentry_sdk\n", "from .compat import sentry_sdk\n", 1),
        ("import sentry_sdk as sentry_sdk\n", "from app.compat import sentry_sdk\n", 1),
        ("import sentry_sdk\n", "from .compat import *\n", 1),
        (
            "try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = None\n",
            "from .compat import sentry_sdk\n",
            1,
        ),
        ("sentry_sdk = Fake()\n", "from .compat import sentry_sdk\n", 0),
        (
            "try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = Fake()\n",
            "from .compat import sentry_sdk\n",
            0,
        ),
        ("import sentry_sdk\n", "from .other import sentry_sdk\n", 0),
        ("import sentry_sdk\n", "from .compat import other\nsentry_sdk = Fake()\n", 0),
    ],
)
async def test_the_sdk_itself_is_handed_on(
    start: Start, tmp_path: Path, compat: str, text: str, count: int
) -> None:
    plant(tmp_path, **{"app/compat.py": compat})
    client = await start(PUSHED, command="real", **folder(tmp_path))
    uri, probe = (tmp_path / "app/user.py").as_uri(), (tmp_path / "app/probe.py").as_uri()
    client.open(uri, text + "with sentry_sdk.push_scope() as scope:\n    scope.set_tag('a', 'b')\n")
    client.open(probe, VIEW)  # once this one is right, the index is there
    await shows(client, probe, 1)
    await settled(client)
    await shows(client, uri, count)


async def test_another_module_hands_the_sdk_on_while_one_types(
    start: Start, tmp_path: Path
) -> None:
    plant(tmp_path, **{"app/compat.py": "import sentry_sdk\n"})
    client = await start(PUSHED, command="real", **folder(tmp_path))
    uri = (tmp_path / "app/user.py").as_uri()
    push = "with sentry_sdk.push_scope() as scope:\n    scope.set_tag('a', 'b')\n"
    client.open(uri, "import sentry_sdk\n" + push)
    await shows(client, uri, 1)
    await settled(client)
    for version, (home, count) in enumerate(((".other", 0), (".compat", 1), (".own", 0)), 2):
        client.replace(uri, version, f"from {home} import sentry_sdk\n{push}")
        await shows(client, uri, count)


async def test_look_alikes_in_another_folder(start: Start, tmp_path: Path) -> None:
    plant(tmp_path / "x")
    plant(tmp_path / "y", **{"app/obs.py": OWN})
    folders = [{"uri": (tmp_path / name).as_uri(), "name": name} for name in "xy"]
    client = await start(PUSHED, command="real", workspaceFolders=folders)
    theirs, ours = (tmp_path / "y/main.py").as_uri(), (tmp_path / "x/main.py").as_uri()
    client.open(theirs, VIEW)
    client.open(ours, VIEW)
    await shows(client, ours, 1)
    await settled(client)
    await shows(client, theirs, 0)


async def test_a_look_alike_comes_and_goes(start: Start, tmp_path: Path) -> None:
    """From where neither of two is near, both must agree."""
    client = await start(PUSHED, command="real", **folder(plant(tmp_path, **{"a/one.py": OBS})))
    view, two = (tmp_path / "c/view.py").as_uri(), tmp_path / "b/one.py"
    client.open(view, VIEW.replace("app.obs", "one"))
    await shows(client, view, 1)

    def news(kind: int) -> None:
        changes = [{"uri": two.as_uri(), "type": kind}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})

    plant(tmp_path, **{"b/one.py": ""})
    news(1)
    await shows(client, view, 0)
    two.write_text(OBS)
    news(2)
    await shows(client, view, 1)
    client.open(two.as_uri(), OBS)
    client.replace(two.as_uri(), 2, "")
    await shows(client, view, 0)
    client.notify("textDocument/didClose", {"textDocument": {"uri": two.as_uri()}})
    await shows(client, view, 1)
    two.write_text("")
    news(2)
    await shows(client, view, 0)
    two.unlink()
    news(3)
    await shows(client, view, 1)


async def test_no_folder_no_index(start: Start, tmp_path: Path) -> None:
    client = await start(PUSHED, command="real")
    uri = (plant(tmp_path) / "app/view.py").as_uri()
    client.open(uri, VIEW)
    await shows(client, uri, 0)
    told = await command(client, "debugInformation")
    assert told["re-exports"] == {}


async def test_nothing_is_read_before_it_can_matter(start: Start, tmp_path: Path) -> None:
    client = await start(PUSHED, command="real", **folder(plant(tmp_path)))
    uri = (tmp_path / "plain.py").as_uri()
    client.open(uri, "import os\n")
    await shows(client, uri, 0)
    assert (await command(client, "debugInformation"))["workers"]["background"]["starts"] == 0


async def test_edits_count_before_they_are_saved(start: Start, tmp_path: Path) -> None:
    client = await start(PUSHED, command="real", **folder(plant(tmp_path)))
    view, obs = (tmp_path / "app/view.py").as_uri(), (tmp_path / "app/obs.py").as_uri()
    client.open(view, VIEW)
    await shows(client, view, 1)
    client.open(obs, OBS)
    client.replace(obs, 2, OWN)
    await shows(client, view, 0)
    client.replace(obs, 3, OBS)
    await shows(client, view, 1)
    client.replace(obs, 4, "")
    await shows(client, view, 0)
    client.notify("textDocument/didClose", {"textDocument": {"uri": obs}})  # the file is as it was
    await shows(client, view, 1)


async def test_while_a_module_does_not_parse_its_last_names_hold(
    start: Start, tmp_path: Path
) -> None:
    client = await start(PUSHED, command="real", **folder(plant(tmp_path)))
    view, obs = (tmp_path / "app/view.py").as_uri(), (tmp_path / "app/obs.py").as_uri()
    client.open(view, VIEW)
    await shows(client, view, 1)
    client.open(obs, OBS)
    client.replace(obs, 2, OBS + "if\n")
    await client.until(lambda: client.displayed.get(obs, {}).get("version") == 2)
    await settled(client)
    await shows(client, view, 1)
    client.replace(obs, 3, OBS + "push_scope = None\n")
    await shows(client, view, 0)
    client.replace(obs, 4, OBS + "if\n")  # what held last is that there is none
    await client.until(lambda: client.displayed[obs]["version"] == 4)
    await settled(client)
    await shows(client, view, 0)
    (tmp_path / "app/obs.py").write_text(OBS + "if\n")
    client.notify("textDocument/didClose", {"textDocument": {"uri": obs}})
    await settled(client)
    await shows(client, view, 0)


async def test_watched_files(start: Start, tmp_path: Path) -> None:
    client = await start(PUSHED, command="real", **folder(plant(tmp_path)))
    view, second = (tmp_path / "app/view.py").as_uri(), tmp_path / "app/second.py"
    client.open(view, SECOND)
    await shows(client, view, 0)
    await settled(client)

    def news(kind: int) -> None:
        changes = [{"uri": second.as_uri(), "type": kind}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})

    second.write_text("from .obs import push_scope\n")  # through another module
    news(1)
    await shows(client, view, 1)
    second.write_text(OWN)
    news(2)
    await shows(client, view, 0)
    second.write_text(OBS)
    news(2)
    await shows(client, view, 1)
    second.unlink()
    news(3)
    await shows(client, view, 0)


async def test_what_is_ignored(start: Start, tmp_path: Path) -> None:
    client = await start(PUSHED, command="real", **folder(plant(tmp_path)))
    view, ignores = (tmp_path / "app/view.py").as_uri(), tmp_path / ".gitignore"
    client.open(view, VIEW)
    await shows(client, view, 1)
    for kind, text, count in ((1, "obs.py\n", 0), (2, "other.py\n", 1)):
        ignores.write_text(text)
        changes = [{"uri": ignores.as_uri(), "type": kind}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        await shows(client, view, count)


async def test_a_package_comes_and_goes(start: Start, tmp_path: Path) -> None:
    """From elsewhere, a module is called by the packages that it is in."""
    client = await start(PUSHED, command="real", **folder(plant(tmp_path, **{"lib/a/obs.py": OBS})))
    view, package = (tmp_path / "x/view.py").as_uri(), tmp_path / "lib/a/__init__.py"
    client.open(view, VIEW.replace("app.obs", "a.obs"))
    await shows(client, view, 0)
    await settled(client)

    def news(kind: int) -> None:
        changes = [{"uri": package.as_uri(), "type": kind}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})

    package.write_text("")
    news(1)
    await shows(client, view, 1)
    package.unlink()
    news(3)
    await shows(client, view, 0)


async def test_a_burst_of_news(start: Start, tmp_path: Path) -> None:
    """As when a branch is switched."""
    client = await start(PUSHED, command="real", **folder(plant(tmp_path)))
    view = (tmp_path / "app/view.py").as_uri()
    client.open(view, SECOND)
    await shows(client, view, 0)
    await settled(client)
    plant(tmp_path, **{"app/second.py": OBS})
    changes = [{"uri": (tmp_path / f"m{n}.py").as_uri(), "type": 1} for n in range(300)]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    await shows(client, view, 1)


async def test_a_client_that_pulls_is_told_to(start: Start, tmp_path: Path) -> None:
    client = await start(VSCODE, command="real", **folder(plant(tmp_path)))
    uri = (tmp_path / "app/view.py").as_uri()
    client.open(uri, VIEW)
    params = {"textDocument": {"uri": uri}}

    async def pulled() -> int:
        return len((await client.request("textDocument/diagnostic", params))["items"])

    def refreshed() -> bool:
        return any(m.get("method") == "workspace/diagnostic/refresh" for _, m in client.trace)

    await pulled()
    await client.until(refreshed)
    assert await pulled() == 1


async def test_the_backlog_has_files_that_never_name_the_sdk(start: Start, tmp_path: Path) -> None:
    plant(tmp_path, **{"app/view.py": VIEW, "app/own_view.py": VIEW.replace("obs", "own")})
    client = await start(VSCODE, configuration=BACKLOG, command="real", **folder(tmp_path))
    uri = (tmp_path / "x.py").as_uri()
    client.open(uri, "import sentry_sdk\n")
    await client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})

    async def found() -> dict[str, int]:
        return by_name(await backlog(client))

    for _ in range(100):
        if (counts := await found()).get("view.py"):
            break
        await asyncio.sleep(0.1)
    assert counts == {"obs.py": 2, "view.py": 1}


async def test_the_backlog_has_files_whose_functions_are_given_a_scope(
    start: Start, tmp_path: Path
) -> None:
    fill = "def fill(scope):\n    scope.level = 'error'\n"
    view = "import sentry_sdk\nfrom .fill import fill\nfill(sentry_sdk.Hub.current.scope)\n"
    more = {"app/fill.py": fill, "app/own.py": fill, "app/view.py": view}
    client = await start(
        VSCODE, configuration=BACKLOG, command="real", **folder(plant(tmp_path, **more))
    )
    counts = by_name(await backlog(client))
    assert counts == {"fill.py": 1, "obs.py": 2, "view.py": 1}


async def test_the_backlog_with_nothing_open(start: Start, tmp_path: Path) -> None:
    plant(tmp_path, **{"app/view.py": VIEW, "app/own_view.py": VIEW.replace("obs", "own")})
    client = await start(VSCODE, configuration=BACKLOG, command="real", **folder(tmp_path))
    assert by_name(await backlog(client)) == {"obs.py": 2, "view.py": 1}


async def test_pushed_with_nothing_open(start: Start, tmp_path: Path) -> None:
    view = (plant(tmp_path, **{"app/view.py": VIEW}) / "app/view.py").as_uri()
    client = await start(PUSHED, configuration=BACKLOG, command="real", **folder(tmp_path))
    await shows(client, view, 1)


async def test_counting_with_nothing_open(start: Start, tmp_path: Path) -> None:
    plant(tmp_path, **{"app/view.py": CONFIGURE, "app/own_view.py": VIEW.replace("obs", "own")})
    client = await start(PUSHED, command="real", **folder(tmp_path))
    counted = await command(client, "report")
    assert {uri.rpartition("/")[2]: count for uri, count in counted["files"].items()} == {
        "obs.py": 2,
        "view.py": 1,
    }


async def test_fixing_with_nothing_open(start: Start, tmp_path: Path) -> None:
    plant(tmp_path, **{"app/view.py": CONFIGURE, "app/own_view.py": VIEW.replace("obs", "own")})
    client = await start(PUSHED, command="real", **folder(tmp_path))
    fixed = (await command(client, "fixWorkspace", {"unsafe": True}))["fixed"]
    assert fixed == 4, "the name that nobody takes then goes too"


async def test_fixing_the_workspace(start: Start, tmp_path: Path) -> None:
    plant(
        tmp_path,
        **{"app/second.py": "from .obs import configure_scope\n", "app/view.py": CONFIGURE},
    )
    client = await start(PUSHED, command="real", **folder(tmp_path))
    uri = (tmp_path / "app/probe.py").as_uri()
    client.open(uri, VIEW)
    await shows(client, uri, 1)
    assert (await command(client, "fixWorkspace", {"unsafe": True}))["applied"] is True
    (asked,) = asked_edits(client)
    changed = {change["textDocument"]["uri"] for change in asked["edit"]["documentChanges"]}
    assert (tmp_path / "app/view.py").as_uri() in changed
    after = client.applied(asked["edit"], (tmp_path / "app/view.py").as_uri(), CONFIGURE)
    assert "with configure_scope" not in after


async def test_quick_fix_and_fix_all_know_them_too(start: Start, tmp_path: Path) -> None:
    client = await start(PUSHED, command="real", **folder(plant(tmp_path)))
    uri = (tmp_path / "app/view.py").as_uri()
    client.open(uri, CONFIGURE)
    await shows(client, uri, 1)
    (shown,) = client.displayed[uri]["diagnostics"]
    actions: list[dict[str, Any]] = await client.actions(uri, shown["range"])
    after = client.applied(await client.edit_of(actions[0]), uri, CONFIGURE)
    assert "with" not in after


USING = "from sentry_sdk import push_scope\ndef work():\n    with push_scope() as scope:\n        scope.set_tag('a', 'b')\n"
TAKES = "import app.obs\nprint(app.obs.push_scope)\n"
OTHER = "import app.own\nprint(app.own.push_scope)\n"


@pytest.mark.parametrize("inside", [True, False], ids=["in a folder", "in no folder"])
@pytest.mark.parametrize("way", ["action", "command"])
@pytest.mark.parametrize(
    ("saved", "opened", "stays"),
    [
        pytest.param("", None, False, id="nobody takes it"),
        pytest.param(OTHER, None, False, id="taken from elsewhere"),
        pytest.param(TAKES, None, True, id="taken"),
        pytest.param("", TAKES, True, id="taken, and not saved yet"),
        pytest.param(TAKES, "", False, id="no longer taken, and not saved yet"),
    ],
)
async def test_an_import_that_others_need_stays(
    start: Start,
    tmp_path: Path,
    saved: str,
    opened: str | None,
    stays: bool,
    way: str,
    inside: bool,
) -> None:
    plant(tmp_path, **{"pyproject.toml": "", "app/obs.py": USING, "test_obs.py": saved})
    client = await start(PUSHED, command="real", **(folder(tmp_path) if inside else {}))
    if opened is not None:
        client.open((tmp_path / "test_obs.py").as_uri(), opened)
    uri = (tmp_path / "app/obs.py").as_uri()
    client.open(uri, USING)
    await settled(client)
    if way == "action":
        everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        (action,) = await client.actions(uri, everywhere, only=["source.fixAll"])
        edit = await client.edit_of(action)
    else:
        await command(client, "fixFile", uri)
        edit = asked_edits(client)[0]["edit"]
    head = client.applied(edit, uri, USING).splitlines()[0]
    assert head.endswith(" new_scope, push_scope" if stays else " new_scope")


async def test_what_is_taken_changes(start: Start, tmp_path: Path) -> None:
    plant(tmp_path, **{"app/obs.py": USING, "test_obs.py": TAKES})
    client = await start(PUSHED, command="real", **folder(tmp_path))
    uri, other = (tmp_path / "app/obs.py").as_uri(), (tmp_path / "test_obs.py").as_uri()
    client.open(uri, USING)
    for version, text in enumerate((TAKES, OTHER, TAKES + OTHER), 1):
        if version == 1:
            client.open(other, text)
        else:
            client.replace(other, version, text)
        client.replace(uri, 2 * version, USING)  # what was fixed before is as it was
        await settled(client)
        await asyncio.sleep(1)
        await command(client, "fixFile", uri)
        head = client.applied(asked_edits(client)[-1]["edit"], uri, USING).splitlines()[0]
        assert head.endswith("push_scope") is (TAKES in text)
