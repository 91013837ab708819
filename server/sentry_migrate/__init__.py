"""Find sentry-sdk 1.x code and rewrite it to 2.x."""

from __future__ import annotations

__version__ = "0.1.0"
