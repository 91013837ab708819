"""Giving keys of `_experiments` as options of their own, in the form `_experiments` has.

Owns the text that takes its place: one line for each key where it has lines of its own, its
comments kept, its commas as they were.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.rewrite.experiments import Experiment, literal, remove_keys
from sentry_migrate.rewrite.init_options import spelled
from sentry_migrate.rewrite.items import comma_end, items_of, own_lines
from sentry_migrate.sdk.options import Option


def lift(
    context: Context, option: Option, moved: Sequence[Experiment], gone: Sequence[Experiment]
) -> FixDraft | None:
    """Pass `moved` as separate options and drop `gone`; None where that cannot be written."""
    fix = context.fix("Pass " + " and ".join(f"`{one.key}`" for one in moved) + " directly")
    if literal(context, option) is None:
        return None
    if option.form == "store":
        return _lift_store(context, fix, option, moved, gone)
    item = option.holder
    assert isinstance(item, cst.Arg | cst.DictElement)
    alone = own_lines(context.tree, item)
    start, end = context.tree.span(item)
    whole = len(moved) + len(gone) == len(items_of(option.value))
    if not whole:
        newline = context.tree.lines.newline_at(start) + context.tree.lines.indent_at(start)
        first = ""
        for one in moved:
            first += _written(context, option, one) + ","
            first += _remark(context, one) + newline if alone else " "
        return remove_keys(context, fix, option, [*moved, *gone], first)
    if not alone:
        return fix.edit(start, end, _in_place(context, option, [*moved, *gone], gone))
    lines = _lines(
        context, option, [*moved, *gone], gone, lambda one: _written(context, option, one) + ","
    )
    newline = context.tree.lines.newline_at(start) + context.tree.lines.indent_at(start)
    past = comma_end(context.tree, item)
    text = newline.join(lines)
    if past == end:
        text = _without_last_comma(lines, newline)
    return fix.edit(start, past, text)


def _in_place(
    context: Context, option: Option, all_of: Sequence[Experiment], gone: Sequence[Experiment]
) -> str:
    """The options on the line of others; lines are broken only where a comment ends them."""
    text, at = context.tree.text, _inside(context, option)
    pieces: list[str] = []
    gap = ""
    for one in sorted(all_of, key=lambda one: context.span(one.item)[0]):
        gap += _with_comment(text[at : context.span(one.item)[0]])
        at = comma_end(context.tree, one.item)
        if one not in gone:
            pieces.append((gap or (" " if pieces else "")) + _written(context, option, one))
            gap = ""
    rest = text[at : context.span(option.value)[1] - 1]
    return ",".join(pieces) + gap + _with_comment(rest)


def _with_comment(gap: str) -> str:
    return gap if "#" in gap else ""


def _inside(context: Context, option: Option) -> int:
    """Where the inside of `{...}` or `dict(...)` begins."""
    bracket = "{" if isinstance(option.value, cst.Dict) else "("
    return context.tree.text.index(bracket, context.span(option.value)[0]) + 1


def _without_last_comma(lines: Sequence[str], newline: str) -> str:
    code = max(index for index, line in enumerate(lines) if not line.startswith("#"))
    kept = list(lines)
    kept[code] = re.sub(r",(\s*#[^\r\n]*)?\Z", r"\1", kept[code])
    return newline.join(kept)


def _lift_store(
    context: Context,
    fix: FixDraft,
    option: Option,
    moved: Sequence[Experiment],
    gone: Sequence[Experiment],
) -> FixDraft | None:
    """`OPTIONS["_experiments"] = {...}` → one assignment for each key."""
    if not isinstance(option.holder, cst.Assign) or len(option.holder.targets) > 1:
        return None
    line = context.parent(option.holder)
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
        return None
    start, end = context.tree.span(option.holder)
    indent = context.tree.lines.indent_at(start)
    newline = context.tree.lines.newline_at(start) + indent
    target = context.code(option.holder.targets[0].target)
    key = context.code(option.name)

    def assignment(one: Experiment) -> str:
        name = target.replace(key, spelled(context, option, one.key))
        return f"{name} = {_value(context, one, indent)}"

    if len(moved) + len(gone) < len(items_of(option.value)):
        first = "".join(assignment(one) + _remark(context, one) + newline for one in moved)
        return remove_keys(context, fix, option, [*moved, *gone], first)
    lines = _lines(context, option, [*moved, *gone], gone, assignment)
    return fix.edit(start, end, newline.join(lines))


def _written(context: Context, option: Option, one: Experiment) -> str:
    """The key as a separate option, in the form `_experiments` has."""
    indent = context.tree.lines.indent_at(context.span(option.name)[0])
    value = _value(context, one, indent)
    if option.form == "keyword":
        return f"{one.key}={value}"
    quoted = isinstance(one.name, cst.SimpleString)
    key = context.code(one.name) if quoted else spelled(context, option, one.key)
    return f"{key}: {value}"


def _value(context: Context, one: Experiment, indent: str) -> str:
    """The value's text; the lines it goes on for come along to `indent`."""
    start, end = context.tree.outer(one.value)
    text = context.tree.text[start:end]
    old = context.tree.lines.indent_at(start)
    if '"""' in text or "'''" in text or "\\\n" in text:
        return text
    return re.sub(rf"(?<=[\r\n]){re.escape(old)}(?=\S|[ \t])", indent, text)


def _remark(context: Context, one: Experiment) -> str:
    """The comment behind an item on its line, with the space before it."""
    if not own_lines(context.tree, one.item):
        return ""
    start = comma_end(context.tree, one.item)
    end = context.tree.lines.end(context.tree.lines.line_of(start))
    return context.tree.text[start:end].rstrip()


def _lines(
    context: Context,
    option: Option,
    all_of: Sequence[Experiment],
    gone: Sequence[Experiment],
    write: Callable[[Experiment], str],
) -> list[str]:
    """The lines that take the place of an `_experiments` with lines of its own."""
    text = context.tree.text
    result: list[str] = []
    at = _inside(context, option)
    for one in sorted(all_of, key=lambda one: context.span(one.item)[0]):
        result += _comments(text[at : context.span(one.item)[0]])
        at = comma_end(context.tree, one.item)
        remark = _remark(context, one)
        at += len(remark)
        if one not in gone:
            result.append(write(one) + remark)
    return result + _comments(text[at : context.span(option.value)[1] - 1])


def _comments(gap: str) -> list[str]:
    return [line.strip() for line in gap.splitlines() if line.strip()]
