"""The generated documentation is what the rules say today."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sentry_migrate.kit.rule import Alternative, Example, Flags, Ignores, Rewrites, Rule
from sentry_migrate.report import docs, proofs
from sentry_migrate.report.rule_pages import rule_data, rule_page
from sentry_migrate.rules import RULES

PAGES = Path(__file__).parents[2] / "server/docs/rules"


def test_the_pages_in_the_tree_are_current() -> None:
    wrong = docs.stale(PAGES)
    assert wrong == [], "run `python -m sentry_migrate.report.docs server/docs/rules`"


STALE = {
    "missing": lambda directory: (directory / "README.md").unlink(),
    "changed": lambda directory: (directory / "README.md").write_text("old"),
    "of a rule long gone": lambda directory: (directory / "gone.md").write_text("gone"),
}


@pytest.mark.parametrize("spoil", STALE.values(), ids=STALE)
def test_what_is_stale_is_told_and_repaired(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: object
) -> None:
    assert docs.main([str(tmp_path)]) == 0
    assert docs.main(["--check", str(tmp_path)]) == 0
    assert callable(spoil)
    spoil(tmp_path)
    assert docs.main(["--check", str(tmp_path)]) == 1
    assert f"stale: {tmp_path}" in capsys.readouterr().err
    assert docs.main([str(tmp_path)]) == 0
    assert docs.stale(tmp_path) == []


def test_wrong_arguments() -> None:
    assert docs.main([]) == docs.main(["--check"]) == docs.main(["a", "b"]) == 2


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_page_shows_every_example(rule: Rule) -> None:
    page = rule_page(rule)
    for example in rule.examples:
        if isinstance(example, Rewrites):
            assert example.before.rstrip() in page
            assert example.after.rstrip() in page
        else:
            assert example.code.rstrip() in page
    assert page.endswith("\n")
    assert not page.endswith("\n\n")


def test_a_page_says_what_is_known() -> None:
    rule = Rule(
        code="SEN999",
        name="sample",
        kind="conditional",
        summary="`old()` is deprecated",
        why="It warns.",
        safety="Safe, mostly.",
        link="https://example.com/guide",
        since="2.1.0",
        examples=(
            Ignores("mine.old()"),
            Flags("old(*args)", remedy="write it anew"),
            Rewrites("old()", "new()", alternatives=(Alternative("newer()", reason="it is new"),)),
            Rewrites("old(1)", "new(1)", reason="1 may differ", sdk_version="2.0"),
        ),
    )
    assert rule_page(rule).startswith(
        "# sample (SEN999)\n\n"
        "Severity: warning · fix: conditional (safe where that can be proved, unsafe where not) · "
        "since sentry-sdk 2.1.0\n\n"
        "## What it finds\n\n`old()` is deprecated.\n\n"
        "## Why\n\nIt warns.\n\n"
        "## Fix safety\n\nSafe, mostly.\n\n"
        "## Proof\n\n"
        "No program was run on both SDKs for this rule: none has been written yet.\n\n"
        "## Examples\n\n"
        "```python\nold()\n```\n\nbecomes\n\n```python\nnew()\n```\n\n"
        "or\n\n```python\nnewer()\n```\n\nUnsafe: it is new.\n\n"
        'With `sdk-version = "2.0"`:\n\n```python\nold(1)\n```\n\nbecomes\n\n'
        "```python\nnew(1)\n```\n\nUnsafe: 1 may differ.\n\n"
        "## Reported without a fix\n\n```python\nold(*args)\n```\n\nwrite it anew.\n\n"
        "## Not reported\n\n```python\nmine.old()\n```\n\n"
        "## References\n\n- <https://example.com/guide>\n- <https://"
    )
    assert "since sentry-sdk" not in rule_page(replace(rule, since=""))


OLD, TEXT = "## Not reported\n\n", "```text\nold==1\n```\n\n"
SHOWN = [
    # an example; how its page shows it
    (Ignores("old"), f"{OLD}```python\nold\n```\n\n"),
    (Ignores("old", sdk_version="2.1"), f'{OLD}With `sdk-version = "2.1"`:\n\n```python\n'),
    (Ignores("old", filename="__init__.py"), f"{OLD}In `__init__.py`:\n\n```python\n"),
    (Ignores("old==1", filename="requirements.txt"), f"{OLD}In `requirements.txt`:\n\n{TEXT}"),
    (Ignores("a = 1", filename="pyproject.toml"), "In `pyproject.toml`:\n\n```toml\n"),
    (Ignores("a = 1", filename="Pipfile"), "In `Pipfile`:\n\n```toml\n"),
    (Ignores("a: 1", filename="compose.yaml"), "In `compose.yaml`:\n\n```yaml\n"),
    (
        Flags("a = 1", "Do it.", filename="setup.cfg", sdk_version="2.0"),
        "## Reported without a fix\n\n"
        'In `setup.cfg`, with `sdk-version = "2.0"`:\n\n```ini\na = 1\n```\n\nDo it.\n\n',
    ),
    (
        Flags("old", "Do it.", alternatives=(Alternative("new"), Alternative("b", "it is b"))),
        "## Reported with alternatives only\n\n```python\nold\n```\n\nDo it.\n\n"
        "can become\n\n```python\nnew\n```\n\n"
        "or\n\n```python\nb\n```\n\nUnsafe: it is b.\n\n",
    ),
    (
        Rewrites("old: 1", "new: 1", filename="environment.yml"),
        "## Examples\n\nIn `environment.yml`:\n\n"
        "```yaml\nold: 1\n```\n\nbecomes\n\n```yaml\nnew: 1\n```\n\n",
    ),
]


@pytest.mark.parametrize(("example", "shown"), SHOWN)
def test_a_page_says_where_an_example_holds(example: Example, shown: str) -> None:
    page = rule_page(replace(RULES["push-scope-with"], examples=(example,)))
    assert shown in page
    assert page.count("\n## ") == 6, "a section without examples"


RUN = {"around": ["`a` was set."], "before": "old()\n", "more": 0, "safe": True}
SAME, OTHER = ["event.message", '"x|y"', '"x|y"'], ["raises", "", "KeyError: 'a'"]
PROOFS = [
    # what is known of a program; what its rule's page says of it
    (
        {**RUN, "rows": [SAME]},
        ["sentry-sdk 1.9. `a` was set.", "It has no fix", "as it is", "the same."],
    ),
    ({**RUN, "rows": [SAME]}, ["|  | 1.9 | 2.9 |", '| event.message | `"x\\|y"` | `"x\\|y"` |']),
    ({**RUN, "rows": [OTHER, SAME]}, ["| **raises** | – | `KeyError: 'a'` |", "in bold differ."]),
    ({**RUN, "rows": [SAME], "more": 1}, ["Both send the same. 1 more value is the same."]),
    ({**RUN, "rows": [SAME], "more": 2}, ["Both send the same. 2 more values are the same."]),
    ({**RUN, "rows": [SAME], "after": "new()"}, ["After its fix, it was", "|  | 1.9 | 2.9 |"]),
    ({**RUN, "rows": [SAME], "after": "new()", "safe": False}, ["After its unsafe fix, it was"]),
    (
        {**RUN, "rows": [["raises", "", "E", ""], SAME], "after": "new()"},
        [
            "|  | 1.9 | 2.9, left alone | 2.9, after the fix |",
            "| raises | – | `E` | – |",
            "the same",
        ],
    ),
    (
        {**RUN, "rows": [["raises", "", "E", ""], SAME], "after": "new()"},
        ['| event.message | `"x\\|y"` | `"x\\|y"` | `"x\\|y"` |'],
    ),
    ({"none": "it is new"}, ["No program was run on both SDKs for this rule: it is new."]),
]


@pytest.mark.parametrize(("entry", "words"), PROOFS)
def test_a_page_shows_what_was_sent(entry: dict[str, Any], words: list[str]) -> None:
    text = proofs.shown(entry, "1.9", "2.9")
    assert [one for one in words if one not in text] == [], text


DATA = [
    # a rewrite; what the JSON of its rule adds to the code before and after
    (Rewrites("old", "new"), ("module.py", "latest")),
    (Rewrites("old", "new", sdk_version="2.0"), ("module.py", "2.0")),
    (Rewrites("old", "new", filename="setup.cfg"), ("setup.cfg", "latest")),
]


@pytest.mark.parametrize(("example", "where"), DATA)
def test_the_data_says_where_an_example_holds(example: Rewrites, where: tuple[str, str]) -> None:
    (one,) = rule_data(replace(RULES["push-scope-with"], examples=(example,)))["examples"]
    assert one == {
        "before": "old",
        "after": "new",
        "filename": where[0],
        "sdk_version": where[1],
    }


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_page_says_what_to_do_where_no_fix_does(rule: Rule) -> None:
    flags = [one for one in rule.examples if isinstance(one, Flags)]
    assert rule.kind == "info" or [one.code for one in flags if not one.remedy] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_page_does_not_contradict_itself(rule: Rule) -> None:
    sections = rule_page(rule).partition("\n## Fix safety\n")[2].split("\n## ")
    shown = [
        set(re.findall(r"^(?:(?:In|With) `.*\n\n)?```\w+\n[^`]*^```$", section, re.MULTILINE))
        for section in sections
        if section.startswith(("Reported with", "Not reported"))
    ]
    assert len(set().union(*shown)) == sum(map(len, shown))
