"""Questions to a person about the project, and where the answers are kept: `assume` in
pyproject.toml."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from sentry_migrate.cli import journal
from sentry_migrate.cli.files_to_check import shown
from sentry_migrate.cli.output import not_written, say
from sentry_migrate.cli.written_files import Written
from sentry_migrate.doubts import Doubt
from sentry_migrate.project import atomic_write, boundaries, config, regular_files, settings_edit
from sentry_migrate.report.questions import Question, waiting
from sentry_migrate.text.edits import apply

_Answer = TypeVar("_Answer")


def answer_of(question: Question) -> str:
    """The code of the doubt if a person says yes."""
    say("", sys.stdout)
    say(f"{question.doubt.question} ({waiting(question)}.)", sys.stdout)
    return question.doubt.code if is_yes(question.doubt) else ""


def is_yes(doubt: Doubt) -> bool:
    """Whether a person says yes, who is told what that means."""
    say(f"How to find out: {doubt.find_out}", sys.stdout)
    say(f"If the answer is wrong, 1.x: {doubt.sent_by_1} 2.x: {doubt.sent_by_2}", sys.stdout)
    return confirmed("Yes?", default=False)


def confirmed(question: str, default: bool) -> bool:
    """Whether a person says yes; not where there is nobody to answer."""
    return answered(lambda: click.confirm(question, default=default), False)


def answered(ask: Callable[[], _Answer], nobody: _Answer) -> _Answer:
    """What a person answers; `nobody` where the input has ended."""
    try:
        return ask()
    except click.Abort:
        if sys.stdin.isatty():  # by Ctrl-C
            raise
        say("", sys.stdout)
        return nobody


def settings_file(home: str) -> str:
    """The file that answers are kept in, for a directory; it may not exist yet."""
    root = boundaries.root_of(os.path.realpath(home))
    return str(settings_edit.file_for(Path(home), Path(root)) or Path(root, config.FILE))


def with_answers(file: str, text: str, codes: Sequence[str]) -> str | None:
    """The text of the settings with the answers; None where it cannot be edited, which is said."""
    for code in codes:
        edit = settings_edit.adding(text, "assume", code)
        if edit is None:
            said = f'add `assume = ["{code}"]` under [tool.{config.TABLE}] yourself'
            say(f"error: {shown(file)}: cannot be edited safely; {said}", sys.stderr)
            return None
        text = apply(text, [edit])
    return text


def assume(home: str, codes: Sequence[str], written: Written) -> bool:
    """Whether the answers are in the project's settings now."""
    file = settings_file(home)
    try:
        before = regular_files.read(file) if os.path.lexists(file) else None
        text = (before or b"").decode()
    except (OSError, ValueError) as error:
        say(f"error: {shown(file)}: {error}", sys.stderr)
        return False
    assuming = with_answers(file, text, codes)
    if assuming is None:
        return False
    text = assuming
    try:
        kept = journal.begin([(file, before, text.encode())])
        if before is None:
            atomic_write.put(file, text.encode())
        else:
            atomic_write.replace(file, before, text.encode())
    except OSError as error:
        not_written(shown(file), error)
        return False
    written.paths.append(file)
    if kept is not None:  # which the journal of what follows from the answers has too
        written.answers.append(((file, before, text.encode()), kept))
    return True
