"""The fixes that somebody chose, in every text they were chosen for, as it is now.

Owns looking again: what was typed, written, removed, opened or closed since a fix was made has it
made again, on whichever side it is now. Refuses to know how the client is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sentry_migrate.lsp.analysis.settings import Resolved
from sentry_migrate.lsp.analysis.unit_analysis import Told, UnitAnalysis
from sentry_migrate.lsp.documents import convert, file_state
from sentry_migrate.lsp.documents.convert import Change, Target
from sentry_migrate.lsp.documents.documents import Unit
from sentry_migrate.lsp.documents.expected_texts import plain
from sentry_migrate.lsp.documents.uris import uri_of
from sentry_migrate.lsp.session import followed_calls, project_plan, workspace_files
from sentry_migrate.lsp.session.cross_file_names import CrossFileNames
from sentry_migrate.lsp.session.progress import Work
from sentry_migrate.lsp.session.session import Session
from sentry_migrate.model import Applicability, Failure, Finding, FixOutcome
from sentry_migrate.plan import Answer
from sentry_migrate.project import selectors
from sentry_migrate.project.dropped_names import written_together
from sentry_migrate.project.server_options import ServerOptions
from sentry_migrate.report.entry import OFF
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.worker.frames import RuleDoc
from sentry_migrate.worker.lane import LostError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which fixes a person asked for."""

    known: tuple[RuleDoc, ...]
    selectors: tuple[str, ...] | None
    unsafe: bool

    def rules(self, options: ServerOptions) -> tuple[str, ...] | None:
        """Names of the rules; None for all that settings let fix-all fix.

        What they do not is fixed only if its own code or name asks for it. Mocks move along with
        whatever is fixed.
        """
        if self.selectors is None:
            return None
        return tuple(rule.name for rule in self.known if self._means(rule, options))

    def _means(self, rule: RuleDoc, options: ServerOptions) -> bool:
        chosen = self.selectors or ()
        if rule.code in chosen or rule.name in chosen:
            return True
        wide = rule.follows or any(selectors.means(selector, rule) for selector in chosen)
        return wide and options.autofix(rule)


@dataclass(frozen=True, slots=True)
class Fixed:
    """What one text becomes."""

    unit: Unit
    path: str | None
    """Of a file that is not open; None for a document."""
    basis: object
    """What it was found out with. Another one would find out something else."""
    told: Told
    """What it was told of the other texts."""
    plan: Answer
    """What it has after its fixes, and what these depend on."""
    text: str
    """What it becomes, as analysed."""
    held: str = ""
    """What the file holds: of a notebook, all of it."""
    changes: tuple[Change, ...] = ()
    count: int = 0
    """How many fixes the changes are."""
    unsafe: tuple[Finding, ...] = ()
    """Those of them that are not proved."""


def hindrance(analysis: UnitAnalysis) -> str:
    """Why nothing is known of a document's uses; empty if it was looked at."""
    if not analysis.resolved.options.enable:
        return OFF
    if analysis.resolved.unreadable:
        return unreadable(analysis.resolved)
    if analysis.result.excluded:
        return "the settings exclude this file"
    failure = analysis.result.failure
    return "" if failure is None else words_of(failure)


def words_of(failure: Failure) -> str:
    """What to say of a file that could not be looked at."""
    invalid = "the file is not valid Python: " if failure.kind == "syntax" else ""
    return f"{invalid}{failure.message}"


def unreadable(resolved: Resolved) -> str:
    """What to say of a file whose settings cannot be read."""
    return f"its settings cannot be read: {resolved.unreadable}"


class Migration:
    """The fixes of open documents and of files that are not open."""

    def __init__(
        self,
        session: Session,
        choice: Choice,
        listed: Sequence[str] = (),
        only: str | None = None,
        beside: bool = True,
    ) -> None:
        """Over the files `listed`, open or not, and all documents `beside` them; or over the one
        document `only`."""
        self._session = session
        self._choice = choice
        self._listed = listed
        self._only = only
        self._beside = beside
        self.unread: set[str] = set()
        """What could not be looked at: its text or its settings cannot be read."""
        self.off: set[str] = set()
        """What was not looked at: the editor's settings turn the server off there."""
        self._found: dict[str, Fixed] = {}
        self._needs: dict[str, set[str]] = {}

    @property
    def whole(self) -> bool:
        """Whether it is of the workspace, and not of one document."""
        return self._only is None

    @property
    def found(self) -> list[Fixed]:
        """All texts that would change, each after those that it needs."""
        return [one for portion in self.portions(1) for one in portion]

    def portions(self, size: int) -> list[list[Fixed]]:
        """The same, `size` in each portion at most, but for those that need each other."""
        fixed = {side: fixed for side, fixed in self._found.items() if fixed.changes}
        portions: list[list[Fixed]] = []
        for group in written_together(fixed, self._needs):
            if not portions or len(portions[-1]) + len(group) > size:
                portions.append([])
            portions[-1] += (fixed[side] for side in group)
        return portions

    def without(self, gone: Iterable[Fixed]) -> list[Fixed]:
        """The texts found that can change if these do not."""
        missing = {side_of(fixed.unit) for fixed in gone}
        fixed = {side_of(fixed.unit): fixed for fixed in self.found}
        for group in written_together(fixed, self._needs):
            needed = {*group, *(one for side in group for one in self._needs.get(side, ()))}
            missing.update(group if needed & missing else ())
        return [fixed for side, fixed in fixed.items() if side not in missing]

    def with_needed(self, side: str) -> list[Fixed]:
        """Of the texts found, the one at a path and those that it cannot change without."""
        wanted = self.needed(side)
        return [one for one in self.found if side_of(one.unit) in wanted]

    def needed(self, side: str) -> set[str]:
        """The text at a side and those that it cannot change without."""
        wanted, waiting = {side}, [side]
        while waiting:
            needed = self._needs.get(waiting.pop(), set()) - wanted
            wanted |= needed
            waiting += needed
        return wanted

    async def collect(self, work: Work | None = None) -> None:
        """Fix what was not fixed yet as it is now, and again what was safe only without something
        that turns out to be left. Raises LostError for a single document."""
        units, paths = await self._sides()
        sides = {side_of(unit): unit for unit in units} | dict.fromkeys(paths)
        known = await asyncio.to_thread(self._known, paths)
        found: dict[str, Fixed] = {}
        told = {at: dict(one.told.left) for at, one in self._found.items() if at in sides}
        whole = self.whole
        names = await CrossFileNames.before(self._session, sides) if whole else CrossFileNames()
        due = list(sides)
        while due:
            fresh = due
            while due:  # tests are told what becomes of names before the plan is
                for done, side in enumerate(due, 1):
                    if work is not None and work.cancelled:
                        return
                    unit, left = sides[side], tuple(sorted(told.get(side, {}).items()))
                    tell = Told(left, *names.told(side))
                    if unit is None:
                        fixed = await self._file(side, known.get(side), tell)
                    else:
                        fixed = await self._document(side, unit, tell)
                    if fixed is not None:
                        found[side] = fixed
                    if work is not None:
                        work.report(side, done, len(due))
                answers = {side: found[side].plan for side in due if side in found}
                due = names.tell({at: one.unit.text for at, one in found.items()}, answers)
                fresh += due
            new = {side: found[side] for side in fresh if side in found}
            names.follow({side: one.plan for side, one in new.items()})
            await names.become(self._session, {side: one.text for side, one in new.items()})
            due = await self._outdated(found, told, names) if whole else []
            due = due or [side for side in names.outdated() if side in found]
        self._found, self._needs = found, self._rests(found, names.needs())

    def _rests(self, found: Mapping[str, Fixed], needs: dict[str, set[str]]) -> dict[str, set[str]]:
        """`needs`, and by file those that take away what its fixes may not meet."""
        before = dict(project_plan.as_they_are(self._session, ())) if self.whole else {}
        gone: dict[str, set[str]] = {}
        for side, fixed in found.items():
            left = {site.kind for site in fixed.plan.sites}
            for site in before[side].sites if side in before and fixed.changes else ():
                if site.kind not in left:
                    gone.setdefault(site.kind, set()).add(side)
        for side, fixed in found.items():
            others = {one for kind in fixed.plan.asked for one in gone.get(kind, ())} - {side}
            if fixed.changes and others:
                needs.setdefault(side, set()).update(others)
        return needs

    async def _outdated(
        self, found: Mapping[str, Fixed], told: dict[str, dict[str, str]], names: CrossFileNames
    ) -> list[str]:
        """Whose fixes depend on something that is left elsewhere, which they are `told` now."""
        session, index = self._session, self._session.index
        plan = project_plan.fresh(session)
        # What only might get names of the SDK from others, and does not, was not looked into.
        known = {
            side: fixed for side, fixed in found.items() if fixed.changes or fixed.plan != Answer()
        }
        for side, fixed in known.items():
            plan.take(side, dict(fixed.told.left), fixed.plan, as_it_is=True)
        for side, site in names.stay():
            plan.leave(side, [site])
        asked = plan.asked()
        await project_plan.look(session, asked)
        for path, answer in project_plan.as_they_are(session, known):
            plan.take(path, {}, answer, as_it_is=True)
        await followed_calls.follow(session, plan)
        again = {side: left for side, left in plan.outdated() if side in found}
        for side, fixed in found.items() if index.unread else ():
            unread = dict.fromkeys(set(fixed.plan.asked) - index.kinds, index.unread)
            if unread.keys() - dict(fixed.told.left).keys():
                again[side] = {**unread, **again.get(side, dict(fixed.told.left))}
        told.update(again)
        return list(again)

    async def _sides(self) -> tuple[list[Unit], list[str]]:
        if self._only is None:
            units, paths = await workspace_files.apart(self._session, self._listed)
            return [one for one in units if self._beside or one.path in self._listed], paths
        unit = self._session.documents.get(self._only)
        return ([] if unit is None else [unit]), []

    async def _document(self, side: str, unit: Unit, told: Told) -> Fixed | None:
        session = self._session
        analysis = await session.analyses.get(unit.uri)
        if analysis is None or hindrance(analysis):
            if analysis is not None and (analysis.result.failure or analysis.resolved.unreadable):
                self.unread.add(side)
            if analysis is not None and analysis.result.off:
                self.off.add(side)
            return None
        before = self._found.get(side)
        if before is not None and before.basis is analysis and before.told == told:
            return before
        rules = self._choice.rules(analysis.resolved.options)
        try:
            run = told if self._only is None else None
            outcome = await session.analyses.fix(analysis, rules, self._choice.unsafe, run)
        except LostError as error:
            if self._only is not None:
                raise
            logger.warning("%s: cannot fix the file: %s", unit.uri, error)
            return None
        changes = tuple(convert.changes(analysis.unit, outcome.edits) or ())
        plan, count = outcome.remaining.plan, _count(changes, outcome)
        unit = analysis.unit
        unsafe = _unsafe(outcome)
        text = outcome.text
        return Fixed(unit, None, analysis, told, plan, text, unit.text, changes, count, unsafe)

    def _known(self, paths: Iterable[str]) -> dict[str, Fixed]:
        """By path, what is known of files that still are what they were."""
        known = {}
        for path in paths:
            before = self._found.get(path)
            if before is not None and _holds(before):
                known[path] = before
        return known

    async def _file(self, path: str, before: Fixed | None, told: Told) -> Fixed | None:
        session = self._session
        resolved = await session.settings.resolve(uri_of(path), path)
        basis = (resolved, session.index.names, session.index.demand)
        if before is not None and before.basis == basis and before.told == told:
            return before
        rules, unsafe = self._choice.rules, self._choice.unsafe
        done = await workspace_files.fix(session, path, rules, unsafe, told)
        if done is None or done.outcome.remaining.failure:
            (self.unread if resolved.options.enable else self.off).add(path)
        if done is None:
            return None
        unit, outcome = workspace_files.closed(uri_of(path), done.text), done.outcome
        held, edits = done.written or (done.text, outcome.edits)
        place = Target(unit.uri, None, LineIndex(held))
        closed: tuple[Change, ...] = ((place, edits, None),) if edits else ()
        plan, count, made = outcome.remaining.plan, _count(closed, outcome), _unsafe(outcome)
        return Fixed(unit, path, basis, told, plan, outcome.text, held, closed, count, made)

    async def present(self, found: Sequence[Fixed]) -> set[str]:
        """Paths of those of the files found that are not open and still hold what was fixed."""
        _, paths = await self._sides()
        here = set(paths)
        closed = [fixed for fixed in found if fixed.path in here]
        return await asyncio.to_thread(lambda: {f.path for f in closed if f.path and _holds(f)})

    def is_current(self, fixed: Fixed, present: set[str]) -> bool:
        """Whether an edit of it would be of what there is: asked at the moment it is sent."""
        if fixed.path is None:
            return self._session.documents.get(fixed.unit.uri) is fixed.unit
        documents = self._session.documents
        raw = documents.raw().get(fixed.path, fixed.held)
        same = plain(raw) == plain(fixed.held)
        return fixed.path in present and same and documents.get(fixed.unit.uri) is None


def side_of(unit: Unit) -> str:
    """What a text is known by: its path, or the URI of a document without one."""
    return unit.path or unit.uri


def _unsafe(outcome: FixOutcome) -> tuple[Finding, ...]:
    made = ((finding, finding.fix) for finding in outcome.applied)
    unsafe = Applicability.UNSAFE
    return tuple(one for one, fix in made if fix is not None and fix.applicability is unsafe)


def _count(changes: Sequence[Change], outcome: FixOutcome) -> int:
    return len(outcome.applied) if changes else 0


def _holds(fixed: Fixed) -> bool:
    return fixed.path is not None and file_state.text(fixed.path) == fixed.held
