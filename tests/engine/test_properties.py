"""What holds for every program: fixes parse, reach an end, and leave the rest alone."""

from __future__ import annotations

import re
import sysconfig
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from engine.programs import programs
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.python.tree import Tree
from sentry_migrate.text.edits import apply
from sentry_migrate.text.source import Source

pytestmark = pytest.mark.slow

ALL = Settings(select=("ALL",))
MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@MANY
@given(programs())
def test_every_fix_alone_parses(code: str) -> None:
    result = analyze(Source(code), ALL)
    assert result.failure is None
    for finding in result.findings:
        for one in (finding.fix, *finding.alternatives):
            if one is not None:
                Tree(apply(code, one.edits))


@MANY
@given(programs())
def test_all_fixes_together_reach_an_end(code: str) -> None:
    for unsafe in (False, True):
        outcome = fix(Source(code), ALL, unsafe=unsafe)
        assert outcome.remaining.failure is None
        assert apply(code, outcome.edits) == outcome.text
        again = fix(Source(outcome.text), ALL, unsafe=unsafe)
        assert again.text == outcome.text


@MANY
@given(programs())
def test_line_ends_stay(code: str) -> None:
    text = fix(Source(code), ALL, unsafe=True).text
    for newline in ("\r\n", "\r", "\n"):
        if newline in code:
            rest = text.replace(newline, "")
            assert "\n" not in rest
            assert "\r" not in rest
            return


@MANY
@given(programs())
def test_lines_without_sentry_stay(code: str) -> None:
    """All of them, in their order, less indentation."""
    text = fix(Source(code), ALL, unsafe=True).text
    touched = re.compile(
        r"sentry_sdk|\bs\.|[Hh]ub|[Ss]cope|capture|last_event|span|set_|client|is_init|^\s*(with|pass|\)|\()|lambda|^\s*$|^\s*#"
    )

    def plain(lines: str) -> list[str]:
        return [line.strip() for line in re.split("\r\n|\r|\n", lines) if not touched.search(line)]

    assert plain(text) == plain(code)


STDLIB = Path(sysconfig.get_path("stdlib"))


@pytest.mark.parametrize(
    "name", ["contextlib", "logging/__init__", "asyncio/tasks", "unittest/mock", "argparse"]
)
def test_other_code_stays(name: str) -> None:
    """Also where the SDK is imported and its names would be easy to confuse."""
    text = (STDLIB / f"{name}.py").read_text(encoding="utf-8")
    mentioned = text + "\nimport sentry_sdk\n"
    for code in (text, mentioned):
        outcome = fix(Source(code), ALL, unsafe=True)
        assert outcome.text == code
        assert outcome.remaining.failure is None


PREFIXES = '''\
"""Text."""
import sentry_sdk as s
from sentry_sdk import (
    Hub,  # the hub
    configure_scope,
)


@decorator(x, *y, **z)
async def view(request: "Hub", *, key=1) -> None:
    with configure_scope() as scope, open("x") as file:
        scope.user = {"id": f"{request!r:>{key}}"}
        if (client := Hub.current.client) is not None:
            client.close()
    try:
        with s.push_scope() as scope: scope.level = "x"; s.capture_message("x")
    except* (A, B) as error:
        raise X from error
    match request:
        case [1, *rest] | {"a": rest}:
            pass
    return [s.last_event_id() for _ in lambda: x]
'''


def test_every_prefix_ends_well() -> None:
    for end in range(len(PREFIXES) + 1):
        code = "import sentry_sdk\n" + PREFIXES[:end]
        result = analyze(Source(code), ALL)
        outcome = fix(Source(code), ALL, unsafe=True)
        if result.failure is None:
            Tree(outcome.text)
        else:
            assert result.failure.kind == "syntax"
            assert 0 <= result.failure.offset <= len(code)
            assert outcome.text == code


@MANY
@given(programs())
def test_every_suffix_ends_well(code: str) -> None:
    for start in range(0, len(code), max(1, len(code) // 8)):
        text = "import sentry_sdk\n" + code[start:]
        if analyze(Source(text), ALL).failure is None:
            Tree(fix(Source(text), ALL, unsafe=True).text)
