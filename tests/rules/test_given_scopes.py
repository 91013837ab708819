"""Scopes that are given to functions: only one of which all is known leaves the fix safe."""

from __future__ import annotations

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

MANAGER = "def f(x):\n    with sentry_sdk.configure_scope() as s:\n        "
FILL = "def fill(scope, **tags):\n    for k, v in tags.items():\n        scope.set_tag(k, v)\n"

# what: (functions, what follows)
KNOWN = {
    "sets tags": (FILL, MANAGER + "fill(s, a=1)\n"),
    "sets attributes": (
        "def fill(a, s):\n    s.user = a\n    s.level = a\n",
        MANAGER + "fill(1, s)\n",
    ),
    "by keyword": ("def fill(a, *, s):\n    s.set_extra(1, a)\n", MANAGER + "fill(1, s=s)\n"),
    "is tested": (
        "def fill(s):\n    if s and 1:\n        s.set_tag(1, 2)\n",
        MANAGER + "fill(s)\n",
    ),
    "an annotation": (
        "def fill(s: sentry_sdk.Scope) -> None:\n    s.set_context(1, {})\n",
        MANAGER + "fill(s)\n",
    ),
    "gives it on": (
        FILL + "def more(s):\n    fill(s, b=1)\n    s.set_level(1)\n",
        MANAGER + "more(s)\n",
    ),
    "calls itself": (
        "def fill(s, n):\n    s.set_tag(n, n)\n    fill(s, n - 1)\n",
        MANAGER + "fill(s, 1)\n",
    ),
    "a function inside": (
        "",
        "def f():\n    def fill(s):\n        s.set_tag(1, 2)\n"
        "    with sentry_sdk.configure_scope() as s:\n        fill(s)\n",
    ),
    "a method": (
        "",
        "class A:\n    def fill(self, s):\n        s.set_tag(1, 2)\n"
        "    def f(self):\n        with sentry_sdk.configure_scope() as s:\n            self.fill(s)\n",
    ),
    "a static method": (
        "",
        "class A:\n    @staticmethod\n    def fill(s):\n        s.set_tag(1, 2)\n"
        "    def f(self):\n        with sentry_sdk.configure_scope() as s:\n            self.fill(s)\n",
    ),
    "pushed": (FILL, "def f():\n    with sentry_sdk.push_scope() as s:\n        fill(s, a=1)\n"),
    "a hub's": (FILL, "def f():\n    fill(sentry_sdk.Hub.current.scope, a=1)\n"),
    "a callback": (FILL, "def f():\n    sentry_sdk.configure_scope(lambda s: fill(s, a=1))\n"),
    "a callback that is a function": (
        FILL + "def g(s):\n    fill(s, a=1)\n",
        "def f():\n    sentry_sdk.configure_scope(g)\n",
    ),
}

METHOD = "class A:\n    def fill(self, s):\n        s.set_tag(1, 2)\n{}" + (
    "    def f(self):\n        with sentry_sdk.configure_scope() as s:\n            self.fill(s)\n{}"
)
UNKNOWN = {
    "reads the span": ("def fill(s):\n    s.span.set_tag(1, 2)\n", MANAGER + "fill(s)\n"),
    "names the transaction": ("def fill(s):\n    s.transaction = 1\n", MANAGER + "fill(s)\n"),
    "names it by a call": ("def fill(s):\n    s.set_transaction_name(1)\n", MANAGER + "fill(s)\n"),
    "clears it": ("def fill(s):\n    s.clear()\n", MANAGER + "fill(s)\n"),
    "adds a breadcrumb": ("def fill(s):\n    s.add_breadcrumb({})\n", MANAGER + "fill(s)\n"),
    "sends by it": ("def fill(s):\n    s.capture_message(1)\n", MANAGER + "fill(s)\n"),
    "reads its session": ("def fill(s):\n    return s._session\n", MANAGER + "fill(s)\n"),
    "a member that is unknown": ("def fill(s):\n    s.brand_new(1)\n", MANAGER + "fill(s)\n"),
    "stores it": ("def fill(s):\n    global x\n    x = s\n", MANAGER + "fill(s)\n"),
    "returns it": ("def fill(s):\n    return s\n", MANAGER + "fill(s)\n"),
    "reads a computed member": ("def fill(s):\n    getattr(s, n)(1)\n", MANAGER + "fill(s)\n"),
    "gives it to others": ("def fill(s):\n    other(s)\n", MANAGER + "fill(s)\n"),
    "gives it on to one that reads the span": (
        "def g(s):\n    s.span\ndef fill(s):\n    g(s)\n",
        MANAGER + "fill(s)\n",
    ),
    "one of two reads the span": (
        FILL + "def g(s):\n    s.span\n",
        MANAGER + "fill(s)\n        g(s)\n",
    ),
    "a ring that reads the span": (
        "def g(s):\n    h(s)\ndef h(s):\n    g(s)\n    s.span\n",
        MANAGER + "g(s)\n",
    ),
    "a function inside keeps it": (
        "def fill(s):\n    def g():\n        s.span\n    return g\n",
        MANAGER + "fill(s)\n",
    ),
    "reads its variables": (
        "def fill(s):\n    s.set_tag(1, 2)\n    g(locals())\n",
        MANAGER + "fill(s)\n",
    ),
    "binds the variable again": (
        "def fill(s):\n    s.set_tag(1, 2)\n    s = s.fork()\n    s.set_tag(1, 2)\n",
        MANAGER + "fill(s)\n",
    ),
    "a generator": ("def fill(s):\n    s.set_tag(1, 2)\n    yield\n", MANAGER + "fill(s)\n"),
    "a coroutine": ("async def fill(s):\n    s.set_tag(1, 2)\n", MANAGER + "fill(s)\n"),
    "decorated": ("@other\ndef fill(s):\n    s.set_tag(1, 2)\n", MANAGER + "fill(s)\n"),
    "one of two definitions": (
        "if x:\n    def fill(s):\n        s.set_tag(1, 2)\nelse:\n    def fill(s):\n        s.span\n",
        MANAGER + "fill(s)\n",
    ),
    "bound anew by a star": (FILL + "from other import *\n", MANAGER + "fill(s)\n"),
    "its code is replaced": (FILL + "fill.__code__ = other\n", MANAGER + "fill(s)\n"),
    "among others": ("def fill(*s):\n    s[0].span\n", MANAGER + "fill(s)\n"),
    "by a star": ("def fill(a, s):\n    s.set_tag(1, 2)\n", MANAGER + "fill(*x, s)\n"),
    "by a keyword for any": ("def fill(**s):\n    s['s'].span\n", MANAGER + "fill(s=s)\n"),
    "to another parameter": (
        "def fill(s, t):\n    s.set_tag(1, 2)\n    t.span\n",
        MANAGER + "fill(x, s)\n",
    ),
    "imported": ("from app import fill\n", MANAGER + "fill(s)\n"),
    "a method of something": ("", MANAGER + "x.fill(s)\n"),
    "a method that is overridden": (
        "",
        METHOD.format("", "class B(A):\n    def fill(self, s):\n        s.span\n"),
    ),
    "a method that a mixin may override": ("", METHOD.format("", "class B(other, A):\n    pass\n")),
    "a method that is replaced": ("", METHOD.format("", "A.fill = other\n")),
    "a method that is decorated": (
        "",
        "class A:\n    @other\n    def fill(self, s):\n        s.set_tag(1, 2)\n"
        "    def f(self):\n        with sentry_sdk.configure_scope() as s:\n            self.fill(s)\n",
    ),
    "a method of a base": (
        "",
        "class A(other):\n    def f(self):\n"
        "        with sentry_sdk.configure_scope() as s:\n            self.fill(s)\n",
    ),
    "in a list": ("def fill(s):\n    s[0].span\n", MANAGER + "fill([s])\n"),
    "a hub's that is read": (
        "def fill(s):\n    s.span\n",
        "def f():\n    fill(sentry_sdk.Hub.current.scope)\n",
    ),
    "a callback that gives it on": (
        "def g(s):\n    s.span\ndef fill(s):\n    g(s)\n",
        "def f():\n    sentry_sdk.configure_scope(fill)\n",
    ),
}


@pytest.mark.parametrize(("functions", "code"), KNOWN.values(), ids=KNOWN)
def test_known(functions: str, code: str) -> None:
    found = analyze(Source(f"import sentry_sdk\n{functions}{code}"), Settings()).findings
    fixes = [one.fix for one in found if not one.name.endswith("-setter")]
    assert [fix and fix.applicability for fix in fixes] == [Applicability.SAFE]


@pytest.mark.parametrize(("functions", "code"), UNKNOWN.values(), ids=UNKNOWN)
def test_unknown(functions: str, code: str) -> None:
    found = analyze(Source(f"import sentry_sdk\n{functions}{code}"), Settings()).findings
    fix = next(one.fix for one in found if one.name.startswith(("configure-scope", "hub-scope")))
    assert fix is not None
    assert "span or transaction" in fix.reason
