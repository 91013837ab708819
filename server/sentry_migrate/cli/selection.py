"""The options that decide which files are looked at, for which rules: the same in every command."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

PATH = click.Path(readable=False)
"""Not looked at before its turn: what cannot be read then is said beside what else is found."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _selectors(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """`A,B` and `A` `B` mean the same."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _patterns(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    from sentry_migrate.patterns import wrong

    if (line := wrong(values)) is not None:
        raise click.BadParameter(f"{line!r} is no pattern.")
    return values


def _selector_option(flag: str, help_text: str) -> Callable[[_Command], _Command]:
    return click.option(
        flag, multiple=True, callback=_selectors, metavar="CODE|NAME,…", help=help_text
    )


_SELECTION: tuple[Callable[[Any], Any], ...] = (
    click.argument("paths", nargs=-1, type=PATH),
    _selector_option("--select", "Rules to check, instead of the default ones."),
    _selector_option("--extend-select", "Rules to check in addition."),
    _selector_option("--ignore", "Rules to leave out."),
    click.option(
        "--sdk-version",
        metavar="VERSION",
        help="The oldest sentry-sdk 2.x to support. By default, what the project requires.",
    ),
    click.option("--config", type=PATH, metavar="FILE", help="Use this pyproject.toml."),
    click.option(
        "--isolated", is_flag=True, help="Ignore all configuration and requirement files."
    ),
    click.option(
        "--exclude",
        multiple=True,
        callback=_patterns,
        metavar="PATTERN",
        help="Leave out what matches, as in a .gitignore of the working directory. Repeatable.",
    ),
    click.option(
        "--force-exclude/--no-force-exclude",
        default=None,
        help="Apply exclusions to files named as arguments too.",
    ),
    click.option(
        "--respect-gitignore/--no-respect-gitignore",
        default=None,
        help="Leave out what .gitignore files name (the default).",
    ),
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(min=1),
        default=os.cpu_count() or 1,
        show_default="all processors",
        help="How many files to analyse at once.",
    ),
)


def selection(command: _Command) -> _Command:
    """Give a command PATHS and these options."""
    for option in reversed(_SELECTION):
        command = option(command)
    return command
