"""Between data classes and what JSON has, for what crosses to children and what the cache keeps.

Owns what is written in another way than field by field.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from sentry_migrate.plan import Call
from sentry_migrate.project.callers import Callers

if TYPE_CHECKING:
    import cattrs


@cache
def converter() -> cattrs.Converter:
    """The one for all. Made when first needed: a command line that has nothing to ask need not
    load it."""
    import cattrs
    from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

    made = cattrs.Converter(forbid_extra_keys=True)
    # A character for each byte: JSON has no bytes, and source code is hardly ever longer this way.
    made.register_unstructure_hook(bytes, lambda data: data.decode("latin-1"))
    made.register_structure_hook(bytes, lambda text, _: text.encode("latin-1"))
    calls = override(unstruct_hook=packed, struct_hook=lambda flat, _: unpacked(flat))
    made.register_unstructure_hook(Callers, make_dict_unstructure_fn(Callers, made, calls=calls))
    made.register_structure_hook(
        Callers, make_dict_structure_fn(Callers, made, _cattrs_forbid_extra_keys=True, calls=calls)
    )
    return made


def packed(calls: Iterable[Call]) -> list[str | int]:
    """Calls as one list that `unpacked` reads: line, callee and caller of each, which is empty for
    the same as before. Hundreds in a file are as many objects otherwise."""
    flat: list[str | int] = []
    caller = ""
    for one in calls:
        flat += (one.line, one.callee, "" if one.caller == caller else one.caller)
        caller = one.caller
    return flat


def unpacked(flat: Sequence[str | int]) -> tuple[Call, ...]:
    """What `packed` was given. Raises ValueError and TypeError for anything else."""
    calls: list[Call] = []
    caller = ""
    for line, callee, named in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
        caller = str(named) or caller
        calls.append(Call(caller, str(callee), int(line)))
    return tuple(calls)
