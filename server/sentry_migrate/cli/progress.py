"""A progress bar, for those who have waited for a second and look at a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PATIENCE = 1.0  # seconds


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error that goes away at the end; gives what to call after each of `total`
    steps."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    start = time.monotonic()
    with Progress(console=Console(stderr=True), transient=True, disable=False) as bar:
        task = bar.add_task("Analysing", total=total, visible=False)
        yield lambda: bar.update(task, advance=1, visible=time.monotonic() - start > _PATIENCE)
