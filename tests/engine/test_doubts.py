"""Doubts: few, each a whole question, and each answer makes exactly the fixes safe that wait for it."""

from __future__ import annotations

import ast
import re
from functools import cache
from itertools import combinations
from pathlib import Path, PurePath

import pytest

from sentry_migrate import doubts
from sentry_migrate.doubts import DEFAULT, DOUBTS, FOREIGN_VALUES, OTHER_THREADS, Doubt
from sentry_migrate.engine.analyze import analyze, attempt
from sentry_migrate.engine.fix import fix
from sentry_migrate.engine.judged_fix import judged_fix
from sentry_migrate.kit.context import FixDraft
from sentry_migrate.kit.rule import Flags, Ignores, Rewrites
from sentry_migrate.model import Applicability, Failure, Fix
from sentry_migrate.project.config import Settings
from sentry_migrate.project.versions import parse_version
from sentry_migrate.rules import RULES
from sentry_migrate.text.edits import Edit
from sentry_migrate.text.source import Source

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "server/sentry_migrate"
SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE
MOST = 31

# -- the registry --------------------------------------------------------------------------------


def test_doubts_are_few() -> None:
    assert 1 < len(DOUBTS) <= MOST


@cache
def names() -> dict[str, str]:
    """The constant of each doubt, by code."""
    return {one.code: name for name, one in sorted(vars(doubts).items()) if isinstance(one, Doubt)}


@cache
def used() -> frozenset[str]:
    """Every name and attribute that the package reads outside the registry."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if path.name != "doubts.py":
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Name):
                    found.add(node.id)
                elif isinstance(node, ast.Attribute):
                    found.add(node.attr)
    return frozenset(found)


@pytest.mark.parametrize("doubt", DOUBTS.values(), ids=DOUBTS)
def test_a_doubt_is_used_and_whole(doubt: Doubt) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", doubt.code)
    assert names()[doubt.code] in used() or doubt.code in DEFAULT
    assert re.match(r"[a-z`\d]", doubt.reason)
    assert not doubt.reason.endswith(".")
    assert re.match(r"[A-Z]", doubt.question)
    assert doubt.question.endswith("?")
    for told in (doubt.find_out, doubt.sent_by_1, doubt.sent_by_2):
        assert re.match(r"[A-Z`].*[.!?]$", told, re.DOTALL)
        assert "|" not in told, "it stands in a table"
    page = (ROOT / "server/docs/doubts.md").read_text(encoding="utf-8")
    assert f"## `{doubt.code}`\n\n{doubt.question}\n" in page


@pytest.mark.parametrize("part", ["code", "reason", "question", "find_out"])
def test_no_two_doubts_say_the_same(part: str) -> None:
    said = [getattr(one, part) for one in DOUBTS.values()]
    assert len(said) == len(set(said)) == len(names())


def test_doubts_are_made_in_one_place() -> None:
    makers = {
        path.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Doubt"
    }
    assert makers == {"doubts.py"}


# -- what an answer does -------------------------------------------------------------------------


def _fixes(code: str, settings: Settings, path: str) -> list[Fix]:
    found = analyze(Source(code), settings, PurePath(path)).findings
    return [fix for one in found for fix in (one.fix, *one.alternatives) if fix is not None]


def _rows() -> list[tuple[str, str, Settings]]:
    """The code of every example that states an unsafe fix, with the settings under which its rule
    is alone."""
    return [
        (
            example.before if isinstance(example, Rewrites) else example.code,
            example.filename,
            Settings(select=(rule.name,), sdk_version=parse_version(example.sdk_version)),
        )
        for rule in RULES.values()
        for example in rule.examples
        if not isinstance(example, Ignores)
        and any(
            one.reason for one in (example, *example.alternatives) if not isinstance(one, Flags)
        )
    ]


def _with(settings: Settings, *codes: str, strict: bool = False) -> Settings:
    return Settings(settings.select, sdk_version=settings.sdk_version, assume=codes, strict=strict)


ROWS = _rows()


@cache
def _doubted(row: int) -> tuple[tuple[int, Fix], ...]:
    """The unsafe fixes of an example that an answer makes safe, and which of its fixes they are."""
    code, path, settings = ROWS[row]
    return tuple(
        (at, fix)
        for at, fix in enumerate(_fixes(code, settings, path))
        if fix.applicability is UNSAFE and fix.doubts
    )


def test_every_unsafe_fix_has_doubts_of_the_registry() -> None:
    doubted = [(ROWS[row][0], one) for row in range(len(ROWS)) for _, one in _doubted(row)]
    assert len(doubted) > 70
    for code, one in doubted:
        assert one.reason, code
        assert set(one.doubts) <= set(DOUBTS)
        assert len(one.doubts) <= len(one.reason.split("; ")), code
        assert {each.code for each in one.assumes} <= DEFAULT


# What 1.x does with a hub, where the code shows that it is not the active one. `{use}` is a member.
SHOWN = {
    "another hub around": (
        "def f(event):\n    hub = Hub.current\n    with Hub(Hub.current):\n        {use}\n"
    ),
    "another hub entered by a stack": (
        "def f(event, stack):\n"
        "    hub = Hub.current\n"
        "    stack.enter_context(Hub(Hub.current))\n"
        "    {use}\n"
    ),
    "another hub around a block inside": (
        "def f(event):\n"
        "    hub = Hub.current\n"
        "    with Hub(Hub.current):\n"
        "        if event:\n"
        "            {use}\n"
    ),
    "a clone that is not active": "def f(event):\n    hub = mine = Hub(Hub.current)\n    {use}\n",
    "a hub with a client made for it": (
        "def f(event):\n    hub = mine = Hub(Client('https://a@b.c/1'))\n    {use}\n"
    ),
    "a hub without a client": "def f(event):\n    hub = mine = Hub()\n    {use}\n",
}
ASKED = {
    "a parameter": "def f(event, hub: Hub):\n    {use}\n",
    "stored": "hub = Hub.current\ndef f(event):\n    {use}\n",
    "a hub with a client from elsewhere": (
        "def f(event, client):\n    with Hub(client) as hub:\n        {use}\n"
    ),
}
MEMBERS = (
    *("hub.capture_event(event)", "hub.capture_message('x')", "hub.add_breadcrumb(event)"),
    *("hub.start_span(op='x')", "hub.client.options", "hub.scope.set_tag('a', 'b')"),
    *("sentry_sdk.start_span(hub=hub)", "sentry_sdk.start_transaction(hub=hub, op='x')"),
)


def _on_members(text: str, member: str) -> list[Fix]:
    """The fixes of what is said of the member alone."""
    head = "import sentry_sdk\nfrom sentry_sdk import Client, Hub\n"
    code = head + text.format(use=member)
    low = code.index(member)
    found = analyze(Source(code), Settings(assume=tuple(DOUBTS))).findings
    mine = [one for one in found if low <= one.start and one.end <= low + len(member)]
    assert mine, code
    return [one.fix for one in mine if one.fix is not None]


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_no_answer_changes_what_the_code_shows(text: str, member: str) -> None:
    for one in _on_members(text, member):
        assert (one.applicability, one.doubts) == (UNSAFE, ()), one


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("text", ASKED.values(), ids=ASKED)
def test_an_answer_settles_what_the_code_does_not_show(text: str, member: str) -> None:
    for one in _on_members(text, member):
        assert one.applicability is SAFE, one


def test_the_examples_have_nearly_every_doubt() -> None:
    shown = {code for row in range(len(ROWS)) for _, one in _doubted(row) for code in one.doubts}
    assert len(set(DOUBTS) - DEFAULT - shown) <= 5


@pytest.mark.parametrize("row", range(len(ROWS)))
def test_exactly_all_answers_make_a_fix_safe(row: int) -> None:
    code, path, settings = ROWS[row]
    for at, before in _doubted(row):
        # None of the others, and not all but one: nothing changes but what is left.
        others = tuple(set(DOUBTS) - set(before.doubts))
        same = _fixes(code, _with(settings, *others), path)[at]
        assert (same.applicability, same.doubts) == (UNSAFE, before.doubts)
        for some in combinations(before.doubts, len(before.doubts) - 1):
            left = _fixes(code, _with(settings, *some), path)[at]
            assert left.applicability is UNSAFE
            assert set(left.doubts) == set(before.doubts) - set(some)
            assert set(some) <= {one.code for one in left.assumes}
        # All of them: safe, and it says on what.
        after = _fixes(code, _with(settings, *before.doubts), path)[at]
        assert after.applicability is SAFE
        assert (after.reason, after.doubts, after.edits) == ("", (), before.edits)
        assert set(before.doubts) <= {one.code for one in after.assumes}
        said = (one.reason for one in after.assumes if one.code in before.doubts)
        assert "; ".join(said) == before.reason
        # Whoever assumes nothing does not assume what is written elsewhere either.
        strict = _fixes(code, _with(settings, *before.doubts, strict=True), path)[at]
        assert (strict.applicability, strict.assumes) == (UNSAFE, ())


@pytest.mark.parametrize("row", range(0, len(ROWS), 7))
def test_fixing_applies_what_an_answer_made_safe(row: int) -> None:
    code, path, settings = ROWS[row]
    preferred = [
        finding.fix
        for finding in analyze(Source(code), settings, PurePath(path)).findings
        if finding.fix is not None
    ]
    if not any(before in preferred for _, before in _doubted(row)):
        return
    answered = _with(settings, *(code for one in preferred for code in one.doubts))
    trusting = fix(Source(code), answered, PurePath(path))
    assert trusting.text != code
    assert all(one.fix is not None and one.fix.assumes for one in trusting.applied)
    assert fix(Source(code), settings, PurePath(path), unsafe=True).text == trusting.text


ANSWERS = {
    "nothing doubted": ((), Settings(), SAFE, (), ()),
    "assumed by default": ((FOREIGN_VALUES,), Settings(), SAFE, (), ("foreign-values",)),
    "strict": ((FOREIGN_VALUES,), Settings(strict=True), UNSAFE, ("foreign-values",), ()),
    "strict beats an answer": (
        (OTHER_THREADS,),
        Settings(assume=("other-threads",), strict=True),
        *(UNSAFE, ("other-threads",), ()),
    ),
    "not answered": ((OTHER_THREADS,), Settings(), UNSAFE, ("other-threads",), ()),
    "one of two": (
        (FOREIGN_VALUES, OTHER_THREADS),
        Settings(),
        *(UNSAFE, ("other-threads",), ("foreign-values",)),
    ),
    "the same doubt in two ways": (
        (OTHER_THREADS, OTHER_THREADS.about("so it is")),
        Settings(),
        *(UNSAFE, ("other-threads",), ()),
    ),
}


@pytest.mark.parametrize(
    ("doubted", "settings", "applicability", "left", "assumed"), ANSWERS.values(), ids=ANSWERS
)
def test_a_fix_is_judged_by_its_doubts(
    doubted: tuple[Doubt, ...],
    settings: Settings,
    applicability: Applicability,
    left: tuple[str, ...],
    assumed: tuple[str, ...],
) -> None:
    one = judged_fix("Do", (Edit(0, 0, "x"),), doubted, settings)
    assert (one.applicability, one.doubts) == (applicability, left)
    assert tuple(dict.fromkeys(each.code for each in one.assumes)) == assumed


def _draft(settings: Settings) -> FixDraft:
    analysis = attempt("import sentry_sdk\n", settings, None)
    assert not isinstance(analysis, Failure)
    return analysis.context.fix("Do")


def test_a_draft_may_rest_on_what_is_assumed_by_default() -> None:
    assert _draft(Settings()).unsafe(FOREIGN_VALUES).applicability is SAFE
    assert _draft(Settings(strict=True)).unsafe(FOREIGN_VALUES).applicability is UNSAFE
    assert _draft(Settings()).unsafe(None).applicability is SAFE
