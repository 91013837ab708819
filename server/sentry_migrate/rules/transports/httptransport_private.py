"""Private methods of `HttpTransport` whose parameters changed."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.python.bindings import walk
from sentry_migrate.rewrite.arguments import argument
from sentry_migrate.rewrite.classes import methods, parameters
from sentry_migrate.rewrite.todo_comments import todo
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN505",
    name="httptransport-private",
    kind="manual",
    summary="Private methods and attributes of `HttpTransport` changed in 2.x",
    messages=(
        "2.x calls `…` with different arguments",
        "2.x calls `…` with a different endpoint type",
        "`…` needs the endpoint type in 2.x",
        "`…` was removed",
        "`…` is deprecated",
    ),
    why=(
        "`_make_pool()` and `_get_pool_options()` have taken only `self` since 2.18, and had "
        "different arguments from 2.10 on: an override with the parameters of 1.x raises "
        "`TypeError` in `init()`. The endpoint is a member of an enum, and `hub_cls` has warned "
        "since 2.8."
    ),
    safety="No fix: the former arguments are in `self.options` now.",
    link=DETAILED_GUIDE,
    since="2.10.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Pooled(HttpTransport):\n"
            "    def _get_pool_options(self):\n"
            "        return {**super()._get_pool_options(), 'num_pools': 7}\n"
        ),
        Ignores(
            "from mine import HttpTransport\n"
            "import sentry_sdk\n"
            "class Pooled(HttpTransport):\n"
            "    def _make_pool(self, parsed_dsn):\n"
            "        pass\n"
        ),
        Ignores("class Pooled:\n    def _make_pool(self, sentry_sdk):\n        pass\n"),
        Flags(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Pooled(HttpTransport):\n"
            "    def _get_pool_options(self, ca_certs):\n"
            "        return {**super()._get_pool_options(ca_certs), 'num_pools': 7}\n",
            remedy=(
                "Change it to `def _get_pool_options(self)` for 2.18 and newer, and read the "
                "values from `self.options`."
            ),
        ),
        Flags(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Pooled(HttpTransport):\n"
            "    def _make_pool(self, parsed_dsn, http_proxy, https_proxy, ca_certs, headers):\n"
            "        return object()\n",
            remedy=(
                "Change it to `def _make_pool(self)` for 2.18 and newer, and read the values "
                "from `self.options`."
            ),
        ),
        Flags(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Own(HttpTransport):\n"
            "    def send(self, body):\n"
            "        self._send_request(body, headers={})\n",
            remedy=("Use `sentry_sdk.consts.EndpointType.ENVELOPE`; 2.x has no `store` endpoint."),
        ),
        Flags(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Own(HttpTransport):\n"
            "    def pools(self):\n"
            "        return self._num_pools\n",
            remedy="Read `self.options['_experiments'].get('transport_num_pools')`.",
        ),
        Flags(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Own(HttpTransport):\n"
            "    def flush(self, timeout, callback=None):\n"
            "        print(self.hub_cls)\n",
            remedy="Use `sentry_sdk.get_client()` or `self.options`.",
        ),
    ),
)

_ENDPOINT = "Use `sentry_sdk.consts.EndpointType.ENVELOPE`; 2.x has no `store` endpoint."
_MEMBERS = {
    "hub_cls": "Use `sentry_sdk.get_client()` or `self.options`.",
    "_send_event": "Put the event into an `Envelope` and call `self.capture_envelope()`.",
    "_compresslevel": "Use `self._compression_level`.",
    "_num_pools": "Read `self.options['_experiments'].get('transport_num_pools')`.",
}
_HUB_CLS = "`HttpTransport.hub_cls` is deprecated"
POOL = ("_make_pool", "_get_pool_options")


@RULE.on("class:sentry_sdk.transport.HttpTransport")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if not isinstance(use.node, cst.ClassDef):
        return
    found = methods(use.node)
    for name in POOL:
        function = found.get(name)
        if function is not None and len(parameters(function)) > 1:
            remedy = (
                f"Change it to `def {name}(self)` for 2.18 and newer, and read the values from "
                "`self.options`."
            )
            message = f"2.x calls `HttpTransport.{name}()` with different arguments"
            yield _at(context, use, function.name, message, remedy)
    function = found.get("_send_request")
    if function is not None and any(map(_is_store, parameters(function))):
        remedy = _ENDPOINT
        message = "2.x calls `HttpTransport._send_request()` with a different endpoint type"
        yield _at(context, use, function.name, message, remedy)
    for binding in context.scopes.scopes[id(use.node)].bindings.get("hub_cls", ()):
        yield _at(context, use, binding.node, _HUB_CLS, _MEMBERS["hub_cls"])
    for node in walk(use.node):
        code = context.code(node) if isinstance(node, cst.Attribute) else ""
        remedy = _MEMBERS.get(code.removeprefix("self."), "") if code.startswith("self.") else ""
        if remedy:
            verb = "is deprecated" if code == "self.hub_cls" else "was removed"
            message = f"`HttpTransport.{code.removeprefix('self.')}` {verb}"
            yield _at(context, use, node, message, remedy)
        elif code == "self._send_request" and _is_without_endpoint(context.parent(node), node):
            message = "`HttpTransport._send_request()` needs the endpoint type in 2.x"
            yield _at(context, use, node, message, _ENDPOINT)


@RULE.on("Transport.hub_cls", "sentry_sdk.transport.HttpTransport.hub_cls")
def check_hub_cls(use: Use, context: Context) -> Iterator[Draft]:
    yield context.finding(use, remedy=_MEMBERS["hub_cls"], message=_HUB_CLS)


def _is_without_endpoint(call: cst.CSTNode | None, function: cst.CSTNode) -> bool:
    """Whether `_send_request(body, headers)` leaves the endpoint to its default."""
    if not isinstance(call, cst.Call) or call.func is not function:
        return False
    starred = any(arg.star for arg in call.args)
    return not starred and argument(call, "endpoint_type", 2) is None


def _is_store(param: cst.Param) -> bool:
    default = param.default
    return isinstance(default, cst.SimpleString) and default.evaluated_value == "store"


def _at(context: Context, use: Use, node: cst.CSTNode, message: str, remedy: str) -> Draft:
    start, end = context.span(node)
    function = context.tree.enclosing(node, cst.FunctionDef)
    above = function if function is not None and function.name is node else node
    return Draft(start, end, todo(context, above, remedy), (), remedy, message, use=use)
