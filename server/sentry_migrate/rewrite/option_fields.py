"""Options that 2.x refuses, as fields of a class or attributes of a dictionary.

Owns renaming them where one file has all that spells them.
"""

from __future__ import annotations

import re

import libcst as cst

from sentry_migrate.doubts import UNSEEN_OPTIONS
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import spells_option_key
from sentry_migrate.proof.made_names import made_name
from sentry_migrate.python.bindings import dotted

_PLAIN = frozenset(("dataclass", "dataclasses.dataclass"))
_BASES = frozenset(("object", "dict", "NamedTuple", "typing.NamedTuple", "SimpleNamespace"))
"""What gives fields no other meaning than their names have: settings of other libraries take them
from the environment."""


def renamed_fields(context: Context, old: str, new: str) -> FixDraft | None:
    """The one fix for all in a text; None where something else may have the name too."""
    fix = _renamed(context, old, new)
    return fix if fix.edits else None


@remembered
def _renamed(context: Context, old: str, new: str) -> FixDraft:
    fix = context.fix(f"Rename to `{new}`")
    uses = (use for use in context.uses if use.trigger == f"field:{old}")
    fields = {use.start: use.node for use in uses}
    words = [one.start() for one in re.finditer(rf"\b{old}\b", context.tree.text)]
    if sorted(fields) != words or new in context.tree.text:
        return fix
    if context.elsewhere(spells_option_key(old)) or not _is_plain(context):
        return fix
    for node in fields.values():
        fix.replace(node, new)
    fix.unsafe(made_name(context, frozenset()))
    return fix.unsafe(
        UNSEEN_OPTIONS.about(f"what has the field `{old}` may serve other ends than `init()`")
    )


def _is_plain(context: Context) -> bool:
    """Whether all classes with such fields are written out in the text."""
    holders = {
        id(holder): holder
        for use in context.uses
        if use.trigger.startswith("field:")
        for holder in [context.tree.enclosing(use.node, cst.ClassDef, cst.FunctionDef)]
        if isinstance(holder, cst.ClassDef)
    }
    waiting, seen = [*holders.values()], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if any(dotted(_called(mark.decorator)) not in _PLAIN for mark in one.decorators):
            return False
        if one.keywords:
            return False
        for base in one.bases:
            name = base.value
            bindings = context.scopes.reaching(name) if isinstance(name, cst.Name) else ()
            own = [bound.node for bound in bindings if isinstance(bound.node, cst.ClassDef)]
            if not own and dotted(name) not in _BASES:
                return False
            waiting += own
    return True


def _called(node: cst.BaseExpression) -> cst.BaseExpression:
    return node.func if isinstance(node, cst.Call) else node
