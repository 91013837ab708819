"""Code that a block runs although nothing in it says so: replaced, generated, shadowed, registered."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

VIEW = """import sentry_sdk
{head}
def go():
    with sentry_sdk.push_scope() as scope:
        scope.set_tag("in", "1")
        {block}
        sentry_sdk.capture_message("in")
"""
EVIL = "def evil(*a): sentry_sdk.set_tag('a', 'b')\n"
PURE = "def pure(*a): return 1\n"
A = "class A:\n    def m(self): pass\n"
ELSEWHERE = "import a, sentry_sdk\n" + EVIL
LS = "class LS(list):\n    def append(self, x): evil()\n"
XS = f"{EVIL}{LS}xs = []\n"
SELF = "sys.modules[__name__]"
OBJECT = (
    ELSEWHERE
    + """
class Ctx:
    level = 1
    @property
    def user(self): return evil()
    @user.setter
    def user(self, value): evil()
    @user.deleter
    def user(self): evil()
Ctx.one = ctx = Ctx()
"""
)
STAR = "from lib import *\n"
SHOWN = ELSEWHERE + "class Order:\n    def __repr__(self): return evil()\n"


def transport(body: str) -> str:
    return f"""import logging, requests, sentry_sdk
from sentry_sdk.transport import Transport
log = logging.getLogger()
class T(Transport):
    def __init__(self, given):
        self.sent = []
        self.given = given
    def capture_event(self, event):
        {body}
    def log(self):
        log.warning("x")
"""


# What stands above the block, the block, and other files.
ACTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "a method of an instance": (f"{EVIL}{A}a = A()\na.m = evil\n", "a.m()", {}),
    "a method of an instance, by lambda": (f"{EVIL}{A}a = A()\na.m = lambda: evil()\n", "a.m()", {}),
    "a method of an instance, by setattr": (f"{EVIL}{A}a = A()\nsetattr(a, 'm', evil)\n", "a.m()", {}),
    "a method of a class": (f"{EVIL}{A}A.m = evil\n", "A().m()", {}),
    "an operation of a class": (f"{EVIL}{A}A.__len__ = evil\na = A()\n", "len(a)", {}),
    "a method, elsewhere": (
        f"{A}a = A()\nimport b\n",
        "a.m()",
        {"b.py": f"{ELSEWHERE}def swap(a): a.m = evil\n"},
    ),
    "another class": (
        f"{EVIL}{A}class B:\n    def m(self): evil()\na = A()\na.__class__ = B\n",
        "a.m()",
        {},
    ),
    "other bases": (
        f"{EVIL}{A}class B:\n    def m(self): evil()\nclass C(A): pass\nC.__bases__ = (B,)\n",
        "C().m()",
        {},
    ),
    "other code": (f"{EVIL}{PURE}pure.__code__ = evil.__code__\n", "pure()", {}),
    "what `__new__` gives": (
        f"{EVIL}class B:\n    def m(self): evil()\n"
        "class C:\n    def __new__(cls): return B()\n    def m(self): pass\n",
        "C().m()",
        {},
    ),
    "what a decorator makes of a class": (
        f"{EVIL}from lib import traced\n@traced\n{A}a = A()\n",
        "a.m()",
        {},
    ),
    "a global": ("xs = []\nglobals()['xs'] = make()\n", "xs.append(1)", {}),
    "a global, by an update": (f"{XS}globals().update(xs=LS())\n", "xs.append(1)", {}),
    "a global, by its module": (f"{XS}setattr({SELF}, 'xs', LS())\n", "xs.append(1)", {}),
    "some global": (f"{XS}globals().update(f())\n", "xs.append(1)", {}),
    "some function": (f"{EVIL}{PURE}globals().update(f())\n", "pure()", {}),
    "some builtin": (f"{EVIL}globals().update(f())\n", "len('x')", {}),
    "a global, elsewhere": ("xs = []\n", "xs.append(1)", {"b.py": f"{ELSEWHERE}{LS}a.xs = LS()\n"}),
    "a global in a dictionary, elsewhere": (
        "xs = []\n",
        "xs.append(1)",
        {"b.py": f"{ELSEWHERE}{LS}vars(a)['xs'] = LS()\n"},
    ),
    "some global, elsewhere": (
        "xs = []\n",
        "xs.append(1)",
        {"b.py": f"{ELSEWHERE}{LS}a.__dict__.update(f())\n"},
    ),
    "a global of a module by its name, elsewhere": (
        "xs = []\n",
        "xs.append(1)",
        {"b.py": f"{ELSEWHERE}{LS}import sys\nsys.modules['a'].xs = LS()\n"},
    ),
    "a function here, elsewhere": (PURE, "pure()", {"b.py": f"{ELSEWHERE}a.pure = evil\n"}),
    "some function here, elsewhere": (
        PURE,
        "pure()",
        {"b.py": f"{ELSEWHERE}setattr(a, f(), evil)\n"},
    ),
    "some function of the library": (
        f"{EVIL}import time\nsetattr(time, f(), evil)\n",
        "time.time()",
        {},
    ),
    "some function of the library, elsewhere": (
        "import time\n",
        "time.time()",
        {"b.py": f"{ELSEWHERE}import time\nvars(time)[f()] = evil\n"},
    ),
    "a function of the library": (f"{EVIL}import time\ntime.time = evil\n", "time.time()", {}),
    "a function of the library, by setattr": (
        f"{EVIL}import time\nsetattr(time, 'time', evil)\n",
        "time.time()",
        {},
    ),
    "a function of the library, by mock": (
        f"{EVIL}import time\nfrom unittest import mock\nmock.patch('time.time', evil).start()\n",
        "time.time()",
        {},
    ),
    "a function of the library, elsewhere": (
        "import time\n",
        "time.time()",
        {"b.py": f"{ELSEWHERE}import time\ntime.time = evil\n"},
    ),
    "a builtin, elsewhere": (
        "",
        "len('x')",
        {"b.py": f"{ELSEWHERE}import builtins\nbuiltins.len = evil\n"},
    ),
    "a function of the SDK": (f"{EVIL}sentry_sdk.Scope.set_tag = evil\n", "pass", {}),
    "a function of the SDK, elsewhere": (
        "",
        "pass",
        {"b.py": f"{ELSEWHERE}sentry_sdk.capture_message = evil\n"},
    ),
    "a builtin's name in a star": ("from b import *\n", "len([])", {"b.py": ELSEWHERE}),
    "a function's name in a star": (f"{PURE}from b import *\n", "pure()", {"b.py": ELSEWHERE}),
    "a module's name in a star": ("import json\nfrom b import *\n", "json.dumps(1)", {"b.py": ELSEWHERE}),
    "a value that is none": (
        f"{EVIL}import enum\nclass C(enum.Enum):\n    A = 1\n"
        "    @classmethod\n    def _missing_(cls, value): evil()\n",
        "C(7)",
        {},
    ),
    "what compares fields": (
        f"{EVIL}import dataclasses\nclass K:\n    def __eq__(self, o): evil()\n"
        "@dataclasses.dataclass\nclass D: a: object\nd = D(K())\n",
        "d == D(K())",
        {},
    ),
    "what writes fields": (
        f"{EVIL}import dataclasses\nclass K:\n    def __repr__(self): evil()\n"
        "@dataclasses.dataclass\nclass D: a: object\nd = D(K())\n",
        "scope.set_extra('d', repr(d))",
        {},
    ),
    "what writes what a tuple holds": (
        f"{EVIL}import typing\nclass K:\n    def __repr__(self): evil()\n"
        "class D(typing.NamedTuple): a: object\nd = D(K())\n",
        "scope.set_extra('d', repr(d))",
        {},
    ),
    "what makes a field": (
        f"{EVIL}import dataclasses\n"
        "@dataclasses.dataclass\nclass D:\n    a: int = dataclasses.field(default_factory=evil)\n",
        "D()",
        {},
    ),
    "what a field is set by": (
        f"{EVIL}import dataclasses\nclass P:\n    def __set__(self, o, v): evil()\n"
        "@dataclasses.dataclass\nclass D:\n    a: int = P()\n",
        "D()",
        {},
    ),
    "how a date is written": (
        f"{EVIL}import datetime\nclass K(datetime.date):\n    def strftime(self, f): evil()\n"
        "k = K(2020, 1, 1)\n",
        'scope.set_extra("d", f"{k:%Y}")',
        {},
    ),
    "what opens a file": (EVIL, "open('/dev/null', opener=evil)", {}),
    "a signal": (f"{EVIL}import signal\nsignal.signal(signal.SIGALRM, evil)\n", "pass", {}),
    "a signal, elsewhere": (
        "",
        "pass",
        {"b.py": f"{ELSEWHERE}import signal\nsignal.signal(signal.SIGALRM, evil)\n"},
    ),
    "an audit hook": (f"{EVIL}import sys\nsys.addaudithook(evil)\n", "pass", {}),
    "a trace function": (f"{EVIL}import sys\nsys.settrace(evil)\n", "pass", {}),
    **{
        f"an imported object: {name}": (head, block, {"lib.py": OBJECT, "pk/__init__.py": STAR})
        for name, (head, block) in {
            "read": ("from lib import ctx\n", "print(ctx.user)"),
            "set": ("from lib import ctx\n", "ctx.user = 1"),
            "set by another": ("from lib import ctx as c\n", "c.user += 1"),
            "deleted": ("from lib import ctx\n", "del ctx.user"),
            "read by its module": ("import lib\n", "lib.ctx.user"),
            "set by its module": ("import lib\n", "lib.ctx.user = 1"),
            "set by another module": ("import lib as l\n", "l.ctx.user = 1"),
            "set on another": ("from lib import ctx\n", "ctx.a.user = 1"),
            "set by a loop": ("from lib import ctx\n", "for ctx.user in (1,): pass"),
            "set as a part": ("from lib import ctx\n", "ctx.user, b = 1, 2"),
            "handed on": ("from pk import ctx\n", "ctx.user = 1"),
            "handed on by a package": ("import pk.sub\n", "pk.ctx.user = 1"),
            "kept by a class": ("from lib import Ctx\n", "Ctx.one.user = 1"),
        }.items()
    },
    **{
        f"a transport {name}": ("", "pass", {"tr.py": transport(body)})
        for name, body in {
            "adds a breadcrumb": "sentry_sdk.add_breadcrumb(message='sent')",
            "has a method that logs": "self.log()",
            "sends by itself": "requests.post('x', event)",
            "hands on, and logs": "super().capture_event(event); log.info('x')",
            "hands to something else": "self.inner.capture_event(event)",
            "keeps in what is given": "self.given.append(event)",
        }.items()
    },
    "local variables of an exception": (
        "",
        "sentry_sdk.capture_exception()",
        {"b.py": SHOWN},
    ),
    "local variables of every event": (
        "",
        "pass",
        {"b.py": SHOWN, "c.py": "import sentry_sdk\nsentry_sdk.init(attach_stacktrace=True)\n"},
    ),
}  # fmt: skip
COMPUTES: dict[str, tuple[str, str, dict[str, str]]] = {
    "a method of an instance": (f"{PURE}{A}a = A()\na.m = pure\n", "a.m()", {}),
    "another attribute": (f"{EVIL}{A}a = A()\na.other = evil\n", "a.m()", {}),
    "another attribute, by setattr": (f"{EVIL}{A}a = A()\nsetattr(a, 'b', evil)\n", "a.m()", {}),
    "a method, elsewhere": (f"{A}a = A()\n", "a.m()", {"b.py": f"{ELSEWHERE}x.other = evil\n"}),
    "another global, by an update": (f"{XS}globals().update(ys=LS())\n", "xs.append(1)", {}),
    "another global, elsewhere": (
        "xs = []\n",
        "xs.append(1)",
        {"b.py": f"{ELSEWHERE}{LS}a.ys = LS()\nvars(a)['ys'] = LS()\n"},
    ),
    "a global of another module": (
        "xs = []\n",
        "xs.append(1)",
        {"b.py": f"{ELSEWHERE}{LS}import c\nc.xs = LS()\nsetattr(c, k, LS())\n"},
    ),
    "a global that is read elsewhere": (
        "xs = []\n",
        "xs.append(1)",
        {"b.py": f"{ELSEWHERE}{LS}print(a.xs, vars(a)['xs'])\na.xs = []\n"},
    ),
    "another global": ("xs = []\nglobals()['ys'] = make()\n", "xs.append(1)", {}),
    "a function of the library": (f"{PURE}import time\ntime.time = pure\n", "time.time()", {}),
    "another function of the library": (f"{EVIL}import time\ntime.sleep = evil\n", "time.time()", {}),
    "a function of the library, elsewhere": (
        "import time\n",
        "time.time()",
        {"b.py": f"{ELSEWHERE}import time\ntime.sleep = evil\n"},
    ),
    "another builtin": ("", "len('x')", {"b.py": f"{ELSEWHERE}import builtins\nbuiltins.open = evil\n"}),
    "a star of the library": ("from os.path import *\n", "len([])", {}),
    "a star of the SDK": ("from sentry_sdk import *\n", "len([])", {}),
    "a star before": (f"from b import *\n{PURE}", "pure()", {"b.py": ELSEWHERE}),
    "a value of an enumeration": ("import enum\nclass C(enum.Enum):\n    A = 1\n", "C(1)", {}),
    "what compares plain fields": (
        "import dataclasses\n@dataclasses.dataclass\nclass D: a: object\nd = D(1)\n",
        "d == D(2)",
        {},
    ),
    "what makes a field": (
        "import dataclasses\n"
        "@dataclasses.dataclass\nclass D:\n    a: list = dataclasses.field(default_factory=list)\n",
        "D()",
        {},
    ),
    "a final class": (f"import typing\n@typing.final\n{A}a = A()\n", "a.m()", {}),
    "what opens a file": (PURE, "open('/dev/null', opener=pure)", {}),
    "a signal": (f"{PURE}import signal\nsignal.signal(signal.SIGALRM, pure)\n", "pass", {}),
    "a signal that is ignored": (
        f"{EVIL}import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n",
        "pass",
        {},
    ),
    "another method of a module called so": (f"{EVIL}import lib\nlib.signal(1, evil)\n", "pass", {}),
    "a module's variable": ("import lib\n", "lib.debug = lib.level", {"lib.py": OBJECT}),
    "an object's attribute": (
        "from lib import ctx\n",
        "ctx.debug = ctx.level",
        {"lib.py": OBJECT},
    ),
    "an attribute of the library": (
        "from os import path\n",
        "print(path.user)",
        {"lib.py": OBJECT},
    ),
    **{
        f"a transport {name}": ("", "pass", {"tr.py": transport(body)})
        for name, body in {
            "does nothing": "pass",
            "hands on": "return super().capture_event(event)",
            "keeps": "self.sent.append(event)",
            "keeps the last": "self.last = event",
            "prints": "print(event)",
        }.items()
    },
    "local variables of a message": ("", "pass", {"b.py": SHOWN}),
    "local variables that are not sent": (
        "",
        "pass",
        {"b.py": SHOWN, "c.py": "import sentry_sdk\nsentry_sdk.init(attach_stacktrace=False)\n"},
    ),
}  # fmt: skip


def becomes(run: Run, here: Path, head: str, block: str, beside: dict[str, str]) -> str:
    project = {"pyproject.toml": '[project]\nname = "x"\nversion = "1"\n'}
    write_tree(here, {**project, "a.py": VIEW.format(head=head, block=block), **beside})
    run("check", "--fix", "a.py")
    text = (here / "a.py").read_text()
    return next(name for name in ("isolation_scope", "new_scope", "push_scope") if name in text)


@pytest.mark.parametrize(("head", "block", "beside"), ACTS.values(), ids=ACTS)
def test_what_does_more(
    run: Run, here: Path, head: str, block: str, beside: dict[str, str]
) -> None:
    assert becomes(run, here, head, block, beside) != "new_scope"


@pytest.mark.parametrize(("head", "block", "beside"), COMPUTES.values(), ids=COMPUTES)
def test_what_computes(run: Run, here: Path, head: str, block: str, beside: dict[str, str]) -> None:
    assert becomes(run, here, head, block, beside) == "new_scope"


STARS = {
    "from names import *": "sentry_sdk.get_isolation_scope()",
    "try:\n    from names import *\nexcept ImportError:\n    pass": "sentry_sdk.get_isolation_scope()",
    "from os.path import *": "= get_isolation_scope()",
    "import names": "= get_isolation_scope()",
}


@pytest.mark.parametrize(("star", "written"), STARS.items())
def test_a_name_that_a_star_may_bind_anew(run: Run, here: Path, star: str, written: str) -> None:
    code = "def f():\n    with configure_scope() as s:\n        s.set_tag('a', 'b')\n"
    write_tree(here, {"a.py": f"from sentry_sdk import configure_scope\n{star}\n{code}"})
    run("check", "--fix", ".")
    assert written in (here / "a.py").read_text()
