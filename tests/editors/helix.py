"""Drives Helix through the steps of a test: types keys, and reads the screen of a terminal.

Runs in the root, beside Helix, with nothing but Python's own library and tmux. What Helix cannot be
asked for is seen as a user sees it: the number of diagnostics in the status line, their codes in
the corner, their severities in the picker; the text comes through the clipboard.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

CASE = Path("/mnt/case")
TMUX = ("tmux", "-f", "/dev/null", "-S", "/tmp/tmux")
PATIENCE = 60.0
WORDS = {"ERROR": 1, "WARN": 2, "INFO": 3, "HINT": 4}

Seen = TypeVar("Seen")


def until(look: Callable[[], Seen]) -> Seen:
    """Look until there is something to see, and give that; in the end, whatever there is."""
    end = time.monotonic() + PATIENCE
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return seen


def tmux(*arguments: str) -> str:
    return subprocess.run((*TMUX, *arguments), capture_output=True, text=True).stdout


def keys(*names: str) -> None:
    tmux("send-keys", *names)


def command(line: str) -> None:
    tmux("send-keys", "-l", f":{line}")
    keys("Enter")


def screen() -> str:
    """What the terminal shows, once it stays as it is."""
    before, now = "", tmux("capture-pane", "-p")
    while before != now:
        time.sleep(0.1)
        before, now = now, tmux("capture-pane", "-p")
    return now


def status() -> str:
    """The status line, which names the file."""
    return next((line for line in screen().splitlines() if "  1 sel  " in line), "")


def escape(gone: str) -> None:
    """Escape, and wait for what it ends: with another key right behind it, it would be Alt."""
    keys("Escape")
    until(lambda: gone not in screen())


def selected() -> str:
    """Through the clipboard, which is tmux's here: `:pipe-to` would count as a change."""
    tmux("delete-buffer")
    keys("Space", "y")
    return until(lambda: tmux("show-buffer")).replace("\r\n", "\n")


def text() -> str:
    keys("%")
    return selected()


def changed(act: Callable[[], object]) -> str:
    """The text that comes of an act."""
    before = text()
    act()
    until(lambda: text() != before)
    return text()


def severities() -> dict[str, int]:
    """By code, from the picker of diagnostics."""
    keys("Space", "d")
    rows = until(lambda: re.findall(r"\b(ERROR|WARN|INFO|HINT) +(SEN\d+) ", screen()))
    escape(" severity ")
    return {code: WORDS[word] for word, code in rows}


def shown(count: int) -> list[Any]:
    def counted() -> bool:
        return sum(map(int, re.findall(r"● (\d+)", status()))) == count

    until(counted)
    known = severities()
    keys("g", "g")
    found, place = [], ""
    for _ in range(count):
        keys("]", "d")
        before = place
        place = until(lambda: "" if (now := status().split()[-1]) == before else now)  # noqa: B023
        codes = re.findall(r"\((SEN\d+)\)", screen())
        line = int(place.split(":")[0]) - 1
        found.append([line, selected(), codes[0], known[codes[0]]])
    return found


def quick_fix(word: str) -> list[Any]:
    keys("g", "g", "/")
    tmux("send-keys", "-l", word)
    keys("Enter", "Space", "a")
    choice = re.compile(r"(?:Replace with|Fix all|Ignore|Explain) .*?(?=  |$)", re.MULTILINE)
    until(lambda: "Explain SEN" in screen())
    menu = choice.findall(screen())
    keys("Enter")
    until(lambda: "Explain SEN" not in screen())
    until(lambda: word not in text())
    return [menu, text()]


def fix_all() -> str:
    return changed(lambda: command("format"))


def undo() -> str:
    return changed(lambda: keys("u"))


def type_(line: str) -> str:
    def act() -> None:
        keys("g", "e", "o")
        until(lambda: " INS " in screen())
        # Pasted, because Helix 25.01 tells the server of quickly typed keys in any order.
        tmux("set-buffer", line)
        tmux("paste-buffer", "-d", "-p")
        until(lambda: line in screen())
        escape(" INS ")

    return changed(act)


def save(number: int) -> str:
    command("write")
    until(lambda: "[+]" not in status())
    return _saved(number)


def save_fixing(number: int) -> str:
    after = changed(lambda: command("write"))
    until(lambda: "[+]" not in status())
    _saved(number)
    return after


def _saved(number: int) -> str:
    """Helix saves by renaming: for an instant there may be no file."""
    file = CASE / "app" / sys.argv[1]
    until(file.exists)
    (CASE / f"saved-{number}").write_bytes(file.read_bytes())
    return text()


def stop() -> bool:
    command("lsp-stop")
    return until(lambda: "Language server exited" in screen())


ACTS: dict[str, Callable[..., Any]] = {
    "shown": shown,
    "quick_fix": quick_fix,
    "fix_all": fix_all,
    "undo": undo,
    "type": type_,
    "stop": stop,
}
SAVES: dict[str, Callable[[int], str]] = {"save": save, "save_fixing": save_fixing}


def main() -> None:
    tmux("new-session", "-d", "-x", "240", "-y", "40", "hx", sys.argv[1])
    try:
        for number, (name, *arguments) in enumerate(json.loads((CASE / "steps.json").read_text())):
            until(status)
            seen = SAVES[name](number) if name in SAVES else ACTS[name](*arguments)
            with (CASE / "observed.jsonl").open("a") as observed:
                observed.write(json.dumps(seen) + "\n")
        command("quit!")
    except Exception:
        (CASE / "screen").write_text(tmux("capture-pane", "-p"))
        raise
    finally:
        until(lambda: not tmux("list-sessions"))
        tmux("kill-server")


if __name__ == "__main__":
    main()
