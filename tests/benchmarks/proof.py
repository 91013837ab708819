"""`prove` next to running the tests three times, which is what it does at least."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from differential import environments
from sentry_migrate.cli import prove
from sentry_migrate.prove.fixes import Fixer

GOAL_PROOF = 1.3
SHOP = """\
import json
from sentry_sdk import capture_message, push_scope


def charge(order):
    with push_scope() as scope:
        scope.set_tag("order", order)
        capture_message("charged")


def total(items):
    return sum(len(json.dumps({"item": item, "all": list(range(50))})) for item in range(items))
"""
CLIENT = """\
import sentry_sdk
from sentry_sdk.transport import Transport


class Nowhere(Transport):
    def capture_event(self, event):
        pass

    def capture_envelope(self, envelope):
        pass


sentry_sdk.init("https://key@localhost/1", transport=Nowhere, default_integrations=False)
"""
"""Of tests that have events prepared without `prove`, too."""
TESTS = """\
import pytest
import shop


@pytest.mark.parametrize("number", range({sending}))
def test_charge(number):
    shop.total({work})
    shop.charge(number)


@pytest.mark.parametrize("number", range({others}))
def test_total(number):
    shop.total({work})
"""


def proof() -> float:
    """Print how long proofs take; the ratio where tests have a client, and take milliseconds."""
    sdks = environments.install(environments.OLD, environments.NEW)
    ratios = []
    print("sentry-migrate prove / python -m pytest, three times; processor time")
    for work, tests, conftest in (
        (300, 800, ""), (300, 800, CLIENT), (0, 4_000, ""), (0, 4_000, CLIENT)
    ):  # fmt: skip
        with tempfile.TemporaryDirectory() as name:
            project = Path(name)
            (project / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n')
            (project / "shop.py").write_text(SHOP)
            (project / "conftest.py").write_text(conftest)
            numbers = {"sending": tests // 5, "others": tests - tests // 5, "work": work}
            (project / "test_shop.py").write_text(TESTS.format(**numbers))
            pytest = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
            options = prove.Options(
                name, pytest, Fixer(), str(sdks), sys.executable, environments.OLD, environments.NEW
            )

            def ours() -> None:
                with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                    assert prove.run(options) == 0  # noqa: B023 - called within this turn

            def theirs() -> None:
                path = {"PYTHONPATH": str(sdks / environments.OLD)}
                for _ in range(3):
                    subprocess.run(
                        pytest, cwd=project, env={**os.environ, **path}, check=True,  # noqa: B023
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    )  # fmt: skip

            took, alone = _work(ours), _work(theirs)
            said = f"{tests} tests with{'' if conftest else 'out'} a client"
            print(f"  {said}: {took:.1f} s / {alone:.1f} s = {took / alone:.2f}")
            ratios.append(took / alone)
    return ratios[1]


def _work(call: Callable[[], object]) -> float:
    """Seconds of the processor, in this process and those that it starts."""
    before = sum(os.times()[:4])
    call()
    return sum(os.times()[:4]) - before
