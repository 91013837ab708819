"""Names that a module calls no more after its fixes, and the mocks of tests that move along.

A test that patches `app.views.push_scope` passes after the fixes of `app/views.py` if it patches
`app.views.new_scope` instead. Owns telling when all code of a module calls another name, and which
patches of a test are of such names. Refuses to know which files there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.index import named
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import Move
from sentry_migrate.project.plan_words import fork_key
from sentry_migrate.python.bindings import Binding
from sentry_migrate.sdk.imports import ROOT
from sentry_migrate.sdk.names import canonical
from sentry_migrate.sdk.uses import Use

_PATCHED = ("sentry_sdk.push_scope", "sentry_sdk.configure_scope")
_MANAGERS = ("new_scope", "isolation_scope")


def forks(context: Context, drafts: Iterable[Draft]) -> Iterator[tuple[str, cst.CSTNode]]:
    """Where code calls one of these functions, or does so once it has the fixes of `drafts`."""
    for draft in drafts:
        if draft.use is not None and draft.fix is not None and draft.use.trigger in _PATCHED[:1]:
            for name in _MANAGERS:
                if name in draft.fix.spelled:
                    yield fork_key(name), draft.use.node
    for name in _MANAGERS:
        for use in named(context, f"{ROOT}.{name}"):
            yield fork_key(name), use.node


# -- in the module ---------------------------------------------------------------------------------


def moves(context: Context, drafts: Sequence[Draft]) -> tuple[Move, ...]:
    """What becomes of the names that a module's code looks up in it, if it gets the fixes of all
    these drafts."""
    fixed = {id(draft.use.node): draft for draft in drafts if draft.use is not None and draft.fix}
    found = []
    for bindings in context.scopes.module.bindings.values():
        binding = bindings[0]
        if len(bindings) == 1 and isinstance(binding.statement, cst.ImportFrom):
            if canonical(context.values.reexported.origin(binding.path)) in _PATCHED:
                found.append(_move(context, binding, fixed, drafts))
    return tuple(move for move in found if move is not None)


def looked_up(context: Context, name: str) -> bool:
    """Whether a module's code reads this name of the module."""
    return bool(context.scopes.reads_in(context.scopes.module, name))


def _move(
    context: Context, binding: Binding, fixed: Mapping[int, Draft], drafts: Sequence[Draft]
) -> Move | None:
    """What all uses of a name alike become; None if there are others."""
    loads = context.scopes.reads_beside(binding)
    own = [fixed[id(load)] for load in loads if id(load) in fixed]
    calls = {_called(context, load, fixed.get(id(load))) for load in loads}
    name = calls.pop() if len(calls) == 1 else ""
    if not name or name in context.scopes.module.bindings:
        return None
    mine = {id(draft.fix) for draft in own}
    entered = {id(context.parent(load)) for load in loads}
    for draft in drafts:
        if draft.fix is None or id(draft.fix) in mine:
            continue
        owner = draft.use.owner if draft.use is not None else None
        if name in draft.fix.spelled or (owner is not None and id(owner.node) in entered):
            return None  # what the code does with the mock changes too
    return Move(binding.name, name, name in _MANAGERS)


def _called(context: Context, load: cst.Name, draft: Draft | None) -> str:
    """The name that the code calls once where it entered what `load` gave; empty for all else."""
    call, fix = context.parent(load), draft.fix if draft is not None else None
    if fix is None or len(fix.spelled) != 1 or not isinstance(call, cst.Call) or call.args:
        return ""
    if "." in fix.spelled[0]:
        return ""  # a method of a class: tests do not patch one as they patch a name
    if call.func is not load or not isinstance(context.parent(call), cst.WithItem):
        return ""
    name = fix.spelled[0]
    written = "\n".join(edit.text for edit in fix.edits)
    return name if len(re.findall(rf"(?<![\w.]){name}\(", written)) == 1 else ""


# -- in the tests ----------------------------------------------------------------------------------


def targets(context: Context) -> Iterator[tuple[Use, Move]]:
    """The strings by which a text patches names that move."""
    for use in _strings(context):
        move = context.rest.moves.get(use.path)
        if move is not None:
            yield use, move


def _strings(context: Context) -> Iterator[Use]:
    return (use for use in context.uses if use.trigger.startswith("string:"))


@remembered
def arrived(context: Context) -> Mapping[int, str]:
    """By id() of the string that patches it, names that other code calls after its fixes: the
    paths of those that it called before."""
    new = {
        f"{path.rpartition('.')[0]}.{move.new}": path for path, move in context.rest.moves.items()
    }
    return {id(use.node): new[use.path] for use in _strings(context) if use.path in new}


def has_moved(context: Context, node: cst.CSTNode) -> bool:
    """Whether a string patches a name that other code calls after its fixes."""
    return id(node) in arrived(context)
