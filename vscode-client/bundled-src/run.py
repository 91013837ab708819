"""Starts the bundled sentry-migrate, or says in one sentence why this Python cannot run it.

    python -S run.py --probe    one line of JSON: {"ok": true, ...} or {"ok": false, "reason": ...}
    python -S run.py server     what `sentry-migrate server` does

Owns the question whether this Python will do, and where modules come from: `libs` beside this
file, then the standard library, and never the current folder or anything else that PYTHONPATH
names. `-S` keeps out what the interpreter has installed, and `.pth` files that import something
before this file is asked; the server passes it on to its worker. Refuses to know what the program
does.

A Python that is too old must get as far as the sentence that says so: this file is Python 2.7.
"""
# ruff: noqa: E402, UP031

import sys  # part of the interpreter, as nothing else is that is imported here


def standard():
    """The entries of `sys.path` that are Python's own.

    They begin with an archive that seldom exists, behind what PYTHONPATH adds. PyPy has none.
    """
    archive = "python%d%d.zip" % sys.version_info[:2]
    begins = [at for at, entry in enumerate(sys.path) if entry.endswith(archive)]
    if begins:
        return sys.path[begins[-1] :]
    return [entry for entry in sys.path if entry.startswith(sys.prefix)]


if __name__ == "__main__":
    sys.path[:] = standard()

import os

OLDEST = (3, 10)
HERE = os.path.dirname(os.path.abspath(__file__))
LIBS = os.path.join(HERE, "libs")
STANDARD = ("asyncio", "ctypes", "json")
"""What a Python that was taken apart (Debian's minimal one) or built without libffi may lack."""


def version():
    """This Python's version, such as 3.9.2."""
    return ".".join(str(part) for part in sys.version_info[:3])


def obstacle():
    """Why this Python cannot run what is bundled, or None. Imports as little as an answer needs."""
    import platform

    kind = platform.python_implementation()
    if kind != "CPython":
        return "%s: the native module of libcst is made for CPython only" % kind
    if sys.version_info < OLDEST:
        wanted = ".".join(str(part) for part in OLDEST)
        return "needs CPython %s or newer, this is %s" % (wanted, version())
    return _missing_native() or _missing_standard()


def _missing_native():
    from importlib.machinery import EXTENSION_SUFFIXES
    from importlib.util import module_from_spec, spec_from_file_location

    directory = os.path.join(LIBS, "libcst")
    paths = [os.path.join(directory, "native" + suffix) for suffix in EXTENSION_SUFFIXES]
    path = next((path for path in paths if os.path.exists(path)), None)
    if path is None:
        import platform
        import sysconfig

        threads = sysconfig.get_config_var("Py_GIL_DISABLED")
        free_threaded = " (free-threaded)" if threads else ""
        return "no libcst module for CPython %d.%d%s on %s %s; this bundle has: %s" % (
            sys.version_info[0],
            sys.version_info[1],
            free_threaded,
            platform.system().lower(),
            platform.machine().lower(),
            ", ".join(_natives(directory)) or "none",
        )
    try:  # a library may be there and yet not load: for an older C library, say, or cut short
        spec = spec_from_file_location("libcst.native", path)
        module_from_spec(spec)
    except ImportError as error:
        return "the libcst module for CPython %s does not load: %s" % (version(), error)
    return None


def _natives(directory):
    """The tags of the natives: `cpython-310-x86_64-linux-gnu`, oldest first."""
    present = os.listdir(directory) if os.path.isdir(directory) else []
    return sorted(name.split(".")[1] for name in present if name.startswith("native."))


def _missing_standard():
    for name in STANDARD:
        try:
            __import__(name)
        except ImportError as error:
            return "the standard library of CPython %s is not whole: %s" % (version(), error)
    return None


def probe():
    """Print the answer; the exit code."""
    answer = {"ok": False, "reason": obstacle()}
    if answer["reason"] is None:
        from sentry_migrate import __version__

        answer = {"ok": True, "version": __version__, "python": version()}
    import json

    print(json.dumps(answer))
    return 0 if answer["ok"] else 1


def main(arguments):
    """Probe, or hand over to the program."""
    sys.path.insert(0, LIBS)
    if arguments == ["--probe"]:
        sys.exit(probe())
    reason = obstacle()
    if reason is not None:
        sys.exit("sentry-migrate cannot run with %s: %s" % (sys.executable, reason))
    from sentry_migrate.cli import main as program

    program()


if __name__ == "__main__":
    main(sys.argv[1:])
