"""Values of the project's own that a parameter is given, which is annotated as a scope."""

from __future__ import annotations

import pytest

from sentry_migrate.project.given_values import own_value, own_value_key

HEAD = "import sentry_sdk, svc, fake\nfrom sentry_sdk import Scope, configure_scope\nfrom svc import fill\n"
OWN = {
    "made at once": "fill(fake.Fake())",
    "made of the library": "from types import SimpleNamespace as N\nfill(N(user=1))",
    "by the module": "svc.fill(fake.Fake())",
    "by a method": "svc.Filler().fill(fake.Fake())",
    "by keyword": "fill(scope=fake.Fake())",
    "of a class here": "class Fake: user = 1\nfill(Fake())",
    "of a function here": "def make(): return {}\nfill(make())",
    "in a variable": "f = fake.Fake()\nfill(f)",
    "in a variable of another": "f = fake.Fake()\ng = f\nfill(g)",
    "in one of two": "f, g = fake.pair()\nfill(g)",
    "an imported one": "from fake import SINK\nfill(SINK)",
    "of a module": "fill(fake.SINK)",
    "in a loop": "for f in fake.SINKS: fill(f)",
    "in a list here": "for f in [fake.Fake()]: fill(f)",
    "in a comprehension": "[fill(f) for f in fake.SINKS]",
    "an item": "fill(fake.SINKS['a'])",
    "several": "fill(*fake.SINKS)",
    "or a scope": "fill(fake.Fake() if x else scope)",
    "or a scope, the other way": "fill(scope or fake.Fake())",
    "through map": "list(map(svc.fill, fake.SINKS))",
    "later": "import functools\nfunctools.partial(fill, fake.Fake())()",
    "by a thread": "Thread(target=fill, args=(fake.Fake(),))",
    "under another name": "from svc import fill as f\nf(fake.Fake())",
    "assigned in an expression": "if (f := fake.Fake()): fill(f)",
    "no Python": "if fill(",
}
OTHERS = {
    "a pushed scope": "with sentry_sdk.push_scope() as s: fill(s)",
    "a configured scope": "with configure_scope() as s: fill(s)",
    "a scope of its own": "fill(Scope())",
    "a scope of its own in a variable": "s = Scope()\nfill(s)",
    "a scope of the hub": "fill(sentry_sdk.Hub.current.scope)",
    "a scope of the hub in a variable": "hub = sentry_sdk.Hub.current\nfill(hub.scope)",
    "a copy of a scope": "def f(scope): fill(scope.copy())",
    "a function's own argument": "def f(scope): fill(scope)",
    "an attribute of an instance": "class C:\n    def f(self): fill(self.scope)",
    "nothing": "fill()",
    "None": "fill(None)",
    "the SDK of another module": "from svc import sentry_sdk\nfill(sentry_sdk.get_current_scope())",
    "another argument": "fill(scope, fake.Fake())",
    "another keyword": "fill(scope, user=fake.Fake())",
    "another function": "svc.fills(fake.Fake())",
    "given to configure_scope()": "configure_scope(fill)",
    "a callback beside the SDK's own": "sentry_sdk.configure_scope(callback=svc.fill)",
    "another value in a variable's attribute": "f.x = fake.Fake()\nfill(f)",
    "not called": "print(fill)",
}


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_a_value_of_the_project(text: str) -> None:
    assert own_value(own_value_key("fill", "scope", 0), f"{HEAD}{text}\n".encode())


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_another_value(text: str) -> None:
    assert not own_value(own_value_key("fill", "scope", 0), f"{HEAD}{text}\n".encode())


@pytest.mark.parametrize(
    ("text", "index", "line"),
    [
        ("fill(1, fake.Fake())", 1, 4),
        ("fill(1, fake.Fake())", 2, 0),
        ("fill(fake.Fake(), 1)", 1, 0),
        ("fill(fake.Fake())", -1, 0),
        ("\nfill(scope=fake.Fake())", -1, 5),
    ],
)
def test_which_argument_it_is(text: str, index: int, line: int) -> None:
    assert own_value(own_value_key("fill", "scope", index), f"{HEAD}{text}\n".encode()) == line
