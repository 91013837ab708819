"""Whose name it is: what means sentry_sdk where, and what only looks like it."""

from __future__ import annotations

import pytest

from engine.table import fixed, names

# Code that uses a 1.x name, or looks as if it did, and is not to be touched.
SILENT = {
    "own method": """
import sentry_sdk
class A:
    def configure_scope(self): ...
    def f(self):
        with self.configure_scope() as scope:
            scope.set_tag("a", "b")
""",
    "own function with the SDK's name": """
import sentry_sdk
def push_scope(**keywords):
    return contextlib.nullcontext()
with push_scope(a=1) as scope:
    scope.user = 1
""",
    "own function called through its module": """
import sentry_sdk
from app import errors
with errors.push_scope() as scope:
    scope.user = 1
""",
    "own method with keywords": """
import wandb, sentry_sdk
wandb._sentry.configure_scope(process_context="service")
""",
    "another library's Hub": """
import sentry_sdk
from aiopvapi.hub import Hub
Hub.current.client
""",
    "another library's last_event_id": """
import sentry_sdk
class Stream:
    last_event_id = None
    def f(self, response):
        return response.last_event_id, self.last_event_id
""",
    "another function's option": """
import sentry_sdk
stack(frame, with_locals=False, request_bodies="always")
""",
    "a class's own new_span": """
import sentry_sdk
class Tracer:
    def new_span(self): ...
    def f(self):
        self.new_span()
""",
    "a receiver nobody knows": """
import sentry_sdk
class Logger:
    def f(self):
        with self.sentry.push_scope() as scope:
            scope.user = 1
""",
    "a call that gives the module": """
get_sentry_sdk().Hub.current.client
import sentry_sdk
""",
    "an attribute called sentry_sdk": """
import app
app.sentry_sdk.push_scope()
""",
    "another package's sentry_sdk": """
from mylib import sentry_sdk
with sentry_sdk.push_scope():
    pass
""",
    "a sibling module sentry_sdk": """
from . import sentry_sdk
with sentry_sdk.push_scope():
    pass
""",
    "a name from a sibling module sentry_sdk": """
from .sentry_sdk import push_scope
with push_scope():
    pass
""",
    "comments, docstrings and strings": '''
"""with sentry_sdk.push_scope(): pass"""
import sentry_sdk
# sentry_sdk.Hub.current
text = "sentry_sdk.Hub.current"
''',
    "shadowed by a parameter": """
from sentry_sdk import get_client as push_scope
def f(push_scope):
    with push_scope() as scope:
        scope.user = 1
""",
    "shadowed by *args": """
import sentry_sdk
def f(*sentry_sdk):
    sentry_sdk.push_scope()
""",
    "shadowed by a loop": """
import sentry_sdk
def f(modules):
    for sentry_sdk in modules:
        sentry_sdk.push_scope()
""",
    "shadowed in a comprehension": """
import sentry_sdk
all = [sentry_sdk.last_event_id() for sentry_sdk in modules]
""",
    "shadowed in a nested comprehension": """
import sentry_sdk
all = {a: sentry_sdk.Hub.current for a in b for sentry_sdk in a}
""",
    "shadowed by a lambda's parameter": """
import sentry_sdk
get = lambda sentry_sdk: sentry_sdk.Hub.current
""",
    "bound in the class, read in a method": """
import sentry_sdk
class A:
    push_scope = 1
    def f(self):
        with push_scope():
            pass
""",
    "assigned further down in the function": """
import sentry_sdk
def f():
    with sentry_sdk.push_scope():
        pass
    sentry_sdk = None or object()
""",
    "assigned before in the function": """
import sentry_sdk
def f(fake):
    sentry_sdk = fake
    with sentry_sdk.configure_scope() as scope:
        pass
""",
    "deleted": """
from sentry_sdk import configure_scope
del configure_scope
def f():
    with configure_scope() as scope:
        pass
""",
    "the name of an exception": """
import sentry_sdk
def f():
    try:
        pass
    except ValueError as sentry_sdk:
        sentry_sdk.push_scope()
""",
    "the names of a match": """
import sentry_sdk
def f(x):
    match x:
        case [sentry_sdk]:
            sentry_sdk.push_scope()
        case {**sentry_sdk}:
            sentry_sdk.push_scope()
        case str() as sentry_sdk:
            sentry_sdk.push_scope()
""",
    "a walrus": """
import sentry_sdk
def f(x):
    if (sentry_sdk := x):
        sentry_sdk.push_scope()
""",
    "a walrus in a comprehension": """
import sentry_sdk
def f(x):
    last = [sentry_sdk := one for one in x]
    sentry_sdk.push_scope()
""",
    "a with statement's name": """
import sentry_sdk
def f(x):
    with x as sentry_sdk:
        sentry_sdk.push_scope()
""",
    "a starred target": """
import sentry_sdk
def f(x):
    first, *sentry_sdk = x
    sentry_sdk.push_scope()
""",
    "global, assigned by another function": """
import sentry_sdk
def use(fake):
    global sentry_sdk
    sentry_sdk = fake
def f():
    sentry_sdk.push_scope()
""",
    "nonlocal, assigned by an inner function": """
def outer(fake):
    import sentry_sdk
    def use():
        nonlocal sentry_sdk
        sentry_sdk = fake
    use()
    with sentry_sdk.push_scope():
        pass
""",
    "two star imports": """
from sentry_sdk import *
from app import *
with configure_scope() as scope:
    scope.set_tag("a", "b")
""",
}

# Code for 1.x and 2.x at once: the 1.x half is wanted.
BOTH = {
    "version, if and else": """
import sentry_sdk
from packaging import version
if version.parse(sentry_sdk.VERSION) >= version.parse("2"):
    pass
else:
    with sentry_sdk.push_scope() as scope:
        scope.user = 1
""",
    "consts.VERSION": """
import sentry_sdk
from sentry_sdk.consts import VERSION
if VERSION.startswith("1."):
    sentry_sdk.push_scope()
""",
    "distribution version": """
from importlib.metadata import version
import sentry_sdk
if int(version("sentry-sdk").split(".")[0]) < 2:
    sentry_sdk.configure_scope(lambda scope: 1)
""",
    "hasattr": """
import sentry_sdk
if hasattr(sentry_sdk, "new_scope"):
    pass
else:
    sentry_sdk.push_scope()
""",
    "not hasattr, then return": """
import sentry_sdk
def f():
    if hasattr(sentry_sdk, "new_scope"):
        return sentry_sdk.new_scope()
    return sentry_sdk.push_scope()
""",
    "elif": """
import sentry_sdk
def f(a):
    if a:
        pass
    elif hasattr(sentry_sdk, "new_scope"):
        pass
    else:
        sentry_sdk.push_scope()
""",
    "a flag": """
import sentry_sdk
V2 = hasattr(sentry_sdk, "new_scope")
def f():
    if not V2:
        with sentry_sdk.push_scope() as scope:
            scope.user = 1
""",
    "a flag of the instance": """
import sentry_sdk
class A:
    def __init__(self):
        self.v2 = hasattr(sentry_sdk, "new_scope")
    def f(self):
        if self.v2:
            pass
        else:
            with sentry_sdk.push_scope():
                pass
""",
    "a function that answers": """
import sentry_sdk
def is_v2():
    return sentry_sdk.VERSION.startswith("2")
def f():
    if is_v2():
        pass
    else:
        with sentry_sdk.push_scope():
            pass
""",
    "a version tuple": """
import sentry_sdk
SDK = tuple(int(part) for part in sentry_sdk.VERSION.split("."))
def f():
    if SDK < (2, 0):
        with sentry_sdk.push_scope():
            pass
""",
    "getattr or": """
import sentry_sdk
def f():
    manager = getattr(sentry_sdk, "new_scope", None) or sentry_sdk.push_scope
    with manager() as scope:
        scope.user = 1
""",
    "getattr in a variable": """
import sentry_sdk
new = getattr(sentry_sdk, "new_scope", None)
def f():
    if new is not None:
        with new():
            pass
    else:
        with sentry_sdk.push_scope():
            pass
""",
    "a conditional expression": """
import sentry_sdk
manager = sentry_sdk.new_scope() if hasattr(sentry_sdk, "new_scope") else sentry_sdk.push_scope()
""",
    "assert": """
import sentry_sdk
def f():
    assert sentry_sdk.VERSION < "2"
    sentry_sdk.push_scope()
""",
    "match": """
import sentry_sdk
match sentry_sdk.VERSION[0]:
    case "1":
        sentry_sdk.push_scope()
""",
    "a decorator": """
import pytest, sentry_sdk
@pytest.mark.skipif(sentry_sdk.VERSION >= "2", reason="for 1.x")
def test_scope():
    with sentry_sdk.push_scope():
        pass
""",
    "one import or another": """
try:
    from sentry_sdk import new_scope
except ImportError:
    from sentry_sdk import push_scope as new_scope
with new_scope() as scope:
    scope.set_tag("a", "b")
""",
    "an import that failed": """
try:
    from sentry_sdk import new_scope
except ImportError:
    new_scope = None
    from sentry_sdk import Hub
def f():
    if new_scope:
        pass
    else:
        Hub.current.capture_message("x")
""",
    "an import that failed, asked first": """
try:
    from sentry_sdk import new_scope
except ImportError:
    new_scope = None
import sentry_sdk
def f():
    if new_scope is None:
        sentry_sdk.Hub.current.capture_message("x")
""",
    "an import that failed, left early": """
try:
    from sentry_sdk import new_scope
except ImportError:
    new_scope = None
import sentry_sdk
def f():
    if new_scope:
        return new_scope()
    return sentry_sdk.push_scope()
""",
    "a flag set beside the import": """
try:
    from sentry_sdk import get_isolation_scope
    NEW = True
except ImportError:
    NEW = False
import sentry_sdk
def f():
    if NEW:
        get_isolation_scope().set_tag("a", "b")
    else:
        with sentry_sdk.configure_scope() as scope:
            scope.set_tag("a", "b")
""",
    "except AttributeError": """
import sentry_sdk
try:
    scope = sentry_sdk.get_isolation_scope()
except AttributeError:
    scope = sentry_sdk.Hub.current.scope
""",
    "left after the newer name": """
import sentry_sdk
def make():
    try:
        return sentry_sdk.isolation_scope
    except AttributeError:
        pass
    try:
        return sentry_sdk.push_scope
    except AttributeError:
        return None
""",
    "left after the newer name, in an else": """
import sentry_sdk
def make():
    try:
        manager = sentry_sdk.isolation_scope
    except AttributeError:
        print("sentry-sdk 1.x")
    else:
        return manager
    return sentry_sdk.push_scope
""",
    "left after the newer import": """
def make():
    try:
        from sentry_sdk import isolation_scope
        return isolation_scope
    except ImportError:
        pass
    from sentry_sdk import push_scope
    return push_scope
""",
}


@pytest.mark.parametrize("code", SILENT.values(), ids=SILENT)
def test_look_alikes_are_silent(code: str) -> None:
    assert names(code) == []
    assert fixed(code) == code


ONE = {
    "the newer name is not the end": """
import sentry_sdk
def make():
    try:
        manager = sentry_sdk.isolation_scope
    except AttributeError:
        pass
    return sentry_sdk.push_scope
""",
    "another error": """
import sentry_sdk
def make():
    try:
        return sentry_sdk.isolation_scope
    except KeyError:
        pass
    return sentry_sdk.push_scope
""",
    "a name that both lines have": """
import sentry_sdk
def make():
    try:
        return sentry_sdk.capture_message
    except AttributeError:
        pass
    return sentry_sdk.push_scope
""",
    "in another block": """
import sentry_sdk
def make(new):
    if new:
        try:
            return sentry_sdk.isolation_scope
        except AttributeError:
            pass
    return sentry_sdk.push_scope
""",
    "somebody else's": """
import sentry_sdk, mine
def make():
    try:
        return mine.isolation_scope
    except AttributeError:
        pass
    return sentry_sdk.push_scope
""",
}


@pytest.mark.parametrize("code", ONE.values(), ids=ONE)
def test_code_for_one_line_is_not(code: str) -> None:
    assert names(code) == ["push-scope-with"]


@pytest.mark.parametrize("code", BOTH.values(), ids=BOTH)
def test_code_for_both_lines_is_silent(code: str) -> None:
    assert names(code) == []
    assert fixed(code) == code


# Not a test of the version, though it looks like one: what: (code, the findings)
REPORTED = {
    "hasattr of something else": (
        'import sentry_sdk\nif hasattr(app, "x"):\n    sentry_sdk.last_event_id()\n    with sentry_sdk.push_scope():\n        pass\n',
        ["push-scope-with"],
    ),
    "the SDK is there": (
        'from importlib.util import find_spec\nif find_spec("sentry_sdk"):\n    import sentry_sdk\n    with sentry_sdk.push_scope():\n        pass\n',
        ["push-scope-with"],
    ),
    "installed, by a flag beside new names": (
        "try:\n    from sentry_sdk import get_isolation_scope\n    SENTRY = True\nexcept ImportError:\n    SENTRY = False\nimport sentry_sdk\n"
        "if SENTRY:\n    with sentry_sdk.push_scope():\n        pass\n",
        ["push-scope-with"],
    ),
    "installed, by None": (
        "try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = None\ndef f():\n    if sentry_sdk is None:\n        return\n    with sentry_sdk.push_scope():\n        pass\n",
        ["push-scope-with"],
    ),
    "after the guard": (
        'import sentry_sdk\nif hasattr(sentry_sdk, "new_scope"):\n    pass\nwith sentry_sdk.push_scope():\n    pass\n',
        ["push-scope-with"],
    ),
}


@pytest.mark.parametrize(("code", "found"), REPORTED.values(), ids=REPORTED)
def test_other_conditions_do_not_silence(code: str, found: list[str]) -> None:
    assert names(code) == found


BODY = 'def f(x):\n    with {0}push_scope() as scope:\n        scope.set_tag("a", x)\n'
DONE = 'def f(x):\n    with {0}new_scope() as scope:\n        scope.set_tag("a", x)\n'

# How the name comes into the module: what: (imports, prefix, imports after, prefix after)
BOUND = {
    "import": ("import sentry_sdk\n", "sentry_sdk.", "import sentry_sdk\n", "sentry_sdk."),
    "import as": ("import sentry_sdk as s\n", "s.", "import sentry_sdk as s\n", "s."),
    "import among others": (
        "import os, sentry_sdk, sys\n",
        "sentry_sdk.",
        "import os, sentry_sdk, sys\n",
        "sentry_sdk.",
    ),
    "from": ("from sentry_sdk import push_scope\n", "", "from sentry_sdk import new_scope\n", ""),
    "from api": (
        "from sentry_sdk.api import push_scope\n",
        "",
        "from sentry_sdk import new_scope\n",
        "",
    ),
    "module api": (
        "import sentry_sdk.api\n",
        "sentry_sdk.api.",
        "import sentry_sdk.api\n",
        "sentry_sdk.",
    ),
    "star": ("from sentry_sdk import *\n", "", "from sentry_sdk import *\n", ""),
    "importlib": (
        'import importlib\nsentry_sdk = importlib.import_module("sentry_sdk")\n',
        "sentry_sdk.",
        'import importlib\nsentry_sdk = importlib.import_module("sentry_sdk")\n',
        "sentry_sdk.",
    ),
    "import_module, another name": (
        'from importlib import import_module\nsdk = import_module("sentry_sdk")\n',
        "sdk.",
        'from importlib import import_module\nsdk = import_module("sentry_sdk")\n',
        "sdk.",
    ),
    "__import__": ('s = __import__("sentry_sdk")\n', "s.", 's = __import__("sentry_sdk")\n', "s."),
    "a loaded module": (
        'import sys\ns = sys.modules["sentry_sdk"]\n',
        "s.",
        'import sys\ns = sys.modules["sentry_sdk"]\n',
        "s.",
    ),
    "a loaded module, in place": (
        "import sys\n",
        'sys.modules["sentry_sdk"].',
        "import sys\n",
        'sys.modules["sentry_sdk"].',
    ),
    "import_module, in place": (
        "import importlib as i\n",
        'i.import_module("sentry_sdk").',
        "import importlib as i\n",
        'i.import_module("sentry_sdk").',
    ),
    "importorskip": (
        'import pytest\ns = pytest.importorskip("sentry_sdk")\n',
        "s.",
        'import pytest\ns = pytest.importorskip("sentry_sdk")\n',
        "s.",
    ),
    "a second name": (
        "import sentry_sdk\nsdk = sentry_sdk\n",
        "sdk.",
        "import sentry_sdk\nsdk = sentry_sdk\n",
        "sdk.",
    ),
    "the same in both branches": (
        "if DEBUG:\n    import sentry_sdk\nelse:\n    import sentry_sdk\n",
        "sentry_sdk.",
        "if DEBUG:\n    import sentry_sdk\nelse:\n    import sentry_sdk\n",
        "sentry_sdk.",
    ),
    "None where it is missing": (
        "try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = None\n",
        "sentry_sdk.",
        "try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = None\n",
        "sentry_sdk.",
    ),
    "False first": (
        "sentry_sdk = None\ntry:\n    import sentry_sdk\nexcept ImportError:\n    pass\n",
        "sentry_sdk.",
        "sentry_sdk = None\ntry:\n    import sentry_sdk\nexcept ImportError:\n    pass\n",
        "sentry_sdk.",
    ),
    "contextlib.suppress": (
        "with suppress(ImportError):\n    from sentry_sdk import push_scope\n",
        "",
        "with suppress(ImportError):\n    from sentry_sdk import new_scope\n",
        "",
    ),
}


@pytest.mark.parametrize(("before", "prefix", "after", "then"), BOUND.values(), ids=BOUND)
def test_bound(before: str, prefix: str, after: str, then: str) -> None:
    assert names(before + BODY.format(prefix)) == ["push-scope-with"]
    assert fixed(before + BODY.format(prefix)) == after + DONE.format(then)


@pytest.mark.parametrize(
    ("module", "found"),
    [
        ("sys.modules['sentry_sdk']", True),
        ("sys.modules['mine']", False),
        ("sdk['sentry_sdk']", False),
    ],
)
def test_a_name_by_getattr_of_a_loaded_module(module: str, found: bool) -> None:
    code = f"import sys\nsentry_sdk = {{}}\npush = getattr({module}, 'push_scope')\n"
    assert names(code) == ["push-scope-with"] * found


def test_relocated_module_function() -> None:
    code = "import sentry_sdk\npush = sentry_sdk.push_scope\ndef f():\n    with push() as scope:\n        scope.set_tag('a', 'b')\n"
    assert names(code) == ["push-scope-with", "push-scope-with"]


# A stand-in makes code work without the SDK; the fix would end that.
STAND_INS = {
    "function": (
        "try:\n    from sentry_sdk import push_scope\nexcept ImportError:\n    @contextmanager\n    def push_scope():\n        yield Mock()\n",
        "",
    ),
    "class": (
        "try:\n    import sentry_sdk\nexcept ImportError:\n    class sentry_sdk:\n        pass\n",
        "sentry_sdk.",
    ),
    "instance": (
        "try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = MagicMock()\n",
        "sentry_sdk.",
    ),
    "own module": (
        "try:\n    from sentry_sdk import push_scope\nexcept ImportError:\n    from app.stubs import push_scope\n",
        "",
    ),
}


@pytest.mark.parametrize(("imports", "prefix"), STAND_INS.values(), ids=STAND_INS)
def test_stand_ins_stay_in_use(imports: str, prefix: str) -> None:
    code = imports + BODY.format(prefix)
    assert names(code) == ["push-scope-with"]
    assert fixed(code) == code
