"""`sentry-migrate tasks`: what the list says, and that no other file is replaced by it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree
from cli.samples import BEFORE, BROKEN, CLEAN, UNSAFE
from sentry_migrate.cli.tasks import FILES
from sentry_migrate.doubts import DOUBTS
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.kit.rule import Rewrites
from sentry_migrate.project.config import Settings
from sentry_migrate.project.versions import parse_version
from sentry_migrate.report import tasks
from sentry_migrate.report.entry import Entry
from sentry_migrate.rules import RULES
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.source import Source

BY_HAND = "import sentry_sdk\nsentry_sdk.push_scope()\n"
TREE = {"app.py": BEFORE, "b.py": UNSAFE, "c.py": BY_HAND, "clean.py": CLEAN}


def test_the_list(run: Run, here: Path) -> None:
    write_tree(here, TREE)
    ran = run("tasks")
    assert (ran.code, ran.text, ran.err) == (0, "", "Wrote MIGRATION_TASKS.md.\n")
    text = (here / "MIGRATION_TASKS.md").read_text()
    assert text.startswith(tasks.MARK + "\n")
    assert "3 tasks left." in text
    sections = [line for line in text.splitlines() if line.startswith("## ")]
    assert sections == ["## Proved (1)", "## To decide (1)", "## By hand (1)"]
    places = [line.split("**")[1] for line in text.splitlines() if line.startswith("- [ ] ")]
    assert places == ["app.py:5", "b.py:3", "c.py:2"]
    doubt = DOUBTS["before-init"]
    for words in (doubt.question, doubt.find_out, doubt.sent_by_1, doubt.sent_by_2):
        assert words in text
    assert "  -    with sentry_sdk.configure_scope() as scope:\n" in text
    assert "  +    scope = sentry_sdk.get_isolation_scope()\n" in text
    assert "  To do: Move the code that the scope is for" in text
    assert "`sentry-migrate check --select SEN105 c.py`" in text


def test_the_list_as_data(run: Run, here: Path) -> None:
    write_tree(here, TREE)
    ran = run("tasks", "--output-format", "json", "-o", "-")
    found = json.loads(ran.text)
    assert [(one["path"], one["row"], one["kind"], one["code"]) for one in found] == [
        ("app.py", 5, "safe", "SEN101"),
        ("b.py", 3, "unsafe", "SEN101"),
        ("c.py", 2, "manual", "SEN105"),
    ]
    assert [one["safe"] for one in found[0]["rewrites"]] == [True, False]
    assert found[1]["questions"][0]["doubt"] == "before-init"
    assert found[2]["rewrites"] == []
    assert found[2]["remedy"].startswith("Move the code")
    assert found[0]["source"] == "    with sentry_sdk.configure_scope() as scope:"


def test_what_is_done_is_no_task_and_the_others_keep_their_ids(run: Run, here: Path) -> None:
    write_tree(here, TREE)
    before = json.loads(run("tasks", "--output-format", "json", "-o", "-").text)
    run("check", "--fix", "app.py")
    after = json.loads(run("tasks", "--output-format", "json", "-o", "-").text)
    assert [one["id"] for one in after] == [one["id"] for one in before[1:]]


def test_nothing_is_left(run: Run, here: Path) -> None:
    write_tree(here, {"clean.py": CLEAN})
    assert run("tasks").code == 0
    assert "0 tasks left." in (here / "MIGRATION_TASKS.md").read_text()


def test_a_file_that_cannot_be_examined(run: Run, here: Path) -> None:
    write_tree(here, {"bad.py": BROKEN})
    ran = run("tasks")
    assert ran.err.startswith("bad.py:")
    assert (
        "## Not examined (1)\n\n- `bad.py`: syntax-error: "
        in (here / "MIGRATION_TASKS.md").read_text()
    )


# what stands in the file before: (format, text)
OTHERS = {
    "notes": ("markdown", "# Our plan\n"),
    "an empty file": ("markdown", ""),
    "a list below notes": ("markdown", f"notes\n{tasks.MARK}\n"),
    "other data": ("json", "[1]"),
    "an object": ("json", "{}"),
    "no JSON": ("json", "["),
}


@pytest.mark.parametrize(("form", "text"), OTHERS.values(), ids=OTHERS)
def test_what_somebody_else_wrote_stays(run: Run, here: Path, form: str, text: str) -> None:
    write_tree(here, {**TREE, FILES[form]: text})
    ran = run("tasks", "--output-format", form)
    assert (ran.code, ran.text) == (2, "")
    assert ran.err == f"error: {FILES[form]} is not a list of tasks; --force replaces it\n"
    assert (here / FILES[form]).read_text() == text
    assert run("tasks", "--output-format", form, "--force").code == 0
    assert (here / FILES[form]).read_text() != text


@pytest.mark.parametrize("form", FILES)
def test_an_earlier_list_is_replaced(run: Run, here: Path, form: str) -> None:
    write_tree(here, TREE)
    assert run("tasks", "--output-format", form).code == 0
    first = (here / FILES[form]).read_text()
    write_tree(here, {"app.py": CLEAN})
    assert run("tasks", "--output-format", form).code == 0
    assert (here / FILES[form]).read_text() != first


# what somebody makes of a list
EDITS: dict[str, Callable[[str], str]] = {
    "a tick": lambda text: text.replace("- [ ]", "- [x]", 1),
    "a note": lambda text: text + "\nAnna does the rest.\n",
    "a line less": lambda text: text.replace("\n\n", "\n", 1),
    "a tick in an older list": lambda text: text.rpartition("<!--")[0].replace("[ ]", "[X]", 1),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_somebody_made_of_a_list_stays(
    run: Run,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    edit: Callable[[str], str],
) -> None:
    monkeypatch.setenv("SENTRY_MIGRATE_STATE_DIR", str(tmp_path_factory.mktemp("state")))
    write_tree(here, TREE)
    assert run("tasks").code == 0
    file = here / "MIGRATION_TASKS.md"
    file.write_text(mine := edit(file.read_text()))
    ran = run("tasks")
    assert (ran.code, "has ticks or notes that somebody made; --force" in ran.err) == (2, True)
    assert file.read_text() == mine
    assert "restores what was there" in run("tasks", "--force").err
    assert file.read_text() != mine
    assert run("undo").code == 0
    assert file.read_text() == mine


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_list_as_it_was_written_is_replaced(run: Run, here: Path, ends: str) -> None:
    write_tree(here, TREE)
    run("tasks")
    file = here / "MIGRATION_TASKS.md"
    file.write_bytes(file.read_text().replace("\n", ends).encode())
    assert run("tasks").code == 0


def test_a_task_by_hand_shows_where_it_is(run: Run, here: Path) -> None:
    code = "import sentry_sdk\n\ndef pay(order):\n    note(order)\n    sentry_sdk.push_scope()\n"
    write_tree(here, {"app.py": code})
    text = run("tasks", "-o", "-").text
    assert "In `pay`: " in text
    assert "  ```python\n  def pay(order):\n      note(order)\n" in text


def test_no_regular_file_is_replaced(run: Run, here: Path) -> None:
    write_tree(here, TREE)
    (here / "MIGRATION_TASKS.md").mkdir()
    assert run("tasks").code == 2


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_example_can_be_a_task(rule: object) -> None:
    for example in getattr(rule, "examples", ()):
        if isinstance(example, Rewrites):
            settings = Settings(
                select=(rule.name,),  # type: ignore[attr-defined]
                sdk_version=parse_version(example.sdk_version),
            )
            source = Source(example.before)
            found = analyze(source, settings, Path(example.filename)).findings
            entry = Entry(example.filename, LineIndex(source.text), found)
            data = json.loads(tasks.document([entry]))
            assert len(data) == len(found) > 0
            assert all(one["diff"] for task in data for one in task["rewrites"])
            text = tasks.markdown([entry])
            assert text.count("\n- [ ] ") == len(found)


@pytest.mark.parametrize("place", ["FILE", "-"])
def test_no_list_says_that_nothing_is_left_where_nothing_is(
    run: Run, here: Path, place: str
) -> None:
    write_tree(here, {"notes.txt": "sentry_sdk"})
    ran = run("tasks", "-o", place)
    assert (ran.code, ran.out) == (2, b"")
    assert "error: no Python or dependency file was found; no list is written\n" in ran.err
    assert set(read_tree(here)) == {"notes.txt"}


def test_a_list_is_not_replaced_by_one_of_nothing(run: Run, here: Path) -> None:
    write_tree(here, TREE)
    run("tasks")
    before = (here / "MIGRATION_TASKS.md").read_text()
    ran = run("tasks", "nowhere")
    assert (ran.code, "nowhere: io-error: No such file" in ran.err) == (2, True)
    assert (here / "MIGRATION_TASKS.md").read_text() == before


ODD = (
    "a b.py",
    "it's.py",
    "-a.py",
    "$(x).py",
    "a`b``c.py",
    "a\nb.py",
    "\u202ea.py",
    "a\\\t'.py",
    "d/caf\u00e9.py",
    b"\xff.py",
)


@pytest.mark.skipif(os.name == "nt", reason="a shell and names of POSIX")
@pytest.mark.parametrize("name", ODD, ids=ascii)
def test_the_command_of_a_task_finds_its_file(run: Run, here: Path, name: str | bytes) -> None:
    file = os.fsdecode(name)
    path = here / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(BY_HAND)
    (task,) = json.loads(run("tasks", "--output-format", "json", "-o", "-").text)
    given = subprocess.run(
        ["bash", "-c", f"sentry-migrate() {{ printf '%s\\0' \"$@\"; }}; {task['check']}"],
        capture_output=True,
        check=True,
    ).stdout.split(b"\0")
    assert given[:-2] == [b"check", b"--select", b"SEN105"]
    assert os.path.normpath(given[-2]) == os.fsencode(file)
    (line,) = (line for line in run("tasks", "-o", "-").text.splitlines() if "Done when" in line)
    assert line.strip("` ").endswith(task["check"].strip("`"))
    assert line.isprintable()
