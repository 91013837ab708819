"""Private methods of `HttpTransport` whose parameters changed."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._classes import methods, parameters
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.rules._todo import todo
from sentry_migrate.syntax.bindings import walk
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN505",
    name="httptransport-private",
    kind="manual",
    summary="A private method of `HttpTransport` that 2.x calls otherwise",
    why=(
        "`_make_pool` and `_get_pool_options` take nothing but `self` since 2.18, and other "
        "arguments from 2.10 on: an override with 1.x's parameters raises `TypeError` in `init()`. "
        "The endpoint is an enumeration, and `hub_cls` warns since 2.8."
    ),
    safety="No fix: the values that were arguments are in `self.options` now.",
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
        Reports(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Pooled(HttpTransport):\n"
            "    def _get_pool_options(self, ca_certs):\n"
            "        return {**super()._get_pool_options(ca_certs), 'num_pools': 7}\n",
            remedy="self.options",
        ),
        Reports(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Pooled(HttpTransport):\n"
            "    def _make_pool(self, parsed_dsn, http_proxy, https_proxy, ca_certs, headers):\n"
            "        return object()\n",
            remedy="2.18",
        ),
        Reports(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Own(HttpTransport):\n"
            "    def flush(self, timeout, callback=None):\n"
            "        print(self.hub_cls)\n",
            remedy="get_client()",
        ),
    ),
)

POOL = ("_make_pool", "_get_pool_options")


@RULE.on("class:sentry_sdk.transport.HttpTransport")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if not isinstance(use.node, cst.ClassDef):
        return
    found = methods(use.node)
    for name in POOL:
        function = found.get(name)
        if function is not None and len(parameters(function)) > 1:
            remedy = f"From 2.18 on: `def {name}(self)`, with the values from `self.options`."
            yield _at(context, use, function.name, remedy)
    function = found.get("_send_request")
    if function is not None and any(map(_is_store, parameters(function))):
        remedy = "The endpoint is `EndpointType.ENVELOPE` of `sentry_sdk.consts`, never `store`."
        yield _at(context, use, function.name, remedy)
    for node in walk(use.node):
        if isinstance(node, cst.Attribute) and context.code(node) == "self.hub_cls":
            remedy = "Take the client with `sentry_sdk.get_client()`, or use `self.options`."
            yield _at(context, use, node, remedy)


def _is_store(param: cst.Param) -> bool:
    default = param.default
    return isinstance(default, cst.SimpleString) and default.evaluated_value == "store"


def _at(context: Context, use: Use, node: cst.CSTNode, remedy: str) -> Draft:
    start, end = context.span(node)
    function = context.tree.enclosing(node, cst.FunctionDef)
    above = function if function is not None and function.name is node else node
    return Draft(start, end, todo(context, above, remedy), remedy=remedy, use=use)
