"""Arguments: what can be typed, checked and handed on. Imports what a command needs in its body,
so that `server` never loads the analysis and `check` never the server."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sentry_migrate import __version__

_Command = TypeVar("_Command", bound=Callable[..., Any])

_EXIT_CODES = """\b
Exit codes:
  0  nothing found, or everything fixed
  1  findings remain, or a file is not valid Python; with --diff, something would change
  2  wrong arguments or settings; something could not be read, analysed or written"""


@click.group(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Find sentry-sdk 1.x code in Python and rewrite it to 2.x."""


def _selectors(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """`A,B` and `A` `B` mean the same."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _selector_option(flag: str, help_text: str) -> Callable[[_Command], _Command]:
    return click.option(
        flag, multiple=True, callback=_selectors, metavar="CODE|NAME,…", help=help_text
    )


@cli.command(epilog=_EXIT_CODES)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--fix", is_flag=True, help="Apply safe fixes.")
@click.option(
    "--unsafe-fixes/--no-unsafe-fixes",
    default=None,
    help="Count fixes that were not proved as fixes too.",
)
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@_selector_option("--select", "Rules to check, instead of the default ones.")
@_selector_option("--extend-select", "Rules to check in addition.")
@_selector_option("--ignore", "Rules to leave out.")
@click.option(
    "--output-format",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
)
@click.option("--statistics", is_flag=True, help="Print how often each rule fired instead.")
@click.option(
    "--sdk-version",
    metavar="VERSION",
    help="The oldest sentry-sdk 2.x to support. By default, what the project requires.",
)
@click.option("--config", type=click.Path(), metavar="FILE", help="Use this pyproject.toml.")
@click.option("--isolated", is_flag=True, help="Ignore all configuration and requirement files.")
@click.option(
    "--exclude",
    multiple=True,
    metavar="PATTERN",
    help="Leave out what matches, as in a .gitignore of the working directory. Repeatable.",
)
@click.option(
    "--force-exclude/--no-force-exclude",
    default=None,
    help="Apply exclusions to files named as arguments too.",
)
@click.option(
    "--respect-gitignore/--no-respect-gitignore",
    default=None,
    help="Leave out what .gitignore files name (the default).",
)
@click.option("--stdin-filename", type=click.Path(), help="The name of the file given as `-`.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    show_default="all processors",
    help="How many files to analyse at once.",
)
@click.option("-e", "--exit-zero", is_flag=True, help="Exit with 0 even if findings remain.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings and errors only.")
def check(
    paths: tuple[str, ...],
    *,
    config: str | None,
    isolated: bool,
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    sdk_version: str | None,
    unsafe_fixes: bool | None,
    force_exclude: bool | None,
    respect_gitignore: bool | None,
    **others: Any,
) -> None:
    """Check files and directories (default: `.`), or standard input (`-`)."""
    from sentry_migrate.cli.check import Options, run
    from sentry_migrate.cli.choose import chooser
    from sentry_migrate.config import ConfigError

    if "-" in paths and len(paths) > 1:
        raise click.UsageError("`-` stands alone: no other path can be checked with it.")
    overrides = {
        "select": select or None,
        "extend-select": extend_select or None,
        "ignore": ignore or None,
        "sdk-version": sdk_version,
        "unsafe-fixes": unsafe_fixes,
        "force-exclude": force_exclude,
        "respect-gitignore": respect_gitignore,
    }
    try:
        choose = chooser(overrides, Path(config) if config else None, isolated)
        code = run(Options(paths or (".",), **others), choose)
    except ConfigError as error:
        click.echo(f"error: {error}", err=True)
        code = 2
    sys.exit(code)


@cli.command()
@click.argument("selector", metavar="CODE|NAME", required=False)
@click.option("--all", "every", is_flag=True, help="All rules.")
@click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def rule(selector: str | None, every: bool, output_format: str) -> None:
    """Explain a rule: what it finds, why, and when its fix is safe."""
    from sentry_migrate.cli.rule import explain

    if every == (selector is not None):
        raise click.UsageError("Give one rule, or --all.")
    try:
        explain(selector, output_format)
    except KeyError:
        raise click.BadParameter(
            f"{selector!r} is no rule; `sentry-migrate rule --all` lists them."
        ) from None


def _address(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, int] | None:
    if value is None:
        return None
    host, colon, port = value.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise click.BadParameter(f"{value!r} is not HOST:PORT.")
    return host.strip("[]") or "127.0.0.1", int(port)


@cli.command()
@click.option("--stdio", is_flag=True, help="Speak on standard input and output (the default).")
@click.option("--tcp", callback=_address, metavar="HOST:PORT", help="Listen on a socket instead.")
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"], case_sensitive=False),
    default="info",
    show_default=True,
)
def server(stdio: bool, tcp: tuple[str, int] | None, log_level: str) -> None:
    """Run the language server."""
    if stdio and tcp:
        raise click.UsageError("--stdio and --tcp exclude each other.")
    from sentry_migrate.lsp.server import main

    main(tcp, log_level)
