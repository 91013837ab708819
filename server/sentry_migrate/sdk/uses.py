"""Every place where a text uses sentry_sdk, as a flat list.

Owns what counts as a use and what it is called (its trigger):

* `sentry_sdk.push_scope` - a reference to a name of the SDK, however it was imported
* `Hub.client` - a member of an instance the value model knows
* `=Hub` - an expression that gives such an instance
* `import:sentry_sdk.hub.Hub` - an imported name, as written; `import:=sentry_sdk.Hub`, what it is
* `class:sentry_sdk.transport.Transport` - a class with this base
* `option:with_locals` - an option that reaches `init()` or `Client()`
* `elsewhere:with_locals` - a dictionary of another module with an option, which reaches `init()`
* `threading:propagate_hub` - an option that reaches `ThreadingIntegration()`
* `field:with_locals` - a field of a class that is an option of that name, which reaches `init()`
* `spelled:with_locals` - a word that may be an option, where nothing connects it with `init()`
* `rest:with_locals` - a dictionary that `init()` is given, which may have that option
* `foreign:with_locals` - an option that a function of another package may pass to `init()`
* `string:sentry_sdk.push_scope` - a string that names it, as `mock.patch` takes

Uses in guarded code, which supports 1.x and 2.x on purpose, are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.project.held_options import REFUSED
from sentry_migrate.project.modules import LEGACY
from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.quoted_names import types_in_text
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.foreign_options import foreign_options
from sentry_migrate.sdk.names import canonical
from sentry_migrate.sdk.option_finder import find_options
from sentry_migrate.sdk.options import TARGETS, Elsewhere, Option
from sentry_migrate.sdk.patches import patched_names
from sentry_migrate.sdk.spelled_options import option_of, spelled_options
from sentry_migrate.sdk.value_types import Many, Method, Obj, Ref, Value
from sentry_migrate.sdk.values import Values
from sentry_migrate.sdk.version_guards import guarded_spans
from sentry_migrate.text.spans import SpanSet

QUOTED = "quoted:sentry_sdk.Hub"
"""The trigger of a hub's class in a type that is in quotes or in a comment."""
NAMED = "named:"
"""The trigger of code that makes options of what is named elsewhere, at `path`: see
`named_options`."""


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One use. `node` is the expression, ImportAlias, ClassDef, string or option holder."""

    trigger: str
    node: cst.CSTNode
    start: int
    end: int
    call: cst.Call | None = None
    """The call, when `node` is what is called."""
    owner: Obj | None = None
    """The instance, for a member."""
    root: cst.CSTNode | None = None
    """The first name of the chain, for references and members."""
    option: Option | None = None
    path: str = ""
    """For imports and strings: the path as written."""

    def calls(self, names: Collection[str]) -> bool:
        """Whether the SDK's function or method that is called here has one of these names."""
        called = self.call is not None and self.call.func is self.node
        return called and self.trigger.rpartition(".")[2] in names


def find_uses(tree: Tree, scopes: Scopes, values: Values) -> list[Use]:
    """All uses by position, without those in guarded code."""
    guarded = SpanSet(guarded_spans(tree, scopes, values))
    uses = [
        use
        for part in (
            _references(tree, scopes, values),
            _imports(tree),
            _classes(tree, values),
            _options(tree, values),
            _foreign_options(tree, values),
            _threading_options(tree, values),
            _spelled_options(tree, values),
            _rest_options(tree, values),
            _strings(tree, values),
            _method_callers(tree, values),
            _quoted(tree, values),
        )
        for use in part
        if not guarded.holds(use.start)
    ]
    uses.sort(key=lambda use: (use.start, use.end))
    return uses


def _references(tree: Tree, scopes: Scopes, values: Values) -> Iterator[Use]:
    seen: set[int] = set()
    climbed: set[int] = set()
    for root in _roots(tree, scopes, values):
        yield from _climb(root, tree, values, seen, climbed)


def _roots(tree: Tree, scopes: Scopes, values: Values) -> Iterator[cst.BaseExpression]:
    names = {
        binding.name
        for scope in scopes.scopes.values()
        for bindings in scope.bindings.values()
        for binding in bindings
        if values.bound(binding) is not None
    }
    starred = scopes.module.bindings.get("*", ())
    for name, loads in scopes.loads.items():
        if name in names or (starred and name not in scopes.module.bindings):
            yield from (load for load in loads if values.of(load) is not None)
    yield from (node for node in values.reexported.attributes() if not _is_target(node, tree))
    giving = values.giving()
    yield from values.results(giving)
    yield from values.shown()
    attributes = {
        name
        for name, stores in scopes.attributes.items()
        if any(
            values.of(value) is not None or values.declared(target, value) is not None
            for target, value in stores
        )
    } | {
        name
        for scope in scopes.scopes.values()
        if scope.kind == "class"
        for name in scope.bindings
        if name in names
    }
    attributes.update(values.fields(), giving, values.reexported.last)
    if not attributes:
        return
    for node in tree.by_type.get(cst.Attribute, ()):
        if (
            isinstance(node, cst.Attribute)
            and node.attr.value in attributes
            and isinstance(node.value, cst.Name | cst.Attribute | cst.Call)
            and values.of(node.value) is None
            and not _is_target(node, tree)
            and values.of(node) is not None
        ):
            yield node


def _is_target(node: cst.CSTNode, tree: Tree) -> bool:
    parent = tree.parent(node)
    return isinstance(parent, cst.AssignTarget | cst.AsName) or (
        isinstance(parent, cst.AnnAssign | cst.AugAssign) and parent.target is node
    )


_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")
_GIVING = (cst.Call, cst.BooleanOperation, cst.IfExp, cst.Await, cst.Subscript)
"""Expressions that may give what a part of them is."""


def _climb(
    root: cst.BaseExpression, tree: Tree, values: Values, seen: set[int], climbed: set[int]
) -> Iterator[Use]:
    at: cst.CSTNode = root
    yield from _emit(root, root, tree, values, seen)
    while id(at) not in climbed:
        climbed.add(id(at))  # from here up, another root of the same expression went before
        parent = tree.parent(at)
        if isinstance(parent, cst.Attribute) and parent.value is at:
            call = tree.parent(parent)
            if isinstance(values.of(at), Many) and isinstance(call, cst.Call):
                parent = call  # `hubs.values()`
            if values.of(parent) is None and not values.trigger(parent):
                return
            yield from _emit(parent, root, tree, values, seen)
            at = parent
        elif isinstance(parent, cst.Arg):
            call = tree.parent(parent)
            if not isinstance(call, cst.Call) or values.of(call) is None or values.of(call.func):
                return
            if values.read(call) is not None:
                yield from _emit(call, root, tree, values, seen)
            at = call
        elif isinstance(parent, _GIVING):
            if values.of(parent) is None:
                return
            if isinstance(tree.parent(parent), cst.WithItem) and values.instance(parent, "Hub"):
                yield from _emit(parent, root, tree, values, seen)
            at = parent
        else:
            return


def _emit(
    node: cst.BaseExpression, root: cst.CSTNode, tree: Tree, values: Values, seen: set[int]
) -> Iterator[Use]:
    if id(node) in seen:
        return
    seen.add(id(node))
    parent = tree.parent(node)
    call = parent if isinstance(parent, cst.Call) and parent.func is node else None
    start, end = tree.span(node)
    for trigger, owner in _triggers(node, values):
        yield Use(trigger, node, start, end, call, owner, root)


def _triggers(node: cst.BaseExpression, values: Values) -> Iterator[tuple[str, Obj | None]]:
    """What a node is called: as a member, as a path, and as an instance (`=Hub`)."""
    read = values.read(node)
    if read is not None:
        base = values.of(read[0])
        if isinstance(base, Obj):
            yield f"{base.type}.{read[1]}", base
        elif isinstance(values.of(node), Method):
            return  # the use is where the method was taken
        elif trigger := values.trigger(node):
            yield trigger, None
        elif isinstance(base, Ref):
            yield canonical(f"{base.path}.{read[1]}"), None
    elif isinstance(values.of(node), Method):
        return
    elif trigger := values.trigger(node):
        yield trigger, None
    value: Value | None = values.of(node)
    if isinstance(value, Obj):
        yield f"={value.type}", value


def _imports(tree: Tree) -> Iterator[Use]:
    for statement in tree.nodes(cst.ImportFrom):
        if statement.relative or statement.module is None:
            continue
        module = dotted(statement.module)
        if module.split(".", 1)[0] != "sentry_sdk" or isinstance(statement.names, cst.ImportStar):
            continue
        for alias in statement.names:
            start, end = tree.span(alias.name)
            path = f"{module}.{dotted(alias.name)}"
            yield Use(f"import:{path}", alias, start, end, path=path)
            yield Use(f"import:={canonical(path)}", alias, start, end, path=path)
    for plain in tree.nodes(cst.Import):
        for alias in plain.names:
            path = dotted(alias.name)
            if path.split(".", 1)[0] == "sentry_sdk":
                start, end = tree.span(alias.name)
                yield Use(f"import:{path}", alias, start, end, path=path)


def _classes(tree: Tree, values: Values) -> Iterator[Use]:
    for node in tree.nodes(cst.ClassDef):
        for base in node.bases:
            path = values.path(base.value)
            if path:
                start, end = tree.span(base.value)
                yield Use(f"class:{path}", node, start, end, path=path)


def _options(tree: Tree, values: Values) -> Iterator[Use]:
    if "sentry_sdk" not in tree.text and not values.reexported.names:
        return
    for option in find_options(tree, values):
        if isinstance(option, Elsewhere):
            for place in option.places:
                yield Use(NAMED, option.node, *tree.span(option.node), path=place)
            for key in option.keys:
                kind = "field" if option.field else "elsewhere"
                yield Use(f"{kind}:{key}", option.node, *tree.span(option.node))
            continue
        start, end = tree.span(option.name)
        yield Use(f"option:{option.key}", option.name, start, end, option=option)


def _foreign_options(tree: Tree, values: Values) -> Iterator[Use]:
    for call, arg, path in foreign_options(values):
        assert arg.keyword is not None
        start, end = tree.span(arg.keyword)
        yield Use(f"foreign:{arg.keyword.value}", arg.keyword, start, end, call=call, path=path)


_THREADING = "sentry_sdk.integrations.threading.ThreadingIntegration"


def _threading_options(tree: Tree, values: Values) -> Iterator[Use]:
    key = "propagate_hub"
    for option in find_options(tree, values, (_THREADING,), (key,)) if key in tree.text else ():
        if isinstance(option, Option) and option.key == key:
            yield Use(f"threading:{key}", option.name, *tree.span(option.name), option=option)


def _spelled_options(tree: Tree, values: Values) -> Iterator[Use]:
    for node in spelled_options(tree):
        key = node.value if isinstance(node, cst.Name) else ""
        key = option_of(node) if isinstance(node, cst.SimpleString) else key
        yield Use(f"spelled:{key}", node, *tree.span(node))


def _rest_options(tree: Tree, values: Values) -> Iterator[Use]:
    """What `init()` is given options by, which may be any."""
    for call in tree.nodes(cst.Call) if "**" in tree.text else ():
        if values.path(call.func) in TARGETS:
            for node in (arg.value for arg in call.args if arg.star == "**"):
                yield from (Use(f"rest:{key}", node, *tree.span(node)) for key in REFUSED)


def _method_callers(tree: Tree, values: Values) -> Iterator[Use]:
    """Calls of the old functions by name: `methodcaller("push_scope")(sentry_sdk)`."""
    for call in tree.nodes(cst.Call) if "methodcaller" in tree.text else ():
        name = values.calls.getter(call, "operator.methodcaller")
        if name in LEGACY and values.path(call.args[0].value) == "sentry_sdk":
            yield Use(f"sentry_sdk.{name}", call, *tree.span(call), root=call)


def _quoted(tree: Tree, values: Values) -> Iterator[Use]:
    """A hub's class that a type in quotes or in a comment names as a part of a module. Where it
    names it alone, the import is a use."""
    if "Hub" not in tree.text:
        return
    for node, start, said in types_in_text(tree):
        for name in _DOTTED.finditer(said):
            if values.annotated(name[0]) == "Hub":
                yield Use(QUOTED, node, start + name.start(), start + name.end(), path=name[0])


def _strings(tree: Tree, values: Values) -> Iterator[Use]:
    for node, call, path in patched_names(tree, values):
        start, end = tree.span(node)
        yield Use(f"string:{canonical(path)}", node, start, end, call=call, path=path)
