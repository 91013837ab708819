"""The analysis in its own process: what it may do to the server, which is nothing."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lsp.capabilities import PUSHED
from lsp.conftest import Start
from lsp.fake_server import FAKE_WORKER
from lsp.processes import children, memory
from lsp.wire import COMMANDS, ROOT, span
from sentry_migrate import isolation
from sentry_migrate.model import CheckResult, Severity
from sentry_migrate.project.config import Settings
from sentry_migrate.worker import frames
from sentry_migrate.worker.lane import Lane, LostError

URI = "file:///w/a.py"
USE = "import sentry_sdk\nsentry_sdk.old_name()\n"
SETTINGS = Settings(severity=(("A", Severity.HINT),), root=Path("/x"), exclude=("a",))


def ask(text: str) -> frames.Analyze:
    return frames.Analyze(text, Settings(), None)


async def end(lane: Lane) -> None:
    """Close it, and let asyncio see its process end."""
    lane.close()
    while lane.pid is not None:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)


@pytest.fixture
def pythonpath(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "server"))


def test_the_server_never_imports_the_parser() -> None:
    program = (
        "import sys, asyncio; import sentry_migrate.lsp.server as s; s.build();"
        "import sentry_migrate.lsp.__main__;"
        "print([m for m in sys.modules if m.split('.')[0] in ('libcst', 'rich', 'click')])"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT / "server")}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=env, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_first_worker_starts_before_the_protocol_is_loaded() -> None:
    program = "import sys; import sentry_migrate.lsp.start; print('lsprotocol' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "server")}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=env, text=True)
    assert done.stdout.strip() == "False", done.stderr


class TestFrames:
    @pytest.mark.parametrize("text", ["", "a\x00\ud800\u2028\r\n😀", "x" * 300_000])
    def test_there_and_back(self, text: str) -> None:
        message = frames.Analyze(text, SETTINGS, "/a/b.py")
        assert frames.unpack(frames.pack(message, 1.5)[4:]) == (message, 1.5)

    @pytest.mark.parametrize("body", [b"", b"{}", b'["Unknown", {}]', b'["Analyze", {}]', b"\xff"])
    def test_anything_else_is_refused(self, body: bytes) -> None:
        with pytest.raises(ValueError, match="not a frame"):
            frames.unpack(body)

    def test_a_cut_stream_is_its_end(self, tmp_path: Path) -> None:
        whole = frames.pack(ask("x"))
        for length in (0, 2, 4, len(whole) - 1):
            (tmp_path / "f").write_bytes(whole[:length])
            with (tmp_path / "f").open("rb") as stream:
                assert frames.read(stream) is None


@pytest.mark.usefixtures("pythonpath")
class TestLane:
    async def test_one_that_runs_is_not_started_again(self) -> None:
        lane = Lane(FAKE_WORKER)
        await lane.ask(ask("x"), 10)
        lane.start()
        await asyncio.sleep(0.05)
        assert lane.starts == 1
        await end(lane)

    async def test_a_worker_that_cannot_start(self) -> None:
        lane = Lane((sys.executable, "-c", "raise SystemExit('no')"), lambda hello: None)
        with pytest.raises(LostError, match="cannot start the analysis") as error:
            await lane.ask(ask("x"), 5)
        assert error.value.kind == "crash"
        assert lane.starts == 3
        await end(lane)

    async def test_a_program_that_does_not_exist(self) -> None:
        lane = Lane(("/no/such/program",), lambda hello: None)
        with pytest.raises(LostError, match="cannot start the analysis"):
            await lane.ask(ask("x"), 5)
        await end(lane)

    async def test_a_program_that_says_something_else(self) -> None:
        program = "import os, sys; os.write(1, b'\\0\\0\\0\\2[]'); sys.stdin.read()"
        lane = Lane((sys.executable, "-c", program), lambda hello: None)
        with pytest.raises(LostError, match="cannot start the analysis"):
            await lane.ask(ask("x"), 5)
        await end(lane)

    async def test_a_project_cannot_stand_in_for_a_module(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "queue.py").write_text("raise SystemExit('this is not the library')")
        monkeypatch.chdir(tmp_path)
        lane = Lane(isolation.worker(), lambda hello: None)
        result = await lane.ask(ask("import sentry_sdk\nsentry_sdk.Hub.main\n"), 60)
        assert isinstance(result, CheckResult)
        assert len(result.findings) == 1
        assert lane.starts == 1
        await end(lane)

    async def test_over_budget(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sentry_migrate.worker.lane._SLACK", 1.0)
        lane = Lane(FAKE_WORKER, lambda hello: None)
        with pytest.raises(LostError) as error:
            await lane.ask(ask("HANG"), 0.3)
        assert error.value.kind == "timeout"
        assert await lane.ask(ask(""), 10) == CheckResult()
        assert lane.starts == 2
        await end(lane)

    async def test_a_crash_is_tried_twice_and_no_more(self) -> None:
        lane = Lane(FAKE_WORKER, lambda hello: None)
        with pytest.raises(LostError, match="ended with exit code 7"):
            await lane.ask(ask("CRASH"), 10)
        assert lane.starts == 2
        await end(lane)

    async def test_an_exception_keeps_the_process(self) -> None:
        lane = Lane(FAKE_WORKER, lambda hello: None)
        with pytest.raises(LostError, match="RuntimeError: a bug"):
            await lane.ask(ask("RAISE"), 10)
        await lane.ask(ask(""), 10)
        assert lane.starts == 1
        await end(lane)

    async def test_a_cancelled_question_does_not_confuse_the_next(self) -> None:
        lane = Lane(FAKE_WORKER, lambda hello: None)
        await lane.ask(ask(""), 10)
        asked = [asyncio.create_task(lane.ask(ask("old_name " * n), 10)) for n in range(20)]
        await asyncio.sleep(0.001)
        for task in asked[:-1]:
            task.cancel()
        answer = await asked[-1]
        assert isinstance(answer, CheckResult)
        assert len(answer.findings) == 19
        await end(lane)

    @pytest.mark.parametrize("when", ["starting", "asked"])
    async def test_closing_leaves_nobody_waiting(self, when: str) -> None:
        lane = Lane(FAKE_WORKER)
        if when == "asked":
            await lane.ask(ask(""), 10)
        asked = [asyncio.create_task(lane.ask(ask("HANG"), 1000)) for _ in range(3)]
        await asyncio.sleep(0.01 if when == "starting" else 0.3)
        lane.close()
        answers = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 30)
        assert all(isinstance(one, LostError | asyncio.CancelledError) for one in answers)
        await end(lane)

    async def test_hello(self) -> None:
        heard: list[frames.Hello] = []
        lane = Lane(FAKE_WORKER, heard.append)
        await lane.ask(ask(""), 10)
        assert heard[0].rules[0].code == "SEN901"
        await end(lane)


# seconds idle, what is asked, after how many seconds that is cancelled: is there a process later?
IDLE: list[tuple[float | None, str, float | None, bool]] = [
    (None, "", None, True),
    (None, "SLOW", 0.1, True),
    (60, "", None, True),
    (0.2, "", None, False),
    (0.2, "SLOW", None, False),
    (0.2, "RAISE", None, False),
    (0.2, "CRASH", None, False),
    (60, "HANG", 0.3, False),
    (0.2, "HANG", 0.3, False),
    (0.2, "HANG", 0.0, False),
]


@pytest.mark.usefixtures("pythonpath")
async def test_no_rest_ends_a_later_question() -> None:
    """One is cancelled while the process starts; the time that set must not run on."""
    lane = Lane(FAKE_WORKER, idle=1)
    asked = asyncio.create_task(lane.ask(ask(""), 10))
    while lane._starting is None:
        await asyncio.sleep(0.001)
    asked.cancel()
    for _ in range(6):  # longer than a second all together, never idle for that long
        assert await lane.ask(ask("SLOW"), 10) == CheckResult()
    assert lane.starts == 1
    await end(lane)


@pytest.mark.usefixtures("pythonpath")
@pytest.mark.parametrize(("idle", "text", "cancelled", "there"), IDLE)
async def test_a_lane_that_may_be_idle(
    idle: float | None, text: str, cancelled: float | None, there: bool
) -> None:
    lane = Lane(FAKE_WORKER, idle=idle)
    if cancelled != 0:
        await lane.ask(ask(""), 10)
    asked = asyncio.create_task(lane.ask(ask(text), 1000))
    if cancelled is None:
        await asyncio.wait({asked})
    else:
        await asyncio.sleep(cancelled)
        asked.cancel()
    starts = lane.starts
    await asyncio.sleep(3)
    assert (lane.pid is not None) == there
    assert lane.starts <= starts + (cancelled == 0)
    assert await lane.ask(ask(""), 10) == CheckResult()
    await end(lane)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
class TestKilling:
    @pytest.mark.timeout(400)
    @pytest.mark.slow
    async def test_again_and_again_while_typing(self, start: Start) -> None:
        client = await start(PUSHED, command=COMMANDS["fake"])
        client.open(URI, USE)
        await client.diagnostics(URI)
        assert client.process
        chance = random.Random(1)
        killed, version = 0, 1
        while killed < 60:
            version += 1
            client.replace(URI, version, USE + "lost\n" * (version % 7))
            for worker in children(client.process.pid):
                os.kill(worker, signal.SIGKILL)
                killed += 1
            await asyncio.sleep(chance.random() * 0.4)
        client.replace(URI, version + 1, USE + "lost\n" * 3)
        found = await client.diagnostics(URI, version + 1)
        if found[0]["severity"] == 3:  # killed twice over this very version; the next is fine
            client.replace(URI, version + 2, USE + "lost\n" * 3)
            found = await client.diagnostics(URI, version + 2)
        assert [one["code"] for one in found] == ["SEN901", "SEN903", "SEN903", "SEN903"]

    async def test_while_idle(self, start: Start) -> None:
        client = await start(PUSHED, command=COMMANDS["fake"])
        client.open(URI, USE)
        await client.diagnostics(URI)
        assert client.process
        for worker in children(client.process.pid):
            os.kill(worker, signal.SIGKILL)
        client.replace(URI, 2, USE + "lost")
        assert len(await client.diagnostics(URI, 2)) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_ten_thousand_changes_leave_memory_flat(start: Start) -> None:
    client = await start(PUSHED)
    text = USE + "# filler\n" * 500
    client.open(URI, text)
    await client.diagnostics(URI)
    assert client.process
    place = span(text, len(text), len(text), "utf-16")
    version = 1
    levels = []
    for _ in range(5):
        for _ in range(1000):
            client.change(URI, version + 1, [{"range": place, "text": "x"}])
            back = {"start": place["start"], "end": {**place["end"], "character": 1}}
            client.change(URI, version + 2, [{"range": back, "text": ""}])
            version += 2
        await client.diagnostics(URI, version)
        levels.append(memory(client.process.pid))
    assert version > 10_000
    assert levels[-1] - levels[0] < 4_000_000, levels
