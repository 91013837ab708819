"""Lines that edits make too long are broken as black breaks them, and no others."""

from __future__ import annotations

import pytest

from engine.table import fixed
from sentry_migrate.project.code_style import CodeStyle
from sentry_migrate.python.tree import Tree
from sentry_migrate.rewrite.long_lines import broken
from sentry_migrate.text.edits import Edit, apply

# what: (columns, the line as edits leave it, what it becomes)
BROKEN = {
    "the last call": (20, "with one(), two(abc):", "with one(), two(\n    abc\n):"),
    "the last but one": (
        24,
        "with one(abc), twenty_two(defghij):",
        "with one(\n    abc\n), twenty_two(defghij):",
    ),
    "in a block": (
        22,
        "    with one(), two(abc):",
        "    with one(), two(\n        abc\n    ):",
    ),
    "with a name": (20, "with one(abcdefg) as x:", "with one(\n    abcdefg\n) as x:"),
    "async": (19, "async with one(abcde):", "async with one(\n    abcde\n):"),
    "a statement": (20, "sdk.one().two(a, b=3)", "sdk.one().two(\n    a, b=3\n)"),
    "an assignment": (20, "self.x = one(two(abc))", "self.x = one(\n    two(abc)\n)"),
    "a return value": (20, "return await one(ab, c)", "return await one(\n    ab, c\n)"),
    "one argument on each line": (
        20,
        "one(abcdefghi, {1: 2}, x=[jk, lm])",
        "one(\n    abcdefghi,\n    {1: 2},\n    x=[jk, lm],\n)",
    ),
    "a comma at the end": (18, "one(abcde, fghijkl,)", "one(\n    abcde,\n    fghijkl,\n)"),
    "marks in strings": (14, r"one('a, (', 'b)#\'')", "one(\n    'a, (',\n    'b)#\\'',\n)"),
    "a function with parameters": (
        26,
        "one(lambda a, b: a + b, cd)",
        "one(\n    lambda a, b: a + b, cd\n)",
    ),
    "a function with parameters, and others": (
        24,
        "one(lambda a, b: a + b, c, d=efg)",
        "one(\n    lambda a, b: a + b,\n    c,\n    d=efg,\n)",
    ),
    "a dictionary's": (
        24,
        "X = {'a': bcdef, 'g': lambda h, i: j}",
        "X = {\n    'a': bcdef,\n    'g': lambda h, i: j,\n}",
    ),
    "a dictionary with a type": (
        22,
        "x: dict[str, int] = {'a': 1}",
        "x: dict[str, int] = {\n    'a': 1\n}",
    ),
    "a list's": (18, "X = ['abcde', 'fghi']", "X = [\n    'abcde',\n    'fghi',\n]"),
    "a dictionary that is returned": (
        18,
        "    return {'a': b, 'c': d}",
        "    return {\n        'a': b,\n        'c': d,\n    }",
    ),
    "an item of a dictionary": (
        20,
        "    'x': {'a': b, 'c': d},",
        "    'x': {\n        'a': b,\n        'c': d,\n    },",
    ),
    "a comprehension": (19, "one(x for x in yzab)", "one(\n    x for x in yzab\n)"),
    "a tuple": (19, "x = (abcde, fghijkl)", "x = (\n    abcde,\n    fghijkl,\n)"),
    "a tuple in a call": (
        20,
        "one(a=(abcdefg, hijklmnop, q), r=1)",
        "one(\n    a=(\n        abcdefg,\n        hijklmnop,\n        q,\n    ),\n    r=1,\n)",
    ),
    "a call in a call": (
        22,
        "one(two(abcdefgh, ijklmnop, qr), st)",
        "one(\n    two(\n        abcdefgh,\n        ijklmnop,\n        qr,\n    ),\n    st,\n)",
    ),
    "a call in the only argument": (
        21,
        "one(two(abcdefghi, jk))",
        "one(\n    two(\n        abcdefghi, jk\n    )\n)",
    ),
    "a list of one": (17, "one(two=[abcdefg])", "one(\n    two=[abcdefg]\n)"),
    "a block": (20, "def one(a, b): two(c)", "def one(a, b):\n    two(c)"),
    "a block in a block": (20, "    if one(a): two(b, c)", "    if one(a):\n        two(b, c)"),
    "a block with several statements": (
        20,
        "with one(a): b(c); d(e)",
        "with one(a):\n    b(c); d(e)",
    ),
    "a block that is too long itself": (
        21,
        "if one(a): two(bcdef, ghijkl)",
        "if one(a):\n    two(\n        bcdef, ghijkl\n    )",
    ),
    "a block below managers": (
        20,
        "with one(), two(abc): three(d)",
        "with one(), two(\n    abc\n):\n    three(d)",
    ),
    "a block after a string": (22, "if x == ': (': one(a, b)", "if x == ': (':\n    one(a, b)"),
    "a block after annotations": (
        24,
        "def one(a: A) -> B: two(a, b)",
        "def one(a: A) -> B:\n    two(a, b)",
    ),
}

# what: (columns, a line that stays)
KEPT = {
    "as long as it may be": (21, "with one(), two(abc):"),
    "no arguments": (8, "with one(), two():"),
    "too long inside as well": (12, "one(abcdefghijkl)"),
    "too long behind": (12, "one(a).abcdefghijkl(x.y)"),
    "too long in front": (8, "abcdefghijkl(m)"),
    "a function with too many parameters": (16, "one(lambda a, b: a + b, c)"),
    "an item": (16, "x = one[abcde, fghijkl]"),
    "a string with a dictionary": (16, "x = 'abcdef' % {'g': h}"),
    "a dictionary and a method": (16, "x = {'a': b}.get(cdefgh)"),
    "a pair of dictionaries": (16, "x = {'a': b}, {'c': d}"),
    "a comprehension": (14, "one(x for x in yz)"),
    "a comment": (18, "with one(), two(abc):  # why"),
    "a test": (10, "if one(abc):"),
    "a loop": (12, "for x in one(abc):"),
    "a block with a function in front": (20, "if one(lambda: a): two(b)"),
    "a block with too long a line": (8, "if one(a): bcdefghijkl"),
    "a block that is a comment": (20, "if one(abcdefghijklm):  # two"),
    "an annotation": (12, "one: two = abcdef"),
    "a dictionary": (12, "{one: two, abc: de}"),
    "a comprehension in a tuple": (14, "one((x for x, y in abcdef))"),
    "a slice of something": (12, "one[abc:defg]"),
    "a sum": (12, "x = 1 + one(abc)"),
    "an assertion": (12, "assert one(abc)"),
    "a comparison": (12, "x = one(abc) == 1"),
    "a subscript": (12, "x = one(abc)[0]"),
    "a method of a string": (12, "'a'.join(abc)"),
    "several statements": (12, "one(abc); two(d)"),
    "a string over several lines": (12, 'one("""abcd\nefghijklmnop(a)""")'),
    "a line that goes on": (8, "one(abc, two(\n    d))"),
    "a line that went on": (4, "one(\n    d)"),
    "a backslash": (12, "x = one(abc, \\\n    d)"),
    "an import": (12, "from a import (b)"),
}


@pytest.mark.parametrize(("columns", "line", "after"), BROKEN.values(), ids=BROKEN)
def test_a_long_line_is_broken_in_a_call(columns: int, line: str, after: str) -> None:
    assert _written(line, columns) == after


@pytest.mark.parametrize(("columns", "line"), KEPT.values(), ids=KEPT)
def test_any_other_line_stays(columns: int, line: str) -> None:
    assert _written(line, columns) == line


def _written(line: str, columns: int) -> str:
    """What a line becomes that an edit writes."""
    return apply("old", broken(Tree.of("old"), [Edit(0, 3, line)], columns))


# what: (before, edits, what is left of them with at most 12 columns)
AROUND = {
    "the line was too long": ("abcdefghij(k, l)\n", [Edit(11, 12, "m")], "abcdefghij(m, l)\n"),
    "its neighbours are too long": (
        "abcdefghijkl(m)\nx(y)\nabcdefghijkl(m)\n",
        [Edit(18, 19, "abcdefgh")],
        "abcdefghijkl(m)\nx(abcdefgh)\nabcdefghijkl(m)\n",
    ),
    "a new line above one that was too long": (
        "abcdefghijkl(m)\n",
        [Edit(0, 0, "with a(b, c):\n    ")],
        "with a(\n    b, c\n):\n    abcdefghijkl(m)\n",
    ),
    "a line that becomes too deep": (
        "abcd(efg)\n",
        [Edit(0, 0, "with a(b):\n    ")],
        "with a(b):\n    abcd(\n        efg\n    )\n",
    ),
    "inside a string": (
        "x = f'''\n{a(b)} c\n'''\n",
        [Edit(12, 13, "abcdefgh")],
        "x = f'''\n{a(abcdefgh)} c\n'''\n",
    ),
    "two edits in a line": (
        "a(b, c)\n",
        [Edit(2, 3, "bbbb"), Edit(5, 6, "cccc")],
        "a(\n    bbbb,\n    cccc,\n)\n",
    ),
    "two lines": (
        "a(b)\na(c)\n",
        [Edit(2, 3, "1, abcdef"), Edit(7, 8, "2, abcdefg")],
        "a(1, abcdef)\na(\n    2,\n    abcdefg,\n)\n",
    ),
    "Windows line ends": (
        "a(b)\r\nd\r\n",
        [Edit(2, 3, "abcde, fg")],
        "a(abcde, fg)\r\nd\r\n",
    ),
    "Windows line ends, broken": (
        "a(b)\r\nd\r\n",
        [Edit(2, 3, "abcd, efghi")],
        "a(\r\n    abcd,\r\n    efghi,\r\n)\r\nd\r\n",
    ),
}


@pytest.mark.parametrize(("before", "edits", "after"), AROUND.values(), ids=AROUND)
def test_only_what_edits_lengthen_is_broken(before: str, edits: list[Edit], after: str) -> None:
    assert apply(before, broken(Tree.of(before), edits, 12)) == after


# columns: what `with hub:` becomes, whose client is its own
MANAGERS = {
    100: "    with use_isolation_scope(scope), use_scope(current_scope):\n",
    50: "    with use_isolation_scope(scope), use_scope(\n        current_scope\n    ):\n",
    42: "    with use_isolation_scope(\n        scope\n    ), use_scope(current_scope):\n",
    20: "    with use_isolation_scope(scope), use_scope(current_scope):\n",
}


@pytest.mark.parametrize("columns", MANAGERS)
def test_the_managers_in_the_place_of_a_hub_fit_into_lines(columns: int) -> None:
    before = (
        "from sentry_sdk import Client, Hub, capture_message\n"
        "def f():\n    hub = Hub(Client())\n    with hub:\n        capture_message('x')\n"
    )
    assert MANAGERS[columns] in fixed(before, style=CodeStyle(columns))
