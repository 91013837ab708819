"""The option `_experiments`: its keys, and removing some.

Every change is one edit on the whole option, so that two rules cannot each remove a half of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.proof.option_flow import given
from sentry_migrate.rewrite.init_options import without
from sentry_migrate.rewrite.items import Item, items_of, removal
from sentry_migrate.sdk.options import Option
from sentry_migrate.text.edits import apply


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """One key of `_experiments`."""

    key: str
    name: cst.CSTNode
    """The key's string, or the keyword's Name."""
    value: cst.BaseExpression
    item: Item


def literal(context: Context, option: Option) -> cst.Dict | cst.Call | None:
    """The `{...}` or `dict(...)` that `_experiments` is, where it is written in place."""
    value = option.value
    if isinstance(value, cst.Dict):
        return value
    if isinstance(value, cst.Call) and context.code(value.func) == "dict":
        return value if all(arg.keyword for arg in value.args) else None
    return None


def experiments(context: Context, option: Option) -> list[Experiment]:
    """The keys of `_experiments`, also of a variable that is a `{...}` and nothing else."""
    value: cst.CSTNode | None = literal(context, option)
    if value is None and isinstance(option.value, cst.Name):
        bindings = context.scopes.reaching(option.value)
        value = bindings[0].value if len(bindings) == 1 and bindings[0].kind == "assign" else None
    found: list[Experiment] = []
    for item in items_of(value) if value is not None else ():
        if isinstance(item, cst.Arg) and item.keyword is not None:
            found.append(Experiment(item.keyword.value, item.keyword, item.value, item))
        elif isinstance(item, cst.DictElement) and isinstance(item.key, cst.SimpleString):
            key = item.key.evaluated_value
            if isinstance(key, str):
                found.append(Experiment(key, item.key, item.value, item))
    return found


def remove_keys(
    context: Context, fix: FixDraft, option: Option, gone: Sequence[Experiment], first: str = ""
) -> FixDraft | None:
    """Remove keys from `_experiments`, and the option itself where nothing is left of it.

    `first` is put before what is left of the option. None where that cannot be written.
    """
    holder = literal(context, option)
    if holder is None:
        return None
    if len(gone) == len(items_of(holder)) and not first:
        edits = without(context, [option])
        return None if edits is None else fix.add(edits)
    tree = context.tree
    start, end = tree.span(option.holder)
    edits = removal(tree, holder, [one.item for one in gone])
    return fix.edit(start, end, first + apply(tree.text, edits, start, end))


def beside(context: Context, option: Option, key: str) -> Option | None:
    """The option that is given beside `_experiments` too."""
    found = given(context, option, key)
    return found[0] if found else None
