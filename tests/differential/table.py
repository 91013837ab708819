"""Prints what was proved, as a Markdown table: `python tests/differential/table.py`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "server")]

from differential import examples, proof  # noqa: E402
from differential.coverage import CANNOT_RUN  # noqa: E402
from differential.environments import NEW, OLD  # noqa: E402
from differential.outcome import Outcome, differences  # noqa: E402
from differential.program import Program, programs  # noqa: E402
from differential.proof import Laboratory  # noqa: E402
from sentry_migrate.config import LATEST  # noqa: E402
from sentry_migrate.rules import RULES  # noqa: E402

HEAD = (
    f"| Rule | Programs | Equal on {OLD} and {NEW} | Known to differ | By hand | Examples | Equal |",
    "|---|--:|--:|--:|--:|--:|--:|",
)
SUMS = """A program counts under each of its rules, and once in the last row: the columns do not add up to
that row."""


@dataclass(frozen=True)
class Result:
    """One program or example, fixed as far as it can be and run."""

    rules: tuple[str, ...]
    fixed: bool
    equal: bool
    example: bool = False


def main() -> None:
    with proof.laboratory() as lab:
        results = [*_programs(lab), *_examples(lab)]
    print("\n".join(HEAD))
    for rule in RULES.values():
        found = [result for result in results if rule.name in result.rules]
        if found:
            print(_row(f"`{rule.name}`", found))
    print(_row("**all**", results))
    print(f"\n{SUMS}")
    quiet = [row for row in programs() if row.expect == "silent"]
    silent = [rule.name for rule in RULES.values() if rule.name in CANNOT_RUN]
    print(f"\nLook-alikes and code for both versions that stay as they are: {len(quiet)}.")
    print(f"Rules that no program can exercise: {len(silent)} ({', '.join(silent)}).")


def _row(name: str, results: list[Result]) -> str:
    rows = [found for found in results if not found.example]
    documented = [found for found in results if found.example]
    counts = (
        len(rows),
        sum(found.fixed and found.equal for found in rows),
        sum(found.fixed and not found.equal for found in rows),
        sum(not found.fixed for found in rows),
        len(documented),
        sum(found.equal for found in documented),
    )
    return f"| {name} | {' | '.join(str(count) for count in counts)} |"


def _programs(lab: Laboratory) -> Iterator[Result]:
    for program in programs():
        if program.expect != "silent" and proof.ready(program):
            yield _program(lab, program)


def _program(lab: Laboratory, program: Program) -> Result:
    if program.expect == "manual":
        return Result(program.rules, fixed=False, equal=False)
    fixed = proof.fixed(program, unsafe=program.expect != "safe")
    found = proof.run(lab, lab.new, program, fixed.text)
    return Result(program.rules, True, _equal(proof.run(lab, lab.old, program), found))


def _examples(lab: Laboratory) -> Iterator[Result]:
    for example in examples.examples():
        before = examples.run(lab.old, example.rewrite.before)
        sandbox = lab.new if example.version == LATEST else lab.floor
        after = examples.run(sandbox, examples.migrated(example).text)
        yield Result((example.rule,), True, _equal(before, after), example=True)


def _equal(before: Outcome, after: Outcome) -> bool:
    return not differences(before, after)


if __name__ == "__main__":
    main()
