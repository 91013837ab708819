"""What may be of sentry-sdk 1.x too, and is not a finding: nothing is claimed over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sentry_migrate.report.entry import OFF, Coverage, Entry


def uncounted(entries: Sequence[Entry], coverage: Coverage) -> Iterator[str]:
    """What may be of 1.x too, and is not a finding."""
    if off := sum(entry.off for entry in entries):
        yield f"{number_of(off, 'file')} where {OFF}"
    if suppressed := sum(entry.suppressed for entry in entries):
        yield f"{number_of(suppressed, 'finding')} suppressed by comments"
    if unselected := sum(entry.unselected for entry in entries):
        yield f"{number_of(unselected, 'finding')} of rules that are not selected"
    if accepted := sum(entry.accepted for entry in entries):
        yield f"{number_of(accepted, 'finding')} accepted by the baseline"
    if unseen := [f"{entry.path}:{line}" for entry in entries for line in entry.unseen]:
        yield f"options of `init()` that the code does not show in {_places(unseen)}"
    spelled = [f"{entry.path}:{line}" for entry in entries for line in entry.spelled]
    if spelled and not any(entry.findings for entry in entries):
        yield f"{_REFUSED}, which `init()` of 2.x refuses, in {_places(spelled)}"
    if hubs := [f"{entry.path}:{line}" for entry in entries for line in entry.hubs]:
        yield f"calls on what may be the SDK or one of its hubs in {_places(hubs)}"
    if worked := [f"{entry.path}:{line}" for entry in entries for line in entry.worked_out]:
        yield f"names of `sentry_sdk` that are worked out or given as text in {_places(worked)}"
    if excluded := len(coverage.excluded):
        yield number_of(excluded, "excluded file or directory", "excluded files or directories")
    if coverage.mentions:
        yield f"files that are not looked through: {_places(coverage.mentions)}"
    if default := len(coverage.by_default):
        count = number_of(default, "directory", "directories")
        which = "which is" if default == 1 else "which are"
        yield f"{count} with code that mentions `sentry_sdk`, {which} excluded by default"
    if notebooks := len(coverage.notebooks):
        yield f"{number_of(notebooks, 'notebook')} in another language than Python"
    if cut := len(coverage.cut):
        yield f"{number_of(cut, 'notebook')} of which not all can be read"


_REFUSED = "`with_locals` or `request_bodies`"
_PLACES = 3
"""Places that are named one by one."""


def _places(every: Sequence[str]) -> str:
    more = f" and {len(every) - _PLACES} more" if len(every) > _PLACES else ""
    return ", ".join(every[:_PLACES]) + more


def number_of(number: int, one: str, many: str = "") -> str:
    """A number of things, in words."""
    return f"{number} {one if number == 1 else many or one + 's'}"
