"""A progress bar, for those who have waited for a second and look at a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

_Item = TypeVar("_Item")
_PATIENCE = 1.0  # seconds


def progress(items: Iterable[_Item], total: int) -> Iterator[_Item]:
    """`items`, with a bar on standard error that goes away at the end."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress

    start = time.monotonic()
    with Progress(console=Console(stderr=True), transient=True, disable=False) as bar:
        task = bar.add_task("Analysing", total=total, visible=False)
        for item in items:
            bar.update(task, advance=1, visible=time.monotonic() - start > _PATIENCE)
            yield item
