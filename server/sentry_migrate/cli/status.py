"""`sentry-migrate status`, also without a command: what is left, and what to do next.

Files are found and analysed as `check` does it; the stages are `report/`'s.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.file_results import FileResults, ReadingOptions, file_results
from sentry_migrate.cli.output import columns, say
from sentry_migrate.cli.requirement_left import requirement_left
from sentry_migrate.project.dependency_files import kind_of
from sentry_migrate.report import text, visible
from sentry_migrate.report.stages import UNCHECKED, Key, Stage, stages
from sentry_migrate.report.summary import plural
from sentry_migrate.text.notebook import is_notebook

_NEXT: dict[Key, str] = {
    "requirement": "Next: `sentry-migrate next` raises the requirement.",
    "safe": "Next: `sentry-migrate next` applies the safe fixes; `sentry-migrate check --diff` "
    "shows them.",
    "questions": "Next: `sentry-migrate next` asks the questions, and applies the fixes that the "
    "answers make safe.",
    "manual": "Next: `sentry-migrate tasks` writes what to change by hand to a file.",
}
_STRICT = (
    "Next: `sentry-migrate apply --interactive` asks for each fix. `strict` assumes nothing, so "
    "that no answer makes fixes safe."
)


def run(options: ReadingOptions, choose: Choose) -> int:
    """Analyse and tell; the exit code. Raises ConfigError."""
    found = file_results(options, choose)
    tell(stages(found.entries), found, requirement_left(options, choose))
    return 2 if found.failed else 0


def raised_by_hand(stage: Stage) -> Iterator[str]:
    """What a person has to do where a requirement is not the text's to raise, as in a file that a
    tool writes."""
    for entry, finding in stage.by_hand:
        yield f"{visible.plain(entry.path)}:{entry.label(finding.start)}: {finding.remedy}"


def _by_kind(left: Iterable[Stage]) -> str:
    """How many findings are in which kind of file, where there are several."""
    paths = (entry.path for stage in left for entry, _ in stage.findings)
    counts = Counter(
        "notebooks" if is_notebook(path) else "dependency files" if kind_of(path) else "Python"
        for path in paths
    )
    if len(counts) < 2:
        return ""
    return " (" + ", ".join(f"{count:,} in {kind}" for kind, count in counts.most_common()) + ")"


def tell(found: Sequence[Stage], results: FileResults, requirement: str = "") -> None:
    """Write the stages with what is left in each, and what comes next. `requirement` is what
    `requirement_left` says."""
    left = [stage for stage in found if stage.findings]
    if requirement and not (left and left[0].key == "requirement"):
        say(requirement, sys.stdout)
    if not left:
        whole, lines = text.nothing_found(results.entries, results.coverage)
        text.show(lines, sys.stdout)
        if whole:
            say("What no tool can check:", sys.stdout)
        for line in UNCHECKED if whole else ():
            say(f"- {line}", sys.stdout)
        return
    count = sum(len(stage.findings) for stage in left)
    files = {path for stage in left for path in stage.paths}
    read = len(results.coverage.files)
    of = f"{len(files):,} of {plural(read, 'file')}" if read > len(files) else ""
    where = of or plural(len(files), "file")
    say(f"{plural(count, 'finding')} in {where}{_by_kind(left)}:", sys.stdout)
    done = {"requirement": "left elsewhere"} if requirement else {}
    rows = [
        (f"{number}.", stage.title, stage.size or done.get(stage.key, "done"))
        for number, stage in enumerate(found, 1)
    ]
    rows.append((f"{len(rows) + 1}.", "Run the tests", "with sentry-sdk 2.x, after each stage"))
    columns(rows, sys.stdout)
    text.show(text.proved(results.entries), sys.stdout)
    stage = left[0]
    if stage.by_hand and not stage.fixes().findings:
        for line in raised_by_hand(stage):
            say(f"Next: {line}", sys.stdout)
        return
    strict = stage.key == "questions" and any(entry.strict for entry in results.entries)
    say(_STRICT if strict else _NEXT[stage.key], sys.stdout)
