"""The ledger: every difference between 1.45.1 and the newest 2.x, with the rule that finds it.

    python tests/differential/ledger.py --write

reads both SDKs, asks the rules, and writes `ledger.json` and the page server/docs/ledger.md;
`--check` only compares the page with the data and fails if it is stale. A difference that no rule
finds needs a reason in `ledger.toml`. Owns the form of data and page; what a difference is,
`differences.py` knows, and who finds one, `probes.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from differential.deprecations import collect
from differential.differences import Difference, differences
from differential.environments import HERE, NEW, OLD, ROOT, install
from differential.probes import found
from differential.surface import read, words
from sentry_migrate.project.config import tomllib
from sentry_migrate.rules import RULES

FILE = HERE / "ledger.json"
REASONS = HERE / "ledger.toml"
PAGE = ROOT / "server" / "docs" / "ledger.md"

_WORDS = {
    "module removed": "The module was removed.",
    "import removed": "Its module no longer imports it; it is `{}`.",
    "moved": "It is most likely `{}` now.",
    "removed": "It was removed.",
    "member removed": "The member was removed.",
    "base removed": "`{}` was removed from its base classes.",
    "parameter removed": "The parameter was removed, {}.",
    "parameter place": "The parameter has another place: {}.",
    "parameter kind": "The parameter is passed differently: {}.",
    "parameter required": "A parameter that 2.x requires.",
    "default": "Another default: `{}`.",
    "value": "Another value: `{}`.",
    "kind": "Something else: {}.",
    "warns": "2.x warns about it, or documents it as deprecated.",
}


@dataclass(frozen=True)
class Reason:
    """Why some differences need no rule."""

    names: tuple[str, ...]
    """Patterns of shell style; a kind and a space may go before."""
    why: str

    def covers(self, difference: Difference) -> bool:
        """Whether it is the reason for a difference."""
        both = (difference.name, f"{difference.kind} {difference.name}")
        return any(fnmatchcase(one, pattern) for pattern in self.names for one in both)


@dataclass(frozen=True)
class Entry:
    """A difference, and who finds it."""

    difference: Difference
    rules: tuple[str, ...]


def observed(release: str = NEW) -> tuple[Difference, ...]:
    """What the SDKs themselves say, 1.45.1 and a release of 2.x."""
    old = install(OLD) / OLD / "sentry_sdk"
    new = install(release) / release / "sentry_sdk"
    known = words(old)
    warned = [
        Difference(".".join(filter(None, (owner, name))), "warns")
        for owner, names in collect(new).items()
        for name in names
        if name in known and (not owner or owner in known)
    ]
    return (*differences(read(old), read(new)), *warned)


def entries() -> tuple[Entry, ...]:
    """Those of the repository."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        Entry(
            Difference(
                **{**row["difference"], "parameters": tuple(row["difference"]["parameters"])}
            ),
            tuple(row["rules"]),
        )
        for row in rows
    )


def reasons() -> tuple[Reason, ...]:
    """Those of the repository."""
    data = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    return tuple(Reason(tuple(row["names"]), row["why"]) for row in data["reason"])


def unexplained(given: Sequence[Entry]) -> list[str]:
    """The differences that have neither a rule nor a reason."""
    known = reasons()
    return [
        f"{entry.difference.kind} {entry.difference.name}"
        for entry in given
        if not entry.rules and not any(one.covers(entry.difference) for one in known)
    ]


def text(given: Sequence[Entry]) -> str:
    """What `ledger.json` should hold, a line for each difference."""
    rows = [json.dumps(asdict(entry), ensure_ascii=False) for entry in given]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def page(given: Sequence[Entry]) -> str:
    """The page: what each rule finds, then what no rule finds, and why."""
    return "\n".join(_page(given)) + "\n"


def _page(given: Sequence[Entry]) -> Iterator[str]:
    ruled = sum(bool(entry.rules) for entry in given)
    yield (
        f"# The ledger\n\nEvery difference between sentry-sdk {OLD} and {NEW} that code written for "
        "1.x can meet: modules,\nnames, members, parameters, defaults, options, and what 2.x calls "
        "deprecated. It is read from the\nsource of both, so that an integration counts whether its "
        "library is installed or not. What 2.x\nadds is not here, nor what a function does: that is "
        "compared by running it, as\n[proved.md](proved.md) says. Generated by "
        "`python tests/differential/ledger.py --write`.\n\n"
        f"| differences | found by a rule | with a reason |\n| --: | --: | --: |\n"
        f"| {len(given)} | {ruled} | {len(given) - ruled} |\n\n## Found by a rule"
    )
    groups: dict[tuple[str, ...], list[Difference]] = {}
    for entry in given:
        if entry.rules:
            groups.setdefault(entry.rules, []).append(entry.difference)
    for rules in sorted(groups, key=lambda names: [RULES[name].code for name in names]):
        links = ", ".join(f"[{name}](rules/{name}.md)" for name in rules)
        yield f"\n### {links}\n"
        yield from _table(groups[rules])
    yield "\n## Without a rule"
    for reason in reasons():
        yield f"\n{reason.why.strip()}\n"
        yield from _table(
            [e.difference for e in given if not e.rules and reason.covers(e.difference)]
        )


def _table(rows: Sequence[Difference]) -> Iterator[str]:
    yield "| name | what differs |"
    yield "| --- | --- |"
    for row in rows:
        said = _WORDS[row.kind].format(row.detail.replace("|", "\\|"))
        yield f"| `{row.name}` | {said} |"


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 if the page is stale or a difference is unexplained, 2 for wrong arguments."""
    if list(arguments) == ["--check"]:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page(entries()):
            return 0
        print(f"stale: {PAGE}", file=sys.stderr)
        return 1
    if list(arguments) != ["--write"]:
        print("usage: python tests/differential/ledger.py --check | --write", file=sys.stderr)
        return 2
    given = [Entry(difference, found(difference)) for difference in observed()]
    FILE.write_text(text(given), encoding="utf-8", newline="\n")
    PAGE.write_text(page(given), encoding="utf-8", newline="\n")
    missing = unexplained(given)
    for name in missing:
        print(f"neither a rule nor a reason: {name}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
