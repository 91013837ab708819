"""Where dependency files say which sentry-sdk, and which Python, a project wants.

Owns which part of the text is read how, by kind of file. Refuses to know what is wrong with a
specifier. A file that cannot be parsed has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sentry_migrate.project import toml_requirements
from sentry_migrate.project.dependency_files import Kind
from sentry_migrate.project.inline_metadata import metadata
from sentry_migrate.project.install_commands import in_matrix, in_variables, installed
from sentry_migrate.project.loose_pins import (
    held_for_commands,
    in_conda_commands,
    in_values,
    installed_loosely,
)
from sentry_migrate.project.requirement_lines import (
    Requirement,
    ini_commands,
    ini_requirements,
    ini_value,
    lines,
)
from sentry_migrate.project.specifiers import Style, only_old_pythons
from sentry_migrate.project.update_rules import held_back
from sentry_migrate.project.yaml_requirements import listed

_CONDA = re.compile(
    r"^[ \t]*-[ \t]+(?P<quote>['\"]?)(?:[\w./-]+::)?(?P<name>sentry[-_.]sdk|python)"
    r"(?:\[[^\]\r\n]*\])?[ \t]*(?P<rest>[=<>!~\d][^#;\r\n]*)(?:;(?P<marker>[^#\r\n]*))?",
    re.IGNORECASE | re.MULTILINE,
)
_OLD_SELECTOR = re.compile(
    r"[ \t]*#[ \t]*\[py(?:2k|(?: *(?:==|<=))? *(?:2\d|3[0-5])| *< *(?:2\d|3[0-6]?))\]"
)
"""What makes a line of a recipe count only on a Python that no 2.x runs on."""
_LOCKED = (
    re.compile(r'^\[\[packages?\]\]\s+name = "sentry-sdk"\s+version = "([^"]+)"', re.I | re.M),
    re.compile(r"^- conda: [^\s#]*/sentry-sdk-([^-\s]+)-[^-\s/]+$", re.I | re.M),
    re.compile(r"\bname: sentry-sdk\r?\n +version: ['\"]?([^\s'\"]+)", re.I),
    re.compile(r'"sentry-sdk"\s*:\s*\{[^{}]*?"version"\s*:\s*"([^"]+)"', re.I),
)
_KEYS: Mapping[Kind, Style] = {"toml": "poetry", "pipfile": "pipfile", "pixi": "conda"}
"""How the tables from names to versions write these, by kind of TOML file."""
_PYTHON_REQUIRES = re.compile(r"^python_requires\s*[=:]\s*(.*?)\s*$", re.MULTILINE)


def sdk_requirements(text: str, kind: Kind) -> Iterator[Requirement]:
    """The specifiers for sentry-sdk, without those that are only for Pythons below 3.6."""
    if kind == "requirements":
        yield from lines(text, None)
    elif kind == "ini":
        yield from lines(text, {*ini_requirements(text)})
        yield from installed(ini_commands(text), shell=False)
    elif kind == "conda":
        yield from _conda(text, sdk=True)
        yield from listed(text, "pip", block=False)
    elif kind == "hooks":
        yield from listed(text, "additional_dependencies")
    elif kind in ("install", "compose"):
        yield from installed(text)
        yield from in_variables(text)
        yield from in_matrix(text)
        yield from in_conda_commands(text)
        yield from held_for_commands(text)
        if kind == "compose":
            yield from in_values(text)
    elif kind == "loose":
        yield from installed_loosely(text)
        yield from in_conda_commands(text)
        yield from held_for_commands(text)
    elif kind == "updates":
        yield from held_back(text)
    elif kind == "lock":
        for pattern in _LOCKED:
            for match in pattern.finditer(text):
                pinned = match[1] if match[1].startswith("==") else f"=={match[1]}"
                yield Requirement(*match.span(1), pinned, "pep508")
    elif kind in _KEYS:
        yield from toml_requirements.sdk_requirements(text, _KEYS[kind])


def python_requirements(text: str, kind: Kind) -> Iterator[Requirement]:
    """The specifiers for Python itself."""
    if kind == "conda":
        yield from _conda(text, sdk=False)
    elif kind in _KEYS:
        yield from toml_requirements.python_requirements(text)
    elif kind == "ini" and (declared := ini_value(text, "options", "python_requires")):
        for match in _PYTHON_REQUIRES.finditer(text):
            if match[1] == declared:
                yield Requirement(*match.span(1), declared, "pep508")


def in_script(text: str) -> Iterator[Requirement]:
    """The specifiers for sentry-sdk in what a script says of itself."""
    if content := metadata(text):
        yield from toml_requirements.sdk_requirements(content, "poetry")


def pythons_in_script(text: str) -> Iterator[Requirement]:
    """Those for Python itself."""
    if content := metadata(text):
        yield from toml_requirements.python_requirements(content)


def _conda(text: str, *, sdk: bool) -> Iterator[Requirement]:
    """Lines of a YAML list; the part for pip reads them as pip does, which differs for no form
    that both take."""
    for match in _CONDA.finditer(text):
        if sdk and _OLD_SELECTOR.match(text, match.end()):
            continue
        if (match["name"].lower() != "python") is sdk:
            specifier = match["rest"].rstrip().removesuffix(match["quote"])
            marker = (match["marker"] or "").rstrip().removesuffix(match["quote"])
            start = match.start("rest")
            if not only_old_pythons(marker):
                yield Requirement(start, start + len(specifier), specifier, "conda")
