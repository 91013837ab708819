"""Tests that look at all calls of a mock, without spelling those they wait for."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from sentry_migrate.engine.analyze import Analysis
from sentry_migrate.project.config import Settings
from sentry_migrate.proof.listed_calls import places

HEAD = "import sentry_sdk, json\nfrom unittest import mock\nfrom unittest.mock import call\n"
# what a test says of a mock, and whether which calls it waits for is not written there
SAID = {
    "assert str(m.method_calls) == open('x').read()": True,
    "assert m.mock_calls == snapshot": True,
    "assert len(m.mock_calls) == 5": True,
    "assert m.mock_calls[0] == first": True,
    "assert m.mock_calls == [getattr(call, 'f')()]": True,
    "assert m.mock_calls == [call.f(), *more]": True,
    "assert m.mock_calls == [json.loads(x)]": True,
    "assert x == self.m.mock_calls": True,
    "for one in m.mock_calls: check(one)": True,
    "m.assert_has_calls(load())": True,
    "m.assert_has_calls(load)": True,
    "assert [] < m.mock_calls < x": True,
    "assert m.mock_calls == []": False,
    "assert not m.mock_calls": False,
    "assert m.mock_calls": False,
    "assert m.mock_calls and x": False,
    "if m.mock_calls: pass": False,
    "assert call.f('m') in m.mock_calls": False,
    "assert call.f().g('m') in m.mock_calls": False,
    "assert mock.call.f('m') in m.mock_calls": False,
    "m.assert_has_calls([call.f('m')])": False,
    "m.assert_has_calls((call.f('m'), call.g))": False,
    "assert m.mock_calls[-1] == call.f('m')": False,
    "assert m.f.mock_calls == load()": False,
    "assert m().mock_calls == load()": False,
    "assert m.call_args_list == load()": False,
    "mock_calls = load()": False,
}


@pytest.mark.parametrize(("said", "unwritten"), SAID.items())
def test_what_is_not_written(said: str, unwritten: bool) -> None:
    path = PurePosixPath("tests/test_obs.py")
    context = Analysis.of(HEAD + said + "\n", Settings(), path).context
    assert bool(list(places(context))) == unwritten
