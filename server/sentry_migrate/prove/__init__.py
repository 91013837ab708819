"""Running a project's own tests on both SDKs, and comparing what would reach Sentry."""
