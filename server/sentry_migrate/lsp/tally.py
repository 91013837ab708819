"""How much is left to migrate, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sentry_migrate.model import Applicability, Report


@dataclass(slots=True)
class Tally:
    """Counts over files, per rule and per kind of fix."""

    files: int = 0
    affected: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)

    def add(self, uri: str, report: Report) -> None:
        """Count one file."""
        self.files += 1
        if report.failure is not None:
            self.failures[uri] = f"{report.failure.kind}: {report.failure.message}"
        for finding in report.findings:
            self.affected[uri] += 1
            kind = "manual"
            if finding.fix is not None and finding.fix.applicability is not Applicability.DISPLAY:
                kind = finding.fix.applicability.value
            self.kinds[finding.code, finding.name, kind] += 1

    def result(self) -> dict[str, Any]:
        """As plain values, with the same as a Markdown text."""
        rules = [
            {
                "code": code,
                "name": name,
                **{kind: self.kinds[code, name, kind] for kind in ("safe", "unsafe", "manual")},
            }
            for code, name in sorted({(code, name) for code, name, _ in self.kinds})
        ]
        total = sum(self.affected.values())
        return {
            "findings": total,
            "files": dict(self.affected.most_common()),
            "rules": rules,
            "failures": self.failures,
            "markdown": _markdown(total, len(self.affected), rules),
        }


def _markdown(total: int, files: int, rules: list[dict[str, Any]]) -> str:
    if not total:
        return "No uses of the sentry-sdk 1.x API are left.\n"
    lines = [
        f"{total} uses of the sentry-sdk 1.x API in {files} files.",
        "",
        "| rule | safe fix | unsafe fix | by hand |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {rule['code']} {rule['name']} | {rule['safe']} | {rule['unsafe']} | {rule['manual']} |"
        for rule in rules
    ]
    return "\n".join(lines) + "\n"
