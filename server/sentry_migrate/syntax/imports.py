"""How new code names the SDK, and what that asks of the imports.

Owns choosing a spelling that is right where it stands (`sentry_sdk.x`, `x`, an existing alias),
and planning import edits for a set of fixes applied together: added names are merged and sorted
into place, names are dropped only when these fixes made them unused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.syntax.scopes import Binding, Scope, Scopes, dotted
from sentry_migrate.syntax.sdk_names import canonical
from sentry_migrate.syntax.tree import Span, Tree
from sentry_migrate.text.edits import Edit

ROOT = "sentry_sdk"


class NoName(Exception):
    """Every way to name the new API is taken by other code; str() says by what."""


@dataclass(frozen=True, slots=True)
class Need:
    """What new code needs imported."""

    module: str
    name: str
    """Empty for `import module`."""
    anchor: int
    """id() of the import statement it belongs with."""
    drop: int = 0
    """Instead of all that: id() of an ImportAlias that goes."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """Text that names an API, and what must be imported for it."""

    text: str
    needs: tuple[Need, ...] = ()


class Imports:
    """The imports of one tree."""

    __slots__ = ("_keeps", "_scopes", "_tree", "bindings")

    def __init__(self, tree: Tree, scopes: Scopes, keep_all: bool) -> None:
        """`keep_all`: never drop a name, as in `__init__.py`, whose imports are its interface."""
        self._tree = tree
        self._scopes = scopes
        self._keeps = keep_all
        self.bindings: list[Binding] = [
            binding
            for scope in scopes.scopes.values()
            for bindings in scope.bindings.values()
            for binding in bindings
            if binding.kind == "import"
            and (binding.path == ROOT or binding.path.startswith(ROOT + "."))
        ]
        self.bindings.sort(key=lambda binding: binding.at)

    # -- spelling ----------------------------------------------------------------------------

    def spell(self, tail: str, site: cst.CSTNode, root: cst.CSTNode | None) -> Spelling:
        """How to write `sentry_sdk.<tail>` at `site`, in the style of the name `root` it replaces.

        Raises NoName.
        """
        scope = self._scopes.scope_of(site)
        binding = self._import_of(root)
        if binding is not None and binding.path == ROOT and isinstance(root, cst.Name):
            return Spelling(f"{root.value}.{tail}", self._submodule(tail, root.value, binding))
        known = self._visible(f"{ROOT}.{tail}", scope, site)
        if known is not None:
            return Spelling(known)
        head, _, rest = tail.partition(".")
        if head == "Scope" and rest:
            known = self._visible(f"{ROOT}.Scope", scope, site)
            if known is not None:
                return Spelling(f"{known}.{rest}")
        module = self._visible(ROOT, scope, site)
        renames = binding is not None and canonical(binding.path) not in (f"{ROOT}.Hub",)
        if module is not None and not renames:
            return Spelling(f"{module}.{tail}")
        anchor = binding if binding is not None else self._first_import()
        spelled = self._from_import(tail, scope, anchor)
        if spelled is not None:
            return spelled
        if module is not None:
            return Spelling(f"{module}.{tail}")
        if self._scopes.lookup(ROOT, scope) is not None:
            raise NoName(f"`{ROOT}` means something else here")
        if anchor is None:
            raise NoName("no import of sentry_sdk to write it beside")
        return Spelling(f"{ROOT}.{tail}", (Need(ROOT, "", id(anchor.statement)),))

    def _submodule(self, tail: str, root: str, binding: Binding) -> tuple[Need, ...]:
        """`import sentry_sdk.scope` for `sentry_sdk.scope.use_scope`, as the guide has it."""
        head, _, rest = tail.partition(".")
        module = f"{ROOT}.{head}"
        if not rest or not head.islower() or root != ROOT:
            return ()
        if any(
            isinstance(one.statement, cst.Import)
            and isinstance(one.node, cst.ImportAlias)
            and dotted(one.node.name) == module
            for one in self.bindings
        ):
            return ()
        return (Need(module, "", id(binding.statement)),)

    def of_alias(self, alias: cst.CSTNode) -> Binding | None:
        """What an ImportAlias binds."""
        return next((binding for binding in self.bindings if binding.node is alias), None)

    def reads(self, binding: Binding) -> list[cst.Name]:
        """Every read of the name in its scope, whichever of its bindings gives the value."""
        return [
            load
            for load in self._scopes.loads.get(binding.name, ())
            if self._scopes.lookup(load.value, self._scopes.scope_of(load)) is binding.scope
        ]

    def is_interface(self, binding: Binding) -> bool:
        """Whether other code may reach the name: through `__all__`, quotes, or the package."""
        return self._keeps or not self._may_go(binding)

    def _import_of(self, root: cst.CSTNode | None) -> Binding | None:
        if not isinstance(root, cst.Name):
            return None
        for binding in self._scopes.reaching(root):
            if binding.kind == "import" and binding.path.startswith(ROOT):
                return binding
        return None

    def _visible(self, path: str, scope: Scope, site: cst.CSTNode) -> str | None:
        """A name that surely means `path` at the site."""
        wanted = canonical(path)
        for binding in self.bindings:
            if canonical(binding.path) != wanted:
                continue
            if self._scopes.lookup(binding.name, scope) is not binding.scope:
                continue
            others = [
                other
                for other in binding.scope.bindings[binding.name]
                if canonical(other.path) != wanted and other.value is None
            ]
            if others or self._only_for_types(binding.node):
                continue
            if binding.scope is scope.function() and not self._runs_before(binding, site):
                continue
            return binding.name
        return None

    def _runs_before(self, binding: Binding, site: cst.CSTNode) -> bool:
        inside = set(self._scopes.chain(site))
        return binding.at <= self._tree.span(site)[0] and all(
            link in inside or link[1] == "try" for link in self._scopes.chain(binding.node)
        )

    def _only_for_types(self, node: cst.CSTNode) -> bool:
        return any(
            isinstance(holder, cst.If)
            and re.search(r"\b(TYPE_CHECKING|MYPY)\b", self._tree.code(holder.test))
            for holder in self._tree.ancestors(node)
        )

    def _first_import(self) -> Binding | None:
        for binding in self.bindings:
            if binding.scope is self._scopes.module and not self._only_for_types(binding.node):
                return binding
        return None

    def _from_import(self, tail: str, scope: Scope, anchor: Binding | None) -> Spelling | None:
        """`name` with `from sentry_sdk import name`; None when the name is taken or unanchored."""
        if anchor is None or not isinstance(anchor.statement, cst.ImportFrom):
            return None
        module, rest = ROOT, ""
        parts = tail.split(".")
        if parts[0].islower() and len(parts) > 1:
            module, parts = f"{ROOT}.{parts[0]}", parts[1:]
        name, rest = parts[0], ".".join(parts[1:])
        at: Scope | None = scope
        while at is not None:
            if name in at.bindings:
                return None
            if at is anchor.scope:
                break
            at = at.parent
        text = f"{name}.{rest}" if rest else name
        return Spelling(text, (Need(module, name, id(anchor.statement)),))

    # -- planning ----------------------------------------------------------------------------

    def plan(self, needs: Iterable[Need], edits: Sequence[Edit]) -> list[Edit]:
        """The import edits that go with `edits` on the rest of the text."""
        added: dict[int, list[Need]] = {}
        fresh: list[Need] = []
        asked = list(dict.fromkeys(needs))
        wanted = [need for need in asked if not need.drop]
        removed = self._unused(edits, {need.name or need.module for need in wanted})
        removed.update(need.drop for need in asked if need.drop)
        for need in wanted:
            home = self._home(need)
            if home is None:
                fresh.append(need)
            else:
                added.setdefault(id(home), []).append(need)
        result: list[Edit] = []
        for statement in self._statements():
            names = () if isinstance(statement.names, cst.ImportStar) else statement.names
            gone = [alias for alias in names if id(alias) in removed]
            new = added.get(id(statement), [])
            mine = [need for need in fresh if need.anchor == id(statement)]
            if gone or new or mine:
                result.extend(self._rewrite(statement, gone, new, mine))
        return result

    def _statements(self) -> list[cst.Import | cst.ImportFrom]:
        found: dict[int, cst.Import | cst.ImportFrom] = {}
        for binding in self.bindings:
            if isinstance(binding.statement, cst.Import | cst.ImportFrom):
                found[id(binding.statement)] = binding.statement
        return list(found.values())

    def _unused(self, edits: Sequence[Edit], new: set[str]) -> set[int]:
        """ids of import aliases whose every read is replaced by `edits`."""
        if self._keeps:
            return set()
        spans = [(edit.start, edit.end) for edit in edits if edit.start < edit.end]
        words = {word for edit in edits for word in re.findall(r"\w+", edit.text)}
        result: set[int] = set()
        for binding in self.bindings:
            if binding.name in words or binding.name in new:
                continue
            if len(binding.scope.bindings[binding.name]) > 1 or not self._may_go(binding):
                continue
            reads = [self._tree.span(load) for load in self.reads(binding)]
            if reads and all(_covered(read, spans) for read in reads):
                result.add(id(binding.node))
        return result

    def _may_go(self, binding: Binding) -> bool:
        alias = binding.node
        if isinstance(alias, cst.ImportAlias) and alias.asname is not None:
            if self._tree.code(alias.name) == self._tree.code(alias.asname.name):
                return False
        if binding.name in binding.scope.elsewhere:
            return False
        return not self._named_in_text(binding.name)

    def _named_in_text(self, name: str) -> bool:
        """Whether `__all__`, a quoted annotation or a type comment names it."""
        word = re.compile(rf"\b{re.escape(name)}\b")
        for comment in re.finditer(r"#\s*type:(.*)", self._tree.text):
            if word.search(comment.group(1)):
                return True
        for node in self._tree.by_type.get(cst.SimpleString, ()):
            if isinstance(node, cst.SimpleString) and word.search(node.value):
                holder = self._tree.parent(node)
                if isinstance(holder, cst.Annotation | cst.Index | cst.BinaryOperation):
                    return True
                if isinstance(holder, cst.Element) and "__all__" in self._tree.text:
                    return True
        return False

    def _home(self, need: Need) -> cst.ImportFrom | None:
        """The `from module import` statement the name joins."""
        if not need.name:
            return None
        statements = self._statements()
        anchor = next((one for one in statements if id(one) == need.anchor), None)
        block = self._block(anchor)
        for statement in sorted(statements, key=lambda one: one is not anchor):
            if (
                isinstance(statement, cst.ImportFrom)
                and statement.module is not None
                and dotted(statement.module) == need.module
                and not isinstance(statement.names, cst.ImportStar)
                and self._block(statement) is block
            ):
                return statement
        return None

    def _block(self, statement: cst.CSTNode | None) -> cst.CSTNode | None:
        if statement is None:
            return None
        line = self._tree.parent(statement)
        return self._tree.parent(line) if line is not None else None

    def _rewrite(
        self,
        statement: cst.Import | cst.ImportFrom,
        gone: Sequence[cst.ImportAlias],
        new: Sequence[Need],
        fresh: Sequence[Need],
    ) -> Iterator[Edit]:
        """Edits of one statement: names that go and join, statements that come beside it."""
        names = statement.names
        assert not isinstance(names, cst.ImportStar)
        emptied = len(gone) == len(names) and not new
        lines = _statements_for(fresh)
        line = self._tree.parent(statement)
        alone = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
        start, end = self._tree.span(statement)
        if emptied:
            if lines or not alone or self._only_child(line):
                indent = self._indent(start)
                text = (self._newline(end) + indent).join(lines) or "pass"
                yield Edit(start, end, text)
            else:
                yield self._delete_line(start, end)
            return
        if gone or new:
            yield from self._rename(names, gone, sorted(need.name for need in new))
        for text in lines:
            before = not alone or (
                text.startswith("import ") and isinstance(statement, cst.ImportFrom)
            )
            if before:
                at = self._tree.lines.start(self._tree.lines.line_of(start))
                yield Edit(at, at, self._indent(start) + text + self._newline(end))
            else:
                at = self._tree.lines.next_start(self._tree.lines.line_of(end))
                newline = self._newline(end)
                if at == len(self._tree.text) and not self._tree.text.endswith(("\n", "\r")):
                    yield Edit(at, at, newline + self._indent(start) + text)
                else:
                    yield Edit(at, at, self._indent(start) + text + newline)

    def _only_child(self, line: cst.CSTNode | None) -> bool:
        block = self._tree.parent(line) if line is not None else None
        return not isinstance(block, cst.Module) and len(getattr(block, "body", ())) == 1

    def _delete_line(self, start: int, end: int) -> Edit:
        lines = self._tree.lines
        line = lines.line_of(end)
        rest = self._tree.text[end : lines.end(line)].strip()
        if rest.startswith("#") and not re.match(r"#\s*(noqa|type:|pylint|pragma|isort)", rest):
            return Edit(start, end + self._tree.text[end:].index("#"), "")
        return Edit(lines.start(lines.line_of(start)), lines.next_start(line), "")

    def _line_after(self, offset: int) -> int:
        """The next line's start where nothing but a comment follows, else the offset."""
        lines = self._tree.lines
        line = lines.line_of(offset)
        rest = self._tree.text[offset : lines.end(line)].strip()
        return offset if rest and not rest.startswith("#") else lines.next_start(line)

    def _indent(self, offset: int) -> str:
        begin = self._tree.lines.start(self._tree.lines.line_of(offset))
        return self._tree.text[begin : begin + _blank(self._tree.text[begin:offset])]

    def _newline(self, offset: int) -> str:
        lines = self._tree.lines
        line = lines.line_of(offset)
        return self._tree.text[lines.end(line) : lines.next_start(line)] or "\n"

    def _rename(
        self, names: Sequence[cst.ImportAlias], gone: Sequence[cst.ImportAlias], new: list[str]
    ) -> Iterator[Edit]:
        spans = [self._tree.span(alias) for alias in names]
        first, last = spans[0][0], spans[-1][1]
        text = self._tree.text
        if "\n" not in text[first:last] and "\r" not in text[first:last]:
            codes = [self._tree.code(alias) for alias in names]
            yield Edit(
                first, last, ", ".join(_merged(codes, [self._tree.code(a) for a in gone], new))
            )
            return
        spare = list(new)
        leftover: list[int] = []
        for index, (alias, (start, end)) in enumerate(zip(names, spans, strict=True)):
            if alias in gone and spare:
                yield Edit(start, end, spare.pop(0))
            elif alias in gone:
                leftover.append(index)
        separator = re.sub(r"#[^\r\n]*", "", text[spans[0][1] : spans[1][0]])
        for low, high in _runs(leftover):
            if high + 1 < len(names):
                yield Edit(spans[low][0], spans[high + 1][0], "")
            elif "#" in text[spans[low - 1][1] : spans[low][0]]:
                # The comment belongs to the name before: its comma stays, and so does its line.
                comma = re.match(r"\s*,", text[last:])
                at = self._tree.lines.start(self._tree.lines.line_of(spans[low][0]))
                yield Edit(at, self._line_after(last + (comma.end() if comma else 0)), "")
            else:
                yield Edit(spans[low - 1][1], spans[high][1], "")
        if spare:
            yield Edit(last, last, "".join(separator + name for name in spare))


def _runs(indices: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of consecutive numbers."""
    first = previous = -1
    for index in indices:
        if previous >= 0 and index != previous + 1:
            yield first, previous
        if previous < 0 or index != previous + 1:
            first = index
        previous = index
    if previous >= 0:
        yield first, previous


def _merged(codes: Sequence[str], gone: Sequence[str], new: Sequence[str]) -> list[str]:
    """An import list without `gone` and with `new`, sorted if it was, else replaced in place."""
    fresh = list(new)
    for key in (str.lower, _isort_key, str):
        if list(codes) == sorted(codes, key=key) and (len(codes) > 1 or len(new) > 1):
            return sorted([code for code in codes if code not in gone] + fresh, key=key)
    result = []
    for code in codes:
        if code not in gone:
            result.append(code)
        elif fresh:
            result.append(fresh.pop(0))
    return result + fresh


def _isort_key(code: str) -> tuple[int, str]:
    """Constants, classes, functions: the default order of isort and ruff."""
    name = code.split()[0]
    group = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return group, name.lower()


def _statements_for(needs: Sequence[Need]) -> list[str]:
    modules = sorted({need.module for need in needs if not need.name})
    lines = [f"import {module}" for module in modules]
    for module in sorted({need.module for need in needs if need.name}):
        names = sorted(need.name for need in needs if need.module == module and need.name)
        lines.append(f"from {module} import {', '.join(names)}")
    return lines


def _covered(read: Span, spans: Sequence[Span]) -> bool:
    return any(start <= read[0] and read[1] <= end for start, end in spans)


def _blank(text: str) -> int:
    return len(text) - len(text.lstrip(" \t\f"))
