"""Options that 2.x refuses, where it is not certain that a word is one, or not to be changed alone.

Owns what is said of a word that another package, another module, a class or the program when it
runs may make an option of `init()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import differs
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import file_option_key
from sentry_migrate.project.defined_code import keeps_keyword
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import directory_of
from sentry_migrate.project.plan_words import takes_key
from sentry_migrate.proof.option_flow import given, reads_of
from sentry_migrate.python.caught import catches
from sentry_migrate.rewrite.init_options import held, quoted, rename_all
from sentry_migrate.rewrite.mocked_options import is_mocked, renamed_mocks
from sentry_migrate.rewrite.named_words import judges, named_words, of_named
from sentry_migrate.rewrite.option_fields import renamed_fields
from sentry_migrate.rewrite.renamed_options import renamed_reads
from sentry_migrate.sdk.options import TARGETS
from sentry_migrate.sdk.spelled_options import holder_of, read_of
from sentry_migrate.sdk.unseen_options import unseen_options
from sentry_migrate.sdk.uses import NAMED, Use

MESSAGES = (
    "2.x refuses to start with `…`, if `…` passes it on to `init()`",
    "2.x refuses to start with `…`, which `…` has",
    "2.x refuses to start with `…`, a field that is passed to `init()`",
    "2.x refuses to start with `…`, if `init()` gets it",
    "2.x refuses to start with `…`, which `init()` gets by way of `…`",
    "2.x calls the option `…` that is read here `…`",
)
"""What is said besides that an option was renamed."""


def of_others(use: Use, context: Context, new: str) -> Iterator[Draft]:
    """The finding for a word that may be an option with another name in 2.x."""
    kind, _, old = use.trigger.partition(":")
    say = {"foreign": _handed_on, "elsewhere": _has_elsewhere, "field": _is_field, "rest": _is_rest}
    yield from say.get(kind, _is_spelled)(use, context, old, new)


def _handed_on(use: Use, context: Context, old: str, new: str) -> Iterator[Draft]:
    """What another package's function is given, and may pass on."""
    assert use.call is not None
    if is_project(context)(use.path) or _is_tried(context, use.call):
        return
    called = context.code(use.call.func)
    remedy = (
        f"Find out what `{called}()` does with it. If it passes its options on to `init()`, rename "
        f"`{old}` to `{new}`; else use a release of its package that supports 2.x."
    )
    message = f"2.x refuses to start with `{old}`, if `{called}()` passes it on to `init()`"
    yield context.finding(use, remedy=remedy, message=message)


def _has_elsewhere(use: Use, context: Context, old: str, new: str) -> Iterator[Draft]:
    """A dictionary of another module that has the option."""
    if judges(context, use, old):
        return
    code = context.code(use.node)
    remedy = f"Rename `{old}` to `{new}` where `{code}` is made."
    message = f"2.x refuses to start with `{old}`, which `{code}` has"
    yield context.finding(use, remedy=remedy, message=message)


def _is_field(use: Use, context: Context, old: str, new: str) -> Iterator[Draft]:
    """A field of a class whose fields are the options."""
    remedy = f"Rename the field to `{new}`, and wherever it is given or read."
    message = f"2.x refuses to start with `{old}`, a field that is passed to `init()`"
    fix = None if held(context, new) else renamed_fields(context, old, new)
    yield context.finding(use, fix, remedy="" if fix else remedy, message=message)


def _is_rest(use: Use, context: Context, old: str, new: str) -> Iterator[Draft]:
    """Options that the code does not show, beside a file that has one."""
    if id(use.node) in _unseen(context) and (place := context.elsewhere(file_option_key(old))):
        remedy = f"Find out whether `init()` gets the `{old}` in {place} here. If so, rename it to "
        remedy += f"`{new}` there."
        message = f"2.x refuses to start with `{old}`, if `init()` gets it"
        yield context.finding(use, remedy=remedy, message=message)


def _is_spelled(use: Use, context: Context, old: str, new: str) -> Iterator[Draft]:
    """A word that is not known to be an option, and not known to be something else."""
    text = use.node if isinstance(use.node, cst.SimpleString) else None
    read = read_of(context.tree, text) if text is not None else None
    message = f"2.x calls the option `{old}` that is read here `{new}`"
    if is_mocked(context, use):
        yield context.finding(use, renamed_mocks(context, old, new), message=message)
        return
    if id(use.node) in _known(context) or _is_tried(context, use.node):
        return
    for option in (one.option for one in context.uses if one.option is not None and text):
        if option.key == old and text in reads_of(context, option):
            same, remedy = given(context, option, old), held(context, new)
            both = given(context, option, new)
            fix = None if both or remedy else rename_all(context, same, new, old)
            yield context.finding(use, fix, remedy=remedy, message=message)
            return
    if (draft := renamed_reads(use, context, old, new)) is not None:
        yield draft
        return
    if read is not None and text is not None and context.values.trigger(read) == "Client.options":
        said = f"late releases of 1.x have no `{old}` in `client.options` either"
        if not isinstance(context.parent(text), cst.Index):  # that fails in these, and can be right
            remedy = f"Read `{new}` if the code is to act upon the option: {said}, so that it goes "
            remedy += "on with these as if the option was not given."
            yield context.finding(use, remedy=remedy, message=message)
            return
        fix = context.fix(f"Rename to `{new}`").replace(text, quoted(context, text, new))
        yield context.finding(use, fix.unsafe(differs(said)), message=message)
        return
    if (place := named_words(context, old).get(id(use.node))) is not None:
        yield of_named(use, context, old, new, place)
        return
    if not (_may_reach_init(context) or _is_taken(context, use.node)):
        return
    remedy = f"Find out whether `init()` gets it. If so, rename it to `{new}` where it is "
    remedy += "given and where it is read."
    message = f"2.x refuses to start with `{old}`, if `init()` gets it"
    yield context.finding(use, remedy=remedy, message=message)


def _is_taken(context: Context, node: cst.CSTNode) -> bool:
    """Whether the project gives `init()` what has the name of what a word is in."""
    holder = holder_of(context.tree, node)
    return bool(holder) and bool(context.elsewhere(takes_key(holder)))


@remembered
def _known(context: Context) -> frozenset[int]:
    """The ids of words that another finding is about, or that cannot reach `init()`."""
    found = [use.option.name for use in context.uses if use.option is not None]
    found += [use.node for use in context.uses if use.trigger.startswith("field:")]
    foreign = (use for use in context.uses if use.trigger.startswith("foreign:"))
    found += (use.node for use in foreign if not is_project(context)(use.path))
    for arg in context.tree.nodes(cst.Arg):
        call = context.parent(arg)
        if not isinstance(call, cst.Call):
            continue
        if arg.keyword is not None and not _may_pass(context, call, arg.keyword.value):
            found.append(arg.keyword)
    for made in context.tree.nodes(cst.Dict):
        if _is_data(context, made):
            found += (one.key for one in made.elements if isinstance(one, cst.DictElement))
    return frozenset(map(id, found))


def _is_data(context: Context, made: cst.Dict) -> bool:
    """Whether a dictionary only serves functions of the SDK as a value, as that of a context."""
    holder = context.parent(made)
    places: Sequence[cst.CSTNode] = [made]
    if isinstance(holder, cst.Assign) and isinstance(holder.targets[0].target, cst.Name):
        name = holder.targets[0].target
        home = context.scopes.lookup(name.value, context.scopes.scope_of(name))
        bindings = home.bindings[name.value] if home is not None else []
        places = context.scopes.reads_beside(bindings[0]) if len(bindings) == 1 else []
    calls = [context.parent(arg) for arg in map(context.parent, places) if isinstance(arg, cst.Arg)]
    return (
        bool(places)
        and len(calls) == len(places)
        and all(isinstance(call, cst.Call) and context.values.trigger(call.func) for call in calls)
    )


def _may_pass(context: Context, call: cst.Call, keyword: str) -> bool:
    """Whether a call may pass a keyword on that it is given: to a dictionary, or a function that is
    neither imported from elsewhere nor known to leave its other keywords alone."""
    if path := context.scopes.imported(call.func):
        if context.path is not None and not path.startswith("."):
            directory = directory_of(str(context.path))
            return is_project(context)(path) and not keeps_keyword(directory, path, keyword)
        return is_project(context)(path)
    bindings = context.scopes.reaching(call.func) if isinstance(call.func, cst.Name) else ()
    return all(_takes_any(context, one.node) for one in bindings)


def _takes_any(context: Context, called: cst.CSTNode) -> bool:
    """Whether what is called may do something with any keyword."""
    if isinstance(called, cst.ClassDef):
        bindings = context.scopes.scopes[id(called)].bindings.get("__init__", ())
        made = next((one.node for one in bindings), None)
        if made is None:
            return bool(called.bases or called.decorators)
        called = made
    if not isinstance(called, cst.FunctionDef):
        return True
    rest = called.params.star_kwarg
    inside = context.scopes.scopes[id(called)].bindings
    return rest is not None and any(
        context.scopes.reads_beside(one) for one in inside[rest.name.value]
    )


@remembered
def _may_reach_init(context: Context) -> bool:
    """Whether code that uses the SDK may give options to `init()` that are not visible: here, or
    where there is no `init()` in the file."""
    values = context.values
    calls = (one for one in context.tree.nodes(cst.Call) if values.path(one.func) in TARGETS)
    return bool(_unseen(context)) if next(calls, None) is not None else _uses_sdk(context)


@remembered
def _unseen(context: Context) -> frozenset[int]:
    """The ids of what gives `init()` options that the code does not show."""
    found = unseen_options(context.tree, context.values, is_project(context))
    return frozenset(map(id, found))


def _uses_sdk(context: Context) -> bool:
    words = ("option:", "foreign:", "elsewhere:", "field:", "spelled:", "rest:", "import:", NAMED)
    return any(not use.trigger.startswith(words) for use in context.uses)


def _is_tried(context: Context, node: cst.CSTNode) -> bool:
    """Whether code is prepared for that the option is refused."""
    return any(catches(one, "TypeError") for one in context.tree.holders(node, cst.Try))


@remembered
def is_project(context: Context) -> Callable[[str], bool]:
    """Tells of a dotted path whether it begins in the project of the file."""
    disk = ModulesOnDisk()
    directory = "" if context.path is None else directory_of(str(context.path))
    return lambda path: (
        path.startswith(".")
        or (bool(directory) and any(True for _ in disk.imported(directory, path)))
    )
