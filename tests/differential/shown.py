"""Which program a rule's page shows, and what it sends: makes the table that the pages are of.

    python tests/differential/shown.py

runs them on both SDKs. test_programs.py, which runs them too, finds out whether the table is
current.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "server")]

from differential import proof  # noqa: E402
from differential.coverage import CANNOT_RUN  # noqa: E402
from differential.environments import NEW, OLD  # noqa: E402
from differential.outcome import Outcome  # noqa: E402
from differential.program import SETUPS, Program, programs  # noqa: E402
from differential.proof import Laboratory  # noqa: E402
from sentry_migrate.report.proofs import TABLE  # noqa: E402
from sentry_migrate.rules import RULES  # noqa: E402

ROWS = 16
"""Of a page, at most. Those that differ come first."""
LENGTH = 60
"""Characters of a value, at most."""
CRAMMED = re.compile(r";|^\s*\(|\\$|^\s*with .*: \w", re.MULTILINE)
"""In code that nobody would show to explain a rule."""
RANKS = ("safe", "unsafe", "differs", "manual")
HELPERS = {
    "cap": "`cap()` sends a message from another file.",
    "exc": "`exc()` sends an exception from another file.",
    "out": "`out()` notes its arguments.",
    "request": "`request()` makes a WSGI request.",
}
NOISE = re.compile(
    r"\.(?:id|environment|release|stack|mechanism\b.*|transaction_info\b.*|functions\b.*)$"
    r"|\.(?:trace\.)?(?:trace|span|parent)$|^[\w ]+\.type$|\.request\.(?:env|headers)\."
)
"""What is the same in every program, and shown only where it is not."""
PLACE = re.compile(r" \(/[^)]*\)$")
"""Of an installed SDK, at the end of an error message."""

Entry = dict[str, Any]


def helpers(program: Program) -> list[str]:
    """The names that a program uses and does not define."""
    return [name for name in HELPERS if re.search(rf"\b{name}\b", program.text)]


def candidates(rule: str) -> list[Program]:
    """The programs of a rule, the one that shows most with the least code first."""

    def rank(program: Program) -> tuple[int, ...]:
        others = len(program.rules) + len(program.leaves)
        crammed = len(CRAMMED.findall(program.text)) + ("\n\n" not in program.text)
        return (
            RANKS.index(program.expect),
            others,
            len(helpers(program)),
            crammed,
            len(program.text),
        )

    return sorted((row for row in programs() if rule in row.rules), key=rank)


def entry(lab: Laboratory, program: Program) -> Entry:
    """What a page says of a program."""
    old = _values(proof.run(lab, lab.old, program))
    alone = _values(proof.run(lab, lab.new, program))
    text = after(program)
    new = alone if text is None else _values(proof.run(lab, lab.new, program, text))
    rows = []
    names = dict.fromkeys((*old, *new, *alone))
    telling = {_item(name) for name in names if not NOISE.search(name)}
    for name in names:
        values = [column.get(name, "") for column in (old, alone, new)]
        differs = len(set(values)) > 1
        # Of what is not sent at all, it is enough to show what tells it from others.
        noise = NOISE.search(name) and (all(values) or _item(name) in telling)
        if not noise or (differs and all(values)):
            rows.append((not differs, [name, values[0], *values[1:2] * differs, values[2]]))
    if text is None:
        rows = [(equal, [row[0], row[1], row[-1]]) for equal, row in rows]
    rows.sort(key=lambda one: one[0])
    around = [
        f"`{line}` had run in another file."
        for line in SETUPS[program.setup].splitlines()
        if line.startswith("sentry_sdk.init")
    ]
    return {
        "program": program.id,
        "safe": program.expect == "safe",
        "before": program.text,
        **({} if text is None else {"after": text}),
        "around": around + [HELPERS[name] for name in helpers(program)],
        "rows": [row for _, row in rows[:ROWS]],
        "more": len(rows[ROWS:]),
    }


def _item(name: str) -> str:
    return name.partition(".")[0]


def after(program: Program) -> str | None:
    """The program after its fixes; None where it has none."""
    if program.expect == "manual":
        return None
    return proof.fixed(program, unsafe=program.expect != "safe").text


def _values(found: Outcome) -> dict[str, str]:
    """Each value of an outcome by the name that a person calls it."""
    result: dict[str, str] = {}
    count: dict[str, int] = {}
    for item in found.sent:
        kind = item["type"]
        count[kind] = count.get(kind, 0) + 1
        name = kind if count[kind] == 1 else f"{kind} {count[kind]}"
        result.update(_leaves(name, item))
    for at, value in enumerate(found.out, 1):
        result.update(_leaves(f"value {at}", value))
    for name, text in (("printed", found.printed), ("raises", found.error)):
        result.update({name: _short(text)} if text else {})
    return result


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from _leaves(f"{name}.{key}", one)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for at, one in enumerate(value):
            yield from _leaves(f"{name}[{at}]", one)
    else:
        yield name, _short(json.dumps(value, ensure_ascii=False))


def _short(text: str) -> str:
    text = " ".join(PLACE.sub("", text).split()).replace("`", "'")
    return text if len(text) <= LENGTH else f"{text[: LENGTH - 2]} …"


def measured() -> Entry:
    """The table."""
    rules: dict[str, Entry] = {}
    with proof.laboratory() as lab:
        for rule in RULES:
            found = candidates(rule)
            sending = (one for one in found if proof.run(lab, lab.old, one).sent)
            if found:
                rules[rule] = entry(lab, next(sending, found[0]))
            else:
                rules[rule] = {"none": CANNOT_RUN[rule]}
    return {"old": OLD, "new": NEW, "rules": rules}


def written(table: Entry) -> str:
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TABLE.write_text(written(measured()), encoding="utf-8", newline="\n")
