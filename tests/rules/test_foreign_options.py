"""Options that 2.x refuses, given to functions of other packages."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

LOCALS, BODIES = "init-with-locals", "init-request-bodies"

# what: code, the rules that have a finding in it
FOUND = {
    "both": ("from pkg import set_up_sentry\nset_up_sentry(with_locals=False, request_bodies='never')\n", {LOCALS, BODIES}),
    "of a module about Sentry": ("import pkg.sentry\npkg.sentry.start(with_locals=False)\n", {LOCALS}),
    "of a package about Sentry": ("from sentry_helpers import start as s\ns(with_locals=False)\n", {LOCALS}),
    "a class": ("from pkg import monitoring as m\nm.Sentry(dsn='x', with_locals=False)\n", {LOCALS}),
    "where the SDK is used": ("import sentry_sdk\nfrom pkg import start\nstart(with_locals=False)\n", {LOCALS}),
    "beside another option": ("from pkg import start\nstart(with_locals=False, dsn='x')\n", {LOCALS}),
    "an option that says it all": ("import sentry_sdk\nfrom pkg import start\nstart(request_bodies='never')\n", {BODIES}),
    "an option beside others": ("import sentry_sdk\nfrom pkg import start\nstart(with_locals=False, dsn='x')\n", {LOCALS}),
}  # fmt: skip
SILENT = {
    "of the library": "import sentry_sdk\nfrom cgitb import render\nrender(with_locals=False, dsn='x')\n",
    "of the project": "from .sentry import start\nstart(with_locals=False)\n",
    "of the file": "import sentry_sdk\ndef sentry(**k): ...\nsentry(with_locals=False)\n",
    "of a variable": "def f(sentry):\n    sentry.start(with_locals=False)\n",
    "of one of two": "try:\n    from sentry_a import start\nexcept ImportError:\n    from b import start\nstart(with_locals=False)\n",
    "nowhere near the SDK": "from pkg import render\nrender(request_bodies='never', release='x')\n",
    "the new names": "from pkg import set_up_sentry\nset_up_sentry(include_local_variables=False)\n",
    "for both versions": "from pkg import set_up_sentry\ntry:\n    set_up_sentry(with_locals=False)\nexcept TypeError:\n    set_up_sentry()\n",
    "an argument by position": "from pkg import set_up_sentry\nset_up_sentry(with_locals)\n",
    "a parameter": "from pkg import set_up_sentry\ndef f(with_locals=1): ...\n",
}  # fmt: skip


def _findings(code: str, path: PurePath | None = None) -> set[str]:
    findings = analyze(Source(code), Settings(), path).findings
    assert not any(one.fix for one in findings)
    return {one.name for one in findings} & {LOCALS, BODIES}


@pytest.mark.parametrize(("code", "rules"), FOUND.values(), ids=FOUND)
def test_it_is_found(code: str, rules: set[str]) -> None:
    assert _findings(code) == rules


@pytest.mark.parametrize("code", SILENT.values(), ids=SILENT)
def test_it_is_something_else(code: str) -> None:
    assert not _findings(code)


@pytest.mark.parametrize("home", ["pkg.py", "pkg/__init__.py", "src/pkg/__init__.py", "pkg/a.py"])
def test_a_module_of_the_project_is_not_foreign(tmp_path: Path, home: str) -> None:
    code = FOUND["both"][0].replace("pkg", "pkg.a" if home == "pkg/a.py" else "pkg", 1)
    (tmp_path / "pyproject.toml").write_text("")
    assert _findings(code, tmp_path / "a.py")
    (tmp_path / home).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / home).write_text("")
    assert not _findings(code, tmp_path / "a.py")
