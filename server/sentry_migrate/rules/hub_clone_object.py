"""`hub = Hub(Hub.current)` kept in a variable → a forked isolation scope."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._clients import binding_of
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._hub import loads_of
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.bindings import Binding
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN220",
    name="hub-clone-object",
    kind="suggested",
    summary="A cloned hub becomes a forked isolation scope in 2.x",
    why=(
        "A clone that is not activated writes into the live isolation scope in 2.x: its data "
        "leaks. Fork the isolation scope instead and activate it with `use_isolation_scope()`."
    ),
    safety=(
        "Never safe: a span active where the clone is made travels with a 1.x hub, but not with "
        "an isolation scope. Where it matters, fork and activate the current scope as well "
        "(`use_scope()`)."
    ),
    link=GUIDE + "#cloning-a-hub",
    since="2.0.0",
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib import Hub\nhub = Hub(Hub.current)\n"),
        Ignores("def f(hub):\n    with hub:\n        pass\n"),
        Rewrites(
            "import sentry_sdk\n"
            "my_hub = sentry_sdk.Hub(sentry_sdk.Hub.current)\n"
            "with my_hub:\n"
            "    sentry_sdk.capture_message('I am isolated')\n",
            "import sentry_sdk\n"
            "import sentry_sdk.scope\n"
            "my_isolation_scope = sentry_sdk.get_isolation_scope().fork()\n"
            "with sentry_sdk.scope.use_isolation_scope(my_isolation_scope):\n"
            "    sentry_sdk.capture_message('I am isolated')\n",
            reason="span",
        ),
        Rewrites(
            "from sentry_sdk import Hub, capture_message\n"
            "def f():\n"
            "    hub = Hub(Hub.current)\n"
            "    hub.scope.set_tag('a', 'b')\n"
            "    with hub:\n"
            "        capture_message('x')\n",
            "from sentry_sdk import capture_message, get_isolation_scope\n"
            "from sentry_sdk.scope import use_isolation_scope\n"
            "def f():\n"
            "    isolation_scope = get_isolation_scope().fork()\n"
            "    isolation_scope.set_tag('a', 'b')\n"
            "    with use_isolation_scope(isolation_scope):\n"
            "        capture_message('x')\n",
            reason="span",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "my_hub = sentry_sdk.Hub(sentry_sdk.Hub.current)\n"
            "my_cloned_hub = sentry_sdk.Hub(my_hub)\n",
            "import sentry_sdk\n"
            "my_isolation_scope = sentry_sdk.get_isolation_scope().fork()\n"
            "my_cloned_isolation_scope = my_isolation_scope.fork()\n",
            reason="span",
        ),
        Reports(
            "import sentry_sdk\n"
            "def f(run):\n"
            "    hub = sentry_sdk.Hub(sentry_sdk.Hub.current)\n"
            "    run(hub)\n",
            remedy="fork()",
        ),
    ),
)

_REMEDY = (
    "Hand over `sentry_sdk.get_isolation_scope().fork()` (and, for spans, "
    "`sentry_sdk.get_current_scope().fork()`), and activate it with "
    "`with sentry_sdk.scope.use_isolation_scope(scope):`."
)
_SPAN = "a span that is active where the hub is cloned is not carried over"


@RULE.gather
def gather(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    for use in context.uses:
        call = use.call
        if use.trigger != "sentry_sdk.Hub" or call is None or _handled_elsewhere(context, call):
            continue
        hub = context.values.instance(call, "Hub")
        if hub is None or hub.origin != "clone":
            continue
        first = _first_clone(context, call)
        binding = binding_of(context, first)
        fix = context.fix("Replace with a forked isolation scope").unsafe(_SPAN)
        try:
            done = binding is not None and _rewrite(context, fix, use, first, binding)
        except NoName as error:
            yield context.finding(use, remedy=f"{_REMEDY} ({error}.)")
            continue
        yield context.finding(use, fix if done else None, remedy=_REMEDY)


def _handled_elsewhere(context: Context, call: cst.Call) -> bool:
    """`with Hub(Hub.current)` and `Hub(Hub.current).run()` have rules of their own."""
    parent = context.parent(call)
    if isinstance(parent, cst.Attribute):
        return parent.attr.value == "run"
    return isinstance(parent, cst.WithItem)


def _first_clone(context: Context, call: cst.Call) -> cst.Call:
    """The clone that a clone of a clone goes back to: their variables change together."""
    hub = context.values.instance(call.args[0].value, "Hub") if call.args else None
    if hub is not None and hub.origin == "clone" and hub.via is not None:
        if isinstance(hub.node, cst.Call) and hub.node is not call:
            return _first_clone(context, hub.node)
    return call


def _cloned_again(context: Context, load: cst.CSTNode) -> cst.Call | None:
    """`Hub(load)`, if that is where the hub goes."""
    arg = context.parent(load)
    call = context.parent(arg) if isinstance(arg, cst.Arg) else None
    if isinstance(call, cst.Call) and len(call.args) == 1:
        hub = context.values.instance(call, "Hub")
        return call if hub is not None and hub.origin == "clone" else None
    return None


def _rewrite(context: Context, fix: FixDraft, use: Use, call: cst.Call, binding: Binding) -> bool:
    """Fork where the hub was cloned and rewrite the variable's uses; False if one has no form."""
    name = _new_name(context, binding)
    if name is None or len(binding.scope.bindings[binding.name]) > 1:
        return False
    for load in loads_of(context, binding):
        parent = context.parent(load)
        if isinstance(parent, cst.WithItem) and parent.asname is None:
            manager = fix.api("scope.use_isolation_scope", use)
            fix.edit(*context.span(load), f"{manager}({name})")
        elif isinstance(parent, cst.Attribute) and parent.attr.value == "scope":
            fix.replace(parent, name)
        else:
            again = _cloned_again(context, load)
            other = binding_of(context, again) if again is not None else None
            if again is None or other is None or not _rewrite(context, fix, use, again, other):
                return False
    source = context.code(call.args[0].value)
    original = context.values.instance(call.args[0].value, "Hub")
    if original is not None and original.origin == "clone":
        forked = _as_scope(source)
    else:
        forked = fix.api("get_isolation_scope", use) + "()"
    fix.edit(*context.span(binding.node), name)
    fix.edit(*context.span(call), f"{forked}.fork()")
    return True


def _as_scope(name: str) -> str:
    return re.sub("hub", "isolation_scope", name, flags=re.IGNORECASE)


def _new_name(context: Context, binding: Binding) -> str | None:
    """`my_hub` → `my_isolation_scope`, when that name is free."""
    name = _as_scope(binding.name)
    if name != binding.name and context.scopes.lookup(name, binding.scope) is not None:
        return None
    return name
