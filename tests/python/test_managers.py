"""Which call enters the context manager `manager()`."""

from __future__ import annotations

import libcst as cst
import pytest

from sentry_migrate.python.managers import entered_by, entering
from sentry_migrate.python.tree import Tree

pytestmark = pytest.mark.fast

# code: the call that enters it, or nothing
ENTERED = {
    "stack.enter_context(manager())": "stack.enter_context(manager())",
    "self.stack.enter_context(manager())": "self.stack.enter_context(manager())",
    "x = stack.enter_context(manager())": "stack.enter_context(manager())",
    "stack.enter_context(cm=manager())": "stack.enter_context(cm=manager())",
    "manager().__enter__()": "manager().__enter__()",
    "x = manager().__enter__()": "manager().__enter__()",
    "with manager(): pass": "",
    "manager()": "",
    "manager().__exit__()": "",
    "manager().__enter__": "",
    "manager().__enter__(1)": "",
    "enter = manager().__enter__; enter()": "",
    "manager().x.__enter__()": "",
    "manager().enter_context(x)": "",
    "enter_context(manager())": "",
    "stack.push(manager())": "",
    "stack.enter_context(*manager())": "",
    "stack.enter_context(x, manager())": "",
    "stack.enter_context(f(manager()))": "",
    "stack.enter_context(manager)(manager())": "",
}


@pytest.mark.parametrize(("code", "expected"), ENTERED.items())
def test_who_enters_it(code: str, expected: str) -> None:
    tree = Tree(code)
    (manager,) = (node for node in tree.nodes(cst.Call) if tree.code(node) == "manager()")
    call = entering(tree, manager)
    assert (tree.code(call) if call is not None else "") == expected
    assert [one for one in tree.nodes(cst.Call) if entered_by(one) is manager] == (
        [call] if call is not None else []
    )
