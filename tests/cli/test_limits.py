"""What one file may cost: it is left alone and said, and the others are done."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from cli.conftest import SERVER, Run, write_tree
from cli.samples import AFTER, BEFORE
from sentry_migrate.engine import analyze
from sentry_migrate.kit.rule import Rewrites
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.proof import data_types, effects, given_scopes, hubs, mappings
from sentry_migrate.python import parsing
from sentry_migrate.rules import RULES
from sentry_migrate.sdk import values, version_guards
from sentry_migrate.text.source import Source

PACKAGE = SERVER / "sentry_migrate"

pytestmark = pytest.mark.timeout(300)

SAFE = "with sentry_sdk.push_scope():\n    sentry_sdk.capture_message('x')\n"
COSTLY = "import sentry_sdk\n" + SAFE * 4000
TOOK = "took more than 1 s of processor time"
# what it says: what is in a file that costs too much
TOO_MUCH = {
    f"timeout: {TOOK}": COSTLY,
    f"too-large: more than {parsing.MOST:,} tokens; exclude the file or split it": (
        "import sentry_sdk\n" + "x = 1\n" * (parsing.MOST // 4 + 1)
    ),
}


@pytest.mark.parametrize(("words", "text"), TOO_MUCH.items(), ids=["time", "memory"])
@pytest.mark.parametrize("jobs", ["1", "4"])
def test_it_costs_itself(here: Path, execute: Run, words: str, text: str, jobs: str) -> None:
    """Memory is bounded by the size: libcst's tree takes in proportion to it."""
    write_tree(here, {"big.py": text, "a.py": BEFORE, "z.py": BEFORE})
    limits = ("--timeout", "1" if "timeout" in words else "100", "-j", jobs)
    ran = execute("check", "-q", "--output-format", "concise", *limits, ".")
    assert (ran.code, ran.err) == (2, f"big.py: {words}\n")
    assert [line.partition(":")[0] for line in ran.text.splitlines()] == ["a.py", "z.py"]
    ran = execute("check", "--fix", "--unsafe-fixes", "-q", *limits, ".")
    assert (ran.code, ran.text, ran.err) == (2, "", f"big.py: {words}\n")
    assert [(here / name).read_text() for name in ("a.py", "z.py")] == [AFTER, AFTER]
    assert (here / "big.py").read_text() == text


def test_a_report_says_so(here: Path, execute: Run) -> None:
    write_tree(here, {"big.py": COSTLY, "a.py": BEFORE})
    ran = execute("report", "--timeout", "1", "--output-format", "json", ".")
    assert (ran.code, ran.err) == (2, f"big.py: timeout: {TOOK}\n")
    report = json.loads(ran.out)
    assert report["files"] == {"a.py": 1}
    assert report["failures"] == {"big.py": f"timeout: {TOOK}"}


def test_standard_input_says_so(execute: Run) -> None:
    ran = execute("check", "--fix", "--timeout", "1", "-q", "-", stdin=COSTLY.encode())
    assert (ran.code, ran.text, ran.err) == (2, COSTLY, f"-: timeout: {TOOK}\n")


@pytest.mark.parametrize("command", ["check", "report"])
@pytest.mark.parametrize(
    "seconds", ["0", "-0", "-1", "nan", "inf", "-inf", "1e300", "86401", "", "x", "1s", "1,5"]
)
def test_no_number_of_seconds(here: Path, run: Run, command: str, seconds: str) -> None:
    write_tree(here, {"a.py": BEFORE})
    ran = run(command, f"--timeout={seconds}", ".")
    assert (ran.code, ran.text) == (2, "")
    assert "Invalid value for '--timeout'" in ran.err


@pytest.mark.parametrize("seconds", ["100", "1e2", "86400", " 60 "])
def test_a_number_of_seconds(here: Path, run: Run, seconds: str) -> None:
    write_tree(here, {"a.py": BEFORE})
    assert run("check", "--timeout", seconds, ".").code == 1


ASKING = {
    "values": values,
    "guards": version_guards,
    "mappings": mappings,
    "data types": data_types,
    "effects": effects,
    "given scopes": given_scopes,
    "hubs": hubs,
}
EXAMPLES = [
    example.before if isinstance(example, Rewrites) else example.code
    for rule in RULES.values()
    for example in rule.examples
    if example.filename == "module.py"
]


def safe(text: str) -> set[int]:
    """The places that `--fix` mends, by whichever rule; the text is analysed in any case."""
    result = analyze.analyze(Source(text), Settings(select=("ALL",)))
    assert result.failure is None
    fixes = [(one, one.fix) for one in result.findings if one.fix is not None]
    return {one.start for one, fix in fixes if fix.applicability is Applicability.SAFE}


def grant(monkeypatch: pytest.MonkeyPatch, whom: Iterable[str], steps: float) -> None:
    """Have questions of some kinds answered that often for each character."""
    for name in whom:
        monkeypatch.setattr(ASKING[name], "STEPS", steps)


def test_every_budget_is_looked_at() -> None:
    users = {path for path in PACKAGE.rglob("*.py") if "STEPS *" in path.read_text("utf-8")}
    assert users == {Path(str(module.__file__)) for module in ASKING.values()}


@functools.cache
def safe_in_examples() -> list[set[int]]:
    """With all the steps there are."""
    return [safe(text) for text in EXAMPLES]


@pytest.mark.parametrize(
    ("whom", "steps"),
    [*((name, 0) for name in [*ASKING, "all"]), ("values", 0.1), ("values", 0.5), ("all", 2)],
)
def test_what_is_not_known_makes_nothing_safe(
    monkeypatch: pytest.MonkeyPatch, whom: str, steps: float
) -> None:
    """What a name stands for among it: then a use of the SDK that speaks against a fix is none."""
    whole = safe_in_examples()
    assert sum(map(len, whole)) > 100
    grant(monkeypatch, ASKING if whom == "all" else [whom], steps)
    for text, expected in zip(EXAMPLES, whole, strict=True):
        assert safe(text) <= expected, text


PROVED = """\
import sentry_sdk


def label():
    return "x"


with sentry_sdk.push_scope() as scope:
    scope.set_tag("a", label())
    sentry_sdk.capture_message("x")
"""


def test_a_file_is_not_lost(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(here, {"a.py": PROVED, "b.py": "import sentry_sdk\n" + SAFE})
    assert run("check", "--fix", "-q", ".").code == 0
    assert "new_scope" in (here / "a.py").read_text()
    write_tree(here, {"a.py": PROVED, "b.py": "import sentry_sdk\n" + SAFE})
    grant(monkeypatch, ASKING, 0)
    ran = run("check", "--fix", "-q", "--no-cache", ".")
    assert (ran.code, ran.err) == (0, "")
    assert (here / "a.py").read_text() == PROVED
