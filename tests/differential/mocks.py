"""Small projects whose tests put something in the place of what the code uses of the SDK.

Each is made of three parts: code of 1.x, a way of patching, and the place where the patch stands.
A project's tests pass on 1.x. After the safe fixes they have to pass on 2.x.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from differential.environments import HERE, install


@dataclass(frozen=True)
class Code:
    """A module `app/obs.py` with a function `report()`."""

    text: str
    name: str
    """The name that `report()` looks up in its module."""
    asserts: str
    """What a test may say of `m`, the mock in place of `name`, after `report()`."""
    member: str = ""
    """Where `name` is the module sentry_sdk, its attribute that matters."""


PUSHED = "m.return_value.__enter__.return_value.set_tag.assert_called_once_with('a', 'b')"
_BODY = "() as scope:\n        scope.set_tag('a', 'b')\n"
CODES = {
    "push_scope": Code(
        f"from sentry_sdk import push_scope\ndef report():\n    with push_scope{_BODY}",
        "push_scope",
        PUSHED,
    ),
    "configure_scope": Code(
        f"from sentry_sdk import configure_scope\ndef report():\n    with configure_scope{_BODY}",
        "configure_scope",
        PUSHED,
    ),
    "under another name": Code(
        f"from sentry_sdk import push_scope as ps\ndef report():\n    with ps{_BODY}",
        "ps",
        PUSHED,
    ),
    "an attribute of the scope": Code(
        "from sentry_sdk import configure_scope\ndef report():\n"
        "    with configure_scope() as scope:\n        scope.user = {'id': 1}\n",
        "configure_scope",
        "assert m.return_value.__enter__.return_value.user == {'id': 1}",
    ),
    "callback": Code(
        "from sentry_sdk import configure_scope\ndef report():\n"
        "    configure_scope(lambda scope: scope.set_tag('a', 'b'))\n",
        "configure_scope",
        "assert m.called",
    ),
    "hub": Code(
        "from sentry_sdk import Hub\ndef report():\n    Hub.current.capture_message('x')\n",
        "Hub",
        "m.current.capture_message.assert_called_once_with('x')",
    ),
    "hub's scope": Code(
        f"from sentry_sdk import Hub\ndef report():\n    with Hub.current.configure_scope{_BODY}",
        "Hub",
        f"m = m.current.configure_scope\n{PUSHED}",
    ),
    "module.push_scope": Code(
        f"import sentry_sdk\ndef report():\n    with sentry_sdk.push_scope{_BODY}",
        "sentry_sdk",
        PUSHED,
        "push_scope",
    ),
    "module.configure_scope": Code(
        f"import sentry_sdk\ndef report():\n    with sentry_sdk.configure_scope{_BODY}",
        "sentry_sdk",
        PUSHED,
        "configure_scope",
    ),
    "aliased.push_scope": Code(
        f"import sentry_sdk as s\ndef report():\n    with s.push_scope{_BODY}",
        "s",
        PUSHED,
        "push_scope",
    ),
    "aliased.configure_scope": Code(
        f"import sentry_sdk as s\ndef report():\n    with s.configure_scope{_BODY}",
        "s",
        PUSHED,
        "configure_scope",
    ),
    "module.Hub": Code(
        "import sentry_sdk\ndef report():\n    sentry_sdk.Hub.current.capture_message('x')\n",
        "sentry_sdk",
        "m.current.capture_message.assert_called_once_with('x')",
        "Hub",
    ),
    "keyword": Code(
        "from sentry_sdk import start_span\ndef report():\n"
        "    with start_span(op='o', description='d'):\n        pass\n",
        "start_span",
        "m.assert_called_once_with(op='o', description='d')",
    ),
    "module's keyword": Code(
        "import sentry_sdk\ndef report():\n"
        "    with sentry_sdk.start_span(op='o', description='d'):\n        pass\n",
        "sentry_sdk",
        "m.assert_called_once_with(op='o', description='d')",
        "start_span",
    ),
    "option": Code(
        "import sentry_sdk\ndef report():\n    sentry_sdk.init(request_bodies='always')\n",
        "sentry_sdk",
        "m.assert_called_once_with(request_bodies='always')",
        "init",
    ),
    "imported in the function": Code(
        f"def report():\n    from sentry_sdk import push_scope\n    with push_scope{_BODY}",
        "",
        PUSHED,
        "push_scope",
    ),
}

HEAD = """import sys
from unittest import mock
from unittest.mock import DEFAULT, MagicMock, patch
import pytest
import app.obs
import sentry_sdk
from app import obs
"""


def _indented(text: str, depth: int) -> str:
    return "".join(f"{'    ' * depth}{line}\n" for line in text.splitlines())


def _within(manager: str, asserts: str, before: str = "", arguments: str = "") -> str:
    """A test that patches by a `with` statement."""
    body = f"{before}with {manager}:\n    obs.report()\n{asserts}\n"
    return f"def test_it({arguments}):\n{_indented(body, 1)}"


def _after(lines: str, asserts: str, arguments: str = "") -> str:
    """A test that patches by statements."""
    return f"def test_it({arguments}):\n{_indented(f'{lines}{chr(10)}obs.report(){chr(10)}{asserts}', 1)}"


MOCKER = """import pytest
from unittest import mock
class Mocker:
    def __init__(self): self.started = []
    def start(self, one):
        self.started.append(one)
        return one.start()
    def patch(self, *given, **more): return self.start(mock.patch(*given, **more))
    def object(self, *given, **more): return self.start(mock.patch.object(*given, **more))
@pytest.fixture
def mocker():
    made = Mocker()
    yield made
    for one in made.started: one.stop()
"""


def _named_ways(
    module: str, target: str, name: str, asserts: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """Tests that patch `name` of what the expression `module` gives and the path `target` names."""
    test = "tests/test_obs.py"
    one = "m = MagicMock()\n"
    ways = {
        "patch": _within(f"patch('{target}.{name}') as m", asserts),
        "mock.patch": _within(f"mock.patch(target='{target}.{name}') as m", asserts),
        "patch.object": _within(f"patch.object({module}, '{name}') as m", asserts),
        "patch.object by keyword": _within(
            f"mock.patch.object(target={module}, attribute='{name}') as m", asserts
        ),
        "patch.multiple": _within(
            f"patch.multiple('{target}', {name}=DEFAULT) as found",
            f"m = found['{name}']\n{asserts}",
        ),
        "patch.multiple of an object": _within(
            f"patch.multiple({module}, **{{'{name}': m}})", asserts, one
        ),
        "patch.multiple, given": _within(f"patch.multiple('{target}', {name}=m)", asserts, one),
        "patch.multiple of an object, given": _within(
            f"patch.multiple({module}, {name}=m)", asserts, one
        ),
        "patch.dict": _within(f"patch.dict({module}.__dict__, {name}=m)", asserts, one),
        "patch.dict by path": _within(
            f"patch.dict('{target}.__dict__', {{'{name}': m}})", asserts, one
        ),
        "the globals of a function": _after(
            f"{one}monkeypatch.setitem(obs.report.__globals__, '{name}', m)", asserts, "monkeypatch"
        )
        if module == "obs"
        else "",
        "given": _within(f"patch('{target}.{name}', m)", asserts, one),
        "given by keyword": _within(f"patch('{target}.{name}', new=m)", asserts, one),
        "wraps": _within(
            f"patch('{target}.{name}', wraps={module}.{name}) as m", "assert m.mock_calls"
        ),
        "side effect": _within(
            f"patch('{target}.{name}', side_effect=KeyError) as m, pytest.raises(KeyError)",
            "assert m.called",
        )
        if name != "Hub"
        else "",
        "f-string": _within(f"patch(f'{{obs.__name__}}.{name}') as m", asserts)
        if module == "obs"
        else _within(f"patch(f'{{{module}.__name__}}.{name}') as m", asserts),
        "percent": _within(f"patch('%s.{name}' % {module}.__name__) as m", asserts),
        "f-string of a constant": f"MODULE = '{target}'\n"
        + _within(f"patch(f'{{MODULE}}.{name}') as m", asserts),
        "in pieces": _within(f"patch('{target}.{name[:4]}' '{name[4:]}') as m", asserts),
        "a sum in the name": _within(
            f"patch.object({module}, '{name[:1]}' + '{name[1:]}') as m", asserts
        ),
        "a list in a text": f"TARGETS = 'os.sep, {target}.{name}'.split(', ')\n"
        + _within("patch(TARGETS[1]) as m", asserts),
        "JSON": f"import json\nTARGETS = json.loads('[\"{target}.{name}\"]')\n"
        + _within("patch(TARGETS[0]) as m", asserts),
        "bytes": _within(f"patch(b'{target}.{name}'.decode()) as m", asserts),
        "a parameter": f"@pytest.mark.parametrize('target', ['{target}.{name}'])\n"
        + _within("patch(target) as m", asserts, arguments="target"),
        "a helper": f"def fake(name):\n    return patch('{target}.' + name)\n"
        + _within(f"fake('{name}') as m", asserts),
        "sum": _within(f"patch({module}.__name__ + '.{name}') as m", asserts),
        "join": _within(f"patch('.'.join(['{target}', '{name}'])) as m", asserts),
        "format": _within(f"patch('{{}}.{{}}'.format('{target}', '{name}')) as m", asserts),
        "constant": f"NAME = '{name}'\n" + _within(f"patch.object({module}, NAME) as m", asserts),
        "decorator": f"@patch('{target}.{name}')\n" + _after("", asserts, "m"),
        "object decorator": f"@mock.patch.object({module}, '{name}')\n" + _after("", asserts, "m"),
        "class decorator": (
            f"@patch('{target}.{name}')\nclass Test:\n"
            f"{_indented(_after('', asserts, 'self, m'), 1)}"
        ),
        "start": _after(
            f"patcher = patch('{target}.{name}')\nm = patcher.start()",
            f"patcher.stop()\n{asserts}",
        ),
        "monkeypatch": _after(
            f"{one}monkeypatch.setattr({module}, '{name}', m)", asserts, "monkeypatch"
        ),
        "monkeypatch by path": _after(
            f"{one}monkeypatch.setattr('{target}.{name}', m)", asserts, "monkeypatch"
        ),
        "monkeypatch by keyword": _after(
            f"{one}monkeypatch.setattr(target={module}, name='{name}', value=m)",
            asserts,
            "monkeypatch",
        ),
        "monkeypatch of items": _after(
            f"{one}monkeypatch.setitem(vars({module}), '{name}', m)", asserts, "monkeypatch"
        ),
        "rebound": _after(
            f"{one}old, {module}.{name} = {module}.{name}, m",
            f"{module}.{name} = old\n{asserts}",
        ),
        "setattr": _after(
            f"{one}old = {module}.{name}\nsetattr({module}, '{name}', m)",
            f"setattr({module}, '{name}', old)\n{asserts}",
        ),
    }
    for way, text in ways.items():
        if text:
            yield way, {test: HEAD + text}
    fixture = (
        f"{HEAD}@pytest.fixture\ndef m():\n    with patch('{target}.{name}') as made:\n"
        f"        yield made\n"
    )
    yield (
        "a fixture of conftest",
        {"tests/conftest.py": fixture, test: HEAD + _after("", asserts, "m")},
    )
    base = (
        f"{HEAD}import unittest\nclass Base(unittest.TestCase):\n    def setUp(self):\n"
        f"        patcher = patch.object({module}, '{name}')\n        self.m = patcher.start()\n"
        f"        self.addCleanup(patcher.stop)\n"
    )
    derived = f"{HEAD}from base import Base\nclass TestIt(Base):\n{_indented(_after('m = self.m', asserts, 'self'), 1)}"
    yield "a base class", {"tests/base.py": base, "tests/conftest.py": "", test: derived}
    yield (
        "a constant of another file",
        {
            "tests/names.py": f"NAME = '{target}.{name}'\n",
            "tests/conftest.py": "",
            test: f"{HEAD}from names import NAME\n{_within('patch(NAME) as m', asserts)}",
        },
    )
    yield (
        "parts of another file",
        {
            "tests/names.py": f"MODULE = '{target}'\nNAME = '{name}'\n",
            "tests/conftest.py": "",
            test: HEAD
            + "from names import MODULE, NAME\n"
            + _within("patch(f'{MODULE}.{NAME}') as m", asserts),
        },
    )
    yield (
        "mocker",
        {
            "tests/conftest.py": MOCKER,
            test: HEAD + _after(f"m = mocker.patch('{target}.{name}')", asserts, "mocker"),
        },
    )
    yield (
        "mocker.object",
        {
            "tests/conftest.py": MOCKER,
            test: HEAD + _after(f"m = mocker.object({module}, '{name}')", asserts, "mocker"),
        },
    )


def _whole_module(called: str, name: str, asserts: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Tests that put something in the place of `sentry_sdk` in `app.obs`, as it is `called` there."""
    test = "tests/test_obs.py"
    take = f"m = sdk.{name}\n{asserts}"
    ways = {
        "patch the module": _within(f"patch('app.obs.{called}') as sdk", take),
        "patch.object the module": _within(f"patch.object(obs, '{called}') as sdk", take),
        "monkeypatch the module": _after(
            f"sdk = MagicMock()\nmonkeypatch.setattr(obs, '{called}', sdk)", take, "monkeypatch"
        ),
        "a namespace": _after(
            "from types import SimpleNamespace\nm = MagicMock()\n"
            f"monkeypatch.setattr(obs, '{called}', SimpleNamespace({name}=m))",
            asserts,
            "monkeypatch",
        ),
        "through the module": _within(f"patch('app.obs.{called}.{name}') as m", asserts),
        "through the module's object": _within(
            f"patch.object(obs.{called}, '{name}') as m", asserts
        ),
        "sys.modules": _within(
            "patch.dict(sys.modules, sentry_sdk=sdk)",
            f"importlib.reload(obs)\n{take}",
            "import importlib\nsdk = MagicMock()\n",
        ).replace("    obs.report()", "    importlib.reload(obs)\n        obs.report()"),
    }
    for way, text in ways.items():
        yield way, {test: HEAD + text}


FAKES = {
    "a mock": "from unittest import mock\nfrom app import obs\ndef test_it():\n"
    "    scope = mock.Mock()\n    obs.fill(scope)\n    assert scope.user == {'id': 1}\n",
    "a namespace": "from types import SimpleNamespace\nfrom app import obs\ndef test_it():\n"
    "    scope = SimpleNamespace(user=None)\n    obs.fill(scope)\n    assert scope.user == {'id': 1}\n",
    "a class": "from app import obs\nclass Fake:\n    user = None\ndef test_it():\n"
    "    fake = Fake()\n    obs.fill(fake)\n    assert fake.user == {'id': 1}\n",
    "a class with slots": "from app import obs\nclass Fake:\n    __slots__ = ('user',)\n"
    "def test_it():\n    fake = Fake()\n    obs.fill(fake)\n    assert fake.user == {'id': 1}\n",
    "a fixture": "import pytest\nfrom app import obs\nclass Fake:\n    pass\n@pytest.fixture\n"
    "def fake():\n    return Fake()\ndef test_it(fake):\n    obs.fill(fake)\n"
    "    assert fake.user == {'id': 1}\n",
    "its dictionary": "from app import obs\nclass Fake:\n    pass\ndef test_it():\n"
    "    fake = Fake()\n    obs.fill(fake)\n    assert vars(fake) == {'user': {'id': 1}}\n",
}
FILLED = "import sentry_sdk\ndef fill(scope: sentry_sdk.Scope):\n    scope.user = {'id': 1}\n"


REPORT = f"from sentry_sdk import capture_message, push_scope\ndef report():\n    with push_scope{_BODY}        capture_message('x')\n"
BY_MODULE = (
    REPORT.replace("from sentry_sdk import capture_message, push_scope", "import sentry_sdk")
    .replace("push_scope()", "sentry_sdk.push_scope()")
    .replace("capture_message(", "sentry_sdk.capture_message(")
)
OTHER = "def push_scope():\n    return 'other'\ndef other():\n    return push_scope()\n"
HARMLESS = {
    "another name": (
        REPORT,
        _within("patch('app.obs.capture_message') as m", "m.assert_called_once_with('x')"),
    ),
    "another name of the module": (
        BY_MODULE,
        _within("patch('app.obs.sentry_sdk') as m", "assert m.capture_message.called"),
    ),
    "another module's": (
        REPORT,
        _within(
            "patch('app.other.push_scope', return_value='fake')",
            "assert app.other.other() == 'other'",
            "import app.other\n",
        ),
    ),
    "another module's object": (
        REPORT,
        _within(
            "patch.object(other, 'push_scope', return_value='fake')",
            "assert other.other() == 'other'",
            "from app import other\n",
        ),
    ),
    "a method of the scope": (
        REPORT,
        _within("patch('sentry_sdk.Scope.set_tag') as m", "m.assert_called_once_with('a', 'b')"),
    ),
    "its own push": (
        REPORT,
        _within("patch('app.obs.capture_message'), sentry_sdk.push_scope()", ""),
    ),
    "a word in a text": (REPORT, _within("patch('app.obs.capture_message')", "'see push_scope'")),
}
"""Patches that are as right after the fix: code, and test."""


def harmless() -> dict[str, Mapping[str, str]]:
    """Projects whose code is to be fixed in spite of a patch, by what they are called."""
    return {
        way: {
            "pyproject.toml": "",
            "app/__init__.py": "",
            "app/other.py": OTHER,
            "app/obs.py": text,
            "tests/test_obs.py": HEAD + test,
        }
        for way, (text, test) in HARMLESS.items()
    }


_NAMED = (
    *("patch", "mock.patch", "patch.object", "patch.object by keyword", "given"),
    *("given by keyword", "decorator", "object decorator", "monkeypatch", "monkeypatch by path"),
    *("monkeypatch by keyword", "mocker", "mocker.object"),
    *("patch.multiple, given", "patch.multiple of an object, given"),
)
_HELD = ("side effect", "class decorator", "start", "a fixture of conftest", "a base class")
MOVING = {
    "push_scope": (*_NAMED, *_HELD),
    "under another name": (*_NAMED, *_HELD),
    "configure_scope": _NAMED,
}
"""By kind of code, the ways of patching that move along with it: where the result is entered as
before, whatever is done with the mock; else where all that is done with it is understood."""

SAID = {
    "is called": ("m.assert_called_once_with()", True),
    "is called, by count": ("assert m.called and m.call_count == 1", True),
    "the scope, by a variable": (
        "scope = m.return_value.__enter__.return_value\nassert scope.set_tag.called",
        True,
    ),
    "another member": ("assert not m.return_value.__enter__.return_value.set_user.called", True),
    "is entered": ("m.return_value.__enter__.assert_called_once_with()", False),
    "is left": ("assert m.return_value.__exit__.called", False),
    "all calls": ("assert len(m.mock_calls) > 2", False),
    "calls of methods": ("assert m.method_calls == []", False),
    "is passed on": ("assert isinstance(m, MagicMock)", False),
    "is in a list": ("assert [one.called for one in [m]] == [True]", False),
    "two at once": ("n = m\nassert n.return_value.__enter__.return_value.set_tag.called", False),
    "what it gives": ("assert m().__enter__.called", False),
    "arguments": ("assert m.call_args == ((), {})", False),
}
"""What a test may say of the mock, and whether that is understood where the result is entered no
more."""


def said() -> dict[str, tuple[Mapping[str, str], bool]]:
    """Projects by what they are called, and whether the mocks move along with the code."""
    found: dict[str, tuple[Mapping[str, str], bool]] = {}
    for title in ("push_scope", "configure_scope"):
        code = CODES[title]
        rest = {"pyproject.toml": "", "app/__init__.py": "", "app/obs.py": code.text}
        for what, (asserts, understood) in SAID.items():
            ways = dict(_named_ways("obs", "app.obs", code.name, asserts))
            for way in ("patch", "given", "decorator", "monkeypatch", "mocker"):
                moves = understood or title == "push_scope"
                found[f"{title}: {way}: {what}"] = rest | ways[way], moves
    return found


EVERY = 5
"""Of the ways of patching, one in so many is tried with each kind of code: all are tried."""


def projects() -> dict[str, Mapping[str, str]]:
    """Files by path, by what a project is called."""
    found: dict[str, Mapping[str, str]] = {}
    for number, (title, code) in enumerate(CODES.items()):
        rest = {"pyproject.toml": "", "app/__init__.py": "", "app/obs.py": code.text}
        ways: list[tuple[str, dict[str, str]]] = []
        if code.member:
            ways += _named_ways("sentry_sdk", "sentry_sdk", code.member, code.asserts)
            if code.name:
                ways += _whole_module(code.name, code.member, code.asserts)
        else:
            ways += _named_ways("obs", "app.obs", code.name, code.asserts)
        for way, files in ways if title in MOVING else ways[number % EVERY :: EVERY]:
            found[f"{title}: {way}"] = rest | files
    for way, text in FAKES.items():
        found[f"given: {way}"] = {
            "pyproject.toml": "",
            "app/__init__.py": "",
            "app/obs.py": FILLED,
            "tests/test_obs.py": text,
        }
    return found


def suites(version: str, directories: Iterable[Path]) -> dict[str, str]:
    """By name of the directory, what its tests say on this SDK; empty where they pass."""
    base = install(version)
    site = next((base / "frameworks" / "lib").glob("python*/site-packages"))
    path = os.pathsep.join((str(base / version), str(site)))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, str(HERE / "inside" / "suites.py")],
        input="\n".join(map(str, directories)),
        check=True,
        capture_output=True,
        text=True,
        env=environment,
        timeout=900,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return {Path(name).name: said for name, said in found.items()}
