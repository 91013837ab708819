"""Renaming, replacing and removing options of `init()`, and what could spoil that.

Owns the questions whether another option or an unseen one stands in the way, and whether the
dictionary an option is written in serves `init()` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._items import removal, statement_removal
from sentry_migrate.syntax.options import TARGETS, Option, subscript_key
from sentry_migrate.syntax.scopes import walk
from sentry_migrate.syntax.uses import Use
from sentry_migrate.text.edits import Edit

_READS = frozenset(("get", "pop", "setdefault"))


def options_with(context: Context, option: Option) -> list[Option]:
    """All options of the call that `option` reaches, `option` itself included.

    A dictionary that several calls share is known by the first; every option of the text counts
    then.
    """
    found = [use.option for use in context.uses if use.option is not None]
    if option.direct:
        return [other for other in found if other.call is option.call]
    return found


def given_to(context: Context, call: cst.Call) -> list[Option]:
    """The options that reach a call."""
    found = [use.option for use in context.uses if use.option is not None]
    return [option for option in found if option.call is call]


def given(context: Context, option: Option, *keys: str) -> list[Option]:
    """The options with one of these names that go to `init()` together with `option`."""
    return [other for other in options_with(context, option) if other.key in keys]


def for_both_lines(context: Context, call: cst.CSTNode) -> bool:
    """Whether the call is one of two attempts: with new options, and with old ones if they fail."""
    for holder in context.tree.ancestors(call):
        if isinstance(holder, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            return False
        if isinstance(holder, cst.Try) and any(
            handler.type is not None and "TypeError" in context.code(handler.type)
            for handler in holder.handlers
        ):
            parts: list[cst.CSTNode] = [holder.body, *holder.handlers]
            return sum(1 for part in parts if _calls_sdk(context, part)) > 1
    return False


def _calls_sdk(context: Context, part: cst.CSTNode) -> bool:
    return any(
        isinstance(node, cst.Call) and context.values.path(node.func) in TARGETS
        for node in walk(part)
    )


def doubt(context: Context, option: Option, *keys: str) -> str:
    """Why it is not proved that `option` is the only one to matter; empty when it is.

    `keys` are the names that a dictionary out of view would have to be free of.
    """
    names = " or ".join(f"`{key}`" for key in keys)
    for arg in option.call.args:
        if arg.star and not _closed(context, arg.value, option.key):
            return f"`{arg.star}{context.code(arg.value)}` may hold {names} too"
    if not option.direct:
        for node in _variables(context, option):
            if not _serves_init(context, node, option.key):
                return f"`{node.value}` is used for more than `init()`"
    return ""


def _closed(
    context: Context, node: cst.BaseExpression, key: str, above: tuple[str, ...] = ()
) -> bool:
    """Whether a mapping is written out in view; `above` are the variables being looked at."""
    if isinstance(node, cst.Dict):
        return all(
            _closed(context, element.value, key, above)
            if isinstance(element, cst.StarredDictElement)
            else isinstance(getattr(element, "key", None), cst.SimpleString)
            for element in node.elements
        )
    if isinstance(node, cst.Call) and context.code(node.func) == "dict":
        return all(arg.keyword or _closed(context, arg.value, key, above) for arg in node.args)
    if isinstance(node, cst.IfExp):
        return all(_closed(context, one, key, above) for one in (node.body, node.orelse))
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        return all(_closed(context, one, key, above) for one in (node.left, node.right))
    if not isinstance(node, cst.Name):
        return False
    if node.value in above:
        return True
    scope = context.scopes.lookup(node.value, context.scopes.scope_of(node))
    return (
        scope is not None
        and all(
            binding.kind == "assign"
            and binding.whole
            and isinstance(binding.value, cst.BaseExpression)
            and _closed(context, binding.value, key, (*above, node.value))
            for binding in scope.bindings[node.value]
        )
        and _serves_init(context, node, key)
    )


def _variables(context: Context, option: Option) -> list[cst.Name]:
    """The names of the variable that holds the dictionary an option is written in."""
    for node in [option.name, *context.tree.ancestors(option.name)]:
        if isinstance(node, cst.Subscript) and isinstance(node.value, cst.Name):
            return [node.value]
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            return [node.func.value] if isinstance(node.func.value, cst.Name) else []
        if isinstance(node, cst.AnnAssign | cst.NamedExpr):
            return [node.target] if isinstance(node.target, cst.Name) else []
        if isinstance(node, cst.Assign):
            targets = [target.target for target in node.targets]
            return [target for target in targets if isinstance(target, cst.Name)]
    return []


def _serves_init(context: Context, name: cst.Name, key: str) -> bool:
    """Whether every read of a variable feeds `init()`, changes it, or asks for another key."""
    home = context.scopes.lookup(name.value, context.scopes.scope_of(name))
    return home is not None and all(
        _harmless(context, load, key)
        for load in context.scopes.loads.get(name.value, ())
        if context.scopes.lookup(load.value, context.scopes.scope_of(load)) is home
    )


def _harmless(context: Context, load: cst.Name, key: str) -> bool:
    parent = context.parent(load)
    if isinstance(parent, cst.Subscript) and parent.value is load:
        asked = subscript_key(parent)
        stored = isinstance(context.parent(parent), cst.AssignTarget)
        return asked is not None and (stored or asked.evaluated_value != key)
    if isinstance(parent, cst.Attribute):
        call = context.parent(parent)
        if not isinstance(call, cst.Call) or call.func is not parent:
            return False
        if parent.attr.value == "update":
            return all(arg.keyword or _closed(context, arg.value, key) for arg in call.args)
        first = call.args[0].value if call.args else None
        return (
            parent.attr.value in _READS
            and isinstance(first, cst.SimpleString)
            and (parent.attr.value == "setdefault" or first.evaluated_value != key)
        )
    at: cst.CSTNode | None = parent
    while isinstance(at, cst.Arg | cst.StarredDictElement | cst.Dict | cst.IfExp):
        at = context.parent(at)
        if isinstance(at, cst.Call):
            if context.values.path(at.func) in TARGETS:
                return True
            if context.code(at.func) != "dict":
                return False
            at = context.parent(at)
    return False


# -- edits ---------------------------------------------------------------------------------------


def spelled(context: Context, option: Option, key: str) -> str:
    """Another option's name in the form of this one's: bare, or quoted alike."""
    if option.form == "keyword":
        return key
    match = re.match(r"(\w*)('''|\"\"\"|'|\")", context.code(option.name))
    prefix, quote = match.groups() if match else ("", '"')
    return f"{prefix}{quote}{key}{quote}"


def without(context: Context, options: Sequence[Option]) -> list[Edit] | None:
    """The edits that remove options; None where one is not a statement or entry of its own."""
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
    if option is None or for_both_lines(context, option.call):
        return
    if given(context, option, new):
        yield context.finding(
            use,
            remedy=f"`{new}` is given too, and in 1.x the one that comes last wins. Keep the "
            f"value that is meant, as `{new}`.",
        )
        return
    fix = context.fix(f"Rename to {new}").unsafe(doubt(context, option, option.key, new))
    for same in given(context, option, option.key):
        fix.unsafe(doubt(context, same, option.key, new))
        fix.replace(same.name, spelled(context, same, new))
    yield context.finding(use, fix)
