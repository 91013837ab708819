"""A scope entered in a synchronous `yield` dependency of FastAPI does not reach the endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._bodies import contains
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN119",
    name="fastapi-yield-dependency-scope",
    kind="info",
    summary="what this scope holds does not reach the endpoint",
    why=(
        "FastAPI runs a synchronous `yield` dependency in a thread with a copy of the context: the "
        "scope that 2.x enters there is not the endpoint's. Up to 2.42.0 leaving it raises "
        "`ValueError`."
    ),
    safety="Nothing is rewritten: the dependency has to become another kind of function.",
    link=DETAILED_GUIDE,
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores(
            "import sentry_sdk\n"
            "def dependency():\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        yield scope\n"
        ),
        Ignores(
            "import fastapi\n"
            "import sentry_sdk\n"
            "async def dependency():\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        yield scope\n"
        ),
        Reports(
            "import fastapi\n"
            "import sentry_sdk\n"
            "def dependency():\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        yield scope\n",
            remedy="async def",
        ),
    ),
)

_FASTAPI = re.compile(r"^[ \t]*(?:from|import)[ \t]+fastapi\b", re.MULTILINE)


@RULE.on(
    "sentry_sdk.push_scope",
    "sentry_sdk.new_scope",
    "sentry_sdk.isolation_scope",
    "Hub.push_scope",
)
def check(use: Use, context: Context) -> Iterator[Draft]:
    item = context.parent(use.call) if use.call is not None else None
    block = context.parent(item) if isinstance(item, cst.WithItem) else None
    function = context.function(use.node)
    if not isinstance(block, cst.With) or not isinstance(function, cst.FunctionDef):
        return
    if function.asynchronous is not None or function.decorators:
        return
    if contains(block.body, cst.Yield) and _FASTAPI.search(context.tree.text):
        yield context.finding(
            use,
            remedy="Make the dependency `async def`, or set the data on `get_isolation_scope()`.",
        )
