"""`sentry-migrate` whose menus wait as long for the rest of the project as a busy machine needs.

A person is better served by a menu that comes soon and says "unsafe" of what is not known yet; a
test that runs beside others would see either.
"""

from __future__ import annotations

from sentry_migrate.cli import main
from sentry_migrate.lsp.features import code_action_resolve, with_tests
from sentry_migrate.lsp.session import reexport_index

reexport_index.PATIENCE = with_tests.PATIENCE = code_action_resolve.PATIENCE = 60.0

if __name__ == "__main__":
    main()
