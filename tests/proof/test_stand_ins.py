"""What puts something in the place of a name, and which fixes that prevents."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from sentry_migrate.doubts import REST_MIGRATED
from sentry_migrate.engine.analyze import Analysis
from sentry_migrate.kit.context import Context
from sentry_migrate.model import Applicability
from sentry_migrate.plan import ANY_NAME, stand_in_key
from sentry_migrate.project.config import Settings
from sentry_migrate.proof.part_of_tests import is_test
from sentry_migrate.proof.stand_ins import places

HEAD = "import sentry_sdk\nfrom app import obs\n"


def _context(text: str, path: str) -> Context:
    return Analysis.of(HEAD + text, Settings(), PurePosixPath(path)).context


def _kinds(text: str, path: str) -> set[str]:
    return {kind for kind, _ in places(_context(text, path)) if "all of" not in kind}


CALLED = "called-sentry_sdk.sentry_sdk"
# a statement: the names and modules that it puts something in the place of, in any file; then
# what it does so in a test, besides
PLACES = {
    # assignments
    "obs.f = g": ("obs.f", ""),
    "obs.f: int = g": ("", ""),
    "obs.f.h = g": ("f.h", ""),
    "x.f = g": ("", "f"),
    "sentry_sdk.f = g": ("f", ""),
    "sentry_sdk.push_scope = g": ("push_scope", ""),
    "obs.__dict__.f = g": ("", "f"),
    "import app.obs as o\no.f = g": ("obs.f", "obs"),
    "import app.obs\napp.obs.f = g": ("obs.f", ""),
    "obs = 1\nobs.f = g": ("", "f"),
    "if x:\n    obs = 1\nobs.f = g": ("", "f"),
    "print(obs.f)": ("", ""),
    # attributes of what others give
    "def h(o): o.f = g": ("f sentry_sdk.f", ""),
    "def h(*, o=None): o.f = g": ("f sentry_sdk.f", ""),
    "def h(o):\n    p = o\n    p.f = g": ("f sentry_sdk.f", ""),
    "def h(o):\n    def i(): o.f = g": ("f sentry_sdk.f", ""),
    "h = lambda o: [o.f for o.f in g]": ("f sentry_sdk.f", ""),
    "def h(o): o.f, o.i = g": ("f i sentry_sdk.f sentry_sdk.i", ""),
    "def h(o): o.f: int = g": ("f sentry_sdk.f", ""),
    "def h(o): del o.f": ("f", ""),
    "def h(o): o.level = g": ("", "level"),
    "def h(o): print(o.f)": ("", "f"),
    "def h(o): o.f()": ("", "f"),
    "def h(o): o['f'] = g": ("", "f"),
    "def h(o):\n    o = 1\n    o.f = g": ("", "f"),
    "for o in x: o.f = g": ("f sentry_sdk.f", ""),
    "from x import h\no = h()\no.f = g": ("f sentry_sdk.f", ""),
    "def h(): return x\nh().f = g": ("f sentry_sdk.f", ""),
    "class C: pass\no = C()\no.f = g": ("", "f"),
    "class C:\n    def h(self): self.f = g": ("", "f h self"),
    "class C:\n    @classmethod\n    def h(cls): cls.f = g": ("", "cls f h"),
    "class C:\n    def h(self, o): o.f = g": ("f sentry_sdk.f", "h o self"),
    "class C:\n    def h(self, o): self.o = o\n    def i(self): self.o.f = g": (
        "f sentry_sdk.f", "h i o self",
    ),
    "class C:\n    def h(self): self.o = 1\n    def i(self): self.o.f = g": ("", "f h i o self"),
    # a name in a call
    "setattr(obs, 'f', g)": ("obs.f", ""),
    "setattr(x, 'f', g)": ("f", ""),
    "setattr(x, 'a b', g)": ("", ""),
    "setattr(x, b'f', g)": ("f sentry_sdk.f", ""),
    "setattr(x)": ("", ""),
    "setattr(obs, name, g)": ("obs.*", ""),
    "setattr(x, name, g)": ("", ""),
    "setattr(obs, *x)": ("", ""),
    "setattr(obs, g.__name__, g)": ("", "__name__"),
    "setattr(obs, g.__qualname__, g)": ("", "__qualname__"),
    "delattr(obs, name)": ("obs.*", ""),
    "delattr(obs, 'f')": ("obs.f", ""),
    "del obs.f": ("obs.f", ""),
    "del x.f": ("f", ""),
    "del a, obs.f": ("obs.f", ""),
    "vars(obs)[g] = g": ("obs.*", ""),
    "vars(x)[g] = g": ("", ""),
    "vars(obs)[g]": ("", ""),
    "obs.__dict__.update(**g)": ("obs.*", "update"),
    "import_module('app').f = g": ("app.f", "app f"),
    "globals()[g.__name__] = g": ("", "__name__"),
    "globals()[g]": ("", ""),
    "patch.object(obs, name)": ("obs.*", ""),
    "patch.object(obs, 'a' + name)": ("obs.*", "a"),
    "patch.object(obs)": ("", ""),
    "patch.other(obs, name)": ("", ""),
    "getattr(obs, name)": ("", ""),
    # the SDK as a whole
    "import fakes\nsetattr(obs, 'sentry_sdk', fakes.Sdk)": ("obs.sentry_sdk obs.*", CALLED),
    "import fakes\nsetattr(obs, 'sentry_sdk', fakes.Sdk())": ("obs.sentry_sdk obs.*", CALLED),
    "import fakes\nf = fakes.Sdk()\nsetattr(obs, 'sentry_sdk', f)": ("obs.sentry_sdk obs.*", CALLED),
    "import fakes\nf, _ = fakes.make()\nobs.sentry_sdk = f": ("obs.sentry_sdk obs.*", CALLED),
    "import fakes\nf = g = fakes.Sdk()\nif x: f = None\nobs.sentry_sdk = f": (
        "obs.sentry_sdk obs.*", CALLED,
    ),
    "import fakes\nwith fakes.sdk() as f:\n    obs.sentry_sdk = f": (
        "obs.sentry_sdk obs.*", CALLED,
    ),
    "import fakes\ndef f(): return fakes.Sdk()\nobs.sentry_sdk = f()": (
        "obs.sentry_sdk obs.*", CALLED,
    ),
    "import fakes\nclass F(fakes.Sdk): ...\nobs.sentry_sdk = F()": ("obs.sentry_sdk obs.*", CALLED),
    "import fakes\nobs.sentry_sdk = fakes.f if x else None": ("obs.sentry_sdk obs.*", CALLED),
    "import fakes\nobs.sentry_sdk = None or fakes.f": ("obs.sentry_sdk obs.*", CALLED),
    "import fakes\nx.sentry_sdk = fakes.f": ("", f"sentry_sdk {CALLED}"),
    "def test(f):\n    obs.sentry_sdk = f": ("obs.sentry_sdk obs.*", CALLED),
    "def test(mocker):\n    obs.sentry_sdk = mocker.Mock()": ("obs.sentry_sdk", "Mock"),
    "def f(): return 1\ndef test(f):\n    obs.sentry_sdk = f": ("obs.sentry_sdk", ""),
    "@patch.object(obs, name)\ndef test(f):\n    obs.sentry_sdk = f": ("obs.sentry_sdk obs.*", ""),
    "class F: ...\nf = F()\nobs.sentry_sdk = f": ("obs.sentry_sdk", ""),
    "def f(): return f()\nobs.sentry_sdk = f()": ("obs.sentry_sdk", ""),
    "f = lambda: 1\nobs.sentry_sdk = f": ("obs.sentry_sdk", ""),
    "from unittest import mock\nf = mock.Mock()\nobs.sentry_sdk = f": ("obs.sentry_sdk Mock", ""),
    # an attribute by which a class calls the SDK
    "import fakes\nx.f = fakes.f": ("", "f called-f.sentry_sdk"),
    "import fakes\nf = fakes.f\nx.f = f": ("", "f called-f.sentry_sdk"),
    "import fakes\nx.f = g": ("", "f"),
    "import fakes\nx.f = 'g'": ("", "f g"),
    "import fakes\nx.f: int = fakes.f": ("", "f"),
    "import fakes\nclass C:\n    def g(self):\n        self.f = fakes.f": ("", "f g self"),
    "import fakes\nclass C:\n    f = fakes.f": ("", "f called-f.sentry_sdk"),
    "import fakes\nclass C:\n    f = 1": ("", "f"),
    "import fakes\ndef f():\n    g = fakes.f": ("", ""),
    "import fakes\nm.setattr(x, 'f', fakes.f)": ("", "f called-f.sentry_sdk"),
    "import fakes\npatch('f', fakes.f)": ("", "f"),
    "import fakes\npatch.multiple(x, f=fakes.f)": ("", "f multiple called-f.sentry_sdk"),
    "import fakes\npatch.multiple(x, f=g)": ("", "f multiple"),
    "import fakes\nsetattr(obs, 'f', fakes.Sdk)": ("obs.f", "called-f.sentry_sdk"),
    "import fakes\nsetattr(x, 'sentry_sdk', fakes.Sdk)": ("sentry_sdk", CALLED),
    "from unittest import mock\nsetattr(obs, 'sentry_sdk', mock.Mock())": (
        "obs.sentry_sdk Mock", "",
    ),
    "setattr(obs, 'sentry_sdk', g)": ("obs.sentry_sdk", ""),
    "import fakes\nobs.sentry_sdk = fakes.Sdk": ("obs.sentry_sdk obs.*", CALLED),
    "import fakes\nobs.sentry_sdk = g": ("obs.sentry_sdk", ""),
    "import fakes\npatch('app.obs.sentry_sdk', fakes.Sdk)": (
        "obs.*", f"app app.obs obs.sentry_sdk {CALLED}",
    ),
    "import fakes\npatch('app.obs.sentry_sdk.f', fakes.f)": (
        "", "app app.obs obs.sentry_sdk f sentry_sdk.f called-f.sentry_sdk",
    ),
    "import fakes\npatch('app.obs.sentry_sdk')": ("", "app app.obs obs.sentry_sdk"),
    "patch('app.obs.f')": ("", "app app.obs obs.f"),
    "patch('f')": ("", "f"),
    "patch.object(obs, 'f')": ("", "obs.f"),
    "patch('app:f')": ("", "app app.f"),
    "patch('.f')": ("", "f"),
    "patch('f.')": ("", "f"),
    "patch('f()')": ("", ""),
    "patch('f' 'g')": ("", "f g fg"),
    "patch('f' + 'g')": ("", "f g fg"),
    "patch('f' + g)": ("", "f"),
    # paths that are put together
    "patch('.'.join(['app', 'obs', 'f']))": ("", "app obs f app.obs obs.f join"),
    "patch('.'.join([x, 'f']))": ("", "f join"),
    "A = 'app.obs'\nB = '.'.join((A, 'f'))": ("app app.obs obs.f", "f join"),
    "class C:\n    A = 'obs'\n    B = A + '.f'": ("obs obs.f", "f A B"),
    "B = '.'.join((x, 'f'))": ("f", "join"),
    "B = '.'.join((x, 'f', y))": ("", "f join"),
    "B = '.'.join(x)": ("", "join"),
    "B = ','.join(('f', 'g'))": ("", "f g join"),
    "def g(): return '.'.join((x, 'f'))": ("", "f join"),
    "def g():\n    B = '.'.join((x, 'f'))": ("", "f join"),
    "A = 'app'\npatch(f'{A}.f')": ("", "app app.f f"),
    "A = 'app'\npatch('%s.%s' % (A, 'f'))": ("", "app app.f f"),
    "A = 'app'\npatch('{}.{}'.format(A, 'f'))": ("", "app app.f f format"),
    "A = 'app'\npatch('%s.%s' % (A, x))": ("app.*", "app"),
    "A = 'app'\npatch('%(a)s.%(b)s' % A)": ("", "app"),
    "A = 'app'\nif x: A = 'f'\npatch(A + '.g')": ("", "app f g"),
    "patch('app.MOD.f'.replace('MOD', 'obs'))": ("", "app MOD obs MOD.f app.MOD app.obs obs.f replace"),
    "patch('app.MOD.f'.replace(x, 'obs'))": ("", "app obs MOD.f app.MOD replace"),
    "patch('app.MOD'.replace('MOD', x))": ("app.*", "app MOD app.MOD replace"),
    "patch(f'app.obs.{x}')": ("obs.*", "app app.obs"),
    "patch('app.obs.' + x)": ("obs.*", "app app.obs"),
    "patch('app.obs.push_%s' % x)": ("obs.*", ""),
    "patch(f'sentry_sdk.{x}')": ("", "sentry_sdk"),
    "print(f'app.obs.{x}')": ("", "app app.obs"),
    "patch(f'{x}.f')\npatch(x)": ("", "f"),
    "patch(f'{x}')": ("", ""),
    "m.setattr(f'app.obs.{x}', g)": ("obs.*", "app app.obs"),
    "x = 'app.f'": ("app app.f", ""),
    "x = ['app.f']": ("app app.f", ""),
    "x = {'a': 'app.f'}": ("app app.f", "a"),
    "x = g('app.f')": ("", "app app.f"),
    "x = 'see app.obs.f'": ("", ""),
    "x = 'app/obs.f g'": ("", ""),
    "'app.f'": ("", "app app.f"),
    "patch('f' - 'g')": ("", "f g"),
    "patch(f'{x}.f')": ("", "f"),
    "patch(f'app.{x}')": ("app.*", "app"),
    "patch('sentry_sdk.push_scope')": ("", "sentry_sdk push_scope sentry_sdk.push_scope"),
    "patch('app.obs.sentry_sdk.f')": ("", "app app.obs obs.sentry_sdk f sentry_sdk.f"),
    "patch.object(sentry_sdk.Scope, 'level')": ("", "level sentry_sdk.level"),
    "patch.object(x.Scope, 'level')": ("", "level Scope"),
    # what mocks are asked
    "sentry_sdk.f.assert_called_once_with(g=1)": (
        "f", "",
    ),
    "sentry_sdk.push_scope.return_value": ("push_scope", ""),
    "sentry_sdk.push_scope.other": ("", ""),
    "import fakes, sys\nsys.modules.update(sentry_sdk=fakes.sdk)": (
        "", f"sentry_sdk sentry_sdk.* {CALLED}",
    ),
    "from unittest import mock\nmock.call.f()": ("f call", ""),
    "from unittest.mock import call\ncall.f()": ("f mock", ""),
    "x.f.return_value.g.assert_called_with(1)": (
        "return_value f g assert_called_with", "",
    ),
    "x.f.other_value.g.check(1)": ("", "other_value f g check"),
    # a module that other code gets in place of the SDK
    "import fakes, sys\nsys.modules['sentry_sdk'] = fakes.sdk": (
        "", "sentry_sdk sentry_sdk.*",
    ),
    "import fakes, sys\nm.setitem(sys.modules, 'sentry_sdk', fakes.make())": (
        "modules.*", f"modules.sentry_sdk sentry_sdk.* setitem {CALLED}",
    ),
    "import fakes\npatch.dict('sys.modules', {'sentry_sdk': fakes.sdk})": (
        "", "sentry_sdk sentry_sdk.* sys sys.modules dict",
    ),
    "import sys\nsys.modules['sentry_sdk'] = None": ("", "sentry_sdk"),
    "import sys\nfrom unittest import mock\nsys.modules['sentry_sdk'] = mock.Mock()": (
        "sentry_sdk Mock", "",
    ),
    "import fakes\nx = {'f': fakes.sdk}": ("", "f"),
    "import fakes\nx = {fakes.name: 'sentry_sdk'}": ("", "sentry_sdk"),
    "sentry_sdk.set_tag('f', 'g')": ("", ""),
    "x = 'f g'": ("", ""),
    "x = 'f, g'": ("", "f g"),
    "x = 'f\\ng'": ("", "f g"),
    "x = '[\"app.f\"]'": ("", "app app.f"),
    "'f, g'": ("", ""),
    "x(f=1)": ("", "f"),
    "sentry_sdk.init(f=1)": ("", ""),
    "class f(g=1): pass": ("", ""),
    # names that code of the project is given, computes or overrides
    "def g(a, b): ...\ng(sentry_sdk, 'f')": ("f sentry_sdk.f", ""),
    "def g(a, b): ...\ng(b='f', a=sentry_sdk.Hub)": ("f sentry_sdk.f", "b a"),
    "from x import g\n@g(sentry_sdk.tracing.Span, 'f')\ndef h(): ...": ("f sentry_sdk.f", ""),
    "obs.g(sentry_sdk, 'f')\nx = 'h'": ("f sentry_sdk.f", "h"),
    "for one in ('f', 'h'):\n    obs.g(sentry_sdk, one)": (
        "f h sentry_sdk.f sentry_sdk.h", "",
    ),
    "obs.g(sentry_sdk)\nx = 'f'": ("", "f"),
    "obs.g(sentry_sdk.capture_message, 'f')": ("", "f sentry_sdk.f"),
    "obs.g(sentry_sdk.Hub.current, 'f')": ("", "f"),
    "getattr(sentry_sdk, 'f')": ("", "f sentry_sdk.f"),
    "hasattr(sentry_sdk.Hub, 'f')": ("", "f sentry_sdk.f"),
    "sentry_sdk.capture_message(sentry_sdk, 'f')": ("", ""),
    "x = ['f']\nsetattr(y, x[0], g)": ("f sentry_sdk.f", ""),
    "x = ['f']\nsetattr(sentry_sdk, x[0], g)": ("f sentry_sdk.f", ""),
    "x = ['f']\nsetattr(obs, x[0], g)": ("obs.*", "f"),
    "x = ['f']\nsetattr(y, 'h', g)": ("h", "f"),
    "def h(m, **k):\n    for n, v in k.items(): setattr(m, n, v)\nh('a.b', f=1)": (
        "f sentry_sdk.f", "a a.b items",
    ),
    "class C:\n    def h(self, **k):\n        for n in k: setattr(self, n, 1)\nC(f=1)": (
        "", "f h self k",
    ),
    "class C:\n    def h(self, n): setattr(self.o, n, 1)\nC(f=1)": (
        "f sentry_sdk.f", "h self n o",
    ),
    "class C(sentry_sdk.Hub):\n    def f(self): ...": ("f sentry_sdk.f", "self"),
    "from sentry_sdk.tracing import Transaction as T\nclass C(x, T):\n    f = g": (
        "f sentry_sdk.f", "",
    ),
    "class Hub:\n    def f(self): ...\nclass C(Hub):\n    def h(self): ...": ("", "f h self"),
    "class C(sentry_sdk.Client):\n    def f(self): ...": ("", "f self"),
    "class C(sentry_sdk.Transport):\n    def f(self): ...": ("", "f self"),
    # names in tests
    "x.f": ("", "f"),
    "obs.f": ("", ""),
    "sentry_sdk.push_scope.__name__": ("", "push_scope"),
    "x.__name__": ("", "__name__"),
    "class C:\n    def f(self): pass": ("", "f self"),
    "class C:\n    def f(self, g=1, *, h): pass": ("", "f self g h"),
    "class C:\n    def f(self):\n        def i(g): pass": ("", "f self"),
    "class C:\n    f = 1": ("", "f"),
    "class C: pass": ("", ""),
    "def f(): pass": ("", ""),
    "f = 1": ("", ""),
}  # fmt: skip


def _keys(names: str) -> set[str]:
    found = set()
    for one in names.replace("*", ANY_NAME).split():
        home, _, name = one.rpartition(".")
        found.add(stand_in_key(name, home))
    return found


@pytest.mark.parametrize("text", ["globals()['f'] = g", "import sys\nsys.modules[__name__].f = g"])
def test_what_a_module_replaces_of_itself(text: str) -> None:
    assert _kinds(text, "app/views.py") == _keys("views.f")
    assert _kinds("globals()[g] = g", "app/views.py") == _keys("views.*")


@pytest.mark.parametrize(("text", "anywhere", "in_tests"), [(k, *v) for k, v in PLACES.items()])
def test_what_is_replaced(text: str, anywhere: str, in_tests: str) -> None:
    assert _kinds(text, "app/views.py") == _keys(anywhere)
    beside = _kinds(text, "tests/test_views.py") - _keys(anywhere)
    calls = {"setattr", "delattr", "patch", "object", "other"}  # of what stands in for nothing
    assert {one for one in beside if one not in {stand_in_key(c) for c in calls}} == _keys(in_tests)


# where a text is, and what it says: whether it is one of the tests
TESTS = {
    ("app/a.py", ""): False,
    ("app/a.py", "import pytest"): True,
    ("app/a.py", "from unittest import mock"): True,
    ("app/a.py", "def f():\n    import mock"): True,
    ("app/a.py", "import pytests"): False,
    ("app/a.py", "pytest = 1"): False,
    ("app/a.py", "from x.pytest import y"): True,
    ("tests/a.py", ""): True,
    ("app/test_a.py", ""): True,
    ("app/conftest.py", ""): True,
}


@pytest.mark.parametrize(("path", "text", "expected"), [(*k, v) for k, v in TESTS.items()])
def test_which_texts_are_tests(path: str, text: str, expected: bool) -> None:
    assert is_test(_context(text, path)) is expected


PUSHED = "with sentry_sdk.push_scope() as scope:\n    scope.set_tag('a', 'b')\n"
NAMED = "from sentry_sdk import push_scope\nwith push_scope() as s:\n    s.set_tag('a', 'b')\n"
ALIASED = "import sentry_sdk as s\nwith s.push_scope() as t:\n    t.set_tag('a', 'b')\n"
OWNED = (
    "class C:\n    sdk = sentry_sdk\n    def f(self):\n        with self.sdk.push_scope() as scope:\n"
    "            scope.set_tag('a', 'b')\n"
)
TAKEN = "def f():\n    sentry_sdk.Hub.current.capture_message('x')\n"
SPAN = "def f():\n    with sentry_sdk.start_span(description='d'): pass\n"
CALLBACK = "def f(scope):\n    scope.level = 'error'\nsentry_sdk.configure_scope(f)\n"
LEVEL = "with sentry_sdk.configure_scope() as scope:\n    scope.level = 'error'\n"
INIT = "sentry_sdk.init(with_locals=True)\n"

# code of app/views.py, what something stands in for, whether a fix is doubted for it
DOUBTED = (
    (PUSHED, "push_scope", True),
    (PUSHED, "new_scope", True),
    (PUSHED, "views.push_scope", True),
    (PUSHED, "views.*", True),
    (PUSHED, "obs.*", False),
    (PUSHED, "obs.push_scope", False),
    (PUSHED, "set_tag", False),
    (PUSHED, "sentry_sdk", False),
    (PUSHED, "other", False),
    (PUSHED, "configure_scope", False),
    (NAMED, "views.push_scope", True),
    (NAMED, "views.new_scope", True),
    (ALIASED, "s.push_scope", True),
    (ALIASED, "s.*", True),
    (ALIASED, "u.push_scope", False),
    (ALIASED, "called-s.sentry_sdk", True),
    (ALIASED, "called-u.sentry_sdk", False),
    (PUSHED, "called-s.sentry_sdk", False),
    (PUSHED, CALLED, False),
    (OWNED, "called-sdk.sentry_sdk", True),
    (OWNED, "called-self.sentry_sdk", False),
    (OWNED, CALLED, False),
    (TAKEN, "Hub", True),
    (TAKEN, "capture_message", True),
    (TAKEN, "current", True),
    (TAKEN, "capture_exception", False),
    (SPAN, "start_span", True),
    (SPAN, "start_child", True),
    (SPAN, "start_transaction", False),
    (CALLBACK, "level", True),
    (CALLBACK, "configure_scope", True),
    (CALLBACK, "set_tag", False),
    (LEVEL, "level", False),
    (LEVEL, "configure_scope", True),
    (INIT, "init", True),
    (INIT, "with_locals", True),
    (INIT, "Client", True),
    (INIT, "flush", False),
)


@pytest.mark.parametrize(("text", "stood_in", "doubted"), DOUBTED)
def test_which_fixes_are_doubted(text: str, stood_in: str, doubted: bool) -> None:
    assert _replaced(text, dict.fromkeys(_keys(stood_in), "tests/test_a.py")) is doubted
    assert not _replaced(text, {})


def _replaced(text: str, left: dict[str, str]) -> bool:
    """Whether a fix of app/views.py has the doubt that a test replaces what it changes."""
    path = PurePosixPath("app/views.py")
    found = Analysis.of(f"import sentry_sdk\n{text}", Settings(), path, left=left)
    fixes = [one.draft.fix for one in found.judged if one.draft.fix is not None]
    assert fixes
    doubts = [one for fix in fixes for one in fix.doubts if one.code == REST_MIGRATED.code]
    return any("tests/test_a.py puts something" in one.reason for one in doubts)


SPAN = "def f(m):\n    with {}start_span(op='db', description=m) as span: pass\n"
CHILD = (
    "def f(m):\n    span = {}start_span(op='db')\n    span.start_child(op='db', description=m)\n"
)
LEVEL = "def f(m):\n    with {}push_scope() as scope:\n        scope.level = 'error'\n"
NAMES = "from sentry_sdk import push_scope, start_span"
# What is imported, what stands in for it where the SDK is not installed, and whether that may be
# called by the code below
FALLBACKS = {
    "a function": (NAMES, "def start_span(op, description): ...\n    def push_scope(): ...", True),
    "functions of a module": (NAMES, "from noop import push_scope, start_span", True),
    "a value": (NAMES, "push_scope = start_span = make()", True),
    "a module": ("import sentry_sdk", "import noop as sentry_sdk", True),
    "an object": ("import sentry_sdk", "sentry_sdk = NoSentry()", True),
    "a class": ("import sentry_sdk", "class sentry_sdk: ...", True),
    "nothing": ("import sentry_sdk", "sentry_sdk = None", False),
    "no function": (NAMES, "push_scope = start_span = None", False),
    "an error": ("import sentry_sdk", "raise", False),
    "silence": ("import sentry_sdk", "pass", False),
    "another name": ("import sentry_sdk", "has_sentry = make()", False),
}


@pytest.mark.parametrize(("imported", "instead", "called"), FALLBACKS.values(), ids=FALLBACKS)
@pytest.mark.parametrize("use", [SPAN, CHILD, LEVEL], ids=["span", "child", "level"])
def test_what_stands_in_without_the_sdk(
    imported: str, instead: str, called: bool, use: str
) -> None:
    code = use.format("sentry_sdk." if imported == "import sentry_sdk" else "")
    text = f"try:\n    {imported}\nexcept ImportError:\n    {instead}\n{code}"
    settings = Settings(select=("SEN111", "SEN401"))
    (finding,) = Analysis.of(text, settings, PurePosixPath("a.py")).result().findings
    safe = finding.fix is not None and finding.fix.applicability is Applicability.SAFE
    assert safe is not called
