"""Tests that look at all calls of a mock, and compare them with what nothing there spells.

`assert [str(one) for one in sdk.mock_calls] == json.load(file)` passes only while the code calls
what it called. Owns finding such places, and whether a fix may meet one. Refuses to know which
calls a fix changes.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import stand_in_key
from sentry_migrate.project.modules import SDK
from sentry_migrate.project.testing_files import TESTING
from sentry_migrate.proof.call_graph import own_module

_LISTS = ("mock_calls", "method_calls")
_ASSERTING = ("assert_has_calls",)
_MOCK = "mock"


def whole_key(module: str) -> str:
    """The kind of code that puts something in the place of the SDK as a whole in a module."""
    return stand_in_key(SDK, f"all of {module}")


def places(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """Where a test looks at all calls of a mock without spelling those it waits for."""
    for node in context.tree.nodes(cst.Attribute):
        name = node.attr.value
        if name in (*_LISTS, *_ASSERTING) and not _is_of_member(node.value):
            if not _is_spelled(context, _other(context, node)):
                yield stand_in_key(name, _MOCK), node


@remembered
def reason(context: Context) -> str:
    """Why what a text calls of the SDK may be looked at so: a test puts a mock in the place of the
    SDK as a whole; empty if none does."""
    home = own_module(context)
    patched = context.elsewhere(whole_key(home)) if home else ""
    kinds = (stand_in_key(one, _MOCK) for one in (*_LISTS, *_ASSERTING) if patched)
    looked = next(filter(None, map(context.elsewhere, kinds)), "")
    if not looked:
        return ""
    return (
        f"{patched} replaces `{SDK}`, and {looked} looks at all calls of a mock "
        "without saying which"
    )


def _is_of_member(mock: cst.BaseExpression) -> bool:
    """Whether it is a mock of one name, which the test spells: `sdk.capture_message`."""
    if isinstance(mock, cst.Attribute):
        return not isinstance(mock.value, cst.Name) or mock.value.value != "self"
    return not isinstance(mock, cst.Name)


def _other(context: Context, node: cst.Attribute) -> cst.CSTNode | None:
    """What a list of calls, or one of them, is compared with or asserted to have."""
    at: cst.CSTNode = node
    holder = context.parent(at)
    if isinstance(holder, cst.Subscript):
        at, holder = holder, context.parent(holder)
    if isinstance(holder, cst.Call) and holder.func is at:
        return holder.args[0].value if holder.args else None
    if isinstance(holder, cst.UnaryOperation | cst.BooleanOperation | cst.Assert | cst.If):
        return cst.List([])  # whether there are any
    if isinstance(holder, cst.ComparisonTarget):
        around = context.parent(holder)
        alone = isinstance(around, cst.Comparison) and len(around.comparisons) == 1
        return around.left if isinstance(around, cst.Comparison) and alone else None
    if isinstance(holder, cst.Comparison) and len(holder.comparisons) == 1:
        return holder.comparisons[0].comparator
    return None


def _is_spelled(context: Context, node: cst.CSTNode | None) -> bool:
    """Whether it is written out: `[call.f()]`."""
    if isinstance(node, cst.List | cst.Tuple):
        return all(_is_spelled(context, one.value) for one in node.elements)
    while isinstance(node, cst.Call | cst.Attribute):
        node = node.func if isinstance(node, cst.Call) else node.value
        if isinstance(node, cst.Call) and not isinstance(node.func, cst.Attribute):
            return False
    if not isinstance(node, cst.Name):
        return False
    bindings = context.scopes.reaching(node)
    return bool(bindings) and all(
        one.kind == "import" and one.path.partition(".")[0] in TESTING for one in bindings
    )
