"""What a shell offers to complete: commands, rules and doubts, with what they are about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from click.shell_completion import ShellComplete

from sentry_migrate.cli.commands import cli
from sentry_migrate.doubts import DOUBTS
from sentry_migrate.rules import RULES

CODES = [rule.code for rule in RULES.values()]
GROUPS = ["migration", "later", "info"]
# name → the words before, what is typed of the next, what is offered
OFFERED: dict[str, tuple[Sequence[str], str, Sequence[str]]] = {
    "a command": ((), "ch", ["check"]),
    "a code": (("rule",), "SEN10", [code for code in CODES if code.startswith("SEN10")]),
    "one code": (("rule",), "SEN101", ["SEN101"]),
    "a name": (("rule",), "configure-scope-w", ["configure-scope-with"]),
    "a group": (("check", "--select"), "migr", ["migration"]),
    "nothing typed": (("check", "--select"), "", [*GROUPS, *CODES]),
    "no rule": (("rule",), "X", []),
    "a selected one": (("check", "--select"), "SEN101", ["SEN101"]),
    "another": (("next", "--extend-select"), "SEN101,SEN102", ["SEN101,SEN102"]),
    "one to ignore": (("report", "--ignore"), "SEN1,later", ["SEN1,later"]),
    "after a comma": (("tasks", "--ignore"), "a,configure-scope-w", ["a,configure-scope-with"]),
    "a doubt": (("doubt",), "before", ["before-init"]),
    "a doubt to assume": (("check", "--assume"), "other-threads,before", ["other-threads,before-init"]),
    "all doubts": (("doubt",), "", list(DOUBTS)),
    "no doubt": (("doubt",), "SEN", []),
}  # fmt: skip


@pytest.mark.parametrize(("words", "typed", "offered"), OFFERED.values(), ids=OFFERED)
def test_what_is_offered(words: Sequence[str], typed: str, offered: Sequence[str]) -> None:
    shell = ShellComplete(cli, {}, "sentry-migrate", "_SENTRY_MIGRATE_COMPLETE")
    found = shell.get_completions(list(words), typed)
    assert sorted(one.value for one in found) == sorted(offered)
    if words and words[-1] == "rule":
        assert all(one.help for one in found)
