"""What a test file is told of names that move, and where a mock keeps one: what
`cli/test_moved.py`, which sees whole runs, cannot tell apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sentry_migrate.plan import Move, Site, stand_in_key
from sentry_migrate.project.patched_names import PatchedNames
from sentry_migrate.project.reexports import collect
from sentry_migrate.project.taken_names import Demand, Taken, sought
from sentry_migrate.project.takers import read

VIEWS = b"from sentry_sdk import configure_scope, push_scope\n"
FILES = {
    "pyproject.toml": b"",
    "app/__init__.py": b"",
    "app/views.py": VIEWS,
    "app/shop.py": VIEWS,
    "twin.py": VIEWS,
    "src/twin.py": VIEWS,
    "app/own.py": VIEWS + b"globals()['push_scope']\n",
    "app/copies.py": b"from app.views import push_scope\n",
    "app/looks.py": b"from app import views\nviews.push_scope()\n",
    "test_a.py": b"patch('app.views.push_scope')\npatch('app.views.configure_scope')\n",
    "test_b.py": b"patch('app.views.push_scope')\n",
    "test_set.py": b"monkeypatch.setattr('app.views.push_scope', 1)\n",
    "test_shop.py": b"patch('app.shop.push_scope')\n",
    "test_both.py": b"patch('app.views.push_scope')\npatch('app.shop.push_scope')\n",
    "test_twin.py": b"patch('twin.push_scope')\n",
    "test_words.py": b"# patch app views push_scope\n",
}
PUSH = Move("push_scope", "new_scope", True)
CONFIGURE = Move("configure_scope", "get_isolation_scope", False)
P, C, S = "app.views.push_scope", "app.views.configure_scope", "app.shop.push_scope"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    monkeypatch.chdir(tmp_path)
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return lambda name: str(tmp_path / name)


@pytest.fixture
def patched(path: Callable[[str], str]) -> PatchedNames:
    python = {path(name): data for name, data in FILES.items() if name.endswith(".py")}
    names = ("push_scope", "configure_scope")
    modules = [(one, names) for one, data in python.items() if data.startswith(VIEWS)]
    what = sought(modules)
    taken = {one: read(one, data, what) or Taken() for one, data in python.items()}
    demand = Demand.of(taken)
    return PatchedNames(collect(python.items(), demand=demand), demand)


# What a module says after each analysis, and whether tests are to be told something else then.
OFFERS: dict[str, tuple[str, list[tuple[tuple[Move, ...], bool]]]] = {
    "nothing": ("views", [((), False)]),
    "nothing, and then something": ("views", [((), False), ((PUSH,), False)]),
    "one": ("views", [((PUSH,), True)]),
    "the same again": ("views", [((PUSH,), True), ((PUSH,), False), ((PUSH,), False)]),
    "more": ("views", [((PUSH,), True), ((PUSH, CONFIGURE), False)]),
    "fewer": ("views", [((PUSH, CONFIGURE), True), ((PUSH,), True), ((PUSH,), False)]),
    "none any longer": ("views", [((PUSH,), True), ((), True), ((), False)]),
    "another name instead": (
        "views",
        [((PUSH,), True), ((Move("push_scope", "isolation_scope", True),), True)],
    ),
    "what it reaches itself": ("own", [((PUSH,), False)]),
    "that and another": ("own", [((PUSH, CONFIGURE), True)]),
}


@pytest.mark.parametrize(("module", "said"), OFFERS.values(), ids=OFFERS)
def test_what_modules_offer(
    patched: PatchedNames,
    path: Callable[[str], str],
    module: str,
    said: list[tuple[tuple[Move, ...], bool]],
) -> None:
    for moves, news in said:
        assert patched.offer(path(f"app/{module}.py"), moves) is news


# By test file, what it is told, once views.py and shop.py have said this.
TOLD: list[tuple[str, tuple[Move, ...], tuple[Move, ...], tuple[tuple[str, Move], ...]]] = [
    ("test_a.py", (), (), ()),
    ("test_a.py", (), (PUSH,), ()),
    ("test_a.py", (PUSH,), (), ((P, PUSH),)),
    ("test_a.py", (CONFIGURE,), (), ((C, CONFIGURE),)),
    ("test_a.py", (PUSH, CONFIGURE), (PUSH,), ((C, CONFIGURE), (P, PUSH))),
    ("test_b.py", (CONFIGURE,), (), ()),
    ("test_b.py", (PUSH, CONFIGURE), (), ((P, PUSH),)),
    ("test_set.py", (PUSH,), (), ((P, PUSH),)),
    ("test_shop.py", (PUSH,), (), ()),
    ("test_shop.py", (PUSH,), (PUSH,), ((S, PUSH),)),
    ("test_both.py", (PUSH,), (PUSH,), ((S, PUSH), (P, PUSH))),
    ("test_twin.py", (PUSH,), (PUSH,), ()),  # of which module depends on how Python is started
    ("test_words.py", (PUSH,), (PUSH,), ()),
    ("app/copies.py", (PUSH,), (PUSH,), ()),
    ("app/looks.py", (PUSH,), (PUSH,), ()),
]


@pytest.mark.parametrize(("file", "views", "shop", "told"), TOLD)
def test_what_a_file_is_told(
    patched: PatchedNames,
    path: Callable[[str], str],
    file: str,
    views: tuple[Move, ...],
    shop: tuple[Move, ...],
    told: tuple[tuple[str, Move], ...],
) -> None:
    patched.offer(path("app/views.py"), views)
    patched.offer(path("app/shop.py"), shop)
    for twin in ("twin.py", "src/twin.py"):
        patched.offer(path(twin), (PUSH,))
    found = patched.told(path(file), FILES[file])
    assert tuple(one for one in found if not one[0].startswith(".")) == told


TESTS = ("test_a.py", "test_b.py", "test_both.py", "test_set.py")
EVERY = (*TESTS, "app/looks.py")
# The names that each file follows, and which files keep which name where it is.
FOLLOWED: dict[str, tuple[dict[str, tuple[str, ...]], set[str]]] = {
    "nobody": ({}, set()),
    "nothing": ({"test_a.py": ()}, set()),
    "what was not told": ({"test_a.py": (S, "push_scope")}, set()),
    "what is told to others": ({"test_b.py": (C,)}, set()),
    "a name that has one file": ({"test_a.py": (C,)}, set()),
    "one of several": ({"test_a.py": (P,)}, {*EVERY} - {"test_a.py"}),
    "two of several": ({"test_a.py": (P,), "test_b.py": (P,)}, {*EVERY} - {"test_a.py", "test_b.py"}),
    "all that can": (dict.fromkeys(EVERY, (P,)), {"app/looks.py"}),
}  # fmt: skip


@pytest.mark.parametrize(("followed", "staying"), FOLLOWED.values(), ids=FOLLOWED)
def test_who_keeps_a_name(
    patched: PatchedNames,
    path: Callable[[str], str],
    followed: dict[str, tuple[str, ...]],
    staying: set[str],
) -> None:
    patched.offer(path("app/views.py"), (PUSH, CONFIGURE))
    for file in EVERY:
        patched.told(path(file), FILES[file])
    for file, names in followed.items():
        patched.follow(path(file), names)
    kept = Site(stand_in_key("push_scope", "views"), 1)
    assert sorted(patched.stay()) == sorted((path(one), kept) for one in staying)
    if staying:  # somebody follows it
        pairs = {(path(file), path("app/views.py")) for file in followed if file in TESTS}
        assert set(patched.needs()) == pairs | {(b, a) for a, b in pairs}
    patched.offer(path("app/views.py"), ())
    assert list(patched.stay()) == list(patched.needs()) == []
