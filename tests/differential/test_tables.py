"""The tables themselves."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from differential import examples, shown
from differential.coverage import CANNOT_RUN
from differential.environments import NEW, OLD
from differential.program import SETUPS, programs
from differential.table import HEAD, publish
from sentry_migrate.report import proofs
from sentry_migrate.report.proofs import TABLE
from sentry_migrate.rules import RULES

ROOT = Path(__file__).parents[2]
PROVED = (ROOT / "server/docs/proved.md").read_text(encoding="utf-8")
PROGRAMS = programs()
SHOWN = json.loads(TABLE.read_text(encoding="utf-8"))
COMMAND = "python tests/differential/table.py --write"


def test_there_are_many_programs() -> None:
    assert len(PROGRAMS) >= 250


def test_no_id_is_used_twice() -> None:
    assert [name for name, count in Counter(row.id for row in PROGRAMS).items() if count > 1] == []


def test_every_rule_a_program_names_exists() -> None:
    named = {rule for row in PROGRAMS for rule in (*row.rules, *row.leaves)}
    assert sorted(named - set(RULES)) == []


def test_every_rule_has_a_program_or_a_reason() -> None:
    covered = {rule for row in PROGRAMS for rule in row.rules}
    assert sorted(set(RULES) - covered) == sorted(set(CANNOT_RUN) & set(RULES))


def test_every_program_is_python_with_a_known_setup() -> None:
    for row in PROGRAMS:
        ast.parse(row.text)
        assert row.setup in SETUPS


def test_a_known_difference_says_what_differs() -> None:
    assert [row.id for row in PROGRAMS if (row.expect == "differs") != bool(row.differs)] == []


def stated(name: str, text: str = PROVED) -> list[int]:
    """The numbers of a row of the table in server/docs/proved.md."""
    row = re.search(rf"^\s*\| {re.escape(name)}((?: \| \d+)+) \|$", text, re.MULTILINE)
    assert row is not None, f"no row of {name}: run `{COMMAND}`"
    return [int(number) for number in re.findall(r"\d+", row.group(1))]


def counted(rule: str | None) -> list[int]:
    """What of a row can be counted without running a program."""
    rows = [row for row in PROGRAMS if rule is None or rule in row.rules]
    by = Counter(row.expect for row in rows)
    documented = sum(rule in (None, one.rule) for one in examples.examples())
    equal = by["safe"] + by["unsafe"]
    return [equal + by["differs"] + by["manual"], equal, by["differs"], by["manual"], documented]


@pytest.mark.slow  # whoever is at work on a program need not have it run on both SDKs yet
@pytest.mark.parametrize("rule", sorted(SHOWN["rules"]))
def test_the_page_of_a_rule_shows_one_of_its_programs(rule: str) -> None:
    """As it is and as the fixer leaves it now; or says why there is none."""
    entry = SHOWN["rules"][rule]
    known = {row.id: row for row in shown.candidates(rule)}
    if not known:
        assert entry == {"none": CANNOT_RUN[rule]}
    else:
        row = known[entry["program"]]
        found = (entry["before"], entry.get("after"), entry["safe"])
        wanted = (row.text, shown.after(row), row.expect == "safe")
        assert found == wanted, "run tests/differential/shown.py"
        assert len(entry["rows"]) <= shown.ROWS


@pytest.mark.slow
def test_the_pages_are_of_the_rules_and_releases_that_are_tested() -> None:
    assert (SHOWN["old"], SHOWN["new"]) == (OLD, NEW)
    assert list(SHOWN["rules"]) == list(RULES)
    assert max(map(len, map(proofs.proof, RULES))) < 4_000
    assert "/tmp" not in TABLE.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_page_has_the_counts_of_each_rule() -> None:
    covered = {rule: counted(rule) for row in PROGRAMS for rule in row.rules}
    wanted = {rule: row for rule, row in covered.items() if any(row)}
    assert {rule: stated(f"`{rule}`")[:-1] for rule in wanted} == wanted, f"run `{COMMAND}`"


@pytest.mark.slow
def test_the_page_and_the_readme_have_the_counts_of_all() -> None:
    total = stated("**all**")
    assert total[:-1] == counted(None), f"run `{COMMAND}`"
    assert total[-1] <= total[-2]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"  | {' | '.join(map(str, total))} |\n" in readme
    silent = sum(row.expect == "silent" for row in PROGRAMS)
    assert f"stay as they are: {silent}." in PROVED


def test_both_pages_are_renewed(tmp_path: Path) -> None:
    (tmp_path / "server/docs").mkdir(parents=True)
    for name in ("server/docs/proved.md", "README.md"):
        (tmp_path / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    publish("\n".join((*HEAD, "| **all** | 6 | 5 | 4 | 3 | 2 | 1 |", "", "The end.\n")), tmp_path)
    page = (tmp_path / "server/docs/proved.md").read_text(encoding="utf-8")
    assert page.startswith(PROVED.partition(HEAD[0])[0])
    assert page.endswith("| **all** | 6 | 5 | 4 | 3 | 2 | 1 |\n\nThe end.\n")
    before = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    after = (tmp_path / "README.md").read_text(encoding="utf-8").splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ["  | 6 | 5 | 4 | 3 | 2 | 1 |"]
