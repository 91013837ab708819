"""A project that can be installed on a Python that 2.x does not run on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rule, TextDraft
from sentry_migrate.project.config import Settings
from sentry_migrate.project.declared_requirements import python_requirements, pythons_in_script
from sentry_migrate.project.dependency_files import kind_of
from sentry_migrate.project.mentions import PACKAGE
from sentry_migrate.project.requirement_lines import comments
from sentry_migrate.project.specifiers import allows_old_python

_REMEDY = "Raise it to 3.6 or newer, or stay on sentry-sdk 1.45.1."

RULE = Rule(
    code="SEN905",
    name="python-requires",
    kind="manual",
    summary="This project allows a Python below 3.6, which sentry-sdk 2.x does not run on",
    why=(
        "No sentry-sdk 2.x can be installed on Python 2.7 or 3.5, so no release satisfies the "
        "project's requirements there. Only files that mention `sentry-sdk` are looked at."
    ),
    safety="No fix: which versions of Python a project supports is for a person to decide.",
    link=GUIDE + "#python-version-support",
    deprecated=False,
    examples=(
        Ignores(
            '[project]\nrequires-python = ">=3.8"\ndependencies = ["sentry-sdk>=2.15"]\n',
            filename="pyproject.toml",
        ),
        Ignores('[project]\nrequires-python = ">=2.7"\n', filename="pyproject.toml"),
        Ignores(
            "from setuptools import setup\n"
            "setup(python_requires='>=3.8', install_requires=['sentry-sdk'])\n"
        ),
        Flags(
            '[project]\nrequires-python = ">=3.5"\ndependencies = ["sentry-sdk>=2.15"]\n',
            remedy=_REMEDY,
            filename="pyproject.toml",
        ),
        Flags(
            "# /// script\n"
            '# requires-python = ">=3.5"\n'
            '# dependencies = ["sentry-sdk>=2.15"]\n'
            "# ///\n"
            "import sentry_sdk\n",
            remedy=_REMEDY,
        ),
        Flags(
            "[options]\npython_requires = >=2.7, !=3.0.*\ninstall_requires = sentry-sdk>=2.15\n",
            remedy=_REMEDY,
            filename="setup.cfg",
        ),
        Flags(
            "from setuptools import setup\n"
            "setup(python_requires='>=2.7', install_requires=['sentry-sdk'])\n",
            remedy=_REMEDY,
            filename="setup.py",
        ),
    ),
)


@RULE.dependencies
def check(text: str, path: PurePath, _settings: Settings) -> Iterator[TextDraft]:
    kind = kind_of(path)
    commented = comments(text)
    for one in python_requirements(text, kind) if kind and PACKAGE.search(text) else ():
        if not commented.holds(one.start) and allows_old_python(one.specifier, one.style):
            yield TextDraft(one.start, one.end, None, remedy=_REMEDY)


@RULE.gather
def gather(context: Context, _drafts: Sequence[Draft]) -> Iterator[Draft]:
    text = context.tree.text
    for one in pythons_in_script(text) if PACKAGE.search(text) else ():
        if allows_old_python(one.specifier, one.style):
            yield Draft(one.start, one.end, remedy=_REMEDY)
    for arg in context.tree.nodes(cst.Arg):
        if arg.keyword is None or arg.keyword.value != "python_requires":
            continue
        value = arg.value.evaluated_value if isinstance(arg.value, cst.SimpleString) else None
        if isinstance(value, str) and allows_old_python(value):
            yield Draft(*context.span(arg.value), remedy=_REMEDY)
