"""Options that reach `sentry_sdk.init()` or `Client()`, wherever they were written.

Owns what an option is, and the forms in which a dictionary gets one. Refuses to know how they are
followed to the SDK.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from sentry_migrate.python.bindings import Binding

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
    """A dictionary of another module, or a field of a class, that is given to the SDK."""

    node: cst.CSTNode
    keys: tuple[str, ...]
    """Which of the options that 2.x refuses it has, or is."""
    field: bool = False
    """Whether it is a field, whose name is spelled at `node`."""


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
