"""Uses by what they call, belong to and are called, attributes by their names and strings by what
they say, so that no rule has to read the whole list.

Owns the tables; they are made once for a text, when the first rule asks.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

import libcst as cst

from sentry_migrate.kit.memory import remembered
from sentry_migrate.sdk.uses import Use

if TYPE_CHECKING:
    from sentry_migrate.kit.context import Context, Draft, FixDraft


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    calling: dict[int, list[Use]] = field(default_factory=dict)
    owned: dict[int, list[Use]] = field(default_factory=dict)
    named: dict[str, list[Use]] = field(default_factory=dict)
    at: dict[int, list[Use]] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)


def calling(context: Context, call: cst.CSTNode) -> Sequence[Use]:
    """The uses that `call` calls, by position."""
    return _tables(context).calling.get(id(call), ())


def owned(context: Context, node: cst.CSTNode) -> Sequence[Use]:
    """The uses of the instance that `node` made, by position."""
    return _tables(context).owned.get(id(node), ())


def named(context: Context, trigger: str) -> Sequence[Use]:
    """The uses with this trigger, by position."""
    return _tables(context).named.get(trigger, ())


def uses_at(context: Context, node: cst.CSTNode) -> Sequence[Use]:
    """The uses that are at this node."""
    return _tables(context).at.get(id(node), ())


@remembered
def _tables(context: Context) -> _Tables:
    tables = _Tables()
    for use in context.uses:
        tables.starts.append(use.start)
        tables.named.setdefault(use.trigger, []).append(use)
        tables.at.setdefault(id(use.node), []).append(use)
        if use.call is not None:
            tables.calling.setdefault(id(use.call), []).append(use)
        if use.owner is not None and use.owner.node is not None:
            tables.owned.setdefault(id(use.owner.node), []).append(use)
    return tables


def between(context: Context, start: int, end: int) -> Sequence[Use]:
    """The uses that begin in this span, by position."""
    starts = _tables(context).starts
    return context.uses[bisect_left(starts, start) : bisect_left(starts, end)]


@remembered
def attributes_by_name(context: Context) -> Mapping[str, Sequence[cst.Attribute]]:
    """The attributes of the text."""
    found: dict[str, list[cst.Attribute]] = {}
    for one in context.tree.by_type.get(cst.Attribute, ()):
        assert isinstance(one, cst.Attribute)
        found.setdefault(one.attr.value, []).append(one)
    return found


@remembered
def strings_by_text(context: Context) -> Mapping[str, Sequence[cst.SimpleString]]:
    """The strings of the text, by what is between their quotes."""
    found: dict[str, list[cst.SimpleString]] = {}
    for one in context.tree.nodes(cst.SimpleString):
        found.setdefault(one.raw_value, []).append(one)
    return found


class Replacements:
    """The spans that some drafts' fixes replace."""

    __slots__ = ("_ends", "_furthest", "_order", "_starts")

    def __init__(self, drafts: Iterable[Draft]) -> None:
        fixes = {id(draft.fix): draft.fix for draft in drafts}  # many may share one
        spans = [
            (edit.start, edit.end, order, fix)
            for order, fix in enumerate(fixes.values())
            for edit in (fix.edits if fix is not None else ())
            if edit.start < edit.end
        ]
        spans.sort(key=lambda span: span[0])
        self._starts = [span[0] for span in spans]
        self._ends = [span[1] for span in spans]
        self._furthest = list(accumulate(self._ends, max))
        self._order = [(order, fix) for _, _, order, fix in spans]

    def over(self, start: int, end: int) -> FixDraft | None:
        """The first draft's fix that replaces the whole span."""
        found: list[tuple[int, FixDraft | None]] = []
        at = bisect_right(self._starts, start) - 1
        while at >= 0 and self._furthest[at] >= end:
            if self._ends[at] >= end:
                found.append(self._order[at])
            at -= 1
        return min(found, key=lambda one: one[0])[1] if found else None


def give(fix: FixDraft, drafts: Iterable[Draft], instead: bool = False) -> None:
    """Let a fix be that of the findings whose code it changes: of those without one, or `instead`
    of theirs."""
    edits = [edit for edit in fix.edits if edit.start < edit.end]
    for draft in drafts:
        if (instead or draft.fix is None) and any(
            edit.start < draft.end and draft.start < edit.end for edit in edits
        ):
            draft.fix = fix


@remembered
def replacements(context: Context, drafts: Sequence[Draft]) -> Replacements:
    """The same for the same list of drafts, which must not change."""
    return Replacements(drafts)
