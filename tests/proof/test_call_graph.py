"""Which functions of a text call which, as far as that is certain."""

from __future__ import annotations

from pathlib import PurePosixPath

import libcst as cst
import pytest

from sentry_migrate.engine.analyze import Analysis
from sentry_migrate.kit.context import Context
from sentry_migrate.project.config import Settings
from sentry_migrate.proof.call_graph import CallGraph, Moments, own_module, runs_in
from sentry_migrate.python.flow import MANY

ABC = "def a():\n    b()\ndef b():\n    c()\ndef c():\n    pass\n"
FAMILY = """\
class Top:
    def go(self):
        self.step()
    def step(self):
        top()
class Middle(Top):
    def step(self):
        middle()
class Low(Middle):
    def step(self):
        low()
class Beside(Top):
    def step(self):
        beside()
class Other:
    def step(self):
        other()
def top(): pass
def middle(): pass
def low(): pass
def beside(): pass
def other(): pass
"""
CHOSEN = (
    "def f(x):\n"
    + "".join(f"    if x == {at}:\n        def g(): last{at}()\n" for at in range(MANY + 1))
    + "    g()\n    g()\n"
    + "".join(f"def last{at}(): pass\n" for at in range(MANY + 1))
)
EVERY = {"g", *(f"last{at}" for at in range(MANY + 1))}


def _context(text: str, path: str | None = None) -> Context:
    return Analysis.of(text, Settings(), PurePosixPath(path) if path else None).context


def _names(context: Context, ids: set[int]) -> set[str]:
    """The functions of a text among these, a method as `C.f`."""
    found = set()
    for node in (*context.tree.nodes(cst.FunctionDef), *context.tree.nodes(cst.Lambda)):
        if id(node) in ids:
            name = node.name.value if isinstance(node, cst.FunctionDef) else "lambda"
            scope = context.scopes.scope_of(node)
            holder = scope.node
            home = f"{holder.name.value}." if isinstance(holder, cst.ClassDef) else ""
            found.add(home + name)
    return found | ({"module"} if id(context.tree.module) in ids else set())


def _function(context: Context, name: str) -> cst.CSTNode:
    for node in context.tree.nodes(cst.FunctionDef):
        if _names(context, {id(node)}) == {name}:
            return node
    return context.tree.module


# a text, what `f` or the module calls
CALLED = {
    "nothing": ("def f(): pass\ndef g(): pass\n", ""),
    "a function": ("def f(): g()\ndef g(): pass\n", "g"),
    "over others": (ABC + "def f(): a()\n", "a b c"),
    "itself": ("def f(): f()\n", ""),
    "in a circle": ("def f(): g()\ndef g(): f()\n", "g"),
    "twice": ("def f():\n    g()\n    g()\ndef g(): pass\n", "g"),
    "one that is only passed on": ("def f(): x(g)\ndef g(): pass\n", ""),
    "one that is only read": ("def f(): return g\ndef g(): pass\n", ""),
    "by another name": ("def f(): h()\ndef g(): pass\nh = g\n", ""),
    "either of two": ("def f(): g()\nif x:\n    def g(): a()\nelse:\n    def g(): b()\n" + ABC, "g a b c"),
    "a parameter": ("def f(g): g()\ndef g(): pass\n", ""),
    "one inside": ("def f():\n    def g(): pass\n    g()\n", "g"),
    "one inside that is not called": ("def f():\n    def g(): h()\ndef h(): pass\n", ""),
    "in a lambda": ("def f(): return lambda: g()\ndef g(): pass\n", ""),
    "a lambda": ("h = lambda: g()\ndef f(): h()\ndef g(): pass\n", "g lambda"),
    "a lambda with a type": ("h: int = lambda: g()\ndef f(): h()\ndef g(): pass\n", "g lambda"),
    "a lambda in a loop": ("def f():\n    for h in lambda: g(): h()\ndef g(): pass\n", ""),
    "an item of lambdas": ("h, i = lambda: g(), 1\ndef f(): h()\ndef g(): pass\n", ""),
    "what a call gives": ("def f(): g()()\ndef g(): return h\ndef h(): pass\n", "g"),
    "an attribute of a module": ("import m\ndef f(): m.g()\ndef g(): pass\n", ""),
    "an item": ("def f(): x[0]()\ndef g(): pass\n", ""),
    "a class": ("class C: pass\ndef f(): C()\n", ""),
    "a class's start": ("class C:\n    def __init__(self): g()\n    def h(self): pass\ndef f(): C()\ndef g(): pass\n", "C.__init__ g"),
    "a class's making": ("class C:\n    def __new__(cls): g()\ndef f(): C()\ndef g(): pass\n", "C.__new__ g"),
    "an inherited start": ("class B:\n    def __init__(self): g()\nclass C(B): pass\ndef f(): C()\ndef g(): pass\n", "B.__init__ g"),
    "a class's code": ("def f():\n    class C: g()\ndef g(): pass\n", "g"),
    "a class's class's code": ("def f():\n    class C:\n        class D: g()\ndef g(): pass\n", "g"),
    "a method of self": ("class C:\n    def f(self): self.g()\n    def g(self): pass\n    def h(self): pass\n", "C.g"),
    "a method of no class": ("class C:\n    def f(self): self.g()\ndef g(): pass\n", ""),
    "a method of another": ("class C:\n    def f(self): self.x.g()\n    def g(self): pass\n", ""),
    "a method of what is made": ("class C:\n    def g(self): pass\ndef f(): C().g()\n", "C.g"),
    "a method of what was made": ("class C:\n    def g(self): pass\nc = C()\ndef f(): c.g()\n", "C.g"),
    "a method of what may be another": ("class C:\n    def g(self): pass\nc = C()\nc = x\ndef f(): c.g()\n", ""),
    "a lambda of a class": ("class C:\n    g = lambda self: h()\n    def f(self): self.g()\ndef h(): pass\n", "h C.lambda"),
    "from the top of a family": (FAMILY + "def f(): Top().go()\n", "Top.go Top.step Middle.step Low.step Beside.step top middle low beside"),
    "from within a family": (FAMILY + "def f(): Middle().step()\n", "Top.step Middle.step Low.step top middle low"),
    "from below a family": (FAMILY + "def f(): Low().step()\n", "Top.step Middle.step Low.step top middle low"),
    "two of a family": (FAMILY + "def f():\n    Low().step()\n    Beside().step()\n", "Top.step Middle.step Low.step Beside.step top middle low beside"),
    "nothing of a family": (FAMILY + "def f(): Top().step2()\n", ""),
    "many": (CHOSEN, " ".join(sorted(EVERY))),
    "the module": ("def g(): pass\ng()\n", "g"),
    "the module's class": ("def g(): pass\nclass C:\n    x = g()\n", "g"),
    "the module's default": ("def g(): pass\ndef h(x=g()): pass\n", "g"),
    "the module's decorator": ("def g(x): pass\n@g(1)\ndef h(): pass\n", "g"),
    "the module's decorator without a call": ("def g(x): pass\n@g\ndef h(): pass\n", "g"),
    "a class's decorator": ("def g(x): pass\nclass C:\n    @g\n    def h(): pass\n", "g"),
    "an inner decorator": ("def g(x): pass\ndef f():\n    @g\n    def h(): pass\n", "g"),
    "its own decorator": ("def g(x): pass\n@g\ndef f(): pass\n", ""),
    "a decorator that decorates": ("def g(): return h\ndef h(x): pass\n@g()\ndef i(): pass\n", "g"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CALLED.values(), ids=CALLED)
def test_what_is_called(text: str, expected: str) -> None:
    context = _context(text)
    name = "C.f" if "    def f" in text else "f"
    start = _function(context, name)
    graph = CallGraph.of(context)
    reached = graph.reached([start])
    assert _names(context, reached) - {name, "module"} == set(expected.split())
    assert graph.spread({id(start): "here"}) == dict.fromkeys(reached, "here")
    assert id(start) in reached
    assert all(id(start) in graph.reaching({one}) for one in reached)


# the targets, what calls them
CALLING = {
    "c": "a b c module",
    "a": "a module",
    "b c": "a b c module",
    "d": "d",
    "": "",
}


@pytest.mark.parametrize(("targets", "expected"), CALLING.items())
def test_what_calls(targets: str, expected: str) -> None:
    context = _context(ABC + "def d(): pass\na()\n")
    found = CallGraph.of(context).reaching([id(_function(context, one)) for one in targets.split()])
    assert _names(context, found) == set(expected.split())


def test_the_first_note_on_a_function_counts() -> None:
    context = _context(ABC)
    a, b, c = (id(_function(context, name)) for name in "abc")
    notes = CallGraph.of(context).spread({a: "one", c: "two"})
    assert notes == {a: "one", b: "one", c: "two"}


# the functions beside it and the block's body, whether `mark()` runs in it
WITHIN = {
    "where it stands": ("", "mark()", True),
    "nothing": ("", "x()", False),
    "called": ("def f(): mark()\n", "f()", True),
    "called by another": ("def f(): mark()\ndef g(): f()\n", "g()", True),
    "another is called": ("def f(): mark()\ndef g(): pass\n", "g()", False),
    "before": ("mark()\n", "x()", False),
    "called before": ("def f(): mark()\nf()\n", "x()", False),
    "called in another function": ("def f(): mark()\ndef g(): f()\n", "x()", False),
    "passed on": ("def f(): mark()\n", "x(f)", False),
}


@pytest.mark.parametrize(("before", "body", "expected"), WITHIN.values(), ids=WITHIN)
def test_what_runs_in_a_block(before: str, body: str, expected: bool) -> None:
    context = _context(f"{before}with x:\n    y\n    {body}\nz\nmark()\n")
    (block,) = context.tree.nodes(cst.With)
    marks = [one for one in context.tree.nodes(cst.Call) if context.code(one) == "mark()"]
    last = [one for one in marks if context.parent(context.parent(one)) is context.tree.module]  # type: ignore[arg-type]
    moments = Moments.of(context, [one for one in marks if one not in last[-1:]])
    assert moments.within(context, block) is expected
    assert not Moments.of(context, last[-1:]).within(context, block)
    assert not Moments.of(context, []).within(context, block)
    start, end = context.span(block.body)
    assert not moments.within(context, block, start)
    assert moments.within(context, block, end + 1) is expected


def test_what_runs_before_the_end_of_a_block_counts() -> None:
    context = _context("with x:\n    mark()\n    y\n")
    (block,) = context.tree.nodes(cst.With)
    (mark,) = context.tree.nodes(cst.Call)
    moments = Moments.of(context, [mark])
    start, end = context.span(mark)
    assert not moments.within(context, block, start)
    assert moments.within(context, block, start + 1)
    assert moments.within(context, block, end)


@pytest.mark.parametrize(
    ("path", "expected"),
    [(None, ""), ("a/obs.py", "obs"), ("a/b/__init__.py", "b"), ("obs.pyi", "obs")],
)
def test_the_name_of_the_module(path: str | None, expected: str) -> None:
    assert own_module(_context("", path)) == expected


RUNS = {
    "here()": "module",
    "def f(): here()": "f",
    "class C: here()": "module",
    "def f():\n    class C: here()": "f",
    "class C:\n    def f(self): here()": "C.f",
}


@pytest.mark.parametrize(("text", "expected"), RUNS.items())
def test_what_runs_a_node(text: str, expected: str) -> None:
    context = _context(text)
    (call,) = context.tree.nodes(cst.Call)
    assert _names(context, {id(runs_in(context, call))}) == {expected}
