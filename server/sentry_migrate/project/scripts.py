"""Python that other code cannot import: scripts without an ending, `.pyw`, and what servers run.

Owns telling such a script from its first line. Refuses to know what is in it.
"""

from __future__ import annotations

import os
import re

from sentry_migrate.project import regular_files
from sentry_migrate.project.dependency_files import kind_of
from sentry_migrate.project.modules import SUFFIXES

_SHEBANG = re.compile(
    rb"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S+[ \t]+|\w+=\S*[ \t]+)*(?:\S*/)?)?"
    rb"(?:(?:python|pypy)[\d.]*|uv[ \t]+run)(?=\s|$)"
)
_ENOUGH = 256
"""Bytes, twice as many as a system reads of a first line."""
_ENDINGS = (*SUFFIXES, ".pyw", ".tac", ".wsgi")
"""The last two are what mod_wsgi and Twisted run, in whose documentation files end so."""
_OF_ANY_LANGUAGE = (".cgi", ".fcgi")


def ends_as_python(path: str) -> bool:
    """Whether a file is Python by the end of its name."""
    return path.endswith(_ENDINGS)


def is_code(path: str) -> bool:
    """Whether a file that was found, or that a person named, is Python."""
    return ends_as_python(path) or _may_be_script(path)


def is_script(path: str) -> bool:
    """Whether the first line of a file without an ending, or that a web server runs, has Python run
    it, and text follows, not an archive as in a zipapp."""
    if not _may_be_script(path):
        return False
    try:
        begins = regular_files.beginning(path, _ENOUGH)
        return _SHEBANG.match(begins) is not None and b"\0" not in begins
    except OSError:
        return False  # there is nothing to say about a file that is none of ours


def named_as_script(name: str) -> bool:
    """Whether only the first line of a file of this name can tell who runs it."""
    return "." not in name or name.endswith(_OF_ANY_LANGUAGE)


def _may_be_script(path: str) -> bool:
    return named_as_script(os.path.basename(path)) and kind_of(path) is None
