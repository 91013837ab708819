"""Finding, renaming and removing the arguments of a call, commas and comments cared for.

Owns also the judgement of a hub given as an argument: in 2.x such an argument has to go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.doubts import OTHER_HUB, Doubt
from sentry_migrate.kit.context import Context
from sentry_migrate.proof.hubs import judge
from sentry_migrate.sdk.value_types import Obj
from sentry_migrate.text.edits import Edit

SAFE_TO_REMOVE = (
    "Safe to remove where the argument is known to be `Hub.current`, which is the default, or "
    "`None`."
)
"""For rules about a hub given as an argument."""

_PRAGMA = re.compile(r"#\s*(noqa|type:|pylint|pragma|nosec)")


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    """The argument `name=...`."""
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == name:
            return arg
    return None


def positional(call: cst.Call, index: int) -> cst.Arg | None:
    """The positional argument at `index`; None when a `*` before it hides the order."""
    for arg in call.args[: index + 1]:
        if arg.star or arg.keyword is not None:
            return None
    return call.args[index] if index < len(call.args) else None


def argument(call: cst.Call, name: str, index: int) -> cst.Arg | None:
    """The argument called `name`, or given at `index`."""
    return keyword(call, name) or positional(call, index)


def rename(context: Context, arg: cst.Arg, name: str) -> Edit:
    """Give a keyword argument another name."""
    assert arg.keyword is not None
    return Edit(*context.span(arg.keyword), name)


def name_it(context: Context, arg: cst.Arg, name: str) -> Edit:
    """Turn a positional argument into a keyword argument."""
    at = context.span(arg)[0]
    return Edit(at, at, f"{name}=")


def value_text(context: Context, arg: cst.Arg) -> str:
    """The argument's value as written, parentheses included."""
    low, high = context.tree.outer(arg.value)
    return context.tree.text[low:high]


def remove(context: Context, call: cst.Call, arg: cst.Arg) -> Edit:
    """Take an argument out of a call with one comma and the line it has to itself."""
    text, lines = context.tree.text, context.tree.lines
    index = list(call.args).index(arg)
    start, end = context.span(arg)
    opening, closing = _parentheses(context, call)
    before = context.span(call.args[index - 1])[1] if index else opening + 1
    last = index + 1 == len(call.args)
    following = closing if last else context.span(call.args[index + 1])[0]
    rest = text[end:following]
    begin_line = lines.start(lines.line_of(start))
    if before <= begin_line and not text[begin_line:start].strip():
        after = end + _comma(rest)
        line_end = lines.end(lines.line_of(after))
        tail = text[after:line_end]
        if line_end < following and (not tail.strip() or _PRAGMA.match(tail.strip())):
            return Edit(begin_line, lines.next_start(lines.line_of(after)), "")
        if line_end < following and tail.strip().startswith("#"):
            return Edit(start, after + len(tail) - len(tail.lstrip()), "")
    if not last:
        if "#" in rest:
            return Edit(start, end + _comma(rest), "")
        return Edit(start, following, "")
    if index == 0:
        inner = text[opening + 1 : start] + rest
        return (
            Edit(start, end + _comma(rest), "") if "#" in inner else Edit(opening + 1, closing, "")
        )
    if "#" in text[before:start]:
        return Edit(start, end + _comma(rest), "")
    return Edit(before, end, "")


def _comma(text: str) -> int:
    """The length of `text` up to and with the comma it begins with, comments apart."""
    match = re.match(r"\s*,", text)
    return match.end() if match else 0


def _parentheses(context: Context, call: cst.Call) -> tuple[int, int]:
    """Where the call's parentheses open and close."""
    text = context.tree.text
    opening = text.index("(", context.tree.outer(call.func)[1])
    return opening, context.span(call)[1] - 1


@dataclass(frozen=True, slots=True)
class HubArgument:
    """A hub given to a function that takes none in 2.x."""

    arg: cst.Arg
    safe: bool
    """Whether it is known to be the active hub, or None."""
    known: bool
    """Whether the value is a hub at all, and not just called one."""
    doubt: Doubt | None = None


def hub_argument(context: Context, call: cst.Call, index: int | None = 0) -> HubArgument | None:
    """The argument `hub=`, or a hub at position `index`."""
    arg = keyword(call, "hub")
    if arg is None and index is not None:
        arg = positional(call, index)
        if arg is None or not isinstance(context.values.instance(arg.value, "Hub"), Obj):
            return None
    if arg is None:
        return None
    if isinstance(arg.value, cst.Name) and arg.value.value == "None":
        return HubArgument(arg, safe=True, known=True)
    hub = context.values.instance(arg.value, "Hub")
    if hub is None:
        return HubArgument(arg, False, False, OTHER_HUB)
    status = judge(context, hub, arg.value)
    return HubArgument(arg, status.known and not status.doubt, True, status.doubt)
