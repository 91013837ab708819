"""A dependency file pins sentry-sdk below 2."""

from __future__ import annotations

from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule

RULE = Rule(
    code="SEN901",
    name="requirements-pin",
    kind="suggested",
    summary="This pin of sentry-sdk leaves 2.x out",
    why=(
        "Migrated code needs sentry-sdk 2.x: 2.12 for the top-level scope functions, 2.15 for "
        "`name=` of spans. 2.x needs Python 3.6 and urllib3 1.26.11."
    ),
    safety="Never safe: the code and the pin must change together.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    deprecated=False,
    examples=(
        Ignores("sentry-sdk>=2.12\n", filename="requirements.txt"),
        Ignores("sentry-sdk\n", filename="requirements.txt"),
        Ignores("sentry-sdk>=1.40\n", filename="requirements.txt"),
        Ignores("# sentry-sdk==1.45.1\n", filename="requirements.txt"),
        Ignores("my-sentry-sdk==1.0\nsentry-sdk-plugin==1.0\n", filename="requirements.txt"),
        Ignores("x = 'sentry-sdk==1.0'\n"),
        Rewrites(
            "flask\nsentry-sdk[flask]==1.45.1  # errors\n",
            "flask\nsentry-sdk[flask]>=2.15,<3  # errors\n",
            reason="migrated",
            filename="requirements.txt",
        ),
        Rewrites(
            '[project]\ndependencies = [\n    "sentry-sdk~=1.40",\n]\n',
            '[project]\ndependencies = [\n    "sentry-sdk>=2.15,<3",\n]\n',
            reason="migrated",
            filename="pyproject.toml",
        ),
        Rewrites(
            '[tool.poetry.dependencies]\nsentry-sdk = { version = "^1.45", extras = ["flask"] }\n',
            '[tool.poetry.dependencies]\nsentry-sdk = { version = "^2.15", extras = ["flask"] }\n',
            reason="migrated",
            filename="pyproject.toml",
        ),
        Rewrites(
            "[options]\ninstall_requires =\n    sentry-sdk>=1.0,<2\n",
            "[options]\ninstall_requires =\n    sentry-sdk>=2.15,<3\n",
            reason="migrated",
            filename="setup.cfg",
        ),
        Rewrites(
            '[packages]\nsentry-sdk = "==1.45.1"\n',
            '[packages]\nsentry-sdk = ">=2.12,<3"\n',
            reason="migrated",
            filename="Pipfile",
            sdk_version="2.12",
        ),
        Reports(
            "sentry-sdk==1.45.1 \\\n    --hash=sha256:00\n",
            remedy="Lock",
            filename="requirements.txt",
        ),
    ),
)
