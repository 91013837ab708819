"""Answers to doubts, as they are typed and written, and what each output says of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run, write_tree
from cli.samples import UNSAFE as EARLY

PINS = "sentry-sdk<2\n"
STARTUP = EARLY.replace("import sentry_sdk\n\n", "import sentry_sdk\n\nsentry_sdk.init()\n")
CONFIG = "[tool.sentry-migrate]\n"
ANSWERED = CONFIG + 'assume = ["other-threads"]\n'
ASKED = (
    "1 fix depends on one question: Can threads that are started elsewhere do without the data that "
    'is set at startup? If yes, add `assume = ["other-threads"]`.\n'
)
STRICT = ASKED.replace(
    'add `assume = ["other-threads"]`', "apply the fixes by `apply ID`: `strict` assumes nothing"
)

# the configuration, arguments, whether the fix is safe
CHOICES = {
    "nothing": ("", "", False),
    "typed": ("", "--assume other-threads", True),
    "typed with another": ("", "--assume before-init,other-threads", True),
    "typed twice": ("", "--assume before-init --assume other-threads", True),
    "another one typed": ("", "--assume before-init", False),
    "written": (ANSWERED, "", True),
    "what is typed adds to what is written": (ANSWERED, "--assume before-init", True),
    "written, and isolated": (ANSWERED, "--isolated", False),
    "written, and strict typed": (ANSWERED, "--strict", False),
    "written strict": (ANSWERED + "strict = true\n", "", False),
    "written strict, and typed": (CONFIG + "strict = true\n", "--assume other-threads", False),
    "written strict, and typed not": (ANSWERED + "strict = true\n", "--no-strict", True),
    "no key of the default": (CONFIG + 'assume = ["foreign-values"]\n', "", False),
}


@pytest.mark.parametrize(("config", "arguments", "safe"), CHOICES.values(), ids=CHOICES)
def test_answers(run: Run, here: Path, config: str, arguments: str, safe: bool) -> None:
    write_tree(here, {"a.py": STARTUP, "pyproject.toml": config})
    given = arguments.split()
    (found,) = json.loads(run("check", *given, "--output-format", "json").text)
    fix = found["fix"]
    assert fix["applicability"] == ("safe" if safe else "unsafe")
    assert fix["doubts"] == ([] if safe else ["other-threads"])
    assert fix["assumes"] == (["other-threads"] if safe else [])
    assert bool(fix["reason"]) is not safe
    strict = fix["applicability"] == "unsafe" and "strict" in config + arguments
    asked = STRICT if strict else ASKED
    assert (asked in run("check", *given).text) is not safe
    assert (run("check", "--fix", *given).code == 0) is safe
    assert ((here / "a.py").read_text() != STARTUP) is safe


WRONG = {
    "a typing error": ("", "--assume other-thread", ["command line", "assume", "'other-threads'?"]),
    "nothing like it": ("", "--assume xyz", ["'xyz'", "run `sentry-migrate doubt` to list them"]),
    "written": (CONFIG + 'assume = ["befor-init"]\n', "", ["pyproject.toml: assume", "'before-init'?"]),
    "a rule": (CONFIG + 'assume = ["SEN101"]\n', "", ["'SEN101'", "not the code of a doubt"]),
    "no list": (CONFIG + 'assume = "other-threads"\n', "", ["not a list of strings"]),
    "no strings": (CONFIG + "assume = [1]\n", "", ["not a list of strings"]),
    "strict is no list": (CONFIG + 'strict = ["other-threads"]\n', "", ["strict", "not true or false"]),
    "both typed": ("", "--strict --assume other-threads", ["--strict cannot be used with --assume"]),
}  # fmt: skip


@pytest.mark.parametrize(("config", "arguments", "said"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("command", ["check", "report"])
def test_wrong_answers(
    run: Run, here: Path, command: str, config: str, arguments: str, said: list[str]
) -> None:
    write_tree(here, {"a.py": STARTUP, "pyproject.toml": config})
    ran = run(command, *arguments.split())
    assert (ran.code, ran.text) == (2, "")
    assert all(words in ran.err for words in said), ran.err


WHY = "runs at startup; in 2.x, threads started elsewhere don't have this data"
# arguments, words of both streams with the answer
OUTPUTS = {
    "full": ("", f"note: assumes `other-threads`: {WHY}\n"),
    "summary": ("", "Safe fixes assume `other-threads`; `--strict` assumes nothing.\n"),
    "concise": ("--output-format concise -q", " (assumes other-threads)\n"),
    "statistics": ("--statistics -q", "1  SEN101  [*]  configure-scope-with (1 on assumptions)\n"),
    "statistics as JSON": ("--statistics --output-format json", '"assumed": 1'),
    "JSON": ("--output-format json", '"assumes": [\n        "other-threads"\n      ]'),
    "diff": ("--diff", "The changes assume `other-threads`; `--strict` assumes nothing.\n"),
    "fix": ("--fix", "The fixes that were made assume `other-threads`;"),
}


@pytest.mark.parametrize(("arguments", "said"), OUTPUTS.values(), ids=OUTPUTS)
def test_every_output_says_what_is_assumed(run: Run, here: Path, arguments: str, said: str) -> None:
    write_tree(here, {"a.py": STARTUP})
    before = run("check", *arguments.split()).text
    assert "assum" not in before.replace('"assumes": []', "").replace('"assumed": 0', "").replace(
        ASKED, ""
    )
    write_tree(here, {"a.py": STARTUP})
    ran = run("check", *arguments.split(), "--assume", "other-threads")
    assert said in ran.text + ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        *("-q", "--output-format json", "--output-format concise -q", "--statistics -q", "--diff"),
        *("--unsafe-fixes", "--statistics --output-format json", "--assume other-threads"),
    ],
)
def test_no_question_where_none_is_wanted(run: Run, here: Path, arguments: str) -> None:
    write_tree(here, {"a.py": STARTUP})
    assert "for one answer" not in run("check", *arguments.split()).text


def test_the_answer_that_settles_most_is_asked_for_first(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": STARTUP, "b.py": STARTUP, "c.py": EARLY})
    lines = run("check", "--output-format", "concise").text.splitlines()[-3:]
    assert lines[0].startswith("2 fixes depend on one question: Can threads")
    assert lines[1].startswith(
        "1 fix depends on one question: May data that is set before `init()`"
    )
    assert lines[2] == "`sentry-migrate doubt other-threads` says how to find out."


def test_whether_the_rest_is_migrated_is_asked_last(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": STARTUP, "requirements.txt": PINS, "dev-requirements.txt": PINS})
    lines = run("check", "--output-format", "concise").text.splitlines()[-3:]
    assert lines[0].startswith("1 fix depends on one question: Can threads")
    assert lines[1].startswith("2 fixes depend on one question: Is the rest of the project")
    assert lines[2] == "`sentry-migrate doubt other-threads` says how to find out."


def test_the_report_asks(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": STARTUP})
    data = json.loads(run("report", "--output-format", "json").text)
    (asked,) = data["doubts"]
    assert (asked["code"], asked["alone"], asked["together"]) == ("other-threads", 1, 0)
    assert asked["question"] in run("report", "--output-format", "markdown").text
    assert "<h2>Questions</h2>" in run("report").text
    answered = ("--assume", "other-threads")
    assert json.loads(run("report", "--output-format", "json", *answered).text)["doubts"] == []
    page = run("report", *answered).text
    assert "<h2>Questions</h2>" not in page
    assert "Assumes <code>other-threads</code>" in page


def test_a_doubt_is_explained(run: Run, here: Path) -> None:
    one = run("doubt", "other-threads")
    assert one.code == 0
    assert one.text.startswith("# `other-threads`\n\nCan threads")
    every = json.loads(run("doubt", "--output-format", "json").text)
    assert json.loads(run("doubt", "before-init", "--output-format", "json").text) in every
    assert all(f"# `{item['code']}`\n" in run("doubt").text for item in every[:3])
    assert [item["code"] for item in every if item["assumed_by_default"]] == ["foreign-values"]


@pytest.mark.parametrize(
    ("code", "said"),
    [("other-thread", "did you mean 'other-threads'?"), ("SEN101", "to list them")],
)
def test_an_unknown_doubt(run: Run, here: Path, code: str, said: str) -> None:
    ran = run("doubt", code)
    assert (ran.code, ran.text) == (2, "")
    assert said in ran.err


# a command, what it says of `assume` unless that counts for nothing
COMMANDS = {
    "report": "report --output-format markdown",
    "report as HTML": "report --output-format html -o -",
    "tasks": "tasks -o -",
    "status": "",
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_nobody_is_told_to_assume_where_that_counts_for_nothing(
    run: Run, here: Path, command: str
) -> None:
    write_tree(here, {"a.py": STARTUP, "pyproject.toml": CONFIG})
    lax = run(*command.split()).text
    assert "assume = [" in lax or "asks the questions" in lax
    write_tree(here, {"pyproject.toml": CONFIG + "strict = true\n"})
    ran = run(*command.split()).text
    assert "assumes nothing" in ran
    assert "assume = [" not in ran
    assert "asks the questions" not in ran
