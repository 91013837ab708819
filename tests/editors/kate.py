"""Drives Kate through the steps of a test: presses keys on a screen that nobody sees.

Runs in the root, beside Kate, with nothing but Python's own library, Xvfb and xdotool. Kate cannot
be asked for what it shows: what it was told of findings is in the trace, and its text on the disk.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

CASE = Path("/mnt/case")
PATIENCE = 60.0

Seen = TypeVar("Seen")


def until(look: Callable[[], Seen]) -> Seen:
    """Look until there is something to see, and give that; in the end, whatever there is."""
    end = time.monotonic() + PATIENCE
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.1)
    return seen


def xdotool(*arguments: str) -> str:
    done = subprocess.run(("xdotool", *arguments), capture_output=True, text=True)
    return done.stdout.strip()


def keys(*names: str) -> None:
    for name in names:
        xdotool("key", "--clearmodifiers", name)
        time.sleep(0.2)


def text() -> str:
    return (CASE / "app" / sys.argv[1]).read_bytes().decode()


def changed(act: Callable[[], object]) -> str:
    """The text that comes of an act, as saved."""
    before = text()

    def saved() -> bool:
        keys("ctrl+s")
        return text() != before

    act()
    until(saved)
    return text().replace("\r\n", "\n")


def told(count: int) -> list[Any]:
    """What the server said last of findings, once it is so many."""

    def last() -> list[Any]:
        found: list[Any] = []
        trace = CASE / "trace.jsonl"
        for line in trace.read_text().splitlines() if trace.exists() else ():
            message = json.loads(line).get("message", {})
            if message.get("method") == "textDocument/publishDiagnostics":
                found = message["params"]["diagnostics"]
        return found

    until(lambda: len(last()) == count)
    return [[one["range"]["start"]["line"], one["code"], one["severity"]] for one in last()]


def quick_fix(line: int, column: int) -> str:
    """At a place that counts from 0: Kate makes every edit that it gets."""
    keys("ctrl+Home", *["Down"] * line, *["Right"] * column)
    return changed(lambda: keys("ctrl+period"))


def undo() -> str:
    return changed(lambda: keys("ctrl+z"))


def type_(line: str) -> str:
    def act() -> None:
        keys("ctrl+End")
        xdotool("type", "--delay", "30", line)
        keys("Escape", "Return")

    return changed(act)


def stop() -> bool:
    keys("ctrl+q")
    return until(lambda: not xdotool("search", "--onlyvisible", "--class", "kate"))


ACTS: dict[str, Callable[..., Any]] = {
    "told": told,
    "quick_fix": quick_fix,
    "undo": undo,
    "type": type_,
    "stop": stop,
}


def main() -> None:
    # A screen's number counts for the whole machine, so Xvfb takes one that is free and says which.
    ours, its = os.pipe()
    screen = ("Xvfb", "-displayfd", str(its), "-screen", "0", "1280x800x24", "-nolisten", "tcp")
    shown = subprocess.Popen(screen, stderr=subprocess.DEVNULL, pass_fds=(its,))
    os.close(its)
    with os.fdopen(ours) as number:
        os.environ.update(DISPLAY=f":{number.readline().strip()}", XDG_RUNTIME_DIR="/tmp")
    command = ("dbus-run-session", "--", "kate", "--block", "--startanon", sys.argv[1])
    with (CASE / "screen").open("w") as output:
        editor = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
    try:
        until(lambda: xdotool("search", "--onlyvisible", "--class", "kate"))
        xdotool("search", "--onlyvisible", "--class", "kate", "windowfocus")
        for name, *arguments in json.loads((CASE / "steps.json").read_text()):
            seen = ACTS[name](*arguments)
            with (CASE / "observed.jsonl").open("a") as observed:
                observed.write(json.dumps(seen) + "\n")
    finally:
        try:
            editor.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(editor.pid, signal.SIGKILL)
        shown.terminate()
        shown.wait()


if __name__ == "__main__":
    main()
