"""server/docs/protocol.md names only tests that exist, and every method that is served."""

from __future__ import annotations

import re

import pytest
from lsprotocol import types

from lsp.wire import ROOT
from sentry_migrate.lsp import server
from sentry_migrate.lsp.features.execute_command import COMMANDS
from sentry_migrate.project.setting_keys import Reader, Setting, read_by

TEXT = (ROOT / "server/docs/protocol.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:tests/conformance/)?test_\w+\.py)::(\w+)`", TEXT)))


def test_tests_are_named() -> None:
    assert len(NAMED) > 30


@pytest.mark.parametrize(("file", "name"), NAMED, ids=lambda part: part)
def test_a_named_test_exists(file: str, name: str) -> None:
    path = ROOT / (file if "/" in file else f"tests/lsp/{file}")
    assert re.search(rf"^ *(?:async )?def {name}\(", path.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("method", [*server._HANDLERS, types.TEXT_DOCUMENT_DIAGNOSTIC])
def test_a_served_method_is_described(method: str) -> None:
    family, _, name = method.rpartition("/")
    assert f"`{method}`" in TEXT or (f"`{family}/" in TEXT and f"`{name}`" in TEXT)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_described(command: str) -> None:
    assert f"`{command}`" in TEXT


OPTIONS = read_by(Reader.SERVER).values()


@pytest.mark.parametrize("setting", OPTIONS, ids=lambda setting: setting.key)
def test_a_setting_is_described(setting: Setting) -> None:
    assert f"`{setting.camel}`" in TEXT
