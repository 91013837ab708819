"""What a program of the tables is: 1.x code, the rules it exercises, and what fixing it has to do."""

from __future__ import annotations

import importlib
import pkgutil
import textwrap
from dataclasses import dataclass
from typing import Literal

Expectation = Literal["safe", "unsafe", "differs", "manual", "silent"]
"""What the fixer is to make of a program:

- `safe`: its safe fixes alone migrate it, and the result sends the same;
- `unsafe`: it takes the unsafe fixes too, and the result sends the same;
- `differs`: no fix is safe, and the best rewrite is known to send something else;
- `manual`: there is a finding and no fix;
- `silent`: there is no finding, and the text stays as it is.
"""

SETUPS = {
    "none": "",
    "plain": """
import sentry_sdk

sentry_sdk.init(default_integrations=False)
""",
    "traced": """
import sentry_sdk

sentry_sdk.init(default_integrations=False, traces_sample_rate=1.0)
""",
    "logging": """
import sentry_sdk
from sentry_sdk.integrations.logging import LoggingIntegration

sentry_sdk.init(default_integrations=False, integrations=[LoggingIntegration()])
""",
    "threads": """
import sentry_sdk
from sentry_sdk.integrations.threading import ThreadingIntegration

sentry_sdk.init(default_integrations=False, integrations=[ThreadingIntegration()])
""",
    "default": """
import sentry_sdk

sentry_sdk.init(traces_sample_rate=1.0)
""",
}
"""Code that runs before a program and is no part of it, as another module of a project would."""


@dataclass(frozen=True)
class Program:
    """One row of a table."""

    id: str
    rules: tuple[str, ...]
    """Rules with a finding in it; empty where there is none."""
    text: str
    expect: Expectation
    setup: str = "plain"
    """A name in SETUPS."""
    differs: str = ""
    """What the best rewrite changes: words that occur in a line of the comparison."""
    note: str = ""
    leaves: tuple[str, ...] = ()
    """Rules whose findings stay after all fixes, besides those of a `manual` program."""
    linked: bool = True
    """Whether it is compared who shares a trace; not where 2.x itself starts other traces, such
    as one for each request or thread."""
    alone: bool = False
    """Whether only the fixes of its own rules are made, as one quick fix would."""


def _row(
    expect: Expectation, id: str, rules: str, text: str, **more: str | bool | tuple[str, ...]
) -> Program:
    return Program(
        id,
        tuple(rules.split()),
        textwrap.dedent(text).lstrip("\n"),
        expect,
        **more,  # type: ignore[arg-type]
    )


def safe(id: str, rules: str, text: str, **more: str | bool | tuple[str, ...]) -> Program:
    return _row("safe", id, rules, text, **more)


def unsafe(id: str, rules: str, text: str, **more: str | bool | tuple[str, ...]) -> Program:
    return _row("unsafe", id, rules, text, **more)


def differs(
    id: str, rules: str, text: str, differs: str, **more: str | bool | tuple[str, ...]
) -> Program:
    return _row("differs", id, rules, text, differs=differs, **more)


def manual(id: str, rules: str, text: str, **more: str | bool | tuple[str, ...]) -> Program:
    return _row("manual", id, rules, text, **more)


def silent(id: str, text: str, **more: str | bool | tuple[str, ...]) -> Program:
    return _row("silent", id, "", text, **more)


def programs() -> tuple[Program, ...]:
    """Every row of every table in `programs/`, in the order of their names."""
    package = importlib.import_module("differential.programs")
    rows: list[Program] = []
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
        rows.extend(importlib.import_module(f"{package.__name__}.{module.name}").TABLE)
    return tuple(rows)
