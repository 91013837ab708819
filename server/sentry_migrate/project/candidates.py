"""What becomes of the files that were found: read, and sorted by what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from sentry_migrate.project import modules, regular_files
from sentry_migrate.project.files import Found
from sentry_migrate.project.mentions import may_have_findings


class Candidate(NamedTuple):
    """A file that could be read."""

    found: Found
    data: bytes
    kind: Literal["own", "passed on", "excluded", "ignored", "none"]
    """`own`: it can have findings by itself. `passed on`: only through other modules, which
    re-export the SDK's names. `excluded`: it could by itself, but settings or the command line
    exclude it. `ignored`: it is skipped for another reason. `none`: it cannot have findings."""


def may_concern(path: str, data: bytes) -> bool:
    """Whether a file can have findings, by itself or through other modules of its project."""
    return may_have_findings(path, data) or modules.hints(data)


def candidates(
    found: Iterable[Found], failed: Callable[[str, OSError], None] = lambda path, error: None
) -> Iterator[Candidate]:
    """Those of the files that can be read; `failed` is told of others, if they are not skipped."""
    for one in found:
        try:
            data = regular_files.read(one.path, one.named)
        except OSError as error:
            if not one.skipped():
                failed(one.path, error)
            continue
        own = may_have_findings(one.path, data)
        if not (own or modules.hints(data)):
            yield Candidate(one, data, "none")
        elif one.skipped():
            yield Candidate(one, data, "excluded" if own and one.excluded() else "ignored")
        else:
            yield Candidate(one, data, "own" if own else "passed on")
