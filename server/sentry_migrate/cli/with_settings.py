"""From the arguments that are settings to a function that knows what holds where."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sentry_migrate.cli.choose import Choose


def exit_with(
    work: Callable[[dict[str, Any], Choose], int],
    *,
    config: str | None,
    isolated: bool,
    unsafe_fixes: bool | None = None,
    baseline: str | None = None,
    **given: Any,
) -> None:
    """Exit with what `work` returns for the arguments that are not settings."""
    if config and isolated:
        raise click.UsageError("--config cannot be used with --isolated.")
    if given["strict"] and given["assume"]:
        raise click.UsageError("--strict cannot be used with --assume.")
    from sentry_migrate.cli import own_directories
    from sentry_migrate.cli.choose import chooser
    from sentry_migrate.project.config import ConfigError

    overrides = {
        "select": given.pop("select") or None,
        "extend-select": given.pop("extend_select") or None,
        "ignore": given.pop("ignore") or None,
        "sdk-version": given.pop("sdk_version"),
        "unsafe-fixes": unsafe_fixes,
        "assume": given.pop("assume") or None,
        "strict": given.pop("strict"),
        "force-exclude": given.pop("force_exclude"),
        "respect-gitignore": given.pop("respect_gitignore"),
        "baseline": os.path.abspath(baseline) if baseline else None,
    }
    if not given.get("deleted"):
        given["paths"] = given["paths"] or (".",)
    directory = given.pop("cache_dir") or own_directories.cache()
    given["cache"] = None if given.pop("no_cache") else directory
    try:
        choose = chooser(overrides, Path(config) if config else None, isolated)
        code = work(given, choose)
    except ConfigError as error:
        click.echo(f"error: {error}", err=True)
        code = 2
    sys.exit(code)
