"""Fixes that are made only together with those of other files.

Owns what a text tells the plan of them: which hubs it no longer gives to functions of other files,
and which of its functions take none any longer. Refuses to know how a hub is passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sentry_migrate.engine.rule_runs import Judged
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.plan import Site, gives_hub_key_of


def dropped_hubs(fixes: Iterable[FixDraft | None]) -> tuple[Site, ...]:
    """The functions that the fixes have drop a hub which other files give."""
    return tuple(dict.fromkeys(site for fix in fixes if fix is not None for site in fix.drops))


def given_hubs(context: Context, waiting: Iterable[FixDraft]) -> tuple[Site, ...]:
    """The hubs that the fixes no longer give if one function of another file drops them: a fix that
    waits for two might be made for neither."""
    found: dict[Site, None] = {}
    for fix in waiting:
        missing = {one for one in fix.awaits if not context.elsewhere(one.kind)}
        if len({one.kind for one in missing}) == 1:
            found |= {Site(gives_hub_key_of(one.kind), one.line): None for one in missing}
    return tuple(found)


_TOGETHER = "First have the function that is given the hub take none, in the other file."


def withheld(context: Context, judged: Iterable[Judged]) -> Sequence[FixDraft]:
    """The fixes that wait for those of other files, which are taken from their findings."""
    found: list[FixDraft] = []
    for draft in (one.draft for one in judged):
        fix = draft.fix
        if fix is not None and _waits(context, fix):
            found.append(fix)
            draft.fix, draft.remedy = None, draft.remedy or _TOGETHER
        draft.alternatives = [one for one in draft.alternatives if not _waits(context, one)]
    return found


def _waits(context: Context, fix: FixDraft) -> bool:
    return not all(context.elsewhere(one.kind) for one in fix.awaits)
