"""From a text to a report: the one way findings are made.

Owns the order of the steps: look for the SDK's name, parse once, find uses, run rules, add import
edits, leave out what is suppressed. Knows rules only through their registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath

from sentry_migrate.config import Settings
from sentry_migrate.engine.dependencies import analyze_dependencies, is_dependency_file
from sentry_migrate.engine.indentation import follow_dedents
from sentry_migrate.engine.selection import chosen_rules, severities
from sentry_migrate.engine.suppressions import Suppressions
from sentry_migrate.model import Applicability, Failure, Finding, Fix, Related, Report
from sentry_migrate.reexports import MARKS, may_use
from sentry_migrate.rules import RULES
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._rule import Check, Gather, Rule
from sentry_migrate.syntax.import_plan import ImportPlan
from sentry_migrate.syntax.imports import Imports
from sentry_migrate.syntax.scopes import Scopes
from sentry_migrate.syntax.tree import ParseError, Tree
from sentry_migrate.syntax.uses import find_uses
from sentry_migrate.syntax.values import Values
from sentry_migrate.text.edits import Edit, OverlapError, ordered
from sentry_migrate.text.source import Source


def analyze(
    source: Source,
    settings: Settings,
    path: PurePath | None = None,
    reexports: Mapping[str, str] | None = None,
) -> Report:
    """Every finding of `source` under `settings`.

    `path` decides on per-file settings and whether imports are a package's interface. `reexports`
    maps names of the project's own modules to the SDK names they stand for.
    """
    if path is not None and is_dependency_file(path):
        return analyze_dependencies(source.text, settings, path)
    if not concerns(source.text, reexports):
        return Report()
    analysis = attempt(source.text, settings, path, reexports)
    if isinstance(analysis, Failure):
        return Report(failure=analysis)
    return analysis.report()


def attempt(
    text: str,
    settings: Settings,
    path: PurePath | None,
    reexports: Mapping[str, str] | None = None,
) -> Analysis | Failure:
    """The analysis of a text, or why there is none."""
    try:
        return Analysis.of(text, settings, path, reexports)
    except ParseError as error:
        return Failure("syntax", str(error), error.offset)
    except RecursionError:
        return Failure("crash", "the code is nested too deeply")


def concerns(text: str, reexports: Mapping[str, str] | None = None) -> bool:
    """Whether a text can have findings at all: a substring search, no parsing."""
    if any(mark in text for mark in MARKS):
        return True
    return may_use(reexports or (), text)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A draft with the rule that made it."""

    rule: Rule
    draft: Draft


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """Everything known of one parsed text. Lives as long as one report or one round of fixing."""

    context: Context
    judged: Sequence[Judged]
    imports: ImportPlan
    suppressions: Suppressions
    fixes: dict[int, Fix | None] = field(default_factory=dict)
    """By id of the draft: several findings may share a fix."""

    @classmethod
    def of(
        cls,
        text: str,
        settings: Settings,
        path: PurePath | None,
        reexports: Mapping[str, str] | None = None,
    ) -> Analysis:
        """Parse and judge a text. Raises ParseError."""
        tree = Tree(text)
        scopes = Scopes(tree)
        values = Values(tree, scopes, reexports)
        interface = path is not None and path.name == "__init__.py"
        imports = Imports(tree, values, interface)
        uses = find_uses(tree, scopes, values)
        context = Context(tree, scopes, values, imports, settings, uses, path)
        active = chosen_rules(settings, path)
        table, gathers = _dispatch()
        judged: list[Judged] = []
        for use in uses:
            for rule, check in table.get(use.trigger, ()):
                judged.extend(Judged(rule, draft) for draft in check(use, context))
        # By code: a later gather sees what the earlier ones found.
        for rule, gather in gathers:
            drafts = [one.draft for one in judged]
            judged.extend(Judged(rule, draft) for draft in gather(context, drafts))
        suppressions = Suppressions(tree.lines, tree.quoted)
        kept = [
            one
            for one in judged
            if not suppressions.cover(one.draft.start, one.rule.code, one.rule.name)
            and one.rule.name in active
        ]
        if _UNUSED.name in active:
            kept += _unused(context, suppressions)
        kept.sort(key=lambda one: (one.draft.start, one.draft.end, one.rule.code))
        return cls(context, kept, ImportPlan(imports), suppressions)

    def report(self) -> Report:
        """The findings, each fix with its import edits."""
        return Report(tuple(self.finding(one) for one in self.judged))

    def edits(self, fixes: Iterable[FixDraft]) -> tuple[Edit, ...]:
        """The edits of some fixes applied together, import edits included. Raises OverlapError."""
        own: dict[Edit, None] = {}
        needs = []
        for fix in {id(fix): fix for fix in fixes}.values():
            own.update(dict.fromkeys(fix.edits))
            needs.extend(fix.needs)
        edits = ordered(own)
        together = [*edits, *self.imports.edits(needs, edits)]
        return tuple(ordered(follow_dedents(self.context.tree.lines, together)))

    def finding(self, one: Judged) -> Finding:
        """What a draft comes to, its fixes with their import edits."""
        rule, draft = one.rule, one.draft
        severity = severities(self.context.settings).get(rule.name)
        return Finding(
            code=rule.code,
            name=rule.name,
            message=draft.message or rule.summary,
            start=draft.start,
            end=draft.end,
            severity=severity or draft.severity or rule.severity,
            url=rule.link,
            fix=self._fix(draft.fix),
            alternatives=tuple(
                fix for fix in (self._fix(other) for other in draft.alternatives) if fix
            ),
            remedy=draft.remedy,
            deprecated=rule.deprecated,
            unnecessary=rule.unnecessary,
            related=tuple(
                Related(*self.context.span(node), message) for node, message in draft.related
            ),
            suppression=self.suppressions.suppressing(draft.start, rule.code)
            if self.context.tree.lossless
            else None,
        )

    def _fix(self, draft: FixDraft | None) -> Fix | None:
        if draft is None or not self.context.tree.lossless:
            return None
        if id(draft) not in self.fixes:
            self.fixes[id(draft)] = self._finished(draft)
        return self.fixes[id(draft)]

    def _finished(self, draft: FixDraft) -> Fix | None:
        try:
            edits = self.edits([draft])
        except OverlapError:
            return None
        applicability = draft.applicability
        reason = "; ".join(draft.reasons) if applicability is not Applicability.SAFE else ""
        return Fix(draft.message, applicability, edits, reason)


_UNUSED = RULES["unused-suppression"]
_KNOWN = frozenset(name for rule in RULES.values() for name in (rule.code, rule.name))


def _unused(context: Context, suppressions: Suppressions) -> Iterator[Judged]:
    """Findings about the suppression comments that silence none."""
    for one in suppressions.unused(_KNOWN, (_UNUSED.code, _UNUSED.name)):
        fix = context.fix("Remove what silences nothing").add([one.edit])
        fix.unsafe("the words after it go with it" if one.words else "")
        yield Judged(_UNUSED, Draft(one.start, one.end, fix, message=one.message))


@lru_cache(maxsize=1)
def _dispatch() -> tuple[Mapping[str, Sequence[tuple[Rule, Check]]], Sequence[tuple[Rule, Gather]]]:
    table: dict[str, list[tuple[Rule, Check]]] = {}
    gathers: list[tuple[Rule, Gather]] = []
    for rule in RULES.values():
        for trigger, check in rule.checks:
            table.setdefault(trigger, []).append((rule, check))
        gathers.extend((rule, gather) for gather in rule.gathers)
    return table, gathers
