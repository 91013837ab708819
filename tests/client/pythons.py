"""Every Python that this machine has: its own, pyenv's, and those of Debian roots.

`tests/editors/install.py` makes the roots. Owns finding them, and running one with a directory
that it can see too. A root's Python runs in a private mount namespace, so nothing stays mounted
when it ends.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from editors.install import EDITORS, OLD, ROOTS

_QUESTION = (
    "import platform, sys; "
    "print(platform.python_implementation() + ' %d.%d.%d' % sys.version_info[:3])"
)
_ENTER = """
root=$1 shared=$2
shift 2
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root$shared"
mount --bind "$shared" "$root$shared"
exec chroot "$root" "$@"
"""


@dataclass(frozen=True, slots=True)
class Python:
    """An interpreter: CPython 3.13.5 in the root `trixie`, say."""

    program: str
    root: Path | None
    kind: str
    version: tuple[int, ...]

    def __str__(self) -> str:
        place = self.root.name if self.root else "host"
        return f"{self.kind}-{'.'.join(map(str, self.version))}-{place}"

    def command(self, shared: Path, program: Sequence[str], cwd: Path | None = None) -> list[str]:
        """How to run a program that lies in `shared`, or is this Python, where this Python is."""
        directory = ["env", "-C", str(cwd or shared)]
        return [*entered(self.root, shared), *directory, *program]


def entered(root: Path | None, shared: Path) -> list[str]:
    """What to put before a command to run it in a root."""
    if root is None:
        return []
    return ["unshare", "--mount", "sh", "-ec", _ENTER, "-", str(root), str(shared)]


@functools.cache
def found() -> tuple[Python, ...]:
    """All of them, oldest first; one of each version in each place."""
    pythons: dict[str, Python] = {}
    for root, program in _candidates():
        asked = [*entered(root, Path("/tmp")), program, "-S", "-c", _QUESTION]
        done = subprocess.run(asked, capture_output=True, text=True)
        if done.returncode == 0:
            kind, _, version = done.stdout.strip().partition(" ")
            python = Python(program, root, kind, tuple(map(int, version.split("."))))
            pythons.setdefault(str(python), python)
    return tuple(sorted(pythons.values(), key=lambda p: (p.kind, p.version, p.root is not None)))


def _candidates() -> Iterator[tuple[Path | None, str]]:
    names = ["python3", "python2", "pypy3", *(f"python3.{minor}" for minor in range(6, 20))]
    for name in [*names, "/usr/bin/python3"]:
        program = shutil.which(name)
        if program and Path(program).read_bytes()[:2] != b"#!":  # pyenv's shims, which are slow
            yield None, program
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for path in sorted(versions.glob("*/bin/python")):
        yield None, str(path)
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("unshare"):
        for name in (OLD, *EDITORS):
            for path in sorted((ROOTS / name / "usr/bin").glob("python3*")):
                if re.fullmatch(r"python3(\.\d+)?", path.name):
                    yield ROOTS / name, f"/usr/bin/{path.name}"
