"""What a test does with the mock of a function that its module calls no more."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from sentry_migrate.engine.analyze import Analysis
from sentry_migrate.plan import Move
from sentry_migrate.project.config import Settings
from sentry_migrate.proof.mocks import Unclear, gets_mock_by_keyword, moved_chains
from sentry_migrate.proof.moves import targets

HEAD = """\
import pytest, unittest
from unittest import mock
from unittest.mock import DEFAULT, MagicMock, Mock, patch
from app import views
"""
MOVES = {"app.views.configure_scope": Move("configure_scope", "get_isolation_scope", False)}
NAME = "'app.views.configure_scope'"
READ = "m.return_value.__enter__.return_value.x()"
WITH = f"with patch({NAME}) as m:\n    views.f()\n"


def _removed(text: str, entered: bool = False) -> int | None:
    """How many chains go; None where that is unclear."""
    path = PurePosixPath("tests/test_a.py")
    context = Analysis.of(HEAD + text, Settings(), path, left={}, moves=MOVES).context
    uses = [use for use, _ in targets(context)]
    assert uses
    try:
        spans = [span for use in uses for span in moved_chains(context, use, entered)]
    except Unclear:
        return None
    assert all(context.tree.text[start:end] == ".__enter__.return_value" for start, end in spans)
    return len(spans)


def _in_test(body: str, args: str = "", decorators: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{decorators}def test({args}):\n{lines}"


# the body of a test: how many chains go, None where that is unclear
BODIES = {
    # where the mock is
    WITH + READ: 1,
    WITH + READ + "\n" + READ: 2,
    WITH: 0,
    f"with patch({NAME}):\n    pass": 0,
    f"with mock.patch({NAME}) as m:\n    {READ}": 1,
    f"with patch({NAME}) as m, x as y:\n    {READ}": 1,
    f"with patch({NAME}) as (m, n):\n    {READ}": None,
    f"with patch({NAME}) as m.x:\n    pass": None,
    f"with patch({NAME}) as _:\n    pass": None,
    f"m = 1\n{WITH}": None,
    f"{WITH}m = 1": None,
    f"global m\n{WITH}": None,
    f"m = mocker.patch({NAME})\n{READ}": 1,
    f"m = mocker.patch({NAME})": 0,
    f"mocker.patch({NAME})": 0,
    f"m = n = mocker.patch({NAME})": None,
    f"m = patch({NAME})": None,
    f"patch({NAME})": None,
    f"x(mocker.patch({NAME}))": None,
    f"return mocker.patch({NAME})": None,
    f"m = mocker.patch({NAME}).return_value": None,
    # how it patches
    f"with patch({NAME}, autospec=True) as m:\n    {READ}": None,
    f"with patch({NAME}, **x) as m:\n    {READ}": None,
    f"with patch({NAME}, *x) as m:\n    {READ}": None,
    f"with patch({NAME}, return_value=x) as m:\n    pass": None,
    f"with patch({NAME}, side_effect=x) as m:\n    pass": None,
    f"with patch(target={NAME}) as m:\n    {READ}": 1,
    f"with spy({NAME}) as m:\n    pass": None,
    # what it puts in the place
    f"m = MagicMock()\nwith patch({NAME}, m):\n    {READ}": 1,
    f"m = MagicMock()\nwith patch({NAME}, new=m):\n    {READ}": 1,
    f"m = mock.MagicMock()\nwith patch({NAME}, m):\n    {READ}": 1,
    f"m = MagicMock()\nwith patch({NAME}, m):\n    pass": 0,
    f"m = MagicMock()\nwith patch({NAME}, m, n):\n    pass": None,
    f"m = MagicMock()\nwith patch({NAME}, m, new=m):\n    pass": None,
    f"m = MagicMock(x)\nwith patch({NAME}, m):\n    pass": None,
    f"m = Mock()\nwith patch({NAME}, m):\n    pass": None,
    f"m = x\nwith patch({NAME}, m):\n    pass": None,
    f"m, n = MagicMock()\nwith patch({NAME}, m):\n    pass": None,
    f"m = MagicMock()\nif x:\n    m = y\nwith patch({NAME}, m):\n    pass": None,
    f"with patch({NAME}, MagicMock()):\n    pass": None,
    f"with patch({NAME}, x.m):\n    pass": None,
    f"m = MagicMock()\nmonkeypatch.setattr({NAME}, m)\n{READ}": 1,
    f"m = MagicMock()\nmonkeypatch.setattr({NAME}, m, raising=False)\n{READ}": 1,
    f"m = MagicMock()\nmonkeypatch.setattr({NAME}, value=m)\n{READ}": 1,
    f"m = MagicMock()\nwith patch.multiple('app.views', configure_scope=m):\n    {READ}": 1,
    "with patch.multiple('app.views', configure_scope=DEFAULT):\n    pass": None,
    # what is said of it
    f"{WITH}m.return_value.__enter__.return_value": 1,
    f"{WITH}s = m.return_value.__enter__.return_value": 1,
    f"{WITH}m.return_value.__enter__": None,
    f"{WITH}m.return_value.__enter__.side_effect": None,
    f"{WITH}m.return_value.__exit__.return_value": None,
    f"{WITH}m.return_value": None,
    f"{WITH}m().__enter__.return_value": None,
    f"{WITH}m": None,
    f"{WITH}x(m)": None,
    f"{WITH}m.called": 0,
    f"{WITH}assert m.call_count == 1": 0,
    f"{WITH}m.called.x": None,
    f"{WITH}m.assert_called()": 0,
    f"{WITH}m.assert_called_once()": 0,
    f"{WITH}m.assert_not_called()": 0,
    f"{WITH}m.assert_called": None,
    f"{WITH}x(m.assert_called)": None,
    f"{WITH}m.assert_called_with()": 0,
    f"{WITH}m.assert_called_once_with()": 0,
    f"{WITH}m.assert_called_once_with(1)": None,
    f"{WITH}m.assert_called_with": None,
    f"{WITH}m.call_args": None,
    f"{WITH}m.mock_calls": None,
    f"{WITH}m.return_value.x()": None,
}

PATCH = f"@patch({NAME})\n"
OTHER = "@patch('app.views.g')\n"
# decorators and parameters of a test that reads its parameter `m` once
DECORATED = {
    (PATCH, "m"): 1,
    (PATCH, ""): None,
    (PATCH, "m=1"): None,
    (PATCH, "n, m"): 0,
    (OTHER + PATCH, "m, n"): 1,
    (PATCH + OTHER, "n, m"): 1,
    (PATCH + OTHER, "m, n"): 0,
    ("@patch.object(views, 'g')\n" + PATCH, "m, n"): 1,
    (PATCH + "@patch.object(views, 'g')\n", "n, m"): 1,
    (PATCH + "@patch.object(views, 'g', x)\n", "m"): 1,
    (PATCH + "@patch('app.views.g', x)\n", "m"): 1,
    (PATCH + "@patch('app.views.g', new=x)\n", "m"): 1,
    (PATCH + "@patch('app.views.g', value=x)\n", "m"): None,
    (PATCH + "@patch('app.views.g', *x)\n", "m"): None,
    (PATCH + "@patch('app.views.g', autospec=True)\n", "n, m"): 1,
    (PATCH + "@pytest.mark.x\n", "m"): 1,
    (PATCH + "@pytest.mark.x(1)\n", "m"): 1,
    ("@pytest.mark.x(1)\n" + PATCH, "m"): 1,
    (PATCH + "@x\n", "m"): None,
    ("@x\n" + PATCH, "m"): None,
    (PATCH + "@x(1)\n", "m"): None,
    (PATCH + "@patch.dict(x)\n", "m"): None,
    (f"@mock.patch({NAME})\n", "m"): 1,
    (f"@patch({NAME}, autospec=True)\n", "m"): None,
}


@pytest.mark.parametrize(("body", "expected"), BODIES.items())
def test_what_goes(body: str, expected: int | None) -> None:
    assert _removed(_in_test(body, "mocker, monkeypatch")) == expected


@pytest.mark.parametrize(
    ("decorators", "args", "expected"), [(*k, v) for k, v in DECORATED.items()]
)
def test_what_goes_where_a_decorator_patches(
    decorators: str, args: str, expected: int | None
) -> None:
    read = READ if "m" in args.replace("m=1", "m") else "pass"
    assert _removed(_in_test(read, args, decorators)) == expected


def test_a_method_gets_the_mock_after_itself() -> None:
    method = _in_test(READ, "self, m", PATCH).replace("\n", "\n    ").rstrip()
    assert _removed(f"class C:\n    {method}\n") == 1
    assert _removed(f"class C:\n    {method.replace('self, m', 'm, self')}\n") == 0
    assert _removed(f"class C:\n    {method.replace('self, m', 'm')}\n") is None
    assert _removed(f"{PATCH}class C:\n    def test(self, m): {READ}\n") is None


def test_what_is_no_local_variable_may_be_read_elsewhere() -> None:
    assert _removed(WITH + READ) is None
    assert _removed(f"m = MagicMock()\n{_in_test(f'with patch({NAME}, m): {READ}')}") is None
    assert _removed(f"class C:\n    with patch({NAME}) as m: pass\n") is None


# the body of a test: whether it is clear while the code still enters what it calls
ENTERED = {
    WITH + "m.anything.x": True,
    f"with patch({NAME}, return_value=x): pass": True,
    f"with patch({NAME}, side_effect=x): pass": True,
    f"patch({NAME})": True,
    f"with patch({NAME}, autospec=True): pass": False,
    f"with patch({NAME}, *x): pass": False,
    "with patch.multiple('app.views', configure_scope=DEFAULT): pass": False,
}


@pytest.mark.parametrize(("body", "clear"), ENTERED.items())
def test_what_is_still_entered_keeps_its_chains(body: str, clear: bool) -> None:
    assert _removed(_in_test(body), entered=True) == (0 if clear else None)


# what a test puts in the place: whether it gets the mock by the function's name
BY_KEYWORD = {
    "patch.multiple('app.views', configure_scope=DEFAULT)": True,
    "patch.multiple('app.views', configure_scope=x)": True,
    "patch.multiple('app.views', configure_scope=m)": False,
    f"patch({NAME})": False,
}


@pytest.mark.parametrize(("call", "expected"), BY_KEYWORD.items())
def test_who_gets_the_mock_by_keyword(call: str, expected: bool) -> None:
    text = _in_test(f"m = MagicMock()\nwith {call}: pass")
    path = PurePosixPath("tests/test_a.py")
    context = Analysis.of(HEAD + text, Settings(), path, left={}, moves=MOVES).context
    ((use, _),) = targets(context)
    assert gets_mock_by_keyword(context, use) is expected
