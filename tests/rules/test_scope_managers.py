"""Taking blocks apart: what is in them stays as it was, less the indentation."""

from __future__ import annotations

import re

import pytest

from engine.table import fixed, names
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEADER = "import sentry_sdk\nsentry_sdk.flush()\ndef f(x):\n"


def indented(block: str, depth: int = 1) -> str:
    """The rows are written without the function around them."""
    lines = block.splitlines(keepends=True)
    return "".join("    " * depth + line if line.strip() else line for line in lines)


# Blocks that cannot be taken apart without losing something: what: (block, words of the remedy)
LEFT = {
    "a comment in the header": (
        "with (\n    sentry_sdk.configure_scope() as s  # why\n):\n    s.set_tag(1, 2)\n",
        "comment",
    ),
    "a comment beside an item": (
        "with (\n    x as y,  # x\n    sentry_sdk.configure_scope() as s,  # why\n):\n    s.set_tag(1, 2)\n",
        "comment",
    ),
    "a comment beside the first item": (
        "with (\n    sentry_sdk.configure_scope() as s,  # why\n    x as y,\n):\n    s.set_tag(1, 2)\n",
        "comment",
    ),
    "a second manager and a body on the line": (
        "with x, sentry_sdk.configure_scope() as s: s.set_tag(1, 2)\n",
        "same line as the",
    ),
    "async with": ("async with sentry_sdk.configure_scope() as s:\n    s.set_tag(1, 2)\n", "with"),
    "a string that would become the docstring": (
        'with sentry_sdk.configure_scope():\n    """Text."""\n    g()\n',
        "docstring",
    ),
    "kept in a variable": ("manager = sentry_sdk.configure_scope()\n", "get_isolation_scope"),
    "tested for presence": (
        "y = 1 if sentry_sdk.configure_scope is not None else 0\n",
        "Test for a name",
    ),
    "tested for truth": ("if sentry_sdk.push_scope: g()\n", "Test for a name"),
    "passed on": ("g(sentry_sdk.configure_scope)\n", "passed on"),
    "a hub's passed on": ("g(sentry_sdk.Hub.current.push_scope)\n", "passed on"),
    "a default of a decorator": ("@sentry_sdk.push_scope\ndef g(): ...\n", "passed on"),
    "entered and not kept": ("s = sentry_sdk.push_scope().__enter__()\n", "ends at once"),
    "a hub's entered and not kept": (
        "s = sentry_sdk.Hub.current.push_scope().__enter__()\n",
        "ends at once",
    ),
    "entered, and used at once": (
        "sentry_sdk.push_scope().__enter__().set_tag(1, 2)\n",
        "ends at once",
    ),
    "taken to be entered": ("return sentry_sdk.push_scope().__enter__\n", "ends at once"),
    "compared": ("y = x is sentry_sdk.push_scope\n", "passed on"),
    "a decorator": ("@sentry_sdk.configure_scope()\ndef g(): ...\n", "get_isolation_scope"),
    "a comment in a callback": (
        "sentry_sdk.configure_scope(\n    lambda s: s.set_tag(1, 2)  # why\n)\n",
        "comment",
    ),
    "a comment in a pushed callback": (
        "sentry_sdk.push_scope(  # why\n    lambda s: s.set_tag(1, 2)\n)\n",
        "comment",
    ),
    "a pushed callback in an expression": ("y = sentry_sdk.push_scope(g)\n", "with"),
    "a pushed callback beside another statement": ("y = 1; sentry_sdk.push_scope(g)\n", "with"),
    "a pushed callback on the line of an if": ("if x: sentry_sdk.push_scope(g)\n", "with"),
}


@pytest.mark.parametrize(("block", "words"), LEFT.values(), ids=LEFT)
def test_left_to_a_person(block: str, words: str) -> None:
    code = ("async " if block.startswith("async") else "").join(
        ["import sentry_sdk\n", "def f(x):\n"]
    )
    code += indented(block)
    findings = analyze(Source(code), Settings()).findings
    assert len(findings) == 1
    assert findings[0].fix is None
    assert words in findings[0].remedy
    assert fixed(code) == code


# what: (block, the same afterwards)
BLOCKS = {
    "plain": (
        "with sentry_sdk.configure_scope() as s:\n    s.set_tag(1, 2)\n",
        "s = sentry_sdk.get_isolation_scope()\ns.set_tag(1, 2)\n",
    ),
    "without a name": ("with sentry_sdk.configure_scope():\n    g()\n", "g()\n"),
    "without a name, with a comment": (
        "with sentry_sdk.configure_scope():  # why\n    g()\n",
        "# why\ng()\n",
    ),
    "comments": (
        "with sentry_sdk.configure_scope() as s:  # header\n    # first\n    s.set_tag(1, 2)  # beside\n\n        # deeper\n    s.set_tag(3, 4)\n    # last\n# outside\ng()\n",
        "s = sentry_sdk.get_isolation_scope()  # header\n# first\ns.set_tag(1, 2)  # beside\n\n    # deeper\ns.set_tag(3, 4)\n# last\n# outside\ng()\n",
    ),
    "a comment indented less": (
        "with sentry_sdk.configure_scope() as s:\n    g()\n  # less\n    s.set_tag(1, 2)\n",
        "s = sentry_sdk.get_isolation_scope()\ng()\n# less\ns.set_tag(1, 2)\n",
    ),
    "blank lines": (
        "with sentry_sdk.configure_scope() as s:\n\n    # comment\n\n    s.set_tag(1, 2)\n\n\ng()\n",
        "s = sentry_sdk.get_isolation_scope()\n\n# comment\n\ns.set_tag(1, 2)\n\n\ng()\n",
    ),
    "backslashes": (
        "with sentry_sdk.configure_scope() as s:\n    y = 1 + \\\n        2\n    if x and \\\n       y:\n        s.set_tag(1, y)\n",
        "s = sentry_sdk.get_isolation_scope()\ny = 1 + \\\n    2\nif x and \\\n   y:\n    s.set_tag(1, y)\n",
    ),
    "brackets": (
        "with sentry_sdk.configure_scope() as s:\n    s.set_tag(\n        1, [\n            2,\n    ])\n",
        "s = sentry_sdk.get_isolation_scope()\ns.set_tag(\n    1, [\n        2,\n])\n",
    ),
    "a body on the line": (
        "with sentry_sdk.configure_scope() as s: s.set_tag(1, 2)\n",
        "s = sentry_sdk.get_isolation_scope()\ns.set_tag(1, 2)\n",
    ),
    "a body on the line, more": (
        "with sentry_sdk.configure_scope() as s: s.set_tag(1, 2); s.set_tag(3, 4)  # why\n",
        "s = sentry_sdk.get_isolation_scope()\ns.set_tag(1, 2); s.set_tag(3, 4)  # why\n",
    ),
    "a body on the line, no name": ("with sentry_sdk.configure_scope(): g()\n", "g()\n"),
    "semicolons": (
        "with sentry_sdk.configure_scope() as s:\n    s.set_tag(1, 2); s.set_tag(3, 4);\n    g() ; pass\n",
        "s = sentry_sdk.get_isolation_scope()\ns.set_tag(1, 2); s.set_tag(3, 4);\ng() ; pass\n",
    ),
    "compound statements": (
        "with sentry_sdk.configure_scope() as s:\n    @deco\n    def g(a,\n          b):\n        return a\n    if x:\n        s.set_tag(1, 2)\n    elif y:\n        pass\n    else:\n        pass\n    try:\n        pass\n    except (A,\n            B) as e:\n        pass\n    else:\n        pass\n    finally:\n        pass\n    for i in [1,\n              2]:\n        continue\n    else:\n        pass\n    while x: break\n    class K(\n        A,\n    ):\n        pass\n",
        "s = sentry_sdk.get_isolation_scope()\n@deco\ndef g(a,\n      b):\n    return a\nif x:\n    s.set_tag(1, 2)\nelif y:\n    pass\nelse:\n    pass\ntry:\n    pass\nexcept (A,\n        B) as e:\n    pass\nelse:\n    pass\nfinally:\n    pass\nfor i in [1,\n          2]:\n    continue\nelse:\n    pass\nwhile x: break\nclass K(\n    A,\n):\n    pass\n",
    ),
    "match": (
        "with sentry_sdk.configure_scope() as s:\n    match x:\n        # none\n        case [1,\n              2]:\n            s.set_tag(1, 2)\n        case _:\n            pass\n",
        "s = sentry_sdk.get_isolation_scope()\nmatch x:\n    # none\n    case [1,\n          2]:\n        s.set_tag(1, 2)\n    case _:\n        pass\n",
    ),
    "the last block of branches": (
        "if x:\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\n        # inside\n    # after\n# before else\nelse:\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(3, 4)\nfor y in x:\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(y, y)\nelse:\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(5, 6)\n",
        "if x:\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(1, 2)\n    # inside\n    # after\n# before else\nelse:\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(3, 4)\nfor y in x:\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(y, y)\nelse:\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(5, 6)\n",
    ),
    "every part of try": (
        "try:\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\nexcept E:\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\nelse:\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\nfinally:\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\n",
        "try:\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(1, 2)\nexcept E:\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(1, 2)\nelse:\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(1, 2)\nfinally:\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(1, 2)\n",
    ),
    "first of several managers": (
        "with sentry_sdk.configure_scope() as s, x as y:\n    s.set_tag(1, 2)\n",
        "s = sentry_sdk.get_isolation_scope()\nwith x as y:\n    s.set_tag(1, 2)\n",
    ),
    "last of several managers": (
        "with x as y, sentry_sdk.configure_scope() as s:\n    # in\n    s.set_tag(1, 2)\n",
        "with x as y:\n    # in\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(1, 2)\n",
    ),
    "in the middle": (
        "with x as y, sentry_sdk.configure_scope() as s, z:\n    s.set_tag(1, 2)\n",
        "with x as y, z:\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(1, 2)\n",
    ),
    "several in parentheses": (
        "with (\n    x as y,\n    sentry_sdk.configure_scope() as s,\n):\n    s.set_tag(1, 2)\n",
        "with (\n    x as y,\n):\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(1, 2)\n",
    ),
    "several over backslashes": (
        "with x as y, \\\n     sentry_sdk.configure_scope() as s:\n    s.set_tag(1, 2)\n",
        "with x as y:\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(1, 2)\n",
    ),
    "several, no name": (
        "with x, sentry_sdk.configure_scope():\n    g()\n",
        "with x:\n    g()\n",
    ),
    "several, first, a body on the line": (
        "with sentry_sdk.configure_scope() as s, x: s.set_tag(1, 2)\n",
        "s = sentry_sdk.get_isolation_scope()\nwith x: s.set_tag(1, 2)\n",
    ),
    "in parentheses": (
        "with (sentry_sdk.configure_scope() as s):\n    s.set_tag(1, 2)\n",
        "s = sentry_sdk.get_isolation_scope()\ns.set_tag(1, 2)\n",
    ),
    "the call in parentheses": (
        "with (sentry_sdk.configure_scope()) as s:\n    s.set_tag(1, 2)\n",
        "s = sentry_sdk.get_isolation_scope()\ns.set_tag(1, 2)\n",
    ),
    "over backslashes": (
        "with \\\n        sentry_sdk.configure_scope() \\\n        as s:\n    s.set_tag(1, 2)\n",
        "s = sentry_sdk.get_isolation_scope()\ns.set_tag(1, 2)\n",
    ),
    "an attribute": (
        "with sentry_sdk.configure_scope() as x.scope:\n    x.scope.set_tag(1, 2)\n",
        "x.scope = sentry_sdk.get_isolation_scope()\nx.scope.set_tag(1, 2)\n",
    ),
    "an entry": (
        'with sentry_sdk.configure_scope() as x["#"]:\n    g()\n',
        'x["#"] = sentry_sdk.get_isolation_scope()\ng()\n',
    ),
    "pass, no name": ("with sentry_sdk.configure_scope():\n    pass\n", "pass\n"),
    "pass": (
        "with sentry_sdk.configure_scope() as s:\n    pass\n",
        "s = sentry_sdk.get_isolation_scope()\n",
    ),
    "pass and a comment": (
        "with sentry_sdk.configure_scope() as s:\n    # nothing\n    pass\n",
        "s = sentry_sdk.get_isolation_scope()\n# nothing\npass\n",
    ),
    "dots": (
        "with sentry_sdk.configure_scope() as s:\n    ...\ng()\n",
        "s = sentry_sdk.get_isolation_scope()\ng()\n",
    ),
    "three deep": (
        "with sentry_sdk.push_scope() as a:\n    with sentry_sdk.configure_scope() as b:\n        with sentry_sdk.configure_scope() as c:\n            c.set_tag(1, 2)\n        b.set_tag(3, 4)\n    a.set_tag(5, 6)\n",
        "with sentry_sdk.isolation_scope() as a:\n    b = sentry_sdk.get_isolation_scope()\n    c = sentry_sdk.get_isolation_scope()\n    c.set_tag(1, 2)\n    b.set_tag(3, 4)\n    a.set_tag(5, 6)\n",
    ),
    "pushed inside": (
        "with sentry_sdk.configure_scope() as b:\n    with sentry_sdk.push_scope() as a:\n        a.set_tag(1, 2)\n    b.set_tag(3, 4)\n",
        "b = sentry_sdk.get_isolation_scope()\nwith sentry_sdk.new_scope() as a:\n    a.set_tag(1, 2)\nb.set_tag(3, 4)\n",
    ),
    "callbacks": (
        "sentry_sdk.configure_scope(lambda s:\n    s.set_tag(1, 2) if x\n    else s.set_tag(3, 4))\n",
        "(sentry_sdk.get_isolation_scope().set_tag(1, 2) if x\n    else sentry_sdk.get_isolation_scope().set_tag(3, 4))\n",
    ),
    "a callback that is chosen": (
        "sentry_sdk.configure_scope(g if x else h)\nsentry_sdk.configure_scope((g or h))\n",
        "(g if x else h)(sentry_sdk.get_isolation_scope())\n(g or h)(sentry_sdk.get_isolation_scope())\n",
    ),
    "a callback with several effects": (
        "y = sentry_sdk.configure_scope(lambda s: (s.set_tag(1, 2), s.set_tag(3, 4)))\n",
        "y = (\n    sentry_sdk.get_isolation_scope().set_tag(1, 2),\n    sentry_sdk.get_isolation_scope().set_tag(3, 4),\n)\n",
    ),
    "a pushed callback": (
        "sentry_sdk.push_scope(\n    lambda s: s.set_tag(1,\n                        2)\n)\n",
        "with sentry_sdk.new_scope() as s:\n    s.set_tag(1,\n                        2)\n",
    ),
    "a pushed callback over lines": (
        "sentry_sdk.push_scope(lambda s:\n    s.set_tag(1, 2) if x\n    else s.set_tag(3, 4))\n",
        "with sentry_sdk.new_scope() as s:\n    (s.set_tag(1, 2) if x\n    else s.set_tag(3, 4))\n",
    ),
    "a pushed callback that is chosen": (
        "sentry_sdk.push_scope(g if x else h)\n",
        "with sentry_sdk.isolation_scope() as scope:\n    (g if x else h)(scope)\n",
    ),
    "a pushed function": (
        "def g(scope): scope.set_tag(1, 2)\nsentry_sdk.push_scope(g)\n",
        "def g(scope): scope.set_tag(1, 2)\nwith sentry_sdk.new_scope() as scope:\n    g(scope)\n",
    ),
    "a pushed callback, its name taken": (
        "scope = 1\nsentry_sdk.push_scope(g)\n",
        "scope = 1\nwith sentry_sdk.isolation_scope() as scope_2:\n    g(scope_2)\n",
    ),
    "enter_context": (
        "s = stack.enter_context(sentry_sdk.configure_scope())\n",
        "s = sentry_sdk.get_isolation_scope()\n",
    ),
    "a pushed scope's manager, kept": (
        "m = sentry_sdk.push_scope()\nm.__enter__()\n",
        "m = sentry_sdk.isolation_scope()\nm.__enter__()\n",
    ),
    "a pushed scope in a stack": (
        "s = stack.enter_context(sentry_sdk.push_scope())\n",
        "s = stack.enter_context(sentry_sdk.isolation_scope())\n",
    ),
    "__enter__": (
        "s = sentry_sdk.configure_scope().__enter__()\n",
        "s = sentry_sdk.get_isolation_scope()\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends(before: str, after: str, newline: str) -> None:
    code = (HEADER + indented(before)).replace("\n", newline)
    assert fixed(code) == (HEADER + indented(after)).replace("\n", newline)


@pytest.mark.parametrize(("before", "after"), BLOCKS.values(), ids=BLOCKS)
def test_no_final_newline(before: str, after: str) -> None:
    code = (HEADER + indented(before)).rstrip("\n")
    assert fixed(code) == (HEADER + indented(after)).rstrip("\n")


@pytest.mark.parametrize(("before", "after"), BLOCKS.values(), ids=BLOCKS)
def test_deeper(before: str, after: str) -> None:
    header = "import sentry_sdk\nsentry_sdk.flush()\nclass A:\n    async def f(self, x):\n"
    assert fixed(header + indented(before, 2)) == header + indented(after, 2)


@pytest.mark.parametrize(("before", "after"), BLOCKS.values(), ids=BLOCKS)
def test_tabs(before: str, after: str) -> None:
    def tabbed(code: str) -> str:
        lines = []
        for line in code.split("\n"):
            bare = line.lstrip(" ")
            depth, rest = divmod(len(line) - len(bare), 4)
            lines.append("\t" * depth + " " * rest + bare)
        return "\n".join(lines)

    if "# less" in before:
        pytest.skip("the comment's depth is no multiple of four")
    assert fixed(tabbed(HEADER + indented(before))) == tabbed(HEADER + indented(after))


@pytest.mark.parametrize(
    "mark", ["\ufeff", "\f", "\f\n", "# \u2028 no line end\n", "# \U0001f600\n"]
)
def test_marks_before(mark: str) -> None:
    before, after = BLOCKS["comments"]
    assert fixed(mark + HEADER + indented(before)) == mark + HEADER + indented(after)


def test_form_feeds_between() -> None:
    before, after = BLOCKS["comments"]
    code = HEADER + indented(before) + "\f\ndef g():\n\f    pass\n"
    assert fixed(code) == HEADER + indented(after) + "\f\ndef g():\n\f    pass\n"


@pytest.mark.parametrize(
    "text",
    [
        '"""\n        deep\n    line\n"""',
        'f"""\n        {x}\n  {\n          x\n        }\n        """',
        "'''a\n            b'''",
        "b'''\n            '''",
        '"a\\\n        b"',
        '"""\n        """ """\n        """',
        'r"""\\\n            """',
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_strings_keep_their_lines(text: str, newline: str) -> None:
    before = f"{HEADER}    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, {text})\n        g()\n"
    after = f"{HEADER}    s = sentry_sdk.get_isolation_scope()\n    s.set_tag(1, {text})\n    g()\n"
    assert fixed(before.replace("\n", newline)) == after.replace("\n", newline)


@pytest.mark.parametrize("width", [1, 2, 3, 8, 12])
def test_odd_indentation(width: int) -> None:
    deep = " " * width
    before = f"{HEADER}  with sentry_sdk.configure_scope() as s:\n  {deep}if x:\n  {deep} s.set_tag(1, 2)\n"
    after = f"{HEADER}  s = sentry_sdk.get_isolation_scope()\n  if x:\n   s.set_tag(1, 2)\n"
    assert fixed(before) == after


def test_nothing_but_the_edited_lines_differs() -> None:
    """Trailing blanks, odd spacing and stray form feeds elsewhere are nobody's business."""
    odd = "x  =  [ 1,2 ]   \n\f\n\ndef g( a , b=1 ) :  # c  \n\treturn  a\n"
    before, after = BLOCKS["plain"]
    assert fixed(odd + HEADER + indented(before) + odd) == odd + HEADER + indented(after) + odd


def test_a_block_at_the_end_of_the_module_keeps_the_comments_after_it() -> None:
    before = "import sentry_sdk\nsentry_sdk.init()\nwith sentry_sdk.configure_scope() as s:\n    s.set_tag(1, 2)\n    # in\n# out\n"
    after = "import sentry_sdk\nsentry_sdk.init()\ns = sentry_sdk.get_isolation_scope()\ns.set_tag(1, 2)\n# in\n# out\n"
    assert fixed(before) == after


PUSHED = len("import sentry_sdk\nasync def f(x):\n    with ")
# Which of the two forks takes the place of a pushed scope: what: (body, name)
FORKS = {
    "setters and a capture": ("s.set_tag(1, 2)\nsentry_sdk.capture_message(x)\n", "new_scope"),
    "attributes": ("s.level = 'error'\ns.fingerprint = [1]\n", "new_scope"),
    "a user": ("s.set_user({'id': x.user.id})\n", "new_scope"),
    "a user or another": ("s.set_user({'id': 1} if x else {'id': 2})\n", "new_scope"),
    "a variable": ("y = 'error'\nif x:\n    y = 'fatal'\ns.set_level(y)\n", "new_scope"),
    "a default": ("s.set_level(x or 'error')\n", "new_scope"),
    "text": ("s.level = x.lower()\ns.fingerprint = ['a', str(x), f'{x}']\n", "new_scope"),
    "a sum": ("s.fingerprint = ['a'] + x\n", "new_scope"),
    "a variable bound to itself": ("y = 'a'\ny = y + x\ns.set_level(y)\n", "new_scope"),
    "no tag": ("s.set_tag(1, None)\ns.set_extra(2, x.get)\n", "new_scope"),
    "a loop over data": ("for k in {'a': x}.items():\n    s.set_extra(1, k)\n", "new_scope"),
    "a loop over text": ("for k in x.split():\n    s.set_tag(k, 1)\n", "new_scope"),
    "a comprehension": ("s.set_extra(1, [k.name for k in (x, x)])\n", "new_scope"),
    "sorted by attribute": ("s.set_extra(1, sorted([x], key=lambda y: y.id))\n", "new_scope"),
    "the larger": ("s.set_extra(1, max(x, 2))\n", "new_scope"),
    "a method of data": ("y = {}\ny.update(a=x)\ns.set_extra(1, y.get(2))\n", "new_scope"),
    "an inner block": (
        "with sentry_sdk.push_scope() as t:\n    t.set_tag(1, 2)\ns.set_tag(1, 2)\n",
        "new_scope",
    ),
    "a file": ("with open(x) as y:\n    s.set_tag(1, 2)\n", "new_scope"),
    "a capture with a scope": (
        "sentry_sdk.capture_message(x, scope=s)\nsentry_sdk.capture_message(x, None, None)\n",
        "new_scope",
    ),
    "a capture with a setter": (
        "sentry_sdk.capture_message(x, scope=lambda y: y.set_tag(1, str(x)))\n",
        "new_scope",
    ),
    "a function": ("def g(y=1):\n    h(y)\n", "new_scope"),
    "a callback that calls another": (
        "def g(y=1):\n    h(y)\ns.add_event_processor(g)\n",
        "isolation_scope",
    ),
    "a callback": ("def g(e, h):\n    return e\ns.add_event_processor(g)\n", "new_scope"),
    "a user from elsewhere": ("s.set_user(x)\n", "isolation_scope"),
    "a user or none": ("s.set_user({'id': 1} if x else None)\n", "isolation_scope"),
    "a user if there is one": ("s.set_user(x and {'id': 1})\n", "isolation_scope"),
    "a user or what is there": ("s.set_user({'id': 1} and x)\n", "isolation_scope"),
    "a user by keyword": ("s.set_user(value=x)\n", "isolation_scope"),
    "an attribute": ("s.user = x.user\n", "isolation_scope"),
    "attributes in one go": ("s.user, s.level = {}, 'error'\n", "isolation_scope"),
    "a level from elsewhere": ("s.set_level(x)\n", "isolation_scope"),
    "a variable that may be None": (
        "y = None\nif x:\n    y = 'fatal'\ns.level = y\n",
        "isolation_scope",
    ),
    "a variable of a loop": ("for y in (1, None):\n    s.level = y\n", "isolation_scope"),
    "a part": ("y, z = 1, None\ns.level = z\n", "isolation_scope"),
    "an item": ("s.fingerprint = x['f']\n", "isolation_scope"),
    "an element": ("s.fingerprint = {}.get(1)\n", "isolation_scope"),
    "a default of an attribute": ("s.level = getattr(x, 'level', None)\n", "isolation_scope"),
    "a loop": ("for y in x:\n    s.set_tag(y, 1)\n", "isolation_scope"),
    "a loop over items": ("for k, v in x.items():\n    s.set_tag(k, v)\n", "isolation_scope"),
    "a comprehension over what is given": (
        "s.set_extra(1, [y for y in x])\n",
        "isolation_scope",
    ),
    "a copy of what is given": ("s.set_extra(1, list(x))\n", "isolation_scope"),
    "unpacked": ("s.set_extra(1, [*x])\n", "isolation_scope"),
    "unpacked arguments": ("sentry_sdk.capture_message(*x)\n", "isolation_scope"),
    "taken apart": ("y, z = x\ns.set_tag(y, z)\n", "isolation_scope"),
    "added to itself": ("s.set_extra(1, list(x + x))\n", "isolation_scope"),
    "mapped": ("s.set_extra(1, list(map(x, [1])))\n", "isolation_scope"),
    "next": ("s.set_extra(1, next(x))\n", "isolation_scope"),
    "sorted by a function": ("sorted([1], key=x)\n", "isolation_scope"),
    "sorted by a call": ("sorted([1], key=lambda y: x(y))\n", "isolation_scope"),
    "the largest": ("max(x)\n", "isolation_scope"),
    "a get": ("s.set_extra(1, x.get(2))\n", "isolation_scope"),
    "a query": ("y = x.objects.get(pk=1)\ns.set_user({'id': y.id})\n", "isolation_scope"),
    "an append": ("x.append(1)\n", "isolation_scope"),
    "a thread": ("x.join()\n", "isolation_scope"),
    "text of what is given": ("s.set_extra(1, ','.join(x))\n", "isolation_scope"),
    "a method that makes data": ("s.set_extra(1, x.to_dict())\n", "isolation_scope"),
    "a manager": ("with x:\n    s.set_tag(1, 2)\n", "isolation_scope"),
    "a decorator": ("@x\ndef g(): pass\n", "isolation_scope"),
    "a default that calls": ("def g(y=x()): pass\n", "isolation_scope"),
    "a default of a lambda": ("g = lambda y=x(): 1\n", "isolation_scope"),
    "a capture with a function": (
        "sentry_sdk.capture_message(x, scope=helper)\n",
        "isolation_scope",
    ),
    "a capture with a function by position": (
        "sentry_sdk.capture_exception(x, helper)\n",
        "isolation_scope",
    ),
    "a capture with a lambda": (
        "sentry_sdk.capture_message(x, scope=lambda y: helper(y))\n",
        "isolation_scope",
    ),
    "a capture with a lambda that breadcrumbs": (
        "sentry_sdk.capture_message(x, scope=lambda y: y.add_breadcrumb())\n",
        "isolation_scope",
    ),
    "an inner block that writes outside": (
        "with sentry_sdk.push_scope() as t:\n    s.set_tag(1, 2)\n",
        "isolation_scope",
    ),
    "an inner block that is not in view": ("sentry_sdk.push_scope(x)\n", "isolation_scope"),
    "an inner block that sends through the scope": (
        "with sentry_sdk.push_scope() as t:\n    t.capture_message('x')\n",
        "isolation_scope",
    ),
    "async with": ("async with x():\n    pass\n", "isolation_scope"),
    "async for": ("async for y in x():\n    pass\n", "isolation_scope"),
    "an async comprehension": ("y = [z async for z in x()]\n", "isolation_scope"),
    "a top-level setter": ("sentry_sdk.set_tag(1, 2)\n", "isolation_scope"),
    "a breadcrumb": ("sentry_sdk.add_breadcrumb(message=x)\n", "isolation_scope"),
    "a helper": ("helper(x)\n", "isolation_scope"),
    "clear": ("s.clear()\n", "isolation_scope"),
    "user = None": ("s.user = None\n", "isolation_scope"),
    "await": ("await x\n", "isolation_scope"),
    "yield": ("yield x\n", "isolation_scope"),
    "passed on": ("y = [s]\n", "isolation_scope"),
    "log records, which become breadcrumbs": ("logger.error(x)\n", "isolation_scope"),
}


@pytest.mark.parametrize(("body", "fork"), FORKS.values(), ids=FORKS)
def test_forks(body: str, fork: str) -> None:
    code = (
        "import sentry_sdk\nasync def f(x):\n    with sentry_sdk.push_scope() as s:\n"
        + indented(body, 2)
    )
    result = analyze(Source(code), Settings()).findings
    fix = next(one.fix for one in result if one.name == "push-scope-with" and one.start == PUSHED)
    assert fix is not None
    assert fork in fix.message


# Which functions of the standard library end the proof: the call: the name of the fork
LIBRARY = {
    "json.dumps(x, indent=1)": "new_scope",
    "json.dumps(x, default=str)": "new_scope",
    "os.getpid()": "new_scope",
    "os.environ.get('a')": "new_scope",
    "os.path.join('a', x)": "new_scope",
    "dumps(x)": "new_scope",
    "traceback.format_exc()": "new_scope",
    "re.sub('a', 'b', x)": "new_scope",
    "time.sleep(1)": "new_scope",
    "uuid.uuid4()": "new_scope",
    "platform.python_version()": "new_scope",
    "socket.gethostname()": "new_scope",
    "datetime.datetime.now().isoformat()": "new_scope",
    "json.dumps(x, default=x)": "isolation_scope",
    "json.dumps(x, cls=x)": "isolation_scope",
    "json.dumps(x, default=lambda y: y.dump())": "isolation_scope",
    "re.sub('a', helper, x)": "isolation_scope",
    "re.sub('a', lambda y: helper(), x)": "isolation_scope",
    "os.popen(x)": "isolation_scope",
    "os.system(x)": "isolation_scope",
    "os.popen(x).read()": "isolation_scope",
    "platform.processor()": "isolation_scope",
    "platform.platform()": "isolation_scope",
    "socket.create_connection(x)": "isolation_scope",
    "subprocess.run(x)": "isolation_scope",
    "logging.info(x)": "isolation_scope",
    "uuid.uuid1()": "isolation_scope",
    "collections.Counter(x)": "isolation_scope",
    "functools.reduce(x, [1, 2])": "isolation_scope",
    "itertools.chain(x)": "isolation_scope",
    "unbound.dumps(x)": "isolation_scope",
}


@pytest.mark.parametrize(("call", "fork"), LIBRARY.items(), ids=LIBRARY)
def test_forks_around_the_library(call: str, fork: str) -> None:
    code = (
        "import collections, datetime, functools, itertools, json, logging, os, os.path, platform\n"
        "import re, socket, subprocess, time, traceback, uuid\n"
        "import sentry_sdk\n"
        "from json import dumps\n"
        "def helper(): unknown()\n"
        "def f(x):\n"
        "    with sentry_sdk.push_scope() as s:\n"
        f"        s.set_extra(1, {call})\n"
    )
    assert f"    with sentry_sdk.{fork}() as s:\n" in fixed(code)


# What makes the fix unsafe: what: (code, words of the reason)
DOUBTS = {
    "before init": (
        "import sentry_sdk\ndef main():\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\n    sentry_sdk.init()\n",
        "before `init()`",
    ),
    "at import": (
        "import sentry_sdk\nwith sentry_sdk.configure_scope() as s:\n    s.set_tag(1, 2)\n",
        "import time",
    ),
    "in a function called before init": (
        "import sentry_sdk\ndef g():\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\ndef main():\n    g()\n    sentry_sdk.init()\n",
        "before `init()`",
    ),
    "in a function called at import before init": (
        "import sentry_sdk\ndef g():\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\ng()\nsentry_sdk.init()\n",
        "before `init()`",
    ),
    "at import after another library's init": (
        "import sentry_sdk\nfrom colorama import init\ninit()\nwith sentry_sdk.configure_scope() as s:\n    s.set_tag(1, 2)\n",
        "import time",
    ),
    "at import after a method called init": (
        "import sentry_sdk\ndb.init_app(x)\nwith sentry_sdk.configure_scope() as s:\n    s.set_tag(1, 2)\n",
        "import time",
    ),
    "at import after a setup of its own": (
        "import sentry_sdk\ndef setup(): ...\nsetup()\nwith sentry_sdk.configure_scope() as s:\n    s.set_tag(1, 2)\n",
        "import time",
    ),
    "at import after another of the SDK": (
        "import sentry_sdk\nsentry_sdk.set_tag(1, 2)\nwith sentry_sdk.configure_scope() as s:\n    s.set_tag(1, 2)\n",
        "import time",
    ),
    "start-up": (
        "import sentry_sdk\ndef main():\n    sentry_sdk.init()\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\n",
        "runs at startup",
    ),
    "passed on": (
        "import sentry_sdk\ndef f(g):\n    with sentry_sdk.configure_scope() as s:\n        g(s)\n",
        "passed to code",
    ),
    "cleared": (
        "import sentry_sdk\ndef f():\n    with sentry_sdk.configure_scope() as s:\n        s.clear()\n",
        "new trace",
    ),
    "later than before": (
        "import sentry_sdk\ndef f(x, z):\n    with x, sentry_sdk.configure_scope() as s, z:\n        s.set_tag(1, 2)\n",
        "after the other context managers",
    ),
    "awaits": (
        "import sentry_sdk\nasync def f(x):\n    with sentry_sdk.push_scope():\n        await x\n",
        "awaits",
    ),
    **{
        f"starts a task by {function}()": (
            f"import asyncio, sentry_sdk\nfrom asyncio import ensure_future\n"
            f"def f(x, loop, group):\n    with sentry_sdk.push_scope():\n        {function}(x)\n",
            "task",
        )
        for function in (
            *("asyncio.create_task", "ensure_future", "loop.call_later", "loop.call_soon"),
            *("x.add_done_callback", "group.create_task", "group.start_soon"),
            *("contextvars.copy_context", "copy_context"),
        )
    },
    "awaits by async with": (
        "import sentry_sdk\nasync def f(x):\n    with sentry_sdk.push_scope():\n        async with x:\n            pass\n",
        "awaits",
    ),
    "awaits by async for": (
        "import sentry_sdk\nasync def f(x):\n    with sentry_sdk.push_scope():\n        async for y in x:\n            pass\n",
        "awaits",
    ),
    "awaits in a comprehension": (
        "import sentry_sdk\nasync def f(x):\n    with sentry_sdk.push_scope():\n        y = [z async for z in x]\n",
        "awaits",
    ),
    "enters a span of outside": (
        "import sentry_sdk\ndef f():\n    x = sentry_sdk.start_span(op='y')\n    with sentry_sdk.push_scope() as s:\n        with x:\n            s.set_tag(1, 2)\n",
        "started outside",
    ),
    "enters a transaction as an item": (
        "import sentry_sdk\ndef f():\n    x = sentry_sdk.start_transaction()\n    with sentry_sdk.push_scope() as s, x:\n        pass\n",
        "started outside",
    ),
    "enters a span by a stack": (
        "import sentry_sdk\ndef f(stack):\n    x = sentry_sdk.start_span()\n    with sentry_sdk.push_scope() as s:\n        stack.enter_context(x)\n",
        "started outside",
    ),
    "enters the span of a parameter": (
        "import sentry_sdk\nfrom sentry_sdk.tracing import Span\ndef f(x: Span):\n    with sentry_sdk.push_scope() as s, x:\n        pass\n",
        "started outside",
    ),
    "binds a client": (
        "import sentry_sdk\ndef f():\n    with sentry_sdk.push_scope():\n        sentry_sdk.init()\n",
        "for this block only",
    ),
    "binds a client to the hub": (
        "import sentry_sdk\ndef f():\n    with sentry_sdk.push_scope():\n        sentry_sdk.Hub.current.bind_client(None)\n",
        "for this block only",
    ),
    "the last event's id after it": (
        "import sentry_sdk\ndef f(x):\n    with sentry_sdk.push_scope():\n        x()\n    return sentry_sdk.last_event_id()\n",
        "does not return the ID",
    ),
    "the last event's id in a function above": (
        "import sentry_sdk\ndef g():\n    return sentry_sdk.last_event_id()\ndef f(x):\n    with sentry_sdk.push_scope():\n        x()\n",
        "does not return the ID",
    ),
    "the last event's id before a capture in the block": (
        "import sentry_sdk\ndef f(x):\n    with sentry_sdk.push_scope():\n        sentry_sdk.set_tag(1, sentry_sdk.last_event_id())\n        sentry_sdk.capture_message(x)\n",
        "does not return the ID",
    ),
    "the last event's id after a capture is only imported in the block": (
        "import sentry_sdk\ndef f(x):\n    with sentry_sdk.push_scope():\n        from sentry_sdk import capture_message\n        x(sentry_sdk.last_event_id())\n",
        "does not return the ID",
    ),
    "the last event's id after a capture is only passed on in the block": (
        "import sentry_sdk\ndef f(x):\n    with sentry_sdk.push_scope():\n        x(sentry_sdk.capture_message)\n        x(sentry_sdk.last_event_id())\n",
        "does not return the ID",
    ),
    "the last event's id after a capture is only patched in the block": (
        "import sentry_sdk\ndef f(x):\n    with sentry_sdk.push_scope():\n        patch('sentry_sdk.capture_message')\n        x(sentry_sdk.last_event_id())\n",
        "does not return the ID",
    ),
    "the last event's id after an internal capture in the block": (
        "import sentry_sdk\ndef f(x):\n    with sentry_sdk.push_scope():\n        sentry_sdk.utils.capture_internal_exceptions()\n        x(sentry_sdk.last_event_id())\n",
        "does not return the ID",
    ),
    "the last event's id in a loop": (
        "import sentry_sdk\nfor x in y:\n    z = sentry_sdk.last_event_id()\n    with sentry_sdk.push_scope():\n        x()\n",
        "does not return the ID",
    ),
    "entered elsewhere": (
        "import sentry_sdk\ndef f():\n    manager = sentry_sdk.push_scope()\n",
        "when entered",
    ),
    "the callback is elsewhere": (
        "import sentry_sdk\nfrom app import g\ndef f():\n    sentry_sdk.configure_scope(g)\n",
        "isn't visible here",
    ),
    "the callback is called too": (
        "import sentry_sdk\ndef g(s):\n    s.span.x\ndef f(s):\n    sentry_sdk.configure_scope(g)\n    g(s)\n",
        "called with other scopes too",
    ),
    "the callback is handed on too": (
        "import sentry_sdk\ndef g(s):\n    s.span.x\ndef f(h):\n    sentry_sdk.configure_scope(g)\n    h(g)\n",
        "called with other scopes too",
    ),
    "the callback hands its scope on": (
        "import sentry_sdk\ndef g(s):\n    h(s)\ndef f(s):\n    sentry_sdk.configure_scope(g)\n    g(s)\n",
        "isn't visible here",
    ),
    "a breadcrumb on the scope": (
        "import sentry_sdk\ndef f():\n    with sentry_sdk.push_scope() as s:\n        s.add_breadcrumb({})\n",
        "did nothing in 1.x",
    ),
    "a method kept": (
        "import sentry_sdk\ndef f():\n    with sentry_sdk.configure_scope() as s:\n        return s.clear\n",
        "new trace",
    ),
    "a private dictionary": (
        "import sentry_sdk\ndef f():\n    with sentry_sdk.configure_scope() as s:\n        return s._propagation_context\n",
        "dictionary",
    ),
    "another scope in the variable": (
        "import sentry_sdk\ndef f(s):\n    if not s:\n        with sentry_sdk.configure_scope() as s:\n            pass\n    s.span.x\n",
        "a different scope",
    ),
    "another scope is passed on": (
        "import sentry_sdk\ndef f(s):\n    if not s:\n        with sentry_sdk.configure_scope() as s:\n            pass\n    g(s)\n",
        "passed to code",
    ),
    "only routed before init": (
        "import sentry_sdk\nwith sentry_sdk.configure_scope() as s:\n    s.set_transaction_name(1)\nsentry_sdk.init()\n",
        "before `init()`",
    ),
}


@pytest.mark.parametrize(("code", "words"), DOUBTS.values(), ids=DOUBTS)
def test_doubts(code: str, words: str) -> None:
    findings = analyze(Source(code), Settings()).findings
    fix = next(one.fix for one in findings if one.name.startswith(("push", "configure")))
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE
    assert words in fix.reason


# What may initialise before, or after: what: code
INITIALISED = {
    "a setup in this file": "def run():\n    sentry_sdk.capture_message('x')\ndef a():\n    sentry_sdk.init()\na()\nwith sentry_sdk.configure_scope() as s:\n    s.set_tag(1, 2)\nrun()\n",
    "a function called after init": "def g():\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\ndef main():\n    sentry_sdk.init()\n    g()\n",
    "a function called in another function": "def g():\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\ndef main():\n    sentry_sdk.init()\ndef h():\n    g()\n",
    "a function that is only named before init": "def g():\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\ndef main():\n    x = [g]\n    sentry_sdk.init()\n",
    "another function called before init": "def g():\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\ndef main(g):\n    g()\n    sentry_sdk.init()\n",
}


def assert_safe(code: str, rule: str) -> None:
    findings = analyze(Source("import sentry_sdk\n" + code), Settings()).findings
    fix = next(one.fix for one in findings if one.name == rule)
    assert fix is not None
    assert fix.applicability is Applicability.SAFE, fix.reason
    assert fix.edits


@pytest.mark.parametrize("code", INITIALISED.values(), ids=INITIALISED)
def test_initialised_by_then(code: str) -> None:
    assert_safe(code, "configure-scope-with")


INIT = "import sentry_sdk\nsentry_sdk.init()\n"
TAGS = "with sentry_sdk.configure_scope() as s:\n    s.set_tag('boot', 1)\n"
TAGGING = "def g():\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag('boot', 1)\n"
SENDING = "def send():\n    sentry_sdk.capture_message('x')\n"
WHOLE = "import sentry_sdk\n"

# What is known of the moment, whatever things are called: what: (code, words of the reason)
MOMENTS = {
    "a setup of ours": (
        f"{WHOLE}from app import setup_sentry\nsetup_sentry()\n{TAGS}run()\n",
        "possibly before",
    ),
    "django": (f"{WHOLE}import django\ndjango.setup()\n{TAGS}run()\n", "possibly before"),
    "at startup": (f"{INIT}{TAGS}", "runs at startup"),
    "a last line that prints": (f"{INIT}{TAGS}print('on')\n", "runs at startup"),
    "a last line that calls something unknown": (f"{INIT}{TAGS}run()\n", "runs at startup"),
    "a last line that sends": (f"{INIT}{SENDING}{TAGS}send()\n", ""),
    "a module that sends": (f"{INIT}{TAGS}sentry_sdk.capture_message('x')\n", ""),
    "… with threads": (f"{INIT}import threading\n{SENDING}{TAGS}send()\n", "runs at startup"),
    "… with other threads": (f"{INIT}import _thread\n{SENDING}{TAGS}send()\n", "runs at startup"),
    "… with a server": (f"{INIT}import flask\n{SENDING}{TAGS}send()\n", "runs at startup"),
    "a function that nobody calls": (f"{INIT}import threading\n{TAGGING}", ""),
    "a function that is passed on": (
        f"{INIT}import threading\n{TAGGING}threading.Thread(target=g)\n",
        "",
    ),
    "a function called at startup": (f"{INIT}import threading\n{TAGGING}g()\n", "runs at startup"),
    "… two calls away": (
        f"{INIT}import threading\n{TAGGING}def main():\n    g()\nmain()\n",
        "runs at startup",
    ),
    "… without threads": (f"{INIT}{TAGGING}g()\n", ""),
    "a method called at startup": (
        f"{INIT}import threading\nclass A:\n    def __init__(self):\n        self.tag()\n    def tag(self):\n"
        "        with sentry_sdk.configure_scope() as s:\n            s.set_tag('boot', 1)\nA()\n",
        "runs at startup",
    ),
    "before init": (f"{WHOLE}{TAGGING}g()\nsentry_sdk.init()\n", "runs before `init()`"),
    "before init, two calls away": (
        f"{WHOLE}{TAGGING}def prepare():\n    g()\ndef main():\n    prepare()\n    sentry_sdk.init()\n",
        "runs before `init()`",
    ),
    "before a function that initialises": (
        f"{WHOLE}{TAGGING}def begin():\n    sentry_sdk.init()\ndef main():\n    g()\n    begin()\n",
        "runs before `init()`",
    ),
    "after a function that initialises": (
        f"{WHOLE}{TAGGING}def begin():\n    sentry_sdk.init()\ndef main():\n    begin()\n    g()\n",
        "",
    ),
}


@pytest.mark.parametrize("name", ["g", "setup", "setup_tenant", "test_g", "configure", "main_"])
@pytest.mark.parametrize(("code", "words"), MOMENTS.values(), ids=MOMENTS)
def test_moments(code: str, words: str, name: str) -> None:
    renamed = re.sub(r"\bg\b", name, code)
    findings = analyze(Source(renamed), Settings()).findings
    fix = next(one.fix for one in findings if one.name == "configure-scope-with")
    assert fix is not None
    assert words in fix.reason
    assert bool(fix.reason) == bool(words)


@pytest.mark.parametrize(("code", "words"), MOMENTS.values(), ids=MOMENTS)
def test_moments_of_a_hubs_scope(code: str, words: str) -> None:
    """The same moment, however the scope is reached."""
    inline = re.sub(
        r"with sentry_sdk.configure_scope\(\) as s:\n +s\.", "sentry_sdk.Hub.current.scope.", code
    )
    findings = analyze(Source(inline), Settings()).findings
    fix = next(one.fix for one in findings if one.name == "hub-scope")
    assert fix is not None
    assert words in fix.reason
    assert bool(fix.reason) == bool(words)


# What looks like a doubt and is none: what: code
SURE = {
    "a span started in the block": "def f():\n    with sentry_sdk.push_scope() as s:\n        x = sentry_sdk.start_span()\n        with x:\n            pass\n",
    "a span started by the item": "def f():\n    with sentry_sdk.push_scope() as s, sentry_sdk.start_span():\n        pass\n",
    "a child of a span": "def f():\n    x = sentry_sdk.get_current_span().start_child()\n    with sentry_sdk.push_scope() as s, x:\n        pass\n",
    "an unknown manager": "def f(x):\n    with sentry_sdk.push_scope() as s, x:\n        pass\n",
    "a span that is only used": "def f():\n    x = sentry_sdk.start_span()\n    with sentry_sdk.push_scope() as s:\n        x.set_tag(1, 2)\n        x.finish()\n",
    "init in a function of the block": "def f(g):\n    with sentry_sdk.push_scope() as s:\n        def h():\n            sentry_sdk.init()\n        g(h)\n",
    "init after the block": "def f(g):\n    with sentry_sdk.push_scope() as s:\n        g()\n    sentry_sdk.init()\n",
    "the last event's id in the block": "def f(g):\n    with sentry_sdk.push_scope() as s:\n        sentry_sdk.capture_message('x')\n        g(sentry_sdk.last_event_id())\n",
    "the last event's id before it in a script": "x = sentry_sdk.last_event_id()\ndef f(g):\n    with sentry_sdk.push_scope() as s:\n        g()\n",
    "another function of asyncio": "import asyncio\ndef f():\n    with sentry_sdk.push_scope() as s:\n        asyncio.get_running_loop()\n",
    "a task in a function of the block": "def f(g):\n    with sentry_sdk.push_scope() as s:\n        def h(loop):\n            loop.create_task(g)\n        g(h)\n",
    "await in a function of the block": "async def f(g):\n    with sentry_sdk.push_scope() as s:\n        async def h():\n            await g\n        g(h)\n",
}


@pytest.mark.parametrize("code", SURE.values(), ids=SURE)
def test_no_doubts(code: str) -> None:
    assert_safe(code, "push-scope-with")


# What is no reason to doubt: what: code
UNDOUBTED = {
    "the callback sets tags and is called too": "def g(s):\n    s.set_tag(1, 2)\ndef f(s):\n    sentry_sdk.configure_scope(g)\n    g(s)\n",
    "the callback is given twice": "def g(s):\n    s.span.x\ndef f():\n    sentry_sdk.configure_scope(g)\n    sentry_sdk.configure_scope(g)\n",
    "another function of its name is called": "def g(s):\n    s.span.x\ndef f():\n    sentry_sdk.configure_scope(g)\ndef h(g):\n    g(1)\n",
    "another scope in the variable gets a tag": "def f(s):\n    if not s:\n        with sentry_sdk.configure_scope() as s:\n            pass\n    s.set_tag(1, 2)\n",
    "another scope in the variable afterwards": "def f():\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\n    s = g()\n    s.span.x\n",
    "another scope in the variable before": "def f(s):\n    s.span.x\n    with sentry_sdk.configure_scope() as s:\n        s.set_tag(1, 2)\n",
    "two blocks in a loop": "def f(x):\n    for y in x:\n        with sentry_sdk.configure_scope() as s:\n            s.span.x\n        with sentry_sdk.configure_scope() as s:\n            s.set_tag(1, 2)\n",
    "a method kept": "def f():\n    with sentry_sdk.configure_scope() as s:\n        return s.set_tag\n",
    "in a pushed scope that goes": "def f():\n    with sentry_sdk.push_scope() as t:\n        with sentry_sdk.configure_scope() as s:\n            s.set_transaction_name(1)\n",
    "after a pushed scope that stays": "def f():\n    with sentry_sdk.push_scope() as t:\n        g(t)\n    sentry_sdk.configure_scope(lambda s: s.span.x)\n",
}


@pytest.mark.parametrize("code", UNDOUBTED.values(), ids=UNDOUBTED)
def test_sure(code: str) -> None:
    findings = analyze(Source("import sentry_sdk\n" + code), Settings()).findings
    fixes = [one.fix for one in findings if "configure" in one.name]
    assert fixes
    assert all(one is not None and one.applicability is Applicability.SAFE for one in fixes)


def test_findings_are_in_order() -> None:
    code = "import sentry_sdk\ndef f():\n    with sentry_sdk.push_scope() as a:\n        a.level = 1\n    with sentry_sdk.configure_scope() as b:\n        b.user = 1\n"
    assert names(code) == [
        "push-scope-with",
        "scope-level-setter",
        "configure-scope-with",
        "scope-user-setter",
    ]


# What a callback does that the block of a `with` statement would: what: (its body, the reason)
CALLBACK_REASONS = {
    "calls": ("sentry_sdk.set_tag(1, 2)", "the callback calls `sentry_sdk.set_tag()`"),
    "writes to another scope": (
        "outer.set_tag(1, 2)",
        "the callback writes to a scope from outside the callback",
    ),
    "passes its scope on": ("[s]", "the callback passes the scope on"),
    "hides data": ("s.set_level(None)", "the callback may hide outer data with `set_level(None)`"),
}


@pytest.mark.parametrize(("body", "reason"), CALLBACK_REASONS.values(), ids=CALLBACK_REASONS)
def test_a_reason_speaks_of_the_callback(body: str, reason: str) -> None:
    code = (
        "import sentry_sdk\nouter = sentry_sdk.Hub.current.scope\n"
        f"def f(x):\n    sentry_sdk.push_scope(lambda s: {body})\n"
    )
    settings = Settings(select=("push-scope-callback",))
    (finding,) = analyze(Source(code), settings).findings
    reasons = [fix.reason for fix in finding.alternatives]
    assert any(reason in one for one in reasons), reasons
    assert not any("the block" in one for one in reasons), reasons


SPANS = "if scope.span:\n    scope.span.finish()\n"
LOOKED_UP = "current_scope = sentry_sdk.get_current_scope()\nif current_scope.span:\n    current_scope.span.finish()\n"
EACH = "if sentry_sdk.get_current_scope().span:\n    sentry_sdk.get_current_scope().span.finish()\n"
TAGGED = "scope.set_tag(1, x)\n"

# what: (what stands around the function's code, the body of the block before and after)
LOOKUPS = {
    "several uses": ("", TAGGED + SPANS, TAGGED + LOOKED_UP),
    "below a comment": ("", TAGGED + "# why\n" + SPANS, TAGGED + "# why\n" + LOOKED_UP),
    "in one statement": (
        "",
        TAGGED + "print(scope.span, scope.transaction)\n",
        TAGGED + "current_scope = sentry_sdk.get_current_scope()\n"
        "print(current_scope.span, current_scope.transaction)\n",
    ),
    "in branches": (
        "",
        TAGGED + "if x:\n    scope.span.finish()\nelif scope.span:\n    scope.set_tag(1, 2)\n",
        TAGGED + "current_scope = sentry_sdk.get_current_scope()\n"
        "if x:\n    current_scope.span.finish()\nelif current_scope.span:\n    scope.set_tag(1, 2)\n",
    ),
    "in a loop": (
        "",
        TAGGED + "for _ in x:\n" + indented(SPANS),
        TAGGED + "for _ in x:\n" + indented(LOOKED_UP),
    ),
    "one use": (
        "",
        TAGGED + "scope.span.finish()\n",
        TAGGED + "sentry_sdk.get_current_scope().span.finish()\n",
    ),
    "the name is a global": ("current_scope = 1\n", TAGGED + SPANS, TAGGED + EACH),
    "the name is a parameter": (
        "",
        "current_scope = 1\n" + TAGGED + SPANS,
        "current_scope = 1\n" + TAGGED + EACH,
    ),
    "in another function": (
        "",
        TAGGED + "return lambda: scope.span and scope.span.finish()\n",
        TAGGED + "return lambda: "
        "sentry_sdk.get_current_scope().span and sentry_sdk.get_current_scope().span.finish()\n",
    ),
    "another scope may be active": (
        "",
        TAGGED + SPANS + "with sentry_sdk.new_scope():\n    scope.span.finish()\n",
        TAGGED + EACH + "with sentry_sdk.new_scope():\n"
        "    sentry_sdk.get_current_scope().span.finish()\n",
    ),
    "nothing else is used": ("", SPANS, SPANS),
    "nothing else is used, and it is tested": (
        "",
        "if scope:\n    scope.span.finish()\n",
    )
    * 1
    + ("if scope:\n    scope.span.finish()\n",),
    "it is passed on": (
        "",
        "if x(scope):\n    scope.span.finish()\n",
        "if x(scope):\n    sentry_sdk.get_current_scope().span.finish()\n",
    ),
}


@pytest.mark.parametrize(
    "source",
    ["with sentry_sdk.configure_scope() as scope:", "scope = sentry_sdk.Hub.current.scope"],
)
@pytest.mark.parametrize(("around", "body", "after"), LOOKUPS.values(), ids=LOOKUPS)
def test_the_current_scope_is_looked_up_once(
    source: str, around: str, body: str, after: str
) -> None:
    depth = 2 if source.startswith("with") else 1
    before = f"import sentry_sdk\n{around}def f(x):\n    {source}\n{indented(body, depth)}"
    getter = "get_current_scope" if after == body else "get_isolation_scope"
    done = f"    scope = sentry_sdk.{getter}()\n{indented(after)}"
    assert fixed(before) == f"import sentry_sdk\n{around}def f(x):\n{done}"


def test_the_module_gets_no_variable() -> None:
    before = "import sentry_sdk\nwith sentry_sdk.configure_scope() as scope:\n" + indented(
        TAGGED + SPANS
    )
    after = "import sentry_sdk\nscope = sentry_sdk.get_isolation_scope()\n" + TAGGED + EACH
    assert fixed(before.replace("x)", "1)")) == after.replace("x)", "1)")
