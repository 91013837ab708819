"""Runs the tests of small projects, each in a process of its own, and prints how they end as JSON.

Runs inside an environment of the SDK. Knows nothing of what the projects are for.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import warnings

import pytest
import sentry_sdk

warnings.simplefilter("ignore")
ARGUMENTS = ("-q", "-p", "no:cacheprovider", "--assert=plain", "-W", "ignore", "--tb=line")
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"


def suite(directory: str) -> str:
    """What pytest says of the tests in `directory`; empty if they pass."""
    os.chdir(directory)
    sys.path.insert(0, directory)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = pytest.main([*ARGUMENTS, directory])
    return "" if code == 0 else said.getvalue()[-2000:] or f"exit code {int(code)}"


def main() -> None:
    """Run the suites of the directories that standard input names, a line each."""
    assert sentry_sdk.VERSION
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*ARGUMENTS, "--version"])  # loads what every run needs
    found = {}
    for directory in sys.stdin.read().split("\n"):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            with os.fdopen(writing, "w") as stream:
                stream.write(suite(directory))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as stream:
            found[directory] = stream.read()
        os.waitpid(child, 0)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
