"""Which kinds of the plan (`plan.py`) a file may have, by what it spells: cheap tests of its text.

Owns the words. A file that passes is analysed for what it has.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sentry_migrate.plan import (
    ANY_NAME,
    CLEARS,
    EVENT_CALLBACK,
    HUB_EVENT_ID,
    HUB_IDENTITY,
    LAST_EVENT_ID,
    NAMES,
    ONLY_SETS,
    OWN_HUB,
    OWN_INTEGRATIONS,
    PASSED_SCOPE,
    PUSH,
    STACKTRACE,
    TAKES,
    THREADS,
    Answer,
    Site,
    function_of,
    is_binding,
    is_caught,
    is_stand_in,
    later_key,
)
from sentry_migrate.project.handed_words import hands
from sentry_migrate.project.modules import SDK, hides_sdk
from sentry_migrate.project.replaced_attributes import may_replace_unspelled
from sentry_migrate.project.testing_files import is_test, is_test_path, spells_tests
from sentry_migrate.project.thread_words import INTEGRATIONS, chooses_integrations, imports_threads

TASKS = frozenset(
    (
        *("add_done_callback", "add_reader", "add_writer", "call_at", "call_later", "call_soon"),
        *("call_soon_threadsafe", "create_task", "ensure_future", "run_coroutine_threadsafe"),
        *("copy_context", "start_soon"),
    )
)
"""Functions of asyncio, anyio, trio and contextvars; what they start, or keep the context for, may
go on after a block."""
INIT = re.compile(rb"\binit\b")
"""What a file spells that calls `init()`, before which it may call others."""
_WORD = re.compile(rb"\w+")
_REPLACES = re.compile(
    rb"\b(?:side_effect|wraps|new|new_callable)[ \t]*=|patch\.multiple"
    rb"|\bpatch(?:\(\s*['\"][\w.]+['\"]|\.object\([\s\w.]*,\s*['\"]\w+['\"])\s*,\s*(?!\w+=)"
)
"""What a test spells that has something called in the place of what it replaces."""
_JOINTS = re.compile(rb"(?:'|\")\s*\+?\s*[bBuUrR]*(?:'|\")")
"""What is between strings that are put together."""
_STORED = re.compile(rb"\.\s*([^\W\d]\w*)(?=[^\S\n]*(?:[,:)\]][^=\n]*)?=(?!=))")
_FUNCTION = re.compile(rb"\bdef[ \t]+(\w+)")
_PATH = re.compile(rb"[.:](\w+)(?:'|\")")
"""The last name of a dotted path in a string."""
_GIVEN = re.compile(rb"(\w+)(?:'|\"|[^\S\n]*=(?!=))")
"""A name that gets something, and the last name of a string."""
_NAMED = re.compile(rb"(?:'|\"|\bdef[ \t]+)(\w+)")
"""The first word of a string, which may be given with a class of the SDK, and a function's name."""
_SETTING = re.compile(rb"\b(?:__dict__|__import__|import_module|modules|setattr|vars)\b")
"""What a file spells that may put something under a name by other means."""
_NAMESPACE = re.compile(rb"\b(?:__code__|__globals__|del|delattr|global)\b|" + _SETTING.pattern)
"""What a file spells that may do so, delete a name, or give it another value in a function."""
_WRITTEN = (
    *(b"_scope", b"add_breadcrumb", b"capture_", b"get_client", b"is_initialized"),
    *(b"last_event_id", b"start_span", b"start_transaction"),
)
"""Parts of the names that fixes write."""


def may_matter(path: str, data: bytes) -> bool:
    """Whether a file that does not mention the SDK may have something of the plan, besides starting
    threads: see `bystanders`."""
    spelled = (_CAUGHT, _KEEPING, _RECLASSED, _READS_HUB)
    matters = any(one.search(data) is not None for one in spelled) or hands(data)
    matters = matters or chooses_integrations(data)
    return matters or spells_tests(data) or _names_anew(data) or _may_replace_from(path)


CALLED = "called-"
"""Begins the home of a name by which code calls the SDK, where something takes its place."""


def _names_anew(data: bytes) -> bool:
    """Whether a file may put something under a name that fixes write, such as `new_scope`."""
    if not any(part in data for part in _WRITTEN):
        return False
    words = _WORD if _NAMESPACE.search(data) is not None else _STORED
    return any(part in word for word in words.findall(data) for part in _WRITTEN)


_CAUGHT = re.compile(
    rb"AttributeError|__a?exit__|suppress|[rR]aises|\b(?:except|exception|finally|return_exceptions)\b"
    rb"|\b[gh](?:et|as)attr\b|\bwith\s+\w[\w.]*\s*\(|^[ \t]*@\w",
    re.MULTILINE,
)
"""What a file spells that waits for an error, or has or uses what goes on after one."""
_TOP_LEVEL = re.compile(rb"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
"""A function or class of a module."""
_KEEPING = re.compile(
    rb"\b(?:WeakMethod|addaudithook|codecs|copyreg|finalize|redirect_std(?:err|out)|setprofile"
    rb"|settrace|signal)\b|\bsys\.std(?:err|out)[ \t]*=(?!=)"
    rb"|\bdefaultdict\((?!\s*(?:Counter|bool|dict|float|int|list|set|str)\s*[,)])"
)
"""What a file spells that gives the library functions to call later."""
_RECLASSED = re.compile(rb"\.__class__[ \t]*=(?!=)|['\"]__class__['\"]")
"""What a file spells that gives a module another class."""

SPAN_HUB, GIVEN_HUB = "span-hub", "given-hub"
"""Code that reads the hub of what may be a span, and that gives a span its hub."""
_READS_HUB = re.compile(rb"\.\s*hub\b|['\"]hub['\"]")
"""What a file spells that reads `hub` of something, which may be a span."""
STUCK_HUB = "stuck-hub"
"""A hub with a client of its own that no fix replaces."""

DERIVED, ASSIGNED = "derived:", "assigned:"
"""Begin the kinds of code that may derive a class from the one that is named, ANY_NAME for one that
cannot be told, and that may assign a function to a name of a class or its instance."""
_LATER = later_key("")
OVERRIDES = "overrides:"
"""Begins the kind of code that has a method or a property of a name in a derived class."""
PUT = later_key(".")
"""Begins the kind of code that may put a function under a name of whatever class."""
HEIRS = (ASSIGNED, DERIVED, OVERRIDES, PUT)
"""Begin the kinds that are looked for in files without the SDK too."""


def takes_key(name: str) -> str:
    """The kind of code that gives `init()` options which nobody follows, by way of what has this
    name."""
    return TAKES + name


def fork_key(name: str) -> str:
    """The kind of code that forks scopes by this function, in place of `push_scope()`."""
    return f"fork:{name}"


_SPELLED = {
    PUSH: (b"push_scope",),
    PASSED_SCOPE: (b"configure_scope",),
    CLEARS: (b".clear",),
    NAMES: (b"set_transaction_name", b".transaction"),
    LAST_EVENT_ID: (b"last_event_id",),
    HUB_EVENT_ID: (b"last_event_id",),
    **{fork_key(name): (b"push_scope", name.encode()) for name in ("new_scope", "isolation_scope")},
    OWN_HUB: (b"Hub",),
    STUCK_HUB: (b"Hub",),
    HUB_IDENTITY: (b"Hub", b"hub"),
    THREADS: (b"import",),
    OWN_INTEGRATIONS: tuple(word.encode() for word in INTEGRATIONS),
    SPAN_HUB: (b"hub",),
    GIVEN_HUB: (b"hub",),
    STACKTRACE: (b"attach_stacktrace",),
    EVENT_CALLBACK: (
        *(b"before_", b"sampler", b"scrubber", b"event_processor", b"error_processor"),
        *(b"def capture_event", b"capture_envelope", b"_prepare_event", b".capture_event ="),
    ),
}
SETTER, ANY_MEMBER = "setattr.setattr", f"setattr.{ANY_NAME}"
"""The paths of what a function replaces that is told its name, and of whatever members classes
have."""
_DEFINED = b"def %s("
_REFLECTS = (b"getattr", b"vars")
"""What finds a function by a name that is made while the program runs."""


def spelled(text: str | bytes) -> Answer:
    """What is to be expected of a text that cannot be analysed: all that it spells."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    sites = (
        Site(kind, data.count(b"\n", 0, at) + 1)
        for kind, words in _SPELLED.items()
        if kind != THREADS
        for at in [min((data.find(word) for word in words if word in data), default=-1)]
        if at >= 0
    )
    return Answer(tuple(sites))


@dataclass(frozen=True, slots=True)
class Put:
    """The words, with spaces between, by which a file may put something in the place of what a
    module or class has, or give it to the library to call later."""

    put: str = ""
    """Of names that get something."""
    kept: str = ""
    """All others, in a file that may give something to the library."""
    catches: bool = False
    """Whether the file may wait for an error of others, or have what ends one."""
    ending: str = ""
    """The functions and classes of such a module."""
    replaces: bool = False
    """Whether what it spells may put something in the place of a name that the SDK has."""


def put_by(data: bytes) -> Put:
    """What a file spells of that."""
    put = frozenset(_STORED.findall(data))
    if _SETTING.search(data) is not None:
        put = put.union((ANY_NAME.encode(),), _GIVEN.findall(data), _FUNCTION.findall(data))
    elif _REPLACES.search(data) is not None:
        put = put.union(_GIVEN.findall(data))
    if b"def __getattr__" in data or _RECLASSED.search(data) is not None:
        put = put.union((b"__getattr__",))
    kept = frozenset(_WORD.findall(data)) - put if _KEEPING.search(data) is not None else ()
    catches = _CAUGHT.search(data) is not None
    ending = frozenset(_TOP_LEVEL.findall(data)) if catches else ()
    put_words, kept_words, ending_words = (
        b" ".join(sorted(words)).decode("ascii") for words in (put, kept, ending)
    )
    replaces = spells_tests(data) or _names_anew(data)
    return Put(put_words, kept_words, catches, ending_words, replaces)


def may_have(
    kinds: Iterable[str],
    path: str,
    data: bytes,
    mentions: bool,
    put: Callable[[bytes], Put] = put_by,
) -> bool:
    """Whether a file may have code of one of these kinds; `mentions` says whether it mentions the
    SDK, or a name that stands for one of the SDK's. `put` may know what `put_by` says of files."""
    wanted = _wanted(frozenset(kinds))
    spelled = put(data)
    return (
        (mentions and wanted.called and INIT.search(data) is not None)
        or (mentions and any(_spells(kind, data) for kind in wanted.others))
        or (not mentions and THREADS in wanted.others and imports_threads(data))
        or (OWN_INTEGRATIONS in wanted.others and chooses_integrations(data))
        or (not mentions and SPAN_HUB in wanted.others and _READS_HUB.search(data) is not None)
        or (not mentions and wanted.handed and hands(data))
        or any(_DEFINED % name in data for name in wanted.setting)
        or (spelled.catches and _may_catch(wanted, data, spelled))
        or (bool(wanted.put) and _may_put(wanted, data, spelled))
        or (
            (mentions or spelled.replaces or _may_replace_from(path))
            and _may_stand_in(wanted, path, data)
        )
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Kinds, by what a file may have of them: many files are asked about the same."""

    stand_ins: Sequence[str]
    others: Sequence[str]
    called: bool
    """Whether some are about calls of functions."""
    ending: frozenset[str]
    """The names of functions and classes that may end errors of others."""
    setting: Collection[bytes]
    """Functions of which it counts that they only set data on a scope."""
    handed: bool
    """Whether some are about what the SDK is given."""
    caught: Sequence[str]
    """Kinds of code that waits for the error of a function."""
    put: Mapping[str, Sequence[str]]
    """By the last name, kinds of what is put in the place of something, or given to the library."""


@lru_cache(maxsize=8)
def _wanted(kinds: frozenset[str]) -> _Wanted:
    others = [kind for kind in kinds if not is_stand_in(kind)]
    caught = [kind for kind in others if is_caught(kind)]
    ending = {kind for kind in caught if ":by " in kind}
    put: dict[str, list[str]] = {}
    for kind in others:
        if kind.startswith(_LATER) and not kind.startswith(f"{_LATER}."):
            put.setdefault(re.split(r"[.:]", kind)[-1], []).append(kind)
    return _Wanted(
        [kind for kind in kinds if is_stand_in(kind)],
        others,
        any(map(function_of, others)),
        frozenset(kind.rpartition(".")[2] for kind in ending),
        {kind.split(":")[-2].encode() for kind in others if kind.startswith(ONLY_SETS)},
        EVENT_CALLBACK in kinds or STACKTRACE in kinds,
        [kind for kind in caught if kind not in ending],
        put,
    )


def _may_catch(wanted: _Wanted, data: bytes, spelled: Put) -> bool:
    """Whether a file that may wait for an error of others, or have what ends one, may do so for
    something wanted."""
    defined = spelled.ending.split() if wanted.ending else ()
    return not wanted.ending.isdisjoint(defined) or any(
        _spells(kind, data) for kind in wanted.caught
    )


def _may_put(wanted: _Wanted, data: bytes, spelled: Put) -> bool:
    """Whether a file may put something in the place of what a module or class has, or give it to
    the library to call later."""
    put = frozenset(spelled.put.split())
    return any(
        _puts(kind, word, data)
        for word in wanted.put.keys() & put.union(spelled.kept.split())
        for kind in wanted.put[word]
        if word in put or ":" not in kind.removeprefix(_LATER)
    )


def _puts(kind: str, word: str, data: bytes) -> bool:
    """Whether a file that may put something under a name may do so for the module of a kind, or
    give it to that, by which it is spelled; by one that it has imported, where it is a library."""
    name = kind.removeprefix(_LATER)
    if word == ANY_NAME and name != ANY_MEMBER and not may_replace_unspelled(data):
        return False
    module, colon, _ = name.partition(":")
    if colon or name in (ANY_MEMBER, SETTER):
        return _is_word(module if colon else "setattr", data)
    words = name.split(".")
    if words[-1] == "__getattr__":
        return _spells(kind, data)
    return all(_is_word(one, data) for one in words if one != ANY_NAME) and (
        _imported(words[0]).search(data) is not None
    )


@lru_cache(maxsize=256)
def _imported(module: str) -> re.Pattern[bytes]:
    """What a file spells that imports a module, by whatever means."""
    word = re.escape(module.encode())
    return re.compile(rb"\b(?:from|import|modules|import_module|__import__)\b[^\n]*\b%s\b" % word)


@lru_cache(maxsize=1 << 12)
def _word(word: str) -> re.Pattern[bytes]:
    return re.compile(rb"\b%s\b" % re.escape(word.encode()))


def _is_word(word: str, data: bytes) -> bool:
    return word.encode() in data and _word(word).search(data) is not None


def _spells(kind: str, data: bytes) -> bool:
    family, _, name = kind.partition(":")
    if kind.startswith(ONLY_SETS):
        return False  # any file may have that, whether it mentions the SDK or not
    if name:
        words = ["class", name] if (family, name[:2]) == ("member", "__") else name.split(".")
        if words[-1] == "__getattr__" and _RECLASSED.search(data) is not None:
            return words[0].encode() in data
        if is_binding(kind) or is_caught(kind) or words[-1] == "__getattr__":
            words = words[-1:]  # no file spells its own name
        return all(word.encode() in data for word in words if word != ANY_NAME)
    marks = (*_SPELLED[kind], *(_REFLECTS if kind in (PASSED_SCOPE, PUSH) else ()))
    return any(mark in data for mark in marks)


def _may_replace_from(path: str) -> bool:
    """Whether a file may put something in the place of a name that the SDK has, though it does not
    mention it, because of where it is."""
    return is_test_path(path) or hides_sdk(path)


def _may_stand_in(wanted: _Wanted, path: str, data: bytes) -> bool:
    """Whether a file may put something in the place of one of the wanted names."""
    pairs = [kind.split(":")[-2:] for kind in wanted.stand_ins]
    names = {name.encode() for _, name in pairs if name != ANY_NAME}
    plain = {name for name in names if not name.startswith(b"__")}
    """Others are spelled wherever there is a class."""
    if hides_sdk(path):
        return True
    if any(os.fsencode(home) in data for home, name in pairs if name == ANY_NAME):
        if may_replace_unspelled(data):
            return True
    test = is_test(path, data)
    called = {home.removeprefix(CALLED).encode() for home, _ in pairs if home.startswith(CALLED)}
    if test and any(word in data for word in called):
        if not called.isdisjoint(_GIVEN.findall(data)):
            return True
    for text in (data, _JOINTS.sub(b"", data)) if test else (data,):
        if any(name in text for name in names):
            any_way = test or b".join" in text or _NAMESPACE.search(text) is not None
            if not plain.isdisjoint((_WORD if any_way else _STORED).findall(text)):
                return True
            if len(plain) < len(names) and not names.isdisjoint(_GIVEN.findall(text)):
                return True
            spelled = (_NAMED, _PATH) if SDK.encode() in text else (_PATH,)
            if not any_way and any(names.intersection(one.findall(text)) for one in spelled):
                return True
    return False
