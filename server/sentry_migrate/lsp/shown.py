"""What is shown of each open unit: what was found in it last, moved along with the edits since.

Owns what stays while a text does not parse or, where the person wants to be told on saving only,
is not saved. Refuses to know when a text is analysed, and how findings are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sentry_migrate.lsp.analysis import Analysis
from sentry_migrate.lsp.carry import carry, stripped
from sentry_migrate.lsp.changes import Round
from sentry_migrate.lsp.documents import Unit, key
from sentry_migrate.lsp.settings import Resolved
from sentry_migrate.model import Finding


@dataclass(frozen=True, slots=True)
class _Last:
    serial: int
    """Of the unit it was found in."""
    resolved: Resolved
    """What it was found with."""
    findings: tuple[Finding, ...]


class Shown:
    """What the client shows, or is to show when it asks."""

    def __init__(self) -> None:
        self._last: dict[str, _Last] = {}
        self._saved: dict[str, int] = {}

    def moved(self, unit: Unit, rounds: Sequence[Round]) -> None:
        """The unit is new, and what is shown moves along with the edits that made it."""
        last = self._last.get(key(unit.uri))
        if last is not None and last.findings:
            findings = last.findings
            for edits in rounds:
                findings = carry(findings, edits)
            self._last[key(unit.uri)] = replace(last, findings=findings)

    def forget(self, uri: str) -> None:
        """The unit is closed."""
        self._last.pop(key(uri), None)
        self._saved.pop(key(uri), None)

    def last(self, unit: Unit, resolved: Resolved) -> tuple[Finding, ...]:
        """What is shown now; nothing if it was found with other settings, as nobody knows what
        these would have left of it."""
        last = self._last.get(key(unit.uri))
        return last.findings if last is not None and last.resolved == resolved else ()

    def found(self, analysis: Analysis) -> None:
        """Show what was found; on saving, if the person wants that, or with the first settings."""
        unit, resolved = analysis.unit, analysis.resolved
        name = key(unit.uri)
        last = self._last.get(name)
        waits = (
            resolved.editor.run == "onSave"
            and last is not None
            and last.resolved == resolved
            and unit.serial not in (last.serial, self._saved.get(name))
        )
        if not waits:
            findings = tuple(stripped(finding) for finding in analysis.findings)
            self._last[name] = _Last(unit.serial, resolved, findings)

    def saved(self, unit: Unit) -> None:
        """The unit was saved: what is found in it need not wait."""
        self._saved[key(unit.uri)] = unit.serial

    def waits(self, analysis: Analysis) -> bool:
        """Whether what was found is not shown before the unit is saved."""
        last = self._last.get(key(analysis.unit.uri))
        return last is not None and last.serial != analysis.unit.serial

    def of(self, analysis: Analysis) -> tuple[Finding, ...]:
        """What is shown for the analysed unit."""
        if self.waits(analysis):
            return self._last[key(analysis.unit.uri)].findings
        return analysis.findings
