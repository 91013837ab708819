"""A hub in a variable, used in the block of a context manager of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

HEAD = "import contextlib\nimport sentry_sdk\nfrom sentry_sdk import Hub\n"
USE = """def go(x):
    hub = Hub.current
    with {manager}:
        hub.capture_message("x")
"""
CLONE = "with Hub(Hub.current):"
GENERATOR = "@contextlib.contextmanager\ndef isolated():\n    {block}\n        yield\n"
CLASS = """class Isolated:
    def __enter__(self):
        {enter}
    def __exit__(self, *args):
        pass
"""
# What the module of the context manager has, how it is entered, and whether the hub may not be the
# active one there
MANAGERS = {
    "a generator": (GENERATOR.format(block=CLONE), "isolated()", True),
    "a generator with a client": (
        GENERATOR.format(block="with Hub(sentry_sdk.Client()):"),
        "isolated()",
        True,
    ),
    "a generator around another": (
        GENERATOR.format(block=CLONE)
        + "@contextlib.contextmanager\ndef outer():\n    with isolated():\n        yield\n",
        "outer()",
        True,
    ),
    "a function that gives it": (
        GENERATOR.format(block=CLONE) + "def get():\n    return isolated()\n",
        "get()",
        True,
    ),
    "a class": (
        CLASS.format(enter="self.hub = Hub(Hub.current); self.hub.__enter__()"),
        "Isolated()",
        True,
    ),
    "a class by a stack": (
        CLASS.format(
            enter="self.stack = contextlib.ExitStack(); self.stack.enter_context(Hub(Hub.current))"
        ),
        "Isolated()",
        True,
    ),
    "a generator without a hub": (GENERATOR.format(block="with open('x'):"), "isolated()", False),
    "a generator that sends": (
        GENERATOR.format(block="sentry_sdk.capture_message('y')\n    if 1:"),
        "isolated()",
        False,
    ),
    "a class without a hub": (CLASS.format(enter="return self"), "Isolated()", False),
    "another function's hub": (
        GENERATOR.format(block="if 1:") + f"def other():\n    {CLONE} pass\n",
        "isolated()",
        False,
    ),
    "a lock": ("lock = object()\n", "x.lock", False),
    "a file": ("", "open('x')", False),
}
PLACES = ("in the file", "elsewhere", "in a module elsewhere")


@pytest.mark.parametrize(("module", "manager", "other"), MANAGERS.values(), ids=MANAGERS)
@pytest.mark.parametrize("place", PLACES)
def test_the_hub_of_a_variable(
    run: Run, here: Path, module: str, manager: str, other: bool, place: str
) -> None:
    files = {"pyproject.toml": '[project]\nname = "x"\nversion = "1"\n'}
    if place == "in the file":
        files["a.py"] = HEAD + module + USE.format(manager=manager)
    else:
        name = manager.partition("(")[0]
        own = f"def {name}(" in module or f"class {name}" in module
        start = f"from lib import {name}\n" if own else ""
        if own and place == "in a module elsewhere":
            start, manager = "import lib\n", f"lib.{manager}"
        files |= {"lib.py": HEAD + module, "a.py": HEAD + start + USE.format(manager=manager)}
    write_tree(here, files)
    run("check", "--fix", "a.py")
    assert ("hub.capture_message" in (here / "a.py").read_text()) is other


@pytest.mark.parametrize(
    ("body", "other"),
    [
        ("with isolated():\n        pass\n    hub.capture_message('x')", False),
        ("with isolated():\n        hub = Hub.current\n        hub.capture_message('x')", False),
        ("with open('x'), isolated():\n        hub.capture_message('x')", True),
        ("with isolated():\n        if x:\n            hub.capture_message('x')", True),
    ],
)
def test_where_the_block_counts(run: Run, here: Path, body: str, other: bool) -> None:
    code = f"def go(x):\n    hub = Hub.current\n    {body}\n"
    write_tree(here, {"a.py": HEAD + GENERATOR.format(block=CLONE) + code})
    run("check", "--fix", "a.py")
    assert ("hub.capture_message" in (here / "a.py").read_text()) is other
