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
UNSORTED = ("no sections", "a comment between", "beside the SDK's")


def fixed(before: str, style: ImportStyle) -> str:
    settings = Settings(code_style=CodeStyle(imports=style))
    text = before + USE.format("1")
    after = fix(Source(text), settings, PurePath("app/views.py"), unsafe=True, reexports=NAMES).text
    assert "with new_scope() as scope:" in after
    return after.partition("\n\n\ndef f")[0] + "\n"


@pytest.mark.parametrize(("before", "after", "style"), SECTIONS.values(), ids=SECTIONS)
def test_the_section_of_an_import(before: str, after: str, style: ImportStyle) -> None:
    assert fixed(before, style) == after


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
