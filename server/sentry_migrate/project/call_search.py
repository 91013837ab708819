"""Where functions are that are called early or at the start, so that their own calls count too.

Owns finding their files in a project: by the name of the module, by that of a method. Only files
that such a call leads to are read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property

from sentry_migrate.call_keys import (
    handed_of,
    holder_of,
    import_key,
    is_stored,
    meant,
    module_place,
    program_key,
)
from sentry_migrate.plan import (
    ANY_NAME,
    Call,
    Plan,
    Site,
    early_key,
    function_of,
    start_key,
)
from sentry_migrate.project import callers, heir_search
from sentry_migrate.project.call_scopes import base_of
from sentry_migrate.project.derived_members import spells_unseen_base
from sentry_migrate.project.early_calls import early_calls
from sentry_migrate.project.function_uses import OTHER_USE, other_use
from sentry_migrate.project.given_values import OWN_VALUE, own_value
from sentry_migrate.project.held_functions import ANY_OF, IN_ORDER
from sentry_migrate.project.implied_calls import LOGGED
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.member_search import MemberSearch
from sentry_migrate.project.modules import SDK, directory_of, last_part, place_of
from sentry_migrate.project.plan_words import HEIRS, INIT
from sentry_migrate.project.scripts import is_code

# What a search begins with is plain text, which is looked for many times faster than a pattern.
_DEFINED = re.compile(rb"def[ \t]+(\w+)")
_CLASS = re.compile(rb"class[ \t]+(\w+)[ \t]*(\([^)]*)?")
_WORD = re.compile(rb"\w+")
_ASSIGNED = re.compile(
    rb"^[ \t]*(?:[\w.]+\.)?(\w+)(?:[ \t]*:[^=\r\n]*)?[ \t]*=[ \t]*(?=[^\W\d]|[\[({])(?!.*,[ \t]*$)",
    re.MULTILINE,
)
"""A statement that gives a name or an attribute what may be a function, or hold some."""
_FEW = 8
"""Files that have a method of one name, and are looked through for who calls it."""
_TO_WORDS = bytes(
    one if one >= 0x80 or chr(one).isalnum() or chr(one) == "_" else ord(" ") for one in range(256)
)
"""Translates what is in no name into spaces."""


class CallSearch:
    """Finds the files of a project that have functions; each file once.

    A module that is imported before `init()` may import most of a project. That is followed only
    if some module calls what was asked about when it is imported, which is looked for backwards.
    """

    def __init__(
        self,
        paths: Iterable[str],
        read: Callable[[str], bytes | None],
        called: Callable[[str, bytes], callers.Callers] = callers.read,
        ahead: Callable[[Sequence[tuple[str, bytes]]], object] | None = None,
        given: Callable[[str, bool, bytes], heir_search.Given] = heir_search.read,
    ) -> None:
        """`called` may know of some files what they call, `given` what they say of classes and
        members; `ahead` is told of which files `called` is about to be asked."""
        self._paths = [path for path in paths if is_code(path)]
        self._read = read
        self._called = called
        self._given = given
        self._ahead = ahead or (lambda files: None)
        self._disk = ModulesOnDisk()
        self._calls_of: dict[str, list[Call]] = {}
        """By path, what a file calls that was read."""
        self._by_name: dict[str, list[str]] = {}
        self._by_method: dict[str, list[str]] | None = None
        self._done: set[str] = set()
        self._told: set[str] = set()
        """Modules whose files, and those that spell them, were told."""
        self._ordered = False
        """Whether it was found out what is called before `init()` in another file."""
        self._wanted: set[str] = set()
        self._runs_wanted = False
        """Whether a module calls something wanted when it is imported."""
        self._wanted_methods: set[str] = set()
        """The names of methods among them."""
        self._put_off: set[str] = set()
        """Modules that were not followed for that reason."""
        self._by_word: dict[str, set[str]] | None = None
        for path in self._paths:
            self._by_name.setdefault(last_part(path), []).append(path)

    def want(self, functions: Iterable[str]) -> None:
        """Somebody asks whether these are called early or at the start."""
        news = set(functions) - self._wanted
        while news and not self._runs_wanted:
            self._wanted |= news
            self._wanted_methods |= set(filter(None, map(_method_of, news)))
            logging = not self._wanted_methods.isdisjoint(LOGGED)
            self._runs_wanted = logging or any(module_place(one) for one in news)
            news = set() if self._runs_wanted else self._callers_of(news)

    def follow(self, plan: Plan) -> None:
        """Have the plan know all calls that matter to it."""
        if self._wanted and not self._ordered:
            self._ordered = True
            for path, site in early_calls(
                self._initialising(),
                self._near,
                self._calls,
                lambda name: len(self._methods().get(name, ())) == 1,
            ):
                plan.leave(path, [site])
        while news := plan.reached():
            if not self._runs_wanted:
                modules = {one for one in news if _is_import(one)}
                self._put_off |= modules
                news -= modules
            else:
                news |= self._put_off
                self._put_off = set()
            functions = {function_of(kind) for kind in news}
            _put_where_stored(plan, news)
            paths = sorted(self._having(functions) - self._done)
            self._done.update(paths)
            for path, calls in self._calls(paths):
                plan.follow(path, calls)

    def _calls(self, paths: Collection[str]) -> Iterator[tuple[str, list[Call]]]:
        """What files call, modules that they import included."""
        known = self._calls_of
        for path, called in self._callers([path for path in paths if path not in known]):
            calls = called.among(directory_of(path), self._disk)
            known[path] = [one for one in calls if self._may_call(one.callee)]
        yield from ((path, known[path]) for path in paths if path in known)

    def _may_call(self, callee: str) -> bool:
        """Whether what a function is handed may be a function, as most of it is data; and is not
        handed to a method that many classes have."""
        holder = holder_of(callee)
        if holder == callee:
            return True
        if holder.startswith(".") and len(self._methods().get(holder[1:], ())) > _FEW:
            return False
        name = handed_of(callee).rpartition(".")[2]
        return not name.isidentifier() or name.encode() in self._called_names

    @cached_property
    def _called_names(self) -> set[bytes]:
        """What the project's functions and classes are called, and what else is given a value that
        may be one."""
        found: set[bytes] = set()
        for path in self._paths:
            data = self._read(path) or b""
            found.update(one[1] for one in _DEFINED.finditer(data))
            found.update(one[1] for one in _CLASS.finditer(data))
            found.update(_ASSIGNED.findall(data))
        return found

    def _initialising(self) -> set[str]:
        """The functions, and modules when they are imported, that call `init()`."""
        near = [
            path
            for path in self._naming().get(SDK, ())
            if INIT.search(self._read(path) or b"") is not None
        ]
        return {one for _, called in self._callers(near) for one in called.initialising}

    def _near(self, functions: Collection[str]) -> set[str]:
        """The files that may call or import some of these, and those that have them, besides those
        told before."""
        found = set[str]()
        for function in functions:
            place = module_place(function)
            word = last_part(place) if place else function.partition(".")[0]
            if base := base_of(function):
                found.update(self._classes[0].get(base, ()))
            elif word not in self._told:
                self._told.add(word)
                found |= {*self._by_name.get(word, ()), *self._naming().get(word, ())}
        return found

    def sites(self, kinds: Collection[str], apart: Collection[str]) -> Iterator[tuple[str, Site]]:
        """Where other files than those `apart` have members of classes, or derive classes, of these
        kinds, and where any files use functions or give them something so: two files of each kind
        at most."""
        yield from self._members.sites(kinds, apart)
        if about := {kind for kind in kinds if kind.startswith(HEIRS)}:
            yield from heir_search.HeirSearch(
                self._paths,
                self._read,
                lambda name: self._classes[1].get(name, ()),
                lambda path, name: self._members.acts(path, name),
                self._given,
            ).sites(about, apart)
        used = sorted(kind for kind in kinds if kind.startswith((OTHER_USE, OWN_VALUE)))
        left = dict.fromkeys(used, 2)
        for path in self._paths:
            wanted = [kind for kind in used if left[kind]]
            if not wanted:
                break
            data = self._read(path) or b""
            for kind in wanted:
                look = other_use if kind.startswith(OTHER_USE) else own_value
                if line := look(kind, data):
                    left[kind] -= 1
                    yield path, Site(kind, line)

    @cached_property
    def _members(self) -> MemberSearch:
        """Finds methods of classes in the same files."""
        return MemberSearch(
            lambda name: self._by_name.get(name, ()),
            lambda name: self._methods().get(name, ()),
            self._callers,
        )

    def _callers(self, paths: Iterable[str]) -> Iterator[tuple[str, callers.Callers]]:
        """What files call that can be read."""
        read = ((path, self._read(path)) for path in paths)
        files = [(path, data) for path, data in read if data is not None]
        self._ahead(files)
        for path, data in files:
            yield path, self._called(path, data)

    def _having(self, functions: Collection[str]) -> set[str]:
        found: set[str] = set()
        for function in map(holder_of, functions):
            place = module_place(function)
            module, _, name = function.partition(".")
            if place:
                found.update(self._by_place.get(place, ()))
            elif base := base_of(function):
                found.update(self._classes[1].get(base, ()))
            elif module:
                found.update(self._by_name.get(module, ()))
            elif name not in callers.EVERYDAY:
                found.update(self._methods().get(name, ()))
        return found

    @cached_property
    def _by_place(self) -> dict[str, list[str]]:
        """The files of each module."""
        found: dict[str, list[str]] = {}
        for path in self._paths:
            found.setdefault(place_of(path), []).append(path)
        return found

    def _callers_of(self, functions: Collection[str]) -> set[str]:
        """The functions, and modules when they are imported, that call some of these."""
        near: dict[str, set[str]] = {}
        for function in functions:
            module, _, name = function.partition(".")
            name = re.split(r"[.[:]", name, maxsplit=1)[0]  # of a class, whose method it may be
            method = _method_of(function)
            own = self._by_name.get(module, ())
            defining = self._methods().get(method, ()) if method else ()
            for path in (*own, *self._naming().get(module, ())) if module else ():
                near.setdefault(path, set()).add(name)
            for path in defining if len(defining) <= _FEW else ():
                near.setdefault(path, set()).add(method)
        found: set[str] = set()
        read = ((path, self._read(path) or b"") for path in near)
        files = [
            (path, data)
            for path, data in read
            if b"import *" in data or any(name.encode() in data for name in near[path])
        ]
        self._ahead(files)
        for path, data in files:
            for one in self._called(path, data).calls:
                callees = {one.callee, handed_of(one.callee)} - {""}
                methods = {*map(_method_of, callees)} & self._wanted_methods
                if methods or callees & self._wanted:
                    found.add(one.caller)
                elif one.callee.endswith(".*"):
                    names = {
                        name for name in near[path] if meant(one.callee, f".{name}") in functions
                    }
                    found.update(meant(one.caller, f".{name}") for name in names)
        return found - self._wanted

    def _naming(self) -> dict[str, set[str]]:
        """By the last part of a module's name, the files that spell it or lie below it: one that
        has the module from another, as `app.views`, need not import it, and `from .. import f`
        spells no module."""
        if self._by_word is None:
            self._by_word = {}
            names = {os.fsencode(name): name for name in (*self._by_name, SDK)}
            for path in self._paths:
                words = (self._read(path) or b"").translate(_TO_WORDS).split()
                packages = os.fsencode(directory_of(path)).split(os.fsencode(os.sep))
                for word in names.keys() & {*words, *packages}:
                    self._by_word.setdefault(names[word], set()).add(path)
        return self._by_word

    def _methods(self) -> dict[str, list[str]]:
        """By name, the paths of the files that define such a function."""
        if self._by_method is None:
            self._by_method = {}
            for path, name in self._defined():
                self._by_method.setdefault(name, []).append(path)
        return self._by_method

    @cached_property
    def _classes(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """By name, the paths of the files that define such a class, or one derived from it."""
        defined: dict[str, set[str]] = {}
        derived: dict[str, set[str]] = {}
        for path in self._paths:
            for one in _CLASS.finditer(self._read(path) or b""):
                defined.setdefault(_decoded(one[1]), set()).add(path)
                if one[2] and spells_unseen_base(one[2]):
                    derived.setdefault(ANY_NAME, set()).add(path)
                for base in _WORD.findall(one[2] or b""):
                    derived.setdefault(_decoded(base), set()).add(path)
        return defined, derived

    def _defined(self) -> Iterator[tuple[str, str]]:
        for path in self._paths:
            for name in _methods(self._read(path) or b""):
                yield path, _decoded(name)


def _put_where_stored(plan: Plan, news: Collection[str]) -> None:
    """Have the plan know what values and attributes call that are given functions early."""
    kinds = (kind for kind in news if is_stored(function_of(kind)))
    for path, site in plan.places(kinds):
        key = function_of(site.kind)
        if site.kind != early_key(key):
            continue
        holder, handed = holder_of(key), handed_of(key)
        holders = (holder, holder + IN_ORDER, holder + ANY_OF)
        plan.follow(path, [Call(one, handed, site.line) for one in holders])


def _decoded(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def _methods(data: bytes) -> set[bytes]:
    """The names of functions that are indented."""
    found = _DEFINED.finditer(data)
    return {one[1] for one in found if data[one.start() - 1 : one.start()] in (b" ", b"\t")}


def starting(path: str) -> tuple[Site, ...]:
    """That a module which mentions the SDK, and is not analysed itself, calls what it calls while
    the process starts."""
    place = place_of(path)
    kinds = start_key(import_key(place)), start_key(program_key(place))
    return tuple(Site(kind, 1) for kind in kinds)


def _method_of(function: str) -> str:
    """The name of a method, of whatever class; empty for what is none, or may be of Python's own
    types."""
    if base_of(function) or not function.partition(".")[0]:
        name = function.rpartition(".")[2]
    else:
        parts = function.split(".")
        name = parts[2] if len(parts) == 3 and not module_place(function) else ""
    return name if name.isidentifier() and name not in callers.EVERYDAY else ""


def _is_import(kind: str) -> bool:
    """Whether it is about a module that is imported before `init()`."""
    function = function_of(kind)
    return bool(module_place(function)) and kind == early_key(function)
