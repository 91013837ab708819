"""Programs run on the real sentry-sdk 1.x, and their rewrites on the real 2.x: do both send the
same?"""
