"""What the fixes come to in published packages with 1.x code: `python tests/corpus` prints it.

Prints how many findings have a safe fix, the doubts that keep most of the others from being safe,
how many packages are done after the safe fixes and after all, and what `ruff` complains about
afterwards that it did not complain about before.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "server"), str(ROOT / "tests")]

from corpus.download import unpack  # noqa: E402

STAGES = {"safe fixes": ["--fix"], "all fixes": ["--fix", "--unsafe-fixes"]}
COMMONEST = 10


@dataclass
class Outcome:
    """What became of one package."""

    found: list[Any]
    """Its findings, as `check` writes them in JSON."""
    left: dict[str, int] = field(default_factory=dict)
    """Findings that are left, by stage."""
    complaints: Counter[str] = field(default_factory=Counter)
    """Codes of what `ruff` complains about after all fixes, beyond what it did before."""


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        packages = unpack(
            HERE / "recall" / "packages.txt", base / "wheels", base / "packages", apart=True
        )
        paths = sorted(packages.iterdir())
        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(outcome, paths))
    told({path.name: result for path, result in zip(paths, outcomes, strict=True)})


def outcome(package: Path) -> Outcome:
    """Fix a package, stage by stage."""
    result = Outcome(check(package))
    before = linted(package)
    for stage, options in STAGES.items():
        result.left[stage] = len(check(package, *options))
    result.complaints = linted(package) - before
    return result


def check(directory: Path, *options: str) -> list[Any]:
    """The findings of a directory; of one that is fixed, those that remain."""
    command = [sys.executable, "-m", "sentry_migrate", "check", "--isolated", "--no-cache"]
    done = subprocess.run(
        [*command, "--output-format", "json", *options, "."],
        cwd=directory,
        env={"PYTHONPATH": str(ROOT / "server")},
        capture_output=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"{directory.name}: {done.stderr.decode()}")
    return [one for one in json.loads(done.stdout) if not one["fixed"]]


def linted(directory: Path) -> Counter[str]:
    """What `ruff` complains about by default settings, imports included, by code."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--quiet"]
    done = subprocess.run(
        [*command, "--select", "F,E,I", "--output-format", "json", "."],
        cwd=directory,
        capture_output=True,
        check=False,
    )
    return Counter(one["code"] for one in json.loads(done.stdout))


def told(outcomes: dict[str, Outcome]) -> None:
    """Print what it all comes to."""
    findings = [one for result in outcomes.values() for one in result.found]
    fixes = Counter((one["fix"] or {}).get("applicability", "by hand") for one in findings)
    print(f"{len(findings)} findings in {len(outcomes)} packages")
    for degree, count in fixes.most_common():
        print(f"  {100 * count / len(findings):5.1f} %  {degree}")
    reasons = Counter(
        code
        for one in findings
        if (one["fix"] or {}).get("applicability") == "unsafe"
        for code in one["fix"]["doubts"] or ("what the code itself shows",)
    )
    print(f"the {COMMONEST} commonest doubts of unsafe fixes")
    for code, count in reasons.most_common(COMMONEST):
        print(f"  {count:5}  {code}")
    concerned = {name: result for name, result in outcomes.items() if result.found}
    for stage in STAGES:
        stuck = [name for name, result in concerned.items() if result.left[stage]]
        done = len(concerned) - len(stuck)
        print(f"done after {stage}: {done} of {len(concerned)} packages")
        print(f"  not: {', '.join(stuck)}")
    complaints = sum((result.complaints for result in outcomes.values()), Counter[str]())
    print(f"new findings of ruff --select F,E,I: {sum(complaints.values())}")
    for code, count in complaints.most_common():
        where = [name for name, result in outcomes.items() if result.complaints[code]]
        print(f"  {count:5}  {code}  {', '.join(where)}")


if __name__ == "__main__":
    main()
