"""Sets up the editors: one small Debian for each release, below `.cache/roots`.

Owns which release has which editors, and what of this project's dependencies lies in each for
the server to run there. Knows nothing of how an editor is run or tested. Needs root and a Debian
with Python; packages come from wherever this machine's apt and pip are set up to.

`python tests/editors/install.py [RELEASE…]` prints the versions; where all is there, that is all it
does.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import requires
from pathlib import Path

PROJECT = Path(__file__).parents[2]
ROOTS = PROJECT / ".cache" / "roots"

EDITORS: dict[str, tuple[str, ...]] = {
    "bookworm": ("neovim", "emacs-nox", "elpa-eglot", "elpa-lsp-mode", "vim", "vim-ale"),
    "bookworm-kate": ("kate", "dbus-x11", "xvfb", "xdotool"),
    "trixie": ("neovim", "emacs-nox", "hx"),
    "forky": ("neovim",),
}
"""Releases stay as they are, except the one in the making: it has a Neovim with `vim.lsp.config`.
Kate needs a screen and keys, and a gigabyte: it lies apart, so that others do not wait for it."""

PYTHONS: dict[str, tuple[str, ...]] = {"forky": ("python3.15", "python3.15-venv")}
"""Beside each release's own, for tests that want one of every version."""

OLD = "bullseye"
"""Has a Python that is too old for us, and no editor. It may leave the mirrors any day; then what it
is needed for cannot be tested."""

JUPYTER = ("jupyter-lsp==2.3.1", "jupyter-server==2.21.1")
"""What passes on messages between JupyterLab's page and the server; of this machine's Python."""

EVERYWHERE = ("ca-certificates", "python3", "python3-venv", "tmux")
"""The Pythons serve other tests too."""

UNUSED = ("man", "doc", "info", "locale")
"""Below /usr/share: half of the bytes, and nothing that is run."""


def root(release: str) -> Path:
    """Where a release lies."""
    return ROOTS / release


def install(releases: Collection[str] = ()) -> None:
    """Everything that is not there yet, all at once; of these `releases` only, if any."""
    with _alone():
        missing = [one for one in releases or EDITORS if _missing(one)]
        if not (root(OLD) / "usr/bin/python3").exists():
            missing.append(OLD)
        if not missing:
            return
        if os.geteuid() != 0:
            raise SystemExit("Only root can set up the editors and run them.")
        if shutil.which("mmdebstrap") is None:
            apt = ("apt-get", "-qq", "-o", "Dpkg::Use-Pty=0")
            _run("apt-get update", *apt, "update")
            _run("mmdebstrap", *apt, "install", "--yes", "--no-install-recommends", "mmdebstrap")
        with ThreadPoolExecutor() as pool:
            list(pool.map(_install, missing))


def jupyter() -> Path:
    """The environment of Jupyter, made if it is not there yet."""
    home = PROJECT / ".cache" / "jupyter"
    stamp = home / "packages.stamp"
    with _alone():
        if not stamp.exists() or stamp.read_text() != _digest([*JUPYTER]):
            shutil.rmtree(home, ignore_errors=True)
            _run("Jupyter", sys.executable, "-m", "venv", str(home))
            pip = (str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check")
            _run("Jupyter", *pip, *JUPYTER)
            stamp.write_text(_digest([*JUPYTER]))
    return home


def versions(release: str) -> str:
    """The editors and the Python of a release, for people to read."""
    names = (*EDITORS.get(release, ()), "python3")
    query = ("dpkg-query", "--showformat", "${Package} ${Version}\n", "--show", *names)
    return subprocess.run(
        ("chroot", str(root(release)), *query), check=True, capture_output=True, text=True
    ).stdout


@contextmanager
def _alone() -> Iterator[None]:
    """Test processes that run side by side wait for the first."""
    import fcntl  # here, because other tests ask on every system which roots there are

    ROOTS.mkdir(parents=True, exist_ok=True)
    with (ROOTS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(release: str) -> None:
    if release == OLD:
        try:
            _system(OLD)
        except SystemExit as error:
            print(error, file=sys.stderr)
        return
    if "system" in _missing(release):
        _system(release)
    _packages(release)


def _missing(release: str) -> list[str]:
    """What does not lie there as this file and the project's dependencies say."""
    stamps = {"system": _packages_of(release), "server": _requirements()}
    return [kind for kind, key in stamps.items() if _stamp(release, kind) != _digest(key)]


def _packages_of(release: str) -> list[str]:
    return [*EVERYWHERE, *EDITORS.get(release, ()), *PYTHONS.get(release, ())]


def _requirements() -> list[str]:
    """What the project needs to run, without its extras."""
    return [line for line in requires("sentry-migrate") or () if "extra ==" not in line]


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _stamp(release: str, kind: str) -> str:
    path = root(release) / "opt" / f"{kind}.stamp"
    return path.read_text() if path.exists() else ""


def _system(release: str) -> None:
    """Made beside its place, so that what lies there is whole."""
    new = ROOTS / f"{release}.new"
    for old in (new, root(release)):
        shutil.rmtree(old, ignore_errors=True)
    settings = ROOTS / f"{release}.conf"
    settings.write_text(_run("apt-config", "apt-config", "dump", "Acquire"))
    _run(
        f"{release} (if packages of it do not fit together, as can be in a new release, try again later)",
        "mmdebstrap",
        *("--quiet", "--mode=root", "--variant=essential", "--format=directory"),
        f"--aptopt={settings}",
        "--dpkgopt=force-unsafe-io",
        *(f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in UNUSED),
        "--include=" + ",".join(_packages_of(release)),
        *(release.partition("-")[0], str(new), _mirror()),
    )
    for place in ("project", "case"):  # inside.sh mounts there
        (new / "mnt" / place).mkdir()
    (new / "opt" / "system.stamp").write_text(_digest(_packages_of(release)))
    new.rename(root(release))


def _packages(release: str) -> None:
    """The server's dependencies as files, for the Python there (libcst is native)."""
    ask = ("python3", "-c", "import sys; print('{}.{}'.format(*sys.version_info))")
    python = _run("python3", "chroot", str(root(release)), *ask).strip()
    target = root(release) / "opt" / "server"
    shutil.rmtree(target, ignore_errors=True)
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    fitting = ("--python-version", python, "--only-binary=:all:", "--no-compile")
    _run(f"packages for {release}", *pip, *fitting, "--target", str(target), *_requirements())
    (root(release) / "opt" / "server.stamp").write_text(_digest(_requirements()))


def _mirror() -> str:
    """Where this machine gets Debian from."""
    asked = _run("apt-get", "apt-get", "indextargets", "--format", "$(ORIGIN) $(REPO_URI)")
    configured = _run("apt-get", "apt-get", "indextargets", "--format", "$(REPO_URI)").split()
    debian = [line.split()[1] for line in asked.splitlines() if line.startswith("Debian ")]
    for uri in (*debian, *configured):
        if uri.rstrip("/").endswith("/debian"):
            return uri
    raise SystemExit("apt on this machine names no Debian to install editors from.")


def _run(what: str, *command: str) -> str:
    """Standard output; where it fails, the end of what it said says why."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment
    )
    if done.returncode:
        said = (done.stdout + done.stderr)[-3000:]
        raise SystemExit(f"Cannot set up {what}: {command[0]} exited {done.returncode}\n{said}")
    return done.stdout


if __name__ == "__main__":
    if unknown := set(sys.argv[1:]) - EDITORS.keys():
        raise SystemExit(f"No such release: {', '.join(sorted(unknown))}")
    install(sys.argv[1:])
    print(f"Jupyter: {' '.join(JUPYTER)} in {jupyter()}")
    for name in (OLD, *EDITORS):
        if root(name).exists():
            print(f"{name}: " + ", ".join(versions(name).splitlines()))
