"""What the README claims."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from click import Group, Option

from cli.conftest import Run, inline
from sentry_migrate.cli.commands import cli
from sentry_migrate.project.config import Settings
from sentry_migrate.worker import pool

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first fenced block in a language."""
    match = re.search(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert match
    return match.group(1)


def test_the_diff_shown_is_the_diff_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool.Pool, "run", inline)
    monkeypatch.chdir(ROOT)
    ran = run("check", "--diff", "tests/examples")
    assert (ran.text, ran.code) == (block("diff"), 1)


def test_every_setting_is_listed_with_a_default() -> None:
    listed = re.findall(r"^([a-z-]+) = ", block("toml"), re.MULTILINE)
    known = {field.name.replace("_", "-") for field in fields(Settings)}
    assert set(listed) == known - {"root", "code-style"}  # which are found, not chosen


def test_every_option_is_listed() -> None:
    assert isinstance(cli, Group)
    for command in cli.commands.values():
        for parameter in command.params:
            if isinstance(parameter, Option) and not parameter.hidden and parameter.name != "help":
                flags = (*parameter.opts, *parameter.secondary_opts)
                assert any(flag in README for flag in flags), parameter.opts


def test_the_hooks_run_what_exists(run: Run) -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert re.findall(r"^- id: (.*)", hooks, re.MULTILINE) == [
        "sentry-migrate",
        "sentry-migrate-fix",
    ]
    entries = re.findall(r"entry: sentry-migrate (.*)", hooks)
    assert len(entries) == 2
    for entry in entries:
        assert run(*entry.split()).code == 0


def test_every_link_leads_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert link.startswith("https://") or (ROOT / link).exists(), link
