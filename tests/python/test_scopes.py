"""Which bindings a name can mean: flow inside a scope, Python's scopes, and who reads a name."""

from __future__ import annotations

import textwrap

import libcst as cst
import pytest

from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.flow import MANY
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree


def built(code: str) -> Scopes:
    return Scopes(Tree(textwrap.dedent(code).lstrip("\n")))


def read(scopes: Scopes, name: str = "n") -> cst.Name:
    """The name in the one `read(n)`."""
    for call in scopes.tree.nodes(cst.Call):
        if isinstance(call.func, cst.Name) and call.func.value == "read":
            argument = call.args[0].value
            assert isinstance(argument, cst.Name)
            assert argument.value == name
            return argument
    raise AssertionError("nothing reads it")


def shown(scopes: Scopes, binding: Binding) -> str:
    """The value where it is assigned, else what kind of binding it is."""
    if binding.kind == "assign" and binding.value is not None:
        return scopes.tree.code(binding.value)
    return binding.kind


def reaching(code: str) -> str:
    scopes = built(code)
    return " ".join(shown(scopes, one) for one in scopes.reaching(read(scopes)))


# what: (code that calls `read(n)` once, the bindings that `n` can mean there, by position)
FLOW = {
    # one after the other
    "one": ("n = 1\nread(n)", "1"),
    "the last one": ("n = 1\nn = 2\nread(n)", "2"),
    "not the next one": ("n = 1\nn = 2\nread(n)\nn = 3", "2"),
    "three before, one after": ("n = 1\nn = 2\nn = 3\nread(n)\nn = 4", "3"),
    "its own statement": ("n = 1\nn = read(n)", "1"),
    "its own first statement": ("n = read(n)", "read(n)"),
    "on one line": ("n = 1; n = 2; read(n); n = 3", "2"),
    "only later ones": ("read(n)\nn = 1\nn = 2", "1 2"),
    "deleted": ("n = 1\ndel n\nread(n)", "del"),
    "an import": ("import n\nn = 1\nread(n)", "1"),
    "over an import": ("n = 1\nimport a.b as n\nread(n)", "import"),
    "the first part of an import": ("n = 1\nimport n.b\nread(n)", "import"),
    "a function": ("n = 1\ndef n(): pass\nread(n)", "def"),
    "a class": ("n = 1\nclass n: pass\nread(n)", "class"),
    "a part": ("n = 1\nn, m = 2, 3\nread(n)", "2, 3"),
    "an augmented assignment": ("n = 1\nn += 1\nread(n)", "other"),
    "an annotation alone": ("n = 1\nn: int\nread(n)", "1"),
    "an annotated assignment": ("n = 1\nn: int = 2\nread(n)", "2"),
    "a walrus": ("n = 1\n(n := 2)\nread(n)", "2"),
    "nobody's": ("m = 1\nread(n)", ""),
    # if
    "if": ("n = 1\nif x: n = 2\nread(n)", "1 2"),
    "if, read inside": ("n = 1\nif x:\n    n = 2\n    read(n)", "2"),
    "if, read in else": ("n = 1\nif x:\n    n = 2\nelse:\n    read(n)", "1"),
    "else, read in if": ("n = 1\nif x:\n    read(n)\nelse:\n    n = 2", "1"),
    "if and else": ("n = 1\nif x:\n    n = 2\nelse:\n    n = 3\nread(n)", "1 2 3"),
    "if, then again": ("n = 1\nif x:\n    n = 2\nn = 3\nread(n)", "3"),
    "if, bound before too": ("n = 1\nif x:\n    n = 2\n    n = 3\nread(n)", "1 2 3"),
    "elif": ("n = 1\nif x:\n    n = 2\nelif y:\n    read(n)", "1"),
    "else of elif": ("n = 1\nif x:\n    n = 2\nelif y:\n    n = 3\nelse:\n    read(n)", "1"),
    "if in if": ("n = 1\nif x:\n    if y:\n        n = 2\n    read(n)", "1 2"),
    "another if": ("if x:\n    n = 1\nelse:\n    n = 2\nif x:\n    read(n)", "1 2"),
    "the test": ("n = 1\nif (n := 2):\n    read(n)", "2"),
    "after the test": ("n = 1\nif (n := 2): pass\nread(n)", "2"),
    "the same if, deeper": ("n = 1\nif x:\n    n = 2\n    if y:\n        read(n)", "2"),
    "bound later in the same branch": ("n = 1\nif x:\n    read(n)\n    n = 2", "1"),
    # loops
    "for": ("n = 1\nfor n in x:\n    read(n)", "for"),
    "after for": ("n = 1\nfor n in x: pass\nread(n)", "for"),
    "for, bound in the body": ("n = 1\nfor m in x:\n    n = 2\nread(n)", "1 2"),
    "for, an earlier turn": ("n = 1\nfor m in x:\n    read(n)\n    n = 2", "1 2"),
    "for, anew in each turn": ("for m in x:\n    n = 1\n    read(n)\n    n = 2", "1"),
    "while, an earlier turn": ("n = 1\nwhile x:\n    read(n)\n    n = 2", "1 2"),
    "while, read and bound after": ("n = 1\nwhile x:\n    read(n)\nn = 2", "1"),
    "for, else": ("n = 1\nfor m in x:\n    n = 2\nelse:\n    read(n)", "1 2"),
    "for, else not taken": ("n = 1\nfor m in x: pass\nelse:\n    n = 2\nread(n)", "1 2"),
    "for in for, the outer turn": (
        "n = 1\nfor a in x:\n    for b in y:\n        read(n)\n    n = 2",
        "1 2",
    ),
    "for in for, anew in the outer": (
        "for a in x:\n    n = 1\n    for b in y:\n        read(n)\n    n = 2",
        "1",
    ),
    "for in for, the inner turn": (
        "for a in x:\n    n = 1\n    for b in y:\n        read(n)\n        n = 2\n    n = 3",
        "1 2",
    ),
    "a loop beside": ("n = 1\nfor a in x:\n    read(n)\nfor a in y:\n    n = 2", "1"),
    "its own iterable": ("n = 1\nfor n in read(n): pass", "1"),
    # try
    "try": ("n = 1\ntry:\n    n = 2\nexcept E: pass\nread(n)", "1 2"),
    "in except": ("n = 1\ntry:\n    n = 2\nexcept E:\n    read(n)", "1 2"),
    "else of try": ("n = 1\ntry:\n    n = 2\nexcept E: pass\nelse:\n    read(n)", "2"),
    "else of another try": (
        "n = 1\ntry:\n    n = 2\nexcept E: pass\ntry: pass\nexcept E: pass\nelse:\n    read(n)",
        "1 2",
    ),
    "else of try, bound in except": (
        "n = 1\ntry: pass\nexcept E:\n    n = 2\nelse:\n    read(n)",
        "1 2",
    ),
    "finally": ("n = 1\ntry:\n    n = 2\nfinally:\n    read(n)", "1 2"),
    "bound in finally": ("n = 1\ntry:\n    n = 2\nfinally:\n    n = 3\nread(n)", "3"),
    "bound in except": ("n = 1\ntry: pass\nexcept E:\n    n = 2\nread(n)", "1 2"),
    "bound in else": ("n = 1\ntry: pass\nexcept E: pass\nelse:\n    n = 2\nread(n)", "1 2"),
    "the error": ("n = 1\ntry: pass\nexcept E as n:\n    read(n)", "except"),
    "two handlers": ("n = 1\ntry: pass\nexcept E:\n    n = 2\nexcept F:\n    read(n)", "1 2"),
    "an import or None": (
        "try:\n    import n\nexcept ImportError:\n    n = None\nread(n)",
        "import None",
    ),
    "except star": ("n = 1\ntry:\n    n = 2\nexcept* E:\n    n = 3\nread(n)", "1 2 3"),
    # others
    "with": ("n = 1\nwith x as n:\n    read(n)", "with"),
    "after with": ("n = 1\nwith x as n: pass\nread(n)", "with"),
    "bound in with": ("n = 1\nwith x:\n    n = 2\nread(n)", "2"),
    "match": ("n = 1\nmatch x:\n    case 1:\n        n = 2\n    case _: pass\nread(n)", "1 2"),
    "in a case": ("n = 1\nmatch x:\n    case 1:\n        n = 2\n        read(n)", "2"),
    "in another case": ("n = 1\nmatch x:\n    case 1:\n        n = 2\n    case 2:\n        read(n)", "1 2"),
    "the subject": ("n = 1\nmatch (n := 2):\n    case 1:\n        read(n)", "2"),
    "a capture": ("n = 1\nmatch x:\n    case [n]:\n        read(n)", "other"),
    "the rest of a mapping": ("n = 1\nmatch x:\n    case {'a': 1, **n}:\n        read(n)", "other"),
    "a conditional": ("n = 1\nx = (n := 2) if y else 3\nread(n)", "1 2"),
    "the test of a conditional": ("n = 1\nx = 2 if (n := 3) else 4\nread(n)", "3"),
    "the sides of a conditional": ("n = 1\nx = (n := 2) if y else read(n)", "1"),
    "the same side of a conditional": ("n = 1\nx = [(n := 2), read(n)] if y else 3", "2"),
    "the right of and": ("n = 1\nx = y and (n := 2)\nread(n)", "1 2"),
    "the left of and": ("n = 1\nx = (n := 2) and read(n)", "2"),
    "the right of and, read there": ("n = 1\nx = y and [(n := 2), read(n)]", "2"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), FLOW.values(), ids=FLOW)
def test_flow(code: str, expected: str) -> None:
    assert reaching(code) == expected


@pytest.mark.parametrize(("code", "expected"), FLOW.values(), ids=FLOW)
@pytest.mark.parametrize("around", ["def f(x, y):\n{}", "class C:\n{}", "async def f(x, y):\n{}"])
def test_flow_is_the_same_in_every_scope(code: str, expected: str, around: str) -> None:
    assert reaching(around.format(textwrap.indent(code, "    "))) == expected


@pytest.mark.parametrize(("code", "expected"), FLOW.values(), ids=FLOW)
def test_code_of_a_function_runs_at_any_time(code: str, expected: str) -> None:
    """Whatever the module ever binds can be meant."""
    code = code.replace("read(n)", "0") + "\ndef later():\n    read(n)\n"
    scopes = built(code)
    every = [shown(scopes, one) for one in scopes.module.bindings.get("n", ())]
    assert reaching(code).split() == " ".join(every).split()


# what: (code that calls `read(n)` once, the bindings that `n` can mean there)
SCOPED = {
    "a global": ("n = 1\ndef f():\n    read(n)", "1"),
    "a local": ("n = 1\ndef f():\n    n = 2\n    read(n)", "2"),
    "a local that comes later": ("n = 1\ndef f():\n    read(n)\n    n = 2", "2"),
    "a parameter": ("n = 1\ndef f(n):\n    read(n)", "param"),
    "a parameter of its own kind": ("n = 1\ndef f(*, n=2):\n    read(n)", "param"),
    "all arguments": ("n = 1\ndef f(*n):\n    read(n)", "param"),
    "a parameter, then a variable": ("def f(n):\n    n = 2\n    read(n)", "2"),
    "a default": ("n = 1\ndef f(n=read(n)): pass", "1"),
    "a decorator": ("n = 1\n@read(n)\ndef f(n): pass", "1"),
    "an annotation": ("n = 1\ndef f(n: read(n)): pass", "1"),
    "a lambda": ("n = 1\nf = lambda n: read(n)", "param"),
    "around a lambda": ("n = 1\nf = lambda m: read(n)", "1"),
    "an enclosing function": ("n = 1\ndef f():\n    n = 2\n    def g():\n        read(n)", "2"),
    "both of an enclosing function": (
        "def f():\n    n = 1\n    def g():\n        read(n)\n    n = 2",
        "1 2",
    ),
    "a class body": ("n = 1\nclass C:\n    n = 2\n    read(n)", "2"),
    "around a class body": ("n = 1\nclass C:\n    read(n)", "1"),
    "a method does not see its class": ("n = 1\nclass C:\n    n = 2\n    def f(self):\n        read(n)", "1"),
    "a method of nothing else": ("class C:\n    n = 2\n    def f(self):\n        read(n)", ""),
    "a class in a function": ("def f():\n    n = 1\n    class C:\n        read(n)", "1"),
    "the bases": ("n = 1\nclass C(read(n)):\n    n = 2", "1"),
    "global": ("n = 1\ndef f():\n    global n\n    read(n)", "1"),
    "global, bound there": ("def f():\n    global n\n    n = 2\n    read(n)", "2"),
    "global, over an enclosing one": (
        "n = 1\ndef f():\n    n = 2\n    def g():\n        global n\n        read(n)",
        "1",
    ),
    "global that there is not": ("def f():\n    n = 2\n    def g():\n        global n\n        read(n)", ""),
    "nonlocal": ("n = 1\ndef f():\n    n = 2\n    def g():\n        nonlocal n\n        read(n)", "2"),
    "a comprehension": ("n = 1\n[read(n) for n in x]", "for"),
    "around a comprehension": ("n = 1\nn = 2\n[read(n) for m in x]", "2"),
    "a comprehension does not leak": ("n = 1\n[m for n in x]\nread(n)", "1"),
    "its first iterable": ("n = 1\n[m for n in read(n)]", "1"),
    "its condition": ("n = 1\n[m for n in x if read(n)]", "for"),
    "its second iterable": ("n = 1\n[m for n in x for m in read(n)]", "for"),
    "a dictionary's": ("n = 1\n{n: read(n) for n in x}", "for"),
    "a generator's": ("n = 1\nlist(read(n) for n in x)", "for"),
    "a walrus in one": ("n = 1\n[(n := 2) for m in x]\nread(n)", "2"),
    "a walrus in one in a function": ("n = 1\ndef f():\n    [(n := 2) for m in x]\n    read(n)", "2"),
    "one in a class": ("n = 1\nclass C:\n    n = 2\n    [read(n) for m in x]", "1"),
    "a builtin": ("read(n)", ""),
}  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), SCOPED.values(), ids=SCOPED)
def test_scopes(code: str, expected: str) -> None:
    assert reaching(code) == expected


# A function that binds a name of another scope may run before the read, after it, or never.
ELSEWHERE = {
    "global": ("n = 1\ndef f():\n    global n\n    n = 2\nread(n)", "1 2"),
    "nonlocal": ("def f():\n    n = 1\n    def g():\n        nonlocal n\n        n = 2\n    read(n)", "1 2"),
    "above": ("def f():\n    global n\n    n = 2\nn = 1\nread(n)", "1 2"),
    "below the read": ("n = 1\nread(n)\ndef f():\n    global n\n    n = 2", "1 2"),
    "only there": ("read(n)\ndef f():\n    global n\n    n = 2", "2"),
    "only there, twice": ("def f():\n    global n\n    n = 2\n    n = 3\nread(n)", "2 3"),
    "an earlier one is still over": ("n = 1\nn = 3\ndef f():\n    global n\n    n = 2\nread(n)", "3 2"),
    "in two functions": (
        "n = 1\ndef f():\n    global n\n    n = 2\ndef g():\n    global n\n    n = 3\nread(n)",
        "1 2 3",
    ),
    "by way of a method": (
        "n = 1\nclass C:\n    def f(self):\n        global n\n        n = 2\nread(n)",
        "1 2",
    ),
    "by a walrus in a comprehension": (
        "n = 1\ndef f():\n    global n\n    [(n := 2) for m in x]\nread(n)",
        "1 2",
    ),
    "read in a third function": (
        "n = 1\ndef f():\n    global n\n    n = 2\ndef g():\n    read(n)",
        "1 2",
    ),
    "nonlocal, bound below": (
        "def f():\n    def g():\n        nonlocal n\n        n = 2\n    n = 1\n    read(n)",
        "1 2",
    ),
    "nonlocal is never the module's": (
        "n = 0\ndef f():\n    def g():\n        nonlocal n\n        n = 2\n    n = 1\nread(n)",
        "0",
    ),
    "nonlocal through a function": (
        "def f():\n    n = 1\n    def g():\n        def h():\n            nonlocal n\n"
        "            n = 2\n    read(n)",
        "1 2",
    ),
    "nonlocal does not see a class": (
        "def f():\n    n = 1\n    class C:\n        n = 3\n        def g(self):\n"
        "            nonlocal n\n            n = 2\n        read(n)",
        "3",
    ),
    "a local of the same name": ("n = 1\ndef f():\n    n = 2\nread(n)", "1"),
    "another name": ("n = 1\ndef f():\n    global m\n    n = 2\nread(n)", "1"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_another_function_binds_it(code: str, expected: str) -> None:
    assert reaching(code) == expected


# what: (code, for each scope that has the name, how often `n` is read in it)
READS = {
    "nowhere": ("n = 1", {"module": 0}),
    "in the module": ("n = 1\nf(n)\ng(n)", {"module": 2}),
    "in a function": ("n = 1\ndef f():\n    g(n)", {"module": 1}),
    "each their own": ("n = 1\nf(n)\ndef f(n):\n    g(n)\n    g(n)", {"module": 1, "function": 2}),
    "not the method's": ("n = 1\nclass C:\n    n = 2\n    f(n)\n    def f(self):\n        g(n)", {"module": 1, "class": 1}),
    "a comprehension's": ("n = 1\n[n for n in n]", {"module": 1, "comprehension": 1}),
    "deleted": ("n = 1\ndel n", {"module": 0}),
    "assigned only": ("n = 1\nn = 2\nx.n\nf(n=3)", {"module": 0}),
    "augmented": ("n = 1\nn += 2", {"module": 1}),
    "of another name": ("n = 1\nm = 2\nf(m)", {"module": 0}),
}  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), READS.values(), ids=READS)
def test_who_reads_a_name(code: str, expected: dict[str, int]) -> None:
    scopes = built(code)
    having = [scope for scope in scopes.scopes.values() if "n" in scope.bindings]
    for _ in range(2):  # the second answer is a remembered one
        assert {scope.kind: len(scopes.reads_in(scope, "n")) for scope in having} == expected
    assert all(scopes.reads_in(scope, "other") == [] for scope in having)


# code with one or more functions `n`: how many reads can mean the first
MEANS = {
    "def n(): pass\nn()\nf(n)": 2,
    "def n():\n    n()": 1,
    "def f():\n    global n\n    def n(): pass\nn()": 1,
    "def n(): pass\nif x:\n    n = 1\nn()": 1,
    "def n(): pass": 0,
    "def n(): pass\ndef n(): pass\nn()": 0,
    "def n(): pass\nn = 1\nn()": 0,
    "def n(): pass\ndef f(n):\n    n()": 0,
    "class C:\n    def n(self): pass\nn()": 0,
    "def f():\n    def n(): pass\nn()": 0,
    "def n(): pass\nx.n()\nf(n=1)": 0,
}


@pytest.mark.parametrize(("code", "expected"), MEANS.items())
def test_who_means_a_function(code: str, expected: int) -> None:
    scopes = built(code)
    first = min(
        (node for node in scopes.tree.nodes(cst.FunctionDef) if node.name.value == "n"),
        key=scopes.tree.span,
    )
    assert len(scopes.reads_of_definition(first)) == expected


def test_which_binding_an_assignment_makes() -> None:
    scopes = built("n = 1\nn = 2\ndef f():\n    n = 3\nread(n)")
    made = {
        name: binding
        for name in scopes.tree.nodes(cst.Name)
        if (binding := scopes.bound_by(name)) is not None
    }
    assert [shown(scopes, binding) for binding in made.values()] == ["1", "2", "3"]
    assert all(binding.node is name for name, binding in made.items())


def test_the_scope_of_what_is_no_name() -> None:
    scopes = built("def f(x):\n    return [1 for y in x]\nclass C:\n    2\n3")
    kinds = {node.value: scopes.scope_of(node).kind for node in scopes.tree.nodes(cst.Integer)}
    assert kinds == {"1": "comprehension", "2": "class", "3": "module"}
    (function,) = scopes.tree.nodes(cst.FunctionDef)
    (comprehension,) = scopes.tree.nodes(cst.ListComp)
    assert scopes.scope_of(function).kind == "module"
    assert scopes.scope_of(scopes.tree.module) is scopes.module
    assert scopes.scope_of(comprehension).kind == "function"


# code with one call: the kind of scope that it runs in
RUNS_IN = {
    "@g()\ndef f(): pass": "module",
    "@g()\nclass C: pass": "module",
    "class C(g()): pass": "module",
    "class C(metaclass=g()): pass": "module",
    "class C:\n    @g()\n    def f(self): pass": "class",
    "class C:\n    def f(self, x=g()): pass": "class",
    "def f(x=g()): pass": "module",
    "def f(x: g()): pass": "module",
    "def f() -> g(): pass": "module",
    "def f(*x: g()): pass": "module",
    "def f(*, x=g()): pass": "module",
    "def f(x, /, y=1, **z: g()): pass": "module",
    "f = lambda x=g(): x": "module",
    "f = lambda x: g()": "function",
    "def f():\n    @g()\n    def h(): pass": "function",
    "def f(): g()": "function",
    "[x for x in g()]": "module",
    "[g() for x in y]": "comprehension",
    "[x for x in y if g()]": "comprehension",
    "[x for x in y for z in g()]": "comprehension",
}


@pytest.mark.parametrize(("code", "kind"), RUNS_IN.items())
def test_the_scope_that_runs_a_call(code: str, kind: str) -> None:
    scopes = built(code)
    (call,) = scopes.tree.nodes(cst.Call)
    assert scopes.scope_of(call).kind == kind


# code with the value `made()`: the variable it is assigned to
ASSIGNED = {
    "n = made()": "n",
    "n: int = made()": "n",
    "f(n := made())": "n",
    "def f():\n    n = made()": "n",
    "n = m = made()": None,
    "m, n = made()": None,
    "[n] = made()": None,
    "n.a = made()": None,
    "n[0] = made()": None,
    "n += made()": None,
    "n = made().a": None,
    "n = (made(), 1)": None,
    "n = 1 or made()": None,
    "n = f(made())": None,
    "f(n=made())": None,
    "for n in made(): pass": None,
    "with made() as n: pass": None,
    "def f(n=made()): pass": None,
    "made()": None,
    "return_ = lambda: made()": None,
}


@pytest.mark.parametrize(("code", "expected"), ASSIGNED.items())
def test_the_variable_a_value_is_assigned_to(code: str, expected: str | None) -> None:
    scopes = built(code)
    (made,) = (
        call
        for call in scopes.tree.nodes(cst.Call)
        if isinstance(call.func, cst.Name) and call.func.value == "made"
    )
    binding = scopes.assigned_from(made)
    assert (binding.name if binding is not None else None) == expected


# code whose first `n` is bound: how many reads its scope has, whichever of its bindings they mean
BESIDE = {
    "n = 1\nf(n)": 1,
    "n = 1\nn = 2\nf(n)\ng(n)": 2,
    "n = 1\nf(n)\nn = 2\ndef g():\n    n": 2,
    "n = 1\ndef g(n):\n    n": 0,
    "n = 1": 0,
}


@pytest.mark.parametrize(("code", "expected"), BESIDE.items())
def test_all_reads_of_a_variable(code: str, expected: int) -> None:
    scopes = built(code)
    first = min(
        (name for name in scopes.tree.nodes(cst.Name) if name.value == "n"), key=scopes.tree.span
    )
    binding = scopes.bound_by(first)
    assert binding is not None
    assert len(scopes.reads_beside(binding)) == expected
    assert len(scopes.reads_of_variable(first)) == expected
    assert [*scopes.reads_of_variable(scopes.tree.module)] == []


@pytest.mark.parametrize(
    ("count", "clear"), [(2, True), (MANY, True), (MANY + 1, False), (MANY + 9, False)]
)
def test_too_many_bindings_are_not_told_apart(count: int, clear: bool) -> None:
    branches = "".join(f"elif x == {number}:\n    n = {number}\n" for number in range(count - 1))
    scopes = built(f"if x:\n    n = -1\n{branches}else:\n    stop()\nread(n)")
    bindings = scopes.module.bindings["n"]
    assert len(bindings) == count
    for binding in bindings:
        assert len(scopes.reads_of(binding)) == clear
        assert len(scopes.unclear_reads(binding)) == (not clear)
        assert len(scopes.possible_reads(binding)) == 1
