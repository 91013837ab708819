"""Requirements that a shell command installs, in scripts of a shell, container and compose files,
Makefiles, Procfiles, the jobs of a CI service and the environments of tox.

Owns which commands install, where each begins, how a specifier is quoted there, and what of it a
variable or the matrix of a job gives. A command that is not plainly one is left alone. Refuses to
know what is wrong with a specifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sentry_migrate.project.requirement_lines import (
    CLAUSE,
    Requirement,
    pinned,
    reference,
    requirement,
)

_COMMAND = re.compile(r"[^\s;|&][^\r\n;|&]*")
_LEAD = re.compile(
    r"""[@+-]{0,3}(?:-\s+)*(?:(?:run|(?:before_|after_)?(?:script|install)|release|web|worker|command|entrypoint|bash
      |cmds?|commands)\s*:\s+|RUN\s+)?
    (?:--\w\S*\s+|\w+=\S*\s+)*(?:[\["'][\["'\s]{0,8})?
    (?:(?:sudo|env|exec|then|do|else|time|uv|(?:\S{0,200}/)?(?:ba|da|z)?sh["',\s]+-\w*c|(?:poetry|pipenv|uv)\s+run
      |(?:(?:\S{0,200}/)?python[\d.]*|\$?[({]\w+[)}])["',\s]+-m)["',\s]+(?:-\S+\s+)*)*
    (?:[^\s"'=]{0,200}/)?(?:
      (?:pip[\d.]*|pipenv|pipx)["']?,?\s+(?:-\S+\s+)*["']?(?:install|inject|download|wheel)
      |(?P<adds>(?:poetry|pdm|uv)["']?,?\s+(?:-\S+\s+)*["']?add)
      |(?P<runs>uvx|uv\s+(?:tool\s+)?run)
    )\b
    """,
    re.VERBOSE,
)
"""The beginning of a command, up to what it installs: `RUN python -m pip install`."""
_WORD = re.compile(
    rf"(?<=[\s,=])(?P<quote>[\"']?)sentry[-_.]sdk(?:\[[\w,.-]*\])?"
    rf"(?P<specifier>{CLAUSE}(?:,\s*{CLAUSE})*|@[^\s\"'@:]+)(?P=quote)(?=[\s,\"'\])]|$)",
    re.IGNORECASE,
)
_WITH = re.compile(r"\s--with[ =]\Z")
"""What stands before a package for one run of a program."""
_ADDRESS = re.compile(r"(?<![^\s\"'@])[^\s\"'@]+://[^\s\"']+")
_CONTINUED = re.compile(r"\\[ \t]*\r?\n(?:[ \t]*#[^\r\n]*\r?\n)*")
_HERE = re.compile(
    r"^(?![ \t]*RUN\b)[^\r\n]*<<-?[ \t]*(?P<quote>[\"']?)(?P<end>\w+)(?P=quote)[^\r\n]*\r?\n"
    r"(?P<text>(?:(?![ \t]*(?P=end)[ \t]*\r?$)[^\r\n]*\r?\n)*)",
    re.MULTILINE,
)
"""A text that a command reads, and may write to a file; one of `RUN` is run."""
_GIVEN = re.compile(
    r"^(?P<indent>[ ]*)(?:-[ ]+)?with:[ \t]*\r?\n"
    r"(?P<text>(?:(?P=indent)[ ]+[^\r\n]*\r?\n|[ \t]*\r?\n)*)",
    re.MULTILINE,
)
"""What a step gives to the action that it uses."""
_VERSION = r"""(?:-[ ]+)?["']?[\d.]+["']?"""
_ADD = "Have this command add a 2.x release."
_OLD_PYTHON = re.compile(
    rf"""\bpy(?:thon)?:?(?:2|3\.?[0-5](?!\d))
    | python[\w.-]{{0,20}}["']?[ \t]*(?::|={{1,2}})\s*\[?(?:{_VERSION}(?:\s*,\s*|\s+)){{0,12}}?
      (?:-[ ]+)?["']?(?:2|3\.[0-5])(?:\.\d+)*(?![\w.])
    """,
    re.IGNORECASE | re.VERBOSE,
)


def installed(text: str, *, shell: bool = True) -> Iterator[Requirement]:
    """The specifiers for sentry-sdk that commands install. Without quotes, those that a shell would
    take for a redirection do not count."""
    joined = text
    for pattern in (_HERE, _GIVEN):
        joined = pattern.sub(_without_text, joined)
    joined = _CONTINUED.sub(lambda match: " " * len(match[0]), joined)
    for command in _COMMAND.finditer(joined):
        lead = _LEAD.match(joined, *command.span())
        for word in _WORD.finditer(joined, lead.end(), command.end()) if lead else ():
            if lead and lead["runs"] and not _WITH.search(joined, lead.end(), word.start()):
                continue
            if word["quote"] or not (shell and re.search(r"[<>]", word["specifier"])):
                yield from _word(word, adds=bool(lead and lead["adds"]))
        for word in _ADDRESS.finditer(joined, lead.end(), command.end()) if lead else ():
            named = reference(word[0], word.start())
            yield from [named] if named else []


_COMPUTED = re.compile(
    r"(?<=[\s,\"'])sentry[-_.]sdk(?:\[[\w,.-]*\])?[=~]==?[\"']?"
    r"(?:\$\{\{|\$[{(]?|\{\{)[ \t]*\.?(?:[\w-]+\.)*(?P<variable>[\w-]+)",
    re.IGNORECASE,
)
"""A version that a variable has: `sentry-sdk==$VERSION`, `sentry-sdk==${{ matrix.version }}`."""
_SET = r"(?<![\w.-]){}[ \t]*(?:[:?]?=|:)(?P<values>[^\r\n#]*(?:\r?\n[ \t]+-[ \t]+[^\r\n#]*)*)"
_RELEASE = re.compile(r"(?<![\w.])[01](?:\.\d+)+(?![\w.])")
_MATRIX = re.compile(
    r"^(?P<indent>[ ]*)matrix:[ \t]*\r?\n(?P<text>(?:(?P=indent)[ ]+[^\r\n]*\r?\n|[ \t]*\r?\n)*)",
    re.MULTILINE,
)
_ITEM = re.compile(
    r"(?<=[\s,\[])(?:(?P<quote>[\"'])(?P<quoted>sentry[-_.]sdk[^\"'\r\n]*)(?P=quote)"
    r"|(?P<plain>sentry[-_.]sdk[^\"'\r\n#,\]}]*))",
    re.IGNORECASE,
)
_TRY = "Name a release of 2.x here, or remove this: migrated code fails on 1.x."


def in_variables(text: str) -> Iterator[Requirement]:
    """The releases of 1.x that a text gives a variable, from which commands take the version."""
    for variable in {found["variable"]: None for found in _COMPUTED.finditer(text)}:
        for given in re.finditer(_SET.format(re.escape(variable)), text):
            for version in _RELEASE.finditer(text, *given.span("values")):
                yield pinned(version[0], version.start())


def in_matrix(text: str) -> Iterator[Requirement]:
    """The requirements that jobs of one description install, one each."""
    for matrix in _MATRIX.finditer(text):
        for item in _ITEM.finditer(text, *matrix.span("text")):
            kind = "quoted" if item["quote"] else "plain"
            one = requirement(item[kind].rstrip(), item.start(kind))
            yield from [replace(one, remedy=_TRY)] if one else []


def _word(word: re.Match[str], *, adds: bool) -> Iterator[Requirement]:
    """The requirement that a word of a command is. What a command adds, it also writes to other
    files, in words of its own."""
    specifier = word["specifier"]
    if adds:
        said = specifier.removeprefix("@")
        yield Requirement(
            word.end("specifier") - len(said), word.end("specifier"), said, "poetry", _ADD
        )
    elif not specifier.startswith("@"):
        yield Requirement(
            *word.span("specifier"), specifier, "pep508" if word["quote"] else "shell"
        )


def has_old_python(text: str) -> bool:
    """Whether a container or a job may have a Python below 3.6, for which there is no 2.x."""
    return _OLD_PYTHON.search(text) is not None


def _without_text(match: re.Match[str]) -> str:
    """What was found, with spaces and the line ends for the text in it."""
    start, end = match.span("text")
    before, after = match[0][: start - match.start()], match[0][end - match.start() :]
    return before + re.sub(r"[^\r\n]", " ", match["text"]) + after
