"""Words that become names of options by way of something that has a name.

`SENTRY = {"with_locals": False}` of which `init()` gets the items, `NAMES = {"ENV": "with_locals"}`
over which a loop goes that stores options by these words, and `builder.option("with_locals", …)`,
whose function does so. Owns how such a place is spelled, seen from a word in it and from the code
that makes options of it, so that those of two files find each other. Refuses to know which
dictionaries reach `init()`.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.python.bindings import Binding, dotted
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.options import takes_the_rest

ITEMS = "{}"
"""Ends the place of a dictionary whose items are options."""
UNSURE = "?"
"""Ends a place whose words serve other ends too."""
BESIDE = "!"
"""Stands between a place and an option that `init()` may get by its new name, too."""
_ANY = "*"
"""Begins the place of something in whatever module."""
_OWN = "local "
"""Begins the place of a variable of a function."""
_ALL = {"items": "", "keys": "key", "values": "value"}


def places_of_word(tree: Tree, scopes: Scopes, word: cst.CSTNode) -> Iterator[str]:
    """The places that a word is in: `SENTRY{}`, `NAMES[value]`, `option(0)`."""
    parent = tree.parent(word)
    if isinstance(parent, cst.Arg):
        yield from _of_argument(tree, scopes, parent, word)
    elif isinstance(parent, cst.Index):
        item = tree.parent(tree.parent(parent) or parent)
        if isinstance(item, cst.Subscript) and isinstance(tree.parent(item), cst.AssignTarget):
            yield from _held(tree, item.value, ITEMS)
    elif isinstance(parent, cst.DictElement | cst.Element):
        if isinstance(parent, cst.DictElement) and parent.key is word:
            yield from _of_items(tree, tree.parent(parent))
        root, at = _position(tree, word)
        yield from _held(tree, root, f"[{at}]")
        if at == "key":
            yield from _held(tree, root, "[item]")
        if at == "item0":  # of pairs, as `dict()` takes them
            yield from _held(tree, root, ITEMS)
    elif isinstance(parent, cst.Assign | cst.AnnAssign):
        yield from _held(tree, _target(parent), "=")


def _of_argument(tree: Tree, scopes: Scopes, arg: cst.Arg, word: cst.CSTNode) -> Iterator[str]:
    """Those of an argument, or of a keyword."""
    call = tree.parent(arg)
    if not isinstance(call, cst.Call):
        return
    named = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    name = named.value if isinstance(named, cst.Name) else ""
    if arg.keyword is word:
        if name == "dict":
            yield from _of_items(tree, call)
        elif name == "update" and isinstance(call.func, cst.Attribute):
            yield from _held(tree, call.func.value, ITEMS)
        return
    at = arg.keyword.value if arg.keyword is not None else str(call.args.index(arg))
    if name == "setdefault" and isinstance(call.func, cst.Attribute) and at == "0":
        yield from _held(tree, call.func.value, ITEMS)
    elif name and name not in _READS and not any(one.star for one in call.args):
        yield from (f"{one}({at})" for one in _functions(scopes, call.func, name))


_READS = ("get", "pop", "getattr")


def _functions(scopes: Scopes, func: cst.BaseExpression, name: str) -> Iterator[str]:
    """What functions of this name may be called: a module's, or a method of a class that is seen to
    be made; `*` stands for whatever class."""
    if not isinstance(func, cst.Attribute):
        yield name
        return
    root: cst.BaseExpression = func.value
    if scopes.imported(root):
        yield name
    yield f"{_ANY}.{name}"
    for _ in range(_DEPTH):
        made = None
        while isinstance(root, cst.Attribute | cst.Call):
            made = root.func if isinstance(root, cst.Call) else made
            root = root.func if isinstance(root, cst.Call) else root.value
        if made is not None and (called := dotted(made).rpartition(".")[2]):
            yield f"{called}.{name}"
            return
        bindings = scopes.reaching(root) if isinstance(root, cst.Name) else ()
        value = bindings[0].value if len(bindings) == 1 and bindings[0].whole else None
        if not isinstance(value, cst.BaseExpression):
            return
        root = value


_DEPTH = 3
"""How many variables are followed to what is made."""


def _of_items(tree: Tree, made: cst.CSTNode | None) -> Iterator[str]:
    """The place of a dictionary that is written out: what it is given to, or is an item of."""
    names: list[str] = []
    while made is not None:
        above = tree.parent(made)
        if isinstance(above, cst.DictElement):
            if above.value is not made or not isinstance(above.key, cst.SimpleString):
                return
            names.insert(0, above.key.raw_value)
            made = tree.parent(above)
        elif isinstance(above, cst.Arg) and above.keyword is None:
            call = tree.parent(above)
            func = call.func if isinstance(call, cst.Call) else None
            if isinstance(func, cst.Attribute) and func.attr.value == "update" and not names:
                yield from _held(tree, func.value, ITEMS)
            if not isinstance(func, cst.Name) or func.value != "dict":
                return
            made = call
        elif isinstance(above, cst.BinaryOperation | cst.IfExp | cst.StarredDictElement):
            made = above if not isinstance(above, cst.StarredDictElement) else tree.parent(above)
        else:
            yield from _held(tree, _target(above), "".join(f".{one}" for one in names) + ITEMS)
            return


def _position(tree: Tree, word: cst.CSTNode) -> tuple[cst.CSTNode | None, str]:
    """The variable of the outermost container of a word, and where the word is in that."""
    steps: list[str] = []
    node, above = word, tree.parent(word)
    while isinstance(above, cst.DictElement | cst.Element):
        container = tree.parent(above)
        if isinstance(above, cst.DictElement):
            steps.append("key" if above.key is node else "value")
        elif isinstance(container, cst.Tuple | cst.List | cst.Set):
            steps.append(str(container.elements.index(above)))
        if not isinstance(container, cst.BaseExpression):
            return None, ""
        node, above = container, tree.parent(container)
    if not steps:
        return None, ""
    outer = steps[-1] if steps[-1] in ("key", "value") else "item"
    target = _target(above)
    return target, outer + ".".join(reversed(steps[:-1]))


def _target(node: cst.CSTNode | None) -> cst.BaseExpression | None:
    if isinstance(node, cst.Assign):
        return node.targets[0].target
    return node.target if isinstance(node, cst.AnnAssign) else None


def _held(tree: Tree, node: cst.CSTNode | None, end: str) -> Iterator[str]:
    if isinstance(node, cst.Name | cst.Attribute) and (path := dotted(node)):
        holder = tree.enclosing(node, cst.ClassDef, cst.FunctionDef)
        if isinstance(node, cst.Name) and isinstance(holder, cst.ClassDef):
            yield f"{holder.name.value}.{path}{end}"
            path = f"self.{path}"
        own = isinstance(node, cst.Name) and isinstance(holder, cst.FunctionDef)
        if own and isinstance(tree.parent(node), cst.AssignTarget | cst.AnnAssign):
            path = _OWN + path
        yield _of_instance(tree, node, path) + end


def _of_instance(tree: Tree, node: cst.CSTNode, path: str) -> str:
    """A path with `self` for the instance or the class of a method, whatever that is called."""
    root, dot, rest = path.partition(".")
    functions = tree.holders(node, cst.FunctionDef) if dot else ()
    return f"self.{rest}" if any(_receiver(tree, one) == root for one in functions) else path


def _receiver(tree: Tree, function: cst.CSTNode) -> str:
    """What a method calls its instance or class; empty for other functions."""
    if not isinstance(function, cst.FunctionDef):
        return ""
    params = (*function.params.posonly_params, *function.params.params)
    static = any(dotted(one.decorator) == "staticmethod" for one in function.decorators)
    inside = isinstance(tree.enclosing(function, cst.ClassDef, cst.FunctionDef), cst.ClassDef)
    return params[0].name.value if inside and params and not static else ""


def seen_elsewhere(place: str) -> Iterator[str]:
    """How other files may spell a place, from the module it is in."""
    name, bracket = _split(place)
    if bracket.startswith("("):
        yield place
        return
    parts = name.lstrip(".").split(".")
    for at in range(len(parts) - 1):
        yield ".".join(parts[at:]) + bracket


def _split(place: str) -> tuple[str, str]:
    at = min(place.find(one) for one in "{[(=" if one in place)
    return place[:at], place[at:]


def seen_from(place: str, module: str, around: str) -> Iterator[str]:
    """How a place of the module with this name, in the package that is `around` it, is spelled by
    those that import it; Django's settings, too."""
    if "(" in place:
        yield place
        return
    yield f"{module}.{place}"
    name, bracket = _split(place)
    if "." not in name or not (name[0].isupper() or name.startswith("self.")):  # no class has it
        yield f"{_ANY}.{name.rpartition('.')[2]}{bracket}"
    if around == "settings":
        yield f"{around}.{place}"
    if place.partition("{")[0].isupper():
        yield f"django.conf.settings.{place}"


def some(name: str) -> str:
    """The place of a dictionary of this name, whoever has it."""
    return f"{_ANY}.{name}{ITEMS}{UNSURE}"


class KeyPlaces:
    """The places from which the keys of dictionaries of one tree come."""

    def __init__(self, tree: Tree, scopes: Scopes) -> None:
        self._tree = tree
        self._scopes = scopes

    def dictionary(self, node: cst.CSTNode, path: str = "") -> tuple[str, ...]:
        """The places of a dictionary of another module, which is at `path` if that is known."""
        paths = [path, dotted(node)]
        if isinstance(node, cst.Name) and not path:
            stars = self._scopes.module.bindings.get("*", ())
            paths += (f"{one.path}.{node.value}" for one in stars)
        return tuple(one + ITEMS for one in paths if one)

    def foreign(self, node: cst.BaseExpression) -> tuple[str, ...]:
        """Those of what another module may have, of which nothing else is known."""
        path = self._scopes.imported(node)
        places = self.dictionary(node, path) if isinstance(node, cst.Name | cst.Attribute) else ()
        unbound = isinstance(node, cst.Name) and not self._scopes.reaching(node)
        if not places or not (path or (unbound and len(places) > 1)):
            return ()
        return (*places, some(dotted(node).rpartition(".")[2]))

    def of(self, key: cst.BaseExpression) -> Iterator[str]:
        """The places whose words a key may be, from the module on if it is imported."""
        if isinstance(key, cst.Attribute):
            yield from self._member(key)
        for one in self._scopes.reaching(key) if isinstance(key, cst.Name) else ():
            end = "" if self._serves(one) else UNSURE
            if one.kind == "import":
                yield f"{one.path}={end}"
            elif one.kind == "for":
                yield from (place + end for place in self._looped(one))
            elif one.kind == "param" and not takes_the_rest(one):
                given = (
                    place.removesuffix(UNSURE) + UNSURE if end else place
                    for place in self._given(one)
                )
                yield from given
            elif one.kind == "assign" and isinstance(one.value, cst.SimpleString):
                yield f"{one.name}={end}"

    def _member(self, key: cst.Attribute) -> Iterator[str]:
        """The constant that a class or module has: `Names.LOCALS`, `Names.LOCALS.value`."""
        inner = key.value
        member = inner if key.attr.value == "value" and isinstance(inner, cst.Attribute) else key
        name = dotted(member)
        reads = (one for one in self._tree.nodes(cst.Attribute) if dotted(one) == name)
        sure = all(map(self._is_key, map(self._outer, reads)))
        if path := self._scopes.imported(member) or name:
            yield f"{path}={'' if sure else UNSURE}"

    def _outer(self, member: cst.Attribute) -> cst.BaseExpression:
        """A member, or the value that an enumeration gives it."""
        around = self._tree.parent(member)
        is_value = isinstance(around, cst.Attribute) and around.attr.value == "value"
        return around if is_value and isinstance(around, cst.Attribute) else member

    def _serves(self, binding: Binding) -> bool:
        """Whether a variable is only read where it is a key, or a word that is printed."""
        return all(map(self._is_key, self._scopes.reads_beside(binding)))

    def _is_key(self, load: cst.BaseExpression) -> bool:
        parent = self._tree.parent(load)
        if isinstance(parent, cst.Index):
            item = self._tree.parent(self._tree.parent(parent) or parent)
            return isinstance(self._tree.parent(item or parent), cst.AssignTarget)
        if isinstance(parent, cst.DictElement | cst.DictComp):
            return parent.key is load
        call = self._tree.parent(parent) if isinstance(parent, cst.Arg) else None
        if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
            return False
        return call.func.attr.value == "setdefault" and call.args[0] is parent

    def _looped(self, binding: Binding) -> Iterator[str]:
        loop = self._tree.enclosing(binding.node, cst.For, cst.CompFor)
        if not isinstance(loop, cst.For | cst.CompFor):
            return
        table, at = loop.iter, ""
        func = table.func if isinstance(table, cst.Call) else None
        if isinstance(func, cst.Attribute) and func.attr.value in _ALL:
            table, at = func.value, _ALL[func.attr.value]
            pairs = not at
        elif func is not None:
            return
        else:
            at, pairs = "item", False
        steps = self._steps(binding.node, loop.target)
        if pairs:
            if not steps:
                return
            at = "key" if steps.pop(0) == "0" else "value"
        path = self._scopes.imported(table) or dotted(table)
        bindings = self._scopes.reaching(table) if isinstance(table, cst.Name) else ()
        if any(isinstance(one.scope.node, cst.FunctionDef) for one in bindings):
            path = _OWN + path
        if path:
            yield f"{_of_instance(self._tree, table, path)}[{at}{'.'.join(steps)}]"

    def _steps(self, node: cst.CSTNode, target: cst.CSTNode) -> list[str]:
        """Where a variable is among those of a loop."""
        steps: list[str] = []
        while node is not target:
            above = self._tree.parent(node)
            if isinstance(above, cst.Tuple | cst.List):
                steps.insert(0, str([id(one) for one in above.elements].index(id(node))))
            if above is None:
                break
            node = above
        return steps

    def _given(self, binding: Binding) -> Iterator[str]:
        function = binding.scope.node
        if not isinstance(function, cst.FunctionDef):
            return
        every = [*function.params.posonly_params, *function.params.params]
        names = [one.name.value for one in every]
        holder = self._tree.enclosing(function, cst.ClassDef, cst.FunctionDef)
        slots = [binding.name]
        if binding.name in names:
            is_method = bool(_receiver(self._tree, function))
            slots.append(str(names.index(binding.name) - int(is_method)))
        for slot in slots:
            if isinstance(holder, cst.ClassDef):
                yield f"{holder.name.value}.{function.name.value}({slot})"
                yield f"{_ANY}.{function.name.value}({slot}){UNSURE}"
            else:
                yield f"{function.name.value}({slot})"
