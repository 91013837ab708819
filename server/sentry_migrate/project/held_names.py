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
from sentry_migrate.project.loaded_modules import gives_imported, is_none, loads_sdk
from sentry_migrate.project.made_instances import made_by, member
from sentry_migrate.project.sdk_members import HANDED
from sentry_migrate.project.sdk_types import FOLLOWED, kind_of, type_of
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
_KEEPING = frozenset(("lru_cache", "cache", "staticmethod", "classmethod"))
_PROPERTIES = frozenset(("property", "cached_property"))
_MANAGERS = frozenset(("contextmanager", "asynccontextmanager"))

NOTHING: Mapping[str, str] = {}
_HUB: Said = ("Hub", "")
APART = frozenset((ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef))
"""What runs at other times than what stands around it, or by itself."""


def held_names(tree: ast.Module, imported: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Names that are bound once at module level, and what they hold. `imported` maps names to what
    the module imports by them."""
    return Reader(imported).names(tree)


class Reader:
    """Reads what a module's expressions hold. `imported` maps names to what it imports by them."""

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
        """Names of the module that are bound once, and what they hold."""
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
                made = made_by(node, self._within(node), classes)
                found += self._instance(node.name, made, classes)
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
                found += self._instance(node.target.id, _called(node.value), classes)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found.append((node.targets[0].id, self.value(node.value)))
                found += items(node.targets[0].id, node.value)
                found += self._instance(node.targets[0].id, _called(node.value), classes)
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
        derived = [kind for base in bases if (kind := kind_of(base)) in HANDED]
        made = f"{GIVES}{HELD}{derived[0]}" if derived else ""
        inits = ("super().__init__",) if _INITS.intersection(bases) else ()
        for part in node.body:
            if isinstance(part, ast.FunctionDef) and part.name == "__init__":
                yield node.name, self._passed(part, inits) or self._kept(node, part) or made
                break
        else:
            yield node.name, f"{PASSES}{' '.join(sorted(REFUSED))}" if inits else made
        held: dict[str, str] = {}
        lineage = [node]
        for one in lineage:
            if one not in self._had:
                self._had[one] = [*self.members(one)]
            for name, what in self._had[one]:
                held.setdefault(name, what)
            own = (classes.get(base.id) for base in one.bases if isinstance(base, ast.Name))
            lineage += (base for base in own if base is not None and base not in lineage)
        fields = {member(one.target, "") for one in node.body if isinstance(one, ast.AnnAssign)}
        yield f"{node.name}.{node.name}", spelled(fields)
        for name, what in held.items():
            begins = "" if what.startswith(OPTIONS) or not what else MEMBER
            yield f"{node.name}.{name}", begins + what

    def _instance(
        self, name: str, made: str, classes: Mapping[str, ast.ClassDef]
    ) -> Iterator[tuple[str, str]]:
        """What a variable has that gets an instance of a class of the module, or what a function
        gives."""
        for whole, held in self._class(classes[made], classes) if made in classes else ():
            if "." in whole and held:
                last = whole.rpartition(".")[2]
                yield f"{name}.{name if last == made else last}", held

    def _kept(self, holder: ast.ClassDef, made: ast.FunctionDef) -> str:
        """What a class keeps of what it is made with, and gives `init()` later."""
        methods = [one for one in holder.body if isinstance(one, ast.FunctionDef)]
        inside = (one for method in methods for one in self._within(method))
        calls = (one for one in inside if isinstance(one, ast.Call))
        given = [one for call in calls if self._is_init(call) for one in mappings(call)]
        return passed(made, [], self._within(made), {ast.unparse(one) for one in given})

    def members(self, node: ast.ClassDef) -> Iterator[tuple[str, str]]:
        """What a class and its methods give the attributes of instances."""
        given: dict[str, set[str]] = {}
        declared: dict[str, str] = {}
        for part in node.body:
            own, known = "", NOTHING
            inside: Sequence[ast.AST] = [part]
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                given.setdefault(part.name, set()).add(self._function(part))
                own = next((one.arg for one in part.args.args), "")
                inside = self._within(part) if own else []
                known = self.variables(part) if inside else NOTHING
            for one in inside:
                if not isinstance(one, ast.Assign | ast.AnnAssign):
                    continue
                name = member(one.targets[0] if isinstance(one, ast.Assign) else one.target, own)
                if isinstance(one, ast.AnnAssign):
                    declared[name] = self._said(self._types.of(one.annotation))
                if name and one.value is not None and not is_none(one.value):
                    given.setdefault(name, set()).add(self.value(one.value, known))
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
        kind = kind_of(self._path(name))
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
        if not decorators & _PROPERTIES and gives_imported(node, self._within(node), self._path):
            return f"{GIVES}{IMPORTED}"
        said = self._types.of(node.returns) if node.returns is not None else None
        one = self._returned(node)
        if said is not None and not one.startswith(MADE):
            one = self._said(said)
        elif said is None and node.returns is not None and not one.startswith(OPTIONS):
            one = ""
        if decorators & _PROPERTIES or one.startswith(YIELDS):
            return one
        return f"{GIVES}{one}" if one and one != OPTIONS else self._passed(node)

    def _yielded(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """What `with` gets from a function that a decorator makes a context manager of."""
        said = self._types.of(node.returns) if node.returns is not None else None
        if said is not None:
            return f"{YIELDS}{HELD}{said[0]}" if said[1] == "plain" else ""
        own = self.variables(node)
        yields = [one for one in self._within(node) if isinstance(one, ast.Yield | ast.YieldFrom)]
        given = {self.value(one.value, own) for one in yields if one.value is not None}
        one = given.pop() if len(given) == 1 else ""
        return f"{YIELDS}{one}" if one.startswith((HELD, MADE)) else ""

    def variables(self, node: ast.AST, around: Mapping[str, str] = NOTHING) -> Mapping[str, str]:
        """What variables of a function or a module hold that are only given such values, all the
        same; empty for the others. `around` is what variables around it hold."""
        found: dict[str, list[str]] = {}
        bound = Counter[str]()
        known = dict(around)

        def note(target: ast.expr | None, held: str) -> None:
            if held and isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(held)
                known[target.id] = held

        args = getattr(node, "args", None)
        for arg in ast.walk(args) if isinstance(args, ast.arguments) else ():
            if isinstance(arg, ast.arg):
                bound[arg.arg] += 1
                known[arg.arg] = ""
                said = self._types.of(arg.annotation) if arg.annotation is not None else None
                if said is not None and said[0] in HANDED and not said[1]:
                    note(ast.Name(arg.arg), f"{HELD}{said[0]}")
        for part in self._within(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store | ast.Del):
                bound[part.id] += 1
            elif isinstance(part, ast.Assign):
                note(part.targets[0], self.value(part.value, known))
            elif isinstance(part, ast.NamedExpr):
                note(part.target, self.value(part.value, known))
            elif isinstance(part, ast.withitem):
                note(part.optional_vars, self._entered(part.context_expr, known))
        return {name: _one(found.get(name, ()), times) for name, times in bound.items()}

    def _entered(self, node: ast.expr, known: Mapping[str, str]) -> str:
        """What `with` gets from an expression."""
        if self.type(node, known) == "Manager":
            return f"{HELD}Scope"
        held = self.value(node, known)
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
                reader = Reader({**reader._imported, **own})
                reader._options = self._options
            elif isinstance(part, ast.Return) and not is_none(part.value):
                held = reader.value(part.value) or reader._made(part.value, node)
                if not held:
                    return ""
                given.add(held)
        return given.pop() if len(given) == 1 else ""

    def _made(self, node: ast.expr | None, function: ast.AST) -> str:
        """What a function returns that depends on its variables, or is a manager of scopes."""
        if self.type(node) == "Manager":
            return f"{YIELDS}{HELD}Scope"
        if not isinstance(node, ast.Name | ast.Attribute | ast.Call):
            return ""
        held = self.value(node, self.variables(function))
        if not isinstance(node, ast.Name):
            return held
        held = held or self._options.get(node.id, "")
        if held.startswith(OPTIONS):
            changes = (changed(one) for one in self._within(function))
            more = (one[1] for one in changes if one is not None and one[0] == node.id)
            held = spelled({*held.removeprefix(OPTIONS).split()}.union(*more)) or OPTIONS
        return held

    def value(self, node: ast.expr | None, known: Mapping[str, str] = NOTHING) -> str:
        """What an expression holds, where variables hold what is `known`."""
        if (held := known.get(dotted(node))) is not None:
            return held
        if isinstance(node, ast.Call) and self._kind(dotted(node.func)) == _HUB:
            return f"{MADE}Hub"
        if isinstance(node, ast.Attribute) and node.attr == "current":
            return f"{HELD}Hub" if self._kind(dotted(node.value)) == _HUB else ""
        if isinstance(node, ast.Subscript | ast.BinOp):
            held = options(node, self._options).removeprefix(OPTIONS)
            return self._said(self._types.of(node), SAYS) or (held and f"{OPTIONS}{held}")
        if loads_sdk(node, self._path):
            return _SDK
        path = self._path(dotted(node))
        if path == _SDK or path in ALIASES:
            return path
        kind = self.type(node, known)
        return f"{HELD}{kind}" if kind in HANDED else options(node, self._options)

    def type(self, node: ast.expr | None, known: Mapping[str, str] = NOTHING) -> str:
        """The type of the SDK whose instance an expression gives; empty for any other value."""

        def own(name: str) -> str:
            held = known.get(name, "")
            return held[1:] if held.startswith((HELD, MADE)) and held[1:] in FOLLOWED else ""

        def path(name: str) -> str:
            return "" if name.partition(".")[0] in known else self._path(name)

        return type_of(node, own, path)

    def _within(self, function: ast.AST) -> Sequence[ast.AST]:
        """What runs in a function itself, imports before what uses them."""
        known = self._inside.get(function)
        if known is None:
            known = self._inside[function] = []
            waiting = children(function)[::-1]
            while waiting:
                node = waiting.pop()
                known.append(node)
                if node.__class__ not in APART:
                    waiting += children(node)[::-1]
        return known


def _one(held: Sequence[str], times: int) -> str:
    """What something holds that is given a value so many times, always the same."""
    return held[0] if held and times == held.count(held[0]) == len(held) else ""


def _called(node: ast.expr | None) -> str:
    return dotted(node.func) if isinstance(node, ast.Call) else ""
