"""Findings that a project accepts for now, so that a run fails on new ones, and on those that are
no longer there: what stays accepted for nothing would let them come back.

Owns the file that lists them and what makes a finding one of them: its file, its rule and the text
of its line, and how many there are of these; not the number of the line, so code may move. The
functions and classes around it only say which of lines that are alike is new. A file that is no
longer there is looked for under another name, by what it had.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Literal, TypeAlias

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.files_to_check import shown
from sentry_migrate.project import regular_files
from sentry_migrate.project.config import FILE, ConfigError, Settings
from sentry_migrate.project.repository import is_within
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.items import items

_VERSION = 1

Update: TypeAlias = Literal["", "all", "prune"]
"""What becomes of a baseline: nothing; it gets all findings; it loses those that are gone."""

_Key: TypeAlias = tuple[str, str, str, str]
"""The file from the directory of the baseline, with forward slashes; the rule; the line; the
functions and classes around it."""


class Baselines:
    """The baselines of a run. Each file has the one that its settings name."""

    def __init__(
        self,
        paths: Collection[str],
        asked: Collection[str],
        choose: Choose,
        update: Update,
        needed: bool = True,
    ) -> None:
        """`paths` are the files that the run looks at, at or below those that are `asked` for. One
        that gets `all` may be missing; that there is one for an update is `needed` where a person
        asks for it.

        Raises ConfigError.
        """
        self._choose = choose
        self._looked = {os.path.abspath(path) for path in paths}
        self._asked = {os.path.abspath(path) for path in asked}
        places = {os.path.dirname(path) for path in self._looked} or {os.getcwd()}
        named = {choose(place).baseline_file for place in places}
        self._update = update
        self._known = {
            file: _read(file, update == "all")
            for file in sorted(one for one in named if one is not None)
        }
        if update and needed and not self._known:
            option = "--update-baseline" if update == "all" else "--prune-baseline"
            raise ConfigError(
                f"{option}: no baseline is named; use --baseline or the setting `baseline`"
            )

    def accept(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries without the findings that are accepted, which are counted."""
        entries = list(entries)
        left = {file: self._followed(file, entries) for file in self._known}
        new = []
        for entry in entries:
            file = self._file(entry.path)
            if file not in left:
                new.append(entry)
                continue
            findings = dict(enumerate(zip(entry.findings, _keys(entry, file), strict=True)))
            for exact in (True, False):  # those first that are where they were
                for at, (_, key) in [*findings.items()]:
                    if (known := _known(key, left[file], exact)) is not None:
                        left[file][known] -= 1
                        del findings[at]
            accepted = len(entry.findings) - len(findings)
            remaining = tuple(finding for finding, _ in findings.values())
            new.append(replace(entry, findings=remaining, accepted=accepted))
        return new

    def follow(self, before: Collection[Entry], after: Collection[Entry]) -> bool:
        """Have what is accepted stay so where this program's own fixes changed its line: what is
        gone after them became what is new of the same rule in the file. Whether any did."""
        moved = False
        for file in self._known:
            had, has = (self._found(file, entries) for entries in (before, after))
            known, went = self._followed(file, before), had - has
            for new in sorted((has - had).elements()):
                lines = [old for old in sorted(+went) if old[:2] == new[:2]]
                for old in sorted(lines, key=lambda old: old[3] != new[3]):
                    accepted = _known(old, known, True) or _known(old, known, False)
                    if accepted is not None:
                        known.subtract([accepted])
                        known[new] += 1
                        went.subtract([old])
                        moved = True
                        break
            self._known[file] = +known
        return moved

    def gone(self, entries: Collection[Entry]) -> int:
        """How many findings are accepted and no longer there, given all that there are."""
        return sum(
            (
                _anywhere(self._followed(file, entries)) - _anywhere(self._renewed(file, entries))
            ).total()
            for file in self._known
        )

    @property
    def any(self) -> bool:
        """Whether there is a baseline."""
        return bool(self._known)

    def strangers(self) -> Iterator[tuple[str, str, int]]:
        """Which settings of files that the run looks at name another baseline or none, where one
        has findings of these files; that baseline, and how many they are."""
        for file, known in self._known.items():
            counts: Counter[str] = Counter()
            for (name, *_), count in known.items():
                path = _path(file, name)
                if path in self._looked and self._file(path) != file:
                    counts[str(self._settings(path).root)] += count
            for root, count in sorted(counts.items()):
                yield os.path.join(root, FILE), file, count

    def update(
        self, entries: Collection[Entry], put: Callable[[str, bytes], None]
    ) -> Iterator[tuple[str, int, OSError | None]]:
        """Have the baselines accept all findings that there are, or no more than before, and no
        others; where they are not to be updated, what they accept by now. Each with how many those
        are, and why it was not `put`, if that is so."""
        for file in self._known:
            known = self._renewed(file, entries) if self._update else self._known[file]
            if self._update == "prune":
                known = _still(self._followed(file, entries), known)
            try:
                put(file, _written(known, _line_end(file)))
            except OSError as error:
                yield file, 0, error
            else:
                self._known[file] = known
                yield file, known.total(), None

    def _followed(self, file: str, entries: Collection[Entry]) -> Counter[_Key]:
        """What a baseline accepts, where the files that it names are now: one that is gone is the
        one of another name that has most of what it had, if the baseline does not know that."""
        known = self._known[file]
        names = {key[0] for key in known}
        gone = {name for name in names if not os.path.lexists(_path(file, name))}
        found: dict[str, Counter[tuple[str, str, str]]] = {}
        for entry in entries if gone else ():
            if self._file(entry.path) == file:
                for name, *content in _keys(entry, file):
                    if name not in names:
                        found.setdefault(name, Counter())[content[0], content[1], content[2]] += 1
        pairs = []
        for old in gone:
            had = Counter({key[1:]: count for key, count in known.items() if key[0] == old})
            for new, has in found.items():
                alike = os.path.basename(new) == os.path.basename(old)
                pairs.append(((had & has).total(), alike, old, new))
        renamed: dict[str, str] = {}
        for count, _, old, new in sorted(pairs, reverse=True):
            if count and old not in renamed and new not in renamed.values():
                renamed[old] = new
        return Counter({(renamed.get(key[0], key[0]), *key[1:]): n for key, n in known.items()})

    def _renewed(self, file: str, entries: Collection[Entry]) -> Counter[_Key]:
        """What a baseline should have: what was found, and what the run did not look for."""
        unknown = {os.path.abspath(entry.path) for entry in entries if entry.problem}
        found = self._found(file, entries)
        for key, count in self._followed(file, entries).items():
            if key not in found and not self._sought(file, key, unknown):
                found[key] = count
        return found

    def _found(self, file: str, entries: Collection[Entry]) -> Counter[_Key]:
        """What was found in the files that a baseline is of."""
        return Counter(
            key for entry in entries if self._file(entry.path) == file for key in _keys(entry, file)
        )

    def _sought(self, file: str, key: _Key, unknown: Collection[str]) -> bool:
        """Whether the run would have found what a key stands for."""
        name, rule, *_ = key
        path = _path(file, name)
        if self._file(path) != file:
            return False
        if not os.path.lexists(path):
            return any(is_within(path, one) for one in self._asked)
        if path not in self._looked or path in unknown:
            return False
        return rule in _codes(self._settings(path))

    def _file(self, path: str) -> str:
        return self._settings(path).baseline_file or ""

    def _settings(self, path: str) -> Settings:
        return self._choose(os.path.dirname(os.path.abspath(path)))


@cache
def _codes(settings: Settings) -> frozenset[str]:
    """The codes of the rules that settings choose."""
    from sentry_migrate.rules import RULES, chosen

    names = chosen(settings.select, settings.extend_select, settings.ignore)
    return frozenset(RULES[name].code for name in names)


def _path(file: str, name: str) -> str:
    """Where a file is that a baseline names."""
    return os.path.normpath(os.path.join(os.path.dirname(file), name))


def _keys(entry: Entry, file: str) -> list[_Key]:
    """Of each finding, in order."""
    path = os.path.abspath(entry.path)
    with suppress(ValueError):  # on another drive
        path = os.path.relpath(path, os.path.dirname(file))
    name = path.replace(os.sep, "/")
    found = (one for one in items([entry]) if one.finding is not None)
    return [(name, one.code, one.code_line, one.scope) for one in found]


def _known(key: _Key, left: Counter[_Key], exact: bool) -> _Key | None:
    """What accepts a finding: the same place, or else the same line anywhere in the file."""
    if left[key] > 0:
        return key
    alike = (known for known, count in left.items() if known[:3] == key[:3] and count > 0)
    return None if exact else next(alike, None)


def _still(known: Counter[_Key], found: Counter[_Key]) -> Counter[_Key]:
    """As much of what is found as was known: at the same places, or else anywhere in the file."""
    still = known & found
    left = _anywhere(known) - _anywhere(still)
    for key, count in (found - still).items():
        if some := min(count, left[key[:3]]):
            still[key] += some
            left[key[:3]] -= some
    return still


def _anywhere(known: Counter[_Key]) -> Counter[tuple[str, str, str]]:
    """The same wherever in their file they are."""
    found: Counter[tuple[str, str, str]] = Counter()
    for (path, rule, line, _), count in known.items():
        found[path, rule, line] += count
    return found


_ANEW = "restore the file, or delete it and write another with `--update-baseline`"
_CONFLICT = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)


def _read(file: str, optional: bool) -> Counter[_Key]:
    """What a baseline accepts. Raises ConfigError."""
    known: Counter[_Key] = Counter()
    data = b""
    try:
        data = regular_files.read(file)
        content = json.loads(data)
        if [type(content["version"]), type(content["findings"])] != [int, list]:
            raise TypeError
        if content["version"] != _VERSION:
            raise TypeError
        for one in content["findings"]:
            key, count = (one["path"], one["rule"], one["line"], one.get("in", "")), one["count"]
            if [type(part) for part in (*key, count)] != [str, str, str, str, int] or count < 1:
                raise TypeError
            known[key] += count
    except FileNotFoundError:
        if not optional:
            said = "the baseline does not exist; `--update-baseline` writes it"
            raise ConfigError(f"{shown(file)}: {said}") from None
    except OSError as error:
        raise ConfigError(
            f"{shown(file)}: cannot read the baseline: {error.strerror or error}"
        ) from error
    except (ValueError, RecursionError) as error:
        if _CONFLICT.search(data):
            raise ConfigError(
                f"{shown(file)}: the baseline has the marks of a merge conflict; keep the lines of "
                "both sides, and have `--prune-baseline` remove those that are gone"
            ) from error
        raise ConfigError(
            f"{shown(file)}: the baseline is not valid JSON: {error}; {_ANEW}"
        ) from error
    except (TypeError, KeyError) as error:
        raise ConfigError(f"{shown(file)}: not a baseline of this version; {_ANEW}") from error
    return known


def _line_end(file: str) -> str:
    """How the lines of a file end: as before, where it has been there."""
    with suppress(OSError):
        return "\r\n" if b"\r\n" in regular_files.read(file) else "\n"
    return "\n"


def _written(known: Counter[_Key], line_end: str) -> bytes:
    """One line for each entry, in an order that lets versions be compared."""
    lines = ",\n".join(f"    {json.dumps(_line(*one))}" for one in sorted(known.items()))
    findings = f"[\n{lines}\n  ]" if lines else "[]"
    text = f'{{\n  "version": {_VERSION},\n  "findings": {findings}\n}}\n'
    return text.replace("\n", line_end).encode()


def _line(key: _Key, count: int) -> dict[str, str | int]:
    path, rule, line, scope = key
    place = {"in": scope} if scope else {}
    return {"path": path, "rule": rule, "line": line, **place, "count": count}
