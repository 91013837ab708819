"""Arguments: what can be typed, checked and handed on. Imports what a command needs in its body,
so that `server` never loads the analysis and `check` never the server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sentry_migrate import __version__
from sentry_migrate.cli.selection import PATH, selection

if TYPE_CHECKING:
    from sentry_migrate.cli.choose import Choose

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


def _run(
    work: Callable[[dict[str, Any], Choose], int],
    *,
    config: str | None,
    isolated: bool,
    unsafe_fixes: bool | None = None,
    **given: Any,
) -> None:
    """Exit with what `work` returns for the arguments that are not settings."""
    if config and isolated:
        raise click.UsageError("--config and --isolated exclude each other.")
    from sentry_migrate.cli.choose import chooser
    from sentry_migrate.config import ConfigError

    overrides = {
        "select": given.pop("select") or None,
        "extend-select": given.pop("extend_select") or None,
        "ignore": given.pop("ignore") or None,
        "sdk-version": given.pop("sdk_version"),
        "unsafe-fixes": unsafe_fixes,
        "force-exclude": given.pop("force_exclude"),
        "respect-gitignore": given.pop("respect_gitignore"),
    }
    given["paths"] = given["paths"] or (".",)
    try:
        choose = chooser(overrides, Path(config) if config else None, isolated)
        code = work(given, choose)
    except ConfigError as error:
        click.echo(f"error: {error}", err=True)
        code = 2
    sys.exit(code)


@cli.command(epilog=_EXIT_CODES)
@selection
@click.option("--fix", is_flag=True, help="Apply safe fixes.")
@click.option(
    "--unsafe-fixes/--no-unsafe-fixes",
    default=None,
    help="Count fixes that were not proved as fixes too.",
)
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option(
    "--output-format",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
)
@click.option("--statistics", is_flag=True, help="Print how often each rule fired instead.")
@click.option("--stdin-filename", type=PATH, help="The name of the file given as `-`.")
@click.option("-e", "--exit-zero", is_flag=True, help="Exit with 0 even if findings remain.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings and errors only.")
def check(paths: tuple[str, ...], **arguments: Any) -> None:
    """Check files and directories (default: `.`), or standard input (`-`)."""
    from sentry_migrate.cli.check import Options, run

    if "-" in paths and len(paths) > 1:
        raise click.UsageError("`-` stands alone: no other path can be checked with it.")
    _run(lambda given, choose: run(Options(**given), choose), paths=paths, **arguments)


_REPORT_EXIT_CODES = """\b
Exit codes:
  0  the report is written
  2  wrong arguments or settings; or something could not be read, analysed or written"""


def _template(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from sentry_migrate.report import places

    try:
        places.check(value or "")
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None
    return value


@cli.command(epilog=_REPORT_EXIT_CODES)
@selection
@click.option(
    "--output-format",
    type=click.Choice(["html", "markdown", "json"]),
    default="html",
    show_default=True,
)
@click.option(
    "-o",
    "--output-file",
    type=click.Path(dir_okay=False, readable=False, allow_dash=True),
    metavar="FILE",
    help="Where to write it, instead of standard output (`-`).",
)
@click.option(
    "--links",
    metavar="TEMPLATE",
    callback=_template,
    help="What places in the code link to, with {path}, {uri}, {line} and {column} filled in. "
    "By default, the file itself, from where the page is.",
)
def report(paths: tuple[str, ...], output_file: str | None, **arguments: Any) -> None:
    """Report how much is left to migrate: a page to read, Markdown for an issue, or counts."""
    from sentry_migrate.cli.report import Options, run

    if "-" in paths:
        raise click.UsageError("A report is of files; standard input is none.")
    file = None if output_file == "-" else output_file
    _run(
        lambda given, choose: run(Options(output_file=file, **given), choose),
        paths=paths,
        **arguments,
    )


@cli.command()
@click.argument("selector", metavar="RULE", required=False)
@click.option("--all", "every", is_flag=True, help="All rules.")
@click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def rule(selector: str | None, every: bool, output_format: str) -> None:
    """Explain a rule: what it finds, why, and when its fix is safe.

    RULE is a code, the beginning of codes, a name or ALL.
    """
    from sentry_migrate.cli.rule import explain
    from sentry_migrate.config import no_rule

    if every == (selector is not None):
        raise click.UsageError("Give one rule, or --all.")
    try:
        explain(selector, output_format)
    except KeyError:
        raise click.BadParameter(f"{no_rule(selector or '')}.") from None


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
