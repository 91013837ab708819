"""Rules without a program, and why."""

from __future__ import annotations

CANNOT_RUN = {
    "last-event-id": "finds something only where the newest SDK is not meant",
    "requirements-pin": "reads requirement files, not Python",
    "python-drop": "is about the interpreter",
    "framework-drop": "is about the versions of frameworks",
    "self-hosted": "is about the server",
    "self-hosted-image": "reads compose files, not Python",
    "python-requires": "is about the interpreter",
    "init-experiments-otel": "needs an OpenTelemetry set-up",
    "default-5xx-http-exceptions": "needs AIOHTTP or Bottle, and no code of the program",
    "default-auto-integrations": "there is no code to find",
    "default-middleware-spans": "there is no code to find",
    "default-http-methods": "there is no code to find",
    "default-value-length": "there is no code to find",
    "default-sequence-repr": "there is no code to find",
    "init-positional": "the 1.x form is a sub-class of an inner class",
    "scope-before-init": "shares its programs with configure-scope-with",
}
