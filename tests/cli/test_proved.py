"""What `prove` found out is shown by `check`, and made by `apply --proved`."""

from __future__ import annotations

import json
from pathlib import Path

from cli.conftest import Run, write_tree
from sentry_migrate.project.kept_proofs import Kept, keep

APP = "from sentry_sdk import push_scope\n\ndef f(g):\n    with push_scope() as scope:\n        g(scope)\n"


def test_check_shows_it_and_apply_makes_it(run: Run, here: Path) -> None:
    write_tree(here, {"pyproject.toml": "", "app.py": APP})
    (finding,) = json.loads(run("check", "--output-format", "json").text)
    assert (finding["fix"]["applicability"], finding["proved_by_tests"]) == ("unsafe", 0)
    assert "No fix was proved" in run("apply", "--proved").err
    told = Kept("app.py", finding["code"], 4, 10, "equal", ("t", "u"))
    keep(str(here), {finding["id"]: told})
    (finding,) = json.loads(run("check", "--output-format", "json").text)
    assert finding["proved_by_tests"] == 2
    assert "Proved: the first rewrite is equal in 2 tests of yours." in run("tasks", "-o", "-").text
    assert "equal in 2 tests of the project, by `prove`" in run("check").text
    assert "Equal in 2 tests of the project." in run("report", "--output-format", "html").text
    leads = "1 fix that is not safe was equal in tests of yours: `sentry-migrate apply --proved`"
    for command in (("check",), ("status",), ("next", "--yes", "--no-commit", "--allow-dirty")):
        assert leads in run(*command).text
    assert leads not in run("check", "--output-format", "json").text
    assert run("apply", "--proved").code == 0
    assert "isolation_scope()" in (here / "app.py").read_text()
    assert "apply --proved" not in run("check").text


def test_another_rewrite_that_was_equal(run: Run, here: Path) -> None:
    write_tree(here, {"pyproject.toml": "", "app.py": APP})
    (finding,) = json.loads(run("check", "--output-format", "json").text)
    name = f"{finding['id']}/1"
    keep(str(here), {name: Kept("app.py", finding["code"], 4, 10, "equal", ("t",))})
    (finding,) = json.loads(run("check", "--output-format", "json").text)
    assert finding["proved_by_tests"] == 0
    shown = run("check").text.partition("or: ")[2]
    assert "equal in 1 test of the project" in shown
    assert run("apply", "--proved").code == 0
    assert "new_scope()" in (here / "app.py").read_text()


def test_the_preferred_rewrite_is_made_where_two_were_equal(run: Run, here: Path) -> None:
    write_tree(here, {"pyproject.toml": "", "app.py": APP})
    (finding,) = json.loads(run("check", "--output-format", "json").text)
    told = Kept("app.py", finding["code"], 4, 10, "equal", ("t",))
    keep(str(here), {f"{finding['id']}/1": told, finding["id"]: told})
    assert run("apply", "--proved").code == 0
    assert "isolation_scope()" in (here / "app.py").read_text()
    assert "apply --proved" not in run("check").text
