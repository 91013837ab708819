"""A field of a dataclass that a method gives a hub with its own client becomes one for a scope."""

from __future__ import annotations

import pytest

from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEAD = "from dataclasses import dataclass, field\nfrom sentry_sdk import Client, Hub\n"
BODY = """class A:
    dsn: str
    hub: Hub = {value}
    def __post_init__(self):
        self.hub = Hub(Client(self.dsn))
    def note(self):
        {use}
"""
CAPTURE = "self.hub.capture_message('x')"
ENTER = "with self.hub: note()"
# what: the decorator, what the field has, its use
BECOMES = {
    "never active": ("dataclass", "field(init=False)", CAPTURE),
    "active": ("dataclass", "field(init=False)", ENTER),
    "with other options": ("dataclass", "field(init=False, repr=False, compare=False)", CAPTURE),
    "of a module": ("dataclass", "dataclasses.field(init=False)", CAPTURE),
    "with slots, never active": ("dataclass(slots=True)", "field(init=False)", CAPTURE),
    "without slots": ("dataclass(slots=False)", "field(init=False)", ENTER),
}
STAYS = {
    "a field that is given": ("dataclass", "field()", CAPTURE),
    "a field that is given by name": ("dataclass", "field(init=True)", CAPTURE),
    "a default": ("dataclass", "field(init=False, default=x)", CAPTURE),
    "a default that is made": ("dataclass", "field(init=False, default_factory=f)", CAPTURE),
    "something else": ("dataclass", "other(init=False)", CAPTURE),
    "slots": ("dataclass(slots=True)", "field(init=False)", ENTER),
    "slots of attrs": ("define", "field(init=False)", ENTER),
    "a use that has no form": ("dataclass", "field(init=False)", "take(self.hub)"),
}


def fixed(row: tuple[str, str, str]) -> str:
    decorator, value, use = row
    text = f"{HEAD}@{decorator}\n{BODY.format(value=value, use=use)}"
    return fix(Source(text), Settings(), unsafe=True).text


@pytest.mark.parametrize("name", BECOMES)
def test_it_becomes_a_scope(name: str) -> None:
    result = fixed(BECOMES[name])
    assert "Hub" not in result
    assert ": Scope = " in result
    assert ("self.current_scope = Scope()" in result) == (BECOMES[name][2] == ENTER)


@pytest.mark.parametrize("name", STAYS)
def test_it_stays(name: str) -> None:
    assert "self.hub = Hub(Client(self.dsn))" in fixed(STAYS[name])
