"""How functions are called in the plan, where those of two files find each other: by name.

Owns the keys of functions, of what modules run, and of functions that others are handed. Knows
neither trees nor what is in files.
"""

from __future__ import annotations

from collections.abc import Iterator

_IMPORT, _PROGRAM = "import ", "program "
_ANY_OF = ".*"
"""Ends the key that stands for all functions of a module, or all methods of a class."""
HEIRS = "heirs of "
"""How a key begins that stands for all classes derived from one, which calls nothing itself."""
_HANDED, _DOT = "(", "/"
_ANY_HANDED = _HANDED + "*"
"""Ends the key that stands for all that a function may be handed."""
_STORED = "(=)"
CALLED = "(called).*"
"""What is handed to a function that calls it."""


def function_key(module: str, name: str) -> str:
    """A function as other files call it. `module` is the last part of its module's name.

    A method has no module: `""`. `"*"` stands for whatever the module has by that name.
    """
    return f"{module}.{name}"


def import_key(place: str) -> str:
    """The code of a module that runs when it is imported; `place` is as in `project/modules.py`."""
    return _IMPORT + place


def program_key(place: str) -> str:
    """The code of a module that runs only when its file is run as a program."""
    return _PROGRAM + place


def module_place(function: str) -> str:
    """The place that `import_key` or `program_key` was given; empty for any other function."""
    return function.partition(" ")[2] if function.startswith((_IMPORT, _PROGRAM)) else ""


def handed_key(function: str, slot: str, handed: str = "*") -> str:
    """A call of one function that is handed another at a `slot`: the index or the name of the
    argument. `"*"` stands for whatever it is handed there."""
    return f"{function}{_HANDED}{slot}).{handed.replace('.', _DOT)}"


def stored_key(holder: str, handed: str = "*") -> str:
    """That a value or an attribute is given a function, which whoever calls it calls."""
    return f"{holder}{_STORED}.{handed.replace('.', _DOT)}"


def any_handed(function: str) -> str:
    """The key that stands for all calls of a function that are handed another."""
    return function + _ANY_HANDED


def handed_of(key: str) -> str:
    """The function that `handed_key` or `stored_key` was told is handed; empty for other keys."""
    return key.rpartition(".")[2].replace(_DOT, ".") if holder_of(key) != key else ""


def holder_of(key: str) -> str:
    """What `handed_key` or `stored_key` was told is handed a function; any other key as it is."""
    return key if module_place(key) else key.partition(_HANDED)[0]


def is_stored(key: str) -> bool:
    """Whether `stored_key` made it, for a certain function."""
    return _STORED in key and not key.endswith(_ANY_OF)


def anything_beside(function: str) -> str:
    """The key that stands for all functions of this one's module; empty for a module's code."""
    return "" if module_place(function) else function.rpartition(".")[0] + _ANY_OF


def callers_of(function: str) -> Iterator[str]:
    """The keys under which calls are noted that a function makes."""
    yield from (function, anything_beside(function))
    if (holder := holder_of(function)) != function:
        yield any_handed(holder)


def meant(callee: str, caller: str) -> str:
    """What a call calls, where both may stand for all functions of a module, or for all that a
    function is handed."""
    if callee == CALLED:
        return handed_of(caller)
    if callee.endswith(_ANY_HANDED):
        return callee[: -len(_ANY_HANDED)] + caller[caller.find(_HANDED) :]
    return callee[:-1] + caller.rpartition(".")[2] if callee.endswith(_ANY_OF) else callee
