"""Code and the mocks of its names change together, or both stay and the place is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree

VIEWS = """from sentry_sdk import push_scope
def view():
    with push_scope() as scope:
        scope.set_tag("a", "b")
"""
CONFIGURES = VIEWS.replace("push_scope", "configure_scope")
SHOP = VIEWS.replace("view", "buy")
TEST = """from unittest.mock import patch
from app import views
def test_view():
    with patch("app.views.push_scope") as m:
        views.view()
    m.return_value.__enter__.return_value.set_tag.assert_called_once_with("a", "b")
"""
MULTIPLE = """from unittest.mock import DEFAULT, MagicMock, patch
from app import views
def test_view():
    m = MagicMock()
    with patch.multiple("app.views", push_scope=m):
        views.view()
    m.return_value.__enter__.return_value.set_tag.assert_called_once_with("a", "b")
"""
CONFIGURED = TEST.replace("push_scope", "configure_scope")
BASE = {"pyproject.toml": "", "app/__init__.py": "", "app/views.py": VIEWS, "tests/test_a.py": TEST}
CONFIGURE = {**BASE, "app/views.py": CONFIGURES, "tests/test_a.py": CONFIGURED}
OTHER_TEST = TEST.replace("patch(", "patch(f").replace("app.views.", "{views.__name__}.")
TWICE = VIEWS + VIEWS.partition("\n")[2].replace("view", "other")

# what: (the files, whether views.py and its test change)
ROWS: dict[str, tuple[dict[str, str], bool]] = {
    "one test": (BASE, True),
    "two tests": ({**BASE, "tests/test_b.py": TEST}, True),
    "a call that is entered no more": (CONFIGURE, True),
    "two uses": ({**BASE, "app/views.py": TWICE}, True),
    "two names": (
        {
            **BASE,
            "app/views.py": VIEWS + CONFIGURES.replace("view", "other"),
            "tests/test_b.py": CONFIGURED.replace("view()", "other()"),
        },
        True,
    ),
    "two modules": (
        {
            **BASE,
            "app/shop.py": SHOP,
            "tests/test_a.py": TEST + 'def test_buy():\n    patch("app.shop.push_scope")\n',
        },
        True,
    ),
    "another file that copies the name": (
        {
            **BASE,
            "app/z.py": "from app.views import push_scope, view\n"
            + SHOP.partition("\n")[2].replace("buy", "z"),
        },
        True,
    ),
    "a variable of the same name": (
        {
            **BASE,
            "tests/test_a.py": TEST.replace(" m:", " push_scope:").replace(" m.", " push_scope."),
        },
        True,
    ),
    "a test that is not understood beside": ({**BASE, "tests/test_b.py": OTHER_TEST}, False),
    "an object's attribute beside": (
        {
            **BASE,
            "tests/test_b.py": "from app import views\ndef test():\n    views.push_scope = 1\n",
        },
        False,
    ),
    "another file that looks the name up": (
        {**BASE, "app/z.py": "from app import views\ndef z():\n    return views.push_scope\n"},
        False,
    ),
    "another file that imports it when it runs": (
        {**BASE, "app/z.py": "def z():\n    from app.views import push_scope\n    push_scope()\n"},
        False,
    ),
    "the name in a comment": ({**BASE, "tests/test_a.py": TEST + "# push_scope\n"}, False),
    "the name in the test's code": (
        {**BASE, "tests/test_a.py": TEST + "views.push_scope.assert_called()\n"},
        False,
    ),
    "a suppressed mock": (
        {**BASE, "tests/test_a.py": TEST.replace(" as m:", " as m:  # noqa: SEN611")},
        False,
    ),
    "a suppressed use": (
        {**BASE, "app/views.py": VIEWS.replace(" as scope:", " as scope:  # noqa: SEN102")},
        False,
    ),
    "one of two uses suppressed": (
        {**BASE, "app/views.py": TWICE.replace(" as scope:", " as scope:  # noqa: SEN102", 1)},
        False,
    ),
    "a use that is passed on": (
        {**BASE, "app/views.py": VIEWS + "def other():\n    return push_scope\n"},
        False,
    ),
    "a use that is routed": (
        {**CONFIGURE, "app/views.py": CONFIGURES + "        scope.set_transaction_name('n')\n"},
        False,
    ),
    "an attribute of the scope": (
        {**CONFIGURE, "app/views.py": CONFIGURES + "        scope.user = {}\n"},
        False,
    ),
    "a rule that is not chosen": (
        {**BASE, "pyproject.toml": "[tool.sentry-migrate]\nignore = ['SEN611']\n"},
        False,
    ),
    "a test that is excluded": (
        {**BASE, "pyproject.toml": "[tool.sentry-migrate]\nextend-exclude = ['tests/']\n"},
        False,
    ),
    "a module that reaches its own name": (
        {**BASE, "app/views.py": VIEWS + "def own():\n    return globals()['push_scope']\n"},
        False,
    ),
    "a module that has the new name": (
        {**BASE, "app/views.py": VIEWS + "new_scope = 1\n"},
        False,
    ),
    "wraps": (
        {**BASE, "tests/test_a.py": TEST.replace('scope")', 'scope", wraps=print)')},
        False,
    ),
    "a decorated class, entered no more": (
        {
            **CONFIGURE,
            "tests/test_a.py": "from unittest.mock import patch\n"
            '@patch("app.views.configure_scope")\nclass Test:\n    def test(self, m): ...\n',
        },
        False,
    ),
    "a decorator that nobody knows, entered no more": (
        {
            **CONFIGURE,
            "tests/test_a.py": "from unittest.mock import patch\nfrom other import more\n"
            '@more\n@patch("app.views.configure_scope")\ndef test(m): ...\n',
        },
        False,
    ),
}
ROWS |= {
    "several at once, by the module's name": ({**BASE, "tests/test_a.py": MULTIPLE}, True),
    "several at once, by the module": (
        {**BASE, "tests/test_a.py": MULTIPLE.replace('"app.views"', "views")},
        True,
    ),
    "several at once, entered no more": (
        {**CONFIGURE, "tests/test_a.py": MULTIPLE.replace("push_scope", "configure_scope")},
        True,
    ),
    "several at once, with mocks that are passed by name": (
        {**BASE, "tests/test_a.py": MULTIPLE.replace("=m", "=DEFAULT")},
        False,
    ),
    "several at once, with a stand-in that is no mock": (
        {**BASE, "tests/test_a.py": MULTIPLE.replace("MagicMock()", "Fake()")},
        False,
    ),
    "several at once, with a mock of the module": (
        {**BASE, "tests/test_a.py": "M = MagicMock()\n" + MULTIPLE.replace("=m", "=M")},
        False,
    ),
    "several at once, by a dictionary": (
        {**BASE, "tests/test_a.py": MULTIPLE.replace("push_scope=m", '**{"push_scope": m}')},
        False,
    ),
}
CHANGED = ("app/views.py", "tests/test_a.py")


@pytest.mark.parametrize(("files", "moves"), ROWS.values(), ids=ROWS)
def test_both_or_none(run: Run, here: Path, files: dict[str, str], moves: bool) -> None:
    write_tree(here, files)
    before = read_tree(here)
    shown = run("check", "--no-cache", "--diff", ".").text
    said = run("check", "--no-cache", "--output-format", "json", ".").text
    run("check", "--no-cache", "--fix", ".")
    after = read_tree(here)
    for path in CHANGED:
        assert (before[path] != after[path]) is moves, path
        assert (f"+++ {path}" in shown) is moves
    assert ("puts something in place" in said) is not moves or b"noqa: SEN102" in before[CHANGED[0]]
    run("check", "--no-cache", "--fix", ".")
    assert read_tree(here) == after


@pytest.mark.parametrize("path", CHANGED)
def test_one_of_the_files_alone_stays(run: Run, here: Path, path: str) -> None:
    write_tree(here, BASE)
    before = read_tree(here)
    run("check", "--no-cache", "--fix", path)
    assert read_tree(here) == before


@pytest.mark.parametrize("failing", CHANGED)
def test_a_file_that_cannot_be_written(
    run: Run, here: Path, unwritable: Callable[[str], None], failing: str
) -> None:
    write_tree(here, BASE)
    before = read_tree(here)
    unwritable(failing)
    ran = run("check", "--no-cache", "--fix", ".")
    assert read_tree(here) == before
    assert ran.code == 2
    assert "Permission denied" in ran.err
    assert "its fixes need those of" in ran.err


def test_the_place_that_prevents_it_is_named(run: Run, here: Path) -> None:
    write_tree(here, {**BASE, "tests/test_b.py": OTHER_TEST})
    said = run("check", "--no-cache", "--output-format", "json", ".").text
    assert "tests/test_b.py:4 puts something in place of `push_scope`" in said


PUSHES = "import sentry_sdk\ndef f(user):\n    with sentry_sdk.push_scope() as scope:\n        "
ISOLATES = PUSHES + "scope.set_user(user)\n        sentry_sdk.set_tag('a', 'b')\n"
FORKS = PUSHES + "scope.set_tag('a', 'b')\n        sentry_sdk.capture_message('x')\n"
CONFIGURES_SDK = FORKS.replace("push_scope", "configure_scope")
DIRECT = """from unittest.mock import Mock, patch
def test_view():
    with patch("sentry_sdk.{}") as m:
        app.f(1)
    m.return_value.__enter__.return_value.{}
"""
PUSH = DIRECT.format("push_scope", "set_user.assert_called_once_with(1)")
CONFIGURED_SDK = DIRECT.format("configure_scope", "set_tag.assert_called_once_with('a', 'b')")
MODULE = """from unittest.mock import patch
import app
def test_view():
    with patch.object(app, "sentry_sdk") as m:
        app.f(1)
    m.{}.assert_called_once_with()
"""
# what: (the files of code, the test, what the test has then: nothing where it stays)
UNSAFE: dict[str, tuple[tuple[str, ...], str, str]] = {
    "code that isolates": ((ISOLATES,), PUSH, '"sentry_sdk.isolation_scope"'),
    "code that isolates already": (
        (ISOLATES.replace("push_scope", "isolation_scope"),),
        PUSH,
        '"sentry_sdk.isolation_scope"',
    ),
    "code that forks": ((FORKS,), PUSH, '"sentry_sdk.new_scope"'),
    "code of both kinds": ((FORKS, ISOLATES), PUSH, ""),
    "no code in view": ((), PUSH, '"sentry_sdk.new_scope"'),
    "code that enters no more": ((CONFIGURES_SDK,), CONFIGURED_SDK, " m.return_value.set_tag."),
    "a mock that is given": (
        (CONFIGURES_SDK,),
        CONFIGURED_SDK.replace(' as m:', ', Mock()) as m:').replace('"), M', '", M'),
        "",
    ),
    "a user that is set": (
        (CONFIGURES_SDK,),
        DIRECT.format("configure_scope", "user.x()"),
        "",
    ),
    "a mock that goes elsewhere": ((CONFIGURES_SDK,), CONFIGURED_SDK + "    check(m)\n", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSAFE)
def test_a_mock_of_the_sdk(run: Run, here: Path, name: str) -> None:
    codes, test, new = UNSAFE[name]
    write_tree(here, {f"app{at}.py": code for at, code in enumerate(codes)})
    write_tree(here, {"pyproject.toml": "", "tests/test_a.py": test})
    ran = run("check", "--fix", "--unsafe-fixes")
    after = (here / "tests/test_a.py").read_text()
    assert new in after
    assert (after == test) is not bool(new)
    assert ("SEN611" in ran.text) is not bool(new)


# what a test says of a mock of the whole SDK: whether that is found
SAID = {
    "push_scope": True,
    "configure_scope.return_value.__enter__": True,
    "Hub.current.capture_message": True,
    "capture_message": False,
    "new_scope": False,
}


@pytest.mark.parametrize("said", SAID)
def test_a_mock_of_the_whole_sdk(run: Run, here: Path, said: str) -> None:
    tests = {"tests/test_a.py": MODULE.format(said), "tests/test_b.py": MODULE.format("init")}
    tests["tests/test_c.py"] = MODULE.format(said).replace("sentry_sdk", "requests")
    write_tree(here, {"pyproject.toml": "", "app.py": FORKS, **tests})
    ran = run("check", "--select", "SEN611", "--output-format", "concise")
    assert ("tests/test_a.py:4" in ran.text) is SAID[said]
    assert "test_b.py" not in ran.text
    assert "test_c.py" not in ran.text
