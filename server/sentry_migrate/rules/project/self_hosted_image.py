"""The image of a self-hosted Sentry, in a compose file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rule, TextDraft
from sentry_migrate.project.config import Settings
from sentry_migrate.project.dependency_files import kind_of

_REMEDY = "Upgrade the server to 20.6.0 or newer before the SDK."

RULE = Rule(
    code="SEN906",
    name="self-hosted-image",
    kind="manual",
    summary="This Sentry is older than 20.6.0 and does not accept what sentry-sdk 2.x sends",
    why=(
        "2.x sends everything to the envelope endpoint. A self-hosted Sentry older than 20.6.0 "
        "does not have it for events, so they are lost."
    ),
    safety="No fix: the server has to be upgraded step by step, with its data.",
    link=GUIDE + "#self-hosted",
    deprecated=False,
    examples=(
        Ignores(
            "services:\n  web:\n    image: getsentry/sentry:20.6.0\n",
            filename="docker-compose.yml",
        ),
        Ignores(
            "services:\n  web:\n    image: getsentry/sentry:latest\n",
            filename="docker-compose.yml",
        ),
        Ignores(
            "services:\n  web:\n    image: example/my-sentry:1.0\n", filename="docker-compose.yml"
        ),
        Ignores(
            "services:\n  web:\n    # image: getsentry/sentry:9.1.2\n    image: nginx:1.0\n",
            filename="docker-compose.yml",
        ),
        Flags(
            "services:\n  web:\n    image: getsentry/sentry:20.5.1\n",
            remedy=_REMEDY,
            filename="docker-compose.yml",
        ),
        Flags(
            'services:\n  web:\n    image: "sentry:9.1.2"\n',
            remedy=_REMEDY,
            filename="compose.yaml",
        ),
    ),
)

_IMAGE = re.compile(
    r"^[ \t]*(?:-[ \t]+)?[\"']?image[\"']?[ \t]*:[ \t]*[\"']?(?:\$\{\w+:?-)?"
    r"((?:[\w.-]+(?::\d+)?/)*?(?:getsentry/sentry|(?<![\w/.-])sentry):(\d+)(?:\.(\d+))?[\w.-]*)",
    re.MULTILINE,
)


@RULE.dependencies
def check(text: str, path: PurePath, _settings: Settings) -> Iterator[TextDraft]:
    for image in _IMAGE.finditer(text) if kind_of(path) == "compose" else ():
        if (int(image[2]), int(image[3] or 0)) < (20, 6):
            yield TextDraft(*image.span(1), None, remedy=_REMEDY)
