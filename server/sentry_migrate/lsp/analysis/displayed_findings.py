"""What is shown of each open unit: what was found in it last, moved along with the edits since.

Owns what stays while a text does not parse or, where the person wants to be told on saving only,
is not saved. Refuses to know when a text is analysed, and how findings are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sentry_migrate.lsp.analysis.settings import Resolved
from sentry_migrate.lsp.analysis.shift_findings import shift, stripped
from sentry_migrate.lsp.analysis.unit_analysis import UnitAnalysis
from sentry_migrate.lsp.documents.documents import Batch, Unit
from sentry_migrate.lsp.documents.uris import key
from sentry_migrate.model import Finding


@dataclass(frozen=True, slots=True)
class _Last:
    serial: int
    """Of the unit it was found in."""
    resolved: Resolved
    """What it was found with."""
    findings: tuple[Finding, ...]
    whole: bool
    """Whether they are of a text that parsed."""


class DisplayedFindings:
    """What the client shows, or is to show when it asks."""

    def __init__(self) -> None:
        self._last: dict[str, _Last] = {}
        self._saved: dict[str, int] = {}

    def moved(self, unit: Unit, batches: Sequence[Batch]) -> None:
        """The unit is new, and what is shown moves along with the edits that made it."""
        last = self._last.get(key(unit.uri))
        if last is not None and last.findings:
            findings = last.findings
            for edits in batches:
                findings = shift(findings, edits)
            self._last[key(unit.uri)] = replace(last, findings=findings)

    def forget(self, uri: str) -> None:
        """The unit is closed."""
        self._last.pop(key(uri), None)
        self._saved.pop(key(uri), None)

    def last(self, unit: Unit, resolved: Resolved) -> tuple[Finding, ...] | None:
        """What is shown now of a text that parsed; None if there was none, or if it was found with
        other settings, as nobody knows what these would have left of it."""
        last = self._last.get(key(unit.uri))
        known = last is not None and last.whole and last.resolved == resolved
        return last.findings if last is not None and known else None

    def found(self, analysis: UnitAnalysis) -> None:
        """Show what was found; on saving, if the person wants that, or with the first settings."""
        unit, resolved = analysis.unit, analysis.resolved
        name = key(unit.uri)
        last = self._last.get(name)
        waits = (
            resolved.options.run == "onSave"
            and last is not None
            and last.resolved == resolved
            and unit.serial not in (last.serial, self._saved.get(name))
        )
        if not waits:
            findings = tuple(stripped(finding) for finding in analysis.findings)
            whole = analysis.result.failure is None or self.last(unit, resolved) is not None
            self._last[name] = _Last(unit.serial, resolved, findings, whole)

    def saved(self, unit: Unit) -> None:
        """The unit was saved: what is found in it need not wait."""
        self._saved[key(unit.uri)] = unit.serial

    def waits(self, analysis: UnitAnalysis) -> bool:
        """Whether what was found is not shown before the unit is saved."""
        last = self._last.get(key(analysis.unit.uri))
        return last is not None and last.serial != analysis.unit.serial

    def of(self, analysis: UnitAnalysis) -> tuple[Finding, ...]:
        """What is shown for the analysed unit."""
        if self.waits(analysis):
            return self._last[key(analysis.unit.uri)].findings
        return analysis.findings
