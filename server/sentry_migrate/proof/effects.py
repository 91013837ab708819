"""What code does besides working out values.

Owns one question, asked of a piece of code that is evaluated, and of a function that is called:
whether it may run code that reads or changes what Sentry sends. An operation on a value runs the
methods that classes of the text have for it, whatever the value is called; a function of the text
does what its body does; the rest is known from the tables of `library`, or unknown. Answers are in
words, empty for "nothing".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import FOREIGN_VALUES
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import ANY_NAME, later_key, member_key
from sentry_migrate.project.callers import CONSTRUCTORS
from sentry_migrate.project.plan_words import ANY_MEMBER
from sentry_migrate.proof.calls import OTHER_CODE, Calls
from sentry_migrate.proof.classes import Class, Classes, Member, all_members, path_of
from sentry_migrate.proof.data_types import is_builtin, is_data, is_literal, is_scalar
from sentry_migrate.proof.executed import awaits, executed
from sentry_migrate.proof.given_scopes import certain_scope, is_given
from sentry_migrate.proof.kept_functions import Kept, kept
from sentry_migrate.proof.library import (
    DEEP,
    LATER,
    PUSHED,
    SERIALIZED,
    STREAMS,
    TAKES_FUNCTION,
    TEXT_METHODS,
    WRITTEN,
)
from sentry_migrate.proof.module_getattr import computed_by
from sentry_migrate.proof.operations import is_stored, iterated, operations
from sentry_migrate.proof.patches import patched_properties
from sentry_migrate.python.bindings import Binding, BindingKind
from sentry_migrate.python.fixpoint import STEPS, Questions
from sentry_migrate.sdk.names import CAPTURES

Function = cst.FunctionDef | cst.Lambda


class Effects:
    """The effects of one text's code."""

    def __init__(self, context: Context, foreign: bool) -> None:
        self._context = context
        self._foreign = foreign
        self._classes = Classes.of(context)
        self._anywhere: dict[tuple[str, tuple[str, ...]], str] = {}
        self._descriptors: dict[str, bool] = {}
        self._kept = kept(context)
        self._properties = patched_properties(context)
        self._calls = Calls(context, self)
        # A function that calls itself does what the rest of it does.
        limits = "", "is too involved to follow", STEPS * len(context.tree.text)
        self._functions: Questions[cst.CSTNode, str] = Questions(self._body, *limits)
        self._paths: Questions[str, str] = Questions(self._of_path, *limits)
        self._asked: dict[str, str] = {}

    @staticmethod
    def of(context: Context, foreign: bool = False) -> Effects:
        """The one of a text; one of two, where the code of classes from outside of the project
        counts too, which `FOREIGN_VALUES` assumes to have no effects."""
        return _effects(context, foreign)

    # -- functions -------------------------------------------------------------------------------

    def function(self, function: cst.CSTNode) -> str:
        """What a call of a function or lambda of this text may do."""
        return self._functions.ask(function)

    def _body(self, function: cst.CSTNode) -> str:
        if isinstance(function, cst.ClassDef):
            return self._calls.made(self._classes.by_node.get(id(function)))
        if not isinstance(function, Function):
            return "calls something unknown"
        if isinstance(function, cst.FunctionDef) and function.asynchronous is not None:
            return "awaits"
        for node in executed(function.body):
            if awaits(node):
                return "awaits"
            if isinstance(node, cst.Yield):
                return "yields"
            reason = self._statement(node, function)
            if reason:
                return reason
        return ""

    def _statement(self, node: cst.CSTNode, function: Function) -> str:
        """As `node`, with what a function may do with a scope that it is given."""
        owner = None
        if isinstance(node, cst.Attribute):
            owner = certain_scope(self._context, node.value)
        if isinstance(node, cst.Name) and certain_scope(self._context, node):
            parent = self._context.parent(node)
            if not isinstance(parent, cst.Attribute | cst.Param):
                return "passes a scope on"
        if isinstance(node, cst.Call) and not is_given(self._context, node.func):
            called = self._sdk_call(node, function)
            if called is not None:
                return called
        if owner is None:
            return self.node(node)
        if owner.node is None or not _is_parameter(self._context, owner.node, function):
            return "changes a scope"
        name = node.attr.value if isinstance(node, cst.Attribute) else ""
        return "" if name in PUSHED else f"uses the scope's `{name}`"

    def _sdk_call(self, call: cst.Call, function: Function) -> str | None:
        """The answer for a call of the SDK in a function; None for any other."""
        trigger = self._context.values.trigger(call.func)
        kind, _, member = trigger.rpartition(".")
        if not trigger:
            return None
        if kind == "Scope" and member in PUSHED:
            return self.registered(call, member) or self.serialized(call)
        if kind in ("sentry_sdk", "Hub") and member in CAPTURES and not _given_scope(call):
            return self.serialized(call)
        return f"calls `{self._context.code(call.func)}()`"

    # -- nodes -----------------------------------------------------------------------------------

    def node(self, node: cst.CSTNode) -> str:
        """What evaluating a node that is not of the SDK may do, its parts aside."""
        if isinstance(node, cst.ClassDef | cst.Import | cst.ImportFrom | cst.Decorator):
            return "runs other code"
        if isinstance(node, cst.Call):
            return self._calls.call(node)
        if isinstance(node, cst.WithItem):
            return self._calls.entered(node.item)
        if isinstance(node, cst.Raise):
            cause = node.cause.item if node.cause is not None else None
            return next(filter(None, map(self._raised, filter(None, (node.exc, cause)))), "")
        if isinstance(node, cst.Attribute):
            return self._attribute(node)
        if isinstance(node, cst.MatchClass) and (reason := self._matched(node)):
            return reason
        looped = iterated(node)
        if looped is not None and not is_data(self._context, looped):
            return f"loops over `{self._context.code(looped)}`, {OTHER_CODE}"
        return next(filter(None, (self.hooks(*one) for one in operations(node))), "")

    def _raised(self, value: cst.BaseExpression) -> str:
        """What raising a value may do: a class is called."""
        bindings = self._context.scopes.reaching(value) if isinstance(value, cst.Name) else ()
        if is_builtin(self._context, value) or _all_are(bindings, "except"):
            return ""
        if self._calls.is_import(value) or _all_are(bindings, "class"):
            return self._calls.callable(value)
        if isinstance(value, cst.Call) and (
            is_builtin(self._context, value.func) or self._classes.called(value.func) is not None
        ):
            return ""
        made = [one.value for one in bindings if one.whole and isinstance(one.value, cst.Call)]
        if made and len(made) == len(bindings) and _all_are(bindings, "assign"):
            return next(filter(None, map(self._raised, made)), "")
        return self.hooks(value, CONSTRUCTORS)

    def serialized(self, call: cst.Call) -> str:
        """What the SDK may run when it sends the values that it is given here."""
        reasons = (self.hooks(arg.value, SERIALIZED, deep=True) for arg in call.args)
        return next(filter(None, reasons), "")

    def registered(self, call: cst.Call, member: str) -> str:
        """What a function may do that is registered to be called with events."""
        if member not in TAKES_FUNCTION:
            return ""
        return next(filter(None, (self._calls.callable(arg.value) for arg in call.args)), "")

    def hooks(self, value: cst.BaseExpression, names: Sequence[str], deep: bool = False) -> str:
        """What the methods `names` may do on a value, if it has any of them; if `deep`, they are
        called on all that it holds too."""
        if not names or (is_literal if deep else is_scalar)(self._context, value):
            return ""
        if is_data(self._context, value) and not deep:
            names = [name for name in names if name in DEEP]
        classes = self._possible(value)
        for name in names:
            reason = self._member(name, classes, ("method", "property", "stored"))
            if reason:
                return reason
        return self.foreign(value) if names else ""

    def foreign(self, value: cst.BaseExpression) -> str:
        """What code of a class from outside of the project may do with a value."""
        if not self._foreign or is_literal(self._context, value):
            return ""
        own = self._classes.of_receiver(value)
        if own is not None and not self._classes.family(own)[1]:
            return ""
        return FOREIGN_VALUES.reason

    def _possible(self, value: cst.BaseExpression) -> list[Class] | None:
        """The classes of this text that a value may have; None for any."""
        own = self._classes.of_receiver(value)
        if own is None:
            return None
        classes = self._classes.family(own)[0]
        return None if any(map(self._classes.is_generated, classes)) else classes

    def _member(
        self,
        name: str,
        classes: list[Class] | None,
        kinds: tuple[str, ...],
    ) -> str:
        if classes is not None:
            return self._first(name, self._classes.of_family(classes, name), kinds)
        key = name, kinds
        if key not in self._anywhere:
            self._anywhere[key] = self._first(name, self._classes.members(name), kinds)
        return self._anywhere[key]

    def _first(self, name: str, members: Iterable[Member], kinds: Sequence[str]) -> str:
        for member in members:
            if member.kind in kinds:
                reason = self.of_member(member)
                if reason:
                    return f"runs `{name}` of a class here, which {reason}"
        return self.elsewhere(name)

    def elsewhere(self, name: str) -> str:
        """What a member of this name may do in another file, or what is called in its place."""
        place = self._context.elsewhere(member_key(name))
        if place:
            return f"may run `{name}` of a class in {place}"
        return self._patched(name) or self.later(name)

    def _patched(self, name: str) -> str:
        """What reading a name may run where a test here has it be a property."""
        values = (value for one in self._properties.get(name, ()) for value in one.values)
        return next(filter(None, (self._of_kept(name, one) for one in values)), "")

    def later(self, operation: str) -> str:
        """What an operation may call that the library was given anywhere in the project."""
        streams = STREAMS if operation == "print" else ()
        return next(filter(None, map(self.kept, (*LATER.get(operation, ()), *streams))), "")

    def anytime(self) -> str:
        """What may run whatever the code does: what a signal calls, or what takes the place of the
        SDK's own functions."""
        return self.later("anything")

    def kept(self, path: str) -> str:
        """What may run that a function or variable of a library was given, or that takes its
        place."""
        return self._paths.ask(self._asked.setdefault(path, path))

    def _of_path(self, path: str) -> str:
        module = path.rpartition(".")[0]
        more = f"{module}.{ANY_NAME}" if module else ANY_MEMBER
        for key in (path, more) if "." in path else (path,):
            given = self._kept.get(key, ())
            reason = next(filter(None, (self._of_kept(path, one) for one in given)), "")
            if reason:
                return f"may run what `{path}` is given here, which {reason}"
            if place := self._context.elsewhere(later_key(key)):
                return f"may run what `{path}` is given in {place}"
        return ""

    def _of_kept(self, path: str, value: Kept) -> str:
        if isinstance(value, cst.FunctionDef):
            return self.function(value)
        if path_of(self._context, value).startswith("signal.SIG_"):
            return ""
        if path in STREAMS or path in LATER["print"]:
            return "" if is_scalar(self._context, value) else self.hooks(value, WRITTEN)
        return "" if is_literal(self._context, value) else self._calls.callable(value)

    def kept_with_effects(self) -> Iterator[tuple[str, cst.CSTNode]]:
        """What the library is given here that may do something when it is called later, with the
        path of what it is given to."""
        for path, values in self._kept.items():
            for value in values:
                if self._of_kept(path, value):
                    yield path, value
        for name, members in self._classes.by_member.items():
            for member in members:
                if member.kind == "stored" and member.known and self.of_member(member):
                    yield f".{name}", member.node

    def properties_with_effects(self) -> Iterator[tuple[str, cst.CSTNode]]:
        """The like of properties that a test has something else have."""
        for name, found in self._properties.items():
            if self._patched(name):
                yield name, found[0].node

    def of_member(self, member: Member) -> str:
        """What the code of a member may do."""
        if not member.known:
            return "cannot be followed"
        return self.function(member.node)

    def of_value(self, value: cst.CSTNode) -> str:
        """What calling the value of a name of a class may do, or one of those in it."""
        if isinstance(value, cst.Tuple | cst.List):
            return next(filter(None, (self.of_value(one.value) for one in value.elements)), "")
        if not isinstance(value, cst.BaseExpression):
            return "cannot be followed"
        return "" if is_literal(self._context, value) else self._calls.callable(value)

    # -- attributes ------------------------------------------------------------------------------

    def _attribute(self, node: cst.Attribute) -> str:
        holder = self._context.parent(node)
        if isinstance(holder, cst.Call) and holder.func is node:
            return ""  # asked of the call
        if reason := computed_by(self._context, node.value):
            return reason
        if self._calls.is_outside(node.value):
            return ""
        reason = self.read(node.value, node.attr.value)
        if not reason and is_stored(self._context.parent, node):
            reason = self.hooks(node.value, ("__delattr__", "__delete__", "__set__", "__setattr__"))
        return reason

    def _matched(self, pattern: cst.MatchClass) -> str:
        """What looking at the attributes of a subject may do, whose class is not known."""
        if pattern.patterns:
            return "matches attributes that `__match_args__` names"
        names = [one.key.value for one in pattern.kwds]
        reasons = (self._member(name, None, ("property",)) for name in names)
        return next(filter(None, reasons), FOREIGN_VALUES.reason if self._foreign else "")

    def read(self, value: cst.BaseExpression, name: str) -> str:
        """What reading an attribute may do."""
        classes = self._possible(value)
        reason = self._member(name, classes, ("property",))
        if not reason and self._described(name, classes):
            reason = f"reads `{name}`, which a descriptor may compute"
        if reason or is_data(self._context, value):
            return reason
        return self.hooks(value, ("__get__", "__getattr__", "__getattribute__"))

    def _described(self, name: str, classes: list[Class] | None) -> bool:
        """Whether the class may hold a descriptor by this name."""
        if classes is not None:
            return any(map(self._is_descriptor, all_members(classes, name)))
        if name not in self._descriptors:
            members = self._classes.members(name)
            self._descriptors[name] = any(map(self._is_descriptor, members))
        return self._descriptors[name]

    def _is_descriptor(self, member: Member) -> bool:
        if member.kind != "value" or not isinstance(member.node, cst.Call):
            return False
        return not is_data(self._context, member.node)

    def of_members(self, name: str) -> str:
        """What a method of this name may do, of whatever class in the project."""
        for member in self._classes.members(name):
            reason = self.of_member(member)
            if reason:
                return reason
        place = self._context.elsewhere(member_key(name))
        return f"may do anything in {place}" if place else self.later(name)

    # -- the whole text --------------------------------------------------------------------------

    def members_with_effects(self) -> Iterator[tuple[str, cst.CSTNode]]:
        """The members of classes here that may do something, as code elsewhere may meet them, and
        the like of the module, which may be taken for text."""
        for name, members in self._classes.by_member.items():
            for member in members:
                if member.kind in ("method", "property") and self.of_member(member):
                    yield name, member.node
                    break
        for name in TEXT_METHODS:
            for binding in self._context.scopes.module.bindings.get(name, ()):
                value = binding.value  # which may be what cannot be called
                data = isinstance(value, cst.BaseExpression) and is_data(self._context, value)
                if not data and not self._calls.is_pure(binding):
                    yield name, binding.node

    def callback(self, value: cst.BaseExpression) -> str:
        """What a function may do that is given to the SDK to be called."""
        return self._calls.callable(value)


@remembered
def _effects(context: Context, foreign: bool) -> Effects:
    return Effects(context, foreign)


def _all_are(bindings: Sequence[Binding], kind: BindingKind) -> bool:
    return bool(bindings) and all(one.kind == kind for one in bindings)


def _is_parameter(context: Context, node: cst.CSTNode, function: Function) -> bool:
    return isinstance(node, cst.Param) and context.function(node.name) is function


def _given_scope(call: cst.Call) -> bool:
    return len(call.args) != 1 or call.args[0].keyword is not None or bool(call.args[0].star)
