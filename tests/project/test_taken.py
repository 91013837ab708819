"""Names that other files of a project take from a module stay in it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.conftest import inline
from sentry_migrate.cli.commands import cli
from sentry_migrate.project.taken_names import EVERYTHING, Demand, Sought, Taken, sought
from sentry_migrate.project.takers import read
from sentry_migrate.worker import pool

OBS = (
    "from sentry_sdk import push_scope\n"
    "def work():\n"
    "    with push_scope() as scope:\n"
    "        scope.set_tag('a', 'b')\n"
)
MOCK = "from unittest import mock\nfrom unittest.mock import patch\nimport pk.obs\nfrom pk import obs\n"
LOADS = "from importlib.util import *\nspec = spec_from_file_location('plug', %s)\n"

TAKES = {
    "import": "from pk.obs import push_scope\n",
    "import under another name": "from pk.obs import push_scope as p\n",
    "import in a function": "def f():\n    from pk.obs import push_scope\n",
    "import for types": "if TYPE_CHECKING:\n    from pk.obs import push_scope\n",
    "import that may fail": "try:\n    from pk.obs import push_scope\nexcept ImportError: pass\n",
    "import in parentheses": "from pk.obs import (\n    work,\n    push_scope,\n)\n",
    "import by the top of the path": "from obs import push_scope\n",
    "relative import": "from .obs import push_scope\n",
    "star": "from pk.obs import *\n",
    "relative star": "from .obs import *\n",
    "import in an example": '"""\n>>> from pk.obs import work, push_scope\n"""\n',
    "star in an example": '"""\n>>> from pk.obs import *\n"""\n',
    "attribute in an example": '"""\n>>> from pk import obs\n>>> obs.push_scope()\n"""\n',
    "dotted attribute in an example": '">>> import pk.obs; pk.obs.push_scope()"\n',
    "code in a string": "exec('from pk.obs import push_scope')\n",
    "attribute": "from pk import obs\nobs.push_scope()\n",
    "attribute of a dotted module": "import pk.obs\npk.obs.push_scope()\n",
    "attribute of a renamed module": "import pk.obs as o\no.push_scope\n",
    "attribute of a relative module": "from . import obs\nobs.push_scope\n",
    "attribute that is set": "from pk import obs\nobs.push_scope = print\n",
    "attribute of an attribute": "self.obs.push_scope()\n",
    "attribute of a variable": "from pk import obs\no = obs\no.push_scope\n",
    "attribute of an import": "import importlib\nimportlib.import_module('pk.obs').push_scope\n",
    "attribute of an import in a variable": "m = __import__('obs')\nm.push_scope\n",
    "attribute of a loaded module": "import sys\nsys.modules['pk.obs'].push_scope\n",
    "getattr": "from pk import obs\ngetattr(obs, 'push_scope')\n",
    "getattr with an alternative": "from pk import obs\ngetattr(obs, 'push_scope', None)\n",
    "getattr in a loop": "from pk import obs\nfor n in ('push_scope',):\n    getattr(obs, n)\n",
    "getattr with a name from elsewhere": "from pk import obs\ndef f(n): return getattr(obs, n)\n",
    "getattr of a dotted module": "import pk.obs\ndef f(n): return getattr(pk.obs, n)\n",
    "getattr in a function": "def __getattr__(n):\n    from . import obs\n    return getattr(obs, n)\n",
    "all of vars": "from pk import obs\nprint(vars(obs))\n",
    "all of dir": "from pk import obs\nprint(dir(obs))\n",
    "all members": "import inspect\nfrom pk import obs\nfor n, o in inspect.getmembers(obs): print(n)\n",
    "members by name": "from inspect import getmembers\nimport pk.obs as o\ndict(getmembers(o))\n",
    "vars": "from pk import obs\nvars(obs)['push_scope']\n",
    "patch": MOCK + "patch('pk.obs.push_scope')\n",
    "patch as a decorator": MOCK
    + "@mock.patch('pk.obs.push_scope', autospec=True)\ndef t(): ...\n",
    "patch deeper": MOCK + "patch('pk.obs.push_scope.cache')\n",
    "patch.object": MOCK + "patch.object(obs, 'push_scope')\n",
    "patch.object by keyword": MOCK + "patch.object(target=obs, attribute='push_scope')\n",
    "patch.multiple": "from unittest.mock import patch\npatch.multiple('pk.obs', push_scope=1)\n",
    "patch.multiple by module": MOCK + "patch.multiple(obs, push_scope=mock.DEFAULT)\n",
    "patch.multiple by dictionary": MOCK + "patch.multiple(obs, **{'push_scope': 1})\n",
    "patch.dict": MOCK
    + "patch.dict('pk.obs.__dict__', push_scope=1)\npatch.dict(vars(obs), push_scope=1)\n",
    "setattr": "from pk import obs\ndef t(monkeypatch):\n    monkeypatch.setattr(obs, 'push_scope', 1)\n",
    "setattr by path": "def t(monkeypatch):\n    monkeypatch.setattr('pk.obs.push_scope', 1)\n",
    "mocker": "def t(mocker):\n    mocker.patch('pk.obs.push_scope')\n",
    "spy": "from pk import obs\ndef t(mocker):\n    mocker.spy(obs, 'push_scope')\n",
    "path in pieces": "M = 'pk.obs'\ndef t(mocker):\n    mocker.patch(f'{M}.push_scope')\n",
    "path with a percent sign": "def t(mocker, m):\n    mocker.patch('%s.push_scope' % m)\n",
    "path that is added up": "M = 'pk.obs'\ndef t(mocker):\n    mocker.patch(M + '.push_scope')\n",
    "entry point": "ENTRY = 'pk.obs:push_scope'\n",
    "a file that is run": "import runpy\nns = runpy.run_path('pk/obs.py')\nns['push_scope']()\n",
    "a file that is run for others": "from runpy import run_path\nns = run_path(f'{ROOT}/pk/obs.py')\n",
    "a file that is loaded": LOADS % "HERE / 'pk' / 'obs.py'",
    "a file that is loaded by another name": LOADS % "os.path.join(HERE, 'obs.py')"
    + "m = module_from_spec(spec)\nspec.loader.exec_module(m)\nm.push_scope()\n",
    "a file that a loader loads": "m = SourceFileLoader('plug', 'pk\\\\obs.py').load_module()\n",
    "code of a file": "with open('pk/obs.py') as f:\n    exec(compile(f.read(), 'x', 'exec'), ns)\n",
    "code of a file in a variable": "FILE = 'pk/obs.py'\ndef f():\n    exec(Path(FILE).read_text())\n",
    "no Python": "from pk.obs import push_scope\nif\n",
    "Python 2": "from pk.obs import push_scope\nprint push_scope\n",
}
LEAVES = {
    "getattr of something else": "from pk import other as obs\ndef f(n): return getattr(obs, n)\n",
    "getattr with another name": "from pk import obs\ngetattr(obs, 'work')\n",
    "members of something else": "from inspect import getmembers\nfrom pk import obs\ngetmembers(obs.C)\n",
    "members of another module": "import inspect\nfrom pk import other\nimport pk.obs\ninspect.getmembers(other)\n",
    "another function of that name": "from pk import obs\nx.getmembers(obs)\nobs.dir()\n",
    "a sentence": '"""Do not import push_scope from there, nor work."""\n',
    "another module in an example": '">>> from pk.other import push_scope; import pk.obs"\n',
    "another name in an example": '">>> from pk.obs import work; import pk.obs; pk.obs.work()"\n',
    "the SDK in an example": '">>> import sentry_sdk, pk.obs; sentry_sdk.push_scope()"\n',
    "another name": "from pk.obs import work\n",
    "another module": "from pk.other import push_scope\n",
    "another relative module": "from .other import push_scope\n",
    "a relative module elsewhere": "from ..obs import push_scope\n",
    "the SDK's own": "from sentry_sdk import push_scope\nimport pk.obs\npush_scope()\n",
    "the SDK's own attribute": "import sentry_sdk\nimport pk.obs\nsentry_sdk.push_scope()\n",
    "a hub's": "from sentry_sdk import Hub\nimport pk.obs\nHub.current.push_scope()\n",
    "a hub's in a variable": "from sentry_sdk import Hub\nimport pk.obs\nh = Hub.current\nh.push_scope()\n",
    "a hub's that is given": "from pk.obs import work\ndef f(hub):\n    hub.push_scope()\n",
    "the SDK's own, patched": MOCK + "patch('sentry_sdk.push_scope')\n",
    "the SDK's own, patched as an object": MOCK
    + "import sentry_sdk\npatch.object(sentry_sdk, 'push_scope')\n",
    "another module's, patched": MOCK + "patch('pk.other.push_scope')\n",
    "another module's, patched as an object": "import pk.other\ngetattr(pk.other, 'push_scope')\n",
    "another module's star": "from pk.other import *\nimport pk.obs\n",
    "a comment": "import pk.obs  # push_scope\n",
    "words": "import pk.obs\n'''No push_scope here.'''\nprint('the old push_scope')\n",
    "a variable": "import pk.obs\npush_scope = 1\nprint(push_scope)\n",
    "a parameter": "import pk.obs\ndef f(push_scope): ...\n",
    "a path to a file": "F = 'obs.py'\ndef f(hub):\n    hub.push_scope()\n",
    "another file that is run": "import runpy\nimport pk.obs\nns = runpy.run_path('pk/other.py')\n",
    "a file whose name ends alike": "import runpy\nimport pk.obs\nrunpy.run_path('pk/my_obs.py')\n",
    "a file of another kind": "import pk.obs\nexec(open('pk/obs.pyx').read())\n",
    "another file that is loaded": "import pk.obs\n" + LOADS % "'pk/other.py'",
    "a file that is read": "TEXT = open('pk/obs.py').read()\n",
    "a file that is told of": "import runpy\nrunpy.run_path('pk/other.py')  # pk/obs.py\n'like obs.py'\n",
    "code that is no file": "from pk import obs\nexec('x = 1')\n",
    "an argument": "from pk import obs\nregister(name, obs)\nf(obs, 'push')\n",
    "a part of a word": "from pk.obs import push_scopes\n",
    "no Python, and another module": "from pk.other import push_scope\nif\n",
}


def demand(tmp_path: Path, files: dict[str, str]) -> frozenset[str]:
    """What the files take of `pk/obs.py`."""
    obs = str(tmp_path / "pk/obs.py")
    what = sought([(obs, ("push_scope",))])
    found: dict[str, Taken] = {}
    for name, text in files.items():
        path = str(tmp_path / name)
        if one := read(path, text.encode(), what):
            found[path] = one
    return Demand.of(found).names(obs)


@pytest.mark.parametrize("text", TAKES.values(), ids=TAKES)
def test_it_is_taken(text: str, tmp_path: Path) -> None:
    assert demand(tmp_path, {"pk/use.py": text}) & {"push_scope", EVERYTHING}


@pytest.mark.parametrize("text", LEAVES.values(), ids=LEAVES)
def test_it_is_not_taken(text: str, tmp_path: Path) -> None:
    assert not demand(tmp_path, {"pk/use.py": text})


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (OBS + "globals()['push_scope']\n", True),
        (OBS + "import sys\ngetattr(sys.modules[__name__], 'push_scope')\n", True),
        (OBS + "print('push_scope')\n", False),
        (OBS, False),
    ],
)
def test_a_module_takes_from_itself(text: str, taken: bool, tmp_path: Path) -> None:
    assert bool(demand(tmp_path, {"pk/obs.py": text})) is taken


def test_another_name_of_the_module_in_another_file(tmp_path: Path) -> None:
    files = {
        "pk/helpers.py": "import pk.obs as o\n",
        "pk/more.py": "from pk.helpers import o as again\n",
        "use.py": "from pk.helpers import o\no.push_scope()\n",
    }
    assert demand(tmp_path, files) == {"push_scope"}


RENAMES = {
    "in sys.modules": "import sys\nfrom pk import obs\nsys.modules['compat'] = obs\n",
    "in sys.modules, deeper": "import sys\nfrom . import obs\nsys.modules['pk.compat'] = obs\n",
    "below its own name": "import sys\nfrom . import obs\nsys.modules[__name__ + '.compat'] = obs\n",
    "in an f-string": "import sys\nimport pk.obs\nsys.modules[f'{__name__}.compat'] = pk.obs\n",
    "with a percent sign": "import sys\nimport pk.obs\nsys.modules['%s.compat' % __name__] = pk.obs\n",
    "that is imported there": "import sys\nsys.modules['compat'] = import_module('pk.obs')\n",
    "that is imported before": "import sys\nm = __import__('pk.obs')\nsys.modules['compat'] = m\n",
    "that is found there": "import sys\nsys.modules['compat'] = sys.modules['pk.obs']\n",
    "a renamed one": "import sys, pk.obs as o\nsys.modules['compat'] = o\n",
    "from modules": "from sys import modules\nfrom pk import obs\nmodules['compat'] = obs\n",
    "by a default": "import sys\nfrom pk import obs\nsys.modules.setdefault('compat', obs)\n",
    "by an update": "import sys\nfrom pk import obs\nsys.modules.update({'compat': obs})\n",
    "by a keyword": "import sys\nfrom pk import obs\nsys.modules.update(compat=obs)\n",
    "in a loop": "import sys\nfrom pk import obs\n"
    "for n, m in {'compat': obs}.items(): sys.modules[n] = m\n",
    "in a test": "import sys\nfrom pk import obs\nmp.setitem(sys.modules, 'compat', obs)\n",
    "as an attribute": "from . import obs\ncompat = obs\n",
    "as an attribute of another": "import pk\nfrom pk import obs\npk.compat = obs\n",
    "by setattr": "import pk\nfrom pk import obs\nsetattr(pk, 'compat', obs)\n",
    "by a computed name": "import sys\nfrom pk import obs\nsys.modules[name] = obs\n",
}
OTHERS = {
    "in sys.modules": "import sys\nfrom pk import obs\nsys.modules['other'] = obs\n",
    "another module": "import sys\nfrom pk import obs, more\nsys.modules['compat'] = more\n",
    "another module by a computed name": "import sys\nfrom pk import obs, more\nsys.modules[n] = more\n",
    "in another dictionary": "from pk import obs\nCACHE[name] = obs\n",
    "a function of it": "from pk import obs\ncompat = obs.work\n",
    "what it gives": "import sys\nfrom pk import obs\nsys.modules['compat'] = obs.work()\n",
    "one that is removed": "import sys\nfrom pk import obs\nsys.modules.pop('compat', None)\n",
    "one that is read": "import sys\nfrom pk import obs\nm = sys.modules['compat']\n",
    "as an attribute": "from . import obs\nother = obs\n",
    "a variable of that name": "import sys\nobs = 1\nsys.modules['compat'] = obs\n",
    "itself": "import sys\nsys.modules['compat'] = sys.modules[__name__]\n",
}
TAKES_COMPAT = "from pk.compat import push_scope\n"


@pytest.mark.parametrize("text", RENAMES.values(), ids=RENAMES)
def test_a_second_name_of_the_module(text: str, tmp_path: Path) -> None:
    assert demand(tmp_path, {"pk/__init__.py": text, "use.py": TAKES_COMPAT}) & {
        "push_scope",
        EVERYTHING,
    }


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_a_second_name_of_something_else(text: str, tmp_path: Path) -> None:
    assert not demand(tmp_path, {"pk/__init__.py": text, "use.py": TAKES_COMPAT})


# What a module does about names of its own, and whether others then take that of `pk.obs`.
OF_ITSELF = {
    "another name": ("pk/obs.py", "sys.modules['pk.compat'] = sys.modules[__name__]", True),
    "any name": ("pk/obs.py", "for n in NAMES: sys.modules[n] = sys.modules[__name__]", True),
    "another in its place": (
        "pk/compat.py",
        "from pk import obs\nsys.modules[__name__] = obs",
        True,
    ),
    "one of no concern": ("pk/obs.py", "sys.modules['pk.more'] = sys.modules[__name__]", False),
    "another's place": ("pk/more.py", "from pk import obs\nsys.modules[__name__] = obs", False),
    "its own again": ("pk/obs.py", "sys.modules[__name__] = sys.modules[__name__]", False),
}


@pytest.mark.parametrize(("path", "text", "taken"), OF_ITSELF.values(), ids=OF_ITSELF)
def test_a_module_has_itself_in_other_places(
    path: str, text: str, taken: bool, tmp_path: Path
) -> None:
    files = {path: f"{OBS}import sys\n{text}\n", "use.py": TAKES_COMPAT}
    assert bool(demand(tmp_path, files)) is taken


IMPORT = "from pk.obs import push_scope"
PAIR = ("pk.obs", "push_scope")
# Whether a file takes the name when it is imported, and not again.
COPIES = {
    IMPORT: True,
    f"if x:\n    {IMPORT}": True,
    f"try:\n    {IMPORT}\nexcept ImportError:\n    pass": True,
    f"try:\n    pass\nexcept ImportError:\n    {IMPORT}": True,
    f"with x:\n    for y in z:\n        {IMPORT}": True,
    f"match x:\n    case 1:\n        {IMPORT}": True,
    f"{IMPORT}\nfrom pk.other import push_scope": True,
    f"def f():\n    {IMPORT}": False,
    f"async def f():\n    {IMPORT}": False,
    f"class C:\n    {IMPORT}": False,
    f"if x:\n    def f():\n        {IMPORT}": False,
    f"{IMPORT}\ndef f():\n    {IMPORT}": False,
    f"{IMPORT}\nimport pk.obs\npk.obs.push_scope()": False,
    f"{IMPORT}\npatch('pk.obs.push_scope')": False,
    "import pk.obs\npk.obs.push_scope()": False,
}


@pytest.mark.parametrize(("text", "copied"), COPIES.items())
def test_what_is_copied(text: str, copied: bool) -> None:
    taken = read("use.py", text.encode(), Sought(("push_scope",), ("obs",)))
    assert taken is not None
    assert PAIR in taken.pairs
    assert (PAIR in taken.copied) is copied
    assert (PAIR in taken.without_copies().pairs) is not copied


# Bytes that are no Python, and the names and modules that they spell.
BROKEN: dict[bytes, tuple[tuple[str, ...], tuple[str, ...]]] = {
    b"from pk.obs import push_scope\n\xff": (("push_scope",), ("obs",)),
    b"if push_scope": (("push_scope",), ()),
    b"if obs: getattr(": ((), ("obs",)),
    b"\xffobs push_scope\xff if": ((), ()),
    b"obs_ _push_scope if": ((), ()),
}


@pytest.mark.parametrize(("data", "spelled"), BROKEN.items())
def test_what_is_no_python(data: bytes, spelled: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    taken = read("use.py", data, Sought(("push_scope",), ("obs",)))
    assert taken is not None
    assert taken == Taken(loose=spelled[0], modules=spelled[1])


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("use.txt", b"from pk.obs import push_scope\n"),
        ("use.py", b""),
        ("use.py", b"import pk.obs\n"),
        ("use.py", b"import pk.other as o\ngetattr(o, x)\n"),
        ("use.py", b"print('push scope')\n"),
    ],
)
def test_nothing_is_taken(path: str, data: bytes) -> None:
    assert read(path, data, Sought(("push_scope",), ("obs",))) is None


IMPORTS = Taken(pairs=(PAIR,), copied=(PAIR,))
LOOKS = Taken(pairs=(PAIR,))
STAR = Taken(pairs=(("pk.obs", EVERYTHING),))
# What each file takes, how many take the name, and which of them see what becomes of it.
DEMANDS: dict[str, tuple[dict[str, Taken], int, set[str]]] = {
    "nobody": ({}, 0, set()),
    "nothing": ({"a.py": Taken()}, 0, set()),
    "an import": ({"a.py": IMPORTS}, 1, set()),
    "a look": ({"a.py": LOOKS}, 1, {"a.py"}),
    "both": ({"a.py": IMPORTS, "b.py": LOOKS}, 2, {"b.py"}),
    "a star and a look": ({"a.py": STAR, "b.py": LOOKS}, 2, {"a.py", "b.py"}),
    "another name": ({"a.py": Taken(pairs=(("pk.obs", "work"),))}, 0, set()),
    "another module": ({"a.py": Taken(pairs=(("obs.pk", "push_scope"),))}, 0, set()),
    "from beside": ({"pk/a.py": Taken(pairs=((".obs", "push_scope"),))}, 1, {"pk/a.py"}),
    "from beside another": ({"a.py": Taken(pairs=((".obs", "push_scope"),))}, 0, set()),
    "anywhere": ({"a.py": Taken(anywhere=("push_scope",))}, 1, {"a.py"}),
    "some name of the module": ({"a.py": Taken(loose=("push_scope",), modules=("obs",))}, 1, {"a.py"}),
    "some name of another": ({"a.py": Taken(loose=("push_scope",), modules=("pk",))}, 0, set()),
    "some name of none": ({"a.py": Taken(loose=("push_scope",))}, 0, set()),
    "its own": ({"pk/obs.py": Taken(own=("push_scope",))}, 1, {"pk/obs.py"}),
    "another's own": ({"a.py": Taken(own=("push_scope",))}, 0, set()),
    "another name of the module": (
        {"a.py": Taken(aliases=(("o", "obs"),)), "b.py": Taken(pairs=(("o", "push_scope"),))},
        1,
        {"b.py"},
    ),
    "another name of that": (
        {
            "a.py": Taken(aliases=(("o", "obs"), ("again", "o"))),
            "b.py": Taken(pairs=(("again", "push_scope"),)),
        },
        1,
        {"b.py"},
    ),
    "another name of another": (
        {"a.py": Taken(aliases=(("o", "pk"),)), "b.py": Taken(pairs=(("o", "push_scope"),))},
        0,
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "many", "watching"), DEMANDS.values(), ids=DEMANDS)
def test_who_takes_a_name(
    files: dict[str, Taken], many: int, watching: set[str], tmp_path: Path
) -> None:
    obs = str(tmp_path / "pk/obs.py")
    known = Demand.of({str(tmp_path / name): taken for name, taken in files.items()})
    takers = {name: files for name, files, _ in known.from_module(obs)}
    assert takers.get("push_scope", 0) == many
    assert known.takes("push_scope", obs) is (many > 0)
    assert known.watching(obs, "push_scope") == {str(tmp_path / name) for name in watching}
    for name in files:
        known.renew(str(tmp_path / name), Taken())
    assert not known.takes("push_scope", obs)
    assert known.known_as(obs) == {"", "obs", str(tmp_path / "pk/obs")}


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (Taken(), Taken(), set()),
        (LOOKS, LOOKS, set()),
        (LOOKS, IMPORTS, set()),
        (Taken(), LOOKS, {"obs"}),
        (LOOKS, Taken(), {"obs"}),
        (LOOKS, STAR, {"obs"}),
        (Taken(), Taken(anywhere=("push_scope",)), {""}),
        (LOOKS, Taken(pairs=(PAIR, ("pk.other", "work"))), {"other"}),
    ],
)
def test_what_a_change_concerns(before: Taken, after: Taken, changed: set[str]) -> None:
    known = Demand.of({"a.py": before})
    assert known.renew("a.py", after) == changed
    assert known.names("obs.py") == Demand.of({"a.py": after}).names("obs.py")


def write(directory: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


PROJECT = {"pyproject.toml": "", "pk/__init__.py": "", "pk/obs.py": OBS}


@pytest.mark.parametrize("paths", [("pk/obs.py",), (".",), ("pk",)])
@pytest.mark.parametrize("kind", ["import", "patch.object", "star", "no Python"])
@pytest.mark.parametrize("where", ["pk/use.py", "tests/test_use.py", "excluded/use.py"])
def test_an_import_that_others_need_stays(
    kind: str, where: str, paths: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"pyproject.toml": "[tool.sentry-migrate]\nextend-exclude = ['excluded/']\n"}
    write(tmp_path, PROJECT | settings | {where: TAKES[kind]})
    monkeypatch.chdir(tmp_path)
    if kind == "patch.object":
        check("--fix", "--ignore=left-over-import", *paths)
        follows = not where.startswith("excluded") and paths[0] in (".", where.split("/")[0])
        assert imported(tmp_path) == {"new_scope" if follows else "push_scope"}
        if follows:
            return
    for _ in range(2):
        check("--fix", "--unsafe-fixes", "--ignore=left-over-import", *paths)
        # Whoever takes everything may have another `new_scope`.
        assert imported(tmp_path) == {"push_scope", *(["new_scope"] if kind != "star" else [])}


@pytest.mark.parametrize("kind", ["another name", "the SDK's own attribute", "a comment"])
@pytest.mark.parametrize("where", ["pk/use.py", ".venv/use.py", "other/project/use.py"])
def test_an_import_that_nobody_needs_goes(
    kind: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, PROJECT | {where: LEAVES[kind]})
    monkeypatch.chdir(tmp_path)
    check("--fix", "pk/obs.py")
    assert imported(tmp_path) == {"new_scope"}


def test_another_project_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "one", PROJECT)
    write(tmp_path / "two", PROJECT | {"use.py": TAKES["import"]})
    monkeypatch.chdir(tmp_path)
    check("--fix", "one/pk/obs.py")
    assert imported(tmp_path / "one") == {"new_scope"}


@pytest.mark.slow
def test_standard_input(tmp_path: Path) -> None:
    write(tmp_path, PROJECT | {"use.py": TAKES["import"]})
    command = [sys.executable, "-m", "sentry_migrate", "check", "--fix", "-"]
    run = subprocess.run(
        [*command, "--stdin-filename", "pk/obs.py"],
        input=OBS.encode(),
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert b"from sentry_sdk import new_scope, push_scope\n" in run.stdout


def test_what_is_asked_for_alone_finds_its_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use = "from pk.obs import push_scope\ndef f():\n    with push_scope():\n        pass\n"
    write(tmp_path, PROJECT | {"use.py": use})
    monkeypatch.chdir(tmp_path)
    assert check("use.py") == 1


def check(*arguments: str) -> int:
    ran = CliRunner().invoke(cli, ["check", *arguments])
    return ran.exit_code


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool.Pool, "run", inline)


def imported(directory: Path) -> set[str]:
    text = (directory / "pk/obs.py").read_text()
    names = re.search(r"from sentry_sdk import (.*)", text)
    assert names is not None
    return set(names.group(1).split(", "))
