"""The options that decide which files are looked at, for which rules: the same in every command."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

PATH = click.Path(readable=False)
"""Not looked at before its turn: what cannot be read then is said beside what else is found."""

_DAY = 86_400

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _selectors(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """`A,B` and `A` `B` mean the same."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _patterns(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    from sentry_migrate.project.patterns import wrong

    if (line := wrong(values)) is not None:
        raise click.BadParameter(f"invalid pattern {line!r}.")
    return values


def _seconds(_: click.Context, __: click.Parameter, value: float) -> float:
    if not 0 < value <= _DAY:  # which `nan` is not, though it is in every range of click's
        raise click.BadParameter(f"{value:g} is not a number of seconds between 0 and {_DAY}.")
    return value


def _version(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from sentry_migrate.project.versions import parse_version

    try:
        parse_version(value or "latest")
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is {error}.") from None
    return value


def complete_rules(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """What a shell offers where rules are asked for, maybe behind others and a comma: groups, codes
    and, once a letter of one is typed, names."""
    from sentry_migrate.rules import RULES

    before, comma, last = typed.rpartition(",")
    offered: list[tuple[str, str]] = [
        (group, "") for group in dict.fromkeys(rule.group for rule in RULES.values())
    ]
    offered += ((rule.code, rule.summary) for rule in RULES.values())
    offered += ((rule.name, rule.summary) for rule in RULES.values() if last)
    return [
        CompletionItem(f"{before}{comma}{word}", help=words)
        for word, words in offered
        if word.startswith(last)
    ]


def complete_doubts(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """The same for doubts."""
    from sentry_migrate.doubts import DOUBTS

    before, comma, last = typed.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{doubt.code}", help=doubt.question)
        for doubt in DOUBTS.values()
        if doubt.code.startswith(last)
    ]


def _selector_option(flag: str, help_text: str) -> Callable[[_Command], _Command]:
    return click.option(
        flag,
        multiple=True,
        callback=_selectors,
        metavar="RULE,…",
        help=help_text,
        shell_complete=complete_rules,
    )


_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    _selector_option("--select", "Rules to check instead of the default rules."),
    _selector_option("--extend-select", "Rules to check in addition to the selected rules."),
    _selector_option("--ignore", "Rules to skip."),
    click.option(
        "--assume",
        multiple=True,
        callback=_selectors,
        metavar="DOUBT,…",
        shell_complete=complete_doubts,
        help=(
            "Doubts to answer with yes, besides those in the settings. Fixes with no other doubt "
            "become safe. `sentry-migrate doubt` lists all."
        ),
    ),
    click.option(
        "--strict/--no-strict",
        default=None,
        help="Assume nothing, not even what is assumed by default or by the project's settings.",
    ),
    click.option(
        "--sdk-version",
        callback=_version,
        metavar="VERSION",
        help=(
            "Oldest sentry-sdk 2.x to support. By default, the oldest that the project's "
            "requirements allow."
        ),
    ),
    click.option(
        "--config",
        type=PATH,
        metavar="FILE",
        help="Read the settings from this pyproject.toml only.",
    ),
    click.option(
        "--isolated", is_flag=True, help="Ignore all configuration and requirement files."
    ),
    click.option(
        "--exclude",
        multiple=True,
        callback=_patterns,
        metavar="PATTERN",
        help=(
            "Skip files that match the pattern, as in a .gitignore of the working directory. "
            "Repeatable."
        ),
    ),
    click.option(
        "--owner",
        "owners",
        multiple=True,
        metavar="OWNER",
        help=(
            "Look only at files that the repository's CODEOWNERS gives to the owner, such as "
            "@org/team. Repeatable. Needs the extra: `pip install 'sentry-migrate[owners]'`."
        ),
    ),
    click.option(
        "--force-exclude/--no-force-exclude",
        default=None,
        help="Also apply exclusions to files named as arguments.",
    ),
    click.option(
        "--respect-gitignore/--no-respect-gitignore",
        default=None,
        help="Skip files that .gitignore files exclude (the default).",
    ),
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(min=1),
        default=os.cpu_count() or 1,
        show_default="all processors",
        help="Number of files to analyse in parallel.",
    ),
    click.option(
        "--cache-dir",
        type=PATH,
        metavar="DIRECTORY",
        envvar="SENTRY_MIGRATE_CACHE_DIR",
        help=(
            "Where to cache facts about the rest of the project. Default: `sentry-migrate` in the "
            "user's cache directory."
        ),
    ),
    click.option("--no-cache", is_flag=True, help="Neither read nor write such a cache."),
    click.option(
        "--timeout",
        type=float,
        callback=_seconds,
        metavar="SECONDS",
        default=120.0,
        show_default=True,
        help="Processor time that the analysis of one file may take.",
    ),
)


def selection(command: _Command) -> _Command:
    """Give a command PATHS and these options."""
    return click.argument("paths", nargs=-1, type=PATH)(options(command))


def options(command: _Command) -> _Command:
    """Give a command these options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def output_format(choices: Mapping[str, str]) -> Callable[[Any], Any]:
    """`--output-format` with these choices, the first of them the default."""
    names = list(choices)
    kind = click.Choice(names)
    return click.option("--output-format", type=kind, default=names[0], show_default=True)


def to_write(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """The name of a file to write, if it can be and is not one of those that are checked: an
    option with a forgotten argument must not cost anyone their code, nor a wrong one a long run."""
    from sentry_migrate.project.files import is_read

    if value == "":
        raise click.BadParameter("the name of the file is empty.")
    if value is None or value == "-":
        return value
    if value.startswith("-"):
        raise click.BadParameter(
            f"{value!r} is an option, and no file is named before it; a file of such a name is "
            f"`{os.path.join(os.curdir, value)}`."
        )
    if is_read(os.path.realpath(value)):
        raise click.BadParameter(
            f"{value!r} is the name of a file to check, which would be lost; choose another name."
        )
    folder_to_write(value)
    return value


def folder_to_write(file: str) -> None:
    """Refuse the name of a file that cannot be written, as nothing can be in its directory."""
    folder = os.path.dirname(os.path.realpath(file))
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise click.BadParameter(f"{folder} is no directory that can be written to.")


FILE_TO_WRITE = click.Path(dir_okay=False, readable=False, allow_dash=True)


def output_file(what: str, default: str = "") -> Callable[[Any], Any]:
    """`-o FILE`, None where it is not given. Without a `default` file, `-` is the same as that."""
    words = f"; `-` for standard output. Default: {default}."
    if not default:
        words = ", instead of standard output (`-`)."
    return click.option(
        "-o",
        "--output-file",
        type=FILE_TO_WRITE,
        metavar="FILE",
        callback=lambda context, parameter, value: (
            None if value == "-" and not default else to_write(context, parameter, value)
        ),
        help=f"File to write {what} to{words}",
    )


def quiet(command: _Command) -> _Command:
    """Give a command that changes something `--quiet`."""
    said = "Print only errors, and what is asked or left to do."
    return click.option("-q", "--quiet", is_flag=True, help=said)(command)
