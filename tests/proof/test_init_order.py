"""When a use runs, as its text and what other files call say it; and what says that a process has
several threads, so that data of its start is not seen by all."""

from __future__ import annotations

from pathlib import PurePosixPath

import libcst as cst
import pytest

from cli.conftest import write_tree
from sentry_migrate.call_keys import import_key
from sentry_migrate.doubts import BEFORE_INIT
from sentry_migrate.engine.analyze import Analysis
from sentry_migrate.engine.fix import fix
from sentry_migrate.kit.context import Context
from sentry_migrate.plan import OWN_INTEGRATIONS, early_key, start_key
from sentry_migrate.plan import THREADS as THREADS_ELSEWHERE
from sentry_migrate.project.config import Settings
from sentry_migrate.project.function_uses import other_use_key
from sentry_migrate.project.modules import place_of
from sentry_migrate.proof.init_order import (
    STARTUP,
    UNKNOWN_INIT,
    Timing,
    called_at_start,
    timing_of,
)
from sentry_migrate.text.source import Source

START = """import sentry_sdk
{}
def main():
    sentry_sdk.init()
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("boot", "1")
    sentry_sdk.capture_message("up")
main()
"""
THREADS = {
    "an import": "import threading",
    "an import of a part": "import concurrent.futures",
    "another name": "import threading as t",
    "a name of it": "from threading import Timer",
    "the low level": "import _thread",
    "in a function": "def work():\n    import threading",
    "where it may fail": "try:\n    import gevent\nexcept ImportError:\n    pass",
    "passed on": "from app.base import threading",
    "its class passed on": "from app.base import Thread",
    "a server": "from flask import Flask",
    "its integration": "from sentry_sdk.integrations.flask import FlaskIntegration",
    "settings": "INSTALLED_APPS = ['django.contrib.admin']",
    "by string": "import importlib\nt = importlib.import_module('threading')",
    "by builtin": "t = __import__('threading')",
    "a pool": "from multiprocessing.pool import ThreadPool",
    "an empty context": "import contextvars\ncontextvars.Context().run(print)",
    "an empty context by name": "from contextvars import Context\nc = Context()",
    "an executor": "import asyncio\nasyncio.get_event_loop().run_in_executor(None, print)",
}
NONE = {
    "nothing": "",
    "a copied context": "import contextvars\ncontextvars.copy_context().run(print)",
    "a variable of contexts": "from contextvars import ContextVar\nv = ContextVar('v')",
    "another context": "import contextvars\nfrom lib import Context\nContext()",
    "a comment": "# no threading here, nor flask",
    "a docstring": "def work():\n    'Thread safe: no threading.'",
    "a text": "TEXT = 'about flask'",
    "a value": "KIND = 'celery'",
    "a variable": "Thread = 1",
    "a function": "def threading(): pass",
    "a parameter": "def work(flask=None): return flask",
    "a keyword": "def work(**more): pass\nwork(flask=1)",
    "part of a word": "import threading_tools",
    "a path": "PATH = 'celery/beat'",
    "a sentence": "TEXT = 'flask. And more'",
}


def safe(text: str) -> bool:
    return "configure_scope" not in fix(Source(START.format(text)), Settings()).text


@pytest.mark.parametrize("text", THREADS.values(), ids=THREADS)
def test_threads(text: str) -> None:
    assert not safe(text)


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_no_threads(text: str) -> None:
    assert safe(text)


HEAD = "import sentry_sdk\n"
USE = "sentry_sdk.configure_scope()"
TAG = f"def tag():\n    {USE}\n"
SETUP = "def setup():\n    sentry_sdk.init()\n"
INIT = "sentry_sdk.init()\n"
SEND = "sentry_sdk.capture_message('x')\n"
PROGRAM = "if __name__ == '__main__':\n"
IMPORTED = import_key(place_of("app/obs.py"))


def _context(text: str, left: dict[str, str] | None = None) -> Context:
    path = PurePosixPath("app/obs.py")
    return Analysis.of(HEAD + text, Settings(), path, left=left).context


def _timing(text: str, left: dict[str, str] | None = None) -> Timing:
    context = _context(text, left)
    (use,) = [one for one in context.tree.nodes(cst.Call) if context.code(one) == USE]
    return timing_of(context, use)


EARLY = Timing(False, BEFORE_INIT)
EARLY_START = Timing(True, BEFORE_INIT)
UNKNOWN = Timing(True, UNKNOWN_INIT)
FINE = Timing(False, None)
FINE_START = Timing(True, None)
SEEN_BY_OTHERS = Timing(True, STARTUP)

# the code after the import, with the one `USE`
MOMENTS = {
    "a function": (TAG, FINE),
    "the module without init": (USE, UNKNOWN),
    "the module's function without init": (TAG + "tag()\n", Timing(True, None)),
    "the module before": (USE + "\n" + INIT, EARLY_START),
    "the module after": (INIT + USE, SEEN_BY_OTHERS),
    "the module after, before it sends": (INIT + USE + "\n" + SEND, FINE_START),
    "the module between": (INIT + USE + "\n" + INIT, SEEN_BY_OTHERS),
    "called before": (TAG + "tag()\n" + INIT, EARLY_START),
    "called after": (TAG + INIT + "tag()\n", FINE_START),
    "called before and after": (TAG + "tag()\n" + INIT + "tag()\n", EARLY_START),
    "called between": (TAG + INIT + "tag()\n" + INIT, EARLY_START),
    "called by what is called before": (TAG + "def f(): tag()\nf()\n" + INIT, EARLY_START),
    "called by what is called after": (TAG + "def f(): tag()\n" + INIT + "f()\n", FINE_START),
    "in a decorator before": (TAG + "@tag()\ndef f(): pass\n" + INIT, EARLY_START),
    "in a list before": (TAG + f"def f(): {INIT}for g in [tag, f]: g()\n", EARLY),
    "in a list after": (TAG + f"def f(): {INIT}for g in [f, tag]: g()\n", FINE),
    "in a tuple before": (TAG + f"def f(): {INIT}x = tag, f\nfor g in x: g()\n", EARLY),
    "in a tuple after": (TAG + f"def f(): {INIT}x = f, tag\nfor g in x: g()\n", FINE),
    "in a list that is only looked at": (
        TAG + f"def f(): {INIT}for g in [tag, f]: print(g)\nf()\n",
        FINE,
    ),
    "as a decorator before": (TAG + "@tag\ndef f(): pass\n" + INIT, EARLY_START),
    "as a decorator after": (TAG + INIT + "@tag\ndef f(): pass\n", FINE_START),
    "in a default before": (TAG + "def f(x=tag()): pass\n" + INIT, EARLY_START),
    "in a base before": (TAG + "class C(tag()): pass\n" + INIT, EARLY_START),
    "in a class before": (TAG + "class C:\n    x = tag()\n" + INIT, EARLY_START),
    "its own decorator before": (f"def g(x): pass\n@g({USE})\ndef f(): pass\n" + INIT, EARLY_START),
    "its own default before": (f"def f(x={USE}): pass\n" + INIT, EARLY_START),
    "its own default after": (INIT + f"def f(x={USE}): pass\n" + SEND, FINE_START),
    "a class's code before": (f"class C:\n    {USE}\n" + INIT, EARLY_START),
    "in setup before": (f"def setup():\n    {USE}\n    {INIT}", EARLY_START),
    "in setup after": (f"def setup():\n    {INIT}    {USE}\n", SEEN_BY_OTHERS),
    "in setup after, before it sends": (f"def setup():\n    {INIT}    {USE}\n    {SEND}", FINE_START),
    "in a setup that is called": (f"def setup():\n    {INIT}    {USE}\nsetup()\n", SEEN_BY_OTHERS),
    "before a setup that is called": (SETUP + USE + "\nsetup()\n", EARLY_START),
    "after a setup that is called": (SETUP + "setup()\n" + USE, SEEN_BY_OTHERS),
    "after it, before it sends": (SETUP + f"setup()\n{USE}\n" + SEND, FINE_START),
    "after it, before what sends": (SETUP + f"def go(): {SEND}setup()\n{USE}\ngo()\n", FINE_START),
    "after it, before what calls what sends": (
        SETUP + f"def go(): on()\ndef on(): {SEND}setup()\n{USE}\ngo()\n",
        FINE_START,
    ),
    "after it and what sends": (SETUP + f"def go(): {SEND}setup()\ngo()\n{USE}\n", SEEN_BY_OTHERS),
    "after it, before what does not send": (SETUP + f"def go(): pass\nsetup()\n{USE}\ngo()\n", SEEN_BY_OTHERS),
    "after it, before a transaction": (INIT + USE + "\nsentry_sdk.start_transaction()\n", FINE_START),
    "after it, before a breadcrumb": (INIT + USE + "\nsentry_sdk.add_breadcrumb()\n", SEEN_BY_OTHERS),
    "in a program": (f"def main():\n    {INIT}    {USE}\n{PROGRAM}    main()\n", FINE_START),
    "in what a program calls": (f"def setup():\n    {INIT}    {USE}\ndef main(): setup()\n{PROGRAM}    main()\n", FINE_START),
    "in a program by asyncio": (f"import asyncio\nasync def main():\n    {INIT}    {USE}\n{PROGRAM}    asyncio.run(main())\n", FINE_START),
    "in a program under a condition": (f"def main():\n    {INIT}    {USE}\n{PROGRAM}    if x: main()\n", FINE_START),
    "in a program and at import": (f"def main():\n    {INIT}    {USE}\n{PROGRAM}    main()\nmain()\n", SEEN_BY_OTHERS),
    "in a program, and passed on": (f"def main():\n    {INIT}    {USE}\n{PROGRAM}    main()\nx = main\n", SEEN_BY_OTHERS),
    "in a program, and given to something": (f"def main():\n    {INIT}    {USE}\n{PROGRAM}    run(main)\n", SEEN_BY_OTHERS),
    "in a program, and by others": (f"def main():\n    {INIT}    {USE}\ndef f(): main()\n{PROGRAM}    main()\n", SEEN_BY_OTHERS),
    "unless it is a program": (f"def main():\n    {INIT}    {USE}\n{PROGRAM}    pass\nelse:\n    main()\n", SEEN_BY_OTHERS),
    "in no program": (f"def main():\n    {INIT}    {USE}\n{PROGRAM.replace('==', '!=')}    main()\n", SEEN_BY_OTHERS),
    "in one of two of the name": (f"def main(): pass\ndef main():\n    {INIT}    {USE}\n{PROGRAM}    main()\n", SEEN_BY_OTHERS),
    "in a program with threads": (f"import threading\ndef main():\n    {INIT}    {USE}\n{PROGRAM}    main()\n", SEEN_BY_OTHERS),
    "called before in setup": (TAG + f"def setup():\n    tag()\n    {INIT}", EARLY_START),
    "called after in setup": (TAG + f"def setup():\n    {INIT}    tag()\n", FINE_START),
    "called before what calls setup": (TAG + SETUP + "def main():\n    tag()\n    setup()\n", EARLY),
    "called after what calls setup": (TAG + SETUP + "def main():\n    setup()\n    tag()\n", FINE),
    "in what calls setup before": (SETUP + f"def main():\n    {USE}\n    setup()\n", EARLY),
    "in what calls setup after": (SETUP + f"def main():\n    setup()\n    {USE}\n", FINE),
    "called by nothing": (TAG + INIT, FINE),
    "passed on": (TAG + "x(tag)\n" + INIT, FINE),
    "called at the start with threads": (TAG + INIT + "tag()\nimport threading\n", SEEN_BY_OTHERS),
    "called by nothing with threads": (TAG + INIT + "import threading\n", FINE),
    "called before with threads": (TAG + "tag()\nimport threading\n" + INIT, EARLY_START),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MOMENTS.values(), ids=MOMENTS)
def test_the_moment(text: str, expected: Timing) -> None:
    assert _timing(text) == expected


TAG_BY = {
    "a map": "list(map(tag, [1]))",
    "a key": "sorted([1], key=tag)",
    "a part of it": "functools.partial(tag, 1)()",
    "the library": "functools.reduce(tag, [1, 2])",
    "another name": "t = tag\nt()",
    "either name": "t = tag if x else None\nt()",
    "one of them": "(tag if x else print)()",
    "an item": "D = {'a': tag}\nD['a']()",
    "an item of a lambda": "D = {'a': lambda: tag()}\nD['a']()",
    "a loop": "for f in (tag,):\n    f()",
    "a list": "R = []\nR.append(tag)\nfor f in R:\n    f()",
    "a comprehension": "[f() for f in [tag]]",
    "a parameter": "def run(f): f()\nrun(tag)",
    "a keyword": "def run(f=None): f()\nrun(f=tag)",
    "a default": "def run(f=tag): f()\nrun()",
    "what is given back": "def get(): return tag\nget()()",
    "an attribute": "class N: pass\nN.f = tag\nN.f()",
    "a static method": "class N:\n    f = staticmethod(tag)\nN.f()",
    "what decorates": (
        "def on(f):\n    def inner(): return tag()\n    return inner\n@on\ndef f(): pass\nf()"
    ),
    "what is registered here": (
        "H = {}\ndef on(n):\n    def keep(f):\n        H[n] = f\n    return keep\n"
        "@on('a')\ndef f(): tag()\nH['a']()"
    ),
    "what registers at once": (
        "def on(n):\n    def run(f): return f()\n    return run\n@on('a')\ndef f(): tag()"
    ),
}
"""Ways to call `tag()` at the place."""
METHODS = {
    "an instance made elsewhere": ("go", "def make(): return C()\nmake().go()"),
    "a parameter's": ("go", "def run(c): c.go()\nrun(C())"),
    "an attribute's": ("go", "x.c = C()\nx.c.go()"),
    "a loop's": ("go", "for c in [C()]:\n    c.go()"),
    "the class's": ("go", "C.go(C())"),
    "a bound one": ("go", "g = C().go\ng()"),
    "a bound one, passed on": ("go", "def run(f): f()\nrun(C().go)"),
    "a bound one, to the library": ("go", "list(map(C().go, [1]))"),
    "by a string": ("go", "getattr(C(), 'go')()"),
    "with": ("__enter__", "with C(): pass"),
    "a loop": ("__iter__", "for x in C(): pass"),
    "an addition": ("__add__", "C() + 1"),
    "a comparison": ("__eq__", "C() == 1"),
    "a text": ("__str__", "str(C())"),
    "a text in a text": ("__str__", "f'{C()}'"),
    "a condition": ("__bool__", "if C(): pass"),
    "an item": ("__getitem__", "C()[1]"),
    "an item of a class": ("__class_getitem__", "C[1]"),
    "an attribute": ("__getattr__", "C().x"),
    "an attribute of a descriptor that is set": ("__set__", "x.c = C()\nx.c = 1"),
    "an attribute that is deleted": ("__delattr__", "c = C()\ndel c.x"),
    "an asynchronous with": ("__aenter__", "async def f():\n    async with C(): pass\nf()"),
    "an asynchronous loop": ("__aiter__", "async def f():\n    async for x in C(): pass\nf()"),
    "a member that is missing": ("_missing_", "C(1)"),
    "a keyword's default": ("go", "def run(f=C().go): f()\nrun()"),
    "an attribute that is set": ("__setattr__", "c = C()\nc.x = 1"),
    "a call": ("__call__", "C()()"),
    "the end": ("__del__", "c = C()\ndel c"),
    "a subclass": ("__init_subclass__", "class D(C): pass"),
    "a descriptor": ("__set_name__", "class D:\n    c = C()"),
}
"""The name of a method that uses the SDK, and how it is called at the place."""
LATER = {
    "a framework's decorator": "from app import app\n@app.route('/')\ndef f(): tag()",
    "a framework's decorator without a call": "from app import task\n@task\ndef f(): tag()",
    "given to a framework": "import app\napp.on(tag)",
    "given to what a framework makes": "from app import App\na = App()\na.on(tag)",
    "given to the end": "import atexit\natexit.register(tag)",
    "given to a signal": "import signal\nsignal.signal(1, tag)",
    "a table": "D = {'a': tag}\ndef run(): D['a']()",
    "an alias": "t = tag",
    "a lambda": "f = lambda: tag()",
    "given to what does not call it": "def keep(f): K.append(f)\nkeep(tag)",
    "a method that is not called": "class C:\n    def go(self): tag()\nC()",
    "a method of a module": "import m\nclass C:\n    def go(self): tag()\nm.go()",
    "a method of a value of a module": "import m\nclass C:\n    def go(self): tag()\nx = m.M()\nx.go()",
    "a method that Python's types have": "class C:\n    def get(self): tag()\nx.get()",
    "an operator of a number": "class C:\n    def __add__(self, o): tag()\n1 + 1",
    "a file": "class C:\n    def __enter__(self): tag()\nwith open('x'): pass",
    "a condition on a list": "class C:\n    def __bool__(self): tag()\nif []: pass",
    "an instance": "class C:\n    def __enter__(self): tag()\nc = C()",
    "a value of a module": "import m\nK = [tag]\nclass N:\n    f = x\nm.f()",
    "a value that is no method": "K = [tag]\nclass N:\n    def f(self): pass\nx.f()",
    "a class": "K = [tag]\nclass N: pass\nN()",
    "a lambda that is called": "K = [tag]\nf = lambda: 1\nf()",
    "what a module makes": "import m\nK = [tag]\nf = m.f()\nf()",
    "the argument of a call": "class C:\n    def go(self): tag()\nx(y=z.go)",
    "read by a string elsewhere": "class C:\n    def go(self): tag()\nx('go')",
    "another function": "def other(): pass\nfor f in (other,):\n    f()",
    "what decorates is called later": "def on(f): return f\n@on\ndef f(): tag()",
}  # fmt: skip
"""Code that does not call `tag()` at the place."""


@pytest.mark.parametrize("way", TAG_BY.values(), ids=TAG_BY)
def test_a_function_may_be_called_early(way: str) -> None:
    assert _timing(f"import functools\n{TAG}{way}\n{INIT}").doubt == BEFORE_INIT
    assert _timing(f"import functools\n{TAG}{INIT}{way}\n{SEND}").doubt is None


@pytest.mark.parametrize(("name", "way"), METHODS.values(), ids=METHODS)
def test_a_method_may_be_called_early(name: str, way: str) -> None:
    made = f"class C:\n    def {name}(self, *x):\n        {USE}\n"
    assert _timing(f"{made}{way}\n{INIT}").doubt == BEFORE_INIT
    assert _timing(f"{made}{INIT}{way}\n{SEND}").doubt is None
    assert _timing(f"{made.replace(name, 'other')}{way}\n{INIT}").doubt is None


def test_a_metaclass_may_run_early() -> None:
    made = f"class M(type):\n    def __call__(cls):\n        {USE}\n"
    assert _timing(f"{made}class D(metaclass=M): pass\nD()\n{INIT}").doubt == BEFORE_INIT
    assert _timing(f"{made}class D: pass\nD()\n{INIT}").doubt is None


@pytest.mark.parametrize("member", ["property", "functools.cached_property"])
def test_a_property_may_be_read_early(member: str) -> None:
    made = f"import functools\nclass C:\n    @{member}\n    def p(self):\n        {USE}\n"
    assert _timing(f"{made}C().p\n{INIT}").doubt == BEFORE_INIT
    assert _timing(f"{made}C().q\n{INIT}").doubt is None
    assert _timing(f"{made}{INIT}C().p\n").doubt is None


@pytest.mark.parametrize("way", LATER.values(), ids=LATER)
def test_what_runs_later(way: str) -> None:
    assert _timing(f"{TAG}{way}\n{INIT}").doubt is None


@pytest.mark.parametrize("way", TAG_BY.values(), ids=TAG_BY)
def test_init_may_be_called_later(way: str) -> None:
    by = way.replace("tag", "setup")
    assert _timing(f"import functools\n{SETUP}{TAG}tag()\n{by}\n").doubt == BEFORE_INIT
    assert _timing(f"import functools\n{SETUP}{TAG}{by}\n").doubt is None


POOL = "from concurrent.futures import ThreadPoolExecutor, as_completed\n"
RUN = "    with ThreadPoolExecutor(2) as pool:\n        as_completed(pool.map(f, x))\n"
FILLS = f"def main():\n    {USE}\n"
# obs.py, whose main() is called at the start, and whether threads lack the data that it sets
POOLS = {
    "behind": (f"{POOL}{FILLS}{RUN}", False),
    "behind, by the module": (f"import concurrent.futures\n{FILLS}{RUN.replace('Thread', 'concurrent.futures.Thread')}", False),
    "behind, imported there": (f"{FILLS}    {POOL}{RUN}", False),
    "behind, and before": (f"{POOL}def main():\n{RUN}    {USE}\n{RUN}", True),
    "before": (f"{POOL}def main():\n{RUN}    {USE}\n", True),
    "around": (f"{POOL}def main():\n{RUN}        {USE}\n", True),
    "in another function": (f"{POOL}def go():\n{RUN}{FILLS}    go()\n", True),
    "in a function in it": (f"{POOL}{FILLS}    def go():\n    {RUN.replace(chr(10) + '   ', chr(10) + '       ')}", True),
    "that goes on": (f"{POOL}{FILLS}    pool = ThreadPoolExecutor(2)\n", True),
    "that is passed on": (f"{POOL}{FILLS}    run(ThreadPoolExecutor)\n", True),
    "of processes": (f"{POOL.replace('Thread', 'Process')}{FILLS}{RUN.replace('Thread', 'Process')}", True),
    "and a thread": (f"import threading\n{POOL}{FILLS}{RUN}", True),
    "and a server": (f"import flask\n{POOL}{FILLS}{RUN}", True),
    "and an executor of a loop": (f"{POOL}{FILLS}{RUN}    loop.run_in_executor(f)\n", True),
    "with other integrations": (f"{POOL}sentry_sdk.init(default_integrations=False)\n{FILLS}{RUN}", True),
    "with other integrations, in a dict": (f"{POOL}X = {{'default_integrations': False}}\n{FILLS}{RUN}", True),
    "with its integration": (f"{POOL}from sentry_sdk.integrations.threading import ThreadingIntegration\n{FILLS}{RUN}", True),
}  # fmt: skip


@pytest.mark.parametrize(("text", "seen"), POOLS.values(), ids=POOLS)
def test_threads_that_start_later(text: str, seen: bool) -> None:
    left = {start_key("obs.main"): "main.py"}
    assert (_timing(text, left).doubt is not None) == seen
    used = other_use_key("ThreadPoolExecutor", False, False)
    for kind in (THREADS_ELSEWHERE, OWN_INTEGRATIONS, used):
        assert _timing(text, {**left, kind: "x.py"}).doubt is not None


# the code, what other files do, whether it is start-up, the reason
ELSEWHERE = {
    "called early": (TAG, {early_key("obs.tag"): "main.py"}, False, "`tag()` is called in main.py, before"),
    "another is called early": (TAG, {early_key("obs.other"): "main.py"}, False, ""),
    "another module's is called early": (TAG, {early_key("main.tag"): "main.py"}, False, ""),
    "its caller is called early": (
        TAG + "def f(): tag()\n",
        {early_key("obs.f"): "main.py"},
        False,
        "`f()` is called in main.py, before",
    ),
    "what does not call it is called early": (TAG + "def f(): pass\n", {early_key("obs.f"): "main.py"}, False, ""),
    "its method is called early": (
        f"class C:\n    def tag(self):\n        {USE}\n",
        {early_key(".tag"): "main.py"},
        False,
        "`tag()` is called in main.py, before",
    ),
    "its class is called early": (
        f"class C:\n    def __init__(self):\n        {USE}\n",
        {early_key("obs.C"): "main.py"},
        False,
        "is called in main.py, before",
    ),
    "imported early": (
        TAG + "tag()\n",
        {early_key(IMPORTED): "main.py"},
        True,
        "`obs` is imported in main.py, before",
    ),
    "imported early, run as a program": (
        TAG + "if __name__ == '__main__':\n    tag()\n",
        {early_key(IMPORTED): "main.py"},
        True,
        "",
    ),
    "imported early, run otherwise": (
        TAG + "if name == '__main__':\n    tag()\n",
        {early_key(IMPORTED): "main.py"},
        True,
        "`obs` is imported in main.py, before",
    ),
    "imported early, not called": (TAG, {early_key(IMPORTED): "main.py"}, False, ""),
    "another module imported early": (TAG + "tag()\n", {early_key(import_key(place_of("app/x.py"))): "main.py"}, True, ""),
    "imported early, with init": (
        TAG + INIT + "tag()\n",
        {early_key(IMPORTED): "main.py"},
        True,
        "",
    ),
    "called at the start": (TAG, {start_key("obs.tag"): "main.py"}, False, ""),
    "called at the start with threads": (
        TAG + "import threading\n",
        {start_key("obs.tag"): "main.py"},
        False,
        "`tag()` is called in main.py, and runs at startup",
    ),
    "called at the start with threads elsewhere": (
        TAG,
        {start_key("obs.tag"): "main.py", THREADS_ELSEWHERE: "x.py"},
        False,
        "`tag()` is called in main.py, and runs at startup",
    ),
    "a program whose function others use": (
        f"def main():\n    {INIT}    {USE}\n{PROGRAM}    main()\n",
        {other_use_key("main", False, False): "x.py"},
        True,
        "runs at startup",
    ),
    "another is called at the start with threads": (
        TAG,
        {start_key("obs.f"): "main.py", THREADS_ELSEWHERE: "x.py"},
        False,
        "",
    ),
    "start-up with threads elsewhere": (
        INIT + USE + "\n" + SEND,
        {THREADS_ELSEWHERE: "x.py"},
        True,
        "runs at startup",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "left", "startup", "reason"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_other_files_do(text: str, left: dict[str, str], startup: bool, reason: str) -> None:
    found = _timing(text, left)
    assert found.startup == startup
    assert (found.doubt is not None) == bool(reason)
    if found.doubt is not None:
        assert reason in found.doubt.reason


# code of app/obs.py, what it imports and calls before `init()`, what it calls at the start
CALLS_OUT = {
    "nothing": ("", "", ""),
    "without init": ("from b import f\nf()\n", "", "b.f"),
    "in a function": ("from b import f\ndef g(): f()\n" + INIT, "b", ""),
    "an import after": (INIT + "from b import f\n", "", ""),
    "an import before": ("import b\n" + INIT, "b", ""),
    "a module of a package": ("import b.c\n" + INIT, "b b/c", ""),
    "from a package": ("from b import c, d\n" + INIT, "b b/c", ""),
    "a relative import before": ("from . import x\n" + INIT, "app app/x", ""),
    "from a relative module": ("from .x import f\n" + INIT, "app/x", ""),
    "from the package above": ("from .. import b\n" + INIT, "b", ""),
    "a star before": ("from b import *\n" + INIT, "b", ""),
    "the library before": ("import json\n" + INIT, "", ""),
    "for type checkers": ("if TYPE_CHECKING:\n    import b\n" + INIT, "", ""),
    "for type checkers by name": ("if typing.TYPE_CHECKING:\n    import b\n" + INIT, "", ""),
    "for others": ("if x:\n    import b\n" + INIT, "b", ""),
    "a call before": ("import b\nb.f()\n" + INIT, "b b.f .f", ""),
    "two calls before": ("from b import f, g\nf()\ng()\n" + INIT, "b b.f b.g", ""),
    "a call after": ("import b\n" + INIT + "b.f()\n", "b", "b.f .f"),
    "a call before and after": ("import b\nb.f()\n" + INIT + "b.f()\n", "b b.f .f", "b.f .f"),
    "in a called function": ("def g():\n    import b\n    b.f()\ng()\n" + INIT, "b b.f .f", ""),
    "in setup": (f"def setup():\n    import b\n    {INIT}    b.f()\n", "b", "b.f .f"),
    "by what decorates": ("import b\n@b.f\ndef g(): pass\n" + INIT, "b b.f .f", ""),
    "by what makes what decorates": ("import b\n@b.f()\ndef g(): pass\n" + INIT, "b b.f .f", ""),
    "by what decorates after": ("import b\n" + INIT + "@b.f\ndef g(): pass\n", "b", "b.f .f"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "early", "start"), CALLS_OUT.values(), ids=CALLS_OUT)
def test_what_is_called_of_other_files(
    text: str, early: str, start: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.getbasetemp() / "calls_out"
    if not root.exists():
        write_tree(root, dict.fromkeys(OTHER_FILES, ""))
    context = Analysis.of(HEAD + text, Settings(), root / "app/obs.py").context
    wanted = {
        early_key(one if "." in one else import_key(str(root / one))) for one in early.split()
    }
    wanted |= {start_key(one) for one in start.split()}
    found = {kind for kind, _ in called_at_start(context)}
    assert found == wanted


def test_what_has_no_path_imports_nothing() -> None:
    context = Analysis.of(HEAD + "import b\n" + INIT, Settings(), None).context
    assert [*called_at_start(context)] == []


OTHER_FILES = (
    *("pyproject.toml", "b/__init__.py", "b/c.py", "app/__init__.py", "app/obs.py", "app/x.py"),
)
