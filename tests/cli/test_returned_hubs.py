"""Functions that give a hub: whoever calls them, in whichever file, decides on what they give."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, here, run, write_tree  # noqa: F401  fixtures

HUBS = """from sentry_sdk import Client, Hub

_hub = None


def get_hub():
    global _hub
    if _hub is None:
        _hub = Hub(Client("https://a@example.com/1"))
    return _hub


def report(error):
    get_hub().capture_exception(error)
"""
# What another file does, and whether it is known to leave the function alone
OTHERS = {
    "nothing": ("import lib.hubs\nlib.hubs.report(1)\n", True),
    "another function of that name": ("from other import get_hub\nget_hub()\n", True),
    "takes it": ("from lib.hubs import get_hub\nget_hub().capture_message('x')\n", False),
    "takes it from the module": ("from lib import hubs\nhubs.get_hub().scope\n", False),
    "takes everything": ("from lib.hubs import *\n", False),
    "takes what the function makes": ("from lib import hubs\nhubs._hub.scope\n", False),
    "patches it": ("from unittest import mock\nmock.patch('lib.hubs.get_hub')\n", False),
}


@pytest.mark.parametrize("made", ["late", "at once"])
@pytest.mark.parametrize(("other", "alone"), OTHERS.values(), ids=OTHERS)
def test_a_function_that_others_call_stays(
    run: Run,  # noqa: F811
    here: Path,  # noqa: F811
    other: str,
    alone: bool,
    made: str,
) -> None:
    hubs = HUBS
    if made == "at once":
        hubs = hubs.replace("_hub = None", "_hub = Hub(Client())")
        hubs = "".join(line for line in hubs.splitlines(True) if "global" not in line)
        hubs = hubs.replace(
            '    if _hub is None:\n        _hub = Hub(Client("', '    print("'
        ).replace('1"))', '1")')
    write_tree(here, {"lib/__init__.py": "", "lib/hubs.py": hubs, "main.py": other})
    run("check", "--fix", "--unsafe-fixes", ".")
    after = (here / "lib/hubs.py").read_text()
    assert ("Hub" not in after) is alone
    if not alone:
        assert after == hubs
    compile(after, "hubs.py", "exec")
