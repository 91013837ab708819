"""Options that reach `sentry_sdk.init()` or `Client()`, wherever they were written.

Owns what an option is, and the forms in which a dictionary gets one. Refuses to know how they are
followed to the SDK.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from sentry_migrate.python.bindings import Binding, dotted
from sentry_migrate.python.scopes import Scopes

Form = Literal["keyword", "entry", "store"]
"""`f(key=value)`; `{"key": value}`; `options["key"] = value` and `setdefault("key", value)`."""

TARGETS = ("sentry_sdk.init", "sentry_sdk.Client")


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One option given to the SDK."""

    key: str
    name: cst.CSTNode
    """The keyword's Name, or the key's string."""
    value: cst.BaseExpression
    form: Form
    holder: cst.CSTNode
    """The Arg, DictElement, Assign or Call that gives it."""
    container: cst.CSTNode
    """The Call or Dict whose entry `holder` is; the same node for options given together."""
    call: cst.Call
    """The `init()` or `Client()` call it reaches."""
    direct: bool
    """Whether it is written in that call or in a literal given to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Elsewhere:
    """A dictionary of another module, a field of a class, or a computed name of an option, that is
    given to the SDK."""

    node: cst.CSTNode
    keys: tuple[str, ...]
    """Which of the options that 2.x refuses it has, or is."""
    field: bool = False
    """Whether it is a field, whose name is spelled at `node`."""
    places: tuple[str, ...] = ()
    """Where the words are that are the names, see `named_options`."""


def takes_the_rest(binding: Binding) -> bool:
    """Whether a variable is the `**options` of a function."""
    function = binding.scope.node
    if binding.kind != "param" or not isinstance(function, cst.FunctionDef):
        return False
    rest = function.params.star_kwarg
    return rest is not None and rest.name.value == binding.name


def subscript_key(node: cst.Subscript) -> cst.SimpleString | None:
    """The string of `x["key"]`."""
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        value = node.slice[0].slice.value
        if isinstance(value, cst.SimpleString):
            return value
    return None


def merged_into(node: cst.CSTNode | None) -> cst.BaseExpression | None:
    """The dictionary that `x |= dictionary` adds to a variable."""
    if isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Name | cst.Attribute):
        return node.value if isinstance(node.operator, cst.BitOrAssign) else None
    return None


def siblings(option: Option, options: Sequence[Option]) -> list[Option]:
    """The other options that reach the same `init()` or `Client()` call."""
    return [other for other in options if other.call is option.call and other is not option]


def items_of(node: cst.DictComp) -> cst.BaseExpression | None:
    """The dictionary that a comprehension goes through, with its keys."""
    func = node.for_in.iter.func if isinstance(node.for_in.iter, cst.Call) else None
    pair = node.for_in.target
    goes = isinstance(func, cst.Attribute) and func.attr.value == "items"
    if not goes or not isinstance(func, cst.Attribute) or not isinstance(pair, cst.Tuple):
        return None
    return func.value if dotted(pair.elements[0].value) == dotted(node.key) else None


def fields_of(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The instance whose fields an expression gives as a dictionary: `asdict(x)`, `vars(x)`,
    `x.__dict__`."""
    if isinstance(node, cst.Attribute):
        return node.value if node.attr.value == "__dict__" else None
    if not isinstance(node, cst.Call):
        return None
    name = dotted(node.func).rpartition(".")[2]
    if isinstance(node.func, cst.Attribute) and name in ("_asdict", "model_dump", "dict"):
        return node.func.value
    return node.args[0].value if name in ("asdict", "vars") and len(node.args) == 1 else None


MAKES = ("dict", "ChainMap", "collections.ChainMap", "OrderedDict", "collections.OrderedDict")
COPIES = ("copy", "deepcopy", "copy.copy", "copy.deepcopy")


def makes_mapping(scopes: Scopes, func: cst.BaseExpression) -> bool:
    """Whether a call gives a dictionary of its keywords."""
    bindings = scopes.reaching(func) if isinstance(func, cst.Name) else ()
    made = bindings[0].node if len(bindings) == 1 else None
    own = scopes.scopes[id(made)].bindings if isinstance(made, cst.ClassDef) else {}
    bases = made.bases if isinstance(made, cst.ClassDef) and "__init__" not in own else ()
    names = {dotted(one.value).rpartition(".")[2] for one in bases}
    return dotted(func) in MAKES or bool(names & {"dict", "TypedDict"})
