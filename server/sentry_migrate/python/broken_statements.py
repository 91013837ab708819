"""A text that does not parse, without the statements that keep it from parsing.

Owns replacing them so that everything else stays where it is: each character keeps its offset.
Python's own parser reports where a syntax error is; nothing is run.
"""

from __future__ import annotations

import ast
import re
import warnings

from sentry_migrate.text.source import BOM

_WORK = 4_000_000
"""Characters that Python may be given to read for one text."""
_TRIES = 40
"""Lines that may be replaced, or made blank, in one text."""
_BLOCK_HEADER = re.compile(r"[ \t\f]*\S.{3,}:[ \t\f]*(#.*)?$")


def without_syntax_errors(text: str) -> str | None:
    """The text with lines replaced until Python takes it; None where that takes too many.

    A line that begins a block still begins one; any other becomes an expression, or blank.
    """
    lines = text.split("\n")
    for _ in range(min(_TRIES, _WORK // (len(text) + 1))):
        at = _mistake("\n".join(lines).removeprefix(BOM))
        if at is None:
            return "\n".join(lines)
        if not 0 <= at < len(lines):
            return None
        while at >= 0 and not lines[at].strip():
            at -= 1  # what is missing here belongs to the line above
        if at < 0:
            return None
        lines[at] = _replaced(lines[at])
    return None


def _mistake(text: str) -> int | None:
    """The 0-based line of the first syntax error; -1 where Python does not say, None for none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        return (error.lineno or 0) - 1
    except (RecursionError, MemoryError, ValueError):
        return -1
    return None


def _replaced(line: str) -> str:
    """A line of the same length that does nothing; blank the second time."""
    start = len(line) - len(line.lstrip(f"{BOM} \t\f"))
    end = len(line.rstrip())
    new = "if 0:" if _BLOCK_HEADER.match(line.rstrip()) else "0"
    if line[start:end] in ("if 0:", "0"):
        new = ""
    return line[:start] + new.ljust(end - start) + line[end:]
