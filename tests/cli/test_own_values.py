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
FIELD = (
    "from dataclasses import dataclass\nfrom sentry_sdk import Scope\n@dataclass\nclass C:\n"
    "    x: int\n    scope: Scope\n    def fill(self):\n        self.scope.level = 'error'\n"
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
    "a fake for a field": (FIELD, "svc.C(1, fake.Fake()).fill()", False),
    "a fake for a field by keyword": (FIELD, "svc.C(x=1, scope=fake.Fake()).fill()", False),
    "a fake that is stored": (FIELD, "c = svc.C(1, None)\nc.scope = fake.Fake()", False),
    "a fake that a file stores which does not name the class": (
        FIELD,
        "import fake\ndef f(c): c.scope = fake.Fake()",
        False,
    ),
    "a fake for a field of a subclass": (FIELD, "class D(svc.C): ...\nD(1, fake.Fake())", False),
    "a fake for another field": (FIELD, "svc.C(fake.Fake(), None).fill()", True),
    "a scope for a field": (FIELD, "svc.C(1, sentry_sdk.Scope()).fill()", True),
    "a fake for another class's field": (FIELD, "svc.D(1, fake.Fake())", True),
    "a fake in another attribute": (FIELD, "c = svc.C(1, None)\nc.scopes = fake.Fake()", True),
    "a fake in a variable": (FIELD, "scope = fake.Fake()\nc = svc.C(1, None)", True),
    "nobody for a field": (FIELD, "", True),
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


HOLDS = (
    "from sentry_sdk import Scope\nclass C:\n    def __init__(self, scope: Scope):\n"
    "        self.scope = scope\n"
)
# what another file does with instances of a class of svc.py, and whether its fix is made
READS = {
    "a fake": ("svc.C(fake.Fake()).scope.level = 1\n", False),
    "a fake in a variable": ("c = svc.C(fake.Fake())\nc.scope.level = 1\n", False),
    "a fake by keyword": ("c = svc.C(scope=fake.Fake())\nc.scope.level = 1\n", False),
    "a fake in a subclass": (
        "class D(svc.C):\n    def f(self):\n        self.scope.level = 1\nD(fake.Fake()).f()\n",
        False,
    ),
    "a scope": ("svc.C(sentry_sdk.Scope()).scope.level = 1\n", True),
    "a parameter": ("def f(c: svc.C):\n    c.scope.level = 1\n", True),
    "a fake for another class": (
        "def f(c: svc.C):\n    c.scope.level = 1\nsvc.E(fake.Fake())\n",
        True,
    ),
    "a fake by another keyword": (
        "def f(c: svc.C):\n    c.scope.level = 1\nsvc.C(None, log=fake.Fake())\n",
        True,
    ),
}


@pytest.mark.parametrize(("app", "made"), READS.values(), ids=READS)
def test_what_an_instance_of_another_file_is_given(
    run: Run, here: Path, app: str, made: bool
) -> None:
    files = {"svc.py": HOLDS, "app.py": HEAD + app, "fake.py": FAKE}
    write_tree(here, {"pyproject.toml": "", **files})
    run("check", "--fix")
    assert ("set_level" in (here / "app.py").read_text()) == made


CHILD = (
    "from sentry_sdk.tracing import Span\ndef sub(span: Span):\n    span.start_child(op='a', {})\n"
)
# what a function does, what another file gives it, and whether its fix is made
SPANS = {
    "a fake": (CHILD.format("description='b'"), "svc.sub(fake.Fake())", False),
    "a fake by keyword": (CHILD.format("description='b'"), "svc.sub(span=fake.Fake())", False),
    "a span": (CHILD.format("description='b'"), "svc.sub(sentry_sdk.start_span(op='a'))", True),
    "a span of a block": (
        CHILD.format("description='b'"),
        "with sentry_sdk.start_span(op='a') as s:\n    svc.sub(s)",
        True,
    ),
    "nothing": (CHILD.format("description='b'"), "", True),
    "a fake elsewhere": (CHILD.format("description='b'"), "svc.subs(fake.Fake())", True),
}


@pytest.mark.parametrize(("svc", "app", "made"), SPANS.values(), ids=SPANS)
def test_what_a_span_is(run: Run, here: Path, svc: str, app: str, made: bool) -> None:
    write_tree(here, {"pyproject.toml": "", "svc.py": svc, "app.py": HEAD + app, "fake.py": FAKE})
    run("check", "--fix")
    assert ("name='b'" in (here / "svc.py").read_text()) == made
    if not made:
        assert "passes an object that may not take `name=`" in run("check", "svc.py").text
