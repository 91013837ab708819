"""What crosses between the server and a worker process.

Owns the questions, the answers and their framing: four bytes of length, big endian, then a JSON
array. Refuses to know how an answer is found, or what is done with it.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeAlias

import cattrs

from sentry_migrate.config import Settings
from sentry_migrate.model import FixOutcome, Report
from sentry_migrate.modules import Module
from sentry_migrate.reexports import Name

Handed: TypeAlias = tuple[Name, ...]
"""Names that modules of the workspace hand on."""
Texts: TypeAlias = tuple[tuple[str, str], ...]
"""By path, the text of a document where it is not what the file holds."""


@dataclass(frozen=True, slots=True)
class Analyze:
    """What does this text contain? Answered by a Report, an empty one for a text of no concern."""

    text: str
    settings: Settings
    path: str | None
    python: bool = True
    """Whether it is Python; if not, `path` decides whether it is a dependency file."""
    reexports: Handed = ()


@dataclass(frozen=True, slots=True)
class Parse:
    """Is this text Python? Answered by a Report that has a failure or is empty."""

    text: str


@dataclass(frozen=True, slots=True)
class FixAll:
    """What is this text after its fixes? Answered by a FixOutcome."""

    text: str
    settings: Settings
    path: str | None
    rules: tuple[str, ...] | None
    """Names; None means every rule."""
    unsafe: bool
    reexports: Handed = ()


@dataclass(frozen=True, slots=True)
class Discover:
    """Which files under a folder mention sentry-sdk, or may do so by other names? Answered by
    Files."""

    root: str
    settings: Settings
    names: tuple[str, ...] = ()
    """Dotted, of modules that are known already."""


@dataclass(frozen=True, slots=True)
class Files:
    """Absolute paths, sorted."""

    paths: tuple[str, ...]
    """Of files that mention the SDK."""
    others: tuple[str, ...] = ()
    """Of files that do not, but spell a name that their project may hand on."""
    modules: tuple[tuple[str, Module], ...] = ()
    """By path, what can hand on such names, and what else has the dotted name of such a module."""


@dataclass(frozen=True, slots=True)
class Read:
    """What do these modules import? Answered by Modules."""

    paths: tuple[str, ...]
    texts: Texts = ()


@dataclass(frozen=True, slots=True)
class Modules:
    """One for each path asked for; None where the file is gone or is no Python."""

    found: tuple[Module | None, ...]


@dataclass(frozen=True, slots=True)
class AnalyzeFile:
    """What does this file contain? Answered by a FileReport."""

    path: str
    settings: Settings
    reexports: Handed = ()


@dataclass(frozen=True, slots=True)
class FixFile:
    """What is this file after its fixes? Answered by a FileFix."""

    path: str
    settings: Settings
    rules: tuple[str, ...] | None
    unsafe: bool
    reexports: Handed = ()


@dataclass(frozen=True, slots=True)
class FileReport:
    """The file's text as the offsets of `report` count it; empty where nothing was found."""

    text: str
    report: Report


@dataclass(frozen=True, slots=True)
class FileFix:
    """The file's text before the fixes, as the offsets of `outcome.edits` count it."""

    text: str
    outcome: FixOutcome


@dataclass(frozen=True, slots=True)
class RuleDoc:
    """What a rule says about itself, for people to read."""

    code: str
    name: str
    kind: str
    summary: str
    why: str
    safety: str
    link: str
    since: str


@dataclass(frozen=True, slots=True)
class Hello:
    """The first thing a worker says, once it can answer."""

    rules: tuple[RuleDoc, ...]
    versions: tuple[tuple[str, str], ...]
    """Names and versions of what the analysis is made with."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An exception came out of the analysis; a fault of ours, not of the text."""

    message: str


Question: TypeAlias = Analyze | Parse | FixAll | Discover | Read | AnalyzeFile | FixFile
Answer: TypeAlias = Report | FixOutcome | Files | Modules | FileReport | FileFix | Hello | Failed
Message: TypeAlias = Question | Answer

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *(Analyze, Parse, FixAll, Discover, Read, AnalyzeFile, FixFile),
        *(Report, FixOutcome, Files, Modules, FileReport, FileFix, Hello, Failed),
    )
}
_CONVERTER = cattrs.Converter()
HEADER = struct.Struct(">I")


def pack(message: Message) -> bytes:
    """One frame, header included."""
    fields = _CONVERTER.unstructure(message)
    body = json.dumps([type(message).__name__, fields], separators=(",", ":")).encode("ascii")
    return HEADER.pack(len(body)) + body


def unpack(body: bytes) -> Message:
    """The message in a frame's body. Raises ValueError for anything else."""
    try:
        kind, fields = json.loads(body)
        message: Message = _CONVERTER.structure(fields, _KINDS[kind])
    except Exception as error:
        raise ValueError(f"not a frame of ours: {error}") from error
    return message


def read(stream: BinaryIO) -> Message | None:
    """The next message of a blocking stream; None at its end."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    body = stream.read(length)
    return unpack(body) if len(body) == length else None
