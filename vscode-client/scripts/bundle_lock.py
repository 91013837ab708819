"""What is bundled, exactly: `bundle-requirements.txt`, one version and its files' hashes a package.

    python vscode-client/scripts/bundle_lock.py            resolve pyproject.toml anew
    python vscode-client/scripts/bundle_lock.py --check    fail if the lock no longer satisfies it

Owns the lock's format, how it is made, and the tables of targets and Pythons. Refuses to know what
becomes of the files. Needs `packaging`, which the project depends on; pip asks whatever index it
is set up for.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCK = Path(__file__).with_name("bundle-requirements.txt")

PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14", "3.15")

TARGETS: Mapping[str, Sequence[str]] = {
    "linux-x64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64"),
    "linux-arm64": ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64"),
    "alpine-x64": ("musllinux_1_2_x86_64", "musllinux_1_1_x86_64"),
    "alpine-arm64": ("musllinux_1_2_aarch64", "musllinux_1_1_aarch64"),
    "darwin-x64": ("macosx_11_0_x86_64", "macosx_10_12_x86_64", "macosx_10_9_x86_64"),
    "darwin-arm64": ("macosx_11_0_arm64",),
    "win32-x64": ("win_amd64",),
    "win32-arm64": ("win_arm64",),
}
"""VS Code's names of platforms, and the tags of wheels that each of them can load."""

NATIVE = "libcst"
"""The one package with native modules. Of every other there must be a wheel without."""

LEFT_OUT = {"pyyaml", "pyyaml-ft"}
"""What only libcst's codemod tool imports, which is left out as well."""

_SYSTEMS = (("linux", "posix", "Linux"), ("darwin", "posix", "Darwin"), ("win32", "nt", "Windows"))

_HEADER = (
    "# What the extension bundles. Written by bundle_lock.py from pyproject.toml; do not edit.\n"
)


class UnavailableError(Exception):
    """There is no such wheel."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A package, its version, and the hashes of the wheels that may be used."""

    name: str
    version: str
    hashes: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.name}=={self.version}", *(f"--hash={digest}" for digest in self.hashes)]
        return " \\\n    ".join(lines)


def read(text: str) -> list[Pin]:
    """The pins of a lock."""
    pins = []
    for block in re.sub(r"\\\n|#.*", "", text).splitlines():
        if block.strip():
            pin, *hashes = block.split()
            name, _, version = pin.partition("==")
            pins.append(Pin(name, version, tuple(h.removeprefix("--hash=") for h in hashes)))
    return pins


def write(pins: Iterable[Pin]) -> str:
    """The lock that holds these pins."""
    return _HEADER + "".join(f"{pin}\n" for pin in sorted(pins, key=lambda pin: pin.name))


def required(pyproject: str) -> list[str]:
    """What the project says it depends on."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    return list(tomllib.loads(pyproject)["project"]["dependencies"])


def unmet(requirements: Iterable[str], pins: Iterable[Pin]) -> list[str]:
    """Every requirement that the pins do not satisfy, and why."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    versions = {canonicalize_name(pin.name): pin.version for pin in pins}
    reasons = []
    for requirement in map(Requirement, requirements):
        if not _applies(requirement.marker):
            continue
        version = versions.get(canonicalize_name(requirement.name))
        if version is None:
            reasons.append(f"{requirement}: not in the lock")
        elif not requirement.specifier.contains(version, prereleases=True):
            reasons.append(f"{requirement}: the lock has {version}")
    return reasons


def tags(python: str, platforms: Sequence[str]) -> list[str]:
    """pip's options for the wheels of a CPython on another platform."""
    given = [f"--platform={platform}" for platform in platforms]
    return ["--only-binary=:all:", "--implementation=cp", f"--python-version={python}", *given]


PURE = ("--only-binary=:all:", "--implementation=py", "--abi=none", "--platform=any")
"""pip's options for wheels that hold nothing native."""


def resolve(requirements: Sequence[str]) -> list[Pin]:
    """Pins of everything these need, on any supported Python and target."""
    versions = _versions(requirements)
    pure = [*PURE, f"--python-version={PYTHONS[0]}"]
    wanted = [(name, version, pure) for name, version in versions.items() if name != NATIVE]
    pins = [Pin(name, version, (_hash(name, version, how),)) for name, version, how in wanted]
    return [*pins, Pin(NATIVE, versions[NATIVE], tuple(_native_hashes(versions[NATIVE])))]


def _versions(requirements: Sequence[str]) -> dict[str, str]:
    """Packages and versions, those included that only some Pythons need.

    pip judges markers by the Python that runs it. So they are judged here, for every Python, and
    pip is asked again until it has heard of every package.
    """
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    asked: dict[str, Requirement] = {}

    def ask(lines: Iterable[str], extras: Iterable[str] = ()) -> None:
        for requirement in map(Requirement, lines):
            if not _applies(requirement.marker, extras):
                continue
            requirement.marker = None
            asked.setdefault(str(requirement), requirement)

    ask(requirements)
    while True:
        known = set(asked)
        chosen = _report([*known, *tags(PYTHONS[0], TARGETS["linux-x64"])])
        for package in chosen:
            name = canonicalize_name(package["metadata"]["name"])
            extras = {
                extra
                for requirement in asked.values()
                if canonicalize_name(requirement.name) == name
                for extra in requirement.extras
            }
            if name not in LEFT_OUT:
                ask(package["metadata"].get("requires_dist", ()), extras)
        for line in [line for line, r in asked.items() if canonicalize_name(r.name) in LEFT_OUT]:
            del asked[line]
        if set(asked) == known:
            found = {
                canonicalize_name(package["metadata"]["name"]): package["metadata"]["version"]
                for package in chosen
            }
            return {name: found[name] for name in sorted(found.keys() - LEFT_OUT)}


def _applies(marker: Any, extras: Iterable[str] = ()) -> bool:
    """Whether a requirement's marker, if it has one, holds on any supported Python and platform."""
    return marker is None or any(
        marker.evaluate(
            {
                "python_version": python,
                "python_full_version": f"{python}.0",
                "sys_platform": sys_platform,
                "os_name": os_name,
                "platform_system": system,
                "extra": extra,
            }
        )
        for python in PYTHONS
        for sys_platform, os_name, system in _SYSTEMS
        for extra in ("", *extras)
    )


def _native_hashes(version: str) -> list[str]:
    """The hash of every wheel that a supported Python and target can load; says what lacks."""
    wanted = [(target, python) for target in TARGETS for python in PYTHONS]

    def ask(of: tuple[str, str]) -> str | None:
        try:
            return _hash(NATIVE, version, tags(of[1], TARGETS[of[0]]))
        except UnavailableError:
            return None

    with ThreadPoolExecutor(4) as pool:
        found = dict(zip(wanted, pool.map(ask, wanted), strict=True))
    for (target, python), digest in found.items():
        if digest is None:
            print(f"{NATIVE} {version} has no wheel for {target}, CPython {python}")
    return sorted({digest for digest in found.values() if digest is not None})


def _hash(name: str, version: str, how: Sequence[str]) -> str:
    (package,) = _report(["--no-deps", f"{name}=={version}", *how])
    return f"sha256:{package['download_info']['archive_info']['hashes']['sha256']}"


def _report(arguments: Sequence[str]) -> list[dict[str, Any]]:
    """What pip would install."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory, "report.json")
        where = [f"--report={report}", f"--target={directory}"]  # pip wants one to ask for others
        done = subprocess.run([*pip, *where, *arguments], capture_output=True, text=True)
        if "No matching distribution" in done.stderr:
            raise UnavailableError(done.stderr.strip())
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return list(json.loads(report.read_text(encoding="utf-8"))["install"])


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 if `--check` finds the lock stale."""
    parser = argparse.ArgumentParser(description="Make or check bundle-requirements.txt.")
    parser.add_argument("--check", action="store_true", help="write nothing")
    requirements = required((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if not parser.parse_args(arguments).check:
        LOCK.write_text(write(resolve(requirements)), encoding="utf-8", newline="\n")
        return 0
    reasons = unmet(requirements, read(LOCK.read_text(encoding="utf-8")))
    for reason in reasons:
        print(f"stale: {reason}", file=sys.stderr)
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
