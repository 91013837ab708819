"""Which Python the tests run in, and the SDKs that are laid over its packages.

Owns finding the interpreter and installing an SDK into a separate directory. The environment
itself is never changed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from itertools import chain
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from sentry_migrate.project import regular_files, requirements, toml
from sentry_migrate.project.specifiers import allows_2x, in_pep_440, judge

LAST_1 = "1.45.1"
"""The last release of 1.x."""

_ENVIRONMENTS = (".venv", "venv", "env")
_EXACT = re.compile(r"={2,3}\s*(1(?:\.\d+)*)")
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
_SECONDS = 300


class NoEnvironmentError(Exception):
    """There is no Python to run in, or an SDK cannot be installed; str() says why."""


def python_of(root: str) -> str:
    """The interpreter of the active virtual environment, else of the project's own, else the one
    on the path."""
    names = ("Scripts/python.exe",) if sys.platform == "win32" else ("bin/python",)
    active = os.environ.get("VIRTUAL_ENV")
    places = [active] if active else []
    places += [os.path.join(root, name) for name in _ENVIRONMENTS]
    for place in places:
        for name in names:
            if os.path.isfile(path := os.path.join(place, name)):
                return path
    found = shutil.which("python") or shutil.which("python3")
    if found is None:
        raise NoEnvironmentError("no Python was found; name one with --python")
    return found


def old_release(root: str) -> str:
    """A specifier of the 1.x that the project has: the one that a lock file names, or a requirement
    exactly; else the last one that its requirements allow."""
    ranges = [one for one in _required(root) if judge(one, "pep508") is not None]
    exact = (f"=={found[1]}" for one in ranges if (found := _EXACT.fullmatch(one)))
    locked = (f"=={version}" for version in _locked(root))
    if wanted := next(chain(locked, exact), None):
        return wanted
    allowed = ",".join(dict.fromkeys(ranges))
    return f"=={LAST_1}" if LAST_1 in SpecifierSet(allowed) else f">=1,<2,{allowed}"


def new_release(root: str) -> str:
    """A specifier of the 2.x that the project's requirements allow, as far as they allow any."""
    ranges = [one for one in _required(root) if allows_2x(one, "pep508")]
    return ",".join(dict.fromkeys((">=2", "<3", *ranges)))


def _required(root: str) -> list[str]:
    """What its requirements say in PEP 440's words, but for what says several things."""
    found = (in_pep_440(*one) for one in requirements.specifiers_in(Path(root)))
    return [one[0] for one in found if len(one) == 1 and one[0]]


def _locked(root: str) -> Iterator[str]:
    for name in _LOCKS:
        try:
            packages = toml.parse(_text(os.path.join(root, name))).get("package", ())
        except ValueError:
            continue
        for package in packages if isinstance(packages, list) else ():
            if isinstance(package, Mapping) and package.get("name") == "sentry-sdk":
                yield from _first(str(package.get("version")))
    try:
        pipfile: Any = json.loads(_text(os.path.join(root, "Pipfile.lock")) or "{}")
        yield from _first(str(pipfile["default"]["sentry-sdk"]["version"]).lstrip("="))
    except (ValueError, KeyError, TypeError):
        pass


def _first(version: str) -> Iterator[str]:
    """The version, if it is one of 1.x."""
    try:
        if Version(version).major == 1:
            yield version
    except InvalidVersion:
        pass


def _text(path: str) -> str:
    try:
        return regular_files.read(path).decode("utf-8", "replace")
    except OSError:
        return ""


def sdk(python: str, wanted: str, cache: str) -> tuple[str, str]:
    """A directory with a release of the SDK, and the release. `wanted` is a version specifier.

    What was installed before is taken where nothing can be installed. Raises NoEnvironmentError.
    """
    if missing := _missing(python):
        cache = os.path.join(cache, "-".join(["with", *missing]))
    os.makedirs(cache, exist_ok=True)
    exact = re.fullmatch(r"==\s*([0-9][^*,\s]*)", wanted)
    if exact and os.path.isdir(path := os.path.join(cache, exact[1])):
        return path, exact[1]
    with tempfile.TemporaryDirectory(dir=cache, prefix="new-") as scratch:
        needs = [f"sentry-sdk{wanted}", *missing[1:]]
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = _run([*pip, "--no-deps", "--target", scratch, *needs])
        if done is None or done.returncode:
            kept = _kept(cache, wanted)
            if kept is None:
                said = done.stderr.strip().splitlines()[-1:] if done else ["it did not answer"]
                raise NoEnvironmentError(
                    f"sentry-sdk{wanted} could not be installed with `{python} -m pip`: "
                    + (said[0] if said else "no reason given")
                )
            return os.path.join(cache, kept), kept
        version = _version(scratch)
        path = os.path.join(cache, version)
        if not os.path.isdir(path):
            # A copy under its final name appears at once or not at all.
            shutil.copytree(scratch, f"{scratch}.whole")
            try:
                os.rename(f"{scratch}.whole", path)
            except OSError:  # another run was faster
                shutil.rmtree(f"{scratch}.whole", ignore_errors=True)
        return path, version


def _missing(python: str) -> list[str]:
    """The version of Python, and what the SDK needs and the environment does not have; empty if it
    has all."""
    needed = ("urllib3", "certifi")
    code = (
        "import importlib.util as u, sys; print('%d.%d' % sys.version_info[:2], "
        f"*[n for n in {needed} if not u.find_spec(n)])"
    )
    done = _run([python, "-c", code])
    found = done.stdout.split() if done else []
    return found if len(found) > 1 else []


def _kept(cache: str, wanted: str) -> str | None:
    found = []
    for name in os.listdir(cache):
        try:
            found.append(Version(name))
        except InvalidVersion:
            continue
    allowed = [str(one) for one in sorted(found) if one in SpecifierSet(wanted)]
    return allowed[-1] if allowed else None


def _version(directory: str) -> str:
    for found in metadata.distributions(path=[directory]):
        if found.metadata["Name"].lower().replace("_", "-") == "sentry-sdk":
            return found.version
    raise NoEnvironmentError("pip installed no sentry-sdk")


def _run(command: list[str]) -> subprocess.CompletedProcess[str] | None:
    """What came of a command; None if it could not be started, or took too long."""
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
