"""A scope entered in a synchronous `yield` dependency of FastAPI does not reach the endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.executed import contains
from sentry_migrate.sdk.names import PUSHES
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN119",
    name="fastapi-yield-dependency-scope",
    kind="info",
    group="info",
    summary="A scope opened in a synchronous `yield` dependency does not reach the endpoint in 2.x",
    why=(
        "FastAPI runs a synchronous `yield` dependency in a thread with a copy of the context, "
        "so the scope entered there in 2.x is not the endpoint's. Up to 2.42.0, leaving it "
        "raises `ValueError`."
    ),
    safety="No fix: the dependency has to become a different kind of function.",
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
        Flags(
            "import fastapi\n"
            "import sentry_sdk\n"
            "def dependency():\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        yield scope\n",
            remedy=(
                "Make the dependency an `async def` function, or set the data on "
                "`get_isolation_scope()`."
            ),
        ),
    ),
)

_FASTAPI = re.compile(r"^[ \t]*(?:from|import)[ \t]+fastapi\b", re.MULTILINE)


@RULE.on(*PUSHES, "sentry_sdk.new_scope", "sentry_sdk.isolation_scope")
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
            remedy=(
                "Make the dependency an `async def` function, or set the data on "
                "`get_isolation_scope()`."
            ),
        )
