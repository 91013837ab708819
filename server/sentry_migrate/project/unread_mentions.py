"""Texts of a project that no parser here is for, and that name a sentry-sdk 1.x, or its options.

Owns which files are looked at for that, and which words count. Prose is not: it tells of versions.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from sentry_migrate.project import regular_files
from sentry_migrate.project.loose_pins import installed_loosely, pins
from sentry_migrate.project.specifiers import judge

_MOST = 200_000
"""Bytes of a file that somebody wrote; others are data."""
_TOLD = frozenset(
    (
        *(".md", ".rst", ".adoc", ".html", ".htm", ".svg", ".css", ".js", ".ts", ".jsx", ".tsx"),
        *(".map", ".po", ".pot", ".csv", ".tsv", ".log", ".lock", ".xml", ".sql", ".patch"),
        *(".diff", ".mp4", ".mp3", ".jar", ".class", ".pyi"),
        *(".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".pdf", ".zip", ".gz", ".tar", ".whl"),
        *(".woff", ".woff2", ".ttf", ".eot", ".so", ".dll", ".exe", ".pyc", ".pyd", ".mo", ".db"),
        *(".sqlite3", ".parquet", ".pkl", ".npy", ".bin"),
    )
)
"""Endings of prose, of code in other languages and of data."""
_PROSE = re.compile(r"(?:changelog|changes|news|history|readme|release|copying|licen[cs]e)", re.I)
_APART = re.compile(
    r"\bname:[ \t]*[\"']?sentry[-_.]sdk[\"']?[ \t]*\r?\n"
    r"[ \t]+version:[ \t]*[\"']?(?P<version>[01]\.\d[\w.]*)",
    re.IGNORECASE,
)
_OPTION = re.compile(r"[\"']?\b(?:with_locals|request_bodies)[\"']?[ \t]*[:=]")
_OURS = "SEN901"
"""The rule that finds requirements. A list that names it is a baseline, or one of findings or of
tasks: it quotes requirements, and installs nothing."""
_LISTS = (".json", ".sarif", ".txt")
_SETTINGS = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".env")


def is_worth_reading(path: str) -> bool:
    """Whether a file of another kind may be one that a tool or the program reads."""
    name = os.path.basename(path)
    return os.path.splitext(name)[1].lower() not in _TOLD and _PROSE.match(name) is None


def mentions(path: str) -> Iterator[tuple[int, str]]:
    """The 1-based lines of a file that name a 1.x, or an option that 2.x refuses, and the words."""
    try:
        if os.path.getsize(path) > _MOST:
            return
        data = regular_files.read(path)
    except OSError:
        return
    if b"\0" not in data:
        yield from said(path, data.decode("utf-8", "replace"))


def said(path: str, text: str) -> Iterator[tuple[int, str]]:
    """The same of a text; of a notebook, only what it installs."""
    if path.endswith(".ipynb"):
        for one in installed_loosely(text):
            yield text.count("\n", 0, one.start) + 1, f"sentry-sdk{one.specifier}"
        return
    if _OURS in text and path.endswith(_LISTS):
        return
    for pin in pins(text):
        if judge(pin["specifier"], "pep508") == "excludes 2.x":
            yield text.count("\n", 0, pin.start()) + 1, pin[0]
    for apart in _APART.finditer(text):
        at = text.count("\n", 0, apart.start()) + 1
        yield at, f"sentry-sdk {apart['version']}"
    if path.endswith(_SETTINGS) and "sentry" in f"{path} {text}".lower():
        for option in _OPTION.finditer(text):
            yield text.count("\n", 0, option.start()) + 1, option[0].strip(" \t\"':=")
