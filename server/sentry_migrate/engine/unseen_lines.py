"""Where a text may use the SDK in a way of which nothing is said.

Owns telling what is known of them from what is not: options that the code does not show, and the
names of options that 2.x refuses in code that nothing connects with `init()`; and the like of what
may be the SDK or a hub, and of names of the SDK that are worked out. Refuses to know how that is
told to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import PurePath

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.model import CheckResult
from sentry_migrate.plan import judged_key, reads_option_key, spells_option_key
from sentry_migrate.project.defined_code import keeps_keyword
from sentry_migrate.project.held_options import RENAMED
from sentry_migrate.project.mentions import spells_sdk
from sentry_migrate.project.modules import directory_of
from sentry_migrate.project.plan_words import takes_key
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.syntax_errors import ParseError
from sentry_migrate.python.tree import Tree
from sentry_migrate.rewrite.named_words import is_read, starred, taken_places
from sentry_migrate.rewrite.option_words import is_project
from sentry_migrate.rewrite.renamed_options import (
    is_given_elsewhere,
    is_passed,
    left_words,
)
from sentry_migrate.sdk.named_options import BESIDE, seen_elsewhere
from sentry_migrate.sdk.perhaps_sdk import of_imported, of_perhaps_sdk
from sentry_migrate.sdk.spelled_hubs import spelled_hubs
from sentry_migrate.sdk.spelled_options import renamed_options, spelled_options
from sentry_migrate.sdk.unseen_options import unseen_options
from sentry_migrate.sdk.uses import NAMED
from sentry_migrate.sdk.worked_out_names import worked_out_names
from sentry_migrate.text.spans import SpanSet

_WORD = re.compile(r"[^\W\d]\w*")


def nothing_said(context: Context) -> CheckResult:
    """All that a text has of these."""
    known = {id(use.node) for use in context.uses}
    return CheckResult(
        unseen=tuple(unseen_lines(context)),
        spelled=spelled_lines(context),
        hubs=hub_lines(context),
        worked_out=_lines(context.tree, worked_out_names(context.tree, context.values, known)),
    )


def _lines(tree: Tree, nodes: Iterable[cst.CSTNode]) -> tuple[int, ...]:
    return tuple(sorted({tree.lines.line_of(tree.span(one)[0]) + 1 for one in nodes}))


def unseen_lines(context: Context) -> Iterator[int]:
    """The 1-based lines where `init()` gets options that the code does not show."""
    for node in unseen_options(context.tree, context.values, is_project(context)):
        yield context.tree.lines.line_of(context.span(node)[0]) + 1


def takes_options(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """Where `init()` gets options that nobody follows through the project, once for each word in
    what gives them; but not where a finding says which they are."""
    uses = (use for use in context.uses if use.trigger.startswith("elsewhere:"))
    said = SpanSet((use.start, use.end) for use in uses)
    known = is_project(context)
    for node in unseen_options(context.tree, context.values, known, follows=False):
        if said.overlaps(*context.span(node)):
            continue
        values: list[cst.CSTNode] = [node]
        for name in context.tree.nodes(cst.Name) if isinstance(node, cst.Name) else ():
            holder = context.parent(context.parent(name) or name)
            value = holder.value if isinstance(holder, cst.Assign | cst.AnnAssign) else None
            if value is not None and isinstance(node, cst.Name) and name.value == node.value:
                values.append(value)
        for word in {one for value in values for one in _WORD.findall(context.code(value))}:
            yield takes_key(word), node
    for use in context.uses:
        if use.trigger == NAMED:
            for place in seen_elsewhere(use.path):
                yield takes_key(place), use.node
                for old, new in RENAMED.items():
                    if new in context.tree.text:
                        yield takes_key(f"{place}{BESIDE}{old}"), use.node
        elif use.trigger.startswith("spelled:") and is_read(context, use):
            option = use.trigger.partition(":")[2]
            if not is_passed(context, use.node) or is_given_elsewhere(context, option):
                yield reads_option_key(option), use.node
    for option in chain.from_iterable(RENAMED.items()):
        if option in context.tree.text:
            yield spells_option_key(option), context.tree.module
            for word in left_words(context, option):
                yield reads_option_key(option), word
    for option, node in renamed_options(context.tree):
        for place in taken_places(context, node):
            yield judged_key(option, place), node
            for one in starred(context, place):
                yield takes_key(one), node


def spelled_lines(context: Context) -> tuple[int, ...]:
    """The 1-based lines that spell an option that 2.x refuses, as a keyword, a key or a field,
    where that is not known to reach `init()`, or not to."""
    known = {id(use.option.name) for use in context.uses if use.option is not None}
    known |= {id(use.node) for use in context.uses if use.trigger.startswith("field:")}
    directory = _directory(context.path)
    found = (
        node
        for node in spelled_options(context.tree)
        if id(node) not in known and not _is_kept(context.tree, context.scopes, directory, node)
    )
    return _lines(context.tree, found)


def hub_lines(context: Context) -> tuple[int, ...]:
    """The 1-based lines that read what hubs have of something called a hub, where nothing says
    what that is, or 1.x names of what may be the SDK."""
    values = context.values
    found = (node for node in spelled_hubs(context.tree) if values.of(node.value) is None)
    hubs = _hubs(context.tree, context.scopes, found)
    of_sdk = (
        *of_perhaps_sdk(context.tree, values),
        *(
            node
            for node in of_imported(context.tree, context.scopes, _directory(context.path))
            if values.of(node.value) is None and not values.path(node)
        ),
    )
    return tuple(sorted({*hubs, *_lines(context.tree, of_sdk)}))


def without_sdk(text: str, path: PurePath | None) -> CheckResult | None:
    """The like in a text that has nothing to do with the SDK itself; None where it spells none."""
    if not spells_sdk(text):
        return None
    try:
        tree = Tree.of(text)
        scopes = Scopes(tree)
        hubs = _hubs(tree, scopes, spelled_hubs(tree))
        of_sdk = _lines(tree, of_imported(tree, scopes, _directory(path)))
        return CheckResult(hubs=tuple(sorted({*hubs, *of_sdk})))
    except (ParseError, RecursionError):
        return CheckResult()


def _hubs(tree: Tree, scopes: Scopes, found: Iterable[cst.Attribute]) -> tuple[int, ...]:
    """The lines of those that are not of the text's own functions or of another package's."""
    own = {one.name.value for one in tree.nodes(cst.FunctionDef)}
    left = (one for one in found if one.attr.value not in own and not scopes.imported(one.value))
    return _lines(tree, left)


def _directory(path: PurePath | None) -> str:
    return "" if path is None else directory_of(str(path))


def _is_kept(tree: Tree, scopes: Scopes, directory: str, node: cst.CSTNode) -> bool:
    """Whether a word is an argument for a function that has nothing to do with the SDK."""
    call = tree.parent(tree.parent(node) or node)
    if not isinstance(node, cst.Name) or not isinstance(call, cst.Call):
        return False
    if path := scopes.imported(call.func):
        return bool(directory) and keeps_keyword(directory, path, node.value)
    bindings = scopes.reaching(call.func) if isinstance(call.func, cst.Name) else ()
    own = any(isinstance(one.node, cst.FunctionDef | cst.ClassDef) for one in bindings)
    return own and "sentry" not in tree.text.lower()
