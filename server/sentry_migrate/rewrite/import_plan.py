"""Which import statements change with a set of fixes, and which `as` of a `with` statement goes.

Owns deciding where a needed name is imported and which names nothing reads after them. Names are
dropped only when these fixes made them unused.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeGuard

import libcst as cst

from sentry_migrate.project.code_style import CodeStyle
from sentry_migrate.project.modules import LEGACY
from sentry_migrate.python.bindings import Binding, dotted
from sentry_migrate.python.caught import ALL, Attempt, caught_by
from sentry_migrate.rewrite.import_edits import rewrite_statement
from sentry_migrate.rewrite.import_sections import ImportStatement
from sentry_migrate.rewrite.with_targets import with_targets, without_target
from sentry_migrate.sdk.import_needs import Need
from sentry_migrate.sdk.imports import ROOT, Imports
from sentry_migrate.text.edits import Edit

_FAILED = ("ImportError", "ModuleNotFoundError")


class ImportPlan:
    """Plans the import edits of one tree."""

    __slots__ = ("_holders", "_imports", "_reexporting", "_sites", "_statements", "_style")

    def __init__(self, imports: Imports, style: CodeStyle) -> None:
        self._imports = imports
        self._style = style
        self._statements: dict[int, ImportStatement] = {}
        self._holders: dict[int, int] = {}  # id of an alias: id of its statement
        self._reexporting: dict[int, int] = {}  # the same for names from the project's own modules
        for binding in imports.bindings:
            if isinstance(binding.statement, cst.Import | cst.ImportFrom):
                self._statements[id(binding.statement)] = binding.statement
                self._holders[id(binding.node)] = id(binding.statement)
        for binding in imports.reexported:
            if isinstance(binding.statement, cst.Import | cst.ImportFrom):
                self._statements.setdefault(id(binding.statement), binding.statement)
                self._reexporting[id(binding.node)] = id(binding.statement)
        for binding in imports.starred:
            if isinstance(binding.statement, cst.ImportFrom):
                self._statements.setdefault(id(binding.statement), binding.statement)
        self._sites: list[tuple[int, int, Binding]] | None = None

    def edits(self, needs: Iterable[Need], edits: Sequence[Edit]) -> list[Edit]:
        """The import edits that go with `edits` on the rest of the text."""
        asked = list(dict.fromkeys(needs))
        wanted = [need for need in asked if not need.drop]
        removed = {need.drop for need in asked if need.drop}
        result: list[Edit] = []
        unused = self._unused(edits)
        own = {id(one.node) for one in unused if id(one.node) in self._reexporting}
        for binding in unused:
            if id(binding.node) in own:
                names = _names(self._statements[self._reexporting[id(binding.node)]])
                if any(id(alias) not in own | removed for alias in names):
                    removed.add(id(binding.node))  # the module is still imported
            elif binding.kind == "import":
                removed.add(id(binding.node))
            else:
                result.extend(without_target(self._imports.tree, binding, edits))
        added: dict[int, list[Need]] = {}
        fresh: dict[int, list[Need]] = {}
        for need in self._distinct(wanted):
            home = self._home(need, removed)
            if home is None:
                fresh.setdefault(self._first_of_run(need.anchor), []).append(need)
            else:
                added.setdefault(id(home), []).append(need)
        held = self._reexporting | self._holders
        changed = {*added, *fresh, *(held[alias] for alias in removed)}
        tree = self._imports.tree
        emptied: set[int] = set()
        rewritten = []
        for key in changed & self._statements.keys():
            statement = self._statements[key]
            names = _names(statement)
            gone = [alias for alias in names if id(alias) in removed]
            new, beside = added.get(key, []), fresh.get(key, [])
            if len(gone) == len(names) and not new and not beside:
                if self._tells_presence(statement, removed):
                    beside = [Need(ROOT, "", key)]
                elif removed:
                    low, high = map(tree.lines.line_of, tree.span(statement))
                    emptied.update(range(low, high + 1))
            rewritten.append((statement, gone, new, beside))
        for one in rewritten:
            result.extend(rewrite_statement(tree, *one, changed, emptied, self._style))
        return result

    def _tells_presence(self, statement: ImportStatement, removed: set[int]) -> bool:
        """Whether code asks by this import, and by no other that stays, if the SDK is there."""
        attempt = self._attempt(statement)
        if attempt is None:
            return False
        module, span = self._imports.tree.module, self._imports.tree.span
        for key in set(self._holders.values()):
            other = self._statements[key]
            beside = self._attempt(other) is attempt
            if not beside and self._block(other) is not module:
                continue
            first = beside and span(other) < span(statement)  # that one gets the place
            if first or any(id(alias) not in removed for alias in _names(other)):
                return False
        return True

    def _attempt(self, statement: ImportStatement) -> Attempt | None:
        """What waits for the import to fail."""
        return caught_by(self._imports.tree, statement, *_FAILED, *ALL)

    def _unused(self, edits: Sequence[Edit]) -> list[Binding]:
        """Imported names, and those after `as`, whose every read is replaced by `edits`."""
        sites = self._read_sites()
        counts: dict[int, int] = {}
        found: dict[int, Binding] = {}
        for edit in edits:
            at = bisect_left(sites, edit.start, key=lambda site: site[0])
            while at < len(sites) and sites[at][1] <= edit.end:
                binding = sites[at][2]
                found[id(binding)] = binding
                counts[id(binding)] = counts.get(id(binding), 0) + 1
                at += 1
        words = {word for edit in edits for word in re.findall(r"\w+", edit.text)}
        return [
            binding
            for key, binding in found.items()
            if counts[key] == len(self._imports.scopes.reads_beside(binding))
            and binding.name not in words
            and not (binding.kind == "import" and self._imports.is_interface(binding))
        ]

    def _read_sites(self) -> list[tuple[int, int, Binding]]:
        """Every read of a name that one import, or one `as` in a function, and nothing else binds,
        by position."""
        if self._sites is None:
            span = self._imports.tree.span
            self._sites = [
                (*span(load), binding)
                for binding in self._droppable()
                if len(binding.scope.bindings[binding.name]) == 1
                for load in self._imports.scopes.reads_beside(binding)
            ]
            self._sites.sort(key=lambda site: site[0])
        return self._sites

    def _droppable(self) -> Iterator[Binding]:
        """The imports and names after `as` that may go; those of 1.x names from the project's own
        modules are for a rule of theirs."""
        yield from self._imports.bindings
        yield from with_targets(self._imports.scopes)
        known = set(map(id, self._imports.bindings))
        for binding in self._imports.reexported:
            last = binding.path.rpartition(".")[2]
            if last not in LEGACY and isinstance(binding.statement, cst.ImportFrom):
                if id(binding) not in known:
                    yield binding

    def _distinct(self, needs: Iterable[Need]) -> list[Need]:
        """One need for each name in a block: beside the first of the statements that ask for it."""
        first: dict[tuple[str, str, int], tuple[int, Need]] = {}
        for need in needs:
            anchor = self._statements.get(need.anchor)
            at = self._imports.tree.span(anchor)[0] if anchor is not None else 0
            key = (need.module, need.name, id(self._block(anchor)))
            if key not in first or at < first[key][0]:
                first[key] = (at, need)
        return [need for _, need in first.values()]

    def _home(self, need: Need, removed: Collection[int]) -> cst.ImportFrom | None:
        """The `from module import` statement the name joins, where these have several. isort and
        ruff keep names with `as` apart, so it is none of which only such names are left."""
        anchor = self._statements.get(need.anchor)
        if not need.name or anchor is None or self._style.imports.single:
            return None
        block = self._block(anchor)
        for statement in (anchor, *self._statements.values()):
            if _imports_from(statement, need.module) and self._block(statement) is block:
                left = [alias for alias in _names(statement) if id(alias) not in removed]
                if not left or any(alias.asname is None for alias in left):
                    return statement
        return None

    def _first_of_run(self, anchor: int) -> int:
        """Where each import has one name, the first of the SDK's that stand together, so that what
        is new in one place is sorted there."""
        statement = self._statements.get(anchor)
        block = self._block(statement) if self._style.imports.single else None
        body: Sequence[cst.CSTNode] = getattr(block, "body", ())
        line = self._imports.tree.parent(statement) if statement is not None else None
        at = next((at for at, one in enumerate(body) if one is line), 0)
        while at and (above := self._from_sdk(body[at - 1])) is not None:
            if self._imports.tree.lines_above(body[at]):
                break
            at, anchor = at - 1, id(above)
        return anchor

    def _from_sdk(self, line: cst.CSTNode) -> cst.ImportFrom | None:
        """The import from the SDK that is alone in a line."""
        only = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
        alone = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
        return (
            only if alone and _imports_from(only, ROOT) and id(only) in self._statements else None
        )

    def _block(self, statement: ImportStatement | None) -> cst.CSTNode | None:
        line = self._imports.tree.parent(statement) if statement is not None else None
        return self._imports.tree.parent(line) if line is not None else None


def _names(statement: ImportStatement) -> Sequence[cst.ImportAlias]:
    return () if isinstance(statement.names, cst.ImportStar) else statement.names


def _imports_from(statement: object, module: str) -> TypeGuard[cst.ImportFrom]:
    return (
        isinstance(statement, cst.ImportFrom)
        and statement.module is not None
        and not statement.relative
        and dotted(statement.module) == module
        and not isinstance(statement.names, cst.ImportStar)
    )
