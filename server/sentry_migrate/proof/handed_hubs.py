"""Hubs that the functions of a file are given by others, and that it gives to theirs.

Owns how two files find each other: by the place of the module, the function's name and the number
of the argument. Such a parameter goes only together with what is given, so there must be just one
other file that may take the function, and that file has to say that it can do without. Refuses to
know how code is rewritten.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.plan import Elsewhere, gives_hub_key
from sentry_migrate.project.modules import (
    hub_parameters,
    place_of,
)
from sentry_migrate.project.taken_names import EVERYTHING, UNKNOWN, TakenNames
from sentry_migrate.proof.other_files import imported_place
from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.tree import Tree


def given_elsewhere(
    tree: Tree, path: PurePath | None, taken: TakenNames, rest: Elsewhere
) -> Iterator[cst.Param]:
    """The parameters that another file gives the active hub, and nobody else anything."""
    counts = {name: files for name, files, _ in taken}
    if path is None or EVERYTHING in counts or UNKNOWN in counts:
        return
    for function in tree.module.body:
        if isinstance(function, cst.FunctionDef) and counts.get(function.name.value) == 1:
            params = [*function.params.posonly_params, *function.params.params]
            for index, param in enumerate(params):
                if (function.name.value, param.name.value) in hub_parameters(tree.text):
                    if rest.ask(gives_hub_key(place_of(str(path)), function.name.value, index)):
                        yield param


def taken_as(context: Context, function: cst.FunctionDef, param: cst.Param) -> str:
    """The kind of code in other files that gives a parameter a hub; empty without other files."""
    if context.path is None or context.parent(function) is not context.tree.module:
        return ""
    params = [*function.params.posonly_params, *function.params.params]
    index = next(at for at, one in enumerate(params) if one is param)
    return gives_hub_key(place_of(str(context.path)), function.name.value, index)


def given_as(context: Context, binding: Binding, index: int) -> str:
    """The kind of code that gives a hub, at `index`, to an imported function of the project; empty
    where it is not known which function that is."""
    place = imported_place(context, binding)
    return gives_hub_key(place, binding.path.rpartition(".")[2], index) if place else ""
