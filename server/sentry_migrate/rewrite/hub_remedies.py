"""What a person does instead of giving a hub to other code. Each of these was run on both SDKs."""

from __future__ import annotations

_ACTIVE = (
    "`with sentry_sdk.scope.use_isolation_scope(isolation_scope), "
    "sentry_sdk.scope.use_scope(current_scope):`"
)
_FORKS = "`sentry_sdk.get_isolation_scope().fork()` and `sentry_sdk.get_current_scope().fork()`"
GIVE_FORKS = f"Pass {_FORKS} instead of the hub, and activate both: {_ACTIVE}."
FORKS_HERE = f"pass {_FORKS} here instead, and activate both: {_ACTIVE}."
"""To follow "if it is a hub"."""
GIVE_BOTH = (
    "Give `sentry_sdk.get_isolation_scope()` and `sentry_sdk.get_current_scope()` instead of a "
    f"hub, and activate both: {_ACTIVE}."
)
KEEP_BOTH = (
    "Keep two scopes for each hub, the first of them with its client, and activate both: "
    f"{_ACTIVE}."
)
GIVE_NOTHING = (
    "Give nothing to code that runs in the same thread and task: the functions of `sentry_sdk` "
    "find the active scopes. To others, give `sentry_sdk.get_isolation_scope()` and "
    "`sentry_sdk.get_current_scope()`, each with `.fork()` if the hub is cloned there, and "
    f"activate both: {_ACTIVE}."
)
