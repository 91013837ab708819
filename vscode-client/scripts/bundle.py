"""Makes `vscode-client/bundled`: the server with everything it needs, for one platform.

    python vscode-client/scripts/bundle.py [--target linux-x64] [--output DIRECTORY]

Owns downloading what `bundle-requirements.txt` pins (pip, by hash, kept in `.cache/bundle`), and
what of it goes into the bundle. Refuses to know how pins come about: bundle_lock.py. The result
is `run.py`, `libs` with one copy of each package and one native module of libcst for each Python,
and the licences. Equal inputs give equal files.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from email.message import Message
from email.parser import Parser
from pathlib import Path, PurePosixPath

from bundle_lock import LOCK, NATIVE, PURE, PYTHONS, ROOT, TARGETS, Pin, read, tags, unmet, write

CLIENT = ROOT / "vscode-client"
KEPT = ROOT / ".cache" / "bundle"
RUN = CLIENT / "bundled-src" / "run.py"
NOTICES = "THIRD-PARTY-NOTICES.txt"

DROPPED = re.compile(
    r"""
    (^|/)tests?/            # the packages' own tests
    | \.dist-info/          # nothing asks importlib.metadata; licences are gathered apart
    | \.pyi$ | /py\.typed$  # for type checkers
    | ^libcst/codemod/      # a program of its own, the only user of PyYAML
    | ^libcst/tool\.py$     # the command that runs it
    | ^libcst/testing/
    """,
    re.VERBOSE,
)
NATIVE_MODULE = re.compile(r"\.(so|pyd|dylib)$")
LICENCE = re.compile(r"\.dist-info/(licenses/.+|(LICEN[CS]E|COPYING|NOTICE)[^/]*)$", re.IGNORECASE)


class BundleError(Exception):
    """There can be no such bundle; the message says why."""


def host() -> str:
    """VS Code's name for the platform this runs on."""
    machine = platform.machine().lower()
    processor = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(machine, machine)
    musl = "musl" in (sysconfig.get_config_var("SOABI") or "")
    system = "alpine" if musl else sys.platform
    return f"{system}-{processor}"


def make(target: str, output: Path) -> None:
    """Make the bundle for `target`, or leave `output` as it was. Raises BundleError."""
    pins = read(LOCK.read_text(encoding="utf-8"))
    pure = _download([pin for pin in pins if pin.name != NATIVE], [*PURE, *_python(PYTHONS[0])])
    native = [pin for pin in pins if pin.name == NATIVE]
    natives = {python: _native(native, target, python) for python in PYTHONS}

    with tempfile.TemporaryDirectory(dir=KEPT) as temporary:
        own = _build(Path(temporary, "own"))
        _check(own, pins, pure)
        staging = Path(temporary, "bundle")
        _assemble(staging, own, pure, list(natives.values()))
        shutil.rmtree(output, ignore_errors=True)
        shutil.move(staging, output)


def _assemble(staging: Path, own: Path, pure: Sequence[Path], natives: Sequence[Path]) -> None:
    for wheel in [own, *pure, *natives]:
        _unpack(wheel, staging / "libs", may_be_native=wheel in natives)
    shutil.copyfile(RUN, staging / RUN.name)
    third = sorted([*pure, natives[0]], key=lambda wheel: wheel.name.lower())
    notices = "".join(map(_notice, third))
    (staging / NOTICES).write_text(notices, encoding="utf-8", newline="\n")
    for path in staging.rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            os.utime(path, (315532800, 315532800))  # 1980, where the time of archives begins


def _python(version: str) -> list[str]:
    return [f"--python-version={version}"]


def _native(pins: Sequence[Pin], target: str, python: str) -> Path:
    try:
        (wheel,) = _download(pins, tags(python, TARGETS[target]))
    except BundleError as error:
        raise BundleError(f"{target}, CPython {python}: {error}") from None
    return wheel


def _download(pins: Sequence[Pin], which: Sequence[str]) -> list[Path]:
    """The wheels of these pins, from the last time or from the index."""
    lines = write(pins)
    name = hashlib.sha256("\n".join([lines, *which]).encode()).hexdigest()[:16]
    directory = KEPT / name
    if not directory.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as temporary:
            requirements = Path(temporary, "requirements.txt")
            requirements.write_text(lines, encoding="utf-8")
            wheels = Path(temporary, "wheels")
            asked = ["--no-deps", "--require-hashes", f"--requirement={requirements}", *which]
            _pip("download", f"--dest={wheels}", *asked)
            with suppress(OSError):  # another run was quicker
                wheels.rename(directory)
    return sorted(directory.iterdir())


def _pip(*arguments: str) -> None:
    program = [_python_with_pip(), "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(program, capture_output=True, text=True)
    if done.returncode:
        raise BundleError(done.stderr.strip() or done.stdout.strip())


@functools.cache
def _python_with_pip() -> str:
    """This Python, or one like it: Debian's comes without pip."""
    if importlib.util.find_spec("pip") is not None:
        return sys.executable
    environment = KEPT / "venv"
    try:
        venv.create(environment, clear=True, with_pip=True)
    except subprocess.CalledProcessError:
        raise BundleError(f"{sys.executable} has neither pip nor ensurepip") from None
    return str(environment / ("Scripts" if os.name == "nt" else "bin") / "python")


def _build(directory: Path) -> Path:
    """The project's own wheel."""
    _pip("wheel", "--no-deps", f"--wheel-dir={directory}", str(ROOT))
    (wheel,) = directory.iterdir()
    return wheel


def _check(own: Path, pins: Sequence[Pin], pure: Sequence[Path]) -> None:
    """Refuse a lock that is not what the project asks for."""
    packaging = next(wheel for wheel in pure if wheel.name.startswith("packaging-"))
    sys.path.insert(0, str(packaging))  # the one that is pinned, whatever else is installed
    reasons = unmet(_metadata(own).get_all("Requires-Dist", []), pins)
    if reasons:
        raise BundleError("\n".join([f"run bundle_lock.py: {LOCK.name} is stale", *reasons]))


def _unpack(wheel: Path, libs: Path, *, may_be_native: bool) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith("/") or DROPPED.search(name):
                continue
            if ".data/" in name or (NATIVE_MODULE.search(name) and not may_be_native):
                raise BundleError(f"{wheel.name}: {name} cannot be bundled")
            target, data = libs / PurePosixPath(name), archive.read(name)
            if target.exists() and target.read_bytes() != data:
                raise BundleError(f"{wheel.name}: another {name} is bundled already")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def _notice(wheel: Path) -> str:
    metadata = _metadata(wheel)
    with zipfile.ZipFile(wheel) as archive:
        names = sorted(name for name in archive.namelist() if LICENCE.search(name))
        texts = [archive.read(name).decode("utf-8").strip() for name in names]
    if not texts:
        raise BundleError(f"{wheel.name} has no licence to pass on")
    head = f"{metadata['Name']} {metadata['Version']}"
    rule = "=" * 80
    return f"{rule}\n{head}\n{rule}\n\n" + "\n\n".join(texts) + "\n\n"


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode("utf-8"))


def sizes(output: Path) -> Iterator[tuple[str, int, int]]:
    """What is in the bundle: name, bytes, and bytes as an archive would hold them."""
    parts = [*sorted((output / "libs").iterdir()), output / RUN.name, output / NOTICES]
    for part in parts:
        files = [part] if part.is_file() else [p for p in part.rglob("*") if p.is_file()]
        contents = [path.read_bytes() for path in files]
        packed = sum(len(zlib.compress(content, 9)) for content in contents)
        yield part.relative_to(output).as_posix(), sum(map(len, contents)), packed


def _probe(output: Path) -> None:
    """Ask the bundle whether it works here. It must, where Python is one of those bundled for."""
    command = [sys.executable, "-E", "-S", "-B", str(output / RUN.name), "--probe"]
    done = subprocess.run(command, capture_output=True, text=True)
    print(f"probe: {done.stdout.strip()}{done.stderr.strip()}")
    if not json.loads(done.stdout or "{}").get("ok"):
        raise BundleError("the bundle does not work with the Python that made it")


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 if there can be no such bundle."""
    parser = argparse.ArgumentParser(description="Bundle the server for one platform.")
    parser.add_argument("--target", default=host(), choices=TARGETS, help="default: %(default)s")
    parser.add_argument("--output", type=Path, default=CLIENT / "bundled")
    given = parser.parse_args(arguments)
    try:
        make(given.target, given.output.resolve())
        if given.target == host():
            _probe(given.output)
    except BundleError as error:
        print(f"no bundle for {given.target}: {error}", file=sys.stderr)
        return 1
    rows = list(sizes(given.output))
    total = ("in all", sum(row[1] for row in rows), sum(row[2] for row in rows))
    for name, plain, packed in [*sorted(rows, key=lambda row: -row[2]), total]:
        print(f"{name:<32} {plain / 1e6:7.2f} MB {packed / 1e6:7.2f} MB packed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
