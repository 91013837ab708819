"""Every way to use the SDK, everywhere an expression can stand: never a failure, always Python."""

from __future__ import annotations

import ast
import textwrap
from pathlib import PurePath

import pytest

from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEAD = """\
import functools
from unittest import mock

import sentry_sdk
from sentry_sdk import Client, Hub, configure_scope, push_scope
from sentry_sdk.hub import GLOBAL_HUB
from sentry_sdk.tracing import Transaction
"""

EXPRESSIONS = (
    "GLOBAL_HUB",
    "Hub",
    "Hub()",
    "Hub(Client())",
    "Hub(Hub.current)",
    "Hub(Hub.current).run(f)",
    "Hub.current",
    "Hub.current._stack",
    "Hub.current.bind_client(None)",
    "Hub.current.capture_message",
    "Hub.current.capture_message('x')",
    "Hub.current.client",
    "Hub.current.client.dsn",
    "Hub.current.client.options",
    "Hub.current.client.transport",
    "Hub.current.configure_scope()",
    "Hub.current.continue_trace({})",
    "Hub.current.flush()",
    "Hub.current.get_integration('x')",
    "Hub.current.iter_trace_propagation_headers()",
    "Hub.current.last_event_id()",
    "Hub.current.push_scope",
    "Hub.current.push_scope()",
    "Hub.current.run(f)",
    "Hub.current.scope",
    "Hub.current.scope.level",
    "Hub.current.scope.set_tag",
    "Hub.current.scope.span",
    "Hub.current.scope.transaction",
    "Hub.current.start_session()",
    "Hub.current.start_span",
    "Hub.current.start_transaction(name='t')",
    "Hub.main",
    "Transaction.continue_from_headers({})",
    "configure_scope",
    "configure_scope()",
    "configure_scope(lambda s: s.set_tag('a', 1))",
    "hub.scope",
    "push_scope",
    "push_scope()",
    "push_scope(f)",
    "push_scope(lambda s: s.set_tag('a', 1))",
    "scope.set_tag",
    "sentry_sdk.init",
    "sentry_sdk.init(with_locals=True, enable_tracing=True)",
    "sentry_sdk.last_event_id()",
    "sentry_sdk.start_span(op='a', description='b')",
    "sentry_sdk.start_transaction(name='x').finish(hub=Hub.current)",
)

CONTEXTS = {
    "statement": "{e}",
    "statements": "{e}; {e}",
    "in parentheses": "({e})",
    "over lines": "x = (  # a\n    {e}\n    # b\n)",
    "assigned": "x = {e}",
    "assigned and used": "x = {e}\nx.capture_message('q')\nx.client\nx.scope",
    "assigned and called": "x = {e}\nx('q')",
    "assigned and used on a line": "x = {e}; x.capture_message('q'); x.scope.set_tag('a', 'b')",
    "assigned and deleted": "x = {e}\ndel x",
    "assigned twice": "x = {e}\nx = {e}\nx.client",
    "assigned to two": "x = z = {e}\nz.foo()",
    "assigned as a part": "x, z = {e}, {e}",
    "annotated": "x: int = {e}",
    "an annotation": "x: {e} = 1",
    "augmented": "y += {e}",
    "walrus": "print(x := {e})\nx.client",
    "attribute": "y.x = {e}\ny.x.foo()",
    "subscript": "y['k'] = {e}; print(y)",
    "global": "global G\nG = {e}",
    "nonlocal": "x = {e}\ndef g():\n    nonlocal x\n    x = {e}",
    "closure": "x = {e}\ndef g(): return x.client",
    "returned": "return {e}",
    "yielded": "yield {e}",
    "yielded from": "yield from {e}",
    "default": "def g(a={e}): return a",
    "decorator": "@{e}\ndef g(): pass",
    "parameter's annotation": "def g(a: {e}) -> {e}: pass",
    "argument": "print(a, {e})",
    "keyword argument": "print(a={e}, b={e})",
    "star argument": "print(*{e}, **{e})",
    "lambda": "(lambda: {e})()",
    "lambda's default": "lambda q={e}: q",
    "list": "[{e} for _ in y]",
    "generator": "print({e} for _ in y)",
    "condition of a list": "[q for q in {e} if {e}]",
    "display": "[*{e}], {{**{e}}}, {{{e}: {e}}}, ({e},)",
    "f-string": "f'{{{e}}}'",
    "f-string with a format": "f'{{{e}!r:>{{y}}}}'",
    "subscript's index": "y[{e}:{e}]",
    "subscripted": "{e}[0] = 1",
    "member": "{e}.foo",
    "member called": "{e}.foo()",
    "member assigned": "{e}.foo = 1",
    "member deleted": "del {e}.foo",
    "called": "{e}()()",
    "for": "for q in {e}: pass",
    "in a for": "for q in y: x = {e}",
    "while": "while {e}: break",
    "if": "if {e}: x = {e}\nelse: x = {e}",
    "if not": "if not {e}: pass",
    "is None": "if {e} is None: pass\nif None is not {e}: pass",
    "one-line if": "if y: {e}; {e}",
    "one-line if that assigns": "if y: x = {e}; x.client",
    "one-line try": "try: x = {e}\nfinally: pass",
    "one-line function": "def g(): x = {e}; return x.client",
    "one-line class": "class C: x = {e}",
    "class": "class C({e}):\n    a = {e}\n    def m(self): return self.a.x",
    "conditional": "x = {e} if {e} else {e}",
    "or, and": "x = {e} or {e} and {e}",
    "operators": "x = not {e}\nx = -{e}\nx = {e} == {e}",
    "with": "with {e}: print(1)",
    "with as": "with {e} as q: q.set_tag('a', 1)",
    "with as a part": "with {e} as (p, q): pass",
    "with several": "with {e} as q, open('x') as r, {e}: q.x; r.y",
    "with in parentheses": "with ({e} as q, {e} as r): q.x; r.y",
    "async with": "async with {e} as q: pass",
    "awaited": "x = await {e}",
    "entered by hand": "z = {e}.__enter__()\nz.foo",
    "exit stack": "z = a.enter_context({e})\nz.set_tag('a', 1)",
    "raised": "raise {e} from {e}",
    "asserted": "assert {e}, {e}",
    "try": "try:\n    {e}\nexcept AttributeError:\n    {e}\nfinally:\n    {e}",
    "except": "try: pass\nexcept {e}: pass",
    "match": "match {e}:\n    case 1 if {e}: pass\n    case q: q.x",
    "isinstance": "isinstance(y, {e})",
    "getattr": "getattr({e}, 'q')",
    "mock": "mock.patch.object({e}, 'q')",
    "partial": "functools.partial({e}, 1)",
}
BLOCKS = {
    "function": "{async}def case_{number}(y, a, f):\n",
    "method": (
        "class Case{number}:\n"
        "    {async}def case_(self, y, a, f):\n"
        "      with push_scope() as scope, Hub(Hub.current) as hub:\n"
    ),
}


def program(context: str, block: str) -> str:
    """A function for each second expression that may stand in the context; the next context, and
    the other block, has the others."""
    parts = [HEAD]
    first = ([*CONTEXTS].index(context) + [*BLOCKS].index(block)) % 2
    context, block = CONTEXTS[context], BLOCKS[block]
    for number, expression in enumerate(EXPRESSIONS[first::2]):
        body = context.format(e=expression)
        waits = "async " if "await" in body or "async" in body else ""
        head = block.replace("{async}", waits).replace("{number}", str(number))
        part = head + textwrap.indent(body, " " * 8) + "\n"
        try:
            compile(part, "case", "exec")
        except SyntaxError:
            continue
        parts.append(part)
    return "\n".join(parts)


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("context", CONTEXTS)
def test_everywhere(context: str, block: str) -> None:
    text = program(context, block)
    assert text.count("case_") > 2
    for unsafe in (False, True):
        outcome = fix(Source(text), Settings(), PurePath("case.py"), unsafe=unsafe)
        assert outcome.remaining.failure is None
        assert outcome.applied
        ast.parse(outcome.text)
    again = fix(Source(outcome.text), Settings(), PurePath("case.py"), unsafe=True)
    assert again.text == outcome.text
