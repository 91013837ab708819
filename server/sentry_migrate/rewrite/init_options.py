"""Renaming, replacing and removing options of `init()`, in whatever form they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.plan_words import STUCK_HUB
from sentry_migrate.proof.option_flow import (
    becomes_a_name,
    doubt,
    reads_of,
)
from sentry_migrate.rewrite.items import removal, statement_removal
from sentry_migrate.rewrite.own_captures import leak
from sentry_migrate.sdk.options import Option
from sentry_migrate.text.edits import Edit

RENAME_SAFETY = (
    "Safe where the options are visible in the file: the value stays the same. Unsafe where a "
    "`**name` defined elsewhere may contain either name, or where the options dictionary is used "
    "for more than `init()`. No fix where both names are given, or where the project keeps a "
    "`Hub(client)` that no fix replaces: with the new name the program would start, and send all "
    "events by that client."
)
"""For rules whose option has another name in 2.x, see `renamed_options`."""


def spelled(context: Context, option: Option, key: str) -> str:
    """Another option's name in the form of this one's: bare, or quoted alike."""
    return key if option.form == "keyword" else quoted(context, option.name, key)


def quoted(context: Context, text: cst.CSTNode, key: str) -> str:
    """Another option's name, quoted like a string."""
    match = re.match(r"(\w*)('''|\"\"\"|'|\")", context.code(text))
    prefix, quote = match.groups() if match else ("", '"')
    return f"{prefix}{quote}{key}{quote}"


def without(context: Context, options: Sequence[Option]) -> list[Edit] | None:
    """The edits that remove options; None where one is not a statement or separate entry."""
    edits: list[Edit] = []
    done: set[int] = set()
    for option in options:
        if option.form == "store":
            holder = option.holder
            if isinstance(holder, cst.Assign) and len(holder.targets) > 1:
                return None
            node = context.parent(holder) if isinstance(holder, cst.Call) else holder
            more = statement_removal(context.tree, node) if node is not None else None
            if more is None:
                return None
            edits.extend(more)
        elif id(option.container) not in done:
            done.add(id(option.container))
            gone = [other.holder for other in options if other.container is option.container]
            edits.extend(removal(context.tree, option.container, gone))
    return edits


def removed(context: Context, message: str, options: Sequence[Option]) -> FixDraft | None:
    """A fix that removes options."""
    edits = without(context, options)
    return None if edits is None else context.fix(message).add(edits)


def held(context: Context, new: str) -> str:
    """What to do before an option that 2.x refuses gets its `new` name; empty if nothing."""
    place = context.elsewhere(STUCK_HUB)
    return place and (
        f"First replace the `Hub(client)` in {place}, and then rename the option to `{new}`. With "
        "the new name the program starts in 2.x, where that client takes the place of the "
        "application's: all events go where it sends them."
    )


@remembered
def rename_all(context: Context, same: Sequence[Option], new: str, old: str) -> FixDraft:
    """The one fix for options that go to `init()` together: each of them renames all."""
    fix = context.fix(f"Rename to `{new}`").unsafe(leak(context))
    for one in same:
        fix.unsafe(doubt(context, one, old, new)).unsafe(becomes_a_name(context, one))
        fix.replace(one.name, spelled(context, one, new))
    for read in (read for one in same for read in reads_of(context, one)):
        fix.replace(read, quoted(context, read, new))
    return fix
