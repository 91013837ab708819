"""Which functions of a file call which: what `cli/test_call_chains.py` cannot tell apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from counting import calls
from sentry_migrate.call_keys import import_key, program_key
from sentry_migrate.plan import Answer, Plan, Site, early_key
from sentry_migrate.project import callers
from sentry_migrate.project.call_search import CallSearch
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.worker.conversion import converter

LOGGED = (
    *("Handler.emit", "StreamHandler.emit", "FileHandler.emit"),
    *("Filter.filter", "Formatter.format", "LoggerAdapter.process"),
)
# The calls of m.py, without imports.
TEXTS: dict[str, set[str]] = {
    "from a import f\ndef g(): f()\n": {"m.g a.f", "m.f a.f"},
    "import a.b\ndef g(): a.b.f()\n": {"m.g b.f", "m.g .f"},
    "import a.b as c\ndef g(): c.f()\n": {"m.g b.f", "m.g .f"},
    "def f(): pass\ndef g(): f()\n": {"m.g m.f"},
    "class C:\n    def __init__(self): f()\n": {"m.C m.C.__init__"},
    "class C:\n    def f(self): self.g()\n    def g(self): h.i()\n": {
        *(".f m.C.f", ".g m.C.g", "m.C.f m.C.g", "m.C.f heirs of C.g", "m.C.g .i"),
    },
    "class C:\n    @classmethod\n    def f(cls): cls.g()\n": {".f m.C.f", "m.C.f .g"},
    "class C:\n    def f(self): self.x.g()\n": {".f m.C.f", "m.C.f .g"},
    "class C:\n    def get(self): pass\ndef g(): C().get()\n": {"m.g m.C"},
    "class C:\n    def f(self): pass\ndef g(): C.f(1)\n": {".f m.C.f", "m.g m.C.f"},
    "from a import B\nclass C(B): pass\n": {
        *("m.C a.B", "m.B a.B", "heirs of B.* m.C.*", "heirs of B.* heirs of C.*"),
    },
    "class C(dict, x.y()): pass\n": set(),
    "from a import B\nclass C(B[int]): pass\n": {
        *("m.C a.B", "m.B a.B", "heirs of B.* m.C.*", "heirs of B.* heirs of C.*"),
    },
    "from a import *\ndef g(): f(len(print))\n": {"m.g a.f", "m.* a.*"},
    "from a import *\ndef g(f): f()\n": {"m.* a.*"},
    "from a import f\ndef g(f): f()\n": {"m.f a.f"},
    "from a import f\ndef g():\n    for f in x: f()\n": {"m.f a.f"},
    "def g():\n    def h(): a.f()\n    return h\n": {
        *("m.g.h .f", "m.g.<given> m.g.h", "m.g.<given>.<given> m.g.h.<given>"),
    },
    "def g(x):\n    y = 1\n    return x, y\n": set(),
    "def g(x): return x\n": set(),
    "def g(): return lambda: a.f()\n": {"m.g.<given> m.g.lambda:1:16", "m.g.lambda:1:16 .f"},
    "class C:\n    def f(self): return self.g\n    def g(self): pass\n": {
        *(".f m.C.f", ".g m.C.g", "m.C.f.<given> m.C.g", "m.C.f.<given>.<given> m.C.g.<given>"),
    },
    "from a import f\ndef g(): f()()\n": {"m.f a.f", "m.g a.f", "m.g a.f.<given>"},
    "def g(f): f()()\n": set(),
    "from a import d\ndef g():\n    @d(1)\n    def h(): pass\n": {
        *("m.d a.d", "m.g a.d", "m.g a.d.<given>", "m.g.h a.d.<given>.<given>"),
        *("m.g.h a.d.__enter__", "m.g.h a.d.__aenter__"),
    },
    "from a import d\nclass C:\n    @d\n    def h(self): pass\n": {
        *("m.d a.d", ".h m.C.h", "m.C.h a.d.<given>"),
    },
    "from functools import wraps\nclass C:\n    @wraps(1)\n    def h(self): pass\n": {
        *("m.wraps functools.wraps", ".h m.C.h"),
    },
    "def g(x=f()): pass\ndef f(): pass\n": set(),
    "import sentry_sdk\ndef g():\n    f()\n    sentry_sdk.init()\ndef f(): pass\n": set(),
    "from sentry_sdk import init as go\ndef g():\n    f()\n    go()\ndef f(): pass\n": set(),
    "import sentry_sdk\ndef g(): sentry_sdk.set_tag('a', 'b')\n": set(),
    "import logging\ndef g(): logging.getLogger().debug('x')\n": {
        *("m.g logging.getLogger", "m.g .debug", "m.g logging.<record>"),
        *(f"logging.<record> heirs of {one}" for one in LOGGED),
    },
    "from sentry_sdk import *\ndef g(): f()\n": set(),
    "def g(): (lambda: f())()\n": set(),
    "g = lambda: f()\nf = g\n": {"m.f m.g", "m.g m.f"},
    "from a import f\nh: int = f\n": {"m.f a.f", "m.h a.f"},
    "h: int = lambda: a.f()\n": {"m.h .f"},
    "h: int\n": set(),
    "from a import f\nx.h = f\n": {"m.f a.f"},
    "from a import f\nx.h: int = f\n": {"m.f a.f"},
    "from a import f\nh = k = f\n": {"m.f a.f", "m.h a.f", "m.k a.f"},
    "import a\nh = a.b\n": {"m.h a.b"},
    "def f(): f()\n": set(),
    "def g(f, *a, k, **b): f(a(k(b())))\ndef a(): pass\ndef k(): pass\ndef b(): pass\n": set(),
    "from a import *\nfrom b import *\ndef g(): f()\n": {"m.* a.*", "m.* b.*", "m.g m.f"},
    "from .. import *\n": {"m.* up.*"},
    "from . import f\n": {"m.f here.f"},
    "from a import f as g\n": {"m.g a.f"},
    "import a.b\n": set(),
    "import a\ndef g(): a()\n": set(),
    "from b import f\n" + "from a import f\n" * 20 + "from c import f\n": {
        *("m.f a.f", "m.f b.f", "m.f c.f"),
    },
    "def g():\n    from a import f\n": set(),
    "def g():\n    from a import *\n": set(),
    "from sentry_sdk import f as g\ng()\n": set(),
    "import logging\nimport a as logging\ndef g(): logging.f()\n": {
        *("m.g .f", "m.g a.f", "m.g logging.f"),
    },
    "class C: pass\nclass D(C, metaclass=M): pass\nM = C\n": {
        *("m.D m.M", "m.D.__init_subclass__ m.M"),
        *("m.D m.C", "m.M m.C", "heirs of C.* m.D.*", "heirs of C.* heirs of D.*"),
    },
    "class C:\n    def f(): self.g()\n    def g(me): me.f()\n": {
        *(".f m.C.f", ".g m.C.g", "m.C.f .g", "m.C.g m.C.f", "m.C.g heirs of C.f"),
    },
    "class C:\n    def f(x, self): self.g()\n    def g(self): pass\n": {
        *(".f m.C.f", ".g m.C.g", "m.C.f .g"),
    },
    "class C:\n    def __call__(self): pass\n": {".__call__ m.C.__call__", "m.C m.C.__call__"},
    # what is called without a call
    "from a import f\ndef g(x): list(map(f, x))\n": {"m.f a.f", "m.g a.f"},
    "import a\ndef g(x): filter(a.f, x)\n": {"m.g a.f"},
    "from a import f\ndef g(x): sorted(x, key=f)\n": {"m.f a.f", "m.g a.f"},
    "from a import f\ndef g(x): x.sort(key=f)\n": {"m.f a.f", "m.g a.f"},
    "from a import f\ndef g(x): x.sort(other=f)\n": {"m.f a.f"},
    "import functools, a\ndef g(): functools.partial(a.f, 1)()\n": {
        *("m.g functools.partial", "m.g a.f"),
    },
    "from contextvars import copy_context\nfrom a import f\ndef g(): copy_context().run(f)\n": {
        *("m.copy_context contextvars.copy_context", "m.f a.f", "m.g a.f", "m.g .run"),
        "m.g contextvars.copy_context",
    },
    "import atexit\nfrom a import f\ndef g(): atexit.register(f)\n": {
        *("m.f a.f", "m.g atexit.register"),
    },
    "from a import f\nfrom b import run\ndef g(): run(f)\n": {"m.f a.f", "m.run b.run", "m.g b.run"},
    "from a import f\ndef g(run): run(f)\n": {"m.f a.f"},
    "def g(x): print(x.f, len)\n": set(),
    "import a\ndef g():\n    @a.f\n    def h(): pass\n": {"m.g a.f", "m.g.h a.f.<given>"},
    "import a\ndef g():\n    @a.f\n    class C: pass\n": {"m.g a.f"},
    "import a\ndef g():\n    with a.C(): pass\n": {
        *("m.g a.C", "m.g .C", "m.g a.C.__enter__", "m.g a.C.__exit__"),
        *("m.g a.C.__aenter__", "m.g a.C.__aexit__"),
    },
    "def g(x):\n    with x: pass\n": set(),
    "import a\ndef g():\n    class C(a.B): x = a.D()\n": {
        *("m.g.C a.B", "m.g a.B.__init_subclass__", "m.g a.D.__set_name__", "m.g a.D", "m.g .D"),
        *("heirs of B.* m.g.C.*", "heirs of B.* heirs of C.*"),
    },
    "import a\ndef g():\n    class C:\n        x = a.D\n": {"m.g.x a.D"},
    "from a import f\ndef g():\n    h = f\n    h()\n": {"m.f a.f", "m.g.h a.f", "m.g m.g.h"},
    # what values hold
    "from a import f\nx = [f, 1]\ndef g():\n    for y in x: y()\n": {
        *("m.f a.f", "m.g m.g.for y", "m.g.for y m.x", ".x m.x", "m.x m.x[]", "m.x[] a.f", "m.x[?] a.f"),
    },
    "import a\ndef g(x):\n    for y in x: y()\n    for y in (1, x): y.z()\n": {"m.g .z"},
    "import a\nx = load()\ndef g():\n    for y in x: y()\n": set(),
    "import a\nx = [a.b, f]\ndef g():\n    for y in x: print(y)\n": {
        *(".x m.x", "m.x m.x[]", "m.x[] a.b", "m.x[?] a.b"),
    },
    "import a\ndef g(): [y() for y in a.x]\n": {"m.g m.g.for y", "m.g.for y a.x"},
    "import a\ndef g(k): a.x[k]()\n": {"m.g a.x[?]"},
    "import a\ndef g(k): a.x.get(k)()\n": {"m.g a.x[?]", "m.g x.get", "m.g x.get.<given>"},
    "import a\ndef g(k):\n    for _, (y, z) in sorted(a.x.items()): y()\n": {
        *("m.g m.g.for y", "m.g.for y a.x[?]", "m.g x.items"),
    },
    "import a\ndef g(k):\n    y = a.x.get(k) or 1\n    y()\n": {
        *("m.g m.g.for y", "m.g.for y a.x[?]", "m.g x.get"),
    },
    "import a\ndef g(): a.x.append(a.f)\ndef h(b): b.append(a.f)\n": {
        *("m.g x.append", "a.x a.x[]", "a.x[] a.f", "a.x[?] a.f"),
    },
    "import a\nx = dict(b=a.f, c=1)\n": {
        *("m.x m.x[]", "m.x[] a.f", "m.x[?] a.f", ".x m.x"),
    },
    "def g():\n    for f in (lambda: a.b(), h): f()\n": {
        *("m.g m.g.for f", "m.g.for f m.g.2:13", "m.g.2:13 m.g.2:13[]"),
        *("m.g.2:13[] m.g.lambda:2:14", "m.g.2:13[?] m.g.lambda:2:14", "m.g.lambda:2:14 .b"),
    },
    "class C:\n    def f(self): self.x = [self.f]\n    def g(self):\n        for y in self.x: y()\n": {
        *(".f m.C.f", ".g m.C.g", "m.C.g m.C.g.for y", "m.C.g.for y .x", ".x .x[]", ".x[] m.C.f", ".x[?] m.C.f"),
    },
    "def f(:": set(),
    "\0": set(),
    "": set(),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_calls(text: str, expected: set[str], tmp_path: Path) -> None:
    place = tmp_path / "up" / "here" / "m"
    found = callers.read(f"{place}.py", text.encode())
    own = import_key(str(place))
    calls = {f"{one.caller} {one.callee}" for one in found.calls if one.caller != own}
    assert {one for one in calls if "(" not in one} == expected


TEST = "if __name__ == '__main__'{}:\n    f()\nelse:\n    g()\nfrom a import f, g\n"
# What runs when the module is imported, or run as a program: calls and imports with their lines.
AT_TOP: dict[str, list[str]] = {
    "": [],
    "def g(): f()\ndef f(): pass\n": [],
    "f()\n\nf()\ndef f(): pass\n": ["1 m.f"],
    "def f(): pass\nif x:\n    f()\nf()\n": ["3 m.f"],
    "@f(1)\ndef g(x=h()): pass\nfrom a import f, h\n": [
        *("1 a.f", "1 a.f.<given>", "2 a.h", "3 import a f h"),
    ],
    "@f()\nclass C(g(), x=h()):\n    i()\nfrom a import f, g, h, i\n": [
        *("1 a.f", "1 a.f.<given>", "2 a.g", "2 a.h", "3 a.i", "4 import a f g h i"),
    ],
    "f = lambda: g(1)\nimport a\nlambda: a.b()\n": ["2 import a"],
    "import a, b.c as d\n": ["1 import a", "1 import b.c"],
    "from .. import a\nfrom . import *\nfrom .b.c import x as y\n": [
        *("1 import .. a", "2 import . *", "3 import .b.c x"),
    ],
    "def g():\n    import a\n": [],
    TEST.format(""): ["2 program a.f", "4 a.g", "5 import a f g"],
    TEST.format(" and x.y"): ["2 program a.f", "4 a.g", "5 import a f g"],
    "if __name__:\n    import a\n": ["2 program import a"],
    "class C:\n    if __name__:\n        import a\n": ["3 import a"],
    "if TYPE_CHECKING:\n    import a\nelse:\n    import b\n": ["4 import b"],
    "if t.TYPE_CHECKING:\n    import a\n    a.b()\n": [],
    "if other.name:\n    import a\n": ["2 import a"],
    "import sentry_sdk as s\ns.init()\nimport a\na.f()\n": [],
    "import a\nif __name__:\n    a.init()\n": ["1 import a", "3 program .init", "3 program a.init"],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), AT_TOP.items())
def test_what_runs_at_the_start(text: str, expected: list[str], tmp_path: Path) -> None:
    place = str(tmp_path / "m")
    found = callers.read(f"{place}.py", text.encode())
    keys = {import_key(place): "", program_key(place): "program "}
    seen = [(one.line, keys[one.caller] + one.callee) for one in found.calls if one.caller in keys]
    for one in found.imports:
        if one.caller in keys:
            words = ("import", one.home, *one.names)
            seen.append((one.line, keys[one.caller] + " ".join(words)))
    assert [f"{line} {what}" for line, what in sorted(seen)] == expected


def test_calls_are_in_order() -> None:
    text = "def z(): a()\ndef a(): b(); c()\n\ndef c(): b()\ndef b(): pass\n"
    found = [
        (one.line, one.caller, one.callee) for one in callers.read("m.py", text.encode()).calls
    ]
    assert found == [(1, "m.z", "m.a"), (2, "m.a", "m.b"), (2, "m.a", "m.c"), (4, "m.c", "m.b")]


@pytest.mark.parametrize(("imports", "told_apart"), [(1, 1), (20, 20), (21, 20), (30, 20)])
def test_so_many_imports_of_one_name_are_told_apart(imports: int, told_apart: int) -> None:
    text = "".join(f"from a{at} import f\n" for at in range(imports)) * 2 + "def g(): f()\n"
    found = callers.read("m.py", text.encode()).calls
    assert len([one for one in found if one.caller == "m.g"]) == told_apart


@pytest.mark.parametrize(
    "text", [*TEXTS, "", "x = {'a\\tb\\n': f}\nx['a\\tb\\n']()\ndef g(): f()\n"]
)
def test_what_is_kept_of_a_file_is_all(text: str) -> None:
    found = callers.read("m.py", text.encode())
    kept = json.loads(json.dumps(converter().unstructure(found)))
    assert converter().structure(kept, callers.Callers) == found


@pytest.mark.parametrize("flat", [[1], [1, "f"], ["f", "g", "h"], [None, "g", ""], "abc", 1, None])
def test_what_is_no_calls(flat: object) -> None:
    kept = {**converter().unstructure(callers.Callers()), "calls": flat}
    with pytest.raises(Exception, match="structuring"):
        converter().structure(kept, callers.Callers)


@pytest.mark.parametrize("name", ["__init__.py", "m.pyi", "ü.py", "a b.py"])
def test_any_name_of_a_file(name: str, tmp_path: Path) -> None:
    assert callers.read(str(tmp_path / name), b"import os\ndef f(): g()\ndef g(): pass\n").calls


GROWING: dict[str, Callable[[int], str]] = {
    "functions": lambda n: "".join(f"def f{at}(): f{at + 1}()\n" for at in range(n)),
    "one of many calls": lambda n: "def f():\n" + "    f()\n    g.h()\n" * n,
    "many names of one": lambda n: "".join(f"f{at + 1} = f{at}\n" for at in range(n)),
    "many of one name": lambda n: "def f(): f()\n" * n,
    "many imports": lambda n: "".join(f"from .m{at} import f{at}\n" for at in range(n)),
    "many imports of one name": lambda n: "".join(f"from .m{at} import f\n" for at in range(n)),
    "many stars": lambda n: "".join(f"from .m{at} import *\n" for at in range(n)),
    "stars and calls": lambda n: "".join(f"from .m{at} import *\nx()\n" for at in range(n)),
    "classes": lambda n: "".join(f"class C{at}(C{at + 1}):\n    def f(self): self.f()\n" for at in range(n)),
    "methods": lambda n: "class C:\n" + "".join(f"    def f{at}(self): self.f{at + 1}()\n" for at in range(n)),
    "a long list": lambda n: "x = [" + ", ".join(f"a.f{at}" for at in range(n)) + "]\nfor y in x: y()\n",
    "many loops": lambda n: "import a\n" + "for f in (a.b, *f): f()\n" * n,
    "many lists of lists": lambda n: "".join(f"f{at + 1} = [f{at}, *f{at}]\n" for at in range(n)),
    "a deep list": lambda n: "[" * (n // 20) + "f" + "]" * (n // 20) + "[0]()\n",
    "a long list of one name": lambda n: "x = []\n" + "x += [f, g]\n" * n + "x[0]()\n",
    "heirs": lambda n: "".join(f"class C{at + 1}(C{at}):\n    def f(self): self.f()\n" for at in range(n)),
    "a long path": lambda n: "a" + ".b" * n + "()\n",
    "a long chain of calls": lambda n: "a" + ".b()" * n + "\n",
    "deep": lambda n: "(" * (n // 20) + "f()" + ")" * (n // 20) + "\n",
}  # fmt: skip


@pytest.mark.parametrize("shape", GROWING.values(), ids=GROWING)
def test_twice_the_text_costs_about_twice(shape: Callable[[int], str], tmp_path: Path) -> None:
    path = str(tmp_path / "m.py")

    def work(text: str) -> None:
        list(callers.read(path, text.encode()).among(str(tmp_path), ModulesOnDisk()))

    work("")
    small, large = shape(200), shape(400)
    assert calls(partial(work, large)) < 2.6 * calls(partial(work, small))


def test_a_file_is_read_only_where_a_call_leads_to_it() -> None:
    files = {
        "/p/b.py": b"import c\ndef f(): c.g()\n",
        "/p/c.py": b"def g(): x.boot()\n",
        "/p/d.py": b"class D:\n    def boot(self): pass\n",
        "/p/e.py": b"def other(): f()\n",
        "/p/b.txt": b"",
        "/p/gone/c.py": None,
    }
    followed: list[str] = []

    class Noting(Plan):
        def follow(self, path: str, calls: object) -> None:
            followed.append(path)
            super().follow(path, calls)  # type: ignore[arg-type]

    plan = Noting()
    search = CallSearch(files, files.get)
    search.follow(plan)
    assert followed == []
    plan.take("main", {}, Answer((Site(early_key("b.f"), 1),)))
    search.follow(plan)
    assert followed == ["/p/b.py", "/p/c.py", "/p/d.py"]
    plan.take("main", {}, Answer((Site(early_key("b.f2"), 1),)))
    search.follow(plan)
    assert len(followed) == 3
