"""`init(transport=function)` → an instance of a `Transport` subclass that calls the function."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import DROPPED_ENVELOPES
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.project.given_functions import CALLABLE, MAKES_CALLABLES
from sentry_migrate.proof.classes import Classes
from sentry_migrate.proof.option_flow import for_both_versions
from sentry_migrate.python.bindings import walk
from sentry_migrate.rewrite.classes import above
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.options import Option
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import is_nothing

RULE = Rule(
    code="SEN501",
    name="transport-function",
    kind="suggested",
    summary="A function as `transport` is deprecated; use a `Transport` with `capture_envelope()`",
    why=(
        "2.x warns about a transport that is a function and will stop accepting one. Everything "
        "is sent as an envelope now; `envelope.get_event()` returns the error or message in it, "
        "or `None`."
    ),
    safety=(
        "Never safe, although errors and messages arrive as before: where 1.x raised "
        "`NotImplementedError` for a transaction, a session or an attachment, the class drops "
        "it. Extend `capture_envelope()` to handle those."
    ),
    link=GUIDE + "#transport",
    since="2.0.0",
    deprecated=False,
    examples=(
        Ignores(
            "import sentry_sdk\n"
            "from sentry_sdk.transport import HttpTransport\n"
            "sentry_sdk.init(transport=HttpTransport)\n"
        ),
        Ignores("import sentry_sdk\nfrom mine import send\nsentry_sdk.init(transport=send)\n"),
        Ignores("import sentry_sdk\nsentry_sdk.init()\nconnect(transport=lambda event: None)\n"),
        Rewrites(
            "import sentry_sdk\n"
            "\n"
            "events = []\n"
            "sentry_sdk.init(transport=events.append)\n"
            "sentry_sdk.capture_message('x')\n"
            "print(events[0]['message'])\n",
            "import sentry_sdk\n"
            "\n"
            "events = []\n"
            "\n"
            "\n"
            "class FunctionTransport(sentry_sdk.Transport):\n"
            "    def capture_envelope(self, envelope):\n"
            "        event = envelope.get_event()\n"
            "        if event is not None:\n"
            "            events.append(event)\n"
            "\n"
            "\n"
            "sentry_sdk.init(transport=FunctionTransport())\n"
            "sentry_sdk.capture_message('x')\n"
            "print(events[0]['message'])\n",
            reason=(
                "1.x raises `NotImplementedError` for a transaction, session or attachment; the "
                "class drops it"
            ),
        ),
        Rewrites(
            "from sentry_sdk import capture_message, init\n"
            "\n"
            "# for the tests\n"
            "init(transport=lambda found: print(found['level']))\n"
            "capture_message('x')\n",
            "from sentry_sdk import Transport, capture_message, init\n"
            "\n"
            "\n"
            "class FunctionTransport(Transport):\n"
            "    def capture_envelope(self, envelope):\n"
            "        found = envelope.get_event()\n"
            "        if found is not None:\n"
            "            print(found['level'])\n"
            "\n"
            "\n"
            "# for the tests\n"
            "init(transport=FunctionTransport())\n"
            "capture_message('x')\n",
            reason=(
                "1.x raises `NotImplementedError` for a transaction, session or attachment; the "
                "class drops it"
            ),
        ),
        Flags(
            "import sentry_sdk\n"
            "from functools import partial\n"
            "sentry_sdk.init(transport=partial(print, 'sent'))\n",
            remedy=(
                "Write a subclass of `sentry_sdk.Transport` whose `capture_envelope(self, "
                "envelope)` calls the function with `envelope.get_event()` if that is not "
                "`None`, and pass an instance of it."
            ),
        ),
    ),
)


@RULE.on("option:transport")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or for_both_versions(context, option.call):
        return
    if not (_is_function(context, option.value) or _is_callable(context, option.value)):
        return
    remedy = (
        "Write a subclass of `sentry_sdk.Transport` whose `capture_envelope(self, envelope)` "
        "calls the function with `envelope.get_event()` if that is not `None`, and pass an "
        "instance of it."
    )
    try:
        fix = _fix(context, option)
    except NoName:
        fix = None
    yield context.finding(use, fix, remedy="" if fix else remedy)


def _is_function(context: Context, value: cst.BaseExpression) -> bool:
    """Whether a value is certainly a function, and not a class or instance."""
    if isinstance(value, cst.Lambda) or _is_elsewhere(context, value, CALLABLE):
        return True
    if isinstance(value, cst.Name):
        found = context.scopes.reaching(value)
        return bool(found) and all(
            one.kind == "def" or isinstance(one.value, cst.Lambda) for one in found
        )
    if isinstance(value, cst.Call):
        return context.code(value.func) in ("partial", "functools.partial")
    if isinstance(value, cst.Attribute):
        if _is_method(context, value):
            return True
        holder = context.tree.enclosing(value, cst.ClassDef)
        own = holder is not None and context.code(value.value) in ("self", "cls", holder.name.value)
        return value.attr.value == "append" or bool(
            own
            and holder
            and any(
                one.kind == "def"
                for one in context.scopes.scopes[id(holder)].bindings.get(value.attr.value, ())
            )
        )
    return False


def _is_method(context: Context, value: cst.Attribute) -> bool:
    """Whether it is a method, as it is written, of an instance of a class of this file."""
    classes = Classes.of(context)
    made = classes.of_receiver(value.value)
    if made is None:
        return False
    above, others = classes.above(made)
    found = next(
        (one.members[name] for one in above if (name := value.attr.value) in one.members), []
    )
    node = found[0].node if len(found) == 1 and found[0].known and not others else None
    return isinstance(node, cst.FunctionDef) and not node.decorators


def _is_elsewhere(context: Context, value: cst.BaseExpression, held: str) -> bool:
    """Whether a value is what another module of the project holds."""
    reexported = context.values.reexported
    if isinstance(value, cst.Attribute):
        return reexported.attribute(value) == held
    found = context.scopes.reaching(value) if isinstance(value, cst.Name) else ()
    return bool(found) and all(
        one.kind == "import" and reexported.origin(one.path) == held for one in found
    )


def _is_callable(context: Context, value: cst.BaseExpression) -> bool:
    """Whether a value is certainly an instance that can be called, and no transport."""
    means = context.scopes.reaching(value) if isinstance(value, cst.Name) else ()
    given = means[0].value if len(means) == 1 and means[0].whole else value
    if isinstance(given, cst.Call) and _is_elsewhere(context, given.func, MAKES_CALLABLES):
        return True
    classes = Classes.of(context)
    made = classes.of_receiver(value)
    if made is None and isinstance(value, cst.Attribute):
        holder = context.tree.enclosing(value, cst.ClassDef)
        stores = context.scopes.attributes.get(value.attr.value, ())
        inside = [one for one in stores if context.tree.enclosing(one[0], cst.ClassDef) is holder]
        found = [classes.of_receiver(given) if given is not None else None for _, given in inside]
        made = found[0] if holder is not None and len(found) == 1 else None
    if made is None:
        return False
    above, others = classes.above(made)
    return not others and any("__call__" in one.members for one in above)


def _fix(context: Context, option: Option) -> FixDraft | None:
    """Write the class above the statement; None where it would not mean the same there."""
    value, tree = option.value, context.tree
    statement = tree.statement(option.name)
    start = tree.span(statement)[0]
    begin = tree.lines.start(tree.lines.line_of(start))
    if tree.text[begin:start].strip() or tree.text.startswith("elif", start):
        return None
    scope = context.scopes.scope_of(statement)
    names = {node.value for node in walk(value) if isinstance(node, cst.Name)}
    if scope.kind == "class" or names & {"self", "envelope", "event"} - _parameters(value):
        return None
    name, call = "event", f"{context.code(value)}(event)"
    if isinstance(value, cst.Lambda):
        params = [*value.params.posonly_params, *value.params.params]
        if len(params) != 1 or len(_parameters(value)) != 1 or params[0].default is not None:
            return None
        name, call = params[0].name.value, context.code(value.body)
        if "\n" in call or "\r" in call or name in ("self", "envelope"):
            return None
        call = "pass" if is_nothing(value.body) else call
    elif isinstance(value, cst.Call):
        return None
    fix = context.fix("Replace with a `Transport` subclass").unsafe(DROPPED_ENVELOPES)
    title = "FunctionTransport"
    while context.scopes.lookup(title, scope) is not None:
        title += "_"
    lines = [
        f"class {title}({fix.api('Transport', option.name)}):",
        "\tdef capture_envelope(self, envelope):",
        f"\t\t{name} = envelope.get_event()",
        f"\t\tif {name} is not None:",
        f"\t\t\t{call}",
    ]
    fix.add([above(context, statement, lines)])
    return fix.edit(*tree.outer(value), f"{title}()")


def _parameters(value: cst.BaseExpression) -> set[str]:
    if not isinstance(value, cst.Lambda):
        return set()
    return {node.name.value for node in walk(value.params) if isinstance(node, cst.Param)}
