"""The abstract values expressions have, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, TypeGuard

import libcst as cst

from sentry_migrate.project.annotation_types import Said
from sentry_migrate.project.held_names import GIVES, HELD, MADE, SAYS, YIELDS
from sentry_migrate.project.held_options import OPTIONS, PASSES
from sentry_migrate.project.sdk_members import HANDED, SPANS
from sentry_migrate.project.sdk_types import FOLLOWED
from sentry_migrate.python.bindings import Binding

Held = Literal["inline", "local", "closure", "attribute", "param"]
"""How an instance reached the expression: written in place, through a variable of the same
function, through a variable of an enclosing scope, an attribute, or a parameter."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A module, function or class of the SDK."""

    path: str
    """Canonical, such as `sentry_sdk.Hub`."""
    written: str
    """The path by way of the import, such as `sentry_sdk.hub.Hub`."""
    given: bool = False
    """Whether callers may give something else."""


@dataclass(frozen=True, slots=True)
class Obj:
    """An instance."""

    type: str
    origin: str
    node: cst.CSTNode | None
    """The expression that made it; None after a merge of several."""
    held: Held = "inline"
    via: Binding | None = None
    """The variable it was read from, where there is just one."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method of an instance, not called yet."""

    owner: Obj
    name: str


@dataclass(frozen=True, slots=True)
class Giving:
    """A function of another module that gives something of the SDK."""

    held: str
    """What it gives, as `project/held_names.py` writes it."""
    entered: bool = False
    """Whether that is what `with` gets from it."""


@dataclass(frozen=True, slots=True)
class Options:
    """A dictionary of another module, or a function of one that passes its `**options` on to
    `init()`."""

    keys: tuple[str, ...]
    """What it has, or passes on, of the options that 2.x refuses."""
    passes: bool
    given: tuple[tuple[str, int], ...] = ()
    """The parameters for dictionaries of options, by name and position; -1 for none."""


Shape = Literal["plain", "mapping", "pairs"]
"""Whether going through a container gives its instances, keys, or pairs with an instance."""


@dataclass(frozen=True, slots=True)
class Many:
    """A container of instances of one type."""

    type: str
    shape: Shape

    def one(self, node: cst.CSTNode) -> Obj:
        """The one of them that is read at `node`."""
        return Obj(self.type, "element" if self.type == "Hub" else "param", node, "attribute")


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of another module for what annotations say."""

    said: Said


Value: TypeAlias = Ref | Obj | Method | Many | Giving | Options | Alias


def merge(values: Sequence[Value | None]) -> Value | None:
    """One value for several possible ones: they must agree on what rules look at."""
    if not values or values[0] is None:
        return None
    first = values[0]
    for other in values[1:]:
        if other == first:
            continue
        if (
            isinstance(first, Obj)
            and isinstance(other, Obj)
            and (first.type, first.origin) == (other.type, other.origin)
        ):
            held: Held = first.held if first.held == other.held else "attribute"
            first = replace(first, node=None, via=None, held=held)
        elif _is_hub(first) and _is_hub(other):
            active = {first.origin, other.origin} <= _MAYBE_ACTIVE
            first = Obj("Hub", "either" if active else "element", None, "attribute")
        elif isinstance(first, Ref) and isinstance(other, Ref) and first.path == other.path:
            first = replace(first, given=first.given or other.given)
        elif alike := _alike(first, other):
            origins = {getattr(one, "origin", "") for one in (first, other)}
            first = Obj(alike, "given" if "given" in origins else "param", None, "attribute")
        else:
            return None
    return first


def _alike(one: Value | None, other: Value | None) -> str:
    """What two scopes of different origin are, or two spans; empty for anything else."""
    kinds = {value.type if isinstance(value, Obj) else "" for value in (one, other)}
    if not kinds <= HANDED:
        return ""
    return kinds.pop() if len(kinds) == 1 else "Span" if kinds <= SPANS else ""


_MAYBE_ACTIVE = frozenset(("current", "param", "either"))
"""Origins of hubs that are the active one, unless a caller gives another: "either" is Hub.current
where none is given."""


def _is_hub(value: Value | None) -> TypeGuard[Obj]:
    return isinstance(value, Obj) and value.type == "Hub"


def instance(value: Obj, node: cst.CSTNode | None) -> Obj:
    """An instance that was made elsewhere, or is one of several, read at `node`."""
    given = value.type in HANDED and value.origin == "given"
    if given or (value.type == "Hub" and value.origin == "either"):
        return Obj(value.type, value.origin, node, "attribute")
    known = value.type != "Hub" or value.origin in _MAYBE_ACTIVE
    return Obj(value.type, "param" if known else "element", node, "attribute")


def in_place_of(node: cst.CSTNode, values: Sequence[Value | None]) -> Value | None:
    """One of some values, of which hubs, scopes and spans stand in for what is not known: that is
    one too, or nothing."""
    known = [one for one in values if one is not None]
    merged = merge(
        known if any(isinstance(one, Obj) and one.type in FOLLOWED for one in known) else values
    )
    if len(known) < len(values) and isinstance(merged, Obj):
        if merged.type in HANDED:
            return Obj(merged.type, "given", node, "attribute")
        either = merged.type == "Hub" and merged.origin in _MAYBE_ACTIVE
        return Obj("Hub", "either", node, "attribute") if either else instance(merged, node)
    return merged


def holding(held: str) -> Value | None:
    """What a name of another module holds, as `project/held_names.py` writes it."""
    if held.startswith(GIVES):
        return Giving(held.removeprefix(GIVES))
    if held.startswith(YIELDS):
        return Giving(held.removeprefix(YIELDS), entered=True)
    if held.startswith((OPTIONS, PASSES)):
        words = [one.partition(":") for one in held[2:].split()]
        given = tuple((name, int(at)) for name, colon, at in words if colon)
        keys = tuple(name for name, colon, _ in words if not colon)
        return Options(keys, held.startswith(PASSES), given)
    kind, _, shape = held[1:].partition(" ")
    if held.startswith(SAYS):
        return Alias((kind, shape))
    if held.startswith(MADE):
        return Obj(kind, "element", None, "attribute")
    if not held.startswith(HELD):
        return None
    if shape:
        return Many(kind, "plain" if shape == "plain" else "mapping")
    return Obj(kind, "param", None, "attribute")


def is_nothing(node: cst.CSTNode | None) -> bool:
    """Whether an expression is the word `None` or `False`."""
    return isinstance(node, cst.Name) and node.value in ("None", "False")
