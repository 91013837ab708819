"""One odd directory entry, name or stream costs itself: the real program, in a process of its own."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Run

CODE = b"from sentry_sdk import Hub\n\nHub.current.flush()\n"
FIXED = b"from sentry_sdk import flush\n\nflush()\n"
SECONDS = 60
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

fcntl = pytest.importorskip("fcntl", reason="names and pipes of Unix")


def program(
    here: Path, *arguments: str | bytes, env: dict[str, str] | None = None, prefix: str = ""
) -> subprocess.CompletedProcess[bytes]:
    """`sentry-migrate` as a shell starts it; `prefix` are shell commands before it."""
    words = [os.fsdecode(one) for one in (sys.executable, "-m", "sentry_migrate", *arguments)]
    command = prefix + " ".join(one if one[:1] in "<>" else shlex.quote(one) for one in words)
    return subprocess.run(
        ["bash", "-c", os.fsencode(command)],
        cwd=here,
        capture_output=True,
        timeout=SECONDS,
        env={**os.environ, **(env or {})},
        check=False,
    )


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def listening(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def to_memory(path: Path) -> None:
    path.symlink_to("/proc/self/mem")


def to_null(path: Path) -> None:
    path.symlink_to("/dev/null")


def to_zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def a_folder(path: Path) -> None:
    path.mkdir()


def through_a_file(path: Path) -> None:
    path.symlink_to("ok.py/x.py")


def around(path: Path) -> None:
    path.symlink_to("..", target_is_directory=True)


KINDS: tuple[Callable[[Path], None], ...] = (
    *(os.mkfifo, loop, listening, to_memory, to_null, to_zeros, dangling, a_folder),
    *(through_a_file, around),
)
NAMES = (
    *("x.py", "x.pyi", "__init__.py", "pyproject.toml", "requirements.txt", "setup.cfg"),
    *("setup.py", "Pipfile", "poetry.lock", "uv.lock", ".gitignore", ".git"),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_is_no_file_costs_itself(kind: Callable[[Path], None], tmp_path: Path) -> None:
    for name in NAMES:
        if kind is not to_memory or name != "pyproject.toml":  # settings there are, but unreadable
            kind(tmp_path / name)
    (tmp_path / "ok.py").write_bytes(CODE)
    done = program(tmp_path, "check", "--fix", ".")
    assert (tmp_path / "ok.py").read_bytes() == FIXED
    assert done.returncode in (0, 2)
    assert b"Traceback" not in done.stderr
    for line in done.stderr.decode().splitlines():
        known = ("so it counts as missing", "is skipped: Too many levels of symbolic links")
        assert (
            (line.startswith("warning: ") and line.endswith(known))
            or ": io-error: " in line
            or line == "Failed on 1 file."
        )


LONG = b"x" * 252 + b".py"
ODD_NAMES = (
    *(b"caf\xe9.py", b"\xff\xfe.py", "caf\u00e9.py".encode(), "\u202egnp.py".encode()),
    *(b"a\nb.py", b"a\tb.py", b"a\x1b[31mb.py", b"a\rb.py", b"\x07.py", b"a\\b.py", b'q"q.py'),
    *(
        b"a b.py",
        b" a.py",
        b"a '$x.py",
        b"-x.py",
        b"#.py",
        b"x" * 252 + b".py",
        b"a\xe2\x80\xa8b.py",
    ),
)


@pytest.fixture
def odd(tmp_path: Path) -> list[Path]:
    """Files with all the names."""
    paths = [Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))) for name in ODD_NAMES]
    for path in paths:
        path.write_bytes(CODE)
    return paths


@pytest.mark.parametrize("env", [{}, C_LOCALE], ids=["utf-8", "C"])
def test_names_are_shown_and_their_files_fixed(
    env: dict[str, str], odd: list[Path], tmp_path: Path
) -> None:
    for form in ("full", "json") if env else ("concise",):
        done = program(tmp_path, "check", "--output-format", form, env=env)
        assert (done.returncode, done.stderr) == (1, b"")
        assert not set(done.stdout) & {7, 9, 13, 27}
        assert form == "json" or b"\xe2\x80\xae" not in done.stdout
        assert done.stdout.count(b"SEN206") == len(odd)
    files = (b"r\xe9.txt", "r\u00e9.txt".encode(), b"a\nb.txt")
    for form, name in zip(("html", "markdown", "json") if env else (), files, strict=False):
        done = program(tmp_path, "report", "--output-format", form, "-o", name, env=env)
        assert done.returncode == 0
        assert done.stderr.startswith(b"Wrote ")
        assert done.stderr.count(b"\n") == 1
        assert os.path.getsize(os.path.join(os.fsencode(tmp_path), name))
    done = program(tmp_path, "report", "-o", b"r" * 300, env=env)
    assert done.returncode == 2
    assert done.stderr.endswith(b"io-error: not written: File name too long\n")
    done = program(tmp_path, "check", "--fix", "-q", env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert {path.read_bytes() for path in odd} == {FIXED}


# what is written for programs → what is in it that is not ASCII
FOR_PROGRAMS = {
    "check --output-format json": "caf\u00e9.py",
    "check --statistics --output-format json": "",
    "report --output-format json": "caf\u00e9.py",
    "report --output-format markdown": "caf\u00e9.py",
    "report": "caf\u00e9.py",
    "rule --all --output-format json": "\u2026",
    "rule --all": "\u2026",
}


@pytest.mark.parametrize("env", [C_LOCALE, {"PYTHONIOENCODING": "cp1252"}], ids=["C", "cp1252"])
@pytest.mark.parametrize("line", FOR_PROGRAMS)
def test_what_programs_read_is_utf_8(line: str, env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "caf\u00e9.py").write_bytes(CODE)
    done = program(tmp_path, *line.split(), env=env)
    text = done.stdout.decode()
    assert FOR_PROGRAMS[line] in text or (env is C_LOCALE and "caf" in text)  # no name has an é
    assert done.stderr == b""


@pytest.mark.parametrize("tool", ["patch", "git"])
def test_the_diff_is_taken(tool: str, odd: list[Path], tmp_path: Path) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"no {tool}")
    odd.pop(ODD_NAMES.index(LONG)).unlink()  # patch makes longer ones of it
    diff = program(tmp_path, "check", "--diff", "-q").stdout
    command = {"patch": ["patch", "-p0", "-s"], "git": ["git", "apply", "-p0"]}[tool]
    subprocess.run(command, cwd=tmp_path, input=diff, check=True, timeout=SECONDS)
    assert {path.read_bytes() for path in odd} == {FIXED}


# what the shell does to the program's streams → exit code, words on standard error
STREAMS = {
    "check . >/dev/full": (2, "error: No space left on device"),
    "check --diff . >/dev/full": (2, "error: No space left on device"),
    "report . >/dev/full": (2, "error: No space left on device"),
    "rule --all >/dev/full": (2, "error: No space left on device"),
    "check --output-format json . >/dev/full": (2, "error: No space left on device"),
    "check . >&-": (2, "error: standard output is closed"),
    "report . >&-": (2, "error: standard output is closed"),
    "check . 2>&-": (1, ""),
    "check . <&-": (1, ""),
    "check - <&-": (2, "error: standard input is closed"),
    "check . >&- 2>&- <&-": (2, ""),
    "check . 2>/dev/full": (1, ""),
}


@pytest.mark.parametrize("line", STREAMS)
def test_streams(line: str, tmp_path: Path) -> None:
    (tmp_path / "ok.py").write_bytes(CODE)
    command = f"{shlex.quote(sys.executable)} -m sentry_migrate {line}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, timeout=SECONDS, check=False
    )
    code, words = STREAMS[line]
    assert (done.returncode, done.stderr.decode().strip()[: len(words) or None]) == (code, words)
    assert b"Traceback" not in done.stderr
    assert (tmp_path / "ok.py").read_bytes() == CODE


# arguments with a file to write → what is said
NOT_TO_BE_WRITTEN = {
    ("check", "-o", "ok.py"): "would be lost",
    ("check", "--fix", "--output-format", "json", "-o", "./ok.py"): "would be lost",
    ("check", "-o", "--fix"): "'--fix' is an option, and no file is named before it",
    (
        "check",
        "--output-file=-q",
    ): "a file of such a name is `./-q`",
    ("next", "--pr-text", "--yes"): "'--yes' is an option",
    ("prove", "--record", "--"): "'--' is an option",
    ("check", "-o", "link.txt"): "would be lost",
    ("check", "-o", "pyproject.toml"): "would be lost",
    ("check", "-o", "requirements/new.txt"): "would be lost",
    ("check", "-o", ""): "is empty",
    ("report", "-o", "new.py"): "would be lost",
    ("tasks", "--force", "-o", "a.ipynb"): "would be lost",
    ("check", "--fix", "--output-format", "json", "-o", "no/x.json"): "no is no directory",
    ("report", "-o", "ok.py/x"): "ok.py is no directory",
    ("tasks", "-o", "no/x.md"): "no is no directory",
}


@pytest.mark.parametrize(("arguments", "said"), NOT_TO_BE_WRITTEN.items(), ids=str)
def test_code_is_not_written_over(run: Run, here: Path, arguments: list[str], said: str) -> None:
    (here / "ok.py").write_bytes(CODE)
    (here / "link.txt").symlink_to("ok.py")
    ran = run(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert sorted(set(os.listdir(here)) - {".git"}) == ["link.txt", "ok.py"]
    assert (here / "ok.py").read_bytes() == CODE


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "ok.py").write_bytes(CODE * 3000)
    command = f"{shlex.quote(sys.executable)} -m sentry_migrate check . | head -1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, timeout=SECONDS, check=False
    )
    assert done.stderr == b""


def test_a_deleted_folder(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    done = program(tmp_path, "check", ".", prefix="cd gone && rmdir ../gone && ")
    said = done.stderr.decode().splitlines()
    assert (done.returncode, said) == (2, ["error: the current folder no longer exists"])


@pytest.mark.parametrize("files", [6, 8, 10, 12, 16, 24, 32])
def test_few_open_files_are_enough_or_an_error(files: int, tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"m{number}.py").write_bytes(CODE)
    done = program(tmp_path, "check", "-q", ".", prefix=f"ulimit -n {files}; ")
    assert b"Traceback" not in done.stderr
    if done.returncode == 1:
        assert done.stdout.count(b"SEN206") == 4
    else:
        assert done.returncode == 2
        assert done.stderr.strip()


NOBODY = (
    *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
    *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
)
"""Root may start any number of processes: there the command is run by somebody else, who may still
read everything."""


@pytest.mark.parametrize(
    "links", [("a.py", "z.py", "sub/m.py"), ("sub/z.py", "sub/a.py", "sub/k.py"), ("z.py",)]
)
def test_a_file_with_links_is_shown_by_its_own_name(tmp_path: Path, links: tuple[str, ...]) -> None:
    """`git apply` and `patch` refuse to change a link."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "m.py").write_bytes(CODE)
    for link in links:
        (tmp_path / link).symlink_to(tmp_path / "m.py")
    for arguments in ((".",), (*links, "m.py"), ("m.py", *links), ("sub", ".")):
        done = program(tmp_path, "check", "--diff", *arguments)
        names = [line for line in done.stdout.decode().splitlines() if line.startswith("+++ ")]
        assert names == ["+++ m.py"], arguments


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="a program of Linux")
@pytest.mark.parametrize(
    ("command", "processes"),
    [
        *(("check -", processes) for processes in range(5)),
        *((command, 2) for command in ("check --fix -", "check --diff -", "report")),
    ],
)
def test_no_processes_is_an_error(tmp_path: Path, command: str, processes: int) -> None:
    """The limit counts threads, too. That of nobody counts what others run as nobody."""
    (tmp_path / "ok.py").write_bytes(CODE)
    as_nobody = NOBODY if os.geteuid() == 0 else ()
    limited = (*as_nobody, "prlimit", f"--nproc={processes}:{processes}")
    done = subprocess.run(
        [*limited, sys.executable, "-m", "sentry_migrate", *command.split()], input=CODE,
        cwd=tmp_path, capture_output=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    first, *others = done.stderr.decode().splitlines()
    assert done.returncode == 2
    assert re.match("error: cannot start a thread: |.*: internal-error: cannot start the", first)
    assert others in ([], ["Failed on 1 file."])


def test_a_substitution_is_read(tmp_path: Path) -> None:
    (tmp_path / "ok.txt").write_bytes(CODE)
    done = program(tmp_path, "check", "-q", "<(cat ok.txt)")
    assert (done.returncode, done.stdout.count(b"SEN206")) == (1, 1)


def test_a_pipe_that_was_named_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.py")
    done = program(tmp_path, "check", "x.py")
    assert (done.returncode, done.stderr) == (2, b"x.py: io-error: Not a regular file\n")


MANY = 200


def many(tmp_path: Path) -> None:
    for number in range(MANY):
        (tmp_path / f"m{number}.py").write_bytes(CODE)


def start(tmp_path: Path, first: str = "pass") -> subprocess.Popen[bytes]:
    program = f"import signal, sys; {first}; from sentry_migrate.__main__ import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, "check", "--fix", "-j", "1", "."],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def fixed(tmp_path: Path) -> int:
    texts = [path.read_bytes() for path in tmp_path.glob("*.py")]
    assert set(texts) <= {CODE, FIXED}
    return texts.count(FIXED)


def wait_for_some(tmp_path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline and fixed(tmp_path) < 3:
        time.sleep(0.01)


IGNORING = "signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""So `nohup` starts a program, and a shell without job control what ends with `&`."""
# Ctrl-C in a terminal is heard by the children too; the system, a service or a person terminates.
SIGNALS = {
    "Ctrl-C": (os.killpg, signal.SIGINT, 130, "pass"),
    "a person": (os.kill, signal.SIGTERM, 143, "pass"),
    "a service": (os.killpg, signal.SIGTERM, 143, "pass"),
    "a person, where Ctrl-C is ignored": (os.kill, signal.SIGTERM, 143, IGNORING),
    "a service, where Ctrl-C is ignored": (os.killpg, signal.SIGTERM, 143, IGNORING),
}


@pytest.mark.parametrize(("send", "number", "code", "first"), SIGNALS.values(), ids=SIGNALS)
def test_a_signal_ends_a_run_that_says_what_was_written(
    tmp_path: Path, send: Callable[[int, int], None], number: int, code: int, first: str
) -> None:
    many(tmp_path)
    process = start(tmp_path, first)
    wait_for_some(tmp_path, process)
    send(process.pid, number)
    _, said = process.communicate(timeout=SECONDS)
    count = fixed(tmp_path)
    assert process.returncode == code
    assert not [*tmp_path.glob(".*")]
    assert said.decode().strip() == (
        f"interrupted; {count} files had been fixed, which `sentry-migrate undo` undoes"
    )


def test_ctrl_c_stays_ignored(tmp_path: Path) -> None:
    many(tmp_path)
    process = start(tmp_path, IGNORING)
    wait_for_some(tmp_path, process)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=SECONDS)
    assert (process.returncode, fixed(tmp_path)) == (0, MANY)


def test_ctrl_c_does_not_come_between_a_file_and_its_count(tmp_path: Path) -> None:
    """The signal arrives in the midst of each write."""
    many(tmp_path)
    interrupting = """
import os, signal, sys
from sentry_migrate.cli import written_files
from sentry_migrate.__main__ import main
write = written_files._write
def interrupted(*arguments):
    trouble = write(*arguments)
    os.kill(os.getpid(), signal.SIGINT)
    return trouble
written_files._write = interrupted
sys.exit(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", interrupting, "check", "--fix", "."],
        cwd=tmp_path, capture_output=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert fixed(tmp_path) == 1
    assert done.stderr.decode().strip() == (
        "interrupted; 1 file had been fixed, which `sentry-migrate undo` undoes"
    )
    assert done.returncode == 130


@pytest.mark.parametrize("seed", range(0, 6, 2))
def test_what_a_killed_run_leaves_is_removed_by_the_next(seed: int, tmp_path: Path) -> None:
    many(tmp_path)
    process = start(tmp_path)
    wait_for_some(tmp_path, process)
    time.sleep(seed * 0.007)
    process.kill()
    process.communicate(timeout=SECONDS)
    fixed(tmp_path)
    left = tmp_path / ".m1.py.abcdefgh.sentry-migrate"
    left.write_bytes(b"half")
    ours = tmp_path / ".m2.py.abcdefgh.sentry-migrate"  # somebody writes it
    others = tmp_path / ".m1.py.swp"
    others.write_bytes(b"theirs")
    with ours.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        looked = program(tmp_path, "check", "-q", ".")
        assert (looked.returncode, left.exists()) in ((0, True), (1, True))  # it changes nothing
        done = program(tmp_path, "check", "--fix", "-q", ".")
    assert (done.returncode, fixed(tmp_path)) == (0, MANY)
    rest = {path.name for path in tmp_path.iterdir() if path.suffix != ".py"}
    assert rest == {ours.name, others.name}


SLOW = """
import os, sys
from sentry_migrate.cli import main
move = os.replace
def slow(*arguments):
    if arguments[1].endswith('.py'):
        print('writing', flush=True)
        sys.stdin.readline()
    move(*arguments)
os.replace = slow
main()
"""


def test_what_another_run_is_writing_stays(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_bytes(CODE)
    command = [sys.executable, "-c", SLOW, "check", "--fix", "-q", "--no-cache", "a.py"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"writing\n"
        (writing,) = tmp_path.glob(".*.sentry-migrate")
        assert program(tmp_path, "check", "--fix", "b.py").returncode == 0
        assert writing.exists()
        other.communicate(b"\n", timeout=SECONDS)
    assert other.returncode == 0
    assert fixed(tmp_path) == 2
    assert [path for path in tmp_path.iterdir() if path.suffix != ".py"] == []


@pytest.mark.parametrize("kind", [os.mkfifo, a_folder, to_null, dangling, listening, loop])
def test_what_only_has_such_a_name_stays(kind: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / ".a.py.abcdefgh.sentry-migrate"
    kind(path)
    (tmp_path / "a.py").write_bytes(CODE)
    for arguments in (["."], ["a.py"]):
        program(tmp_path, "check", "--fix", *arguments)
        assert os.path.lexists(path)


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="needs /proc")
@pytest.mark.parametrize("children", [1, 2, 3])
@pytest.mark.parametrize("command", ["check", "report", "tasks"])
def test_ctrl_c_while_children_start(command: str, children: int, tmp_path: Path) -> None:
    """Each is hit before it can say that it does not care."""
    many(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "sentry_migrate", command, "-j", "3", "."],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    tasks = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and len(tasks.read_text().split()) < children:
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=SECONDS)
    assert (process.returncode, said.strip()) == (130, b"interrupted")
