"""`python -m sentry_migrate.lsp` runs the server over standard input and output."""

from __future__ import annotations

from sentry_migrate.lsp.server import main

if __name__ == "__main__":
    main()
