"""What fixing a text applies, in which rounds, and what it says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath

import pytest

from sentry_migrate.engine import fix as module
from sentry_migrate.engine.analyze import Analysis, analyze, attempt
from sentry_migrate.engine.fix import MAX_ROUNDS, fix
from sentry_migrate.kit.context import FixDraft
from sentry_migrate.model import Failure, FixOutcome
from sentry_migrate.plan import LAST_EVENT_ID, Answer, Move
from sentry_migrate.project.config import Settings
from sentry_migrate.text.edits import Edit, OverlapError, apply
from sentry_migrate.text.source import Source

HEAD = "import sentry_sdk\n"
# Safe; unsafe, as it may change what is sent; a person's.
SAFE = "with sentry_sdk.push_scope():\n    sentry_sdk.capture_message('x')\n"
SAFE_AFTER = "with sentry_sdk.new_scope():\n    sentry_sdk.capture_message('x')\n"
UNSAFE = "with sentry_sdk.configure_scope() as scope:\n    scope.set_tag('service', 'api')\n"
UNSAFE_AFTER = "scope = sentry_sdk.get_isolation_scope()\nscope.set_tag('service', 'api')\n"
MANUAL = "manager = sentry_sdk.configure_scope()\n"
PINS = "sentry-sdk==1.45.0\n"
PINS_AFTER = "sentry-sdk>=2.15,<3\n"


def outcome(
    code: str, path: str | None = None, *, unsafe: bool = False, rules: str | None = None
) -> FixOutcome:
    """The outcome, checked for what holds for every one."""
    where = PurePath(path) if path else None
    chosen = frozenset(rules.split()) if rules is not None else None
    result = fix(Source(code), Settings(), where, unsafe=unsafe, rules=chosen)
    assert apply(code, result.edits) == result.text
    assert (result.text != code) is bool(result.applied) is bool(result.edits)
    if result.remaining.failure is None:
        assert result.remaining == analyze(Source(result.text), Settings(), where)
    return result


# what: (before, after, whether unsafe fixes count, names applied in order, names that stay)
APPLIED: Mapping[str, tuple[str, str, bool, str, str]] = {
    "nothing of the SDK": ("x = 1\n", "x = 1\n", True, "", ""),
    "no Python, and nothing of the SDK": ("x = (\n", "x = (\n", True, "", ""),
    "nothing to do": (HEAD, HEAD, True, "", ""),
    "a safe one": (HEAD + SAFE, HEAD + SAFE_AFTER, False, "push-scope-with", ""),
    "a safe one, unsafe ones too": (HEAD + SAFE, HEAD + SAFE_AFTER, True, "push-scope-with", ""),
    "an unsafe one stays": (HEAD + UNSAFE, HEAD + UNSAFE, False, "", "configure-scope-with"),
    "an unsafe one": (HEAD + UNSAFE, HEAD + UNSAFE_AFTER, True, "configure-scope-with", ""),
    "one by hand": (HEAD + MANUAL, HEAD + MANUAL, True, "", "configure-scope-with"),
    "a safe one beside an unsafe one": (
        HEAD + UNSAFE + SAFE,
        HEAD + UNSAFE + SAFE_AFTER,
        False,
        "push-scope-with",
        "configure-scope-with",
    ),
    "both": (
        HEAD + UNSAFE + SAFE,
        HEAD + UNSAFE_AFTER + SAFE_AFTER,
        True,
        "configure-scope-with push-scope-with",
        "",
    ),
    "one in the other": (
        HEAD
        + "def f():\n    with sentry_sdk.configure_scope() as scope:\n        scope.set_tag('a', sentry_sdk.Hub.current.client)\n",
        HEAD
        + "def f():\n    scope = sentry_sdk.get_isolation_scope()\n    scope.set_tag('a', sentry_sdk.get_client())\n",
        True,
        "configure-scope-with hub-client",
        "",
    ),
}


@pytest.mark.parametrize(
    ("before", "after", "unsafe", "applied", "stay"), APPLIED.values(), ids=APPLIED
)
def test_applied(before: str, after: str, unsafe: bool, applied: str, stay: str) -> None:
    result = outcome(before, unsafe=unsafe)
    assert result.text == after
    assert [one.name for one in result.applied] == applied.split()
    assert [one.name for one in result.remaining.findings] == stay.split()


def test_safe_fixes_are_what_is_made_if_nothing_is_said() -> None:
    assert fix(Source(HEAD + UNSAFE + SAFE), Settings()).text == HEAD + UNSAFE + SAFE_AFTER


@pytest.mark.parametrize(
    ("rules", "after"),
    [
        (None, UNSAFE_AFTER + SAFE_AFTER),
        ("push-scope-with configure-scope-with", UNSAFE_AFTER + SAFE_AFTER),
        ("push-scope-with", UNSAFE + SAFE_AFTER),
        ("configure-scope-with", UNSAFE_AFTER + SAFE),
        ("hub-client", UNSAFE + SAFE),
        ("", UNSAFE + SAFE),
    ],
)
def test_the_fixes_of_some_rules(rules: str | None, after: str) -> None:
    assert outcome(HEAD + UNSAFE + SAFE, unsafe=True, rules=rules).text == HEAD + after


@pytest.mark.parametrize(
    ("unsafe", "rules", "after"),
    [
        (False, None, PINS),
        (False, "requirements-pin", PINS),
        (True, None, PINS_AFTER),
        (True, "requirements-pin", PINS_AFTER),
        (True, "push-scope-with", PINS),
        (True, "", PINS),
    ],
)
def test_pins(unsafe: bool, rules: str | None, after: str) -> None:
    result = outcome(PINS, "requirements.txt", unsafe=unsafe, rules=rules)
    assert result.text == after
    assert [one.name for one in result.applied] == ["requirements-pin"] * (after != PINS)


def test_pins_are_safe_once_their_doubt_is_answered() -> None:
    answered = Settings(assume=("rest-migrated",))
    result = fix(Source(PINS), answered, PurePath("requirements.txt"))
    assert result.text == PINS_AFTER
    assert [one.name for one in result.applied] == ["requirements-pin"]


def test_what_was_asked_before_a_round_counts_after_it() -> None:
    """The plan has to know what the fixes that are made depend on, though nothing asks any more."""
    block = "with sentry_sdk.push_scope():\n    sentry_sdk.set_tag('a', 'b')\n"
    result = fix(Source(HEAD + block), Settings(), left={})
    assert "isolation_scope" in result.text
    assert LAST_EVENT_ID in result.remaining.plan.asked
    assert fix(Source(HEAD + block), Settings(), left=None).remaining.plan == Answer()
    assert LAST_EVENT_ID not in analyze(Source(result.text), Settings(), left={}).plan.asked


def test_pins_with_hashes_are_left_to_a_person() -> None:
    locked = "sentry-sdk==1.45.0 \\\n    --hash=sha256:0\n"
    result = outcome(locked + PINS, "requirements.txt", unsafe=True)
    assert result.text == locked + PINS_AFTER
    assert len(result.applied) == len(result.remaining.findings) == 1


def test_python_is_no_list_of_pins() -> None:
    assert outcome(PINS + "import sentry_sdk\n", "requirements.py").remaining.failure is not None


def test_what_is_not_python_is_left_alone() -> None:
    result = outcome("import sentry_sdk\nx = (\n", unsafe=True)
    assert (result.text, result.applied) == ("import sentry_sdk\nx = (\n", ())
    assert result.remaining.failure is not None
    assert result.remaining.failure.kind == "syntax"


def test_what_the_parser_does_not_give_back_is_left_alone() -> None:
    assert outcome("\\\n" + HEAD + SAFE, unsafe=True).text == "\\\n" + HEAD + SAFE


def test_findings_that_share_a_fix_are_settled_together() -> None:
    code = (
        "from sentry_sdk import Hub\n"
        "def f():\n    hub = Hub.current\n    hub.capture_message('x')\n    hub.capture_message('y')\n"
    )
    result = outcome(code, unsafe=True)
    assert "Hub" not in result.text
    assert len(result.applied) == 3


def test_names_of_the_projects_own_modules() -> None:
    code = "from app.obs import push_scope\nwith push_scope():\n    pass\n"
    reexported = {"app.obs.push_scope": "sentry_sdk.push_scope"}
    result = fix(Source(code), Settings(), unsafe=True, reexports=reexported)
    assert "new_scope" in result.text
    assert result.applied
    assert outcome(code, unsafe=True).text == code


def test_the_path_decides_what_is_a_packages_interface() -> None:
    code = "from sentry_sdk import push_scope\n" + SAFE.replace("sentry_sdk.push", "push")
    code = code.replace("sentry_sdk.capture", "capture").replace(
        "import push_scope", "import capture_message, push_scope"
    )
    assert "push_scope" in outcome(code, "app/__init__.py").text
    assert "push_scope" not in outcome(code, "app/main.py").text


# Failures that no rule brings about: they are put in where the texts are analysed.


def _failing(monkeypatch: pytest.MonkeyPatch, fails: Callable[[str], bool]) -> None:
    def tried(text: str, *arguments: object) -> Analysis | Failure:
        if fails(text):
            return Failure("syntax", "it does not parse")
        return attempt(text, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "attempt", tried)


def test_a_round_after_which_the_text_does_not_parse_is_not_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _failing(monkeypatch, lambda text: "new_scope" in text)
    result = outcome(HEAD + SAFE)
    assert (result.text, result.applied) == (HEAD + SAFE, ())
    assert [one.name for one in result.remaining.findings] == ["push-scope-with"]
    assert result.remaining.failure is not None
    assert result.remaining.failure.kind == "crash"
    assert "fix skipped" in result.remaining.failure.message
    assert "it does not parse" in result.remaining.failure.message


TWO_ROUNDS = "from sentry_sdk.api import Hub\nHub.current.capture_message('x')\n"


def test_the_rounds_before_it_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = outcome(TWO_ROUNDS, unsafe=True)
    assert [one.name for one in whole.applied] == [
        "hub-reexport-import",
        "hub-capture",
        "hub-import",
    ]
    _failing(monkeypatch, lambda text: "Hub" not in text)
    result = outcome(TWO_ROUNDS, unsafe=True)
    assert result.applied == whole.applied[:2]
    assert result.text not in (TWO_ROUNDS, whole.text)
    assert [one.name for one in result.remaining.findings] == ["hub-import"]
    assert result.remaining.failure is not None


def test_fixes_that_undo_each_other_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every round finds the same again."""
    first = attempt(HEAD + SAFE, Settings(), None)
    assert isinstance(first, Analysis)
    rounds: list[str] = []

    def tried(text: str, *arguments: object) -> Analysis | Failure:
        rounds.append(text)
        return first

    monkeypatch.setattr(module, "attempt", tried)
    result = fix(Source(HEAD + SAFE + "#" * 400), Settings())
    assert len(rounds) == MAX_ROUNDS + 1
    assert len(result.applied) == MAX_ROUNDS


# Fixes that cannot be made together go into rounds of their own: how many findings, and how many
# of them can be fixed in one round.
TOGETHER = [(2, 1), (2, 2), (3, 1), (4, 1), (5, 2), (6, 3), (7, 1), (9, 2), (10, 1)]


def _fix_few(monkeypatch: pytest.MonkeyPatch, count: int, most: int) -> FixOutcome:
    edits = Analysis.edits

    def few(self: Analysis, fixes: Iterable[FixDraft]) -> tuple[Edit, ...]:
        drafts = list(fixes)
        if len(drafts) > most:
            raise OverlapError("too many")
        return edits(self, drafts)

    monkeypatch.setattr(Analysis, "edits", few)
    return fix(Source(HEAD + SAFE * count), Settings())


@pytest.mark.parametrize(("count", "most"), TOGETHER)
def test_fixes_that_do_not_go_together(
    monkeypatch: pytest.MonkeyPatch, count: int, most: int
) -> None:
    result = _fix_few(monkeypatch, count, most)
    assert result.text == HEAD + SAFE_AFTER * count
    assert len(result.applied) == count


@pytest.mark.parametrize("at", [0, 2, 4])
def test_one_that_never_goes_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    edits = Analysis.edits

    def but_one(self: Analysis, fixes: Iterable[FixDraft]) -> tuple[Edit, ...]:
        drafts = list(fixes)
        line = self.context.tree.lines.line_of
        if any(line(draft.edits[0].start) == 1 + 2 * at for draft in drafts):
            raise OverlapError("this one")
        return edits(self, drafts)

    monkeypatch.setattr(Analysis, "edits", but_one)
    result = fix(Source(HEAD + SAFE * 5), Settings())
    left = [SAFE if number == at else SAFE_AFTER for number in range(5)]
    assert result.text == HEAD + "".join(left)


def test_a_fix_that_never_goes_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    result = _fix_few(monkeypatch, 5, 0)
    assert (result.text, result.applied) == (HEAD + SAFE * 5, ())
    assert len(result.remaining.findings) == 5


THREE = HEAD + SAFE + UNSAFE + SAFE
FIRST = THREE.index(SAFE)
LAST = THREE.rindex(SAFE)
LAST_END = THREE.index("(", LAST)

# what: (the span, whether unsafe fixes count, the text after)
WITHIN = {
    "all": ((0, len(THREE)), True, HEAD + SAFE_AFTER + UNSAFE_AFTER + SAFE_AFTER),
    "all safe ones": ((0, len(THREE)), False, HEAD + SAFE_AFTER + UNSAFE + SAFE_AFTER),
    "before the first": ((0, FIRST + len("with ") - 1), True, THREE),
    "up to the first": ((0, FIRST + len("with ")), True, HEAD + SAFE_AFTER + UNSAFE + SAFE),
    "inside of the last": ((LAST + 8, LAST + 8), True, HEAD + SAFE + UNSAFE + SAFE_AFTER),
    "from the end of the last": (
        (LAST_END, len(THREE)),
        True,
        HEAD + SAFE + UNSAFE + SAFE_AFTER,
    ),
    "behind the last": ((LAST_END + 1, len(THREE)), True, THREE),
    "the unsafe one, if safe ones count": (
        (FIRST + len(SAFE), FIRST + len(SAFE) + 9),
        False,
        THREE,
    ),
}


@pytest.mark.parametrize(("span", "unsafe", "after"), WITHIN.values(), ids=WITHIN)
def test_the_fixes_within_a_span(span: tuple[int, int], unsafe: bool, after: str) -> None:
    assert fix(Source(THREE), Settings(), unsafe=unsafe, within=span).text == after


def test_a_span_grows_with_its_fixes_from_round_to_round() -> None:
    nested, after, *_ = APPLIED["one in the other"]
    rest = "def g():\n    return sentry_sdk.Hub.current.client\n"
    start = nested.index("with")
    found = fix(Source(nested + rest), Settings(), unsafe=True, within=(start, start + 5))
    assert found.text.endswith(rest)
    assert len(found.applied) < 3
    assert fix(Source(nested + rest), Settings(), unsafe=True, within=(0, len(nested))).text == (
        after + rest
    )


CALLS = "from sentry_sdk import push_scope, configure_scope\ndef f():\n"
PUSHES = "    with push_scope() as s:\n        s.set_tag('a', 'b')\n"
CONFIGURES = "    with configure_scope() as s:\n        s.set_tag('a', 'b')\n"

# what: (the code, whether unsafe fixes count, what becomes of the names that tests may patch)
MOVED: Mapping[str, tuple[str, bool, tuple[Move, ...]]] = {
    "one": (CALLS + PUSHES, False, (Move("push_scope", "new_scope", True),)),
    "entered no more": (
        CALLS + CONFIGURES,
        False,
        (Move("configure_scope", "get_isolation_scope", False),),
    ),
    "both": (
        CALLS + PUSHES + CONFIGURES,
        False,
        (
            Move("push_scope", "new_scope", True),
            Move("configure_scope", "get_isolation_scope", False),
        ),
    ),
    "a use that stays": (CALLS + PUSHES + "    return push_scope\n", True, ()),
    "one that unsafe fixes alone make": (
        CALLS + PUSHES.replace("'b'", "input()") + "        yield\n",
        False,
        (),
    ),
    "nothing": (CALLS + "    pass\n", True, ()),
}


@pytest.mark.parametrize(("code", "unsafe", "moves"), MOVED.values(), ids=MOVED)
def test_what_becomes_of_names_that_tests_may_patch(
    code: str, unsafe: bool, moves: tuple[Move, ...]
) -> None:
    path = PurePath("app/views.py")
    found = fix(Source(code), Settings(), path, unsafe=unsafe, left={}, reexports={})
    assert set(found.remaining.plan.moves) == set(moves)
    assert fix(Source(code), Settings(), path, unsafe=unsafe).remaining.plan.moves == ()
