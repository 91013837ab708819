"""Nothing of the current folder is ever run, however the program is started.

The folder has every name that Python or a dependency of ours has, as files or as packages. Each
writes down that it was run. What Python itself runs before it reaches us is found out first, with
a program that does nothing, and taken out of the folder.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import pytest

from cli.conftest import SERVER
from cli.samples import BEFORE
from client.pythons import Python, found

pytestmark = pytest.mark.timeout(600)

HERE = sys.executable
RUN = SERVER.parent / "vscode-client" / "bundled-src" / "run.py"
MODULES = {"module": "sentry_migrate", "server": "sentry_migrate.lsp"}
STARTS = ("script", "bundle", *MODULES)
COMMANDS = (
    ("check", "--isolated", "--fix", "-j", "2", "."),
    ("check", "--diff", "."),
    ("check", "-"),
    ("report", "."),
    ("tasks", "."),
    ("rule", "SEN101"),
)
# what is set in the environment; HERE is the folder
ENVIRONMENTS: dict[str, dict[str, str]] = {
    "plain": {},
    "hostile": {
        "PYTHONPATH": os.pathsep.join(("", ".", "HERE", str(SERVER))),
        "PYTHONSTARTUP": "HERE/startup.py",
        "PYTHONUSERBASE": "HERE/base",
        "PYTHONBREAKPOINT": "hook.stop",
        "PYTHONWARNINGS": "ignore::hook.Stop",
    },
}
# Only what is part of every interpreter: Python may run this before it has its own library.
MARK = f"""\
import sys, {os.name}
file = {os.name}.open({{told!r}}, {os.O_WRONLY | os.O_CREAT | os.O_APPEND}, 0o600)
{os.name}.write(file, b'{{name}} 1\\n' if sys.flags.isolated else b'{{name}} 0\\n')
{os.name}.close(file)
"""


def required(name: str) -> set[str]:
    """The distributions that one requires, and those that they require."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        try:
            requires = importlib.metadata.requires(waiting.pop()) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # for another Python
        names = {re.split(r"[^\w.-]", line)[0] for line in requires if "extra ==" not in line}
        waiting += names - found
        found |= names
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def names() -> list[str]:
    """Everything that could be imported, except ourselves."""
    wanted = required("sentry-migrate")
    assert {"libcst", "pygls", "attrs"} <= wanted
    dependencies = {
        module
        for module, distributions in importlib.metadata.packages_distributions().items()
        if wanted & {re.sub(r"[-_.]+", "-", name).lower() for name in distributions}
    }
    others = {"sitecustomize", "usercustomize", "startup", "hook"}
    found = {*sys.stdlib_module_names, *dependencies, *others} - {"sentry_migrate"}
    return sorted(name for name in found if name.isidentifier())


class Folder:
    """The current folder of a run."""

    def __init__(
        self,
        root: Path,
        kind: str,
        environment: str,
        version: str = sysconfig.get_python_version(),
    ) -> None:
        self.root = root / "here"
        self.told = root / "told"
        self.environment = {
            name: value.replace("HERE", str(self.root))
            for name, value in ENVIRONMENTS[environment].items()
        }
        site = self.root / f"base/lib/python{version}/site-packages"
        site.mkdir(parents=True)
        (self.root / ".git").mkdir()
        for folder in (self.root, site):
            (folder / "evil.pth").write_text(f"import sys; exec({self.mark('evil.pth')!r})\n")
        for name in names():
            path = self.root / name if kind == "packages" else self.root / f"{name}.py"
            if kind == "packages":
                path.mkdir()
                path /= "__init__.py"
            path.write_text(self.mark(name))
        (self.root / "app.py").write_text(BEFORE)
        (self.root / "requirements.txt").write_text("sentry-sdk==1.45.1\n")

    def mark(self, name: str) -> str:
        return MARK.format(told=str(self.told), name=name)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=self.root,
            env={**os.environ, **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *command: str, stdin: bytes = b"") -> tuple[int, str]:
        with self.start(*command) as process:
            _, error = process.communicate(stdin, timeout=300)
        return process.returncode, error.decode()

    def ran(self) -> set[str]:
        """What was run since the last call, with whether that was in an isolated process."""
        lines = set(self.told.read_text().splitlines()) if self.told.exists() else set()
        self.told.unlink(missing_ok=True)
        return lines

    def spare(self, *command: str) -> None:
        """Take out what the command runs, until it runs nothing."""
        for _ in range(100):
            self.run(*command)
            ran = self.ran()
            if not ran:
                return
            assert not any(line.endswith(" 1") for line in ran)
            for line in ran:
                name = line.split()[0]
                for path in (*self.root.rglob(f"{name}.py"), *self.root.rglob(name)):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise AssertionError("Python never gets as far as a program")


def script(python: str) -> Path:
    return Path(python).with_name("sentry-migrate")


def program(start: str, root: Path, python: str = HERE) -> tuple[str, ...]:
    """What starts it in one of the ways, which may first have to be laid out."""
    if start == "script":
        return (python, str(script(python)))
    if start in MODULES:
        return (python, "-m", MODULES[start])
    libs = root / "bundle" / "libs"
    shutil.copytree(SERVER / "sentry_migrate", libs / "sentry_migrate")
    shutil.copy(RUN, root / "bundle")
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "sentry_migrate" not in entry.name:
            (libs / entry.name).symlink_to(entry)
    return (python, "-S", str(root / "bundle" / "run.py"))


def hollow(start: str, root: Path, python: str = HERE) -> tuple[str, ...]:
    """A program that is started alike and does nothing."""
    if start in ("script", "bundle"):
        empty = root / "empty"
        lines = script(python).read_text().splitlines()
        ours = next(at for at, line in enumerate(lines) if "sentry_migrate" in line)
        # what the installer wrote before it
        empty.write_text("\n".join(lines[:ours]) if start == "script" else "")
        return (python, *(["-S"] if start == "bundle" else []), str(empty))
    name = "hollow_program"
    module = "/".join([name, *MODULES[start].split(".")[1:]])
    package = root / "here" / module
    package.mkdir(parents=True)
    for folder in {root / "here" / name, package}:
        (folder / "__init__.py").touch()
    (package / "__main__.py").touch()
    return (python, "-m", module.replace("/", "."))


@pytest.fixture(params=[*STARTS])
def start(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(
    params=[("files", "plain"), ("files", "hostile"), ("packages", "hostile")], ids="-".join
)
def folder(request: pytest.FixtureRequest, tmp_path: Path, start: str) -> Folder:
    made = Folder(tmp_path, *request.param)
    made.spare(*hollow(start, tmp_path))
    return made


def commands(start: str) -> Sequence[Sequence[str]]:
    """All for one way to start the program: once it runs, its workers start alike in each."""
    return {"script": COMMANDS, "server": ()}.get(start, COMMANDS[:1])


def test_nothing_of_the_folder_is_run(folder: Folder, start: str, tmp_path: Path) -> None:
    command = program(start, tmp_path)
    for arguments in commands(start):
        code, error = folder.run(*command, *arguments, stdin=BEFORE.encode())
        assert folder.ran() == set(), arguments
        assert code in (0, 1), error
        assert "Traceback" not in error
        (folder.root / "app.py").write_text(BEFORE)
    serve(folder, *command, *(() if start == "server" else ("server",)))
    assert folder.ran() == set()


HERE_FOUND = sorted(
    (
        one
        for one in found()
        if (one.kind, one.root) == ("CPython", None) and one.version >= (3, 10)
    ),
    key=lambda one: one.version,
)
PYTHONS = (*HERE_FOUND[:1], *HERE_FOUND[1:][-1:])
"""The oldest, which always puts the folder first, and the youngest."""


@pytest.mark.network
@pytest.mark.parametrize("python", PYTHONS, ids=str)
def test_nor_by_any_python(python: Python, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the oldest and the youngest that this machine has, with the program installed as `pip install -e .` does."""
    subprocess.run([python.program, "-m", "venv", str(tmp_path / "venv")], check=True)
    scripts = "Scripts" if os.name == "nt" else "bin"
    inside = str(tmp_path / "venv" / scripts / "python")
    install = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--editable", str(SERVER.parent)], check=True, timeout=400)
    monkeypatch.setattr(sys.modules[__name__], "names", lambda: FEW)
    for start in ("script", "module"):
        root = tmp_path / start
        folder = Folder(root, "files", "hostile", ".".join(map(str, python.version[:2])))
        folder.spare(*hollow(start, root, inside))
        command = program(start, root, inside)
        code, error = folder.run(*command, "check", "--fix", "-q", ".")
        assert (code, folder.ran()) == (1, set())
        assert "Traceback" not in error
        assert (folder.root / "app.py").read_text() != BEFORE
        serve(folder, *command, "server")
        assert folder.ran() == set()


FEW = (
    *("asyncio", "click", "codecs", "json", "libcst", "lsprotocol", "os", "pathlib", "platform"),
    *("queue", "re", "runpy", "sitecustomize", "tempfile", "tomli", "tomllib", "typing"),
)


def test_the_folder_is_run_by_what_does_not_look_out(tmp_path: Path) -> None:
    """Nothing would tell that a mark is not made."""
    folder = Folder(tmp_path, "files", "plain")
    folder.run(sys.executable, "-c", "import queue, libcst")
    assert {"queue 0", "libcst 0"} <= folder.ran()


def serve(folder: Folder, *command: str) -> None:
    """Open a document, and wait for what is found in it."""
    uri = (folder.root / "app.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": BEFORE}
    root = {"processId": os.getpid(), "rootUri": folder.root.as_uri(), "capabilities": {}}
    process = folder.start(*command)
    assert process.stdin
    assert process.stdout
    try:
        say(process.stdin, {"id": 1, "method": "initialize", "params": root})
        hear(process.stdout, id=1)
        say(process.stdin, {"method": "initialized", "params": {}})
        opened = {"textDocument": document}
        say(process.stdin, {"method": "textDocument/didOpen", "params": opened})
        shown = hear(process.stdout, method="textDocument/publishDiagnostics")
        assert shown["params"]["diagnostics"]
        say(process.stdin, {"id": 2, "method": "shutdown"})
        hear(process.stdout, id=2)
        say(process.stdin, {"method": "exit"})
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()


def say(stream: IO[bytes], message: dict[str, Any]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    stream.flush()


def hear(stream: IO[bytes], **wanted: Any) -> dict[str, Any]:
    while True:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = stream.read(1)
            assert byte, f"the server ended before {wanted}"
            head += byte
        length = re.search(rb"Content-Length: (\d+)", head)
        assert length
        message: dict[str, Any] = json.loads(stream.read(int(length[1])))
        if all(message.get(name) == value for name, value in wanted.items()):
            return message
