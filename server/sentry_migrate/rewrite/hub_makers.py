"""Several hubs that one parameter is given → scopes for all of them, by one fix.

Owns what else has to be replaced with a hub, as the function that takes it takes others too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.index import uses_at
from sentry_migrate.proof.hub_activation import is_client
from sentry_migrate.rewrite.hub_holders import NoForm, passed_on
from sentry_migrate.rewrite.hub_members import NO_CLIENT
from sentry_migrate.rewrite.hub_takers import Taken
from sentry_migrate.rewrite.scope_pairs import Scopes, of_active, of_clone, with_client


class Takers:
    """What takes the hubs which a fix replaces."""

    def __init__(self, context: Context, fix: FixDraft, made: cst.CSTNode) -> None:
        self._context = context
        self._fix = fix
        self._made = {id(made)}
        self._taken: dict[int, tuple[Taken, Scopes]] = {}
        self.handed: set[int] = set()
        """The places, by id, that give them scopes now."""

    def take(self, taken: Taken, scopes: Scopes) -> bool:
        """Whether a taker gets scopes for the first time. Raises NoForm where they are of another
        kind than those before."""
        key = id(taken.node)
        if key not in self._taken:
            self._taken[key] = taken, scopes
            return True
        if _kind(self._taken[key][1]) != _kind(scopes):
            raise NoForm(f"`{self._context.code(taken.place)}` is another kind of hub elsewhere")
        return False

    def makers(self) -> Iterator[tuple[cst.BaseExpression, Scopes]]:
        """What makes the other hubs that they are given, and the scopes in their place.
        Raises NoForm and NoName."""
        for taken, scopes in [*self._taken.values()]:
            for one in taken.given:
                if id(one) not in self.handed:
                    maker = self._maker(one)
                    if id(maker) not in self._made:
                        self._made.add(id(maker))
                        yield maker, self._scopes(maker, scopes)

    def _maker(self, given: cst.BaseExpression) -> cst.BaseExpression:
        """What makes the hub that is given, or the one which that is a clone of."""
        values, node = self._context.values, None
        hub = values.instance(given, "Hub")
        while hub is not None and hub.node is not node:
            node = hub.node
            if hub.origin == "clone" and isinstance(node, cst.Call):
                origin = values.instance(node.args[0].value, "Hub")
                hub = origin if origin is not None and origin.origin != "current" else hub
        if not isinstance(node, cst.BaseExpression) or id(node) in self._made:
            raise passed_on(self._context, given)
        return node

    def _scopes(self, maker: cst.BaseExpression, like: Scopes) -> Scopes:
        """The scopes in the place of a hub, of the kind that the parameter takes already."""
        context, fix = self._context, self._fix
        hub = context.values.instance(maker, "Hub")
        call = maker if isinstance(maker, cst.Call) else None
        use = next(iter(uses_at(context, call.func if call is not None else maker)), None)
        origin = hub.origin if hub is not None else ""
        if use is None:
            raise passed_on(context, maker)
        if origin == "current":
            found = of_active(fix, use)
            found = found if like.current else dataclasses.replace(found, current="")
        elif origin == "clone":
            found = of_clone(fix, use, alone=not like.current)
        elif origin == "client" and call is not None and len(call.args) == 1:
            client = call.args[0].value
            found = with_client(fix, use, context.code(client), inactive=like.inactive)
            if not is_client(context, client):
                fix.unsafe(NO_CLIENT)
        else:
            raise passed_on(context, maker)
        if _kind(found) != _kind(like):
            raise NoForm(f"`{context.code(maker)}` is another kind of hub")
        return found


def _kind(scopes: Scopes) -> Scopes:
    """What code that gets scopes has to know of them."""
    current = "current" if scopes.current else ""
    return dataclasses.replace(scopes, isolation="", current=current, shared=False)
