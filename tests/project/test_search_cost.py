"""What is followed through the files of a project costs what the project has, not more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pytest

from counting import calls
from sentry_migrate.plan import Plan, Site, member_key
from sentry_migrate.project.call_search import CallSearch

Files = Mapping[str, bytes]
INIT = b"import sentry_sdk\ndef f(): sentry_sdk.init()\n"
NOTE = b"import sentry_sdk\ndef f(): sentry_sdk.set_tag('a', 'b')\n"


def chain(n: int, text: str, end: bytes) -> Files:
    found = {f"/p/m{at}.py": text.format(at, at + 1).encode() for at in range(n)}
    return {**found, f"/p/m{n}.py": end}


SHAPES: dict[str, Callable[[int], Files]] = {
    "a chain to init()": lambda n: chain(n, "import m{1}\ndef f(): m{1}.f()\n", INIT),
    "a chain of imports": lambda n: chain(
        n, "import m{1}\n", b"import sentry_sdk\nsentry_sdk.init()\n"
    ),
    "a chain of methods": lambda n: chain(
        n,
        "from m{1} import C{1}\nclass C{0}:\n    def f{0}(self): C{1}().f{1}()\n",
        INIT.replace(b"f()", f"f{n}()".encode()),
    ),
    "many that call it": lambda n: {
        "/p/conf.py": INIT,
        **{f"/p/m{at}.py": b"import conf\nconf.f()\n" for at in range(n)},
    },
    "a chain of members": lambda n: chain(
        n,
        "from m{1} import f as g\ndef f(): g()\nclass C:\n    def __str__(self): f()\n",
        NOTE,
    ),
    "a chain of members that do nothing": lambda n: chain(
        n,
        "from m{1} import f as g\ndef f(): g()\nclass C:\n    def __str__(self): f()\n",
        b"def f(): pass\n",
    ),
    "each calls all": lambda n: {
        f"/p/m{at}.py": b"class C:\n    def __str__(self): self.x.go()\n    def go(self): self.y.go()\n"
        for at in range(n)
    },
    "each hands its own to all": lambda n: {
        **chain(
            n,
            "import m{1}\ndef g{0}(): pass\ndef f(x): x.create(g{0})\n"
            "class C:\n    def create(self, *rest):\n        m{1}.f(self.x)\n        self.x.create(*rest)\n",
            b"def f(x): pass\n",
        ),
        "/p/app.py": b"import sentry_sdk, m0, tags\nm0.f(1)\ntags.tag()\nsentry_sdk.init()\n",
        "/p/tags.py": b"def tag(): pass\n",
    },
}


def work(files: Files) -> None:
    search, plan = CallSearch(files, files.get), Plan()
    search.want(["tags.tag"])
    search.follow(plan)
    kinds = [member_key("__str__")]
    found: list[tuple[str, Site]] = list(search.sites(kinds, ()))
    assert len(found) <= 2


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_twice_the_files_cost_about_twice(shape: Callable[[int], Files]) -> None:
    work(shape(3))
    small, large = shape(40), shape(80)
    assert calls(partial(work, large)) < 2.6 * calls(partial(work, small))
