"""What a run remembers of the files around those it checks: it is faster, and says the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from cli.conftest import SERVER, Ran, Run, here_and_now, write_tree
from cli.test_call_chains import BEFORE, CHAINS, PROJECT, TAG
from sentry_migrate.cli import facts_cache, own_directories, project_context, run_to_fixpoint
from sentry_migrate.cli.facts_cache import Facts
from sentry_migrate.cli.unchanged import SUFFIX
from sentry_migrate.model import CheckResult, Failure
from sentry_migrate.plan import Answer, Site
from sentry_migrate.project import heir_search, plan_words
from sentry_migrate.worker import pool
from sentry_migrate.worker.frames import Check, Look, Seen

FILES = {
    **PROJECT,
    "a.py": TAG,
    "main.py": BEFORE,
    "other.py": "import sentry_sdk\ndef other():\n    sentry_sdk.push_scope().__enter__()\n    tag()\n",
    "reads.py": "from a import tag\nfrom other import other, push_scope\n",
    **CHAINS["four files"][0],
}

ALL = ["main.py", "other.py", "reads.py"]
"""The files around a.py whose answers matter for it."""


@pytest.fixture
def asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that children are asked about."""
    names: list[str] = []

    def noting(_: pool.Pool, jobs: list[Check]) -> object:
        names.extend(os.path.basename(job.path) for job in jobs if job.context)
        return map(here_and_now, jobs)

    monkeypatch.setattr(pool.Pool, "run", noting)
    return names


CHECK = ("check", "--output-format", "json", "--cache-dir", "kept", "a.py")


def runs(here: Path) -> list[Path]:
    """Where what runs said is kept."""
    return [*(here / "kept").glob(f"*{SUFFIX}")]


def stored(here: Path) -> Path:
    """Where facts are kept, alone."""
    for one in runs(here):
        one.unlink()
    (file,) = (here / "kept").glob(f"*{facts_cache.SUFFIX}")
    return file


def test_what_is_known_is_not_asked_again(run: Run, here: Path, asked: list[str]) -> None:
    write_tree(here, FILES)
    first = run(*CHECK)
    assert sorted(asked) == ALL
    asked.clear()
    assert run(*CHECK) == first
    assert asked == []


HEIRS = {
    "a.py": "import sentry_sdk\nclass Order:\n    def total(self):\n        return 1\ndef f():\n"
    "    with sentry_sdk.push_scope() as scope:\n        scope.set_tag('a', str(Order().total()))\n",
    "conftest.py": "import shop\ndef fake(): return 2\nsetattr(shop.Order, 'total', fake)\n",
    "shop.py": "from a import Order\nclass Basket:\n    def __init__(self):\n        self.total = None\n",
}


def test_what_files_say_of_classes_is_read_once(
    run: Run, here: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = list[bytes]()

    def noting(module: ModuleType, name: str) -> None:
        find = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given: read.append(given[-1]) or find(*given))

    noting(heir_search, "read")
    noting(plan_words, "put_by")
    write_tree(here, HEIRS)
    first = run(*CHECK)
    assert {*read} >= {HEIRS[name].encode() for name in ("conftest.py", "shop.py")}
    read.clear()
    (here / "a.py").write_text(HEIRS["a.py"] + "x = 1\n")
    assert run(*CHECK) == first
    assert read == []
    changed = HEIRS["conftest.py"].replace("2", "3")
    (here / "conftest.py").write_text(changed)
    assert run(*CHECK) == first
    assert {*read} == {changed.encode()}


def rewrite(here: Path, old: str, new: str) -> None:
    path = here / "other.py"
    path.write_text(path.read_text().replace(old, new))


# What is asked about again after a change.
CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "nothing": (lambda here: None, []),
    "touched": (lambda here: os.utime(here / "other.py", (1, 1)), []),
    "a byte": (lambda here: rewrite(here, "tag()", "tag(2)"), ["other.py"]),
    "a setting": (
        lambda here: (here / "pyproject.toml").write_text("[tool.sentry-migrate]\nsdk-version = '2.8'\n"),
        ALL,
    ),
    "a new file": (lambda here: (here / "new.py").write_text("x = 1\n"), ["main.py"]),
    "a new file that uses the SDK": (
        lambda here: (here / "new.py").write_text("import sentry_sdk\ndef tag():\n    a\n"),
        ["main.py", "new.py"],
    ),
    "another version": (
        lambda here: damage(here, lambda found: {**found, "program": "older"}),
        ALL,
    ),
    "half a file": (
        lambda here: stored(here).write_bytes(stored(here).read_bytes()[:100]),
        ALL,
    ),
    "not JSON": (lambda here: stored(here).write_bytes(b"\xff\0"), ALL),
    "JSON as it is": (lambda here: stored(here).write_bytes(b"{}"), ALL),
    "a list": (lambda here: stored(here).write_bytes(zlib.compress(b"[]")), ALL),
    "deep": (lambda here: stored(here).write_bytes(zlib.compress(b"[" * 100_000)), ALL),
    "empty": (lambda here: stored(here).write_bytes(b""), ALL),
    "no facts": (lambda here: damage(here, lambda found: {**found, "facts": 1}), ALL),
    "other facts": (
        lambda here: damage(here, lambda found: {**found, "facts": dict.fromkeys(found["facts"], '{"x": 1}')}),
        ALL,
    ),
    "facts that are no text": (
        lambda here: damage(here, lambda found: {**found, "facts": dict.fromkeys(found["facts"], 1)}),
        ALL,
    ),
    "a directory": (lambda here: (stored(here).unlink(), Path(here, "kept").rename(here / "gone")), ALL),
}  # fmt: skip


def damage(here: Path, change: Callable[[dict[str, dict[str, str]]], object]) -> None:
    facts_cache.put(str(stored(here)), change(facts_cache.content_of(str(stored(here)))))


@pytest.mark.parametrize(("change", "again"), CHANGES.values(), ids=CHANGES)
def test_what_is_asked_again(
    run: Run, here: Path, asked: list[str], change: Callable[[Path], object], again: list[str]
) -> None:
    write_tree(here, FILES)
    run(*CHECK)
    asked.clear()
    change(here)
    ran = run(*CHECK)
    assert sorted(asked) == again
    assert ran == run("check", "--output-format", "json", "--no-cache", "a.py")
    asked.clear()
    assert run(*CHECK) == ran
    assert asked == []


def test_standard_input_is_not_around_itself(run: Run, here: Path, asked: list[str]) -> None:
    write_tree(here, FILES)
    run("check", "--no-cache", "--stdin-filename", "a.py", "-", stdin=FILES["a.py"].encode())
    assert sorted(asked) == ALL


def test_nothing_is_kept_without_a_cache(run: Run, here: Path, asked: list[str]) -> None:
    write_tree(here, FILES)
    before = sorted(here.rglob("*"))
    for _ in range(2):
        asked.clear()
        run(*CHECK, "--no-cache")
        assert sorted(asked) == ALL
    assert sorted(here.rglob("*")) == before


@pytest.mark.parametrize("place", ["pyproject.toml", "pyproject.toml/below"])
def test_a_place_where_nothing_can_be_written(run: Run, here: Path, place: str) -> None:
    write_tree(here, FILES)
    ran = run("check", "--output-format", "json", "--cache-dir", place, "a.py")
    assert ran == run("check", "--output-format", "json", "--no-cache", "a.py")
    assert (here / "pyproject.toml").read_text() == PROJECT["pyproject.toml"]


def test_git_does_not_see_it(run: Run, here: Path) -> None:
    write_tree(here, FILES)
    run(*CHECK)
    assert (here / "kept/.gitignore").read_text() == "*\n"
    assert run("check", "--cache-dir", "kept", ".").code == 1


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="they have other places")
def test_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    for value, place in (("/x", "/x"), ("relative", "/home/me/.cache"), ("", "/home/me/.cache")):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert own_directories.cache() == f"{place}/sentry-migrate"


def test_it_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts_cache, "MOST", 1000)
    for at in range(30):
        facts = Facts(str(tmp_path), ["/p"])
        assert (facts.known(Answer, "0") is not None) == (at > 0)
        facts.note(Answer((Site("k", at),)), str(at))
        facts.save()
    kept = [at for at in range(30) if Facts(str(tmp_path), ["/p"]).known(Answer, str(at))]
    assert kept[0] == 0  # it is used in each run
    assert kept[1:] == list(range(30 - len(kept) + 1, 30))
    assert len(kept) < 20


def test_projects_that_nobody_looks_at_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts_cache, "MANY", 3)
    for at in range(6):
        facts = Facts(str(tmp_path), [f"/p{at}"])
        facts.note(Answer(), "x")
        facts.save()
        for path in tmp_path.glob(f"*{facts_cache.SUFFIX}"):
            os.utime(path, ns=(0, path.stat().st_mtime_ns - 10**9))
    left = [at for at in range(6) if Facts(str(tmp_path), [f"/p{at}"]).known(Answer, "x")]
    assert left == [3, 4, 5]


def test_runs_at_the_same_time(here: Path) -> None:
    write_tree(here, FILES)
    command = [sys.executable, "-m", "sentry_migrate", *CHECK]
    environment = {**os.environ, "PYTHONPATH": str(SERVER)}
    begun = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, cwd=here)
        for _ in range(3)
    ]
    texts = {one.communicate(timeout=240)[0] for one in begun}
    assert len(texts) == 1
    (said,) = runs(here)
    assert facts_cache.content_of(str(said))
    assert facts_cache.content_of(str(stored(here)))
    assert {one.name for one in (here / "kept").iterdir()} == {".gitignore", stored(here).name}


WHOLE = ("check", "--output-format", "json", "--cache-dir", "kept", ".")


@pytest.fixture
def analysed(run: Run, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of all files that children are asked about."""
    names: set[str] = set()

    def noting(_: pool.Pool, jobs: list[Check]) -> object:
        names.update(os.path.basename(job.path) for job in jobs)
        return map(here_and_now, jobs)

    monkeypatch.setattr(pool.Pool, "run", noting)
    return names


# What is analysed again after a change, of all files: it, and whom it concerns.
OF_ALL: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "nothing": (lambda here: None, set()),
    "touched": (lambda here: os.utime(here / "other.py", (1, 1)), set()),
    "a byte": (lambda here: rewrite(here, "tag()", "tag(2)"), {"other.py"}),
    "what others asked about": (
        lambda here: rewrite(here, "sentry_sdk.push_scope().__enter__()", "pass"),
        {"other.py"},
    ),
    "who takes a name of it": (
        lambda here: (here / "reads.py").write_text("from a import tag\n"),
        {"other.py"},
    ),
    "a file that takes the same names": (
        lambda here: (here / "reads.py").write_text("x = 1\n" + FILES["reads.py"]),
        {"reads.py"},
    ),
}


@pytest.mark.parametrize(("change", "again"), OF_ALL.values(), ids=OF_ALL)
def test_what_is_analysed_again(
    run: Run, here: Path, analysed: set[str], change: Callable[[Path], object], again: set[str]
) -> None:
    write_tree(here, FILES)
    first = run(*WHOLE)
    assert analysed >= {"a.py", "main.py", "other.py"}
    analysed.clear()
    assert run(*WHOLE) == first
    assert analysed == set()
    change(here)
    ran = run(*WHOLE)
    assert analysed == again
    assert ran == run("check", "--output-format", "json", "--no-cache", ".")


# What may be in the file in which the last run said something, and what else changes: all is found
# out again
NOT_AGAIN: dict[str, Callable[[Path], object]] = {
    "half a file": lambda here: half(*runs(here)),
    "not JSON": lambda here: runs(here)[0].write_bytes(zlib.compress(b"\xff\0")),
    "JSON as it is": lambda here: runs(here)[0].write_bytes(b"{}"),
    "a list": lambda here: runs(here)[0].write_bytes(zlib.compress(b"[]")),
    "deep": lambda here: runs(here)[0].write_bytes(zlib.compress(b"[" * 100_000)),
    "empty": lambda here: runs(here)[0].write_bytes(b""),
    "another key": lambda here: spoilt(here, key="x"),
    "other answers": lambda here: spoilt(here, answers={"a.py": {"x": 1}}),
    "no answers": lambda here: spoilt(here, answers={}),
    "a byte": lambda here: rewrite(here, "tag()", "tag(2)"),
    "a new file": lambda here: (here / "new.py").write_text("x = 1\n"),
    "a file that is gone": lambda here: (here / "reads.py").unlink(),
    "a file that cannot be read": lambda here: unreadable(here / "reads.py"),
    "an excluded file": lambda here: (here / "pyproject.toml").write_text(
        "[tool.sentry-migrate]\nexclude = ['reads.py']\n"
    ),
    "another name": lambda here: (here / "reads.py").rename(here / "read.py"),
}


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoilt(here: Path, **new: object) -> None:
    (path,) = runs(here)
    facts_cache.put(str(path), {**facts_cache.content_of(str(path)), **new})


def unreadable(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


@pytest.mark.parametrize("change", NOT_AGAIN.values(), ids=NOT_AGAIN)
def test_what_was_said_is_said_again_only_if_it_holds(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object]
) -> None:
    asked: list[object] = []
    around = project_context.Project.around

    def noted(*given: object) -> project_context.Project:
        asked.append(given)
        return around(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(project_context.Project, "around", noted)
    write_tree(here, FILES)
    first = run(*WHOLE)
    asked.clear()
    assert run(*WHOLE) == first
    assert asked == []
    change(here)
    ran = run(*WHOLE)
    assert asked
    assert ran == run("check", "--output-format", "json", "--no-cache", ".")
    asked.clear()
    assert run(*WHOLE) == ran
    assert asked == []


def test_every_command_that_reports_says_it_again(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(here, FILES)
    said = [_without_time(run(*each, "--cache-dir", "kept")) for each in REPORTING]
    monkeypatch.setattr(project_context.Project, "around", None)
    again = [_without_time(run(*each, "--cache-dir", "kept")) for each in REPORTING]
    assert again == said


def _without_time(ran: Ran) -> Ran:
    return replace(ran, out=re.sub(rb'"time": "[^"]*"', b"", ran.out))


REPORTING = (
    ("check", "."),
    ("check", ".", "--output-format", "json"),
    ("status", "."),
    ("tasks", ".", "-o", "-"),
    ("report", ".", "--output-format", "json"),
)


@pytest.mark.parametrize(
    "more", [("--fix", "--diff"), ("--diff",), ("--add-ignores", "--diff"), ("--todo", "--diff")]
)
def test_what_changes_files_is_never_said_again(
    run: Run, here: Path, analysed: set[str], more: Sequence[str]
) -> None:
    write_tree(here, FILES)
    run(*WHOLE)
    run(*WHOLE, *more)
    ran = run(*WHOLE, *more)
    assert ran == run("check", "--output-format", "json", "--no-cache", ".", *more)


def test_a_failure_is_not_kept(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(here, {"a.py": TAG})
    lost = CheckResult(failure=Failure("timeout", "it took too long"))

    def losing(_: pool.Pool, jobs: list[Check]) -> object:
        return (pool.FileCheck(job.path, lost) for job in jobs)

    with monkeypatch.context() as patched:
        patched.setattr(pool.Pool, "run", losing)
        assert run(*WHOLE).code == 2
    assert run(*WHOLE) == run("check", "--output-format", "json", "--no-cache", ".")


def test_fixes_are_kept_apart_from_findings(run: Run, here: Path, analysed: set[str]) -> None:
    write_tree(here, FILES)
    run(*WHOLE)
    analysed.clear()
    fixed = run(*WHOLE, "--fix", "--diff")
    assert "a.py" in analysed
    assert fixed == run("check", "--output-format", "json", "--no-cache", ".", "--fix", "--diff")


def test_files_of_one_name_are_told_apart(
    run: Run, here: Path, analysed: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(here, {**PROJECT, "one/a.py": TAG, "two/a.py": TAG})
    for directory in ("one", "two"):
        analysed.clear()
        monkeypatch.chdir(here / directory)
        run("check", "--cache-dir", str(here / "kept"), "a.py")
        assert analysed == {"a.py"}


@pytest.mark.parametrize("first", [1, 2, 1000])
def test_how_many_files_are_analysed_at_once_is_of_no_concern(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    write_tree(here, FILES)
    ran = run("check", "--output-format", "json", "--no-cache", ".")
    monkeypatch.setattr(run_to_fixpoint, "_FIRST", first)
    assert run("check", "--output-format", "json", "--no-cache", ".") == ran


@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize("cache", ["--no-cache", "--cache-dir=kept"])
def test_who_reads_the_files_is_of_no_concern(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, cache: str, answers: bool
) -> None:
    """Whether the command reads them itself, its children do, or these are lost over it."""
    write_tree(here, FILES)
    ran = run("check", "--output-format", "json", "--no-cache", ".")
    asked: list[Look] = []
    look = pool.Pool.look

    def noted(workers: pool.Pool, files: Sequence[Look]) -> Iterator[Seen | None]:
        asked.extend(files)
        return look(workers, files) if answers else iter([None] * len(files))

    monkeypatch.setattr(pool.Pool, "look", noted)
    monkeypatch.setattr(project_context, "_WORTHWHILE", 1)
    monkeypatch.setattr(project_context, "_AT_ONCE", 2)
    for _ in range(2):
        assert run("check", "--output-format", "json", cache, ".") == ran
    assert asked
