"""Code of the user's behind every kind of operation: where it may change a scope, a pushed scope
becomes an isolation scope, which is exact; where it only computes, `new_scope()` is enough."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from engine.table import SETTINGS, first_fix, result
from sentry_migrate.engine.analyze import Analysis
from sentry_migrate.engine.remaining import remaining
from sentry_migrate.text.edits import apply

# What runs the member: (the member, as the head of a `def` in a class, or a base), the operation on
# `x`, an instance whose class the block does not see.
OPERATIONS: dict[str, tuple[str, str]] = {
    "str()": ("def __str__(self)", "str(x)"),
    "repr() for str()": ("def __repr__(self)", "str(x)"),
    "repr()": ("def __repr__(self)", "repr(x)"),
    "ascii()": ("def __repr__(self)", "ascii(x)"),
    "format()": ("def __format__(self, spec)", "format(x, '>3')"),
    "an f-string": ("def __str__(self)", "f'{x}'"),
    "an f-string with a format": ("def __format__(self, spec)", "f'{x:>3}'"),
    "an f-string's debug form": ("def __repr__(self)", "f'{x=}'"),
    "%": ("def __str__(self)", "'%s' % x"),
    "% of more": ("def __str__(self)", "'%s %s' % (x, 1)"),
    "str.format()": ("def __format__(self, spec)", "'{}'.format(x)"),
    "print()": ("def __str__(self)", "print(x)"),
    "print(file=)": ("def write(self, text)", "print('a', file=x)"),
    "len()": ("def __len__(self)", "len(x)"),
    "bool()": ("def __bool__(self)", "bool(x)"),
    "bool() by length": ("def __len__(self)", "bool(x)"),
    "if": ("def __bool__(self)", "1 if x else 2"),
    "not": ("def __bool__(self)", "not x"),
    "and": ("def __bool__(self)", "x and 1"),
    "or": ("def __len__(self)", "x or 1"),
    "int()": ("def __int__(self)", "int(x)"),
    "float()": ("def __float__(self)", "float(x)"),
    "abs()": ("def __abs__(self)", "abs(x)"),
    "round()": ("def __round__(self, n=0)", "round(x)"),
    "divmod()": ("def __divmod__(self, y)", "divmod(x, 2)"),
    "pow()": ("def __pow__(self, y)", "pow(x, 2)"),
    "hash()": ("def __hash__(self)", "hash(x)"),
    "hex()": ("def __index__(self)", "hex(x)"),
    "open()": ("def __fspath__(self)", "open(x).read()"),
    "isinstance()": ("def __instancecheck__(self, y)", "isinstance(1, x)"),
    "sorted()": ("def __lt__(self, y)", "sorted([x, x])"),
    "max()": ("def __gt__(self, y)", "max(x, 1)"),
    "sum()": ("def __radd__(self, y)", "sum([x])"),
    "+": ("def __add__(self, y)", "x + 1"),
    "+ from the right": ("def __radd__(self, y)", "1 + x"),
    "*": ("def __mul__(self, y)", "x * 2"),
    "//": ("def __floordiv__(self, y)", "x // 2"),
    "@": ("def __matmul__(self, y)", "x @ x"),
    "<<": ("def __lshift__(self, y)", "x << 1"),
    "|": ("def __or__(self, y)", "x | 1"),
    "-x": ("def __neg__(self)", "-x"),
    "~x": ("def __invert__(self)", "~x"),
    "==": ("def __eq__(self, y)", "x == 1"),
    "== from the right": ("def __eq__(self, y)", "1 == x"),
    "!=": ("def __ne__(self, y)", "x != 1"),
    "<": ("def __lt__(self, y)", "x < 1"),
    ">=": ("def __ge__(self, y)", "x >= 1"),
    "in": ("def __contains__(self, y)", "1 in x"),
    "in a list": ("def __eq__(self, y)", "x in [1, 2]"),
    "an item": ("def __getitem__(self, y)", "x[1]"),
    "a slice": ("def __getitem__(self, y)", "x[1:2]"),
    "a key": ("def __hash__(self)", "{x: 1}"),
    "a set": ("def __hash__(self)", "{x}"),
    "an item by it": ("def __index__(self)", "[1, 2][x]"),
    "an attribute": ("@property\n    def name(self)", "x.name"),
    "a cached attribute": ("@functools.cached_property\n    def name(self)", "x.name"),
    "an unknown descriptor": ("@lazy\n    def name(self)", "x.name"),
    "any attribute": ("def __getattr__(self, name)", "x.anything"),
    "every attribute": ("def __getattribute__(self, name)", "x.anything"),
    "getattr()": ("@property\n    def name(self)", "getattr(x, 'name')"),
    "hasattr()": ("@property\n    def name(self)", "hasattr(x, 'name')"),
    "a deeper attribute": ("@property\n    def name(self)", "x.owner.name"),
    "a method called format": ("def format(self)", "x.format()"),
    "a method called strip": ("def strip(self)", "x.strip()"),
    "a method called isoformat": ("def isoformat(self)", "x.isoformat()"),
    "json.dumps()": ("def __str__(self)", "json.dumps({'a': 1}, default=str) + str(x)"),
    "json.load()": ("def read(self)", "json.load(x)"),
    "copy.copy()": ("def __copy__(self)", "copy.copy(x)"),
    "copy.deepcopy()": ("def __deepcopy__(self, memo)", "copy.deepcopy(x)"),
    "copy.deepcopy() of a list": ("def __deepcopy__(self, memo)", "copy.deepcopy([x])"),
    "math.floor()": ("def __floor__(self)", "math.floor(x)"),
    "re.sub()": ("def hide(self, m)", "re.sub('a', x.hide, 'b')"),
    "copy.copy() by reduction": ("def __reduce_ex__(self, y)", "copy.copy(x)"),
    "os.path.join()": ("def __fspath__(self)", "os.path.join('a', x)"),
    "os.path.exists()": ("def __fspath__(self)", "os.path.exists(x)"),
    "pathlib.Path()": ("def __fspath__(self)", "pathlib.Path(x)"),
    "math.isclose()": ("def __float__(self)", "math.isclose(x, 1)"),
    "pprint.pformat()": ("def __repr__(self)", "pprint.pformat(x)"),
    "… of a list": ("def __repr__(self)", "pprint.pformat([x])"),
    "traceback.format_exception_only()": (
        "def __str__(self)",
        "traceback.format_exception_only(x)",
    ),
    "sys.getsizeof()": ("def __sizeof__(self)", "sys.getsizeof(x)"),
    "json.dumps() of a mapping in a list": ("def items(self)", "json.dumps([x])"),
    "time.sleep()": ("def __index__(self)", "time.sleep(x)"),
    "datetime.now()": ("def utcoffset(self, when)", "datetime.datetime.now(x)"),
    "a time's text": ("def utcoffset(self, when)", "f'{x}'"),
    "a time's text by a method": ("def tzname(self, when)", "x.strftime('%Z')"),
    "times that are compared": ("def utcoffset(self, when)", "x < x"),
    "times that are subtracted": ("def utcoffset(self, when)", "x - x"),
    "a time that is sent": ("def utcoffset(self, when)", "x"),
    "suppress()": ("def __subclasscheck__(self, y)", "contextlib.suppress(x)"),
    "isinstance() by a hook": (
        "@classmethod\n    def __subclasshook__(cls, y)",
        "isinstance(1, x)",
    ),
    "isinstance() by a property": ("@property\n    def __class__(self)", "isinstance(x, int)"),
    "vars()": ("def __getattribute__(self, name)", "vars(x)"),
    "text that is repeated": ("def __index__(self)", "'a' * x"),
    "… from the left": ("def __index__(self)", "x * 'a'"),
    "a count of replacements": ("def __index__(self)", "'a'.replace('a', 'b', x)"),
    "a width": ("def __index__(self)", "'a'.zfill(x)"),
    "%d": ("def __index__(self)", "'%d' % x"),
    "%f": ("def __float__(self)", "'%f' % x"),
    "% of bytes": ("def __bytes__(self)", "b'%b' % x"),
    "% of a missing name": ("def __missing__(self, name)", "'%(a)s' % x"),
    "enumerate()": ("def __index__(self)", "list(enumerate([1], x))"),
    "round() to digits": ("def __index__(self)", "round(1.5, x)"),
    "str() by keyword": ("def __str__(self)", "str(object=x)"),
    "print() of a list's items": ("def __str__(self)", "print(*[x])"),
    "list.index()": ("def __eq__(self, y)", "[1, x].index(1, 0)"),
    "list.count()": ("def __eq__(self, y)", "[x].count(3)"),
    "list.remove()": ("def __eq__(self, y)", "[x].remove(3)"),
    "list.sort()": ("def __lt__(self, y)", "[x, x].sort()"),
    "list.sort() in reverse": ("def __lt__(self, y)", "[x, x].sort(reverse=True)"),
    "dict.get()": ("def __eq__(self, y)", "{x: 1}.get(1)"),
    "a list's text": ("def __repr__(self)", "str([x])"),
    "a dictionary's text": ("def __repr__(self)", "f'{dict(a=x)}'"),
    "its own value, when it is sent": ("def __repr__(self)", "x"),
    "… by the SDK's method": ("def __sentry_repr__(self)", "x"),
    "… in a list": ("def __sentry_repr__(self)", "[x]"),
    "… as items in a list": ("def __getitem__(self, y)", "[x]"),
    "its deletion, at any time": ("def __del__(self)", "1"),
}

IMPURE = {
    "a tag": "sentry_sdk.set_tag('leak', '1')",
    "unknown code": "load()",
    "a function that sets one": "mark()",
    "a function behind two": "mark_all()",
    "a log record": "logging.error('x')",
    "an attribute's scope": "sentry_sdk.get_isolation_scope().set_tag('a', 'b')",
}
PURE = {
    "a value": "pass",
    "arithmetic": "1 + 1",
    "a function": "clean(' a ')",
    "an attribute": "self._name",
    "a local list": "[one for one in (1, 2, 3)]",
}


def program(head: str, body: str, operation: str) -> str:
    return (
        "import contextlib, copy, datetime, functools, json, logging, math, os, pathlib\n"
        "import pprint, re, sys, time, traceback\n"
        "import sentry_sdk\n"
        "def mark():\n    sentry_sdk.set_tag('leak', '1')\n"
        "def mark_all():\n    mark()\n"
        "def clean(text):\n    return text.strip()\n"
        "class Thing:\n"
        "    def __init__(self):\n        self._name = 'a'\n"
        f"    {head}:\n        {body}\n        return 'r'\n"
        "def work(x):\n"
        "    with sentry_sdk.push_scope() as scope:\n"
        f"        scope.set_extra('v', {operation})\n"
        "        sentry_sdk.capture_message('in')\n"
    )


@pytest.mark.parametrize("body", IMPURE.values(), ids=IMPURE)
@pytest.mark.parametrize(("head", "operation"), OPERATIONS.values(), ids=OPERATIONS)
def test_code_behind_an_operation(head: str, operation: str, body: str) -> None:
    assert "with sentry_sdk.isolation_scope() as scope:" in first_fix(
        program(head, body, operation)
    )


_UNKNOWN = {"an unknown descriptor", "print(file=)", "re.sub()"}  # whatever the method does


@pytest.mark.parametrize("body", PURE.values(), ids=PURE)
@pytest.mark.parametrize("name", [name for name in OPERATIONS if name not in _UNKNOWN])
def test_an_operation_that_only_computes(name: str, body: str) -> None:
    head, operation = OPERATIONS[name]
    assert "with sentry_sdk.new_scope() as scope:" in first_fix(program(head, body, operation))


def in_two_files(text: str) -> str:
    """What becomes of the block where `Thing` is in another file of the project."""
    imports, functions, rest = text.partition("def mark(")
    there, work, block = rest.partition("def work(")
    other = Analysis.of(imports + functions + there, SETTINGS, PurePath("things.py"))
    left = {site.kind: "things.py:1" for site in remaining(other.context, other.judged)}
    here = imports + work + block
    (judged, *_) = Analysis.of(here, SETTINGS, PurePath("work.py"), left=left).judged
    assert judged.draft.fix is not None
    return apply(here, judged.draft.fix.edits)


@pytest.mark.parametrize(("head", "operation"), OPERATIONS.values(), ids=OPERATIONS)
def test_code_behind_an_operation_in_another_file(head: str, operation: str) -> None:
    text = program(head, IMPURE["a tag"], operation)
    assert "with sentry_sdk.isolation_scope() as scope:" in in_two_files(text)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name not in _UNKNOWN])
def test_an_operation_that_only_computes_in_another_file(name: str) -> None:
    head, operation = OPERATIONS[name]
    text = program(head, PURE["a value"], operation)
    assert "with sentry_sdk.new_scope() as scope:" in in_two_files(text)


# As OPERATIONS, for what is no expression: (the member, the statements).
STATEMENTS: dict[str, tuple[str, str]] = {
    "match on a value": ("def __eq__(self, y)", "match x:\n    case 1:\n        pass"),
    "match on a length": ("def __len__(self)", "match x:\n    case [1, *_]:\n        pass"),
    "match on items": ("def __getitem__(self, y)", "match x:\n    case [1, 2]:\n        pass"),
    "match on a mapping": (
        "def get(self, y, z=None)",
        "match x:\n    case {'a': 1}:\n        pass",
    ),
    "match on a class": (
        "def __instancecheck__(self, y)",
        "match 1:\n    case x():\n        pass",
    ),
    "match on an attribute": (
        "@property\n    def name(self)",
        "match x:\n    case object(name=1):\n        pass",
    ),
    "match with a guard": ("def __bool__(self)", "match 1:\n    case 1 if x:\n        pass"),
    "an assignment": ("def __setattr__(self, y, z)", "x.a = 1"),
    "… to a descriptor": ("def __set__(self, y, z)", "x.a = 1"),
    "… among others": ("def __setattr__(self, y, z)", "x.a, b = 1, 2"),
    "… with a type": ("def __setattr__(self, y, z)", "x.a: int = 1"),
    "… by a loop": ("def __setattr__(self, y, z)", "for x.a in [1]:\n    pass"),
    "… by a with": ("def __setattr__(self, y, z)", "with open('f') as x.a:\n    pass"),
    "… to an item": ("def __setitem__(self, y, z)", "x['a'] = 1"),
    "… to an item by a loop": ("def __setitem__(self, y, z)", "for x['a'] in [1]:\n    pass"),
    "an augmented one": ("def __iadd__(self, y)", "x += 1"),
    "… of an attribute": ("def __setattr__(self, y, z)", "x.a += 1"),
    "… of a text": ("def __getitem__(self, y)", "y = '%(a)s'\ny %= x"),
    "a deletion": ("def __delattr__(self, y)", "del x.a"),
    "… by a descriptor": ("def __delete__(self, y)", "del x.a"),
    "… of an item": ("def __delitem__(self, y)", "del x['a']"),
    "a missing key": ("def __missing__(self, y)", "y = x['a']"),
    "a read descriptor": ("def __get__(self, y, z)", "y = x.a"),
    "a type with a parameter": ("def __class_getitem__(cls, y)", "y = Thing[int]"),
    "a bound of a slice": ("def __index__(self)", "y = [1, 2][x:]"),
    "a template's names": ("def __getitem__(self, y)", "y = '%(a)s' % x"),
    "a template's attribute": ("@property\n    def name(self)", "y = '{0.name}'.format(x)"),
    "a template's item": ("def __getitem__(self, y)", "y = '{0[a]}'.format(x)"),
    "a path": ("def __fspath__(self)", "y = pathlib.Path('a') / x"),
    "an assertion": ("def __bool__(self)", "assert x"),
    "a loop": ("def __bool__(self)", "while x:\n    break"),
    "a class that is raised": ("def __init__(self)", "raise x"),
    "… and makes it otherwise": ("def __new__(cls)", "raise x"),
    "… by its metaclass": ("def __call__(self)", "raise x"),
    "… that an attribute is": ("def __init__(self)", "raise x.kind"),
    "… that a function gives": ("def __init__(self)", "raise clean(x)"),
    "a cause": ("def __init__(self)", "raise ValueError from x"),
    "a cause of an exception": ("def __init__(self)", "raise ValueError('a') from x"),
}
CALLBACKS = {
    "map": "y = list(map(mark, [1]))",
    "filter": "y = list(filter(mark, [1]))",
    "a key": "y = sorted([1], key=mark)",
    "a key of max": "y = max([1], key=lambda one: mark())",
    "a list's key": "y = [1]\ny.sort(key=mark)",
    "reduce": "y = functools.reduce(mark, [1, 2])",
    "defaultdict": "y = collections.defaultdict(mark)\ny['a']",
    "partial": "y = functools.partial(mark)()",
    "iter": "y = list(iter(mark, 1))",
    "a generator": "y = next(generate())",
    "a loop over a generator": "for y in generate():\n    pass",
    "an ExitStack": "with contextlib.ExitStack() as stack:\n    stack.callback(mark)",
    "a manager": "with managed():\n    pass",
    "a decorator": "@mark_all\ndef inner(): pass",
    "a default": "def inner(y=mark()): pass",
    "an annotation": "def inner(y: mark()): pass",
    "what it returns": "def inner() -> mark(): pass",
    "a class": "class Inner:\n    y = mark()",
    "a replacement": "y = re.sub('a', mark, 'a')",
    "… that nobody knows": "y = re.sub('a', x, 'a')",
    "… by keyword": "y = re.sub('a', string='a', repl=x)",
    "… with a count": "y = re.subn('a', x, 'a')",
    "… of an object": "y = re.sub('a', x.name, 'a')",
    "a parser of numbers": "y = json.loads('1', parse_int=x)",
    "a parser in a dictionary": "y = json.loads('1', **{'parse_int': mark})",
    "members that a function chooses": "y = inspect.getmembers(1, x)",
    "a function of tracing": "sys.setprofile(x)",
    "a body of a class": "y = types.new_class('A', (), {}, x)",
    "an imported exception": "from other import Loud\nraise Loud",
    "an exception of a module": "raise contextlib.Loud",
    "groupby": "y = list(itertools.groupby([1], mark))",
    "a text": "eval('mark()')",
    "a template that is worked out": "y = text.format(x)",
}


def _statements(text: str, statements: str) -> str:
    value = "        scope.set_extra('v', 1)\n"
    block = "".join(f"        {line}\n" for line in statements.splitlines())
    head = "import collections, inspect, itertools, types\n"
    return head + text.replace(value, block).replace("def work(x)", "def work(x, text)")


@pytest.mark.parametrize("body", IMPURE.values(), ids=IMPURE)
@pytest.mark.parametrize(("head", "statements"), STATEMENTS.values(), ids=STATEMENTS)
def test_code_behind_a_statement(head: str, statements: str, body: str) -> None:
    assert "isolation_scope() as scope:" in first_fix(
        _statements(program(head, body, "1"), statements)
    )


@pytest.mark.parametrize(("head", "statements"), STATEMENTS.values(), ids=STATEMENTS)
def test_code_behind_a_statement_in_another_file(head: str, statements: str) -> None:
    text = _statements(program(head, IMPURE["a tag"], "1"), statements)
    assert "isolation_scope() as scope:" in in_two_files(text)


@pytest.mark.parametrize(("head", "statements"), STATEMENTS.values(), ids=STATEMENTS)
def test_a_statement_that_only_computes(head: str, statements: str) -> None:
    text = _statements(program(head, "pass", "1"), statements)
    assert "with sentry_sdk.new_scope() as scope:" in first_fix(text)


@pytest.mark.parametrize("statements", CALLBACKS.values(), ids=CALLBACKS)
def test_code_that_is_handed_on(statements: str) -> None:
    text = program("def nothing(self)", "pass", "1").replace(
        "class Thing:",
        "@contextlib.contextmanager\ndef managed():\n    mark()\n    yield\n"
        "def generate():\n    mark()\n    yield 1\nclass Thing:",
    )
    assert "isolation_scope() as scope:" in first_fix(_statements(text, statements))


# Where the class is known, or the value is of Python's own: (code before, the block's expression)
HEAD = """
import json, re
import sentry_sdk
class Loud:
    def __str__(self):
        sentry_sdk.set_tag('a', 'b')
        return ''
    def format(self):
        sentry_sdk.set_tag('a', 'b')
    @property
    def name(self):
        sentry_sdk.set_tag('a', 'b')
class Quiet:
    kind = 'q'
    def __str__(self):
        return self.kind
    def format(self):
        return self.clean() + str(self)
    def clean(self):
        return self.kind.strip()
    def both(self):
        return self.clean()
    def mask(self, found):
        return 'a'
class Quieter(Quiet):
    pass
class Louder(Quiet):
    def clean(self):
        load()
class Imported(Base):
    def format(self):
        return 'a'
"""
SIMPLE = {
    "text": "str('a')",
    "a number's text": "f'{1 + 2} {len([1])}'",
    "a text variable": "str(text)",
    "an instance made here": "Quieter().kind",
    "an own attribute": "text.upper()",
    "text of text": "'{}'.format(str(1))",
    "sorted text": "sorted(['a', 'b'])",
    "a function": "clean('a')",
    "its dictionary": "list(self_.__dict__.items())",
    "a file": "open('f').read()",
    "a replacement": "re.sub('a', 'b', text)",
    "… that is put together": "re.sub('a', '<' + x, text)",
    "… by keyword": "re.sub('a', repl=str(1), string=text)",
    "… by a method that computes": "re.sub('a', Quieter().mask, text)",
    "… by a function that computes": "re.sub('a', lambda found: found.group(), text)",
    "a parser of numbers": "json.loads(text, parse_float=str)",
    "options": "json.dumps(text, **{'indent': 2})",
}
RAISED = {
    "an exception": ("raise ValueError", "new_scope"),
    "… with a text": ("raise ValueError('a')", "new_scope"),
    "… from nothing": ("raise ValueError('a') from None", "new_scope"),
    "… that is not implemented": ("raise NotImplementedError", "new_scope"),
    "one of the file": ("raise Silent", "new_scope"),
    "… with a text of it": ("raise Silent('a')", "new_scope"),
    "one that was made": ("x = ValueError('a')\nraise x", "new_scope"),
    "one that was caught": ("try:\n    pass\nexcept OSError as x:\n    raise x", "new_scope"),
    "… as a cause": (
        "try:\n    pass\nexcept OSError as x:\n    raise ValueError from x", "new_scope",
    ),
    "the same again": ("try:\n    pass\nexcept OSError:\n    raise", "new_scope"),
    "a loud one": ("raise Noisy", "isolation_scope"),
    "a loud cause": ("raise ValueError from Noisy", "isolation_scope"),
    "one that may be loud": ("raise x", "isolation_scope"),
    "one that was caught or is a class": (
        "try:\n    pass\nexcept OSError as x:\n    pass\nelse:\n    x = Noisy\nraise x", "isolation_scope",
    ),
    "one that was made by a function": ("x = clean('a')\nraise x", "isolation_scope"),
    "one of two classes": ("x = Noisy if text else Silent\nraise x", "isolation_scope"),
}  # fmt: skip


@pytest.mark.parametrize(("statements", "fork"), RAISED.values(), ids=RAISED)
def test_what_is_raised(statements: str, fork: str) -> None:
    errors = (
        "class Silent(NotImplementedError):\n    pass\n"
        "class Noisy(ValueError):\n    def __init__(self, text=''):\n"
        "        sentry_sdk.set_tag('a', 'b')\n"
    )
    block = "\n".join(f"        {line}" for line in statements.splitlines())
    text = in_block("1").replace("        y = 1", block).replace("def work(", f"{errors}def work(")
    assert f"with sentry_sdk.{fork}() as scope:" in first_fix(text)


EXACT = {
    "an instance that is loud": "str(Loud())",
    "a loud property": "Loud().name",
    "a method that a subclass overrides": "Quiet().both()",
    "unknown": "str(x)",
    "a method of something unknown": "x.format()",
    "a bound method": "list(map(x.format, [1]))",
    "a replacement by a method that may do more": "re.sub('a', Quiet().both, text)",
    "… of something unknown": "re.sub('a', x.mask, text)",
    "… of a class that is not visible": "re.sub('a', Imported().format, text)",
    "an instance of a class that is not visible": "Imported()",
}


def in_block(expression: str) -> str:
    return (
        f"{HEAD}def clean(text):\n    return text.strip()\n"
        "def work(x, self_):\n"
        "    text = 'a'\n"
        "    with sentry_sdk.push_scope() as scope:\n"
        f"        y = {expression}\n"
        "        sentry_sdk.capture_message('in')\n"
    )


@pytest.mark.parametrize("expression", SIMPLE.values(), ids=SIMPLE)
def test_what_is_known_to_compute(expression: str) -> None:
    assert "with sentry_sdk.new_scope() as scope:" in first_fix(in_block(expression))


@pytest.mark.parametrize("expression", EXACT.values(), ids=EXACT)
def test_what_may_do_more(expression: str) -> None:
    assert "with sentry_sdk.isolation_scope() as scope:" in first_fix(in_block(expression))


# A module of the project: (how it is imported, the call in the block, the other file's code, what
# the block becomes).
TAGS = "    sentry_sdk.set_tag('a', 'b')\n"
MODULES: dict[str, tuple[str, str, str, str]] = {
    "a function": ("import things", "things.title()", f"def title():\n{TAGS}", "isolation_scope"),
    "… by another name": ("import things as t", "t.title()", "", "isolation_scope"),
    "… of a module in a package": ("import a.b", "a.b.split(x)", "", "isolation_scope"),
    "… of the package": ("import a.b", "a.split(x)", "", "isolation_scope"),
    "… of the library": ("import shlex", "shlex.split(x)", "", "isolation_scope"),
    "… that makes an instance": (
        "import dataclasses", "dataclasses.replace(x)", "", "isolation_scope",
    ),
    "… of what may be a module": (
        "from a import b", "b.title()", f"def title():\n{TAGS}", "isolation_scope",
    ),
    "… and may be in a package": (
        "from a import b", "b.c.title()", f"def title():\n{TAGS}", "isolation_scope",
    ),
    "… that the other file imports": (
        "from a import b", "b.title()", "from .c import title\n", "isolation_scope",
    ),
    "… that the other file makes": (
        "from a import b", "b.title()", "title = partial(sentry_sdk.set_tag, 'a')\n",
        "isolation_scope",
    ),
    "… that only computes": (
        "from a import b", "b.title()", "def title():\n    return 'a'\n", "new_scope",
    ),
    "… of another name": ("from a import b", "b.title()", f"def tag():\n{TAGS}", "new_scope"),
    "… that is the library's": (
        "from a import b", "b.date()", "from datetime import date\n", "new_scope",
    ),
    "a text of a module": ("import things", "things.NAME.title()", "", "new_scope"),
    "… where the other file has one": (
        "from a import b", "b.title()", "title = 'a'\n", "new_scope",
    ),
    "a pure function of the library": ("import re", "re.split('a', 'b')", "", "new_scope"),
    "… whose value has a method": (
        "import datetime", "datetime.datetime.now().isoformat()", "", "new_scope",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("imported", "call", "other", "fork"), MODULES.values(), ids=MODULES)
def test_what_looks_like_a_method(imported: str, call: str, other: str, fork: str) -> None:
    work = f"def work(x):\n    with sentry_sdk.push_scope() as scope:\n        {call}\n"
    text = f"import sentry_sdk\n{imported}\ndef mark():\n    pass\n{other}{work}"
    assert f"with sentry_sdk.{fork}() as scope:" in in_two_files(text)


# What the library is given, to be called behind other code: (how it is given, the block's code,
# what the block becomes).
TELLING = "class Telling:\n    def write(self, text):\n        mark()\n"
SILENT = "class Silent:\n    def write(self, text):\n        return 1\n"
LATER: dict[str, tuple[str, str, str]] = {
    "a default of a dictionary": ("D = collections.defaultdict(mark)", "x['a']", "isolation_scope"),
    "… that is added to": ("D = collections.defaultdict(mark)", "x.d['k'] += 1", "isolation_scope"),
    "… that is a lambda": (
        "D = collections.defaultdict(lambda: mark())", "x['a']", "isolation_scope",
    ),
    "… that nobody knows": ("D = collections.defaultdict(load)", "x['a']", "isolation_scope"),
    "… that is a list": ("D = collections.defaultdict(list)", "x['a']", "new_scope"),
    "… that is computed": ("D = collections.defaultdict(lambda: 1)", "x['a']", "new_scope"),
    "… that is not there": ("D = collections.defaultdict()", "x['a']", "new_scope"),
    "… of a class like it": ("D = defaultdict(mark)", "x['a']", "new_scope"),
    "… without an item": ("D = collections.defaultdict(mark)", "str(x)", "new_scope"),
    "a stream": (TELLING + "sys.stdout = Telling()", "print('x')", "isolation_scope"),
    "… of errors": (
        TELLING + "sys.stderr = Telling()", "print('x', file=sys.stderr)", "isolation_scope",
    ),
    "… by its method": (
        TELLING + "sys.stdout = Telling()", "sys.stdout.write('x')", "isolation_scope",
    ),
    "… by setattr()": (
        TELLING + "setattr(sys, 'stdout', Telling())", "print('x')", "isolation_scope",
    ),
    "… among others": (
        TELLING + "old = sys.stdout = Telling()", "print('x')", "isolation_scope",
    ),
    "… for a while": (
        TELLING + "with contextlib.redirect_stdout(Telling()):\n    pass", "print('x')",
        "isolation_scope",
    ),
    "… of a printer": (TELLING + "sys.stdout = Telling()", "pprint.pprint(1)", "isolation_scope"),
    "… of a traceback": (
        TELLING + "sys.stderr = Telling()", "traceback.print_exc()", "isolation_scope",
    ),
    "… that computes": (SILENT + "sys.stdout = Silent()", "print('x')", "new_scope"),
    "… that is not replaced": (TELLING + "y = sys.stdout", "print('x')", "new_scope"),
    "… that is restored": ("sys.stdout = sys.__stdout__", "print('x')", "new_scope"),
    "… that is None": ("sys.stdout = None", "print('x')", "new_scope"),
    "… that nothing is written to": (
        TELLING + "sys.stdout = Telling()", "pprint.pformat(1)", "new_scope",
    ),
    "a reference": ("R = weakref.ref(object, mark)", "x[0] = None", "isolation_scope"),
    "… that ends a life": ("weakref.finalize(object, mark)", "pass", "isolation_scope"),
    "… without a function": ("R = weakref.ref(object)", "x[0] = None", "new_scope"),
    "… with a function that computes": (
        "R = weakref.ref(object, lambda one: None)", "x[0] = None", "new_scope",
    ),
    "errors of a codec": (
        "codecs.register_error('zz', mark)", "'a'.encode('ascii', 'zz')", "isolation_scope",
    ),
    "… in bytes": ("codecs.register_error('zz', mark)", "str(b'a', 'ascii', 'zz')", "isolation_scope"),
    "a codec": ("codecs.register(mark)", "x.decode('zz')", "isolation_scope"),
    "… that is not found": (
        "codecs.register(lambda name: None)", "'a'.encode('zz')", "new_scope",
    ),
    "… that is not asked": ("codecs.register(mark)", "'a'.upper()", "new_scope"),
    "a copy": ("copyreg.pickle(object, mark)", "copy.copy(x)", "isolation_scope"),
    "… by a function that computes": (
        "copyreg.pickle(object, lambda one: 'a')", "copy.copy(x)", "new_scope",
    ),
    "… that is not made": ("copyreg.pickle(object, mark)", "str(x)", "new_scope"),
}  # fmt: skip


@pytest.mark.parametrize("split", [False, True], ids=["in one file", "in two files"])
@pytest.mark.parametrize(("given", "statement", "fork"), LATER.values(), ids=LATER)
def test_what_is_called_later(given: str, statement: str, fork: str, split: bool) -> None:
    text = (
        "import codecs, collections, contextlib, copy, copyreg, pprint, sys, traceback, weakref\n"
        f"import sentry_sdk\ndef mark(*given):\n{TAGS}{given}\n"
        f"def work(x):\n    with sentry_sdk.push_scope() as scope:\n        {statement}\n"
    )
    result = in_two_files(text) if split else first_fix(text)
    assert f"with sentry_sdk.{fork}() as scope:" in result


# A scope that is given to a function: (the function's body, the call, the fork)
GIVEN = {
    "a function that sets a tag": ("scope.set_tag('a', name)", "fill(scope, 'n')", "new_scope"),
    "… by keyword": ("scope.set_tag('a', name)", "fill(scope=scope, name='n')", "new_scope"),
    "… and more": ("scope.set_tag('a', name)\n    mark()", "fill(scope, 'n')", "isolation_scope"),
    "another scope": ("scope.set_tag('a', name)", "fill(other, 'n')", "isolation_scope"),
    "one that keeps it": ("KEPT.append(scope)", "fill(scope, 'n')", "isolation_scope"),
    "one that returns it": ("return scope", "fill(scope, 'n')", "isolation_scope"),
    "one that clears it": ("scope.clear()", "fill(scope, 'n')", "isolation_scope"),
    "one that names the transaction": ("scope.transaction = name", "fill(scope, 'n')", "either"),
}


@pytest.mark.parametrize(("body", "call", "fork"), GIVEN.values(), ids=GIVEN)
def test_a_scope_that_is_given_to_a_function(body: str, call: str, fork: str) -> None:
    code = (
        "import sentry_sdk\n"
        "KEPT = []\n"
        "def mark():\n    sentry_sdk.set_tag('leak', '1')\n"
        f"def fill(scope: sentry_sdk.Scope, name):\n    {body}\n"
        "def work(other: sentry_sdk.Scope):\n"
        "    with sentry_sdk.push_scope() as scope:\n"
        f"        {call}\n"
        "        sentry_sdk.capture_message('in')\n"
    )
    result = first_fix(code)
    assert ("new_scope()" in result) == (fork == "new_scope") or fork == "either"


# what: (definitions, code in the block, why `new_scope()` is not proved to be enough). The safe fix
# is the other function then, and this stands beside the alternative to it.
THING = (
    "class Thing:\n"
    "    @property\n"
    "    def name(self):\n"
    "        sentry_sdk.set_tag('a', 'b')\n"
    "    def __str__(self):\n"
    "        sentry_sdk.set_tag('a', 'b')\n"
)
SAID: dict[str, tuple[str, str, str]] = {
    "a coroutine": ("async def f(): ...\n", "f()", "calls `f()`, which awaits"),
    "an asynchronous comprehension": (
        "def f():\n    return [x async for x in y]\n", "f()", "calls `f()`, which awaits",
    ),
    "a generator": ("def f():\n    yield 1\n", "f()", "calls `f()`, which yields"),
    "a setter of the SDK": (
        "def f():\n    sentry_sdk.set_tag('a', 'b')\n", "f()",
        "calls `f()`, which calls `sentry_sdk.set_tag()`",
    ),
    "a capture with more than the message": (
        "def f():\n    sentry_sdk.capture_message('a', 'error')\n", "f()",
        "calls `f()`, which calls `sentry_sdk.capture_message()`",
    ),
    "a call of another kind on a parameter": (
        "def f(s: sentry_sdk.Scope):\n    s.clear()\n", "f(scope)",
        "calls `f()`, which calls `s.clear()`",
    ),
    "an attribute of a parameter": (
        "def f(s: sentry_sdk.Scope):\n    s._tags\n", "f(scope)",
        "calls `f()`, which uses the scope's `_tags`",
    ),
    "a scope of the module": (
        "KEPT = sentry_sdk.Scope()\ndef f():\n    KEPT.set_tag('a', 'b')\n", "f()",
        "calls `f()`, which changes a scope",
    ),
    "a scope of another function": (
        "def f(s: sentry_sdk.Scope):\n    def g():\n        s.set_tag('a', 'b')\n    g()\n", "f(scope)",
        "calls `f()`, which calls `g()`, which changes a scope",
    ),
    "a scope that is returned": (
        "def f(s: sentry_sdk.Scope):\n    return s\n", "f(scope)",
        "calls `f()`, which passes a scope on",
    ),
    "an import": ("def f():\n    import other\n", "f()", "calls `f()`, which runs other code"),
    "a loop": (
        "def f(x):\n    for y in x:\n        pass\n", "f(q)",
        "calls `f()`, which loops over `x`, which may run other code",
    ),
    "a property": (
        THING, "Thing().name", "runs `name` of a class here, which calls `sentry_sdk.set_tag()`",
    ),
    "a conversion": (
        THING, "str(Thing())", "runs `__str__` of a class here, which calls `sentry_sdk.set_tag()`",
    ),
    "a conversion by the SDK": (
        THING + "def f(s: sentry_sdk.Scope):\n    s.set_extra('a', Thing())\n", "f(scope)",
        "calls `f()`, which runs `__str__` of a class here, which calls `sentry_sdk.set_tag()`",
    ),
    "a pattern with positions": (
        "def f(x):\n    match x:\n        case Thing(1):\n            pass\n", "f(q)",
        "calls `f()`, which matches attributes that `__match_args__` names",
    ),
    "a descriptor": (
        "class D:\n    a = lazy()\n", "D().a", "reads `a`, which a descriptor may compute",
    ),
    "an argument that is called": (
        "def f(g):\n    g()\n", "f(q)",
        "calls `f()`, which calls `g()`, which may change the scope",
    ),
    "a processor of events": (
        "def p(event, hint):\n    sentry_sdk.set_tag('a', 'b')\n"
        "def f(s: sentry_sdk.Scope):\n    s.add_event_processor(p)\n", "f(scope)",
        "calls `f()`, which calls `p`, which may run other code",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("definitions", "code", "why"), SAID.values(), ids=SAID)
def test_why_the_block_is_not_simple(definitions: str, code: str, why: str) -> None:
    text = (
        f"import sentry_sdk\n{definitions}def work(q):\n"
        "    with sentry_sdk.push_scope() as scope:\n        scope.set_tag('a', 'b')\n"
        f"        {code}\n"
    )
    (finding,) = (one for one in result(text).findings if one.name == "push-scope-with")
    (alternative,) = finding.alternatives
    assert alternative.reason.rpartition("; ")[2] == f"the block {why}"
