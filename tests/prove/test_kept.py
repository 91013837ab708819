"""What earlier proofs said is shown and used while it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import write_tree
from sentry_migrate.project import kept_proofs as kept

APP = "from sentry_sdk import push_scope\n\ndef f(g):\n    with push_scope() as scope:\n        g(scope)\n"


def told(verdict: str, *tests: str, path: str = "app.py") -> kept.Kept:
    return kept.Kept(path, "SEN102", 4, 10, verdict, tests)


def test_a_verdict_is_kept_until_the_text_changes(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    found = {
        "a": told("equal", "t", "u"),
        "b": told("different", "t"),
        "c": told("never-ran"),
        "d": told("nothing-sent", "t"),
    }
    places = dict.fromkeys(found, "app.py")
    kept.keep(str(tmp_path), found)
    assert kept.equal(str(tmp_path), places) == {"a": 2}
    assert kept.equal(str(tmp_path), {"other": "app.py"}) == {}
    kept.keep(str(tmp_path), {"e": told("equal", "t")})
    assert kept.equal(str(tmp_path), {**places, "e": "app.py"}) == {"a": 2, "e": 1}
    (tmp_path / "app.py").write_text(APP + "\n")
    assert kept.equal(str(tmp_path), places) == {}
    assert (tmp_path / ".sentry-migrate" / ".gitignore").read_text() == "*\n"


LATER: dict[str, tuple[str, int]] = {
    "never-ran": ("never-ran", 2),
    "nothing-sent": ("nothing-sent", 2),
    "untold": ("untold", 0),
    "different": ("different", 0),
    "equal in others": ("equal", 1),
}


@pytest.mark.parametrize(("verdict", "tests"), LATER.values(), ids=LATER)
@pytest.mark.parametrize("text", [APP, APP + "\n"], ids=["the same text", "another"])
def test_a_run_of_fewer_tests(tmp_path: Path, verdict: str, tests: int, text: str) -> None:
    (tmp_path / "app.py").write_text(APP)
    kept.keep(str(tmp_path), {"a": told("equal", "t", "u")})
    (tmp_path / "app.py").write_text(text)
    kept.keep(str(tmp_path), {"a": told(verdict, "v")})
    known = kept.equal(str(tmp_path), {"a": "app.py"}).get("a", 0)
    assert known == (tests if text == APP or verdict == "equal" else 0)


BROKEN = {
    "no JSON": "{",
    "another shape": "[]",
    "a verdict of another shape": '{"a": 1}',
    "tests of another shape": '{"a": {"verdict": "equal", "tests": 3, "text": ""}}',
    "empty": "",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_says_nothing(tmp_path: Path, text: str) -> None:
    write_tree(tmp_path, {".sentry-migrate/proof.json": text, "app.py": APP})
    assert kept.equal(str(tmp_path), {"a": "app.py"}) == {}
    assert kept.equal_in(str(tmp_path / "app.py"), APP) == {}


# name → (fix, verdict, its file, the text now, whether its place is known)
PLACES = {
    "equal": ("a", "equal", "app.py", APP, True),
    "below a folder": ("a", "equal", "shop/app.py", APP, True),
    "another text": ("a", "equal", "app.py", APP + "\n", False),
    "another file of this text": ("a", "equal", "other.py", APP, False),
    "another rewrite": ("a/1", "equal", "app.py", APP, False),
    "different": ("a", "different", "app.py", APP, False),
    "nothing can be told": ("a", "untold", "app.py", APP, False),
}


@pytest.mark.parametrize(("fix", "kind", "file", "text", "known"), PLACES.values(), ids=PLACES)
def test_what_is_known_of_a_text(
    tmp_path: Path, fix: str, kind: str, file: str, text: str, known: bool
) -> None:
    write_tree(tmp_path, {"app.py": APP, "shop/app.py": APP, "other.py": APP, ".git/x": ""})
    asked = "app.py" if file == "other.py" else file
    kept.keep(str(tmp_path), {fix: told(kind, "t", "u", path=file)})
    found = kept.equal_in(str(tmp_path / asked), text)
    assert found == ({("SEN102", 4, 10): 2} if known else {})
