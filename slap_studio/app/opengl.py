"""What draws: asked in a process of its own, since a driver that is broken may end whoever asks."""

import multiprocessing
from multiprocessing.connection import Connection

from slap_studio.app.screen import has_screen

LONGEST = 20.0  # seconds
NO_DRIVER = "no context can be made: the driver is missing or broken"


def opengl() -> str:
    """Renderer, version and Qt's platform in one line, or why there is none."""
    if not has_screen():
        return "no screen was found, so it was not asked"
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        return str(ours.recv()) if ours.poll(LONGEST) else "no answer came"
    except EOFError:
        process.join(1)
        return f"the driver ended the process that asked it ({process.exitcode})"
    finally:
        process.kill()
        ours.close()


def _tell(pipe: Connection) -> None:
    pipe.send(describe())


def describe() -> str:
    """The same, asked in this process."""
    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext

    application = QGuiApplication.instance() or QGuiApplication([])
    assert isinstance(application, QGuiApplication)
    screen = application.primaryScreen()
    size = f"{screen.size().width()}×{screen.size().height()} at {screen.devicePixelRatio():g}"
    qt = f"Qt {qVersion()} on {application.platformName()}, {size}"
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return f"{NO_DRIVER}; {qt}"
    ask = context.functions()
    vendor, renderer, version = (str(ask.glGetString(name)) for name in (0x1F00, 0x1F01, 0x1F02))
    context.doneCurrent()
    return f"{renderer}, {version}, by {vendor}; {qt}"
