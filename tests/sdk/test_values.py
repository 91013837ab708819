"""What an expression can mean: a name of the SDK, an instance, a method, or nothing known."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst
import pytest

from sentry_migrate.engine.analyze import Analysis, attempt
from sentry_migrate.project.config import Settings
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.value_types import Method, Obj, Ref, Value
from sentry_migrate.sdk.values import Values

HEAD = "import sentry_sdk\nfrom sentry_sdk import Hub\n"


def shown(value: Value | None) -> str:
    """`path` of a name, `Type:origin` of an instance and how it is held, `Type:origin.name()`."""
    if isinstance(value, Ref):
        return value.path
    if isinstance(value, Obj):
        held = "" if value.held == "inline" else f" by {value.held}"
        return f"{value.type}:{value.origin}{held}"
    if isinstance(value, Method):
        return f"{value.owner.type}:{value.owner.origin}.{value.name}()"
    return ""


def meant(code: str, reexports: Mapping[str, str] | None = None) -> str:
    """What the argument of the one `read(…)` means."""
    tree = Tree(code)
    values = Values(tree, Scopes(tree), reexports)
    for call in tree.nodes(cst.Call):
        if isinstance(call.func, cst.Name) and call.func.value == "read":
            return shown(values.of(call.args[0].value))
    raise AssertionError("nothing reads it")


# expression, with `sentry_sdk` and `Hub` imported: what it means
EXPRESSIONS = {
    "sentry_sdk": "sentry_sdk",
    "sentry_sdk.push_scope": "sentry_sdk.push_scope",
    "sentry_sdk.api.push_scope": "sentry_sdk.push_scope",
    "sentry_sdk.hub.Hub": "sentry_sdk.Hub",
    "sentry_sdk.anything.at.all": "sentry_sdk.anything.at.all",
    "Hub": "sentry_sdk.Hub",
    "Hub.current": "Hub:current",
    "sentry_sdk.Hub.current": "Hub:current",
    "Hub.main": "Hub:main",
    "Hub.current.client": "Client:hub",
    "Hub.current.scope": "Scope:hub",
    "Hub.current.scope.span": "Span:scope",
    "Hub.current.scope.transaction": "Transaction:scope",
    "Hub.current.scope.span.containing_transaction": "Transaction:span",
    "Hub.current.scope.span.hub": "Hub:span",
    "Hub.current.capture_message": "Hub:current.capture_message()",
    "Hub.current.capture_message('x')": "",
    "Hub.current.start_span()": "Span:started",
    "Hub.current.start_span().start_child()": "Span:started",
    "Hub.current.start_span().finish()": "",
    "Hub.current.push_scope()": "Manager:push",
    "Hub.current.push_scope().__enter__()": "Scope:pushed",
    "sentry_sdk.configure_scope()": "Manager:configure",
    "sentry_sdk.configure_scope().__enter__()": "Scope:configure",
    "sentry_sdk.new_scope().__enter__()": "Scope:now",
    "stack.enter_context(sentry_sdk.push_scope())": "Scope:pushed",
    "stack.enter_context(Hub.current)": "Hub:current",
    "stack.enter_context(stack)": "",
    "stack.enter_context()": "",
    "stack.other(sentry_sdk.push_scope())": "",
    "Hub(Hub.current)": "Hub:clone",
    "Hub(Hub.current, sentry_sdk.Scope())": "Hub:clone-scope",
    "Hub(client)": "Hub:given",
    "Hub(sentry_sdk.Client())": "Hub:client",
    "Hub()": "Hub:empty",
    "sentry_sdk.Client()": "Client:made",
    "sentry_sdk.Scope()": "Scope:made",
    "sentry_sdk.get_isolation_scope()": "Scope:isolation",
    "sentry_sdk.start_span()": "Span:started",
    "sentry_sdk.start_span(sentry_sdk.tracing.Transaction())": "Transaction:started",
    "sentry_sdk.start_span(sentry_sdk.tracing.Span())": "Span:started",
    "sentry_sdk.start_transaction().start_child()": "Span:started",
    "sentry_sdk.capture_message('x')": "",
    "Hub.current if x else Hub.current": "Hub:current",
    "Hub.current if x else None": "Hub:current",
    "None if x else Hub.current": "Hub:current",
    "None if x else None": "",
    "Hub.current if x else Hub.main": "Hub:element by attribute",
    "Hub.current if x else y": "Hub:either by attribute",
    "Hub.current or y": "Hub:either by attribute",
    "y or Hub.current": "Hub:either by attribute",
    "y and Hub.current": "",
    "y or sentry_sdk.Client()": "",
    "y or sentry_sdk": "",
    "Hub.current or None": "Hub:current",
    "Hub.current and False": "Hub:current",
    "(h := Hub.current)": "Hub:current",
    "(Hub.current)": "Hub:current",
    "Hub.current.start_span() if x else sentry_sdk.start_span()": "Span:started",
    "sentry_sdk.push_scope if x else sentry_sdk.api.push_scope": "sentry_sdk.push_scope",
    "sentry_sdk.push_scope if x else sentry_sdk.flush": "",
    # nothing of it
    "other": "",
    "other.Hub.current": "",
    "other.push_scope()": "",
    "'sentry_sdk'": "",
    "[Hub.current][0]": "Hub:element by attribute",
    "{'a': Hub.current}['a']": "Hub:element by attribute",
    "[Hub.current, x][0]": "",
    "[Hub.current, Hub][0]": "",
    "[*Hub.current][0]": "",
    "[Hub.current][0].x[0]": "",
    "{'a': Hub.current, **x}['a']": "",
    "{'a': Hub.current}[1:]": "",
    "{'a': Hub.current}.keys()": "",
    "[Hub.current].index(x)": "",
    "getattr(sentry_sdk, 'Hub')": "sentry_sdk.Hub",
    "getattr(sentry_sdk, 'Hub', None)": "sentry_sdk.Hub",
    "getattr(sentry_sdk, 'last_event_id', None)": "",
    "getattr(x, 'Hub', None)": "",
    "getattr(sentry_sdk, 'Hub', None, None)": "",
    "getattr(Hub, 'current', None)": "",
    "not Hub.current": "",
    "Hub.current == Hub.current": "",
    "lambda: Hub.current": "",
    "(lambda: Hub.current)()": "",
    "type(Hub.current)": "",
    "f'{Hub.current}'": "",
    "(Hub.current, 1)": "",
    "-Hub.current": "",
}


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS.items(), ids=EXPRESSIONS)
def test_expressions(expression: str, expected: str) -> None:
    assert meant(f"{HEAD}read({expression})\n") == expected


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS.items(), ids=EXPRESSIONS)
def test_awaited_and_in_functions_it_is_the_same(expression: str, expected: str) -> None:
    assert (
        meant(f"{HEAD}async def f(x, y, stack, client):\n    read(await ({expression}))\n")
        == expected
    )


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_without_the_import_nothing_is_known(expression: str) -> None:
    assert meant(f"from mine import sentry_sdk, Hub\nread({expression})\n") == ""


# what: (code after the imports that calls `read(…)` once, what that means)
VARIABLES = {
    "a variable": ("h = Hub.current\nread(h)", "Hub:current by local"),
    "of a variable": ("g = Hub.current\nh = g\nread(h)", "Hub:current by local"),
    "from outside": ("h = Hub.current\ndef f():\n    read(h)", "Hub:current by closure"),
    "assigned anew": ("h = Hub.current\nh = None\nh = x\nread(h)", ""),
    "and then None": ("h = Hub.current\nif x:\n    h = None\nread(h)", "Hub:current by local"),
    "the same twice": ("h = Hub.current\nif x:\n    h = Hub.current\nread(h)", "Hub:current by local"),
    "or another": ("h = Hub.current\nif x:\n    h = Hub.main\nread(h)", "Hub:element by attribute"),
    "or unknown": ("h = Hub.current\nif x:\n    h = y\nread(h)", ""),
    "or deleted": ("h = Hub.current\nif x:\n    del h\nread(h)", ""),
    "a part": ("h, g = Hub.current, 1\nread(h)", "Hub:current by local"),
    "a part before a call": ("h, g = Hub.current, f()\nread(h)", "Hub:current by attribute"),
    "a part after a call": ("g, h = f(), Hub.current\nread(h)", "Hub:current by local"),
    "another part": ("h, g = 1, Hub.current\nread(h)", ""),
    "a part of more": ("h, *g = Hub.current, Hub.current\nread(h)", ""),
    "a part of a part": ("(h, i), g = Hub.current, 1\nread(h)", ""),
    "too many parts": ("g, h = [1]\nread(h)", ""),
    "a star": ("*h, g = Hub.current\nread(h)", ""),
    "a loop": ("for h in Hub.current:\n    read(h)", ""),
    "two names": ("g = h = Hub.current\nread(h)", "Hub:current by local"),
    "augmented": ("h = Hub.current\nh += 1\nread(h)", ""),
    "itself": ("h = h\nread(h)", ""),
    "each other": ("def f():\n    a = b\n    b = a\n    read(a)", ""),
    "annotated": ("h: Hub = Hub.current\nread(h)", "Hub:current by local"),
    "with": ("with sentry_sdk.push_scope() as s:\n    read(s)", "Scope:pushed by local"),
    "with configure_scope": ("with sentry_sdk.configure_scope() as s:\n    read(s)", "Scope:configure by local"),
    "with a hub": ("with Hub.current as h:\n    read(h)", "Hub:current by local"),
    "with a span": ("with sentry_sdk.start_span() as s:\n    read(s)", "Span:started by local"),
    "with a transaction": ("with sentry_sdk.start_transaction() as s:\n    read(s)", "Transaction:started by local"),
    "with something else": ("with open(x) as s:\n    read(s)", ""),
    "with a client": ("with sentry_sdk.Client() as s:\n    read(s)", ""),
    "with a variable": ("m = sentry_sdk.push_scope()\nwith m as s:\n    read(s)", "Scope:pushed by local"),
    "with a part": ("with sentry_sdk.push_scope() as (s, t):\n    read(s)", ""),
    "an unannotated parameter": ("def f(h):\n    read(h)", ""),
    "a parameter": ("def f(h: Hub):\n    read(h)", "Hub:param by param"),
    "an optional parameter": ("from typing import Optional\ndef f(h: Optional[Hub] = None):\n    read(h)", "Hub:param by param"),
    "or None": ("def f(h: Hub | None):\n    read(h)", "Hub:param by param"),
    "in quotes": ("def f(h: 'Hub'):\n    read(h)", "Hub:param by param"),
    "in quotes, or None": ("def f(h: 'Hub | None'):\n    read(h)", "Hub:param by param"),
    "in quotes, by the module": ("def f(h: 'sentry_sdk.Hub'):\n    read(h)", "Hub:param by param"),
    "in quotes, somebody else's": ("def f(h: 'other.Hub'):\n    read(h)", ""),
    "a union": ("from typing import Union\ndef f(h: Union[Hub, None]):\n    read(h)", "Hub:param by param"),
    "a union of two": ("from typing import Union\ndef f(h: Union[Hub, str]):\n    read(h)", ""),
    "several": ("def f(h: list[Hub]):\n    read(h)", ""),
    "somebody else's": ("from mine import Scope\ndef f(h: Scope):\n    read(h)", ""),
    "a default": ("def f(h=Hub.current):\n    read(h)", "Hub:param by attribute"),
    "a callback": ("def f(s):\n    read(s)\nsentry_sdk.configure_scope(f)", "Scope:configure"),
    "a lambda": ("sentry_sdk.push_scope(lambda s: read(s))", "Scope:pushed"),
    "a callback of somebody too": ("def f(s):\n    read(s)\nsentry_sdk.configure_scope(f)\nother(f)", ""),
    "a callback of both": ("def f(s):\n    read(s)\nsentry_sdk.configure_scope(f)\nsentry_sdk.push_scope(f)", ""),
    "a callback's second": ("def f(s, t):\n    read(t)\nsentry_sdk.configure_scope(f)", ""),
    "a module by another name": ("import sentry_sdk as s\nread(s.Hub.current)", "Hub:current"),
    "a name by another name": ("from sentry_sdk import Hub as H\nread(H.current)", "Hub:current"),
    "a class in a variable": ("H = Hub\nread(H.current)", "Hub:current"),
    "a method in a variable": ("m = Hub.current.push_scope\nread(m())", "Manager:push"),
    "overwritten": ("Hub = other\nread(Hub.current)", ""),
    "a parameter of that name": ("def f(Hub):\n    read(Hub.current)", ""),
    "an import of that name": ("from mine import Hub\nread(Hub.current)", ""),
    "or nothing, if it is missing": ("try:\n    from sentry_sdk import Hub as H\nexcept ImportError:\n    H = None\nread(H)", "sentry_sdk.Hub"),
    "or a stand-in, if it is missing": ("try:\n    from sentry_sdk import Hub as H\nexcept ImportError:\n    H = Mine\nread(H)", "sentry_sdk.Hub"),
    "a stand-in of its own": ("try:\n    pass\nexcept ImportError:\n    H = Mine\nread(H)", ""),
}  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), VARIABLES.values(), ids=VARIABLES)
def test_variables(code: str, expected: str) -> None:
    assert meant(f"{HEAD}{code}\n") == expected


# what: (the body of a class, what `read(…)` in it means)
ATTRIBUTES = {
    "set in another method": ("def __init__(self):\n    self.h = Hub.current\ndef f(self):\n    read(self.h)", "Hub:current by attribute"),
    "by any name of self": ("def __init__(me):\n    me.h = Hub.current\ndef f(self):\n    read(self.h)", "Hub:current by attribute"),
    "set nowhere": ("def f(self):\n    read(self.h)", ""),
    "of another object": ("def __init__(self):\n    self.h = Hub.current\ndef f(self, x):\n    read(x.h)", ""),
    "set twice the same": ("def f(self):\n    self.h = Hub.current\n    read(self.h)\n    self.h = Hub.current", "Hub:current by attribute"),
    "set to others": ("def f(self):\n    self.h = Hub.current\n    read(self.h)\n    self.h = x", ""),
    "or None": ("def f(self):\n    self.h = None\n    self.h = Hub.current\n    read(self.h)", "Hub:current by attribute"),
    "in the class": ("h = Hub.current\ndef f(self):\n    read(self.h)", "Hub:current by attribute"),
    "in the class, None": ("h = None\ndef f(self):\n    self.h = Hub.current\n    read(self.h)", "Hub:current by attribute"),
    "entered": ("def f(self):\n    with sentry_sdk.push_scope() as self.s:\n        read(self.s)", "Scope:pushed by attribute"),
    "a part": ("def f(self):\n    self.h, x = Hub.current, 1\n    read(self.h)", ""),
    "a loop": ("def f(self):\n    for self.h in Hub.current:\n        read(self.h)", ""),
}  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_attributes(code: str, expected: str) -> None:
    body = "".join(f"    {line}\n" for line in code.splitlines())
    assert meant(f"{HEAD}class C:\n{body}") == expected
    other = "class D:\n    def __init__(self):\n        self.h = self.s = x\n"
    assert meant(f"{HEAD}class C:\n{body}{other}") == expected


# what: (code, the SDK's names that the project's modules hand on, what `read(…)` means)
REEXPORTED = {
    "a name": ("from app.obs import push\nread(push)", {"app.obs.push": "sentry_sdk.push_scope"}, "sentry_sdk.push_scope"),
    "called": ("from app.obs import push\nread(push())", {"app.obs.push": "sentry_sdk.push_scope"}, "Manager:push"),
    "of the module": ("import app.obs\nread(app.obs.push)", {"app.obs.push": "sentry_sdk.push_scope"}, "sentry_sdk.push_scope"),
    "the SDK itself": ("from app.obs import sdk\nread(sdk.Hub.current)", {"app.obs.sdk": "sentry_sdk"}, "Hub:current"),
    "another name": ("from app.obs import pull\nread(pull)", {"app.obs.push": "sentry_sdk.push_scope"}, ""),
    "another module": ("from app.log import push\nread(push)", {"app.obs.push": "sentry_sdk.push_scope"}, ""),
    "none": ("from app.obs import push\nread(push)", {}, ""),
}  # fmt: skip


@pytest.mark.parametrize(("code", "reexported", "expected"), REEXPORTED.values(), ids=REEXPORTED)
def test_reexported(code: str, reexported: dict[str, str], expected: str) -> None:
    assert meant(code + "\n", reexported) == expected


STARRED = {
    "from sentry_sdk import *\nread(Hub.current)": "Hub:current",
    "from sentry_sdk import *\nread(get_isolation_scope())": "Scope:isolation",
    "from sentry_sdk import *\nread(Dsn)": "",
    "from sentry_sdk import *\nfrom mine import *\nread(Hub.current)": "",
    "from mine import *\nread(Hub.current)": "",
    "from sentry_sdk import *\nHub = x\nread(Hub.current)": "",
    "from sentry_sdk.hub import *\nread(Hub.current)": "Hub:current",
    "from sentry_sdk.hub import *\nread(push_scope)": "",
    "from sentry_sdk.api import *\nread(push_scope)": "sentry_sdk.push_scope",
    "from sentry_sdk.api import *\nread(Hub)": "",
    "from sentry_sdk.utils import *\nread(Hub)": "",
}


@pytest.mark.parametrize(("code", "expected"), STARRED.items(), ids=STARRED)
def test_stars(code: str, expected: str) -> None:
    assert meant(code + "\n") == expected


CALLED = {
    "__import__('sentry_sdk').Hub.current": "Hub:current",
    "import_module('sentry_sdk.hub').Hub.current": "Hub:current",
    "importlib.import_module('sentry_sdk').push_scope": "sentry_sdk.push_scope",
    "pytest.importorskip('sentry_sdk').Hub": "sentry_sdk.Hub",
    "importorskip('sentry_sdk')": "",
    "sys.modules.get('sentry_sdk').Hub": "",
    "importlib.reload('sentry_sdk')": "",
    "import_module(name)": "",
    "import_module(b'sentry_sdk')": "",
    "import_module('sentry_sdk_more')": "",
    "import_module('mine')": "",
    "import_module()": "",
    "__import__('sentry_sdk.hub')": "sentry_sdk",
    "__import__('sentry_sdk.hub', fromlist=['Hub'])": "sentry_sdk.hub",
    "__import__('sentry_sdk.hub', {}, {}, ['Hub'])": "sentry_sdk.hub",
    "__import__('sentry_sdk.hub', fromlist=[])": "sentry_sdk",
    "import_module('.hub', 'sentry_sdk').Hub": "sentry_sdk.Hub",
    "import_module('.hub', package='sentry_sdk').Hub": "sentry_sdk.Hub",
    "import_module('.hub', 'mine').Hub": "",
    "import_module('.hub', package).Hub": "",
    "import_module('.hub').Hub": "",
    "load('sentry_sdk').Hub": "",
    "sys.modules['sentry_sdk'].Hub": "",
    "modules['sentry_sdk'].Hub": "",
}


@pytest.mark.parametrize(("expression", "expected"), CALLED.items(), ids=CALLED)
def test_imports_spelled_as_calls(expression: str, expected: str) -> None:
    assert meant(f"read({expression})\n") == expected


LOADED = {
    "import sys\nread(sys.modules['sentry_sdk'])": "sentry_sdk",
    "import sys\nread(sys.modules['sentry_sdk'].Hub.current)": "Hub:current",
    "import sys\nread(sys.modules['sentry_sdk.hub'].Hub)": "sentry_sdk.Hub",
    "import sys as s\nread(s.modules['sentry_sdk'])": "sentry_sdk",
    "from sys import modules\nread(modules['sentry_sdk'])": "sentry_sdk",
    "import sys\nread(sys.modules.get('sentry_sdk').Hub)": "sentry_sdk.Hub",
    "import sys\nread(sys.modules.get('sentry_sdk', None).Hub)": "sentry_sdk.Hub",
    "import sys\nif 'x' in sys.modules: read(sys.modules['sentry_sdk'])": "sentry_sdk",
    "import sys\nsys.modules['other'] = x\nread(sys.modules['sentry_sdk'])": "sentry_sdk",
    "import sys\nNAME = 'sentry_sdk'\nread(sys.modules[NAME])": "sentry_sdk",
    "from importlib import import_module as load\nread(load('sentry_sdk').Hub)": "sentry_sdk.Hub",
    "import builtins\nread(builtins.__import__('sentry_sdk.hub').Hub)": "sentry_sdk.Hub",
    "from importlib import import_module\nN = 'sentry_sdk'\nread(import_module(N))": "sentry_sdk",
    # another module, or what may be something else by then
    "import sys\nread(sys.modules['mine'].Hub)": "",
    "import sys\nread(sys.modules['sentry_sdk_more'].Hub)": "",
    "import sys\nread(sys.modules[x].Hub)": "",
    "import sys\nread(sys.modules['sentry_sdk':].Hub)": "",
    "import sys\nread(sys.modules)": "",
    "from mine import sys\nread(sys.modules['sentry_sdk'].Hub)": "",
    "from mine import modules\nread(modules['sentry_sdk'].Hub)": "",
    "from mine import load\nread(load('sentry_sdk').Hub)": "",
    "import sys\nNAME = 'sentry_sdk'\nNAME = y\nread(sys.modules[NAME].Hub)": "",
    "import sys\nsys.modules['sentry_sdk'] = x\nread(sys.modules['sentry_sdk'].Hub)": "",
    "import sys\nsys.modules['sentry_sdk.hub'] = x\nread(sys.modules['sentry_sdk'].Hub)": "",
    "import sys\nsys.modules[name] = x\nread(sys.modules['sentry_sdk'].Hub)": "",
    "import sys\nfake(sys.modules)\nread(sys.modules['sentry_sdk'].Hub)": "",
    "import sys\nm = sys.modules\nread(sys.modules['sentry_sdk'].Hub)": "",
    "import sys\nsys.modules.update(x)\nread(sys.modules.get('sentry_sdk').Hub)": "",
    "import sys\nread(sys.modules.get('sentry_sdk', x).Hub)": "",
}


@pytest.mark.parametrize(("code", "expected"), LOADED.items(), ids=LOADED)
def test_loaded_modules(code: str, expected: str) -> None:
    assert meant(code + "\n") == expected


def test_types_that_are_tested_for_do_not_make_questions_deeper() -> None:
    chain = "".join(
        f"def f{at}(d):\n    if isinstance(y, d): pass\n    f{at + 1}(d)\n" for at in range(60)
    )
    text = f"import sentry_sdk\n{chain}def f60(d):\n    sentry_sdk.start_span(description=d)\n"
    analysis = attempt(text, Settings(), None)
    assert isinstance(analysis, Analysis)
    assert not analysis.context.values.incomplete
