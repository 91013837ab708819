"""Transports, and what else plugs into the SDK: text before, text after, how sure."""

from __future__ import annotations

import textwrap

import pytest
from _pytest.mark.structures import ParameterSet

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.edits import apply
from sentry_migrate.text.source import Source

SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE


def cases(text: str) -> list[ParameterSet]:
    """Rows of `name | rule | applicability`, then before and after around a line of `->`."""
    rows = []
    for part in textwrap.dedent(text).split("\n=== ")[1:]:
        head, _, body = part.partition("\n")
        name, rule, applicability = head.split(" | ")
        before, _, after = body.partition("\n->\n")
        sure = {"safe": SAFE, "unsafe": UNSAFE, "manual": None}[applicability]
        after = (after or before).rstrip("\n") + "\n"
        rows.append(pytest.param(rule, before.rstrip("\n") + "\n", after, sure, id=name))
    return rows


REWRITES = '''
=== method of an instance | transport-function | unsafe
import sentry_sdk
class Q:
    def put(self, event):
        print(event)
q = Q()
sentry_sdk.init(transport=q.put)
->
import sentry_sdk
class Q:
    def put(self, event):
        print(event)
q = Q()


class FunctionTransport(sentry_sdk.Transport):
    def capture_envelope(self, envelope):
        event = envelope.get_event()
        if event is not None:
            q.put(event)


sentry_sdk.init(transport=FunctionTransport())

=== function in a function | transport-function | unsafe
from sentry_sdk import init
def setup():
    # where they go
    init(
        transport=lambda found: print(found),  # all
    )
->
from sentry_sdk import Transport, init
def setup():
    class FunctionTransport(Transport):
        def capture_envelope(self, envelope):
            found = envelope.get_event()
            if found is not None:
                print(found)

    # where they go
    init(
        transport=FunctionTransport(),  # all
    )

=== function below another statement | transport-function | unsafe
from sentry_sdk import init
def setup():
    seen = []
    # where they go
    init(transport=seen.append)
->
from sentry_sdk import Transport, init
def setup():
    seen = []

    class FunctionTransport(Transport):
        def capture_envelope(self, envelope):
            event = envelope.get_event()
            if event is not None:
                seen.append(event)

    # where they go
    init(transport=FunctionTransport())

=== function below a blank line | transport-function | unsafe
from sentry_sdk import init
def setup():
    seen = []

    init(transport=seen.append)
->
from sentry_sdk import Transport, init
def setup():
    seen = []

    class FunctionTransport(Transport):
        def capture_envelope(self, envelope):
            event = envelope.get_event()
            if event is not None:
                seen.append(event)

    init(transport=FunctionTransport())

=== function with tabs | transport-function | unsafe
import sentry_sdk
def setup():
	if DEBUG:
		sentry_sdk.init(transport=seen.append)
->
import sentry_sdk
def setup():
	if DEBUG:
		class FunctionTransport(sentry_sdk.Transport):
			def capture_envelope(self, envelope):
				event = envelope.get_event()
				if event is not None:
					seen.append(event)

		sentry_sdk.init(transport=FunctionTransport())

=== function by name | transport-function | unsafe
import sentry_sdk
from sentry_sdk.transport import Transport

def send(event):
    print(event)


client = sentry_sdk.Client(transport=(send))
->
import sentry_sdk
from sentry_sdk.transport import Transport

def send(event):
    print(event)


class FunctionTransport(Transport):
    def capture_envelope(self, envelope):
        event = envelope.get_event()
        if event is not None:
            send(event)


client = sentry_sdk.Client(transport=FunctionTransport())

=== function in options | transport-function | unsafe
import sentry_sdk
FunctionTransport = None
OPTIONS = {}


OPTIONS["transport"] = lambda event: print(event)
sentry_sdk.init(**OPTIONS)
->
import sentry_sdk
FunctionTransport = None
OPTIONS = {}


class FunctionTransport_(sentry_sdk.Transport):
    def capture_envelope(self, envelope):
        event = envelope.get_event()
        if event is not None:
            print(event)


OPTIONS["transport"] = FunctionTransport_()
sentry_sdk.init(**OPTIONS)

=== method of the class | transport-function | manual
import sentry_sdk
class App:
    def send(self, event):
        print(event)
    def start(self):
        sentry_sdk.init(transport=self.send)

=== capture_event in the middle | transport-abstract | unsafe
from sentry_sdk import Transport
class Memory(Transport):
    """Keeps."""

    def capture_event(this, event):  # type: ignore
        if event:
            print(event)
        else:
            print("none")  # never

    def flush(self, timeout, callback=None):
        pass
->
from sentry_sdk import Transport
class Memory(Transport):
    """Keeps."""

    def capture_event(this, event):  # type: ignore
        if event:
            print(event)
        else:
            print("none")  # never

    def capture_envelope(this, envelope):
        event = envelope.get_event()
        if event is not None:
            this.capture_event(event)

    def flush(self, timeout, callback=None):
        pass

=== capture_event on one line | transport-abstract | unsafe
from sentry_sdk.transport import Transport as Base
class Memory(Base):
  def capture_event(self, event): print(event)
->
from sentry_sdk.transport import Transport as Base
class Memory(Base):
  def capture_event(self, event): print(event)

  def capture_envelope(self, envelope):
    event = envelope.get_event()
    if event is not None:
      self.capture_event(event)

=== record_lost_event on lines | transport-record-lost-event | safe
from sentry_sdk.transport import HttpTransport
class Own(HttpTransport):
    def record_lost_event(
        self,
        reason: str,
        data_category: str | None = None,
        item: object = (None),
    ) -> None:
        super().record_lost_event(
            reason,
            data_category=data_category,
            item=item,
        )
->
from sentry_sdk.transport import HttpTransport
class Own(HttpTransport):
    def record_lost_event(
        self,
        reason: str,
        data_category: str | None = None,
        item: object = (None), *, quantity=1,
    ) -> None:
        super().record_lost_event(
            reason,
            data_category=data_category,
            item=item, quantity=quantity,
        )

=== record_lost_event with its star | transport-record-lost-event | safe
from sentry_sdk.transport import HttpTransport
class Own(HttpTransport):
    def record_lost_event(self, reason, *, data_category=None):
        HttpTransport.record_lost_event(self, reason)
        print(self.record_lost_event)
->
from sentry_sdk.transport import HttpTransport
class Own(HttpTransport):
    def record_lost_event(self, reason, *, data_category=None, quantity=1):
        HttpTransport.record_lost_event(self, reason, quantity=quantity)
        print(self.record_lost_event)

=== record_lost_event of anything | transport-record-lost-event | safe
from sentry_sdk.transport import HttpTransport
class Own(HttpTransport):
    def record_lost_event(self, *args):
        pass
->
from sentry_sdk.transport import HttpTransport
class Own(HttpTransport):
    def record_lost_event(self, *args, quantity=1):
        pass

=== envelope address | auth-api-url | safe
from sentry_sdk.utils import Auth
auth = Auth("https", "sentry.invalid", "1", "key")
def url():
    return auth.get_api_url(type="envelope")
->
from sentry_sdk.utils import Auth
auth = Auth("https", "sentry.invalid", "1", "key")
def url():
    return auth.get_api_url()

=== envelope address in a transport | auth-api-url | safe
from sentry_sdk.transport import HttpTransport
class Own(HttpTransport):
    def url(self):
        self.other.get_api_url("envelope")
        return self._auth.get_api_url("envelope")
->
from sentry_sdk.transport import HttpTransport
class Own(HttpTransport):
    def url(self):
        self.other.get_api_url("envelope")
        return self._auth.get_api_url()

=== store address in a transport | auth-api-url | manual
from sentry_sdk import Transport
class Own(Transport):
    def __init__(self, options):
        self._auth = self.parsed_dsn.to_auth("me")
    def url(self):
        return str(self._auth.store_api_url)

=== envelope address of a parameter | auth-api-url | safe
from sentry_sdk.utils import Auth
def url(auth: Auth):
    return auth.get_api_url("envelope")
->
from sentry_sdk.utils import Auth
def url(auth: Auth):
    return auth.get_api_url()

=== envelope address of an attribute | auth-api-url | safe
from sentry_sdk.utils import Dsn
class Sender:
    def __init__(self, dsn: "Dsn"):
        self.auth = dsn.to_auth("mine")
    def url(self):
        return self.auth.get_api_url("envelope")
->
from sentry_sdk.utils import Dsn
class Sender:
    def __init__(self, dsn: "Dsn"):
        self.auth = dsn.to_auth("mine")
    def url(self):
        return self.auth.get_api_url()

=== store address of a parameter | auth-api-url | manual
from typing import Optional
from sentry_sdk.utils import Auth
def url(auth: Optional[Auth] = None):
    return auth.store_api_url

=== store address in a comment's type | auth-api-url | manual
from sentry_sdk.utils import Auth
def url(auth):
    # type: (Auth) -> str
    return auth.store_api_url

=== store address of the client's transport | auth-api-url | manual
import sentry_sdk
client = sentry_sdk.Client()
print(client.transport._auth.store_api_url)

=== store address by the client's DSN | auth-api-url | manual
import sentry_sdk
client = sentry_sdk.Client()
print(client.transport.parsed_dsn.to_auth("mine").store_api_url)

=== install | integration-install | unsafe
from sentry_sdk import integrations
class Own(integrations.Integration):
    def install( self, ):  # hooks
        patch()
->
from sentry_sdk import integrations
class Own(integrations.Integration):
    @staticmethod
    def setup_once( ):  # hooks
        patch()

=== install with itself | integration-install | manual
from sentry_sdk import integrations
class Own(integrations.Integration):
    def install(self):
        patch(self)

=== threads | threading-propagate-hub | safe
from sentry_sdk.integrations.threading import ThreadingIntegration as T
LIST = [
    T(
        propagate_hub = True,
    ),
]
->
from sentry_sdk.integrations.threading import ThreadingIntegration as T
LIST = [
    T(
        propagate_scope = True,
    ),
]

=== threads by expression | threading-propagate-hub | unsafe
import sentry_sdk.integrations.threading as threads
threads.ThreadingIntegration(PROPAGATE)
->
import sentry_sdk.integrations.threading as threads
threads.ThreadingIntegration(propagate_scope=PROPAGATE)

=== threads by a dictionary | threading-propagate-hub | safe
from sentry_sdk.integrations.threading import ThreadingIntegration
KW = {"propagate_hub": True}
ThreadingIntegration(**KW)
ThreadingIntegration(**dict(propagate_hub=True))
->
from sentry_sdk.integrations.threading import ThreadingIntegration
KW = {"propagate_scope": True}
ThreadingIntegration(**KW)
ThreadingIntegration(**dict(propagate_scope=True))

=== threads in part | threading-propagate-hub | safe
from functools import partial
from sentry_sdk.integrations.threading import ThreadingIntegration
make = partial(ThreadingIntegration, propagate_hub=True)
->
from functools import partial
from sentry_sdk.integrations.threading import ThreadingIntegration
make = partial(ThreadingIntegration, propagate_scope=True)

=== threads in part, called later | threading-propagate-hub | unsafe
from functools import partial
from sentry_sdk.integrations.threading import ThreadingIntegration
make = partial(ThreadingIntegration)
make(propagate_hub=False)
->
from functools import partial
from sentry_sdk.integrations.threading import ThreadingIntegration
make = partial(ThreadingIntegration)
make(propagate_scope=False)

=== threads of a subclass | threading-propagate-hub | safe
from sentry_sdk.integrations.threading import ThreadingIntegration
class Mine(ThreadingIntegration):
    def __init__(self):
        super().__init__(propagate_hub=True)
class Other(ThreadingIntegration): ...
Other(propagate_hub=True)
->
from sentry_sdk.integrations.threading import ThreadingIntegration
class Mine(ThreadingIntegration):
    def __init__(self):
        super().__init__(propagate_scope=True)
class Other(ThreadingIntegration): ...
Other(propagate_scope=True)

=== threads by a dictionary for more | threading-propagate-hub | manual
from sentry_sdk.integrations.threading import ThreadingIntegration
KW = {"propagate_hub": True}
ThreadingIntegration(**KW)
print(KW)

=== threads by a dictionary with more | threading-propagate-hub | manual
from sentry_sdk.integrations.threading import ThreadingIntegration
ThreadingIntegration(**{"propagate_hub": True, **more})

=== threads by keywords that are passed on | threading-propagate-hub | manual
from sentry_sdk.integrations.threading import ThreadingIntegration
def make(**options):
    return ThreadingIntegration(**options)
make(propagate_hub=True)

=== django | django-positional | safe
from sentry_sdk.integrations.django import DjangoIntegration
DjangoIntegration(
    "url", True, True, False,
    [post_save],  # too many
)
->
from sentry_sdk.integrations.django import DjangoIntegration
DjangoIntegration(
    "url", True, True, False,
    signals_denylist=[post_save],  # too many
)
'''


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("rule", "before", "after", "applicability"), cases(REWRITES))
def test_rewrites(
    rule: str, before: str, after: str, applicability: Applicability | None, newline: str
) -> None:
    source = Source(before.replace("\n", newline))
    settings = Settings(select=(rule,))
    finding = analyze(source, settings).findings[0]
    outcome = fix(source, settings, unsafe=True)
    assert outcome.text == after.replace("\n", newline)
    assert (finding.fix.applicability if finding.fix else None) == applicability
    compile(outcome.text, "after", "exec")
    if applicability is not None:
        assert outcome.remaining.findings == ()


DEAD = {
    "a client's": "client = sentry_sdk.Client()\nclient.transport.capture_event = print\n",
    "the hub's client's": "sentry_sdk.Hub.current.client.transport.capture_event = print\n",
    "a parameter's": "def f(client: sentry_sdk.Client):\n    client.transport._send_event = print\n",
    "a variable's": "t = sentry_sdk.Hub.current.client.transport\nt.capture_event = print\n",
    "with a type": "sentry_sdk.Client().transport.capture_event: object = print\n",
    "the class's": "import sentry_sdk.transport\nsentry_sdk.transport.HttpTransport.capture_event = print\n",
    "the class's, at the top": "sentry_sdk.HttpTransport._send_event = print\n",
    "a variable's by name": "def f(monkeypatch):\n    t = sentry_sdk.Client().transport\n    monkeypatch.setattr(t, 'capture_event', print)\n",
    "a client's by name": "def f(monkeypatch):\n    monkeypatch.setattr(sentry_sdk.Hub.current.client.transport, 'capture_event', print)\n",
}  # fmt: skip


@pytest.mark.parametrize("code", DEAD.values(), ids=DEAD)
def test_what_replaces_a_method_that_nobody_calls(code: str) -> None:
    report = analyze(Source(f"import sentry_sdk\n{code}"), Settings(select=("SEN503",)))
    assert [one.remedy.partition("`")[0] for one in report.findings] == ["Patch "]


CALLED = "class T:\n    def __call__(self, event):\n        print(event)\n"
CALLABLE = {
    "made in place": CALLED + "sentry_sdk.init(transport=T())\n",
    "of a client": CALLED + "sentry_sdk.Client(transport=T())\n",
    "of a subclass": CALLED + "class U(T): pass\nsentry_sdk.init(transport=U())\n",
    "of a plain class": CALLED.replace("T:", "T(object):") + "sentry_sdk.init(transport=T())\n",
    "called by another name": "class T:\n    def send(self, event): ...\n    __call__ = send\nsentry_sdk.init(transport=T())\n",
    "itself": CALLED + "    def f(self):\n        sentry_sdk.init(transport=self)\n",
    "in a variable": CALLED + "t = T()\nsentry_sdk.init(transport=t)\n",
}  # fmt: skip


@pytest.mark.parametrize("code", CALLABLE.values(), ids=CALLABLE)
def test_an_instance_that_is_called(code: str) -> None:
    code = f"import sentry_sdk\n{code}"
    outcome = fix(Source(code), Settings(select=("SEN501",)), unsafe=True)
    if "t = T()" in code:
        assert "            t(event)\n" in outcome.text
        assert "transport=FunctionTransport()" in outcome.text
        assert not outcome.remaining.findings
    else:
        assert outcome.text == code
        remedies = [one.remedy for one in outcome.remaining.findings]
        assert [one.partition("`")[0] for one in remedies] == ["Write a subclass of "]


CAPTURE = "    def capture_event(self, event): print(event)\n"
ENVELOPE = "    def capture_envelope(self, envelope):\n        print(1)\n"
NOT_FORWARDED = {
    "calls the original": "    def capture_event(self, event): super().capture_event(event)\n",
    "calls the original by class": "    def capture_event(self, event): HttpTransport.capture_event(self, event)\n",
    "sends": "    def capture_event(self, event): self._send_event(event)\n",
    "sends an envelope": "    def capture_event(self, event): self.capture_envelope(event)\n",
    "yields": "    def capture_event(self, event): yield event\n",
    "decorated": "    @logged\n" + CAPTURE,
    "static": "    @staticmethod\n    def capture_event(event): print(event)\n",
    "asynchronous": "    async def capture_event(self, event): print(event)\n",
    "needs more": "    def capture_event(self, event, hint): print(event)\n",
    "needs a keyword": "    def capture_event(self, event, *, hint): print(event)\n",
    "takes nothing": "    def capture_event(self): print(1)\n",
    "assigned": CAPTURE + "    capture_envelope = print\n",
    "on one line": CAPTURE + "    def capture_envelope(self, envelope): print(1)\n",
    "a docstring only": CAPTURE + "    def capture_envelope(self, envelope):\n        'drops it'\n",
    "decorated envelopes": CAPTURE + "    @logged\n" + ENVELOPE,
    "asynchronous envelopes": CAPTURE + ENVELOPE.replace("def", "async def"),
    "generated envelopes": CAPTURE + ENVELOPE + "        yield\n",
    "read already": CAPTURE + ENVELOPE.replace("1", "envelope.items"),
}  # fmt: skip


@pytest.mark.parametrize("code", NOT_FORWARDED.values(), ids=NOT_FORWARDED)
def test_events_are_not_forwarded(code: str) -> None:
    text = "from sentry_sdk.transport import HttpTransport\nclass Own(HttpTransport):\n" + code
    outcome = fix(Source(text), Settings(select=("SEN503",)), unsafe=True)
    assert outcome.text == text
    assert outcome.remaining.findings


FORWARDED = "if len(envelope.items) == 1 and envelope.get_event() is not None:"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_events_are_forwarded_before_everything_else(newline: str) -> None:
    before = "from sentry_sdk.transport import HttpTransport\nclass Own(HttpTransport):\n"
    before += CAPTURE + "    def capture_envelope(self, envelope, *more):\n        'Drops.'\n"
    rest = "        # every\n        # one\n        pass\n"
    added = f"        {FORWARDED}\n            return self.capture_event(envelope.get_event())\n"
    settings = Settings(select=("SEN503",))
    outcome = fix(Source((before + rest).replace("\n", newline)), settings, unsafe=True)
    assert outcome.text == (before + added + rest).replace("\n", newline)
    assert outcome.remaining.findings == ()


SILENT = (
    "import sentry_sdk\nclass Q:\n    @property\n    def put(self): ...\nq = Q()\nsentry_sdk.init(transport=q.put)\n",
    "import sentry_sdk\nclass Q:\n    put = make()\nq = Q()\nsentry_sdk.init(transport=q.put)\n",
    "import sentry_sdk\nclass Q(Base):\n    def put(self, event): ...\nq = Q()\nq.put = None\nsentry_sdk.init(transport=q.put)\n",
    "import sentry_sdk\nclass Q:\n    def put(self, event): ...\nsentry_sdk.init(transport=q.put)\n",
    "import sentry_sdk\nfrom mine import Auth\ndef f(auth: Auth): return auth.store_api_url\n",
    "import sentry_sdk\ndef f(auth): return auth.store_api_url\n",
    "import sentry_sdk\ndef f(auth: 'sentry_sdk.Auth'): return auth.store_api_url\n",
    "from sentry_sdk.utils import Auth\nfrom mine import Own\ndef f(a: Auth | Own): return a.store_api_url\n",
    "from sentry_sdk.utils import Auth\ndef f(a: list[Auth]): return a.store_api_url\n",
    "from sentry_sdk.utils import Auth\ndef f(a: Auth): return a.get_api_url(), a.to_header()\n",
    "import sentry_sdk\ndef f(client): return client.transport._auth.store_api_url\n",
    "import sentry_sdk\nsentry_sdk.Client().transport.auth.store_api_url\n",
    "import sentry_sdk\nfrom mine import Base\nclass T(Base):\n    def __call__(self, event): ...\nsentry_sdk.init(transport=T())\n",
    "import sentry_sdk\nclass T(sentry_sdk.Transport):\n    def __call__(self, event): ...\n    def capture_envelope(self, envelope): ...\nsentry_sdk.init(transport=T())\n",
    "import sentry_sdk\nclass T(metaclass=M):\n    def __call__(self, event): ...\nsentry_sdk.init(transport=T())\n",
    "import sentry_sdk\nclass T:\n    def send(self, event): ...\nsentry_sdk.init(transport=T())\n",
    "import sentry_sdk\nclass T: ...\nclass U(T):\n    def __call__(self, event): ...\nsentry_sdk.init(transport=T())\n",
    "import sentry_sdk\nif a:\n    class T: ...\nelse:\n    class T:\n        def __call__(self, event): ...\nsentry_sdk.init(transport=T())\n",
    "import sentry_sdk\nclass T:\n    def __call__(self, event): ...\nsentry_sdk.init(before_send=T())\n",
    "import sentry_sdk\nclient = sentry_sdk.Client()\nclient.transport.capture_envelope = print\n",
    "import sentry_sdk\nclient = sentry_sdk.Client()\nclient.transport.capture_event = client.transport.capture_envelope = print\n",
    "import sentry_sdk\nclient = sentry_sdk.Client()\nsend = client.transport.capture_event\n",
    "import sentry_sdk\nclient = sentry_sdk.Client()\nclient.transport.capture_event({})\n",
    "import sentry_sdk\nclient = sentry_sdk.Client()\nclient.capture_event = print\n",
    "import sentry_sdk\nclient = sentry_sdk.Client()\nclient.transport.parsed_dsn = None\n",
    "import sentry_sdk\ndef f(client):\n    client.transport.capture_event = print\n",
    "import sentry_sdk\nfrom mine import Transport\nTransport.capture_event = print\n",
    "from sentry_sdk.transport import Transport\n"
    "class Base(Transport):\n    def helper(self): pass\n"
    "class Own(Base):\n    def capture_envelope(self, envelope): pass\n",
    "from sentry_sdk.transport import Transport\nfrom mine import Mixin\n"
    "class Own(Mixin, Transport):\n    def capture_event(self, event): pass\n",
    "from sentry_sdk.transport import Transport\n"
    "class Own(Transport):\n    capture_envelope = print\n",
    "import sentry_sdk\nfrom mine import T\nsentry_sdk.init(transport=T)\n",
    "import sentry_sdk\nsentry_sdk.init(transport=make_transport())\n",
    "import sentry_sdk\nclass T(sentry_sdk.HttpTransport): pass\nsentry_sdk.init(transport=T)\n",
    "import sentry_sdk\nsentry_sdk.init(transport=None)\n",
    "import sentry_sdk\nfrom unittest import mock\n"
    "mock.patch('sentry_sdk.transport.HttpTransport.capture_envelope')\n",
    "import sentry_sdk\nfrom unittest import mock\nmock.patch('mine.HttpTransport.capture_event')\n",
    "import sentry_sdk\ndef f(monkeypatch, client, events):\n"
    "    monkeypatch.setattr(client.transport, 'capture_event', events.append)\n",
    "import sentry_sdk\ndef f(monkeypatch, events):\n    client = sentry_sdk.Client()\n"
    "    monkeypatch.setattr(client.options, 'capture_event', events.append)\n",
    "import sentry_sdk\ndef f(transport):\n    sentry_sdk.init(transport=transport)\n",
    "import sentry_sdk\nrequests.get('/', transport=lambda request: None)\n",
)


@pytest.mark.parametrize("text", SILENT)
def test_silent(text: str) -> None:
    settings = Settings(select=("SEN501", "SEN502", "SEN503", "SEN504", "SEN506"))
    assert analyze(Source(text), settings).findings == ()


NOTED = """\
from sentry_sdk.transport import HttpTransport

class Own(HttpTransport):
    # counts
    @logged
    def _send_event(self, event):
        pass
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_no_fix_can_do_is_noted_down_once(newline: str) -> None:
    text = NOTED.replace("\n", newline)
    settings = Settings(select=("SEN503",))
    finding = analyze(Source(text), settings).findings[0]
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.DISPLAY
    after = apply(text, finding.fix.edits)
    lines = after.split(newline)
    assert lines[4].startswith("    # TODO(sentry): Move what `_send_event()` does")
    assert [line for line in lines if "TODO" not in line and "#  " not in line] == text.split(
        newline
    )
    assert all(len(line) <= 100 for line in lines)
    assert fix(Source(text), settings, unsafe=True).text == text
    again = analyze(Source(after), settings).findings[0]
    assert again.fix is None
    assert again.remedy == finding.remedy


MADE = "import sentry_sdk\nclient = sentry_sdk.Client()\n"
PLAIN = "class T:\n    def capture_event(self, event): ...\n"
HTTP = "from sentry_sdk.transport import HttpTransport\n"
# what: code, the rule that has a finding in it
FOUND = {
    "an instance in an attribute": ("import sentry_sdk\n" + CALLED + "class A:\n    def __init__(self):\n        self.t = T()\n        sentry_sdk.init(transport=self.t)\n", "transport-function"),
    "another class in place of the transport": (MADE + PLAIN + "client.transport = T()\n", "transport-capture-event-dead"),
    "of the active client": (MADE + PLAIN + "sentry_sdk.Hub.current.client.transport = T()\n", "transport-capture-event-dead"),
    "the class of hubs, of a class": (HTTP + "class T(HttpTransport):\n    hub_cls = Own\n", "httptransport-private"),
    "the class of hubs, of all": (HTTP + "HttpTransport.hub_cls = Own\n", "httptransport-private"),
    "the class of hubs, of a transport": (MADE + "print(client.transport.hub_cls)\n", "httptransport-private"),
}  # fmt: skip
NOT_FOUND = (
    MADE + PLAIN.replace("T:", "T(sentry_sdk.Transport):").replace("_event", "_envelope") + "client.transport = T()\n",
    MADE + PLAIN.replace("T:", "T(Other):") + "client.transport = T()\n",
    MADE + PLAIN + "    parsed_dsn = None\nclient.transport = T()\n",
    MADE + "class T: ...\nclient.transport = T()\n",
    MADE + PLAIN + "client.transport = t\n",
    MADE + PLAIN + "client.other = T()\n",
    MADE + PLAIN + "t = client.transport\n",
    MADE + PLAIN + "def f(client):\n    client.transport = T()\n",
    "import sentry_sdk\nclass T:\n    hub_cls = Own\n",
    HTTP + "class T(HttpTransport):\n    def f(self):\n        hub_cls = 1\n",
    MADE + "client.hub_cls = Own\n",
    "import sentry_sdk\n" + CALLED + "class A:\n    def __init__(self):\n        self.t = T()\n        self.t = other\n        sentry_sdk.init(transport=self.t)\n",
)  # fmt: skip


@pytest.mark.parametrize(("code", "rule"), FOUND.values(), ids=FOUND)
def test_it_is_found(code: str, rule: str) -> None:
    assert rule in {one.name for one in analyze(Source(code), Settings()).findings}


@pytest.mark.parametrize("code", NOT_FOUND)
def test_it_is_something_else(code: str) -> None:
    rules = {one.name for one in analyze(Source(code), Settings()).findings}
    assert not rules & {
        "transport-capture-event-dead",
        "httptransport-private",
        "transport-function",
    }
