"""Children may die, hang and fail; they never outlive us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli import dying, samples
from cli.conftest import SERVER, here_and_now
from sentry_migrate import isolation
from sentry_migrate.model import Failure
from sentry_migrate.project.config import Settings
from sentry_migrate.project.mentions import may_have_findings
from sentry_migrate.worker import lane, pool
from sentry_migrate.worker.frames import Check

TESTS = Path(__file__).parents[1]

# what the file says: (kind, words of the message)
DEATHS = {
    "segfault": ("crash", "killed by SIGSEGV"),
    "exit": ("crash", "exit code 7"),
    "fail": ("crash", "ValueError: on purpose"),
    "hang": ("timeout", "no answer within"),
    "busy": ("timeout", "more than 1 s of processor time"),
}


@pytest.mark.parametrize("processes", [1, 2])
def test_a_death_costs_one_file(monkeypatch: pytest.MonkeyPatch, processes: int) -> None:
    monkeypatch.setattr(isolation, "worker", lambda: dying.COMMAND)
    monkeypatch.setattr(lane, "_SLACK", 1.0)
    contents = ["first", *DEATHS, "between", "segfault", "segfault", "last"]
    jobs = [Check(f"{at}.py", text.encode(), Settings()) for at, text in enumerate(contents)]
    with pool.Pool(processes, 1.0) as workers:
        results = list(workers.run(jobs))
    assert [result.path for result in results] == [job.path for job in jobs]
    for text, result in zip(contents, results, strict=True):
        failure = result.result.failure
        if text not in DEATHS:
            assert failure == Failure("decode", "analysed")
            continue
        assert failure is not None
        kind, words = DEATHS[text]
        assert failure.kind == kind
        assert words in failure.message


@pytest.mark.parametrize("lanes", ["no", "no no", "no yes", "yes no", "no no yes"])
def test_a_child_that_cannot_start(monkeypatch: pytest.MonkeyPatch, lanes: str) -> None:
    """Others do its work; where none can start, no file waits for one again."""
    commands = iter([dying.COMMAND if lane == "yes" else ("/nowhere",) for lane in lanes.split()])
    monkeypatch.setattr(isolation, "worker", lambda: next(commands))
    jobs = [Check(f"{at}.py", b"text", Settings()) for at in range(40)]
    starts: list[int] = []
    spawn = lane.Lane._spawn

    async def counted(self: lane.Lane) -> lane.Process:
        starts.append(1)
        return await spawn(self)

    monkeypatch.setattr(lane.Lane, "_spawn", counted)
    with pool.Pool(len(lanes.split()), 60) as workers:
        results = list(workers.run(jobs))
    missing = "cannot start the analysis process: No such file or directory"
    said = Failure("decode", "analysed") if "yes" in lanes else Failure("crash", missing)
    assert [result.path for result in results] == [job.path for job in jobs]
    assert {result.result.failure for result in results} == {said}
    assert len(starts) == sum(3 if lane == "no" else 1 for lane in lanes.split())


def test_children_give_what_the_engine_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        "import sentry_sdk\n",
        "import sentry_sdk\nwith sentry_sdk.push_scope() as s:\n    s.set_tag('a', 'b')\n",
        "from sentry_sdk import configure_scope\n\n\ndef f():\n    with configure_scope() as s:\n        pass\n",
        "def broken(:  # sentry_sdk\n",
    ] * 3
    jobs = [Check(f"{at}.py", text.encode(), Settings(), True) for at, text in enumerate(texts)]
    with pool.Pool(2) as workers:
        for some in (jobs[:1], jobs, [], jobs[::-1]):
            assert list(workers.run(some)) == [here_and_now(job) for job in some]


def test_deep_code_is_survived() -> None:
    """Code that ends a process with the usual stack."""
    depth = 2000
    text = f"import sentry_sdk\nx = {'(' * depth}1{')' * depth}\n"
    jobs = [Check("a.py", text.encode(), Settings()), Check("b.py", BEFORE, Settings())]
    with pool.Pool(1) as workers:
        deep, usual = workers.run(jobs)
    assert deep.result.failure is None or deep.result.failure.kind == "crash"
    assert len(usual.result.findings) == 1


# path, what it holds, can it have findings?
MENTIONS = [
    ("a.py", b"import sentry\n", False),
    ("a.py", b"'sentry-sdk==1.0'", True),
    ("a.py", b"'sentry==1.0'", False),
    ("notes.txt", b"sentry-sdk==1.0", False),
    ("requirements.txt", b"sentry==1.0", False),
    ("a.py", b"# coding: cp1252\nimport sentry_sdk", True),
    ("a.py", b"x = 1  # sentry-migrate: ignore", True),
    ("requirements.txt", b"Sentry-SDK==1.0", True),
    ("setup.py", b"'Sentry-SDK==1.0'", True),
    ("noxfile.py", b"'sentry.sdk==1.0'", True),
    ("setup.py", b"'sentry==1.0'", False),
    ("uv.lock", b'name = "sentry-sdk"', True),
    ("compose.yml", b"image: getsentry/sentry:9", True),
    ("compose.yml", b"image: nginx:9", False),
    ("pyproject.toml", b"'sentry.sdk'", True),
]


@pytest.mark.parametrize(("path", "data", "expected"), MENTIONS)
def test_files_that_are_not_analysed(path: str, data: bytes, expected: bool) -> None:
    assert may_have_findings(path, data) is expected


BEFORE = samples.BEFORE.encode()
PARENT = """
from cli import dying
from sentry_migrate.project.config import Settings
from sentry_migrate.worker.frames import Check
from sentry_migrate.worker import pool

dying.replace_children()
with pool.Pool(2) as workers:
    list(workers.run([Check(f"{at}.py", b"hang", Settings()) for at in range(8)]))
"""


def children_of(process: int) -> list[int]:
    """The processes that a living process started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == process:
            found.append(int(path.parent.name))
    return found


def alive(process: int) -> bool:
    """Whether a process runs; one that has ended but was not waited for does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_no_child_outlives_a_killed_parent(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    path = os.pathsep.join((str(SERVER), str(TESTS)))
    with subprocess.Popen(
        [sys.executable, "parent.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
    ) as parent:
        deadline = time.monotonic() + 60
        while len(children := children_of(parent.pid)) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(1)  # until they are at work
        assert len(children) == 2
        assert all(map(alive, children))
        os.kill(parent.pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while any(map(alive, children)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not any(map(alive, children))
