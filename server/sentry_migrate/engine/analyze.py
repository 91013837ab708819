"""From a text to a `CheckResult`: the one way findings are made.

Owns the order of the steps: look for the SDK's name, parse once, find uses, run rules, add import
edits, hide what is suppressed. Knows rules only through their registry.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

import libcst as cst

from sentry_migrate.doubts import TOO_INTRICATE
from sentry_migrate.engine import unseen_lines
from sentry_migrate.engine.dependencies import analyze_dependencies
from sentry_migrate.engine.judged_fix import judged_fix
from sentry_migrate.engine.remaining import OWN_TOO, remaining, without_sdk
from sentry_migrate.engine.rule_runs import (
    Judged,
    RuleFailures,
    described,
    judge,
    not_made,
    not_suppressed,
)
from sentry_migrate.engine.selection import by_code, chosen_rules, for_script, severities
from sentry_migrate.engine.waiting_fixes import dropped_hubs, given_hubs, withheld
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.reminders import Place, Reminders
from sentry_migrate.kit.suppressions import Suppressions
from sentry_migrate.model import (
    Applicability,
    CheckResult,
    Failure,
    Finding,
    Fix,
    Function,
    Related,
)
from sentry_migrate.plan import ANYTHING, Answer, Elsewhere, Move, Site, is_stand_in
from sentry_migrate.project.config import Settings
from sentry_migrate.project.dependency_files import kind_of, lists_requirements
from sentry_migrate.project.mentions import mentions_sentry
from sentry_migrate.project.plan_words import spelled
from sentry_migrate.project.taken_names import ALL_UNKNOWN, TakenNames
from sentry_migrate.proof.handed_hubs import given_elsewhere
from sentry_migrate.proof.moves import moves as moves_of
from sentry_migrate.python.parsing import MOST, is_too_large
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.syntax_errors import ParseError
from sentry_migrate.python.tree import Tree
from sentry_migrate.rewrite.import_plan import ImportPlan
from sentry_migrate.rewrite.indentation import follow_dedents
from sentry_migrate.rewrite.long_lines import broken
from sentry_migrate.rewrite.moved_mocks import followed
from sentry_migrate.sdk.imports import Imports
from sentry_migrate.sdk.uses import find_uses
from sentry_migrate.sdk.values import Values
from sentry_migrate.text.edits import Edit, OverlapError, ordered
from sentry_migrate.text.source import Source


def analyze(
    source: Source,
    settings: Settings,
    path: PurePath | None = None,
    reexports: Mapping[str, str] | None = None,
    taken: TakenNames = (),
    left: Mapping[str, str] | None = None,
    moves: Mapping[str, Move] | None = None,
) -> CheckResult:
    """Every finding of `source` under `settings`.

    `path` decides on per-file settings and whether imports are a package's interface. `reexports`
    maps names of the project's own modules to the SDK names they stand for. `taken` are names of
    this module that others may take from it, each once for each file that may. `left` is what the
    run leaves in other files of the project, by kind (`plan.py`); None where nobody plans, and then
    the result has no plan. `moves` are names that code of other modules calls no more, as this text
    spells them.
    """
    if path is not None and kind_of(path):
        return analyze_dependencies(source.text, settings, path)
    if not mentions_sentry(source.text, not lists_requirements(path), reexports or ()):
        unseen = unseen_lines.without_sdk(source.text, path)
        if unseen is None or left is None or path is None:
            return unseen or CheckResult()
        return replace(unseen, plan=as_it_is(source, settings, path, reexports or {}, left))
    analysis = attempt(source.text, settings, path, reexports, taken, left, moves)
    if isinstance(analysis, Failure):
        return failed(source.text, analysis)
    return analysis.result(planned=left is not None)


def as_it_is(
    source: Source,
    settings: Settings,
    path: PurePath,
    reexports: Mapping[str, str],
    left: Mapping[str, str],
) -> Answer:
    """What a Python text that nobody changes has in the project. No rule looks at it."""
    if kind_of(path):
        return Answer()
    if is_too_large(source.text):
        return spelled(source.text)
    try:
        context = _context(
            Tree.of(source.text), settings, path, reexports, ALL_UNKNOWN, Elsewhere(left)
        )
        concerned = mentions_sentry(source.text, names=reexports)
        sites = remaining(context, ()) if concerned else without_sdk(context)
        return Answer(sites, tuple(sorted(context.rest.asked)))
    except (ParseError, RecursionError):
        return spelled(source.text)


def failed(text: str, failure: Failure) -> CheckResult:
    """What is known of a text that has no analysis."""
    return CheckResult(failure=failure, plan=spelled(text))


def attempt(
    text: str,
    settings: Settings,
    path: PurePath | None,
    reexports: Mapping[str, str] | None = None,
    taken: TakenNames = (),
    left: Mapping[str, str] | None = None,
    moves: Mapping[str, Move] | None = None,
) -> Analysis | Failure:
    """The analysis of a text, or why there is none."""
    if is_too_large(text):
        return Failure("size", f"more than {MOST:,} tokens; exclude the file or split it")
    try:
        settings = for_script(settings, text)
        return Analysis.of(text, settings, path, reexports, taken, left, moves)
    except ParseError as error:
        return not_parsed(error)
    except RecursionError:
        return Failure("crash", "the code is nested too deeply")


def not_parsed(error: ParseError) -> Failure:
    """The failure of a text that has no tree."""
    return Failure("unsupported" if error.valid else "syntax", str(error), error.offset)


_UNSAFE = (Applicability.UNSAFE,)


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """Everything known of one parsed text. Lives as long as one report or one round of fixing."""

    context: Context
    judged: Sequence[Judged]
    imports: ImportPlan
    suppressions: Suppressions
    reminders: Reminders
    sites: tuple[Site, ...] | None = None
    """What the text has of the plan (`plan.py`), if that was asked for while it was judged."""
    suppressed: int = 0
    unselected: int = 0
    """As in `CheckResult`."""
    fixes: dict[int, Fix | None] = field(default_factory=dict)
    """By id of the draft: several findings may share a fix."""
    unmade: dict[int, str] = field(default_factory=dict)
    """By id of the draft, how a fix that could not be finished failed."""
    waiting: Sequence[FixDraft] = ()
    """Fixes that are made only once other files make theirs."""

    @classmethod
    def of(
        cls,
        text: str,
        settings: Settings,
        path: PurePath | None,
        reexports: Mapping[str, str] | None = None,
        taken: TakenNames = (),
        left: Mapping[str, str] | None = None,
        moves: Mapping[str, Move] | None = None,
    ) -> Analysis:
        """Parse and judge a text. Raises ParseError."""
        tree = Tree.of(text)
        active = chosen_rules(settings, path)
        failures = RuleFailures()
        told = dict(left or {})
        while True:
            rest = Elsewhere(told, moves or {})
            context = _context(tree, settings, path, reexports, taken, rest)
            suppressions = Suppressions(tree.lines, tree.quoted)
            judged = judge(context, failures)
            kept, hidden = not_suppressed(context, judged, suppressions, active, failures)
            if failures.fresh():
                continue
            if context.values.incomplete:
                _doubt(kept)
            waiting = withheld(context, kept)
            fresh: dict[str, str] = {}
            sites = None
            asked = context.rest.asked - told.keys()
            if wanted := {kind for kind in asked if kind in OWN_TOO or is_stand_in(kind)}:
                sites = remaining(context, kept)
                stay = [site for site in sites if not site.settled]
                own = {site.kind: f"line {site.line}" for site in reversed(stay)}
                if ANYTHING in own:
                    own = dict.fromkeys(wanted, "this file, in which looking for it failed")
                fresh = {kind: own[kind] for kind in own.keys() & wanted}
            if not fresh:
                imports = ImportPlan(context.imports, settings.code_style)
                suppressed = sum(one.rule.name in active for one in hidden)
                unselected = sum(one.rule.default and one.rule.name not in active for one in hidden)
                reminders = Reminders(tree.lines, tree.quoted, suppressions, by_code(active))
                known = suppressions, reminders, sites, suppressed, unselected
                return cls(context, kept, imports, *known, waiting=waiting)
            told |= fresh

    def result(self, planned: bool = False, fixing: bool = False) -> CheckResult:
        """The findings, each fix with its import edits; where it is `planned`, what the plan is to
        know too: if `fixing`, of such fixes only as are made."""
        findings = tuple(self.finding(one) for one in self.judged)
        plan = self.answer(self._applied, fixing) if planned else Answer()
        return replace(
            unseen_lines.nothing_said(self.context),
            findings=findings,
            suppressed=self.suppressed,
            unselected=self.unselected,
            outdated=self.reminders.outdated(_places(self.judged)),
            functions=self._functions(),
            plan=plan,
        )

    def _functions(self) -> tuple[Function, ...]:
        """The functions that hold findings."""
        tree = self.context.tree
        at = sorted(one.draft.start for one in self.judged)
        found = []
        for node in tree.nodes(cst.FunctionDef) if at else ():
            start, end = self.context.span(node)
            if bisect_left(at, start) < bisect_left(at, end):
                found.append(Function(node.name.value, start, end))
        return tuple(sorted(found, key=lambda one: one.start))

    def answer(self, applied: Callable[[Judged], bool], fixing: bool = False) -> Answer:
        """What the plan is to know, if the fixes of what is `applied` are made; of hubs that are
        given and taken over files, if all fixes are unless it is `fixing`."""
        sites = self.sites
        if sites is None:
            sites = remaining(self.context, self.judged)
        wanted = [one.draft for one in self.judged if applied(one)]
        if not fixing:
            sites += dropped_hubs(one.draft.fix for one in self.judged)
        waiting = (fix for fix in self.waiting if not fixing or self._allowed(fix))
        return Answer(
            (*sites, *given_hubs(self.context, waiting)),
            tuple(sorted(self.context.rest.asked)),
            moves_of(self.context, wanted),
            followed(self.context, [draft.fix for draft in wanted if draft.fix is not None]),
        )

    def _applied(self, one: Judged) -> bool:
        return one.draft.fix is not None and self._allowed(one.draft.fix)

    def _allowed(self, fix: FixDraft) -> bool:
        """Whether the settings have `--fix` make a fix."""
        allowed = (Applicability.SAFE, *_UNSAFE[: int(self.context.settings.unsafe_fixes)])
        return fix.applicability in allowed

    def edits(self, fixes: Iterable[FixDraft]) -> tuple[Edit, ...]:
        """The edits of some fixes applied together, import edits included. Raises OverlapError."""
        own: dict[Edit, None] = {}
        needs = []
        every = {id(fix): fix for fix in fixes}
        for fix in every.values():
            own.update(dict.fromkeys(fix.edits))
            needs.extend(fix.needs)
        mended = {one for one, fix in every.items() if not fix.display}
        settled = (
            not mended.isdisjoint(map(id, (one.draft.fix, *one.draft.alternatives)))
            for one in self.judged
        )
        found = zip(_places(self.judged), settled, strict=True)
        edits = ordered(self.reminders.without(ordered(own), found))
        together = [*edits, *self.imports.edits(needs, edits)]
        tree = self.context.tree
        dedented = ordered(follow_dedents(tree.lines, together))
        return tuple(broken(tree, dedented, self.context.settings.code_style.columns))

    def finding(self, one: Judged) -> Finding:
        """What a draft comes to, its fixes with their import edits."""
        rule, draft = one.rule, one.draft
        severity = severities(self.context.settings).get(rule.name)
        if one.failed:
            severity = draft.severity
        fix = self.made(draft.fix)
        others = [self.made(other) for other in draft.alternatives]
        suppression, trouble = self._suppression(one)
        told = (self.unmade.get(id(tried)) for tried in (draft.fix, *draft.alternatives))
        unmade = next(filter(None, told), trouble)
        return Finding(
            code=rule.code,
            name=rule.name,
            message=draft.message or rule.summary,
            start=draft.start,
            end=draft.end,
            severity=severity or draft.severity or rule.severity,
            url=rule.page,
            fix=fix,
            alternatives=tuple(filter(None, others)),
            remedy=not_made(unmade) if unmade else draft.remedy,
            deprecated=rule.deprecated and draft.deprecated and not one.failed,
            unnecessary=rule.unnecessary and not one.failed,
            related=tuple(
                Related(*self.context.span(node), message) for node, message in draft.related
            ),
            suppression=suppression,
            file_suppression=suppression and self.suppressions.suppressing_file(rule.code),
            failed=one.failed or bool(unmade),
            group=rule.group,
        )

    def _suppression(self, one: Judged) -> tuple[Edit | None, str]:
        """The comments that would suppress a finding, and how finding that out failed."""
        if not self.context.tree.lossless:
            return None, ""
        try:
            return self.suppressions.suppressing(one.draft.start, one.rule.code), ""
        except Exception as error:
            return None, described(error)

    def made(self, draft: FixDraft | None) -> Fix | None:
        """The fix on its own; None where it cannot be made, see `unmade`."""
        if draft is None or not self.context.tree.lossless:
            return None
        if id(draft) not in self.fixes:
            try:
                self.fixes[id(draft)] = self._finished(draft)
            except Exception as error:
                self.fixes[id(draft)] = None
                self.unmade[id(draft)] = described(error)
        return self.fixes[id(draft)]

    def _finished(self, draft: FixDraft) -> Fix | None:
        try:
            edits = self.edits([draft])
        except OverlapError:
            return None
        fix = judged_fix(draft.message, edits, draft.doubts, self.context.settings, draft.display)
        together = {site.kind for site in (*draft.drops, *draft.awaits)}
        return replace(fix, together=tuple(sorted(together))) if together else fix


def _places(judged: Iterable[Judged]) -> Iterator[Place]:
    return ((one.draft.start, one.rule.code) for one in judged)


def _doubt(judged: Iterable[Judged]) -> None:
    """Have no fix be safe: a proof that nothing stands in its way has not seen everything."""
    for one in judged:
        for fix in (one.draft.fix, *one.draft.alternatives):
            if fix is not None:
                fix.unsafe(TOO_INTRICATE)


def _context(
    tree: Tree,
    settings: Settings,
    path: PurePath | None,
    reexports: Mapping[str, str] | None,
    taken: TakenNames,
    rest: Elsewhere,
) -> Context:
    """What rules may ask of a text."""
    scopes = Scopes(tree)
    values = Values(tree, scopes, reexports, [*given_elsewhere(tree, path, taken, rest)])
    package = path is not None and path.name == "__init__.py"
    imports = Imports(tree, values, (*ALL_UNKNOWN, *taken) if package else taken)
    uses = find_uses(tree, scopes, values)
    return Context(tree, scopes, values, imports, settings, uses, path, rest)
