"""`Hub.current` itself: kept in a variable, passed on, returned, tested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import USED_ELSEWHERE
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.index import Replacements, give, replacements
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.taken_members import is_read_elsewhere
from sentry_migrate.proof.truth_tests import test_around
from sentry_migrate.python.bindings import Binding
from sentry_migrate.rewrite.active_hubs import (
    READ_BY_NAME,
    WARNS,
    covering,
    handed_by_others,
    handed_on,
    read_by_name,
)
from sentry_migrate.rewrite.hub_holders import NoForm
from sentry_migrate.rewrite.hub_objects import replace
from sentry_migrate.rewrite.hub_remedies import GIVE_NOTHING
from sentry_migrate.rewrite.hub_returners import (
    only_returns,
    without_field,
    without_function,
)
from sentry_migrate.rewrite.scope_pairs import POPPED, import_only_used, of_active
from sentry_migrate.rewrite.statements import delete_statement
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use
from sentry_migrate.text.edits import EditSet

RULE = Rule(
    code="SEN227",
    name="hub-current",
    kind="conditional",
    summary="`Hub.current` is deprecated; 2.x needs no hub object to store or pass on",
    why=WARNS,
    safety=(
        "Where a variable holds the hub and each of its uses has a counterpart, the fix rewrites "
        "all of them and removes the variable; it is as safe as the least safe of them. A "
        "parameter goes in the same way if each call of its function is in the file, or in one "
        "other file, and gives it the active hub. A hub that a thread, a pool or a queue takes to "
        "a function of the file becomes both scopes on the whole way. Any other that leaves the "
        "function has to be changed by hand."
    ),
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores("from mylib import Hub\nhub = Hub.current\n"),
        Ignores("import sentry_sdk\nsentry_sdk.Hub.current.capture_message('x')\n"),
        Ignores("import sentry_sdk\nwith sentry_sdk.Hub(sentry_sdk.Hub.current):\n    pass\n"),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def f(error):\n"
            "    hub = Hub.current\n"
            "    if hub.client is not None:\n"
            "        hub.capture_exception(error)\n",
            "from sentry_sdk import capture_exception, is_initialized\n"
            "def f(error):\n"
            "    if is_initialized():\n"
            "        capture_exception(error)\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    hub = sentry_sdk.Hub.current\n"
            "    return bool(hub is not None and hub.client and hub.client.dsn)\n",
            "import sentry_sdk\n"
            "def f():\n"
            "    return bool(sentry_sdk.is_initialized() and sentry_sdk.get_client().dsn)\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "class A:\n"
            "    def __init__(self):\n"
            "        self.hub = sentry_sdk.Hub.current\n"
            "        self.x = 1\n"
            "    def f(self):\n"
            "        self.hub.capture_message('x')\n",
            "import sentry_sdk\n"
            "class A:\n"
            "    def __init__(self):\n"
            "        self.x = 1\n"
            "    def f(self):\n"
            "        sentry_sdk.capture_message('x')\n",
            reason=(
                "the hub was obtained elsewhere; 1.x uses that hub, 2.x uses the scopes that are "
                "active here"
            ),
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def report(hub, error):\n"
            "    hub.capture_exception(error)\n"
            "def f(error):\n"
            "    report(Hub.current, error)\n",
            "from sentry_sdk import capture_exception\n"
            "def report(error):\n"
            "    capture_exception(error)\n"
            "def f(error):\n"
            "    report(error)\n",
        ),
        Rewrites(
            "from threading import Thread\n"
            "from sentry_sdk import Hub, capture_message\n"
            "def work(hub):\n"
            "    with Hub(hub):\n"
            "        capture_message('x')\n"
            "Thread(target=work, args=(Hub.current,)).start()\n",
            "from threading import Thread\n"
            "from sentry_sdk import capture_message, get_current_scope, get_isolation_scope\n"
            "from sentry_sdk.scope import use_isolation_scope, use_scope\n"
            "def work(current_scope, isolation_scope):\n"
            "    with use_isolation_scope(isolation_scope.fork()), "
            "use_scope(current_scope.fork()):\n"
            "        capture_message('x')\n"
            "Thread(target=work, args=(get_current_scope(), get_isolation_scope(),)).start()\n",
            reason=POPPED.reason,
        ),
        Flags(
            "import sentry_sdk\ndef f(run):\n    run(sentry_sdk.Hub.current)\n",
            remedy=(
                "Give nothing to code that runs in the same thread and task: the functions of "
                "`sentry_sdk` find the active scopes. To others, give "
                "`sentry_sdk.get_isolation_scope()` and `sentry_sdk.get_current_scope()`, each "
                "with `.fork()` if the hub is cloned there, and activate both: `with "
                "sentry_sdk.scope.use_isolation_scope(isolation_scope), "
                "sentry_sdk.scope.use_scope(current_scope):`."
            ),
        ),
        Flags(
            "import sentry_sdk\ndef f(run):\n    hub = sentry_sdk.Hub.current\n    run(hub)\n",
            remedy=(
                "Give nothing to code that runs in the same thread and task: the functions of "
                "`sentry_sdk` find the active scopes. To others, give "
                "`sentry_sdk.get_isolation_scope()` and `sentry_sdk.get_current_scope()`, each "
                "with `.fork()` if the hub is cloned there, and activate both: `with "
                "sentry_sdk.scope.use_isolation_scope(isolation_scope), "
                "sentry_sdk.scope.use_scope(current_scope):`."
            ),
        ),
    ),
)


@RULE.gather
def gather(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    for removal in handed_by_others(context, drafts):
        made = set(removal.edits)
        for draft in drafts:
            if draft.fix is not None and draft.fix.edits and made.issuperset(draft.fix.edits):
                draft.fix = removal
    covered = {(draft.start, draft.end) for draft in drafts}
    edited = replacements(context, drafts)
    for use in context.uses:
        hub = use.owner
        if use.trigger != "=Hub" or hub is None or hub.node is not use.node:
            continue
        if hub.origin != "current" or not isinstance(use.node, cst.Attribute):
            continue
        parent = context.parent(use.node)
        if isinstance(parent, cst.Attribute) or (use.start, use.end) in covered:
            continue
        if isinstance(parent, cst.Assign | cst.AnnAssign):
            yield _assigned(context, use, parent, drafts)
        elif not _consumed(context, use, edited):
            fix = (
                handed_on(context, use.node, drafts)
                or without_function(context, use.node, drafts)
                or without_field(context, use.node, drafts)
            )
            yield _found(context, use, drafts, fix)


def _consumed(context: Context, use: Use, edited: Replacements) -> bool:
    """Whether another finding is about this hub: `Hub(Hub.current)`, or one whose fix edits it."""
    parent = context.parent(use.node)
    if isinstance(parent, cst.Arg):
        call = context.parent(parent)
        if isinstance(call, cst.Call) and context.values.path(call.func) == "sentry_sdk.Hub":
            return True
    if isinstance(parent, cst.WithItem):
        return True
    return edited.over(use.start, use.end) is not None


def _found(
    context: Context, use: Use, drafts: Sequence[Draft], fix: FixDraft | None = None
) -> Draft:
    """The finding for a hub that is kept or given to other code; without a fix that removes the hub
    with one that gives both scopes, also for what is found of the hub where it is used."""
    if fix is not None:
        return context.finding(use, fix)
    fix = context.fix("Give both scopes in place of the hub")
    assert isinstance(use.node, cst.BaseExpression)
    try:
        replace(context, fix, use, use.node, of_active(fix, use), drafts)
        import_only_used(fix)
    except (NoForm, NoName):
        returns = only_returns(context, use.node)
        unused = f"If no code uses `{returns.name.value}`, delete it. " if returns else ""
        return context.finding(use, remedy=f"{unused}{GIVE_NOTHING}")
    give(fix, drafts)
    return context.finding(use, fix)


def _is_entered_later(context: Context, binding: Binding) -> bool:
    """Whether a function inside, which may run anywhere, makes the hub of a variable active."""
    home = context.function(binding.node)
    for read in context.scopes.possible_reads(binding):
        place: cst.CSTNode | None = read
        arg = context.parent(read)
        if isinstance(arg, cst.Arg):
            place = context.parent(arg)
            if not isinstance(place, cst.Call) or context.values.instance(place, "Hub") is None:
                continue
        entered = place is not None and isinstance(context.parent(place), cst.WithItem)
        if entered and context.function(read) is not home:
            return True
    return False


def _assigned(
    context: Context, use: Use, statement: cst.Assign | cst.AnnAssign, drafts: Sequence[Draft]
) -> Draft:
    binding = context.scopes.assigned_from(use.node)
    if binding is not None and _is_entered_later(context, binding):
        kept = _found(context, use, drafts)
        if kept.fix is not None:
            give(kept.fix, drafts, instead=True)
            return kept
    fix = context.fix("Rewrite all uses and remove the hub variable")
    reads: list[cst.CSTNode] | None = None
    in_module = binding is not None and binding.scope is context.scopes.module
    if binding is not None and in_module and context.imports.takers(binding):
        return _found(context, use, drafts)
    if binding is not None and len(binding.scope.bindings[binding.name]) == 1:
        if binding.name not in binding.scope.elsewhere:
            reads = list(context.scopes.possible_reads(binding))
    elif binding is None:
        reads = _attribute_reads(context, statement)
    if reads is not None:
        reads = [read for read in reads if not _remove_test(context, fix, read)]
    parts = covering(drafts, reads, context) if reads is not None else None
    if parts is None:
        return _found(context, use, drafts)
    for part in parts:
        fix.include(part)
    if binding is not None and binding.scope.kind != "function" and not parts:
        return _found(context, use, drafts)
    if binding is not None and binding.scope.kind != "function":
        fix.unsafe(USED_ELSEWHERE.about("other modules may read the variable"))
    if binding is not None and read_by_name(context, binding):
        fix.unsafe(READ_BY_NAME)
    deletion = delete_statement(context, statement)
    if deletion is None:
        return _found(context, use, drafts)
    fix.add([deletion])
    if not EditSet().accept(fix.edits):
        return _found(context, use, drafts)
    return context.finding(use, fix)


def _remove_test(context: Context, fix: FixDraft, read: cst.CSTNode) -> bool:
    """Drop `hub and` and `hub is not None and`: there always is a hub in 1.x."""
    node: cst.CSTNode = read
    parent = context.parent(node)
    if isinstance(parent, cst.Comparison) and parent.left is node:
        test = test_around(context, parent.left)
        if test is None or test.negated:
            return False
        node, parent = parent, context.parent(parent)
    if (
        not isinstance(parent, cst.BooleanOperation)
        or parent.left is not node
        or not isinstance(parent.operator, cst.And)
    ):
        return False
    fix.edit(context.tree.outer(parent.left)[0], context.tree.outer(parent.right)[0], "")
    return True


def _attribute_reads(
    context: Context, statement: cst.Assign | cst.AnnAssign
) -> list[cst.CSTNode] | None:
    """All reads of `self.hub` in the class; None if the attribute is stored to elsewhere."""
    target = (
        statement.targets[0].target
        if isinstance(statement, cst.Assign) and len(statement.targets) == 1
        else getattr(statement, "target", None)
    )
    holder = context.tree.enclosing(statement, cst.ClassDef)
    if not isinstance(target, cst.Attribute) or holder is None:
        return None
    name = target.attr.value
    if len(context.scopes.attributes.get(name, ())) != 1 or is_read_elsewhere(context, name):
        return None
    low, high = context.span(holder)
    reads: list[cst.CSTNode] = []
    for node in context.tree.by_type.get(cst.Attribute, ()):
        if isinstance(node, cst.Attribute) and node.attr.value == name and node is not target:
            if not low <= context.span(node)[0] < high:
                return None
            reads.append(node)
    return reads or None
