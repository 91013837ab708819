"""Options that 2.x refuses, whose words `init()` gets by way of a name, from another file too.

Owns which words these are, and renaming them. Refuses to know what else may be an option.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.doubts import UNSEEN_OPTIONS
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import judged_key, reads_option_key
from sentry_migrate.project.plan_words import takes_key
from sentry_migrate.python.bindings import dotted
from sentry_migrate.rewrite.init_options import held, quoted
from sentry_migrate.rewrite.mocked_options import is_mocked
from sentry_migrate.sdk.named_options import (
    BESIDE,
    UNSURE,
    places_of_word,
    seen_elsewhere,
    seen_from,
)
from sentry_migrate.sdk.spelled_options import read_of
from sentry_migrate.sdk.uses import NAMED, Use


@dataclass(frozen=True, slots=True)
class Named:
    """A word that becomes an option."""

    name: str
    """What it is in, or given to."""
    where: str
    """Where that gives the option to `init()`; empty for the file itself."""
    sure: bool
    """Whether the word serves nothing else there."""


def of_named(use: Use, context: Context, old: str, new: str, named: Named) -> Draft:
    """The finding for such a word."""
    there = f", in {named.where}" if named.where else ""
    message = f"2.x refuses to start with `{old}`, which `init()` gets by way of `{named.name}`"
    if remedy := held(context, new):
        return context.finding(use, remedy=remedy, message=message)
    if read := _other_read(context, old):
        remedy = f"Rename it to `{new}`, and where it is read, in {read}."
        return context.finding(use, remedy=remedy, message=message)
    if not named.sure:
        message = f"2.x refuses to start with `{old}`, if `init()` gets it"
    if not named.sure or new in context.tree.text:
        remedy = f"Rename it to `{new}` if `{named.name}` serves nothing else than `init()`{there}."
        return context.finding(use, remedy=remedy, message=message)
    return context.finding(use, _rename(context, old, new), message=message)


@remembered
def _rename(context: Context, old: str, new: str) -> FixDraft:
    """The one fix for all such words of a text."""
    fix = context.fix(f"Rename to `{new}`")
    names = set[str]()
    for use in _spelled(context, old):
        named = named_words(context, old).get(id(use.node))
        if named is not None and named.sure:
            names.add(named.name)
            is_keyword = isinstance(use.node, cst.Name)
            fix.replace(use.node, new if is_keyword else quoted(context, use.node, new))
    for use in _spelled(context, old):
        if _read_name(context, use) in names:
            fix.replace(use.node, quoted(context, use.node, new))
    said = " and ".join(f"`{one}`" for one in sorted(names))
    serves = f"{said} may also be used for something other than `init()`"
    return fix.unsafe(UNSEEN_OPTIONS.about(serves))


@remembered
def named_words(context: Context, old: str) -> dict[int, Named]:
    """By id, the words of a text that become this option."""
    here = {use.path for use in context.uses if use.trigger == NAMED}
    found: dict[int, Named] = {}
    for use in _spelled(context, old):
        for place in places_of_word(context.tree, context.scopes, use.node):
            if _is_made_again(context, use.node, place.rstrip("{}")):
                continue
            name = place.partition("(")[0] if "(" in place else place.rstrip("=}]").rstrip("{")
            name = name.partition("[")[0]
            for end in ("", UNSURE):
                where = "" if place + end in here else _elsewhere(context, place + end)
                if where or place + end in here:
                    sure = not end and not _serves_more(context, place, bool(where))
                    sure = sure and not _elsewhere(context, f"{place}{BESIDE}{old}")
                    if sure or id(use.node) not in found:
                        found[id(use.node)] = Named(name, where, sure)
    return found


def _serves_more(context: Context, place: str, elsewhere: bool) -> bool:
    """Whether code reads a table or a constant besides what makes options of its words."""
    name, bracket, _ = place.partition("[")
    if not bracket and not place.endswith("="):
        return False
    if elsewhere and not bracket:
        return True  # nobody knows who else takes a constant
    name = name.rstrip("=").rpartition(".")[2]
    bound = context.scopes.module.bindings.get(name, ())
    reads = [read for one in bound for read in context.scopes.reads_beside(one)]
    takers = max((context.imports.takers(one) for one in bound), default=0)
    return len(reads) > int(not elsewhere) or takers > int(elsewhere)


def _is_made_again(context: Context, word: cst.CSTNode, name: str) -> bool:
    """Whether nobody can get what a variable of the module has here."""
    here = context.tree.statement(word)
    for one in context.scopes.module.bindings.get(name, ()):
        made = context.tree.statement(one.node)
        again = one.kind == "assign" and one.whole and isinstance(one.value, cst.Dict)
        after = context.span(made)[0] > context.span(here)[0]
        if again and after and context.parent(made) is context.parent(here):
            return f"**{name}" not in context.code(made)
    return False


def _elsewhere(context: Context, place: str) -> str:
    """Where another file makes options of what is at a place; empty where none does."""
    asked = (context.elsewhere(takes_key(one)) for one in _spellings(context, place))
    return next(filter(None, asked), "")


def taken_places(context: Context, word: cst.CSTNode) -> Iterator[str]:
    """The places of a word of which other files make options, as these spell them."""
    for place in places_of_word(context.tree, context.scopes, word):
        for one in _spellings(context, place):
            if context.elsewhere(takes_key(one)):
                yield one


def starred(context: Context, place: str) -> Iterator[str]:
    """What other modules call a place that this one may have from them: `from local import *`."""
    name = place.rpartition(".")[2]
    for one in context.scopes.module.bindings.get("*", ()):
        yield from seen_elsewhere(f"{one.path}.{name}")


def judges(context: Context, use: Use, old: str) -> bool:
    """Whether the file that has what `use` gives to `init()` says itself what becomes of it."""
    places = (one.path for one in context.uses if one.trigger == NAMED and one.node is use.node)
    return any(
        context.elsewhere(judged_key(old, spelled))
        for place in places
        for spelled in seen_elsewhere(place)
    )


def _spellings(context: Context, place: str) -> Iterator[str]:
    if context.path is not None:
        path = context.path
        parts = path.parts[:-1] if path.name == "__init__.py" else path.with_suffix("").parts
        yield from seen_from(place, *parts[-1:-3:-1]) if len(parts) > 1 else ()


def _spelled(context: Context, old: str) -> Iterator[Use]:
    return (use for use in context.uses if use.trigger == f"spelled:{old}")


def is_read(context: Context, use: Use) -> bool:
    """Whether a word reads an option from a dictionary that is not a client's."""
    text = use.node if isinstance(use.node, cst.SimpleString) else None
    read = read_of(context.tree, text) if text is not None else None
    return (
        not is_mocked(context, use)
        and read is not None
        and context.values.trigger(read) != "Client.options"
    )


def _read_name(context: Context, use: Use) -> str:
    text = use.node if isinstance(use.node, cst.SimpleString) else None
    read = read_of(context.tree, text) if text is not None else None
    return dotted(read) if read is not None else ""


def _other_read(context: Context, old: str) -> str:
    """Where an option is read from a dictionary that may have got it from such a word."""
    names = {one.name for one in named_words(context, old).values()}
    for use in _spelled(context, old):
        if is_read(context, use) and _read_name(context, use) not in names:
            return f"line {context.tree.lines.line_of(use.start) + 1}"
    return context.elsewhere(reads_option_key(old))
