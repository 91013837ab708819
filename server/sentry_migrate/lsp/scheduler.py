"""When a text is analysed, and what is known about the newest version of each unit.

Owns all analysis tasks: debounce, superseding, budgets, and fixes computed ahead. Refuses to know
the protocol.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

from sentry_migrate import frames
from sentry_migrate.lsp.analysis import (
    Analysis,
    FixKey,
    budget,
    fix_all_takes,
    fixable,
    mentions_sentry,
)
from sentry_migrate.lsp.changes import Round
from sentry_migrate.lsp.documents import Unit, key
from sentry_migrate.lsp.editor import Editor
from sentry_migrate.lsp.settings import Resolved
from sentry_migrate.lsp.shown import Shown
from sentry_migrate.lsp.workers import Lane, LostError
from sentry_migrate.model import Failure, FixOutcome, Report
from sentry_migrate.text.edits import Edit, apply

logger = logging.getLogger(__name__)

DEBOUNCE = 0.2
"""Seconds of silence after a change before the text is analysed."""
_AHEAD = 0.5
"""Seconds after an analysis before fix-all is computed ahead of being asked for."""


class Analyses:
    """The newest analysis of each open unit."""

    def __init__(
        self,
        lane: Lane,
        ahead: Lane,
        current: Callable[[str], Unit | None],
        resolve: Callable[[str, str | None], Awaitable[Resolved]],
        done: Callable[[Analysis], None],
        handed: Callable[[], frames.Handed],
    ) -> None:
        self._lane = lane
        self._ahead = ahead
        self._current = current
        self._resolve = resolve
        self._done = done
        self._handed = handed
        self.shown = Shown()
        self._latest: dict[str, Analysis] = {}
        self._tasks: dict[str, tuple[Unit, asyncio.Task[Analysis]]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._editors: dict[str, Editor] = {}

    def moved(self, unit: Unit, rounds: Sequence[Round]) -> None:
        """The unit is new; what is shown moves along with the edits until it is analysed."""
        self._stop(key(unit.uri))
        self.shown.moved(unit, rounds)

    def saved(self, unit: Unit) -> Analysis | None:
        """The unit was saved. What is known of it and was not shown until now."""
        self.shown.saved(unit)
        known = self.peek(unit)
        if known is None or not self.shown.waits(known):
            return None
        self.shown.found(known)
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
        self.shown.forget(uri)
        self._editors.pop(name, None)

    def invalidate(self) -> None:
        """Settings changed or the worker is new: what is known must be found out again."""
        self._latest.clear()
        for name in tuple(self._tasks):
            self._stop(name)

    def peek(self, unit: Unit) -> Analysis | None:
        """What is known about exactly this unit, without waiting."""
        latest = self._latest.get(key(unit.uri))
        return latest if latest is not None and latest.unit is unit else None

    def editor(self, uri: str) -> Editor | None:
        """The editor's settings as of the unit's last analysis."""
        return self._editors.get(key(uri))

    async def get(self, uri: str) -> Analysis | None:
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

    def _start(self, unit: Unit) -> asyncio.Task[Analysis]:
        name = key(unit.uri)
        running, task = self._tasks.get(name, (None, None))
        if task is not None and running is unit and not task.done():
            return task
        self._stop(name)
        task = asyncio.create_task(self._run(unit))
        task.add_done_callback(_log_failure)
        self._tasks[name] = (unit, task)
        return task

    async def _run(self, unit: Unit) -> Analysis:
        name = key(unit.uri)
        begun = time.perf_counter()
        resolved = await self._resolve(unit.uri, unit.path)
        self._editors[name] = resolved.editor
        report = await self._report(unit, resolved)
        last = self.shown.last(unit, resolved)
        findings = report.findings if report.failure is None else last
        analysis = Analysis(unit, resolved, report, findings, time.perf_counter() - begun)
        self._latest[name] = analysis
        self.shown.found(analysis)
        self._done(analysis)
        if any(fix_all_takes(finding, resolved) for finding in report.findings):
            loop = asyncio.get_running_loop()
            self._timers[name] = loop.call_later(_AHEAD, self._fix_ahead, analysis)
        return analysis

    async def _report(self, unit: Unit, resolved: Resolved) -> Report:
        if not resolved.editor.enable or not unit.relevant:
            return Report()
        names = self._handed()
        if not mentions_sentry(unit, names):
            return Report()
        ask = frames.Analyze(unit.text, resolved.settings, unit.path, unit.python, names)
        try:
            answer = await self._lane.ask(ask, budget(unit.text))
        except LostError as error:
            return Report(failure=Failure(error.kind, str(error)))
        assert isinstance(answer, Report)
        return answer

    def _fix_ahead(self, analysis: Analysis) -> None:
        if self.peek(analysis.unit) is analysis:
            self._fix_task(analysis, (None, False), self._ahead)

    async def fix(
        self, analysis: Analysis, rules: tuple[str, ...] | None = None, unsafe: bool = False
    ) -> FixOutcome:
        """What the analysed text becomes by its fixes. Raises LostError.

        `rules` are names; None means all that the settings let fix-all fix.
        """
        return await asyncio.shield(self._fix_task(analysis, (rules, unsafe), self._lane))

    async def holds(self, analysis: Analysis, edits: tuple[Edit, ...]) -> bool:
        """Whether the analysed text, if it is Python, still is after `edits`."""
        if not analysis.unit.python:
            return True
        known = analysis.checked.get(edits)
        if known is None:
            text = apply(analysis.unit.text, edits)
            try:
                answer = await self._lane.ask(frames.Parse(text), budget(text))
            except LostError:
                return False
            known = isinstance(answer, Report) and answer.failure is None
            analysis.checked[edits] = known
        return known

    def _fix_task(self, analysis: Analysis, wanted: FixKey, lane: Lane) -> asyncio.Task[FixOutcome]:
        task = analysis.fixes.get(wanted)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.create_task(self._fix(analysis, wanted, lane))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            analysis.fixes[wanted] = task
        return task

    async def _fix(self, analysis: Analysis, wanted: FixKey, lane: Lane) -> FixOutcome:
        rules, unsafe = wanted
        unit = analysis.unit
        settings, editor = analysis.resolved.settings, analysis.resolved.editor
        chosen = fixable(editor, analysis.report.findings) if rules is None else rules
        names = self._handed()
        ask = frames.FixAll(unit.text, settings, unit.path, chosen, unsafe, names)
        answer = await lane.ask(ask, 3 * budget(unit.text))
        assert isinstance(answer, FixOutcome)
        return answer


def _log_failure(task: asyncio.Task[Analysis]) -> None:
    if not task.cancelled() and task.exception() is not None:
        logger.error("an analysis failed", exc_info=task.exception())
