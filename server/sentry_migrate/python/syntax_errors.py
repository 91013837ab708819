"""What is wrong with a text that libcst does not take, in Python's own words and places.

libcst's tokenizer knows no lines, its parser names tokens a person never heard of, and some of its
checks come after parsing and know no place at all. Python itself is asked instead, which only
compiles; nothing is run. Owns `ParseError`.
"""

from __future__ import annotations

import ast
import re
import warnings

import libcst as cst

from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.source import BOM

_WORDS = "its tokenizer or its grammar does not support this code"


class ParseError(ValueError):
    """There is no tree of the text; `offset` is a code point of it, None where no place is known.

    `valid` says that Python takes the text: then it is the parser that falls short.
    """

    def __init__(self, message: str, offset: int | None, valid: bool = False) -> None:
        super().__init__(message)
        self.offset = offset
        self.valid = valid


def explained(text: str, lines: LineIndex, error: Exception) -> ParseError:
    """Why libcst raised `error` for `text`."""
    told = None
    if isinstance(error, cst.ParserSyntaxError):  # whose attributes know less
        told = re.search(r"error at (\d+):(\d+)", error.message)
    place = None if told is None else lines.offset(int(told[1]) - 1, int(told[2]))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text.removeprefix(BOM), "", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as mistake:
        return _placed(mistake, text, lines)
    except UnicodeEncodeError as mistake:
        at = mistake.start + text.startswith(BOM)
        return ParseError(f"U+{ord(text[at]):04X} is half of a character", at)
    except (RecursionError, MemoryError):  # Python reads no further, whatever comes
        return ParseError("nested too deeply for Python to read", place or 0)
    except ValueError as mistake:  # before Python 3.12, for a NUL
        return ParseError(str(mistake), max(0, text.find("\0")))
    if isinstance(error, RecursionError):
        return _beyond("it is nested too deeply")
    if isinstance(error, cst.ParserSyntaxError):
        return _beyond(_WORDS, place)
    return _beyond(f"{type(error).__name__}: {error}")


def _placed(mistake: SyntaxError, text: str, lines: LineIndex) -> ParseError:
    message = str(mistake.msg)
    if mistake.lineno is None:  # from Python 3.12 on, for a NUL
        return ParseError(message, max(0, text.find("\0")))
    column = max(1, mistake.offset or 1) - 1
    if mistake.lineno == 1:
        column += text.startswith(BOM)
    return ParseError(message, lines.offset(mistake.lineno - 1, column))


def _beyond(reason: str, offset: int | None = None) -> ParseError:
    words = f"valid Python, but more than libcst {cst.LIBCST_VERSION} can read: {reason}"
    return ParseError(words, offset, valid=True)
