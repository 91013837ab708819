"""What one file calls before it has another call `init()`."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

TAGS = """import sentry_sdk
def tag():
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("a", "b")
"""
CONF = "import sentry_sdk\ndef setup():\n    sentry_sdk.init()\n"
CLASS = "import sentry_sdk\nclass App:\n    def setup(self):\n        sentry_sdk.init()\n"
MAKES = CLASS.replace("setup", "__init__")
THROUGH = "import conf\ndef start():\n    conf.setup()\n"
ENTERS = (
    "import tags\nclass M:\n    def __enter__(self): tags.tag()\n    def __exit__(self, *a): pass\n"
)
BASE = """import conf, tags
class Base:
    def run(self):
        self.configure()
        self.start()
    def configure(self): pass
    def start(self): conf.setup()
"""
HEIR = "from base import Base\nimport tags\nclass App(Base):\n    def configure(self): tags.tag()\n"
END = "sentry_sdk.capture_message('m')\n"
LOUD = "    def m(self):\n        tags.tag()\n        return self"
# what a module does that is imported before `init()`, and whether it calls the function of tags.py
IMPORTED: dict[str, tuple[str, bool]] = {
    "a chain of methods": (f"class A:\n    def k(self): return self\n{LOUD}\nA().k().m()", True),
    "a chain without the method": (
        f"class A:\n    def k(self): return self\n{LOUD}\nA().k().n()",
        False,
    ),
    "a method that a constructor calls": (
        "class B:\n    def __init__(self): self.m()\n    def m(self): pass\n"
        f"class A(B):\n{LOUD}\nX = A()",
        True,
    ),
    "a method that no constructor calls": (
        f"class B:\n    def __init__(self): self.n()\nclass A(B):\n{LOUD}\nX = A()",
        False,
    ),
    "a class that is not made": (
        f"class B:\n    def __init__(self): self.m()\nclass A(B):\n{LOUD}",
        False,
    ),
    "a decorator with arguments": (
        "def d(x):\n    def w(f):\n        tags.tag()\n        return f\n    return w\n"
        "@d(1)\ndef f(): pass",
        True,
    ),
    "a decorator with arguments that returns another": (
        "def d(x):\n    def w(f):\n        tags.tag()\n        return f\n    def v(f): return f\n"
        "    return v\n@d(1)\ndef f(): pass",
        False,
    ),
    "a wrapper": (
        "def d(f):\n    def w():\n        tags.tag()\n        return f()\n    return w\n"
        "@d\ndef f(): pass\nf()",
        True,
    ),
    "a wrapper that is not called": (
        "def d(f):\n    def w():\n        tags.tag()\n        return f()\n    return w\n"
        "@d\ndef f(): pass",
        False,
    ),
    "a wrapper of a decorator with arguments": (
        "def d(x):\n    def w(f):\n        def v(): tags.tag()\n        return v\n    return w\n"
        "@d(1)\ndef f(): pass\nf()",
        True,
    ),
    "one that is not called": (
        "def d(x):\n    def w(f):\n        def v(): tags.tag()\n        return v\n    return w\n"
        "@d(1)\ndef f(): pass",
        False,
    ),
    "a closure": ("def mk():\n    def f(): tags.tag()\n    return f\nmk()()", True),
    "a closure that is not called": (
        "def mk():\n    def f(): tags.tag()\n    return f\nmk()",
        False,
    ),
    "a lambda": ("def mk(): return lambda: tags.tag()\nmk()()", True),
    "a lambda that is not called": ("def mk(): return lambda: tags.tag()\nmk()", False),
    "a decorating manager": (
        "import contextlib\nclass C(contextlib.ContextDecorator):\n"
        "    def __enter__(self): tags.tag()\n    def __exit__(self, *a): pass\n"
        "@C()\ndef f(): pass\nf()",
        True,
    ),
    "a decorating manager of what is not called": (
        "import contextlib\nclass C(contextlib.ContextDecorator):\n"
        "    def __enter__(self): tags.tag()\n    def __exit__(self, *a): pass\n"
        "@C()\ndef f(): pass",
        False,
    ),
    "a metaclass": (
        "class M(type):\n    def __new__(m, *a):\n        tags.tag()\n"
        "        return type.__new__(m, *a)\nclass C(metaclass=M): pass",
        True,
    ),
    "a metaclass of a base": (
        "class M(type):\n    def __init__(c, *a): tags.tag()\nfrom base import C\nclass D(C): pass",
        False,
    ),
    "a metaclass that is called": (
        "class M(type):\n    def __call__(cls): tags.tag()\nclass C(metaclass=M): pass\nC()",
        True,
    ),
    "a metaclass that nothing has": ("class M(type):\n    def __new__(m, *a): tags.tag()", False),
}
# main.py, and the other files; whether the function of tags.py is called before `init()`.
ROWS: dict[str, tuple[str, dict[str, str], bool]] = {
    "above": ("import conf, tags\ntags.tag()\nconf.setup()\n", {"conf.py": CONF}, True),
    "below": ("import conf, tags\nconf.setup()\ntags.tag()\n", {"conf.py": CONF}, False),
    "by name": (
        "from conf import setup\nfrom tags import tag\ntag()\nsetup()\n",
        {"conf.py": CONF},
        True,
    ),
    "by name, below": (
        "from conf import setup\nfrom tags import tag\nsetup()\ntag()\n",
        {"conf.py": CONF},
        False,
    ),
    "by another name": (
        "from conf import setup as go\nimport tags\ntags.tag()\ngo()\n",
        {"conf.py": CONF},
        True,
    ),
    "in a function": (
        "import conf, tags\ndef main():\n    tags.tag()\n    conf.setup()\n",
        {"conf.py": CONF},
        True,
    ),
    "in another function": (
        "import conf, tags\ndef main():\n    conf.setup()\ndef other():\n    tags.tag()\n",
        {"conf.py": CONF},
        False,
    ),
    "entered": (
        "import conf, lib\nwith lib.M():\n    conf.setup()\n",
        {"conf.py": CONF, "lib.py": ENTERS},
        True,
    ),
    "entered in the file that initialises": (
        "import lib, sentry_sdk\nwith lib.M(): pass\nsentry_sdk.init()\n",
        {"lib.py": ENTERS},
        True,
    ),
    "entered below": (
        "import lib, sentry_sdk\nx = lib.M()\nsentry_sdk.init()\nwith lib.M(): pass\n",
        {"lib.py": ENTERS},
        False,
    ),
    "left below": (
        "import lib, sentry_sdk\nwith lib.M():\n    sentry_sdk.init()\n",
        {
            "lib.py": ENTERS.replace("enter", "other")
            .replace("exit", "enter")
            .replace("other", "exit")
        },
        False,
    ),
    "given to Python": (
        "import conf, tags\nsorted([1], key=tags.tag)\nconf.setup()\n",
        {"conf.py": CONF},
        True,
    ),
    "given to Python in the file that initialises": (
        "import contextvars, sentry_sdk, tags\ncontextvars.copy_context().run(tags.tag)\n"
        "sentry_sdk.init()\n",
        {},
        True,
    ),
    "given to Python below": (
        "import sentry_sdk, tags\nsentry_sdk.init()\nlist(map(tags.tag, [1]))\n",
        {},
        False,
    ),
    "given to be called at the end": (
        "import atexit, sentry_sdk, tags\natexit.register(tags.tag)\nsentry_sdk.init()\n",
        {},
        False,
    ),
    "decorates": (
        "import conf, tags\n@tags.tag\ndef f(): pass\nconf.setup()\n",
        {"conf.py": CONF},
        True,
    ),
    "told its name": (
        "import lib, sentry_sdk\nclass C:\n    x = lib.D()\nsentry_sdk.init()\n",
        {"lib.py": "import tags\nclass D:\n    def __set_name__(self, o, n): tags.tag()\n"},
        True,
    ),
    "made for an enumeration": (
        "import conf, lib\nconf.setup()\n",
        {
            "conf.py": CONF,
            "lib.py": "import enum, tags\nclass K(enum.IntEnum):\n    A = 1\n"
            "    def __init__(self, v): tags.tag()\n",
        },
        True,
    ),
    "made for no enumeration": (
        "import conf, lib\nconf.setup()\n",
        {
            "conf.py": CONF,
            "lib.py": "import enum, tags\nclass K(Enums.Base):\n    A = 1\n"
            "    def __init__(self, v): tags.tag()\n",
        },
        False,
    ),
    "an enumeration's method": (
        "import conf, lib\nconf.setup()\n",
        {
            "conf.py": CONF,
            "lib.py": "import enum, tags\nclass K(enum.Enum):\n    A = 1\n"
            "    def label(self): tags.tag()\n",
        },
        False,
    ),
    "subclassed": (
        "import conf, lib\nclass C(lib.D): pass\nconf.setup()\n",
        {
            "conf.py": CONF,
            "lib.py": "import tags\nclass D:\n    def __init_subclass__(cls): tags.tag()\n",
        },
        True,
    ),
    "by a variable": (
        "import sentry_sdk, tags\nf = tags.tag\nf()\nsentry_sdk.init()\n",
        {},
        True,
    ),
    "a variable that is not called": (
        "import sentry_sdk, tags\nf = tags.tag\nsentry_sdk.init()\nf()\n",
        {},
        False,
    ),
    "as its argument": ("import conf, tags\nconf.setup(tags.tag())\n", {"conf.py": CONF}, True),
    "for a program": (
        "import conf, tags\nif __name__ == '__main__':\n    tags.tag()\n    conf.setup()\n",
        {"conf.py": CONF},
        True,
    ),
    "through a third file": (
        "import boot, tags\ntags.tag()\nboot.start()\n",
        {"conf.py": CONF, "boot.py": THROUGH},
        True,
    ),
    "through a third file, below": (
        "import boot, tags\nboot.start()\ntags.tag()\n",
        {"conf.py": CONF, "boot.py": THROUGH},
        False,
    ),
    "through a package": (
        "import pk, tags\ntags.tag()\npk.setup()\n",
        {"pk/__init__.py": "from .conf import setup\n", "pk/conf.py": CONF},
        True,
    ),
    "by a function that is called above": (
        "import conf, tags\ndef early():\n    tags.tag()\nearly()\nconf.setup()\n",
        {"conf.py": CONF},
        True,
    ),
    "a method": (
        "from conf import App\nimport tags\ntags.tag()\nApp().setup()\n",
        {"conf.py": CLASS},
        True,
    ),
    "a method, below": (
        "from conf import App\nimport tags\nApp().setup()\ntags.tag()\n",
        {"conf.py": CLASS},
        False,
    ),
    "a constructor": (
        "from conf import App\nimport tags\ntags.tag()\nApp()\n",
        {"conf.py": MAKES},
        True,
    ),
    "what an import runs": (
        "import tags\ntags.tag()\nimport conf\n",
        {"conf.py": "import sentry_sdk\nsentry_sdk.init()\n"},
        True,
    ),
    "what an import runs, below": (
        "import tags\nimport conf\ntags.tag()\n",
        {"conf.py": "import sentry_sdk\nsentry_sdk.init()\n"},
        False,
    ),
    "what only a program runs": (
        "import tags\ntags.tag()\nimport conf\n",
        {"conf.py": "import sentry_sdk\nif __name__ == '__main__':\n    sentry_sdk.init()\n"},
        False,
    ),
    "another function": (
        "import conf, tags\ntags.tag()\nconf.other()\n",
        {"conf.py": f"{CONF}def other(): pass\n"},
        False,
    ),
    "another library's `init()`": (
        "import conf, tags\ntags.tag()\nconf.setup()\n",
        {"conf.py": "import sentry_sdk\nimport lib\ndef setup():\n    lib.init()\n"},
        False,
    ),
    "overridden": (
        "import app\napp.App().run()\n",
        {
            "conf.py": CONF,
            "app.py": HEIR,
            "base.py": BASE,
        },
        True,
    ),
    "overridden by a mixin": (
        "import app\napp.App().run()\n",
        {
            "conf.py": CONF,
            "app.py": "from base import Base\nfrom mix import Mixin\nclass App(Mixin, Base): pass\n",
            "mix.py": "import tags\nclass Mixin:\n    def configure(self): tags.tag()\n",
            "base.py": BASE,
        },
        True,
    ),
    "another method of a mixin": (
        "import app\napp.App().run()\n",
        {
            "conf.py": CONF,
            "app.py": "from base import Base\nfrom mix import Mixin\nclass App(Mixin, Base): pass\n",
            "mix.py": "import tags\nclass Mixin:\n    def finish(self): tags.tag()\n",
            "base.py": BASE,
        },
        False,
    ),
    "overridden by an heir of an heir": (
        "import app\napp.App().run()\n",
        {
            "conf.py": CONF,
            "mid.py": "from base import Base\nclass Mid(Base): pass\n",
            "app.py": HEIR.replace("base", "mid").replace("Base", "Mid"),
            "base.py": BASE,
        },
        True,
    ),
    "overridden and starting": (
        "import app\napp.App().run()\n",
        {
            "app.py": "from base import Base\nimport conf\nclass App(Base):\n"
            "    def start(self): conf.setup()\n",
            "conf.py": CONF,
            "base.py": BASE.replace("self.configure()", "tags.tag()").replace("conf.setup()", "0"),
        },
        True,
    ),
    "overridden, but called below": (
        "import app\napp.App().run()\n",
        {"conf.py": CONF, "app.py": HEIR, "base.py": BASE.replace("self.start", "self.then", 1)},
        False,
    ),
    "of another base": (
        "import app\napp.App().run()\n",
        {"conf.py": CONF, "app.py": HEIR.replace("(Base)", "(Other)"), "base.py": BASE},
        False,
    ),
    "another method overridden": (
        "import app\napp.App().run()\n",
        {"conf.py": CONF, "app.py": HEIR.replace("configure", "finish"), "base.py": BASE},
        False,
    ),
    "not derived": (
        "import app\napp.App().run()\n",
        {"conf.py": CONF, "app.py": HEIR.replace("(Base)", ""), "base.py": BASE},
        False,
    ),
    "in a list": (
        "import conf, tags\nfor f in [tags.tag, conf.setup]: f()\n",
        {"conf.py": CONF},
        True,
    ),
    "in a list, below": (
        "import conf, tags\nfor f in [conf.setup, tags.tag]: f()\n",
        {"conf.py": CONF},
        False,
    ),
    "in a list of a function": (
        "import conf, tags\ndef main():\n    steps = [tags.tag, conf.setup, print]\n"
        "    for f in steps: f()\n",
        {"conf.py": CONF},
        True,
    ),
    "in a list of a function, below": (
        "import conf, tags\ndef main():\n    steps = [print, conf.setup, tags.tag]\n"
        "    for f in steps: f()\n",
        {"conf.py": CONF},
        False,
    ),
    "in a list elsewhere": (
        "import conf\nfrom hooks import HOOKS\nfor f in HOOKS: f()\nconf.setup()\n",
        {"conf.py": CONF, "hooks.py": "import tags\nHOOKS = (tags.tag,)\n"},
        True,
    ),
    "in a list elsewhere, through a package": (
        "import conf\nfrom pk import HOOKS\nfor f in HOOKS: f()\nconf.setup()\n",
        {
            "conf.py": CONF,
            "pk/__init__.py": "from .hooks import HOOKS\n",
            "pk/hooks.py": "import tags\nHOOKS = (tags.tag,)\n",
        },
        True,
    ),
    "in a list elsewhere, below": (
        "import conf\nfrom hooks import HOOKS\nconf.setup()\nfor f in HOOKS: f()\n",
        {"conf.py": CONF, "hooks.py": "import tags\nHOOKS = (tags.tag,)\n"},
        False,
    ),
    "in a dict": (
        "import conf, tags\nsteps = {'a': tags.tag, 'b': 1}\nfor f in steps.values(): f()\n"
        "conf.setup()\n",
        {"conf.py": CONF},
        True,
    ),
    "one of a dict": (
        "import conf, tags\nsteps = {'a': tags.tag}\nsteps['a']()\nconf.setup()\n",
        {"conf.py": CONF},
        True,
    ),
    "another of a dict": (
        "import conf, tags\nsteps = {'a': tags.tag, 'b': conf.setup}\nsteps['b']()\n",
        {"conf.py": CONF},
        False,
    ),
    "in a list that only holds it": (
        "import conf, tags\nsteps = [tags.tag]\nfor f in steps: print(f)\nconf.setup()\n",
        {"conf.py": CONF},
        False,
    ),
    "in another list": (
        "import conf, tags\nsteps = [tags.tag]\nfor f in [print]: f()\nconf.setup()\n",
        {"conf.py": CONF},
        False,
    ),
    "in a list in the file that initialises": (
        "import sentry_sdk, tags\nfor f in [print, tags.tag]: f()\nsentry_sdk.init()\n",
        {},
        True,
    ),
    "in a list elsewhere than the file that initialises": (
        "import hooks, sentry_sdk\nfor f in hooks.HOOKS: f()\nsentry_sdk.init()\n",
        {"hooks.py": "import tags\nHOOKS = (tags.tag,)\n"},
        True,
    ),
    "in a comprehension in the file that initialises": (
        "import sentry_sdk, tags\ndef main():\n    [f() for f in (tags.tag,)]\n"
        "    sentry_sdk.init()\nmain()\n",
        {},
        True,
    ),
    "of a dict in the file that initialises": (
        "import sentry_sdk, tags\nSTEPS = {'a': tags.tag}\nf = STEPS['a']\nf()\n"
        "sentry_sdk.init()\n",
        {},
        True,
    ),
    "in a list after `init()`": (
        "import sentry_sdk, tags\nsentry_sdk.init()\nfor f in [print, tags.tag]: f()\n",
        {},
        False,
    ),
    "in a list beside what initialises": (
        "import sentry_sdk, tags\ndef boot(): sentry_sdk.init()\nfor f in [tags.tag, boot]: f()\n",
        {},
        True,
    ),
    "in a list after what initialises": (
        "import sentry_sdk, tags\ndef boot(): sentry_sdk.init()\nfor f in [boot, tags.tag]: f()\n",
        {},
        False,
    ),
    "a module imported by a call": (
        "import conf, importlib\nimportlib.import_module('lib')\nconf.setup()\n",
        {"conf.py": CONF, "lib.py": "import tags\ntags.tag()\n"},
        True,
    ),
    "a module imported by another call": (
        "import conf, loads\nloads.import_module('lib')\nconf.setup()\n",
        {
            "conf.py": CONF,
            "lib.py": "import tags\ntags.tag()\n",
            "loads.py": "def import_module(name): pass\n",
        },
        False,
    ),
    "a module imported by a call after `init()`": (
        "import conf, importlib\nconf.setup()\nimportlib.import_module('lib')\n",
        {"conf.py": CONF, "lib.py": "import tags\ntags.tag()\n"},
        False,
    ),
    "a name that a module works out": (
        "import conf\nfrom lib import thing\nconf.setup()\n",
        {"conf.py": CONF, "lib.py": "import tags\ndef __getattr__(name): return tags.tag()\n"},
        True,
    ),
    "a name that a class works out": (
        "import conf\nfrom lib import thing\nconf.setup()\n",
        {
            "conf.py": CONF,
            "lib.py": "import tags\nclass C:\n    def __getattr__(self, name): tags.tag()\n",
        },
        False,
    ),
    "a class whose method initialises": (
        "import lib\nlib.App().start()\n",
        {
            "lib.py": "import sentry_sdk, tags\nclass App:\n    def __init__(self): tags.tag()\n"
            "    def start(self): sentry_sdk.init()\n"
        },
        True,
    ),
    "a class whose other method is called": (
        "import lib\nlib.App().start()\n",
        {
            "lib.py": "import sentry_sdk, tags\nclass App:\n    def stop(self): tags.tag()\n"
            "    def start(self): sentry_sdk.init()\n"
        },
        False,
    ),
    **{
        what: (
            f"import lib, sentry_sdk\nsentry_sdk.init()\n{END}",
            {"boot.py": "import lib, main\n", "lib.py": f"import tags\n{lib}\n"},
            early,
        )
        for what, (lib, early) in IMPORTED.items()
    },
    "no `init()`": ("import conf, tags\ntags.tag()\nconf.setup()\n", {"conf.py": ""}, False),
    "each other": (
        "import conf, tags\ntags.tag()\nconf.setup()\n",
        {"conf.py": "import main\ndef setup():\n    main.go()\n"},
        False,
    ),
}


@pytest.mark.parametrize(("main", "beside", "early"), ROWS.values(), ids=ROWS)
def test_what_is_called_before(
    run: Run, here: Path, main: str, beside: dict[str, str], early: bool
) -> None:
    project = {"pyproject.toml": '[project]\nname = "x"\nversion = "1"\n'}
    write_tree(here, {**project, "tags.py": TAGS, "main.py": main, **beside})
    run("check", "--fix", "tags.py")
    assert ((here / "tags.py").read_text() == TAGS) == early


OVERRIDING = {
    "overrides": ("from base import Base\n", "class App(Base):", "configure", True),
    "overrides, generic": ("from base import Base\n", "class App(Base[int]):", "configure", True),
    "of another base": ("from base import Other as Base\n", "class App(Base):", "configure", False),
    "of no base": ("from base import Base\n", "class App:", "configure", False),
    "another method": ("from base import Base\n", "class App(Base):", "finish", False),
}


@pytest.mark.parametrize(("start", "head", "name", "early"), OVERRIDING.values(), ids=OVERRIDING)
def test_a_method_that_overrides_one(
    run: Run, here: Path, start: str, head: str, name: str, early: bool
) -> None:
    code = TAGS.replace("def tag():", f"{head}\n  def {name}(self):")
    base = BASE.replace(", tags", "") + "class Other: pass\n"
    main = "import tags\ntags.App().run()\n"
    files = {"tags.py": start + code, "main.py": main, "conf.py": CONF, "base.py": base}
    write_tree(here, {"pyproject.toml": "", **files})
    run("check", "--fix", "tags.py")
    assert ((here / "tags.py").read_text() == start + code) == early


def test_the_place_is_told(run: Run, here: Path) -> None:
    write_tree(here, {"tags.py": TAGS, "main.py": ROWS["above"][0], "conf.py": CONF})
    assert "`tag()` is called in main.py:2, before `init()`" in run("check", "--unsafe-fixes").text
