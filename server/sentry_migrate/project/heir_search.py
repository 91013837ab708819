"""Where files that do not mention the SDK may derive classes from one that somebody asks about, or
have something else than a method be under the name of one.

Owns choosing the files, by what they spell, so that few are parsed. Refuses to know what those say.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from sentry_migrate.plan import ANY_NAME, Site, later_key
from sentry_migrate.project.derived_members import assigned, functions_in, given
from sentry_migrate.project.modules import parsed
from sentry_migrate.project.plan_words import ASSIGNED, DERIVED, OVERRIDES, PUT
from sentry_migrate.project.syntax_nodes import walk

_STATEMENT = (
    rb"\.%s\b[ \t]*(?:[,:][^\n=]*)?=(?!=)"
    rb"|(?m:^[ \t]+(?:[\w.]+[ \t]*[,=][ \t]*)*%s\b[ \t]*(?:[,:][^\n=]*)?=(?!=)(?!.*,[ \t\r]*$))"
    rb"|\b(?:as|for|import)\b[^\n]*\b%s\b"
    rb"|property\b[^\n]*\n(?:[ \t]*[@#][^\n]*\n)*[ \t]*def[ \t]+%s\b"
    rb"|[\[(]\s*['\"]%s['\"]|,\s*['\"]%s['\"],"
)
"""What a file spells that gives something to a name; not to a parameter, in lines of their own."""

_METHOD = re.compile(rb"^[ \t]+(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Given:
    """What one file does with a class of some name, or has be under a name of some class."""

    line: int = 0
    """1-based, where the class is given away; 0 for nowhere."""
    functions: tuple[tuple[int, bool, str], ...] = ()
    """Where the name gets what may act when it is called, whether it is one of the class that the
    code is of, and the file's own function that it gets; empty for what nobody knows."""


def read(name: str, is_class: bool, data: bytes) -> Given:
    """What a file says of a class of this name, or of a member."""
    word = re.escape(os.fsencode(name))
    if not is_class and re.search(_STATEMENT.replace(b"%s", word), data) is None:
        return Given()
    tree = parsed(data)
    if tree is None:
        return Given()
    if is_class:
        return Given(given(tree, name))
    own = {one.name for one in walk(tree) if isinstance(one, ast.FunctionDef)}
    return Given(
        functions=tuple(
            (line, of_class, function)
            for value, line, of_class in assigned(tree, name)
            for one in functions_in(value)
            if (function := _called(one, own)) is not None
        )
    )


def _called(value: ast.expr | None, own: Collection[str]) -> str | None:
    """The file's own function that a value is; empty for what nobody knows, None for what does
    nothing but work out another value."""
    if isinstance(value, ast.Lambda):
        return "" if any(isinstance(one, ast.Call) for one in walk(value.body)) else None
    if not isinstance(value, ast.Name | ast.Attribute):
        return ""
    name = value.attr if isinstance(value, ast.Attribute) else value.id
    return name if name in own else ""


class HeirSearch:
    """Looks through files for all that is asked at once."""

    def __init__(
        self,
        paths: Iterable[str],
        read: Callable[[str], bytes | None],
        derived: Callable[[str], Collection[str]],
        acts: Callable[[str, str], bool],
        given: Callable[[str, bool, bytes], Given] = read,
    ) -> None:
        """`derived` gives the paths of the files where classes spell a base so, or have one that
        nobody sees; `acts` says of a file whether a function of some name does more than work out
        a value; `given` may know of some files what they say."""
        self._paths = paths
        self._read = read
        self._derived = derived
        self._acts = acts
        self._given = given

    def sites(self, kinds: Collection[str], apart: Collection[str]) -> Iterator[tuple[str, Site]]:
        """Two of each kind at most, in files that are not `apart`."""
        derived = {kind[len(DERIVED) :] for kind in kinds if kind.startswith(DERIVED)}
        for name in sorted(derived):
            paths = sorted(set(self._derived(name)).difference(apart))[:2]
            yield from ((path, Site(DERIVED + name, 1)) for path in paths)
            if paths:
                derived.discard(name)
        yield from self._overriding(kinds, apart)
        put = {
            kind[len(one) :] for one in (ASSIGNED, PUT) for kind in kinds if kind.startswith(one)
        }
        wanted = {name: os.fsencode(name) for name in (derived - {ANY_NAME}) | put}
        found = dict.fromkeys(wanted, 0)
        for path in self._paths if wanted else ():
            data = None if path in apart else self._read(path)
            for name, word in wanted.items() if data is not None else ():
                if found[name] < 2 and word in data:  # type: ignore[operator]
                    if site := self._of_file(path, data, name, name in derived):
                        found[name] += 1
                        yield path, site

    def _overriding(
        self, kinds: Collection[str], apart: Collection[str]
    ) -> Iterator[tuple[str, Site]]:
        """Where files define methods or properties of some names, which classes may have that are
        derived: two of each at most."""
        names = {kind[len(OVERRIDES) :] for kind in kinds if kind.startswith(OVERRIDES)}
        left = dict.fromkeys(map(os.fsencode, names), 2)
        for path in self._paths if left else ():
            data = None if path in apart else self._read(path)
            for one in _METHOD.finditer(data) if data is not None else ():
                if left.get(one[1]):
                    left[one[1]] -= 1
                    line = data.count(b"\n", 0, one.start()) + 1  # type: ignore[union-attr]
                    yield path, Site(OVERRIDES + os.fsdecode(one[1]), line)

    def _of_file(self, path: str, data: bytes | None, name: str, is_class: bool) -> Site | None:
        """The first place of a file."""
        assert data is not None
        known = self._given(name, is_class, data)
        if known.line:
            return Site(DERIVED + name, known.line)
        for line, own, function in known.functions:
            if not function or self._acts(path, function):
                return Site(ASSIGNED + name if own else later_key(f".{name}"), line)
        return None
