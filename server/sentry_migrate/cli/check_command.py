"""The arguments of `sentry-migrate check`: which go together, and what they mean for the run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from sentry_migrate.cli.selection import (
    PATH,
    folder_to_write,
    output_file,
    output_format,
    selection,
)
from sentry_migrate.cli.with_settings import exit_with
from sentry_migrate.project import regular_files
from sentry_migrate.report import formats

if TYPE_CHECKING:
    from sentry_migrate.cli.changed_files import Changed
    from sentry_migrate.cli.choose import Choose

_EXIT_CODES = """\b
Exit codes:
  0  nothing found, or everything fixed
  1  findings remain, or a file is not valid Python; with --diff, something would change;
     or the baseline accepts findings that are no longer there
  2  wrong arguments or settings; or something could not be read, analysed or written"""


_NOT_TOGETHER = {
    "output_file": ("diff", "fix_only"),
    "update_baseline": ("diff", "fix_only", "add_ignores", "prune_baseline"),
    "prune_baseline": ("diff", "fix_only", "add_ignores"),
    "statistics": ("fix_only",),
    "todo": ("add_ignores", "update_baseline", "prune_baseline"),
    "verbose": ("quiet",),
    "show_files": ("show_settings", "since", "staged"),
}
"""Options of `check`, each with those that it cannot be used with."""


def _interactive(context: click.Context, _: click.Parameter, given: bool) -> None:
    """Say which command has the option that people look for here."""
    if given:
        said = "No such option '--interactive'. Did you mean `sentry-migrate apply --interactive`?"
        raise click.UsageError(said, context)


@click.command(epilog=_EXIT_CODES, short_help="Find 1.x code and fix it.")
@selection
@click.option("--fix", is_flag=True, help="Apply safe fixes.")
@click.option(
    "--fix-only",
    is_flag=True,
    help="Apply fixes, but neither print nor fail on the findings that remain. Implies --fix.",
)
@click.option(
    "--unsafe-fixes/--no-unsafe-fixes",
    default=None,
    help="Also apply unsafe fixes.",
)
@click.option(
    "--diff", is_flag=True, help="Print what --fix would change, without changing any file."
)
@click.option(
    "--add-ignores",
    is_flag=True,
    help="Suppress the remaining findings with a comment on each line.",
)
@click.option(
    *("-i", "--interactive"),
    is_flag=True,
    hidden=True,
    expose_value=False,
    callback=_interactive,
)
@click.option(
    "--todo",
    is_flag=True,
    help="Add a TODO comment at each place of a finding that remains, and remove those of others.",
)
@output_format(formats.FINDINGS)
@output_file("the findings")
@click.option("--print-found", is_flag=True, hidden=True)  # for `prove`, which needs both at once
@click.option("--statistics", is_flag=True, help="Print the number of findings per rule instead.")
@click.option(
    "--baseline",
    type=PATH,
    metavar="FILE",
    help="Accept the findings that the file lists: they are neither printed nor fail the run. "
    "Those that are no longer there do.",
)
@click.option(
    "--update-baseline",
    is_flag=True,
    help="Write all findings to the baseline, so that only new ones fail.",
)
@click.option(
    "--prune-baseline",
    is_flag=True,
    help="Remove the findings from the baseline that are no longer there, and add none.",
)
@click.option(
    "--since",
    metavar="REF",
    help="Check only files that are new or changed since the branch left the git reference.",
)
@click.option(
    "--staged", is_flag=True, help="Check only files that are staged in git, as they are staged."
)
@click.option("--stdin-filename", type=PATH, help="File name to use for standard input.")
@click.option(
    "--show-files", is_flag=True, help="Print the files that would be read, and check nothing."
)
@click.option(
    "--show-settings",
    is_flag=True,
    help="Print the settings of the first path as JSON, and check nothing.",
)
@click.option("-e", "--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option(
    "--exit-non-zero-on-fix",
    is_flag=True,
    help="Exit with 1 if something was fixed, even if no findings remain.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only findings and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Also name what is not counted.")
def check(paths: tuple[str, ...], **arguments: Any) -> None:
    """Check files and directories (default: `.`), or standard input (`-`)."""
    from sentry_migrate.cli.check import Options, run
    from sentry_migrate.cli.selected import show_files, show_settings

    if "-" in paths and len(paths) > 1:
        raise click.UsageError("`-` cannot be combined with other paths.")
    if arguments["statistics"] and arguments["output_format"] not in formats.STATISTICS:
        known = ", ".join(formats.STATISTICS)
        raise click.UsageError(
            f"--statistics has no format {arguments['output_format']!r}; use one of {known}."
        )
    if arguments["baseline"] == "":
        raise click.BadParameter("the name of the file is empty.", param_hint="--baseline")
    if arguments["update_baseline"]:
        folder_to_write(arguments["baseline"] or ".")
    for option in ("update_baseline", "prune_baseline", "owners", "show_files"):
        if arguments[option] and paths == ("-",):
            name = "owner" if option == "owners" else option.replace("_", "-")
            raise click.UsageError(f"--{name} cannot be used with standard input.")
    for option, others in _NOT_TOGETHER.items():
        for other in others:
            if arguments[option] and arguments[other]:
                names = (f"--{name.replace('_', '-')}" for name in (option, other))
                raise click.UsageError(" cannot be used with ".join(names) + ".")
    arguments["fix"] = arguments["fix"] or arguments["fix_only"]
    if arguments["stdin_filename"] is not None and paths != ("-",):
        raise click.UsageError("--stdin-filename needs `-`, for standard input, as the only path.")
    since, staged = arguments.pop("since"), arguments.pop("staged")
    contents: dict[str, Callable[[], bytes]] = {}
    if since is not None or staged:
        writes = any(arguments[name] for name in ("fix", "add_ignores", "todo"))
        looked = _changed(paths, since, staged, writes and not arguments["diff"])
        if not looked.paths and not looked.deleted:
            sys.exit(_nothing_changed(arguments))
        paths, contents = looked.paths, {path: it.read for path, it in looked.staged.items()}
        arguments["deleted"] = looked.deleted
        arguments["force_exclude"] = True  # nobody named these files
    files, settings = arguments.pop("show_files"), arguments.pop("show_settings")

    def work(given: dict[str, Any], choose: Choose) -> int:
        options = Options(**given)
        if settings:
            return show_settings(options.home, choose)
        return (show_files if files else run)(options, choose)

    with regular_files.instead(contents):
        exit_with(work, paths=paths, **arguments)


def _changed(paths: tuple[str, ...], since: str | None, staged: bool, write: bool) -> Changed:
    from sentry_migrate.cli.changed_files import changed

    if staged and since is not None:
        raise click.UsageError("--staged cannot be used with --since.")
    if paths == ("-",):
        raise click.UsageError("--since and --staged cannot be used with standard input.")
    return changed(paths or (".",), since, write)


def _nothing_changed(arguments: Mapping[str, Any]) -> int:
    """Say so, also to a program that waits for the findings; the exit code."""
    from sentry_migrate.cli.output import not_written, report
    from sentry_migrate.report.entry import Coverage

    click.echo("No Python or dependency file has changed.", err=True)
    file = arguments["output_file"]
    if arguments["fix_only"]:
        return 0
    try:
        report(
            [], arguments["output_format"], sys.stdout, coverage=Coverage(),
            counts=arguments["statistics"], quiet=True, file=file, fixed=[], applied=0, assumed=[],
            ignored=0, undo="",
        )  # fmt: skip
    except OSError as reason:
        if file is None:
            raise
        not_written(file, reason)
        return 2
    return 0
