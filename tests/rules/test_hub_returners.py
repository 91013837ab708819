"""What only returns the active hub goes with its uses; what other code may need stays."""

from __future__ import annotations

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEAD = "import sentry_sdk\nfrom sentry_sdk import Hub\n"
PROPERTY = "    @property\n    def hub(self):\n        return Hub.current\n"
USE = "    def f(self):\n        self.hub.capture_message('x')\n"
USED = "    def f(self):\n        sentry_sdk.capture_message('x')\n"
# what: (before, after)
GOES = {
    "a property": (f"class A:\n{PROPERTY}\n{USE}", f"class A:\n{USED}"),
    "a property with a type": (
        f"class A:\n{PROPERTY}\n{USE}".replace("(self):\n        return", "(self) -> Hub:\n        return"),
        f"class A:\n{USED}",
    ),
    "a property with a docstring": (
        f"class A:\n{PROPERTY}\n{USE}".replace("        return", "        '''It.'''\n        return"),
        f"class A:\n{USED}",
    ),
    "the last of a class": (f"class A:\n{USE}\n{PROPERTY}", f"class A:\n{USED}"),
    "between others": (
        f"class A:\n    x = 1\n\n{PROPERTY}\n{USE}", f"class A:\n    x = 1\n\n{USED}"
    ),
    "a method": (
        "class A:\n    def hub(self):\n        return Hub.current\n"
        "    def f(self):\n        self.hub().capture_message('x')\n",
        f"class A:\n{USED}",
    ),
    "of several uses": (
        f"class A:\n{PROPERTY}{USE}    def g(self):\n        self.hub.flush()\n",
        f"class A:\n{USED}    def g(self):\n        sentry_sdk.flush()\n",
    ),
}  # fmt: skip
STAYS = {
    "a property that nothing uses": f"class A:\n    x = 1\n{PROPERTY}",
    "a use that has no counterpart": f"class A:\n{PROPERTY}{USE}    def g(self):\n        take(self.hub)\n",
    "a use from outside": f"class A:\n{PROPERTY}{USE}\nA().hub.flush()\n",
    "a use of something unknown": f"class A:\n{PROPERTY}{USE}def g(x):\n    x.hub.flush()\n",
    "a name in a text": f"class A:\n{PROPERTY}{USE}    def g(self):\n        getattr(self, 'hub').x\n",
    "a class that is derived": f"class A:\n{PROPERTY}{USE}class B(A):\n    pass\n",
    "a setter": f"class A:\n{PROPERTY}    @hub.setter\n    def hub(self, x):\n        self.x = x\n{USE}",
    "something else that it does": f"class A:\n{PROPERTY.replace('return', 'log(); return')}{USE}",
    "another hub that it returns": f"class A:\n{PROPERTY.replace('return', 'return self.h or')}{USE}",
    "another decorator": f"class A:\n{PROPERTY.replace('@property', '@traced')}{USE}".replace("self.hub.", "self.hub()."),
    "a method that is passed on": (
        "class A:\n    def hub(self):\n        return Hub.current\n"
        "    def f(self):\n        self.hub().flush()\n        take(self.hub)\n"
    ),
}  # fmt: skip

FIELD = "    hub: Hub = field(default_factory=lambda: Hub.current)\n"
CLASS = f"@dataclass\nclass A:\n    x: int\n{FIELD}{USE}"
FIELD_STAYS = {
    "that is given": f"{CLASS}A(1, Hub(Client()))\n",
    "that is given by name": f"{CLASS}A(1, hub=h)\n",
    "that may be given": f"{CLASS}A(*x)\n",
    "of a class that is passed on": f"{CLASS}take(A)\n",
    "of a class that is derived": f"{CLASS}class B(A):\n    pass\n",
    "that is set": f"{CLASS}    def g(self, x):\n        self.hub = x\n",
    "that is read outside": f"{CLASS}A(1).hub.flush()\n",
    "that is read by name": f"{CLASS}    def g(self):\n        getattr(self, 'hub').x\n",
    "that is passed on": f"{CLASS}    def g(self):\n        take(self.hub)\n",
    "that nothing reads": f"@dataclass\nclass A:\n    x: int\n{FIELD}",
}  # fmt: skip


@pytest.mark.parametrize("call", ["A(1)", "A(x=1)", ""], ids=["by place", "by name", "none"])
def test_a_field_goes_that_is_given_nothing(call: str) -> None:
    outcome = fix(Source(f"{HEAD}{CLASS}{call}\n"), Settings(), unsafe=True)
    assert outcome.text == f"import sentry_sdk\n@dataclass\nclass A:\n    x: int\n{USED}{call}\n"


@pytest.mark.parametrize("name", FIELD_STAYS)
def test_a_field_stays(name: str) -> None:
    assert FIELD in fix(Source(HEAD + FIELD_STAYS[name]), Settings(), unsafe=True).text


def test_a_field_stays_of_a_class_that_other_files_take() -> None:
    outcome = fix(Source(HEAD + CLASS), Settings(), unsafe=True, taken=(("A", 1, "a.py"),))
    assert FIELD in outcome.text


@pytest.mark.parametrize("name", GOES)
def test_it_goes_with_its_uses(name: str) -> None:
    before, after = GOES[name]
    outcome = fix(Source(HEAD + before), Settings(), unsafe=True)
    assert outcome.text == f"import sentry_sdk\n{after}"
    findings = analyze(Source(HEAD + before), Settings(select=("SEN227",))).findings
    assert [one.fix and one.fix.applicability for one in findings] == [Applicability.UNSAFE]


@pytest.mark.parametrize("name", STAYS)
def test_it_stays(name: str) -> None:
    text = fix(Source(HEAD + STAYS[name]), Settings(), unsafe=True).text
    assert "def hub(self)" in text


def test_what_nothing_uses_is_to_be_deleted() -> None:
    text = f"{HEAD}class A:\n    x = 1\n{PROPERTY}"
    (found,) = analyze(Source(text), Settings(select=("SEN227",))).findings
    assert found.remedy.startswith("If no code uses `hub`, delete it. Give nothing to code")
