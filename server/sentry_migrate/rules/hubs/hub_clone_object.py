"""`hub = Hub(Hub.current)` kept in a variable → a forked isolation scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import Doubt
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.index import give
from sentry_migrate.kit.memory import remembered
from sentry_migrate.kit.rule import GUIDE, Alternative, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.hubs import cloned, comes_along
from sentry_migrate.rewrite.active_hubs import members_without_fix
from sentry_migrate.rewrite.hub_holders import NoForm
from sentry_migrate.rewrite.hub_objects import replace
from sentry_migrate.rewrite.hub_remedies import GIVE_FORKS
from sentry_migrate.rewrite.scope_pairs import of_clone
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN220",
    name="hub-clone-object",
    kind="conditional",
    summary="A cloned hub that is not active isolates nothing in 2.x; fork the isolation scope",
    messages=("A cloned hub is deprecated; activate forks of both scopes instead",),
    why=(
        "In 2.x, a clone that is not activated writes to the live isolation scope, so its data "
        "leaks. Fork both scopes, and activate the forks with `use_isolation_scope()` and "
        "`use_scope()`."
    ),
    safety=(
        "Safe where every use of the clone has a counterpart. The current scope is forked as well: "
        "a span that is active where the clone is made travels with a 1.x hub, but not with an "
        "isolation scope. The guide's form, without the current scope, is offered as an "
        "alternative."
    ),
    link=GUIDE + "#cloning-a-hub",
    since="2.0.0",
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib import Hub\nhub = Hub(Hub.current)\n"),
        Ignores("def f(hub):\n    with hub:\n        pass\n"),
        Rewrites(
            "import sentry_sdk\n"
            "def run():\n"
            "    my_hub = sentry_sdk.Hub(sentry_sdk.Hub.current)\n"
            "    with my_hub:\n"
            "        sentry_sdk.capture_message('I am isolated')\n",
            "import sentry_sdk\n"
            "import sentry_sdk.scope\n"
            "def run():\n"
            "    my_isolation_scope = sentry_sdk.get_isolation_scope().fork()\n"
            "    my_current_scope = sentry_sdk.get_current_scope().fork()\n"
            "    with sentry_sdk.scope.use_isolation_scope(\n"
            "        my_isolation_scope\n"
            "    ), sentry_sdk.scope.use_scope(my_current_scope):\n"
            "        sentry_sdk.capture_message('I am isolated')\n",
            alternatives=(
                Alternative(
                    "import sentry_sdk\n"
                    "import sentry_sdk.scope\n"
                    "def run():\n"
                    "    my_isolation_scope = sentry_sdk.get_isolation_scope().fork()\n"
                    "    with sentry_sdk.scope.use_isolation_scope(my_isolation_scope):\n"
                    "        sentry_sdk.capture_message('I am isolated')\n",
                    reason="a span that is active where the hub is cloned does not come along",
                ),
            ),
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def f():\n"
            "    hub = Hub(Hub.current)\n"
            "    hub.scope.set_tag('a', 'b')\n",
            "from sentry_sdk import get_isolation_scope\n"
            "def f():\n"
            "    isolation_scope = get_isolation_scope().fork()\n"
            "    isolation_scope.set_tag('a', 'b')\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub, capture_message\n"
            "def f():\n"
            "    hub = Hub(Hub.current)\n"
            "    hub.scope.set_tag('a', 'b')\n"
            "    with hub:\n"
            "        capture_message('x')\n",
            "from sentry_sdk import capture_message, get_current_scope, get_isolation_scope\n"
            "from sentry_sdk.scope import use_isolation_scope, use_scope\n"
            "def f():\n"
            "    isolation_scope = get_isolation_scope().fork()\n"
            "    current_scope = get_current_scope().fork()\n"
            "    isolation_scope.set_tag('a', 'b')\n"
            "    with use_isolation_scope(isolation_scope), use_scope(current_scope):\n"
            "        capture_message('x')\n",
            alternatives=(
                Alternative(
                    "from sentry_sdk import capture_message, get_isolation_scope\n"
                    "from sentry_sdk.scope import use_isolation_scope\n"
                    "def f():\n"
                    "    isolation_scope = get_isolation_scope().fork()\n"
                    "    isolation_scope.set_tag('a', 'b')\n"
                    "    with use_isolation_scope(isolation_scope):\n"
                    "        capture_message('x')\n",
                    reason="a span that is active where the hub is cloned does not come along",
                ),
            ),
        ),
        Flags(
            "import sentry_sdk\n"
            "def f(run):\n"
            "    hub = sentry_sdk.Hub(sentry_sdk.Hub.current)\n"
            "    run(hub)\n",
            remedy=(
                "Pass `sentry_sdk.get_isolation_scope().fork()` and "
                "`sentry_sdk.get_current_scope().fork()` instead of the hub, and activate both: "
                "`with sentry_sdk.scope.use_isolation_scope(isolation_scope), "
                "sentry_sdk.scope.use_scope(current_scope):`. No automatic fix: `hub` is passed on."
            ),
        ),
    ),
)


@RULE.gather
def gather(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    members = members_without_fix(drafts)
    known: dict[int, tuple[FixDraft | None, FixDraft | None, str]] = {}
    for use in context.uses:
        call = use.call
        if use.trigger != "sentry_sdk.Hub" or call is None or _handled_elsewhere(context, call):
            continue
        hub = context.values.instance(call, "Hub")
        if hub is None or hub.origin != "clone":
            continue
        first = _first_clone(context, call)
        origin = cloned(context, first)
        if not origin.known or comes_along(context, first.args[0].value):
            yield context.finding(use, remedy=GIVE_FORKS)
            continue
        if id(first) not in known:
            known[id(first)] = _fixes(context, use, first, drafts, origin.doubt)
        fix, other, error = known[id(first)]
        for draft in members.get(id(call), ()):
            draft.fix = fix
        if fix is not None:
            give(fix, drafts)
        remedy = by_hand(error, GIVE_FORKS) if error else GIVE_FORKS
        message = _ENTERED if _is_entered(context, call) else ""
        alternatives = [other] if other else []
        yield context.finding(use, fix, alternatives, remedy=remedy, message=message)


def _fixes(
    context: Context, use: Use, call: cst.Call, drafts: Sequence[Draft], doubt: Doubt | None
) -> tuple[FixDraft | None, FixDraft | None, str]:
    """The fixes for a clone and the clones of it, with both scopes and with one, or why there are
    none."""
    found: list[FixDraft] = []
    names = "`get_isolation_scope().fork()`"
    for alone in (False, True):
        fix = context.fix(f"Replace with {names}" if alone else "Replace with forks of both scopes")
        fix.unsafe(doubt)
        try:
            replace(context, fix, use, call, of_clone(fix, use, alone), drafts)
        except (NoForm, NoName) as error:
            return None, None, str(error)
        if not alone and not any(_CURRENT in edit.text for edit in fix.edits):
            # Nothing uses the clone's current scope.
            fix.message = f"Replace with {names}"
            fix.needs = [need for need in fix.needs if need.name != _CURRENT]
            return fix, None, ""
        found.append(fix)
    return found[0], found[1], ""


_CURRENT = "get_current_scope"
_ENTERED = "A cloned hub is deprecated; activate forks of both scopes instead"


def _is_entered(context: Context, call: cst.Call) -> bool:
    """Whether a `with` statement activates the variable that has the clone."""
    binding = context.scopes.assigned_from(call)
    reads = context.scopes.possible_reads(binding) if binding is not None else ()
    return any(isinstance(context.parent(read), cst.WithItem) for read in reads)


def _handled_elsewhere(context: Context, call: cst.Call) -> bool:
    """`with Hub(Hub.current)` and `Hub(Hub.current).run()` have rules of their own."""
    parent = context.parent(call)
    if isinstance(parent, cst.Attribute):
        return parent.attr.value == "run"
    return isinstance(parent, cst.WithItem)


def _first_clone(context: Context, call: cst.Call) -> cst.Call:
    """The clone that a clone of a clone goes back to: their variables change together."""
    passed: list[int] = []
    while id(call) not in passed:
        known = _first_clones(context).get(id(call))
        if known is not None:
            call = known
            break
        passed.append(id(call))
        hub = context.values.instance(call.args[0].value, "Hub") if call.args else None
        if hub is None or hub.origin != "clone" or hub.via is None:
            break
        if isinstance(hub.node, cst.Call):
            call = hub.node
    _first_clones(context).update(dict.fromkeys(passed, call))
    return call


@remembered
def _first_clones(context: Context) -> dict[int, cst.Call]:
    """What the clones go back to, by their ids, as far as that is known."""
    return {}
