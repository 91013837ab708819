"""Which fixes the beginnings of IDs stand for."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sentry_migrate.prove.fixes import Fixer, NotFixedError, TriedFix


def finding(name: str, fix: bool, alternatives: int) -> dict[str, object]:
    made = {"message": "m", "applicability": "safe"}
    return {
        "id": name, "code": "SEN1", "name": "n", "location": {"row": 1, "column": 1},
        "filename": "/copy/a.py", "fix": made if fix else None, "alternatives": [made] * alternatives,
    }  # fmt: skip


FOUND = [finding("a1", True, 2), finding("a2", True, 0), finding("b1", False, 1)]
GIVEN: dict[str, tuple[list[str], list[str] | str]] = {
    "none": ([], ["a1", "a2"]),
    "one": (["a1"], ["a1"]),
    "a beginning of two": (["a"], ["a1", "a2"]),
    "an alternative": (["a1/2"], ["a1/2"]),
    "a fix and an alternative": (["a1", "b1/1"], ["a1", "b1/1"]),
    "alternatives of some": (["a/1"], ["a1/1"]),
    "no such finding": (["c"], "'c' is not the beginning of the ID of a fix"),
    "no such alternative": (["a1/3"], "'a1/3' is not a fix; alternatives: a1/1, a1/2"),
    "no such alternative beside a fix": (["a1", "a1/0"], "'a1/0' is not a fix; alternatives: a1/1, a1/2"),
    "no alternative": (["a2/1"], "'a2/1' is not a fix; alternatives: none"),
    "only an alternative": (["b1"], "'b1' is not a fix; alternatives: b1/1"),
    "no number": (["a1/x"], "'a1/x' is not a fix; alternatives: a1/1, a1/2"),
}  # fmt: skip


@pytest.mark.parametrize(("ids", "wanted"), GIVEN.values(), ids=GIVEN)
def test_which_are_tried(
    monkeypatch: pytest.MonkeyPatch, ids: list[str], wanted: list[str] | str
) -> None:
    monkeypatch.setattr(Fixer, "_run", lambda *_: json.dumps(FOUND))
    if isinstance(wanted, list):
        assert [one.id for one in Fixer(ids=ids).find("/copy")] == wanted
        return
    with pytest.raises(NotFixedError) as raised:
        Fixer(ids=ids).find("/copy")
    assert str(raised.value) == wanted


CODE_TWICE = """\
import sentry_sdk
from sentry_sdk import Hub

def twice():
    Hub.current.flush()
    Hub.current.flush()
    return Hub.current.last_event_id()
"""
BASELINE = '[project]\nname = "x"\n[tool.sentry-migrate]\nbaseline = "b.json"\n'


@pytest.mark.slow
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("accepted", [False, True], ids=["", "accepted by a baseline"])
def test_one_run_finds_and_makes(tmp_path: Path, unsafe: bool, accepted: bool) -> None:
    fixer = Fixer(unsafe=unsafe)
    made, found = [], []
    for name in ("once", "twice"):
        copy = tmp_path / name / "project"
        copy.mkdir(parents=True)
        (copy / "a.py").write_text(CODE_TWICE)
        (copy / "pyproject.toml").write_text('[project]\nname = "x"\n')
        if name == "twice":
            found.append(fixer.find(str(copy)))
            fixer.make(str(copy))
        else:
            if accepted:
                (copy / "pyproject.toml").write_text(BASELINE)
                fixer._run(str(copy), "check", "--update-baseline")
            found.append(fixer.find_and_make(str(copy)))
        made.append((copy / "a.py").read_text())
    assert found[0] == found[1]
    assert len(found[0]) == (3 if unsafe else 2)
    assert made[0] == made[1] != CODE_TWICE


CODE = {
    "shop/app.py": True,
    "app.pyw": True,
    "app.wsgi": True,
    "bin/serve": True,
    "a b.ipynb": True,
    "requirements.txt": False,
    "pyproject.toml": False,
    "deploy/Dockerfile": False,
    "Pipfile": False,
}


@pytest.mark.parametrize(("path", "code"), CODE.items(), ids=CODE)
def test_what_tests_can_run(path: str, code: bool) -> None:
    assert TriedFix("1", "SEN1", "n", path, 1, 1, "t", True).is_code == code


def test_a_place_is_as_check_writes_it() -> None:
    fix = TriedFix("1", "SEN1", "n", "a.ipynb", 4, 6, "t", True)
    assert (fix.place, replace(fix, cell=2).place) == ("a.ipynb:4:6", "a.ipynb:cell 2:4:6")
