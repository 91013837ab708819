"""What earlier proofs said is shown and used while it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import write_tree
from sentry_migrate.prove import kept
from sentry_migrate.prove.verdicts import Verdict

APP = "from sentry_sdk import push_scope\n\ndef f(g):\n    with push_scope() as scope:\n        g(scope)\n"


def test_a_verdict_is_kept_until_the_text_changes(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    found = {
        "a": Verdict("equal", ("t", "u")),
        "b": Verdict("different", ("t",)),
        "c": Verdict("never-ran"),
        "d": Verdict("nothing-sent", ("t",)),
    }
    places = dict.fromkeys(found, "app.py")
    kept.keep(str(tmp_path), found, places)
    assert kept.equal(str(tmp_path), places) == {"a": 2}
    assert kept.equal(str(tmp_path), {"other": "app.py"}) == {}
    kept.keep(str(tmp_path), {"e": Verdict("equal", ("t",))}, {"e": "app.py"})
    assert kept.equal(str(tmp_path), {**places, "e": "app.py"}) == {"a": 2, "e": 1}
    (tmp_path / "app.py").write_text(APP + "\n")
    assert kept.equal(str(tmp_path), places) == {}
    assert (tmp_path / ".sentry-migrate" / ".gitignore").read_text() == "*\n"


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
