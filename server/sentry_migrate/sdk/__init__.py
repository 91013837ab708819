"""What a text means in terms of sentry_sdk: names, values, options, uses. Knows no rule."""
