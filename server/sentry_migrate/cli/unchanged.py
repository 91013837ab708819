"""What the last run said, to be said again as long as nothing has changed.

Owns one file for each selection of files, and what it depends on: the content of every file of the
project, the settings, this program. What is not as expected is found out again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from sentry_migrate.cli import facts_cache
from sentry_migrate.cli.facts_cache import content_of, digest, program, put
from sentry_migrate.cli.project_context import Surroundings
from sentry_migrate.worker.conversion import converter
from sentry_migrate.worker.frames import Checked

SUFFIX = f".run{facts_cache.SUFFIX}"
_LASTING = (None, "decode", "syntax")
"""Kinds of failures that come again."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The answers of a run, by path; none where there are none for exactly these files."""

    place: str = ""
    """Where they are kept; empty for nowhere."""
    key: str = ""
    answers: Mapping[str, Checked] = field(default_factory=dict)

    @classmethod
    def of(cls, cache: str, asked: str, settings: str, around: Surroundings) -> Unchanged:
        """Those of a run that was `asked` so, of files with these `settings`."""
        place = os.path.join(cache, digest(asked, *sorted(around.roots)) + SUFFIX)
        files = sorted((path, digest(data)) for path, data in around.files if data is not None)
        if len(files) != len(around.files):
            return cls()  # not all are known
        apart = sorted(around.asked), sorted(around.rest)
        key = digest(program(), os.getcwd(), settings, repr((apart, files)))
        return cls(place, key, _read(place, key))

    def note(self, found: Iterable[tuple[str, Checked]]) -> None:
        """Keep the answers of this run, if that is possible."""
        answers = dict(found)
        failures = {answer.result.failure for answer in answers.values()}
        if not self.place or not {one and one.kind for one in failures} <= {*_LASTING}:
            return
        plain = {path: converter().unstructure(one) for path, one in answers.items()}
        put(self.place, {"key": self.key, "answers": plain})


def _read(place: str, key: str) -> dict[str, Checked]:
    try:
        found = content_of(place)
        known = found["answers"] if found["key"] == key else {}
        answers = {str(path): converter().structure(one, Checked) for path, one in known.items()}
        holds = all(it.holds() for it in {*chain(*(one.looked for one in answers.values()))})
        return answers if holds else {}
    except Exception:  # somebody else's, or what a broken disk made of ours
        return {}
