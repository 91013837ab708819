"""`check --todo`: one comment at each place of what remains, and never another."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree
from cli.samples import AFTER, BEFORE, CLEAN, UNSAFE

HAND = "import sentry_sdk\nsentry_sdk.push_scope(){}\n"
TODO = "  # TODO(sentry): SEN105: "

# name → the text, arguments, how many findings get one, what is in the text then
MARKED: dict[str, tuple[str, Sequence[str], int, Sequence[str]]] = {
    "by hand": (HAND.format(""), (), 1, ("sentry_sdk.push_scope()" + TODO,)),
    "behind a comment": (HAND.format("  # why"), (), 1, ("push_scope()  # why" + TODO,)),
    "behind white space": (HAND.format("  "), (), 1, ("push_scope()  # TODO(sentry): ",)),
    "no newline at the end": (HAND.format("").rstrip(), (), 1, (TODO,)),
    "after fixing": (BEFORE + HAND.format(""), ("--fix",), 1, (AFTER, TODO)),
    "without fixing": (BEFORE, (), 1, ("as scope:  # TODO(sentry): SEN101: ",)),
    "not safe": (UNSAFE, ("--fix",), 1, ("as scope:  # TODO(sentry): SEN101: ",)),
    "two at one place": (
        "import sentry_sdk\nsentry_sdk.push_scope(); sentry_sdk.push_scope()\n",
        (),
        2,
        ("# TODO(sentry): SEN105: ",),
    ),
    "above a string that goes on": (
        'import sentry_sdk\ndef f():\n    sentry_sdk.push_scope("""\n""")\n',
        (),
        1,
        ("    # TODO(sentry): SEN", "\n    sentry_sdk.push_scope("),
    ),
    "Windows": (HAND.format("").replace("\n", "\r\n"), (), 1, ("()" + TODO,)),
    "behind a comment that suppresses something else": (
        HAND.format("  # sentry-migrate: ignore[SEN999]"),
        (),
        2,
        ("ignore[SEN999]  # TODO(sentry): ",),
    ),
    "suppressed": (HAND.format("  # sentry-migrate: ignore"), (), 0, ()),
    "nothing": (CLEAN, (), 0, ()),
}


@pytest.mark.parametrize(("text", "arguments", "count", "parts"), MARKED.values(), ids=MARKED)
def test_each_place_gets_one(
    run: Run, here: Path, text: str, arguments: Sequence[str], count: int, parts: Sequence[str]
) -> None:
    write_tree(here, {"a.py": text})
    ran = run("check", "--todo", "--exit-zero", *arguments)
    after = (here / "a.py").read_bytes().decode()
    assert ran.code == 0
    assert f"{count} finding{'s' * (count != 1)} got a TODO comment." in ran.err
    assert all(part in after for part in parts), after
    assert after.count("TODO(sentry)") == min(count, 1)
    if "--fix" not in arguments:
        assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(text))
        kept = [line.partition("# TODO")[0].rstrip() for line in after.splitlines()]
        assert [line for line in kept if line] == [
            line.rstrip() for line in text.splitlines() if line
        ]
    before = read_tree(here)
    assert "0 findings got a TODO comment." in run("check", "--todo", *arguments).err
    assert read_tree(here) == before


def test_what_remains_is_told_where_it_is_now(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": 'import sentry_sdk\nsentry_sdk.push_scope("""\n""")\n' + UNSAFE})
    told = run("check", "--todo", "--output-format", "concise").text
    again = run("check", "--output-format", "concise").text
    places = [line for line in told.splitlines() if line.startswith("a.py:")]
    assert places == [line for line in again.splitlines() if line.startswith("a.py:")]
    assert places[0].startswith("a.py:3:1: SEN104")
    assert run("undo").code == 0


def test_nothing_is_written_to_see_it(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": HAND.format("")})
    ran = run("check", "--todo", "--diff")
    assert ran.code == 1
    assert "+sentry_sdk.push_scope()" + TODO in ran.text
    assert "1 finding would get a TODO comment." in ran.err
    assert read_tree(here) == {"a.py": HAND.format("").encode()}


def test_standard_input(run: Run, here: Path) -> None:
    ran = run("check", "--todo", "-", stdin=HAND.format("").encode())
    assert "push_scope()" + TODO in ran.text


@pytest.mark.parametrize("other", ["--add-ignores", "--update-baseline"])
def test_one_kind_of_comment(run: Run, here: Path, other: str) -> None:
    ran = run("check", "--todo", other)
    assert (ran.code, f"--todo cannot be used with {other}" in ran.err) == (2, True)


def test_a_comment_makes_no_other_finding_of_it(run: Run, here: Path) -> None:
    (here / "a.py").write_text(BEFORE)
    assert run("check", "--baseline", "known", "--update-baseline").code == 0
    before = [one["id"] for one in json.loads(run("check", "--output-format", "json").text)]
    run("check", "--todo")
    assert "TODO" in (here / "a.py").read_text()
    after = [one["id"] for one in json.loads(run("check", "--output-format", "json").text)]
    assert before == after
    assert before
    assert run("check", "--baseline", "known").code == 0
