"""Tests that replace a name which cannot be told, and what events are handed to: what they may
meet is not fixed by a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

SERVICE = """\
from sentry_sdk import push_scope, capture_message


def handle(n):
    with push_scope() as scope:
        scope.set_tag("a", n)
        capture_message("m")
"""
PATCH = "from unittest.mock import patch\nimport svc, other\n"
TARGETS = f"{PATCH}from consts import PUSH\nwith patch(PUSH):\n    pass\n"
NAMED = f"{PATCH}from names import WHAT\n"
LOOP = "def test(monkeypatch):\n    for k in dir(stubs):\n        monkeypatch.setattr({}, k, 1)\n"

# name → files beside the service, whether its fix is made
TESTS: dict[str, tuple[dict[str, str], bool]] = {
    "a constant of another file": (
        {
            "names.py": "WHAT = 'push_scope'\n",
            "test_a.py": f"{PATCH}from names import WHAT\nwith patch.object(svc, WHAT):\n    pass\n",
        },
        False,
    ),
    "the new name, by a file that does not mention the SDK": (
        {"own.py": "import svc\nsvc.isolation_scope = 'mine'\nsvc.new_scope = 'mine'\n"},
        False,
    ),
    "in the dictionary of the module": (
        {"own.py": "import svc\nvars(svc)['push_scope'] = fake\n"},
        False,
    ),
    "deleted": ({"own.py": "import svc\ndel svc.push_scope\n"}, False),
    "another name of the module": (
        {"own.py": "import svc\nvars(svc)['my_scope'] = fake\nsvc.my_scope = 1\ndel svc.x\n"},
        True,
    ),
    "the name in another dictionary": (
        {"own.py": "import svc, other\nvars(other)['push_scope'] = fake\n"},
        True,
    ),
    "a module of the SDK's name": ({"sentry_sdk.py": "def push_scope(): ...\n"}, False),
    "a package of the SDK's name": ({"stubs/sentry_sdk/__init__.py": ""}, False),
    "a module of that name, for types": ({"typings/sentry_sdk/__init__.pyi": ""}, True),
    "a module of that name in a package": (
        {"app/__init__.py": "", "app/sentry_sdk.py": "def push_scope(): ...\n"},
        True,
    ),
    "a module of another name": ({"my_sentry_sdk.py": "", "sentry_sdk/other.py": ""}, True),
    "of a module elsewhere": (
        {
            "test_a.py": f"{PATCH}from names import WHAT\nwith patch.object(other, WHAT):\n    pass\n"
        },
        True,
    ),
    "a module of stubs": ({"test_a.py": f"import stubs, svc\n{LOOP.format('svc')}"}, False),
    "a module of stubs for another": (
        {"test_a.py": f"import stubs, other\n{LOOP.format('other')}"},
        True,
    ),
    "by what the function is called": (
        {
            "test_a.py": "import sentry_sdk, svc\n"
            "def test(m):\n    m.setattr(svc, sentry_sdk.push_scope.__name__, 1)\n"
        },
        False,
    ),
    "by what another function is called": (
        {
            "test_a.py": "import sentry_sdk, svc\n"
            "def test(m):\n    m.setattr(svc, sentry_sdk.set_tag.__name__, 1)\n"
        },
        True,
    ),
    "put together": (
        {
            "test_a.py": f"{PATCH}A, B = 'push', '_scope'\nwith patch.object(svc, A + B):\n    pass\n"
        },
        False,
    ),
    "a path of constants of another file": (
        {
            "consts.py": "SDK = 'sentry_sdk'\nPUSH = '.'.join([SDK, 'push_scope'])\n",
            "test_a.py": TARGETS,
        },
        False,
    ),
    "a path of constants of a file that does not mention the SDK": (
        {"consts.py": "APP = 'svc'\nPUSH = '%s.%s' % (APP, 'push_scope')\n", "test_a.py": TARGETS},
        False,
    ),
    "a path in a constant of another file": (
        {"consts.py": "PUSH = 'svc.push_scope'\n", "test_a.py": TARGETS},
        False,
    ),
    "another path of constants": (
        {
            "consts.py": "APP = 'other'\nPUSH = '.'.join([APP, 'push_scope'])\n",
            "test_a.py": TARGETS,
        },
        True,
    ),
    "another name of the module in a constant": (
        {"consts.py": "PUSH = '.'.join(['svc', 'capture'])\n", "test_a.py": TARGETS},
        True,
    ),
    "a path that a function of another file is told": (
        {"consts.py": "log('svc.push_scope')\nPUSH = 1\n", "test_a.py": TARGETS},
        True,
    ),
    "a path of which only the module is told": (
        {"names.py": "WHAT = 'push_scope'\n", "test_a.py": f"{NAMED}patch(f'svc.{{WHAT}}')\n"},
        False,
    ),
    "a path of which only another module is told": (
        {"names.py": "WHAT = 'push_scope'\n", "test_a.py": f"{NAMED}patch('other.' + WHAT)\n"},
        True,
    ),
    "a path of which nothing is told": (
        {"test_a.py": f"{NAMED}patch(WHAT)\npatch(f'{{WHAT}}.time')\n"},
        True,
    ),
    "a name that is told": (
        {"test_a.py": f"{PATCH}with patch.object(svc, 'time'):\n    pass\n"},
        True,
    ),
    "an attribute of an instance": (
        {"test_a.py": f"{PATCH}with patch.object(svc.Client(), NAME):\n    pass\n"},
        True,
    ),
    "removed": ({"test_a.py": "import svc\ndef test(m, n):\n    m.delattr(svc, n)\n"}, False),
    "read": ({"test_a.py": "import svc\ndef test(n):\n    getattr(svc, n)\n"}, True),
    "in the globals of a function": (
        {
            "test_a.py": "import svc\ndef test(m):\n    m.setitem(svc.handle.__globals__, 'push_scope', 1)\n"
        },
        False,
    ),
    "in the globals of a function elsewhere": (
        {
            "test_a.py": "import svc\ndef test(m):\n    m.setitem(svc.handle.__globals__, 'time', 1)\n"
        },
        True,
    ),
    "in the globals of whatever function": (
        {"other.py": "def silence(f):\n    f.__globals__['push_scope'] = print\n"},
        False,
    ),
    "in all globals of whatever function": (
        {"other.py": "def silence(f):\n    f.__globals__.update(push_scope=print)\n"},
        False,
    ),
    "in the globals of whatever function, from a list": (
        {
            "other.py": "def silence(f):\n    for n in ('push_scope',): f.__globals__[n] = print\n",
        },
        False,
    ),
    "in the globals of a copy": (
        {
            "other.py": "import types\ndef copy(f):\n"
            "    return types.FunctionType(f.__code__, {**f.__globals__, 'push_scope': print})\n"
        },
        False,
    ),
    "in other globals of a copy": (
        {
            "other.py": "import types\ndef copy(f):\n"
            "    names = dict(f.__globals__, push_scope=print)\n"
            "    return types.FunctionType(f.__code__, names)\n"
        },
        False,
    ),
    "in the globals of code that is run": (
        {"other.py": "def again(f):\n    exec(f.__code__, {'push_scope': print})\n"},
        False,
    ),
    "another name in the globals of whatever function": (
        {"other.py": "def slow(f):\n    f.__globals__['time'] = push_scope = print\n"},
        True,
    ),
    "read in the globals of whatever function": (
        {"other.py": "def show(f):\n    print(f.__globals__['push_scope'])\n"},
        True,
    ),
    "looked for in the globals of whatever function": (
        {"other.py": "def show(f):\n    print(f.__globals__.get('push_scope'))\n"},
        True,
    ),
    "another name in the globals of a copy": (
        {
            "other.py": "import types\ndef copy(f, push_scope):\n"
            "    return types.FunctionType(f.__code__, {**f.__globals__, 'time': print})\n"
        },
        True,
    ),
    "beside the name of some code": (
        {"other.py": "def show(f):\n    print(f.__code__.co_name, 'push_scope')\n"},
        True,
    ),
    "by a function that is given the SDK": (
        {
            "patches.py": "def wrap(m, n):\n    setattr(m, n, f(getattr(m, n)))\n",
            "boot.py": "import sentry_sdk\nfrom patches import wrap\nwrap(sentry_sdk, 'push_scope')\n",
        },
        False,
    ),
    "by a class that has the names": (
        {
            "patches.py": "class P:\n    names = ['push_scope']\n    def __init__(self, t): self.t = t\n"
            "    def apply(self):\n        for n in self.names: setattr(self.t, n, f)\n",
            "boot.py": "import sentry_sdk, patches\npatches.P(sentry_sdk).apply()\n",
        },
        False,
    ),
    "of the instance that has the names": (
        {
            "patches.py": "class P:\n    names = ['push_scope']\n"
            "    def apply(self):\n        for n in self.names: setattr(self, n, f)\n",
        },
        True,
    ),
    "in a loop": (
        {
            "boot.py": "import sentry_sdk\nfor n in ('push_scope',):\n    setattr(sentry_sdk, n, f)\n"
        },
        False,
    ),
    "by a keyword": (
        {
            "patches.py": "import sys\ndef put(m, **k):\n"
            "    for n, v in k.items(): setattr(sys.modules[m], n, v)\nput('svc', push_scope=f)\n"
        },
        False,
    ),
    "by the program": (
        {"boot.py": "import svc\nfor k in ('a',):\n    setattr(svc, k, 1)\n"},
        False,
    ),
}


@pytest.mark.parametrize(("beside", "made"), TESTS.values(), ids=TESTS)
def test_a_name_that_cannot_be_told(
    run: Run, here: Path, beside: dict[str, str], made: bool
) -> None:
    write_tree(here, {"pyproject.toml": "", "svc.py": SERVICE, **beside})
    run("check", "--fix")
    assert ("new_scope" in (here / "svc.py").read_text()) == made
    if not made:
        said = run("check", "svc.py").text
        assert "puts something in place of" in said or "something other than the SDK" in said


HUB = "from sentry_sdk import Hub\n\n\ndef handle(n):\n    Hub.current.capture_message(n)\n"
DERIVED = {
    "the method": ("capture_message", "Hub", False),
    "another method": ("capture_exception", "Hub", True),
    "a method of another class": ("capture_message", "Client", True),
}


@pytest.mark.parametrize(("method", "base", "made"), DERIVED.values(), ids=DERIVED)
def test_a_class_derived_from_one_of_the_sdk(
    run: Run, here: Path, method: str, base: str, made: bool
) -> None:
    """An instance of it may be the current hub."""
    own = f"from sentry_sdk import {base}\nclass Own({base}):\n    def {method}(self, m): ...\n"
    write_tree(here, {"pyproject.toml": "", "svc.py": HUB, "own.py": own})
    run("check", "--fix")
    assert ("Hub" not in (here / "svc.py").read_text()) == made
    if not made:
        assert "own.py:3 puts something in place of" in run("check", "svc.py").text


INSTALL = "def install(sdk):\n    {}\n"
# What a file without the SDK does, and whether the fix is made that has code call
# `sentry_sdk.capture_message`.
GIVEN = {
    "it is replaced": (INSTALL.format("sdk.capture_message = print"), False),
    "it is wrapped": (
        INSTALL.format("old = sdk.capture_message\n    sdk.capture_message = lambda m: old(m)"),
        False,
    ),
    "two are replaced": (
        INSTALL.format("sdk.capture_message, sdk.capture_event = print, print"),
        False,
    ),
    "it is replaced, with a type": (INSTALL.format("sdk.capture_message: Any = print"), False),
    "it is replaced in a loop": (
        "def install(*all):\n    for one in all:\n        one.capture_message = print\n",
        False,
    ),
    "by a class": (
        "class Patch:\n    def __init__(self, sdk): self.sdk = sdk\n"
        "    def start(self): self.sdk.capture_message = print\n",
        False,
    ),
    "by the name": (INSTALL.format("setattr(sdk, 'capture_message', print)"), False),
    "in its dictionary": (INSTALL.format("vars(sdk)['capture_message'] = print"), False),
    "another is replaced": (INSTALL.format("sdk.capture_event = sdk.capture_message"), True),
    "it is called": (INSTALL.format("sdk.capture_message('m')"), True),
    "it is compared": (INSTALL.format("return sdk.capture_message == print"), True),
    "it is given": (INSTALL.format("call(capture_message=sdk.capture_message)"), True),
    "an attribute of its own": (
        "class C:\n    def install(self): self.capture_message = print\n",
        True,
    ),
    "an instance of its own": (
        "class C: pass\nc = C()\nc.capture_message = print\n",
        True,
    ),
    "an item": (INSTALL.format("sdk['capture_message'] = print"), True),
    "a variable": (INSTALL.format("capture_message = print"), True),
}


@pytest.mark.parametrize(("code", "made"), GIVEN.values(), ids=GIVEN)
def test_what_is_done_with_the_sdk_that_is_given(
    run: Run, here: Path, code: str, made: bool
) -> None:
    app = "import obs, sentry_sdk, svc\nobs.install(sentry_sdk)\nsvc.handle('m')\n"
    write_tree(here, {"pyproject.toml": "", "app.py": app, "svc.py": HUB, "obs.py": code})
    run("check", "--fix")
    assert ("Hub" not in (here / "svc.py").read_text()) == made


CONFIGURES = """\
from sentry_sdk import configure_scope


def handle(n):
    with configure_scope() as scope:
        scope.set_tag("a", n)
"""
METHOD = "Scope.get_isolation_scope"
PATCHES = {
    "patch": "def test():\n    with patch('svc.configure_scope'):\n        svc.handle(1)\n",
    "patch.object": "def test():\n    with patch.object(svc, 'configure_scope'):\n        svc.handle(1)\n",
    "mocker": "def test(mocker):\n    mocker.patch.object(svc, 'configure_scope')\n    svc.handle(1)\n",
    "monkeypatch": "def test(monkeypatch):\n    m = MagicMock()\n"
    "    monkeypatch.setattr(svc, 'configure_scope', m, raising=False)\n    svc.handle(1)\n",
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES)
@pytest.mark.parametrize("oldest", ["2.0", "2.12"])
def test_a_mock_of_what_becomes_a_method(run: Run, here: Path, patch: str, oldest: str) -> None:
    """A method is not an attribute of the module that calls it."""
    test = f"from unittest.mock import MagicMock, patch\nimport svc\n{patch}"
    write_tree(here, {"pyproject.toml": "", "svc.py": CONFIGURES, "test_svc.py": test})
    run("check", "--fix", "--sdk-version", oldest)
    fixed = "configure_scope" not in (here / "svc.py").read_text()
    moved = "configure_scope" not in (here / "test_svc.py").read_text()
    assert fixed == moved == (oldest == "2.12")
    assert METHOD not in (here / "test_svc.py").read_text()


ALIASED = """\
import sentry_sdk as s


def handle(n):
    with s.push_scope() as scope:
        scope.set_tag("a", n)
        s.capture_message("m")
"""
ALIASES = {
    "by path": ("patch('svc.s.push_scope')", False),
    "the module's attribute": ("patch.object(svc.s, 'push_scope')", False),
    "what it calls": ("patch('svc.s.capture_message')", True),
    "of another module": ("patch('other.t.push_scope')", True),
}
OTHER_NAMES = {
    "assigned": ("import sentry_sdk\n_sdk = sentry_sdk\n", "_sdk", "svc._sdk"),
    "a module that hands it on": ("import compat as c\n", "c", "svc.c"),
    "taken from another module": ("from compat import sentry\n", "sentry", "compat.sentry"),
    "in a class": ("import sentry_sdk\nclass R:\n    sdk = sentry_sdk\n", "R.sdk", "svc.R.sdk"),
}

SURE = ("_sdk", "sentry", "R.sdk")
"""Where nothing else keeps the fix from being safe."""


@pytest.mark.parametrize("patched", [True, False])
@pytest.mark.parametrize(("start", "name", "path"), OTHER_NAMES.values(), ids=OTHER_NAMES)
def test_the_sdk_kept_under_another_name(
    run: Run, here: Path, start: str, name: str, path: str, patched: bool
) -> None:
    code = (
        f"{start}\n\ndef handle(n):\n    with {name}.push_scope() as scope:\n"
        f"        scope.set_tag('a', n)\n        {name}.capture_message('m')\n"
    )
    member = "push_scope" if patched else "set_tag"
    test = f"from unittest.mock import patch\nwith patch('{path}.{member}'):\n    pass\n"
    compat = "import sentry_sdk as sentry\nfrom sentry_sdk import push_scope, capture_message\n"
    compat += "from sentry_sdk import new_scope\n"
    tree = {"pyproject.toml": "", "svc.py": code, "compat.py": compat, "test_svc.py": test}
    write_tree(here, tree)
    run("check", "--fix")
    assert ("new_scope" in (here / "svc.py").read_text()) == (not patched and name in SURE)


@pytest.mark.parametrize(("patch", "made"), ALIASES.values(), ids=ALIASES)
def test_the_sdk_under_another_name(run: Run, here: Path, patch: str, made: bool) -> None:
    test = f"from unittest.mock import patch\nimport svc, other\nwith {patch}:\n    svc.handle(1)\n"
    write_tree(here, {"pyproject.toml": "", "svc.py": ALIASED, "test_svc.py": test})
    run("check", "--fix")
    assert ("new_scope" in (here / "svc.py").read_text()) == made


WHOLE = """\
import sentry_sdk


def handle(n):
    with sentry_sdk.push_scope() as scope:
        scope.set_tag("a", n)
        sentry_sdk.capture_message("m")
"""
LISTED = """\
import json
from unittest.mock import call, patch
import svc
def test():
    with patch("{}") as sdk:
        svc.handle(1)
    {}
"""
# what a test says of the calls of a mock, in the place of what; whether the fix is made
CALLS = {
    "data": ("svc.sentry_sdk", "assert [str(one) for one in sdk.mock_calls] == json.load(open('x'))", False),
    "asserted": ("svc.sentry_sdk", "sdk.assert_has_calls(json.load(open('x')))", False),
    "spelled": ("svc.sentry_sdk", "assert call.capture_message('m') in sdk.mock_calls", True),
    "of one function": ("svc.sentry_sdk.capture_message", "assert sdk.mock_calls == load()", True),
    "of another module": ("other.sentry_sdk", "assert sdk.mock_calls == load()", True),
}  # fmt: skip


@pytest.mark.parametrize(("place", "said", "made"), CALLS.values(), ids=CALLS)
def test_all_calls_of_a_mock(run: Run, here: Path, place: str, said: str, made: bool) -> None:
    write_tree(here, {"pyproject.toml": "", "svc.py": WHOLE})
    write_tree(here, {"test_svc.py": LISTED.format(place, said)})
    run("check", "--fix")
    assert ("new_scope" in (here / "svc.py").read_text()) == made
    if not made:
        assert "without saying which" in run("check", "svc.py").text


FAKES = """\
from contextlib import contextmanager
class Sentry:
    @contextmanager
    def push_scope(self):
        yield self
    def __getattr__(self, name):
        return print
"""
TOOL = """\
import sentry_sdk
class Tool:
    sdk = sentry_sdk
    def handle(self, n):
        with self.sdk.push_scope() as scope:
            scope.set_tag("a", n)
            self.sdk.capture_message("m")
"""
# code, what a test does with `f`, which is of a class in another file, and whether the fix is made
HELPED = {
    "a variable": (WHOLE, "mp.setattr(svc, 'sentry_sdk', f)", False),
    "a path": (WHOLE, "mp.setattr('svc.sentry_sdk', f)", False),
    "an assignment": (WHOLE, "svc.sentry_sdk = f", False),
    "of another module": (WHOLE, "other.sentry_sdk = f", True),
    "another name": (WHOLE, "svc.time = f", True),
    "in no call": (WHOLE, "f.sentry_sdk", True),
    "an attribute": (TOOL, "t.sdk = f", False),
    "an attribute by its name": (TOOL, "mp.setattr(t, 'sdk', f)", False),
    "an attribute of the class": (TOOL, "mp.setattr('svc.Tool.sdk', f)", False),
    "a subclass": (TOOL, "class T(svc.Tool):\n        sdk = f", False),
    "a keyword": (TOOL, "mp.multiple(t, sdk=f)", False),
    "another attribute": (TOOL, "t.sdk_name = f", True),
    "a local variable": (TOOL, "sdk = f", True),
    "none at all": (TOOL, "t.sdk = None", True),
}


@pytest.mark.parametrize(("code", "put", "made"), HELPED.values(), ids=HELPED)
def test_a_stand_in_of_a_helper(run: Run, here: Path, code: str, put: str, made: bool) -> None:
    """Which names it has is not said where it takes the place of the SDK."""
    test = f"import fakes, other, svc\ndef test(mp):\n    f = fakes.Sentry()\n    {put}\n"
    write_tree(here, {"pyproject.toml": "", "svc.py": code, "fakes.py": FAKES, "test_a.py": test})
    run("check", "--fix")
    assert ("new_scope" in (here / "svc.py").read_text()) == made
    if not made:
        assert "puts something in place of" in run("check", "svc.py").text


SETS = "    sentry_sdk.set_extra('p', 1)\n    return e\n"
PURE = "    return e\n"
REGISTERED = {
    "a decorator": "@add_global_event_processor\ndef p(e, h):\n{}",
    "a call": "def p(e, h):\n{}add_global_event_processor(p)\n",
    "a function of the module": "@scope.add_global_event_processor\ndef p(e, h):\n{}",
    "passed on": "def p(e, h):\n{}run(add_global_event_processor, p)\n",
}


@pytest.mark.parametrize("writes", [True, False])
@pytest.mark.parametrize("code", REGISTERED.values(), ids=REGISTERED)
def test_what_events_are_given_to(run: Run, here: Path, code: str, writes: bool) -> None:
    """It runs inside the block, and what it writes there would outlive it."""
    start = (
        "import sentry_sdk\nfrom sentry_sdk import scope\n"
        "from sentry_sdk.scope import add_global_event_processor\n"
    )
    conf = start + code.format(SETS if writes else PURE)
    write_tree(here, {"pyproject.toml": "", "svc.py": SERVICE, "conf.py": conf})
    run("check", "--fix")
    passed_on = "run(" in code
    assert ("new_scope" in (here / "svc.py").read_text()) == (not writes and not passed_on)
