"""Patterns mean what git takes them to mean, and no pattern takes long."""

from __future__ import annotations

import random
import time
import warnings

import pytest
from pathspec import GitIgnoreSpec

from sentry_migrate.project import patterns

SEGMENTS = (
    "a",
    "b",
    "ab",
    "*",
    "**",
    "*a",
    "a*",
    "*a*b",
    "a*b*",
    "?a",
    "[ab]*",
    "[!a]",
    "b[^b]*",
    "a**b",
    "*.py",
    "*a*a*",
)


def random_pattern(some: random.Random) -> str:
    body = "/".join(some.choice(SEGMENTS) for _ in range(some.randint(1, 5)))
    return some.choice(("", "", "!", "/")) + body + some.choice(("", "", "/"))


def random_path(some: random.Random) -> str:
    names = ("a", "b", "ab", "aab", "ba", "x.py", "aaaab", "abab")
    return "/".join(some.choice(names) for _ in range(some.randint(1, 6))) + some.choice(("", "/"))


@pytest.mark.parametrize("seed", range(20))
def test_the_same_paths_match_as_with_pathspec_alone(seed: int) -> None:
    some = random.Random(seed)
    for _ in range(200):
        lines = tuple(random_pattern(some) for _ in range(some.randint(1, 3)))
        ours, theirs = patterns.compiled(lines), GitIgnoreSpec.from_lines(lines)
        for path in [random_path(some) for _ in range(10)]:
            if "[!" in (text := "".join(lines)) or "[^" in text:
                path = path.replace("/", "b")  # which theirs take for a character not in brackets
            assert ours.check_file(path).include == theirs.check_file(path).include, (lines, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a*a*a*a*a*a*a*a*a*ab", "a" * 60),
        ("*a" * 30 + "b", "a" * 200),
        ("?*" * 20 + "b", "a" * 200),
        ("[ab]*" * 20 + "c", "ab" * 100),
        ("**/a/" * 12 + "b", "a/" * 100 + "c"),
        ("x/**/" + "*a*a/**/" * 10 + "b", "x/" + "aaaa/" * 60),
        ("**/*a*a*a*a*a*ab", "/".join(["a" * 50] * 20)),
    ],
)
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    spec = patterns.compiled((pattern,))
    begun = time.process_time()
    assert spec.check_file(path).include is None
    assert time.process_time() - begun < 2  # seconds; without care it is years


# what: (pattern, path, does it match?)
ODD = {
    "a slash and brackets": ("a[!b]c", "a/c", False),
    "a slash and other brackets": ("[^a]/x", "//x", False),
    "brackets and no slash": ("a[!b]c", "axc", True),
    "brackets around a bracket": ("[!]]x", "ax", True),
    "brackets below": ("x/**/[!a]*/y", "x/a/b/y", True),
    "brackets below, and a slash": ("x/**/[!a]/y", "x///y", False),
    "a bracket that is none": (r"a\[!b]", "a[!b]", True),
    "a line feed at the end": ("a.py", "a.py\n", False),
    "a line feed above": ("**/a.py", "x\ny/a.py", True),
    "a line feed within a star": ("a*.py", "a\n.py", True),
    "a dollar": ("a$", "a$", True),
    "a dollar after a bar": ("(a|$)", "(a|$)", True),
}


@pytest.mark.parametrize(("pattern", "path", "matches"), ODD.values(), ids=ODD)
def test_odd_names(pattern: str, path: str, matches: bool) -> None:
    assert bool(patterns.compiled((pattern,)).check_file(path).include) is matches


@pytest.mark.parametrize("line", ["[[:alpha:]]x*", "[[a]", "[a--b]", "[a&&b]", "[a||b]"])
def test_a_pattern_warns_nobody(line: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        patterns.compiled((line,))
        patterns.wrong([line])
