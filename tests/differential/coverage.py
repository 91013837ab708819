"""Rules without a program, and why."""

from __future__ import annotations

CANNOT_RUN = {
    "last-event-id": "it finds nothing where the newest SDK is meant",
    "requirements-pin": "it reads requirement files, not Python",
    "python-drop": "it is about the interpreter",
    "framework-drop": "it is about the versions of frameworks",
    "self-hosted": "it is about the server",
    "self-hosted-image": "it reads Compose files, not Python",
    "python-requires": "it is about the interpreter",
    "init-experiments-otel": "it needs OpenTelemetry",
    "default-5xx-http-exceptions": "it needs AIOHTTP or Bottle",
    "default-auto-integrations": "there is no code to find",
    "default-middleware-spans": "there is no code to find",
    "default-http-methods": "there is no code to find",
    "default-value-length": "there is no code to find",
    "default-sequence-repr": "there is no code to find",
    "init-positional": "the 1.x form is a subclass of an inner class",
    "scope-before-init": "the programs of `configure-scope-with` exercise it too",
}
