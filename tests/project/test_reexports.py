"""Names of the SDK that a project's own modules hand on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path, PurePath

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.project.modules import module_of
from sentry_migrate.project.reexports import ReexportIndex, collect
from sentry_migrate.project.taken_names import EVERYTHING, Demand, Taken
from sentry_migrate.text.source import Source

SERVER = Path(__file__).parents[2] / "server"

TREE = {
    "app/__init__.py": "",
    "app/obs.py": "from sentry_sdk import Hub, configure_scope, push_scope\n",
    "app/sub/__init__.py": "from ..obs import configure_scope\n",
    "app/sub/views.py": (
        "import sentry_sdk\n"
        "from ..obs import push_scope as push\n"
        "def view(order):\n"
        "    with push() as scope:\n"
        "        scope.set_tag('order', order)\n"
        "        sentry_sdk.capture_message('x')\n"
    ),
    "app/sub/admin.py": (
        "from . import configure_scope\n\n\n"
        "def admin(user):\n"
        "    with configure_scope() as scope:\n"
        "        scope.set_user(user)\n"
    ),
    "app/compat.py": "try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = None\n",
    "app/optional.py": (
        "from .compat import sentry_sdk\n"
        "def note(order):\n"
        "    if sentry_sdk:\n"
        "        with sentry_sdk.push_scope() as scope:\n"
        "            scope.set_tag('order', order)\n"
        "            sentry_sdk.capture_message('x')\n"
    ),
    "app/own.py": "class Hub:\n    pass\ndef push_scope():\n    pass\n",
    "app/uses_own.py": "from .own import push_scope\nwith push_scope():\n    pass\n",
    "test_app.py": (
        "def test_it(monkeypatch):\n"
        "    monkeypatch.setattr('app.sub.configure_scope', print)\n"
        "    monkeypatch.setattr('app.own.push_scope', print)\n"
    ),
    "broken.py": "from sentry_sdk import push_scope\nif\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in TREE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def bytes_of(tree: Path) -> list[tuple[str, bytes]]:
    return [(str(path), path.read_bytes()) for path in sorted(tree.rglob("*.py"))]


def named(reexports: ReexportIndex) -> dict[str, str]:
    return {f"{one.module}.{one.name}": one.origin for one in reexports.names if one.origin}


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("broken.py", "broken"),
        ("app/__init__.py", "app"),
        ("app/obs.py", "app.obs"),
        ("app/sub/views.py", "app.sub.views"),
    ],
)
def test_the_name_of_a_module(tree: Path, file: str, module: str) -> None:
    assert module_of(str(tree / file)) == module


def test_what_is_handed_on(tree: Path) -> None:
    names = named(collect(bytes_of(tree)))
    assert {name for name in names if name.startswith("app.")} == {
        "app.obs.Hub",
        "app.obs.configure_scope",
        "app.obs.push_scope",
        "app.sub.admin.configure_scope",
        "app.sub.configure_scope",
        "app.sub.views.push",
    }
    assert names["app.sub.admin.configure_scope"] == "sentry_sdk.configure_scope"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("from sentry_sdk import push_scope", {"push_scope"}),
        ("from sentry_sdk import push_scope as push", {"push"}),
        ("import sentry_sdk", {"sentry_sdk"}),
        ("import sentry_sdk.hub", {"sentry_sdk"}),
        ("import sentry_sdk as sentry", {"sentry"}),
        ("if DEBUG:\n    from sentry_sdk import push_scope", {"push_scope"}),
        ("try:\n    from sentry_sdk import Hub\nexcept ImportError:\n    raise", {"Hub"}),
        (
            "try:\n    from sentry_sdk import Hub\nexcept ImportError:\n"
            "    from sentry_sdk import Hub",
            {"Hub"},
        ),
        ("push_scope = 1", set()),
        ("from raven import push_scope", set()),
        ("def f():\n    from sentry_sdk import push_scope", set()),
        ("class A:\n    from sentry_sdk import push_scope", set()),
        ("from sentry_sdk import push_scope\npush_scope = wrapped(push_scope)", set()),
        ("from sentry_sdk import push_scope\nfor push_scope in ():\n    pass", set()),
        ("from sentry_sdk import push_scope\nwith x as push_scope:\n    pass", set()),
        ("from sentry_sdk import push_scope\ndef push_scope(): ...", set()),
        ("from sentry_sdk import Hub\nclass Hub(Hub): ...", set()),
        ("from sentry_sdk import Hub\ndel Hub", set()),
        ("try:\n    from sentry_sdk import Hub\nexcept ImportError:\n    Hub = None", set()),
        (
            "try:\n    from sentry_sdk import push_scope\nexcept ImportError:\n"
            "    def push_scope():\n        yield",
            set(),
        ),
        (
            "try:\n    from sentry_sdk import Hub\nexcept ImportError:\n    from fakes import Hub",
            set(),
        ),
        ("try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = None", {"sentry_sdk"}),
        ("sentry_sdk: Any = None\nif DSN:\n    import sentry_sdk", {"sentry_sdk"}),
        ("try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = Fake()", set()),
        ("try:\n    import sentry_sdk\nexcept ImportError:\n    import fake as sentry_sdk", set()),
        ("try:\n    import sentry_sdk\nexcept ImportError:\n    class sentry_sdk: ...", set()),
        ("import sentry_sdk\nsentry_sdk = wrapped(sentry_sdk)", set()),
        ("def f():\n    import sentry_sdk", set()),
        ("sentry_sdk = None", set()),
    ],
)
def test_what_a_module_hands_on(text: str, names: set[str]) -> None:
    demand = Demand.of({"user.py": Taken((("obs", EVERYTHING),))})
    reexports = collect([("obs.py", text.encode())], demand=demand)
    assert set(named(reexports)) == {f"obs.{name}" for name in names}


@pytest.mark.parametrize(
    ("file", "spelled"),
    [
        ("app/own.py", set()),
        ("app/uses_own.py", set()),
        ("app/sub/views.py", {"..obs.push_scope"}),
        ("test_app.py", {"app.sub.configure_scope", ".app.sub.configure_scope"}),
    ],
)
def test_what_concerns_a_file(tree: Path, file: str, spelled: set[str]) -> None:
    reexports = collect(bytes_of(tree))
    assert set(reexports.concerning(str(tree / file), (tree / file).read_bytes())) == spelled


SDK = "from sentry_sdk import push_scope\n"
OWN = "def push_scope(): ...\n"
COMMON, APP = "from common import push_scope", "from app.obs import push_scope"
TWO_COMMONS = {"services/a/common.py": SDK, "services/b/common.py": OWN}
TWO_APPS = {
    "x/app/__init__.py": "",
    "x/app/obs.py": SDK,
    "y/app/__init__.py": "",
    "y/app/obs.py": OWN,
}
SRC = {"src/app/__init__.py": "", "src/app/obs.py": SDK}
TOP = {"app/__init__.py": "", "app/obs.py": SDK}
BACKEND = {f"backend/{name}": text for name, text in TOP.items()}
SPACES = {"app/sub/obs.py": SDK}  # no __init__.py


@pytest.mark.parametrize(
    ("files", "file", "text", "followed"),
    [
        pytest.param(TWO_COMMONS, "services/b/main.py", COMMON, False, id="its neighbour's own"),
        pytest.param(TWO_COMMONS, "services/a/main.py", COMMON, True, id="its neighbour's"),
        pytest.param(TWO_COMMONS, "services/main.py", COMMON, False, id="either of two"),
        pytest.param(TWO_COMMONS, "services/c/main.py", COMMON, False, id="neither is near"),
        pytest.param(
            TWO_COMMONS | {"common.py": SDK}, "services/b/main.py", COMMON, False, id="near or top"
        ),
        pytest.param(
            TWO_COMMONS | {"common.py": OWN}, "services/a/main.py", COMMON, False, id="top or near"
        ),
        pytest.param(
            TWO_COMMONS | {"services/b/common.py": SDK},
            "services/c/main.py",
            COMMON,
            True,
            id="two that agree",
        ),
        pytest.param(
            TWO_COMMONS | {"services/b/common.py": "import os\n"},
            "services/c/main.py",
            COMMON,
            False,
            id="one that never spells the name",
        ),
        pytest.param(
            TWO_COMMONS | {"services/b/common.py": "from sentry_sdk import push_scope as p\n"},
            "services/c/main.py",
            COMMON,
            False,
            id="one that hands on another name",
        ),
        pytest.param(
            TWO_COMMONS | {"services/b/common.py": "from sentry_sdk import push_scope\nif\n"},
            "services/c/main.py",
            COMMON,
            False,
            id="one that is broken",
        ),
        pytest.param(
            TWO_COMMONS | {"services/b/common/__init__.py": "", "services/b/common.py": SDK},
            "services/c/main.py",
            COMMON,
            False,
            id="one that is a package",
        ),
        pytest.param(TWO_APPS, "y/main.py", APP, False, id="another root"),
        pytest.param(TWO_APPS, "y/app/main.py", APP, False, id="another root, inside"),
        pytest.param(
            TWO_APPS, "y/app/main.py", APP.replace("app", ""), False, id="another root, relative"
        ),
        pytest.param(TWO_APPS, "x/app/main.py", APP.replace("app", ""), True, id="relative"),
        pytest.param(TWO_APPS, "x/main.py", APP, True, id="its own root"),
        pytest.param(TWO_APPS, "tests/test_app.py", APP, False, id="either root"),
        pytest.param(SRC, "tests/test_app.py", APP, True, id="src"),
        pytest.param(SRC, "tests/unit/test_app.py", APP, True, id="src, deep"),
        pytest.param(
            SRC, "tests/test_app.py", APP.replace("app", "src.app"), True, id="src is spelled"
        ),
        pytest.param(
            SRC | {"tests/app/obs.py": OWN}, "tests/test_app.py", APP, False, id="src or near"
        ),
        pytest.param(SRC | {"app/obs.py": OWN}, "tests/test_app.py", APP, False, id="src or top"),
        pytest.param(
            {f"{top}/{name}": text for name, text in SRC.items() for top in "ab"}
            | {"b/src/app/obs.py": OWN},
            "a/tests/test_app.py",
            APP,
            True,
            id="one of two with src",
        ),
        pytest.param(TOP, "scripts/run.py", APP, True, id="scripts"),
        pytest.param(TOP, "tests/test_app.py", APP, True, id="tests"),
        pytest.param(TOP, "app/main.py", APP, True, id="absolute, inside"),
        pytest.param(
            TOP, "app/main.py", "from obs import push_scope", False, id="a package is no root"
        ),
        pytest.param(TOP, "app/main.py", "from ..obs import push_scope", False, id="too high"),
        pytest.param(TOP, "app/main.py", "from .app.obs import push_scope", False, id="too low"),
        pytest.param(BACKEND, "backend/manage.py", APP, True, id="in a folder"),
        pytest.param(BACKEND, "backend/app/urls.py", APP, True, id="in a folder, inside"),
        pytest.param(BACKEND, "tests/test_app.py", APP, True, id="from outside, the only one"),
        pytest.param(
            SPACES, "main.py", "from app.sub.obs import push_scope", True, id="no __init__.py"
        ),
        pytest.param(
            SPACES,
            "tests/x/test_obs.py",
            "from app.sub.obs import push_scope",
            True,
            id="no __init__.py, from a folder",
        ),
        pytest.param(
            SPACES, "app/main.py", "from .sub.obs import push_scope", True, id="relative into it"
        ),
        pytest.param(
            SPACES, "main.py", "from other.sub.obs import push_scope", False, id="another parent"
        ),
        pytest.param(
            SPACES | {"x/app/sub/obs.py": OWN},
            "x/main.py",
            "from app.sub.obs import push_scope",
            False,
            id="no __init__.py, near or top",
        ),
        pytest.param(
            {"lib/second.py": "from common import push_scope\n"} | TWO_COMMONS,
            "lib/main.py",
            "from second import push_scope",
            False,
            id="through an unknown one",
        ),
        pytest.param(
            {"services/b/second.py": "from common import push_scope\n"} | TWO_COMMONS,
            "services/b/main.py",
            "from second import push_scope",
            False,
            id="through a look-alike",
        ),
        pytest.param(
            {"services/a/second.py": "from common import push_scope\n"} | TWO_COMMONS,
            "services/a/main.py",
            "from second import push_scope",
            True,
            id="through the right one",
        ),
        pytest.param(
            {"app/sub/__init__.py": ""} | TOP,
            "app/sub/deep.py",
            "from ..obs import push_scope",
            True,
            id="one package up",
        ),
        pytest.param(
            {"app/sub/deep/__init__.py": "", "app/__init__.py": SDK},
            "app/sub/deep/x.py",
            "from ... import push_scope",
            True,
            id="a package above",
        ),
    ],
)
def test_which_module_is_meant(
    tmp_path: Path, files: dict[str, str], file: str, text: str, followed: bool
) -> None:
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    code = f"{text}\nwith push_scope() as scope:\n    scope.set_tag('a', 1)\n"
    names = collect(bytes_of(tmp_path)).concerning(str(tmp_path / file), code.encode())
    report = analyze(Source(code), Settings(), PurePath(file), names)
    assert [one.name for one in report.findings] == ["push-scope-with"] * followed


def test_a_file_nobody_asked_about_may_be_meant(tmp_path: Path) -> None:
    """As when a hook checks the files of one commit."""
    (tmp_path / "b").mkdir()
    (tmp_path / "b/common.py").write_text(OWN)
    reexports = collect([(str(tmp_path / "a/common.py"), SDK.encode())])
    code = b"from common import push_scope"
    assert "common.push_scope" not in reexports.concerning(str(tmp_path / "b/main.py"), code)
    assert "common.push_scope" in reexports.concerning(str(tmp_path / "a/main.py"), code)


@pytest.mark.slow
def test_they_are_found_and_fixed(tree: Path) -> None:
    command = [sys.executable, "-m", "sentry_migrate", "check", "--isolated"]

    def check(*arguments: str) -> bytes:
        done = subprocess.run(
            [*command, *arguments, str(tree)], cwd=SERVER, capture_output=True, timeout=120
        )
        return done.stdout

    found = {
        (Path(item["filename"]).relative_to(tree.resolve()).as_posix(), item["name"])
        for item in json.loads(check("--output-format", "json"))
    }
    assert found == {
        ("app/obs.py", "hub-import"),
        ("app/obs.py", "left-over-import"),
        ("app/sub/__init__.py", "left-over-import"),
        ("app/optional.py", "push-scope-with"),
        ("app/sub/admin.py", "configure-scope-with"),
        ("app/sub/views.py", "push-scope-with"),
        ("broken.py", "syntax-error"),
        ("test_app.py", "mock-patch-hub"),
    }
    check("--fix", "--unsafe-fixes")
    assert "with sentry_sdk.new_scope() as scope:" in (tree / "app/sub/views.py").read_text()
    assert (tree / "app/sub/admin.py").read_text() == (
        "from sentry_sdk import get_isolation_scope\n\n\n"
        "def admin(user):\n"
        "    scope = get_isolation_scope()\n"
        "    scope.set_user(user)\n"
    )
    assert (tree / "app/optional.py").read_text() == TREE["app/optional.py"].replace("push", "new")
    assert (tree / "app/compat.py").read_text() == TREE["app/compat.py"]
    assert (tree / "test_app.py").read_text() == TREE["test_app.py"], "app.sub has no other name"
    assert (tree / "app/uses_own.py").read_text() == TREE["app/uses_own.py"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "try:\n    from app.obs import configure_scope\nexcept ImportError:\n"
            "    configure_scope = None\n{use}",
            id="an import that may fail",
        ),
        pytest.param(
            "def f(x):\n    if x:\n        from app.obs import configure_scope\n{inner}",
            id="inside, on a condition",
        ),
        pytest.param(
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
            "    from app.obs import configure_scope\n{use}",
            id="for types",
        ),
    ],
)
def test_a_new_import_stands_only_beside_one_that_always_runs(text: str) -> None:
    use = "with configure_scope() as scope:\n    scope.set_tag('a', 'b')\n"
    inner = "".join(f"    {line}" for line in use.splitlines(keepends=True))
    code = text.format(use=use, inner=inner)
    names = {"app.obs.configure_scope": "sentry_sdk.configure_scope"}
    outcome = fix(Source(code), Settings(), PurePath("view.py"), unsafe=True, reexports=names)
    assert outcome.text == code
    assert [finding.name for finding in outcome.remaining.findings] == ["configure-scope-with"]


NAMES = {
    "app.obs.push_scope": "sentry_sdk.push_scope",
    ".obs.push_scope": "sentry_sdk.push_scope",
    "app.obs.Hub": "sentry_sdk.Hub",
    "app.obs.sentry_sdk": "sentry_sdk",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from app import obs\nobs.push_scope()\n", ["obs.push_scope"]),
        ("from app import obs as o\no.push_scope()\n", ["o.push_scope"]),
        ("from . import obs\nobs.push_scope()\n", ["obs.push_scope"]),
        ("import app.obs\napp.obs.push_scope()\n", ["app.obs.push_scope"]),
        ("import app.obs as o\no.push_scope()\n", ["o.push_scope"]),
        ("import app.obs, app.db\napp.obs.push_scope()\n", ["app.obs.push_scope"]),
        ("import app.db\nimport app.obs\napp.obs.push_scope()\n", ["app.obs.push_scope"]),
        ("def f():\n    from app import obs\n    obs.push_scope()\n", ["obs.push_scope"]),
        ("from app import obs\nwith obs.push_scope() as s:\n    pass\n", ["obs.push_scope"]),
        ("from app import obs\nobs.sentry_sdk.push_scope()\n", ["obs.sentry_sdk.push_scope"]),
        ("from app import obs\nobs.Hub.current.scope\n", ["obs.Hub.current.scope"]),
        (
            "from app import obs\nhub = obs.Hub.current\nhub.scope\n",
            ["obs.Hub.current", "hub.scope"],
        ),
        ("obs.push_scope()\n", []),
        ("import app.obs\nobs.push_scope()\n", []),
        ("from app import obs\n[obs.push_scope() for obs in found]\n", []),
        ("from app import obs\nf = lambda obs: obs.push_scope()\n", []),
        ("from app import db\ndb.push_scope()\n", []),
        ("from lib import obs\nobs.push_scope()\n", []),
        ("from app import obs\nobs.pop_scope()\n", []),
        ("from app import obs\nobs.x.push_scope()\n", []),
        ("from app import obs\nobs().push_scope()\n", []),
        ("from app import obs\nx.obs.push_scope()\n", []),
        ("import app\napp.push_scope()\n", []),
        ("from app import obs\nobs = Other()\nobs.push_scope()\n", []),
        ("from app import obs\ndef f(obs):\n    obs.push_scope()\n", []),
        (
            "try:\n    from app import obs\nexcept ImportError:\n    obs = Fake()\nobs.push_scope()\n",
            [],
        ),
        ("from app import obs\nobs.push_scope = fake\nobs.push_scope()\n", []),
        ("class A:\n    from app import obs\n    def f(self):\n        obs.push_scope()\n", []),
    ],
)
def test_attributes_of_a_module(text: str, found: list[str]) -> None:
    report = analyze(Source(text), Settings(), PurePath("view.py"), NAMES)
    assert [text[one.start : one.end] for one in report.findings] == found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from app import obs\n\nwith obs.push_scope() as scope:\n    scope.set_tag('a', 'b')\n",
            "from sentry_sdk import new_scope\n\nfrom app import obs\n\n"
            "with new_scope() as scope:\n    scope.set_tag('a', 'b')\n",
        ),
        (
            "import app.obs\n\nwith app.obs.push_scope() as scope:\n    scope.set_tag('a', 'b')\n",
            "import sentry_sdk\n\nimport app.obs\n\n"
            "with sentry_sdk.new_scope() as scope:\n    scope.set_tag('a', 'b')\n",
        ),
        (
            "import sentry_sdk\nfrom app import obs\n\n"
            "with obs.push_scope() as scope:\n    scope.set_tag('a', 'b')\n",
            "import sentry_sdk\nfrom app import obs\n\n"
            "with sentry_sdk.new_scope() as scope:\n    scope.set_tag('a', 'b')\n",
        ),
    ],
)
def test_an_attribute_is_fixed(before: str, after: str) -> None:
    outcome = fix(Source(before), Settings(), PurePath("view.py"), unsafe=True, reexports=NAMES)
    assert outcome.text == after
    assert outcome.remaining.findings == ()
    assert fix(Source(after), Settings(), PurePath("view.py"), reexports=NAMES).text == after


OBS = "from sentry_sdk import push_scope\n"
USES = "with {}.push_scope() as scope:\n    scope.set_tag('a', 'b')\n"
# other files, and the imports of the one that uses the name by `o.push_scope()`: whether it is found
MODULES: dict[str, tuple[dict[str, str], str, bool]] = {
    "by another name": ({"b.py": "from p import obs as o\n"}, "from b import o\n", True),
    "through the package": (
        {"p/__init__.py": "from . import obs as o\n"},
        "from p import o\n",
        True,
    ),
    "through two": (
        {"b.py": "from p import obs\n", "d.py": "from b import obs as q\n"},
        "from d import q as o\n",
        True,
    ),
    "imported as a whole": ({"b.py": "import p.obs as o\n"}, "from b import o\n", True),
    "each other": (
        {"b.py": "from p import obs as o\nimport d\n", "d.py": "import b\n"},
        "from b import o\n",
        True,
    ),
    "another module": ({"b.py": "from p import other as o\n"}, "from b import o\n", False),
    "another module of its name": (
        {"b.py": "from r import obs as o\n", "r/__init__.py": "", "r/obs.py": "push_scope = 1\n"},
        "from b import o\n",
        False,
    ),
    "another value too": (
        {"b.py": "from p import obs as o\nif x:\n    o = None\n"},
        "from b import o\n",
        False,
    ),
    "another name": ({"b.py": "from p import obs as q\n"}, "from b import o\n", False),
}


@pytest.mark.parametrize(("files", "imports", "is_found"), MODULES.values(), ids=MODULES)
def test_a_module_that_another_hands_on(
    files: dict[str, str], imports: str, is_found: bool, tmp_path: Path
) -> None:
    text = imports + USES.format("o")
    tree = {"p/__init__.py": "", "p/obs.py": OBS, **files, "use.py": text}
    found = [(str(tmp_path / name), text.encode()) for name, text in tree.items()]
    for name, data in found:
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(data)
    names = collect(found).concerning(str(tmp_path / "use.py"), text.encode())
    report = analyze(Source(text), Settings(), PurePath("use.py"), names)
    assert bool(report.findings) == is_found


# a module's text, what it re-exports where nobody asks for the SDK itself
ALONE = {
    "from sentry_sdk import init, push_scope\n": {"push_scope": "sentry_sdk.push_scope"},
    "from sentry_sdk import push_scope as p\n": {"p": "sentry_sdk.push_scope"},
    "from sentry_sdk.api import configure_scope\n": {
        "configure_scope": "sentry_sdk.api.configure_scope",
    },
    "from sentry_sdk import init\n": {},
    "from other import push_scope\n": {},
    "from sentry_sdks import push_scope\n": {},
    "def f():\n    from sentry_sdk import push_scope\n": {},
    "import sentry_sdk\nfrom sentry_sdk import Hub, push_scope, configure_scope\n": {
        name: f"sentry_sdk.{name}" for name in ("Hub", "configure_scope", "push_scope")
    },
}


@pytest.mark.parametrize(("text", "expected"), ALONE.items())
def test_what_one_module_hands_on(text: str, expected: dict[str, str]) -> None:
    files = [("/p/app.py", text.encode()), ("/p/empty.py", b"")]
    index = collect(files, demand=Demand({}))
    assert {one.name: one.origin for one in index.names if one.origin} == expected
