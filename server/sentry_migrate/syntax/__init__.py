"""Syntax: trees, spans, names and values. Knows libcst and sentry_sdk's names, but no rule."""
