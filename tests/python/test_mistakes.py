"""A mistake in a text is named as Python names it, at the line Python names; it is never ours."""

from __future__ import annotations

import ast
import random
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.kit.rule import Rewrites
from sentry_migrate.project.config import Settings
from sentry_migrate.rules import RULES
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.source import BOM, Source

PROGRAMS = sorted(
    example.before
    for rule in RULES.values()
    for example in rule.examples
    if isinstance(example, Rewrites) and "sentry_sdk" in example.before
)
CATEGORIES = sorted({unicodedata.category(chr(code)) for code in range(0x3000)})
OF_CATEGORY = {
    name: [char for char in map(chr, range(0x3000)) if unicodedata.category(char) == name]
    for name in CATEGORIES
}
ODD = [
    *("\0", "\x0c", "\x1a", "\x1b", "\r", "\r\n", "\n", "\t", "\\", "\\\n", " ", "\n  ", "\n\t"),
    *("(", ")", "[", "]", "{", "}", "'", '"', "'''", '"""', "f'{", "}'", "b'é'", "rb'", "\\N{x}"),
    *("#", ":", ";", ",", ".", "...", "=", ":=", "->", "@", "!", "$", "?", "`", "½", "²", "１"),
    *("0777", "1__0", "0x", "1e", "1if", "0b2", "9" * 5000, "lambda", "async ", "await ", "yield"),
    *("match ", "case ", "type ", "except* ", "print ", "def ", "class ", "return", "global x"),
    *("\u200d", "\u202e", "\u2028", "\x85", "\xa0", BOM, "\ud800", "\udce9", "\U0001f600"),
    *("(" * 150, "(" * 300, "[" * 90 + "]" * 90, "if 1:\n" + " " * 90 + "x", "- " * 90),
]


def insert(text: str, at: int, new: str, some: random.Random) -> str:
    return text[:at] + new + text[at:]


def put_in_place(text: str, at: int, new: str, some: random.Random) -> str:
    return text[:at] + new + text[at + some.choice((1, 2, 5)) :]


def delete(text: str, at: int, new: str, some: random.Random) -> str:
    return text[:at] + text[at + some.choice((1, 1, 3, 20)) :]


def cut(text: str, at: int, new: str, some: random.Random) -> str:
    return text[:at] + new


def other_line_ends(text: str, at: int, new: str, some: random.Random) -> str:
    return text[:at] + text[at:].replace("\n", some.choice(("\r", "\r\n", "\x0c\n", "\n\x0c")))


def indent(text: str, at: int, new: str, some: random.Random) -> str:
    start = text.rfind("\n", 0, at) + 1
    return text[:start] + some.choice((" ", "\t", "  \t", "\x0c", "\\\n")) + text[start:]


STEPS: tuple[Callable[[str, int, str, random.Random], str], ...] = (
    *(insert, insert, put_in_place, put_in_place),
    *(delete, cut, other_line_ends, indent),
)


def mistaken(seed: int) -> str:
    """A program with one to three random mistakes."""
    some = random.Random(seed)
    text = some.choice(PROGRAMS)
    for _ in range(some.choice((1, 1, 1, 2, 3))):
        kind = some.choice(CATEGORIES)
        new = some.choice((some.choice(ODD), some.choice(OF_CATEGORY[kind])))
        text = some.choice(STEPS)(text, some.randrange(len(text) + 1), new, some)
    return text


def python_says(text: str) -> tuple[bool, int | None]:
    """Whether Python compiles the text, and if not, the 0-based line it names, if it does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text.removeprefix(BOM), "", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        return False, None if error.lineno is None else error.lineno - 1
    except (ValueError, MemoryError, RecursionError):
        return False, None
    return True, None


def _slow(seed: int) -> object:
    return pytest.param(seed, marks=pytest.mark.slow)


def check(text: str) -> str:
    """What became of the text, in a word; fails where that is not what Python says."""
    result = analyze(Source(text), Settings())
    assert not any(finding.failed for finding in result.findings), result
    failure = result.failure
    valid, line = python_says(text)
    if failure is None:
        return "taken" if valid or "sentry_sdk" not in text else "lenient"
    assert failure.kind == ("unsupported" if valid else "syntax"), failure
    assert failure.message.strip()
    if not valid:
        assert failure.offset is not None
        assert 0 <= failure.offset <= len(text)
    if line is not None:
        lines = LineIndex(text)
        assert failure.offset is not None
        assert abs(lines.line_of(failure.offset) - min(line, len(lines) - 1)) <= 1, failure
    return failure.kind


@pytest.mark.parametrize(
    "seed", [*range(0, 1000, 100), *(_slow(seed) for seed in range(1000, 4000, 100))]
)
def test_a_mistake_is_a_mistake_in_the_text(seed: int) -> None:
    came_to = Counter(check(mistaken(number)) for number in range(seed, seed + 100))
    assert came_to["syntax"] > 40
    assert came_to["lenient"] < 5  # such as `nonlocal x` in a module, which libcst takes


@pytest.mark.parametrize("seed", range(10))
def test_every_kind_of_character_in_a_name(seed: int) -> None:
    """A name is where parsers differ most in what they take."""
    some = random.Random(seed)
    for kind in CATEGORIES:
        char = some.choice(OF_CATEGORY[kind])
        for name in (f"x{char}", f"{char}x", f"x{char}y", char):
            check(f"import sentry_sdk\n{name} = 1\n")


# what: (text that Python takes and libcst does not, words of the failure)
BEYOND = {
    "a backslash before an indentation": ("import sentry_sdk\nif x:\n\\\n    pass\n", "libcst"),
    "a tab behind blanks": (
        "import sentry_sdk\nclass A:\n    def f():\n\t        pass\n",
        "libcst",
    ),
}


@pytest.mark.parametrize(("text", "words"), BEYOND.values(), ids=BEYOND)
def test_what_only_the_parser_refuses_blames_nobody(text: str, words: str) -> None:
    assert check(text) == "unsupported"
    failure = analyze(Source(text), Settings()).failure
    assert failure is not None
    assert words in failure.message
    assert "valid Python" in failure.message


ESCAPES = {
    r"'\N{nothing}'": "syntax",
    r"'\N'": "syntax",
    r"'a\x1'": "syntax",
    r"b'\x1'": "syntax",
    r"'\u12'": "syntax",
    r"'\U00110000'": "syntax",
    "b'\u00e9'": "syntax",
    r"b'\N\u'": "taken",
    r"r'\N\u\x'": "taken",
    r"'\N{BULLET}\x41\d'": "taken",
    r"'\\N'": "taken",
}


@pytest.mark.filterwarnings("ignore:invalid escape")
@pytest.mark.parametrize("place", ["x = {}", "sentry_sdk.init(**{{{}: 1}})", "f({}, x)"])
@pytest.mark.parametrize(("literal", "expected"), ESCAPES.items(), ids=ascii)
def test_a_string_that_means_nothing(literal: str, expected: str, place: str) -> None:
    assert check(f"import sentry_sdk\n{place.format(literal)}\n") == expected


def test_warnings_of_the_compiler_stay_with_it(recwarn: pytest.WarningsRecorder) -> None:
    analyze(Source("import sentry_sdk\nx = '\\d' + 1is 1\ny y\n"), Settings())
    assert not recwarn.list


@pytest.mark.parametrize(
    "text",
    [
        "import sentry_sdk\nx = {'w\0th': 1}\n",
        "import sentry_sdk\n# a \0 in a comment\n",
        "import sentry_sdk\nsentry_sdk.init(**{'with_\0locals': True})\n",
    ],
)
def test_python_reads_no_nul(text: str) -> None:
    assert check(text) == "syntax"
    failure = analyze(Source(text), Settings()).failure
    assert failure is not None
    assert failure.offset == text.index("\0")
