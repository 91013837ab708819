"""Which names of its own a text looks up while it runs."""

from __future__ import annotations

import pytest

from sentry_migrate.python.looked_up import names_looked_up
from sentry_migrate.python.tree import Tree

pytestmark = pytest.mark.fast

FOUND = {
    "an item": ("globals()['f']()", "f"),
    "an item with `get`": ("globals().get('f')", "f"),
    "asked for": ("'f' in globals()", "f"),
    "an item of a variable": ("x = globals()\ny = x['f']", "f"),
    "a member of the module": ("getattr(sys.modules[__name__], 'f')", "f"),
    "a member of the main module": ("import __main__\ngetattr(__main__, 'f')", "f"),
    "a computed item": ("globals()[k + '_scope']()", "*"),
    "a formatted item": ("globals()[f'{k}_scope']()", "*"),
    "an item in a function": ("def f(k):\n    return globals()[k]", "*"),
    "a computed item of a variable": ("x = globals()\ny = x[k]", "*"),
    "a computed member": ("getattr(sys.modules[__name__], k)", "*"),
    "a computed member of a variable": ("x = sys.modules[__name__]\ngetattr(x, k)", "*"),
    "an item of the dictionary of the module": ("sys.modules[__name__].__dict__[k]", "*"),
    "all": ("[k for k in globals()]", "*"),
    "all items": ("for k, v in globals().items(): pass", "*"),
    "all in a list": ("sorted(vars())", "*"),
    "code": ("eval('f is not g')", "f g"),
    "code in a variable": ("CODE = 'f()'\nexec(CODE)", "f"),
    "code in a part of a string": ("exec(f'f({x})')", "f"),
    "timed": ("import timeit\ntimeit.timeit('f()', number=1)", "f"),
    "timed by name": ("from timeit import timeit\ntimeit('f()')", "f"),
    "a format": ("'{f.x}'.format(**globals())", "f"),
    "a format in a variable": ("T = '{f}'\nT.format_map(globals())", "f"),
    "a template": ("'%(f)s' % vars()", "f"),
    "given on": ("run('f()', globals())", "f"),
}
NOT_FOUND = {
    "nothing of the kind": "x['f'] = getattr(y, k)",
    "another name": "globals()['g']",
    "what is put": "globals()['f'] = 1\nglobals()[k] = 1\ndel globals()[k]",
    "what is put in a tuple": "globals()[k], x = 1, 2",
    "what is put by an update": "globals().update(f=1)\nglobals().setdefault(k, 1)",
    "set on the module": "setattr(sys.modules[__name__], k, 1)",
    "its own name": "globals()[g.__name__]",
    "another module": "getattr(sys.modules['app'], 'f')\ngetattr(sys.modules[k], k)",
    "another's items": "vars(obs)[k]",
    "local names": "def g():\n    return '{f}'.format(**locals()), vars()[k]",
    "a docstring": "'''Runs f.'''\ndef g():\n    'f'\n    eval('1')",
    "a comment": "# f\neval('1')",
    "code that is no code": "log('f')",
    "a pattern": "re.compile('f')",
    "a method called eval": "frame.eval('f')\nmodel.exec('f')",
    "a method called timeit": "x.timeit('f')",
    "repeated": "itertools.repeat('f')\nrepeat('f')",
    "another variable": "x = globals()\ny['f'], y[k]",
    "a part of a word": "eval('ff')",
    "how many": "len(globals())",
    "mentioned": "'globals'\nx = 'f'",
    "a function that is not called": "x = globals\ny = 'f'",
}


@pytest.mark.parametrize(("text", "names"), FOUND.values(), ids=FOUND)
def test_found(text: str, names: str) -> None:
    assert set(names.split()) <= names_looked_up(Tree(text + "\n"))
    assert ("*" in names) == ("*" in names_looked_up(Tree(text + "\n")))


@pytest.mark.parametrize("text", NOT_FOUND.values(), ids=NOT_FOUND)
def test_not_found(text: str) -> None:
    assert not {"f", "*"} & names_looked_up(Tree(text + "\n"))
