"""`sentry-migrate apply`, and the IDs that it takes: of what is found, and of what was fixed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Run, read_tree, write_tree
from cli.samples import AFTER, BEFORE, BROKEN, UNSAFE, UNSAFE_AFTER
from sentry_migrate.project import regular_files
from sentry_migrate.text.source import DecodeError, Source

IMPORTED = """\
from sentry_sdk import configure_scope, push_scope, capture_message


def pay(order):
    with push_scope() as scope:
        scope.set_tag("order", order)
        capture_message("paid")


def view(request):
    with configure_scope() as scope:
        scope.set_tag("tenant", request.tenant)
"""
BY_HAND = "import sentry_sdk\nsentry_sdk.push_scope()\n"


@pytest.fixture(autouse=True)
def kept(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_MIGRATE_STATE_DIR", str(tmp_path_factory.mktemp("state")))


def listed(run: Run, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        run("check", "--output-format", "json", *arguments).text
    )
    return found


# name → files, which findings, arguments, the files after
APPLIED: dict[str, tuple[dict[str, str], Sequence[int], Sequence[str], dict[str, str]]] = {
    "a safe one": ({"a.py": BEFORE}, (0,), (), {"a.py": AFTER}),
    "one that is not safe": ({"a.py": UNSAFE}, (0,), (), {"a.py": UNSAFE_AFTER}),
    "one of two files": ({"a.py": BEFORE, "b.py": BEFORE}, (1,), (), {"b.py": AFTER}),
    "both": ({"a.py": BEFORE, "b.py": UNSAFE}, (0, 1), (), {"a.py": AFTER, "b.py": UNSAFE_AFTER}),
    "one twice": ({"a.py": BEFORE}, (0, 0), (), {"a.py": AFTER}),
    "in a folder": ({"a.py": BEFORE, "d/a.py": BEFORE}, (1,), ("--in", "d"), {"d/a.py": AFTER}),
    "beside what is broken": ({"a.py": BEFORE, "b.py": BROKEN}, (0,), (), {"a.py": AFTER}),
    "two on one line": (
        {
            "a.py": "import sentry_sdk\nsentry_sdk.Hub.current.flush(); sentry_sdk.Hub.current.flush()\n"
        },
        (0, 1),
        (),
        {"a.py": "import sentry_sdk\nsentry_sdk.flush(); sentry_sdk.flush()\n"},
    ),
    "two on lines that are alike": (
        {"a.py": BEFORE + BEFORE.partition("\n\n\n")[2]},
        (0, 1),
        (),
        {"a.py": AFTER + AFTER.partition("\n\n\n")[2]},
    ),
    "two that change one import": (
        {"a.py": IMPORTED},
        (0, 1),
        (),
        {
            "a.py": IMPORTED.replace(
                "configure_scope, push_scope", "get_isolation_scope, new_scope"
            )
            .replace("push_scope()", "new_scope()")
            .replace(
                "    with configure_scope() as scope:\n", "    scope = get_isolation_scope()\n"
            )
            .replace('        scope.set_tag("tenant"', '    scope.set_tag("tenant"')
        },
    ),
}


@pytest.mark.parametrize(("files", "which", "arguments", "after"), APPLIED.values(), ids=APPLIED)
def test_what_was_chosen_is_made_and_nothing_else(
    run: Run,
    here: Path,
    files: dict[str, str],
    which: Sequence[int],
    arguments: Sequence[str],
    after: dict[str, str],
) -> None:
    write_tree(here, files)
    before = read_tree(here)
    ids = [one["id"] for one in listed(run) if one["code"]]
    chosen = [ids[at] for at in which]
    shown = run("apply", *chosen, *arguments, "--diff")
    assert shown.code == 1
    assert read_tree(here) == before
    done = run("apply", *(one[:8] for one in chosen), *arguments)
    assert (done.code, done.out) == (0, b"")
    assert f"in {len(after)} file" in done.err
    assert read_tree(here) == {**before, **{name: text.encode() for name, text in after.items()}}
    assert run("undo").code == 0
    assert read_tree(here) == before


MORE = IMPORTED.replace("tenant", "user").replace("view", "page").replace("pay", "buy")
LINES = """\
import sentry_sdk


def view(request):
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("a", 1)
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("b", 1)
"""
SAME = """\
import sentry_sdk


def view(request):
    sentry_sdk.Hub.current.flush()
    sentry_sdk.Hub.current.flush()
    sentry_sdk.Hub.current.flush()
    request()
"""

# name → the text with lines that are alike, which of the findings keep their ID when one is fixed
ALIKE: dict[str, tuple[str, Sequence[Sequence[int]]]] = {
    "in several functions": (IMPORTED + MORE.partition("\n")[2], [(1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2)]),
    "with another next line": (LINES, [(), ()]),
    "all the same": (SAME, [(2,), (2,), ()]),
    "at the end": (LINES.replace(", 1)\n    with", ", 1)\n    x()\n    with").replace('        scope.set_tag("b", 1)\n', "        pass"), [(), ()]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "kept"), ALIKE.values(), ids=ALIKE)
def test_the_id_of_one_is_never_that_of_another(
    run: Run, here: Path, text: str, kept: Sequence[Sequence[int]]
) -> None:
    """Whichever of equal ones is fixed first: the others keep theirs, or have new ones."""
    write_tree(here, {"a.py": text})
    before = [one["id"] for one in listed(run) if one["code"]]
    assert len(before) == len(set(before)) == len(kept)
    for at, same in enumerate(kept):
        write_tree(here, {"a.py": text})
        assert run("apply", before[at]).code == 0
        now = [one["id"] for one in listed(run) if one["code"]]
        assert set(before).intersection(now) == {before[other] for other in same}
        changed = (here / "a.py").read_bytes()
        again = run("apply", before[at])
        assert (again.code, "is not the ID of a finding" in again.err) == (2, True)
        assert (here / "a.py").read_bytes() == changed


NEIGHBOURS = """\
import sentry_sdk


def view(request):
    with sentry_sdk.configure_scope() as scope:
        scope.user = request.user
    sentry_sdk.Hub.current.flush()
    sentry_sdk.Hub.current.capture_message("x")
    sentry_sdk.start_span(op="a", description="b")
"""


def test_an_id_stays_while_lines_beside_it_are_fixed(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": NEIGHBOURS})
    before = {one["id"] for one in listed(run)}
    assert len(before) == 5
    for name in before:
        write_tree(here, {"a.py": NEIGHBOURS})
        assert run("apply", name).code == 0
        now = {one["id"] for one in listed(run)}
        assert now <= before - {name}
        assert len(now) >= 3  # the fix of a block may take along what is in it


def test_the_id_of_a_line_that_was_there_twice(run: Run, here: Path) -> None:
    """It is good for the one that is left, too."""
    write_tree(here, {"a.py": LINES})
    first, second = (one["id"] for one in listed(run) if one["code"])
    assert run("apply", first).code == 0
    assert second not in {one["id"] for one in listed(run)}
    assert run("apply", first).code == 2
    assert run("apply", second).code == 0
    assert "configure_scope" not in (here / "a.py").read_text()


@pytest.mark.parametrize("folder", ["d", "d/e", "..", "elsewhere"])
@pytest.mark.parametrize("mark", [".git", ".hg", "pyproject.toml"])
def test_an_id_is_the_same_from_everywhere(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, folder: str, mark: str
) -> None:
    project = here / "p"
    write_tree(project, {"d/e/a.py": BEFORE, "d/b.py": BEFORE, "elsewhere/c.txt": "", mark: ""})
    monkeypatch.chdir(project)
    ids = {Path(one["filename"]).name: one["id"] for one in listed(run)}
    assert len({*ids.values()}) == 2
    monkeypatch.chdir(project / folder)
    file = os.path.relpath(project / "d/e/a.py")
    assert [one["id"] for one in listed(run, file)] == [ids["a.py"]]
    assert run("apply", ids["a.py"], "--in", file).code == 0
    assert read_tree(project)["d/e/a.py"] == AFTER.encode()


def test_an_alternative(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BEFORE})
    (found,) = listed(run)
    assert run("apply", f"{found['id']}/1").code == 0
    after = (here / "a.py").read_text()
    assert after not in (BEFORE, AFTER)


# name → the ID, of the finding where there is a place for it, and what is said
REFUSED = {
    "unknown": ("0" * 32, "is not the ID of a finding"),
    "too short": ("{:.7}", "is not the ID of a finding"),
    "empty": ("", "is not the ID of a finding"),
    "an alternative that is not there": ("{}/9", "has no alternative 9 here; there is "),
    "alternative 0": ("{}/0", "has no alternative 0"),
    "no number": ("{}/x", "is not the ID of a finding"),
}


@pytest.mark.parametrize(("name", "said"), REFUSED.values(), ids=REFUSED)
def test_what_means_no_fix_changes_nothing(run: Run, here: Path, name: str, said: str) -> None:
    write_tree(here, {"a.py": BEFORE, "b.py": UNSAFE})
    first, second = (one["id"] for one in listed(run))
    done = run("apply", second, name.format(first))
    assert done.code == 2
    assert said in done.err
    assert read_tree(here) == {"a.py": BEFORE.encode(), "b.py": UNSAFE.encode()}


@pytest.mark.parametrize("arguments", [(), ("--diff",)])
def test_a_file_that_cannot_be_read_fails_the_run(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str]
) -> None:
    write_tree(here, {"a.py": BEFORE, "b.py": ""})
    (name,) = (one["id"] for one in listed(run))
    read = regular_files.read

    def unreadable(path: Any, named: bool = False) -> bytes:
        if str(path).endswith("b.py"):
            raise PermissionError(13, "Permission denied")
        return read(path, named)

    monkeypatch.setattr(regular_files, "read", unreadable)
    ran = run("apply", name, *arguments)
    assert (ran.code, ran.err.count("b.py: io-error: ")) == (2, 1)
    assert (here / "a.py").read_text() == (BEFORE if arguments else AFTER)


def test_what_has_no_fix(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BY_HAND})
    (found,) = listed(run)
    done = run("apply", found["id"])
    assert (done.code, "SEN105 has no fix here" in done.err) == (2, True)


def test_a_fix_that_the_encoding_lacks_is_told(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(here, {"a.py": BEFORE})
    (name,) = (one["id"] for one in listed(run))

    def refuse(*_: object) -> bytes:
        raise DecodeError("no such letter")

    monkeypatch.setattr(Source, "edited", refuse)
    ran = run("apply", name)
    assert (ran.code, "a.py: io-error: the fixes cannot be written: no such" in ran.err) == (
        2,
        True,
    )
    assert (here / "a.py").read_text() == BEFORE


def test_tasks_and_findings_have_the_same_ids(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BEFORE, "b.py": UNSAFE})
    tasks = json.loads(run("tasks", "--output-format", "json", "-o", "-").text)
    assert [one["id"] for one in tasks] == [one["id"] for one in listed(run)]


@pytest.mark.parametrize("unsafe", [(), ("--unsafe-fixes",)])
@pytest.mark.parametrize("diff", [False, True])
def test_what_was_fixed_is_told(run: Run, here: Path, unsafe: Sequence[str], diff: bool) -> None:
    """By the ID and the place that it had before."""
    files = {"a.py": IMPORTED, "b.py": UNSAFE, "c.py": BY_HAND, "d.py": BROKEN}
    write_tree(here, files)
    before = {one["id"]: one for one in listed(run)}
    after = listed(run, "--diff" if diff else "--fix", *unsafe)
    fixed = [one for one in after if one["fixed"]]
    assert len(fixed) == 2 + len(unsafe)
    for one in fixed:
        known = before[one["id"]]
        assert all(one[key] == known[key] for key in ("code", "location", "end_location"))
        assert one["fix"]["edits"] == []
    assert {one["id"] for one in after} == set(before)
    if diff:
        assert read_tree(here) == {name: text.encode() for name, text in files.items()}
    else:
        assert not any(one["fixed"] for one in listed(run))


def test_what_was_refused_is_not_told_as_fixed(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sentry_migrate.project import atomic_write

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(atomic_write, "replace", refuse)
    write_tree(here, {"a.py": BEFORE})
    (found,) = listed(run, "--fix")
    assert (found["code"], found["fixed"]) == (None, False)
    assert found["message"] == "not fixed: Permission denied"


TWO_EARLY = UNSAFE + UNSAFE.partition("\n\n")[2].replace('"a"', '"b"')
TWO_LATER = UNSAFE_AFTER + UNSAFE_AFTER.partition("\n\n")[2].replace('"a"', '"b"')
ASSUMED = '[tool.sentry-migrate]\nassume = ["before-init"]\n'
THREE = {"a.py": BEFORE, "b.py": BEFORE, "c.py": TWO_EARLY, "d.py": BY_HAND}

# name → answers, the files after, how many of the five findings with a fix nothing was said about
ASKED: dict[str, tuple[str, dict[str, str], int]] = {
    "no to all": ("n n n n", {}, 0),
    "nothing typed": ("\n\n\n\n", {}, 0),
    "quit at once": ("q", {}, 4),
    "the input ends at once": ("", {}, 4),
    "the input ends after one": ("y", {"a.py": AFTER}, 3),
    "the input ends in a question": ("n n d", {}, 2),
    "one": ("y n n n", {"a.py": AFTER}, 0),
    "one, then quit": ("y q", {"a.py": AFTER}, 3),
    "not the first": ("n y n n", {"b.py": AFTER}, 0),
    "all of the rule, then quit": ("r q", {"a.py": AFTER, "b.py": AFTER}, 2),
    "all of the rule, then the input ends": ("r", {"a.py": AFTER, "b.py": AFTER}, 2),
    "all that an answer settles, then quit": ("n q", {}, 3),
    "all of the rule, as safe as this one": ("r n n", {"a.py": AFTER, "b.py": AFTER}, 0),
    "all of the rule, as others say it": ("a n n", {"a.py": AFTER, "b.py": AFTER}, 0),
    "all of the rule, safe or not": ("n n r", {"c.py": TWO_LATER}, 0),
    "in words": ("YES no Quit", {"a.py": AFTER}, 2),
    "in capitals": ("Y Q", {"a.py": AFTER}, 3),
    "what is no answer is asked again": ("x ? 9 y q", {"a.py": AFTER}, 3),
    "a question that does not arise": ("d y q", {"a.py": AFTER}, 3),
    "a question": ("n n d y", {"c.py": TWO_LATER, "pyproject.toml": ASSUMED}, 0),
    "a question, the answer is no": ("n n d n n n", {}, 0),
    "a question, no, and yes to the fix": (
        "n n d n y n",
        {"c.py": UNSAFE_AFTER + TWO_EARLY[len(UNSAFE) :]},
        0,
    ),
}


@pytest.mark.parametrize(("answers", "after", "left"), ASKED.values(), ids=ASKED)
def test_one_by_one(run: Run, here: Path, answers: str, after: dict[str, str], left: int) -> None:
    write_tree(here, THREE)
    before = read_tree(here)
    stdin = answers if "\n" in answers else "\n".join([*answers.split(), ""])
    done = run("apply", "--interactive", stdin=stdin.encode())
    ended = "The input ended before" in done.err
    assert (done.code, ended) == ((1, True) if left and "q" not in answers.lower() else (0, False))
    assert (f"before {left} finding" in done.err) == (" decided." in done.err) == (left > 0)
    assert ("Nothing was chosen." in done.err) == (not after)
    assert read_tree(here) == {**before, **{name: text.encode() for name, text in after.items()}}


def test_what_is_shown(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": UNSAFE})
    shown = run("apply", "-i", stdin=b"q\n").text
    for part in (
        "(1/1) a.py:3:6: SEN101 ",
        "Replace with `get_isolation_scope()` (not safe: runs at import time",
        "    -with sentry_sdk.configure_scope() as scope:\n",
        "    +scope = sentry_sdk.get_isolation_scope()\n",
        "1: Replace with `get_global_scope()` (not safe: ",
        "Make this fix? [y/n/1/2/r/d/q/?]: ",
    ):
        assert part in shown


HELD = """\
from sentry_sdk import Hub


def client():
    hub = Hub.current
    if hub.client is not None:
        hub.capture_message("x")
"""
# answers → the fixes that are asked about, those that are told as done, those that are made
HELD_ASKED = {
    "y": (["SEN227"], ["SEN214", "SEN201"], "Applied 1 fix in"),
    "n y y": (["SEN227", "SEN214", "SEN201"], [], "Applied 2 fixes in"),
    "n n n": (["SEN227", "SEN214", "SEN201"], [], "Nothing was chosen."),
}


@pytest.mark.parametrize(
    ("answers", "asked", "told", "said"), [(key, *row) for key, row in HELD_ASKED.items()]
)
def test_what_a_chosen_fix_does_is_not_asked_about(
    run: Run, here: Path, answers: str, asked: list[str], told: list[str], said: str
) -> None:
    write_tree(here, {"a.py": HELD})
    done = run("apply", "-i", stdin="\n".join([*answers.split(), ""]).encode())
    shown = re.findall(r"^\(\d/3\) a\.py:\d+:\d+: (SEN\d+)( is done by)?", done.text, re.MULTILINE)
    assert [code for code, is_done in shown if not is_done] == asked
    assert [code for code, is_done in shown if is_done] == told
    assert said in done.err
    assert "Not applied" not in done.err


def test_all_at_once_of_fixes_that_contain_each_other(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": HELD})
    done = run("apply", *(one["id"] for one in listed(run)))
    assert (done.code, "Not applied" in done.err) == (0, False)
    assert listed(run) == []


def test_what_is_no_answer_is_told(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BEFORE})
    done = run("apply", "-i", stdin=b"maybe\n?\nq\n")
    assert done.text.count("'maybe' is not an answer here.") == 1
    assert done.text.count("is not an answer") == 1
    assert done.text.count("stop here") == 2


def test_check_says_which_command_asks(run: Run, here: Path) -> None:
    for option in ("-i", "--interactive"):
        done = run("check", option)
        assert (done.code, "Did you mean `sentry-migrate apply --interactive`?" in done.err) == (
            2,
            True,
        )


def test_an_alternative_one_by_one(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": UNSAFE})
    assert run("apply", "-i", stdin=b"1\n").code == 0
    assert (here / "a.py").read_text() == UNSAFE_AFTER.replace("isolation", "global")


def test_one_by_one_without_changing_anything(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": UNSAFE})
    assert run("apply", "-i", "--diff").code == 1  # as nothing is decided
    done = run("apply", "-i", "--diff", stdin=b"d\ny\n")
    assert done.code == 1
    assert "+scope = sentry_sdk.get_isolation_scope()" in done.text
    assert read_tree(here) == {"a.py": UNSAFE.encode()}


@pytest.mark.parametrize(
    "arguments", [(), ("abcdefgh", "-i"), ("--proved", "-i"), ("abcdefgh", "--proved")]
)
def test_either_ids_or_questions(run: Run, here: Path, arguments: Sequence[str]) -> None:
    done = run("apply", *arguments)
    assert (done.code, "Give either IDs, --interactive or --proved." in done.err) == (2, True)


def test_an_answer_is_kept_in_a_file_that_is_fixed_too(run: Run, here: Path) -> None:
    project = "[project]\ndependencies = ['sentry-sdk<2']\n"
    write_tree(here, {"a.py": UNSAFE, "pyproject.toml": project})
    before = read_tree(here)
    done = run("apply", "-i", stdin=b"d\ny\ny\n")
    assert (done.code, "Applied 2 fixes in 2 files." in done.err) == (0, True)
    after = (here / "pyproject.toml").read_text()
    assert after == f"{project.replace('<2', '>=2.15,<3')}\n{ASSUMED}"
    assert (here / "a.py").read_text() == UNSAFE_AFTER
    assert run("undo").code == 0
    assert read_tree(here) == before


def test_a_quiet_one(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BEFORE})
    done = run("apply", "-q", listed(run)[0]["id"])
    assert (done.code, done.text, done.err) == (0, "", "")
    assert (here / "a.py").read_text() == AFTER
    assert run("apply", "-q", "abcdefgh").err.startswith("error: abcdefgh is not the ID")
