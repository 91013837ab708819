"""Writes the rule pages and their table: `python -m sentry_migrate.report.docs DIRECTORY`.

Beside the directory it writes `doubts.md`, the page of the doubts that keep fixes from being safe.

With `--check` it writes nothing and fails if a page is stale, missing or of a rule long gone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sentry_migrate.doubts import DOUBTS
from sentry_migrate.kit.rule import DEFAULT_GROUP, GROUPS, KINDS
from sentry_migrate.report.rule_pages import doubt_page, rule_page, rule_table
from sentry_migrate.rules import RULES

_INDEX = "README.md"
_INTRODUCTION = """\
# Rules

Generated from the rules themselves; `sentry-migrate rule NAME` prints the same pages. The fix is
of one of these kinds:

| fix | meaning |
| --- | --- |
{kinds}

| group | rules about |
| --- | --- |
{groups}

Without a selection, the group `{default}` is checked. `--extend-select later`, or
`extend-select = ["later"]` in the settings, adds another one.

"""


_DOUBTS = "../doubts.md"
_ABOUT_DOUBTS = """\
# Doubts

Generated from the doubts themselves; `sentry-migrate doubt CODE` prints the same. A fix is safe if
nothing is in doubt. Each doubt is a question that can be answered once for a project. If the answer
is yes, write

```toml
[tool.sentry-migrate]
assume = ["other-threads"]
```

or add `--assume other-threads` to the command line. Fixes that wait for nothing else are then safe,
and every output of them says what they assume. `strict = true`, or `--strict`, assumes nothing at
all. Where the code itself shows that a fix changes what is sent, such as a different hub that is
active around the line, there is nothing to ask: the fix gives its reason and stays unsafe.

"""


def pages() -> Mapping[str, str]:
    """File names and their contents."""
    result = {f"{rule.name}.md": rule_page(rule) for rule in RULES.values()}
    doubts = "\n".join(doubt_page(doubt, 2) for doubt in DOUBTS.values())
    groups = "\n".join(f"| `{group}` | {words} |" for group, words in GROUPS.items())
    kinds = "\n".join(f"| {kind} | {words} |" for kind, words in KINDS.items())
    introduction = _INTRODUCTION.format(groups=groups, kinds=kinds, default=DEFAULT_GROUP)
    index = introduction + rule_table(RULES.values())
    return {_INDEX: index, _DOUBTS: _ABOUT_DOUBTS + doubts, **result}


def stale(directory: Path) -> list[str]:
    """Names of files in `directory` that differ from what would be written."""
    wanted = pages()
    present = {path.name: path.read_text(encoding="utf-8") for path in directory.glob("*.md")}
    if (directory / _DOUBTS).exists():
        present[_DOUBTS] = (directory / _DOUBTS).read_text(encoding="utf-8")
    return sorted(
        name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name)
    )


def write(directory: Path) -> None:
    """Make `directory` hold the pages and no other Markdown."""
    directory.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for name in stale(directory):
        if name in wanted:
            (directory / name).write_text(wanted[name], encoding="utf-8", newline="\n")
        else:
            (directory / name).unlink()


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 if `--check` finds a stale page, 2 for wrong arguments."""
    names = [argument for argument in arguments if argument != "--check"]
    if len(names) != 1:
        print("usage: python -m sentry_migrate.report.docs [--check] DIRECTORY", file=sys.stderr)
        return 2
    if "--check" not in arguments:
        write(Path(names[0]))
        return 0
    wrong = stale(Path(names[0]))
    for name in wrong:
        print(f"stale: {Path(names[0]) / name}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
