"""Scopes and spans that functions, attributes and managers of the same file hand to each other."""

from __future__ import annotations

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEAD = "import contextlib\nimport sentry_sdk\nfrom sentry_sdk import Hub, Scope, push_scope\n"
SETTERS = ("scope-level-setter", "scope-transaction-setter", "scope-user-setter")
PUSHED = "def f(x):\n    with push_scope() as s:\n        {}\n"
FILL = "def fill(scope, x):\n    scope.level = x\n"
CHILD = "{}.start_child(op='a', description='b')\n"

# what: the code, and whether its one fix is safe; None where there is no fix
FOUND: dict[str, tuple[str, bool | None]] = {
    "a parameter": (FILL + PUSHED.format("fill(s, 1)"), False),
    "a parameter by keyword": (FILL + PUSHED.format("fill(x=1, scope=s)"), False),
    "given on": (FILL + "def more(s):\n    fill(s, 1)\n" + PUSHED.format("more(s)"), False),
    "two scopes": (FILL + PUSHED.format("fill(s, 1)\nfill(Hub.current.scope, 2)"), False),
    "a method": (
        "class A:\n    def fill(self, s):\n        s.level = 1\n    def f(self):\n"
        "        with push_scope() as s:\n            self.fill(s)\n",
        False,
    ),
    "a static method": (
        "class A:\n    @staticmethod\n    def fill(s):\n        s.level = 1\n"
        + PUSHED.format("A.fill(s)"),
        False,
    ),
    "a static method that is the SDK's": (
        "class S:\n    push = staticmethod(push_scope)\nwith S.push() as s:\n    s.level = 1\n",
        True,
    ),
    "a namespace's": (
        "from types import SimpleNamespace\nn = SimpleNamespace(push=push_scope)\n"
        "with n.push() as s:\n    s.level = 1\n",
        True,
    ),
    "or another": ("def f(s=None):\n    s = s or Hub.current.scope\n    s.level = 1\n", False),
    "or another on the spot": ("def f(s=None):\n    (s or Hub.current.scope).level = 1\n", False),
    "one of two, of which one is given": (
        "def f(x, s=None):\n    s = s if x else Hub.current.scope\n    s.level = 1\n",
        False,
    ),
    "in a function that is called like the setter": (
        "def set_level(x):\n    with push_scope() as s:\n        s.level = x\n",
        True,
    ),
    "unless it is given": (
        "def f(s=None):\n    if s is None:\n        s = Hub.current.scope\n    s.level = 1\n",
        False,
    ),
    "an attribute": (
        "class A:\n    def __init__(self, s):\n        self.s = s\n    def f(self, x):\n"
        "        self.s.level = x\n" + PUSHED.format("A(s).f(1)"),
        False,
    ),
    "returned": ("def get():\n    return Hub.current.scope\nget().level = 1\n", True),
    "one of two that are returned": (
        "def get(x):\n    if x:\n        return sentry_sdk.get_current_scope()\n"
        "    return Hub.current.scope\nget(1).level = 1\n",
        True,
    ),
    "a property": (
        "class A:\n    @property\n    def s(self):\n        return Hub.current.scope\n"
        "    def f(self, x):\n        self.s.level = x\n",
        True,
    ),
    "a generator": (
        "@contextlib.contextmanager\ndef tagged():\n    with push_scope() as s:\n        yield s\n"
        "with tagged() as s:\n    s.level = 1\n",
        True,
    ),
    "a manager that is returned": (
        "def scoped():\n    return push_scope()\nwith scoped() as s:\n    s.level = 1\n",
        True,
    ),
    "a subclass": ("class A(Scope):\n    pass\ndef f():\n    s = A()\n    s.level = 1\n", True),
    "a subclass of a subclass": (
        "class A(Scope):\n    pass\nclass B(A):\n    def f(self):\n        self.level = 1\n",
        True,
    ),
    "a subclass in itself": (
        "class A(Scope):\n    def f(self, x):\n        self.user = x\n",
        True,
    ),
    "a subclass with such a method": (
        "class A(Scope):\n    def set_level(self, x):\n        self.level = x\n",
        None,
    ),
    "a subclass with such a method, elsewhere": (
        "class A(Scope):\n    def set_user(self, x):\n        print(x)\n"
        "def f():\n    s = A()\n    s.user = 1\n",
        None,
    ),
    "a subclass of which another has such a method": (
        "class A(Scope):\n    def f(self, x):\n        self.level = x\n"
        "class B(A):\n    def set_level(self, x):\n        print(x)\n",
        None,
    ),
    "what takes the place of the method": (
        "def set_transaction_name(self: Scope, x):\n    self.transaction = x\n"
        "Scope.set_transaction_name = set_transaction_name\n",
        None,
    ),
    "a span or another": (
        "def f(x=None):\n    s = sentry_sdk.get_current_span() or x\n    " + CHILD.format("s"),
        False,
    ),
    "a span or a transaction": (
        "def f(x):\n    s = sentry_sdk.start_span(op='a') if x else "
        "sentry_sdk.start_transaction(name='a')\n    " + CHILD.format("s"),
        True,
    ),
    "a span that is returned": (
        "def get():\n    return sentry_sdk.get_current_span()\n" + CHILD.format("get()"),
        True,
    ),
    "a span of a property": (
        "class A:\n    @property\n    def s(self):\n        return sentry_sdk.get_current_span()\n"
        "    def f(self):\n        " + CHILD.format("self.s"),
        True,
    ),
    "a generator's transaction": (
        "@contextlib.contextmanager\ndef job():\n"
        "    with sentry_sdk.start_transaction(name='a') as t:\n        yield t\n"
        "with job() as t:\n    " + CHILD.format("t"),
        True,
    ),
    "a span that a method is given": (
        "class A:\n    def sub(self, s):\n        " + CHILD.format("s")
        + "    def f(self):\n        self.sub(sentry_sdk.get_current_span())\n",
        False,
    ),
}  # fmt: skip
SILENT = {
    "an own `staticmethod`": "def staticmethod(f): return other\nclass S:\n    push = staticmethod(push_scope)\nwith S.push() as s:\n    s.level = 1\n",
    "another attribute of a namespace": "from types import SimpleNamespace\nn = SimpleNamespace(a=push_scope, b=other)\nwith n.b() as s:\n    s.level = 1\n",
    "a parameter that nobody gives": FILL,
    "something else once": FILL + PUSHED.format("fill(s, 1)\n        fill(x, 1)"),
    "a logger once": FILL + PUSHED.format("fill(s, 1)") + "import logging\nfill(logging.root, 1)\n",
    "passed on as a function": FILL + PUSHED.format("fill(s, 1)\n        print(fill)"),
    "another parameter": "def fill(x, s):\n    s.level = x\n" + PUSHED.format("fill(s, 1)"),
    "behind a star": FILL + PUSHED.format("fill(*[s], 1)"),
    "a hub": FILL + "fill(Hub.current, 1)\n",
    "a span": FILL + "fill(sentry_sdk.get_current_span(), 1)\n",
    "a method of another's name": (
        "class A:\n    def fill(self, s):\n        s.level = 1\n" + PUSHED.format("x.fill(1)")
    ),
    "a method that is given something else too": (
        "class A:\n    def fill(self, s):\n        s.level = 1\n"
        + PUSHED.format("x.fill(s)\n        x.fill(x)")
    ),
    "a method that is passed on": (
        "class A:\n    def fill(self, s):\n        s.level = 1\n"
        + PUSHED.format("x.fill(s)\n        print(x.fill)")
    ),
    "an attribute with something else": (
        "class A:\n    def __init__(self, s):\n        self.s = s\n    def g(self, x):\n"
        "        self.s = x\n    def f(self, x):\n        self.s.level = x\n"
        + PUSHED.format("A(s).f(1)")
    ),
    "something else returned": "def get(x):\n    return x.scope\nget(1).level = 1\n",
    "something else returned too": (
        "def get(x):\n    if x:\n        return x\n    return Hub.current.scope\nget(1).level = 1\n"
    ),
    "decorated": "@wrap\ndef get():\n    return Hub.current.scope\nget().level = 1\n",
    "a generator that is no manager": (
        "def get():\n    yield Hub.current.scope\nget().level = 1\n"
    ),
    "the function itself": "def get():\n    return Hub.current.scope\nget.level = 1\n",
    "a manager's function": "def get():\n    return push_scope()\nget().level = 1\n",
    "a manager that is decorated": (
        "@wrap\ndef get():\n    return push_scope()\nwith get() as s:\n    s.level = 1\n"
    ),
    "a generator of something else": (
        "@contextlib.contextmanager\ndef get():\n    with push_scope() as s:\n        yield s.x\n"
        "with get() as s:\n    s.level = 1\n"
    ),
    "a subclass of something else": (
        "class A(Other):\n    def f(self):\n        self.level = 1\n"
    ),
    "a class method": (
        "class A(Scope):\n    @classmethod\n    def f(cls):\n        cls.level = 1\n"
    ),
    "a static method": (
        "class A(Scope):\n    @staticmethod\n    def f(s):\n        s.level = 1\n"
    ),
    "another parameter of a method": (
        "class A(Scope):\n    def f(self, s):\n        s.level = 1\n"
    ),
    "a function in a method": (
        "class A(Scope):\n    def f(self):\n        def g(s):\n            s.level = 1\n"
    ),
    "a class that has a scope": (
        "class A:\n    s = Scope()\n    def f(self):\n        self.level = 1\n"
    ),
    "a span and another": (
        "def f(x=None):\n    s = sentry_sdk.get_current_span() and x\n    " + CHILD.format("s")
    ),
    "a span or a scope": (
        "def f(x=None):\n    s = sentry_sdk.get_current_span() or Hub.current.scope\n    "
        + CHILD.format("s")
    ),
    "another's span that is returned": "def get(x):\n    return x.span()\n" + CHILD.format("get(1)"),
    "a span's data": (
        "def get():\n    return sentry_sdk.get_current_span().description\n" + CHILD.format("get()")
    ),
    "a span that a method is not given": (
        "class A:\n    def sub(self, s):\n        " + CHILD.format("s")
        + "    def f(self):\n        self.sub(1)\n"
    ),
    "a method's attribute": (
        "class A:\n    def s(self):\n        return sentry_sdk.get_current_span()\n"
        "    def f(self):\n        " + CHILD.format("self.s")
    ),
}  # fmt: skip


def fixes(code: str) -> list[bool | None]:
    """Of the setters and descriptions that are found, whether their fixes are safe."""
    settings = Settings(select=(*SETTERS, "span-description"))
    found = analyze(Source(HEAD + code), settings).findings
    return [one.fix and one.fix.applicability is Applicability.SAFE for one in found]


@pytest.mark.parametrize(("code", "safe"), FOUND.values(), ids=FOUND)
def test_found(code: str, safe: bool | None) -> None:
    assert fixes(code) == [safe]


@pytest.mark.parametrize("code", SILENT.values(), ids=SILENT)
def test_silent(code: str) -> None:
    assert fixes(code) == []
