"""Options of `init()`: every shape they are written in, what becomes of it, how sure that is."""

from __future__ import annotations

import textwrap

import pytest
from _pytest.mark.structures import ParameterSet

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE


def run(rules: str, before: str) -> tuple[str, Applicability | None]:
    """The text with every fix of some rules applied, and how sure the first one is."""
    settings = Settings(select=tuple(rules.split()))
    findings = analyze(Source(before), settings).findings
    assert findings, "no finding"
    first = findings[0].fix
    after = fix(Source(before), settings, unsafe=True)
    assert after.remaining.failure is None
    compile(after.text, "after", "exec")
    return after.text, first.applicability if first else None


def silent(rules: str, text: str) -> bool:
    """Whether some rules find nothing in a text."""
    return not analyze(Source(text), Settings(select=tuple(rules.split()))).findings


GUIDE_BEFORE = """\
import sentry_sdk

sentry_sdk.init(
    dsn="___PUBLIC_DSN___",

    # Replace with_locals
    with_locals=False,

    # Replace request_bodies
    request_bodies="always",

    # Replace _experiments["profiles_sample_rate"]
    # Replace _experiments["profiler_mode"]
    _experiments={
        "profiles_sample_rate": 1.0,
        "profiler_mode": "thread",
    },
)
"""

GUIDE_AFTER = """\
import sentry_sdk

sentry_sdk.init(
    dsn="___PUBLIC_DSN___",

    # Replace with_locals
    include_local_variables=False,

    # Replace request_bodies
    max_request_body_size="always",

    # Replace _experiments["profiles_sample_rate"]
    # Replace _experiments["profiler_mode"]
    profiles_sample_rate=1.0,
    profiler_mode="thread",
)
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_guide(newline: str) -> None:
    settings = Settings(
        select=("init-with-locals", "init-request-bodies", "init-experiments-profiling")
    )
    after = fix(Source(GUIDE_BEFORE.replace("\n", newline)), settings)
    assert after.text == GUIDE_AFTER.replace("\n", newline)
    assert after.remaining.findings == ()


NAMES = (
    ("init-with-locals", "with_locals", "include_local_variables", "False"),
    ("init-request-bodies", "request_bodies", "max_request_body_size", "'never'"),
)

RENAMES = {
    "one keyword": ("sentry_sdk.init(OLD=VALUE)", SAFE),
    "among keywords": ("sentry_sdk.init(DSN, OLD = VALUE , debug=True)", SAFE),
    "lines": ("sentry_sdk.init(\n    DSN,\n    OLD=VALUE,  # why\n)", SAFE),
    "no trailing comma": ("sentry_sdk.init(\n    DSN,\n    OLD=VALUE\n)", SAFE),
    "dictionary unpacked": ('sentry_sdk.init(**{"OLD": VALUE, "debug": True})', SAFE),
    "triple quotes": ('sentry_sdk.init(**{"""OLD""": VALUE})', SAFE),
    "raw quotes": ("sentry_sdk.init(**{r'OLD': VALUE})", SAFE),
    "dict() unpacked": ("sentry_sdk.init(**dict(OLD=VALUE, debug=True))", SAFE),
    "dictionary in place of the dsn": ('sentry_sdk.init({"OLD": VALUE})', SAFE),
    "variable": ("OPTIONS = {'OLD': VALUE}\nsentry_sdk.init(**OPTIONS)", SAFE),
    "variable in place of the dsn": ("OPTIONS = {'OLD': VALUE}\nsentry_sdk.init(OPTIONS)", SAFE),
    "annotated variable": ("OPTIONS: dict = {'OLD': VALUE}\nsentry_sdk.init(**OPTIONS)", SAFE),
    "variable read for another key": (
        "OPTIONS = {'dsn': '', 'OLD': VALUE}\nif OPTIONS['dsn']:\n    sentry_sdk.init(**OPTIONS)",
        SAFE,
    ),
    "store": ("OPTIONS = {}\nOPTIONS['OLD'] = VALUE\nsentry_sdk.init(**OPTIONS)", SAFE),
    "setdefault": ("o = {}\no.setdefault('OLD', VALUE)\nsentry_sdk.init(**o)", SAFE),
    "update with a dictionary": ("o = {}\no.update({'OLD': VALUE})\nsentry_sdk.init(**o)", SAFE),
    "update with keywords": ("o = {}\no.update(OLD=VALUE)\nsentry_sdk.init(**o)", SAFE),
    "merged with |=": ("o = {}\no |= {'OLD': VALUE}\nsentry_sdk.init(**o)", SAFE),
    "merged with |= dict()": ("o = {}\no |= dict(OLD=VALUE)\nsentry_sdk.init(**o)", SAFE),
    "two dictionaries": (
        "BASE = {'OLD': VALUE}\nsentry_sdk.init(**{**BASE, 'debug': True})",
        SAFE,
    ),
    "choice": ("sentry_sdk.init(**({'OLD': VALUE} if DEBUG else {}))", SAFE),
    "twice": (
        "o = {'OLD': VALUE}\nif DEBUG:\n    o['OLD'] = VALUE\nsentry_sdk.init(**o)",
        SAFE,
    ),
    "in a function": ("def f():\n    sentry_sdk.init(OLD=VALUE)", SAFE),
    "in a method": ("class A:\n    def f(self):\n        sentry_sdk.init(OLD=VALUE)", SAFE),
    "in a coroutine": ("async def f():\n    o = dict(OLD=VALUE)\n    sentry_sdk.init(**o)", SAFE),
    "from import": ("from sentry_sdk import init\ninit(OLD=VALUE)", SAFE),
    "alias": ("from sentry_sdk import init as start\nstart(OLD=VALUE)", SAFE),
    "module alias": ("import sentry_sdk as s\ns.init(OLD=VALUE)", SAFE),
    "client": ("from sentry_sdk.client import Client\nClient(OLD=VALUE)", SAFE),
    "unknown mapping beside": ("def f(**o):\n    sentry_sdk.init(OLD=VALUE, **o)", UNSAFE),
    "attribute beside": ("sentry_sdk.init(OLD=VALUE, **settings.OPTIONS)", UNSAFE),
    "unknown mapping inside": ("sentry_sdk.init(**{'OLD': VALUE, **load()})", UNSAFE),
    "merged with |= beside a call": (
        "o = {}\no |= {'OLD': VALUE}\no |= load()\nsentry_sdk.init(**o)",
        UNSAFE,
    ),
    "merged with |= from a variable": (
        "more = {'OLD': VALUE}\no = {}\no |= more\nsentry_sdk.init(**o)",
        UNSAFE,
    ),
    "merged with |= and handed on": (
        "o = {}\no |= {'OLD': VALUE}\nlog(o)\nsentry_sdk.init(**o)",
        UNSAFE,
    ),
    "keyword of a function's caller": (
        "def start(dsn, **rest):\n    sentry_sdk.init(dsn, **rest)\nstart(DSN, OLD=VALUE)",
        UNSAFE,
    ),
    "keyword of a caller's caller": (
        "def run(**rest):\n    start(**rest)\n"
        "def start(**rest):\n    sentry_sdk.init(**rest)\nrun(OLD=VALUE)",
        UNSAFE,
    ),
    "keyword of a class": (
        "class A:\n    def __init__(self, **rest):\n        sentry_sdk.init(**rest)\nA(OLD=VALUE)",
        UNSAFE,
    ),
    "passed on with others": (
        "def start(**rest):\n    sentry_sdk.init(debug=True, **{'a': 1, **rest})\nstart(OLD=VALUE)",
        UNSAFE,
    ),
    "what a function returns": (
        "def options():\n    base = {'OLD': VALUE}\n    return base\nsentry_sdk.init(**options())",
        UNSAFE,
    ),
    "of a class": ("class C:\n    O = {'OLD': VALUE}\nsentry_sdk.init(**C.O)", UNSAFE),
    "of the method's class": (
        "class C:\n    O = {'OLD': VALUE}\n    def f(self):\n        sentry_sdk.init(**self.O)",
        UNSAFE,
    ),
    "of an instance": (
        "class C:\n    def f(self):\n        self.o = {'OLD': VALUE}\n"
        "    def g(self):\n        sentry_sdk.init(**self.o)",
        UNSAFE,
    ),
    "added to an instance's": (
        "class C:\n    def __init__(self):\n        self.o = {}\n"
        "        self.o.update({'OLD': VALUE})\n        self.o['OLD'] = VALUE\n"
        "        self.o |= {'OLD': VALUE}\n"
        "    def g(self):\n        self.o.setdefault('OLD', VALUE)\n"
        "        sentry_sdk.init(**self.o)",
        UNSAFE,
    ),
    "of an instance in place of the dsn": (
        "class C:\n    def f(self):\n        self.o = {'OLD': VALUE}\n"
        "    def g(self):\n        sentry_sdk.init(self.o)",
        UNSAFE,
    ),
    "of a base": (
        "class B:\n    O = {'OLD': VALUE}\n    def o(self):\n        return {'OLD': VALUE}\n"
        "class C(B):\n    def f(self):\n        sentry_sdk.init(**self.O, **self.o())",
        UNSAFE,
    ),
    "of `super()`": (
        "class B:\n    def o(self):\n        return {'OLD': VALUE}\n"
        "class C(B):\n    def o(self):\n        o = super().o()\n        return o\n"
        "    def f(self):\n        sentry_sdk.init(**self.o())",
        UNSAFE,
    ),
    "of a subclass": (
        "class B:\n    O = {}\n    def f(self):\n        sentry_sdk.init(**self.O)\n"
        "class C(B):\n    O = {'OLD': VALUE}",
        UNSAFE,
    ),
    "an item": ("C = {'s': {'OLD': VALUE}, 'd': {}}\nsentry_sdk.init(**C['s'])", UNSAFE),
    "a copy": ("o = {'OLD': VALUE}\nc = o.copy()\nsentry_sdk.init(**c)", UNSAFE),
    "a comprehension": (
        "o = {'OLD': VALUE}\nsentry_sdk.init(**{k: v for k, v in o.items() if v})",
        UNSAFE,
    ),
    "several in one": (
        "from collections import ChainMap\no = {'OLD': VALUE}\nsentry_sdk.init(**ChainMap(x, o))",
        UNSAFE,
    ),
    "given by position": (
        "def start(dsn, o):\n    sentry_sdk.init(dsn, **o)\nstart('', {'OLD': VALUE})",
        UNSAFE,
    ),
    "given by name": (
        "def start(o=None):\n    p = {}\n    p.update(o or {})\n    sentry_sdk.init(**p)\n"
        "start(o=dict(OLD=VALUE))",
        UNSAFE,
    ),
    "given to a method": (
        "class C:\n    def start(self, o):\n        sentry_sdk.init(**o)\n"
        "C().start({'OLD': VALUE})",
        UNSAFE,
    ),
    "given to a class that keeps it": (
        "class C:\n    def __init__(self, o, **k):\n        self.o, self.k = o, k\n"
        "        self.k = k\n        self.o = o\n"
        "    def f(self):\n        sentry_sdk.init(**self.o, **self.k)\n"
        "class D(C): ...\nD({'OLD': VALUE}, OLD=VALUE)",
        UNSAFE,
    ),
    "what is called in part": (
        "from functools import partial\nstart = partial(sentry_sdk.init)\nstart(OLD=VALUE)",
        UNSAFE,
    ),
    "read as an item": ("o = {'OLD': VALUE}\nsentry_sdk.init(**o)\nprint(o['OLD'])", SAFE),
    "read with `get`": ("o = {'OLD': VALUE}\nif o.get('OLD', 1): pass\nsentry_sdk.init(**o)", SAFE),
    "taken": ("o = {'OLD': VALUE}\nsentry_sdk.init(**o)\no.pop('OLD')\ndel o['OLD']", SAFE),
    "looked for": ("o = dict(OLD=VALUE)\nsentry_sdk.init(**o)\nprint('OLD' not in o)", SAFE),
    "read and handed on": (
        "o = {'OLD': VALUE}\nsentry_sdk.init(**o)\nprint(o['OLD'], o)",
        UNSAFE,
    ),
    "or nothing": ("o = {'OLD': VALUE}\nsentry_sdk.init(**(o or {}))", UNSAFE),
    "partial": (
        "from functools import partial\nstart = partial(sentry_sdk.init, OLD=VALUE)\nstart()",
        UNSAFE,
    ),
    "variable handed on": (
        "OPTIONS = {'OLD': VALUE}\nsentry_sdk.init(**OPTIONS)\nlog(OPTIONS)",
        UNSAFE,
    ),
    "variable for other modules": (
        "__all__ = ['OPTIONS']\nOPTIONS = {'OLD': VALUE}\nsentry_sdk.init(**OPTIONS)",
        UNSAFE,
    ),
    "variable read for this key": (
        "OPTIONS = {'OLD': VALUE}\nsentry_sdk.init(**OPTIONS)\nprint(OPTIONS['debug'], OPTIONS)",
        UNSAFE,
    ),
}


@pytest.mark.parametrize("shape", RENAMES)
@pytest.mark.parametrize(("rule", "old", "new", "value"), NAMES)
def test_renames(shape: str, rule: str, old: str, new: str, value: str) -> None:
    pattern, applicability = RENAMES[shape]
    pattern = "import sentry_sdk\n" + pattern.replace("VALUE", value) + "\n"
    expected = pattern.replace("OLD", new)
    assert run(rule, pattern.replace("OLD", old)) == (expected, applicability)
    assert silent(rule, expected)


BOTH = (
    "sentry_sdk.init(OLD=1, NEW=2)",
    "sentry_sdk.init(**{'NEW': 2, 'OLD': 1})",
    "o = {'NEW': 2}\nsentry_sdk.init(OLD=1, **o)",
    "o = dict(OLD=1)\no['NEW'] = 2\nsentry_sdk.init(**o)",
)


@pytest.mark.parametrize("text", BOTH)
@pytest.mark.parametrize(("rule", "old", "new", "value"), NAMES)
def test_both_names_are_for_a_person(text: str, rule: str, old: str, new: str, value: str) -> None:
    before = "import sentry_sdk\n" + text.replace("OLD", old).replace("NEW", new) + "\n"
    assert run(rule, before) == (before, Applicability.DISPLAY)


LOOK_ALIKES = (
    "import sentry_sdk\nrender(OLD=1)",
    "import sentry_sdk\ndef f(OLD=1): pass\nf(OLD=1)\nsentry_sdk.init()",
    "import sentry_sdk\no = {'OLD': 1}\nsentry_sdk.init()",
    "import sentry_sdk\no = {}\no |= {'OLD': 1}\nsentry_sdk.init()",
    "import sentry_sdk\nsentry_sdk.set_context('c', {'OLD': 1})",
    "import sentry_sdk\ndef f(OLD=0, **r):\n    sentry_sdk.init(**r)\nf(OLD=1)",
    "import sentry_sdk\ndef f(*, OLD=0, **r):\n    sentry_sdk.init(**r)\nf(OLD=1)",
    "import sentry_sdk\ndef f(**r):\n    sentry_sdk.init()\nf(OLD=1)",
    "import sentry_sdk\ndef f(**r):\n    r = {}\n    sentry_sdk.init(**r)\ndef g(**r): pass\ng(OLD=1)",
    "import sentry_sdk\nclass A:\n    def f(self, **r):\n        sentry_sdk.init(**r)\nA(OLD=1)",
    "import sentry_sdk\ndef f():\n    def g():\n        return {'OLD': 1}\n    return {}\nsentry_sdk.init(**f())",
    "import sentry_sdk\nclass C:\n    O = {'OLD': 1}\nclass D:\n    O = {}\nsentry_sdk.init(**D.O)",
    "import sentry_sdk\nclass C:\n    O = {'OLD': 1}\ndef f(self):\n    sentry_sdk.init(**self.O)",
    "import sentry_sdk\ndef f(**r):\n    f(**r)\nf(OLD=1)\nsentry_sdk.init(**{})",
    "import sentry_sdk\nsentry_sdk.init(before_send=lambda e, h: render(OLD=1))",
    "import sentry_sdk\nclass A:\n    def init(self): self.go(OLD=1)\n    sentry_sdk = None",
    "from .other import init\nimport sentry_sdk\ninit(OLD=1)",
    "def f(sentry_sdk):\n    sentry_sdk.init(OLD=1)",
    "import sentry_sdk\ndef f(o):\n    sentry_sdk.init()\nf({'OLD': 1})",
    "import sentry_sdk\nclass B:\n    O = {'OLD': 1}\nclass C(B):\n    O = {}\n"
    "sentry_sdk.init(**C.O)",
    "import sentry_sdk\nC = {'s': {}, 'd': {'OLD': 1}}\nsentry_sdk.init(**{**C['s']})",
    "import sentry_sdk\ndef f(view):\n    print(view['OLD'], view.get('OLD'))\nsentry_sdk.init()",
    "import sentry_sdk\nclass View:\n    OLD: bool = True\nsentry_sdk.init()",
    "import sentry_sdk\ntry:\n    sentry_sdk.init(NEW=1)\nexcept TypeError:\n"
    "    sentry_sdk.init(OLD=1)",
    "import sentry_sdk\nif hasattr(sentry_sdk, 'new_scope'):\n    o = {}\nelse:\n"
    "    sentry_sdk.init(OLD=1)",
)


@pytest.mark.parametrize("text", LOOK_ALIKES)
@pytest.mark.parametrize(("rule", "old", "new", "value"), NAMES)
def test_look_alikes(text: str, rule: str, old: str, new: str, value: str) -> None:
    assert silent(rule, text.replace("OLD", old).replace("NEW", new) + "\n")


BY_HAND = (
    # words that may be options, where `init()` gets what nobody sees, or is somewhere else
    "def f(app):\n    app.config['S'] = {'OLD': 1}\n    sentry_sdk.init(**app.config['S'])",
    "def f(o):\n    o.pop('OLD', None)\n    sentry_sdk.init(**o)",
    "from . import conf\nconf.O['OLD'] = 1\nsentry_sdk.init(**load())",
    "O = {'OLD': 1}\ndef report():\n    sentry_sdk.capture_message('')",
    "from .a import start\nstart(OLD=1)\nsentry_sdk.set_tag('', '')",
    "def f(*many):\n    o = {}\n    for one in many: o.update(one)\n    return o\n"
    "D = {'OLD': 1}\nsentry_sdk.init(**f(D))",
    "sentry_sdk.init(**{v: k for k, v in O.items()})\nO = {'OLD': 1}",
    # fields of a class, all of which are given, and a word besides
    "@dataclass\nclass C:\n    OLD: bool = 1  # OLD is an option\nsentry_sdk.init(**asdict(C()))",
    "@define\nclass C:\n    OLD: bool = 1\nsentry_sdk.init(**asdict(C()))",
    "class C(BaseSettings):\n    OLD: bool = 1\nsentry_sdk.init(**vars(C()))",
)


@pytest.mark.parametrize("text", BY_HAND)
@pytest.mark.parametrize(("rule", "old", "new", "value"), NAMES)
def test_by_hand(text: str, rule: str, old: str, new: str, value: str) -> None:
    text = "import sentry_sdk\n" + text.replace("OLD", old) + "\n"
    (finding,) = analyze(Source(text), Settings(select=(rule,))).findings
    assert finding.fix is None
    assert new in finding.remedy
    assert text[finding.start : finding.end].strip("'") == old


ITEMS = {
    "an item by a name that is not known": (
        "O = {'a': {'OLD': 1}, 'b': {'OLD': 2}}\nsentry_sdk.init(**O[x])",
        2,
    ),
    "beside others": (
        "O = {'a': {'OLD': 1}}\nD = {'OLD': 2}\nsentry_sdk.init(**ChainMap(O[x], D))",
        2,
    ),
    "a known item": ("O = {'a': {'OLD': 1}, 'b': {'OLD': 2}}\nsentry_sdk.init(**O['a'])", 1),
    "an item of another": ("O = {'a': {}}\nP = {'a': {'OLD': 1}}\nsentry_sdk.init(**O[x])", 0),
    "no dictionary": ("O = {'a': 'OLD'}\nsentry_sdk.init(**O[x])", 0),
    "an item as a value": ("O = {'a': {'OLD': 1}}\nsentry_sdk.init(debug=O[x])", 0),
}


@pytest.mark.parametrize(("text", "number"), ITEMS.values(), ids=ITEMS)
def test_items(text: str, number: int) -> None:
    text = "import sentry_sdk\n" + text.replace("OLD", "with_locals") + "\n"
    after = fix(Source(text), Settings(select=("init-with-locals",)), unsafe=True).text
    assert after.count("include_local_variables") == number


FIELDS = (
    "@dataclass\nclass C:\n    OLD: bool = 1\nsentry_sdk.init(**asdict(C()))",
    "class C:\n    OLD: bool = 1\ndef f(o: C):\n    sentry_sdk.init(**dataclasses.asdict(o))",
    "class C(NamedTuple):\n    OLD: bool = 1\nc = C()\nsentry_sdk.init(**c._asdict())",
    "class C:\n    def __init__(self):\n        self.OLD = 1\nsentry_sdk.init(**vars(C()))",
    "class C:\n    OLD = 1\nsentry_sdk.init(**C.__dict__)",
    "class B:\n    OLD: int = 1\nclass C(B): pass\nsentry_sdk.init(**asdict(C()))",
)


@pytest.mark.parametrize("text", FIELDS)
@pytest.mark.parametrize(("rule", "old", "new", "value"), NAMES)
def test_fields(text: str, rule: str, old: str, new: str, value: str) -> None:
    text = "import sentry_sdk\n" + text.replace("OLD", old) + "\n"
    assert run(rule, text) == (text.replace(old, new), UNSAFE)


CLIENT_READS = (
    "client = sentry_sdk.Hub.current.client\nprint(client.options['OLD'])",
    "def f(c: sentry_sdk.Client):\n    return c.options['OLD']",
)
# what does not fail on late releases of 1.x, and goes another way there than with the new name
CLIENT_TESTS = (
    "client = sentry_sdk.Hub.current.client\nprint('OLD' in client.options)",
    "o = sentry_sdk.get_client().options\nprint(o.get('OLD'))",
    "if not sentry_sdk.get_client().options.get('OLD', True): f()",
)


@pytest.mark.parametrize("text", CLIENT_READS)
@pytest.mark.parametrize(("rule", "old", "new", "value"), NAMES)
def test_what_a_client_has(text: str, rule: str, old: str, new: str, value: str) -> None:
    text = "import sentry_sdk\n" + text + "\n"
    expected = text.replace("OLD", new)
    assert run(rule, text.replace("OLD", old)) == (expected, UNSAFE)
    assert silent(rule, expected)


@pytest.mark.parametrize("text", CLIENT_TESTS)
@pytest.mark.parametrize(("rule", "old", "new", "value"), NAMES)
def test_what_code_does_without_an_option_stays(
    text: str, rule: str, old: str, new: str, value: str
) -> None:
    code = f"import sentry_sdk\n{text}\n".replace("OLD", old)
    (finding,) = analyze(Source(code), Settings(select=(rule,))).findings
    assert finding.fix is None
    assert new in finding.remedy


def cases(text: str) -> list[ParameterSet]:
    """Rows of `name | applicability`, then before and after around a line of `->`."""
    rows = []
    for part in textwrap.dedent(text).split("\n=== ")[1:]:
        head, _, body = part.partition("\n")
        name, _, applicability = head.partition(" | ")
        before, _, after = body.partition("\n->\n")
        sure = {"safe": SAFE, "unsafe": UNSAFE, "manual": None}[applicability]
        after = (after or before).rstrip("\n") + "\n"
        rows.append(pytest.param(before.rstrip("\n") + "\n", after, sure, id=name))
    return rows


PROFILING = """
=== one line | safe
init(_experiments={"profiles_sample_rate": 1.0, "profiler_mode": "thread"})
->
init(profiles_sample_rate=1.0, profiler_mode="thread")

=== others beside it | safe
init(DSN, _experiments={"profiles_sample_rate": 1.0}, debug=True)
->
init(DSN, profiles_sample_rate=1.0, debug=True)

=== one line of several | safe
init(
    DSN,
    _experiments={"profiles_sample_rate": 1.0, "profiler_mode": "thread"},
    debug=True,
)
->
init(
    DSN,
    profiles_sample_rate=1.0,
    profiler_mode="thread",
    debug=True,
)

=== last without a comma | safe
init(
    DSN,
    _experiments={
        "profiles_sample_rate": 1.0,
    }
)
->
init(
    DSN,
    profiles_sample_rate=1.0
)

=== lines inside one line | safe
init(DSN, _experiments={
    "profiles_sample_rate": 1.0,
})
->
init(DSN, profiles_sample_rate=1.0)

=== comments | safe
init(
    DSN,
    # profile
    _experiments={
        # every
        "profiles_sample_rate": 1.0,  # one
        # how
        "profiler_mode": "thread",  # by thread
        # end
    },  # done
    debug=True,
)
->
init(
    DSN,
    # profile
    # every
    profiles_sample_rate=1.0,  # one
    # how
    profiler_mode="thread",  # by thread
    # end  # done
    debug=True,
)

=== a comment on the last line of all | safe
init(
    _experiments={
        "profiler_mode": "thread"  # by thread
    }
)
->
init(
    profiler_mode="thread"  # by thread
)

=== other keys stay | safe
init(
    _experiments={
        "max_spans": 500,
        "profiles_sample_rate": 1.0,  # all
        "record_sql_params": True,
    },
)
->
init(
    profiles_sample_rate=1.0,  # all
    _experiments={
        "max_spans": 500,
        "record_sql_params": True,
    },
)

=== other keys stay on one line | safe
init(_experiments={"profiler_mode": "thread", "max_spans": 5, "profiles_sample_rate": 1.0})
->
init(profiler_mode="thread", profiles_sample_rate=1.0, _experiments={"max_spans": 5})

=== dict() inside | safe
init(_experiments=dict(profiles_sample_rate=1.0, max_spans=5))
->
init(profiles_sample_rate=1.0, _experiments=dict(max_spans=5))

=== a value of several lines | safe
init(
    _experiments={
        "profiles_sample_rate": float(
            os.environ.get("RATE", "1")
        ),
    },
)
->
init(
    profiles_sample_rate=float(
        os.environ.get("RATE", "1")
    ),
)

=== a value in parentheses | safe
init(_experiments={"profiles_sample_rate": (1.0 if PROD else 0.0)})
->
init(profiles_sample_rate=(1.0 if PROD else 0.0))

=== entries | safe
init(**{"dsn": DSN, "_experiments": {'profiles_sample_rate': 1.0}})
->
init(**{"dsn": DSN, 'profiles_sample_rate': 1.0})

=== dict() with a dictionary | safe
OPTIONS = dict(
    dsn=DSN,
    _experiments={"profiles_sample_rate": 1.0},
)
init(**OPTIONS)
->
OPTIONS = dict(
    dsn=DSN,
    profiles_sample_rate=1.0,
)
init(**OPTIONS)

=== entries with dict() inside | safe
OPTIONS = {'_experiments': dict(profiler_mode='thread')}
init(**OPTIONS)
->
OPTIONS = {'profiler_mode': 'thread'}
init(**OPTIONS)

=== store | safe
def f():
    options = {}
    options["_experiments"] = {"profiles_sample_rate": 1.0, "profiler_mode": "thread"}
    init(**options)
->
def f():
    options = {}
    options["profiles_sample_rate"] = 1.0
    options["profiler_mode"] = "thread"
    init(**options)

=== store with other keys | safe
options = {}
options["_experiments"] = {"profiles_sample_rate": 1.0, "max_spans": 5}
init(**options)
->
options = {}
options["profiles_sample_rate"] = 1.0
options["_experiments"] = {"max_spans": 5}
init(**options)

=== store with comments | safe
def f():
    options = {}
    options["_experiments"] = {
        # every
        "profiles_sample_rate": float(
            RATE
        ),  # one
        "profiler_mode": "thread"
    }  # done
    init(**options)
->
def f():
    options = {}
    # every
    options["profiles_sample_rate"] = float(
        RATE
    )  # one
    options["profiler_mode"] = "thread"  # done
    init(**options)

=== comments among others | safe
init(DSN, _experiments={"profiles_sample_rate": 1.0,  # one
    # how
    "profiler_mode": "thread"}, debug=True)
->
init(DSN, profiles_sample_rate=1.0,  # one
    # how
    profiler_mode="thread", debug=True)

=== the option wins | safe
init(profiles_sample_rate=0.5, _experiments={"profiles_sample_rate": 1.0})
->
init(profiles_sample_rate=0.5)

=== the option wins for one key | unsafe
init(
    profiles_sample_rate=0.5,
    _experiments={
        "profiles_sample_rate": 1.0,  # ignored
        "profiler_mode": "thread",
    },
)
->
init(
    profiles_sample_rate=0.5,
    profiler_mode="thread",
)

=== an option that may be None | manual
init(profiles_sample_rate=RATE, _experiments={"profiles_sample_rate": 1.0})

=== an option on one path | manual
o = {"_experiments": {"profiles_sample_rate": 1.0}}
if PROD:
    o["profiles_sample_rate"] = 0.5
init(**o)

=== None gives way | manual
init(profiles_sample_rate=None, _experiments={"profiles_sample_rate": 1.0})

=== built elsewhere | manual
EXPERIMENTS = {"profiles_sample_rate": 1.0}
init(_experiments=EXPERIMENTS)

=== twice the same key | manual
init(_experiments={"profiler_mode": "a", "profiler_mode": "b"})

=== unknown mapping inside stays | unsafe
init(_experiments={"profiler_mode": "thread", **MORE})
->
init(profiler_mode="thread", _experiments={**MORE})

=== unknown options beside | unsafe
def f(**more):
    init(_experiments={"profiler_mode": "thread"}, **more)
->
def f(**more):
    init(profiler_mode="thread", **more)
"""


@pytest.mark.parametrize(("before", "after", "applicability"), cases(PROFILING))
def test_profiling(before: str, after: str, applicability: Applicability | None) -> None:
    head = "import os\nfrom sentry_sdk import init\n"
    result = run("init-experiments-profiling", head + before)
    assert result == (head + after, applicability)


METRICS = """
=== callback | safe
def keep(key, tags):
    return True
init(_experiments={"enable_metrics": False, "before_emit_metric": keep})
->
def keep(key, value, unit, tags):
    return True
init(_experiments={"before_emit_metric": keep})

=== lambda | safe
init(_experiments={"before_emit_metric": lambda key, tags: tags["a"] == value})
->
init(
    _experiments={
        "before_emit_metric": lambda key, _value, unit, tags: tags["a"] == value
    }
)

=== lambda in a variable | safe
keep = lambda key, tags: True
init(_experiments=dict(before_emit_metric=keep))
->
keep = lambda key, value, unit, tags: True
init(_experiments=dict(before_emit_metric=keep))

=== annotated | safe
def keep(
    key: str,
    tags: dict[str, str],
) -> bool:
    return True
init(**{"_experiments": {"before_emit_metric": keep}})
->
def keep(
    key: str,
    value: object, unit: object, tags: dict[str, str],
) -> bool:
    return True
init(**{"_experiments": {"before_emit_metric": keep}})

=== used elsewhere | unsafe
def keep(key, tags):
    return True
init(_experiments={"before_emit_metric": keep})
keep("a", {})
->
def keep(key, value, unit, tags):
    return True
init(_experiments={"before_emit_metric": keep})
keep("a", {})

=== four already | manual
def keep(key, value, unit, tags):
    return True
init(_experiments={"before_emit_metric": keep})

=== anything | manual
def keep(key, *rest):
    return True
init(_experiments={"before_emit_metric": keep})

=== not in view | manual
init(_experiments={"before_emit_metric": hooks.keep})

=== on | manual
init(_experiments={"enable_metrics": True})

=== summary keys | safe
init(
    DSN,
    _experiments={
        "should_summarize_metric": lambda key, tags: True,
        "max_spans": 5,
        "metrics_summary_sample_rate": 1.0
    },
)
->
init(
    DSN,
    _experiments={
        "max_spans": 5
    },
)

=== nothing left | safe
init(
    DSN,
    _experiments={
        "should_summarize_metric": lambda key, tags: True,
        "metrics_summary_sample_rate": 1.0,
    },
)
->
init(
    DSN,
)

=== nothing left in a store | safe
def f():
    options = {}
    options["_experiments"] = {"metrics_summary_sample_rate": 1.0}
    init(**options)
->
def f():
    options = {}
    init(**options)
"""


@pytest.mark.parametrize(("before", "after", "applicability"), cases(METRICS))
def test_metrics(before: str, after: str, applicability: Applicability | None) -> None:
    head = "from sentry_sdk import init\n"
    assert run("init-experiments-metrics", head + before) == (head + after, applicability)


TRACING = """
=== lines | safe
init(
    DSN,
    enable_tracing=True,  # on
    debug=True
)
->
init(
    DSN,
    traces_sample_rate=1.0,  # on
    debug=True
)

=== last line without a comma | safe
init(
    DSN,  # where
    traces_sample_rate=0.5,  # half
    enable_tracing=True  # on
)
->
init(
    DSN,  # where
    traces_sample_rate=0.5  # half
)

=== first on the line of the bracket | safe
init(enable_tracing=None,
     debug=True)
->
init(debug=True)

=== last on its line | safe
init(DSN,
     enable_tracing=None)
->
init(DSN)

=== behind a comment | safe
init(DSN,  # where
     enable_tracing=None)
->
init(DSN,  # where
     )

=== alone on lines | safe
init(
    enable_tracing=False,
)
->
init()

=== sampler | safe
def sampler(context):
    return 1
init(enable_tracing=True, traces_sampler=sampler)
->
def sampler(context):
    return 1
init(traces_sampler=sampler)

=== sampler that may be None | safe
init(enable_tracing=True, traces_sampler=SAMPLER)
->
init(traces_sample_rate=1.0, traces_sampler=SAMPLER)

=== rate that may be None | unsafe
init(traces_sample_rate=RATE, enable_tracing=True)
->
init(traces_sample_rate=RATE)

=== rate from a variable | safe
RATE = 0.5
init(traces_sample_rate=RATE, enable_tracing=True)
->
RATE = 0.5
init(traces_sample_rate=RATE)

=== rate from a variable of a variable | safe
RATE = 1 / 2
SAME = RATE
init(traces_sample_rate=SAME, enable_tracing=True)
->
RATE = 1 / 2
SAME = RATE
init(traces_sample_rate=SAME)

=== rate from either side | safe
RATE = 0.5 if PROD else 1.0
init(traces_sample_rate=RATE, enable_tracing=True)
->
RATE = 0.5 if PROD else 1.0
init(traces_sample_rate=RATE)

=== rate or another | safe
init(traces_sample_rate=RATE or 0.5, enable_tracing=True)
->
init(traces_sample_rate=RATE or 0.5)

=== rate that is calculated | safe
init(traces_sample_rate=-RATE, enable_tracing=True)
->
init(traces_sample_rate=-RATE)

=== rate from a variable that may be None | unsafe
RATE = None
init(traces_sample_rate=RATE, enable_tracing=True)
->
RATE = None
init(traces_sample_rate=RATE)

=== rate from a variable that is None on one path | unsafe
RATE = 0.5
if TEST:
    RATE = None
init(traces_sample_rate=RATE, enable_tracing=True)
->
RATE = 0.5
if TEST:
    RATE = None
init(traces_sample_rate=RATE)

=== rate that is None on one side | unsafe
RATE = 0.5 if PROD else None
init(traces_sample_rate=RATE, enable_tracing=True)
->
RATE = 0.5 if PROD else None
init(traces_sample_rate=RATE)

=== rate and another | unsafe
init(traces_sample_rate=RATE and 0.5, enable_tracing=True)
->
init(traces_sample_rate=RATE and 0.5)

=== rate from a function that only has the name of a type | unsafe
def float(x):
    return None
init(traces_sample_rate=float(RATE), enable_tracing=True)
->
def float(x):
    return None
init(traces_sample_rate=float(RATE))

=== rate that a function changes | unsafe
RATE = 0.5
def off():
    global RATE
    RATE = None
init(traces_sample_rate=RATE, enable_tracing=True)
->
RATE = 0.5
def off():
    global RATE
    RATE = None
init(traces_sample_rate=RATE)

=== rate from the environment alone | unsafe
init(traces_sample_rate=os.environ.get("RATE"), enable_tracing=True)
->
init(traces_sample_rate=os.environ.get("RATE"))

=== rate that is part of something | unsafe
RATE, DSN = SETTINGS
init(traces_sample_rate=RATE, enable_tracing=True)
->
RATE, DSN = SETTINGS
init(traces_sample_rate=RATE)

=== sampler that is a lambda | safe
init(enable_tracing=True, traces_sampler=lambda context: 1)
->
init(traces_sampler=lambda context: 1)

=== sampler from a variable | safe
SAMPLER = lambda context: 1
init(enable_tracing=True, traces_sampler=SAMPLER)
->
SAMPLER = lambda context: 1
init(traces_sampler=SAMPLER)

=== sampler that may be a function | safe
def sampler(context):
    return 1
if TEST:
    sampler = None
init(enable_tracing=True, traces_sampler=sampler)
->
def sampler(context):
    return 1
if TEST:
    sampler = None
init(traces_sample_rate=1.0, traces_sampler=sampler)

=== sampler that is imported | safe
from app import sampler
init(enable_tracing=True, traces_sampler=sampler)
->
from app import sampler
init(traces_sample_rate=1.0, traces_sampler=sampler)

=== rate from the environment | safe
init(traces_sample_rate=float(RATE), enable_tracing=True)
->
init(traces_sample_rate=float(RATE))

=== off in spite of both | unsafe
init(DSN, traces_sample_rate=1.0, enable_tracing=False, traces_sampler=sampler)
->
init(DSN)

=== off in spite of a stored rate | unsafe
o = {"enable_tracing": False}
if PROD:
    o["traces_sample_rate"] = 1.0
init(**o)
->
o = {}
if PROD:
    pass
init(**o)

=== on, and a rate on one path | manual
o = {"enable_tracing": True}
if PROD:
    o["traces_sample_rate"] = 0.5
init(**o)

=== on, and a rate on one path of a choice | manual
init(enable_tracing=True, **({"traces_sample_rate": 0.5} if PROD else {}))

=== on one path, and a rate on all | safe
o = {"traces_sample_rate": 0.5}
if PROD:
    o["enable_tracing"] = True
init(**o)
->
o = {"traces_sample_rate": 0.5}
if PROD:
    pass
init(**o)

=== both on one path | safe
def f(prod):
    o = dict(dsn=DSN)
    if prod:
        o["enable_tracing"] = True
        o["traces_sample_rate"] = 0.5
    init(**o)
->
def f(prod):
    o = dict(dsn=DSN)
    if prod:
        o["traces_sample_rate"] = 0.5
    init(**o)

=== off on one path | manual
o = {"traces_sample_rate": 0.5}
if TEST:
    o["enable_tracing"] = False
init(**o)

=== taken away again | unsafe
o = {"enable_tracing": True, "traces_sample_rate": 0.5}
del o["traces_sample_rate"]
init(**o)
->
o = {"traces_sample_rate": 0.5}
del o["traces_sample_rate"]
init(**o)

=== shared by two calls | safe
o = {"enable_tracing": True}
init(**o)
init(traces_sample_rate=0.5, **o)
->
o = {}
init(**o)
init(traces_sample_rate=0.5, **o)

=== beside None | safe
init(traces_sample_rate=None, enable_tracing=False)
->
init(traces_sample_rate=None)

=== on beside None | manual
init(traces_sample_rate=None, enable_tracing=True)

=== expression | unsafe
init(enable_tracing=(PROD and not TEST), debug=True)
->
init(traces_sample_rate=1.0 if PROD and not TEST else None, debug=True)

=== choice | unsafe
init(enable_tracing=True if PROD else False)
->
init(traces_sample_rate=1.0 if (True if PROD else False) else None)

=== expression beside a rate | manual
init(enable_tracing=PROD, traces_sample_rate=0.5)

=== entry | safe
init(**{'enable_tracing': True, "debug": True})
->
init(**{'traces_sample_rate': 1.0, "debug": True})

=== store that goes | safe
o = {"traces_sample_rate": 0.5}; o["enable_tracing"] = True
init(**o)
->
o = {"traces_sample_rate": 0.5}
init(**o)

=== unknown options beside | unsafe
def f(**more):
    init(enable_tracing=True, **more)
->
def f(**more):
    init(traces_sample_rate=1.0, **more)
"""


@pytest.mark.parametrize(("before", "after", "applicability"), cases(TRACING))
def test_tracing(before: str, after: str, applicability: Applicability | None) -> None:
    head = "from sentry_sdk import init\n"
    assert run("init-enable-tracing", head + before) == (head + after, applicability)


TOGETHER_BEFORE = (
    "import sentry_sdk\n"
    "sentry_sdk.init(DSN, with_locals=True, enable_tracing=None, propagate_traces=True, "
    '_experiments={"attach_explain_plans": {}, "profiler_mode": "thread"}, '
    "send_default_pii=False)\n"
)
TOGETHER_AFTER = (
    "import sentry_sdk\n"
    'sentry_sdk.init(DSN, include_local_variables=True, profiler_mode="thread")\n'
)


def test_rules_that_empty_the_same_call_together() -> None:
    settings = Settings(select=("SEN3",))
    assert fix(Source(TOGETHER_BEFORE), settings).text == TOGETHER_AFTER
    before, after = (
        text.replace(", ", ",\n    ").replace("init(", "init(\n    ")
        for text in (TOGETHER_BEFORE, TOGETHER_AFTER)
    )
    assert fix(Source(before), settings).text == after


DEFAULTS = """
=== pii | init-send-default-pii | safe
init(
    DSN,
    # never
    send_default_pii=False,
)
->
init(
    DSN,
    # never
)

=== pii that overrides | init-send-default-pii | unsafe
init(**{**BASE, "send_default_pii": False})
->
init(**{**BASE})

=== pii twice | init-send-default-pii | manual
o = {"send_default_pii": True}
o["send_default_pii"] = False
init(**o)

=== explain plans | init-experiments-explain-plans | safe
init(_experiments={
    "max_spans": 5,
    "attach_explain_plans": {
        "explain_cache_size": 5,
    }
})
->
init(_experiments={
    "max_spans": 5
})

=== context manager | init-context-manager | unsafe
def main():
    with init(
        DSN,
    ):
        if DSN:
            return
        else:
            run()  # it

    return 1
->
def main():
    init(
        DSN,
    )
    try:
        if DSN:
            return
        else:
            run()  # it
    finally:
        get_client().close()

    return 1
"""


def _with_rules() -> list[ParameterSet]:
    rows = []
    for part in textwrap.dedent(DEFAULTS).split("\n=== ")[1:]:
        head, _, body = part.partition("\n")
        name, rule, applicability = head.split(" | ")
        (row,) = cases(f"\n=== {name} | {applicability}\n{body}")
        rows.append(pytest.param(rule, *row.values, id=name))
    return rows


@pytest.mark.parametrize(("rule", "before", "after", "applicability"), _with_rules())
def test_other_options(
    rule: str, before: str, after: str, applicability: Applicability | None
) -> None:
    head = "from sentry_sdk import init\n"
    text, sure = run(rule, head + before)
    assert text.replace("import get_client, init", "import init") == head + after
    assert sure == applicability
