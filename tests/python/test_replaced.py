"""What code puts under a name by other means than a plain assignment."""

from __future__ import annotations

import pytest

from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree

# A statement; the names of the text's own module that it sets, and those of others.
FORMS = {
    "globals()['f'] = g": ("f", ""),
    "globals()['f']: int = g": ("f", ""),
    "globals()['f'], x = g": ("f", ""),
    "for globals()['f'] in g: pass": ("f", ""),
    "globals()[g] = g": ("?", ""),
    "for k in g:\n    globals()[k] = g": ("?", ""),
    "del globals()['f']": ("f", ""),
    "globals().update(f=g, h=g)": ("f h", ""),
    "globals().update({'f': g, g: g})": ("f ?", ""),
    "globals().update(g)": ("?", ""),
    "globals().update(**g)": ("?", ""),
    "globals().update({**g})": ("?", ""),
    "globals().setdefault('f', g)": ("f", ""),
    "globals().__setitem__('f', g)": ("f", ""),
    "globals().__delitem__('f')": ("f", ""),
    "globals().pop('f', None)": ("f", ""),
    "globals().pop(g)": ("?", ""),
    "globals().clear()": ("?", ""),
    "globals().popitem()": ("?", ""),
    "globals().__ior__(g)": ("?", ""),
    "x = globals()\nx['f'] = g": ("f", ""),
    "x = globals()\nx |= g": ("?", ""),
    "def x():\n    globals()['f'] = g": ("f", ""),
    "vars()['f'] = g": ("f", ""),
    "locals()['f'] = g": ("f", ""),
    "if x:\n    locals()['f'] = g": ("f", ""),
    "g.__globals__['f'] = g": ("f", ""),
    "setattr(sys.modules[__name__], 'f', g)": ("f", ""),
    "setattr(sys.modules[__name__], g, g)": ("?", ""),
    "delattr(sys.modules[__name__], 'f')": ("f", ""),
    "sys.modules[__name__].f = g": ("f", ""),
    "del sys.modules[__name__].f": ("f", ""),
    "from sys import modules\nmodules[__name__].f = g": ("f", ""),
    "x = sys.modules[__name__]\nx.f = g": ("f", ""),
    "x = sys.modules[__name__]\ndef y():\n    x.f = g": ("f", ""),
    "importlib.import_module(__name__).f = g": ("f", ""),
    "__import__(__name__).f = g": ("f", ""),
    "sys.modules[__name__].__dict__['f'] = g": ("f", ""),
    "vars(sys.modules[__name__]).update(f=g)": ("f", ""),
    # of others
    "setattr(obs, 'f', g)": ("", "obs.f"),
    "setattr(obs, g, g)": ("", "obs.?"),
    "setattr(app.obs, 'f', g)": ("", "app.obs.f"),
    "delattr(obs, 'f')": ("", "obs.f"),
    "del obs.f": ("", "obs.f"),
    "del x, obs.f": ("", "obs.f"),
    "vars(obs)['f'] = g": ("", "obs.f"),
    "obs.__dict__['f'] = g": ("", "obs.f"),
    "obs.__dict__.update(f=g)": ("", "obs.f"),
    "x = vars(obs)\nx['f'] = g": ("", "obs.f"),
    "sys.modules['app.obs'].f = g": ("", "'app.obs'.f"),
    "import_module('app.obs').f = g": ("", "'app.obs'.f"),
    "x = __import__('obs')\nx.f = g": ("", "'obs'.f"),
    "x = import_module('obs')\nsetattr(x, g, g)": ("", "'obs'.?"),
    "vars(sys.modules['obs']).update(g)": ("", "'obs'.?"),
    # nothing, or an assignment that others read
    "obs.f = g": ("", ""),
    "f = globals()": ("", ""),
    "f = globals()['f']": ("", ""),
    "globals().get('f')": ("", ""),
    "globals().update()": ("", ""),
    "globals": ("", ""),
    "x.update(f=g)": ("", ""),
    "x['f'] = g": ("", ""),
    "x[vars(obs)['f']] = g": ("", ""),
    "del x['f']": ("", ""),
    "del f": ("", ""),
    "def x():\n    vars()['f'] = g": ("", ""),
    "class x:\n    locals()['f'] = g": ("", ""),
    "x = lambda: locals().update(f=g)": ("", ""),
    "sys.modules['obs'] = g": ("", ""),
    "sys.modules[g].f = g": ("", ""),
    "sys.modules[0:1].f = g": ("", ""),
    "sys.path[__name__].f = g": ("", ""),
    "import_module(g).f = g": ("", ""),
    "import_module().f = g": ("", ""),
    "x = sys.modules['obs']": ("", ""),
    "x = globals()\nx.f = g": ("", ""),
    "x = sys.modules[__name__]\nx['f'] = g": ("", ""),
    "globals()[g.__name__] = g": ("", ""),
    "setattr(obs, g.__qualname__, g)": ("", ""),
    "setattr(obs, 'a b', g)": ("", ""),
    "setattr(obs, 'f')": ("", ""),
    "setattr(*g)": ("", ""),
    "delattr(obs)": ("", ""),
    "getattr(obs, 'f')": ("", ""),
    "setattr()()": ("", ""),
    "setattr": ("", ""),
}


@pytest.mark.parametrize(("text", "own", "others"), [(k, *v) for k, v in FORMS.items()])
def test_what_is_put_under_a_name(text: str, own: str, others: str) -> None:
    tree = Tree.of(text + "\n")
    found: tuple[list[str], list[str]] = [], []
    for one in Scopes(tree).replaced:
        holder = tree.code(one.holder) if one.holder is not None else repr(one.module)
        name = one.name or "?"
        found[not one.own].append(name if one.own else f"{holder}.{name}")
    assert tuple(map(sorted, found)) == (sorted(own.split()), sorted(others.split()))
