"""Options that `init()` gets and the code does not show, so that "nothing is left" is not said."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, here, run, write_tree  # noqa: F401  fixtures
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.unseen_options import unseen_options
from sentry_migrate.sdk.values import Values

UNSEEN = {
    "a file": "init(**json.load(open('s.json')))",
    "a file in a variable": "o = yaml.safe_load(f)\ninit(**o)",
    "the environment": "init(**os.environ)",
    "a part of it": "init(**{k: v for k, v in os.environ.items()})",
    "settings": "init(dsn='x', **settings.SENTRY)",
    "an item": "init(**config['sentry'])",
    "a parameter": "def f(options):\n    init(**options)",
    "one of two": "init(**({} if x else load()))",
    "merged": "init(**{'dsn': 'x', **load()})",
    "merged by an operator": "init(**({'dsn': 'x'} | load()))",
    "given to `dict()`": "init(**dict(load(), dsn='x'))",
    "a name that is computed": "init(**{name: False})",
    "added": "o = {}\no |= load()\ninit(**o)",
    "a function's": "def f():\n    return load()\ninit(**f())",
    "added by a method": "o = {}\no.update(load())\ninit(**o)",
    "a method's": "class C:\n    def f(self):\n        return load()\ninit(**C().f())",
    "an item with a computed key": "o = {}\no[key.lower()] = 1\ninit(**o)",
    "one of a function's": "def f():\n    o = {}\n    o[k] = 1\n    return o\ninit(**f())",
    "an object's": "init(**vars(settings))",
    "a loop's": "for o in x:\n    init(**o)",
    "a client's": "Client(**load())",
    "an unknown name": "init(**options)",
    "a named tuple's": "from project import o\ninit(**o._asdict())",
}
SEEN = {
    "none": "init()",
    "keywords": "init(dsn='x', debug=load())",
    "a dictionary": "init(**{'dsn': load()})",
    "a variable": "o = {'dsn': 'x'}\no |= {'debug': True}\ninit(**o)",
    "two": "init(**({'a': 1} if x else {'b': 2}), **dict(c=load()))",
    "a function's": "def f():\n    return {'dsn': 'x'}\ninit(**f())",
    "a class's": "class C:\n    S = {}\ninit(**C.S)",
    "an instance's": "c = C()\nclass C:\n    S = {}\ninit(**c.S)",
    "a method's": "class C:\n    def f(self):\n        init(**self.S)",
    "whoever calls": "def f(**options):\n    init(**options)",
    "the project's": "from project import SENTRY, options\ninit(**SENTRY, **options())",
    "a module's of it": "import project\ninit(**project.SENTRY)",
    "added by a method": "o = {}\no.update({'dsn': 'x'}, debug=1)\ninit(**o)",
    "a DSN": "init(settings.DSN)",
    "an item": "o = {}\no['dsn'] = load()\ninit(**o)",
    "an item that is read by a computed key": "o = {'a': 1}\nprint(o[key])\ninit(**o)",
    "an item of another one": "p = {}\no = {'a': 1}\np[key] = 1\ninit(**o)",
    "another function's": "other(**load())",
    "itself": "o = o\ninit(**o)",
    "a named tuple's of a class here": "class O(NamedTuple):\n    dsn: str\ninit(**O('x')._asdict())",
    "another method's of an instance": "from project import o\ninit(**o.as_options())",
}
HEAD = (
    "from sentry_sdk import Client, init\nimport json, os, yaml\nfrom lib import load, settings\n"
)


def unseen(text: str) -> int:
    tree = Tree.of(HEAD + text + "\n")
    values = Values(tree, Scopes(tree), {})
    return len([*unseen_options(tree, values, lambda path: path.startswith("project"))])


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN)
def test_what_is_not_shown(text: str) -> None:
    assert unseen(text) == 1


@pytest.mark.parametrize("text", SEEN.values(), ids=SEEN)
def test_what_is_shown(text: str) -> None:
    assert unseen(text) == 0


def test_nothing_is_said_to_be_left_only_where_all_was_seen(run: Run, here: Path) -> None:  # noqa: F811
    init = "import json, sentry_sdk, conf\nsentry_sdk.init(**{})\n"
    write_tree(here, {"a.py": init.format("json.load(f)"), "conf.py": "SENTRY = {'dsn': 'x'}\n"})
    said = run("check").text
    assert "options of `init()` that the code does not show in a.py:2" in said
    assert "No sentry-sdk 1.x code is left" not in said
    write_tree(here, {"a.py": init.format("conf.SENTRY")})
    assert "No sentry-sdk 1.x code is left" in run("check").text


# What stands in another file than `init(**…)`, and whether it is told that 2.x refuses it
SPELLED = {
    "a key": ("SENTRY = {'with_locals': True}", True),
    "a key of a class": ("class Base:\n    SENTRY = {'request_bodies': 'never'}", True),
    "a key that is set": ("def f(o):\n    o['with_locals'] = True", True),
    "a key that is added": ("SENTRY.update({'with_locals': True})", True),
    "a keyword": ("start(with_locals=True)", True),
    "a field": ("class Options:\n    with_locals: bool = False", True),
    "a field without a type": ("class Options:\n    with_locals = False", True),
    "a comment": ("x = 1  # with_locals", False),
    "a docstring": ("'with_locals'", False),
    "a part of a string": ("x = 'the option with_locals'", False),
    "another name": ("x = {'with_locals_too': 1}", False),
    "a parameter": ("def f(with_locals=True): pass", False),
    "a variable": ("with_locals = 1\nprint(with_locals)", False),
    "an attribute": ("print(x.with_locals)", False),
    "a text that is broken": ("x = {'with_locals': (", False),
}


@pytest.mark.parametrize(("code", "told"), SPELLED.values(), ids=SPELLED)
@pytest.mark.parametrize("head", ["", "import sentry_sdk\n"], ids=["without the SDK", "with it"])
@pytest.mark.parametrize("arguments", [(), ("--fix",)], ids=["read", "fixed"])
def test_what_spells_an_option(
    run: Run,  # noqa: F811
    here: Path,  # noqa: F811
    code: str,
    told: bool,
    head: str,
    arguments: tuple[str, ...],
) -> None:
    write_tree(
        here, {"conf.py": f"{head}{code}\n", "main.py": "import sentry_sdk\nsentry_sdk.init()\n"}
    )
    said = run("check", *arguments, ".").text
    line = (head + code)[: (head + code).find("with_locals")].count("\n") + 1
    if "request_bodies" in code:
        line = (head + code)[: (head + code).find("request_bodies")].count("\n") + 1
    assert (f"which `init()` of 2.x refuses, in conf.py:{line}." in said) is told


# What one file has, and what another one makes of it: how often the other's options are findings
REACHING = {
    "a base's dictionary": (
        "class B:\n    S = {'with_locals': 1}",
        "from conf import B\nclass C(B):\n    def f(self):\n        init(**self.S)",
        1,
    ),
    "a dataclass": (
        "@dataclass\nclass O:\n    with_locals: bool = True",
        "from conf import O\ninit(**asdict(O()))",
        1,
    ),
    "an item": ("C = {'s': {'with_locals': 1}}", "import conf\ninit(**conf.C['s'])", 1),
    "updated": ("C = {}\nC.update(with_locals=1)", "import conf\ninit(**conf.C)", 1),
    "a function that is given one": (
        "import sentry_sdk\ndef f(dsn, o):\n    sentry_sdk.init(dsn, **o)",
        "from conf import f\nf('', {'with_locals': 1})\nf('', o=dict(with_locals=1))",
        2,
    ),
    "a function that adds it": (
        "import sentry_sdk\ndef f(o=None):\n    p = {}\n    p.update(o or {})\n"
        "    sentry_sdk.init(**p)",
        "from conf import f\nX = {'with_locals': 1}\nf(X)",
        1,
    ),
    "a class that keeps it": (
        "import sentry_sdk\nclass C:\n    def __init__(self, o, **k):\n        self.o = o\n"
        "        self.k = dict(k)\n    def f(self):\n        sentry_sdk.init(**self.o, **self.k)",
        "from conf import C\nC({'with_locals': 1}, with_locals=1).f()",
        2,
    ),
    "a class that keeps something else": (
        "import sentry_sdk\nclass C:\n    def __init__(self, o, **k):\n        self.x = o, k\n"
        "    def f(self):\n        sentry_sdk.init(**self.o)",
        "from conf import C\nC({'with_locals': 1}, with_locals=1).f()\ninit()",
        0,
    ),
    "a function that gives it to another": (
        "import sentry_sdk\ndef f(o):\n    sentry_sdk.init('')\n    show(**o)",
        "from conf import f\nf({'with_locals': 1})\ninit()",
        0,
    ),
    "a function's": (
        "C = {'with_locals': 1}\ndef f(x):\n    o = dict(C, x=x)\n    o['debug'] = 1\n    return o",
        "from conf import f\ninit(**f(1))",
        1,
    ),
    "a function's, added": (
        "def f(x):\n    o = {}\n    o['with_locals'] = x\n    return o",
        "from conf import f\ninit(**f(1))",
        1,
    ),
    "merged": (
        "B = {'with_locals': 1}\nC = {**B, 'debug': 1}\nD = B | C",
        "import conf\ninit(**conf.C)\ninit(**conf.D)",
        2,
    ),
    "added to another one": (
        "def f(x):\n    o = {}\n    p = {}\n    p['with_locals'] = x\n    return o",
        "from conf import f\ninit(**f(1))",
        0,
    ),
    "an instance's method": (
        "class C:\n    def f(self):\n        return {'with_locals': 1}\nc = C()",
        "from conf import c\nimport conf\ninit(**c.f())\ninit(**conf.c.f())",
        2,
    ),
    "an instance's attribute": (
        "class C:\n    def __init__(self):\n        self.s = {'with_locals': 1}\nc: C = C()",
        "from conf import c\ninit(**c.s)",
        1,
    ),
    "a class attribute of an instance": (
        "class B:\n    s = {'with_locals': 1}\nclass C(B):\n    pass\nc = C()",
        "from conf import c\ninit('', **c.s)",
        1,
    ),
    "an instance's fields": (
        "@dataclass\nclass O:\n    with_locals: bool = True\no = O()",
        "from conf import o\ninit(**asdict(o))\ninit(**vars(o))",
        2,
    ),
    "a namespace's": (
        "from types import SimpleNamespace\nc = SimpleNamespace(s={'with_locals': 1}, t={})",
        "from conf import c\ninit(**c.s)",
        1,
    ),
    "another one of a namespace": (
        "from types import SimpleNamespace\nc = SimpleNamespace(s={'with_locals': 1}, t={})",
        "from conf import c\ninit(**c.t)",
        0,
    ),
    "another attribute of an instance": (
        "class C:\n    s = {'with_locals': 1}\n    t = {}\nc = C()",
        "from conf import c\ninit(**c.t)",
        0,
    ),
    "an instance that is replaced": (
        "class C:\n    s = {'with_locals': 1}\nc = C()\nc = None",
        "from conf import c\ninit(**c.s)",
        0,
    ),
    "an instance of another class": (
        "class C:\n    s = {'with_locals': 1}\nclass D:\n    s = {}\nc = D()",
        "from conf import c\ninit(**c.s)",
        0,
    ),
    "an instance that a subclass makes": (
        "class C:\n    s = {'with_locals': 1}\nclass D(C):\n    s = {}\nc = D()",
        "from conf import c\ninit(**c.s)",
        0,
    ),
    "another item": (
        "C = {'s': {}, 'd': {'with_locals': 1}}",
        "import conf\ninit(**conf.C['s'])",
        0,
    ),
    "another field": (
        "class O:\n    x: int = 1\nclass P:\n    with_locals: int = 1",
        "from conf import O\ninit(**asdict(O()))",
        0,
    ),
}


@pytest.mark.parametrize(("conf", "main", "number"), REACHING.values(), ids=REACHING)
def test_what_reaches_init_from_another_file(
    run: Run,  # noqa: F811
    here: Path,  # noqa: F811
    conf: str,
    main: str,
    number: int,
) -> None:
    head = "from dataclasses import asdict, dataclass\n"
    write_tree(here, {"conf.py": f"{head}{conf}\n"})
    write_tree(here, {"main.py": f"{head}from sentry_sdk import init\n{main}\n"})
    assert run("check", ".").text.count("SEN301 ") == number


DJANGO = "from django.conf import settings\nimport sentry_sdk\nsentry_sdk.init(**{})\n"


@pytest.mark.parametrize("given", ["settings.S", "getattr(settings, 'S', {})"])
@pytest.mark.parametrize("home", ["shop/settings.py", "shop/settings/base.py"])
def test_the_settings_of_django_reach_init(run: Run, here: Path, given: str, home: str) -> None:  # noqa: F811
    write_tree(here, {"shop/__init__.py": "", home: "S = {'with_locals': 1}\n"})
    (here / "shop" / "apps.py").write_text(DJANGO.replace("{}", given))
    assert run("check", ".").text.count("SEN301 2.x refuses to start") == 1
    (here / home).write_text("S = {}\nT = {'with_locals': 1}\n")
    assert "SEN301" not in run("check", ".").text


# Functions of the project that have nothing to do with the SDK, and what another file gives them
KEPT = {
    "a parameter": "def f(x, with_locals=True): pass",
    "a keyword of its own": "def f(*, with_locals=True): pass",
    "of a class": "class f:\n    def __init__(self, with_locals): pass",
    "anything": "def f(**options): print(options)",
    "by position alone": "def f(name='', with_locals=True, /, x=1): return import_module(name)",
    "a parameter beside the SDK": "import sentry_sdk\ndef f(with_locals=True): pass",
}


@pytest.mark.parametrize("code", KEPT.values(), ids=KEPT)
def test_what_a_function_keeps_is_not_told(run: Run, here: Path, code: str) -> None:  # noqa: F811
    call = "f(with_locals=False)\n"
    write_tree(here, {"a.py": f"{code}\n{call}", "b.py": f"from a import f\n{call}"})
    (here / "c.py").write_text(f"import a, sentry_sdk\na.{call}sentry_sdk.set_tag('', '')\n")
    assert "No sentry-sdk 1.x code is left" in run("check", ".").text
    other = "import sentry_sdk\ndef f(**o):\n    sentry_sdk.init(**load(), **o)\n"
    (here / "a.py").write_text(other)
    assert "No sentry-sdk 1.x code is left" not in run("check", ".").text


def test_what_is_a_finding_is_not_told_twice(run: Run, here: Path) -> None:  # noqa: F811
    write_tree(
        here,
        {
            "conf.py": "O = {'with_locals': 1}\n",
            "main.py": "import conf, sentry_sdk\nsentry_sdk.init(**conf.O)\n",
        },
    )
    said = run("check", ".").text
    assert "Found 1 finding" in said
    assert "refuses, in" not in said


# What a file does with something that it calls a hub, and in which lines it may be one of the SDK
HUBS = {
    "a parameter": ("def f(hub):\n    with hub.push_scope() as s:\n        hub.capture_message(s)", "2, {0}:3"),
    "an attribute": ("def f(g):\n    g.sentry_hub.capture_exception()", "2"),
    "an item": ("def f(c):\n    c['hub'].add_breadcrumb({})", "2"),
    "a member that is no call": ("def f(hub):\n    return hub.capture_message", "2"),
    "a variable of something unknown": ("def f(c):\n    hub = c.hub\n    hub.configure_scope()", "3"),
    "another name": ("def f(x):\n    x.push_scope()", ""),
    "another member": ("def f(hub):\n    hub.send(hub.client)", ""),
    "a name that only begins so": ("def f(hubs):\n    hubs.capture_message('x')", ""),
    "another package's": ("from x import hub\nhub.capture_message('x')", ""),
    "a class's own": ("class Hub:\n    def push_scope(self): pass\ndef f(hub):\n    hub.push_scope()", ""),
    "in a text": ("def f(x):\n    'hub.push_scope()'", ""),
}  # fmt: skip


@pytest.mark.parametrize(("code", "lines"), HUBS.values(), ids=HUBS)
@pytest.mark.parametrize("head", ["", "import sentry_sdk\n"], ids=["without the SDK", "with it"])
@pytest.mark.parametrize("arguments", [(), ("--fix",)], ids=["read", "fixed"])
def test_what_may_be_a_hub(
    run: Run,  # noqa: F811
    here: Path,  # noqa: F811
    code: str,
    lines: str,
    head: str,
    arguments: tuple[str, ...],
) -> None:
    main = "import sentry_sdk, work\nsentry_sdk.init()\n"
    write_tree(here, {"main.py": main, "work.py": f"{code}\n{head}"})
    said = run("check", *arguments, ".").text
    told = f"calls on what may be the SDK or one of its hubs in work.py:{lines.format('work.py')}."
    assert (told in said) is bool(lines)
    assert ("No sentry-sdk 1.x code is left" in said) is not bool(lines)


def test_what_is_known_of_a_hub_is_not_told(run: Run, here: Path) -> None:  # noqa: F811
    code = "from sentry_sdk import Hub\n\n\ndef f(hub: Hub, own_hub=None):\n    hub.flush()\n"
    write_tree(here, {"a.py": f"{code}    hub.capture_message('x')\n"})
    assert "may be the SDK" not in run("check", ".").text


PUSH = "def work():\n    with {}.push_scope() as s:\n        s.set_tag('a', 1)\n"
FROM_OBS = "from obs import sdk\n" + PUSH.format("sdk")
EITHER = "import sentry_sdk, conf\nfrom null import Null\nsdk = sentry_sdk if conf.ON else Null()\n"
# Files, and the places in them that may be of the SDK
PERHAPS: dict[str, tuple[dict[str, str], str]] = {
    "a choice": ({"a.py": EITHER + PUSH.format("sdk")}, "a.py:5"),
    "a choice of another file": ({"obs.py": EITHER, "a.py": FROM_OBS}, "a.py:3"),
    "a choice of another file, by the module": (
        {"obs.py": EITHER, "a.py": "import obs\n" + PUSH.format("obs.sdk")},
        "a.py:3",
    ),
    "a choice of a package": (
        {"p/__init__.py": "", "p/obs.py": EITHER, "p/a.py": FROM_OBS.replace("obs", ".obs")},
        "p/a.py:3",
    ),
    "a choice by or": (
        {
            "a.py": "import sentry_sdk\nclass R:\n    def __init__(self, sdk=None):\n"
            "        self.sdk = sdk or sentry_sdk\n    def work(self):\n        self.sdk.push_scope()\n"
        },
        "a.py:6",
    ),
    "a choice on the spot": (
        {"a.py": "import sentry_sdk\ndef f(sdk): return (sdk or sentry_sdk).push_scope()\n"},
        "a.py:2",
    ),
    "another import": (
        {
            "a.py": "import conf\nif conf.ON:\n    import sentry_sdk\nelse:\n"
            "    import nosentry as sentry_sdk\n" + PUSH.format("sentry_sdk")
        },
        "a.py:7",
    ),
    "another value later": (
        {
            "a.py": "import sentry_sdk\nfrom null import Null\nsdk = sentry_sdk\ndef off():\n"
            "    global sdk\n    sdk = Null()\n" + PUSH.format("sdk")
        },
        "a.py:8",
    ),
    "its hub": (
        {"obs.py": EITHER, "a.py": "from obs import sdk\nsdk.Hub.current.flush()\n"},
        "a.py:2",
    ),
    "the SDK or nothing": (
        {"a.py": "import sentry_sdk, conf\nsdk = sentry_sdk if conf.ON else None\nsdk and sdk.init()\n"},
        "",
    ),
    "neither": ({"a.py": "import conf\nsdk = conf.a or conf.b\n" + PUSH.format("sdk")}, ""),
    "another member": (
        {"obs.py": EITHER, "a.py": "from obs import sdk\nsdk.capture_message('m')\n"},
        "",
    ),
    "a new member": (
        {"obs.py": EITHER, "a.py": FROM_OBS.replace("push", "new")},
        "",
    ),
    "another module": ({"obs.py": "from null import sdk\n", "a.py": FROM_OBS}, ""),
    "a package of others": ({"a.py": FROM_OBS}, ""),
    "a function of that name": (
        {"obs.py": "import sentry_sdk\ndef push_scope(): pass\n", "a.py": "import obs\nobs.push_scope()\n"},
        "",
    ),
    "a class of its own": (
        {
            "obs.py": "import sentry_sdk\nclass T:\n    def push_scope(self): pass\nsdk = T()\n",
            "a.py": FROM_OBS,
        },
        "",
    ),
    "a class of that name": ({"obs.py": "import sentry_sdk\nclass sdk: pass\n", "a.py": FROM_OBS}, ""),
    "both versions": (
        {
            "a.py": "import sentry_sdk\nif hasattr(sentry_sdk, 'new_scope'):\n"
            "    scope = sentry_sdk.new_scope\nelse:\n    scope = sentry_sdk.push_scope\n"
        },
        "",
    ),
    "in a text": ({"obs.py": EITHER, "a.py": "from obs import sdk\n'sdk.push_scope()'\n"}, ""),
    "a parameter": ({"a.py": "import sentry_sdk\ndef f(sdk): sdk.push_scope()\n"}, ""),
}  # fmt: skip


@pytest.mark.parametrize(("files", "places"), PERHAPS.values(), ids=PERHAPS)
@pytest.mark.parametrize("arguments", [(), ("--fix",)], ids=["read", "fixed"])
def test_what_may_be_the_sdk(
    run: Run,  # noqa: F811
    here: Path,  # noqa: F811
    files: dict[str, str],
    places: str,
    arguments: tuple[str, ...],
) -> None:
    write_tree(here, {"pyproject.toml": "", "main.py": "import sentry_sdk\n", **files})
    said = run("check", *arguments, ".").text
    assert (f"what may be the SDK or one of its hubs in {places}." in said) is bool(places)
    assert ("No sentry-sdk 1.x code is left" in said) is not bool(places)


# What a file does with the SDK, and in which lines it has names of it that nobody here knows
WORKED_OUT = {
    "a class's": (
        "import sentry_sdk\nclass S:\n    def __getattr__(self, name):\n"
        "        return getattr(sentry_sdk, name)",
        "4",
    ),
    "a class's that imports it late": (
        "class S:\n    _sdk = None\n    def __getattr__(self, name):\n"
        "        import sentry_sdk\n        self._sdk = sentry_sdk\n"
        "        return getattr(self._sdk, name)",
        "6",
    ),
    "a module's": (
        "import sentry_sdk\nfor n in ('push_scope',):\n    globals()[n] = getattr(sentry_sdk, n)",
        "3",
    ),
    "all": ("import sentry_sdk\nf = vars(sentry_sdk)['push' + '_scope']", "2"),
    "its dictionary": ("import sentry_sdk\ndef f(n):\n    return sentry_sdk.__dict__[n]", "3"),
    "a text": ("SCOPE = 'sentry_sdk.push_scope'", "1"),
    "a text of a hub": ("SCOPE = 'sentry_sdk.hub:Hub.current'", "1"),
    "a name that is written out": ("import sentry_sdk\nf = getattr(sentry_sdk, 'set_tag')", ""),
    "whether it has one": ("import sentry_sdk\ndef f(n):\n    return hasattr(sentry_sdk, n)", ""),
    "of something else": ("import sentry_sdk, x\ndef f(n):\n    return getattr(x, n), vars(x)", ""),
    "of a parameter": ("import sentry_sdk\ndef f(x, n):\n    return getattr(x, n)", ""),
    "of its own variables": ("import sentry_sdk\ndef f():\n    return vars()", ""),
    "a text of 2.x": ("SCOPE = 'sentry_sdk.new_scope'", ""),
    "a text of its integrations": ("X = 'sentry_sdk.integrations.django.DjangoIntegration'", ""),
    "a logger": ("import logging\nlogging.getLogger('sentry_sdk.errors')", ""),
    "a documented name": ("def f():\n    'sentry_sdk.push_scope'", ""),
    "a longer text": ("X = 'call sentry_sdk.push_scope'", ""),
    "of another package": ("X = 'my_sentry_sdk.push_scope'", ""),
}


@pytest.mark.parametrize(("code", "lines"), WORKED_OUT.values(), ids=WORKED_OUT)
@pytest.mark.parametrize("arguments", [(), ("--fix",)], ids=["read", "fixed"])
def test_names_that_are_worked_out(
    run: Run,  # noqa: F811
    here: Path,  # noqa: F811
    code: str,
    lines: str,
    arguments: tuple[str, ...],
) -> None:
    write_tree(here, {"main.py": "import sentry_sdk, work\nsentry_sdk.init()\n", "work.py": code})
    said = run("check", *arguments, ".").text
    told = f"names of `sentry_sdk` that are worked out or given as text in work.py:{lines}."
    assert (told in said) is bool(lines)
    assert ("No sentry-sdk 1.x code is left" in said) is not bool(lines)
