"""What a module makes of hubs, and other files take from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree

CHECK = ("check", "--no-cache")
FIX = (*CHECK, "--fix", "--unsafe-fixes")
MADE = "import sentry_sdk\nHUB = sentry_sdk.Hub(sentry_sdk.Client('x'))\n"
USED = "def f():\n    with {0}:\n        {0}.capture_message('x')\n"

# what: the module, and who takes the hub from it
STAY = {
    "imported": (MADE, "from a import HUB\n" + USED.format("HUB")),
    "an attribute": (MADE, "import a\n" + USED.format("a.HUB")),
    "everything": (MADE, "from a import *\n" + USED.format("HUB")),
    "patched": (MADE, "from unittest.mock import patch\npatch('a.HUB')\n"),
    "by another name of the class": (
        "from sentry_sdk import Client, Hub as H\nHUB = H(Client('x'))\n",
        "from a import HUB\n" + USED.format("HUB"),
    ),
    "declared": (
        MADE.replace("HUB =", "HUB: sentry_sdk.Hub ="),
        "from a import HUB\n" + USED.format("HUB"),
    ),
}
# what: the same, where nobody takes it
GOES = {
    "another name": (MADE, "from a import sentry_sdk\n"),
    "another module": (MADE, "from b import HUB\n" + USED.format("HUB")),
}


def _after(run: Run, here: Path, module: str, other: str) -> bytes:
    write_tree(here, {"pyproject.toml": "", "a.py": module, "other.py": other})
    run(*FIX, ".")
    return read_tree(here)["a.py"]


@pytest.mark.parametrize(("module", "other"), STAY.values(), ids=STAY)
def test_what_others_take_keeps_its_name(run: Run, here: Path, module: str, other: str) -> None:
    assert b"HUB" in _after(run, here, module, other)


@pytest.mark.parametrize(("module", "other"), GOES.values(), ids=GOES)
def test_what_nobody_takes_is_renamed(run: Run, here: Path, module: str, other: str) -> None:
    assert b"HUB" not in _after(run, here, module, other)
