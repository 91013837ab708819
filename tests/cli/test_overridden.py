"""What a block calls of its own class, where another file has it be something else."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from cli.conftest import Run, write_tree

BASE = """import sentry_sdk
class Base:
    text = "base"
    def label(self): return self._label()
    def _label(self): return "base"
    def __hidden(self): return "base"
    def other(self): return "base"
    def report(self):
        with sentry_sdk.push_scope() as scope:
            scope.set_tag("l", {})
            sentry_sdk.capture_message("in")
"""
CALLS = BASE.format("self.label()")
IMPL = "import sentry_sdk\nfrom base import Base\n"
RECLASSED = """import conf, loud, state, types
class M(types.ModuleType):
    LIMIT = property(loud.label)
{}.__class__ = M
"""
LOUD = "def label(self):\n    sentry_sdk.set_tag('i', '1')\n    return 'i'\n"
METHOD = indent(LOUD, "    ")
QUIET = "    def label(self): return 'quiet'\n"
LOGS = "import logging\n{}    def label(self):\n        logging.warning('x')\n        return 'i'\n"
EXTEND = "def extend(cls):\n    def put(f): setattr(cls, f.__name__, f)\n    return put\n"
PUT = "def put(o, name, f): setattr(o, name, f)\n"
WRAP = "def wrap(f):\n    def w(*a):\n        print(f)\n        return f(*a)\n    return w\n"
GETATTR = """import sentry_sdk
def __getattr__(name):
    sentry_sdk.set_tag("i", "1")
    return 1
"""
FUNCTION = """import sentry_sdk
LABEL = "base"
def label(): return "base"
def report():
    with sentry_sdk.push_scope() as scope:
        scope.set_tag("l", label())
        sentry_sdk.capture_message("in")
"""
# What base.py is, and the files beside it.
ACTS: dict[str, tuple[str, dict[str, str]]] = {
    "a subclass": (CALLS, {"impl.py": f"{IMPL}class J(Base):\n{METHOD}"}),
    "a subclass by the module": (
        CALLS,
        {"impl.py": f"import base, sentry_sdk\nclass J(base.Base):\n{METHOD}"},
    ),
    "a subclass of a subclass": (
        CALLS,
        {
            "mid.py": "from base import Base\nclass Mid(Base): pass\n",
            "impl.py": f"import sentry_sdk\nfrom mid import Mid\nclass J(Mid):\n{METHOD}",
        },
    ),
    "a subclass in a function": (
        CALLS,
        {
            "impl.py": f"{IMPL}def make():\n    class J(Base):\n{indent(METHOD, '    ')}    return J\n"
        },
    ),
    "what it calls in turn": (
        CALLS,
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD.replace('label', '_label')}"},
    ),
    "a mixin": (
        CALLS,
        {
            "mix.py": f"import sentry_sdk\nclass Mix:\n{METHOD}",
            "impl.py": f"{IMPL}from mix import Mix\nclass J(Mix, Base): pass\n",
        },
    ),
    "one that logs": (
        CALLS,
        {"impl.py": LOGS.format("from base import Base\nclass J(Base):\n")},
    ),
    "a class method": (
        BASE.format("self.make()") + "    @classmethod\n    def make(cls): return cls.label(1)\n",
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD}"},
    ),
    "an abstract one": (
        CALLS.replace("    def label", "    @abc.abstractmethod\n    def label").replace(
            "import", "import abc, ", 1
        ),
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD}"},
    ),
    "a property over what the class has": (
        BASE.format("self.text"),
        {"impl.py": f"{IMPL}{LOUD}class J(Base):\n    text = property(label)\n"},
    ),
    "a class made by a call": (
        CALLS,
        {"impl.py": f"{IMPL}{LOUD}J = type('J', (Base,), {{'label': label}})\n"},
    ),
    "the names of a class by a function": (
        CALLS,
        {
            "impl.py": f"import types\n{IMPL}{LOUD}"
            "J = types.new_class('J', (Base,), {}, lambda ns: ns.update(label=label))\n"
        },
    ),
    "a decorator that is given the class": (
        CALLS,
        {"impl.py": f"{IMPL}{EXTEND}@extend(Base)\n{LOUD}"},
    ),
    "a decorator of another file": (
        CALLS,
        {"impl.py": f"from ext import extend\n{IMPL}@extend(Base)\n{LOUD}", "ext.py": EXTEND},
    ),
    "a helper that is told the name": (
        CALLS,
        {"impl.py": f"{IMPL}{LOUD}{PUT}put(Base, 'label', label)\n"},
    ),
    "a helper of another file": (
        CALLS,
        {"impl.py": f"from ext import put\n{IMPL}{LOUD}put(Base, 'label', label)\n", "ext.py": PUT},
    ),
    "a helper that has the function": (
        CALLS,
        {
            "ext.py": f"import sentry_sdk\n{LOUD}def equip(o, name): setattr(o, name, label)\n",
            "impl.py": f"import ext\n{IMPL}b = Base()\next.equip(b, 'label')\n",
        },
    ),
    "a loop over names": (
        CALLS,
        {"impl.py": f"{IMPL}{LOUD}for n in ('label',):\n    setattr(Base, n, label)\n"},
    ),
    "a loop over a list of names": (
        CALLS,
        {
            "impl.py": f"{IMPL}{LOUD}NAMES = ['label']\ndef put(c):\n"
            "    for n in NAMES:\n        setattr(c, n, label)\nput(Base)\n"
        },
    ),
    "a keyword that becomes an attribute": (
        f"{CALLS}    def __init__(self, **kw): self.__dict__.update(kw)\n",
        {"impl.py": f"{IMPL}{LOUD}Base(label=label)\n"},
    ),
    "a mock": (
        CALLS,
        {
            "impl.py": f"{IMPL}from unittest import mock\n{LOUD}mock.patch.object(Base, 'label', label)\n"
        },
    ),
    "a decorator of the class that wraps all": (
        CALLS.replace("class", "from ext import wrapped\n@wrapped\nclass"),
        {
            "ext.py": f"{WRAP}def wrapped(cls):\n    for n, f in list(vars(cls).items()):\n"
            "        setattr(cls, n, wrap(f))\n    return cls\n"
        },
    ),
    "a metaclass that wraps all": (
        CALLS.replace("Base:", "Base(metaclass=Meta):").replace(
            "class B", "from ext import Meta\nclass B"
        ),
        {
            "ext.py": f"import sentry_sdk\n{WRAP}class Meta(type):\n    def __new__(m, name, bases, ns):\n"
            "        return super().__new__(m, name, bases, {n: wrap(f) for n, f in ns.items()})\n"
        },
    ),
    "a stream": (
        BASE.format("print('x')"),
        {
            "loud.py": f"import sentry_sdk\n{LOUD}",
            "impl.py": "import loud, sys\nclass W:\n    def write(self, s): loud.label(s)\n"
            "sys.stdout = W()\n",
        },
    ),
    "a class of a module": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1),
        {
            "conf.py": "",
            "loud.py": f"import sentry_sdk\n{LOUD}",
            "other.py": RECLASSED.format("conf"),
        },
    ),
    "a class of a module, by its name": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1),
        {
            "conf.py": f"import sentry_sdk, sys, types\n{LOUD}class M(types.ModuleType):\n"
            "    LIMIT = property(label)\nsys.modules[__name__].__class__ = M\n",
        },
    ),
    "a class of a module, by setattr": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1),
        {
            "conf.py": "",
            "other.py": f"import conf, sentry_sdk\n{LOUD}class M: LIMIT = property(label)\n"
            "setattr(conf, '__class__', M)\n",
        },
    ),
    "a class of a module, here": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1)
        + "from loud import M\nconf.__class__ = M\n",
        {"conf.py": "", "loud.py": f"import sentry_sdk\n{LOUD}class M: LIMIT = property(label)\n"},
    ),
    "a function of the module": (
        FUNCTION,
        {"impl.py": f"import base, sentry_sdk\n{LOUD}{PUT}put(base, 'label', label)\n"},
    ),
    "a function of the library": (
        BASE.format("json.dumps(1)").replace("import", "import json, ", 1),
        {"impl.py": f"import json, sentry_sdk\n{LOUD}{PUT}put(json, 'dumps', label)\n"},
    ),
    "a builtin": (
        BASE.format("repr(1)"),
        {"impl.py": f"import base, sentry_sdk\n{LOUD}base.repr = label\n"},
    ),
    "a constant": (
        FUNCTION.replace(", label()", ", '%s' % LABEL"),
        {
            "loud.py": f"import sentry_sdk\nclass Loud:\n{METHOD.replace('label', '__str__')}",
            "impl.py": "import base\nfrom loud import Loud\nsetattr(base, 'LABEL', Loud())\n",
        },
    ),
    "what a module works out": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1),
        {"conf.py": GETATTR},
    ),
    "what a module of a package works out": (
        BASE.format("conf.LIMIT").replace("import", "from pkg import conf\nimport", 1),
        {"pkg/__init__.py": "", "pkg/conf.py": GETATTR},
    ),
    "what a module works out by a name": (
        BASE.format("getattr(conf, 'LIMIT')").replace("import", "import conf, ", 1),
        {"conf.py": GETATTR},
    ),
    "a factory of a third file": (
        BASE.format("STATE[1]").replace("import", "from state import STATE\nimport", 1),
        {
            "state.py": "from collections import defaultdict\nfrom make import label\n"
            "STATE = defaultdict(label)\n",
            "make.py": f"import sentry_sdk\n{LOUD}",
        },
    ),
}
QUIETS: dict[str, tuple[str, dict[str, str]]] = {
    "nothing": (CALLS, {}),
    "a subclass that works it out": (CALLS, {"impl.py": f"{IMPL}class J(Base):\n{QUIET}"}),
    "a subclass that has another": (
        CALLS,
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD.replace('label', 'more')}"},
    ),
    "a function of the name": (CALLS, {"impl.py": f"{IMPL}{LOUD}"}),
    "a function in a method": (
        CALLS,
        {"impl.py": f"{IMPL}class J(Base):\n    def f(self):\n{indent(METHOD, '    ')}"},
    ),
    "a method that is not called in the block": (
        CALLS,
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD.replace('label', 'other')}"},
    ),
    "a name of the class's own": (
        BASE.format("self.__hidden()"),
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD.replace('label', '__hidden')}"},
    ),
    "a property that works it out": (
        BASE.format("self.text"),
        {"impl.py": f"{IMPL}class J(Base):\n    text = property(lambda self: 'i')\n"},
    ),
    "the value of a property in a function": (
        BASE.format("self.text"),
        {"impl.py": f"{IMPL}{LOUD}def f():\n    text = property(label)\n"},
    ),
    "a class made by a call with another": (
        CALLS,
        {"impl.py": f"{IMPL}{LOUD}J = type('J', (Base,), {{'more': label}})\n"},
    ),
    "a class made by a call that works it out": (
        CALLS,
        {"impl.py": f"{IMPL}J = type('J', (Base,), {{'label': lambda self: 'i'}})\n"},
    ),
    "a value under the name": (CALLS, {"impl.py": f"{IMPL}{LOUD}rows = [{{'label': 'x'}}]\n"}),
    "a decorator where nothing is replaced": (
        CALLS,
        {
            "impl.py": f"from ext import extend\n{IMPL}@extend(Base)\n{LOUD}",
            "ext.py": "KNOWN = []\ndef extend(cls):\n    return KNOWN.append\n",
        },
    ),
    "a decorator of another name": (
        CALLS,
        {"impl.py": f"{IMPL}{EXTEND}@extend(Base)\n{LOUD.replace('label', 'more')}"},
    ),
    "a helper that is told another name": (
        CALLS,
        {"impl.py": f"{IMPL}{LOUD}{PUT}put(Base, 'more', label)\n"},
    ),
    "a helper that replaces nothing": (
        CALLS,
        {
            "impl.py": f"{IMPL}{LOUD}def put(o, name, f): print(o, name, f)\nput(Base, 'label', label)\n"
        },
    ),
    "a method that is told the name": (
        CALLS,
        {"impl.py": f"{IMPL}{LOUD}{PUT}def f(form): form.get('label', label)\n"},
    ),
    "a loop over other names": (
        CALLS,
        {"impl.py": f"{IMPL}{LOUD}for n in ('more',):\n    setattr(Base, n, label)\n"},
    ),
    "attributes that are set one by one": (
        f"{CALLS}    def __init__(self, **kw):\n        for k, v in kw.items(): setattr(self, k, v)\n",
        {"impl.py": f"{IMPL}Base(label='x', more=print)\n"},
    ),
    "a mock of another": (
        CALLS,
        {
            "impl.py": f"{IMPL}from unittest import mock\n{LOUD}mock.patch.object(Base, 'more', label)\n"
        },
    ),
    "a decorator that wraps nothing": (
        CALLS.replace("class", "from ext import wrapped\n@wrapped\nclass"),
        {
            "ext.py": f"{WRAP}def wrapped(cls):\n    for n, f in list(vars(cls).items()):\n"
            "        print(n, wrap(f))\n    return cls\n"
        },
    ),
    "a function of another module": (
        FUNCTION,
        {"impl.py": f"import other, sentry_sdk\n{LOUD}{PUT}put(other, 'label', label)\n"},
    ),
    "another builtin": (
        BASE.format("repr(1)"),
        {"impl.py": f"import base, sentry_sdk\n{LOUD}base.vars = label\n"},
    ),
    "another constant": (
        FUNCTION.replace(", label()", ", '%s' % LABEL"),
        {
            "loud.py": f"import sentry_sdk\nclass Loud:\n{METHOD}",
            "impl.py": "import base\nfrom loud import Loud\nsetattr(base, 'MORE', Loud())\n",
        },
    ),
    "what another module works out": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1),
        {"conf.py": "LIMIT = 1\n", "other.py": GETATTR},
    ),
    "what a module looks up": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1),
        {"conf.py": "import sentry_sdk\nKNOWN = {}\ndef __getattr__(name): return KNOWN[name]\n"},
    ),
    "what a class of a module works out": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1),
        {"conf.py": f"import sentry_sdk\nclass A:\n{indent(GETATTR, '    ')}"},
    ),
    "a factory that works it out": (
        BASE.format("STATE[1]").replace("import", "from state import STATE\nimport", 1),
        {"state.py": "from collections import defaultdict\nSTATE = defaultdict(int)\n"},
    ),
    "a factory of another kind": (
        BASE.format("STATE[1]").replace("import", "from state import STATE\nimport", 1),
        {
            "state.py": "from make import label\nSTATE = dict(x=label)\n",
            "make.py": f"import sentry_sdk\n{LOUD}",
        },
    ),
    "a class of another module": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1),
        {
            "conf.py": "LIMIT = 1\n",
            "state.py": "LIMIT = 1\n",
            "other.py": RECLASSED.format("state"),
        },
    ),
    "a class of an instance": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1),
        {"conf.py": "LIMIT = 1\n", "other.py": RECLASSED.format("C()")},
    ),
    "another attribute of a module": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1),
        {
            "conf.py": "LIMIT = 1\n",
            "other.py": RECLASSED.format("conf").replace(".__class", ".__doc"),
        },
    ),
    "a class that is read": (
        BASE.format("conf.LIMIT").replace("import", "import conf, ", 1),
        {"conf.py": "LIMIT = 1\n", "other.py": "import conf, sentry_sdk\nM = conf.__class__\n"},
    ),
    "a stream that is read": (
        BASE.format("print('x')"),
        {"loud.py": f"import sentry_sdk\n{LOUD}", "impl.py": "import sys\nX = sys.stdout == 1\n"},
    ),
    "only the name in a string": (CALLS, {"impl.py": f"{IMPL}{LOUD}NAMES = ['label']\n"}),
}


def scope(run: Run, here: Path, case: tuple[str, dict[str, str]]) -> str:
    """Which scope safe fixes have the block use."""
    write_tree(here, {"pyproject.toml": "", "base.py": case[0], **case[1]})
    run("check", "--fix", ".")
    text = (here / "base.py").read_text()
    return text.partition("with sentry_sdk.")[2].partition("(")[0]


@pytest.mark.parametrize("case", ACTS.values(), ids=ACTS)
def test_what_acts(run: Run, here: Path, case: tuple[str, dict[str, str]]) -> None:
    assert scope(run, here, case) == "isolation_scope"


@pytest.mark.parametrize("case", QUIETS.values(), ids=QUIETS)
def test_what_works_out_a_value(run: Run, here: Path, case: tuple[str, dict[str, str]]) -> None:
    assert scope(run, here, case) == "new_scope"
