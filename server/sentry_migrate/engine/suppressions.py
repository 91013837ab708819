"""Comments that silence findings.

`# sentry-migrate: ignore` or `ignore[SEN101, push-scope-with]` on the finding's line or alone on
the line above; `# sentry-migrate: ignore-file` anywhere; `# noqa: SEN101` on the line. A bare
`# noqa` is left to the tools that own it.
"""

from __future__ import annotations

import re

from sentry_migrate.text.lines import LineIndex

_IGNORE = re.compile(r"#\s*sentry-migrate:\s*ignore(-file)?(?:\[([^\]\r\n]*)\])?")
_NOQA = re.compile(r"#\s*noqa:\s*([A-Z][A-Z0-9]*(?:[,\s]+[A-Z][A-Z0-9]*)*)", re.IGNORECASE)


class Suppressions:
    """The suppression comments of one text."""

    __slots__ = ("_file", "_lines", "_on_line")

    def __init__(self, lines: LineIndex) -> None:
        self._lines = lines
        self._on_line: dict[int, list[frozenset[str]]] = {}
        self._file: list[frozenset[str]] = []
        text = lines.text
        for match in _IGNORE.finditer(text):
            line = lines.line_of(match.start())
            names = frozenset(re.findall(r"[\w-]+", match.group(2) or "ALL"))
            if match.group(1):
                self._file.append(names)
                continue
            alone = not text[lines.start(line) : match.start()].strip()
            self._on_line.setdefault(line + 1 if alone else line, []).append(names)
        for match in _NOQA.finditer(text):
            codes = frozenset(re.findall(r"SEN\d+", match.group(1).upper()))
            if codes:
                self._on_line.setdefault(lines.line_of(match.start()), []).append(codes)

    def cover(self, offset: int, code: str, name: str) -> bool:
        """Whether a finding of the rule at `offset` is silenced."""
        if not self._on_line and not self._file:
            return False
        wanted = {"ALL", code, name}
        found = [*self._file, *self._on_line.get(self._lines.line_of(offset), ())]
        return any(wanted & names for names in found)
