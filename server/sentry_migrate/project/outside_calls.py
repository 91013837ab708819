"""Which code a function runs besides that of its own file, read with the standard library's parser.

Owns telling code that may reach Sentry, or that nobody knows, from what only works out values.
Refuses to know what a name of the file means.
"""

from __future__ import annotations

import ast
import builtins
import datetime
import decimal
import pathlib
import re
import sys
import uuid
from collections.abc import Collection, Iterator

from sentry_migrate.project.modules import SDK

UNKNOWN = ""
"""The name of the module whose code nobody can look at, or that reaches Sentry."""

_VALUES = (
    *(str, bytes, list, dict, set, int, float, memoryview, range),
    *(datetime.datetime, datetime.timedelta, decimal.Decimal, pathlib.PurePath, uuid.UUID),
    *(re.Match, re.Pattern),
)
VALUE_METHODS = frozenset(name for kind in _VALUES for name in dir(kind))
"""Methods of values of Python's own types, which work out values."""
_WATCHED = frozenset(
    (
        *("_thread", "asyncio", "atexit", "concurrent", "ctypes", "http", "importlib", "logging"),
        *("multiprocessing", "runpy", "signal", "socket", "sqlite3", "ssl", "subprocess"),
        *("threading", "unittest", "urllib", "warnings", "xmlrpc"),
    )
)
"""Modules of the standard library that the SDK's integrations watch, or that run what they are
given at some other time."""
_LOGGING = frozenset(
    ("critical", "debug", "error", "exception", "fatal", "info", "log", "warn", "warning")
)
_PLAIN = frozenset(dir(builtins)) - {"__import__", "breakpoint", "compile", "eval", "exec", "input"}
_PLAIN_DECORATORS = frozenset(
    (
        *(
            "abstractmethod",
            "cache",
            "cached_property",
            "classmethod",
            "deleter",
            "final",
            "getter",
        ),
        *("lru_cache", "overload", "override", "property", "setter", "staticmethod"),
    )
)
LEAVING = frozenset((ast.AsyncFor, ast.AsyncWith, ast.Await, ast.With, ast.Yield, ast.YieldFrom))
"""The statements and expressions, besides calls, that run code of others."""


def modules_of(func: ast.expr, paths: Collection[str], known: bool, bound: bool) -> Iterator[str]:
    """The first names of the modules whose code a call of `func` may run.

    `paths` are the dotted paths that it may mean, `known` says whether the file has what is called,
    and `bound` whether it binds the name.
    """
    for path in paths:
        root = path.partition(".")[0]
        if root == SDK or root in _WATCHED:
            yield UNKNOWN
        elif root not in sys.stdlib_module_names:
            yield root
    if paths or known:
        return
    if isinstance(func, ast.Attribute):
        if func.attr in _LOGGING:
            yield UNKNOWN
    elif not isinstance(func, ast.Name) or bound or func.id not in _PLAIN:
        yield UNKNOWN


def is_wrapped(node: ast.AST) -> bool:
    """Whether a call of a function that is defined here runs more than its body, or not at once."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return isinstance(node, ast.AsyncFunctionDef) or not all(map(_is_plain, decorators))


def _is_plain(decorator: ast.expr) -> bool:
    func = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    return name in _PLAIN_DECORATORS
