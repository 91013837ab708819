"""Adding an answer to a pyproject.toml: that and nothing else, or no edit at all."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentry_migrate.project.settings_edit import adding
from sentry_migrate.text.edits import apply

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CODE = "other-threads"
HEADER = "[tool.sentry-migrate]\n"

# before, after
EDITS = {
    "no table": ("[project]\nname = 'a'\n", f"[project]\nname = 'a'\n\n{HEADER}assume = [\"{CODE}\"]\n"),
    "nothing": ("", f'{HEADER}assume = ["{CODE}"]\n'),
    "no newline at the end": ("a = 1", f'a = 1\n\n{HEADER}assume = ["{CODE}"]\n'),
    "an empty table": (HEADER, f'{HEADER}assume = ["{CODE}"]\n'),
    "a table without the key": (
        f"{HEADER}strict = false  # yet\n",
        f'{HEADER}assume = ["{CODE}"]\nstrict = false  # yet\n',
    ),
    "a header with a comment": (
        "[ tool . 'sentry-migrate' ] # ours\n",
        f"[ tool . 'sentry-migrate' ] # ours\nassume = [\"{CODE}\"]\n",
    ),
    "a header that ends the file": (HEADER[:-1], f'{HEADER}assume = ["{CODE}"]\n'),
    "an empty list": (f"{HEADER}assume = []\n", f'{HEADER}assume = ["{CODE}"]\n'),
    "a list": (
        f'{HEADER}assume = ["before-init"] # b\n',
        f'{HEADER}assume = ["{CODE}", "before-init"] # b\n',
    ),
    "a list of lines": (
        f'{HEADER}assume = [\n    "before-init", # b\n]\n',
        f'{HEADER}assume = [\n    "{CODE}",\n    "before-init", # b\n]\n',
    ),
    "carriage returns": (
        "[tool.sentry-migrate]\r\nassume = [\r\n  'before-init'\r\n]\r\n",
        f"[tool.sentry-migrate]\r\nassume = [\r\n  \"{CODE}\",\r\n  'before-init'\r\n]\r\n",
    ),
    "a dotted key": (
        'tool.sentry-migrate.assume = ["before-init"]\n',
        f'tool.sentry-migrate.assume = ["{CODE}", "before-init"]\n',
    ),
    "an inline table": (
        '[tool]\nsentry-migrate = { assume = ["before-init"] }\n',
        f'[tool]\nsentry-migrate = {{ assume = ["{CODE}", "before-init"] }}\n',
    ),
    "the same key of another tool before it": (
        f'[tool.other]\nassume = ["x"]\n{HEADER}assume = ["before-init"]\n',
        f'[tool.other]\nassume = ["x"]\n{HEADER}assume = ["{CODE}", "before-init"]\n',
    ),
    "the same key in a string and in a comment": (
        f'# assume = ["x"]\na = """\nassume = ["x"]\n{HEADER}"""\n{HEADER}assume = ["before-init"]\n',
        f'# assume = ["x"]\na = """\nassume = ["x"]\n{HEADER}"""\n'
        f'{HEADER}assume = ["{CODE}", "before-init"]\n',
    ),
    "a table below it": (
        f"{HEADER}[tool.sentry-migrate.severity]\nSEN101 = 'hint'\n",
        f"{HEADER}assume = [\"{CODE}\"]\n[tool.sentry-migrate.severity]\nSEN101 = 'hint'\n",
    ),
    "only a table below it": (
        "[tool.sentry-migrate.severity]\nSEN101 = 'hint'\n",
        f"[tool.sentry-migrate.severity]\nSEN101 = 'hint'\n\n{HEADER}assume = [\"{CODE}\"]\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), EDITS.values(), ids=EDITS)
def test_an_answer_is_added(before: str, after: str) -> None:
    edit = adding(before, "assume", CODE)
    assert edit is not None
    assert edit.start == edit.end, "nothing is replaced"
    assert apply(before, [edit]) == after


REFUSED = {
    "no TOML": "[tool.sentry-migrate\n",
    "a duplicate": f"{HEADER}{HEADER}",
    "the answer itself": f"{HEADER}assume = ['before-init', '{CODE}']\n",
    "a string": f'{HEADER}assume = "before-init"\n',
    "a table": f"{HEADER}assume = {{}}\n",
    "an inline table without the key": "tool = { sentry-migrate = { strict = false } }\n",
    "no table of tools": "tool = 1\n",
    "no table of ours": "[tool]\nsentry-migrate = 1\n",
    "an array of tables": "[[tool.sentry-migrate]]\n",
    "a comment in the list": f'{HEADER}assume = # "\n',
    "nesting without end": "a = " + "[" * 5000,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_edited_is_refused(text: str) -> None:
    assert adding(text, "assume", CODE) is None


PIECES = st.sampled_from(
    [
        *(HEADER, "[tool.other]\n", "[tool]\n", 'assume = ["a"]\n', "assume = []\n", "x = 1\r\n"),
        *('s = """\n', '"""\n', "# assume = []\n", "sentry-migrate = {assume = ['a']}\n", "\n"),
        *("sentry-migrate.assume = [\n  'a',\n]\n", "[[tool.list]]\n", "[", "]", "assume = ["),
        *("[project]\n", "y = ['assume = [']\n", "[tool.sentry-migrate.severity]\n", "'", " "),
    ]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_any_text_gains_the_answer_and_nothing_else(text: str) -> None:
    edit = adding(text, "assume", CODE)
    if edit is None:
        return
    before, after = tomllib.loads(text), tomllib.loads(apply(text, [edit]))
    table = after["tool"]["sentry-migrate"]
    assert table["assume"].pop(0) == CODE
    if not table["assume"] and "assume" not in before.get("tool", {}).get("sentry-migrate", {}):
        del table["assume"]
    for holder, key in ((after["tool"], "sentry-migrate"), (after, "tool")):
        if not holder[key] and key not in (before.get("tool", {}) if key != "tool" else before):
            del holder[key]
    assert after == before
    assert edit.start == edit.end
