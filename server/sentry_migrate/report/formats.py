"""The output formats of each command, the first of each the default: one line, one writer.

A writer is `module:function` of this package, and imported when its format is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pkgutil import resolve_name
from typing import Any

from sentry_migrate.report.entry import Entry

FINDINGS = {
    "full": "text:full",
    "concise": "text:concise",
    "grouped": "text:grouped",
    "json": "json:findings",
    "json-lines": "json:lines",
    "github": "github:commands",
    "gitlab": "gitlab:code_quality",
    "junit": "junit:suites",
    "markdown": "finding_table:markdown",
    "rdjson": "rdjson:diagnostics",
    "sarif": "sarif:log",
}
"""Of `check`: from entries to lines for people, or to a text for programs, in UTF-8 always."""

WITH_FIXED = frozenset(("json", "json-lines"))
"""Those of them that also tell what was fixed, from entries that are `fixed`."""

STATISTICS = {
    "full": "statistics:table",
    "concise": "statistics:table",
    "json": "json:statistics",
}
"""Of `check --statistics`: the same from counts. A format that is not here has no statistics."""

MIGRATION = {"html": "html:page", "markdown": "trend:tables", "json": "json:migration"}
"""Of `report`: from sheets, a function that gives the summaries of rules by code, the name of what
was looked at, and what compares the summary with that of an earlier report, to a text."""

RULE_LIST = {"text": "rule_pages:rule_rows", "json": "json:rule_list"}
"""Of `rule` without an argument: from rules to rows for people, or to a text for programs."""

TASKS = {"markdown": "tasks:markdown", "json": "tasks:document"}
"""Of `tasks`: from entries to a text."""

RULES = {"text": "rule_pages:rule_pages", "json": "json:rules"}
"""Of `rule RULE`: from rules, and whether one was asked for, to a text."""

DOUBTS = {"text": "rule_pages:doubt_pages", "json": "json:doubts"}
"""Of `doubt`: the same from doubts."""


def findings(name: str, entries: Sequence[Entry], fixed: Sequence[Entry]) -> Any:
    """What `check` found, in one of `FINDINGS`, with what was fixed if the format tells that."""
    together = [*fixed, *entries] if name in WITH_FIXED else entries
    return writer(FINDINGS, name)(together)


def writer(formats: Mapping[str, str], name: str) -> Callable[..., Any]:
    """What writes a format."""
    function: Callable[..., Any] = resolve_name(f"{__package__}.{formats[name]}")
    return function
