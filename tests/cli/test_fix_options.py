"""What `--add-ignores`, `--fix-only` and `--exit-non-zero-on-fix` make of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree
from cli.samples import AFTER, BEFORE, BROKEN, CLEAN, UNSAFE, UNSAFE_AFTER

MANUAL = "import sentry_sdk\n\nsentry_sdk.push_scope().__enter__()\n"
COMMENT = "  # sentry-migrate: ignore[SEN101]"
LINE = "with sentry_sdk.configure_scope() as scope:"
IGNORED = UNSAFE.replace(LINE, LINE + COMMENT)
TWICE = "import sentry_sdk\n\nsentry_sdk.Hub.current.push_scope(), sentry_sdk.Hub(None)\n"

# name → code, arguments, the code afterwards
WRITTEN: dict[str, tuple[str | bytes, tuple[str, ...], str | bytes]] = {
    "a finding": (UNSAFE, (), IGNORED),
    "a safe one": (BEFORE, (), BEFORE.replace(LINE, LINE + COMMENT)),
    "a safe one is fixed first": (BEFORE, ("--fix",), AFTER),
    "what is not fixed": (UNSAFE, ("--fix",), IGNORED),
    "nothing is left": (UNSAFE, ("--fix", "--unsafe-fixes"), UNSAFE_AFTER),
    "nothing is found": (CLEAN, (), CLEAN),
    "not selected": (UNSAFE, ("--select", "SEN2"), UNSAFE),
    "not valid": (BROKEN, (), BROKEN),
    "suppressed": (IGNORED, (), IGNORED),
    "suppressed in the file": (
        *("# sentry-migrate: ignore-file\n" + UNSAFE, ()),
        "# sentry-migrate: ignore-file\n" + UNSAFE,
    ),
    "into a comment": (
        UNSAFE.replace(LINE, LINE + "  # sentry-migrate: ignore[SEN201]"),
        ("--ignore", "unused-suppression"),
        UNSAFE.replace(LINE, LINE + "  # sentry-migrate: ignore[SEN201, SEN101]"),
    ),
    "behind a comment": (
        UNSAFE.replace(LINE, LINE + "  # why"),
        *((), UNSAFE.replace(LINE, LINE + "  # why" + COMMENT)),
    ),
    "other line endings": (UNSAFE.replace("\n", "\r\n"), (), IGNORED.replace("\n", "\r\n")),
    "a byte order mark": (UNSAFE.encode("utf-8-sig"), (), IGNORED.encode("utf-8-sig")),
    "another encoding": (
        ("# coding: latin-1\n" + UNSAFE + "# \xe9\n").encode("latin-1"),
        *((), ("# coding: latin-1\n" + IGNORED + "# \xe9\n").encode("latin-1")),
    ),
}


def encoded(code: str | bytes) -> bytes:
    return code if isinstance(code, bytes) else code.encode()


@pytest.mark.parametrize(("code", "arguments", "after"), WRITTEN.values(), ids=WRITTEN)
def test_comments_are_added(
    run: Run, here: Path, code: str | bytes, arguments: tuple[str, ...], after: str | bytes
) -> None:
    write_tree(here, {"a.py": code})
    shown = run("check", "--add-ignores", "--diff", *arguments)
    assert (shown.out != b"") == (code != after)
    assert (here / "a.py").read_bytes() == encoded(code)
    ran = run("check", "--add-ignores", *arguments)
    assert (here / "a.py").read_bytes() == encoded(after)
    assert ran.code == (1 if code == BROKEN else 0)
    assert ("Suppressed 1 finding with comments.\n" in ran.text) == (
        b"ignore[" in encoded(after) and code != after
    )
    again = run("check", "--add-ignores", *arguments)
    assert (again.code, (here / "a.py").read_bytes()) == (ran.code, encoded(after))
    filtered = run(
        "check", "-", "--stdin-filename", "b.py", "--add-ignores", *arguments, stdin=encoded(code)
    )
    assert filtered.out == encoded(after)
    if code != after:
        assert run("undo").code == 0
        assert (here / "a.py").read_bytes() == encoded(code)


def test_one_comment_for_all_of_a_line(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": TWICE})
    codes = {
        line.split()[1]
        for line in run("check", "--output-format", "concise", "-q").text.splitlines()
    }
    assert len(codes) > 1
    ran = run("check", "--add-ignores")
    assert ran.code == 0
    (line,) = (line for line in (here / "a.py").read_text().splitlines() if "ignore[" in line)
    assert {one.strip() for one in line.partition("[")[2].rstrip("]").split(",")} == codes
    assert run("check").code == 0
    assert read_tree(here) == {"a.py": (here / "a.py").read_bytes()}


FIRST = 'x = f"""{sentry_sdk.Hub(None)}\n"""\n'
CONTINUED = 'y = f"""\n{sentry_sdk.Hub(None)}\n"""\n'
UNPLACED = "[options]\ninstall_requires =\n  sentry-sdk<2\n"


def test_what_has_no_place_for_a_comment_remains(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": "import sentry_sdk\n" + FIRST + CONTINUED, "setup.cfg": UNPLACED})
    concise = ("check", "--output-format", "concise", "-q")
    ran = run(*concise, "--add-ignores")
    comment = "# sentry-migrate: ignore[SEN222]\n"
    text = f"import sentry_sdk\n{comment}{FIRST}{comment}{CONTINUED}"
    assert read_tree(here) == {"a.py": text.encode(), "setup.cfg": UNPLACED.encode()}
    assert (ran.code, ran.text.startswith("setup.cfg:3:")) == (1, True)
    assert run(*concise) == ran


def test_requirements(run: Run, here: Path) -> None:
    write_tree(here, {"requirements.txt": "sentry-sdk>=1.30,<2\nother\n"})
    assert run("check", "--add-ignores").code == 0
    first, rest = (here / "requirements.txt").read_text().split("\n", 1)
    assert first.startswith("sentry-sdk>=1.30,<2  # sentry-migrate: ignore[SEN9")
    assert (rest, run("check").code) == ("other\n", 0)


def test_what_the_baseline_accepts_gets_no_comment(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": UNSAFE})
    named = ("--baseline", "known.json")
    run("check", *named, "--update-baseline")
    write_tree(here, {"b.py": UNSAFE})
    assert run("check", *named, "--add-ignores").code == 0
    assert (here / "a.py").read_text() == UNSAFE
    assert (here / "b.py").read_text() == IGNORED
    assert run("check", *named).code == 0


# name → code, arguments, exit code, standard error
ONLY: dict[str, tuple[str, tuple[str, ...], int, str]] = {
    "fixed": (BEFORE, (), 0, "Fixed 1 finding in 1 file.\n`sentry-migrate undo` restores the files as they were.\n"),
    "quiet": (BEFORE, ("-q",), 0, ""),
    "left": (UNSAFE, (), 0, "Nothing to fix.\n"),
    "unsafe": (UNSAFE, ("--unsafe-fixes", "-q"), 0, ""),
    "nothing": (CLEAN, (), 0, "Nothing to fix.\n"),
    "on fix": (BEFORE, ("--exit-non-zero-on-fix", "-q"), 1, ""),
    "left, on fix": (UNSAFE, ("--exit-non-zero-on-fix", "-q"), 0, ""),
    "on fix, but zero": (BEFORE, ("--exit-non-zero-on-fix", "--exit-zero", "-q"), 0, ""),
    "with comments": (UNSAFE, ("--add-ignores", "-q"), 0, ""),
    "for programs": (UNSAFE, ("--output-format", "json", "-q"), 0, ""),
    "a diff": (BEFORE, ("--diff", "-q"), 1, ""),
    "with statistics": (BEFORE, ("--statistics",), 2, "--statistics cannot be used with --fix-only."),
    "to a file": (BEFORE, ("-o", "x"), 2, "--output-file cannot be used with --fix-only."),
    "with a baseline": (BEFORE, ("--update-baseline",), 2, "--update-baseline cannot be used with --fix-only."),
}  # fmt: skip


@pytest.mark.parametrize(("code", "arguments", "exits", "said"), ONLY.values(), ids=ONLY)
def test_fix_only(
    run: Run, here: Path, code: str, arguments: tuple[str, ...], exits: int, said: str
) -> None:
    write_tree(here, {"a.py": code})
    ran = run("check", "--fix-only", *arguments)
    assert ran.code == exits
    assert ran.err == said if exits != 2 else said in ran.err
    assert (ran.out == b"") == ("--diff" not in arguments)
    fixed = {BEFORE: AFTER}.get(code, code) if exits != 2 and "--diff" not in arguments else code
    expected = {"--unsafe-fixes": UNSAFE_AFTER, "--add-ignores": IGNORED}
    assert (here / "a.py").read_text() == expected.get(next(iter(arguments), ""), fixed)


def test_fix_only_fails_on_what_cannot_be_checked(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BROKEN, "b.py": BEFORE})
    ran = run("check", "--fix-only")
    assert (ran.code, (here / "b.py").read_text()) == (1, AFTER)
    assert "a.py:3:10: syntax-error" in ran.err


# code, arguments, exit code
EXITS = [
    (BEFORE, ("--fix",), 0),
    (BEFORE, ("--fix", "--exit-non-zero-on-fix"), 1),
    (BEFORE, ("--fix", "--exit-non-zero-on-fix", "--exit-zero"), 0),
    (BEFORE, ("--exit-non-zero-on-fix",), 1),
    (CLEAN, ("--fix", "--exit-non-zero-on-fix"), 0),
    (UNSAFE, ("--fix", "--exit-non-zero-on-fix"), 1),
    (UNSAFE, ("--add-ignores", "--exit-non-zero-on-fix"), 0),
    (UNSAFE, ("--fix", "--unsafe-fixes", "--exit-non-zero-on-fix"), 1),
]


@pytest.mark.parametrize(("code", "arguments", "exits"), EXITS)
def test_exit_codes(
    run: Run, here: Path, code: str, arguments: tuple[str, ...], exits: int
) -> None:
    write_tree(here, {"a.py": code})
    assert run("check", *arguments).code == exits
    assert run("check", "-", *arguments, stdin=CLEAN.encode()).code == 0
