"""`python -m sentry_migrate.lsp` runs the server over standard input and output."""

from sentry_migrate import isolation

if __name__ == "__main__":
    isolation.enter()
    from sentry_migrate.lsp.start import main

    main()
