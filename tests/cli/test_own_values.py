"""Setters of a scope in functions that other files give something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

FILL = "from sentry_sdk import Scope\ndef fill(scope: Scope):\n    scope.level = 'error'\n"
SECOND = FILL.replace("scope: Scope", "x, scope: 'Scope' = None")
METHOD = (
    "from sentry_sdk import Scope\nclass C:\n    def fill(self, scope: Scope):\n"
    "        scope.level = 'error'\n"
)
STATIC = METHOD.replace("    def fill(self, ", "    @staticmethod\n    def fill(")
KEPT = (
    "from sentry_sdk import Scope\nclass C:\n    def __init__(self, x, scope: Scope):\n"
    "        scope.level = 'error'\n"
)
NAMED = FILL.replace("scope: Scope", "*, scope: Scope")
FAKE = "class Fake:\n    level = None\n"
HEAD = "import fake, sentry_sdk, svc\n"
# svc.py, what another file does, and whether the fix is made.
CALLS = {
    "a fake": (FILL, "svc.fill(fake.Fake())", False),
    "a fake without the SDK": (FILL, "import svc, fake\nsvc.fill(fake.Fake())", False),
    "a fake in the same file": (f"{FILL}{FAKE}fill(Fake())\n", "", False),
    "a fake as the second": (SECOND, "svc.fill(1, fake.Fake())", False),
    "a fake by keyword": (NAMED, "svc.fill(scope=fake.Fake())", False),
    "a fake for a method": (METHOD, "svc.C().fill(fake.Fake())", False),
    "a fake for a static method": (STATIC, "svc.C.fill(fake.Fake())", False),
    "a fake for a class": (KEPT, "svc.C(1, fake.Fake())", False),
    "a scope": (FILL, "svc.fill(sentry_sdk.Scope())", True),
    "a scope of a parameter": (FILL, "def f(scope): svc.fill(scope)", True),
    "nobody": (FILL, "", True),
    "a fake as another": (SECOND, "svc.fill(fake.Fake(), sentry_sdk.Scope())", True),
    "a fake for another method": (METHOD, "svc.C().fills(fake.Fake())", True),
    "a scope for a method": (METHOD, "svc.C().fill(sentry_sdk.Scope())", True),
    "a scope for a static method": (STATIC, "svc.C.fill(sentry_sdk.Scope())", True),
    "a scope for a class": (KEPT, "svc.C(fake.Fake(), sentry_sdk.Scope())", True),
    "a class for nothing": (KEPT, "svc.D(1, fake.Fake())", True),
}


@pytest.mark.parametrize(("svc", "app", "made"), CALLS.values(), ids=CALLS)
def test_what_a_parameter_is_given(run: Run, here: Path, svc: str, app: str, made: bool) -> None:
    app = app if app.startswith("import") else HEAD + app
    write_tree(here, {"pyproject.toml": "", "svc.py": svc, "app.py": app, "fake.py": FAKE})
    run("check", "--fix")
    assert ("set_level" in (here / "svc.py").read_text()) == made
    if not made:
        assert "passes an object that may not have `set_level()`" in run("check", "svc.py").text
