"""`Hub(client)` and `Hub(hub, scope)` → a separate scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import ONE_CLIENT, differs
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.index import give
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Applicability, Severity
from sentry_migrate.proof.hub_activation import is_client
from sentry_migrate.rewrite.active_hubs import among_several, members_without_fix
from sentry_migrate.rewrite.hub_holders import NoForm
from sentry_migrate.rewrite.hub_members import NO_CLIENT
from sentry_migrate.rewrite.hub_objects import replace
from sentry_migrate.rewrite.hub_remedies import FORKS_HERE
from sentry_migrate.rewrite.hub_scopes_given import of_given_scope
from sentry_migrate.rewrite.own_captures import NeedsActive, leak, own_hubs
from sentry_migrate.rewrite.scope_pairs import Scopes, with_client
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN221",
    name="hub-custom-client",
    kind="conditional",
    summary="`Hub(client)` replaces the client of the whole process in 2.x",
    messages=("Making a hub of a scope is deprecated; activate the scope",),
    why=(
        "In 1.x, `Hub(client)` kept the client to itself. In 2.x it sets the global client, and "
        "all events are sent through it from then on."
    ),
    safety=(
        "Safe where the client is made in the same file, and the hub is used in a `with` statement "
        "or kept in a variable whose every use has a counterpart. The fix makes a scope with the "
        "client the isolation scope, and an empty one the current scope: without the latter, the "
        "data of your application would be sent too. A hub that is never active captures by its "
        "client itself: 1.x asks the integrations of your application then, which drop an "
        "exception that was sent before."
    ),
    link=GUIDE + "#activating-a-custom-hub",
    since="2.0.0",
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib import Hub, Client\nhub = Hub(Client())\n"),
        Ignores("import sentry_sdk\nscope = sentry_sdk.Scope(client=sentry_sdk.Client())\n"),
        Rewrites(
            "import sentry_sdk\n"
            "client = sentry_sdk.Client()\n"
            "with sentry_sdk.Hub(client) as hub:\n"
            "    hub.capture_message('x')\n",
            "import sentry_sdk\n"
            "import sentry_sdk.scope\n"
            "client = sentry_sdk.Client()\n"
            "with sentry_sdk.scope.use_isolation_scope(\n"
            "    sentry_sdk.Scope(client=client)\n"
            "), sentry_sdk.scope.use_scope(sentry_sdk.Scope()):\n"
            "    sentry_sdk.capture_message('x')\n",
        ),
        Rewrites(
            "from sentry_sdk import Client, Hub\n"
            "hub = Hub(Client('https://a@example.com/1'))\n"
            "def report(error):\n"
            "    hub.scope.set_tag('a', 'b')\n"
            "    hub.capture_exception(error)\n",
            "import sys\n"
            "\n"
            "from sentry_sdk import Client, Scope\n"
            "from sentry_sdk.utils import event_from_exception\n"
            "scope = Scope(client=Client('https://a@example.com/1'))\n"
            "def report(error):\n"
            "    scope.set_tag('a', 'b')\n"
            "    scope.client.capture_event(\n"
            "        *event_from_exception(\n"
            "            error or sys.exc_info(), client_options=scope.client.options\n"
            "        ),\n"
            "        scope=scope,\n"
            "    )\n",
        ),
        Rewrites(
            "from sentry_sdk import Client, Hub, capture_exception\n"
            "class Tool:\n"
            "    def __init__(self):\n"
            "        self.hub = Hub(Client('https://a@example.com/1'))\n"
            "    def report(self, error):\n"
            "        with self.hub:\n"
            "            capture_exception(error)\n",
            "from sentry_sdk import Client, Scope, capture_exception\n"
            "from sentry_sdk.scope import use_isolation_scope, use_scope\n"
            "class Tool:\n"
            "    def __init__(self):\n"
            "        self.scope = Scope(client=Client('https://a@example.com/1'))\n"
            "        self.current_scope = Scope()\n"
            "    def report(self, error):\n"
            "        with use_isolation_scope(self.scope), use_scope(self.current_scope):\n"
            "            capture_exception(error)\n",
            reason="code outside this class may use the attribute",
        ),
        Rewrites(
            "from sentry_sdk import Hub, capture_message\n"
            "def f(scope):\n"
            "    with Hub(Hub.current, scope):\n"
            "        capture_message('x')\n",
            "from sentry_sdk import Scope, capture_message\n"
            "from sentry_sdk.scope import use_isolation_scope, use_scope\n"
            "def f(scope):\n"
            "    with use_isolation_scope(scope), use_scope(Scope()):\n"
            "        capture_message('x')\n",
            reason=(
                "if the scope has a client, that client is used inside the block; events of "
                "different blocks with this scope share a trace in 1.x, and each block starts its "
                "own in 2.x"
            ),
        ),
        Flags(
            "from sentry_sdk import Hub\ndef f(scope):\n    return Hub(Hub.current, scope)\n",
            remedy=(
                "Pass on the scope in place of the hub, and with it the current scope that has its "
                "trace: `sentry_sdk.get_current_scope().fork()`, where the scope is copied from a "
                "hub's, or `sentry_sdk.Scope()`, where it is made. Where the hub was active, "
                "activate both: `with sentry_sdk.scope.use_isolation_scope(scope), "
                "sentry_sdk.scope.use_scope(current_scope):`. No automatic fix: the hub is not "
                "used in a `with` statement."
            ),
        ),
        Flags(
            "import sentry_sdk\ndef f(run):\n    run(sentry_sdk.Hub(sentry_sdk.Client()))\n",
            remedy=(
                "Keep the client in a scope, `scope = sentry_sdk.Scope(); "
                "scope.set_client(client)`, and `current_scope = sentry_sdk.Scope()` beside it for "
                "as long, as that has the trace. Where the hub was active, capture inside `with "
                "sentry_sdk.scope.use_isolation_scope(scope), "
                "sentry_sdk.scope.use_scope(current_scope):`. If it never was, and was only "
                "called, capture by `client.capture_event(event, hint, scope=scope)`. No automatic "
                "fix: `sentry_sdk.Hub(sentry_sdk.Client())` is passed on."
            ),
        ),
        Flags(
            "import sentry_sdk\n"
            "def work(jobs):\n"
            "    function, hub = jobs.get()\n"
            "    with sentry_sdk.Hub(hub):\n"
            "        function()\n",
            remedy=(
                "If `hub` is a hub, pass `sentry_sdk.get_isolation_scope().fork()` and "
                "`sentry_sdk.get_current_scope().fork()` here instead, and activate both: `with "
                "sentry_sdk.scope.use_isolation_scope(isolation_scope), "
                "sentry_sdk.scope.use_scope(current_scope):`. If it is a client, keep the client "
                "in a scope, `scope = sentry_sdk.Scope(); scope.set_client(client)`, and "
                "`current_scope = sentry_sdk.Scope()` beside it for as long, as that has the "
                "trace. Where the hub was active, capture inside `with "
                "sentry_sdk.scope.use_isolation_scope(scope), "
                "sentry_sdk.scope.use_scope(current_scope):`. If it never was, and was only "
                "called, capture by `client.capture_event(event, hint, scope=scope)`."
            ),
        ),
    ),
)

_SCOPE_CLIENT = ONE_CLIENT.about("if the scope has a client, that client is used inside the block")
_TRACES = differs(
    "events of different blocks with this scope share a trace in 1.x, and each block starts its own"
    " in 2.x"
)
_KEEP = (
    "eep the client in a scope, `scope = sentry_sdk.Scope(); scope.set_client(client)`, and "
    "`current_scope = sentry_sdk.Scope()` beside it for as long, as that has the trace. Where the "
    "hub was active, capture inside `with sentry_sdk.scope.use_isolation_scope(scope), "
    "sentry_sdk.scope.use_scope(current_scope):`. If it never was, and was only called, capture by "
    "`client.capture_event(event, hint, scope=scope)`."
)
_REMEDY = f"K{_KEEP}"
_WITH_SCOPE = "Making a hub of a scope is deprecated; activate the scope"
_PASS_SCOPE = (
    "Pass on the scope in place of the hub, and with it the current scope that has its trace: "
    "`sentry_sdk.get_current_scope().fork()`, where the scope is copied from a hub's, or "
    "`sentry_sdk.Scope()`, where it is made. Where the hub was active, activate both: `with "
    "sentry_sdk.scope.use_isolation_scope(scope), sentry_sdk.scope.use_scope(current_scope):`."
)


@RULE.gather
def gather(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    members = members_without_fix(drafts)
    staying: list[cst.Call] = []
    for use in context.uses:
        call = use.call
        if use.trigger != "sentry_sdk.Hub" or call is None:
            continue
        hub = context.values.instance(call, "Hub")
        if hub is None or hub.origin not in ("client", "clone-scope", "given"):
            continue
        fix, remedy = None, _remedy(context, call, hub.origin)
        if hub.origin != "given":
            try:
                try:
                    fix = _fix(context, use, call, hub.origin, drafts, inactive=True)
                except NeedsActive:
                    fix = _fix(context, use, call, hub.origin, drafts)
            except (NoForm, NoName) as error:
                remedy = by_hand(error, remedy)
        for draft in members.get(id(call), ()):
            draft.fix = fix
        for draft in among_several(drafts, fix):
            draft.fix = fix
        if fix is not None:
            give(
                fix,
                [one for one in drafts if one.use is not None and one.use.trigger == use.trigger],
            )
        if fix is None or fix.applicability is not Applicability.SAFE:
            staying.append(call)
        message = _WITH_SCOPE if hub.origin == "clone-scope" else ""
        yield context.finding(use, fix, remedy=remedy, message=message)
    leaking = next((one for one in own_hubs(context) if one in staying), None)
    for draft in drafts if leaking is not None else ():
        if draft.fix is not None and draft.use is not None and draft.use.option is not None:
            draft.fix.unsafe(leak(context, leaking))


def _is_made_for(context: Context, call: cst.Call) -> bool:
    """Whether the scope that a hub is given is made for this one block, which runs once for it."""
    scope = call.args[1].value
    bindings = context.scopes.reaching(scope) if isinstance(scope, cst.Name) else ()
    made = bindings[0].value if len(bindings) == 1 and bindings[0].whole else None
    if isinstance(scope, cst.Call):
        return True
    loops = (cst.For, cst.While, cst.FunctionDef, cst.Lambda)
    hubs = (
        [
            one
            for one in map(context.parent, context.scopes.possible_reads(bindings[0]))
            if isinstance(one, cst.Arg)
        ]
        if made is not None
        else []
    )
    return (
        isinstance(made, cst.Call)
        and len(hubs) == 1
        and context.tree.enclosing(made, *loops) is context.tree.enclosing(call, *loops)
    )


def _is_new_scope(context: Context, scope: cst.BaseExpression) -> bool:
    return (
        isinstance(scope, cst.Call)
        and not scope.args
        and context.values.path(scope.func) == "sentry_sdk.Scope"
    )


def _remedy(context: Context, call: cst.Call, origin: str) -> str:
    if origin == "clone-scope":
        return _PASS_SCOPE
    if origin != "given":
        return _REMEDY
    given = context.code(call.args[0].value)
    if "hub" in given.lower():
        return f"If `{given}` is a hub, {FORKS_HERE} If it is a client, k{_KEEP}"
    return f"If `{given}` is a client, k{_KEEP} If it is a hub, {FORKS_HERE}"


def _fix(
    context: Context,
    use: Use,
    call: cst.Call,
    origin: str,
    drafts: Sequence[Draft],
    inactive: bool = False,
) -> FixDraft:
    """The fix for a hub, or for one that is `inactive` everywhere. Raises NoName and NoForm, and
    NeedsActive where it is not."""
    if inactive and (origin == "clone-scope" or isinstance(context.parent(call), cst.WithItem)):
        raise NeedsActive
    if any(arg.star for arg in call.args):
        raise NoForm("what the hub is given is not visible here")
    given = [context.code(arg.value) for arg in call.args]
    if origin == "clone-scope":
        fix = context.fix("Use `use_isolation_scope()` with the scope").unsafe(_SCOPE_CLIENT)
        if not _is_made_for(context, call):
            fix.unsafe(_TRACES)
        scopes = Scopes(given[1], f"{fix.api('Scope', use)}()")
    elif len(given) > 1 and not _is_new_scope(context, call.args[1].value):
        fix = context.fix("Replace with the scope, which gets the client")
        scopes = of_given_scope(context, fix, use, call, inactive)
    else:
        fix = context.fix("Replace with a scope that has the client")
        scopes = with_client(fix, use, given[0], inactive=inactive)
    if origin == "clone-scope" and not isinstance(context.parent(call), cst.WithItem):
        raise NoForm("the hub is not used in a `with` statement")
    replace(context, fix, use, call, scopes, drafts)
    if origin == "client" and not is_client(context, call.args[0].value):
        if not inactive or "scope.use_isolation_scope" in fix.spelled:
            fix.unsafe(NO_CLIENT)
    return fix
