"""The official guide's own snippets: each before gives its after, as the fix or an alternative.

Source: the guide "Migrate from 1.x to 2.x" of Sentry's documentation. Where a snippet leaves a
name unbound or a body to the reader, the smallest program that binds it stands here.
"""

from __future__ import annotations

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.text.edits import apply
from sentry_migrate.text.source import Source

INIT = (
    'import sentry_sdk\n\nsentry_sdk.init(\n    dsn="___PUBLIC_DSN___",\n\n'
    "    # Replace with_locals\n    with_locals=False,\n\n"
    '    # Replace request_bodies\n    request_bodies="always",\n\n'
    '    # Replace _experiments["profiles_sample_rate"]\n'
    '    # Replace _experiments["profiler_mode"]\n'
    '    _experiments={\n        "profiles_sample_rate": 1.0,\n'
    '        "profiler_mode": "thread",\n    },\n)\n'
)
INIT_AFTER = (
    'import sentry_sdk\n\nsentry_sdk.init(\n    dsn="___PUBLIC_DSN___",\n\n'
    "    # Replace with_locals\n    include_local_variables=False,\n\n"
    '    # Replace request_bodies\n    max_request_body_size="always",\n\n'
    '    # Replace _experiments["profiles_sample_rate"]\n'
    '    # Replace _experiments["profiler_mode"]\n'
    '    profiles_sample_rate=1.0,\n    profiler_mode="thread",\n)\n'
)

ONE_FINDING = {
    "activating the current hub's clone": (
        "import sentry_sdk\n\n"
        "with sentry_sdk.Hub(sentry_sdk.Hub.current) as hub:\n"
        '    sentry_sdk.capture_message("I am isolated!")\n',
        "import sentry_sdk\n\n"
        "with sentry_sdk.isolation_scope() as scope:\n"
        '    sentry_sdk.capture_message("I am isolated!")\n',
    ),
    "activating a custom hub": (
        "import sentry_sdk\n\n"
        "my_hub = sentry_sdk.Hub(sentry_sdk.Hub.current)\n"
        "with my_hub:\n"
        '    sentry_sdk.capture_message("I am isolated")\n',
        "import sentry_sdk\n"
        "import sentry_sdk.scope\n\n"
        "my_isolation_scope = sentry_sdk.get_isolation_scope().fork()\n"
        "with sentry_sdk.scope.use_isolation_scope(my_isolation_scope):\n"
        '    sentry_sdk.capture_message("I am isolated")\n',
    ),
    "cloning a hub": (
        "import sentry_sdk\n\n"
        "my_hub = sentry_sdk.Hub(sentry_sdk.Hub.current)\n"
        "my_cloned_hub = sentry_sdk.Hub(my_hub)\n",
        "import sentry_sdk\n\n"
        "my_isolation_scope = sentry_sdk.get_isolation_scope().fork()\n"
        "my_cloned_isolation_scope = my_isolation_scope.fork()\n",
    ),
    "configuring the current scope": (
        "import sentry_sdk\n"
        "with sentry_sdk.configure_scope() as scope:\n"
        "    # do something with scope\n"
        "    scope.set_tag('a', 'b')\n",
        "import sentry_sdk\n"
        "scope = sentry_sdk.get_current_scope()\n"
        "# do something with scope\n"
        "scope.set_tag('a', 'b')\n",
    ),
    "configuring the isolation scope": (
        "import sentry_sdk\n"
        "with sentry_sdk.configure_scope() as scope:\n"
        "    # do something with scope\n"
        "    scope.set_tag('a', 'b')\n",
        "import sentry_sdk\n"
        "scope = sentry_sdk.get_isolation_scope()\n"
        "# do something with scope\n"
        "scope.set_tag('a', 'b')\n",
    ),
    "mutating a transaction": (
        "import sentry_sdk\n"
        "with sentry_sdk.configure_scope() as scope:\n"
        '    scope.set_transaction_name("new-transaction-name")\n',
        "import sentry_sdk\n"
        "scope = sentry_sdk.get_current_scope()\n"
        'scope.set_transaction_name("new-transaction-name")\n',
    ),
    "pushing for a small part": (
        "import sentry_sdk\n"
        "with sentry_sdk.push_scope() as scope:\n"
        "    # do something\n"
        "    scope.set_tag('a', 'b')\n",
        "import sentry_sdk\n"
        "with sentry_sdk.new_scope() as scope:\n"
        "    # do something\n"
        "    scope.set_tag('a', 'b')\n",
    ),
    "pushing for a whole request": (
        "import sentry_sdk\n"
        "with sentry_sdk.push_scope() as scope:\n"
        "    # do something\n"
        "    scope.set_tag('a', 'b')\n",
        "import sentry_sdk\n"
        "with sentry_sdk.isolation_scope() as scope:\n"
        "    # do something\n"
        "    scope.set_tag('a', 'b')\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), ONE_FINDING.values(), ids=ONE_FINDING)
def test_a_choice_of_the_finding(before: str, after: str) -> None:
    result = analyze(Source(before), Settings())
    offered = [
        apply(before, one.edits)
        for finding in result.findings
        for one in (finding.fix, *finding.alternatives)
        if one is not None
    ]
    assert after in offered


def test_the_options_of_init() -> None:
    assert fix(Source(INIT), Settings(), unsafe=True).text == INIT_AFTER


METRICS = (
    "import sentry_sdk\n"
    "def before_emit(key, tags):\n"
    "    return True\n"
    'sentry_sdk.init(_experiments={"before_emit_metric": before_emit})\n'
)

REPORTED = {
    "before_emit_metric takes four arguments": (METRICS, "init-experiments-metrics"),
    "last_event_id() was gone in 2.0 and 2.1": (
        "import sentry_sdk\nsentry_sdk.last_event_id()\n",
        "last-event-id",
    ),
    "capture_event() of a transport": (
        "from sentry_sdk.transport import Transport\n"
        "class Mine(Transport):\n"
        "    def capture_event(self, event):\n"
        "        print(event)\n",
        "transport-abstract",
    ),
    "transport functions": (
        "import sentry_sdk\nsentry_sdk.init(transport=lambda event: print(event))\n",
        "transport-function",
    ),
    "Python below 3.6": (
        "import sys\nPY2 = sys.version_info[0] == 2\nimport sentry_sdk\n",
        "python-drop",
    ),
    "self-hosted Sentry": (
        'import sentry_sdk\nsentry_sdk.init(dsn="https://key@sentry.example.org/1")\n',
        "self-hosted",
    ),
}


@pytest.mark.parametrize(("code", "rule"), REPORTED.values(), ids=REPORTED)
def test_reported(code: str, rule: str) -> None:
    settings = Settings(select=("ALL",), sdk_version=(2, 0, 0))
    result = analyze(Source(code), settings)
    assert rule in {finding.name for finding in result.findings}
