"""The program as the shell sees it: real processes, real streams, what is imported when."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.conftest import SERVER, Run, write_tree
from cli.samples import AFTER, BEFORE, BROKEN
from sentry_migrate import __version__

README = (SERVER.parent / "README.md").read_text(encoding="utf-8")
HEAVY = ("libcst", "pygls", "lsprotocol", "rich", "pathspec", "packaging")

# arguments: which of them are loaded in the process that was started
LOADS: dict[str, set[str]] = {
    "--version": set(),
    "check --help": set(),
    "check empty": set(),
    "check app.py": set(),
    "check --fix app.py": set(),
    "report --output-format json app.py": set(),
    "report app.py": {"libcst"},  # the rules' words are on the page
    "rule SEN101": {"libcst"},
    "server --stdio": {"pygls", "lsprotocol"},
}


@pytest.mark.parametrize(("arguments", "allowed"), LOADS.items())
def test_loads_no_more_than_it_needs(here: Path, arguments: str, allowed: set[str]) -> None:
    write_tree(here, {"app.py": BEFORE, "empty/app.py": ""})
    # An audit hook tells at once; the server does not end in a way that runs exit handlers.
    code = (
        "import sys; from sentry_migrate.cli import main\n"
        "if __name__ == '__main__':\n"
        "    def tell(event, details):\n"
        f"        if event == 'import' and details[0] in {HEAVY}:\n"
        "            print('loads', details[0], file=sys.stderr)\n"
        "    sys.addaudithook(tell)\n"
        f"    sys.argv = ['sentry-migrate', *{arguments.split()}]; main()\n"
    )
    write_tree(here, {"start": code})
    done = subprocess.run(
        [sys.executable, "start"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        text=True,
        check=False,
    )
    lines = done.stderr.splitlines()
    assert {line.removeprefix("loads ") for line in lines if line.startswith("loads ")} == allowed


def test_version(execute: Run) -> None:
    assert execute("--version").text == f"sentry-migrate {__version__}\n"


def test_help_tells_the_exit_codes(execute: Run) -> None:
    assert "2  wrong arguments or settings" in execute("check", "--help").text


def test_fixes_a_tree(execute: Run, here: Path) -> None:
    write_tree(here, {f"pkg/m{at}.py": BEFORE for at in range(9)} | {"bad.py": BROKEN})
    ran = execute("check", "--fix", "-j2")
    assert (ran.code, "(9 fixed, 0 remaining)" in ran.text) == (1, True)
    assert "bad.py" in ran.err
    assert {path.read_text() for path in here.glob("pkg/*.py")} == {AFTER}


@pytest.mark.parametrize(
    "data",
    [BEFORE.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + BEFORE.encode(), b"x = '\xff'\r\n\r"],
)
def test_filters_bytes(execute: Run, data: bytes) -> None:
    ran = execute("check", "--fix", "-", stdin=data)
    assert ran.out == data.replace(
        b"with sentry_sdk.configure_scope() as scope:", b"scope = sentry_sdk.get_isolation_scope()"
    ).replace(b"        scope", b"    scope")


def test_code_that_the_terminal_cannot_show_is_shown_escaped(here: Path) -> None:
    write_tree(here, {"app.py": BEFORE.replace("as scope", "as scöpe").replace("scope.", "scöpe.")})
    done = subprocess.run(
        [sys.executable, "-m", "sentry_migrate", "check"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(SERVER), "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert done.returncode == 1
    assert rb"as sc\xf6pe:" in done.stdout


def test_a_reader_that_leaves_early_is_no_error(here: Path) -> None:
    write_tree(here, {f"m{at}.py": BEFORE * 30 for at in range(9)})
    with subprocess.Popen(
        [sys.executable, "-m", "sentry_migrate", "check"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SERVER)},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


COMPLETIONS = {
    "bash": "complete -o nosort",
    "zsh": "#compdef sentry-migrate",
    "fish": "complete --no-files --command sentry-migrate",
}


@pytest.mark.parametrize(("shell", "words"), COMPLETIONS.items())
def test_shell_completion(here: Path, shell: str, words: str) -> None:
    (line,) = re.findall(rf"^- {shell}: `(.*)`$", README, re.MULTILINE)
    (name,) = re.findall(r"_SENTRY_MIGRATE_COMPLETE=(\w+) sentry-migrate", line)
    done = subprocess.run(
        [sys.executable, "-m", "sentry_migrate"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(SERVER), "_SENTRY_MIGRATE_COMPLETE": name},
        text=True,
        check=False,
    )
    assert words in done.stdout


@pytest.mark.parametrize("name", ["queue", "click", "libcst", "json"])
def test_a_module_of_the_project_is_not_run(here: Path, name: str) -> None:
    trap = f"print('{name} of the project')\nraise SystemExit(77)\n"
    write_tree(here, {f"{name}.py": trap, "app.py": BEFORE})
    done = subprocess.run(
        [sys.executable, "-m", "sentry_migrate", "check", "--isolated", "app.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "SEN101" in done.stdout) == (1, True), done.stderr
