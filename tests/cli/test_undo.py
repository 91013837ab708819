"""`sentry-migrate undo` restores what runs replaced, and never what it is not sure of."""

from __future__ import annotations

import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cli.conftest import SERVER, Run, read_tree, write_tree
from cli.samples import AFTER, BEFORE, CLEAN, UNSAFE, UNSAFE_AFTER
from cli.test_next import git
from sentry_migrate.cli import journal, own_directories
from sentry_migrate.project import atomic_write

WINDOWS = pytest.mark.skipif(os.name == "nt", reason="files have other permissions and links there")
ODD = BEFORE.replace("\n", "\r\n").encode("utf-8-sig") + b"# \xc3\xa9\f"
TWO = {"a.py": BEFORE, "pkg/b.py": ODD}


@pytest.fixture(autouse=True)
def kept(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where journals are, outside of the project."""
    place = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("SENTRY_MIGRATE_STATE_DIR", str(place))
    return place


def journals(kept: Path) -> list[Path]:
    return sorted(kept.rglob("*.zip"))


# name → files, arguments of the run
RUNS: dict[str, tuple[dict[str, str | bytes], Sequence[str]]] = {
    "one file": ({"a.py": BEFORE}, ("--fix",)),
    "an odd one below": (TWO, ("--fix",)),
    "only the ones named": ({**TWO, "c.py": BEFORE}, ("--fix", "a.py", "c.py")),
    "unsafe fixes": ({"a.py": UNSAFE, "b.py": BEFORE}, ("--fix", "--unsafe-fixes")),
    "to a file": (TWO, ("--fix", "--exit-zero", "-o", "out.txt")),
    "for programs": (TWO, ("--fix", "--output-format", "json")),
    "quiet": (TWO, ("--fix", "-q")),
    "without a cache": (TWO, ("--fix", "--no-cache")),
    "a name that is odd": ({"a b'\N{LATIN SMALL LETTER E WITH ACUTE}.py": BEFORE}, ("--fix",)),
    "a requirement": ({"requirements.txt": "sentry-sdk>=1.30\n", "a.py": BEFORE}, ("--fix",)),
    "an empty file beside": ({"a.py": BEFORE, "empty.py": b""}, ("--fix",)),
}


@pytest.mark.parametrize(("files", "arguments"), RUNS.values(), ids=RUNS)
def test_every_byte_is_restored(
    run: Run, here: Path, kept: Path, files: dict[str, str | bytes], arguments: Sequence[str]
) -> None:
    write_tree(here, files)
    before = read_tree(here)
    run("check", *arguments)
    after = read_tree(here)
    assert {name: after[name] for name in before} != before
    ran = run("undo")
    assert (ran.code, ran.err) == (0, "")
    assert {name: data for name, data in read_tree(here).items() if name != "out.txt"} == before
    assert journals(kept) == []
    assert run("undo").code == 2


@pytest.mark.parametrize("begun", [True, False])
@pytest.mark.parametrize("runs", [1, 2])
def test_another_undo_is_faster(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, begun: bool, runs: int
) -> None:
    """While this one restores, or before it has read the journal."""
    files = {"a.py": BEFORE, "b.py": UNSAFE}
    write_tree(here, files)
    for arguments in [(), ("--unsafe-fixes",)][:runs]:
        run("check", "--fix", *arguments)
    name = "_read" if not begun else "drop"
    original = getattr(journal, name)

    def late(what: object) -> object:
        monkeypatch.setattr(journal, name, original)
        assert run("undo").code == (2 if begun else 0)  # where all is restored, it has no work
        return original(what)

    monkeypatch.setattr(journal, name, late)
    ran = run("undo")
    assert (ran.code, "Traceback" in ran.err) == (2 if (begun, runs) == (False, 1) else 0, False)
    assert (here / "b.py").read_text() == UNSAFE
    assert (here / "a.py").read_text() == (AFTER if begun and runs == 2 else BEFORE)


def test_the_baseline_is_restored_with_what_it_accepts(run: Run, here: Path) -> None:
    write_tree(here, TWO)
    run("check", "--baseline", "known", "--update-baseline")
    before = read_tree(here)
    assert run("check", "--baseline", "known", "--fix", "--prune-baseline").code == 0
    assert read_tree(here)["known"] != before["known"]
    assert run("undo").code == 0
    assert read_tree(here) == before
    assert run("undo").code == 0  # the run that wrote the baseline
    assert read_tree(here) == {name: text for name, text in before.items() if name != "known"}
    assert run("undo").code == 2


# name → what is run after the baseline is written, runs that can be undone
BASELINES: dict[str, tuple[Sequence[Sequence[str]], int]] = {
    "fixed, then pruned": ((("--fix",), ("--prune-baseline",)), 2),
    "pruned for nothing": ((("--prune-baseline",),), 0),
    "written anew for nothing": ((("--update-baseline",),), 0),
    "of another folder": ((("--fix",), ("--prune-baseline", "lib")), 1),
}


@pytest.mark.parametrize(("runs", "undone"), BASELINES.values(), ids=BASELINES)
def test_a_baseline_alone_is_restored(
    run: Run, here: Path, kept: Path, runs: Sequence[Sequence[str]], undone: int
) -> None:
    write_tree(here, {**TWO, "lib/c.py": CLEAN})
    run("check", "--baseline", "known", "--update-baseline")
    before = read_tree(here)
    for arguments in runs:
        run("check", "--baseline", "known", *arguments)
    assert len([*kept.rglob("*.zip")]) == undone + 1
    for _ in range(undone):
        assert run("undo").code == 0
    assert read_tree(here) == before


# What changes nothing has nothing to undo.
NOTHING: dict[str, tuple[str, Sequence[str]]] = {
    "check": (BEFORE, ()),
    "diff": (BEFORE, ("--fix", "--diff")),
    "diff alone": (BEFORE, ("--diff",)),
    "nothing to fix": (CLEAN, ("--fix",)),
    "nothing safe to fix": (UNSAFE, ("--fix",)),
    "standard input": (BEFORE, ("--fix", "-")),
    "standard input with a name": (BEFORE, ("--fix", "-", "--stdin-filename", "a.py")),
    "excluded": (BEFORE, ("--fix", "--exclude", "a.py")),
    "wrong arguments": (BEFORE, ("--fix", "--nonsense")),
}


@pytest.mark.parametrize(("code", "arguments"), NOTHING.values(), ids=NOTHING)
def test_a_run_that_writes_nothing_has_no_journal(
    run: Run, here: Path, kept: Path, code: str, arguments: Sequence[str]
) -> None:
    write_tree(here, {"a.py": code})
    ran = run("check", *arguments, stdin=code.encode())
    assert "undo" not in ran.text + ran.err
    assert journals(kept) == []
    ran = run("undo")
    assert (ran.code, ran.text) == (2, "")
    assert ran.err == f"error: nothing to undo: no run that changed files is recorded for {here}\n"
    assert read_tree(here) == {"a.py": code.encode()}


def test_each_undo_goes_one_run_back(run: Run, here: Path) -> None:
    states = []
    for name in ("a.py", "b.py", "c.py"):
        write_tree(here, {name: BEFORE})
        states.append(read_tree(here))
        run("check", "--fix")
    for left, state in zip((2, 1, 0), reversed(states), strict=True):
        ran = run("undo")
        assert (ran.code, f"{left} earlier run" in ran.text) == (0, left > 0)
        made = {name: data for name, data in read_tree(here).items() if name in state}
        assert made == {**made, list(state)[-1]: BEFORE.encode()}
    assert read_tree(here) == dict.fromkeys(("a.py", "b.py", "c.py"), BEFORE.encode())


def test_one_file_changed_by_two_runs(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": UNSAFE + BEFORE})
    first = read_tree(here)
    run("check", "--fix")
    second = read_tree(here)
    run("check", "--fix", "--unsafe-fixes")
    assert first != second != read_tree(here)
    for state in (second, first):
        assert run("undo").code == 0
        assert read_tree(here) == state


def test_only_the_last_runs_are_kept(
    run: Run, here: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST", 3)
    for _ in range(5):
        write_tree(here, {"a.py": BEFORE})
        run("check", "--fix")
    assert len(journals(kept)) == 3


def link(here: Path) -> None:
    (here / "a.py").rename(here / "real")
    (here / "a.py").symlink_to("real")


def linked_directory(here: Path) -> None:
    (here / "pkg").rename(here / "real")
    (here / "pkg").symlink_to("real")


def directory(here: Path) -> None:
    (here / "a.py").unlink()
    (here / "a.py").mkdir()


def pipe(here: Path) -> None:
    (here / "a.py").unlink()
    os.mkfifo(here / "a.py")


# name → what happens after the run, what is said of it, what --force does about it
CHANGES: dict[str, tuple[Callable[[Path], object], str, bool]] = {
    "edited": (lambda here: (here / "a.py").write_text(AFTER + "x = 1\n"), "it was changed", True),
    "emptied": (lambda here: (here / "a.py").write_bytes(b""), "it was changed", True),
    "a line ending": (
        lambda here: (here / "a.py").write_bytes(AFTER.replace("\n", "\r\n").encode()),
        *("it was changed", True),
    ),
    "deleted": (lambda here: (here / "a.py").unlink(), "it was deleted", True),
    "its directory deleted": (lambda here: shutil.rmtree(here / "pkg"), "it was deleted", True),
    "renamed": (lambda here: (here / "a.py").rename(here / "c.py"), "it was deleted", True),
    "now a directory": (directory, "a directory has taken its place", False),
    "now a link": (link, "a symbolic link has taken its place", False),
    "now behind a link": (linked_directory, "a symbolic link has taken its place", False),
    "now a pipe": (pipe, "Not a regular file", False),
}


@WINDOWS
@pytest.mark.parametrize(("change", "said", "forced"), CHANGES.values(), ids=CHANGES)
def test_what_changed_is_not_touched(
    run: Run, here: Path, change: Callable[[Path], object], said: str, forced: bool
) -> None:
    write_tree(here, TWO)
    before = read_tree(here)
    run("check", "--fix")
    change(here)
    after = read_tree(here)
    for arguments in ((), ("--diff",), ()):
        ran = run("undo", *arguments)
        assert (ran.code, ran.out) == (2, b"")
        first, last = ran.err.splitlines()
        assert said in first
        assert last.startswith("Nothing was restored.")
        assert ("--force" in last) == forced
        assert read_tree(here) == after
    shown = run("undo", "--diff", "--force")
    assert (shown.code, shown.out != b"", read_tree(here) == after) == (2 - forced, True, True)
    ran = run("undo", "--force")
    assert (ran.code, said in ran.text + ran.err) == (0 if forced else 2, True)
    restored = read_tree(here)
    assert not forced or {name: restored[name] for name in before} == before
    assert forced or sum(restored.get(name) == data for name, data in before.items()) == 1
    assert forced == (run("undo").code == 2 and "nothing to undo" in run("undo").err)


# name → what happens after the run that is none of undo's business
HARMLESS: dict[str, Callable[[Path], object]] = {
    "touched": lambda here: os.utime(here / "a.py", (1, 1)),
    "a new file": lambda here: (here / "c.py").write_text(BEFORE),
    "restored by hand": lambda here: (here / "a.py").write_text(BEFORE),
    "the cache deleted": lambda here: shutil.rmtree(
        os.environ["SENTRY_MIGRATE_CACHE_DIR"], ignore_errors=True
    ),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_does_not_matter(run: Run, here: Path, change: Callable[[Path], object]) -> None:
    write_tree(here, TWO)
    before = read_tree(here)
    run("check", "--fix")
    change(here)
    assert run("undo").code == 0
    assert {name: (here / name).read_bytes() for name in before} == before


@WINDOWS
@pytest.mark.parametrize("mode", [0o600, 0o755, 0o640])
@pytest.mark.parametrize("later", [0o600, 0o644, 0o711])
def test_permissions_stay_as_they_are_now(run: Run, here: Path, mode: int, later: int) -> None:
    write_tree(here, {"a.py": BEFORE})
    (here / "a.py").chmod(mode)
    run("check", "--fix")
    (here / "a.py").chmod(later)
    assert run("undo").code == 0
    assert stat.S_IMODE((here / "a.py").stat().st_mode) == later


@WINDOWS
def test_a_deleted_file_gets_its_permissions_back(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BEFORE})
    (here / "a.py").chmod(0o750)
    run("check", "--fix")
    (here / "a.py").unlink()
    assert run("undo", "--force").code == 0
    assert stat.S_IMODE((here / "a.py").stat().st_mode) == 0o750


@WINDOWS
def test_a_write_protected_file(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(here, TWO)
    run("check", "--fix")
    after = read_tree(here)
    (here / "a.py").chmod(0o444)  # nothing is write-protected for root; ask as if we were not
    monkeypatch.setattr(os, "access", lambda path, mode: os.stat(path).st_mode & 0o222 != 0)
    ran = run("undo")
    assert (ran.code, read_tree(here)) == (2, after)
    assert ran.err.startswith("a.py: io-error: not restored: it is write-protected\n")
    (here / "a.py").chmod(0o644)
    assert run("undo").code == 0


@WINDOWS
def test_a_link_stays_a_link(run: Run, here: Path) -> None:
    write_tree(here, {"real/b.py": BEFORE})
    (here / "a.py").symlink_to("real/b.py")
    run("check", "--fix", "a.py")
    assert (here / "real/b.py").read_text() == AFTER
    assert run("undo").code == 0
    assert (here / "a.py").is_symlink()
    assert (here / "real/b.py").read_text() == BEFORE


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def replaced(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": cut,
    "a byte": flip,
    "empty": lambda path: path.write_bytes(b""),
    "not an archive": lambda path: path.write_bytes(b"{}"),
    "a directory": replaced,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_journal(
    run: Run, here: Path, kept: Path, damage: Callable[[Path], object]
) -> None:
    write_tree(here, TWO)
    run("check", "--fix")
    after = read_tree(here)
    (file,) = journals(kept)
    damage(file)
    for arguments in ((), ("--diff",), ("--force",)):
        ran = run("undo", *arguments)
        assert (ran.code, ran.out, read_tree(here)) == (2, b"", after)
        assert ran.err.startswith("error: nothing was restored: cannot read the journal")
        assert str(file) in ran.err
        assert ran.err.count("\n") == 1


@pytest.mark.parametrize("place", ["blocked", "blocked/below"])
def test_fixing_works_where_no_journal_can_be_kept(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    write_tree(here, {"a.py": BEFORE, "blocked": "x"})
    monkeypatch.setenv("SENTRY_MIGRATE_STATE_DIR", str(here / place))
    ran = run("check", "--fix")
    assert (ran.code, (here / "a.py").read_text()) == (0, AFTER)
    assert ran.err.startswith("warning: this run cannot be undone: ")
    assert ran.err.count("\n") == 1
    assert "sentry-migrate undo" not in ran.text


def test_a_file_that_was_not_written_is_not_in_the_way(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(here, TWO)
    written = atomic_write.replace

    def changed_meanwhile(path: str, before: bytes, after: bytes) -> None:
        if path.endswith("a.py"):
            Path(path).write_text("newer")
        written(path, before, after)

    with monkeypatch.context() as patch:
        patch.setattr(atomic_write, "replace", changed_meanwhile)
        assert run("check", "--fix").code == 2
    assert run("undo").code == 0
    assert read_tree(here) == {"a.py": b"newer", "pkg/b.py": ODD}


def test_a_failure_on_the_way_can_be_repeated(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(here, TWO)
    before = read_tree(here)
    run("check", "--fix")
    written = atomic_write.replace

    def full(path: str, *data: bytes) -> None:
        if path.endswith("a.py"):
            raise OSError(28, "No space left on device")
        written(path, *data)

    with monkeypatch.context() as patch:
        patch.setattr(atomic_write, "replace", full)
        ran = run("undo")
    assert (ran.code, ran.err) == (2, "a.py: io-error: not restored: No space left on device\n")
    assert run("undo").code == 0
    assert read_tree(here) == before


# name → the tree, where to fix, what, where to undo; whether that is the same project
PLACES: dict[str, tuple[dict[str, str], str, str, str, bool]] = {
    "from below": ({"sub/a.py": BEFORE}, ".", ".", "sub", True),
    "from above": ({"sub/a.py": BEFORE}, "sub", ".", ".", True),
    "a package of a repository": (
        {"one/pyproject.toml": "", "one/a.py": BEFORE},
        *("one", ".", ".", True),
    ),
    "another repository": (
        {"one/.git/x": "", "one/a.py": BEFORE, "two/.git/x": ""},
        *("one", ".", "two", False),
    ),
    "a repository inside": ({"one/.git/x": "", "one/a.py": BEFORE}, ".", "one", ".", False),
    "the one inside": ({"one/.git/x": "", "one/a.py": BEFORE}, ".", "one", "one", True),
    "two repositories": (
        {"one/.git/x": "", "one/a.py": BEFORE, "two/.git/x": "", "two/a.py": BEFORE},
        *(".", ".", ".", True),
    ),
}


@pytest.mark.parametrize(("tree", "at", "what", "undone", "same"), PLACES.values(), ids=PLACES)
def test_the_project_of_a_run(
    run: Run,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    tree: dict[str, str],
    at: str,
    what: str,
    undone: str,
    same: bool,
) -> None:
    write_tree(here, tree)
    before = read_tree(here)
    monkeypatch.chdir(here / at)
    ran = run("check", "--fix", what)
    after = read_tree(here)
    assert after != before
    monkeypatch.chdir(here)
    assert run("undo", undone).code == (0 if same else 2)
    assert read_tree(here) == (before if same else after)
    (line,) = (one for one in ran.text.splitlines() if one.startswith("`sentry-migrate undo"))
    assert line.endswith("` restores the files as they were.")
    monkeypatch.chdir(here / at)
    run(*line.split("`")[1].split()[1:])
    assert read_tree(here) == before


def test_the_project_of_files_that_nothing_marks(
    run: Run, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path_factory.mktemp("bare")
    write_tree(place, {"deep/er/a.py": BEFORE})
    monkeypatch.chdir(place)
    run("check", "--fix", "deep")
    assert run("undo").code == 0
    assert (place / "deep/er/a.py").read_text() == BEFORE


DIFF = """\
--- a.py
+++ a.py
@@ -1,4 +1,4 @@
 import sentry_sdk
~
-scope = sentry_sdk.get_isolation_scope()
-scope.set_tag("tenant", "a")
+with sentry_sdk.configure_scope() as scope:
+    scope.set_tag("tenant", "a")
""".replace("~", " ")


def test_the_diff(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": UNSAFE})
    run("check", "--fix", "--unsafe-fixes")
    for _ in range(2):
        ran = run("undo", "--diff")
        assert (ran.code, ran.text, ran.err) == (1, DIFF, "")
        assert (here / "a.py").read_text() == UNSAFE_AFTER
    assert run("undo").code == 0
    assert run("undo", "--diff").code == 2


def test_what_is_restored_already(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BEFORE})
    run("check", "--fix")
    (here / "a.py").write_text(BEFORE)
    shown = run("undo", "--diff")
    assert (shown.code, shown.out) == (0, b"")
    for _ in range(2):
        ran = run("undo")
        assert (ran.code, ran.text) == (2, "")
        assert ran.err.startswith(
            "error: nothing to undo: all files are as they were before the run"
        )
    ran = run("undo", "--force")
    assert (ran.code, ran.text.startswith("Nothing to restore: ")) == (0, True)
    assert "no run that changed files is recorded" in run("undo").err


def put_away(here: Path) -> Callable[[], object]:
    git(here, "stash", "--quiet")
    return lambda: git(here, "stash", "pop", "--quiet")


def on_another_branch(here: Path) -> Callable[[], object]:
    git(here, "checkout", "--quiet", "-b", "other")
    git(here, "commit", "--quiet", "--all", "--message", "Fixed")
    git(here, "checkout", "--quiet", "-")
    return lambda: git(here, "checkout", "--quiet", "other")


@pytest.mark.parametrize("change", [put_away, on_another_branch])
def test_changes_that_come_back_can_be_undone(
    run: Run, here: Path, change: Callable[[Path], Callable[[], object]]
) -> None:
    write_tree(here, TWO)
    git(here, "init", "--quiet")
    git(here, "add", ".")
    git(here, "commit", "--quiet", "--message", "Start")
    before = {name: (here / name).read_bytes() for name in TWO}
    run("check", "--fix")
    come_back = change(here)
    ran = run("undo")
    assert (ran.code, "Its record is kept" in ran.err) == (2, True)
    come_back()
    assert {name: (here / name).read_bytes() for name in TWO} != before
    assert run("undo").code == 0
    assert {name: (here / name).read_bytes() for name in TWO} == before


def test_a_run_that_came_to_no_file_is_no_hindrance(run: Run, here: Path) -> None:
    """As one that was killed."""
    write_tree(here, {"a.py": BEFORE, "b.py": UNSAFE})
    run("check", "--fix")
    journal.begin([(str(here / "b.py"), UNSAFE.encode(), UNSAFE_AFTER.encode())])
    ran = run("undo")
    assert (ran.code, ran.text.startswith("Nothing to restore: ")) == (0, True)
    assert run("undo").code == 0
    assert (here / "a.py").read_text() == BEFORE


@pytest.mark.parametrize("arguments", [["nowhere"], ["b.py"], ["--nonsense"], ["a.py", "b.py"]])
def test_wrong_arguments(run: Run, here: Path, arguments: list[str]) -> None:
    write_tree(here, {"a.py": BEFORE})
    run("check", "--fix")
    ran = run("undo", *arguments)
    assert (ran.code, ran.text, (here / "a.py").read_text()) == (2, "", AFTER)
    assert ran.err


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="they have other places")
def test_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SENTRY_MIGRATE_STATE_DIR")
    monkeypatch.setenv("HOME", "/home/me")
    home = "/home/me/.local/state"
    for value, place in (("/x", "/x"), ("relative", home), ("", home)):
        monkeypatch.setenv("XDG_STATE_HOME", value)
        assert own_directories.state() == f"{place}/sentry-migrate"


MANY = {f"m{number:02}.py": f"# {number}\n{BEFORE}" for number in range(40)}
FIXED = {name: code.replace(BEFORE, AFTER) for name, code in MANY.items()}


@pytest.mark.slow
@WINDOWS
@pytest.mark.parametrize("seed", range(20))
def test_a_killed_run_is_undone(run: Run, here: Path, kept: Path, seed: int) -> None:
    write_tree(here, MANY)
    before = read_tree(here)
    after = {name: code.encode() for name, code in FIXED.items()}
    with subprocess.Popen(
        [sys.executable, "-m", "sentry_migrate", "check", "--fix", "-q", "-j", "1", "."],
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        moments = random.Random(seed)
        if moments.random() < 0.1:  # at any time; mostly while files are written, which is short
            time.sleep(moments.uniform(0, 2))
        else:
            while not journals(kept) and process.poll() is None:
                time.sleep(0.001)
            time.sleep(moments.uniform(0, 0.02))
        os.kill(process.pid, signal.SIGKILL)
    left = read_tree(here)
    assert {name for name in MANY if left[name] not in (before[name], after[name])} == set()
    recorded = journals(kept) != []
    assert run("undo").code == (0 if recorded else 2)
    assert read_tree(here) == before
    assert recorded or left == before


@pytest.mark.slow
@WINDOWS
@pytest.mark.parametrize("seed", range(10))
def test_an_undo_that_was_killed_is_repeated(run: Run, here: Path, kept: Path, seed: int) -> None:
    write_tree(here, MANY)
    before = read_tree(here)
    run("check", "--fix", "-q")
    after = read_tree(here)
    with subprocess.Popen(
        [sys.executable, "-m", "sentry_migrate", "undo"],
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        stdout=subprocess.DEVNULL,
    ) as process:
        while read_tree(here) == after and process.poll() is None:
            time.sleep(0.001)
        time.sleep(random.Random(seed).uniform(0, 0.01))
        process.kill()
    left = {name: data for name, data in read_tree(here).items() if name in MANY}
    assert {name for name in MANY if left[name] not in (before[name], after[name])} == set()
    assert run("undo").code == (2 if left == before else 0)
    assert read_tree(here) == before


@WINDOWS
@pytest.mark.parametrize("arguments", [(".",), (".", "../common")])
def test_a_run_that_led_out_of_the_project_is_the_projects(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str]
) -> None:
    project = tmp_path / "project"
    write_tree(tmp_path, {"project/a.py": BEFORE, "project/b.py": BEFORE, "common/c.py": BEFORE})
    (tmp_path / ".git").rmdir()
    (project / ".git").mkdir()
    (project / "link.py").symlink_to("../common/c.py")
    monkeypatch.chdir(project)
    before = read_tree(tmp_path)
    assert run("check", "--fix", "a.py").code == 0
    between = read_tree(tmp_path)
    assert run("check", "--fix", *arguments).code == 0
    assert (tmp_path / "common/c.py").read_text() == AFTER
    for state in (between, before):
        assert run("undo").code == 0
        assert read_tree(tmp_path) == state


THREE = {"a.py": BEFORE, "pkg/b.py": BEFORE, "pkg/c.py": BEFORE}
# name → paths, which files they restore
CHOSEN: dict[str, tuple[Sequence[str], set[str]]] = {
    "a file": (["a.py"], {"a.py"}),
    "a file below": (["pkg/b.py"], {"pkg/b.py"}),
    "a file twice": (["a.py", "./a.py"], {"a.py"}),
    "two files": (["a.py", "pkg/b.py"], {"a.py", "pkg/b.py"}),
    "a directory": (["pkg"], {"pkg/b.py", "pkg/c.py"}),
    "a directory and a file": (["pkg/", "a.py"], set(THREE)),
    "the project": (["."], set(THREE)),
    "the project and a file": ([".", "a.py"], set(THREE)),
    "none": ([], set(THREE)),
}


@pytest.mark.parametrize(("paths", "restored"), CHOSEN.values(), ids=CHOSEN)
@pytest.mark.parametrize("edited", [False, True])
def test_only_what_is_named(
    run: Run, here: Path, kept: Path, paths: Sequence[str], restored: set[str], edited: bool
) -> None:
    """What is not stays recorded; and what somebody edited is in nobody's way who does not name
    it."""
    write_tree(here, THREE)
    run("check", "--fix")
    others = sorted(THREE.keys() - restored)
    if edited and others:
        (here / others[0]).write_text(CLEAN)
    shown = run("undo", "--diff", *paths)
    assert {line[4:] for line in shown.text.splitlines() if line[:4] == "+++ "} == restored
    ran = run("undo", *paths)
    assert (ran.code, ran.err) == (0, "")
    assert {name for name in THREE if (here / name).read_text() == BEFORE} == restored
    assert (f"{len(others)} other file" in ran.text) == (others != []) == (journals(kept) != [])
    if others:
        assert run("undo", *(("--force",) if edited else ())).code == 0
    assert read_tree(here) == {name: BEFORE.encode() for name in THREE}
    assert journals(kept) == []


def test_a_file_as_it_was_before_the_last_run_that_changed_it(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": UNSAFE + BEFORE})
    first = (here / "a.py").read_text()
    run("check", "--fix")
    write_tree(here, {"b.py": BEFORE})
    run("check", "--fix")
    assert run("undo", "a.py").code == 0
    assert ((here / "a.py").read_text(), (here / "b.py").read_text()) == (first, AFTER)
    ran = run("undo", "a.py")
    assert (ran.code, "no run that changed a.py is recorded" in ran.err) == (2, True)
    assert run("undo").code == 0
    assert ((here / "a.py").read_text(), (here / "b.py").read_text()) == (first, BEFORE)


def test_a_path_without_a_run_restores_nothing(run: Run, here: Path) -> None:
    write_tree(here, {**THREE, "clean.py": CLEAN})
    run("check", "--fix")
    after = read_tree(here)
    ran = run("undo", "a.py", "clean.py")
    assert (ran.code, ran.text, read_tree(here)) == (2, "", after)
    assert (
        ran.err
        == "error: nothing was restored: the run that changed a.py did not change clean.py\n"
    )


@pytest.mark.parametrize("force", [False, True])
def test_a_deleted_file_that_is_named(run: Run, here: Path, force: bool) -> None:
    write_tree(here, THREE)
    run("check", "--fix")
    (here / "a.py").unlink()
    ran = run("undo", "a.py", *(["--force"] * force))
    assert (ran.code, (here / "a.py").exists()) == (0 if force else 2, force)
    assert (here / "pkg/b.py").read_text() == AFTER


@WINDOWS
def test_a_file_that_a_link_took_the_place_of_is_refused_by_its_name(run: Run, here: Path) -> None:
    write_tree(here, THREE)
    run("check", "--fix")
    link(here)
    ran = run("undo", "a.py")
    assert (ran.code, "a symbolic link has taken its place" in ran.err) == (2, True)
    assert run("undo", "pkg").code == 0


def test_a_file_that_is_as_it_was_is_named(run: Run, here: Path) -> None:
    write_tree(here, THREE)
    run("check", "--fix")
    write_tree(here, {"pkg/b.py": BEFORE})
    ran = run("undo", "pkg/b.py")
    assert (ran.code, ran.text) == (2, "")
    assert ran.err.startswith("error: nothing to undo: pkg/b.py is as it was before the run of ")
    ran = run("undo", "pkg/b.py", "--force")
    assert (ran.code, "pkg/b.py" in ran.text) == (0, True)
    assert run("undo").code == 0


@WINDOWS
def test_a_link_names_what_it_leads_to(run: Run, here: Path) -> None:
    write_tree(here, {**THREE, "real/d.py": BEFORE})
    (here / "link.py").symlink_to("real/d.py")
    (here / "folder").symlink_to("pkg")
    run("check", "--fix")
    assert run("undo", "link.py", "folder").code == 0
    fixed = [name for name in (*THREE, "real/d.py") if (here / name).read_text() == AFTER]
    assert fixed == ["a.py"]


# name → what is put away before `undo`, which restores the rest
PUT_AWAY = {"one of two": ["a.py"], "the one below": ["pkg/b.py"]}


@pytest.mark.parametrize("names", PUT_AWAY.values(), ids=PUT_AWAY)
def test_what_was_put_away_can_be_undone_later(
    run: Run, here: Path, kept: Path, names: Sequence[str]
) -> None:
    write_tree(here, TWO)
    before = read_tree(here)
    run("check", "--fix")
    after = read_tree(here)
    write_tree(here, {name: before[name] for name in names})
    ran = run("undo")
    assert (ran.code, read_tree(here)) == (0, before)
    assert "1 other file is as it was before the run already. Its record is kept" in ran.text
    ran = run("undo")
    assert (ran.code, "Its record is kept" in ran.err) == (2, True)
    write_tree(here, {name: after[name] for name in names})
    assert (run("undo").code, read_tree(here), journals(kept)) == (0, before, [])


def test_forgetting_what_was_put_away(run: Run, here: Path, kept: Path) -> None:
    write_tree(here, TWO)
    run("check", "--fix")
    write_tree(here, {"a.py": BEFORE})
    assert (run("undo", "--force").code, journals(kept)) == (0, [])


@WINDOWS
def test_a_link_out_of_the_project_leaves_the_rest_recorded(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(tmp_path, {"project/a.py": BEFORE, "elsewhere/c.py": BEFORE})
    project = tmp_path / "project"
    (project / "link.py").symlink_to("../elsewhere/c.py")
    monkeypatch.chdir(project)
    git(project, "init", "--quiet")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "Start")
    run("check", "--fix")
    come_back = put_away(project)
    assert run("undo").code == 0
    come_back()
    assert (project / "a.py").read_text() == AFTER
    assert run("undo").code == 0
    assert (project / "a.py").read_text() == (tmp_path / "elsewhere/c.py").read_text() == BEFORE


def test_a_quiet_one(run: Run, here: Path) -> None:
    write_tree(here, TWO)
    run("check", "--fix")
    (here / "a.py").write_text(CLEAN)
    assert run("undo", "-q").err.startswith("a.py: io-error: not restored: it was changed")
    ran = run("undo", "--quiet", "--force")
    assert (ran.code, ran.text, ran.err) == (0, "", "")
    assert run("undo", "-q").err.startswith("error: nothing to undo")
