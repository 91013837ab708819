"""Which parameters of the project's functions other modules give a scope, a span or the SDK.

Owns finding the functions, from what modules say that they give (`handed_values.py`), and how a
file is told of them. Refuses to know what becomes of such a parameter.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sentry_migrate.project.handed_values import PARAMETER
from sentry_migrate.project.held_names import HELD
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import LEGACY, SDK, Module, directory_of, place_of
from sentry_migrate.project.sdk_members import ASSIGNED, HANDED, SPANS

_DEEPEST = 3
"""Modules that pass a function on, one to the next."""
INSTANCES = tuple(f"{HELD}{kind}" for kind in sorted(HANDED))
"""How scopes and spans are written that modules hold or give."""
_MEMBERS = tuple(f".{name}".encode() for name in sorted(ASSIGNED))
_SPANS = (b"description", b"new_span")
_USED = {
    **dict.fromkeys(INSTANCES, _SPANS),
    f"{HELD}Scope": (*_MEMBERS, *_SPANS),
    SDK: (*_SPANS, *map(str.encode, LEGACY)),
}
"""What a file has to spell so that it matters what it is given."""


class Given(NamedTuple):
    """A parameter, by the module and the function that has it."""

    place: str
    function: str
    """`fill`, `Filler.fill`, or `Filler` for what makes one."""
    parameter: str
    """Its number or its name."""


def given_parameters(modules: Mapping[str, Module]) -> Iterator[tuple[Given, str, str]]:
    """What parameters are given by the calls that give a scope, a span or the SDK, if those agree;
    others may give something else. Each with the path of a module, of those by path, that does."""
    disk = ModulesOnDisk()
    found: dict[Given, dict[str, str]] = {}
    by_place = {place_of(path): (path, one) for path, one in modules.items()}
    for path, one in modules.items():
        for local, home, name in one.imports:
            if local.startswith(PARAMETER):
                function, _, held = name.rpartition(" ")
                place, function = _place(by_place, disk, path, home, function)
                if place:
                    given = Given(place, function, local.removeprefix(PARAMETER))
                    found.setdefault(given, {})[held] = path
    spans = {f"{HELD}{kind}" for kind in SPANS}
    for given, every in found.items():
        kinds = {f"{HELD}Span"} if every.keys() == spans else every.keys()
        if len(kinds) == 1:
            yield given, next(iter(kinds)), next(iter(every.values()))


def _place(
    by_place: Mapping[str, tuple[str, Module]],
    disk: ModulesOnDisk,
    path: str,
    home: str,
    function: str,
    depth: int = 0,
) -> tuple[str, str]:
    """The place of the module that has what a file at `path` gets by this name from there."""
    place = _module(disk, path, home)
    if not place and home.strip("."):  # a class: `from app import Filler`, then `Filler.fill()`
        home, _, holder = home.rpartition(".")
        place, function = _module(disk, path, home or "."), f"{holder}.{function}"
    first, joint, rest = function.partition(".")
    there, one = by_place.get(place, ("", None))
    for local, above, name in one.imports if one is not None and depth < _DEEPEST else ():
        if local == first and above and not local.startswith(PARAMETER):
            return _place(by_place, disk, there, above, name + joint + rest, depth + 1)
    return place, function


def _module(disk: ModulesOnDisk, path: str, home: str) -> str:
    """The place of a module that an import spells; empty for none of the project's."""
    place = next(reversed([*disk.imported(directory_of(path), home)]), "")
    return place if place.endswith(home.lstrip(".").replace(".", os.sep)) else ""


def matters(name: str, held: str, data: bytes) -> bool:
    """Whether a file has any use for what is given to a parameter of its own."""
    function = parameter_of(name)[0].rpartition(".")[2]
    return function.encode() in data and any(word in data for word in _USED[held])


def uses_instances(data: bytes) -> bool:
    """Whether a file has any use for a scope or a span."""
    return any(word in data for word in (*_MEMBERS, *_SPANS))


def parameter_of(name: str) -> tuple[str, str]:
    """The function and the parameter that a name means which a file is told; empty for others."""
    if not name.startswith(PARAMETER):
        return "", ""
    parameter, _, function = name.removeprefix(PARAMETER).partition(".")
    return function, parameter
