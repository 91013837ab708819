"""Scopes, spans and the SDK that other files give to the functions of a file, or get from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree

SDK = "import sentry_sdk\n"
PUSHED = SDK + "{}\ndef f(x):\n    with sentry_sdk.push_scope() as s:\n        {}\n"
FILL = "def fill(scope, x):\n    scope.level = x\n"
CHILD = "def sub(span):\n    span.start_child(op='a', description='b')\n"
CLASS = "class A:\n    def __init__(self, s):\n        self.s = s\n    def f(self, x):\n        self.s.level = x\n"
INSTALL = "def install(sdk):\n    with sdk.configure_scope() as s:\n        s.set_tag('a', 'b')\n"
LEVEL, NAME, PUSH, CONFIGURE = (
    "scope-level-setter",
    "span-description",
    "push-scope-with",
    "configure-scope-with",
)
# what: the module lib.py, which does not mention the SDK, who calls it, and the rule that has a
# finding there
GIVEN = {
    "a scope": (FILL, PUSHED.format("import lib", "lib.fill(s, 1)"), LEVEL),
    "a scope by keyword": (FILL, PUSHED.format("import lib", "lib.fill(x=1, scope=s)"), LEVEL),
    "a scope of a hub": (FILL, SDK + "from lib import fill\nfill(sentry_sdk.Hub.current.scope, 1)\n", LEVEL),
    "a scope of a hub in a variable": (FILL, SDK + "from lib import fill\ndef f():\n    h = sentry_sdk.Hub.current\n    fill(h.scope, 1)\n", LEVEL),
    "a scope by annotation": (FILL, SDK + "from lib import fill\ndef f(s: sentry_sdk.Scope):\n    fill(s, 1)\n", LEVEL),
    "a scope in a variable": (FILL, SDK + "from lib import fill\ndef f():\n    s = sentry_sdk.get_current_scope()\n    fill(s, 1)\n", LEVEL),
    "in each of two blocks": (FILL, PUSHED.format("import lib", "lib.fill(s, 1)\n    with sentry_sdk.push_scope() as s:\n        lib.fill(s, 1)"), LEVEL),
    "in a function in a function": (FILL, PUSHED.format("import lib", "def g():\n            lib.fill(s, 1)"), LEVEL),
    "an import in a function": (FILL, PUSHED.format("", "from lib import fill\n        fill(s, 1)"), LEVEL),
    "by another name": (FILL, PUSHED.format("from lib import fill as g", "g(s, 1)"), LEVEL),
    "through another module": (FILL, PUSHED.format("from between import fill", "fill(s, 1)"), LEVEL),
    "called here too": (FILL + "def more(scope):\n    fill(scope, 2)\n", PUSHED.format("from lib import fill, more", "fill(s, 1)\n        more(s)"), LEVEL),
    "a class": (CLASS, PUSHED.format("import lib", "lib.A(s).f(1)"), LEVEL),
    "a static method": ("class A:\n    @staticmethod\n    def fill(s):\n        s.level = 1\n", PUSHED.format("from lib import A", "A.fill(s)"), LEVEL),
    "a class method": ("class A:\n    @classmethod\n    def fill(cls, s):\n        s.level = 1\n", PUSHED.format("import lib", "lib.A.fill(s)"), LEVEL),
    "a span": (CHILD, SDK + "import lib\nlib.sub(sentry_sdk.get_current_span())\n", NAME),
    "a transaction": (CHILD, SDK + "import lib\nwith sentry_sdk.start_transaction(name='a') as t:\n    lib.sub(t)\n", NAME),
    "a span or a transaction": (CHILD, SDK + "import lib\nt = sentry_sdk.start_transaction(name='a')\nlib.sub(t)\nlib.sub(t.start_child(op='a'))\n", NAME),
    "a span that a class keeps": (CHILD.replace("def sub(span):", "class A:\n  def __init__(self, span):\n    self.span = span\n  def f(self):").replace("span.start", "self.span.start"), SDK + "import lib\nlib.A(sentry_sdk.get_current_span())\n", NAME),
    "the SDK": (INSTALL, SDK + "import lib\nlib.install(sentry_sdk)\n", CONFIGURE),
    "the SDK by another name": (INSTALL, "import sentry_sdk as s\nfrom lib import install\ninstall(sdk=s)\n", CONFIGURE),
    "the SDK, unless none is given": (INSTALL.replace("(sdk)", "(sdk=None)"), SDK + "import lib\nlib.install(sentry_sdk)\n", CONFIGURE),
    "the SDK that an instance has": (INSTALL, SDK + "import lib\nclass A:\n    def __init__(self):\n        self.sdk = sentry_sdk\n    def f(self):\n        lib.install(self.sdk)\n", CONFIGURE),
}  # fmt: skip
NOT_GIVEN = {
    "nothing": (FILL, PUSHED.format("import lib", "s.set_tag('a', 'b')")),
    "another parameter": (FILL, PUSHED.format("import lib", "lib.fill(1, s)")),
    "another keyword": (FILL, PUSHED.format("import lib", "lib.fill(1, x=s)")),
    "another function": (FILL + "def more(s): ...\n", PUSHED.format("import lib", "lib.more(s)")),
    "another module's function": (FILL, PUSHED.format("import other", "other.fill(s, 1)")),
    "a package's function": (FILL, PUSHED.format("import json", "json.fill(s, 1)")),
    "a function of the caller's": (FILL, PUSHED.format("import lib\ndef fill(a, b): ...", "fill(s, 1)")),
    "a parameter of its name": (FILL, PUSHED.format("import lib", "pass\ndef g(lib, s):\n    lib.fill(s, 1)")),
    "the function itself": (FILL, PUSHED.format("import lib", "print(lib.fill, s)")),
    "behind a star": (FILL, PUSHED.format("import lib", "lib.fill(*x, s)")),
    "a hub": (FILL, SDK + "import lib\nlib.fill(sentry_sdk.Hub.current, 1)\n"),
    "what a scope has": (FILL, PUSHED.format("import lib", "lib.fill(s.user, 1)")),
    "a variable that is something else too": (FILL, PUSHED.format("import lib", "s = x\n        lib.fill(s, 1)")),
    "a scope and a span": (FILL, PUSHED.format("import lib", "lib.fill(s, 1)\n        lib.fill(sentry_sdk.get_current_span(), 1)")),
    "something else in its own file": (FILL + "def more(log):\n    fill(log, 1)\n", PUSHED.format("import lib", "lib.fill(s, 1)")),
    "a class in place of its method": (CLASS, PUSHED.format("import lib", "lib.A.f(s, 1)")),
    "an attribute with something else": (CLASS + "    def g(self, s):\n        self.s = s\n", PUSHED.format("import lib", "lib.A(s).f(1)")),
    "a nested function": ("def f():\n    def fill(s, x):\n        s.level = x\n    return fill\n", PUSHED.format("import lib", "lib.fill(s, 1)")),
    "any number of them": ("def fill(*scope):\n    scope.level = 1\n", PUSHED.format("import lib", "lib.fill(s, 1)")),
    "an annotation of another class": ("def fill(s: Log):\n    s.other = 1\n", PUSHED.format("import lib", "lib.fill(s)")),
    "a scope that is not assigned to": ("def fill(s):\n    print(s.level)\n", PUSHED.format("import lib", "lib.fill(s)")),
    "a method of the scope": ("def fill(s):\n    s.set_level(1)\n", PUSHED.format("import lib", "lib.fill(s)")),
    "a span that has no children": ("def sub(span):\n    span.set_data('description', 1)\n", SDK + "import lib\nlib.sub(sentry_sdk.get_current_span())\n"),
    "another child": (CHILD, SDK + "import lib\nlib.sub(other.get_current_span())\n"),
    "another SDK": (INSTALL, "import other as sentry_sdk\nimport lib\nlib.install(sentry_sdk)\n"),
    "a part of the SDK": (INSTALL, SDK + "import lib\nlib.install(sentry_sdk.integrations)\n"),
    "the SDK for another parameter": (INSTALL.replace("(sdk)", "(x, sdk=None)"), SDK + "import lib\nlib.install(sentry_sdk)\n"),
    "the SDK, or the default": (INSTALL.replace("(sdk)", "(sdk=x)"), SDK + "import lib\nlib.install(sentry_sdk)\n"),
}  # fmt: skip
PROJECT = {
    "pyproject.toml": "",
    "between.py": "from lib import fill\n",
    "other.py": "def fill(*more): ...\n",
}


def _rules(run: Run, here: Path, lib: str, caller: str) -> list[tuple[str, object]]:
    write_tree(here, {**PROJECT, "lib.py": lib, "caller.py": caller})
    found = json.loads(run("check", "--no-cache", "--output-format", "json", ".").text)
    rules = (one for one in found if one["filename"].endswith("lib.py"))
    return [(one["name"], one["fix"] and one["fix"]["applicability"]) for one in rules]


@pytest.mark.parametrize(("lib", "caller", "rule"), GIVEN.values(), ids=GIVEN)
def test_what_others_give(run: Run, here: Path, lib: str, caller: str, rule: str) -> None:
    assert _rules(run, here, lib, caller) == [(rule, "unsafe")]


@pytest.mark.parametrize(("lib", "caller"), NOT_GIVEN.values(), ids=NOT_GIVEN)
def test_what_others_do_not_give(run: Run, here: Path, lib: str, caller: str) -> None:
    assert _rules(run, here, lib, caller) == []


@pytest.mark.parametrize("excluded", [False, True])
def test_it_is_fixed_unless_it_is_excluded(run: Run, here: Path, excluded: bool) -> None:
    files = {**PROJECT, "lib.py": FILL, "caller.py": PUSHED.format("import lib", "lib.fill(s, 1)")}
    if excluded:
        files["pyproject.toml"] = "[tool.sentry-migrate]\nextend-exclude = ['lib.py']\n"
    write_tree(here, files)
    run("check", "--no-cache", "--fix", "--unsafe-fixes", ".")
    assert (b"scope.set_level(x)" in read_tree(here)["lib.py"]) is not excluded


@pytest.mark.parametrize("cached", [False, True])
def test_a_run_that_follows_finds_the_same(run: Run, here: Path, cached: bool) -> None:
    caller = PUSHED.format("import lib", "lib.fill(s, 1)")
    write_tree(here, {**PROJECT, "lib.py": FILL, "caller.py": caller})
    ask = ("check", *(() if cached else ("--no-cache",)), ".")
    first = run(*ask).text
    assert "lib.py:2:5" in first
    assert run(*ask).text == first
    (here / "caller.py").write_text(caller.replace("lib.fill", "print"))
    assert "lib.py" not in run(*ask).text


KEEPS = "class A:\n    def __init__(self, s: sentry_sdk.Scope):\n        self.s = s\n"
FIELD = "@dataclass\nclass A:\n    s: sentry_sdk.Scope\n"
MAKES = "def make(){}:\n    return {}\n"
# what: the module lib.py, code of another file, the rule that has a finding there
HELD = {
    "a function that gives a scope": ("def get():\n    return sentry_sdk.Hub.current.scope\n", "from lib import get\nget().level = 1\n", LEVEL),
    "a function that gives a hub's": ("def get():\n    h = sentry_sdk.Hub.current\n    return h.scope\n", "from lib import get\nget().level = 1\n", LEVEL),
    "a manager's function": ("def get():\n    return sentry_sdk.push_scope()\n", "from lib import get\nwith get() as s:\n    s.level = 1\n", LEVEL),
    "an instance's scope": ("class A:\n    def __init__(self):\n        self.s = sentry_sdk.get_current_scope()\n", "from lib import A\nA().s.level = 1\n", LEVEL),
    "a property": ("class A:\n    @property\n    def s(self):\n        return sentry_sdk.get_current_scope()\n", "import lib\na = lib.A()\na.s.level = 1\n", LEVEL),
    "a subclass": ("class A(sentry_sdk.Scope): ...\n", "from lib import A\ns = A()\ns.level = 1\n", LEVEL),
    "a function that gives a span": ("def get():\n    return sentry_sdk.get_current_span()\n", "from lib import get\nget().start_child(op='a', description='b')\n", NAME),
    "a function that gives a span by annotation": ("from sentry_sdk.tracing import Span\ndef get() -> Span: ...\n", "from lib import get\nget().start_child(op='a', description='b')\n", NAME),
    "a span or a transaction": ("def get(x):\n    return sentry_sdk.start_span(op='a') if x else sentry_sdk.start_transaction(name='a')\n", "import lib\nlib.get(1).start_child(op='a', description='b')\n", NAME),
    "a generator's transaction": ("@contextmanager\ndef job():\n    with sentry_sdk.start_transaction(name='a') as t:\n        yield t\n", "import lib\nwith lib.job() as t:\n    t.start_child(op='a', description='b')\n", NAME),
    "a generator's child": ("@contextmanager\ndef job():\n    t = sentry_sdk.start_transaction(name='a')\n    with t.start_child(op='a') as child:\n        yield child\n", "from lib import job\nwith job() as t:\n    t.start_child(op='a', description='b')\n", NAME),
    "an instance's span": ("class A:\n    def __init__(self):\n        self.s = sentry_sdk.start_span(op='a')\n", "from lib import A\nA().s.start_child(op='a', description='b')\n", NAME),
    "a scope by the annotation of a parameter": (KEEPS, "from lib import A\ndef f(a: A):\n    a.s.level = 1\n", LEVEL),
    "a scope that a variable has": ("class A:\n    def __init__(self):\n        s = sentry_sdk.Hub.current.scope\n        self.s = s\n", "from lib import A\nA().s.level = 1\n", LEVEL),
    "a field": (FIELD, "from lib import A\ndef f(a: A):\n    a.s.level = 1\n", LEVEL),
    "a function that makes an instance": (KEEPS + MAKES.format("", "A(1)"), "import lib\nlib.make().s.level = 1\n", LEVEL),
    "a function that makes one in a variable": (FIELD + "def make():\n    a = A(1)\n    return a\n", "import lib\na = lib.make()\na.s.level = 1\n", LEVEL),
    "a function that says so": (FIELD + MAKES.format(" -> A", "x"), "from lib import make\na = make()\na.s.level = 1\n", LEVEL),
    "a function that says so in quotes": (FIELD + MAKES.format(" -> 'A'", "x"), "from lib import make\na = make()\na.s.level = 1\n", LEVEL),
    "a field of a field": (FIELD, "from lib import A\n@dataclass\nclass B:\n    a: A\n    def f(self):\n        self.a.s.level = 1\n", LEVEL),
}  # fmt: skip
NOT_HELD = {
    "a parameter without annotation": (KEEPS.replace(": sentry_sdk.Scope", ""), "from lib import A\ndef f(a: A):\n    a.s.level = 1\n"),
    "a parameter that is something else too": (KEEPS.replace("self.s", "s = x\n        self.s"), "from lib import A\ndef f(a: A):\n    a.s.level = 1\n"),
    "another function that makes one": (FIELD + "class B: ...\n" + MAKES.format("", "B()"), "import lib\nlib.make().s.level = 1\n"),
    "a function that makes one or another": (FIELD + "def make(x):\n    if x:\n        return x\n    return A()\n", "import lib\nlib.make(1).s.level = 1\n"),
    "a function that gives the class": (FIELD + MAKES.format("", "A"), "import lib\nlib.make().s.level = 1\n"),
    "a function that says another": (FIELD + MAKES.format(" -> Other", "A()"), "import lib\nlib.make().s.level = 1\n"),
    "a decorated function": (FIELD + "@wrap\n" + MAKES.format("", "A()"), "import lib\nlib.make().s.level = 1\n"),
    "an asynchronous function": (FIELD + "async " + MAKES.format("", "A()"), "import lib\nlib.make().s.level = 1\n"),
    "a generator of them": (FIELD + MAKES.format("", "A()") + "    yield 1\n", "import lib\nlib.make().s.level = 1\n"),
    "a variable of two values": (FIELD + "def make(x):\n    a = A(1)\n    a = x\n    return a\n", "import lib\nlib.make(1).s.level = 1\n"),
    "a field of another class": (FIELD, "from lib import A\n@dataclass\nclass B:\n    a: Other\n    def f(self):\n        self.a.s.level = 1\n"),
    "a field that is given something else": (FIELD, "from lib import A\nclass B:\n    a: A\n    def __init__(self, x: int):\n        self.a = x\n    def f(self):\n        self.a.s.level = 1\n"),
    "a field of one or the other class": (FIELD, "from lib import A\n@dataclass\nclass B:\n    a: A | int\n    def f(self):\n        self.a.s.level = 1\n"),
    "a field of many": (FIELD, "from lib import A\n@dataclass\nclass B:\n    a: list[A]\n    def f(self):\n        self.a.s.level = 1\n"),
    "a function that gives another scope": ("def get(x):\n    return x.scope\n", "from lib import get\nget(1).level = 1\n"),
    "or something else": ("def get(x):\n    return x or sentry_sdk.get_current_scope()\n", "from lib import get\nget(1).level = 1\n"),
    "the function itself": ("def get():\n    return sentry_sdk.get_current_scope()\n", "from lib import get\nget.level = 1\n"),
    "what a manager is": ("def get():\n    return sentry_sdk.push_scope()\n", "from lib import get\nget().level = 1\n"),
    "a function that is decorated": ("@wrap\ndef get():\n    return sentry_sdk.push_scope()\n", "from lib import get\nwith get() as s:\n    s.level = 1\n"),
    "a subclass of another": ("class A(Scope): ...\n", "from lib import A\ns = A()\ns.level = 1\n"),
    "the subclass itself": ("class A(sentry_sdk.Scope): ...\n", "from lib import A\nA.level = 1\n"),
    "what a span has": ("def get():\n    return sentry_sdk.get_current_span().hub\n", "from lib import get\nget().start_child(op='a', description='b')\n"),
    "a span or a scope": ("def get(x):\n    return sentry_sdk.start_span(op='a') if x else sentry_sdk.get_current_scope()\n", "import lib\nlib.get(1).start_child(op='a', description='b')\n"),
    "a parameter of that name": ("def get(sentry_sdk):\n    s = sentry_sdk.get_current_span()\n    return s\n", "from lib import get\nget(x).start_child(op='a', description='b')\n"),
    "a generator's other value": ("@contextmanager\ndef job():\n    with sentry_sdk.start_transaction(name='a') as t:\n        yield t.name\n", "import lib\nwith lib.job() as t:\n    t.start_child(op='a', description='b')\n"),
    "a variable that is given twice": ("def get(x):\n    s = sentry_sdk.get_current_span()\n    s = x\n    return s\n", "from lib import get\nget(1).start_child(op='a', description='b')\n"),
    "another attribute": ("class A:\n    def __init__(self):\n        self.s = sentry_sdk.start_span(op='a')\n", "from lib import A\nA().t.start_child(op='a', description='b')\n"),
}  # fmt: skip


def _held(run: Run, here: Path, lib: str, other: str) -> set[str]:
    write_tree(here, {"pyproject.toml": "", "lib.py": SDK + lib, "other.py": other})
    found = json.loads(run("check", "--no-cache", "--output-format", "json", ".").text)
    return {one["name"] for one in found if one["filename"].endswith("other.py")}


@pytest.mark.parametrize(("lib", "other", "rule"), HELD.values(), ids=HELD)
def test_what_others_get(run: Run, here: Path, lib: str, other: str, rule: str) -> None:
    assert _held(run, here, lib, other) == {rule}


@pytest.mark.parametrize(("lib", "other"), NOT_HELD.values(), ids=NOT_HELD)
def test_what_others_do_not_get(run: Run, here: Path, lib: str, other: str) -> None:
    assert not _held(run, here, lib, other)


LOUD = SDK + "class Loud:\n    def set_tag(self, a, b):\n        sentry_sdk.set_tag(a, b)\n"
VIEW = SDK + (
    "import lib\nfrom loud import Loud\ndef view():\n    with sentry_sdk.push_scope() as scope:\n"
    "        lib.fill(Loud())\n        sentry_sdk.capture_message('in')\n"
)


@pytest.mark.parametrize("caller", ["", PUSHED.format("import lib", "lib.fill(s)")])
def test_what_is_given_elsewhere_is_not_all_that_it_may_be(
    run: Run, here: Path, caller: str
) -> None:
    lib = "def fill(s):\n    s.level = 1\n    s.set_tag('a', 'b')\n"
    files = {"lib.py": lib, "caller.py": caller, "view.py": VIEW, "loud.py": LOUD}
    write_tree(here, {"pyproject.toml": "", **files})
    run("check", "--no-cache", "--fix", "view.py")
    assert "new_scope" not in read_tree(here)["view.py"].decode()
