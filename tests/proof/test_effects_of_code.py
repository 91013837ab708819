"""What the analysis of effects says of functions, members and values, in its own words."""

from __future__ import annotations

import libcst as cst
import pytest

from sentry_migrate.doubts import FOREIGN_VALUES
from sentry_migrate.engine.analyze import Analysis
from sentry_migrate.kit.context import Context
from sentry_migrate.project.config import Settings
from sentry_migrate.proof.effects import Effects

HEAD = """\
import sentry_sdk
from sentry_sdk import Hub, Scope
from elsewhere import Base, OTHER, lazy
def mark():
    sentry_sdk.set_tag('a', 'b')
class Clean:
    name = 1
    other = OTHER
    made = dict(a=1)
    lazily = lazy()
    def plain(self):
        return 1
    def __str__(self):
        return 'a'
class Named:
    @property
    def name(self):
        return mark()
    @lazy
    def computed(self):
        return 1
    def method(self):
        return mark()
class Closed:
    pass
class Open(Base):
    pass
class Watched:
    def __setattr__(self, name, value):
        mark()
"""
MARKS = "calls `mark()`, which calls `sentry_sdk.set_tag()`"

# the body of a function of `x`, what a call of it may do
FUNCTIONS = {
    "pass": "",
    "return 1 + 1": "",
    "sentry_sdk.capture_message('x')": "",
    "Hub.current.capture_message('x')": "",
    "sentry_sdk.capture_message('x', 'error')": "calls `sentry_sdk.capture_message()`",
    "sentry_sdk.capture_message(message='x')": "calls `sentry_sdk.capture_message()`",
    "sentry_sdk.capture_message(*x)": "calls `sentry_sdk.capture_message()`",
    "sentry_sdk.capture_exception()": "calls `sentry_sdk.capture_exception()`",
    "Hub.current.flush()": "calls `Hub.current.flush()`",
    "mark()": MARKS,
    "yield 1": "yields",
    "Closed().anything": "",
    "Clean().name": "",
    "Clean().other": "",
    "Clean().made": "",
    "Clean().plain()": "",
    "Clean().lazily": "reads `lazily`, which a descriptor may compute",
    "return x.a": "",
    "x.a = 1": f"runs `__setattr__` of a class here, which {MARKS}",
    "del x.a": f"runs `__setattr__` of a class here, which {MARKS}",
    "return x.name": f"runs `name` of a class here, which {MARKS}",
    "return x.computed": "runs `computed` of a class here, which cannot be followed",
    "f(x.a)": "",
}


def _context(code: str) -> Context:
    return Analysis.of(HEAD + code, Settings(), None).context


def _named(context: Context, name: str) -> cst.CSTNode:
    found = [*context.tree.nodes(cst.FunctionDef), *context.tree.nodes(cst.ClassDef)]
    return next(one for one in found if one.name.value == name)


@pytest.mark.parametrize(("body", "reason"), FUNCTIONS.items(), ids=FUNCTIONS)
def test_a_function(body: str, reason: str) -> None:
    context = _context(f"def f(x):\n    {body}\n")
    assert Effects.of(context).function(_named(context, "f")) == reason


def test_what_is_no_function_is_unknown() -> None:
    context = _context("")
    effects = Effects.of(context)
    assert effects.function(context.tree.module) == "calls something unknown"
    assert effects.function(_named(context, "Closed")) == ""


def test_an_asynchronous_function_awaits() -> None:
    context = _context("async def f():\n    pass\n")
    assert Effects.of(context).function(_named(context, "f")) == "awaits"


# a method's name, what one of it may do, whatever class has it
MEMBERS = {
    "plain": "",
    "nothing has it": "",
    "method": MARKS,
    "computed": "cannot be followed",
    "__setattr__": MARKS,
}


@pytest.mark.parametrize(("name", "reason"), MEMBERS.items(), ids=MEMBERS)
def test_a_member_of_any_class(name: str, reason: str) -> None:
    assert Effects.of(_context("")).of_members(name) == reason


def test_the_members_that_other_files_may_meet() -> None:
    context = _context("")
    found = dict(Effects.of(context).members_with_effects())
    assert sorted(found) == ["__setattr__", "computed", "method", "name"]


# a value, what code of its class may do if classes from outside count
VALUES = {
    "1": "",
    "'a'": "",
    "Closed()": "",
    "Open()": FOREIGN_VALUES.reason,
    "x": FOREIGN_VALUES.reason,
}


@pytest.mark.parametrize(("value", "reason"), VALUES.items(), ids=VALUES)
def test_code_from_outside(value: str, reason: str) -> None:
    context = _context(f"def f(x):\n    return {value}\n")
    (found,) = [
        node.value
        for node in context.tree.nodes(cst.Return)
        if context.function(node) is _named(context, "f")
    ]
    assert found is not None
    assert Effects.of(context, foreign=True).foreign(found) == reason
    assert Effects.of(context, foreign=True).hooks(found, ()) == ""
    assert Effects.of(context).foreign(found) == ""
    assert Effects.of(context).hooks(found, ("__nothing_has_it__",)) == ""
