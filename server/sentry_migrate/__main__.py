"""`python -m sentry_migrate` is the `sentry-migrate` command.

`-m` puts the working directory before everything else that is imported from. A project's own
`queue.py` or `click.py` is not what we mean, and code of a project is never run.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if sys.path and os.path.abspath(sys.path[0]) == os.getcwd() != home:
        del sys.path[0]
    from sentry_migrate.cli import main

    main()
