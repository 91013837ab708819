"""Options that have another name in 2.x, together with the code that reads them.

A function that is given options and passes them on may act upon one of them: the name changes where
the option is given and where it is read, or nowhere. Owns finding such code that has to stay.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import UNSEEN_OPTIONS
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import reads_option_key, spells_option_key
from sentry_migrate.project.held_options import RENAMED
from sentry_migrate.proof.option_flow import (
    calls_of,
    for_both_versions,
    given,
    passed,
    passes_on,
)
from sentry_migrate.rewrite.init_options import held, quoted, rename_all
from sentry_migrate.rewrite.mocked_options import mocked_words
from sentry_migrate.rewrite.named_words import named_words
from sentry_migrate.rewrite.todo_comments import todo
from sentry_migrate.sdk.options import TARGETS, Option
from sentry_migrate.sdk.spelled_options import read_of
from sentry_migrate.sdk.uses import Use


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
    if remedy := held(context, new):
        yield context.finding(use, remedy=remedy)
        return
    if place := _read(context, option):
        yield context.finding(
            use, remedy=f"Rename it to `{new}`, and where it is read, in {place}."
        )
        return
    same = given(context, option, option.key)
    yield context.finding(use, rename_all(context, same, new, option.key))


def renamed_reads(use: Use, context: Context, old: str, new: str) -> Draft | None:
    """The finding for a word by which a function reads an option that it is given and passes on;
    None where it is another word, or nobody else in the project has the option."""
    if not is_passed(context, use.node) or not is_given_elsewhere(context, old):
        return None
    message = f"2.x calls the option `{old}` that is read here `{new}`"
    remedy = held(context, new)
    if words := left_words(context, old):
        line = context.tree.lines.line_of(context.span(words[0])[0]) + 1
        remedy = remedy or f"Rename it to `{new}`, and where it is spelled, in line {line}."
    elif new in context.tree.text:
        remedy = remedy or f"Read `{new}` only, and have nobody give `{old}`."
    fix = None if remedy else _rename_reads(context, old, new)
    return context.finding(use, fix, remedy=remedy, message=message)


def is_given_elsewhere(context: Context, old: str) -> bool:
    """Whether another file may give an option, or did so before a fix renamed it."""
    return any(context.elsewhere(spells_option_key(one)) for one in (old, RENAMED.get(old, old)))


@remembered
def _rename_reads(context: Context, old: str, new: str) -> FixDraft:
    fix = context.fix(f"Rename to `{new}`")
    for read in _passed(context).values():
        if read.raw_value == old:
            fix.replace(read, quoted(context, read, new))
    return fix.unsafe(UNSEEN_OPTIONS.about(f"code that is not seen may give `{old}`"))


def _read(context: Context, option: Option) -> str:
    """Where a function reads an option that it is given and passes on, if that has to stay."""
    calls = calls_of(context, option)
    if all(context.values.path(call.func) in TARGETS for call in calls):
        if not any(passes_on(context, call) for call in calls):
            return ""
    elif place := context.elsewhere(reads_option_key(option.key)):
        return place
    words = left_words(context, option.key)
    return f"line {context.tree.lines.line_of(context.span(words[0])[0]) + 1}" if words else ""


@remembered
def left_words(context: Context, old: str) -> list[cst.SimpleString]:
    """The strings that may be about an option which a function is given and passes on, and that no
    fix renames: those of a set of names that it compares with, say."""
    calls = [
        one for one in context.tree.nodes(cst.Call) if context.values.path(one.func) in TARGETS
    ]
    calls = [call for call in calls if passes_on(context, call)]
    options = (use.option for use in context.uses)
    known = {id(one.name) for one in options if one is not None}
    known |= {*_passed(context), *mocked_words(context, old), *named_words(context, old)}
    return [
        use.node
        for use in (context.uses if any(passes_on(context, one) for one in _calls(context)) else ())
        if use.trigger == f"spelled:{old}" and isinstance(use.node, cst.SimpleString)
        if id(use.node) not in known and not _is_of_client(context, use.node)
    ]


def is_passed(context: Context, word: cst.CSTNode) -> bool:
    """Whether a word reads an option from what a function is given and passes on."""
    return id(word) in _passed(context)


@remembered
def _passed(context: Context) -> dict[int, cst.SimpleString]:
    return {id(read): read for call in _calls(context) for read in passed(context, call)}


def _calls(context: Context) -> Iterator[cst.Call]:
    calls = context.tree.nodes(cst.Call)
    return (call for call in calls if context.values.path(call.func) in TARGETS)


def _is_of_client(context: Context, text: cst.SimpleString) -> bool:
    read = read_of(context.tree, text)
    return read is not None and context.values.trigger(read) == "Client.options"
