"""What a file gives as a transport that another module of the project has."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.project.given_functions import given_functions
from sentry_migrate.text.source import Source

TRANSPORTS = """\
def send(event): print(event)
lambda_ = lambda event: print(event)
class Sender:
    def __call__(self, event): print(event)
class Own(Sender): ...
sender = Sender()
@decorated
def wrapped(event): ...
async def later(event): ...
class Plain: ...
class Foreign(Base):
    def __call__(self, event): ...
class Made(metaclass=M):
    def __call__(self, event): ...
class Anything(object):
    def __new__(cls): ...
    def __call__(self, event): ...
plain = Plain()
data = []
def twice(event): ...
twice = None
if data:
    def maybe(event): ...
else:
    maybe = None
def changed(event): ...
def f():
    global changed
    changed = None
"""
PASSING = "from .transports import send\nfrom .nothing import gone\nfrom requests import get\n"
FILES = {
    "pyproject.toml": "",
    "app/__init__.py": "from app.transports import send as first\n",
    "app/transports.py": TRANSPORTS,
    "app/passing.py": PASSING,
    "app/sub/__init__.py": "",
    "src/lib.py": "def send(event): ...\n",
}
# what: the file's text after `import sentry_sdk`, and whether the SDK is given a function
GIVEN = {
    "a function": ("from app.transports import send\nsentry_sdk.init(transport=send)\n", True),
    "from beside": ("from .transports import send as s\nsentry_sdk.init(transport=s)\n", True),
    "of the package": ("from . import first\nsentry_sdk.init(transport=first)\n", True),
    "with the module": ("from app import transports\nsentry_sdk.init(transport=transports.send)\n", True),
    "with the package": ("import app.transports\nsentry_sdk.init(transport=app.transports.send)\n", True),
    "passed on": ("from app.passing import send\nsentry_sdk.init(transport=send)\n", True),
    "of a source directory": ("from lib import send\nsentry_sdk.init(transport=send)\n", True),
    "a lambda": ("from .transports import lambda_\nsentry_sdk.init(transport=lambda_)\n", True),
    "an instance": ("from .transports import sender\nsentry_sdk.Client(transport=sender)\n", True),
    "made in place": ("from .transports import Sender\nsentry_sdk.init(transport=Sender())\n", True),
    "of a subclass": ("from .transports import Own\nsentry_sdk.init(transport=Own())\n", True),
    "made before": ("from .transports import Sender\nt = Sender()\nsentry_sdk.init(transport=t)\n", True),
    "in options": ("from .transports import send\nsentry_sdk.init(**{'transport': send})\n", True),
    "imported in a function": (
        "def f():\n    from .transports import send\n    sentry_sdk.init(transport=send)\n",
        True,
    ),
    "decorated": ("from .transports import wrapped\nsentry_sdk.init(transport=wrapped)\n", False),
    "asynchronous": ("from .transports import later\nsentry_sdk.init(transport=later)\n", False),
    "an instance that is not called": ("from .transports import Plain\nsentry_sdk.init(transport=Plain())\n", False),
    "the same in a variable": ("from .transports import plain\nsentry_sdk.init(transport=plain)\n", False),
    "of an unknown base": ("from .transports import Foreign\nsentry_sdk.init(transport=Foreign())\n", False),
    "of a metaclass": ("from .transports import Made\nsentry_sdk.init(transport=Made())\n", False),
    "made anew": ("from .transports import Anything\nsentry_sdk.init(transport=Anything())\n", False),
    "a class": ("from .transports import Sender\nsentry_sdk.init(transport=Sender)\n", False),
    "an instance's result": ("from .transports import send\nsentry_sdk.init(transport=send())\n", False),
    "data": ("from .transports import data\nsentry_sdk.init(transport=data)\n", False),
    "bound twice": ("from .transports import twice\nsentry_sdk.init(transport=twice)\n", False),
    "in a branch": ("from .transports import maybe\nsentry_sdk.init(transport=maybe)\n", False),
    "bound by a function": ("from .transports import changed\nsentry_sdk.init(transport=changed)\n", False),
    "nothing by that name": ("from .transports import other\nsentry_sdk.init(transport=other)\n", False),
    "no such module": ("from .nothing import send\nsentry_sdk.init(transport=send)\n", False),
    "no such module in a package": ("from app.nothing import first\nsentry_sdk.init(transport=first)\n", False),
    "passed on from nowhere": ("from .passing import gone\nsentry_sdk.init(transport=gone)\n", False),
    "another package's": ("from .passing import get\nsentry_sdk.init(transport=get)\n", False),
    "another package": ("from requests import get\nsentry_sdk.init(transport=get)\n", False),
    "a package of a name": ("from app.sub import send\nsentry_sdk.init(transport=send)\n", False),
    "a parameter": (
        "from .transports import send\ndef f(send):\n    sentry_sdk.init(transport=send)\n",
        False,
    ),
    "or another": (
        "from .transports import send\nif x:\n    send = None\nsentry_sdk.init(transport=send)\n",
        False,
    ),
    "another option": ("from .transports import send\nsentry_sdk.init(before_send=send)\n", False),
    "another function's": ("from .transports import send\nconnect(transport=send)\n", False),
}  # fmt: skip


@pytest.mark.parametrize(("code", "given"), GIVEN.values(), ids=GIVEN)
def test_functions_of_other_modules(tmp_path: Path, code: str, given: bool) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    code, path = f"import sentry_sdk\n{code}", tmp_path / "app/main.py"
    names = dict(given_functions(str(path), code.encode()))
    settings = Settings(select=("SEN501",))
    found = analyze(Source(code), settings, PurePath(path), names).findings
    assert bool(found) is given
    fixed = fix(Source(code), settings, PurePath(path), unsafe=True, reexports=names)
    compile(fixed.text, "after", "exec")
    assert all(one.remedy for one in fixed.remaining.findings)
