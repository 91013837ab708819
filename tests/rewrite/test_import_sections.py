"""Where imports of the SDK go in modules that had it only through others of their project."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path, PurePath

import pytest

from sentry_migrate.engine.fix import fix
from sentry_migrate.project.code_style import CodeStyle, ImportStyle
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

PLAIN, MIXED = ImportStyle(), ImportStyle(mixed=True)
OWN, FOREIGN = ImportStyle(first_party=("lib",)), ImportStyle(third_party=("app",))
NAMES = {
    f"{module}.{name}": f"sentry_sdk.{name}"
    for module in ("app.obs", ".obs")
    for name in ("Hub", "push_scope")
}
USE = "\n\ndef f():\n    with push_scope() as scope:\n        scope.set_tag('a', {})\n"
NEW = "from sentry_sdk import new_scope\n"
# the imports before; after; how the project sorts
SECTIONS: dict[str, tuple[str, str, ImportStyle]] = {
    "alone": ("from app.obs import push_scope\n", NEW, PLAIN),
    "alone below the library": ("import os\n\nfrom app.obs import push_scope\n", f"import os\n\n{NEW}", PLAIN),
    "among those of others": (
        "import requests\nfrom zoo import x\n\nfrom app.obs import push_scope\n",
        f"import requests\n{NEW}from zoo import x\n",
        PLAIN,
    ),
    "after those of others": (
        "import os\n\nimport zoo\nfrom requests import x\n\nfrom app.obs import push_scope\n",
        f"import os\n\nimport zoo\nfrom requests import x\n{NEW}",
        PLAIN,
    ),
    "sorted as one": (
        "from requests import x\nimport zoo\n\nfrom app.obs import push_scope\n",
        f"from requests import x\n{NEW}import zoo\n",
        MIXED,
    ),
    "before what stays of the project": (
        "import os\n\nfrom app import other\nfrom app.obs import push_scope\n",
        f"import os\n\n{NEW}\nfrom app import other\n",
        PLAIN,
    ),
    "before what stays, and nothing above": (
        "from app import other\nfrom app.obs import push_scope\n",
        f"{NEW}\nfrom app import other\n",
        PLAIN,
    ),
    "before the project's own and relative ones": (
        "from app import other\n\nfrom . import more\nfrom .obs import push_scope\n",
        f"from app import other\n{NEW}\nfrom . import more\n",
        PLAIN,
    ),
    "the project says which modules are its own": (
        "from lib import other\n\nfrom . import more\nfrom .obs import push_scope\n",
        f"{NEW}\nfrom lib import other\n\nfrom . import more\n",
        OWN,
    ),
    "the project says which modules are of others": (
        "from app import other\nfrom app.obs import push_scope\nfrom zoo import x\n",
        f"from app import other\n{NEW}from zoo import x\n",
        FOREIGN,
    ),
    "beside another one of the project": (
        "import os\n\nimport flat\nfrom app.obs import push_scope\n",
        f"import os\n\n{NEW}\nimport flat\n",
        PLAIN,
    ),
    "beside others that are not apart": (
        "import flat\nfrom app.obs import push_scope\n",
        f"import flat\n{NEW}",
        PLAIN,
    ),
    # as it was before
    "no sections": ("import os\nfrom app.obs import push_scope\n", f"import os\n{NEW}", PLAIN),
    "a comment between": (
        "import zoo\n\n# ours\nfrom app.obs import push_scope\n",
        f"import zoo\n\n# ours\n{NEW}",
        PLAIN,
    ),
    "beside the SDK's": (
        "import zoo\nfrom sentry_sdk import set_tag\n\nfrom app.obs import push_scope\n\nset_tag('a', zoo)\n",
        "import zoo\nfrom sentry_sdk import new_scope, set_tag\n\nset_tag('a', zoo)\n",
        PLAIN,
    ),
}  # fmt: skip
UNSORTED = (
    "no sections",
    "beside others that are not apart",
    "a comment between",
    "beside the SDK's",
)


def fixed(before: str, style: ImportStyle) -> str:
    settings = Settings(code_style=CodeStyle(imports=style))
    text = before + USE.format("1")
    after = fix(Source(text), settings, PurePath("app/views.py"), unsafe=True, reexports=NAMES).text
    assert "with new_scope() as scope:" in after
    return after.partition("\n\n\ndef f")[0] + "\n"


@pytest.mark.parametrize(("before", "after", "style"), SECTIONS.values(), ids=SECTIONS)
def test_the_section_of_an_import(before: str, after: str, style: ImportStyle) -> None:
    assert fixed(before, style) == after


BLOCK = "with push_scope() as scope:\n        scope.set_tag('a', 1)\n"
# code that imports in a function, and what becomes of its imports; None for no fix
LOCAL: dict[str, tuple[str, str | None]] = {
    "a function": (f"def f():\n    from app.obs import push_scope\n    {BLOCK}", f"    {NEW}"),
    "a method": (
        "class C:\n  def f(self):\n    from .obs import push_scope\n    " + BLOCK,
        f"    {NEW}",
    ),
    "beside another name": (
        f"def f():\n    from app.obs import other, push_scope\n    {BLOCK}    other()\n",
        f"    from app.obs import other\n    {NEW}",
    ),
    "a function in it": (
        "def f():\n    from app.obs import push_scope\n    def g():\n        pass\n    " + BLOCK,
        f"    {NEW}",
    ),
    "beside an import of the module": (
        f"import sentry_sdk\ndef f():\n    from app.obs import push_scope\n    {BLOCK}",
        "",
    ),
    "another function's": (
        f"def g():\n    from app.obs import Hub\ndef f(push_scope):\n    {BLOCK}",
        None,
    ),
    "where a condition holds": (
        f"def f(x):\n    if x:\n        from app.obs import push_scope\n    {BLOCK}",
        None,
    ),
    "where it may fail": (
        "def f():\n    try:\n        from app.obs import push_scope\n    except E: x\n    " + BLOCK,
        None,
    ),
    "one of two": (
        "def f(x):\n    from app.obs import push_scope\n    if x:\n"
        f"        from other import push_scope\n    {BLOCK}",
        None,
    ),
}


@pytest.mark.parametrize(("before", "imports"), LOCAL.values(), ids=LOCAL)
def test_an_import_in_a_function(before: str, imports: str | None) -> None:
    done = fix(Source(before), Settings(), PurePath("app/a.py"), unsafe=True, reexports=NAMES)
    if imports is None:
        assert done.text == before or "new_scope" not in done.text
    else:
        assert "new_scope() as scope:" in done.text
        assert imports in done.text
        assert "push_scope" not in done.text


GETS = {"app.obs.get_hub": "()=Hub", "app.obs.push_scope": "sentry_sdk.push_scope"}
CAPTURE = "get_hub().capture_message('x')\n"
# code that takes a function which gives a hub, and whether it still imports that
GETTERS = {
    "beside another": (f"from app.obs import get_hub, other\n{CAPTURE}other()\n", False),
    "beside others in lines": (
        f"from app.obs import (\n    get_hub,\n    other,\n)\n{CAPTURE}other()\n",
        False,
    ),
    "alone, so that its module would not run": (f"from app.obs import get_hub\n{CAPTURE}", True),
    "read in another way": (f"from app.obs import get_hub, other\n{CAPTURE}f(get_hub)\n", True),
    "in the interface": (
        f"from app.obs import get_hub, other\n__all__ = ['get_hub']\n{CAPTURE}",
        True,
    ),
    "named in a string": (f"from app.obs import get_hub, other\n{CAPTURE}patch('get_hub')\n", True),
    "bound twice": (
        f"from app.obs import get_hub, other\nif x: get_hub = other\n{CAPTURE}",
        True,
    ),
}


@pytest.mark.parametrize(("before", "stays"), GETTERS.values(), ids=GETTERS)
def test_what_nothing_reads_any_more_goes(before: str, stays: bool) -> None:
    text = f"import sentry_sdk\n{before}"
    done = fix(Source(text), Settings(), PurePath("view.py"), unsafe=True, reexports=GETS)
    assert ("get_hub" in done.text) is stays
    assert stays or "sentry_sdk.capture_message('x')" in done.text
    assert "import other" in done.text or "    other,\n" in done.text or stays


def test_two_imports_share_a_section() -> None:
    text = f"import os\n\nfrom app.obs import Hub, capture_message, push_scope\n{USE}"
    text += "    Hub.current.capture_message('x')\n    capture_message(os)\n"
    done = fix(Source(text), Settings(), PurePath("app/a.py"), unsafe=True, reexports=NAMES)
    head = done.text.partition("\n\n\ndef")[0]
    assert head.split("\n\n") == [
        "import os",
        f"import sentry_sdk\n{NEW}".rstrip(),
        "from app.obs import capture_message",
    ]


HUB, CLASS = "from sentry_sdk import Hub\n", "from sentry_sdk.hub import Hub as H\n"
# what goes as a whole: the text before, and after
WHOLE = {
    "a section of two": (f"import os\n\n{HUB}{CLASS}\nx = os\n", "import os\n\nx = os\n"),
    "a section of two before another": (
        f"import os\n\n{HUB}{CLASS}\nfrom app import y\n\nx = os, y\n",
        "import os\n\nfrom app import y\n\nx = os, y\n",
    ),
    "two at the top": (f"{HUB}{CLASS}\nimport os\n\nx = os\n", "import os\n\nx = os\n"),
    "a section of two before a function": (
        f"import os\n\n{HUB}{CLASS}\n\ndef f(): ...\n",
        "import os\n\n\ndef f(): ...\n",
    ),
    "two sections": (f"import os\n\n{HUB}\n{CLASS}\nx = os\n", "import os\n\nx = os\n"),
    "two of three": (
        f"import os\n\nimport a\n{HUB}{CLASS}\nx = os\n",
        "import os\n\nimport a\n\nx = os\n",
    ),
    "one that another name keeps": (
        f"import os\n\nfrom sentry_sdk import Hub, flush\n{CLASS}\nx = os\n",
        "import os\n\nfrom sentry_sdk import flush\n\nx = os\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), WHOLE.values(), ids=WHOLE)
def test_a_section_that_goes_leaves_no_more_blank_lines(before: str, after: str) -> None:
    assert fix(Source(before), Settings(), unsafe=True).text == after


SEND = "import sentry_sdk\n{between}sentry_sdk.init(transport=lambda event: print(event))\n"
# lines of the setting, what is between the imports and `init()`: blank lines above the class
BELOW: dict[str, tuple[int | None, str, int]] = {
    "by default": (None, "\n", 2),
    "one": (1, "\n", 1),
    "one, where there is none": (1, "", 1),
    "none": (0, "", 0),
    "three": (3, "\n\n\n", 3),
    "three, where there is one": (3, "\n", 3),
    "below other code": (1, "\nx = 1\n", 2),
}


@pytest.mark.parametrize(("lines", "between", "blank"), BELOW.values(), ids=BELOW)
def test_blank_lines_between_imports_and_a_class(
    lines: int | None, between: str, blank: int
) -> None:
    settings = Settings(code_style=CodeStyle(imports=ImportStyle(lines_after=lines)))
    after = fix(Source(SEND.format(between=between)), settings, unsafe=True).text
    above = after.partition("class FunctionTransport")[0]
    assert len(above) - len(above.rstrip("\n")) == blank + 1


@pytest.mark.slow
def test_ruff_finds_them_sorted(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "flat.py").write_text("")
    options = {MIXED: "force-sort-within-sections = true", OWN: "known-first-party = ['lib']"}
    for number, (name, (before, _, style)) in enumerate(SECTIONS.items()):
        if name in UNSORTED or style is FOREIGN or "relative" in name:
            continue
        here = tmp_path / str(number)
        here.mkdir()
        option = options.get(style, "")
        here.joinpath("ruff.toml").write_text(
            f"src = ['..']\n[lint]\nselect = ['I']\n[lint.isort]\n{option}\n"
        )
        (here / "a.py").write_text(fixed(before, style) + "\nx = 1\n")
    ruff = Path(sysconfig.get_path("scripts")) / "ruff"
    done = subprocess.run([ruff, "check", "--no-cache", tmp_path], capture_output=True, text=True)
    assert not done.returncode, done.stdout
