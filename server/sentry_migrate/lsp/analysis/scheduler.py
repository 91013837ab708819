"""When a text is analysed, and what is known about the newest version of each unit.

Owns all analysis tasks: debounce, superseding, budgets, and fixes computed ahead. Refuses to know
the protocol.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from sentry_migrate.lsp.analysis.displayed_findings import DisplayedFindings
from sentry_migrate.lsp.analysis.file_cache import Index
from sentry_migrate.lsp.analysis.settings import Resolved
from sentry_migrate.lsp.analysis.shift_findings import stripped
from sentry_migrate.lsp.analysis.unit_analysis import (
    FixKey,
    Told,
    UnitAnalysis,
    budget,
    fix_all_takes,
    fixable,
    may_have_findings,
)
from sentry_migrate.lsp.documents.documents import Batch, Unit
from sentry_migrate.lsp.documents.uris import key
from sentry_migrate.model import CheckResult, Failure, FixOutcome
from sentry_migrate.project.server_options import ServerOptions
from sentry_migrate.text.edits import Edit, apply
from sentry_migrate.worker import frames
from sentry_migrate.worker.lane import Lane, LostError

T = TypeVar("T")

logger = logging.getLogger(__name__)

DEBOUNCE = 0.2
"""Seconds without a further change before a text is analysed."""
LARGE = 40_000
"""Code points from which on a text, which then takes a tenth of a second, is analysed in a process
of its own."""
_AHEAD = 0.5
"""Seconds after an analysis before fix-all is computed ahead of being asked for."""


class Analyses:
    """The newest analysis of each open unit."""

    def __init__(
        self,
        lane: Lane,
        ahead: Lane,
        large: Lane,
        current: Callable[[str], Unit | None],
        resolve: Callable[[str, str | None], Awaitable[Resolved]],
        index: Callable[[], Index],
    ) -> None:
        self._lane = lane
        self._ahead = ahead
        self._large = large
        self._current = current
        self._resolve = resolve
        self._index = index
        self.listeners: list[Callable[[UnitAnalysis], None]] = []
        """Called, in order, with each new analysis."""
        self.displayed = DisplayedFindings()
        self._latest: dict[str, UnitAnalysis] = {}
        self._tasks: dict[str, tuple[Unit, asyncio.Task[UnitAnalysis]]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._options: dict[str, ServerOptions] = {}
        self._asked: dict[str, Collection[str]] = {}

    def moved(self, unit: Unit, batches: Sequence[Batch]) -> None:
        """The unit is new; what is shown moves along with the edits until it is analysed."""
        self._stop(key(unit.uri))
        self.displayed.moved(unit, batches)

    def saved(self, unit: Unit) -> UnitAnalysis | None:
        """The unit was saved. What is known of it and was not shown until now."""
        self.displayed.saved(unit)
        known = self.peek(unit)
        if known is None or not self.displayed.waits(known):
            return None
        self.displayed.found(known)
        return known

    def schedule(self, unit: Unit, delay: float) -> None:
        """Analyse the unit after `delay` seconds, unless something newer comes first."""
        name = key(unit.uri)
        self._stop(name)
        if delay <= 0:
            self._start(unit)
        else:
            loop = asyncio.get_running_loop()
            self._timers[name] = loop.call_later(delay, self._start, unit)

    def forget(self, uri: str) -> None:
        """The unit is closed."""
        name = key(uri)
        self._stop(name)
        self._latest.pop(name, None)
        self.displayed.forget(uri)
        self._options.pop(name, None)
        self._asked.pop(name, None)

    def known(self) -> list[UnitAnalysis]:
        """The newest analysis of each open unit, of an older text or not."""
        return list(self._latest.values())

    def outdated(self, unit: Unit) -> None:
        """What is known of the unit has to be found out again."""
        self._latest.pop(key(unit.uri), None)

    def invalidate(self) -> None:
        """Settings changed or the worker is new: what is known must be found out again."""
        self._latest.clear()
        for name in tuple(self._tasks):
            self._stop(name)

    def peek(self, unit: Unit) -> UnitAnalysis | None:
        """What is known about exactly this unit, without waiting."""
        latest = self._latest.get(key(unit.uri))
        return latest if latest is not None and latest.unit is unit else None

    def options(self, uri: str) -> ServerOptions | None:
        """The editor's settings as of the unit's last analysis."""
        return self._options.get(key(uri))

    async def get(self, uri: str) -> UnitAnalysis | None:
        """The analysis of the newest text, at once or when it is there; None for a closed one."""
        while (unit := self._current(uri)) is not None:
            known = self.peek(unit)
            if known is not None:
                return known
            task = self._start(unit)
            await asyncio.wait({task})
            if not task.cancelled():
                return task.result()
        return None

    def _stop(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()
        _, task = self._tasks.pop(name, (None, None))
        if task is not None:
            task.cancel()

    def _start(self, unit: Unit) -> asyncio.Task[UnitAnalysis]:
        name = key(unit.uri)
        running, task = self._tasks.get(name, (None, None))
        if task is not None and running is unit and not task.done():
            return task
        self._stop(name)
        task = asyncio.create_task(self._run(unit))
        task.add_done_callback(_log_failure)
        self._tasks[name] = (unit, task)
        return task

    async def _run(self, unit: Unit) -> UnitAnalysis:
        name = key(unit.uri)
        begun = time.perf_counter()
        resolved = await self._resolve(unit.uri, unit.path)
        self._options[name] = resolved.options
        result, left = await self._check(unit, resolved)
        last = self.displayed.last(unit, resolved)
        findings = result.findings if result.failure is None or last is None else last
        seconds = time.perf_counter() - begun
        analysis = UnitAnalysis(unit, resolved, result, findings, left, seconds)
        self._latest[name] = analysis
        self.displayed.found(analysis)
        for listener in self.listeners:
            listener(analysis)
        if any(fix_all_takes(finding, resolved) for finding in result.findings):
            loop = asyncio.get_running_loop()
            self._timers[name] = loop.call_later(_AHEAD, self._fix_ahead, analysis)
        return analysis

    async def _check(self, unit: Unit, resolved: Resolved) -> tuple[CheckResult, frames.Left]:
        """What a unit contains, and what its analysis was told of other files."""
        names = self._index().names
        if not unit.relevant or not may_have_findings(unit, names):
            return CheckResult(), ()
        if not resolved.options.enable:
            return CheckResult(off=True), ()
        taken = self._index().taken_from(unit.path)
        ask = frames.Analyze(
            unit.text, resolved.settings, unit.path, unit.python, names, taken,
            partly=self.displayed.last(unit, resolved) is None,
        )  # fmt: skip
        lane = self._lane_of(unit.text, self._lane)

        async def question(left: frames.Left) -> tuple[CheckResult, Collection[str]]:
            answer = await lane.ask(replace(ask, left=left), budget(unit.text))
            assert isinstance(answer, CheckResult)
            return answer, answer.plan.asked

        name = key(unit.uri)
        try:
            known = self._asked.get(name, ())
            answer, left = await ask_until_it_holds(self._index(), unit.path, question, known)
        except LostError as error:
            return CheckResult(failure=Failure(error.kind, str(error))), ()
        self._asked[name] = answer.plan.asked
        if answer.failure is not None:  # their edits are for the part that parses
            answer = replace(answer, findings=tuple(map(stripped, answer.findings)))
        return answer, left

    def _lane_of(self, text: str, usual: Lane) -> Lane:
        """Where to ask about a text, so that no small one waits for a large one."""
        return self._large if len(text) > LARGE else usual

    def _fix_ahead(self, analysis: UnitAnalysis) -> None:
        if self.peek(analysis.unit) is analysis:
            self._fix_task(analysis, (None, False, None, None), self._ahead)

    async def fix(
        self,
        analysis: UnitAnalysis,
        rules: tuple[str, ...] | None = None,
        unsafe: bool = False,
        run: Told | None = None,
        within: tuple[int, int] | None = None,
    ) -> FixOutcome:
        """What the analysed text becomes by its fixes. Raises LostError.

        `rules` are names; None means all that the settings let fix-all fix. `run` is what a run
        over several files does to the others; None if this text alone is fixed. `within` is the
        span whose findings are meant; None for all.
        """
        wanted = rules, unsafe, run, within
        return await asyncio.shield(self._fix_task(analysis, wanted, self._lane))

    async def holds(self, analysis: UnitAnalysis, edits: tuple[Edit, ...]) -> bool:
        """Whether the analysed text, if it is Python, still parses after `edits`."""
        if not analysis.unit.python:
            return True
        known = analysis.checked.get(edits)
        if known is None:
            text = apply(analysis.unit.text, edits)
            try:
                lane = self._lane_of(text, self._lane)
                answer = await lane.ask(frames.Parse(text), budget(text))
            except LostError:
                return False
            known = isinstance(answer, CheckResult) and answer.failure is None
            analysis.checked[edits] = known
        return known

    def _fix_task(
        self, analysis: UnitAnalysis, wanted: FixKey, lane: Lane
    ) -> asyncio.Task[FixOutcome]:
        task = analysis.fixes.get(wanted)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.create_task(self._fix(analysis, wanted, lane))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            analysis.fixes[wanted] = task
        return task

    async def _fix(self, analysis: UnitAnalysis, wanted: FixKey, lane: Lane) -> FixOutcome:
        rules, unsafe, run, within = wanted
        unit = analysis.unit
        settings, options = analysis.resolved.settings, analysis.resolved.options
        chosen = fixable(options, analysis.result.findings) if rules is None else rules
        index = self._index()
        told = run or Told()
        taken = index.taken_from(unit.path) if told.taken is None else told.taken
        given = unit.text, settings, unit.path, chosen, unsafe, index.names, taken
        ask = frames.FixAll(*given, moves=told.moves, within=within)

        async def question(left: frames.Left) -> tuple[FixOutcome, Collection[str]]:
            lane_ = self._lane_of(unit.text, lane)
            answer = await lane_.ask(replace(ask, left=left), 3 * budget(unit.text))
            assert isinstance(answer, FixOutcome)
            return answer, answer.remaining.plan.asked

        if run is not None:
            return (await question(run.left))[0]
        outcome, _ = await ask_until_it_holds(
            index, unit.path, question, analysis.result.plan.asked
        )
        return outcome


async def ask_until_it_holds(
    index: Index,
    path: str | None,
    question: Callable[[frames.Left], Awaitable[tuple[T, Collection[str]]]],
    kinds: Collection[str] = (),
) -> tuple[T, frames.Left]:
    """An answer about the file at `path`, and what it was told of other files.

    `question` is asked with what these leave, and says which kinds its answer depends on; again as
    long as other files have something else of those by then.
    """
    asked = frozenset(kinds)
    while True:
        told = tuple(sorted(index.left(path, asked).items()))
        answer, depends = await question(told)
        asked |= frozenset(depends)
        if not index.differs(path, told, asked):
            return answer, told


def _log_failure(task: asyncio.Task[UnitAnalysis]) -> None:
    if not task.cancelled() and task.exception() is not None:
        logger.error("an analysis failed", exc_info=task.exception())
