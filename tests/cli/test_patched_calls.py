"""What a block calls, where a test puts something in its place that may set what is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

SVC = """\
import sentry_sdk, time
def probe(): return 1
class S:
    name = "s"
    def probe(self): return 1
    def report(self, m):
        with sentry_sdk.push_scope() as scope:
            scope.set_tag("a", {})
            sentry_sdk.capture_message(m)
CFG = S()
"""
BLOCKS = {
    "a function": "probe()",
    "a method": "self.probe()",
    "the library": "time.time()",
    "an attribute": "CFG.name",
}
HEAD = """\
import pytest, sentry_sdk, svc, time
from unittest import mock
from unittest.mock import MagicMock, Mock, PropertyMock, patch
def loud(*a): sentry_sdk.set_tag("p", 1)
def quiet(*a): return [str(one) for one in a]
"""
# what a test does, with `F` a function that sets a tag, and which of the blocks meet it
PUT: dict[str, tuple[str, str]] = {
    "monkeypatch": ("def test(monkeypatch): monkeypatch.setattr(svc, 'probe', F)", "a function"),
    "monkeypatch, by path": (
        "def test(monkeypatch): monkeypatch.setattr('svc.probe', F)",
        "a function",
    ),
    "monkeypatch, a lambda": (
        "def test(mp): mp.setattr(svc, 'probe', lambda: F())",
        "a function",
    ),
    "monkeypatch, by keywords": (
        "def test(mp): mp.setattr(target=svc, name='probe', value=F)",
        "a function",
    ),
    "a function of the test": (
        "def test(mp):\n    def fake(): F()\n    mp.setattr(svc, 'probe', fake)",
        "a function",
    ),
    "a fixture": (
        "@pytest.fixture\ndef noisy(mp):\n    mp.setattr(svc, 'probe', F)\n    yield",
        "a function",
    ),
    "patch": ("def test():\n    with patch('svc.probe', F): svc.S().report('m')", "a function"),
    "patch, new": ("def test():\n    with patch('svc.probe', new=F): pass", "a function"),
    "patch, a mock": (
        "def test():\n    with patch('svc.probe', Mock(side_effect=F)): pass",
        "a function",
    ),
    "patch, side effect": (
        "def test():\n    with mock.patch('svc.probe', side_effect=F): pass",
        "a function",
    ),
    "patch, wraps": ("def test():\n    with patch('svc.probe', wraps=F): pass", "a function"),
    "patch, a decorator": ("@patch('svc.probe', side_effect=F)\ndef test(p): pass", "a function"),
    "patch, of a class": (
        "@patch('svc.probe', F)\nclass T:\n    def test(self): pass",
        "a function",
    ),
    "patch, started": (
        "class T:\n    def setUp(self):\n        self.p = patch('svc.probe', F)\n        self.p.start()",
        "a function",
    ),
    "patch.object": ("def test():\n    with patch.object(svc, 'probe', F): pass", "a function"),
    "patch.object, side effect": (
        "def test():\n    with patch.object(svc, 'probe', side_effect=F): pass",
        "a function",
    ),
    "patch.multiple": ("def test():\n    with patch.multiple(svc, probe=F): pass", "a function"),
    "patch.multiple, by path": (
        "def test():\n    with patch.multiple('svc', probe=Mock(side_effect=F)): pass",
        "a function",
    ),
    "mocker": ("def test(mocker): mocker.patch('svc.probe', side_effect=F)", "a function"),
    "mocker.patch.object": (
        "def test(mocker): mocker.patch.object(svc, 'probe', side_effect=F)",
        "a function",
    ),
    "mocker, later": (
        "def test(mocker):\n    m = mocker.patch('svc.probe')\n    m.side_effect = F",
        "a function",
    ),
    "patch, later": (
        "def test():\n    with patch('svc.probe') as m:\n        m.side_effect = F",
        "a function",
    ),
    "a decorator, later": (
        "@patch('svc.probe')\ndef test(m):\n    m.side_effect = F",
        "a function",
    ),
    "a decorator, later, by a call": (
        "@patch('svc.probe')\ndef test(m):\n    m.configure_mock(side_effect=F)",
        "a function",
    ),
    "a mock of the test, later": (
        "def test():\n    m = MagicMock()\n    m.side_effect = F\n    with patch('svc.probe', m): pass",
        "a function",
    ),
    "the mock by its place": (
        "@patch('svc.probe')\ndef test(m):\n    svc.probe.side_effect = F",
        "a function",
    ),
    "an assignment": ("svc.probe = F", "a function"),
    "an assignment of a mock": ("svc.probe = Mock(side_effect=F)", "a function"),
    "a variable": ("m = Mock(side_effect=F)\nsvc.probe = m", "a function"),
    "a function that is called like a class": (
        "def Boom(*a): F()\ndef test():\n    with patch('svc.probe', side_effect=Boom): pass",
        "a function",
    ),
    "of a method": ("def test(mp): mp.setattr(svc.S, 'probe', F)", "a method"),
    "of a method, by path": (
        "def test():\n    with patch('svc.S.probe', side_effect=F): pass",
        "a method",
    ),
    "of a method, with the class": (
        "from svc import S\n@patch.object(S, 'probe', F)\ndef test(): pass",
        "a method",
    ),
    "of a method, all": (
        "def test():\n    with patch.multiple(svc.S, probe=F): pass",
        "a method",
    ),
    "of an instance": ("x = svc.S()\nx.probe = Mock(side_effect=F)", "a method"),
    "of an instance, by its name": ("def test(mp, x): mp.setattr(x, 'probe', F)", "a method"),
    "of the library": (
        "def test():\n    with patch('time.time', side_effect=F): pass",
        "the library",
    ),
    "of the library, by the module": (
        "def test():\n    with patch('svc.time.time', F): pass",
        "the library",
    ),
    "of the library, by monkeypatch": (
        "def test(mp): mp.setattr(time, 'time', F)",
        "the library",
    ),
    "of the library, through the module": (
        "def test(mp): mp.setattr(svc.time, 'time', F)",
        "the library",
    ),
    "a property": ("def test(mp): mp.setattr(svc.S, 'name', property(F))", "an attribute"),
    "a mock of a property": (
        "def test():\n    with patch.object(svc.S, 'name', new_callable=PropertyMock, side_effect=F): pass",
        "an attribute",
    ),
    "a mock of a property, by path": (
        "def test():\n    with patch('svc.S.name', new_callable=mock.PropertyMock, side_effect=F): pass",
        "an attribute",
    ),
    "a mock of a property, assigned": (
        "x = svc.S()\ntype(x).name = PropertyMock(side_effect=F)",
        "an attribute",
    ),
    "a mock of a property, given": (
        "def test():\n    with patch('svc.S.name', PropertyMock(side_effect=F)): pass",
        "an attribute",
    ),
    "a mock of a property, later": (
        "def test():\n    with patch('svc.S.name', new_callable=PropertyMock) as m:\n        m.side_effect = F",
        "an attribute",
    ),
}
# the like that no block is concerned with
QUIETS: dict[str, str] = {
    "another name": "def test(mp): mp.setattr(svc, 'other', loud)",
    "of another module": "import other\ndef test(mp): mp.setattr(other, 'time2', loud)",
    "of another module, by path": "def test():\n    with patch('other.run', loud): pass",
    "only a mock": (
        "def test():\n    with patch('svc.probe'), patch.object(svc.S, 'probe'): loud()"
    ),
    "a mock of a decorator": "@patch('svc.probe')\n@patch('time.time')\ndef test(*m): loud()",
    "a mock with a result": (
        "def test():\n    with patch('svc.probe', return_value=1), patch('time.time', return_value=2): pass"
    ),
    "a mock with results": "def test():\n    with patch('svc.probe', side_effect=[1, 2]): pass",
    "results later": "def test(mocker):\n    mocker.patch('svc.probe').side_effect = iter([1, 2])",
    "an error": (
        "def test():\n    with patch('svc.probe', side_effect=ValueError), "
        "patch('time.time', side_effect=OSError('x')): pass"
    ),
    "an error of the project": (
        "import errors\ndef test():\n    with patch('svc.probe', side_effect=errors.TooLate('x')): pass"
    ),
    "an error of the test": (
        "class Boom(Exception): pass\ndef test():\n"
        "    with patch('svc.probe', side_effect=Boom), patch('time.time', side_effect=Boom('x')): pass"
    ),
    "the function itself": "def test():\n    with patch('svc.probe', wraps=svc.probe): pass",
    "a spy": "def test(mocker): mocker.spy(svc, 'probe')",
    "no effect": "def test(m):\n    with patch('svc.probe', side_effect=None): loud()",
    "a mock that is given": "def test(mp): mp.setattr(svc, 'probe', Mock(return_value=1))",
    "a mock that is assigned": "svc.probe = MagicMock()\nsvc.S.probe = Mock(name='p')",
    "a mock in a variable": "def test(mp):\n    m = Mock()\n    mp.setattr(svc, 'probe', m)",
    "an effect of another mock": (
        "def test(mp):\n    m, n = Mock(), 1\n    m.side_effect = loud\n    mp.setattr(svc, 'other', m)\n"
        "    with patch('svc.probe'): pass"
    ),
    "an effect of a method of it": (
        "def test(mocker):\n    m = mocker.patch('svc.other')\n    m.side_effect = loud\n"
        "    mocker.patch('svc.probe')"
    ),
    "a value": "def test(mp): mp.setattr(svc, 'CFG2', loud)\nsvc.LIMIT = loud",
    "a mock of a property": (
        "def test():\n    with patch('svc.S.name', new_callable=PropertyMock, return_value='x'): pass"
    ),
    "an item": "def test(mp): mp.setitem(svc.CFG, 'probe', loud)",
    "a dictionary": "def test():\n    with patch.dict(svc.__dict__, {'other': loud}): pass",
    "where it is read": "def test(): assert svc.probe() == loud()",
}


def _scope(run: Run, here: Path, block: str, test: str) -> str:
    """Which scope safe fixes have the block use."""
    tree = {"pyproject.toml": "", "svc.py": SVC.format(block), "test_a.py": HEAD + test + "\n"}
    write_tree(here, tree)
    run("check", "--fix", ".")
    text = (here / "svc.py").read_text()
    return text.partition("with sentry_sdk.")[2].partition("(")[0]


@pytest.mark.parametrize(("test", "block"), PUT.values(), ids=PUT)
def test_what_acts(run: Run, here: Path, test: str, block: str) -> None:
    assert _scope(run, here, BLOCKS[block], test.replace("F", "loud")) == "isolation_scope"


@pytest.mark.parametrize(("test", "block"), PUT.values(), ids=PUT)
def test_what_works_out_a_value(run: Run, here: Path, test: str, block: str) -> None:
    assert _scope(run, here, BLOCKS[block], test.replace("F", "quiet")) == "new_scope"


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("test", QUIETS.values(), ids=QUIETS)
def test_what_no_block_meets(run: Run, here: Path, test: str, block: str) -> None:
    assert _scope(run, here, block, test) == "new_scope"


def test_a_class_of_the_test_is_no_mock(run: Run, here: Path) -> None:
    test = "class Mock:\n    def __call__(self): loud()\nsvc.probe = Mock()"
    assert _scope(run, here, BLOCKS["a function"], test) == "isolation_scope"


BY_HELPER = "import helpers, svc\ndef test(mp): mp.{}\n"
# what a test does that does not mention the SDK, and the scope of the block
HELPED = {
    "a function": ("setattr(svc, 'probe', helpers.loud)", "isolation_scope"),
    "by path": ("setattr('svc.probe', helpers.loud)", "isolation_scope"),
    "patch": ("patch('svc.probe', helpers.loud)", "isolation_scope"),
    "side effect": ("patch('svc.probe', side_effect=helpers.loud)", "isolation_scope"),
    "patch.object": ("patch.object(svc, 'probe', helpers.loud)", "isolation_scope"),
    "only a mock": ("patch('svc.probe')", "new_scope"),
    "a result": ("patch('svc.probe', return_value=helpers.X)", "new_scope"),
    "a value": ("setattr('svc.probe', lambda: 2)", "new_scope"),
    "another name": ("setattr('svc.other', helpers.loud)", "new_scope"),
    "another module": ("patch('other.probe', helpers.loud)", "new_scope"),
}


@pytest.mark.parametrize(("put", "expected"), HELPED.values(), ids=HELPED)
def test_tests_without_the_sdk(run: Run, here: Path, put: str, expected: str) -> None:
    helpers = "import sentry_sdk\ndef loud(*a): sentry_sdk.set_tag('p', 1)\n"
    write_tree(here, {"pyproject.toml": "", "svc.py": SVC.format("probe()")})
    write_tree(here, {"helpers.py": helpers, "test_a.py": BY_HELPER.format(put)})
    run("check", "--fix", ".")
    assert f"with sentry_sdk.{expected}(" in (here / "svc.py").read_text()
