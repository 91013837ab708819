"""Answers that several checks of one text share, so that each question is worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from sentry_migrate.kit.context import Context

_Rest = ParamSpec("_Rest")
_Answer = TypeVar("_Answer")


def remembered(
    function: Callable[Concatenate[Context, _Rest], _Answer],
) -> Callable[Concatenate[Context, _Rest], _Answer]:
    """Keep what the function answers on the context.

    Strings and numbers among its other arguments are told apart by value, all else by identity.
    The function must not call itself with the same arguments, and these must not change.
    """

    @wraps(function)
    def ask(context: Context, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Answer:
        given = (*rest, *named.values())
        key = (function, *(one if isinstance(one, str | int) else id(one) for one in given))
        known = context.memory.get(key)
        if known is None:
            # With the arguments, so that nothing else gets the id of one.
            known = context.memory[key] = (function(context, *rest, **named), given)
        answer: _Answer = known[0]
        return answer

    return ask
