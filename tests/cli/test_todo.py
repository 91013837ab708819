"""`check --todo`: one comment at each place of what remains, and never another."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree
from cli.samples import AFTER, BEFORE, CLEAN, UNSAFE
from sentry_migrate.rules import RULES

HAND = "import sentry_sdk\nsentry_sdk.push_scope(){}\n"
TODO = "  # TODO(sentry): SEN105: "

# name → the text, arguments, how many findings get one, what is in the text then
MARKED: dict[str, tuple[str, Sequence[str], int, Sequence[str]]] = {
    "by hand": (HAND.format(""), (), 1, ("sentry_sdk.push_scope()" + TODO,)),
    "behind a comment": (HAND.format("  # why"), (), 1, ("push_scope()  # why" + TODO,)),
    "behind white space": (HAND.format("  "), (), 1, ("push_scope()  # TODO(sentry): ",)),
    "no newline at the end": (HAND.format("").rstrip(), (), 1, (TODO,)),
    "after fixing": (BEFORE + HAND.format(""), ("--fix",), 1, (AFTER, TODO)),
    "without fixing": (BEFORE, (), 1, ("as scope:  # TODO(sentry): SEN101: ",)),
    "not safe": (UNSAFE, ("--fix",), 1, ("as scope:  # TODO(sentry): SEN101: ",)),
    "two at one place": (
        "import sentry_sdk\nsentry_sdk.push_scope(); sentry_sdk.push_scope()\n",
        (),
        2,
        ("# TODO(sentry): SEN105: ",),
    ),
    "above a string that goes on": (
        'import sentry_sdk\ndef f():\n    sentry_sdk.push_scope("""\n""")\n',
        (),
        1,
        ("    # TODO(sentry): SEN", "\n    sentry_sdk.push_scope("),
    ),
    "Windows": (HAND.format("").replace("\n", "\r\n"), (), 1, ("()" + TODO,)),
    "behind a comment that suppresses something else": (
        HAND.format("  # sentry-migrate: ignore[SEN999]"),
        (),
        2,
        ("ignore[SEN999]  # TODO(sentry): ",),
    ),
    "suppressed": (HAND.format("  # sentry-migrate: ignore"), (), 0, ()),
    "nothing": (CLEAN, (), 0, ()),
}


@pytest.mark.parametrize(("text", "arguments", "count", "parts"), MARKED.values(), ids=MARKED)
def test_each_place_gets_one(
    run: Run, here: Path, text: str, arguments: Sequence[str], count: int, parts: Sequence[str]
) -> None:
    write_tree(here, {"a.py": text})
    ran = run("check", "--todo", "--exit-zero", *arguments)
    after = (here / "a.py").read_bytes().decode()
    assert ran.code == 0
    assert f"{count} finding{'s' * (count != 1)} got a TODO comment." in ran.err
    assert all(part in after for part in parts), after
    assert after.count("TODO(sentry)") == min(count, 1)
    if "--fix" not in arguments:
        assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(text))
        kept = [line.partition("# TODO")[0].rstrip() for line in after.splitlines()]
        assert [line for line in kept if line] == [
            line.rstrip() for line in text.splitlines() if line
        ]
    before = read_tree(here)
    assert "0 findings got a TODO comment." in run("check", "--todo", *arguments).err
    assert read_tree(here) == before


def test_what_remains_is_told_where_it_is_now(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": 'import sentry_sdk\nsentry_sdk.push_scope("""\n""")\n' + UNSAFE})
    told = run("check", "--todo", "--output-format", "concise").text
    again = run("check", "--output-format", "concise").text
    places = [line for line in told.splitlines() if line.startswith("a.py:")]
    assert places == [line for line in again.splitlines() if line.startswith("a.py:")]
    assert places[0].startswith("a.py:3:1: SEN104")
    assert run("undo").code == 0


def test_nothing_is_written_to_see_it(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": HAND.format("")})
    ran = run("check", "--todo", "--diff")
    assert ran.code == 1
    assert "+sentry_sdk.push_scope()" + TODO in ran.text
    assert "1 finding would get a TODO comment." in ran.err
    assert read_tree(here) == {"a.py": HAND.format("").encode()}


def test_standard_input(run: Run, here: Path) -> None:
    ran = run("check", "--todo", "-", stdin=HAND.format("").encode())
    assert "push_scope()" + TODO in ran.text


SAYS = RULES["configure-scope-with"].summary
NOTE = f"  # TODO(sentry): SEN101: {SAYS}"
NOTED = BEFORE.replace("scope:", f"scope:{NOTE}")
DELETED = "import sentry_sdk\n\n\ndef f():\n    with sentry_sdk.push_scope(){}\n        pass\n"
ABOVE = f"""\
import sentry_sdk


def view(request):
    {NOTE.strip()}
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("tenant", request.tenant)
"""

STRING = '''\
import sentry_sdk
# TODO(sentry): SEN104: {}
sentry_sdk.push_scope("""
""")
'''.format(RULES["push-scope-callback"].summary)

# name → the text, what `--fix` makes of it
MENDED: dict[str, tuple[str, str]] = {
    "behind the code": (NOTED, AFTER),
    "above it": (ABOVE, AFTER),
    "behind a comment": (
        BEFORE.replace("scope:", f"scope:  # why{NOTE}"),
        AFTER.replace("scope()", "scope()  # why"),
    ),
    "before another comment": (
        BEFORE.replace("scope:", f"scope:{NOTE}  # noqa: E501"),
        AFTER.replace("scope()", "scope()  # noqa: E501"),
    ),
    "Windows": (NOTED.replace("\n", "\r\n"), AFTER.replace("\n", "\r\n")),
    "white space after it": (NOTED.replace(SAYS, f"{SAYS}  "), AFTER),
    "more than one": (NOTED + NOTED.partition("\n")[2], AFTER + AFTER.partition("\n")[2]),
    "a rule that has no code": (
        NOTED.replace("SEN101: ", ""),
        AFTER.replace("scope()", f"scope()  # TODO(sentry): {SAYS}"),
    ),
    "a person's": (
        NOTED.replace("sentry):", "me):"),
        AFTER.replace("scope()", f"scope()  # TODO(me): SEN101: {SAYS}"),
    ),
    "with a person's words behind it": (
        NOTED.replace(SAYS, f"{SAYS} -- Anna: the current one"),
        AFTER.replace("scope()", f"scope(){NOTE} -- Anna: the current one"),
    ),
    "with a person's words in it": (
        NOTED.replace(SAYS, f"@bob {SAYS}"),
        AFTER.replace("scope()", "scope()" + NOTE.replace(SAYS, f"@bob {SAYS}")),
    ),
    "with a person's words behind another mark": (
        NOTED.replace(SAYS, f"{SAYS} #12 is about it"),
        AFTER.replace("scope()", "scope()  #12 is about it"),
    ),
    "of other words": (
        NOTED.replace(SAYS, "ask Anna"),
        AFTER.replace("scope()", "scope()" + NOTE.replace(SAYS, "ask Anna")),
    ),
    "of what another rule says": (
        NOTED.replace(SAYS, "Unused suppression comment"),
        AFTER.replace("scope()", "scope()" + NOTE.replace(SAYS, "Unused suppression comment")),
    ),
    "of another rule": (
        NOTED.replace("SEN101", "SEN105"),
        AFTER.replace("scope()", "scope()" + NOTE.replace("101", "105")),
    ),
    "of a rule that does not exist": (
        NOTED.replace("SEN101", "SEN101, SEN999"),
        AFTER.replace("scope()", "scope()" + NOTE.replace("101", "101, SEN999")),
    ),
    "of two rules, one of them no longer": (NOTED.replace("SEN101", "SEN105, SEN101"), AFTER),
    "at another place": (
        NOTED.replace("\n\n\n", f"\n\nx = 1{NOTE}\n\n"),
        AFTER.replace("\n\n\n", f"\n\nx = 1{NOTE}\n\n"),
    ),
    "in a string": (
        BEFORE + f'x = """{NOTE}"""\n',
        AFTER + f'x = """{NOTE}"""\n',
    ),
    "what is not mended": (UNSAFE.replace("scope:", f"scope:{NOTE}"),) * 2,
}


@pytest.mark.parametrize(("text", "after"), MENDED.values(), ids=MENDED)
def test_a_fix_removes_the_comment_about_what_it_mends(
    run: Run, here: Path, text: str, after: str
) -> None:
    write_tree(here, {"a.py": text})
    run("check", "--fix")
    assert (here / "a.py").read_bytes().decode() == after


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        BEFORE,
        UNSAFE,
        BEFORE + UNSAFE,
        DELETED.format(":"),
        "import sentry_sdk\nwith sentry_sdk.push_scope(): pass\n",
    ],
)
def test_fixing_is_the_same_with_comments(run: Run, here: Path, text: str, alone: bool) -> None:
    """Whether all fixes are made at once, or those that a program chooses."""
    write_tree(here, {"a.py": text, "requirements.txt": "sentry-sdk<2\n"})
    ids = [one["id"] for one in json.loads(run("check", "--output-format", "json").text)]
    how = ("apply", *ids) if alone else ("check", "--fix-only", "--unsafe-fixes")
    run(*how)
    fixed = read_tree(here)
    write_tree(here, {"a.py": text, "requirements.txt": "sentry-sdk<2\n"})
    run("check", "--todo", "--exit-zero")
    assert all(b"TODO" in data for data in read_tree(here).values())
    assert run(*how).code == 0
    assert read_tree(here) == fixed


# name → the text, arguments, what is left of it
OUTDATED: dict[str, tuple[str, Sequence[str], str]] = {
    "behind code": (CLEAN.rstrip() + f"{NOTE}\n", (), CLEAN),
    "on a line": (CLEAN.replace("\n\n", f"\n\n{NOTE.strip()}\n"), (), CLEAN),
    "at the end": (CLEAN + NOTE.strip(), (), CLEAN),
    "in a file without the SDK": (f"x = 1{NOTE}\n", (), "x = 1\n"),
    "of a rule that is not selected": (f"x = 1{NOTE}\n", ("--select", "SEN2"), f"x = 1{NOTE}\n"),
    "of a rule that does not exist": (f"x = 1{NOTE}\n".replace("101", "999"), (), f"x = 1{NOTE}\n".replace("101", "999")),
    "of what varies": ("import sentry_sdk  # TODO(sentry): SEN201: `hub.flush()` is deprecated; use `sentry_sdk.flush()`\n", (), "import sentry_sdk\n"),
    "of what varies, and a person's words": ("import sentry_sdk  # TODO(sentry): SEN201: `hub.flush()` is deprecated; use `sentry_sdk.flush()` soon\n", (), "import sentry_sdk  # TODO(sentry): SEN201: `hub.flush()` is deprecated; use `sentry_sdk.flush()` soon\n"),
    "a person's words behind it": (f"x = 1{NOTE}, says Anna\n", (), f"x = 1{NOTE}, says Anna\n"),
    "without a code": ("import sentry_sdk  # TODO(sentry): ask\n", (), "import sentry_sdk  # TODO(sentry): ask\n"),
    "in a string": (f'import sentry_sdk\nx = """{NOTE}"""\n', (), f'import sentry_sdk\nx = """{NOTE}"""\n'),
    "not valid Python": (f"import sentry_sdk\nx = ({NOTE}\n", (), f"import sentry_sdk\nx = ({NOTE}\n"),
    "of what is there": (NOTED, (), NOTED),
    "of what is there, above": (STRING, (), STRING),
    "accepted by a baseline": (NOTED, ("--baseline", "known"), NOTED),
    "in the place of another": (HAND.format(NOTE), (), HAND.format(TODO).rstrip()),
}  # fmt: skip


@pytest.mark.parametrize(("text", "arguments", "after"), OUTDATED.values(), ids=OUTDATED)
def test_comments_of_what_is_gone_are_removed(
    run: Run, here: Path, text: str, arguments: Sequence[str], after: str
) -> None:
    write_tree(here, {"a.py": text})
    run("check", "--baseline", "known", "--update-baseline")
    shown = run("check", "--todo", "--diff", *arguments)
    assert (here / "a.py").read_text() == text
    ran = run("check", "--todo", *arguments)
    made = (here / "a.py").read_text()
    assert made.startswith(after) if after.endswith("SEN105:") else made == after
    removed = text != after
    assert ("Removed 1 TODO comment of a finding no longer there." in ran.err) == removed
    assert ("Would remove 1 TODO comment" in shown.err) == removed
    again = run("check", "--todo", *arguments).err
    assert ("0 findings got a TODO comment.\n" in again, "Removed" in again) == (True, False)


@pytest.mark.parametrize("other", ["--add-ignores", "--update-baseline"])
def test_one_kind_of_comment(run: Run, here: Path, other: str) -> None:
    ran = run("check", "--todo", other)
    assert (ran.code, f"--todo cannot be used with {other}" in ran.err) == (2, True)


def test_a_comment_makes_no_other_finding_of_it(run: Run, here: Path) -> None:
    (here / "a.py").write_text(BEFORE)
    assert run("check", "--baseline", "known", "--update-baseline").code == 0
    before = [one["id"] for one in json.loads(run("check", "--output-format", "json").text)]
    run("check", "--todo")
    assert "TODO" in (here / "a.py").read_text()
    after = [one["id"] for one in json.loads(run("check", "--output-format", "json").text)]
    assert before == after
    assert before
    assert run("check", "--baseline", "known").code == 0
