"""Every release that a project may choose: no rewrite names what it lacks, and all run there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

import pytest

from differential.environments import RELEASES, install
from differential.examples import examples
from differential.names import used, words
from differential.outcome import differences
from differential.program import Program, programs
from differential.proof import Laboratory, fixed, names, run
from differential.releases import inventory, since
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import CheckResult, FixOutcome
from sentry_migrate.project.config import Settings
from sentry_migrate.project.versions import LATEST, Version, parse_version
from sentry_migrate.rules import RULES
from sentry_migrate.rules.tracing.consts_op import _GONE
from sentry_migrate.sdk import releases
from sentry_migrate.text.edits import apply
from sentry_migrate.text.source import Source

PROGRAMS = tuple(programs())
TABLE = {name: releases.since(name) for name in releases.names()}
FIRST_WORDS: dict[str, Version] = {}
for _name, _version in TABLE.items():
    for _word in re.findall(r"\w+", _name):
        FIRST_WORDS[_word] = min(FIRST_WORDS.get(_word, LATEST), _version or LATEST)

_SHARED = "up to 2.26.0 a thread shares the scope instead of having a copy"
_NO_ID = "it has no `last_event_id()` that works"
KNOWN = {
    # program: the first release that does as 1.x did, and what those before it do
    "threading/propagate-hub-true": ("2.26.1", _SHARED),
    "push-scope/last-event-id-after-simple-block": ("2.8.0", _NO_ID),
    "hub/last-event-id-of-a-clone-with-an-event": ("2.8.0", _NO_ID),
    "threads/configure-scope-in-a-thread": ("2.26.1", _SHARED),
}
"""What an older 2.x does otherwise than the latest, which is no fault of a rewrite."""

OWN = {
    "current_scope": "the variable beside that of a scope that takes the place of a hub",
    "quantity": "a parameter of the method that the checked code defines itself",
}
"""Words of younger releases that a rewrite may use for something else."""


@pytest.mark.network
@pytest.mark.parametrize("release", RELEASES)
def test_the_table_holds_what_the_release_has(release: str) -> None:
    has = inventory(install(release) / release)
    version = parse_version(release)
    missing = {name for name, first in TABLE.items() if first and first <= version} - has
    assert missing == {name for name in missing if name in releases.FAILED_BEFORE}
    if version == LATEST:
        assert has == TABLE.keys()


def test_since_when_all_have_it() -> None:
    found = [("2.0.0", {"a", "b", "c"}), ("2.1.0", {"a", "c"}), ("2.2.0", {"a", "b", "d"})]
    frozen = [(release, frozenset(names)) for release, names in found]
    assert since(frozen) == {"a": "2.0.0", "b": "2.2.0", "d": "2.2.0"}


def _texts() -> Iterator[tuple[str, tuple[str, ...], str]]:
    for program in PROGRAMS:
        yield program.text, program.rules, program.id
    for example in examples():
        yield example.rewrite.before, (example.rule,), example.id


def _on_releases() -> Iterator[object]:
    """Every text on the oldest release, which lacks the most, and each on one of the others."""
    oldest, *younger = RELEASES
    for number, (text, rules, title) in enumerate(_texts()):
        yield pytest.param(oldest, text, rules, id=f"{title}-oldest")
        yield pytest.param(
            younger[number % len(younger)], text, rules, id=title, marks=pytest.mark.slow
        )


@pytest.mark.parametrize(("release", "text", "rules"), [*_on_releases()])
def test_no_rewrite_names_what_the_release_lacks(
    release: str, text: str, rules: tuple[str, ...]
) -> None:
    chosen = tuple(rule.name for rule in RULES.values() if rule.default or rule.name in rules)
    version = parse_version(release)
    for after in rewrites(text, Settings(select=chosen, sdk_version=version)):
        assert lacking(text, after, version) == set(), after


def rewrites(text: str, settings: Settings) -> Iterator[str]:
    """What all fixes together make of a text, and each alone, with every alternative."""
    yield fix(Source(text), settings, unsafe=True).text
    for finding in analyze(Source(text), settings).findings:
        for one in (finding.fix, *finding.alternatives):
            if one is not None:
                yield apply(text, one.edits)


@pytest.mark.network
@pytest.mark.parametrize("release", RELEASES)
def test_no_rewrite_names_an_operation_that_the_release_lacks(release: str) -> None:
    """The table leaves the operations out."""
    consts = install(release) / release / "sentry_sdk" / "consts.py"
    tree = ast.parse(consts.read_text(encoding="utf-8"))
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "OP")
    there = {
        f"sentry_sdk.consts.OP.{target.id}"
        for node in ast.walk(next(classes))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    settings = Settings(select=("consts-op",), sdk_version=parse_version(release))
    before = "from sentry_sdk.consts import OP\n" + "".join(f"OP.{name}\n" for name in _GONE)
    found = list(rewrites(before, settings))
    assert len(found) > len(_GONE)
    named = {name for after in found for name in used(after) - used(before)}
    assert named <= {"sentry_sdk", *there}


def lacking(before: str, after: str, version: Version) -> set[str]:
    """The names that a rewrite brought in and the release lacks; words where nothing else tells."""
    named = {
        name
        for name in used(after) - used(before)
        if name in TABLE and (TABLE[name] or LATEST) > version
    }
    fresh = words(after) - words(before) - OWN.keys()
    return named | {word for word in fresh if FIRST_WORDS.get(word, version) > version}


@pytest.mark.parametrize(
    ("after", "version", "lacked"),
    [
        ("from sentry_sdk import get_isolation_scope\n", (2, 8, 0), {"get_isolation_scope"}),
        ("import sentry_sdk as s\ns.get_isolation_scope()\n", (2, 8, 0), {"get_isolation_scope"}),
        ("import sentry_sdk\nsentry_sdk.last_event_id()\n", (2, 3, 0), {"last_event_id"}),
        ("from sentry_sdk import Scope as S\nS.last_event_id\n", (2, 3, 0), {"last_event_id"}),
        ("import sentry_sdk\nsentry_sdk.start_span(name='x')\n", (2, 14, 0), {"Span(name)"}),
        ("import sentry_sdk\nwith sentry_sdk.start_span() as s:\n    s.start_child(name='x')\n", (2, 14, 0), {"Span(name)"}),
        ("import sentry_sdk\nsentry_sdk.init(enable_logs=True)\n", (2, 34, 0), {"init(enable_logs)"}),
        ("from unittest import mock\nmock.patch('sentry_sdk.get_isolation_scope')\n", (2, 8, 0), {"get_isolation_scope"}),
        ("import sentry_sdk\nsentry_sdk.new_scope()\n", (2, 0, 0), set()),
        ("import sentry_sdk\nsentry_sdk.start_span(op='x')\n", (2, 0, 0), set()),
        ("import sentry_sdk\nsentry_sdk.start_span(name='x')\n", (2, 15, 0), set()),
        ("class Mine:\n    def start(self, name): ...\n", (2, 0, 0), set()),
    ],
)  # fmt: skip
def test_what_is_lacking_is_found(after: str, version: Version, lacked: set[str]) -> None:
    found = lacking("", after, version)
    assert all(any(one.endswith(name) for one in found) for name in lacked)
    assert bool(found) is bool(lacked)


@pytest.mark.network
@pytest.mark.parametrize(
    "program",
    [
        pytest.param(program, id=program.id)
        for program in PROGRAMS
        if program.expect in ("safe", "unsafe", "differs")
    ],
)
def test_the_rewrite_for_a_release_runs_there(program: Program, lab: Laboratory) -> None:
    base = run(lab, lab.old, program)
    first, _ = KNOWN.get(program.id, (RELEASES[0], ""))
    made = [(release, rewritten(program, release)) for release in RELEASES]
    for release, result in turning_points(made, first):
        version = parse_version(release)
        sandbox = lab.at(release)
        found = run(lab, sandbox, program, result.text)
        if program.expect == "safe" and version >= parse_version(first):
            left = names(result.remaining) - set(program.leaves)
            known = differences(base, run(lab, sandbox, program)) if left else ()
            assert [line for line in differences(base, found) if line not in known] == [], release
            assert left or program.leaves or found.own_warnings == (), release
        elif found.error:
            assert found.error in (base.error, run(lab, sandbox, program).error), release


def rewritten(program: Program, release: str) -> FixOutcome:
    return fixed(program, unsafe=program.expect != "safe", floor=parse_version(release))


def turning_points(
    made: Sequence[tuple[str, FixOutcome]], first: str
) -> Iterator[tuple[str, FixOutcome]]:
    """The oldest release, the first of which something is said, and both sides of each change of
    the rewrite: what one text does in two releases it does in those between. The latest release
    has tests of its own."""
    for at, (release, result) in enumerate(made[:-1]):
        before, after = made[at - 1][1] if at else None, made[at + 1][1]
        same = before is not None and before.text == result.text == after.text
        started = parse_version(release) >= parse_version(first)
        begins = started and at > 0 and parse_version(made[at - 1][0]) < parse_version(first)
        if not same or begins:
            yield release, result


def _outcome(text: str) -> FixOutcome:
    return FixOutcome(text, (), (), CheckResult())


@pytest.mark.parametrize(
    ("texts", "first", "run_there"),
    [
        ("aaaaaaa", "2.0.0", ["2.0.0"]),
        ("aaaaaaa", "2.8.0", ["2.0.0", "2.8.0"]),
        ("aaaaaaa", "2.26.1", ["2.0.0", "2.35.0"]),
        ("aabbbbb", "2.0.0", ["2.0.0", "2.2.1", "2.8.0"]),
        ("aaaaaab", "2.0.0", ["2.0.0", "2.35.0"]),
        ("abcdefg", "2.0.0", [*RELEASES[:-1]]),
    ],
)
def test_turning_points(texts: str, first: str, run_there: list[str]) -> None:
    made = list(zip(RELEASES, map(_outcome, texts), strict=True))
    assert [release for release, _ in turning_points(made, first)] == run_there
