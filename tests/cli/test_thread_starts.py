"""Data that is set at startup before the only threads of a project start."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree

JOBS = """from concurrent.futures import ThreadPoolExecutor
import sentry_sdk
def main():
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("a", "b")
    with ThreadPoolExecutor(1) as pool:
        pool.map(print, range(4))
"""
APP = "import sentry_sdk, jobs\nsentry_sdk.init({})\njobs.main()\n"
# other.py, the arguments of `init()`, and whether the fix is safe
ROWS = {
    "nothing else": ("", "", True),
    "other options": ("OPTIONS = {'debug': True}\n", "**other.OPTIONS", True),
    "another's pool": ("import lib\nlib.Pool()\n", "", True),
    "no integrations": ("", "default_integrations=False", False),
    "no integrations in a dict": (
        "OPTIONS = {'default_integrations': False}\n",
        "**other.OPTIONS",
        False,
    ),
    "without one": ("", "disabled_integrations=[x]", False),
    "its integration": (
        "from sentry_sdk.integrations.threading import ThreadingIntegration as T\n",
        "integrations=[other.T()]",
        False,
    ),
    "threads": ("import threading\n", "", False),
    "the pool by its name here": ("from jobs import ThreadPoolExecutor as P\nP()\n", "", False),
    "the pool of the module": ("import jobs\npool = jobs.ThreadPoolExecutor()\n", "", False),
    "a server": ("import flask\n", "", False),
}


@pytest.mark.parametrize(("other", "options", "safe"), ROWS.values(), ids=ROWS)
def test_threads_of_a_pool(run: Run, here: Path, other: str, options: str, safe: bool) -> None:
    files = {"jobs.py": JOBS, "app.py": APP.format(options), "other.py": other}
    write_tree(here, {"pyproject.toml": "", **files})
    run("check", "--fix")
    assert (b"configure_scope" not in read_tree(here)["jobs.py"]) == safe
