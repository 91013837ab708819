"""Renaming, replacing and removing options of `init()`, in whatever form they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import directory_of
from sentry_migrate.proof.option_flow import doubt, for_both_versions, given
from sentry_migrate.python.caught import catches
from sentry_migrate.rewrite.items import removal, statement_removal
from sentry_migrate.rewrite.todo_comments import todo
from sentry_migrate.sdk.options import Option
from sentry_migrate.sdk.uses import Use
from sentry_migrate.text.edits import Edit

RENAME_SAFETY = (
    "Safe where the options are visible in the file: the value stays the same. Unsafe where a "
    "`**name` defined elsewhere may contain either name, or where the options dictionary is used "
    "for more than `init()`. No fix where both names are given."
)
"""For rules whose option has another name in 2.x, as `renamed` fixes it."""

HANDED_ON = (
    "2.x refuses to start with `…`, if `…` passes it on to `init()`",
    "2.x refuses to start with `…`, which `…` has",
)
"""What `handed_on` and `has_elsewhere` say."""


def spelled(context: Context, option: Option, key: str) -> str:
    """Another option's name in the form of this one's: bare, or quoted alike."""
    if option.form == "keyword":
        return key
    match = re.match(r"(\w*)('''|\"\"\"|'|\")", context.code(option.name))
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


def renamed(use: Use, context: Context, new: str) -> Iterator[Draft]:
    """The finding for an option that has another name in 2.x and the same values."""
    option = use.option
    if option is None or for_both_versions(context, option.call):
        return
    if given(context, option, new):
        remedy = f"Keep the value you want as `{new}`; both options are given, and in 1.x the "
        remedy += "last one wins."
        yield context.finding(use, todo(context, option.name, remedy), remedy=remedy)
        return
    same = given(context, option, option.key)
    yield context.finding(use, _rename_all(context, same, new, option.key))


def handed_on(use: Use, context: Context, new: str) -> Iterator[Draft]:
    """The finding for an option that another package's function is given, and may pass on."""
    assert use.call is not None
    tries = context.tree.holders(use.call, cst.Try)
    if _is_own(context, use.path) or any(catches(one, "TypeError") for one in tries):
        return
    old, called = context.code(use.node), context.code(use.call.func)
    remedy = (
        f"Find out what `{called}()` does with it. If it passes its options on to `init()`, rename "
        f"`{old}` to `{new}`; else use a release of its package that supports 2.x."
    )
    message = f"2.x refuses to start with `{old}`, if `{called}()` passes it on to `init()`"
    yield context.finding(use, remedy=remedy, message=message)


def has_elsewhere(use: Use, context: Context, new: str) -> Iterator[Draft]:
    """The finding for a dictionary of another module that has an option."""
    old, code = use.trigger.partition(":")[2], context.code(use.node)
    remedy = f"Rename `{old}` to `{new}` where `{code}` is made."
    message = f"2.x refuses to start with `{old}`, which `{code}` has"
    yield context.finding(use, remedy=remedy, message=message)


def _is_own(context: Context, path: str) -> bool:
    """Whether a dotted path begins in the project of the file."""
    if context.path is None:
        return False
    directory = directory_of(str(context.path))
    return any(ModulesOnDisk().imported(directory, path))


@remembered
def _rename_all(context: Context, same: Sequence[Option], new: str, old: str) -> FixDraft:
    """The one fix for options that go to `init()` together: each of them renames all."""
    fix = context.fix(f"Rename to `{new}`")
    for one in same:
        fix.unsafe(doubt(context, one, old, new))
        fix.replace(one.name, spelled(context, one, new))
    return fix
