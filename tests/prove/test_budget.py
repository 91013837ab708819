"""A time budget: what is known when it ends is said, and nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sentry_migrate.cli import prove
from sentry_migrate.prove.fixes import Fixer, TriedFix
from sentry_migrate.prove.recordings import Recording
from sentry_migrate.prove.recordings import Test as Recorded
from sentry_migrate.prove.runs import Outcome, TooSlowError

FIXES = [TriedFix(f"{at}" * 32, "SEN101", "x", "a.py", at, 1, "t", True) for at in (1, 2, 3)]
ONE, TWO, THREE = (fix.id for fix in FIXES)
SENT = {
    "test_a": frozenset((ONE, TWO)),
    "test_b": frozenset((TWO,)),
    "test_c": frozenset((THREE,)),
}
"""Tests, and the fixes whose old code they run. In `test_a`, the first fix is wrong."""


@dataclass(frozen=True)
class Known(Fixer):
    """Three fixes; those that are made are noted in the copy."""

    def find(self, copy: str) -> list[TriedFix]:
        return FIXES

    def find_and_make(self, copy: str) -> list[TriedFix]:
        self.make(copy)
        return self.find(copy)

    def make(self, copy: str, ids: Iterable[str] | None = None) -> None:
        made = [fix.id for fix in FIXES] if ids is None else ids
        Path(copy, "made").write_text("\n".join(made))


# seconds, when each run takes one → exit code, causes by test, verdicts
BUDGETS: dict[float, tuple[int, dict[str, str], list[str]]] = {
    0.5: (2, {}, []),
    1: (2, {}, []),
    2.5: (2, {}, []),
    3: (1, {"test_a": "open"}, ["untold", "untold", "equal"]),
    3.5: (1, {"test_a": "open"}, ["untold", "untold", "equal"]),
    6: (1, {"test_a": "open"}, ["untold", "untold", "equal"]),
    7: (1, {"test_a": "fix"}, ["different", "untold", "equal"]),
    8: (1, {"test_a": "fix"}, ["different", "equal", "equal"]),
    100: (1, {"test_a": "fix"}, ["different", "equal", "equal"]),
}


@pytest.mark.parametrize(("seconds", "expected"), BUDGETS.items(), ids=map(str, BUDGETS))
def test_what_is_known_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seconds: float,
    expected: tuple[int, dict[str, str], list[str]],
) -> None:
    clock = [0.0]

    def run(_: object, copy: str, sdk: str, probes: Any, only: Iterable[str], limit: Any) -> Any:
        clock[0] += min(1, limit)
        if limit < 1:
            raise TooSlowError("too slow")
        noted = Path(copy, "made")
        wrong = sdk == "new" and noted.exists() and ONE in noted.read_text()
        names: Sequence[str] = [*only] or [*SENT]
        found: Recording = {
            name: Recorded("passed", (("event", {"message": "b" if wrong and name == "test_a" else "a"}),),
                       *[SENT[name] if probes else frozenset()] * 2)
            for name in names
        }  # fmt: skip
        return Outcome(found, 0, 1, ())

    monkeypatch.setattr(prove.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(prove.Runner, "run", run)
    monkeypatch.setattr(
        prove, "sdk", lambda _, wanted, __: ("old" if wanted[:1] == "=" else "new", wanted)
    )
    options = prove.Options(
        str(tmp_path), ("x",), Known(), "", "python", budget=seconds, output_format="json"
    )
    code, causes, verdicts = expected
    assert prove.run(options) == code
    out, err = capsys.readouterr()
    if code == 2:
        assert f"the time budget of {seconds:g} seconds ended after {int(seconds)} run" in err
        return
    found = json.loads(out)
    assert {one["test"]: one["cause"] for one in found["differences"]} == causes
    assert [one["verdict"] for one in found["fixes"]] == verdicts
    assert found["complete"] == (seconds >= 8)
