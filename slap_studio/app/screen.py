"""Is there a screen? And a virtual one where there is none."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from slap_studio.problems import UnusableInput


def has_screen() -> bool:
    """Whether a window can be opened. Qt ends the process where it cannot, so this is asked before Qt is."""
    if sys.platform in ("win32", "darwin"):
        return True
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in ("offscreen", "minimal", "vnc"):
        return True
    return _answers(_wayland_socket()) or _x_answers(os.environ.get("DISPLAY", ""))


@contextmanager
def virtual_screen(width: int, height: int) -> Iterator[None]:
    """Run Xvfb for a while and let DISPLAY name it.

    Raises
    ------
    UnusableInput
        If Xvfb is not installed or does not start.
    """
    program = shutil.which("Xvfb")
    if program is None:
        raise UnusableInput(
            "No screen was found, and neither was Xvfb, which stands in for one; "
            "install it (Debian: apt install xvfb) or connect a screen."
        )
    reading, writing = os.pipe()
    screen = f"{max(width, 640)}x{max(height, 480)}x24"
    server = subprocess.Popen(  # noqa: S603 (a program of the system's with numbers as arguments)
        [program, own_display(), "-displayfd", str(writing), "-screen", "0", screen, "-nolisten", "tcp"],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        # Xvfb writes its number once it takes clients; nothing comes if it ends before.
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise UnusableInput("Xvfb is installed but does not start; run it by hand to see why.")
        before = os.environ.get("DISPLAY")
        os.environ["DISPLAY"] = f":{number}"
        try:
            yield
        finally:
            os.environ.pop("DISPLAY")
            if before is not None:
                os.environ["DISPLAY"] = before
    finally:
        server.terminate()
        server.wait()


def own_display() -> str:
    """Name of a display that no other process of ours takes.

    Left to choose, Xvfb takes the first number that seems free, also while the server that had it is still on its way
    out, which then takes the new one's socket away with its own.
    """
    return f":{100 + os.getpid() % 59_000}"


def _wayland_socket() -> Path | None:
    name, folder = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("XDG_RUNTIME_DIR")
    return Path(folder or "/", name) if name and (folder or Path(name).is_absolute()) else None


def _x_answers(display: str) -> bool:
    host, _, number = display.rpartition(":")
    number = number.split(".")[0]
    if not number.isdigit():
        return False
    if host in ("", "unix"):
        return _answers(Path(f"/tmp/.X11-unix/X{number}")) or _answers(f"\0/tmp/.X11-unix/X{number}")  # noqa: S108 (X's own place)
    try:
        with socket.create_connection((host, 6000 + int(number)), timeout=1):
            return True
    except OSError:
        return False


def _answers(address: Path | str | None) -> bool:
    if address is None:
        return False
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(address))
        except OSError:
            return False
    return True
