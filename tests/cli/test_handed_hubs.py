"""A hub that is given to a function of another file: both change together, or both stay."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree

HELPERS = "def report(hub, error):\n    hub.capture_exception(error)\n"
VIEWS = """from sentry_sdk import Hub
from .helpers import report
def view(error):
    with Hub(Hub.current) as hub:
        hub.scope.set_tag("a", "b")
        report(hub, error)
"""
DIRECT = """from sentry_sdk import Hub
from app.helpers import report
def view(error):
    report(Hub.current, error)
"""
BASE = {
    "pyproject.toml": "",
    "app/__init__.py": "",
    "app/helpers.py": "import sentry_sdk\n" + HELPERS,
    "app/views.py": VIEWS,
}
OWN_CALL = "def own(error):\n    report(sentry_sdk.Hub.current, error)\n"
AFTER = {
    "app/helpers.py": "import sentry_sdk\n"
    "def report(error):\n    sentry_sdk.capture_exception(error)\n",
    "app/views.py": """from sentry_sdk import isolation_scope
from .helpers import report
def view(error):
    with isolation_scope() as scope:
        scope.set_tag("a", "b")
        report(error)
""",
}


def _helpers(old: str, new: str) -> dict[str, str]:
    assert old in BASE["app/helpers.py"]
    return {**BASE, "app/helpers.py": BASE["app/helpers.py"].replace(old, new)}


def _views(old: str, new: str) -> dict[str, str]:
    assert old in VIEWS
    return {**BASE, "app/views.py": VIEWS.replace(old, new)}


# what: the files, in which both change
CHANGE = {
    "in a block": BASE,
    "directly": {**BASE, "app/views.py": DIRECT},
    "called in its own file too": {
        **BASE,
        "app/helpers.py": BASE["app/helpers.py"] + OWN_CALL,
    },
    "called twice": {**BASE, "app/views.py": VIEWS + "        report(hub, None)\n"},
    "by another name": {
        **BASE,
        "app/views.py": VIEWS.replace("report(", "tell(").replace("report\n", "report as tell\n"),
    },
    "with an annotation": _helpers("hub,", "hub: sentry_sdk.Hub,"),
    "whatever the parameter is called": _helpers(HELPERS, HELPERS.replace("hub", "whom")),
    "passed on in its file": _helpers(
        HELPERS, HELPERS + "def tell(hub, error):\n    report(hub, error)\n"
    )
    | {"app/views.py": VIEWS.replace("report", "tell")},
}

NOTE = "@traced\ndef note(hub, message):\n    hub.capture_message(message)\n"
TWO = VIEWS.replace("report\n", "note, report\n") + "        note(hub, 'x')\n"
BLOCKS = VIEWS.replace("report\n", "note, report\n") + VIEWS.partition("report\n")[2].replace(
    "view(", "other("
)
# what: the files, of which the function that is decorated stays
PARTLY = {
    "in another function": BLOCKS + VIEWS.partition("report\n")[2].replace("report", "note"),
    "in one of two blocks": BLOCKS + "        note(hub, 'x')\n",
}


@pytest.mark.parametrize("views", PARTLY.values(), ids=PARTLY)
def test_of_two_functions_one_changes(run: Run, here: Path, views: str) -> None:
    write_tree(here, {**_helpers(HELPERS, HELPERS + NOTE), "app/views.py": views})
    run(*FIX, ".")
    helpers, views = (read_tree(here)[path].decode() for path in CHANGED)
    assert "def report(error)" in helpers
    assert "def note(hub, message)" in helpers
    assert "report(error)" in views
    assert "note(hub, " in views
    assert "report(hub" not in views


# what: the files, in which both stay
STAY = {
    "taken by a third file": {**BASE, "app/more.py": "from app.helpers import report\n"},
    "taken by a third file that has nothing to do with the SDK": {
        **BASE,
        "app/more.py": "import app.helpers\nx = app.helpers.report\n",
    },
    "patched by a test": {
        **BASE,
        "tests/test_a.py": "from unittest.mock import patch\npatch('app.helpers.report')\n",
    },
    "taken on from there": {**BASE, "app/more.py": "from .views import report\nreport(1, 2)\n"},
    "given something else once": {**BASE, "app/views.py": VIEWS + "        report(None, 1)\n"},
    "a block that gives another function a hub too": {
        **_helpers(HELPERS, HELPERS + NOTE),
        "app/views.py": TWO,
    },
    "given two hubs": _views("report(hub, error)", "report(hub, Hub.current)"),
    "given by name": _views("report(hub, error)", "report(hub=hub, error=error)"),
    "given at another place": _views("report(hub, error)", "report(error, hub)"),
    "behind a star": {**BASE, "app/views.py": VIEWS + "        report(hub, *error)\n"},
    "a hub with its own client": _views("Hub(Hub.current)", "Hub(client())"),
    "passed on as a function": {**BASE, "app/views.py": VIEWS + "        take(report)\n"},
    "imported twice": {
        **BASE,
        "app/views.py": VIEWS + "def other():\n    from .helpers import report as r\n    r(1, 2)\n",
    },
    "reached by a string": {**BASE, "app/views.py": VIEWS + "x = 'app.helpers.report'\n"},
    "reached through its module": {
        **BASE,
        "app/views.py": VIEWS + "from app import helpers\nhelpers.report(1, 2)\n",
    },
    "used in another way beside": {**BASE, "app/views.py": VIEWS + "        take(hub)\n"},
    "called otherwise in its own file": _helpers(HELPERS, HELPERS + "report(None, 1)\n"),
    "passed on from there": _helpers("hub.capture_exception(error)", "take(hub)"),
    "decorated": _helpers("def report", "@traced\ndef report"),
    "a generator": _helpers("(error)\n", "(error)\n    yield\n"),
    "without a known use": _helpers("hub.capture_exception(error)", "hub.unknown(error)"),
    "with two such parameters": {
        **_helpers("error):\n", "other):\n    other.flush()\n"),
        "app/views.py": VIEWS.replace("(hub, error)", "(hub, hub)"),
    },
    "a suppressed call": _views("as hub:", "as hub:  # noqa: SEN219"),
    "a suppressed use": _helpers("(error)\n", "(error)  # noqa: SEN201\n"),
    "a rule that is not chosen": {
        **BASE,
        "pyproject.toml": "[tool.sentry-migrate.per-file-ignores]\n'views.py' = ['SEN219']\n",
    },
    "a file of another module of that name": {
        **BASE,
        "app/views.py": VIEWS.replace(".helpers", ".more"),
        "app/more.py": "def report(a, b): ...\n",
    },
    "a file that is excluded": {
        **BASE,
        "pyproject.toml": "[tool.sentry-migrate]\nextend-exclude = ['views.py']\n",
    },
}
CHANGED = ("app/helpers.py", "app/views.py")
CHECK = ("check", "--no-cache")
FIX = (*CHECK, "--fix", "--unsafe-fixes")


def _keeps(tree: dict[str, bytes], files: dict[str, str]) -> bool:
    """Whether the function takes a hub, and the calls give what they gave."""
    helpers, views = (tree[path].decode() for path in CHANGED)
    wanted = [line for line in files["app/views.py"].splitlines() if "report(" in line]
    taken = "def report(hub" in helpers or "def report(whom" in helpers
    return taken and all(line in views for line in wanted)


@pytest.mark.parametrize("files", CHANGE.values(), ids=CHANGE)
def test_both_change(run: Run, here: Path, files: dict[str, str]) -> None:
    write_tree(here, files)
    said = run(*CHECK, "--output-format", "json", ".").text
    assert "have to change together" in said
    run(*CHECK, "--fix", ".")
    assert _keeps(read_tree(here), files) or "tell(hub" in files["app/views.py"]
    write_tree(here, files)
    run(*FIX, ".")
    after = read_tree(here)
    for path in CHANGED:
        assert b"hub" not in after[path].lower()
    if files is BASE:
        assert {path: after[path].decode() for path in CHANGED} == AFTER
    assert "No sentry-sdk 1.x code" in run(*FIX, ".").text
    assert read_tree(here) == after


@pytest.mark.parametrize("files", STAY.values(), ids=STAY)
def test_both_stay(run: Run, here: Path, files: dict[str, str]) -> None:
    write_tree(here, files)
    said = run(*CHECK, "--output-format", "json", ".").text
    run(*FIX, ".")
    assert _keeps(read_tree(here), files)
    assert "have to change together" not in said


@pytest.mark.parametrize("path", CHANGED)
def test_one_of_the_files_alone_stays(run: Run, here: Path, path: str) -> None:
    write_tree(here, BASE)
    run(*FIX, path)
    assert _keeps(read_tree(here), BASE)


@pytest.mark.parametrize("inner", CHANGED)
def test_both_stay_where_only_one_is_to_be_fixed(run: Run, here: Path, inner: str) -> None:
    setting = "[tool.sentry-migrate]\nunsafe-fixes = {}\n"
    moved = {path: text for path, text in BASE.items() if path != inner}
    name = inner.replace("app/", "app/part/")
    files = {
        **moved,
        "pyproject.toml": setting.format("true"),
        "app/part/pyproject.toml": setting.format("false"),
        "app/part/__init__.py": "",
        name: BASE[inner].replace(".helpers", "..helpers"),
    }
    if "helpers" in inner:
        files["app/views.py"] = VIEWS.replace(".helpers", ".part.helpers")
    write_tree(here, files)
    run(*CHECK, "--fix", ".")
    text = "".join(data.decode() for data in read_tree(here).values())
    assert "def report(hub, error)" in text
    assert "report(hub, error)\n" in text


@pytest.mark.parametrize("failing", CHANGED)
def test_a_file_that_cannot_be_written(
    run: Run, here: Path, unwritable: Callable[[str], None], failing: str
) -> None:
    write_tree(here, BASE)
    before = read_tree(here)
    unwritable(failing)
    ran = run(*FIX, ".")
    assert read_tree(here) == before
    assert ran.code == 2


@pytest.mark.parametrize("chosen", CHANGED)
def test_one_fix_that_is_applied_takes_the_other_along(
    run: Run, here: Path, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTRY_MIGRATE_STATE_DIR", str(here.parent / "state"))
    write_tree(here, BASE)
    found = json.loads(run("check", "--no-cache", "--output-format", "json", ".").text)
    name = next(
        one["id"]
        for one in found
        if one["filename"].endswith(chosen) and one["fix"] is not None
        if "together" in str(one["fix"]["reason"])
    )
    before = read_tree(here)
    assert run("apply", name, "--in", chosen).code == 2
    assert read_tree(here) == before
    assert run("apply", name).code == 0
    after = read_tree(here)
    assert b"def report(error)" in after["app/helpers.py"]
    assert b"report(error)" in after["app/views.py"]
