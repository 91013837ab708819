"""What crosses between a process and the children that analyse for it.

Owns the questions, the answers and their framing: four bytes of length, big endian, then a JSON
array of what it is, its fields and, for a question, the seconds of processor time it may take.
Refuses to know how an answer is found, or what is done with it.
"""

from __future__ import annotations

import json
import signal
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeAlias

from sentry_migrate.model import CheckResult, Finding, FixOutcome
from sentry_migrate.plan import Answer as PlanAnswer
from sentry_migrate.plan import Move, Site
from sentry_migrate.project.callers import Callers
from sentry_migrate.project.config import Settings
from sentry_migrate.project.defined_code import Looked
from sentry_migrate.project.modules import Module
from sentry_migrate.project.reexports import Reexport
from sentry_migrate.project.taken_names import NOTHING, Sought, Taken, TakenNames
from sentry_migrate.text.edits import Edit
from sentry_migrate.worker.conversion import converter

ENDED = 75
"""The exit code of a child whose question took too much processor time, where no signal ends it."""
NO_THREAD = 76
"""The exit code of a child that cannot start the thread it analyses in."""
OUT_OF_TIME = (ENDED, -getattr(signal, "SIGPROF", ENDED))
"""How a child ends that took too much processor time, as `returncode` tells it."""

Reexports: TypeAlias = tuple[Reexport, ...]
"""Names that modules of the workspace re-export."""
Left: TypeAlias = tuple[tuple[str, str], ...]
"""By kind, where the run leaves such code in the project (`plan.py`)."""
Moves: TypeAlias = tuple[tuple[str, Move], ...]
"""By how the text spells them, names that code of other modules calls no more."""
Sites: TypeAlias = tuple[tuple[str, Site], ...]
"""Where some code is left, by the path of the file."""
Texts: TypeAlias = tuple[tuple[str, str], ...]
"""By path, the text of a document where it is not what the file holds."""


@dataclass(frozen=True, slots=True)
class Analyze:
    """What does this text contain? Answered by a CheckResult, empty for a text of no concern."""

    text: str
    settings: Settings
    path: str | None
    python: bool = True
    """Whether it is Python; if not, `path` decides whether it is a dependency file."""
    reexports: Reexports = ()
    taken: TakenNames = ()
    """Names of the file that others may take from it."""
    left: Left = ()
    partly: bool = False
    """Whether a text that does not parse is analysed without the statements that are broken."""


@dataclass(frozen=True, slots=True)
class Parse:
    """Is this text Python? Answered by a CheckResult that has a failure or is empty."""

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
    reexports: Reexports = ()
    taken: TakenNames = ()
    """Names of the file that others may take from it."""
    left: Left = ()
    moves: Moves = ()
    within: tuple[int, int] | None = None
    """Only the fixes of findings that overlap or touch this span of the text."""


@dataclass(frozen=True, slots=True)
class Discover:
    """Which files under a folder mention sentry-sdk, or may do so by other names? Answered by
    Files."""

    root: str
    settings: Settings
    names: tuple[str, ...] = ()
    """Dotted, of modules that are known already."""
    sought: Sought | None = None
    """What open documents may lose; None if it is of no interest who takes what."""
    stray: bool = False
    """Whether it is not a folder of the workspace, but that of an open document."""


@dataclass(frozen=True, slots=True)
class Files:
    """Absolute paths, sorted."""

    paths: tuple[str, ...]
    """Of files that mention the SDK."""
    others: tuple[str, ...] = ()
    """Of files that do not, but spell a name that their project may re-export."""
    modules: tuple[tuple[str, Module], ...] = ()
    """By path, what may re-export such names, and what shares the dotted name of such a module."""
    sought: Sought = NOTHING
    """What was looked for: the question's, and what the folder's files may lose."""
    taken: tuple[tuple[str, Taken], ...] | None = ()
    """By path, what files take of that; None where there are too many files."""
    beside: tuple[str, ...] = ()
    """Of other files that may have something of the plan: tests, what starts threads, and what
    settings exclude."""
    users: tuple[str, ...] = ()
    """Of files that may use a scope or a span which others give them, and spell nothing else."""


@dataclass(frozen=True, slots=True)
class Read:
    """What do these modules import, and take of what is sought? Answered by Modules."""

    paths: tuple[str, ...]
    texts: Texts = ()
    sought: Sought = NOTHING


@dataclass(frozen=True, slots=True)
class Modules:
    """One for each path asked for; None where the file is gone or is not Python."""

    found: tuple[Module | None, ...]
    taken: tuple[Taken | None, ...] = ()
    """What each takes of what was sought."""
    sought: Sought = NOTHING
    """What they may lose themselves."""


@dataclass(frozen=True, slots=True)
class Look:
    """What do these Python files call, and what do they take of what is sought? Answered by
    Seen."""

    files: tuple[tuple[str, bytes], ...]
    """Paths, and what is there."""
    sought: Sought | None = None
    """None if only the calls are of interest."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One for each file asked about, in order."""

    callers: tuple[Callers, ...]
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalyzeFile:
    """What does this file contain? Answered by a FileResult."""

    path: str
    settings: Settings
    reexports: Reexports = ()
    taken: TakenNames = ()
    """Names of the file that others may take from it."""
    left: Left = ()


@dataclass(frozen=True, slots=True)
class FixFile:
    """What is this file after its fixes? Answered by a FileFix."""

    path: str
    settings: Settings
    rules: tuple[str, ...] | None
    unsafe: bool
    reexports: Reexports = ()
    taken: TakenNames = ()
    """Names of the file that others may take from it."""
    left: Left = ()
    moves: Moves = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """What do these files have of some kinds of code (`plan.py`)? Answered by Surveyed."""

    paths: tuple[str, ...]
    settings: Settings
    reexports: Reexports = ()
    kinds: tuple[str, ...] = ()
    """Files that spell none of them are not analysed."""
    left: Left = ()


@dataclass(frozen=True, slots=True)
class Surveyed:
    """By path, what the plan is to know of files that may have such code."""

    found: tuple[tuple[str, PlanAnswer], ...] = ()


@dataclass(frozen=True, slots=True)
class Follow:
    """Where are functions called early or at the start (`plan.py`), over any number of files?
    Answered by Followed."""

    roots: tuple[str, ...]
    """Folders, whose Python files all count."""
    concerned: tuple[str, ...]
    """Those of the files that may mention the SDK and are not open."""
    texts: Texts
    kinds: tuple[str, ...]
    """The kinds of calls that are asked about."""
    known: Sites
    """The calls that analyses have seen."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Where these calls are."""

    found: Sites = ()


@dataclass(frozen=True, slots=True)
class FileResult:
    """The file's text as the offsets of `report` count it; empty where nothing was found."""

    text: str
    result: CheckResult
    cells: tuple[tuple[int, int, str], ...] = ()
    """Of a notebook, whose text is that of its code cells: which each is of all cells, from 1,
    where it begins in the text, and its own code, magic commands as they are."""


@dataclass(frozen=True, slots=True)
class FileFix:
    """The file's text before the fixes, as the offsets of `outcome.edits` count it."""

    text: str
    outcome: FixOutcome
    written: tuple[str, tuple[Edit, ...]] | None = None
    """Of a notebook, whose text is that of its code cells: what the file has, and the edits of
    that."""


@dataclass(frozen=True, slots=True)
class Check:
    """What does the command line find in these bytes, or fix in them? Answered by Checked."""

    path: str
    data: bytes
    settings: Settings
    fix: bool = False
    reexports: tuple[tuple[str, str], ...] = ()
    """Names of the project's own modules, as this file may spell them, that stand for names of the
    SDK."""
    taken: TakenNames = ()
    """Names of the file that other files may take from it: none of them goes."""
    left: Left = ()
    context: bool = False
    """Whether only the plan is of interest, for which the file stays as it is."""
    moves: Moves = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the bytes."""

    result: CheckResult
    """Of the fixed text, if anything was fixed."""
    applied: tuple[Finding, ...] = ()
    """What was fixed; places count in the text before."""
    fixed: bytes | None = None
    """The bytes to write; None where nothing changes."""
    looked: tuple[Looked, ...] = ()
    """What it rests on in other files, beside what the question said."""


@dataclass(frozen=True, slots=True)
class RuleDoc:
    """What a rule says about itself, for people to read."""

    code: str
    name: str
    group: str
    kind: str
    summary: str
    why: str
    safety: str
    link: str
    follows: bool = False
    """Whether fixes of other rules may depend on this one's."""


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
    trace: str = ""
    """Where it came from, for the log."""


_AboutFiles: TypeAlias = Discover | Read | Survey | Follow | Look
Question: TypeAlias = Analyze | Parse | FixAll | AnalyzeFile | FixFile | Check | _AboutFiles
_OfFiles: TypeAlias = Files | Modules | Surveyed | Followed | Seen
Answer: TypeAlias = (
    CheckResult | FixOutcome | FileResult | FileFix | Checked | Hello | Failed | _OfFiles
)
Message: TypeAlias = Question | Answer

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *(
            Analyze,
            Parse,
            FixAll,
            Discover,
            Read,
            Survey,
            Follow,
            Look,
            AnalyzeFile,
            FixFile,
            Check,
        ),
        *(CheckResult, FixOutcome, Files, Modules, Surveyed, Followed, Seen),
        *(FileResult, FileFix, Checked, Hello, Failed),
    )
}
HEADER = struct.Struct(">I")
_LONGEST = (1 << 32) - 1


def pack(message: Message, seconds: float | None = None) -> bytes:
    """One frame, header included. Raises ValueError for a message of more than four gigabytes."""
    fields = converter().unstructure(message)
    content = [type(message).__name__, fields, seconds]
    body = json.dumps(content, separators=(",", ":")).encode("ascii")
    if len(body) > _LONGEST:
        raise ValueError("there are more than four gigabytes of it")
    return HEADER.pack(len(body)) + body


def unpack(body: bytes) -> tuple[Message, float | None]:
    """The message in a frame's body and the seconds of processor time it may take; None: any.

    Raises ValueError for anything else.
    """
    try:
        kind, fields, seconds = json.loads(body)
        message: Message = converter().structure(fields, _KINDS[kind])
    except Exception as error:
        raise ValueError(f"not a frame of ours: {error}") from error
    return message, seconds


def read(stream: BinaryIO) -> tuple[Message, float | None] | None:
    """What `unpack` makes of a blocking stream's next frame; None at the end of the stream."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    body = stream.read(length)
    return unpack(body) if len(body) == length else None
