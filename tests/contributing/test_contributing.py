"""What CONTRIBUTING.md tells a newcomer to do works, in a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / ".github/CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLE = TEXT.partition("### A worked example\n")[2].partition("\n## ")[0]

BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```", EXAMPLE, re.MULTILINE | re.DOTALL)
SHELL = [text for language, text in BLOCKS if language == "sh"]
PYTHON = [text for language, text in BLOCKS if language == "python"]

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".cache", "node_modules", "artefacts", "__pycache__", ".*_cache", "*.vsix"
)


pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a POSIX shell"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the repository that a test may change."""
    return copied_to(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that no test changes."""
    return copied_to(tmp_path_factory.mktemp("shared"))


def copied_to(folder: Path) -> Path:
    """The repository, and a `.venv` whose programs are those of the tests' own environment."""
    copied = folder / "copy"
    shutil.copytree(ROOT, copied, ignore=LEFT_OUT)
    if (ROOT / ".mypy_cache").exists():  # which spares half a minute
        shutil.copytree(ROOT / ".mypy_cache", copied / ".mypy_cache")
    programs = copied / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, arguments in {"python": "", "ruff": "-m ruff", "mypy": "-m mypy"}.items():
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        program.chmod(0o755)
    return copied


def run(copied: Path, commands: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=copied,
        env={
            "SENTRY_MIGRATE_DIFFERENTIAL": str(ROOT / ".cache/differential"),
            **inherited,
            "PYTHONPATH": str(copied / "server"),
        },
        capture_output=True,
        text=True,
        timeout=540,
    )


def succeed(copied: Path, commands: str) -> str:
    done = run(copied, commands)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def written_by(printed: str) -> list[str]:
    """The files that the command names, which says how to test them as well."""
    return re.findall(r"^\S+\.py$", printed, re.MULTILINE)


FAST = ".venv/bin/python -m pytest -q -m fast -p no:cacheprovider"


def fill_in(rule: Path, program: Path) -> None:
    """Write what CONTRIBUTING.md shows; the imports of the rule stay as they were written."""
    head = rule.read_text(encoding="utf-8").partition("RULE = ")[0]
    for written, shown in (
        ("FILL IN: the 1.x code → the 2.x code, in one line.", "Takes it from elsewhere."),
        ("import Iterator\n", "import Iterator\n\nimport libcst as cst\n"),
        ("Flags, Ignores, Rule", "Ignores, Rewrites, Rule"),
    ):
        assert written in head
        head = head.replace(written, shown)
    rule.write_text(head + PYTHON[0], encoding="utf-8")
    program.write_text(PYTHON[1], encoding="utf-8")


def test_the_worked_example(copy: Path) -> None:
    create, check, _ = SHELL
    printed = succeed(copy, create)
    tests = next(line for line in printed.splitlines() if "-m pytest" in line)
    assert tests.strip() in check.splitlines()
    rule, program = (copy / name for name in written_by(printed))

    # Both files work before anything is filled in, and only that is missing.
    pages = [line for line in check.splitlines() if "sentry_migrate.report" in line]
    succeed(copy, "\n".join(pages))
    done = run(
        copy,
        f"{FAST} tests/rules tests/differential tests/test_architecture.py -k 'baggage or fill_in or tables'",
    )
    failed = re.findall(r"^FAILED \S+::(\w+)", done.stdout, re.MULTILINE)
    assert failed == ["test_nothing_is_left_to_fill_in"], done.stdout
    assert all(f"{path.name}:" in done.stdout for path in (rule, program)), done.stdout

    fill_in(rule, program)
    (passed,) = re.findall(r"(\d+) passed", succeed(copy, check))
    assert int(passed) > 20


@pytest.mark.network
def test_the_sdks_agree_with_the_worked_example(copy: Path) -> None:
    create, _, ask = SHELL
    rule, program = (copy / name for name in written_by(succeed(copy, create)))
    assert "passed" in succeed(copy, ask)
    fill_in(rule, program)
    assert "passed" in succeed(copy, ask)


# what: (arguments, words of the refusal)
REFUSED = {
    "a name of another rule": ("hub-flush --code SEN699 --on sentry_sdk.flush", "hub-flush has this"),
    "a code of another rule": ("mine --code SEN206 --on sentry_sdk.flush", "hub-flush has this"),
    "no code": ("mine --code SEN1 --on sentry_sdk.flush", "'SEN1' is no code"),
    "no name": ("My_Rule --code SEN699 --on sentry_sdk.flush", "'My_Rule' is no name"),
    "a name that leads elsewhere": ("../mine --code SEN699 --on sentry_sdk.flush", "is no name"),
    "no trigger": ("mine --code SEN699 --on os.path", "'os.path' is no trigger"),
    "a trigger of no code": ("mine --code SEN699 --on =Hub", "give the code with --example"),
    "an unknown kind": ("mine --code SEN699 --on what:sentry_sdk.flush", "is no trigger"),
    "no Python": ("mine --code SEN699 --on option:a-b", "is no trigger"),
    "code without the trigger": ("mine --code SEN699 --on Hub.x --example pass", "not in the example"),
    "an example that is no Python": ("mine --code SEN699 --on Hub.x --example x=", "is no Python"),
    "nothing": ("", "required"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_a_rule_is_refused(shared: Path, arguments: str, words: str) -> None:
    before = set(shared.rglob("*.py"))
    done = run(shared, f".venv/bin/python tests/rules/new_rule.py {arguments}")
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert set(shared.rglob("*.py")) == before


TRIGGERS = (
    *("sentry_sdk.integrations.redis.RedisIntegration", "Hub.x", "Transaction.x"),
    *("import:sentry_sdk.hub.Hub", "import:=sentry_sdk.Hub"),
    *("class:sentry_sdk.transport.Transport", "option:x", "string:sentry_sdk.push_scope"),
)


def test_a_rule_for_every_kind_of_trigger(copy: Path) -> None:
    commands = [
        f".venv/bin/python tests/rules/new_rule.py sample-{number} --code SEN7{number:02} --on {trigger}"
        for number, trigger in enumerate(TRIGGERS)
    ]
    written = written_by(succeed(copy, "\n".join(commands)))
    assert len(written) == len(set(written)) == 2 * len(TRIGGERS)
    succeed(copy, f".venv/bin/ruff check {' '.join(written)}")
    succeed(copy, f".venv/bin/ruff format --check {' '.join(written)}")
    succeed(copy, f"{FAST} tests/rules/test_examples.py -k sample")


def test_every_link_leads_somewhere() -> None:
    pages = [*(ROOT / ".github").glob("*.md"), ROOT / "server/docs/releasing.md"]
    for page in pages:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert link.startswith("https://") or (page.parent / link).exists(), (page, link)
