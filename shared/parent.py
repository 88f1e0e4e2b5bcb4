"""A process that has loaded everything and does nothing; its child works. When that dies, the next is there
at once: a new interpreter is busy for seconds before it comes as far.

Nothing may be open when a child is made: neither databases nor sockets nor threads outlive a fork.
"""

import gc
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from shared import logs

_log = logs.get("parent")
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
# The exit code for what a person has to mend.
_MISCONFIGURED = 2
# Seconds after which a death says nothing of the next child. A worker that ends for a batch has tried it for
# a few; who was killed from outside, at whatever moment, died of nothing that the next would meet again.
_ENDED, _KILLED = 10.0, 1.0
_DEATHS = 6
_PAUSE = 0.1


def beget() -> bool:
    """Returns in a child, and in another each time one dies; whether it is the first. The parent stays in
    here and passes signals on.

    It ends when its child was told to end or says that a person has to mend something, and after a few that
    died at once: whoever started it shall see that.
    """
    keep_loaded()
    return _Parent().stay()


def keep_loaded() -> None:
    """Before a fork: the collector would look through what is loaded again and again, and so copy memory that
    all children share.
    """
    gc.collect()
    gc.freeze()


class _Parent:
    def __init__(self) -> None:
        self._child, self._ending, self._deaths, self._begotten = 0, False, 0, 0
        self._lifeline, self._held = os.pipe()

    def stay(self) -> bool:
        for number in _SIGNALS:
            signal.signal(number, self._pass_on)
        while not self._ending and self._fork():
            began = time.monotonic()
            code = self._outlive()
            self._child = 0
            long_enough = time.monotonic() - began > (_KILLED if code < 0 else _ENDED)
            self._deaths = 1 if long_enough else self._deaths + 1
            if self._ending or code in {0, _MISCONFIGURED} or self._deaths == _DEATHS:
                sys.exit(code if code >= 0 else 128 - code)
            _log.warning("child_died", code=code, attempt=self._deaths)
            time.sleep(_PAUSE * (2 ** (self._deaths - 1) - 1))
        return self._begotten == 1

    def _fork(self) -> bool:
        """Whether this is the parent."""
        # A signal that comes meanwhile must find the new child's number.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self._begotten += 1
        self._child = os.fork()
        if not self._child:
            for number in _SIGNALS:
                signal.signal(number, lambda *_: sys.exit(0))
            os.close(self._held)
            threading.Thread(target=_follow, args=(self._lifeline,), name="lifeline", daemon=True).start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        return bool(self._child)

    def _outlive(self) -> int:
        """The exit code of the child, negative for a signal. As the first process of a container the parent
        also buries others.
        """
        while True:
            number, status = os.wait()
            if number == self._child:
                return os.waitstatus_to_exitcode(status)

    def _pass_on(self, number: int, _frame: Any) -> None:
        self._ending = True
        if not self._child:
            sys.exit(0)
        with suppress(ProcessLookupError):
            os.kill(self._child, number)


def _follow(lifeline: int) -> None:
    """Wait for the parent's end, which closes its side, and end too."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)
