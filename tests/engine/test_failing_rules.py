"""An exception in one rule costs one finding; what the other rules find, and fix, stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import PurePath
from typing import Any

import pytest

from sentry_migrate.engine import remaining, rule_runs
from sentry_migrate.engine.analyze import Analysis, analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.kit.rule import Ignores, Rule
from sentry_migrate.kit.suppressions import Suppressions
from sentry_migrate.model import CheckResult, Finding, Severity
from sentry_migrate.plan import ANYTHING
from sentry_migrate.project.config import Settings
from sentry_migrate.rewrite.import_plan import ImportPlan
from sentry_migrate.rules import RULES
from sentry_migrate.text.source import Source

OTHER = """\
import sentry_sdk
from sentry_sdk import last_event_id


def other(request):
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("tenant", request.tenant)


def another(request):
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("tenant", request.tenant)
"""
PYTHON = [rule.name for rule in RULES.values() if not rule.dependency_checks]
STEPS = ("gathers", "suppressed_checks", "dependency_checks")


def fail(*_: object) -> Iterator[Any]:
    raise KeyError("on\npurpose")
    yield


def fail_at_once(*_: object) -> None:
    raise KeyError("on purpose")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Put an exception into every step of a rule."""

    def put(rule: Rule, step: Any = fail) -> None:
        monkeypatch.setattr(rule, "checks", [(trigger, step) for trigger, _ in rule.checks])
        for steps in STEPS:
            monkeypatch.setattr(rule, steps, [step for _ in getattr(rule, steps)])
        rule_runs._dispatch.cache_clear()

    # The dataclass is frozen: its lists are replaced in place of being assigned.
    monkeypatch.setattr(Rule, "__setattr__", object.__setattr__)
    yield put
    monkeypatch.undo()
    rule_runs._dispatch.cache_clear()


def plain(result: CheckResult, *without: str) -> list[tuple[str, int, int, object]]:
    return [
        (one.code, one.start, one.end, one.fix)
        for one in result.findings
        if one.name not in without
    ]


@cache
def unbroken(text: str, path: PurePath) -> CheckResult:
    """What all rules find, the same for each kind of mistake."""
    return analyze(Source(text), Settings(select=("ALL",)), path)


@pytest.mark.parametrize("step", [fail, fail_at_once])
@pytest.mark.parametrize("name", RULES)
def test_each_rule_in_turn(name: str, step: Any, broken: Callable[..., None]) -> None:
    rule = RULES[name]
    settings = Settings(select=("ALL",))
    example = next(one for one in rule.examples if not isinstance(one, Ignores))
    path = PurePath(example.filename)
    text = OTHER + example.code if hasattr(example, "code") else OTHER + example.before
    before = unbroken(text, path)
    broken(rule, step)
    result = analyze(Source(text), settings, path)
    assert result.failure is None
    failed = [finding for finding in result.findings if finding.failed]
    assert {finding.name for finding in failed} == {name}
    for finding in failed:
        assert "KeyError: 'on" in finding.message
        assert "\n" not in finding.message
        assert "report this bug" in finding.remedy
        assert (finding.fix, finding.alternatives) == (None, ())
        assert finding.severity is Severity.ERROR
    if name not in ("configure-scope-with", "hub-import"):
        at = text.index("with sentry_sdk.configure_scope")
        mine = [one for one in plain(result, name) if one[1] <= at <= one[2]]
        assert mine == [one for one in plain(before, name) if one[1] <= at <= one[2]]


@pytest.mark.parametrize("name", PYTHON)
def test_others_alone_do_not_show_it(name: str, broken: Callable[..., None]) -> None:
    rule = RULES[name]
    if name == "configure-scope-with":
        pytest.skip("the one that is selected")
    example = next(one for one in rule.examples if not isinstance(one, Ignores))
    text = OTHER + (example.code if hasattr(example, "code") else example.before)
    broken(rule)
    result = analyze(Source(text), Settings(select=("configure-scope-with",)))
    assert result.failure is None
    found = [finding for finding in result.findings if finding.start < len(OTHER)]
    assert [(one.name, one.failed, one.fix is not None) for one in found] == [
        ("configure-scope-with", False, True)
    ] * 2


@pytest.mark.parametrize("unsafe", [pytest.param(False, marks=pytest.mark.slow), True])
@pytest.mark.parametrize("name", PYTHON)
def test_fixing_goes_on(name: str, unsafe: bool, broken: Callable[..., None]) -> None:
    """The other rules' fixes are made, and what is fixed does not get fixes that were not."""
    rule = RULES[name]
    example = next(one for one in rule.examples if not isinstance(one, Ignores))
    text = OTHER + (example.code if hasattr(example, "code") else example.before)
    broken(rule)
    outcome = fix(Source(text), Settings(select=("ALL",)), unsafe=unsafe)
    assert outcome.remaining.failure is None
    assert not any(finding.name == name for finding in outcome.applied)
    again = fix(Source(outcome.text), Settings(select=("ALL",)), unsafe=unsafe)
    assert again.edits == ()
    if name != "configure-scope-with":
        assert (
            "with sentry_sdk.configure_scope" not in outcome.text[: outcome.text.index("another")]
        )


def finish(monkeypatch: pytest.MonkeyPatch, line: int) -> None:
    """Have the edits of the fix at a line of OTHER raise an exception."""
    real = ImportPlan.edits
    at = OTHER.index("with", sum(len(one) + 1 for one in OTHER.split("\n")[:line]))

    def edits(self: ImportPlan, needs: Any, edits: Any) -> Any:
        if any(edit.start <= at <= edit.end for edit in edits):
            raise LookupError("on purpose")
        return real(self, needs, edits)

    monkeypatch.setattr(ImportPlan, "edits", edits)


def test_a_fix_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    finish(monkeypatch, 4)
    first, second = analyze(Source(OTHER), Settings(select=("configure-scope-with",))).findings
    assert (first.fix, first.failed, second.failed) == (None, True, False)
    assert "LookupError: on purpose" in first.remedy
    assert "report this bug" in first.remedy
    assert second.fix is not None


def test_a_fix_that_cannot_be_made_is_not_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    finish(monkeypatch, 4)
    outcome = fix(Source(OTHER), Settings(select=("configure-scope-with",)))
    head, tail = outcome.text.split("def another")
    assert "with sentry_sdk.configure_scope" in head
    assert "with sentry_sdk.configure_scope" not in tail
    assert [finding.failed for finding in outcome.remaining.findings] == [True]


def test_fixes_that_cannot_be_made_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are made one after the other."""
    real = Analysis.edits

    def edits(self: Analysis, fixes: Any) -> Any:
        drafts = list(fixes)
        if len(drafts) > 1:
            raise LookupError("on purpose")
        return real(self, drafts)

    monkeypatch.setattr(Analysis, "edits", edits)
    outcome = fix(Source(OTHER), Settings(select=("configure-scope-with",)))
    assert "with sentry_sdk.configure_scope" not in outcome.text
    assert outcome.remaining.findings == ()


@pytest.mark.parametrize("step", ["unused", "suppressing"])
def test_a_failure_about_comments(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    monkeypatch.setattr(Suppressions, step, fail_at_once)
    findings = analyze(Source(OTHER), Settings(select=("ALL",))).findings
    suppressing = step == "suppressing"
    with_statements = [one for one in findings if one.name == "configure-scope-with"]
    assert [one.fix is not None for one in with_statements] == [True, True]
    failed = [one.name for one in findings if one.failed]
    assert failed == (["configure-scope-with"] * 2 if suppressing else ["unused-suppression"])


def test_a_comment_silences_it(broken: Callable[..., None]) -> None:
    broken(RULES["configure-scope-with"])
    text = OTHER.replace("as scope:", "as scope:  # sentry-migrate: ignore[SEN101]")
    findings = analyze(Source(text), Settings()).findings
    assert [one for one in findings if one.failed or one.name == "unused-suppression"] == []


def test_a_check_fails_on_one_use_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a rule says of other uses stays, and what it remembered by half is forgotten."""
    rule = RULES["configure-scope-with"]
    seen: list[int] = []

    def wrapped(check: Any) -> Any:
        def once(use: Any, context: Any) -> Any:
            if use.start < OTHER.index("def another"):
                seen.append(use.start)
                context.memory["half",] = True, ()
                raise ValueError("on purpose")
            return list(check(use, context)) if ("half",) not in context.memory else []

        return once

    monkeypatch.setattr(Rule, "__setattr__", object.__setattr__)
    monkeypatch.setattr(
        rule, "checks", [(trigger, wrapped(check)) for trigger, check in rule.checks]
    )
    rule_runs._dispatch.cache_clear()
    try:
        found: tuple[Finding, ...] = analyze(
            Source(OTHER), Settings(select=("configure-scope-with",))
        ).findings
    finally:
        monkeypatch.undo()
        rule_runs._dispatch.cache_clear()
    assert [one.failed for one in found] == [True, False]
    assert len(seen) == 1


def test_a_failure_on_requirements(broken: Callable[..., None]) -> None:
    broken(RULES["requirements-pin"])
    for name in ("requirements.txt", "pyproject.toml", "setup.cfg"):
        outcome = fix(Source("sentry-sdk<2\n"), Settings(), PurePath(name), unsafe=True)
        (finding,) = outcome.remaining.findings
        assert (finding.name, finding.failed, finding.fix) == ("requirements-pin", True, None)
        assert outcome.text == "sentry-sdk<2\n"


ASKING = {
    "a push, a passed scope": (
        "def f():\n    with sentry_sdk.configure_scope() as s:\n        s.transaction = 'a'\n"
    ),
    "an event callback": "with sentry_sdk.push_scope():\n    sentry_sdk.capture_message('x')\n",
    "what stands in for a name": (
        "def f(x):\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag('a', x)\n"
    ),
}
"""By what the fix of a text asks about."""


@pytest.mark.parametrize("text", ASKING.values(), ids=ASKING)
@pytest.mark.parametrize("step", ["_sites", "_nodes", "_replaced", "Effects", "starts_threads"])
def test_a_failure_about_what_is_left(
    monkeypatch: pytest.MonkeyPatch, step: str, text: str
) -> None:
    """All is still found, but no safe fix rests on it, neither here nor in another file."""
    source = Source("import sentry_sdk\n" + text)
    assert fix(source, Settings()).text != source.text
    found = plain(analyze(source, Settings()))
    monkeypatch.setattr(remaining, step, fail_at_once)
    result = analyze(source, Settings(), left={})
    assert result.failure is None
    assert [one[:3] for one in plain(result)] == [one[:3] for one in found]
    assert [site.kind for site in result.plan.sites] == [ANYTHING]
    assert fix(source, Settings()).text == source.text
    for one in result.findings:
        assert one.fix
        assert not one.fix.reason or "looking for it failed" in one.fix.reason
