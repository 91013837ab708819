"""Names that code makes out of those of options: `os.environ["SENTRY_" + name.upper()]`.

An option with another name has another variable of the environment, or setting, too. Owns finding
where they are looked up. Refuses to know which options matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from sentry_migrate.doubts import Doubt, differs
from sentry_migrate.kit.context import Context
from sentry_migrate.proof.joined_text import UNKNOWN, joining, text_of
from sentry_migrate.python.bindings import Binding, dotted, walk

_LOOKS_UP = frozenset(
    (
        *("add_argument", "bool", "config", "env", "get", "getattr", "getenv", "hasattr", "pop"),
        *("setdefault", "str"),
    )
)


def made_name(context: Context, holders: Collection[str]) -> Doubt | None:
    """Why the options of dictionaries that have these names, or are parameters, may get what they
    are called by from their names."""
    node = next(_made(context, holders), None)
    if node is None:
        return None
    line = context.tree.lines.line_of(context.span(node)[0]) + 1
    return differs(
        f"line {line} looks up `{context.code(node)}`, which is made from the option's name and "
        "changes with it"
    )


def _made(context: Context, holders: Collection[str]) -> Iterator[cst.BaseExpression]:
    for node in joining(context):
        if not _is_looked_up(context, node):
            continue
        names = [one for one in walk(node) if isinstance(one, cst.Name)]
        bound = (one for name in names for one in context.scopes.reaching(name))
        spelled = text_of(context, node).replace(UNKNOWN, "")
        if any(_is_key(context, one, holders) for one in bound) and spelled.strip():
            yield node


def _is_looked_up(context: Context, node: cst.BaseExpression) -> bool:
    """Whether something is looked up by what an expression spells."""
    holder = context.parent(node)
    call = context.parent(holder) if isinstance(holder, cst.Arg) else None
    if isinstance(call, cst.Call):
        return dotted(call.func).rpartition(".")[2] in _LOOKS_UP
    if isinstance(holder, cst.Comparison):
        return any(isinstance(one.operator, cst.In | cst.NotIn) for one in holder.comparisons)
    return isinstance(holder, cst.Index)


def _is_key(context: Context, binding: Binding, holders: Collection[str]) -> bool:
    """Whether a variable is a key of such a dictionary, over which code loops."""
    loop = context.tree.enclosing(binding.node, cst.For, cst.CompFor)
    if binding.kind != "for" or not isinstance(loop, cst.For | cst.CompFor):
        return False
    names = [one for one in (loop.iter, *walk(loop.iter)) if isinstance(one, cst.Name)]
    return any(
        name.value in holders or any(one.kind == "param" for one in context.scopes.reaching(name))
        for name in names
    )
