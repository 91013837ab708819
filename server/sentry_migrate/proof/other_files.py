"""What a call calls in other files, and what other files call here: by name, for the plan.

Owns the names under which the functions of two files find each other. Refuses to know what a
function does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.plan import function_key
from sentry_migrate.project.callers import CONSTRUCTORS
from sentry_migrate.project.modules import directory_of, last_part, named_place
from sentry_migrate.proof.call_graph import own_module
from sentry_migrate.python.bindings import Binding, dotted, first_name


def name_outside(context: Context, node: cst.CSTNode) -> str:
    """How other files call a function of this text; empty where they cannot."""
    module, holder = own_module(context), context.parent(node)
    if not module or holder is None or not isinstance(node, cst.FunctionDef):
        return ""
    outer = context.function(holder)
    if outer is context.tree.module:
        return function_key(module, node.name.value)
    if not isinstance(outer, cst.ClassDef):
        return ""
    made = node.name.value in CONSTRUCTORS
    return function_key(module, outer.name.value) if made else function_key("", node.name.value)


def called_outside(context: Context, func: cst.CSTNode) -> Iterator[str]:
    """What a call of `func` may call in another file."""
    first = first_name(func)
    bindings = () if first is None else context.scopes.reaching(first)
    rest = dotted(func).split(".")[1:]
    for binding in bindings:
        if binding.kind == "import":
            *homes, module, name = ["", *binding.path.split("."), *rest]
            if homes and not module and context.path is not None:  # `from . import name`
                dots = "." * len(homes)
                module = last_part(named_place(directory_of(str(context.path)), dots))
            yield function_key(module, name)
    if isinstance(func, cst.Attribute):
        if not _is_foreign(bindings):
            yield function_key("", func.attr.value)
    elif isinstance(func, cst.Name) and not bindings:
        for star in context.scopes.module.bindings.get("*", ()):
            yield function_key(star.path.rpartition(".")[2], func.value)


def _is_foreign(bindings: Sequence[Binding]) -> bool:
    """Whether a name is known to be of the SDK or Python itself, which have no methods of ours."""
    foreign = {"sentry_sdk", *sys.stdlib_module_names}
    return bool(bindings) and all(
        one.kind == "import" and one.path.partition(".")[0] in foreign for one in bindings
    )
