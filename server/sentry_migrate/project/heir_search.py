"""Where files that do not mention the SDK may derive classes from one that somebody asks about, or
have something else than a method be under the name of one.

Owns choosing the files, by what they spell, so that few are parsed. Refuses to know what those say.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice

from sentry_migrate.plan import ANY_NAME, Site, later_key
from sentry_migrate.project.derived_members import assigned, functions_in, given
from sentry_migrate.project.modules import parsed
from sentry_migrate.project.plan_words import ASSIGNED, DERIVED, PUT
from sentry_migrate.project.syntax_nodes import walk

_STATEMENT = (
    rb"\.%s\b[ \t]*(?:[,:][^\n=]*)?=(?!=)"
    rb"|(?m:^[ \t]+(?:[\w.]+[ \t]*,[ \t]*)*%s\b[ \t]*(?:[,:][^\n=]*)?=(?!=)(?!.*,[ \t\r]*$))"
    rb"|\b(?:as|for|import)\b[^\n]*\b%s\b|property\s+def[ \t]+%s\b"
    rb"|[\[(][ \t]*['\"]%s['\"]|,[ \t]*['\"]%s['\"],"
)
"""What a file spells that gives something to a name; not to a parameter, in lines of their own."""


class HeirSearch:
    """Looks through files for all that is asked at once."""

    def __init__(
        self,
        paths: Iterable[str],
        read: Callable[[str], bytes | None],
        derived: Callable[[str], Collection[str]],
        acts: Callable[[str, str], bool],
    ) -> None:
        """`derived` gives the paths of the files where classes spell a base so, or have one that
        nobody sees; `acts` says of a file whether a function of some name does more than work out
        a value."""
        self._paths = paths
        self._read = read
        self._derived = derived
        self._acts = acts

    def sites(self, kinds: Collection[str], apart: Collection[str]) -> Iterator[tuple[str, Site]]:
        """Two of each kind at most, in files that are not `apart`."""
        derived = {kind[len(DERIVED) :] for kind in kinds if kind.startswith(DERIVED)}
        for name in sorted(derived):
            paths = sorted(set(self._derived(name)).difference(apart))[:2]
            yield from ((path, Site(DERIVED + name, 1)) for path in paths)
            if paths:
                derived.discard(name)
        put = {
            kind[len(one) :] for one in (ASSIGNED, PUT) for kind in kinds if kind.startswith(one)
        }
        wanted = {name: os.fsencode(name) for name in (derived - {ANY_NAME}) | put}
        found = dict.fromkeys(wanted, 0)
        for path in self._paths if wanted else ():
            data = None if path in apart else self._read(path)
            for name, word in wanted.items() if data is not None else ():
                if found[name] < 2 and word in data:  # type: ignore[operator]
                    for site in islice(self._of_file(path, data, name, name in derived), 1):
                        found[name] += 1
                        yield path, site

    def _of_file(self, path: str, data: bytes | None, name: str, is_class: bool) -> Iterator[Site]:
        assert data is not None
        word = re.escape(os.fsencode(name))
        if not is_class and re.search(_STATEMENT.replace(b"%s", word), data) is None:
            return
        tree = parsed(data)
        if tree is None:
            return
        if is_class and (line := given(tree, name)):
            yield Site(DERIVED + name, line)
        for value, line, own in () if is_class else assigned(tree, name):
            if any(self._may_act(path, tree, one) for one in functions_in(value)):
                yield Site(ASSIGNED + name if own else later_key(f".{name}"), line)

    def _may_act(self, path: str, tree: ast.Module, value: ast.expr | None) -> bool:
        """Whether calling a value may do more than work out another."""
        if isinstance(value, ast.Lambda):
            return any(isinstance(one, ast.Call) for one in walk(value.body))
        if not isinstance(value, ast.Name | ast.Attribute):
            return True
        name = value.attr if isinstance(value, ast.Attribute) else value.id
        here = (one for one in walk(tree) if isinstance(one, ast.FunctionDef))
        return self._acts(path, name) if any(one.name == name for one in here) else True
