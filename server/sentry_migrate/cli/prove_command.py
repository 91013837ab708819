"""The arguments of `sentry-migrate prove`."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import click

from sentry_migrate.cli.selection import FILE_TO_WRITE, PATH, to_write

_EXIT_CODES = """\b
Exit codes:
  0  what would reach Sentry is equal in all tests that could be compared
  1  a test ends in another way, or sends something else
  2  wrong arguments; or the tests could not be run, fail without any change, or did not run three
     times within the time budget"""


def _old(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"1(\.\d+)*", value):
        raise click.BadParameter(f"{value!r} is not a release of 1.x.")
    return value


def _new(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"2(\.\d+){0,2}", value):
        raise click.BadParameter(f"{value!r} is not a release of 2.x.")
    return value


def _settings(directory: str, new: str | None) -> list[str]:
    """Options of `check` that have the fixes made for a release that is older than those which the
    project supports: they would use what it does not have."""
    from sentry_migrate.project import config
    from sentry_migrate.project.versions import parse_version

    try:
        older = new is not None and parse_version(new) < config.load(Path(directory)).sdk_version
    except config.ConfigError:  # `check` says so
        return []
    return ["--sdk-version", new] if new is not None and older else []


@click.command(epilog=_EXIT_CODES, short_help="Prove fixes with the project's own tests.")
@click.argument("command", nargs=-1)
@click.option(
    "--in", "directory", type=PATH, default=".", metavar="DIRECTORY",
    help="The project. Default: the working directory.",
)  # fmt: skip
@click.option("--unsafe-fixes", is_flag=True, help="Also try unsafe fixes.")
@click.option(
    "--fix", "ids", multiple=True, metavar="ID",
    help="Try only this fix, by its ID or how that begins; ID/1 is the first alternative to it, as "
    "in the JSON of `check`. Repeatable.",
)  # fmt: skip
@click.option(
    "--select", multiple=True, metavar="RULE", help="Try only fixes of these rules. Repeatable."
)
@click.option(
    "--python", type=PATH, metavar="FILE",
    help="The Python that has the project's packages. Default: that of the active or the project's "
    "own virtual environment.",
)  # fmt: skip
@click.option(
    "--old", metavar="VERSION", callback=_old,
    help="The 1.x to compare with. Default: the last that the project's requirements allow.",
)  # fmt: skip
@click.option(
    "--new", metavar="VERSION", callback=_new,
    help="The 2.x to compare with. Default: the newest that the project's requirements allow.",
)  # fmt: skip
@click.option("--no-client", is_flag=True, help="Give no client to tests that do not start Sentry.")
@click.option("--allow-failures", is_flag=True, help="Go on although tests fail as they are.")
@click.option(
    "--timeout", type=click.FloatRange(0, min_open=True), metavar="SECONDS",
    help="As long as one run of the tests may take. Default: as long as it takes.",
)  # fmt: skip
@click.option(
    "--time-budget", "budget", type=click.FloatRange(0, min_open=True), metavar="SECONDS",
    help="As long as all of it may take; then it tells what it knows. Default: no end.",
)  # fmt: skip
@click.option(
    "--record", type=FILE_TO_WRITE, metavar="FILE", callback=to_write,
    help="Only run COMMAND, where it is, and write to FILE what it would send.",
)  # fmt: skip
@click.option(
    "--compare", nargs=2, type=PATH, metavar="OLD NEW", help="Only compare two such files."
)
@click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def prove(
    command: tuple[str, ...], directory: str, unsafe_fixes: bool, ids: tuple[str, ...],
    select: tuple[str, ...], python: str | None, old: str | None, new: str | None,
    no_client: bool, allow_failures: bool, timeout: float | None, budget: float | None,
    record: str | None, compare: tuple[str, str] | None, output_format: str,
) -> None:  # fmt: skip
    """Run the project's tests before and after the fixes, each with its SDK, and compare what would
    reach Sentry, test by test and fix by fix.

    COMMAND, after `--`, runs the tests; by default it is `python -m pytest`. It runs in copies of
    the project, with the packages of its environment; neither the project nor its environment is
    changed. The SDK sends nothing, and tests that use it reach no public address from Python.
    """
    from sentry_migrate.cli import own_directories, recorded
    from sentry_migrate.cli import prove as proof
    from sentry_migrate.prove.fixes import Fixer

    if record is not None and compare is not None:
        raise click.UsageError("--record cannot be used with --compare.")
    if record is not None:
        if not command:
            raise click.UsageError("--record needs a command: `prove --record FILE -- COMMAND`.")
        sys.exit(recorded.record(command, record))
    if compare is not None:
        sys.exit(recorded.compare(*compare, output_format))
    if not os.path.isdir(directory):
        raise click.BadParameter(f"{directory!r} is not a directory", param_hint="--in")
    arguments = [argument for rule in select for argument in ("--select", rule)]
    arguments += _settings(directory, new)
    cache = own_directories.cache()
    if cache is None:
        raise click.UsageError("There is no directory for caches; set XDG_CACHE_HOME.")
    given = proof.Options(
        directory, command, Fixer(arguments, unsafe_fixes, ids), os.path.join(cache, "sdk"), python,
        old, new, not no_client, allow_failures, timeout, budget, output_format,
    )  # fmt: skip
    sys.exit(proof.run(given))
