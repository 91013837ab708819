"""Which options reach the same `init()`, and what of that is out of view.

Owns following a dictionary of options to every call it serves, and the doubts that follow: options
given on one path only, mappings from elsewhere, dictionaries that serve other ends too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

from sentry_migrate.doubts import UNSEEN_OPTIONS, Doubt
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import attributes_by_name, strings_by_text
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.held_options import REFUSED
from sentry_migrate.proof.made_names import made_name
from sentry_migrate.proof.mappings import Variable, is_closed, serves_init, variable_of
from sentry_migrate.python.bindings import Binding, dotted, walk
from sentry_migrate.python.caught import catches
from sentry_migrate.sdk.options import COPIES, TARGETS, Option, makes_mapping
from sentry_migrate.sdk.spelled_options import read_of


def options_of(context: Context, call: cst.Call) -> Sequence[Option]:
    """The options that reach a call, those of a dictionary it shares with others included."""
    return _options(context).get(id(call), ())


@remembered
def _options(context: Context) -> dict[int, list[Option]]:
    """The options that reach each call, by its id."""
    found: dict[int, list[Option]] = {}
    for option in (use.option for use in context.uses if use.option is not None):
        for call in calls_of(context, option):
            found.setdefault(id(call), []).append(option)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Reached:
    """The calls that the options of one dictionary reach, the same for all of them."""

    calls: Sequence[cst.Call]
    given: dict[tuple[str, ...], Sequence[Option]] = field(default_factory=dict)
    doubts: dict[tuple[str, ...], Doubt | None] = field(default_factory=dict)


def calls_of(context: Context, option: Option) -> Sequence[cst.Call]:
    """The `init()` and `Client()` calls that an option reaches."""
    return _reached(context, option).calls


def _reached(context: Context, option: Option) -> _Reached:
    names = [] if option.direct else _variables(context, option)
    variables = [one for name in names if (one := variable_of(context, name)) is not None]
    return _reached_by(context, option.call, *variables)


@remembered
def _reached_by(context: Context, call: cst.Call, *variables: Variable) -> _Reached:
    calls = [call]
    for load in (load for one in variables for load in context.scopes.reads_beside(one[0])):
        for holder in context.tree.holders(load, cst.Call):
            if context.values.path(holder.func) in TARGETS:
                calls.append(holder)
    return _Reached(list(dict.fromkeys(calls)))


def given(context: Context, option: Option, *keys: str) -> Sequence[Option]:
    """The options with one of these names that go to `init()` together with `option`.

    The same list for all options that go there together.
    """
    reached = _reached(context, option)
    if keys not in reached.given:
        found = (other for call in reached.calls for other in options_of(context, call))
        reached.given[keys] = list(dict.fromkeys(one for one in found if one.key in keys))
    return reached.given[keys]


def comes_with(context: Context, option: Option, other: Option) -> bool:
    """Whether `other` is certainly given whenever `option` is."""
    tree = context.tree
    if other.container is option.container and other.form != "store":
        return True
    here = tree.statement(other.name)
    if isinstance(tree.enclosing(other.name, *_CHOOSING), cst.IfExp | cst.BooleanOperation):
        return False
    if other.direct:
        return True
    names = _variables(context, other)
    if other.form == "store" or not isinstance(tree.parent(names[0]) if names else None, _TARGET):
        return tree.parent(here) is tree.parent(tree.statement(option.name))
    scope = context.scopes.lookup(names[0].value, context.scopes.scope_of(names[0]))
    return scope is not None and len(scope.bindings[names[0].value]) == 1


_CHOOSING: tuple[type[cst.CSTNode], ...] = (
    *(cst.IfExp, cst.BooleanOperation, cst.SimpleStatementLine, cst.BaseCompoundStatement),
)
_TARGET = (cst.AssignTarget, cst.AnnAssign, cst.NamedExpr)


def for_both_versions(context: Context, call: cst.CSTNode) -> bool:
    """Whether the call is one of two attempts: with new options, and with old ones if they fail."""
    for holder in context.tree.holders(call, cst.Try, cst.FunctionDef, cst.ClassDef, cst.Lambda):
        if not isinstance(holder, cst.Try):
            return False
        if catches(holder, "TypeError"):
            return _calls_twice(context, holder)
    return False


@remembered
def _calls_twice(context: Context, attempt: cst.Try) -> bool:
    """Whether more than one part of a `try` gives options."""
    parts: list[cst.CSTNode] = [attempt.body, *attempt.handlers]
    return sum(1 for part in parts if _calls_sdk(context, part)) > 1


def _calls_sdk(context: Context, part: cst.CSTNode) -> bool:
    return any(
        isinstance(node, cst.Call) and context.values.path(node.func) in TARGETS
        for node in walk(part)
    )


def doubt(context: Context, option: Option, *keys: str) -> Doubt | None:
    """Why it is not proved that `option` is the only one to matter; None when it is.

    `keys` are the names that a dictionary out of view would have to be free of.
    """
    reached = _reached(context, option)
    asked = (option.key, str(option.direct), *keys)
    if asked not in reached.doubts:
        reached.doubts[asked] = _doubt(context, option, " or ".join(f"`{key}`" for key in keys))
    return reached.doubts[asked]


def _doubt(context: Context, option: Option, names: str) -> Doubt | None:
    for call in calls_of(context, option):
        if context.values.path(call.func) not in TARGETS:
            code = context.code(call.func)
            return UNSEEN_OPTIONS.about(
                f"`{code}()` is in another file, and may use {names} itself"
            )
        for arg in call.args:
            if arg.star and not is_closed(context, arg.value, option.key):
                code = f"{arg.star}{context.code(arg.value)}"
                return UNSEEN_OPTIONS.about(f"`{code}` may contain {names} too")
    if not option.direct:
        names_of = _variables(context, option)
        if not names_of:
            return UNSEEN_OPTIONS.about(
                f"what has `{option.key}` may serve other ends than `init()`"
            )
        for node in names_of:
            scope = context.scopes.lookup(node.value, context.scopes.scope_of(node))
            if scope is context.scopes.module and context.imports.is_taken(node.value):
                return UNSEEN_OPTIONS.about(f"`{node.value}` is also used in other files")
            if not serves_init(context, node, option.key):
                return UNSEEN_OPTIONS.about(
                    f"`{node.value}` is also used for something other than `init()`"
                )
    return None


def becomes_a_name(context: Context, option: Option) -> Doubt | None:
    """Why something else may change with the name of an option: code makes other names of it."""
    if option.direct:
        return None
    return made_name(context, {one.value for one in _variables(context, option)})


def reads_of(context: Context, option: Option) -> Sequence[cst.SimpleString]:
    """Where an option is read from the variable whose dictionary it is written in, or from what a
    function is given and passes on."""
    variables = (
        [] if option.direct else [variable_of(context, n) for n in _variables(context, option)]
    )
    own = _reads(context, option.key, *(one for one in variables if one is not None))
    given = (read for call in calls_of(context, option) for read in passed(context, call))
    return [*dict.fromkeys((*own, *(one for one in given if one.raw_value == option.key)))]


@remembered
def _reads(context: Context, key: str, *variables: Variable) -> Sequence[cst.SimpleString]:
    loads = {id(load) for one in variables for load in context.scopes.reads_beside(one[0])}
    return _read_from(context, loads, key)


def _read_from(context: Context, loads: set[int], *keys: str) -> Sequence[cst.SimpleString]:
    every = strings_by_text(context)
    texts = (text for key in (keys if loads else ()) for text in every.get(key, ()))
    return [text for text in texts if id(read_of(context.tree, text)) in loads]


@remembered
def passed(context: Context, call: cst.Call) -> Sequence[cst.SimpleString]:
    """Where options that 2.x refuses are read from what a function is given and passes on to a
    call: `options.get("key")` of `**options`, `self.options["key"]` if that is kept there."""
    found: set[int] = set()
    for arg in call.args:
        loads, is_given = _loads_of(context, arg.value) if arg.star == "**" else (set(), False)
        found |= loads if is_given else set()
    return _read_from(context, found, *REFUSED)


def passes_on(context: Context, call: cst.Call) -> bool:
    """Whether a call gets what a function around it is given."""
    return any(_loads_of(context, arg.value)[1] for arg in call.args if arg.star == "**")


@remembered
def _loads_of(context: Context, given: cst.BaseExpression) -> tuple[set[int], bool]:
    """The ids of what reads a dictionary, or what it is made of, and whether that is given to a
    function."""
    found: set[int] = set()
    seen: set[str | Binding] = set()
    waiting: list[cst.CSTNode] = [given]
    is_given = False
    while waiting:
        node = waiting.pop()
        if isinstance(node, cst.Attribute) and node.attr.value not in seen:
            seen.add(node.attr.value)
            found |= {id(one) for one in attributes_by_name(context).get(node.attr.value, ())}
            stored = context.scopes.attributes.get(node.attr.value, ())
            waiting += (one for _, one in stored if isinstance(one, cst.CSTNode))
        elif isinstance(node, cst.Name):
            for binding in context.scopes.reaching(node):
                if binding not in seen:
                    seen.add(binding)
                    is_given = is_given or binding.kind == "param"
                    found |= {id(one) for one in context.scopes.reads_beside(binding)}
                    waiting += [binding.value] if isinstance(binding.value, cst.CSTNode) else []
        else:
            waiting += _parts(context, node)
    return found, is_given


def _parts(context: Context, node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """The dictionaries that a new one is made of."""
    if isinstance(node, cst.Dict):
        return [one.value for one in node.elements if isinstance(one, cst.StarredDictElement)]
    if isinstance(node, cst.BooleanOperation | cst.BinaryOperation):
        return [node.left, node.right]
    if isinstance(node, cst.Call):
        if isinstance(node.func, cst.Attribute) and node.func.attr.value == "copy":
            return [node.func.value, *(one.value for one in node.args)]
        if makes_mapping(context.scopes, node.func) or dotted(node.func) in COPIES:
            return [one.value for one in node.args if one.keyword is None]
    return []


_TAKING: tuple[type[cst.CSTNode], ...] = (
    *(cst.Subscript, cst.Call, cst.AnnAssign, cst.AugAssign, cst.NamedExpr, cst.Assign),
)


def _variables(context: Context, option: Option) -> list[cst.Name]:
    """The names of the variable that holds the dictionary an option is written in."""
    for node in context.tree.holders(option.name, *_TAKING):
        if isinstance(node, cst.Subscript) and isinstance(node.value, cst.Name):
            return [node.value]
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            return [node.func.value] if isinstance(node.func.value, cst.Name) else []
        if isinstance(node, cst.AnnAssign | cst.AugAssign | cst.NamedExpr):
            return [node.target] if isinstance(node.target, cst.Name) else []
        if isinstance(node, cst.Assign):
            targets = [target.target for target in node.targets]
            return [target for target in targets if isinstance(target, cst.Name)]
    return []
