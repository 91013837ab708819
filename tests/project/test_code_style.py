"""What code is to look like, by the project's own settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentry_migrate.project import code_style
from sentry_migrate.project.code_style import ImportStyle, detect

DEFAULT = code_style.DEFAULT.columns
MIXED, SINGLE = ImportStyle(mixed=True), ImportStyle(single=True)
BOTH, NEITHER = ImportStyle(single=True, mixed=True), ImportStyle()

# what: (files, columns)
SAID = {
    "ruff": ({"pyproject.toml": "[tool.ruff]\nline-length = 120\n"}, 120),
    "ruff by default": ({"pyproject.toml": "[tool.ruff]\n"}, 88),
    "ruff's own file": ({"ruff.toml": "line-length = 99\n"}, 99),
    "ruff's hidden file": ({".ruff.toml": "line-length = 98\n"}, 98),
    "black": ({"pyproject.toml": "[tool.black]\nline-length = 100\n"}, 100),
    "black by default": ({"pyproject.toml": "[tool.black]\n"}, 88),
    "isort": ({"pyproject.toml": "[tool.isort]\nline_length = 79\n"}, 79),
    "isort by default": ({"pyproject.toml": "[tool.isort]\nprofile = 'black'\n"}, DEFAULT),
    "ruff before black": (
        {"pyproject.toml": "[tool.black]\nline-length = 1\n[tool.ruff]\nline-length = 2\n"},
        2,
    ),
    "flake8": ({".flake8": "[flake8]\nmax-line-length = 160\n"}, 160),
    "flake8 in setup.cfg": ({"setup.cfg": "[flake8]\nmax_line_length = 161\n"}, 161),
    "flake8 in tox.ini": ({"tox.ini": "[flake8]\nmax-line-length = 162\n"}, 162),
    "isort's own file": ({".isort.cfg": "[settings]\nline_length = 163\n"}, 163),
    "isort in setup.cfg": ({"setup.cfg": "[isort]\nline_length = 164\n"}, 164),
    "isort in setup.cfg, as a tool": ({"setup.cfg": "[tool:isort]\nline_length = 165\n"}, 165),
    "pycodestyle": ({"setup.cfg": "[pycodestyle]\nmax-line-length = 166\n"}, 166),
    "pycodestyle in tox.ini": ({"tox.ini": "[pycodestyle]\nmax_line_length = 167\n"}, 167),
    "isort before flake8": (
        {"setup.cfg": "[flake8]\nmax-line-length = 1\n[isort]\nline_length = 2\n"},
        2,
    ),
    "isort without a length": ({"setup.cfg": "[isort]\nmulti_line_output = 3\n"}, DEFAULT),
    "isort's length in a section of another": (
        {"setup.cfg": "[flake8]\nline_length = 7\n"},
        DEFAULT,
    ),
    "flake8's length in a section of isort": (
        {"setup.cfg": "[isort]\nmax-line-length = 7\n"},
        DEFAULT,
    ),
    "flake8 by default": ({"tox.ini": "[flake8]\nextend-ignore = E203\n"}, DEFAULT),
    "another section": ({"setup.cfg": "[metadata]\nmax-line-length = 7\n"}, DEFAULT),
    "another tool": ({"pyproject.toml": "[tool.other]\nline-length = 7\n"}, DEFAULT),
    "nothing": ({}, DEFAULT),
    "broken TOML": ({"ruff.toml": "line-length = \n"}, DEFAULT),
    "broken INI": ({".flake8": "flake8\nmax-line-length = 7\n"}, DEFAULT),
    "no number": ({"ruff.toml": "line-length = 'x'\n"}, DEFAULT),
    "no INI number": ({".flake8": "[flake8]\nmax-line-length = x\n"}, DEFAULT),
    "zero": ({"ruff.toml": "line-length = 0\n"}, DEFAULT),
    "not UTF-8": ({"ruff.toml": "# \udcff\nline-length = 7\n"}, DEFAULT),
    "tool is no table": ({"pyproject.toml": "tool = 'ruff'\n"}, DEFAULT),
    "ruff is no table": ({"pyproject.toml": "[tool]\nruff = 1\n"}, DEFAULT),
    "above": ({"../ruff.toml": "line-length = 97\n"}, 97),
    "the nearest": ({"../ruff.toml": "line-length = 97\n", "ruff.toml": "line-length = 96\n"}, 96),
    "above the repository": ({"../ruff.toml": "line-length = 97\n", ".git/HEAD": ""}, DEFAULT),
}


_PYPROJECT, _SETUP = "pyproject.toml", "setup.cfg"

# what: (files, how imports are sorted)
IMPORTS = {
    "ruff": ({_PYPROJECT: "[tool.ruff.lint.isort]\nforce-single-line = true\n"}, SINGLE),
    "ruff, mixed": (
        {_PYPROJECT: "[tool.ruff.lint.isort]\nforce-sort-within-sections = true\n"},
        MIXED,
    ),
    "ruff of old": ({_PYPROJECT: "[tool.ruff.isort]\nforce-single-line = true\n"}, SINGLE),
    "ruff's own file": ({"ruff.toml": "[lint.isort]\nforce-single-line = true\n"}, SINGLE),
    "ruff's own modules": (
        {_PYPROJECT: "[tool.ruff.lint.isort]\nknown-first-party = ['b', 'a.c']\n"},
        ImportStyle(first_party=("a", "b")),
    ),
    "ruff's modules of others": (
        {"ruff.toml": "[lint.isort]\nknown-third-party = ['a']\n"},
        ImportStyle(third_party=("a",)),
    ),
    "isort's own modules": (
        {_PYPROJECT: "[tool.isort]\nknown_first_party = ['a']\nknown_third_party = 'b'\n"},
        ImportStyle(first_party=("a",), third_party=("b",)),
    ),
    "isort's own modules in setup.cfg": (
        {_SETUP: "[isort]\nknown_first_party = a, b\n"},
        ImportStyle(first_party=("a", "b")),
    ),
    "isort's own modules, a line each": (
        {".isort.cfg": "[settings]\nknown_first_party =\n    b\n    a\n"},
        ImportStyle(first_party=("a", "b")),
    ),
    "ruff's lines below": (
        {"ruff.toml": "[lint.isort]\nlines-after-imports = 1\n"},
        ImportStyle(lines_after=1),
    ),
    "isort's lines below": (
        {_PYPROJECT: "[tool.isort]\nlines_after_imports = 0\n"},
        ImportStyle(lines_after=0),
    ),
    "isort's lines below in setup.cfg": (
        {_SETUP: "[isort]\nlines_after_imports = 3\n"},
        ImportStyle(lines_after=3),
    ),
    "as many lines below as the code asks for": (
        {_SETUP: "[isort]\nlines_after_imports = -1\n"},
        NEITHER,
    ),
    "the same of ruff": ({"ruff.toml": "[lint.isort]\nlines-after-imports = -1\n"}, NEITHER),
    "lines below that are no number": (
        {_PYPROJECT: "[tool.isort]\nlines_after_imports = 'x'\n"},
        NEITHER,
    ),
    "ruff's lines below as isort spells them": (
        {_PYPROJECT: "[tool.ruff.lint.isort]\nlines_after_imports = 1\n"},
        NEITHER,
    ),
    "modules that are no list": (
        {_PYPROJECT: "[tool.ruff.lint.isort]\nknown-first-party = 1\nx = 1\n"},
        NEITHER,
    ),
    "ruff's own file of old": ({".ruff.toml": "[isort]\nforce-single-line = true\n"}, SINGLE),
    "ruff says no": ({_PYPROJECT: "[tool.ruff.lint.isort]\nforce-single-line = false\n"}, NEITHER),
    "ruff's option elsewhere": ({_PYPROJECT: "[tool.ruff]\nforce-single-line = true\n"}, NEITHER),
    "ruff's option as isort spells it": (
        {_PYPROJECT: "[tool.ruff.lint.isort]\nforce_single_line = true\n"},
        NEITHER,
    ),
    "ruff before isort": (
        {
            _PYPROJECT: "[tool.isort]\nforce_single_line = true\n"
            "[tool.ruff.lint.isort]\nforce-sort-within-sections = true\n"
        },
        MIXED,
    ),
    "ruff does not sort": (
        {_PYPROJECT: "[tool.isort]\nforce_single_line = true\n[tool.ruff]\nline-length = 90\n"},
        SINGLE,
    ),
    "isort": ({_PYPROJECT: "[tool.isort]\nforce_single_line = true\n"}, SINGLE),
    "isort, both": (
        {_PYPROJECT: "[tool.isort]\nforce_single_line = true\nforce_sort_within_sections = true\n"},
        BOTH,
    ),
    "isort's own file": ({".isort.cfg": "[settings]\nforce_single_line = True\n"}, SINGLE),
    "isort in setup.cfg": ({_SETUP: "[isort]\nforce_single_line=1\n"}, SINGLE),
    "isort in setup.cfg, as a tool": ({_SETUP: "[tool:isort]\nforce_single_line = yes\n"}, SINGLE),
    "isort in tox.ini": ({"tox.ini": "[isort]\nforce_sort_within_sections = on\n"}, MIXED),
    "isort says no": ({_SETUP: "[isort]\nforce_single_line = False\n"}, NEITHER),
    "a profile": ({_PYPROJECT: "[tool.isort]\nprofile = 'google'\n"}, BOTH),
    "a profile of one": ({_SETUP: "[isort]\nprofile = plone\n"}, SINGLE),
    "a profile of neither": ({_SETUP: "[isort]\nprofile = black\n"}, NEITHER),
    "an unknown profile": ({_SETUP: "[isort]\nprofile = ours\n"}, NEITHER),
    "other than the profile": (
        {_SETUP: "[isort]\nprofile = google\nforce_single_line = false\n"},
        MIXED,
    ),
    "another section": ({_SETUP: "[flake8]\nforce_single_line = true\n"}, NEITHER),
    "settings of another file": ({_SETUP: "[settings]\nforce_single_line = true\n"}, NEITHER),
    "nothing": ({}, NEITHER),
    "isort is no table": ({_PYPROJECT: "[tool]\nisort = true\n"}, NEITHER),
    "lint is no table": ({_PYPROJECT: "[tool.ruff]\nlint = 'isort'\n"}, NEITHER),
    "broken TOML": ({"ruff.toml": "[lint.isort]\nforce-single-line = \n"}, NEITHER),
    "broken INI": ({_SETUP: "x\n[isort]\nforce_single_line = true\n"}, NEITHER),
    "above": ({"../ruff.toml": "[lint.isort]\nforce-single-line = true\n"}, SINGLE),
    "above, the length nearer": (
        {
            "../ruff.toml": "[lint.isort]\nforce-single-line = true\n",
            "ruff.toml": "line-length = 90\n",
        },
        SINGLE,
    ),
    "the nearest": (
        {
            "../ruff.toml": "[lint.isort]\nforce-single-line = true\n",
            "ruff.toml": "[lint.isort]\nforce-single-line = false\n",
        },
        NEITHER,
    ),
}


@pytest.fixture(name="here")
def project(tmp_path: Path, files: dict[str, str]) -> Path:
    (tmp_path / ".git").mkdir()
    here = tmp_path / "project"
    here.mkdir()
    for name, text in files.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    return here


@pytest.mark.parametrize(("files", "columns"), SAID.values(), ids=SAID)
def test_the_nearest_length_counts(here: Path, columns: int) -> None:
    assert detect(here).columns == columns


@pytest.mark.parametrize(("files", "imports"), IMPORTS.values(), ids=IMPORTS)
def test_the_nearest_order_of_imports_counts(here: Path, imports: ImportStyle) -> None:
    assert detect(here).imports == imports
