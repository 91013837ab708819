"""The commands and their options: what can be typed is checked here and passed on.

Imports what a command needs in its body, so that `server` never loads the analysis and `check`
never the server.
"""

from __future__ import annotations

import signal
import sys
from typing import Any

import click

from sentry_migrate import __version__
from sentry_migrate.cli.check_command import check
from sentry_migrate.cli.prove_command import prove
from sentry_migrate.cli.selection import (
    FILE_TO_WRITE,
    PATH,
    complete_doubts,
    complete_rules,
    options,
    output_file,
    output_format,
    quiet,
    selection,
    to_write,
)
from sentry_migrate.cli.with_settings import exit_with
from sentry_migrate.report import formats

_MEANT = {"fix": "check --fix", "diff": "check --diff", "lint": "check", "explain": "rule"}
"""What people who know other tools type, and the command that they mean."""


class _Commands(click.Group):
    """Suggests the command that people who know other tools may mean."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As in `click.Group`, but the error names the command that may be meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            meant = _MEANT.get(args[0].lower())
            if meant is None:
                raise  # click suggests similar names
            said = f"{error.message} Did you mean `{ctx.info_name} {meant}`?"
            raise click.UsageError(said, ctx) from None


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Find sentry-sdk 1.x code in Python and rewrite it to 2.x.

    Without a command, `status` is run: what is left to migrate, and what to do next.
    """
    if context.invoked_subcommand is None:
        context.invoke(status)


cli.add_command(check)
cli.add_command(prove)

_STATUS_EXIT_CODES = """\b
Exit codes:
  0  the status is written
  2  wrong arguments or settings; or something could not be read or analysed"""


@cli.command(epilog=_STATUS_EXIT_CODES, short_help="Show what is left, and what to do next.")
@selection
def status(paths: tuple[str, ...], **arguments: Any) -> None:
    """Show what is left to migrate, in the order in which it is best done, and what to do next."""
    from sentry_migrate.cli.file_results import ReadingOptions as Options
    from sentry_migrate.cli.status import run

    if "-" in paths:
        raise click.UsageError("`status` cannot read standard input.")
    exit_with(lambda given, choose: run(Options(**given), choose), paths=paths, **arguments)


_NEXT_EXIT_CODES = """\b
Exit codes:
  0  the stage is done, or nothing is left
  1  the stage is not done: it was declined, a question is open, or code has to be changed by hand
  2  wrong arguments or settings, uncommitted changes; or something could not be read or written"""


@cli.command("next", epilog=_NEXT_EXIT_CODES, short_help="Do the next stage, and commit it.")
@selection
@click.option("-y", "--yes", is_flag=True, help="Do not ask. Questions about the code stay open.")
@click.option(
    "--allow-dirty",
    is_flag=True,
    help="Go on although files have uncommitted changes. They are fixed, but not committed.",
)
@click.option("--commit/--no-commit", default=True, help="Commit the stage (the default).")
@click.option(
    "--pr-text",
    type=FILE_TO_WRITE,
    metavar="FILE",
    callback=to_write,
    help="Also write the text of a pull request to the file; `-` for standard output.",
)
@quiet
def next_(paths: tuple[str, ...], **arguments: Any) -> None:
    """Do the first stage of the migration that is not done, and commit it.

    The stages: raise the requirement; apply safe fixes; answer questions, whose answers go to
    `assume` in pyproject.toml, and apply the fixes that they make safe; change the rest by hand.
    PATHS, --select and --owner make the steps smaller. The commit is made without the repository's
    hooks.
    """
    from sentry_migrate.cli.next_stage import Options, run

    if "-" in paths:
        raise click.UsageError("`next` cannot read standard input.")
    exit_with(lambda given, choose: run(Options(**given), choose), paths=paths, **arguments)


_APPLY_EXIT_CODES = """\b
Exit codes:
  0  the fixes are made
  1  with --diff, something would change; with --interactive, the input ended too early
  2  wrong arguments or settings, an unknown ID; or something could not be read or written"""


@cli.command("apply", epilog=_APPLY_EXIT_CODES, short_help="Make single fixes by their IDs.")
@click.argument("ids", metavar="[ID...]", nargs=-1)
@click.option("-i", "--interactive", is_flag=True, help="Show the fixes one by one, and ask.")
@click.option(
    "--proved", is_flag=True, help="Make the fixes, safe or not, that `prove` found to be equal."
)
@click.option(
    "--in",
    "paths",
    multiple=True,
    type=PATH,
    metavar="PATH",
    help="Where to look for them. Repeatable. Default: `.`.",
)
@options
@click.option("--diff", is_flag=True, help="Print what would change, without changing any file.")
@quiet
def apply_(**arguments: Any) -> None:
    """Make single fixes, safe or not, by the IDs that `check --output-format json` and `tasks`
    list. The first eight characters are enough; ID/2 is the second alternative of a finding."""
    from sentry_migrate.cli.apply import Options, run

    if sum((bool(arguments["ids"]), arguments["interactive"], arguments["proved"])) != 1:
        raise click.UsageError("Give either IDs, --interactive or --proved.")
    exit_with(lambda given, choose: run(Options(**given), choose), **arguments)


_UNDO_EXIT_CODES = """\b
Exit codes:
  0  the files are as they were before the run
  1  with --diff, something would change
  2  wrong arguments, nothing to undo, or not everything could be restored"""


@cli.command(epilog=_UNDO_EXIT_CODES, short_help="Restore what the last run changed.")
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--diff", is_flag=True, help="Print what would change, without changing any file.")
@click.option(
    "--force", is_flag=True, help="Also restore files that were changed or deleted after the run."
)
@quiet
def undo(paths: tuple[str, ...], diff: bool, force: bool, quiet: bool) -> None:
    """Restore the files that the last run of `check --fix`, `next` or `apply` changed.

    Each further `undo` restores what the run before it changed. With PATHS, only these files and
    those in these directories are restored, as they were before the last run that changed one; the
    root of a project means all of its files. If one of the files was changed after the run, nothing
    is restored. What is not restored stays recorded, also what is as it was before the run, unless
    --force is given.
    """
    from sentry_migrate.cli.undo import run

    sys.exit(run(paths, diff, force, quiet))


_REPORT_EXIT_CODES = """\b
Exit codes:
  0  the report is written
  2  wrong arguments or settings; or something could not be read, analysed or written"""


def _template(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from sentry_migrate.report import source_links

    try:
        source_links.check(value or "")
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None
    return value


@cli.command(epilog=_REPORT_EXIT_CODES, short_help="Report how much is left to migrate.")
@selection
@click.option(
    "--output-format",
    type=click.Choice(list(formats.MIGRATION)),
    help="Default: html; on a terminal, formatted Markdown.",
)
@output_file("the report")
@click.option(
    "--since-report",
    type=PATH,
    metavar="FILE",
    help="Compare with an earlier report in JSON: what is gone, and how long the rest may take.",
)
@click.option(
    "--links",
    metavar="TEMPLATE",
    callback=_template,
    help=(
        "URL template for source links, with the placeholders {path}, {uri}, {line} and "
        "{column}. By default, the file itself, relative to the page."
    ),
)
def report(paths: tuple[str, ...], **arguments: Any) -> None:
    """Report how much is left to migrate, as an HTML page, Markdown or JSON."""
    from sentry_migrate.cli.report import Options, run

    if "-" in paths:
        raise click.UsageError("`report` cannot read standard input.")
    exit_with(lambda given, choose: run(Options(**given), choose), paths=paths, **arguments)


_TASKS_EXIT_CODES = """\b
Exit codes:
  0  the tasks are written
  2  wrong arguments or settings; or something could not be read, analysed or written"""


@cli.command(epilog=_TASKS_EXIT_CODES, short_help="Write what is left as a list of tasks.")
@selection
@output_format(formats.TASKS)
@output_file("the tasks", "MIGRATION_TASKS.md or MIGRATION_TASKS.json")
@click.option(
    "--force",
    is_flag=True,
    help="Also replace a file that is not a list of tasks, or has ticks or notes.",
)
def tasks(paths: tuple[str, ...], **arguments: Any) -> None:
    """Write what is left to migrate as a list of tasks, for people and coding agents: each finding
    with its code, how it can be rewritten, the question it depends on and how to check it."""
    from sentry_migrate.cli.tasks import Options, run

    if "-" in paths:
        raise click.UsageError("`tasks` cannot read standard input.")
    exit_with(lambda given, choose: run(Options(**given), choose), paths=paths, **arguments)


@cli.command(short_help="Serve coding agents over the Model Context Protocol.")
def mcp() -> None:
    """Serve coding agents over the Model Context Protocol, on standard input and output, for the
    project in the working directory: what is left, what fixes would change, and making them.

    Needs the extra: `pip install 'sentry-migrate[mcp]'`.
    """
    from sentry_migrate.cli.mcp_server import run

    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a client that ends us waits for nothing
    run()


@cli.command()
@click.argument("selector", metavar="[RULE]", required=False, shell_complete=complete_rules)
@click.option("--all", "every", is_flag=True, help="Print the pages of all rules.")
@output_format(formats.RULES)
def rule(selector: str | None, every: bool, output_format: str) -> None:
    """Explain a rule: what it finds, why, and when its fix is safe.

    RULE is a code, a code prefix, a name or a group. Without one, all rules are listed with the
    kind of their fix and what they find.
    """
    from sentry_migrate.cli.rule import explain, listed
    from sentry_migrate.rules import unknown

    if every and selector is not None:
        raise click.UsageError("--all cannot be used with a rule.")
    if selector == "ALL":
        raise click.UsageError("Use --all for the pages of all rules.")
    if selector is None and not every:
        listed(output_format)
        return
    try:
        explain(selector, output_format)
    except KeyError:
        said = unknown(selector or "")
        raise click.BadParameter(said if said.endswith("?") else f"{said}.") from None


@cli.command(short_help="Explain what keeps fixes from being safe.")
@click.argument("code", metavar="[DOUBT]", required=False, shell_complete=complete_doubts)
@output_format(formats.DOUBTS)
def doubt(code: str | None, output_format: str) -> None:
    """Explain what keeps fixes from being safe: the question, how to answer it, and what happens
    if the answer is wrong.

    DOUBT is a code such as `other-threads`; without one, all doubts are explained.
    """
    from sentry_migrate.cli.rule import explain_doubt
    from sentry_migrate.doubts import DOUBTS, hint

    if code is not None and code not in DOUBTS:
        raise click.BadParameter(f"{code!r} is not the code of a doubt; {hint(code)}")
    explain_doubt(code, output_format)


def _address(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, int] | None:
    if value is None:
        return None
    host, colon, port = value.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise click.BadParameter(f"{value!r} is not HOST:PORT.")
    return host.strip("[]") or "127.0.0.1", int(port)


@cli.command()
@click.option(
    "--stdio", is_flag=True, help="Communicate over standard input and output (the default)."
)
@click.option(
    "--tcp", callback=_address, metavar="HOST:PORT", help="Listen on a TCP socket instead."
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"], case_sensitive=False),
    default="info",
    show_default=True,
)
def server(stdio: bool, tcp: tuple[str, int] | None, log_level: str) -> None:
    """Run the language server."""
    if stdio and tcp:
        raise click.UsageError("--stdio cannot be used with --tcp.")
    from sentry_migrate.lsp.start import main

    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a client that ends us waits for nothing
    main(tcp, log_level)
