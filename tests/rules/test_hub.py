"""Hubs: read in place, kept in variables, handed around, cloned."""

from __future__ import annotations

import pytest

from engine.table import fixed, names, result
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

# Hubs nobody can follow, and things that are no hub: not a finding.
SILENT = {
    "a parameter without annotation": "from sentry_sdk import capture_message\ndef f(hub):\n    hub.capture_message('x')\n",
    "an attribute from elsewhere": "from sentry_sdk import capture_message\ndef f(app):\n    app.hub.client.options\n",
    "another library's Hub": "import sentry_sdk\nfrom aiohub import Hub\nHub.current.capture_message('x')\n",
    "a Hub in signalr": "import sentry_sdk\nTransactionHub.Current.Clients\n",
    "getattr on another module": "import sentry_sdk, app\ndef f():\n    hub = getattr(app, 'Hub', None)\n    return hub.current.client\n",
    "getattr of what 2.0 lacks": "import sentry_sdk\ndef f():\n    last = getattr(sentry_sdk, 'last_event_id', None)\n    return last and last()\n",
    "getattr of what 1.x lacks": "import sentry_sdk\ndef f():\n    new = getattr(sentry_sdk, 'new_scope', None)\n    with new() if new else sentry_sdk.push_scope():\n        pass\n",
    "a patched member of another library's Hub": "import sentry_sdk\nfrom aiohub import Hub\nHub.capture_event = print\n",
    "a patched member of a parameter": "import sentry_sdk\ndef f(Hub):\n    Hub.capture_event = print\n",
    "a patched member of a class of one's own": "import sentry_sdk\nclass Hub: ...\nHub.capture_event = print\n",
    "a patched member of a module's Hub": "import sentry_sdk, app\napp.Hub.capture_event = print\n",
    "a patched member that 2.x has": "import sentry_sdk\nsentry_sdk.Scope.set_tag = print\n",
    "a patched function that 2.x has": "import sentry_sdk\nsentry_sdk.capture_message = print\n",
    "a member put on another Hub": "import sentry_sdk, aiohub\nsetattr(aiohub.Hub, 'flush', print)\n",
    "a shadowed Hub": "from sentry_sdk import capture_message\ndef f(Hub):\n    Hub.current.capture_message('x')\n",
    "a Hub class of one's own": "import sentry_sdk\nclass Hub:\n    current = None\nHub.current\n",
}


@pytest.mark.parametrize("code", SILENT.values(), ids=SILENT)
def test_silent(code: str) -> None:
    assert names(code) == []
    assert fixed(code) == code


# Reported, and left to a person: what: (code, finding)
LEFT = {
    "a variable with two values": (
        "from sentry_sdk import Hub\ndef f(x):\n    if x:\n        hub = Hub.current\n    else:\n        hub = Hub.main\n    hub.capture_exception(x)\n",
        "hub-current",
    ),
    "given away": ("from sentry_sdk import Hub\ndef f(g):\n    g(Hub.current)\n", "hub-current"),
    "returned": ("from sentry_sdk import Hub\ndef f():\n    return Hub.current\n", "hub-current"),
    "in a tuple": (
        "from sentry_sdk import Hub\ndef f(x):\n    hub, y = Hub.current, x\n",
        "hub-current",
    ),
    "a default": ("from sentry_sdk import Hub\ndef f(hub=Hub.current): ...\n", "hub-current"),
    "one of several": (
        "from sentry_sdk import Hub\ndef f(hub=None):\n    hub = hub or Hub.current\n    take(hub)\n",
        "hub-current",
    ),
    "in a list": (
        "from sentry_sdk import Hub\ndef f():\n    for hub in [Hub.current]:\n        pass\n",
        "hub-current",
    ),
    "isinstance": (
        "from sentry_sdk import Hub\ndef f(x):\n    return isinstance(x, Hub)\n",
        "hub-import",
    ),
    "an annotation": ("from sentry_sdk import Hub\ndef f(x: Hub): ...\n", "hub-import"),
    "a patched member": ("from sentry_sdk import Hub\nHub.flush = print\n", "hub-import"),
    "a patched member of the module's": (
        "import sentry_sdk\nsentry_sdk.hub.Hub.flush = print\n",
        "hub-import",
    ),
    "one of several that are patched": (
        "from sentry_sdk import Hub\nHub.flush, x = print, 1\n",
        "hub-import",
    ),
    "a member of the class": ("from sentry_sdk import Hub\nold = Hub.flush\n", "hub-import"),
    "a member that is called": (
        "from sentry_sdk import Hub\ndef f(h):\n    Hub.flush(h)\n",
        "hub-import",
    ),
    "a deleted member": ("from sentry_sdk import Hub\ndel Hub.flush\n", "hub-import"),
}


@pytest.mark.parametrize(("code", "name"), LEFT.values(), ids=LEFT)
def test_left_to_a_person(code: str, name: str) -> None:
    findings = result(code).findings
    assert name in [finding.name for finding in findings]
    assert all(
        finding.fix is None and finding.remedy for finding in findings if finding.name == name
    )
    assert fixed(code) == code


# what: (body of a function of x, the same afterwards), by way of the module
MEMBERS = {
    "capture": ("H.current.capture_event(x)\n", "sentry_sdk.capture_event(x)\n"),
    "breadcrumb": (
        "H.current.add_breadcrumb(message=x)\n",
        "sentry_sdk.add_breadcrumb(message=x)\n",
    ),
    "transaction": (
        "H.current.start_transaction(name=x)\n",
        "sentry_sdk.start_transaction(name=x)\n",
    ),
    "flush": ("H.current.flush(2)\n", "sentry_sdk.flush(2)\n"),
    "data on the scope": (
        "H.current.scope.set_tag('a', x)\n",
        "sentry_sdk.get_isolation_scope().set_tag('a', x)\n",
    ),
    "span of the scope": (
        "y = H.current.scope.span\n",
        "y = sentry_sdk.get_current_scope().span\n",
    ),
    "transaction of the scope": (
        "y = H.current.scope.transaction.sampled\n",
        "y = sentry_sdk.get_current_scope().transaction.sampled\n",
    ),
    "session": (
        "H.current.start_session()\n",
        "sentry_sdk.get_isolation_scope().start_session()\n",
    ),
    "trace headers": (
        "list(H.current.iter_trace_propagation_headers())\n",
        "list(sentry_sdk.get_current_scope().iter_trace_propagation_headers())\n",
    ),
    "integration": (
        "H.current.get_integration('x')\n",
        "sentry_sdk.get_client().get_integration('x')\n",
    ),
    "client's member": (
        "return H.current.client.options['a']\n",
        "return sentry_sdk.get_client().options['a']\n",
    ),
    "if": ("if H.current.client:\n    pass\n", "if sentry_sdk.is_initialized():\n    pass\n"),
    "not": (
        "if not H.current.client:\n    pass\n",
        "if not sentry_sdk.is_initialized():\n    pass\n",
    ),
    "is None": (
        "if H.current.client is None:\n    pass\n",
        "if not sentry_sdk.is_initialized():\n    pass\n",
    ),
    "is not None and": (
        "if H.current.client is not None and x:\n    pass\n",
        "if sentry_sdk.is_initialized() and x:\n    pass\n",
    ),
    "bool": ("y = bool(H.current.client)\n", "y = sentry_sdk.is_initialized()\n"),
    "while": (
        "while H.current.client:\n    break\n",
        "while sentry_sdk.is_initialized():\n    break\n",
    ),
    "assert": ("assert H.current.client, 'x'\n", "assert sentry_sdk.is_initialized(), 'x'\n"),
    "conditional": (
        "y = 1 if H.current.client else 2\n",
        "y = 1 if sentry_sdk.is_initialized() else 2\n",
    ),
    "walrus": (
        "if client := H.current.client:\n    client.close()\n",
        "if (client := sentry_sdk.get_client()).is_active():\n    client.close()\n",
    ),
    "walrus is None": (
        "if (client := H.current.client) is None:\n    pass\n",
        "if not (client := sentry_sdk.get_client()).is_active():\n    pass\n",
    ),
    "walrus not": (
        "if not (client := H.current.client):\n    pass\n",
        "if not (client := sentry_sdk.get_client()).is_active():\n    pass\n",
    ),
    "client in a variable": (
        "client = H.current.client\nif client is None:\n    return\nclient.close()\n",
        "client = sentry_sdk.get_client()\nif not client.is_active():\n    return\nclient.close()\n",
    ),
    "client in one of several variables": (
        "y, client = x, H.current.client\nif not client:\n    return\nclient.close()\n",
        "y, client = x, sentry_sdk.get_client()\nif not client.is_active():\n    return\nclient.close()\n",
    ),
    "client in a list of variables": (
        "[client, y] = (H.current.client, x)\nif client is not None:\n    client.close()\n",
        "[client, y] = (sentry_sdk.get_client(), x)\nif client.is_active():\n    client.close()\n",
    ),
    "client in two variables": (
        "y = client = H.current.client\nif client is None or not y:\n    return\n",
        "y = client = sentry_sdk.get_client()\nif not client.is_active() or not y.is_active():\n    return\n",
    ),
    "client in a variable that is None before": (
        "y = None\nif x:\n    y = H.current.client\nif y:\n    y.close()\nz = not y or y is None\n",
        "y = None\nif x:\n    y = sentry_sdk.get_client()\nif y is not None and y.is_active():\n    y.close()\nz = not (y is not None and y.is_active()) or not (y is not None and y.is_active())\n",
    ),
    "client in an attribute": (
        "class A:\n    def __init__(self):\n        self.y = H.current.client\n    def f(self):\n        if not self.y:\n            return x.y or self.y.dsn\n",
        "class A:\n    def __init__(self):\n        self.y = sentry_sdk.get_client()\n    def f(self):\n        if not self.y.is_active():\n            return x.y or self.y.dsn\n",
    ),
    "client in an attribute that is None before": (
        "class A:\n    y = None\n    def f(self):\n        self.y = H.current.client\n    def g(self):\n        return 1 if self.y is not None else x\n",
        "class A:\n    y = None\n    def f(self):\n        self.y = sentry_sdk.get_client()\n    def g(self):\n        return 1 if (self.y is not None and self.y.is_active()) else x\n",
    ),
    "an attribute of another class": (
        "class A:\n    def f(self):\n        self.y = H.current.client\nclass B:\n    def f(self):\n        self.y = x\n    def g(self):\n        return not self.y\n",
        "class A:\n    def f(self):\n        self.y = sentry_sdk.get_client()\nclass B:\n    def f(self):\n        self.y = x\n    def g(self):\n        return not self.y\n",
    ),
    "another one of several variables": (
        "y, client = x, H.current.client\nif not y:\n    client.close()\n",
        "y, client = x, sentry_sdk.get_client()\nif not y:\n    client.close()\n",
    ),
    "hub in a variable": (
        "hub = H.current\nhub.capture_exception(x)\nwith hub.push_scope() as s:\n    s.set_tag('a', x)\nwith hub.configure_scope() as s:\n    s.set_tag('a', x)\n",
        "sentry_sdk.capture_exception(x)\nwith sentry_sdk.new_scope() as s:\n    s.set_tag('a', x)\ns = sentry_sdk.get_isolation_scope()\ns.set_tag('a', x)\n",
    ),
    "hub in a variable, only statement": ("if x:\n    hub = H.current\n", "if x:\n    pass\n"),
    "hub in a variable, with a comment": (
        "hub = H.current  # why\nhub.capture_exception(x)\n",
        "# why\nsentry_sdk.capture_exception(x)\n",
    ),
    "a clone": ("with H(H.current):\n    g()\n", "with sentry_sdk.isolation_scope():\n    g()\n"),
    "a clone and its name": (
        "with H(H.current) as hub:\n    hub.capture_exception(x)\n    hub.scope.set_tag('a', x)\n",
        "with sentry_sdk.isolation_scope() as scope:\n    sentry_sdk.capture_exception(x)\n    scope.set_tag('a', x)\n",
    ),
    "a clone and its configured scope": (
        "with H(H.current) as hub:\n    with hub.configure_scope() as s:\n        s.set_tag('a', x)\n    hub.capture_exception(x)\n",
        "with sentry_sdk.isolation_scope() as s:\n    s.set_tag('a', x)\n    sentry_sdk.capture_exception(x)\n",
    ),
    "a clone and its configured scope on one line": (
        "with H(H.current) as hub, hub.configure_scope() as s:\n    s.set_tag('a', x)\n",
        "with sentry_sdk.isolation_scope() as s:\n    s.set_tag('a', x)\n",
    ),
    "a clone and a scope that is configured later": (
        "with H(H.current) as hub:\n    g()\n    with hub.configure_scope() as s:\n        s.set_tag('a', x)\n",
        "with sentry_sdk.isolation_scope():\n    g()\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag('a', x)\n",
    ),
    "a clone and only the span of its scope": (
        "with H(H.current) as hub:\n    with hub.configure_scope() as s:\n        s.span = x\n",
        "with sentry_sdk.isolation_scope():\n    s = sentry_sdk.get_current_scope()\n    s.span = x\n",
    ),
    "a clone where the name is taken": (
        "scope = x\nwith H(H.current) as hub:\n    hub.scope.set_tag('a', scope)\n",
        "scope = x\nwith sentry_sdk.isolation_scope():\n    sentry_sdk.get_isolation_scope().set_tag('a', scope)\n",
    ),
    "a clone in a clone, whose name the inner one may take": (
        "with H(H.current) as a:\n    with H(H.current) as b:\n        g()\n    a.scope.set_tag('a', x)\n",
        "with sentry_sdk.isolation_scope():\n    with sentry_sdk.isolation_scope() as scope:\n        g()\n    sentry_sdk.get_isolation_scope().set_tag('a', x)\n",
    ),
    "a clone and a callback that takes the name": (
        "def f(scope):\n    scope.set_tag('b', x)\nwith H(H.current) as hub:\n    H.current.push_scope(f)\n    hub.scope.set_tag('a', x)\n",
        "def f(scope):\n    scope.set_tag('b', x)\nwith sentry_sdk.isolation_scope():\n    with sentry_sdk.new_scope() as scope:\n        f(scope)\n    sentry_sdk.get_isolation_scope().set_tag('a', x)\n",
    ),
    "a clone and a scope that is pushed on one line": (
        "with H(H.current) as hub, H.current.push_scope():\n    hub.scope.set_tag('a', x)\n    g()\n",
        "with sentry_sdk.isolation_scope(), sentry_sdk.isolation_scope():\n    sentry_sdk.get_isolation_scope().set_tag('a', x)\n    g()\n",
    ),
    "a clone in a clone, each with its name": (
        "with H(H.current) as a:\n    with H(H.current) as b:\n        b.scope.set_tag('b', x)\n    a.scope.set_tag('a', x)\n",
        "with sentry_sdk.isolation_scope():\n    with sentry_sdk.isolation_scope() as scope:\n        scope.set_tag('b', x)\n    sentry_sdk.get_isolation_scope().set_tag('a', x)\n",
    ),
    "a clone with a span": (
        "with H(H.current) as hub:\n    with hub.start_span(op='a'):\n        hub.scope.set_tag('b', x)\n",
        "with sentry_sdk.isolation_scope() as scope:\n    with sentry_sdk.start_span(op='a'):\n        scope.set_tag('b', x)\n",
    ),
    "the current hub as a block": (
        "with H.current:\n    # in\n    g()\nwith H.current as hub:\n    hub.capture_message(x)\n",
        "# in\ng()\nsentry_sdk.capture_message(x)\n",
    ),
    "over lines": (
        "y = (\n    H\n    .current\n    .capture_message(\n        x\n    )\n)\n",
        "y = (\n    sentry_sdk.capture_message(\n        x\n    )\n)\n",
    ),
    "over a backslash": (
        "H.current \\\n    .capture_message(x)\n",
        "sentry_sdk.capture_message(x)\n",
    ),
}


def _function(body: str, hub: str) -> str:
    text = body.replace("H.", f"{hub}.").replace("H(", f"{hub}(").replace("    H\n", f"    {hub}\n")
    return "".join(f"    {line}" for line in text.splitlines(keepends=True))


@pytest.mark.parametrize(("before", "after"), MEMBERS.values(), ids=MEMBERS)
@pytest.mark.parametrize("hub", ["sentry_sdk.Hub", "sentry_sdk.hub.Hub"])
def test_members(before: str, after: str, hub: str) -> None:
    head = "import sentry_sdk\nsentry_sdk.set_tag('a', 'b')\ndef f(x, g):\n"
    module = "import sentry_sdk.hub\n" if hub == "sentry_sdk.hub.Hub" else ""  # goes with the uses
    assert fixed(module + head + _function(before, hub)) == head + _function(after, "")


@pytest.mark.parametrize(("before", "after"), MEMBERS.values(), ids=MEMBERS)
@pytest.mark.parametrize("module", ["sentry_sdk", "sentry_sdk.hub"])
def test_members_by_name(before: str, after: str, module: str) -> None:
    """With the name imported, the functions are imported in its place."""
    head = "def f(x, g):\n"
    got = fixed(f"from {module} import Hub\n" + head + _function(before, "Hub"))
    assert got.endswith(head + _function(after.replace("sentry_sdk.", ""), ""))
    assert "Hub" not in got


# What makes the rewrite unsafe: what: (code, words of the reason)
DOUBTS = {
    "a parameter": (
        "from sentry_sdk import Hub\ndef f(hub: Hub):\n    hub.capture_message('x')\n",
        "comes from the caller",
    ),
    "a quoted parameter": (
        "from sentry_sdk import Hub\ndef f(hub: 'Hub | None' = None):\n    hub.capture_message('x')\n",
        "comes from the caller",
    ),
    "an outer function's": (
        "import sentry_sdk\ndef f():\n    hub = sentry_sdk.Hub.current\n    def g():\n        hub.capture_message('x')\n    return g\n",
        "obtained elsewhere",
    ),
    "the module's": (
        "import sentry_sdk\nhub = sentry_sdk.Hub.current\ndef f():\n    hub.capture_message('x')\n",
        "obtained elsewhere",
    ),
    "the instance's": (
        "import sentry_sdk\nclass A:\n    def __init__(self):\n        self.hub = sentry_sdk.Hub.current\n    def f(self):\n        self.hub.capture_message('x')\n",
        "obtained elsewhere",
    ),
    "a client given away": (
        "import sentry_sdk\ndef f(g):\n    g(sentry_sdk.Hub.current.client)\n",
        "None",
    ),
    "a client bound": (
        "import sentry_sdk\ndef f(c):\n    sentry_sdk.Hub.current.bind_client(c)\n",
        "process",
    ),
    **{
        f"a client bound in {name}()": (
            f"import sentry_sdk\ndef {name}(c):\n    sentry_sdk.Hub.current.bind_client(c)\n",
            "process",
        )
        for name in ("setup_tenant", "setUp", "teardown", "test_it", "main")
    },
    "an import wanted unused": (
        "from sentry_sdk import Hub  # noqa: F401\n",
        "noqa",
    ),
    "an import wanted unused among others": (
        "from sentry_sdk import (\n    init,\n    Hub,  # noqa: E501,F401\n)\ninit()\n",
        "noqa",
    ),
    "an import without checks": ("from sentry_sdk import Hub  # noqa\n", "noqa"),
    "an import pylint is silent about": (
        "from sentry_sdk import Hub  # pylint: disable=unused-import\n",
        "noqa",
    ),
    "a comment inside": (
        "import sentry_sdk\ndef f():\n    (sentry_sdk.Hub  # why\n     .current.capture_message('x'))\n",
        "comment",
    ),
}


@pytest.mark.parametrize(("code", "words"), DOUBTS.values(), ids=DOUBTS)
def test_doubts(code: str, words: str) -> None:
    fixes = [finding.fix for finding in result(code).findings if finding.fix is not None]
    assert any(words in fix.reason for fix in fixes)
    assert all(fix.applicability is Applicability.UNSAFE for fix in fixes)


HOLDS = {
    "assigned": "hub = Hub.current\n    hub.capture_message('x')\n    {}\n",
    "entered": "with Hub.current as hub:\n        hub.capture_message('x')\n        {}\n",
    "cloned": "with Hub(Hub.current) as hub:\n        hub.capture_message('x')\n        {}\n",
}
READS = {
    **dict.fromkeys(("locals()", "eval('hub')", "exec('hub')", "print(vars(), x)", "dir()"), True),
    **dict.fromkeys(("vars(x)", "dir(x)", "x.eval('hub')", "eval", "lambda: locals()"), False),
}


@pytest.mark.parametrize("code", HOLDS.values(), ids=HOLDS)
@pytest.mark.parametrize(("read", "reads"), READS.items())
def test_a_variable_that_is_read_by_its_name(code: str, read: str, reads: bool) -> None:
    text = f"from sentry_sdk import Hub\ndef f(x):\n    {code.format(read)}"
    fixes = [finding.fix for finding in result(text).findings if finding.fix is not None]
    assert any("may read the variable" in fix.reason for fix in fixes) is reads


@pytest.mark.parametrize("comment", ["# noqa: E402", "# no qa", "# noqa:E501  # not F401", ""])
def test_an_unused_import_goes_with_other_comments(comment: str) -> None:
    findings = result(f"import os\nfrom sentry_sdk import Hub  {comment}\n").findings
    assert [one.fix and one.fix.applicability for one in findings] == [Applicability.SAFE]


# What is done with the active hub where another block may have it: the functions that are imported
IMPORTED = {
    "only the client is bound": ("hub.bind_client(client)", {"get_isolation_scope"}),
    "both are made active": (
        "hub.bind_client(client)\n        with hub:\n            f()",
        {"get_isolation_scope", "get_current_scope"},
    ),
}


@pytest.mark.parametrize(("uses", "names"), IMPORTED.values(), ids=IMPORTED)
def test_only_what_is_used_of_both_scopes_is_imported(uses: str, names: set[str]) -> None:
    after = fixed(
        "import pytest\nfrom sentry_sdk import Client, Hub\n@pytest.fixture\ndef sentry_init(f):\n"
        "    def inner(*args):\n        hub = Hub.current\n        client = Client(*args)\n"
        f"        {uses}\n    with Hub(None):\n        yield inner\n"
    )
    line = next(one for one in after.splitlines() if one.startswith("from sentry_sdk import"))
    assert {one for one in ("get_isolation_scope", "get_current_scope") if one in line} == names
    assert all(f"{one}()" in after for one in names)


# A block of a clone by way of the module, and what becomes of it
NAMED = {
    "configured without the hub": (
        "with sentry_sdk.configure_scope() as s, g():\n        s.set_tag('a', g)\n",
        "with sentry_sdk.isolation_scope():\n    s = sentry_sdk.get_isolation_scope()\n    with g():\n        s.set_tag('a', g)\n",
    ),
    "configured without a name": (
        "with sentry_sdk.configure_scope():\n        g()\n",
        "with sentry_sdk.isolation_scope():\n    g()\n",
    ),
    "pushed": (
        "with sentry_sdk.push_scope() as s:\n        s.set_tag('a', g)\n",
        "with sentry_sdk.isolation_scope():\n    with sentry_sdk.new_scope() as s:\n        s.set_tag('a', g)\n",
    ),
}


@pytest.mark.parametrize(("inner", "after"), NAMED.values(), ids=NAMED)
def test_the_scope_of_a_block_has_the_name_that_is_used_first(inner: str, after: str) -> None:
    text = f"import sentry_sdk\nwith sentry_sdk.Hub(sentry_sdk.Hub.current):\n    {inner}"
    assert fixed(text) == f"import sentry_sdk\n{after}"


# what: (code of a test, how many findings are about the class `Hub` there)
PATCHES = {
    "a member of the class": (
        "def test(monkeypatch):\n    monkeypatch.setattr(Hub, 'flush', f)\n",
        0,
    ),
    "by mock": ("from unittest import mock\nwith mock.patch.object(Hub, 'current'):\n    f()\n", 0),
    "the class as the new value": (
        "import lib\ndef test(monkeypatch):\n    monkeypatch.setattr(lib, 'x', Hub)\n",
        1,
    ),
    "another function": ("f(Hub, 'flush')\n", 1),
}


@pytest.mark.parametrize(("code", "number"), PATCHES.values(), ids=PATCHES)
def test_a_patched_class_is_found_once(code: str, number: int) -> None:
    found = analyze(Source("from sentry_sdk import Hub\n" + code), Settings()).findings
    assert [one.code for one in found].count("SEN226") == number
    assert number or [one.code for one in found] == ["SEN611"]
