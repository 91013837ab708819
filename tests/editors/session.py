"""One session: an editor in a root, the steps it is driven through, and what came of it.

Owns the directory of a case, which is the editor's home and working directory at once, and the
end: the editor, the server and everything they started must be gone. Knows no editor; a driver
beside this file reads `steps.json`, does what it says and writes `observed.jsonl`, a line for each step.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editors.install import PROJECT, root

HERE = Path(__file__).parent
PATIENCE = 300
"""Seconds for a whole session. A driver's own waits are shorter, so that it can say what it saw."""

# What a snippet's `sentry-migrate` is. The CLI is not recorded, it has nothing to say to editors.
COMMAND = """\
#!/bin/sh
export PYTHONPATH=/mnt/project/server:/opt/server PYTHONPYCACHEPREFIX=/opt/pycache
case $1 in
    server) exec python3 /mnt/project/tests/editors/tee.py "/mnt/case/trace.jsonl" \\
        python3 /mnt/project/tests/editors/patient.py "$@" ;;
    *) exec python3 -m sentry_migrate "$@" ;;
esac
"""

ENVIRONMENT = {
    "HOME": "/mnt/case/home",
    "PATH": "/mnt/case/bin:/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TERM": "xterm-256color",
}

Trace = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Ended:
    """What is left of a session."""

    observed: list[Any]
    """One entry for each step."""
    trace: Trace
    exits: list[int]
    """The exit code of each server whose editor waited for it."""
    output: str


@dataclass(frozen=True, slots=True)
class Case:
    """A directory that an editor sees as `/mnt/case`."""

    path: Path

    def write(self, name: str, content: bytes) -> None:
        """A file below `app/`, the project that is edited."""
        self._put(f"app/{name}", content)

    def configure(self, name: str, content: str) -> None:
        """A file of the user's own, below their home."""
        self._put(f"home/{name}", content.encode())

    def saved(self, step: int) -> bytes:
        """The file's bytes after the step that saved it."""
        return (self.path / f"saved-{step}").read_bytes()

    def run(self, release: str, command: Sequence[str], steps: Sequence[Sequence[Any]]) -> Ended:
        """Run an editor until it ends. Fails with all that was said if it ends badly."""
        self._put("bin/sentry-migrate", COMMAND.encode())
        (self.path / "bin/sentry-migrate").chmod(0o755)
        self._put("steps.json", json.dumps(steps).encode())
        self._put("app/pyproject.toml", b"")
        environment = (f"{name}={value}" for name, value in ENVIRONMENT.items())
        where = ("env", "--ignore-environment", "--chdir=/mnt/case/app", *environment)
        inside = subprocess.Popen(
            (*self._inside(release), *where, *command),
            stdin=subprocess.PIPE,  # open as long as the editor runs, as a terminal is
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            output = _read_all(inside, PATIENCE).decode(errors="replace")
        finally:
            inside.kill()
            inside.wait()
        return self._ended(inside.returncode, output)

    def _ended(self, code: int, output: str) -> Ended:
        lines = self._lines("trace.jsonl")
        trace = [(line["who"], line["message"]) for line in lines if "who" in line]
        recent = "".join(f"{who}: {json.dumps(message)}\n" for who, message in trace[-10:])
        left = "\n".join((recent, self._tail("failure.txt"), self._tail("screen"), output))
        assert code == 0, f"the editor exited {code}\n{left}"
        observed = self._lines("observed.jsonl")
        steps = json.loads((self.path / "steps.json").read_bytes())
        assert len(observed) == len(steps), f"the editor ended before its time\n{left}"
        exits = [line["exit"] for line in lines if "exit" in line]
        return Ended(observed, trace, exits, output)

    def _tail(self, name: str) -> str:
        path = self.path / name
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    def _lines(self, name: str) -> list[Any]:
        path = self.path / name
        return [json.loads(line) for line in path.open(encoding="utf-8")] if path.exists() else []

    def _inside(self, release: str) -> tuple[str, ...]:
        """Ends with this process, however this process ends, and takes all its children along."""
        return (
            *("setpriv", "--pdeathsig", "KILL"),
            *("unshare", "--mount", "--pid", "--fork", "--kill-child=KILL"),
            *(str(HERE / "inside.sh"), str(root(release)), str(PROJECT), str(self.path)),
        )

    def _put(self, name: str, content: bytes) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _read_all(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """`communicate`, but standard input stays open."""
    assert process.stdout
    ended = threading.Timer(seconds, process.kill)
    ended.start()
    try:
        return process.stdout.read()
    finally:
        ended.cancel()
        process.wait()
