"""Python as such: trees, spans, names and scopes. Knows nothing of sentry_sdk."""
