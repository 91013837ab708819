"""Names that code makes out of those of options change with them."""

from __future__ import annotations

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

OPTIONS = "import os\nimport sentry_sdk\nO = {'with_locals': True}\n"
INIT = "sentry_sdk.init(**O)\n"

LOOKED_UP = {
    "in the environment": OPTIONS
    + "kw = {n: os.environ['SENTRY_' + n.upper()] for n in O}\n"
    + INIT,
    "by get": OPTIONS
    + "for n, v in O.items():\n    O[n] = os.environ.get(f'SENTRY_{n}', v)\n"
    + INIT,
    "by getenv": OPTIONS + "for n in list(O):\n    O[n] = os.getenv('SENTRY_%s' % n)\n" + INIT,
    "as an attribute": OPTIONS
    + "import prod\nfor n in O:\n    O[n] = getattr(prod, 'SENTRY_{}'.format(n.upper()))\n"
    + INIT,
    "in a function": OPTIONS
    + "def fill(table):\n    return {n: os.environ['SENTRY_' + n] for n in table}\n"
    + "sentry_sdk.init(**O)\n",
    "asked for": OPTIONS + "for n in O:\n    print('SENTRY_' + n in os.environ)\n" + INIT,
    "of a function's rest": "import prod\nimport sentry_sdk\ndef setup(**o):\n    for n in list(o):\n"
    "        o[n] = getattr(prod, 'SENTRY_' + n.upper(), o[n])\n    sentry_sdk.init(**o)\n"
    "setup(with_locals=True)\n",
}
NOT = {
    "only passed on": OPTIONS + INIT,
    "read by its name": OPTIONS + "print(O['with_locals'])\n" + INIT,
    "copied": OPTIONS + "kw = {n: v for n, v in O.items()}\n" + INIT,
    "said": OPTIONS + "for n in O:\n    print('option ' + n)\n" + INIT,
    "logged": OPTIONS + "import logging\nfor n in O:\n    logging.info(f'option {n}')\n" + INIT,
    "of its value": OPTIONS + "print(os.environ['X' + str(O['with_locals'])])\n" + INIT,
    "of something else": OPTIONS
    + "for n in ('A', 'B'):\n    print(os.environ['SENTRY_' + n])\n"
    + INIT,
    "of another dictionary": OPTIONS
    + "P = {}\nfor n in P:\n    print(os.environ['SENTRY_' + n])\n"
    + INIT,
    "a whole name": OPTIONS + "print(os.environ['SENTRY_' + 'DSN'])\n" + INIT,
    "without another text": OPTIONS + "for n in O:\n    print(os.environ.get(f'{n}'))\n" + INIT,
    "given to the call itself": "import os\nimport sentry_sdk\ndef f(names):\n    for n in names:\n"
    "        print(os.environ['SENTRY_' + n])\nsentry_sdk.init(with_locals=True)\n",
}


def reasons(text: str) -> str:
    """Why no fix is safe."""
    findings = analyze(Source(text), Settings()).findings
    assert findings
    return "; ".join(one.fix.reason for one in findings if one.fix is not None)


@pytest.mark.parametrize("text", LOOKED_UP.values(), ids=LOOKED_UP)
def test_looked_up(text: str) -> None:
    assert "changes with it" in reasons(text)


@pytest.mark.parametrize("text", NOT.values(), ids=NOT)
def test_not_looked_up(text: str) -> None:
    assert "changes with it" not in reasons(text)
