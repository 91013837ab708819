"""Code that asks which hub it has keeps blocks from losing theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, here, run, write_tree
from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

__all__ = ["here", "run"]  # fixtures

BLOCK = "def job(f):\n    with Hub(Hub.current):\n        f()\n"
# code beside the block → whether it compares hubs
BESIDE: dict[str, tuple[str, bool]] = {
    "is": ("def f():\n    return Hub.current is Hub.main\n", True),
    "is not": ("def f(x):\n    return x is not Hub.current\n", True),
    "==": ("def f(x):\n    return Hub.current == x\n", True),
    "in": ("def f(x):\n    return Hub.current in x\n", True),
    "id": ("def f():\n    return id(Hub.current)\n", True),
    "hash": ("def f():\n    return hash(Hub.current)\n", True),
    "a key": ("def f(x):\n    x[Hub.current] = 1\n", True),
    "looked up": ("def f(x):\n    return x.setdefault(Hub.current, [])\n", True),
    "added to a set": ("def f(x):\n    x.add(Hub.current)\n", True),
    "a value": ("def f(x):\n    x.append(Hub.current)\n    x['a'] = Hub.current\n", False),
    "a variable": ("def f():\n    hub = Hub.current\n    return hub is Hub.main\n", True),
    "a parameter": ("def f(hub: Hub, x):\n    return hub is x\n", True),
    "is None": ("def f():\n    return Hub.current is not None\n", False),
    "its client": ("def f(x):\n    return Hub.current.client is x\n", False),
    "the class": ("def f(x):\n    return x is Hub\n", False),
    "the ID of something else": ("def f(x):\n    return id(x), x[0], x is f\n", False),
    "a class of the project": ("class Own: ...\ndef f(x):\n    return Own() is x\n", False),
    "nothing": ("", False),
}


@pytest.mark.parametrize(("beside", "compares"), BESIDE.values(), ids=BESIDE)
def test_in_this_file(beside: str, compares: bool) -> None:
    done = fix(Source(f"from sentry_sdk import Hub\n{beside}{BLOCK}"), Settings(), unsafe=False)
    safe = "with isolation_scope()" in done.text
    assert safe is not compares


BLOCKS = {
    "a block": BLOCK,
    "a hub that is kept": "def job(f):\n    hub = Hub(Hub.current)\n    with hub:\n        f()\n",
    "run": "def job(f):\n    return Hub(Hub.current).run(f)\n",
}
ASKS = "from sentry_sdk import Hub\ndef f():\n    return Hub.current is Hub.main\n"
OTHERS: dict[str, tuple[str, bool]] = {
    "compares": (ASKS, True),
    "does not": ("from sentry_sdk import Hub\ndef f(hub: Hub):\n    pass\n", False),
}


@pytest.mark.parametrize(("other", "compares"), OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_in_another(run: Run, here: Path, block: str, other: str, compares: bool) -> None:
    write_tree(here, {"a.py": f"from sentry_sdk import Hub\n{block}", "b.py": other})
    run("check", "--no-cache", "--fix", ".")
    assert ("Hub(" in (here / "a.py").read_text()) is compares
