"""Do the tests notice a change? `python tests/mutation [MODULE …]` prints a score for each module.

One thing at a time is changed in a module, and tests of that module are run until one fails. The
score is how many of 100 changes are noticed, without those that cannot be: equivalent.toml.

Written here, because what there is does not fit: mutmut looks for packages in the top level and
`src` only, marks what is equivalent by comments in the code, and cosmic-ray starts a new Python
for each mutant. A fork that has pytest imported needs a second.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "server"), str(ROOT / "tests")]

import run  # noqa: E402
from mutants import Mutant, mutants  # noqa: E402

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

EXAMPLES = "tests/rules/test_examples.py"
EXPECTATIONS = "tests/differential/test_expectations.py"

TARGETS: Mapping[str, tuple[str, ...]] = {
    "sentry_migrate.text.edits": ("tests/text/test_edits.py",),
    "sentry_migrate.engine.fix": ("tests/engine/test_fix.py",),
    "sentry_migrate.plan": ("tests/test_plan.py",),
    "sentry_migrate.python.replaced": ("tests/python/test_replaced.py",),
    "sentry_migrate.python.scopes": ("tests/python/test_scopes.py",),
    "sentry_migrate.rewrite.import_plan": (
        "tests/rewrite/test_import_plan.py",
        "tests/rewrite/test_imports.py",
        "tests/project/test_reexports.py",
        "tests/rules/test_names.py",
        "tests/rules/test_moved_names.py",
        EXAMPLES,
    ),
    "sentry_migrate.sdk.values": ("tests/sdk/test_values.py", EXAMPLES, EXPECTATIONS),
    "sentry_migrate.proof.effects": (
        "tests/proof/test_effects.py",
        "tests/proof/test_effects_of_code.py",
        "tests/rules/test_scope_managers.py",
        EXAMPLES,
        EXPECTATIONS,
    ),
    "sentry_migrate.rewrite.push_scope": (
        "tests/rules/test_scope_managers.py",
        EXAMPLES,
        EXPECTATIONS,
    ),
    "sentry_migrate.proof.call_graph": ("tests/proof/test_call_graph.py",),
    "sentry_migrate.proof.init_order": ("tests/proof/test_init_order.py",),
    "sentry_migrate.proof.possible_calls": ("tests/proof/test_init_order.py",),
    "sentry_migrate.proof.data_types": ("tests/proof/test_data_types.py",),
    "sentry_migrate.proof.hidden_scopes": ("tests/proof/test_hidden_scopes.py",),
    "sentry_migrate.proof.mocks": ("tests/proof/test_mocks.py",),
    "sentry_migrate.proof.stand_ins": ("tests/proof/test_stand_ins.py",),
    "sentry_migrate.project.reexports": ("tests/project/test_reexports.py",),
    "sentry_migrate.project.callers": ("tests/project/test_callers.py",),
    "sentry_migrate.project.call_search": (
        "tests/project/test_callers.py",
        "tests/cli/test_call_chains.py",
    ),
    "sentry_migrate.project.member_search": ("tests/cli/test_members_elsewhere.py",),
    "sentry_migrate.project.outside_calls": (
        "tests/project/test_outside_calls.py",
        "tests/cli/test_members_elsewhere.py",
    ),
    "sentry_migrate.project.replaced_attributes": ("tests/project/test_replaced_attributes.py",),
    "sentry_migrate.project.takers": (
        "tests/project/test_taken.py",
        "tests/project/test_dropped.py",
        "tests/project/test_reexports.py",
    ),
    "sentry_migrate.project.taken_names": (
        "tests/project/test_taken.py",
        "tests/project/test_dropped.py",
        "tests/project/test_reexports.py",
    ),
    "sentry_migrate.project.patched_names": (
        "tests/project/test_patched_names.py",
        "tests/cli/test_moved.py",
    ),
}
"""The modules of the proof, of the facts and of the edits, with the tests that are to notice."""

PATIENCE = 10.0  # seconds
SLOWEST = 6.0
"""A mutant may take so many times what the tests take without one."""


@dataclass(frozen=True)
class Score:
    """What became of the mutants of one module that were tried."""

    tried: int
    survived: tuple[Mutant, ...]
    equivalent: int

    @property
    def percent(self) -> float:
        """Of 100 mutants, those that the tests noticed."""
        return 100.0 * (self.tried - len(self.survived)) / self.tried if self.tried else 100.0


def known(module: str, found: Sequence[Mutant], path: Path = HERE / "equivalent.toml") -> set[int]:
    """The numbers of the mutants nobody can notice. Raises ValueError for an entry that is none."""
    keys = ("function", "statement", "before", "after")
    numbers: set[int] = set()
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", ()):
        if entry["module"] != module:
            continue
        wanted = tuple(entry[key] for key in keys)
        meant = [one.number for one in found if tuple(getattr(one, key) for key in keys) == wanted]
        if not meant or not entry["why"].strip():
            raise ValueError(f"{path.name}: no such mutant of {module}, or no reason: {wanted}")
        numbers.update(meant)
    return numbers


def score(module: str, jobs: int, sample: int | None, seed: int) -> Score:
    """Try the module's mutants, or as many of them as `sample` says."""
    found = mutants(run.where(module).read_text(encoding="utf-8"))
    equivalent = known(module, found)
    tried = [one for one in found if one.number not in equivalent]
    if sample is not None and sample < len(tried):
        tried = random.Random(seed).sample(tried, sample)
    tests = TARGETS[module]
    limit = PATIENCE + SLOWEST * run.baseline(module, tests)
    by_number = {one.number: one for one in tried}
    survived: list[Mutant] = []
    for done, (number, alive) in enumerate(
        run.survivors(module, list(by_number), tests, jobs, limit), 1
    ):
        if alive:
            survived.append(by_number[number])
        if sys.stderr.isatty():
            print(f"\r{module}: {done} of {len(tried)}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    survived.sort(key=lambda one: one.number)
    return Score(len(tried), tuple(survived), len(equivalent))


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 if a score is too low, 2 if there is none."""
    parser = argparse.ArgumentParser(prog="python tests/mutation", description=__doc__)
    parser.add_argument("module", nargs="*", help="such as sentry_migrate.text.edits; all without")
    parser.add_argument("--jobs", type=int, default=1, help="how many mutants at a time (1)")
    parser.add_argument("--sample", type=int, help="so many of each module's mutants, at random")
    parser.add_argument("--seed", type=int, default=0, help="for --sample; the same gives the same")
    parser.add_argument("--fail-under", type=float, default=85.0, help="of 100 mutants (85)")
    given = parser.parse_args(arguments)
    if not hasattr(os, "fork"):
        parser.error("needs a system that can fork")
    if unknown := [module for module in given.module if module not in TARGETS]:
        parser.error(f"{unknown[0]} is none of {', '.join(TARGETS)}")
    os.chdir(ROOT)
    low = False
    for module in given.module or TARGETS:
        try:
            reached = score(module, given.jobs, given.sample, given.seed)
        except (run.BrokenError, ValueError) as error:
            parser.error(str(error))
        counts = f"{reached.tried - len(reached.survived)} of {reached.tried}"
        print(f"{module}: {reached.percent:.0f} % ({counts}; {reached.equivalent} equivalent)")
        for one in reached.survived:
            print(f"  {run.where(module).relative_to(ROOT)}:{one}")
        low |= reached.percent < given.fail_under
    return int(low)


# Before the first fork: what every mutant needs and no mutant changes.
for name in ("pytest", "hypothesis", "libcst", "cattrs", "packaging", "pathspec"):
    __import__(name)

if __name__ == "__main__":
    sys.exit(main())
