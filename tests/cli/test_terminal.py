"""What a person at a terminal sees, and a pipe does not get."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.samples import BEFORE

pty = pytest.importorskip("pty", reason="terminals of Unix")


def at_a_terminal(here: Path, *arguments: str) -> str:
    """What the command shows there."""
    reader, terminal = pty.openpty()
    command = [sys.executable, "-m", "sentry_migrate", *arguments]
    environment = {**os.environ, "TERM": "dumb", "COLUMNS": "120"}
    with subprocess.Popen(
        command, cwd=here, env=environment, stdin=terminal, stdout=terminal, stderr=terminal
    ) as process:
        os.close(terminal)
        shown = b""
        while True:
            try:
                more = os.read(reader, 1 << 16)
            except OSError:  # the end, on Linux
                break
            if not more:
                break
            shown += more
        process.wait(60)
    os.close(reader)
    return shown.decode().replace("\r\n", "\n")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(BEFORE)
    return tmp_path


def test_a_report_is_laid_out(here: Path) -> None:
    shown = at_a_terminal(here, "report", "--no-cache")
    assert "<html" not in shown
    assert "app.py" in shown
    assert "| --- |" not in shown


@pytest.mark.parametrize("kind", ["html", "markdown", "json"])
def test_a_format_that_was_asked_for_is_given(here: Path, kind: str) -> None:
    shown = at_a_terminal(here, "report", "--no-cache", "--output-format", kind)
    starts = {"html": "<!doctype html>", "markdown": "**", "json": "{"}
    assert shown.lower().lstrip().startswith(starts[kind]) or kind == "markdown"
    assert (kind == "markdown") is ("| --- |" in shown or "|---|" in shown)


def test_where_the_report_is(here: Path) -> None:
    shown = at_a_terminal(here, "report", "--no-cache", "-o", "left.html")
    assert shown.strip() == "Wrote left.html."
    assert "<html" in (here / "left.html").read_text()
