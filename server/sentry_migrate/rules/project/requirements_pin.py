"""A dependency file wants a sentry-sdk below 2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

import libcst as cst

from sentry_migrate.doubts import REST_MIGRATED
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule, TextDraft
from sentry_migrate.project.config import Settings
from sentry_migrate.project.declared_requirements import (
    in_script,
    pythons_in_script,
    sdk_requirements,
)
from sentry_migrate.project.dependency_files import SCRIPTS, kind_of
from sentry_migrate.project.generated import command, has_hashes
from sentry_migrate.project.install_commands import has_old_python
from sentry_migrate.project.requirement_lines import (
    Requirement,
    comments,
    requirement,
)
from sentry_migrate.project.specifiers import (
    Style,
    allows_2x,
    allows_new_python,
    judge,
    raised,
)
from sentry_migrate.proof.joined_text import UNKNOWN, joining, text_of
from sentry_migrate.sdk.listed_requirements import in_code, in_setup
from sentry_migrate.text.spans import Span, SpanSet

RULE = Rule(
    code="SEN901",
    name="requirements-pin",
    kind="suggested",
    summary="This requirement excludes sentry-sdk 2.x",
    messages=(
        "This requirement also allows sentry-sdk 1.x, on which migrated code fails",
        "This rule keeps updates from going to sentry-sdk 2.x",
    ),
    why=(
        "Migrated code needs sentry-sdk 2.x: 2.12 for the top-level scope functions, 2.15 for "
        "the `name=` of spans. 2.x needs Python 3.6 and urllib3 1.26.11. A requirement that also "
        "allows 1.x, such as `>=1.16`, lets the migrated code be installed with a sentry-sdk on "
        "which it fails."
    ),
    safety=(
        "Never safe: the code and the requirement must change together. No fix for a file that a "
        "tool generates: the remedy is the tool's command. In container files, Makefiles, tox's "
        "commands and the jobs of CI services, only what `pip install` plainly installs "
        "counts. A requirement that is only for Pythons below 3.6 stays. No fix either where a "
        "bound is put together of parts or stands in a variable or a matrix, an address or a tag "
        "names the release, a command such as `poetry add` writes to other files too, or "
        "Dependabot or Renovate is told to stay below 2.x."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    deprecated=False,
    examples=(
        Ignores("sentry-sdk>=2.12\n", filename="requirements.txt"),
        Ignores("sentry-sdk\n", filename="requirements.txt"),
        Ignores('sentry-sdk<2; python_version < "3.6"\n', filename="requirements.txt"),
        Ignores("# sentry-sdk==1.45.1\n", filename="requirements.txt"),
        Ignores("my-sentry-sdk==1.0\nsentry-sdk-plugin==1.0\n", filename="requirements.txt"),
        Ignores("x = 'sentry-sdk==1.0'\n"),
        Ignores(
            "[project]\ndependencies = [\"sentry-sdk<2; python_version < '3.6'\"]\n",
            filename="pyproject.toml",
        ),
        Ignores("FROM python\nRUN echo sentry-sdk==1.45.1\n", filename="Dockerfile"),
        Rewrites(
            "flask\nsentry-sdk[flask]==1.45.1  # errors\n",
            "flask\nsentry-sdk[flask]>=2.15,<3  # errors\n",
            reason="the code must be migrated and tested with 2.x in the same step",
            filename="requirements.txt",
        ),
        Rewrites(
            '[project]\ndependencies = [\n    "sentry-sdk~=1.40",\n]\n',
            '[project]\ndependencies = [\n    "sentry-sdk>=2.15,<3",\n]\n',
            reason="the code must be migrated and tested with 2.x in the same step",
            filename="pyproject.toml",
        ),
        Rewrites(
            '[tool.poetry.dependencies]\nsentry-sdk = { version = "^1.45", extras = ["flask"] }\n',
            '[tool.poetry.dependencies]\nsentry-sdk = { version = "^2.15", extras = ["flask"] }\n',
            reason="the code must be migrated and tested with 2.x in the same step",
            filename="pyproject.toml",
        ),
        Rewrites(
            "[options]\ninstall_requires =\n    sentry-sdk>=1.0,<2\n",
            "[options]\ninstall_requires =\n    sentry-sdk>=2.15,<3\n",
            reason="the code must be migrated and tested with 2.x in the same step",
            filename="setup.cfg",
        ),
        Rewrites(
            '[packages]\nsentry-sdk = "==1.45.1"\n',
            '[packages]\nsentry-sdk = ">=2.12,<3"\n',
            reason="the code must be migrated and tested with 2.x in the same step",
            filename="Pipfile",
            sdk_version="2.12",
        ),
        Rewrites(
            '[project]\ndependencies = ["sentry-sdk>=1.16,!=2.3.0"]\n',
            '[project]\ndependencies = ["sentry-sdk>=2.0,!=2.3.0"]\n',
            reason="the code must be migrated and tested with 2.x in the same step",
            filename="pyproject.toml",
            sdk_version="2.0",
        ),
        Rewrites(
            "dependencies:\n  - python=3.11\n  - sentry-sdk=1.40\n",
            "dependencies:\n  - python=3.11\n  - sentry-sdk>=2.15,<3\n",
            reason="the code must be migrated and tested with 2.x in the same step",
            filename="environment.yml",
        ),
        Rewrites(
            '[dependencies]\nsentry-sdk = "1.*"\n',
            '[dependencies]\nsentry-sdk = ">=2.15,<3"\n',
            reason="the code must be migrated and tested with 2.x in the same step",
            filename="pixi.toml",
        ),
        Rewrites(
            "repos:\n- repo: https://github.com/pre-commit/mirrors-mypy\n  rev: v1.8.0\n  hooks:\n"
            "  - id: mypy\n    additional_dependencies: ['sentry-sdk==1.45.1']\n",
            "repos:\n- repo: https://github.com/pre-commit/mirrors-mypy\n  rev: v1.8.0\n  hooks:\n"
            "  - id: mypy\n    additional_dependencies: ['sentry-sdk>=2.15,<3']\n",
            reason="the code must be migrated and tested with 2.x in the same step",
            filename=".pre-commit-config.yaml",
        ),
        Rewrites(
            "from setuptools import setup\n"
            "setup(name='shop', install_requires=['sentry-sdk>=1.16,<2'])\n",
            "from setuptools import setup\n"
            "setup(name='shop', install_requires=['sentry-sdk>=2.15,<3'])\n",
            reason="the code must be migrated and tested with 2.x in the same step",
            filename="setup.py",
        ),
        Rewrites(
            "# /// script\n"
            '# dependencies = ["sentry-sdk>=1.16,<2"]\n'
            "# ///\n"
            "import sentry_sdk\n"
            "sentry_sdk.flush()\n",
            "# /// script\n"
            '# dependencies = ["sentry-sdk>=2.15,<3"]\n'
            "# ///\n"
            "import sentry_sdk\n"
            "sentry_sdk.flush()\n",
            reason="the code must be migrated and tested with 2.x in the same step",
        ),
        Rewrites(
            "FROM python\nRUN pip install sentry-sdk==1.45.1 flask\n",
            "FROM python\nRUN pip install sentry-sdk~=2.15 flask\n",
            reason="the code must be migrated and tested with 2.x in the same step",
            filename="Dockerfile",
        ),
        Rewrites(
            "jobs:\n  test:\n    steps:\n    - run: pip install 'sentry-sdk<2'\n",
            "jobs:\n  test:\n    steps:\n    - run: pip install 'sentry-sdk>=2.15,<3'\n",
            reason="the code must be migrated and tested with 2.x in the same step",
            filename="workflows/test.yml",
        ),
        Flags(
            "from setuptools import setup\n"
            "SENTRY = '1.45.1'\n"
            "setup(name='shop', install_requires=[f'sentry-sdk=={SENTRY}'])\n",
            remedy="Change the parts that this is put together of, so that it says `>=2.15,<3`.",
            filename="setup.py",
        ),
        Flags(
            "sentry-sdk @ git+https://github.com/getsentry/sentry-python@1.45.1\n",
            remedy="Name a release of 2.x here instead.",
            filename="requirements.txt",
        ),
        Flags(
            "FROM python\nARG SENTRY=1.45.1\nRUN pip install sentry-sdk==${SENTRY}\n",
            remedy="Name a release of 2.x here instead.",
            filename="Dockerfile",
        ),
        Flags(
            "version: 2\nupdates:\n  - package-ecosystem: pip\n    ignore:\n"
            "      - dependency-name: sentry-sdk\n        versions: ['>=2']\n",
            remedy="Remove this rule: it keeps releases of 2.x from being offered.",
            filename="dependabot.yml",
        ),
        Flags(
            "sentry-sdk==1.45.1 \\\n    --hash=sha256:00\n",
            remedy="Regenerate the file with the tool that wrote the hashes.",
            filename="requirements.txt",
        ),
        Flags(
            "#\n"
            "# This file is autogenerated by pip-compile with Python 3.11\n"
            "# by the following command:\n"
            "#\n"
            "#    pip-compile requirements.in\n"
            "#\n"
            "sentry-sdk==1.40.0\n",
            remedy="Run `pip-compile --upgrade-package sentry-sdk requirements.in`.",
            filename="requirements.txt",
        ),
        Flags(
            '[[package]]\nname = "sentry-sdk"\nversion = "1.40.0"\n',
            remedy="Run `poetry update sentry-sdk`.",
            filename="poetry.lock",
        ),
    ),
)

_ALLOWS = "This requirement also allows sentry-sdk 1.x, on which migrated code fails"
_HELD_BACK = "This rule keeps updates from going to sentry-sdk 2.x"
_HASHED = "Regenerate the file with the tool that wrote the hashes."
_OLD = "Raise it where the Python is 3.6 or newer: this file also has an older one."
_NARROW = "Raise the requirement to a 2.x release that its other bounds allow."


@RULE.dependencies
def check(text: str, path: PurePath, settings: Settings) -> Iterator[TextDraft]:
    kind = kind_of(path)
    if kind is None:
        return
    commented = comments(text)
    by_hand = command(text, path.name, kind)
    old = kind in ("install", "compose") and has_old_python(text)
    for found in sdk_requirements(text, kind):
        verdict = judge(found.specifier, found.style)
        if verdict is None or (by_hand and verdict == "allows 1.x"):
            continue
        if commented.holds(found.start):
            continue
        message = _ALLOWS if verdict == "allows 1.x" else ""
        message = _HELD_BACK if kind == "updates" else message
        hashed = has_hashes(text, found.end, kind)
        remedy = by_hand or found.remedy or (_HASHED if hashed else _OLD if old else "")
        new = "" if remedy else _raised(found.specifier, found.style, settings)
        if new:
            yield TextDraft(found.start, found.end, new, (REST_MIGRATED,), message=message)
        else:
            yield TextDraft(found.start, found.end, None, remedy=remedy or _NARROW, message=message)


@RULE.gather
def gather(context: Context, _drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Strings that are requirements in the files of `SCRIPTS`, those in lists and commands of other
    code, and what a script says of itself."""
    setup = context.path is not None and context.path.name in SCRIPTS
    listed = _listed(context) if setup else in_code(context.tree)
    text = context.tree.text
    new_python = all(allows_new_python(one.specifier) for one in pythons_in_script(text))
    for found in (*listed, *(in_script(text) if new_python else ())):
        verdict = judge(found.specifier, found.style)
        if verdict is None:
            continue
        new = "" if found.remedy else _raised(found.specifier, found.style, context.settings)
        fix = context.fix(f"Replace with `{new}`") if new else None
        if fix is not None:
            fix.edit(found.start, found.end, new).unsafe(REST_MIGRATED)
        yield Draft(
            found.start,
            found.end,
            fix,
            message=_ALLOWS if verdict == "allows 1.x" else "",
            remedy="" if fix else found.remedy or _NARROW,
        )


def _listed(context: Context) -> Iterator[Requirement]:
    """The strings that are requirements, and what is put together of strings."""
    parts: list[Span] = []
    for node in sorted(joining(context), key=lambda node: _outer(context.span(node))):
        span, said = context.span(node), text_of(context, node)
        if parts and span[0] < parts[-1][1]:
            continue
        one = _joined(context, span, said)
        if one is not None or (UNKNOWN not in said and not isinstance(node, cst.Call)):
            parts.append(span)
            yield from [one] if one else []
    known = SpanSet(parts)
    for node in context.tree.nodes(cst.SimpleString):
        start, _ = context.span(node)
        if not known.holds(start):
            yield from in_setup(context.tree, node)


def _outer(span: Span) -> tuple[int, int]:
    """A key that puts an expression before those in it."""
    return span[0], -span[1]


def _joined(context: Context, span: Span, said: str) -> Requirement | None:
    """The requirement that an expression puts together; at its specifier, if one part has that."""
    one = requirement(said.replace(UNKNOWN, ""))
    if one is None:
        return None
    start, end = span
    source = context.tree.text[start:end]
    if source.count(one.specifier) == 1 and UNKNOWN not in said:
        start += source.index(one.specifier)
        return replace(one, start=start, end=start + len(one.specifier))
    new = _raised(one.specifier, one.style, context.settings)
    remedy = new and f"Change the parts that this is put together of, so that it says `{new}`."
    return replace(one, start=start, end=end, remedy=one.remedy or remedy or _NARROW)


def _raised(specifier: str, style: Style, settings: Settings) -> str:
    """The specifier that the migrated code needs; empty where the others leave no 2.x."""
    new = raised(specifier, style, ".".join(map(str, _floor(settings)[:2])))
    return new if judge(new, style) is None and allows_2x(new, style) else ""


def _floor(settings: Settings) -> tuple[int, int, int]:
    """The lowest 2.x the rewrites need: 2.12 has the top-level scope functions, 2.15 span names."""
    return min(settings.sdk_version, (2, 15, 0))
