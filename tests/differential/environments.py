"""The real SDKs: installs them once and runs programs in them.

Owns virtual environments and processes. Knows nothing of rules or of what a program means.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
REQUIREMENTS = HERE / "requirements.txt"
SERVER = HERE / "inside" / "server.py"

OLD = "1.45.1"
"""The last 1.x: what a program sends there is what its rewrite has to send."""
NEW = "2.75.0"
NEXT = "3.0.0b2"
"""The newest pre-release of the next major version, for what rules say of it."""
RELEASES = ("2.0.0", "2.2.1", "2.8.0", "2.12.0", "2.20.0", "2.35.0", NEW)
"""Those that a project may choose and that stand for all of 2.x, oldest first."""

OVERRIDE = "SENTRY_MIGRATE_DIFFERENTIAL"
"""Names another directory for the environments."""

FRAMEWORKS = ("flask", "django", "fastapi.testclient", "celery")
"""Imported before the fork if the program names them: they are slow to import."""


def directory() -> Path:
    """Where the environments for these requirements and this Python live."""
    chosen = os.environ.get(OVERRIDE)
    base = Path(chosen) if chosen else ROOT / ".cache" / "differential"
    python = "{}.{}".format(*sys.version_info)
    key = hashlib.sha256(REQUIREMENTS.read_bytes() + python.encode()).hexdigest()[:12]
    return base / key


def _pip(python: Path, *arguments: str) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *arguments], check=True, timeout=600)


def install(*versions: str) -> Path:
    """One environment with the frameworks, and each SDK in a directory of its own."""
    import fcntl  # here, because Windows has none, and collects this module for its programs

    base = directory()
    base.mkdir(parents=True, exist_ok=True)
    python = base / "frameworks" / "bin" / "python"
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = base / "frameworks.done"
        if not done.exists():
            subprocess.run(
                [sys.executable, "-m", "venv", "--clear", str(base / "frameworks")], check=True
            )
            _pip(python, "-r", str(REQUIREMENTS))
            done.touch()
        for version in versions:
            done = base / f"{version}.done"
            if not done.exists():
                target = str(base / version)
                _pip(python, "--no-deps", "--upgrade", "--target", target, f"sentry-sdk=={version}")
                done.touch()
    return base


@dataclass(frozen=True)
class Sandbox:
    """Programs run on one SDK version, one after the other, each in a process of its own."""

    version: str
    _process: subprocess.Popen[str] = field(repr=False)

    @classmethod
    def start(cls, version: str) -> Sandbox:
        base = install(version)
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SENTRY_", "PYTHON", "DJANGO_", "CELERY_", "VIRTUAL_ENV"))
        }
        process = subprocess.Popen(
            [str(base / "frameworks" / "bin" / "python"), str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**inherited, "PYTHONPATH": str(base / version), "PYTHONHASHSEED": "0"},
        )
        return cls(version, process)

    def run(
        self, text: str, setup: str = "", coda: str = "", stubs: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The raw record of one run. Raises RuntimeError where the run itself broke down."""
        job = {
            "setup": setup,
            "text": text,
            "coda": coda,
            "stubs": stubs,
            "preload": [name for name in FRAMEWORKS if _names(name.split(".")[0], setup + text)],
            "timeout": 60.0,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"broken": "the server is gone"}')
        if "broken" in answer:
            raise RuntimeError(f"{self.version}: {answer['broken']}\n{text}")
        return dict(answer)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _names(package: str, text: str) -> bool:
    return re.search(rf"^\s*(?:from|import) {package}\b", text, re.MULTILINE) is not None
