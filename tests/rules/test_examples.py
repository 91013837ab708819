"""Every example of every rule, as written and in the surroundings users have."""

from __future__ import annotations

import re
import textwrap
from pathlib import PurePath

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.kit.rule import Alternative, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Applicability, Finding, Fix
from sentry_migrate.project.config import Settings
from sentry_migrate.project.versions import parse_version
from sentry_migrate.python.tree import Tree
from sentry_migrate.rules import RULES
from sentry_migrate.text.edits import apply
from sentry_migrate.text.source import Source


def _settings(rule: Rule, example: Rewrites | Flags | Ignores) -> Settings:
    version = parse_version(example.sdk_version)
    return Settings(select=(rule.name,), sdk_version=version)


def _cases(kind: type, python: bool = False) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.name}-{index}")
        for rule in RULES.values()
        for index, example in enumerate(rule.examples)
        if isinstance(example, kind) and (not python or example.filename.endswith(".py"))
    ]


def _only(code: str, settings: Settings, filename: str = "module.py") -> Finding:
    result = analyze(Source(code), settings, PurePath(filename))
    assert result.failure is None
    assert result.findings, "the rule finds nothing"
    found = result.findings[0]
    assert RULES[found.name].says(found.message), "`messages` of the rule lacks this one"
    return found


def _is_as_sure(one: Fix, reason: str) -> None:
    assert one.applicability is (Applicability.UNSAFE if reason else Applicability.SAFE)
    assert one.reason == reason


def _offers(finding: Finding, code: str, stated: tuple[Alternative, ...]) -> None:
    """Exactly the stated alternatives, each as sure as stated, with a title, and one that parses."""
    given = [apply(code, one.edits) for one in finding.alternatives]
    assert given == [one.after for one in stated]
    assert all(one.message for one in finding.alternatives)
    for text in given:
        Tree(text)
    for offered, one in zip(finding.alternatives, stated, strict=True):
        _is_as_sure(offered, one.reason)


@pytest.mark.parametrize(("rule", "example"), _cases(Ignores))
def test_silent(rule: Rule, example: Ignores) -> None:
    result = analyze(Source(example.code), _settings(rule, example), PurePath(example.filename))
    assert result.failure is None
    assert result.findings == ()


@pytest.mark.parametrize(("rule", "example"), _cases(Flags))
def test_reported_without_a_fix(rule: Rule, example: Flags) -> None:
    finding = _only(example.code, _settings(rule, example), example.filename)
    assert finding.fix is None or finding.fix.applicability is Applicability.DISPLAY
    assert example.remedy in ("", finding.remedy)
    _offers(finding, example.code, example.alternatives)


@pytest.mark.parametrize(("rule", "example"), _cases(Rewrites))
def test_rewritten(rule: Rule, example: Rewrites) -> None:
    finding = _only(example.before, _settings(rule, example), example.filename)
    assert finding.fix is not None
    assert apply(example.before, finding.fix.edits) == example.after
    _is_as_sure(finding.fix, example.reason)
    _offers(finding, example.before, example.alternatives)


@pytest.mark.parametrize(("rule", "example"), _cases(Rewrites))
def test_idempotent(rule: Rule, example: Rewrites) -> None:
    settings = _settings(rule, example)
    path = PurePath(example.filename)
    once = fix(Source(example.before), settings, path, unsafe=True)
    twice = fix(Source(once.text), settings, path, unsafe=True)
    assert twice.text == once.text
    assert once.remaining.failure is None


@pytest.mark.parametrize(("rule", "example"), _cases(Rewrites))
def test_keeps_crlf(rule: Rule, example: Rewrites) -> None:
    code = example.before.replace("\n", "\r\n")
    finding = _only(code, _settings(rule, example), example.filename)
    assert finding.fix is not None
    assert apply(code, finding.fix.edits) == example.after.replace("\n", "\r\n")


@pytest.mark.parametrize(("rule", "example"), _cases(Rewrites))
def test_keeps_the_byte_order_mark(rule: Rule, example: Rewrites) -> None:
    code = "\ufeff" + example.before
    finding = _only(code, _settings(rule, example), example.filename)
    assert finding.fix is not None
    assert apply(code, finding.fix.edits).lstrip("\ufeff") == example.after


NESTS = {
    "function": "def outer():\n{}",
    "async function": "async def outer():\n{}",
    "method": "class Outer:\n    def method(self):\n{}",
    "branch": "if condition:\n{}else:\n    pass\n",
}
_MORE = {"function", "async function"}  # what is wrong there is mostly wrong in methods too


@pytest.mark.parametrize(
    "nest", [pytest.param(n, marks=[pytest.mark.slow] if n in _MORE else []) for n in NESTS]
)
@pytest.mark.parametrize(("rule", "example"), _cases(Rewrites, python=True))
def test_found_where_it_is_nested(rule: Rule, example: Rewrites, nest: str) -> None:
    depth = "        " if nest == "method" else "    "
    code = NESTS[nest].format(textwrap.indent(example.before, depth))
    settings, path = _settings(rule, example), PurePath(example.filename)
    once = fix(Source(code), settings, path, unsafe=True)
    assert once.remaining.failure is None
    at_margin = ("from __future__", "import *", "# /// script")
    if not any(one in example.before for one in at_margin):
        assert once.applied or once.remaining.findings
    assert fix(Source(once.text), settings, path, unsafe=True).text == once.text


def _aliased(code: str) -> str | None:
    """The same program with `import sentry_sdk as sdk`; None where it does not use the module."""
    if "import sentry_sdk\n" not in code or "from sentry_sdk" in code or "sentry_sdk'" in code:
        return None
    if "import sentry_sdk." in code or "'sentry_sdk." in code or '"sentry_sdk.' in code:
        return None
    return code.replace("import sentry_sdk\n", "import sentry_sdk as sdk\n").replace(
        "sentry_sdk.", "sdk."
    )


@pytest.mark.parametrize(
    ("rule", "example"),
    [case for case in _cases(Rewrites) if _aliased(case.values[1].before)],  # type: ignore[attr-defined]
)
def test_aliased_module(rule: Rule, example: Rewrites) -> None:
    code = _aliased(example.before)
    assert code is not None
    finding = _only(code, _settings(rule, example), example.filename)
    assert finding.fix is not None
    fixed = apply(code, finding.fix.edits)
    Tree(fixed)
    wanted = _aliased(example.after)
    if wanted is not None and "import sentry_sdk." not in example.after:
        assert fixed == wanted


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_kind_of_a_rule_is_what_its_examples_and_words_say(rule: Rule) -> None:
    reasons = [bool(example.reason) for example in rule.examples if isinstance(example, Rewrites)]
    doubted = re.search(r"\b(?:unsafe|not safe|never safe)\b", rule.safety, re.IGNORECASE)
    assert {
        "safe": bool(reasons) and not any(reasons) and doubted is None,
        "conditional": bool(reasons),
        "suggested": all(reasons),
        "manual": not reasons,
        "info": not reasons,
    }[rule.kind]


def test_every_rule_has_more_to_ignore_than_nothing() -> None:
    for rule in RULES.values():
        assert any(isinstance(example, Ignores) for example in rule.examples), rule.name
        assert any(not isinstance(example, Ignores) for example in rule.examples), rule.name
