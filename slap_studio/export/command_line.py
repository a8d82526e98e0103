"""The present settings as a `slap-studio solve` line that gives the very path that is drawn."""

import shlex
import subprocess
import sys
from pathlib import Path

from slap_studio.bundled import is_bundled
from slap_studio.session.state import Session


def words(session: Session, device: str) -> list[str]:
    """The command's words; every setting is named, so that a later default changes nothing.

    Parameters
    ----------
    session
        With an open clip, its gap and a query.
    device
        Where the window's descent runs.
    """
    video, gap, physics, descent = session.video, session.gap, session.physics, session.descent
    if video is None or gap is None or not session.query:
        raise ValueError("a command line needs a clip, a gap and a query")
    return [
        program(), "solve", str(video.absolute()),
        f"--query={session.query}",
        "--hide", f"{float(gap.start)!r}:{float(gap.end)!r}",
        "--encoder", session.encoder,
        "--coupling", repr(float(physics.coupling)),
        "--mass", repr(float(physics.mass)),
        "--time-step", repr(float(physics.time_step)),
        "--kinetic", physics.kinetic.value,
        "--alignment", session.alignment.value,
        "--steps", str(descent.steps),
        "--step-size", repr(float(descent.step_size)),
        "--method", "descent",
        "--dtype", "float32",
        "--device", device,
        "--out", f"{video.stem}-path.npz",
    ]  # fmt: skip


def program() -> str:
    """How a shell finds the program: by its name where it was installed, by its path in the built folder."""
    if not is_bundled():
        return "slap-studio"
    # On Windows the program with the window cannot print.
    printing = Path(sys.executable).with_name("slap-studio-console.exe")
    return str(printing) if printing.is_file() else sys.executable


def command(session: Session, device: str, *, windows: bool = sys.platform == "win32") -> str:
    """The command as a shell takes it, quoted for the shells of this system."""
    line = words(session, device)
    return subprocess.list2cmdline(line) if windows else shlex.join(line)
