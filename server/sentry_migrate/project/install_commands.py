"""Requirements that a shell command installs, in container files and in the jobs of a CI service.

Owns which commands install, where each begins and how a specifier is quoted there. A command that
is not plainly one is left alone. Refuses to know what is wrong with a specifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentry_migrate.project.requirement_lines import CLAUSE, Requirement
from sentry_migrate.project.specifiers import Style

_COMMAND = re.compile(r"[^\s;|&][^\r\n;|&]*")
_LEAD = re.compile(
    r"""(?:-\s+)*(?:(?:run|script|before_script|after_script)\s*:\s+|RUN\s+)?
    (?:--\w\S*\s+|\w+=\S*\s+)*(?:[\["'][\["'\s]{0,8})?
    (?:(?:sudo|env|exec|then|do|else|time|uv|(?:ba|da|z)?sh\s+-\w*c|(?:poetry|pipenv|uv)\s+run
      |(?:\S{0,200}/)?python[\d.]*["',\s]+-m)["',\s]+(?:-\S+\s+)*)*
    (?:[^\s"'=]{0,200}/)?(?:pip[\d.]*|pipenv|pipx)
    ["']?,?\s+(?:-\S+\s+)*["']?(?:install|inject|download|wheel)\b
    """,
    re.VERBOSE,
)
"""The beginning of a command, up to what it installs: `RUN python -m pip install`."""
_WORD = re.compile(
    rf"(?<=[\s,])(?P<quote>[\"']?)sentry[-_.]sdk(?:\[[\w,.-]*\])?"
    rf"(?P<specifier>{CLAUSE}(?:,\s*{CLAUSE})*)(?P=quote)(?=[\s,\"'\])]|$)",
    re.IGNORECASE,
)
_CONTINUED = re.compile(r"\\[ \t]*\r?\n")


def installed(text: str) -> Iterator[Requirement]:
    """The specifiers for sentry-sdk that commands install. Without quotes, those that a shell would
    take for a redirection do not count."""
    joined = _CONTINUED.sub(lambda match: " " * len(match[0]), text)
    for command in _COMMAND.finditer(joined):
        lead = _LEAD.match(joined, *command.span())
        for word in _WORD.finditer(joined, lead.end(), command.end()) if lead else ():
            if word["quote"] or not re.search(r"[<>]", word["specifier"]):
                style: Style = "pep508" if word["quote"] else "shell"
                yield Requirement(*word.span("specifier"), word["specifier"], style)
