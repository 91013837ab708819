"""Mocks of names that a module calls no more after its fixes → mocks of the names that it calls.

Owns telling whether a test file can follow: whether every place in it that has to do with the name
is understood. `proof/moves.py` says which names move.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.proof.mocks import Unclear, moved_chains
from sentry_migrate.proof.moves import arrived, targets
from sentry_migrate.sdk.patches import patched_end


@remembered
def following(context: Context, old: str) -> FixDraft | None:
    """The fix that moves all mocks of a name along, wherever it is patched; None where something
    that has to do with the name is not understood."""
    here = [(use, move) for use, move in targets(context) if move.old == old]
    strings = {at for use, _ in here for at in range(use.start, use.end)}
    rest = set(_spelled(context, old)) - strings - _variables(context, old)
    if rest or not here:
        return None
    fix = context.fix(f"Patch `{here[0][1].new}`")
    try:
        for use, move in here:
            end = patched_end(use.node, use.end)
            if context.tree.text[end - len(old) : end] != old:
                return None
            fix.edit(end - len(old), end, move.new)
            for start, stop in moved_chains(context, use, move.entered):
                fix.edit(start, stop, "")
    except Unclear:
        return None
    return fix


def followed(context: Context, fixes: Collection[FixDraft]) -> tuple[str, ...]:
    """The names all of whose mocks have moved along, or do so by these fixes."""
    made, known = set(map(id, fixes)), set(arrived(context).values())
    found: set[str] = set()
    for path, move in context.rest.moves.items():
        fix = following(context, move.old)
        if fix is not None:
            found.update((path,) if id(fix) in made else ())
        elif path in known and not _spelled(context, move.old):
            found.add(path)
    return tuple(sorted(found))


@remembered
def _variables(context: Context, name: str) -> frozenset[int]:
    """Where variables of this name are bound and read that are not imports."""
    found: set[int] = set()
    for scope in context.scopes.scopes.values():
        bindings = scope.bindings.get(name, ())
        if bindings and not any(one.kind == "import" for one in bindings):
            nodes = [one.node for one in bindings] + list(context.scopes.reads_in(scope, name))
            found.update(context.span(node)[0] for node in nodes)
    return frozenset(found)


def _spelled(context: Context, name: str) -> Sequence[int]:
    """Where a text has a word."""
    found = re.finditer(rf"\b{re.escape(name)}\b", context.tree.text)
    return [one.start() for one in found]
