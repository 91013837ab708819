"""What may differ where the scopes of a hub that is made are active.

Owns the doubts about a block that was `with hub:`, as the scopes in the hub's place have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import GENERATOR_CONTEXT, ONE_CLIENT, OTHER_THREADS, Doubt, differs
from sentry_migrate.kit.context import Context
from sentry_migrate.plan import THREADS
from sentry_migrate.proof.call_graph import Moments
from sentry_migrate.proof.event_ids import IN_CLONE, read_in_clone
from sentry_migrate.proof.executed import contains
from sentry_migrate.proof.hub_activation import (
    binds_client,
    ends_span,
    pushes_scope,
    reads_client,
    starts_thread,
)
from sentry_migrate.proof.hub_identity import compared
from sentry_migrate.proof.thread_starts import starts_threads
from sentry_migrate.rewrite.hub_holders import Place
from sentry_migrate.rewrite.push_scope import BINDS

_PUSHED = differs("the hub is used while a scope is pushed in its own block, and misses its data")
_NONE = differs("the client is None in the block in 1.x, and one that sends nothing in 2.x")
SPAN_OF_CLIENT = ONE_CLIENT.about(
    "2.x sends a span with the client of the block it ends in, 1.x with that of where it was made"
)
_THREAD = differs(
    "a thread that the block starts sends with the client of the block in 2.x, in 1.x with that of"
    " the application"
)
_PUSHED_ELSEWHERE = OTHER_THREADS.about(
    "another thread may use the hub while a scope is pushed in its block, and misses its data"
)


def block_doubts(context: Context, block: cst.With, cloned: bool, empty: bool) -> Iterator[Doubt]:
    """Of any block of a hub, which is `cloned` from another one, or `empty`: without a client."""
    if contains(block.body, cst.Yield):
        yield GENERATOR_CONTEXT
    if binds_client(context, block):
        yield BINDS
    if empty and reads_client(context, block):
        yield _NONE
    if not cloned and ends_span(context, block):
        yield SPAN_OF_CLIENT
    if not cloned and starts_thread(context, block):
        yield _THREAD
    if cloned and read_in_clone(context, block):
        yield IN_CLONE
    if doubt := compared(context):
        yield doubt


def pushed_doubts(
    context: Context, blocks: Sequence[cst.With], target: Place, places: Sequence[Place]
) -> Iterator[Doubt]:
    """Of the blocks of a hub that is kept in `target`: in 1.x, a scope that is pushed in one of
    them is the hub's wherever it is used, in any of `places`."""
    pushing = [block for block in blocks if pushes_scope(context, block)]
    if not pushing:
        return
    used = Moments.of(context, places)
    if any(used.within(context, block) for block in pushing):
        yield _PUSHED
    home = context.function(target)
    is_shared = isinstance(target, cst.Attribute) or (
        isinstance(context.parent(target), cst.Param)
        or any(context.function(place) is not home for place in places)
    )
    if is_shared and (starts_threads(context) or context.elsewhere(THREADS)):
        yield _PUSHED_ELSEWHERE
