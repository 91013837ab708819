"""What a module's names hold of the SDK besides its own names: hubs, containers of hubs, options
that 2.x refuses, functions that give these or the SDK or pass options on to `init()`, types that
annotations spell by other names, and what instances of classes have of all that.

Owns telling that from annotations, assignments and `return`, as the module's text has them, and how
it is written down. Refuses to know who takes the names.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from sentry_migrate.project.annotation_types import AnnotationTypes, Said
from sentry_migrate.project.held_options import (
    OPTIONS,
    PASSES,
    REFUSED,
    changed,
    items,
    keys,
    mappings,
    options,
    passed,
    spelled,
)
from sentry_migrate.project.syntax_nodes import children, dotted

HELD = "="
"""Begins what a name holds: `=Hub`, `=Hub mapping`."""
MADE = "*"
"""Begins what a name holds that was made for it: `*Hub`, whose client may be its own."""
GIVES = "()"
"""Begins what a function gives: `()=Hub`, `()sentry_sdk`."""

YIELDS = "with "
"""Begins what `with` gets from a function: `with =Hub`."""
SAYS = "|"
"""Begins what a name says as an annotation: `|Hub`, `|Hub mapping`."""

IMPORTED = "import"
"""What a function gives that imports the module which its first argument names: `()import`."""
MEMBER = "its "
"""Begins what the instances of a class have by a name: `its =Hub`."""
HOLDING = (HELD, MADE, GIVES, YIELDS, SAYS, OPTIONS, PASSES, MEMBER)

_SDK = "sentry_sdk"
ALIASES = frozenset(("sentry_sdk.Hub", "sentry_sdk.push_scope", "sentry_sdk.configure_scope"))
"""What a name may stand for that is given it by an assignment."""
_INITS = frozenset(
    f"{_SDK}.{name}" for name in ("init", "hub.init", "api.init", "Client", "client.Client")
)
_CLASSES = {
    **dict.fromkeys(("sentry_sdk.Hub", "sentry_sdk.hub.Hub"), "Hub"),
    **dict.fromkeys(("sentry_sdk.Scope", "sentry_sdk.scope.Scope"), "Scope"),
}
_SCOPES = frozenset(
    f"{_SDK}.{name}" for name in ("push_scope", "configure_scope", "new_scope", "isolation_scope")
)
"""What gives `with` a scope."""
_KEEPING = frozenset(("lru_cache", "cache", "staticmethod", "classmethod"))
_PROPERTIES = frozenset(("property", "cached_property"))
_MANAGERS = frozenset(("contextmanager", "asynccontextmanager"))

_HUB: Said = ("Hub", "")
_APART = frozenset((ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef))
"""What runs at other times than what stands around it, or by itself."""


def held_names(tree: ast.Module, imported: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Names that are bound once at module level, and what they hold. `imported` maps names to what
    the module imports by them."""
    return _Reader(imported).names(tree)


class _Reader:
    def __init__(self, imported: Mapping[str, str]) -> None:
        self._imported = imported
        self._types = AnnotationTypes(self._kind, self._quoted)
        self._options: dict[str, str] = {}
        """What dictionaries of the module have of the options, by name."""
        self._inside: dict[ast.AST, list[ast.AST]] = {}
        """What runs in functions themselves."""
        self._had: dict[ast.ClassDef, list[tuple[str, str]]] = {}
        """What classes give the attributes of their instances."""

    def names(self, tree: ast.Module) -> Iterator[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        bound: Counter[str] = Counter()
        added: dict[str, set[str]] = {}
        classes = {one.name: one for one in tree.body if isinstance(one, ast.ClassDef)}
        for one in tree.body:
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
                name = one.targets[0].id
                self._options[name] = (
                    "" if name in self._options else options(one.value, self._options)
                )
        waiting: list[ast.AST] = list(tree.body)
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                bound[node.name] += 1
                found.append((node.name, self._function(node)))
                continue
            if isinstance(node, ast.ClassDef):
                bound[node.name] += 1
                found += self._class(node, classes)
                continue
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
                bound[node.id] += 1
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                added.setdefault(node.target.id, set()).update(
                    keys(node.value, self._options) or ()
                )
                continue
            elif (change := changed(node)) is not None:
                added.setdefault(change[0], set()).update(change[1])
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                held = self._said(self._types.of(node.annotation)) or options(
                    node.value, self._options
                )
                found.append((node.target.id, held))
                found += self._instance(node.target.id, node.value, classes)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found.append((node.targets[0].id, self._value(node.value)))
                found += items(node.targets[0].id, node.value)
                found += self._instance(node.targets[0].id, node.value, classes)
            waiting += children(node)
        for name, held in found:
            first = name.partition(".")[0]
            if held.startswith(OPTIONS):
                held = spelled({*held.removeprefix(OPTIONS).split(), *added.get(name, ())})
            if held and bound[first] == 1 and first not in self._imported:
                yield name, held

    def _class(
        self, node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]
    ) -> Iterator[tuple[str, str]]:
        """A class by what its `__init__()` does, and what its instances have."""
        bases = [self._path(dotted(base)) for base in node.bases]
        inits = ("super().__init__",) if _INITS.intersection(bases) else ()
        for part in node.body:
            if isinstance(part, ast.FunctionDef) and part.name == "__init__":
                yield node.name, self._passed(part, inits) or self._kept(node, part)
                break
        else:
            yield node.name, f"{PASSES}{' '.join(sorted(REFUSED))}" if inits else ""
        held: dict[str, str] = {}
        lineage = [node]
        for one in lineage:
            if one not in self._had:
                self._had[one] = [*self._members(one)]
            for name, what in self._had[one]:
                held.setdefault(name, what)
            own = (classes.get(base.id) for base in one.bases if isinstance(base, ast.Name))
            lineage += (base for base in own if base is not None and base not in lineage)
        fields = {_member(one.target, "") for one in node.body if isinstance(one, ast.AnnAssign)}
        yield f"{node.name}.{node.name}", spelled(fields)
        for name, what in held.items():
            begins = "" if what.startswith(OPTIONS) or not what else MEMBER
            yield f"{node.name}.{name}", begins + what

    def _instance(
        self, name: str, node: ast.expr | None, classes: Mapping[str, ast.ClassDef]
    ) -> Iterator[tuple[str, str]]:
        """What a variable has that gets an instance of a class of the module."""
        made = dotted(node.func) if isinstance(node, ast.Call) else ""
        for member, held in self._class(classes[made], classes) if made in classes else ():
            if "." in member and held:
                last = member.rpartition(".")[2]
                yield f"{name}.{name if last == made else last}", held

    def _kept(self, holder: ast.ClassDef, made: ast.FunctionDef) -> str:
        """What a class keeps of what it is made with, and gives `init()` later."""
        methods = [one for one in holder.body if isinstance(one, ast.FunctionDef)]
        inside = (one for method in methods for one in self._within(method))
        calls = (one for one in inside if isinstance(one, ast.Call))
        given = [one for call in calls if self._is_init(call) for one in mappings(call)]
        return passed(made, [], self._within(made), {ast.unparse(one) for one in given})

    def _members(self, node: ast.ClassDef) -> Iterator[tuple[str, str]]:
        """What a class and its methods give the attributes of instances."""
        given: dict[str, set[str]] = {}
        declared: dict[str, str] = {}
        for part in node.body:
            own = ""
            inside: Sequence[ast.AST] = [part]
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                given.setdefault(part.name, set()).add(self._function(part))
                own = next((one.arg for one in part.args.args), "")
                inside = self._within(part) if own else []
            for one in inside:
                if not isinstance(one, ast.Assign | ast.AnnAssign):
                    continue
                name = _member(one.targets[0] if isinstance(one, ast.Assign) else one.target, own)
                if isinstance(one, ast.AnnAssign):
                    declared[name] = self._said(self._types.of(one.annotation))
                if one.value is not None and not _is_none(one.value):
                    given.setdefault(name, set()).add(self._value(one.value))
        for name in sorted({*declared, *given} - {""}):
            values = given.get(name, set())
            hubs = {f"{HELD}Hub", f"{MADE}Hub"}
            one_of = f"{MADE}Hub" if values == hubs else values.pop() if len(values) == 1 else ""
            yield name, one_of or declared.get(name, "")

    def _passed(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, inits: Collection[str] = ()
    ) -> str:
        """What a function does with its `**options` and its dictionaries of options."""
        inside = self._within(node)
        calls = (one for one in inside if isinstance(one, ast.Call))
        return passed(node, [one for one in calls if self._is_init(one, inits)], inside)

    def _is_init(self, call: ast.Call, inits: Collection[str] = ()) -> bool:
        return self._path(dotted(call.func)) in _INITS or (
            bool(inits) and ast.unparse(call.func) in inits
        )

    def _quoted(self, text: str) -> Said | None:
        return self._types.read(text)

    def _path(self, name: str) -> str:
        first, _, rest = name.partition(".")
        home = self._imported.get(first, "")
        return f"{home}.{rest}" if home and rest else home

    def _kind(self, name: str) -> Said | None:
        kind = _CLASSES.get(self._path(name))
        return (kind, "") if kind else None

    def _said(self, said: Said | None, begins: str = HELD) -> str:
        if said is None or (said[1] == "class" and begins == HELD):
            return ""
        if said[1] == "giving" and begins == HELD:
            return f"{GIVES}{HELD}{said[0]}"
        return f"{begins}{' '.join(filter(None, said))}"

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        decorators = {
            ast.unparse(one.func if isinstance(one, ast.Call) else one).rpartition(".")[2]
            for one in node.decorator_list
        }
        if decorators & _MANAGERS and not decorators - _MANAGERS - _KEEPING:
            return self._yielded(node)
        if decorators - _KEEPING - _PROPERTIES:
            return ""
        if not decorators & _PROPERTIES and self._imports(node):
            return f"{GIVES}{IMPORTED}"
        said = self._types.of(node.returns) if node.returns is not None else None
        one = self._returned(node)
        if said is not None and not one.startswith(MADE):
            one = self._said(said)
        elif said is None and node.returns is not None and not one.startswith(OPTIONS):
            one = ""
        if decorators & _PROPERTIES:
            return one
        return f"{GIVES}{one}" if one and one != OPTIONS else self._passed(node)

    def _yielded(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """What `with` gets from a function that a decorator makes a context manager of."""
        said = self._types.of(node.returns) if node.returns is not None else None
        if said is not None:
            return f"{YIELDS}{HELD}{said[0]}" if said[1] == "plain" else ""
        own = self._locals(node)
        yields = [one for one in self._within(node) if isinstance(one, ast.Yield | ast.YieldFrom)]
        given = {
            own.get(ast.unparse(one.value)) or self._value(one.value)
            for one in yields
            if one.value is not None
        }
        one = given.pop() if len(given) == 1 else ""
        return f"{YIELDS}{one}" if one.startswith((HELD, MADE)) else ""

    def _locals(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Mapping[str, str]:
        """What variables of a function hold that get a value once."""
        found: dict[str, str] = {}
        bound = Counter(one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg))
        for part in self._within(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store | ast.Del):
                bound[part.id] += 1
            elif isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
                found[part.targets[0].id] = self._value(part.value)
            elif isinstance(part, ast.withitem) and isinstance(part.optional_vars, ast.Name):
                found[part.optional_vars.id] = self._entered(part.context_expr)
        return {name: held for name, held in found.items() if held and bound[name] == 1}

    def _entered(self, node: ast.expr) -> str:
        """What `with` gets from an expression."""
        if isinstance(node, ast.Call) and self._path(dotted(node.func)) in _SCOPES:
            return f"{HELD}Scope"
        held = self._value(node)
        return held if held.startswith((HELD, MADE)) else ""

    def _returned(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """What all that a function returns is; empty for a generator."""
        reader = self
        given: set[str] = set()
        for part in self._within(node):
            if isinstance(part, ast.Yield | ast.YieldFrom):
                return ""
            if isinstance(part, ast.Import):
                own = {one.asname or one.name: one.name for one in part.names}
                reader = _Reader({**reader._imported, **own})
                reader._options = self._options
            elif isinstance(part, ast.Return) and not _is_none(part.value):
                held = reader._value(part.value)
                if not held and isinstance(part.value, ast.Name):
                    name = part.value.id
                    held = self._locals(node).get(name) or self._options.get(name, "")
                    if held.startswith(OPTIONS):
                        changes = (changed(one) for one in self._within(node))
                        more = (one[1] for one in changes if one is not None and one[0] == name)
                        has = {*held.removeprefix(OPTIONS).split()}.union(*more)
                        held = spelled(has) or OPTIONS
                given.add(held)
        return given.pop() if len(given) == 1 else ""

    def _value(self, node: ast.expr | None) -> str:
        if isinstance(node, ast.Call) and self._kind(dotted(node.func)) == _HUB:
            return f"{MADE}Hub"
        if isinstance(node, ast.Attribute) and node.attr == "current":
            return f"{HELD}Hub" if self._kind(dotted(node.value)) == _HUB else ""
        if isinstance(node, ast.Subscript | ast.BinOp):
            held = options(node, self._options).removeprefix(OPTIONS)
            return self._said(self._types.of(node), SAYS) or (held and f"{OPTIONS}{held}")
        if self._loads_sdk(node):
            return _SDK
        path = self._path(dotted(node))
        return path if path == _SDK or path in ALIASES else options(node, self._options)

    def _within(self, function: ast.AST) -> Sequence[ast.AST]:
        """What runs in a function itself, imports before what uses them."""
        known = self._inside.get(function)
        if known is None:
            known = self._inside[function] = []
            waiting = children(function)[::-1]
            while waiting:
                node = waiting.pop()
                known.append(node)
                if node.__class__ not in _APART:
                    waiting += children(node)[::-1]
        return known

    def _imports(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Whether a function gives the module that its first argument names, or None."""
        every = (*node.args.posonlyargs, *node.args.args)
        first = next((one.arg for one in every), "")
        given = [one.value for one in self._within(node) if isinstance(one, ast.Return)]
        paired = zip(every[len(every) - len(node.args.defaults) :], node.args.defaults, strict=True)
        nothing = {one.arg for one, default in paired if _is_none(default)}
        loads = [one for one in given if not (_is_none(one) or getattr(one, "id", "") in nothing)]
        return bool(loads) and all(
            isinstance(one, ast.Call)
            and self._path(dotted(one.func)) == "importlib.import_module"
            and [ast.unparse(arg) for arg in one.args] == [first]
            for one in loads
        )

    def _loads_sdk(self, node: ast.expr | None) -> bool:
        """Whether an expression imports the SDK: `importlib.import_module("sentry_sdk")`."""
        if not isinstance(node, ast.Call) or len(node.args) != 1:
            return False
        func = dotted(node.func)
        imports = func == "__import__" or self._path(func) == "importlib.import_module"
        return imports and getattr(node.args[0], "value", None) == _SDK


def _member(target: ast.expr, own: str) -> str:
    """The name of an attribute of `own`, or of a class whose body assigns it; else empty."""
    if not own:
        return target.id if isinstance(target, ast.Name) else ""
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        return ""
    return target.attr if target.value.id == own else ""


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)
