"""What a call may do: of a function or class here, a builtin, the library, a method.

Owns telling what is called, and what the library is given to call later. Refuses to know what
operations do: `Effects` does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from string import Formatter
from typing import TYPE_CHECKING

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.project.callers import CONSTRUCTORS
from sentry_migrate.proof.classes import (
    PLAIN,
    Class,
    Classes,
    Member,
    all_members,
    decorator_path,
    path_of,
)
from sentry_migrate.proof.data_types import (
    is_builtin,
    is_data,
    is_file,
    is_literal,
    is_scalar,
    may_be_replaced,
)
from sentry_migrate.proof.derived_classes import READING, overridden
from sentry_migrate.proof.library import (
    BUILTINS,
    CALLED,
    CODED,
    COMPARING,
    DATA_METHODS,
    FILE_METHODS,
    GIVEN,
    HANDED_FUNCTIONS,
    HASHING,
    ITEMS,
    ITERATING,
    NAMED_ATTRIBUTE,
    PRINTS,
    SEARCHING,
    TEXT,
    TEXT_METHODS,
    ZONE,
    is_pure,
)
from sentry_migrate.proof.module_getattr import computed_by
from sentry_migrate.python.bindings import Binding, first_name

if TYPE_CHECKING:
    from sentry_migrate.proof.effects import Effects

OTHER_CODE = "which may run other code"
"""How an answer ends where nobody knows what runs."""


class Calls:
    """The calls of one text."""

    def __init__(self, context: Context, effects: Effects) -> None:
        self._context = context
        self._effects = effects
        self._classes = Classes.of(context)

    def call(self, call: cst.Call) -> str:
        """What a call may do, its arguments aside."""
        func = call.func
        unknown = f"calls `{self._context.code(func)}()`, which may change the scope"
        if isinstance(func, cst.Name):
            bindings = self._context.scopes.reaching(func)
            if not bindings:
                return (
                    self._builtin(call, func.value) if is_builtin(self._context, func) else unknown
                )
            return self._bound(bindings, call, unknown)
        library = self._library(call)
        if library is not None:
            return library
        if isinstance(func, cst.Attribute):
            return self._method(call, func, unknown)
        if isinstance(func, cst.Lambda):
            return self._effects.function(func)
        return unknown

    def _bound(self, bindings: Sequence[Binding], call: cst.Call, unknown: str) -> str:
        for binding in bindings:
            if may_be_replaced(self._context, binding):
                return unknown
            imported = binding.kind == "import"
            reason = self._library(call) if imported else self._of_binding(binding)
            if reason is None:
                return unknown
            if reason and not imported:
                return f"calls `{self._context.code(call.func)}()`, which {reason}"
            if reason:
                return reason
        return ""

    def _of_binding(self, binding: Binding) -> str | None:
        """What a call of what a name is bound to may do; None if that is unknown."""
        node = binding.node
        if binding.kind == "def" and isinstance(node, cst.FunctionDef):
            if "__code__" in self._context.scopes.attributes or any(
                decorator_path(self._context, one) not in _PLAIN for one in node.decorators
            ):
                return None
            return self._effects.function(node)
        if binding.kind == "class" and isinstance(node, cst.ClassDef):
            return self._effects.function(node)
        if binding.kind == "assign" and binding.whole and isinstance(binding.value, cst.Lambda):
            return self._effects.function(binding.value)
        return None

    def made(self, one: Class | None) -> str:
        """What making an instance of a class may do."""
        if one is None or any(
            decorator_path(self._context, each) not in PLAIN for each in one.node.decorators
        ):
            return "creates an instance of a class that is not visible"
        classes, unclear = self._classes.family(one)
        if unclear:
            return "creates an instance of a class with bases that are not visible"
        for at in filter(self._classes.is_generated, classes):
            for member in (one for found in at.members.values() for one in found):
                if reason := self._filled_in(member):
                    return reason
        for name in (*CONSTRUCTORS, "_missing_"):
            if name == "__call__":
                continue
            for member in all_members(classes, name):
                reason = self._effects.of_member(member)
                if reason:
                    return reason
        return ""

    def _filled_in(self, member: Member) -> str:
        """What the `__init__` that a decorator writes may do with a field's default."""
        if member.kind != "value" or not isinstance(member.node, cst.Call):
            return ""
        given = (arg for arg in member.node.args if arg.keyword is not None)
        made = [arg.value for arg in given if arg.keyword and arg.keyword.value in _FACTORIES]
        reasons = (self.callable(value) for value in made)
        return next(filter(None, reasons), "") or self._effects.hooks(
            member.node, () if made else ("__get__", "__set__")
        )

    def _builtin(self, call: cst.Call, name: str) -> str:
        context = self._context
        given = [arg.value for arg in call.args if arg.keyword is None and not arg.star]
        for arg in call.args:
            if arg.keyword is None:
                continue
            if arg.keyword.value in ("key", "default") and name != "getattr":
                reason = self.callable(arg.value) if arg.keyword.value == "key" else ""
                if reason:
                    return reason
            elif arg.keyword.value == "opener":
                if reason := self.callable(arg.value):
                    return reason
            elif arg.keyword.value == "file" and not _is_stream(context, arg.value):
                return f"writes to `{context.code(arg.value)}`, {OTHER_CODE}"
        later = "print" if name == "print" else "encode" if name in CODED else ""
        reason = self._effects.kept(f"builtins.{name}")
        reason = reason or (self._effects.later(later) if later else "")
        if reason:
            return reason
        if name in NAMED_ATTRIBUTE and len(given) > 1:
            literal = given[1]
            text = literal.evaluated_value if isinstance(literal, cst.SimpleString) else None
            if not isinstance(text, str):
                return f"reads an attribute by a name that is computed, {OTHER_CODE}"
            return computed_by(context, given[0]) or self._effects.read(given[0], text)
        if name == "type" and len(given) == 3:
            return "makes a class"
        if name in ITERATING and (name not in ("max", "min") or len(given) == 1):
            for value in given[: None if name == "zip" else 1]:
                if not is_data(context, value):
                    return f"loops over `{context.code(value)}`, {OTHER_CODE}"
        taken = (arg.value for arg in call.args if _is_operand(arg))
        return next(
            filter(None, (self._effects.hooks(value, BUILTINS[name]) for value in taken)), ""
        )

    def _library(self, call: cst.Call) -> str | None:
        """What a function of an imported module may do; None if it is not known."""
        path = path_of(self._context, call.func)
        if not self.is_import(call.func) or not is_pure(path):
            return None
        first = first_name(call.func)
        if first is not None and any(
            may_be_replaced(self._context, one) for one in self._context.scopes.reaching(first)
        ):
            return None
        if reason := self._effects.kept(path):
            return reason
        for index, arg in enumerate(call.args):
            keyword = arg.keyword.value if arg.keyword is not None else ""
            called = keyword in HANDED_FUNCTIONS or (not keyword and CALLED.get(path) == index)
            if called or arg.star == "**" or isinstance(arg.value, cst.Lambda):
                plain = is_literal if arg.star else is_data
                reason = "" if plain(self._context, arg.value) else self.callable(arg.value)
            else:
                reason = self._argument(arg.value)
            if reason:
                return reason
        return self._effects.later("print") if path.startswith(PRINTS) else ""

    def is_import(self, func: cst.BaseExpression) -> bool:
        """Whether the name that an expression begins with is an imported one."""
        while isinstance(func, cst.Attribute):
            func = func.value
        bindings = self._context.scopes.reaching(func) if isinstance(func, cst.Name) else ()
        return bool(bindings) and all(one.kind == "import" for one in bindings)

    def is_outside(self, owner: cst.BaseExpression) -> bool:
        """Whether an attribute's owner is certainly a module, or from the library, so that no class
        of the project has the attribute."""
        if not self.is_import(owner):
            return False
        home = path_of(self._context, owner).partition(".")[0]
        return home == "sentry_sdk" or home in sys.stdlib_module_names or self._is_module(owner)

    def _is_module(self, owner: cst.BaseExpression) -> bool:
        """Whether a method's owner is a module, whose functions may have any name."""
        name = first_name(owner)
        imported = () if name is None else self._context.scopes.reaching(name)
        path = path_of(self._context, owner)
        return bool(path) and any(
            f"{one.evaluated_name}.".startswith(f"{path}.")
            for binding in imported
            if isinstance(binding.statement, cst.Import)
            for one in binding.statement.names
        )

    def _argument(self, value: cst.BaseExpression) -> str:
        """What a library function may run of a value that it is given."""
        if is_scalar(self._context, value):
            return ""
        if isinstance(value, cst.Name):
            kinds = {one.kind for one in self._context.scopes.reaching(value)}
            if kinds & {"def", "class", "import"}:
                return self.callable(value)
        if isinstance(value, cst.Attribute):
            for member in self._classes.members(value.attr.value):
                if member.kind == "method":
                    reason = self._effects.of_member(member)
                    if reason:
                        return f"passes on `{value.attr.value}`, which {reason}"
        return self._effects.hooks(value, GIVEN, deep=True)

    def is_pure(self, binding: Binding) -> bool:
        """Whether a call of what a name is bound to is known to do nothing."""
        if binding.kind == "import":
            return is_pure(binding.path)
        return self._of_binding(binding) == ""

    def callable(self, value: cst.BaseExpression) -> str:
        """What calling a value may do."""
        if isinstance(value, cst.Lambda):
            return self._effects.function(value)
        if isinstance(value, cst.Name):
            bindings = self._context.scopes.reaching(value)
            if not bindings:
                known = is_builtin(self._context, value) or value.value in ("None", "True", "False")
                return "" if known else f"calls `{value.value}`, {OTHER_CODE}"
            if all(map(self.is_pure, bindings)):
                return ""
        elif isinstance(value, cst.Attribute):
            first = path_of(self._context, value)
            if first and (is_pure(first) or first.partition(".")[0] in BUILTINS):
                return ""
            own, name = self._classes.of_receiver(value.value), value.attr.value
            classes, unclear = self._classes.family(own) if own is not None else ([], True)
            members = self._classes.of_family(classes, name)
            if members and not (unclear or self._members(members, name)):
                return self._overridden(value.value, name)
        return f"calls `{self._context.code(value)}`, {OTHER_CODE}"

    def _method(self, call: cst.Call, func: cst.Attribute, unknown: str) -> str:
        context, name, owner = self._context, func.attr.value, func.value
        given = [arg.value for arg in call.args if arg.keyword is None]
        own = self._classes.of_receiver(owner)
        if own is not None:
            classes, unclear = self._classes.family(own)
            members = self._classes.of_family(classes, name)
            if members:
                return self._members(members, name) or self._overridden(owner, name)
            if not unclear or name not in TEXT_METHODS:
                return unknown
        if self._is_module(owner):
            return unknown
        if is_file(context, owner) and name in FILE_METHODS:
            return ""
        if name == "join" and len(given) != 1:  # of a thread or a queue
            return unknown
        if name in ("join", "extend", "update") and not all(is_data(context, one) for one in given):
            return unknown
        data = is_data(context, owner)
        if not (name in TEXT_METHODS or (name in DATA_METHODS and data)):
            return unknown
        if name in ("format", "format_map"):
            reason = self._filled(owner, [arg.value for arg in call.args])
            if reason:
                return reason
        if name == "sort":
            reason = next(filter(None, (self.callable(arg.value) for arg in call.args)), "")
            return reason or self._effects.hooks(owner, COMPARING)
        reason = (
            self._effects.later(name) if data else self._members(self._classes.members(name), name)
        )
        if not reason and not data:
            reason = self._effects.elsewhere(name) or self._effects.foreign(owner)
        if not reason and name in (SEARCHING if data else TEXT_METHODS):
            reason = self._effects.hooks(owner, HASHING if data else ZONE)
        hooks = (*TEXT, *HASHING, "__index__") if name != "append" else ()
        return reason or next(filter(None, (self._effects.hooks(one, hooks) for one in given)), "")

    def _filled(self, template: cst.BaseExpression, given: Sequence[cst.BaseExpression]) -> str:
        """What a template may read of the values that it is filled with."""
        values = [one for one in given if not is_scalar(self._context, one)]
        literal = template.evaluated_value if isinstance(template, cst.SimpleString) else None
        if not isinstance(literal, str):
            return f"fills a template with `{self._context.code(values[0])}`" if values else ""
        try:
            fields = [field for _, field, _, _ in Formatter().parse(literal) if field]
        except ValueError:
            return ""
        names = {name for field in fields for name in _PART.findall(field)}
        hooks = ITEMS if any("[" in field for field in fields) else ()
        reasons = (
            reason
            for value in values
            for reason in (
                self._effects.hooks(value, hooks),
                *(self._effects.read(value, name) for name in sorted(names)),
            )
        )
        return next(filter(None, reasons), "")

    def _overridden(self, owner: cst.BaseExpression, name: str) -> str:
        """What may run in place of a method of a class here: what is put there, or a method that a
        class of another file has."""
        own = self._classes.of_receiver(owner)
        classes = self._classes.family(own)[0] if own is not None else []
        return (
            self._effects.kept(f".{name}")
            or self._members(all_members(classes, READING), READING)
            or overridden(self._context, self._effects.elsewhere, owner, name)
        )

    def _members(self, members: Sequence[Member], name: str) -> str:
        for member in members:
            if member.kind == "value" or (member.kind == "stored" and not member.known):
                reason = self._effects.of_value(member.node)
            else:
                called = member.kind in ("method", "stored")
                reason = self._effects.of_member(member) if called else "cannot be followed"
            if reason:
                return f"calls `{name}()` of a class here, which {reason}"
        return ""

    def entered(self, manager: cst.BaseExpression) -> str:
        """What entering and leaving a context manager may do, making it aside."""
        unknown = f"enters `{self._context.code(manager)}`, {OTHER_CODE}"
        if not isinstance(manager, cst.Call):
            return unknown
        if (own := self._classes.called(manager.func)) is None:
            return ""
        classes, unclear = self._classes.family(own)
        if unclear:
            return unknown
        members = [*all_members(classes, "__enter__"), *all_members(classes, "__exit__")]
        return self._members(members, "__enter__")


_PART = re.compile(r"\.([^.\[]+)")
_FACTORIES = ("default_factory", "factory")
_PLAIN = frozenset(("functools.cache", "functools.lru_cache", "functools.wraps", "staticmethod"))


def _is_operand(arg: cst.Arg) -> bool:
    """Whether an argument of a builtin is what that converts or compares."""
    return arg.keyword is None or arg.keyword.value not in ("default", "file", "key")


def _is_stream(context: Context, value: cst.BaseExpression) -> bool:
    return path_of(context, value) in ("sys.stdout", "sys.stderr", "None")
