"""How what 1.x has differs from what a 2.x release has, as far as code written for 1.x can meet it.

What 2.x adds is no difference: code written for 1.x cannot meet it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from differential.surface import (
    Definition,
    Parameter,
    Surface,
    ancestors,
    constructor,
    home,
    lookup,
    members,
    origin,
)

_MACHINERY = frozenset(["__slots__", "__doc__", "__module__", "__init__", "__repr__", "__str__"])
_FUNCTIONS = ("function", "async function")
_OPTIONS = "sentry_sdk.consts.ClientConstructor"
"""The class whose constructor has the options of `init()` as its parameters."""


@dataclass(frozen=True, order=True)
class Difference:
    """One difference, of one dotted name."""

    name: str
    """`sentry_sdk.Hub.run`; of a parameter `sentry_sdk.utils.is_sentry_url(hub)`."""
    kind: str
    detail: str = ""
    """Where a name moved to, or what was there before and what is there now."""
    parameters: tuple[str, ...] = ()
    """Of a parameter, those that the function has in 1.x."""


def differences(old: Surface, new: Surface) -> tuple[Difference, ...]:
    """All of them, by name."""
    return tuple(sorted(set(_differences(old, new))))


def _differences(old: Surface, new: Surface) -> Iterator[Difference]:
    for module, names in old.items():
        if module not in new:
            yield Difference(module, "module removed")
        for name, definition in names.items():
            full = f"{module}.{name}"
            if definition.kind == "module" or name.startswith("* "):
                continue
            at = home(old, full)
            if module not in new:
                if at != full:
                    yield _missing(old, new, full, at)
            elif not home(new, full) and name not in new[module]:
                yield _missing(old, new, full, at)
            elif at == full:
                yield from _changed(old, new, full)


def _missing(old: Surface, new: Surface, name: str, at: str) -> Difference:
    """A name that its module no longer has: the thing may be elsewhere."""
    tail = name.rpartition(".")[2]
    if name != at:
        return Difference(name, "import removed", at or origin(old, name))
    wanted = lookup(old, name)
    assert wanted is not None
    found = [
        place
        for other, names in new.items()
        for place in [f"{other}.{tail}"]
        if tail in names and _same(wanted, names[tail]) and not home(old, place)
    ]
    return Difference(name, "moved", found[0]) if len(found) == 1 else Difference(name, "removed")


def _same(before: Definition, after: Definition) -> bool:
    """Whether two definitions of one name are likely the same thing."""
    given = [{*each.members, *(one.name for one in each.parameters)} for each in (before, after)]
    return before.kind == after.kind and given[0] <= given[1]


def _changed(old: Surface, new: Surface, name: str) -> Iterator[Difference]:
    """How the things differ that one name stands for in both."""
    before, after = lookup(old, name), lookup(new, name)
    assert before is not None
    if after is None:
        return  # 2.x imports it from another package
    if before.kind == after.kind == "class":
        yield from _class(old, new, name, before, after)
    else:
        yield from _one(name, before, after)


def _one(name: str, before: Definition, after: Definition) -> Iterator[Difference]:
    if before.kind in _FUNCTIONS and after.kind in _FUNCTIONS:
        if before.kind != after.kind:
            yield Difference(name, "kind", f"{before.kind} → {after.kind}")
        yield from _signature(name, before.parameters, after.parameters)
    elif before.kind == after.kind == "value":
        if before.text != after.text:
            yield Difference(name, "value", f"{_short(before.text)} → {_short(after.text)}")
    elif "other" not in (before.kind, after.kind) and before.kind != after.kind:
        yield Difference(name, "kind", f"{before.kind} → {after.kind}")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:38]} …"


def _class(
    old: Surface, new: Surface, name: str, before: Definition, after: Definition
) -> Iterator[Difference]:
    was, now = constructor(old, before), constructor(new, after)
    if was is not None:
        yield from _signature("sentry_sdk.init" if name == _OPTIONS else name, was, now or ())
    has = members(new, after)
    outside = any(not lookup(new, base) for base in after.bases)
    for member, definition in before.members.items():
        if member in _MACHINERY or (member.startswith("__") and outside):
            continue
        if member not in has:
            yield Difference(f"{name}.{member}", "member removed")
        else:
            yield from _one(f"{name}.{member}", definition, has[member])
    kept = {*ancestors(new, after), "object"}
    for base in before.bases:
        at = home(old, base)
        if (home(new, at) if at else base.rpartition(".")[2]) not in kept:
            yield Difference(name, "base removed", base.rpartition(".")[2])


def _signature(
    name: str, before: Sequence[Parameter], after: Sequence[Parameter]
) -> Iterator[Difference]:
    """What of a call's arguments is refused, or means something else."""
    given = tuple(one.name for one in before)
    now = {one.name: one for one in after}
    places = {one.name: at for at, one in enumerate(after)}
    for at, one in enumerate(before):
        found = now.get(one.name)
        kind, detail = "", ""
        if found is None:
            kind, detail = "parameter removed", f"number {at + 1} of {len(before)}"
        elif found.kind != one.kind:
            kind, detail = "parameter kind", f"{one.kind} → {found.kind}"
        elif one.kind == "positional" and places[one.name] != at:
            kind, detail = "parameter place", f"number {at + 1} → {places[one.name] + 1}"
        if kind:
            yield Difference(f"{name}({one.name})", kind, detail, given)
        if found is not None and one.default is not None and found.default != one.default:
            detail = f"{one.default} → {found.default or 'required'}"
            yield Difference(f"{name}({one.name})", "default", detail, given)
    for one in after:
        if one.name not in given and one.kind in ("positional", "keyword") and one.default is None:
            yield Difference(f"{name}({one.name})", "parameter required", "", given)
