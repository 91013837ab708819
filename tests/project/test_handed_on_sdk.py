"""The SDK itself, handed on by a project's own modules: `from app.compat import sentry_sdk`."""

from __future__ import annotations

import itertools
from pathlib import Path, PurePath

import pytest

from sentry_migrate.cli.project_context import Project, Surroundings
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source
from sentry_migrate.worker.frames import Check

# what: how a module has the SDK, under the name `{name}`
HAVING = {
    "plain": "import sentry_sdk{rename}\n",
    "or None": "try:\n    import sentry_sdk{rename}\nexcept ImportError:\n    {name} = None\n",
    "or None, with a type": "{name}: Any = None\ntry:\n    import sentry_sdk{rename}\nfinally:\n    pass\n",
    "where it is wanted": "if DSN:\n    import sentry_sdk{rename}\nelse:\n    {name} = None\n",
}  # fmt: skip
BY_CALL = "import importlib\n{name} = importlib.import_module('sentry_sdk')\n"
# what: how another file takes it, and what it calls it then
TAKING = {
    "by name": ("from app.compat import {name}", "{name}"),
    "from beside": ("from .compat import {name}", "{name}"),
    "under another name": ("from .compat import {name} as s", "s"),
    "among others": ("from app.compat import (\n    other,\n    {name},\n)", "{name}"),
    "or not at all": ("try:\n    from .compat import {name}\nexcept ImportError:\n    {name} = None", "{name}"),
    "with everything": ("from .compat import *", "{name}"),
    "with the module": ("from app import compat", "compat.{name}"),
    "with the module, from beside": ("from . import compat as c", "c.{name}"),
    "with the package": ("import app.compat", "app.compat.{name}"),
    "through another module": ("from app.passing import sentry_sdk as s", "s"),
}  # fmt: skip
# what: a use of it, and what becomes of it
USES = {
    "a block": (
        "def f(x):\n    with {sdk}.push_scope() as scope:\n        scope.set_tag('x', x)\n        {sdk}.capture_message('m')\n",
        "def f(x):\n    with {sdk}.new_scope() as scope:\n        scope.set_tag('x', x)\n        {sdk}.capture_message('m')\n",
    ),
    "a hub": (
        "def f():\n    {sdk}.Hub.current.capture_message('m')\n",
        "def f():\n    {sdk}.capture_message('m')\n",
    ),
    "a use that may not be": (
        "def f(x):\n    if {sdk}:\n        with {sdk}.configure_scope() as scope:\n            scope.set_tag('x', x)\n",
        "def f(x):\n    if {sdk}:\n        scope = {sdk}.get_isolation_scope()\n        scope.set_tag('x', x)\n",
    ),
}  # fmt: skip


def told(root: Path, files: dict[str, str], name: str, alone: bool = False) -> Check:
    """What the analysis of a file is told of the others; `alone` asks for that file only."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    known = [(str(root / path), text.encode()) for path, text in files.items()]
    asked = [one for one in known if one[0] == str(root / name)] if alone else known
    return Project.around(Surroundings.of(asked)).told(
        Check(str(root / name), files[name].encode(), Settings())
    )


@pytest.mark.parametrize("alone", [False, True], ids=["all files", "one file"])
@pytest.mark.parametrize(
    ("having", "taking", "name"),
    [
        *itertools.product(HAVING.values(), TAKING.values(), ("sentry_sdk", "sdk")),
        (BY_CALL, TAKING["by name"], "sdk"),
    ],
    ids=[
        *map(", ".join, itertools.product(HAVING, TAKING, ("its own name", "an alias"))),
        "by a call",
    ],
)
def test_the_new_names_are_read_off_the_same_module(
    tmp_path: Path, having: str, taking: tuple[str, str], name: str, alone: bool
) -> None:
    rename = "" if name == "sentry_sdk" else f" as {name}"
    statement, sdk = (part.format(name=name) for part in taking)
    files = {
        "pyproject.toml": "",
        "app/__init__.py": "",
        "app/compat.py": "other = 1\n" + having.format(name=name, rename=rename),
        "app/passing.py": f"from .compat import {name} as sentry_sdk\n",
    }
    for before, after in USES.values():
        code, wanted = (f"{statement}\n{text.format(sdk=sdk)}" for text in (before, after))
        job = told(tmp_path, files | {"app/user.py": code}, "app/user.py", alone)
        outcome = fix(
            Source(code),
            Settings(),
            PurePath(job.path),
            unsafe=True,
            reexports=dict(job.reexports),
            taken=job.taken,
        )
        assert outcome.text == wanted


PUSH = "with {sdk}.push_scope() as scope:\n    scope.set_tag('x', 1)\n"


@pytest.mark.parametrize(
    ("compat", "code"),
    [
        pytest.param("sentry_sdk = Fake()\n", "from .compat import sentry_sdk\n" + PUSH, id="another object"),
        pytest.param("import fakes\nsentry_sdk = fakes.import_module('sentry_sdk')\n", "from .compat import sentry_sdk\n" + PUSH, id="another's call"),
        pytest.param("import importlib\nsentry_sdk = importlib.import_module('fake')\n", "from .compat import sentry_sdk\n" + PUSH, id="a call for another module"),
        pytest.param("from fakes import sentry_sdk\n", "from .compat import sentry_sdk\n" + PUSH, id="another module"),
        pytest.param(
            "try:\n    import sentry_sdk\nexcept ImportError:\n    from .fake import sentry_sdk\n",
            "from .compat import sentry_sdk\n" + PUSH,
            id="either",
        ),
        pytest.param("def f():\n    import sentry_sdk\n", "from .compat import sentry_sdk\n" + PUSH, id="inside a function"),
        pytest.param("import sentry_sdk as _sdk\n", "from .compat import *\n" + PUSH.replace("{sdk}", "_sdk"), id="a name that * leaves out"),
        pytest.param("import sentry_sdk\n", "from .compat import *\nfrom fakes import *\n" + PUSH, id="two modules with *"),
        pytest.param("import sentry_sdk\n", "from .compat import *\nsentry_sdk = Fake()\n" + PUSH, id="a name of its own"),
        pytest.param("import sentry_sdk\n", "from .compat import other\n" + PUSH.replace("{sdk}", "other"), id="another name"),
        pytest.param("import sentry_sdk\n", "from .other import sentry_sdk\n" + PUSH, id="from elsewhere"),
        pytest.param("import sentry_sdk\n", "from . import compat\ncompat.sentry_sdk = Fake()\n" + PUSH.replace("{sdk}", "compat.sentry_sdk"), id="replaced"),
        pytest.param("import sentry_sdk\n", "def f(compat):\n    compat.sentry_sdk.push_scope()\n", id="a parameter"),
    ],
)  # fmt: skip
def test_what_is_not_surely_the_sdk_is_left(tmp_path: Path, compat: str, code: str) -> None:
    code = code.replace("{sdk}", "sentry_sdk")
    files = {"app/__init__.py": "", "app/compat.py": compat, "app/user.py": code}
    job = told(tmp_path, files, "app/user.py")
    report = analyze(Source(code), Settings(), PurePath(job.path), dict(job.reexports))
    assert not report.findings


LOADS = "import importlib\ndef optional(name):\n{body}"
TRIES = "    try:\n        return importlib.import_module({name})\n    except ImportError:\n        {other}\n"
TRIED = TRIES.format(name="name", other="return None")
# what: a function in another file or the same, and whether what it gives for "sentry_sdk" is that
LOADING = {
    "the module": (LOADS.format(body="    return importlib.import_module(name)\n"), True),
    "or None": (LOADS.format(body=TRIED), True),
    "or nothing": (LOADS.format(body=TRIED.replace("return None", "log(name)")), True),
    "with a type": (LOADS.format(body=TRIED).replace("(name):", "(name: str) -> Any:"), True),
    "by its own name": (
        "from importlib import import_module\ndef optional(name):\n    return import_module(name)\n",
        True,
    ),
    "or a default": (
        LOADS.format(body=TRIED.replace("return None", "return default")).replace(
            "(name):", "(name, default=None):"
        ),
        True,
    ),
    "or a default that is something": (
        LOADS.format(body=TRIED.replace("return None", "return default")).replace(
            "(name):", "(name, default=Fake):"
        ),
        False,
    ),
    "once": (LOADS.format(body=TRIED).replace("def", "@functools.cache\ndef"), True),
    "or something else": (LOADS.format(body=TRIED.replace("None", "Fake()")), False),
    "another module": (LOADS.format(body=TRIED.replace("(name)", "(other)")), False),
    "a part of it": (LOADS.format(body="    return importlib.import_module(name).x\n"), False),
    "in a decorator": (LOADS.format(body=TRIED).replace("def", "@fake\ndef"), False),
    "something else": ("import importlib\ndef optional(name):\n    return Fake(name)\n", False),
    "another function": ("import fakes as importlib\n" + LOADS.format(body=TRIED)[17:], False),
}


@pytest.mark.parametrize("beside", [True, False], ids=["another file", "the same"])
@pytest.mark.parametrize(("loading", "real"), LOADING.values(), ids=LOADING)
def test_a_function_that_imports(tmp_path: Path, loading: str, real: bool, beside: bool) -> None:
    use = "sdk = optional('sentry_sdk')\ndef f():\n    sdk.Hub.current.capture_message('m')\n"
    code = ("from .compat import optional\n" if beside else loading) + use
    files = {"app/__init__.py": "", "app/compat.py": loading, "app/user.py": code}
    job = told(tmp_path, files, "app/user.py")
    report = analyze(Source(code), Settings(), PurePath(job.path), dict(job.reexports))
    assert bool(report.findings) is real
    other = code.replace("'sentry_sdk'", "'fake_sdk'") + "# sentry_sdk\n"
    assert not analyze(Source(other), Settings(), PurePath(job.path), dict(job.reexports)).findings


def test_only_modules_that_it_is_taken_from_are_listed(tmp_path: Path) -> None:
    """Nearly every file that uses the SDK has it to hand on."""
    plain = {f"app/one{at}.py": "import sentry_sdk\nsentry_sdk.flush()\n" for at in range(30)}
    taking = {f"app/two{at}.py": "from .compat import sentry_sdk\n" for at in range(30)}
    files = {"app/__init__.py": "", "app/compat.py": "import sentry_sdk\n", **plain, **taking}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    known = [(str(tmp_path / path), text.encode()) for path, text in files.items()]
    names = [one for one in Project.around(Surroundings.of(known)).index.names if one.origin]
    assert [(one.module, one.name) for one in names] == [("app.compat", "sentry_sdk")]
