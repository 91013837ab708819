"""The fixes that are tried: found and made by this program itself, in a copy of the project."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sentry_migrate import isolation
from sentry_migrate.project.scripts import is_code
from sentry_migrate.text.notebook import is_notebook

_DONE = (0, 1)
"""Exit codes of `check` that do not mean failure."""


class NotFixedError(Exception):
    """The fixes could not be found or made; str() says why."""


@dataclass(frozen=True, slots=True)
class TriedFix:
    """A fix, by its finding."""

    id: str
    code: str
    name: str
    path: str
    """Of its file, relative to the project, with the separators of the system."""
    row: int
    """1-based."""
    column: int
    """1-based, in code points."""
    title: str
    safe: bool
    cell: int | None = None
    """The number of the cell of a notebook, in which the row counts."""

    @property
    def place(self) -> str:
        """As `check` writes it."""
        cell = "" if self.cell is None else f"cell {self.cell}:"
        return f"{self.path}:{cell}{self.row}:{self.column}"

    @property
    def is_code(self) -> bool:
        """Whether tests can run it, which is not seen of a notebook."""
        return is_code(self.path) or is_notebook(self.path)


def _no_fix(given: str, begun: str, alternatives: int | None) -> str:
    """Why something is not the ID of a fix, if so many alternatives are in a finding with its
    beginning; None if there is no such finding."""
    if alternatives is None:
        return f"{given!r} is not the beginning of the ID of a fix"
    numbers = [f"{begun}/{number + 1}" for number in range(alternatives)]
    return f"{given!r} is not a fix; alternatives: {', '.join(numbers) or 'none'}"


@dataclass(frozen=True, slots=True)
class Fixer:
    """Which fixes are wanted."""

    arguments: Sequence[str] = ()
    """Options of `check` that choose findings and settings."""
    unsafe: bool = False
    ids: Sequence[str] = ()
    """Beginnings of the IDs of those that are wanted, as `apply` takes them; none for all."""

    def find(self, copy: str) -> list[TriedFix]:
        """The wanted fixes, by file and place. Raises NotFixedError."""
        return self._read(
            copy, self._run(copy, "check", "--output-format", "json", *self.arguments)
        )

    def find_and_make(self, copy: str) -> list[TriedFix]:
        """The wanted fixes, which are made in a copy: in one run, which starts and reads once.
        Raises NotFixedError."""
        if not self.ids:
            return self._read(copy, self._make_all(copy, "--print-found"))
        found = self.find(copy)
        self.make(copy)
        return found

    def _read(self, copy: str, printed: str) -> list[TriedFix]:
        """What is wanted of what a run found."""
        found, findings = [], json.loads(printed)
        for one in findings:
            at, path = one["location"], os.path.relpath(one["filename"], copy)
            for name, fix in self._wanted(one):
                found.append(
                    TriedFix(
                        name, one["code"], one["name"], path, at["row"], at["column"],
                        fix["message"], fix["applicability"] == "safe", one.get("cell"),
                    )
                )  # fmt: skip
        for given in self.ids:
            begun, _, number = given.partition("/")
            ids = [one.id.partition("/") for one in found]
            if not any(one.startswith(begun) and of == number for one, _, of in ids):
                others = [one["alternatives"] for one in findings if one["id"].startswith(begun)]
                raise NotFixedError(_no_fix(given, begun, max(map(len, others), default=None)))
        return found

    def _wanted(self, finding: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The IDs of the wanted fixes of a finding, and the fixes."""
        fix = finding["fix"]
        if not self.ids and fix and (fix["applicability"] == "safe" or self.unsafe):
            yield finding["id"], fix
        for given in self.ids:
            begun, _, number = given.partition("/")
            if finding["id"].startswith(begun):
                others = finding["alternatives"]
                if number.isdecimal() and 0 < int(number) <= len(others):
                    yield f"{finding['id']}/{number}", others[int(number) - 1]
                elif not number and fix:
                    yield finding["id"], fix

    def make(self, copy: str, ids: Iterable[str] | None = None) -> None:
        """Make the wanted fixes, or those with the IDs, in a copy. Raises NotFixedError."""
        chosen = self.ids if ids is None else [*ids]
        if ids is None and not chosen:
            self._make_all(copy)
        elif chosen:
            self._run(copy, "apply", *chosen, *self.arguments)

    def _make_all(self, copy: str, *more: str) -> str:
        unsafe = "--unsafe-fixes" if self.unsafe else "--no-unsafe-fixes"
        return self._run(copy, "check", "--fix-only", "--quiet", unsafe, *more, *self.arguments)

    def _run(self, copy: str, *arguments: str) -> str:
        environment = {**os.environ, "SENTRY_MIGRATE_STATE_DIR": f"{copy}-state"}
        done = subprocess.run(
            isolation.command(*arguments), cwd=copy, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        if done.returncode not in _DONE:
            said = done.stderr.strip().removeprefix("error: ")
            raise NotFixedError(said or f"it exited with {done.returncode}")
        return done.stdout
