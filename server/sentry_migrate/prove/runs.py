"""Running the tests once, in a copy, with an SDK laid over the environment's packages."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sentry_migrate.prove.recordings import Recording, joined, read

INJECTED = Path(__file__).parent / "injected"
_TOX = "testenv.pass_env+=PYTHONPATH,PYTHONDONTWRITEBYTECODE,PYTEST_PLUGINS,SENTRY_MIGRATE_*"
"""Has tox pass on what it would keep from the tests."""
_TAIL = 30
"""As many of the last lines that a command printed as are kept."""

Probes = Mapping[str, Mapping[str, Sequence[str]]]
"""Paths in the copy, relative to it, with places as `line:column`, from 1, and the names of what is
there."""


class NotRecordedError(Exception):
    """A command ran and recorded nothing, could not be started, or took too long."""


class TooSlowError(NotRecordedError):
    """A command was ended because it took too long."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one run."""

    recording: Recording
    code: int
    """The exit code of the command."""
    seconds: float
    printed: tuple[str, ...]
    """The last lines."""


@dataclass(frozen=True, slots=True)
class Runner:
    """How tests are run."""

    command: tuple[str, ...]
    python: str
    root: str
    """The real path of the project."""
    default_client: bool = True
    """Whether tests that start no client get one."""

    def run(
        self,
        copy: str,
        sdk: str,
        probes: Probes | None = None,
        only: Iterable[str] = (),
        seconds: float | None = None,
    ) -> Outcome:
        """Run the command in a copy. `only` names the tests that are wanted, as far as they can be
        chosen; none for all. It may take so many seconds; None for as long as it takes. Raises
        NotRecordedError."""
        with tempfile.TemporaryDirectory(prefix="sentry-migrate-") as scratch:
            recording = os.path.join(scratch, "recording")
            os.mkdir(recording)
            environment = self._environment(copy, sdk, recording)
            if probes:
                absolute = {os.path.realpath(os.path.join(copy, at)): v for at, v in probes.items()}
                file = Path(scratch) / "probes.json"
                file.write_text(json.dumps(absolute), encoding="utf-8")
                environment["SENTRY_MIGRATE_PROBES"] = str(file)
            if wanted := [*only]:
                names = Path(scratch) / "only"
                names.write_text("\n".join(wanted), encoding="utf-8")
                environment["SENTRY_MIGRATE_ONLY"] = str(names)
            begun = time.monotonic()
            code, printed = self._execute(self.command, copy, environment, scratch, seconds)
            found = read(joined(recording))
            if not found:
                raise NotRecordedError(
                    f"`{' '.join(self.command)}` ran no Python that takes PYTHONPATH from its "
                    f"environment; it exited with {code}" + _said(printed)
                )
            return Outcome(found, code, time.monotonic() - begun, printed)

    def attend(self, recording: str) -> int:
        """Run the command where it is, with this process's streams, until it ends or is
        interrupted; its exit code. Raises NotRecordedError."""
        environment = self._environment(self.root, None, recording)
        program = _program(self.command, environment, self.root)
        process = subprocess.Popen([program, *self.command[1:]], env=environment)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # the command has it, too, and ends as it does
                continue

    def _environment(self, copy: str, sdk: str | None, recording: str) -> dict[str, str]:
        environment = dict(os.environ)
        old = [self._moved(copy, one) for one in _paths(environment.get("PYTHONPATH"))]
        overlay = os.pathsep.join([str(INJECTED), *([sdk] if sdk else [])])
        plugins = [*filter(None, environment.get("PYTEST_PLUGINS", "").split(","))]
        environment |= {
            "PYTHONPATH": os.pathsep.join([overlay, *old]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_PLUGINS": ",".join([*plugins, "sentry_migrate_pytest"]),
            "SENTRY_MIGRATE_OVERLAY": overlay,
            "SENTRY_MIGRATE_RECORDING": os.path.abspath(recording),
            "SENTRY_MIGRATE_ROOT": self.root,
            "SENTRY_MIGRATE_COPY": os.path.realpath(copy),
        }
        others = environment.get("TOX_OVERRIDE")
        environment["TOX_OVERRIDE"] = f"{others};{_TOX}" if others else _TOX
        if sdk:
            environment["SENTRY_MIGRATE_OFFLINE"] = "1"
        if not self.default_client:
            environment["SENTRY_MIGRATE_NO_CLIENT"] = "1"
        bin_directory = os.path.dirname(os.path.abspath(self.python))
        environment["PATH"] = os.pathsep.join([bin_directory, environment.get("PATH", "")])
        return environment

    def _moved(self, copy: str, entry: str) -> str:
        path = os.path.realpath(entry)
        return copy + path[len(self.root) :] if _below(path, self.root) else entry

    def _execute(
        self,
        command: Sequence[str],
        copy: str,
        environment: Mapping[str, str],
        scratch: str,
        seconds: float | None,
    ) -> tuple[int, tuple[str, ...]]:
        # A virtual environment is not copied.
        program = _program(command, environment, copy, self.root)
        with open(os.path.join(scratch, "printed"), "w+b") as printed:
            process = subprocess.Popen(
                [program, *command[1:]], cwd=copy, env=environment, stdin=subprocess.DEVNULL,
                stdout=printed, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                raise TooSlowError(
                    f"`{' '.join(command)}` took more than {seconds:g} seconds; "
                    "--timeout allows it more"
                ) from None
            finally:
                _end(process)
            printed.seek(0)
            lines = printed.read().decode("utf-8", "replace").splitlines()
        return code, tuple(lines[-_TAIL:])


def _program(command: Sequence[str], environment: Mapping[str, str], *directories: str) -> str:
    """What to start. A path is one in the first of the directories that has it."""
    given = command[0]
    is_path = bool(os.path.dirname(given))
    for place in [os.path.join(one, given) for one in directories] if is_path else [given]:
        if program := shutil.which(place, path=environment["PATH"]):
            return program
    raise NotRecordedError(f"{given!r} is not a command here")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the command and what it started."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _paths(given: str | None) -> list[str]:
    return [one for one in (given or "").split(os.pathsep) if one]


def _below(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory + os.sep)


def _said(printed: Sequence[str]) -> str:
    return ":\n" + "\n".join(printed) if printed else ""
