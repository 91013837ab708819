"""Which functions are called before `init()` where one file has another call it.

`tags.tag(); conf.setup()`: what `setup()` does is in no text that calls it. Owns following `init()`
to whoever leads to it, and what is called above that line. Refuses to know who asks, and how files
are found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from sentry_migrate.plan import Call, Site, early_key, module_place


def early_calls(
    initialising: Iterable[str],
    near: Callable[[Collection[str]], Collection[str]],
    read: Callable[[Collection[str]], Iterable[tuple[str, Sequence[Call]]]],
    is_one: Callable[[str], bool],
) -> Iterator[tuple[str, Site]]:
    """The calls and imports before `init()`.

    `initialising` are the functions, and the modules when they are imported, that call it: what
    they call before is known. `near` gives the files that may call or import some of these, `read`
    what files call. `is_one` tells whether only one class has a method of a name.
    """
    leading: set[str] = set()
    files: dict[str, Sequence[Call]] = {}
    callers: dict[str, list[str]] = {}
    waiting = set(initialising)
    while waiting:
        leading |= waiting
        found = {caller for callee in waiting for caller in callers.get(callee, ())}
        for path, calls in read(set(near(waiting)) - files.keys()):
            files[path] = calls
            for one in calls:
                callers.setdefault(one.callee, []).append(one.caller)
                if one.callee in leading:
                    found.add(one.caller)
        waiting = {one for one in found - leading if _is_code(one) or is_one(one[1:])}
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
