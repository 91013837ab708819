"""What a child process answers: the engine's reports and fixes, and what is in files.

Owns how each question of `frames` is answered. Refuses to know who asks, and what a process is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import Any

from sentry_migrate import __version__
from sentry_migrate.model import CheckResult, Failure, Fix, FixOutcome
from sentry_migrate.plan import Answer
from sentry_migrate.project import regular_files
from sentry_migrate.project.candidates import may_concern
from sentry_migrate.project.dependency_files import kind_of
from sentry_migrate.project.plan_words import may_have, spelled
from sentry_migrate.project.reexports import ReexportIndex
from sentry_migrate.text.notebook import NotebookSource, code_of, source_of
from sentry_migrate.text.source import DecodeError, Source
from sentry_migrate.worker import frames, workspace_scan
from sentry_migrate.worker.process import Handlers, run

_ACROSS_CELLS = (
    "Change the code by hand: the fix would change several cells as one, or a magic command."
)


def main() -> None:
    """Answer questions until standard input ends."""
    run(load)


def load() -> tuple[frames.Hello, Handlers]:
    """The real analysis. Imported here and not above: the server imports frames, never this."""
    import libcst

    from sentry_migrate.engine.analyze import analyze, as_it_is, not_parsed
    from sentry_migrate.engine.fix import fix
    from sentry_migrate.project.defined_code import noted
    from sentry_migrate.project.files import is_excluded
    from sentry_migrate.project.given_functions import given_functions
    from sentry_migrate.python.broken_statements import without_syntax_errors
    from sentry_migrate.python.syntax_errors import ParseError
    from sentry_migrate.python.tree import Tree
    from sentry_migrate.rules import RULES

    def analyze_text(ask: frames.Analyze) -> CheckResult:
        if not ask.python and not kind_of(ask.path):
            return CheckResult()
        if ask.path is not None and is_excluded(ask.path, ask.settings):
            return CheckResult(excluded=True)
        source = Source(ask.text)
        given = names(ask.reexports, ask.path, source)
        path, left = _pure(ask.path), dict(ask.left)
        result = analyze(source, ask.settings, path, given, ask.taken, left)
        broken = result.failure is not None and result.failure.kind == "syntax"
        rest = without_syntax_errors(ask.text) if broken and ask.partly else None
        if rest is None:
            return result
        found = analyze(Source(rest), ask.settings, path, given, ask.taken, left).findings
        return replace(result, findings=found)

    def names(known: frames.Reexports, path: str | None, source: Source) -> Mapping[str, str]:
        if path is None:
            return {}
        data = source.text.encode("utf-8", "replace")
        found = ReexportIndex(known).concerning(path, data) if known else {}
        return {**dict(given_functions(path, data)), **found}

    def check(ask: frames.Check) -> frames.Checked:
        with noted() as looked:
            checked = checked_alone(ask)
        return replace(checked, looked=tuple(looked))

    def checked_alone(ask: frames.Check) -> frames.Checked:
        path = PurePath(ask.path)
        try:
            source = source_of(ask.path, ask.data)
        except DecodeError as error:
            failure = Failure("decode", str(error))
            return frames.Checked(CheckResult(failure=failure, plan=spelled(ask.data)))
        given = dict(ask.reexports)
        left = dict(ask.left)
        if ask.context:
            plan = as_it_is(source, ask.settings, path, given, left)
            return frames.Checked(CheckResult(plan=plan))
        moves = dict(ask.moves)

        def as_found() -> CheckResult:
            result = analyze(source, ask.settings, path, given, ask.taken, left, moves)
            return _possible(source, result)

        if not ask.fix:
            return frames.Checked(as_found())
        made = partial(
            fix,
            source,
            ask.settings,
            path,
            unsafe=ask.settings.unsafe_fixes,
            reexports=given,
            taken=ask.taken,
            left=left,
            moves=moves,
        )
        outcome = made()
        if unable := not_in_cells(source, outcome, as_found):
            outcome = made(rules=frozenset(RULES) - unable)
        if not outcome.edits:
            return frames.Checked(_possible(source, outcome.remaining))
        result = outcome.remaining
        try:
            fixed = source.edited(outcome.edits)
            after = source_of(ask.path, fixed)
        except DecodeError as error:
            problem = f"the fixes cannot be written: {error}"
            failure = Failure("decode", problem)
            return frames.Checked(CheckResult(failure=failure, plan=spelled(ask.data)))
        if after.text != outcome.text:  # a cell keeps its place, though nothing is left in it
            found = analyze(after, ask.settings, path, given, ask.taken, left)
            result = replace(result, findings=found.findings, outdated=found.outdated)
        return frames.Checked(_possible(after, result), outcome.applied, fixed)

    def not_in_cells(
        source: Source, outcome: FixOutcome, as_found: Callable[[], CheckResult]
    ) -> set[str]:
        """Names of rules whose fixes keep those of a notebook from being made."""
        if not isinstance(source, NotebookSource) or source.takes(outcome.edits):
            return set()
        return {one.name for one in as_found().findings if one.remedy == _ACROSS_CELLS}

    def parse(ask: frames.Parse) -> CheckResult:
        try:
            Tree.of(ask.text)
        except ParseError as error:
            return CheckResult(failure=not_parsed(error))
        return CheckResult()

    def fix_text(ask: frames.FixAll) -> FixOutcome:
        source = Source(ask.text)
        return fixed(ask, source, _pure(ask.path), ask.within)

    def analyze_file(ask: frames.AnalyzeFile) -> frames.FileResult:
        if is_excluded(ask.path, ask.settings):
            return frames.FileResult("", CheckResult(excluded=True))
        source = _read(ask.path)
        if isinstance(source, Failure):
            return frames.FileResult("", CheckResult(failure=source))
        path = PurePath(ask.path)
        given = names(ask.reexports, ask.path, source)
        result = analyze(source, ask.settings, path, given, ask.taken, dict(ask.left))
        if not (result.findings or result.failure):
            return frames.FileResult("", result)
        cells = source.cells if isinstance(source, NotebookSource) else ()
        own = tuple((cell.number, cell.start, cell.text) for cell in cells)
        return frames.FileResult(source.text, _possible(source, result), own)

    def fix_file(ask: frames.FixFile) -> frames.FileFix:
        source = _read(ask.path)
        if isinstance(source, Failure):
            return frames.FileFix("", FixOutcome("", (), (), CheckResult(failure=source)))
        path = PurePath(ask.path)
        outcome = fixed(ask, source, path)
        if not isinstance(source, NotebookSource):
            return frames.FileFix(source.text, outcome)

        def as_found() -> CheckResult:
            given = names(ask.reexports, ask.path, source)
            left, moves = dict(ask.left), dict(ask.moves)
            result = analyze(source, ask.settings, path, given, ask.taken, left, moves)
            return _possible(source, result)

        if unable := not_in_cells(source, outcome, as_found):
            rules = frozenset(RULES if ask.rules is None else ask.rules) - unable
            outcome = fixed(replace(ask, rules=tuple(sorted(rules))), source, path)
        try:
            edits = tuple(source.edits_in_file(outcome.edits))
            source_of(ask.path, source.edited(outcome.edits))
        except DecodeError as error:
            failure = CheckResult(failure=Failure("decode", str(error)), plan=as_found().plan)
            outcome, edits = FixOutcome(source.text, (), (), failure), ()
        return frames.FileFix(source.text, outcome, (source.file.text, edits))

    def fixed(
        ask: frames.FixAll | frames.FixFile,
        source: Source,
        path: PurePath | None,
        within: tuple[int, int] | None = None,
    ) -> FixOutcome:
        return fix(
            source,
            ask.settings,
            path,
            unsafe=ask.unsafe,
            rules=None if ask.rules is None else frozenset(ask.rules),
            reexports=names(ask.reexports, ask.path, source),
            taken=ask.taken,
            left=dict(ask.left),
            within=within,
            moves=dict(ask.moves),
        )

    def surveyed(ask: frames.Survey) -> frames.Surveyed:
        found: list[tuple[str, Answer]] = []
        for path in ask.paths:
            with suppress(OSError):
                data = regular_files.read(path)
                code = code_of(path, data)
                if not may_have(ask.kinds, path, code, may_concern(path, data)):
                    continue
                try:
                    source = source_of(path, data)
                except DecodeError:
                    found.append((path, spelled(data)))
                    continue
                given = names(ask.reexports, path, source)
                left = dict(ask.left)
                found.append((path, as_it_is(source, ask.settings, PurePath(path), given, left)))
        return frames.Surveyed(tuple(found))

    docs = tuple(
        frames.RuleDoc(
            rule.code, rule.name, rule.group, rule.kind, rule.summary, rule.why, rule.safety,
            rule.page, rule.follows,
        )
        for rule in RULES.values()
    )  # fmt: skip
    versions = (
        ("sentry-migrate", __version__),
        ("libcst", libcst.LIBCST_VERSION),
        ("python", sys.version.split()[0]),
    )
    handlers: dict[type[Any], Callable[[Any], frames.Answer]] = {
        frames.Analyze: analyze_text,
        frames.Check: check,
        frames.Parse: parse,
        frames.FixAll: fix_text,
        frames.AnalyzeFile: analyze_file,
        frames.FixFile: fix_file,
        frames.Discover: workspace_scan.discovered,
        frames.Read: workspace_scan.modules_of,
        frames.Survey: surveyed,
        frames.Follow: workspace_scan.followed,
        frames.Look: workspace_scan.seen,
    }
    return frames.Hello(docs, versions), handlers


def _possible(source: Source, result: CheckResult) -> CheckResult:
    """The result without the fixes and comments that cannot be made in a notebook."""
    if not isinstance(source, NotebookSource):
        return result

    def made(fix: Fix | None) -> Fix | None:
        return fix if fix is not None and source.takes(fix.edits) else None

    findings = []
    for one in result.findings:
        fix = made(one.fix)
        others = tuple(filter(made, one.alternatives))
        remedy = one.remedy if fix is one.fix else _ACROSS_CELLS
        comment = one.suppression
        if comment is not None and not source.takes([comment]):
            comment = None
        findings.append(
            replace(one, fix=fix, alternatives=others, remedy=remedy, suppression=comment)
        )
    outdated = tuple(one for one in result.outdated if source.takes([one]))
    return replace(result, findings=tuple(findings), outdated=outdated)


def _pure(path: str | None) -> PurePath | None:
    return None if path is None else PurePath(path)


def _read(path: str) -> Source | Failure:
    try:
        return source_of(path, regular_files.read(path))
    except (DecodeError, OSError) as error:
        return Failure("decode", str(error))
