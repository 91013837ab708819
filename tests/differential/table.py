"""Prints what was proved, as a Markdown table: `python tests/differential/table.py`.

With `--write`, it goes where it is published: server/docs/proved.md, and the sums to the README.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "server")]

from differential import examples, proof  # noqa: E402
from differential.coverage import CANNOT_RUN  # noqa: E402
from differential.environments import NEW, OLD  # noqa: E402
from differential.generate import random_programs  # noqa: E402
from differential.outcome import Outcome, differences  # noqa: E402
from differential.program import Program, programs  # noqa: E402
from differential.proof import Laboratory, Verdict  # noqa: E402
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
    parser = argparse.ArgumentParser(prog="python tests/differential/table.py", description=__doc__)
    parser.add_argument("--write", action="store_true", help="renew the two pages")
    write = parser.parse_args().write
    text = measured()
    if write:
        publish(text, TESTS.parent)
    else:
        print(text, end="")


def publish(text: str, root: Path) -> None:
    """Replace the table in server/docs/proved.md and its sums in the README below `root`."""
    page, readme = root / "server/docs/proved.md", root / "README.md"
    head, _, _ = page.read_text(encoding="utf-8").partition(HEAD[0])
    page.write_text(head + text, encoding="utf-8", newline="\n")
    sums = re.search(r"^\| \*\*all\*\*(.*)$", text, re.MULTILINE)
    assert sums is not None
    renewed, count = re.subn(
        r"^  (?: ?\| \d+){6} \|$",
        f"  {sums.group(1).strip()}",
        readme.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    assert count == 1, "the README has no row of six numbers, or several"
    readme.write_text(renewed, encoding="utf-8", newline="\n")


def measured() -> str:
    """The table and what follows it."""
    with proof.laboratory() as lab:
        results = [*_programs(lab), *_examples(lab)]
        verdicts = [*_verdicts(lab)]
    lines = [*HEAD]
    for rule in RULES.values():
        found = [result for result in results if rule.name in result.rules]
        if found:
            lines.append(_row(f"`{rule.name}`", found))
    lines += [_row("**all**", results), "", SUMS, ""]
    lines += [
        f"Of {len(verdicts)} programs, those in the documentation and those made at random among",
        "them, what the safe fixes alone make, beside the program as it is on 2.x:",
        "",
        f"- worse than left alone: {sum(bool(one.worse) for one in verdicts)}",
        f"- safe and different: {sum(bool(one.different) for one in verdicts)}",
    ]
    quiet = [row for row in programs() if row.expect == "silent"]
    silent = [rule.name for rule in RULES.values() if rule.name in CANNOT_RUN]
    lines += ["", f"Look-alikes and code for both versions that stay as they are: {len(quiet)}."]
    lines.append(f"Rules that no program can exercise: {len(silent)} ({', '.join(silent)}).")
    return "\n".join(lines) + "\n"


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
        if program.expect != "silent":
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
        sandbox = lab.since(example.version)
        after = examples.run(sandbox, examples.migrated(example).text)
        yield Result((example.rule,), True, _equal(before, after), example=True)


def _verdicts(lab: Laboratory) -> Iterator[Verdict]:
    for program in (*programs(), *random_programs()):
        yield proof.verdict(lab, program)
    for example in examples.examples():
        yield examples.verdict(lab, example)


def _equal(before: Outcome, after: Outcome) -> bool:
    return not differences(before, after)


if __name__ == "__main__":
    main()
