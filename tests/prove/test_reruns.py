"""Which tests run again, and that what they share with others does not mislead."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from sentry_migrate.cli import prove
from sentry_migrate.prove.fixes import Fixer, TriedFix
from sentry_migrate.prove.recordings import Recording
from sentry_migrate.prove.recordings import Test as Recorded
from sentry_migrate.prove.runs import Outcome

FIXES = [TriedFix(f"{at}" * 32, "SEN101", "x", "a.py", at, 1, "t", True) for at in (1, 2)]
ONE, TWO = (fix.id for fix in FIXES)
Sent = Callable[[bool, Collection[str], Collection[str], int], dict[str, str]]
"""What a test sends: with the new SDK or not, with which fixes, which tests run, in which run."""


def sends(**values: object) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value}


STOPPED = {"stopped": ""}
"""It does not run."""


def traced(otherwise: object) -> dict[str, str]:
    return {"message": "m", "contexts.trace.op": "b" if otherwise else "a"}


ALL = ""
"""In a list of runs, one of all tests."""
# name → (what `b` sends, why it differs and the fixes at fault, the tests of each run after the third)
ROWS: dict[str, tuple[Sent, list[tuple[str, list[str]]], list[str]]] = {
    "equal": (lambda new, made, run, at: {}, [], []),
    "the SDK": (lambda new, made, run, at: sends(sdk=new), [("sdk", [])], ["b"]),
    "the SDK, with what another test made": (
        lambda new, made, run, at: sends(sdk=new, tag="a" in run), [("sdk", [])], ["b", "b", ALL],
    ),
    "a fix": (lambda new, made, run, at: sends(fix=ONE in made), [("fix", [ONE])], ["b", "b", "b", "b", "b"]),
    "a fix, with what another test made": (
        lambda new, made, run, at: sends(fix=TWO in made, tag="a" in run),
        [("fix", [TWO])],
        ["b", "b", ALL, ALL, ALL, ALL],
    ),
    "a fix, only with what another test made": (
        lambda new, made, run, at: sends(fix=TWO in made and "a" in run, tag="a" in run),
        [("fix", [TWO])],
        ["b", "b", ALL, ALL, ALL, ALL],
    ),
    "once": (lambda new, made, run, at: sends(once=at == 3), [], ["b"] * 6),
    "once, and the SDK": (lambda new, made, run, at: sends(once=at == 3, sdk=new), [], ["b"] * 8),
    "two fixes together": (
        lambda new, made, run, at: sends(fix=made == {ONE, TWO}),
        [("unexplained", [ONE, TWO])], ["b"] * 6,
    ),
    "with all fixes, something else each time": (
        lambda new, made, run, at: sends(fix=made == {ONE, TWO} and at),
        [("unexplained", [ONE, TWO])], ["b"] * 6,
    ),
    "a fix and the SDK": (
        lambda new, made, run, at: sends(fix=ONE in made, sdk=new),
        [("fix", [ONE])],
        ["b", "b", "b", "b", "b", "b"],
    ),
    "the SDK, where the code as it is does not start": (
        lambda new, made, run, at: STOPPED if new and ONE not in made else traced(new),
        [], ["b"] * 3,
    ),
    "the SDK, where the code as it is sends nothing": (
        lambda new, made, run, at: {} if new and ONE not in made else traced(new),
        [], ["b"] * 8,
    ),
    "the SDK, where a fix mends what it breaks": (
        lambda new, made, run, at: {**traced(new), **sends(lost=new and ONE not in made)},
        [], ["b"] * 3,
    ),
    "a fix changes what the SDK tells, where another mends the start": (
        lambda new, made, run, at: {} if new and ONE not in made else traced(TWO in made),
        [("fix", [TWO])], ["b"] * 7,
    ),
    "a fix, where another mends the start": (
        lambda new, made, run, at: STOPPED if new and ONE not in made else {**traced(new), **sends(fix=TWO in made)},
        [("fix", [TWO])], ["b"] * 7,
    ),
    "a fix, where another mends what the SDK breaks": (
        lambda new, made, run, at: {**traced(new), **sends(fix=TWO in made, lost=new and ONE not in made)},
        [("fix", [TWO])], ["b"] * 6,
    ),
    "the SDK by hand, where a fix mends what it breaks": (
        lambda new, made, run, at: sends(sdk=new, lost=new and ONE not in made),
        [("sdk", [])], ["b"] * 3,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Known(Fixer):
    """Two fixes; those that are made are noted in the copy."""

    fixes: list[TriedFix] = field(default_factory=lambda: FIXES)

    def find(self, copy: str) -> list[TriedFix]:
        return self.fixes

    def find_and_make(self, copy: str) -> list[TriedFix]:
        self.make(copy)
        return self.find(copy)

    def make(self, copy: str, ids: Iterable[str] | None = None) -> None:
        made = [ONE, TWO] if ids is None else ids
        Path(copy, "made").write_text("\n".join(made))


@dataclass(frozen=True)
class Unsafe(Known):
    """Has more if unsafe fixes are wanted."""

    def find(self, copy: str) -> list[TriedFix]:
        return FIXES if self.unsafe else []


@pytest.mark.parametrize("where", ["b", ""], ids=["in a test", "outside of tests"])
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_reruns(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    row: tuple[Sent, list[tuple[str, list[str]]], list[str]],
    where: str,
) -> None:
    sent, expected, reruns = row
    runs, found = played(tmp_path, monkeypatch, capsys, sent, where, Known())
    assert [(one["cause"], one["fixes"]) for one in found["differences"]] == expected
    blamed = [fix for cause, fixes in expected for fix in fixes if cause == "fix"]
    assert [one["id"] for one in found["fixes"] if one["verdict"] == "different"] == blamed
    if where:
        assert runs[3:] == reruns
    else:
        assert not any(runs)


@pytest.mark.parametrize("path", ["a.py", "requirements.txt"])
@pytest.mark.parametrize("wrong", [True, False])
def test_what_is_at_fault_is_told_though_no_test_can_run_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    path: str,
    wrong: bool,
) -> None:
    fixer = Known(fixes=[FIXES[0], replace(FIXES[1], path=path)])
    sent = (lambda new, made, run, at: sends(fix=TWO in made)) if wrong else ROWS["equal"][0]
    _, found = played(tmp_path, monkeypatch, capsys, sent, "b", fixer)
    told = {one["id"]: one["verdict"] for one in found["fixes"]}
    other = {TWO: "different"} if wrong else {TWO: "equal"} if path == "a.py" else {}
    assert told == {ONE: "untold" if wrong else "equal", **other}


@pytest.mark.parametrize(
    ("fixer", "said"),
    [
        (Known(fixes=[]), "No fix to prove"),
        (
            Unsafe(fixes=[]),
            "2 fixes that are not safe: `sentry-migrate prove --unsafe-fixes` tries",
        ),
        (Unsafe(fixes=[], ids=("1",)), "No fix to prove"),
    ],
)
def test_nothing_to_prove(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fixer: Known, said: str
) -> None:
    assert prove.run(prove.Options(str(tmp_path), ("x",), fixer, "", "python")) == 0
    assert said in capsys.readouterr().err


def played(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sent: Sent,
    where: str,
    fixer: Known,
) -> tuple[list[str], Any]:
    """The tests of each run, and what was found."""
    runs: list[str] = []

    def run(_: object, copy: str, sdk: str, probes: Any, only: Iterable[str], limit: Any) -> Any:
        names = {*only} or {"a", where}
        runs.append(" ".join(sorted(only)))
        noted = Path(copy, "made")
        made = {*noted.read_text().split()} if noted.exists() else set()
        payload = sent(sdk == "new", made, names, len(runs))
        ran = frozenset((ONE, TWO)) if probes else frozenset()
        found: Recording = dict.fromkeys(names, Recorded("passed"))
        if payload == STOPPED:
            found.pop(where, None)
        elif where in names:
            found = {**found, where: Recorded("passed", (("event", payload),), ran, ran)}
        return Outcome(found, 0, 1, ())

    monkeypatch.setattr(prove.Runner, "run", run)
    monkeypatch.setattr(
        prove, "sdk", lambda _, wanted, __: ("old" if wanted[:2] == "==" else "new", wanted)
    )
    options = prove.Options(str(project), ("x",), fixer, "", "python", output_format="json")
    code = prove.run(options)
    found = json.loads(capsys.readouterr().out)
    assert code == bool(found["differences"])
    return runs, found
