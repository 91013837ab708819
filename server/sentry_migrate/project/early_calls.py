"""Which functions are called before `init()` where one file has another call it.

`tags.tag(); conf.setup()`: what `setup()` does is in no text that calls it. Owns following `init()`
to whoever leads to it, and what is called above that line. Refuses to know who asks, and how files
are found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from sentry_migrate.call_keys import anything_beside, holder_of, meant, module_place
from sentry_migrate.plan import Call, Site, early_key
from sentry_migrate.project.call_scopes import base_of
from sentry_migrate.project.held_functions import ANY_OF, IN_ORDER


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
    beside: dict[str, set[str]] = {}
    """By what stands for all functions of a module or a class, those that are leading."""
    files: dict[str, Sequence[Call]] = {}
    callers: dict[str, list[str]] = {}
    waiting = set(initialising)
    while waiting:
        leading |= waiting
        found = set[str]()
        for callee in waiting:
            every = anything_beside(callee)
            beside.setdefault(every, set()).add(callee)
            found.update(callers.get(callee, ()))
            found.update(meant(caller, callee) for caller in callers.get(every, ()))
        for path, calls in read(set(near(waiting)) - files.keys()):
            files[path] = calls
            for one in calls:
                callers.setdefault(one.callee, []).append(one.caller)
                if one.callee in leading:
                    found.add(one.caller)
                if among := beside.get(one.callee):
                    found.update(meant(one.caller, callee) for callee in among)
        waiting = {one for one in found - leading if not _is_method(one) or is_one(one[1:])}
    for path, calls in sorted(files.items()):
        last: dict[str, int] = {}
        for index, one in enumerate(calls):
            if one.callee in leading and _is_code(one.caller):
                last[one.caller] = max(_place(one, index), last.get(one.caller, -1))
        for index, one in enumerate(calls) if last else ():
            if (
                _place(one, index) <= last.get(one.caller, -1)
                and holder_of(one.callee) not in leading
            ):
                if not one.caller.endswith(IN_ORDER) or _is_called(one.caller, callers):
                    yield path, Site(early_key(one.callee), one.line)


def _place(call: Call, index: int) -> int:
    """When a call is made, among those of its caller: what a value holds is called in its order."""
    return index if call.caller.endswith(IN_ORDER) else call.line


def _is_called(caller: str, callers: Mapping[str, Sequence[str]]) -> bool:
    """Whether something calls all that a value holds."""
    waiting, seen = [caller], {caller}
    for one in waiting:
        if one == caller.removesuffix(IN_ORDER) or _is_method(one) or one.endswith(IN_ORDER):
            news = set(callers.get(one, ())) - seen
            waiting += news
            seen |= news
        else:
            return True
    return False


def _is_method(caller: str) -> bool:
    """Whether it is a method of whatever class, and no function or module."""
    return not (module_place(caller) or caller.partition(".")[0])


def _is_code(caller: str) -> bool:
    """Whether it runs all that it calls, one after the other."""
    return not (_is_method(caller) or caller.endswith(ANY_OF) or base_of(caller))
