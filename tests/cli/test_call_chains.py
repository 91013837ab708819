"""A function that is called before `init()`, or while the process starts, through other files."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

TAG = """import sentry_sdk
def tag():
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("a", "b")
"""
METHOD = """import sentry_sdk
class App:
    def boot(self):
        with sentry_sdk.configure_scope() as scope:
            scope.set_tag("a", "b")
"""
PROJECT = {"pyproject.toml": '[project]\nname = "x"\nversion = "1"\n'}
MAIN = "import sentry_sdk\nfrom b import setup\n{}sentry_sdk.init()\n{}"
BEFORE = MAIN.format("setup()\n", "")
AFTER = MAIN.format("", "setup()\n")

Files = dict[str, str]
# Files beside main.py, which imports `setup` from b.py. Whether that calls what the SDK is used in.
CHAINS: dict[str, tuple[Files, bool]] = {
    "by name": ({"b.py": "from a import tag\ndef setup():\n    tag()\n"}, True),
    "by module": ({"b.py": "import a\ndef setup():\n    a.tag()\n"}, True),
    "by another name": ({"b.py": "from a import tag as t\ndef setup():\n    t()\n"}, True),
    "by a star": ({"b.py": "from a import *\ndef setup():\n    tag()\n"}, True),
    "relative": ({"b.py": "from .a import tag\ndef setup():\n    tag()\n"}, True),
    "by relative module": ({"b.py": "from . import a\ndef setup():\n    a.tag()\n"}, True),
    "by getattr()": ({"b.py": "import a\ndef setup():\n    getattr(a, 'tag')()\n"}, True),
    "by getattr() of another name": ({"b.py": "import a\ndef setup():\n    getattr(a, 'other')()\n"}, False),
    "one of two": ({"b.py": "import a\ndef setup():\n    (print if a else a.tag)()\n"}, True),
    "what there is": ({"b.py": "import a\ndef setup():\n    (None or a.tag)()\n"}, True),
    "of a module imported by a call": ({"b.py": "import importlib\ndef setup():\n    importlib.import_module('a').tag()\n"}, True),
    "of another module imported by a call": ({"b.py": "import importlib\ndef setup():\n    importlib.import_module('c').tag()\n", "c.py": "def tag(): pass\n"}, False),
    "by an annotated name": ({"b.py": "import a\nsetup: object = a.tag\n"}, True),
    "imported inside": ({"b.py": "def setup():\n    from a import tag\n    tag()\n"}, True),
    "async": ({"b.py": "import a\nasync def setup():\n    await a.tag()\n"}, True),
    "through its own": (
        {"b.py": "import a\ndef setup():\n    other()\ndef other():\n    a.tag()\n"},
        True,
    ),
    "through a nested one": (
        {"b.py": "import a\ndef setup():\n    def inner():\n        a.tag()\n    inner()\n"},
        True,
    ),
    "through a lambda": ({"b.py": "import a\nrun = lambda: a.tag()\ndef setup(): run()\n"}, True),
    "by another name for it": ({"b.py": "import a\nsetup = a.tag\n"}, True),
    "passed on by name": ({"b.py": "from a import tag as setup\n"}, True),
    "passed on by a star": ({"b.py": "from c import *\n", "c.py": "from a import tag as setup\n"}, True),
    "passed on by two stars": (
        {"b.py": "from c import *\n", "c.py": "from d import *\n", "d.py": "import a\nsetup = a.tag\n"},
        True,
    ),
    "in a package": (
        {"b/__init__.py": "from .c import setup\n", "b/c.py": "import a\ndef setup(): a.tag()\n"},
        True,
    ),
    "from the package itself": (
        {
            "b/__init__.py": "from .c import *\nfrom a import tag\n",
            "b/c.py": "from . import tag\ndef setup(): tag()\n",
        },
        True,
    ),
    "four files": (
        {
            "b.py": "from c import go\ndef setup(): go()\n",
            "c.py": "import d\ndef go(): d.on()\n",
            "d.py": "import a\ndef on(): a.tag()\n",
        },
        True,
    ),
    "a ring": (
        {
            "b.py": "import c\ndef setup(): c.go()\n",
            "c.py": "import a, b\ndef go():\n    b.setup()\n    a.tag()\n",
        },
        True,
    ),
    "a class": (
        {"b.py": "import a\nclass B:\n    def __init__(self): a.tag()\ndef setup(): B()\n"},
        True,
    ),
    "a class as such": (
        {"b.py": "import a\nclass setup:\n    def __init__(self): a.tag()\n"},
        True,
    ),
    "a class of a base": (
        {"b.py": "import c\nclass setup(c.C): pass\n", "c.py": "import a\nclass C:\n    def __init__(self): a.tag()\n"},
        True,
    ),
    "a method of a class here": (
        {"b.py": "import a\nclass B:\n    def go(self): a.tag()\ndef setup(): B().go()\n"},
        True,
    ),
    "a method of a class there": (
        {
            "b.py": "import c\ndef setup(): c.C().go()\n",
            "c.py": "import a\nclass C:\n    def go(self): self.get()\n    def get(self): a.tag()\n",
        },
        True,
    ),
    "a file that uses the SDK": (
        {"b.py": "import a, sentry_sdk\ndef setup():\n    sentry_sdk.set_tag('b', 'c')\n    a.tag()\n"},
        True,
    ),
    "passed on": ({"b.py": "import a\ndef setup(): run(a.tag)\n"}, False),
    "not called": ({"b.py": "import a\ndef setup(): a.tag\n"}, False),
    "in a function that is not called": (
        {"b.py": "import a\ndef setup():\n    def inner():\n        a.tag()\n    return inner\n"},
        False,
    ),
    "in another function": ({"b.py": "import a\ndef setup(): pass\ndef other(): a.tag()\n"}, False),
    "another module's": ({"b.py": "import c\ndef setup(): c.tag()\n"}, False),
    "another function": ({"b.py": "import a\ndef setup(): a.other()\n"}, False),
    "a parameter": ({"b.py": "from a import tag\ndef setup(tag=print): tag()\n"}, False),
    "its own variable": ({"b.py": "from a import tag\ndef setup():\n    tag = load()\n    tag()\n"}, False),
    "its own function": (
        {"b.py": "import a\ndef setup():\n    def tag(): pass\n    tag()\n"},
        False,
    ),
    "an everyday method": (
        {"b.py": "import os, c\ndef setup(): os.environ.get('X')\n", "c.py": "import a\nclass C:\n    def get(self): a.tag()\n"},
        False,
    ),
    "a method of the library": (
        {"b.py": "import logging\ndef setup(): logging.boot()\n", "c.py": "import a\nclass C:\n    def boot(self): a.tag()\n"},
        False,
    ),
    "another class's": (
        {"b.py": "import a\nclass B:\n    def go(self): a.tag()\n    def stay(self): pass\ndef setup(): B().stay()\n"},
        False,
    ),
    "broken": ({"b.py": "import a\ndef setup(: a.tag()\n"}, False),
    "a string": ({"b.py": "import a\ndef setup(): 'a.tag()'\n"}, False),
    "the text of a test": ({"b.py": "def setup(): pass\n", "test_b.py": "import a\ndef test(): a.tag()\n"}, False),
}  # fmt: skip


def fixes(run: Run, here: Path, files: Files, *paths: str) -> bool:
    """Whether `check --fix` fixes a.py."""
    write_tree(here, {**PROJECT, **files})
    run("check", "--fix", *paths)
    return (here / "a.py").read_text() != files["a.py"]


@pytest.mark.parametrize("paths", [(), ("a.py",)], ids=["all files", "one file"])
@pytest.mark.parametrize("row", CHAINS.values(), ids=CHAINS)
def test_early(run: Run, here: Path, row: tuple[Files, bool], paths: tuple[str, ...]) -> None:
    files, called = row
    assert fixes(run, here, {"a.py": TAG, "main.py": BEFORE, **files}, *paths) is not called


@pytest.mark.parametrize("paths", [(), ("a.py",)], ids=["all files", "one file"])
@pytest.mark.parametrize("row", CHAINS.values(), ids=CHAINS)
def test_at_the_start_beside_threads(
    run: Run, here: Path, row: tuple[Files, bool], paths: tuple[str, ...]
) -> None:
    files, called = row
    beside = {"pool.py": "import threading\n"}
    assert (
        fixes(run, here, {"a.py": TAG, "main.py": AFTER, **files, **beside}, *paths) is not called
    )


@pytest.mark.parametrize("row", CHAINS.values(), ids=CHAINS)
def test_at_the_start_of_one_thread(run: Run, here: Path, row: tuple[Files, bool]) -> None:
    assert fixes(run, here, {"a.py": TAG, "main.py": AFTER, **row[0]})


# What beside `init()` makes a file one that the process starts with: that it uses the SDK.
STARTS = {
    "import sentry_sdk\nfrom b import setup\nsetup()\n": True,
    "import sentry_sdk\nfrom b import setup\nif __name__ == '__main__':\n    setup()\n": True,
    "import sentry_sdk\nfrom b import setup\ndef run():\n    setup()\nrun()\n": True,
    "import sentry_sdk\nfrom b import setup\ndef run():\n    setup()\n": False,
    "import sentry_sdk\nfrom b import setup\nrun(setup)\n": False,
    "from b import setup\nsetup()\n": False,
}


@pytest.mark.parametrize("paths", [(), ("a.py",)], ids=["all files", "one file"])
@pytest.mark.parametrize("link", [name for name, (_, called) in CHAINS.items() if called])
@pytest.mark.parametrize(("main", "starts"), STARTS.items())
def test_a_start_without_init(
    run: Run, here: Path, main: str, starts: bool, link: str, paths: tuple[str, ...]
) -> None:
    files = {"a.py": TAG, "main.py": main, "pool.py": "import threading\n", **CHAINS[link][0]}
    assert fixes(run, here, files, *paths) is not starts


@pytest.mark.parametrize("main", ["import sentry_sdk, b\nsentry_sdk.init()\n", ""])
def test_never(run: Run, here: Path, main: str) -> None:
    assert fixes(run, here, {"a.py": TAG, "main.py": main, **CHAINS["by name"][0]})


def test_a_method_of_the_class_that_uses_the_sdk(run: Run, here: Path) -> None:
    files = {"a.py": METHOD, "main.py": BEFORE, "b.py": "import a\ndef setup(): a.App().boot()\n"}
    assert not fixes(run, here, files)


def test_the_place_is_told(run: Run, here: Path) -> None:
    write_tree(here, {**PROJECT, "a.py": TAG, "main.py": BEFORE, **CHAINS["four files"][0]})
    text = run("check", "--output-format", "json").text
    assert "`tag()` is called in d.py:2, before `init()`" in text


# What main.py does, where x.py calls a function of its own, or of others, when it is imported.
CALLS = TAG + "tag()\n"
FROM_ANOTHER = {"a.py": TAG, "x.py": "import a\na.tag()\n"}
IMPORTS: dict[str, tuple[Files, str, bool]] = {
    "before": ({"a.py": CALLS}, "import a\nsentry_sdk.init()\n", True),
    "a name of it": ({"a.py": CALLS}, "from a import tag\nsentry_sdk.init()\n", True),
    "a star": ({"a.py": CALLS}, "from a import *\nsentry_sdk.init()\n", True),
    "in a function": ({"a.py": CALLS}, "def main():\n    import a\n    sentry_sdk.init()\n", True),
    "at the top": (
        {"a.py": CALLS},
        "import a\ndef main():\n    sentry_sdk.init()\nif __name__ == '__main__':\n    main()\n",
        True,
    ),
    "where it may fail": ({"a.py": CALLS}, "try:\n    import a\nfinally:\n    sentry_sdk.init()\n", True),
    "through another": ({"a.py": CALLS, "x.py": "import a\n"}, "import x\nsentry_sdk.init()\n", True),
    "through a package": (
        {"a.py": CALLS, "p/__init__.py": "", "p/x.py": "from a import tag\n"},
        "import p.x\nsentry_sdk.init()\n",
        True,
    ),
    "a package's own": (
        {"a.py": CALLS, "p/__init__.py": "import a\n", "p/x.py": ""},
        "from p import x\nsentry_sdk.init()\n",
        True,
    ),
    "a module of a package": (
        {"a.py": CALLS, "p/__init__.py": "", "p/x.py": "from .. import a\n"},
        "from p import x\nsentry_sdk.init()\n",
        True,
    ),
    "by a function that is called": (
        {"a.py": CALLS, "x.py": "def go():\n    import a\n"},
        "import x\nx.go()\nsentry_sdk.init()\n",
        True,
    ),
    "a function of another": (FROM_ANOTHER, "import x\nsentry_sdk.init()\n", True),
    "a function of another, on several lines": (
        {"__init__.py": "", "a.py": TAG, "x.py": "from . import (\n    a,\n)\na.tag()\n"},
        "import x\nsentry_sdk.init()\n",
        True,
    ),
    "a function of another, on one line": (
        {"a.py": TAG, "x.py": "if True: import a\na.tag()\n"},
        "import x\nsentry_sdk.init()\n",
        True,
    ),
    "a function of another, behind a statement": (
        {"a.py": TAG, "x.py": "x = 1; import a\na.tag()\n"},
        "import x\nsentry_sdk.init()\n",
        True,
    ),
    "a function of a module that another has": (
        {"a.py": TAG, "b.py": "import a\n", "x.py": "import b\nb.a.tag()\n"},
        "import x\nsentry_sdk.init()\n",
        True,
    ),
    "a function of its package": (
        {"a.py": TAG, "p/__init__.py": "from a import tag\n", "p/x.py": "from . import tag\ntag()\n"},
        "from p import x\nsentry_sdk.init()\n",
        True,
    ),
    "a function of the package above": (
        {"p/__init__.py": "def tag(): pass\n", "a.py": TAG, "p/x.py": "from . import tag\ntag()\n"},
        "import p.x\nsentry_sdk.init()\n",
        False,
    ),
    "the words of a call": (
        {"a.py": TAG, "x.py": "import b\n# a.tag()\nb.tag()\n", "b.py": "def tag(): pass\n"},
        "import x\nsentry_sdk.init()\n",
        False,
    ),
    "a function of another, through a star": (
        {"a.py": TAG, "b.py": "from a import *\n", "c.py": "from b import *\n", "x.py": "import c\nc.tag()\n"},
        "import x\nsentry_sdk.init()\n",
        True,
    ),
    "a function of another, through its own": (
        {"a.py": TAG, "x.py": "import a\ndef f(): g()\ndef g(): a.tag()\nf()\n"},
        "import x\nsentry_sdk.init()\n",
        True,
    ),
    "a function of another, through a third": (
        {"a.py": TAG, "b.py": "import a\ndef f(): g()\ndef g(): a.tag()\n", "x.py": "from b import f\nf()\n"},
        "import x\nsentry_sdk.init()\n",
        True,
    ),
    "a function of another, later": (FROM_ANOTHER, "sentry_sdk.init()\nimport x\n", False),
    "in a class": (
        {"a.py": TAG, "x.py": "import a\nclass X:\n    value = a.tag()\n"},
        "import x\nsentry_sdk.init()\n",
        True,
    ),
    "after": ({"a.py": CALLS}, "sentry_sdk.init()\nimport a\n", False),
    "after, in a function": ({"a.py": CALLS}, "def main():\n    sentry_sdk.init()\n    import a\n", False),
    "by a function that is not called": (
        {"a.py": CALLS, "x.py": "def go():\n    import a\n"},
        "import x\nsentry_sdk.init()\n",
        False,
    ),
    "never": ({"a.py": CALLS}, "sentry_sdk.init()\n", False),
    "no init": ({"a.py": CALLS}, "import a\n", False),
    "not called": ({"a.py": TAG}, "import a\nsentry_sdk.init()\n", False),
    "only as a program": (
        {"a.py": TAG + "if __name__ == '__main__':\n    tag()\n"},
        "import a\nsentry_sdk.init()\n",
        False,
    ),
    "another only as a program": (
        {"a.py": TAG, "x.py": "import a\nif __name__ == '__main__':\n    a.tag()\n"},
        "import x\nsentry_sdk.init()\n",
        False,
    ),
    "for a type checker": (
        {"a.py": CALLS},
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\nsentry_sdk.init()\n",
        False,
    ),
    "a module of that name elsewhere": (
        {"a.py": CALLS, "p/__init__.py": "", "p/a.py": "", "p/x.py": "from . import a\n"},
        "import p.x\nsentry_sdk.init()\n",
        False,
    ),
    "its own init": ({"a.py": TAG + "sentry_sdk.init()\ntag()\n"}, "import a\nsentry_sdk.init()\n", False),
}  # fmt: skip


@pytest.mark.parametrize("paths", [(), ("a.py",)], ids=["all files", "one file"])
@pytest.mark.parametrize("row", IMPORTS.values(), ids=IMPORTS)
def test_calls_of_a_module_that_is_imported(
    run: Run, here: Path, row: tuple[Files, str, bool], paths: tuple[str, ...]
) -> None:
    files, main, early = row
    main = f"import sentry_sdk\n{main}"
    assert fixes(run, here, {**files, "main.py": main}, *paths) is not early


@pytest.mark.parametrize("name", ["logging", "json", "types"])
def test_a_module_of_pythons_own_is_no_file_of_the_project(run: Run, here: Path, name: str) -> None:
    files = {
        "a.py": TAG,
        f"{name}.py": CALLS,
        "main.py": f"import sentry_sdk, {name}\nsentry_sdk.init()\n",
    }
    write_tree(here, {**PROJECT, **files})
    run("check", "--fix")
    assert (here / f"{name}.py").read_text() != CALLS


LINKS = (
    "from {next} import f{to}\ndef f{own}():\n    f{to}()\n",
    "import {next}\ndef f{own}():\n    {next}.f{to}()\n",
    "from {next} import *\ndef f{own}():\n    f{to}()\n",
    "from {next} import f{to} as f{own}\n",
    "import {next}\nf{own} = {next}.f{to}\n",
    "import {next}\nclass f{own}:\n    def __init__(self):\n        {next}.f{to}()\n",
    "def f{own}():\n    import {next}\n    def g():\n        return {next}.f{to}()\n    g()\n",
    "import {next}\nclass C{own}:\n    def m{own}(self): {next}.f{to}()\ndef f{own}(): C{own}().m{own}()\n",
)


@pytest.mark.parametrize("seed", range(30))
def test_chains_of_any_length(run: Run, here: Path, seed: int) -> None:
    """A chain of files, and another in which one link is missing."""
    chance = random.Random(seed)
    length = chance.randint(2, 8)
    files = {
        f"m{at}.py": chance.choice(LINKS).format(next=f"m{at + 1}", own=at, to=at + 1)
        for at in range(length)
    }
    main = "import sentry_sdk, m0\nm0.f0()\nsentry_sdk.init()\n"
    uses = f"m{length}.py"
    text = TAG.replace("tag():", f"f{length}():")
    whole = {**PROJECT, **files, "main.py": main, uses: text}
    gap = chance.randrange(length)
    for name, tree in (("whole", whole), ("gap", {**whole, f"m{gap}.py": f"def f{gap}(): pass\n"})):
        write_tree(here / name, tree)
        run("check", "--fix", name)
        assert ((here / name / uses).read_text() == text) is (name == "whole")
