"""Where a text may call `push_scope()` although nothing in it is known to."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from sentry_migrate.engine.analyze import Analysis
from sentry_migrate.project.config import Settings
from sentry_migrate.proof.hidden_scopes import hidden

HEAD = "import sentry_sdk, m\nfrom sentry_sdk import Hub\n"

# code, what of it may be the function
HIDDEN = {
    "": "",
    "with sentry_sdk.push_scope(): pass": "",
    "with Hub.current.push_scope(): pass": "",
    "def f(hub): hub.push_scope()": "hub.push_scope",
    "def f(hub): hub.push_scope": "hub.push_scope",
    "def f(hub): hub.configure_scope()": "",
    "def f(hub): hub.hub.push_scope()": "hub.hub.push_scope",
    "f().push_scope()": "f().push_scope",
    "m.push_scope()": "",
    "import m.n\nm.n.push_scope()": "",
    "from n import m\nm.push_scope()": "m.push_scope",
    "m = 1\nm.push_scope()": "m.push_scope",
    "if x:\n    m = 1\nm.push_scope()": "m.push_scope",
    "def f(hub): hub.push_scope = 1": "",
    "class C:\n    def push_scope(self): pass\n    def f(self): self.push_scope()": "",
    "class C:\n    def push_scope(self): pass\n    @classmethod\n    def f(cls): cls.push_scope()": "",
    "class C:\n    def push_scope(self): pass\n    def f(self, x): x.push_scope()": "x.push_scope",
    "class C:\n    def f(self): self.push_scope()": "self.push_scope",
    # by reflection
    "getattr(sentry_sdk, x)": "getattr(sentry_sdk, x)",
    "getattr(sentry_sdk, 'x')": "",
    "getattr(sentry_sdk, 'push_scope')": "'push_scope'",
    "getattr(Hub.current, x)": "getattr(Hub.current, x)",
    "getattr(x, y)": "",
    "getattr(x, 'push_scope')": "'push_scope'",
    "getattr()": "",
    "getattr(sentry_sdk)": "getattr(sentry_sdk)",
    "x(getattr)": "",
    "def getattr_(x): pass\ngetattr_(sentry_sdk, x)": "",
    "vars(sentry_sdk)": "vars(sentry_sdk)",
    "vars(x)": "",
    "dir(sentry_sdk)": "",
    # by strings
    "x = 'push_scope'": "'push_scope'",
    "x = 'app.obs.push_scope'": "'app.obs.push_scope'",
    "x = 'app.obs:push_scope'": "'app.obs:push_scope'",
    "x = 'a push_scope'": "",
    "x = 'push_scope()'": "",
    "x = 'push_scopes'": "",
    "x = 'my_push_scope'": "",
    "x = b'push_scope'": "",
    "'push_scope'": "",
    "__all__ = ['push_scope']": "",
    "all = ['push_scope']": "'push_scope'",
    "# push_scope": "",
    # by names
    "push_scope()": "",
    "from n import *\npush_scope()": "push_scope",
    "from n import *\ndef push_scope(): pass\npush_scope()": "",
    "from n import *\ndef f(push_scope): push_scope()": "",
    "from sentry_sdk import *\npush_scope()": "",
    "from sentry_sdk import push_scope\npush_scope()": "",
}


def _hidden(text: str, path: str, taken: tuple[str, ...] = ()) -> str:
    where = PurePosixPath(path)
    context = Analysis.of(
        HEAD + text + "\n", Settings(), where, taken=tuple((name, 1, "a.py") for name in taken)
    ).context
    return ", ".join(context.code(node) for node in hidden(context, "push_scope"))


@pytest.mark.parametrize(("text", "expected"), HIDDEN.items())
def test_what_may_be_the_function(text: str, expected: str) -> None:
    assert _hidden(text, "app/views.py") == expected
    in_test = "" if expected.startswith("'") else expected
    assert _hidden(text, "tests/test_views.py") == in_test


OR_NONE = "try:\n    from sentry_sdk import {} as f\nexcept ImportError:\n    f = None"


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("push_scope", ("f",), "push_scope as f"),
        ("push_scope", ("g",), ""),
        ("push_scope", (), ""),
        ("configure_scope", ("f",), ""),
    ],
)
def test_a_name_with_two_values_that_others_take(
    name: str, taken: tuple[str, ...], expected: str
) -> None:
    text = OR_NONE.format(name) + "\nx = 1  # push_scope"
    assert _hidden(text, "app/views.py", taken) == expected
    plain = f"from sentry_sdk import {name} as f  # push_scope"
    assert _hidden(plain, "app/views.py", taken) == ""
