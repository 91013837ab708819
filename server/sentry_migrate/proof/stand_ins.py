"""What puts something in the place of the SDK's names, and which fixes such a place prevents.

A test that patches `app.obs.push_scope` passes only while `app/obs.py` calls `push_scope()`. Owns
finding such places, by patch, assignment, keyword, string or stand-in class, and telling which
names a fix takes out of its code or newly calls.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from sentry_migrate.doubts import REST_MIGRATED, Doubt, differs
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.index import between
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import ANY_NAME, stand_in_key
from sentry_migrate.project.modules import hides_sdk
from sentry_migrate.project.sdk_members import HANDED
from sentry_migrate.project.testing_files import MOCKED
from sentry_migrate.proof import computed_names, listed_calls, own_values, whole_stand_ins
from sentry_migrate.proof.call_graph import own_module
from sentry_migrate.proof.joined_text import UNKNOWN, joining, literal, text_of
from sentry_migrate.proof.moves import has_moved
from sentry_migrate.proof.part_of_tests import is_test
from sentry_migrate.proof.unknown_names import OWN_NAMES, module_of, replaced_in
from sentry_migrate.python.bindings import dotted, first_name
from sentry_migrate.python.caught import ALL, around, catches
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Obj, Ref, is_nothing

_WORD = re.compile(r"[^\W\d]\w*")
_DOTTED = re.compile(r"(?:[\w{}%]+[.:])*[^\W\d]\w*")
_SEPARATORS = re.compile(r"[\[\]{}\"',;\n]+")
_ROOT = "sentry_sdk"
_LISTING = (cst.Dict, cst.DictElement, cst.Element, cst.List, cst.Set, cst.Tuple)

Place = tuple[str, cst.CSTNode]
"""A kind of the plan, and where it is."""

# -- what a fix changes --------------------------------------------------------------------------


def doubt(context: Context, drafts: Sequence[Draft]) -> None:
    """Have no fix be safe that changes which names are called where something stands in for
    them."""
    hidden = context.elsewhere(stand_in_key(ANY_NAME, _ROOT)) if drafts else ""
    for draft in drafts:
        root = draft.use.root if draft.use is not None else None
        value = context.values.of(root)
        given = isinstance(value, Ref) and value.given
        if isinstance(value, Obj):
            given = value.origin == "given"
        owner = draft.use.owner if draft.use is not None else None
        given = given or (owner is not None and owner.type in HANDED and owner.origin == "given")
        for fix in (draft.fix, *draft.alternatives):
            if fix is None or fix.display or not fix.edits:
                continue
            if hidden:
                said = f"`import {_ROOT}` may import something other than the SDK: {hidden}"
                fix.unsafe(REST_MIGRATED.about(said))
            if root is not None and given:
                said = f"a caller may give something else for `{context.code(root)}`"
                fix.unsafe(REST_MIGRATED.about(said))
            introduced = _introduced(context, fix)
            renames = _words(context, fix)["description"] < 0
            if (introduced or renames) and (giver := own_values.given_in(context, draft.use)):
                lacks = f"have `{introduced[0]}()`" if introduced else "take `name=`"
                fix.unsafe(REST_MIGRATED.about(f"{giver} passes an object that may not {lacks}"))
            if fallback := _fallback(context, draft.use):
                fix.unsafe(REST_MIGRATED.about(fallback))
            if draft.use is not None and any(one.name for one in fix.needs):
                fix.unsafe(_undefined(context, draft.use))
            members: dict[str, tuple[str, ...]] = dict.fromkeys(_members(draft.use), (_ROOT,))
            members |= dict.fromkeys(introduced, ("", _ROOT))
            if renames:
                members["__init__"] = (_ROOT,)  # of a span, which gets another keyword
            names = dict.fromkeys(_changed(context, draft, fix), _homes(context))
            if names and (listed := listed_calls.reason(context)):
                fix.unsafe(REST_MIGRATED.about(listed))
            if names and (held := whole_stand_ins.held(context, draft.use)):
                fix.unsafe(REST_MIGRATED.about(held))
            whole = whole_stand_ins.replaced(context) if names else ""
            for name, homes in (*sorted(names.items()), *members.items()):
                place = whole or _stood_in(context, name, homes)
                if place:
                    said = f"{place} puts something in place of `{name}`, or asserts how it is used"
                    fix.unsafe(REST_MIGRATED.about(said))
                    break


def _stood_in(context: Context, name: str, homes: Sequence[str]) -> str:
    """Where something stands in for a name as this text gets it from one of the modules `homes`,
    or for a member of a class of the SDK; empty if nowhere."""
    kinds = [stand_in_key(name, home) for home in homes]
    if _ROOT not in homes:
        kinds += (stand_in_key(ANY_NAME, home) for home in homes)
        kinds.insert(0, stand_in_key(name))
    return next(filter(None, map(context.elsewhere, kinds)), "")


def _members(use: Use | None) -> Iterator[str]:
    """The member of a class of the SDK that is used."""
    if use is not None and use.owner is not None and _is_code(use):
        yield use.trigger.lstrip("=").rpartition(".")[2]


def _introduced(context: Context, fix: FixDraft) -> Sequence[str]:
    """The members that the code sets data by only after the fix, on whatever has them."""
    words = _words(context, fix)
    return sorted(one for one, count in words.items() if count > 0 and one.startswith("set_"))


def _fallback(context: Context, use: Use | None) -> str:
    """Why a name of what is used may mean something else where the SDK is not installed."""
    owner = use.owner.node if use is not None and use.owner is not None else None
    option = use.option.call if use is not None and use.option is not None else None
    made = (one.func if isinstance(one, cst.Call) else None for one in (owner, option))
    for node in (use.node if use is not None else None, *made):
        root = first_name(node) if node is not None else None
        for binding in context.scopes.reaching(root) if root is not None else ():
            try:
                context.values.doubts.refuse_stand_in(binding)
            except NoName as error:
                return str(error)
    return ""


def _undefined(context: Context, use: Use) -> Doubt | None:
    """Why a name that is imported too may not be as good where the SDK is not installed: what takes
    its place is None there, and the code waits for the error of that."""
    root = first_name(use.node)
    for binding in context.scopes.reaching(root) if root is not None else ():
        handler = context.tree.enclosing(binding.node, cst.ExceptHandler)
        if handler is not None and is_nothing(binding.value):
            for attempt in around(context.tree, use.node):
                if catches(attempt, "NameError", *ALL):
                    return None
                if catches(attempt, "AttributeError"):
                    return differs(
                        f"without the SDK, `{binding.name}` has the value None, and this code goes "
                        "on after the `AttributeError`; the new name is not defined then"
                    )
    return None


@remembered
def _homes(context: Context) -> Sequence[str]:
    """The last parts of the modules through which this text gets names, and what it calls them:
    with `import sentry_sdk as s`, a test patches `app.obs.s.push_scope`."""
    modules = context.values.reexported.modules
    called = whole_stand_ins.called(context)
    return tuple(sorted({*modules, own_module(context), *called} - {"", _ROOT}))


def _changed(context: Context, draft: Draft, fix: FixDraft) -> frozenset[str]:
    """The names that the code calls before or after a fix, but not both."""
    names = _edited(context, fix, len(fix.edits))
    if draft.use is not None and _is_code(draft.use):
        names |= _names(context, draft.use) - {_ROOT}
    return names


@remembered
def _edited(context: Context, fix: FixDraft, _edits: int) -> frozenset[str]:
    """The like for a fix by its edits alone, which many findings may share."""
    words = _words(context, fix)
    names = {name for tail in fix.spelled for name in _WORD.findall(tail)} | {_ROOT}
    for edit in fix.edits:
        for use in between(context, edit.start, edit.end):
            names |= _names(context, use)
    return frozenset(name for name in names if words[name])


def _words(context: Context, fix: FixDraft) -> Mapping[str, int]:
    """How much more often a text has each word after a fix; 0 for others."""
    return _counted(context, fix, len(fix.edits))


@remembered
def _counted(context: Context, fix: FixDraft, _edits: int) -> Mapping[str, int]:
    """The like for a fix with so many edits, which many findings may share."""
    words = Counter[str]()
    for edit in fix.edits:
        words.update(_WORD.findall(edit.text))
        words.subtract(_WORD.findall(context.tree.text[edit.start : edit.end]))
    return words


def _is_code(use: Use) -> bool:
    return not use.trigger.startswith(("class:", "import:", "string:"))


def _names(context: Context, use: Use) -> set[str]:
    """The names under which a test would patch what is used."""
    if not _is_code(use):
        return set()
    if use.option is not None:
        return {use.option.key, "init", "Client"}
    owner = use.owner
    made = _made_by(context, owner)
    if owner is not None and owner.type in ("Scope", "Span", "Transaction") and made:
        if not isinstance(owner.node, cst.Param):  # a test may call a callback itself
            return made  # a stand-in for it comes from a stand-in for what makes it
    names = _parts(use.trigger.lstrip("=")) | made
    if isinstance(use.node, cst.Name | cst.Attribute) and use.owner is None:
        names.add(context.code(use.node).rpartition(".")[2].strip())
    if "start_span" in names:
        names.add("start_child")  # which it calls
    return names


def _parts(path: str) -> set[str]:
    """The last name of a path, and the class before it: modules of the SDK are not patched."""
    *homes, last = path.split(".")
    return {name for name in homes if name[:1].isupper()} | ({last} - {"", _ROOT})


def _made_by(context: Context, owner: Obj | None) -> set[str]:
    """The names of what gives an instance; none where that is a parameter, or several."""
    node = owner.node if owner is not None else None
    if owner is not None and owner.type == "Hub":
        return {"Hub"}
    if isinstance(node, cst.Param):
        return _NAMES_OF_CALLBACK.get(owner.origin, set()) if owner is not None else set()
    if isinstance(node, cst.Call):
        node = node.func
    if not isinstance(node, cst.Name | cst.Attribute):
        return set()
    return _parts(context.values.trigger(node)) | {context.code(node).rpartition(".")[2].strip()}


_NAMES_OF_CALLBACK = {"configure": {"configure_scope"}, "pushed": {"push_scope"}}

# -- what stands in ------------------------------------------------------------------------------


def places(context: Context) -> Iterator[Place]:
    """The places of a text that may put something in the place of a name."""
    for attribute in context.tree.nodes(cst.Attribute):
        if isinstance(context.parent(attribute), cst.AssignTarget):
            home = module_of(context, attribute.value)
            if home or context.values.path(attribute.value):
                yield from _whole(attribute.attr.value, home, attribute)
            if _is_of_class(context, attribute.value):
                yield stand_in_key(attribute.attr.value, _ROOT), attribute
    if context.path is not None and hides_sdk(str(context.path)):
        yield stand_in_key(ANY_NAME, _ROOT), context.tree.module
    for put in context.scopes.replaced:
        home = whole_stand_ins.home_of(context, put)
        if put.name:
            yield from _whole(put.name, home, put.node)
            if put.holder is not None and _is_of_class(context, put.holder):
                yield stand_in_key(put.name, _ROOT), put.node
        elif home:
            yield stand_in_key(ANY_NAME, home), put.node
    for name, bindings in context.scopes.module.bindings.items():
        for binding in bindings:
            if binding.remote and context.values.bound(binding) is None:
                yield stand_in_key(name, own_module(context)), binding.node
    for replacing in context.tree.nodes(cst.Call):
        yield from (
            (stand_in_key(ANY_NAME, one), replacing) for one in replaced_in(context, replacing)
        )
    yield from computed_names.places(context)
    test = is_test(context)
    yield from whole_stand_ins.places(context, test)
    if not test:
        yield from _in_constants(context)
        return
    yield from listed_calls.places(context)
    for text in context.tree.nodes(cst.SimpleString):
        yield from _in_string(context, text, literal(text))
        yield from _in_list(context, text)
    for pieces in joining(context):
        yield from _in_string(context, pieces, text_of(context, pieces).rpartition(UNKNOWN)[2])
    for part in context.tree.nodes(cst.FormattedStringText):
        yield from _in_string(context, part, part.value)
    for arg in context.tree.nodes(cst.Arg):
        call = context.parent(arg)
        if arg.keyword is not None and isinstance(call, cst.Call):
            if not context.values.trigger(call.func) and not has_moved(context, arg.keyword):
                yield stand_in_key(arg.keyword.value), arg
    for attribute in context.tree.nodes(cst.Attribute):
        if attribute.attr.value in OWN_NAMES and context.values.trigger(attribute.value):
            yield stand_in_key(context.code(attribute.value).rpartition(".")[2]), attribute
        if not context.values.trigger(attribute) and not module_of(context, attribute.value):
            yield stand_in_key(attribute.attr.value), attribute
        if attribute.attr.value in MOCKED and context.values.trigger(attribute.value):
            yield stand_in_key(dotted(attribute.value).rpartition(".")[2]), attribute
    for scope in context.scopes.scopes.values():
        in_class = scope.parent is not None and scope.parent.kind == "class"
        if scope.kind == "class" or in_class:
            for name, bindings in scope.bindings.items():
                if scope.kind == "class" or bindings[0].kind == "param":
                    yield stand_in_key(name), bindings[0].node


def _is_of_class(context: Context, holder: cst.BaseExpression) -> bool:
    """Whether a name of it is one of a class of the SDK, or of one of its submodules."""
    return context.values.path(holder) not in ("", _ROOT)


def _in_constants(context: Context) -> Iterator[Place]:
    """Paths in constants of a text outside of the tests, which may take them from it."""
    for node in (*context.tree.nodes(cst.SimpleString), *joining(context)):
        if _is_constant(context, node):
            known = text_of(context, node).rpartition(UNKNOWN)[2]
            if "." in known.replace(":", "."):
                yield from _in_string(context, node, known)


def _is_constant(context: Context, node: cst.CSTNode) -> bool:
    """Whether a value is assigned outside of functions, itself or in a list or the like."""
    at: cst.CSTNode | None = context.parent(node)
    while isinstance(at, _LISTING):
        at = context.parent(at)
    inside = isinstance(context.function(node), cst.FunctionDef | cst.Lambda)
    return isinstance(at, cst.Assign | cst.AnnAssign) and not inside


def _in_list(context: Context, node: cst.SimpleString) -> Iterator[Place]:
    """Paths that a string lists, as JSON does or for `split()`."""
    paths = _SEPARATORS.split(literal(node))
    if len(paths) > 1 and not isinstance(context.parent(node), cst.Expr):
        for path in paths:
            yield from _in_string(context, node, path.strip())


def _in_string(context: Context, node: cst.CSTNode, text: object) -> Iterator[Place]:
    if not isinstance(text, str):
        return
    text = text.strip(".")
    if not _DOTTED.fullmatch(text):
        return
    arg = context.parent(node)
    call = context.parent(arg) if isinstance(arg, cst.Arg) else None
    if isinstance(call, cst.Call) and context.values.trigger(call.func):
        return  # a tag's name, say
    if has_moved(context, node):
        return
    parts = re.split(r"[.:]", text)
    for index, name in enumerate(parts):
        home = parts[index - 1] if index else _module_before(context, node)
        if _ROOT in parts[:index] or _is_of_sdk(context, node):
            yield stand_in_key(name, _ROOT), node
            home = ""
        home = home if home.isidentifier() else ""
        if index == len(parts) - 1:
            yield from _whole(name, home, node)
        else:
            yield stand_in_key(name, home), node


def _whole(name: str, home: str, node: cst.CSTNode) -> Iterator[Place]:
    """That something stands in for a name, and not for a part of what it means only."""
    yield stand_in_key(name, home), node
    if home and name == _ROOT:
        yield listed_calls.whole_key(home), node


def _is_of_sdk(context: Context, node: cst.CSTNode) -> bool:
    """Whether a string names an attribute of something of the SDK: `patch.object(Scope, "x")`."""
    first = _argument_before(context, node)
    return first is not None and bool(context.values.path(first))


def _module_before(context: Context, node: cst.CSTNode) -> str:
    """The last part of the module whose attribute a string names: `patch.object(obs, "x")`."""
    first = _argument_before(context, node)
    return "" if first is None else module_of(context, first)


def _argument_before(context: Context, node: cst.CSTNode) -> cst.BaseExpression | None:
    """The first argument of a call that is given a node as another one."""
    arg = context.parent(node)
    call = context.parent(arg) if isinstance(arg, cst.Arg) else None
    if not isinstance(call, cst.Call) or call.args[0] is arg:
        return None
    return call.args[0].value
