"""Fixes shown to a person one by one, who says which are to be made.

Owns the questions and what their answers choose. Refuses to know how fixes are made.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import click

from sentry_migrate.cli.answers import answered, is_yes
from sentry_migrate.cli.output import say
from sentry_migrate.doubts import DOUBTS
from sentry_migrate.model import Applicability, Fix
from sentry_migrate.report import visible
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.fix_diff import diff
from sentry_migrate.report.items import Item, fingerprints, items
from sentry_migrate.text.edits import Edit

_WORDS = {"yes": "y", "no": "n", "quit": "q", "a": "r", "all": "r"}
_DONE = "is done by what was chosen before"
_HELP = """\
y    make this fix
n    do not
1-9  make the alternative of this number instead
r    make this fix and all later ones of the rule that are not less safe; so does a
d    answer the question that the fix depends on, for the whole project
q    stop here; the fixes that were chosen are made
"""


@dataclass(eq=False, slots=True)
class Chosen:
    """What a person chose so far."""

    ids: list[str] = field(default_factory=list)
    """Of findings, with `/N` for the alternative of a number."""
    assumed: list[str] = field(default_factory=list)
    """Codes of the doubts that were answered with yes."""
    rules: dict[str, bool] = field(default_factory=dict)
    """By code, whether fixes of the rule are wanted too that are not safe."""
    edits: dict[int, set[Edit]] = field(default_factory=dict)
    """What the chosen fixes change, by id of the entry."""
    left: int = 0
    """How many findings nothing was said about, as the person stopped, or the input `ended`."""
    ended: bool = False

    def add(self, item: Item, name: str, fix: Fix | None) -> None:
        """Choose a fix of a finding."""
        self.ids.append(name)
        self.edits.setdefault(id(item.entry), set()).update(fix.edits if fix else ())


def ask(entries: Iterable[Entry]) -> Chosen:
    """Show each finding that has a fix or an alternative, in order; what is chosen."""
    chosen = Chosen()
    found = [
        (item, name)
        for item, name in fingerprints(items(entries))
        if item.finding is not None and (item.finding.fix or item.finding.alternatives)
    ]
    stopped = False
    for number, (item, name) in enumerate(found, 1):
        place = f"({number}/{len(found)}) {_place(item)}"
        if _is_done(item, chosen):
            for line in () if stopped else ("", f"{place}: {item.code} {_DONE}"):
                say(line, sys.stdout)
        elif _is_settled(item, chosen):
            chosen.add(item, name, _fix(item))
        elif stopped or not _ask(item, name, chosen, place):
            stopped = True
            chosen.left += 1
    return chosen


def _is_done(item: Item, chosen: Chosen) -> bool:
    """Whether the fixes that were chosen make all of this one's edits, or replace its code."""
    fix, edits = _fix(item), chosen.edits.get(id(item.entry), set[Edit]())
    if fix is not None and edits.issuperset(fix.edits):
        return True
    assert item.finding is not None
    start, end = item.finding.start, item.finding.end
    code = item.entry.lines.text[start:end]
    return any(one.start <= start < end <= one.end and code not in one.text for one in edits)


def _fix(item: Item) -> Fix | None:
    return item.finding.fix if item.finding is not None else None


def _is_settled(item: Item, chosen: Chosen) -> bool:
    """Whether earlier answers say that the fix is to be made."""
    fix = _fix(item)
    if fix is None:
        return False
    if fix.doubts and set(fix.doubts) <= set(chosen.assumed):
        return True
    return item.code in chosen.rules and (_is_safe(fix) or chosen.rules[item.code])


def _is_safe(fix: Fix) -> bool:
    return fix.applicability is Applicability.SAFE


def _ask(item: Item, name: str, chosen: Chosen, place: str) -> bool:
    """Show one finding and take the answer; False if that was the last one."""
    finding = item.finding
    assert finding is not None
    fix, others = finding.fix, finding.alternatives
    _show(item, place)
    keys = ["y"] if fix is not None else []
    keys += ["n", *map(str, range(1, len(others) + 1))]
    keys += ["r"] if fix is not None else []
    keys += ["d"] if fix is not None and fix.doubts else []
    keys += ["q", "?"]
    while True:
        question = f"Make this fix? [{'/'.join(keys)}]"
        said = answered(partial(click.prompt, question, default="n", show_default=False), None)
        if said is None:
            chosen.ended = True
            return False
        answer = _WORDS.get(typed := said.strip().lower(), typed)
        if answer == "?" or answer not in keys:
            if answer != "?":
                say(f"{visible.plain(typed)!r} is not an answer here.", sys.stdout)
            click.echo(_HELP, nl=False)
        elif answer == "d" and fix is not None:
            codes = [code for code in fix.doubts if code not in chosen.assumed]
            for code in codes:
                say(DOUBTS[code].question, sys.stdout)
                if is_yes(DOUBTS[code]):
                    chosen.assumed.append(code)
            if _is_settled(item, chosen):
                chosen.add(item, name, fix)
                return True
        else:
            break
    if answer == "r" and fix is not None:
        chosen.rules[item.code] = not _is_safe(fix)
    if answer in ("y", "r"):
        chosen.add(item, name, fix)
    elif answer.isdecimal():
        chosen.add(item, f"{name}/{answer}", others[int(answer) - 1])
    return answer != "q"


def _place(item: Item) -> str:
    """Where a finding is, as a person is told it."""
    return f"{visible.plain(item.entry.path)}:{item.entry.label(item.start)}"


def _show(item: Item, place: str) -> None:
    finding, entry = item.finding, item.entry
    assert finding is not None
    say("", sys.stdout)
    say(f"{place}: {item.code} {item.message}", sys.stdout)
    if finding.fix is not None:
        _show_fix(entry, finding.fix, "")
    _show_others(entry, finding.alternatives)


def _show_others(entry: Entry, others: Sequence[Fix]) -> None:
    for number, fix in enumerate(others, 1):
        _show_fix(entry, fix, f"{number}: ")


def _show_fix(entry: Entry, fix: Fix, label: str) -> None:
    reason = "safe" if _is_safe(fix) else f"not safe: {fix.reason}"
    say(f"{label}{fix.message} ({reason})", sys.stdout)
    for line in diff(entry.lines, fix.edits).splitlines():
        say(f"    {line}", sys.stdout)
