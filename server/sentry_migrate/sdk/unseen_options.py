"""Options of `init()` that a text does not show: of a file that is read, or the environment.

Owns telling which `**options` give names that nobody here can look through. Refuses to know which
options matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.class_members import ClassMembers
from sentry_migrate.sdk.options import TARGETS, merged_into, subscript_key, takes_the_rest
from sentry_migrate.sdk.value_types import Options
from sentry_migrate.sdk.values import Values


def unseen_options(
    tree: Tree, values: Values, is_project: Callable[[str], bool], *, follows: bool = True
) -> Iterator[cst.CSTNode]:
    """The expressions in place of which `init()` gets options that cannot be told. `is_project`
    says of an import's path whether it is of a module of the project, whose dictionaries are
    known. What a function of one makes, or an object that is given has, counts as seen unless
    nobody `follows` it."""
    finder = _Finder(tree, values, is_project, follows)
    for call in tree.nodes(cst.Call):
        if values.path(call.func) in TARGETS:
            for arg in call.args:
                if arg.star == "**" and not finder.is_seen(arg.value):
                    yield arg.value


class _Finder:
    def __init__(
        self, tree: Tree, values: Values, is_project: Callable[[str], bool], follows: bool
    ) -> None:
        self._follows = follows
        self._tree = tree
        self._values = values
        self._is_project = is_project
        self._known: set[int] = set()
        self._members = ClassMembers(tree, values.scopes)

    def is_seen(self, node: cst.BaseExpression) -> bool:
        """Whether all names of a dictionary are in the project's code."""
        if id(node) in self._known or isinstance(self._values.of(node), Options):
            return True
        self._known.add(id(node))
        if isinstance(node, cst.Dict):
            return all(map(self._is_element_seen, node.elements))
        if isinstance(node, cst.IfExp):
            return self.is_seen(node.body) and self.is_seen(node.orelse)
        if isinstance(node, cst.BooleanOperation | cst.BinaryOperation):
            return self.is_seen(node.left) and self.is_seen(node.right)
        if isinstance(node, cst.Name):
            return self._is_variable_seen(node)
        if isinstance(node, cst.Attribute):
            return self._is_member_seen(node)
        if isinstance(node, cst.Subscript):
            return self._is_item_seen(node)
        if isinstance(node, cst.Call):
            if isinstance(node.func, cst.Name) and node.func.value == "dict":
                given = (arg.value for arg in node.args if arg.keyword is None)
                return all(map(self.is_seen, given))
            return self._is_function_seen(node.func)
        return False

    def _is_element_seen(self, element: cst.BaseDictElement) -> bool:
        if isinstance(element, cst.StarredDictElement):
            return self.is_seen(element.value)
        return isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString)

    def _is_variable_seen(self, name: cst.Name) -> bool:
        scopes = self._values.scopes
        scope = scopes.lookup(name.value, scopes.scope_of(name))
        bindings = scope.bindings[name.value] if scope is not None else []
        return (
            bool(bindings)
            and all(map(self._is_bound_seen, bindings))
            and all(map(self._adds_seen, scopes.reads_beside(bindings[0])))
        )

    def _adds_seen(self, load: cst.Name) -> bool:
        """Whether a dictionary gets nothing here that cannot be told: `load.update(…)`, or an item
        whose key is computed."""
        member = self._tree.parent(load)
        if isinstance(member, cst.Subscript) and member.value is load:
            given = isinstance(self._tree.parent(member), cst.AssignTarget)
            return not given or subscript_key(member) is not None
        call = self._tree.parent(member) if isinstance(member, cst.Attribute) else None
        if not isinstance(member, cst.Attribute) or not isinstance(call, cst.Call):
            return True
        if member.attr.value != "update" or call.func is not member:
            return True
        return all(self.is_seen(arg.value) for arg in call.args if arg.keyword is None)

    def _is_bound_seen(self, binding: Binding) -> bool:
        if binding.kind == "import":
            return self._is_project(binding.path)
        if takes_the_rest(binding):
            return True
        merged = merged_into(self._tree.parent(binding.node))
        value = merged if merged is not None else binding.value
        if binding.kind == "param" or not binding.whole:
            return False
        return isinstance(value, cst.BaseExpression) and self.is_seen(value)

    def _is_item_seen(self, node: cst.Subscript) -> bool:
        """Whether it is of a dictionary that is written out."""
        key = subscript_key(node)
        bindings = (
            self._values.scopes.reaching(node.value) if isinstance(node.value, cst.Name) else ()
        )
        return bool(bindings) and all(
            isinstance(one.value, cst.Dict)
            and any(
                isinstance(item, cst.DictElement)
                and isinstance(item.key, cst.SimpleString)
                and key is not None
                and item.key.evaluated_value == key.evaluated_value
                and self.is_seen(item.value)
                for item in one.value.elements
            )
            for one in bindings
        )

    def _is_member_seen(self, node: cst.Attribute) -> bool:
        """Whether it may be of a class here, or of a module or class of the project."""
        root: cst.BaseExpression = node.value
        while isinstance(root, cst.Attribute | cst.Call):
            root = root.value if isinstance(root, cst.Attribute) else root.func
        bindings = self._values.scopes.reaching(root) if isinstance(root, cst.Name) else ()
        return bool(bindings) and all(
            one.kind == "class"
            or (one.kind == "param" and self._follows)
            or (one.kind == "import" and self._is_project(one.path))
            or (one.kind == "assign" and self._is_made_here(one))
            for one in bindings
        )

    def _is_made_here(self, binding: Binding) -> bool:
        made = binding.value.func if isinstance(binding.value, cst.Call) else None
        bindings = self._values.scopes.reaching(made) if isinstance(made, cst.Name) else ()
        return bool(bindings) and all(
            one.kind == "class" or (one.kind == "import" and self._is_project(one.path))
            for one in bindings
        )

    def _is_function_seen(self, func: cst.BaseExpression) -> bool:
        if isinstance(func, cst.Attribute):
            if func.attr.value == "_asdict" and not [*self._members.lineage(func.value)]:
                return False  # of a named tuple, whose fields no dictionary spells
            return self._is_member_seen(func) and all(map(self._returns_seen, self._methods(func)))
        bindings = self._values.scopes.reaching(func) if isinstance(func, cst.Name) else ()
        return bool(bindings) and all(
            self._returns_seen(one.node)
            if isinstance(one.node, cst.FunctionDef)
            else self._follows and one.kind == "import" and self._is_project(one.path)
            for one in bindings
        )

    def _methods(self, func: cst.Attribute) -> Iterator[cst.FunctionDef]:
        """The methods of the text that a call means."""
        for owner in self._members.lineage(func.value):
            own = self._values.scopes.scopes[id(owner)].bindings.get(func.attr.value, ())
            yield from (one.node for one in own if isinstance(one.node, cst.FunctionDef))

    def _returns_seen(self, function: cst.FunctionDef) -> bool:
        results = (
            node.value
            for node in self._tree.nodes(cst.Return)
            if self._tree.enclosing(node, cst.FunctionDef, cst.Lambda) is function
        )
        return all(one is None or self.is_seen(one) for one in results)
