"""What a module holds of the SDK, and other files take from it: hubs, options, functions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree

CHECK = ("check", "--no-cache")
FIX = (*CHECK, "--fix", "--unsafe-fixes")
MADE = "import sentry_sdk\nHUB = sentry_sdk.Hub(sentry_sdk.Client('x'))\n"
USED = "def f():\n    with {0}:\n        {0}.capture_message('x')\n"

# what: the module, and who takes the hub from it
STAY = {
    "imported": (MADE, "from a import HUB\n" + USED.format("HUB")),
    "an attribute": (MADE, "import a\n" + USED.format("a.HUB")),
    "everything": (MADE, "from a import *\n" + USED.format("HUB")),
    "patched": (MADE, "from unittest.mock import patch\npatch('a.HUB')\n"),
    "by another name of the class": (
        "from sentry_sdk import Client, Hub as H\nHUB = H(Client('x'))\n",
        "from a import HUB\n" + USED.format("HUB"),
    ),
    "the active hub": (
        "from sentry_sdk import Hub\nHUB = Hub.current\nHUB.flush()\n",
        "from a import HUB\n",
    ),
    "declared": (
        MADE.replace("HUB =", "HUB: sentry_sdk.Hub ="),
        "from a import HUB\n" + USED.format("HUB"),
    ),
}
# what: the same, where nobody takes it
GOES = {
    "another name": (MADE, "from a import sentry_sdk\n"),
    "another module": (MADE, "from b import HUB\n" + USED.format("HUB")),
    "the active hub": (
        "from sentry_sdk import Hub\nHUB = Hub.current\nHUB.flush()\n",
        "import a\n",
    ),
}


def _after(run: Run, here: Path, module: str, other: str) -> bytes:
    write_tree(here, {"pyproject.toml": "", "a.py": module, "other.py": other})
    run(*FIX, ".")
    return read_tree(here)["a.py"]


@pytest.mark.parametrize(("module", "other"), STAY.values(), ids=STAY)
def test_what_others_take_keeps_its_name(run: Run, here: Path, module: str, other: str) -> None:
    assert b"HUB" in _after(run, here, module, other)


@pytest.mark.parametrize(("module", "other"), GOES.values(), ids=GOES)
def test_what_nobody_takes_is_renamed(run: Run, here: Path, module: str, other: str) -> None:
    assert b"HUB" not in _after(run, here, module, other)


OWN = """\
import sentry_sdk
class Tool:
    def __init__(self):
        self.hub = sentry_sdk.Hub(sentry_sdk.Client('x'))
    def send(self):
        self.hub.capture_message('x')
"""
CURRENT = OWN.replace("sentry_sdk.Hub(sentry_sdk.Client('x'))", "sentry_sdk.Hub.current")
# code of another file, and whether it reads an attribute of the class
READERS = {
    "an instance": ("from a import Tool\nTool().hub.flush()\n", True),
    "a parameter": ("import a\ndef f(tool: a.Tool):\n    with tool.hub: pass\n", True),
    "a subclass": ("from a import Tool\nclass B(Tool):\n    def f(self):\n        self.hub.flush()\n", True),
    "another attribute": ("from a import Tool\nTool().send()\n", False),
    "another object's": ("from a import Tool\ndef f(x):\n    x.hub.flush()\n", False),
    "its own": ("from a import Tool\nclass B(Tool):\n    hub = 1\n    def f(self):\n        self.hub.flush()\n", False),
}  # fmt: skip


@pytest.mark.parametrize(("other", "stays"), READERS.values(), ids=READERS)
def test_an_attribute_stays_that_other_files_read(
    run: Run, here: Path, other: str, stays: bool
) -> None:
    assert (b"self.hub = " in _after(run, here, OWN, other)) is stays


@pytest.mark.parametrize(
    ("use", "stays"), [("with Tool().hub: pass", True), ("Tool().hub.flush()", False)]
)
def test_the_active_hub_goes_together_with_its_readers(
    run: Run, here: Path, use: str, stays: bool
) -> None:
    module = _after(run, here, CURRENT, f"from a import Tool\n{use}\n")
    assert (b"self.hub = " in module) is stays
    assert (b".hub" in read_tree(here)["other.py"]) is stays


HUB, SDK = "from sentry_sdk import Hub\n", "import sentry_sdk\n"
CAPTURE = "{}.capture_message('x')\n"
PUSH, CONFIGURE, LOCALS = "push-scope-with", "configure-scope-with", "init-with-locals"
SETUP = SDK + "def start(**more):\n    sentry_sdk.init(**more)\n"
OPTIONS = "OPTIONS = {'with_locals': False}\n"

# what: the module a.py, code of another file, the rule that has a finding there
FOUND = {
    "a hub that is made": (MADE, "from a import HUB\n" + USED.format("HUB"), "hub-capture"),
    "a hub of the module": (MADE, "import a\n" + USED.format("a.HUB"), "hub-capture"),
    "the active hub": (HUB + "h = Hub.current\n", "from a import h\n" + CAPTURE.format("h"), "hub-capture"),
    "a hub by annotation": (HUB + "h: 'Hub | None' = None\n", "from a import h\n" + CAPTURE.format("h"), "hub-capture"),
    "a dictionary": (HUB + "hubs: dict[str, Hub] = {}\n", "from a import hubs\nfor h in hubs.values():\n    " + CAPTURE.format("h"), "hub-capture"),
    "a list": (HUB + "hubs: list[Hub] = []\n", "import a\nfor h in a.hubs:\n    " + CAPTURE.format("h"), "hub-capture"),
    "a context variable": (HUB + "hub: ContextVar[Hub] = ContextVar('h')\n", "from a import hub\n" + CAPTURE.format("hub.get()"), "hub-capture"),
    "a function": (HUB + "def get() -> Hub: ...\n", "from a import get\n" + CAPTURE.format("get()"), "hub-capture"),
    "a function without annotation": (MADE + "def get():\n    return sentry_sdk.Hub(x)\n", "from a import get\nh = get()\n" + CAPTURE.format("h"), "hub-capture"),
    "a coroutine": (HUB + "async def get() -> Hub: ...\n", "from a import get\nasync def f():\n    h = await get()\n    " + CAPTURE.format("h"), "hub-capture"),
    "the SDK from a function": ("def sdk():\n    import sentry_sdk\n    return sentry_sdk\n", "from a import sdk\ns = sdk()\nwith s.push_scope() as scope:\n    scope.set_tag('a', 'b')\n", PUSH),
    "through another module": (HUB + "def get() -> Hub: ...\n", "from b import get\n" + CAPTURE.format("get()"), "hub-capture"),
    "all of the SDK": ("from sentry_sdk import *\n", "from a import *\nwith configure_scope() as scope:\n    scope.set_tag('a', 'b')\n", CONFIGURE),
    "one of all": ("from sentry_sdk import *\n", "from a import push_scope\nwith push_scope() as scope:\n    scope.set_tag('a', 'b')\n", PUSH),
    "all that a module has": ("from sentry_sdk import push_scope\n", "from b import push_scope\nwith push_scope() as scope:\n    scope.set_tag('a', 'b')\n", PUSH),
    "all of all": ("from sentry_sdk import *\n", "from b import *\nwith push_scope() as scope:\n    scope.set_tag('a', 'b')\n", PUSH),
    "a function by another name": (SDK + "push = sentry_sdk.push_scope\n", "from a import push\nwith push() as scope:\n    scope.set_tag('a', 'b')\n", PUSH),
    "the class of hubs": (SDK + "Hub = sentry_sdk.Hub\n", "from a import Hub\n" + CAPTURE.format("Hub.current"), "hub-capture"),
    "a function that passes options on": (SETUP, "from a import start\nstart(with_locals=False)\n", LOCALS),
    "a class that does": (
        SDK + "class Start:\n    def __init__(self, dsn, **options):\n        sentry_sdk.init(dsn, **options)\n",
        "import a\na.Start('x', with_locals=False)\n",
        LOCALS,
    ),
    "options in a dictionary": (SETUP, "from a import start\noptions = {'with_locals': False}\nstart(**options)\n", LOCALS),
    "a dictionary of options": (OPTIONS, "from a import OPTIONS\n" + SDK + "sentry_sdk.init(**OPTIONS)\n", LOCALS),
    "a dictionary that a function returns": (OPTIONS + "def get(): return OPTIONS\n", "import a\n" + SDK + "sentry_sdk.init(**a.get())\n", LOCALS),
    "a dictionary in another": (OPTIONS, "import a\n" + SDK + "sentry_sdk.init(**{**a.OPTIONS, 'dsn': 'x'})\n", LOCALS),
    "a dictionary of a class": ("class A:\n    O = dict(with_locals=1)\n", "from a import A\n" + SDK + "sentry_sdk.init(**A.O)\n", LOCALS),
    "a dictionary that is changed": ("O = {}\nO['with_locals'] = 1\n", "from a import O\n" + SDK + "sentry_sdk.init(**O)\n", LOCALS),
    "a dictionary with another": ("O = {}\nO |= {'with_locals': 1}\n", "from a import O\n" + SDK + "sentry_sdk.init(**O)\n", LOCALS),
    "an attribute of an instance": (HUB + "class A:\n    def __init__(self):\n        self.h = Hub.current\n", "from a import A\ndef f(one: A):\n    " + CAPTURE.format("one.h"), "hub-capture"),
    "a field of an instance": (HUB + "class A:\n    h: 'Optional[Hub]' = None\n", "import a\none = a.A()\n" + CAPTURE.format("one.h"), "hub-capture"),
    "an attribute of a base": (MADE + "class B:\n    def f(self):\n        self.h = sentry_sdk.Hub(x)\nclass A(B): ...\n", "from a import A\nclass C(A):\n    def g(self):\n        " + CAPTURE.format("self.h"), "hub-capture"),
    "an attribute of an attribute": (HUB + "class A:\n    h: Hub\n", "from a import A\nclass C:\n    def __init__(self):\n        self.a = A()\n    def g(self):\n        " + CAPTURE.format("self.a.h"), "hub-capture"),
    "a property": (HUB + "class A:\n    @property\n    def h(self) -> Hub: ...\n", "import a\ndef f(one: 'a.A'):\n    " + CAPTURE.format("one.h"), "hub-capture"),
    "a method": (HUB + "class A:\n    def get(self):\n        hub = Hub.current\n        return hub\n", "from a import A\n" + CAPTURE.format("A().get()"), "hub-capture"),
    "the SDK of an instance": (SDK + "class A:\n    def __init__(self):\n        self.sdk = sentry_sdk\n", "from a import A\ndef f(one: A):\n    with one.sdk.push_scope() as scope:\n        scope.set_tag('a', 'b')\n", PUSH),
    "a generator's hub": (HUB + "@contextmanager\ndef get():\n    with Hub(Hub.current) as hub:\n        yield hub\n", "from a import get\nwith get() as h:\n    " + CAPTURE.format("h"), "hub-capture"),
    "a generator's hub by annotation": (HUB + "@contextlib.contextmanager\ndef get() -> Iterator[Hub]: ...\n", "import a\nh = stack.enter_context(a.get())\n" + CAPTURE.format("h"), "hub-capture"),
    "a generator's scope": ("from sentry_sdk import push_scope\n@contextmanager\ndef get():\n    with push_scope() as scope:\n        yield scope\n", "from a import get\nwith get() as s:\n    s.set_tag('a', 'b')\n    s.user = {}\n", "scope-user-setter"),
    "another name of a type": (HUB + "MaybeHub = Optional[Hub]\n", "from a import MaybeHub\ndef f(h: MaybeHub):\n    " + CAPTURE.format("h"), "hub-capture"),
    "another name in quotes": (HUB + "Hubs = dict[str, Hub]\n", "import a\ndef f(h: 'a.Hubs'):\n    " + CAPTURE.format("h['x']"), "hub-capture"),
    "a factory": (HUB + "make: Callable[[], Hub]\n", "from a import make\n" + CAPTURE.format("make()"), "hub-capture"),
    "a client's subclass": ("from sentry_sdk.client import Client\nclass C(Client): ...\n", "from a import C\nC(with_locals=False)\n", LOCALS),
    "a client's subclass that passes options on": (SDK + "class C(sentry_sdk.Client):\n    def __init__(self, **more):\n        super().__init__(**more)\n", "from a import C\nC(with_locals=False)\n", LOCALS),
    "a function that gives options": ("def get() -> dict[str, object]:\n    return {'with_locals': 1}\n", "from a import get\n" + SDK + "sentry_sdk.init(**get())\n", LOCALS),
}  # fmt: skip
SILENT = {
    "a function that takes the option": (SETUP.replace("(**", "(with_locals=1, **"), "from a import start\nstart(with_locals=False)\n"),
    "a function that passes on its own": (SETUP.replace("(**more)", "()", 1).replace("**more", "**own()"), "from a import start\nstart(with_locals=False)\n"),
    "a function that passes on to another": (SETUP.replace("sentry_sdk.init", "other"), "from a import start\nstart(with_locals=False)\n"),
    "a function that passes another's on": (SETUP.replace("init(**more", "init(**other"), "from a import start\nstart(with_locals=False)\n"),
    "a function by another name, or not": (SDK + "push = sentry_sdk.push_scope\nif 1:\n    push = other\n", "from a import push\nwith push() as scope:\n    pass\n"),
    "new options": (SETUP, "from a import start\nstart(include_local_variables=False)\n"),
    "a dictionary that goes elsewhere": (OPTIONS, "from a import OPTIONS\n" + SDK + "other(**OPTIONS)\n"),
    "a dictionary that is made again": (OPTIONS + "OPTIONS = {}\n", "from a import OPTIONS\n" + SDK + "sentry_sdk.init(**OPTIONS)\n"),
    "a dictionary that is made again, returned": (OPTIONS + "OPTIONS = {}\ndef get(): return OPTIONS\n", "import a\n" + SDK + "sentry_sdk.init(**a.get())\n"),
    "another dictionary, returned": (OPTIONS + "OTHER = {}\ndef get(): return OTHER\n", "import a\n" + SDK + "sentry_sdk.init(**a.get())\n"),
    "another dictionary": (OPTIONS + "OTHER = {}\n", "from a import OTHER\n" + SDK + "sentry_sdk.init(**OTHER)\n"),
    "another's hub": ("from surepy import Hub\nh = Hub()\n", "from a import h\n" + CAPTURE.format("h")),
    "a hub of one of two": (MADE + "if 1:\n    HUB = None\n", "from a import HUB\n" + CAPTURE.format("HUB")),
    "a name that is a function too": (HUB + "h: Hub\ndef h(): ...\n", "from a import h\n" + CAPTURE.format("h")),
    "a variable of a function": (HUB + "def f():\n    h = Hub.current\n", "from a import h\n" + CAPTURE.format("h")),
    "an attribute of another class": (HUB + "class A:\n    h: Hub\nclass B: ...\n", "from a import B\n" + CAPTURE.format("B().h")),
    "an attribute of something": (HUB + "class A:\n    h: Hub\n", "from a import A\ndef f(one):\n    " + CAPTURE.format("one.h")),
    "an attribute of several": (HUB + "class A:\n    h: Hub\n", "from a import A\ndef f(one: 'list[A]'):\n    " + CAPTURE.format("one.h")),
    "an attribute of one of two": (HUB + "class A:\n    h: Hub\n", "from a import A\ndef f(x):\n    one = A()\n    if x:\n        one = x\n    " + CAPTURE.format("one.h")),
    "an attribute that may be something else": (HUB + "class A:\n    def f(self, x):\n        self.h = Hub.current\n        self.h = x\n", "from a import A\n" + CAPTURE.format("A().h")),
    "an attribute that is set here": (HUB + "class A:\n    h: Hub\n", "from a import A\none = A()\none.h = x\n" + CAPTURE.format("one.h")),
    "an attribute that a subclass has": (HUB + "class A:\n    h: Hub\n", "from a import A\nclass B(A):\n    h = x\n    def f(self):\n        " + CAPTURE.format("self.h")),
    "an attribute of a local variable": (HUB + "class A:\n    def f(self, x):\n        x.h = Hub.current\n", "from a import A\n" + CAPTURE.format("A().h")),
    "a method that is decorated": (HUB + "class A:\n    @other\n    def get(self) -> Hub: ...\n", "from a import A\n" + CAPTURE.format("A().get()")),
    "a method itself": (HUB + "class A:\n    def get(self) -> Hub: ...\n", "from a import A\n" + CAPTURE.format("A().get")),
    "a generator that gives something else": (HUB + "@contextmanager\ndef get():\n    with Hub(Hub.current) as hub:\n        yield hub.x\n", "from a import get\nwith get() as h:\n    " + CAPTURE.format("h")),
    "a generator that nobody enters": (HUB + "@contextmanager\ndef get():\n    yield Hub.current\n", "from a import get\nh = get()\n" + CAPTURE.format("h")),
    "a generator that gives either": (HUB + "@contextmanager\ndef get():\n    if x:\n        yield Hub.current\n    else:\n        yield x\n", "from a import get\nwith get() as h:\n    " + CAPTURE.format("h")),
    "a generator of another kind": (HUB + "@other\ndef get():\n    yield Hub.current\n", "from a import get\nwith get() as h:\n    " + CAPTURE.format("h")),
    "a parameter of its name": (HUB + "@contextmanager\ndef get(hub):\n    hub = hub or Hub.current\n    yield hub\n", "from a import get\nwith get(1) as h:\n    " + CAPTURE.format("h")),
    "a type that is none": (HUB + "H = x[Hub]\n", "from a import H\ndef f(h: H):\n    " + CAPTURE.format("h")),
    "a client's subclass with its own options": (SDK + "class C(sentry_sdk.Client):\n    def __init__(self, **more): ...\n", "from a import C\nC(with_locals=False)\n"),
    "another module of the SDK's name": (HUB + "class A:\n    h: Hub\n", "from . import sentry_sdk\nfrom a import A\n" + CAPTURE.format("sentry_sdk.Hub.current")),
    "a variable of a class": (HUB + "class A:\n    h = Hub.current\n", "from a import h\n" + CAPTURE.format("h")),
    "another annotation": (HUB + "h: list[str] = Hub.current\n", "from a import h\n" + CAPTURE.format("h")),
    "the function itself": (HUB + "def get() -> Hub: ...\n", "from a import get\n" + CAPTURE.format("get")),
    "a function that is decorated": (HUB + "@other\ndef get():\n    return Hub.current\n", "from a import get\n" + CAPTURE.format("get()")),
    "a function that gives something else too": (HUB + "def get(a):\n    if a:\n        return Hub.current\n    return a\n", "from a import get\n" + CAPTURE.format("get(1)")),
    "a generator": (HUB + "def get():\n    yield\n    return Hub.current\n", "from a import get\n" + CAPTURE.format("get()")),
    "a method": (HUB + "class A:\n    def get(self) -> Hub: ...\n", "from a import get\n" + CAPTURE.format("get()")),
    "an inner function": (HUB + "def f():\n    def get():\n        return Hub.current\n    return get\n", "from a import f\n" + CAPTURE.format("f()")),
    "the keys": (HUB + "hubs: dict[str, Hub] = {}\n", "from a import hubs\nfor h in hubs:\n    " + CAPTURE.format("h")),
    "another module": (MADE, "from c import HUB\n" + CAPTURE.format("HUB")),
    "another name": (MADE, "from a import sentry_sdk, OTHER\n" + CAPTURE.format("OTHER")),
    "a name of its own": (MADE, "from a import HUB\nHUB = other\n" + CAPTURE.format("HUB")),
    "a parameter": (MADE, "from a import HUB\ndef f(HUB):\n    " + CAPTURE.format("HUB")),
    "all of another package": ("from others import *\n", "from a import *\nwith push_scope() as scope:\n    pass\n"),
    "all, and a name of its own": ("from sentry_sdk import *\ndef push_scope(): ...\n", "from a import *\nwith push_scope() as scope:\n    pass\n"),
}  # fmt: skip


def _rules(run: Run, here: Path, module: str, other: str) -> set[str]:
    passing = (
        "from a import *\nfrom a import get\n" if "import get" in other else "from a import *\n"
    )
    write_tree(here, {"pyproject.toml": "", "a.py": module, "b.py": passing, "other.py": other})
    found = json.loads(run(*CHECK, "--output-format", "json", ".").text)
    # The file that makes a dictionary of options has the finding, and the fix.
    return {
        one["name"]
        for one in found
        if one["filename"].endswith("other.py") or "by way of" in one["message"]
    }


@pytest.mark.parametrize(("module", "other", "rule"), FOUND.values(), ids=FOUND)
def test_it_is_found(run: Run, here: Path, module: str, other: str, rule: str) -> None:
    assert rule in _rules(run, here, module, other)


@pytest.mark.parametrize(("module", "other"), SILENT.values(), ids=SILENT)
def test_it_is_something_else(run: Run, here: Path, module: str, other: str) -> None:
    assert not _rules(run, here, module, other) & {"hub-capture", PUSH, CONFIGURE, LOCALS}


def test_a_file_between_that_does_not_mention_the_sdk(run: Run, here: Path) -> None:
    write_tree(
        here,
        {
            "pyproject.toml": "",
            "p/__init__.py": "",
            "p/obs.py": "from sentry_sdk import push_scope\n",
            "base.py": "from p import obs as o\n",
            "use.py": "from base import o\nwith o.push_scope() as s:\n    s.set_tag('a', 'b')\n",
        },
    )
    assert "use.py:2:6" in run("check", ".").text


PASSED = "from m import *\nwith push_scope() as scope:\n    scope.set_tag('a', 'b')\n"
# what: (code that has names of the SDK by a star import, what a fix makes of its beginning)
STARS = {
    "a star import": (PASSED, "import sentry_sdk\n"),
    "below others": ("import os\n\n" + PASSED, "import os\n\nimport sentry_sdk\n"),
    "a star import in a block": ("if 1:\n    " + PASSED, ""),
    "a variable of the SDK's name": ("sentry_sdk = 1\n" + PASSED, ""),
    "a function's variable of that name": (
        PASSED + "def f(sentry_sdk):\n    with push_scope() as scope:\n        scope.set_tag('a', 'b')\n",
        "import sentry_sdk\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "begins"), STARS.values(), ids=STARS)
def test_names_of_a_star_import(run: Run, here: Path, code: str, begins: str) -> None:
    module = "from sentry_sdk import push_scope\n__all__ = ['push_scope']\n"
    write_tree(here, {"pyproject.toml": "", "m.py": module, "other.py": code})
    said = run("check", "--fix", "--unsafe-fixes", "other.py").text
    assert ("Rename the local `sentry_sdk`" in said) is bool(
        {"sentry_sdk = 1", "def f(sentry_sdk):"} & {*code.split("\n")}
    )
    assert ("Add `import sentry_sdk` to the file" in said) is code.startswith("if 1")
    text = (here / "other.py").read_text()
    assert text.startswith(begins) if begins else text == code
    assert text.count("push_scope()") == code.count("push_scope()") - bool(begins)
