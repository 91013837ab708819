"""A plugin of pytest that takes away what Python has on Unix only: `-p contributing.without_unix`.

For importing the modules of tests, not for running them: the standard library itself lacks it too.
No test is collected from the modules, which would take longest.
"""

from __future__ import annotations

import os
import signal
import sys

MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty")
OF_OS = ("fork", "geteuid", "getuid", "killpg", "mkfifo", "mknod", "setsid", "uname")
SIGNALS = ("SIGALRM", "SIGHUP", "SIGKILL", "SIGSTOP", "SIGUSR1")


def pytest_pycollect_makeitem() -> list[object]:
    """What is collected for anything in a module."""
    return []


def pytest_configure() -> None:
    """Before tests are collected, and after the other plugins are there."""
    sys.modules.update(dict.fromkeys(MODULES))  # None: there is no such module
    for holder, names in ((os, OF_OS), (signal, SIGNALS)):
        for name in names:
            if hasattr(holder, name):
                delattr(holder, name)
