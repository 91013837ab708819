"""Findings in the files of `project/dependency_files.py`, which say what a project depends on.

Owns running the rules about them, and suppressions there. These files are text here: nothing else
in them is read or changed. What a tool wrote is not touched; the tool has to do that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from sentry_migrate.engine.judged_fix import judged_fix
from sentry_migrate.engine.rule_runs import failed
from sentry_migrate.engine.selection import by_code, chosen_rules, severities
from sentry_migrate.kit.reminders import Reminders
from sentry_migrate.kit.rule import Rule, TextDraft
from sentry_migrate.kit.suppressions import Suppressions
from sentry_migrate.model import CheckResult, Finding, Severity
from sentry_migrate.project.config import Settings
from sentry_migrate.project.dependency_files import kind_of
from sentry_migrate.rules import RULES
from sentry_migrate.text.edits import Edit, ordered
from sentry_migrate.text.lines import LineIndex


def analyze_dependencies(text: str, settings: Settings, path: PurePath) -> CheckResult:
    """The findings in a dependency file."""
    active = chosen_rules(settings, path)
    lines = LineIndex(text)
    suppressions = Suppressions(lines, lambda offset: _quoted(text, offset))
    reminders = Reminders(
        lines, lambda offset: _quoted(text, offset), suppressions, by_code(active)
    )
    findings: list[Finding] = []
    suppressed = unselected = 0
    for rule in RULES.values():
        chosen = rule.name in active
        for check in rule.dependency_checks if chosen or rule.default else ():
            try:
                drafts = list(check(text, path, settings))
                shown = [
                    draft
                    for draft in drafts
                    if not suppressions.cover(draft.start, rule.code, rule.name)
                ]
                if not chosen:
                    unselected += len(shown)
                    continue
                suppressed += len(drafts) - len(shown)
                findings += (_finding(rule, one, settings, path, suppressions) for one in shown)
            except Exception as error:
                findings += [_bug(rule, error)] if chosen else []
    findings.sort(key=lambda finding: (finding.start, finding.end, finding.code))
    places = [(one.start, one.code) for one in findings]
    made = tuple(_without_reminder(one, findings, reminders) for one in findings)
    outdated = reminders.outdated(places)
    return CheckResult(made, None, suppressed, unselected, outdated=outdated)


def _without_reminder(one: Finding, findings: Sequence[Finding], reminders: Reminders) -> Finding:
    """The finding, whose fix removes the comment about it too."""
    if one.fix is None:
        return one
    found = (((other.start, other.code), other is one) for other in findings)
    edits = tuple(ordered(reminders.without(one.fix.edits, found)))
    return replace(one, fix=replace(one.fix, edits=edits))


def _finding(
    rule: Rule, draft: TextDraft, settings: Settings, path: PurePath, suppressions: Suppressions
) -> Finding:
    fix = None
    if draft.new is not None:
        edits = (Edit(draft.start, draft.end, draft.new),)
        fix = judged_fix(f"Replace with `{draft.new}`", edits, draft.doubts, settings)
    finding = Finding(
        code=rule.code,
        name=rule.name,
        message=draft.message or rule.summary,
        start=draft.start,
        end=draft.end,
        severity=severities(settings).get(rule.name, rule.severity),
        url=rule.page,
        fix=fix,
        remedy=draft.remedy,
        deprecated=rule.deprecated,
        group=rule.group,
    )
    if path.suffix in (".cfg", ".ini") or path.name == "Pipfile.lock":  # no comment after a value
        return finding
    if path.name == "meta.yaml":  # a comment with brackets there says when the line counts
        return finding
    if path.suffix in (".json", ".json5"):
        return finding
    if kind_of(path) in ("install", "compose") and rule.name == "requirements-pin":
        return finding  # nor one in a command that goes on in the next line
    return replace(finding, suppression=suppressions.suppressing(draft.start, rule.code))


def _bug(rule: Rule, error: Exception) -> Finding:
    said = failed((0, 0), error)
    return Finding(
        *(rule.code, rule.name, said.message, 0, 0, Severity.ERROR, rule.page),
        remedy=said.remedy,
        deprecated=False,
        failed=True,
    )


def _quoted(text: str, offset: int) -> bool:
    """Whether an offset is in a TOML string of several lines."""
    return any(text.count(quotes, 0, offset) % 2 for quotes in ('"""', "'''"))
