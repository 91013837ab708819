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
from cli.conftest import SERVER
from sentry_migrate.config import Settings
from sentry_migrate.engine import pool

TESTS = Path(__file__).parents[1]

# what the file says: (kind, words of the message)
DEATHS = {
    "segfault": ("crash", "killed by SIGSEGV"),
    "exit": ("crash", "exit code 7"),
    "fail": ("crash", "ValueError: on purpose"),
    "hang": ("timeout", "not analysed within"),
}


@pytest.mark.parametrize("processes", [1, 2])
def test_a_death_costs_one_file(monkeypatch: pytest.MonkeyPatch, processes: int) -> None:
    monkeypatch.setattr(pool, "_examine_deep", dying.examine)
    monkeypatch.setattr(pool, "SECONDS", 5.0)
    contents = ["first", *DEATHS, "between", "segfault", "segfault", "last"]
    jobs = [pool.Job(f"{at}.py", text.encode(), Settings()) for at, text in enumerate(contents)]
    results = list(pool.run(jobs, processes))
    assert [result.path for result in results] == [job.path for job in jobs]
    for text, result in zip(contents, results, strict=True):
        failure = result.report.failure
        if text not in DEATHS:
            assert failure is None
            assert result.text == f"{result.path} analysed"
            continue
        assert failure is not None
        kind, words = DEATHS[text]
        assert failure.kind == kind
        assert words in failure.message


def test_children_give_what_the_engine_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        "import sentry_sdk\n",
        "import sentry_sdk\nwith sentry_sdk.push_scope() as s:\n    s.set_tag('a', 'b')\n",
        "from sentry_sdk import configure_scope\n\n\ndef f():\n    with configure_scope() as s:\n        pass\n",
        "def broken(:  # sentry_sdk\n",
    ] * 3
    jobs = [pool.Job(f"{at}.py", text.encode(), Settings(), True) for at, text in enumerate(texts)]
    assert list(pool.run(jobs, 2)) == [pool.examine(job) for job in jobs]


def test_deep_code_is_survived() -> None:
    """Code that ends a process with the usual stack."""
    depth = 2000
    text = f"import sentry_sdk\nx = {'(' * depth}1{')' * depth}\n"
    jobs = [pool.Job("a.py", text.encode(), Settings()), pool.Job("b.py", BEFORE, Settings())]
    deep, usual = pool.run(jobs, 1)
    assert deep.report.failure is None or deep.report.failure.kind == "crash"
    assert len(usual.report.findings) == 1


# path, what it holds, can it have findings?
MENTIONS = [
    ("a.py", b"import sentry\n", False),
    ("a.py", b"sentry-sdk==1.0", False),
    ("notes.txt", b"sentry-sdk==1.0", False),
    ("requirements.txt", b"sentry==1.0", False),
    ("a.py", b"# coding: cp1252\nimport sentry_sdk", True),
    ("a.py", b"x = 1  # sentry-migrate: ignore", True),
    ("requirements.txt", b"Sentry-SDK==1.0", True),
    ("pyproject.toml", b"'sentry.sdk'", True),
]


@pytest.mark.parametrize(("path", "data", "expected"), MENTIONS)
def test_files_that_are_not_analysed(path: str, data: bytes, expected: bool) -> None:
    assert pool.mentions_sentry(path, data) is expected


BEFORE = samples.BEFORE.encode()
PARENT = """
import multiprocessing, threading, time
from cli import dying
from sentry_migrate.config import Settings
from sentry_migrate.engine import pool

def tell():
    while len(multiprocessing.active_children()) < 2:
        time.sleep(0.01)
    time.sleep(1.0)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)

if __name__ == "__main__":
    pool._examine_deep = dying.examine
    threading.Thread(target=tell).start()
    list(pool.run([pool.Job(f"{at}.py", b"hang", Settings()) for at in range(8)], 2))
"""


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
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        children = [int(word) for word in parent.stdout.readline().split()]
        assert len(children) == 2
        assert all(map(alive, children))
        os.kill(parent.pid, signal.SIGKILL)
        deadline = time.monotonic() + 2
        while any(map(alive, children)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not any(map(alive, children))
