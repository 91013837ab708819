"""What an earlier run said of a file holds only for as long as the modules that it looked into."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

CHECK = ("check",)
KEPT = (*CHECK, "--cache-dir", "kept", ".")
CALLS = "import sentry_sdk\nfrom helper import sdk\n\ndef f():\n    sdk.push_scope()\n"
OWN = "import sentry_sdk\nclass sdk:\n    @staticmethod\n    def push_scope(): pass\n"
GIVEN = "import sentry_sdk\nsdk = [sentry_sdk][0]\n"
PASSES = "import sentry_sdk\nfrom helper import sdk\n\nsdk(with_locals=True)\n"
KEEPS = "def sdk(with_locals): pass\n"
HANDS_ON = "import sentry_sdk\ndef sdk(**options): sentry_sdk.init(**options)\n"
TAKES = "import sentry_sdk\nfrom helper import Hub\n"
INERT = "from sentry_sdk import Hub\n"
LOUD = "from sentry_sdk import Hub\nprint(1)\n"

# What a file says, and what the module it imports says in the first run and in the second: None
# for no such module.
CHANGES: dict[str, tuple[str, str | None, str | None]] = {
    "a class becomes the SDK": (CALLS, OWN, GIVEN),
    "the SDK becomes a class": (CALLS, GIVEN, OWN),
    "another module becomes the SDK": (CALLS, "sdk = 1\n", GIVEN),
    "the SDK comes": (CALLS, None, GIVEN),
    "the SDK goes": (CALLS, GIVEN, None),
    "a function gives a keyword to the SDK": (PASSES, KEEPS, HANDS_ON),
    "a function keeps a keyword": (PASSES, HANDS_ON, KEEPS),
    "an import does something": (TAKES, INERT, LOUD),
    "an import does nothing": (TAKES, LOUD, INERT),
    "nothing that matters": (CALLS, OWN, f"{OWN}x = 1\n"),
    "nothing": (CALLS, OWN, OWN),
}


def put(here: Path, text: str | None) -> None:
    if text is None:
        (here / "helper.py").unlink(missing_ok=True)
    else:
        (here / "helper.py").write_text(text)


@pytest.mark.parametrize("ignored", [False, True], ids=["of the run", "ignored"])
@pytest.mark.parametrize(("app", "before", "after"), CHANGES.values(), ids=CHANGES)
def test_what_is_said_after_a_change_is_what_a_first_run_says(
    run: Run, here: Path, app: str, before: str | None, after: str | None, ignored: bool
) -> None:
    excluded = "[tool.sentry-migrate]\nexclude = ['helper.py']\n" if ignored else ""
    write_tree(here, {"app.py": app, "pyproject.toml": f"[project]\nname = 'x'\n{excluded}"})
    for text in (before, after, before):
        put(here, text)
        assert run(*KEPT) == run(*CHECK, "--no-cache", ".")


HOLDING: dict[str, Callable[[Path], object]] = {
    "nothing": lambda here: None,
    "touched": lambda here: os.utime(here / "helper.py", (1, 1)),
}


@pytest.mark.parametrize("change", HOLDING.values(), ids=HOLDING)
def test_what_still_holds_is_not_found_out_again(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object]
) -> None:
    write_tree(here, {"app.py": CALLS, "helper.py": GIVEN, "pyproject.toml": ""})
    first = run(*KEPT)
    change(here)
    monkeypatch.setattr("sentry_migrate.worker.pool.Pool.run", pytest.fail)
    assert run(*KEPT) == first
