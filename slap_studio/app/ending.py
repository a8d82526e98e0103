"""The end of the process, also where something that it computes cannot be stopped."""

import atexit
import os
import sys
from collections.abc import Iterable

from slap_studio.app.jobs import Lane, wait_for
from slap_studio.log import log


def ended(lanes: Iterable[Lane], status: int) -> int:
    """Give the exit status back once closed lanes have come to rest; where one does not, end the process with it here.

    Left to itself, Python would stop such a thread inside of torch's code, and the C++ library aborts the whole process
    for it: a window that was closed would be reported as one that crashed. Nothing that a lane is at needs its end: it
    writes beside a file's place and renames.
    """
    late = wait_for(lanes)
    if not late:
        return status
    log.warning("At the end %s was still at work; the process ends without it.", ", ".join(late))
    # What any process does at its end: let go of temporary files, other processes and the log.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(status)
