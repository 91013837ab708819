"""What a linter says of fixed code that it did not say before: nothing but what is listed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePath

import pytest

from differential.program import programs
from sentry_migrate.engine.fix import fix
from sentry_migrate.kit.rule import Rewrites
from sentry_migrate.project.config import Settings
from sentry_migrate.rules import RULES
from sentry_migrate.text.source import Source

pytestmark = pytest.mark.slow

# Unused and unknown names, the order of imports, style. A line may be too long afterwards (E501):
# breaking it is a formatter's work. Names that are undefined (F821) are given to programs.
_RUFF = (sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache")
_RULES = ("--select=F,I,E", "--ignore=E501,F821")

# by text, what is new, and why that is left
KNOWN: dict[str, dict[str, int]] = {
    # A callback that ignores its scope becomes a block that names it.
    "push-scope-callback 2": {"F841": 1},
    # An import that is replaced stays in its line, also where it was two statements.
    "push-scope/from-import-alias": {"I001": 1},
    # The same, of a module that is not the SDK's.
    "import/functools": {"I001": 1},
    "import/what-a-module-imported-for-itself": {"I001": 1},
    "import-removed-modules 4": {"I001": 1},
    "import-moved-misc 6": {"I001": 1},
    # What a `try` imports stays, so that it still depends on whether the SDK is there.
    "left-over-import 15": {"F401": 1},
    # A deleted statement leaves the blank line above it.
    "hub-run 6": {"I001": 1},
}


def _texts() -> Iterator[tuple[str, str]]:
    for rule in RULES.values():
        for number, example in enumerate(rule.examples):
            if isinstance(example, Rewrites) and example.filename.endswith(".py"):
                yield f"{rule.name} {number}", example.before
    for program in programs():
        yield program.id, program.text


def _found(directory: Path) -> dict[str, Counter[str]]:
    """By file, how often each code is found."""
    command = [*_RUFF, *_RULES, "--output-format=json", str(directory)]
    ran = subprocess.run(command, capture_output=True, check=False, timeout=300)
    found: dict[str, Counter[str]] = {}
    for item in json.loads(ran.stdout):
        found.setdefault(Path(item["filename"]).stem, Counter())[item["code"]] += 1
    return found


def _new(directory: Path, unsafe: bool) -> dict[str, dict[str, int]]:
    """By text, the codes that are found more often after its fixes, once its imports are sorted."""
    texts = list(_texts())
    before, after = directory / "before", directory / "after"
    for one in (before, after):
        one.mkdir()
    for number, (_, text) in enumerate(texts):
        (before / f"{number}.py").write_text(text, encoding="utf-8")
    subprocess.run([*_RUFF, "--select=I", "--fix", "-q", str(before)], check=False, timeout=300)
    for number in range(len(texts)):
        text = (before / f"{number}.py").read_text(encoding="utf-8")
        outcome = fix(Source(text), Settings(), PurePath("module.py"), unsafe=unsafe)
        (after / f"{number}.py").write_text(outcome.text, encoding="utf-8")
    old, new = _found(before), _found(after)
    return {
        name: dict(more)
        for number, (name, _) in enumerate(texts)
        if (more := new.get(str(number), Counter()) - old.get(str(number), Counter()))
    }


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_fix_makes_no_work_for_a_linter(unsafe: bool, tmp_path: Path) -> None:
    new = _new(tmp_path, unsafe)
    assert {name: more for name, more in new.items() if more != KNOWN.get(name)} == {}
    if unsafe:
        assert new.keys() == KNOWN.keys(), "what is no longer new is not listed"
