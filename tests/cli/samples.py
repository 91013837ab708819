"""Code with known findings: `before` has one whose fix is safe, `after` is what the fix gives."""

from __future__ import annotations

BEFORE = """\
import sentry_sdk


def view(request):
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("tenant", request.tenant)
"""
AFTER = """\
import sentry_sdk


def view(request):
    scope = sentry_sdk.get_isolation_scope()
    scope.set_tag("tenant", request.tenant)
"""
AFTER_2_0 = AFTER.replace("get_isolation", "Scope.get_isolation")
UNSAFE = """\
import sentry_sdk

with sentry_sdk.configure_scope() as scope:
    scope.set_tag("tenant", "a")
"""
UNSAFE_AFTER = """\
import sentry_sdk

scope = sentry_sdk.get_isolation_scope()
scope.set_tag("tenant", "a")
"""
CLEAN = "import sentry_sdk\n\nsentry_sdk.set_tag('a', 'b')\n"
BROKEN = "import sentry_sdk\n\ndef view(:\n"
UNDECODABLE = b"import sentry_sdk\nname = '\xff'\n"
