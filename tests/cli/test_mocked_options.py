"""Options of `init()` that tests expect a mock of it to be called with."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

APP = "import sentry_sdk\ndef start():\n    sentry_sdk.init(with_locals=False)\n"
TEST = "from unittest import mock\nimport app\ndef test():\n    {}\n"
PATCH = "with mock.patch('app.sentry_sdk.init') as init:\n        app.start()\n    "
DECORATED = TEST.replace("def test", "@mock.patch('app.sentry_sdk.init')\ndef test").replace(
    "()", "(mock_init)"
)
# what: (a test, whether it expects the option of `init()`)
TESTS = {
    "an item of what it was called with": (PATCH + "assert init.call_args[1]['with_locals'] is False", True),
    "by keyword": (PATCH + "assert not init.call_args.kwargs['with_locals']", True),
    "of all calls": (PATCH + "assert not init.call_args_list[0][1].get('with_locals')", True),
    "of a variable": (PATCH + "kwargs = init.call_args[1]\n    assert 'with_locals' in kwargs", True),
    "an assertion": (PATCH + "init.assert_called_once_with(with_locals=False)", True),
    "a call": (PATCH + "assert init.call_args == mock.call(with_locals=False)", True),
    "the SDK as a whole": ("with mock.patch('app.sentry_sdk') as sdk:\n        app.start()\n    sdk.init.assert_called_with(with_locals=False)", True),
    "a variable of any name": (PATCH.replace("as init", "as started").replace("init.", "started.") + "started.assert_called_with(with_locals=False)", True),
    "pytest's mocker": ("mocker = mock\n    started = mocker.patch('app.sentry_sdk.init')\n    app.start()\n    started.assert_called_with(with_locals=False)", True),
    "something else called so": ("with mock.patch('app.view.init') as init:\n        app.start()\n    init.assert_called_with(with_locals=False)", False),
    "a name that contains it": ("initial = mock.Mock()\n    initial.assert_called_with(with_locals=False)", False),
    "another mock": ("with mock.patch('app.init') as init, mock.patch('app.view') as v:\n        app.start()\n    v.assert_called_with(with_locals=False)", False),
    "another mock's call": (PATCH + "v = mock.patch('app.view').start()\n    assert v.call_args[1]['with_locals']", False),
    "another dictionary": (PATCH + "assert not app.OPTIONS['with_locals']", False),
    "a value": (PATCH + "init.assert_called_with('with_locals')", False),
    "no mock": ("init.assert_called_with(with_locals=False)", False),
}  # fmt: skip


@pytest.mark.parametrize(("code", "expects"), TESTS.values(), ids=TESTS)
def test_what_a_test_expects(run: Run, here: Path, code: str, expects: bool) -> None:
    write_tree(here, {"pyproject.toml": "", "app.py": APP, "test_app.py": TEST.format(code)})
    run("check", "--fix", ".")
    if expects:  # both or none
        assert "with_locals" in (here / "app.py").read_text()
    assert "with_locals" in (here / "test_app.py").read_text()
    run("check", "--fix", "--unsafe-fixes", ".")
    app, test = (here / "app.py").read_text(), (here / "test_app.py").read_text()
    assert "with_locals" not in app
    assert ("with_locals" not in test) is expects


def test_a_mock_that_a_decorator_gives(run: Run, here: Path) -> None:
    test = DECORATED.format("mock_init.assert_called_once_with(with_locals=False)")
    write_tree(here, {"pyproject.toml": "", "app.py": APP, "test_app.py": test})
    run("check", "--fix", "--unsafe-fixes", ".")
    assert "(include_local_variables=False)" in (here / "test_app.py").read_text()
