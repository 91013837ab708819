"""Which functions are called before `init()` where one file has another call it.

`tags.tag(); conf.setup()`: what `setup()` does is in no text that calls it. Owns following `init()`
to whoever leads to it, and what is called above that line. Refuses to know who asks, and how files
are found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain

from sentry_migrate.plan import Call, Site, early_key, module_place


def early_calls(
    initialising: Iterable[str],
    near: Callable[[Collection[str]], Collection[str]],
    read: Callable[[Collection[str]], Iterable[tuple[str, Sequence[Call]]]],
) -> Iterator[tuple[str, Site]]:
    """The calls and imports before `init()`.

    `initialising` are the functions, and the modules when they are imported, that call it: what
    they call before is known. `near` gives the files that may call or import some of these, `read`
    what files call.
    """
    leading = set(initialising)
    files: dict[str, Sequence[Call]] = {}
    news = set(leading)
    while news:
        files.update(read(set(near(news)) - files.keys()))
        leading |= news
        every = chain.from_iterable(files.values())
        news = {one.caller for one in every if one.callee in leading} - leading
    for path, calls in sorted(files.items()):
        last: dict[str, int] = {}
        for one in calls:
            if one.callee in leading and _is_code(one.caller):
                last[one.caller] = max(one.line, last.get(one.caller, 0))
        for one in calls:
            if one.line <= last.get(one.caller, 0) and one.callee not in leading:
                yield path, Site(early_key(one.callee), one.line)


def _is_code(caller: str) -> bool:
    """Whether it is a function or a module, and no method of whatever class."""
    return bool(module_place(caller) or caller.partition(".")[0])
