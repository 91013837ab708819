"""Whether a file may replace an attribute under a name that it does not spell: a first look, which
must see whatever the analysis sees."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from sentry_migrate.engine.analyze import as_it_is
from sentry_migrate.plan import ANY_NAME, is_stand_in, stand_in_key
from sentry_migrate.project.config import Settings
from sentry_migrate.project.replaced_attributes import may_replace_unspelled
from sentry_migrate.text.source import Source

REPLACING = {
    "setattr": "import obs\nsetattr(obs, name, fake)\n",
    "delattr": "import obs\ndelattr(obs, name)\n",
    "patch": "import obs\nfrom unittest.mock import patch\nwith patch.object(obs, name): pass\n",
    "monkeypatch": "import obs\ndef test(monkeypatch):\n    monkeypatch.setattr(obs, names[0], 1)\n",
    "of a package": "import app.obs\nsetattr(app.obs, name, fake)\n",
    "by another name": "from app import obs as o\nsetattr(o, name, fake)\n",
    "of a package by another name": "import app.obs as o\nsetattr(o, name, fake)\n",
    "from a package": "from app import obs\nsetattr(obs, name, fake)\n",
    "an empty name": "import obs\nsetattr(obs, '', fake)\n",
    "by keywords": "import obs\npatch.object(target=obs, attribute=name)\n",
    "in a function": "def f():\n    import obs\n    setattr(obs, name, fake)\n",
    "on several lines": "import obs\nsetattr \\\n  (obs, name, fake)\n",
    "after a comment": "import obs\n(setattr  # all of them\n (obs, name, fake))\n",
    "a name put together": "import obs\nsetattr(obs, 'push' + suffix, fake)\n",
    "a name of letters": "import obs\nsetattr(obs, f'push_{what}', fake)\n",
    "in the dictionary": "import obs\nvars(obs)[name] = fake\n",
    "in its attribute": "from app import obs\nobs.__dict__[name] = fake\n",
    "by a builtin": "setattr(__import__('obs'), name, fake)\n",
    "many at once": "import app.obs\nvars(app.obs).update(fakes)\n",
    "in a variable": "import obs\nnames = obs.__dict__\nnames[name] = fake\n",
    "by its place": "import sys\nsetattr(sys.modules['obs'], name, fake)\n",
    "by its path": "import importlib\nvars(importlib.import_module('app.obs'))[name] = fake\n",
    "no text": "import obs\nsetattr(obs, 5, fake)\n",
}
NOT = {
    "nothing": "",
    "a class": "import obs\nclass A(object):\n    pass\n",
    "the name is spelled": "import obs\nsetattr(obs, 'x', fake)\n",
    "of itself": "import obs\nclass A:\n    def f(self, name):\n        setattr(self, name, 1)\n",
    "of a parameter": "import obs\ndef f(one, name):\n    setattr(one, name, 1)\n",
    "of a call": "import obs\nsetattr(obs.f(), name, 1)\n",
    "in a dictionary": "import obs\nobs.names[name] = fake\n",
    "in the dictionary of itself": "class A:\n    def f(self):\n        vars(self)[name] = 1\n",
    "in the dictionary of a parameter": "def f(one):\n    one.__dict__[name] = 1\n",
    "a module that cannot be told": "import sys\nsetattr(sys.modules[place], name, fake)\n",
    "one argument": "import obs\nobject(obs)\n",
    "not called": "import obs\nf = setattr\n",
    "in a comment": "import obs\n# setattr(obs, name, fake)\n",
    "in a string": "import obs\nx = 'setattr(obs, name, fake)'\n",
    "a longer name": "import obs\nmysetattr(obs, name, fake)\n",
}


def places(text: str) -> set[str]:
    answer = as_it_is(Source(text), Settings(), PurePath("tests/test_a.py"), {}, {})
    kinds = {site.kind for site in answer.sites}
    return {kind for kind in kinds if is_stand_in(kind) and kind.endswith(f":{ANY_NAME}")}


@pytest.mark.parametrize("text", REPLACING.values(), ids=REPLACING)
def test_what_the_analysis_sees_is_seen(text: str) -> None:
    assert places(text) == {stand_in_key(ANY_NAME, "obs")}
    assert may_replace_unspelled(text.encode())


@pytest.mark.parametrize("text", NOT.values(), ids=NOT)
def test_what_replaces_nothing_is_not_analysed(text: str) -> None:
    assert places(text) == set()
    assert not may_replace_unspelled(text.encode())


def test_what_is_no_python_may_replace_anything() -> None:
    assert may_replace_unspelled(b"setattr(obs, name, fake")
