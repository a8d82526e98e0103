"""What stands still in an OpenGL scene: kept with its depth once it has been drawn, and put back from there.

Where OpenGL is software, the fourteen thousand triangles of a ball cost ten times what putting them back costs.
"""

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QOpenGLContext
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat
from shiboken6 import getCppPointer

_COLOUR_AND_DEPTH = 0x4000 | 0x0100
_BOTH, _READ, _DRAW = 0x8D40, 0x8CA8, 0x8CA9  # OpenGL's names of what a framebuffer is bound for
_NEAREST = 0x2600


class Standing:
    """A copy of a canvas, as it is when what stands still has been drawn and nothing else.

    Parameters
    ----------
    canvas
        vispy's, on the Qt backend; all calls come while it is being drawn.
    """

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self._copy: QOpenGLFramebufferObject | None = None
        self._of: tuple[QSize, int] | None = None  # of what size, and in which context
        self._stood = False  # whether it has been drawn before as it is now

    def forget(self) -> None:
        """Something of it has changed, or nobody looks at it."""
        self._copy = self._of = None
        self._stood = False

    def put_back(self) -> bool:
        """Have on the canvas what was kept of it, if that can be."""
        if self._of not in (None, self._present):
            self.forget()
        if self._copy is None:
            return False
        self._transfer(self._copy.handle(), self._ground)
        return True

    def keep(self) -> None:
        """Keep what is on the canvas now, from the second time on: while it turns, every copy would be for nothing."""
        if not self._stood:
            self._stood = True
            return
        # What has several samples per pixel can be copied in its colours alone.
        if self._canvas.native.format().samples() > 0 or not QOpenGLFramebufferObject.hasOpenGLFramebufferBlit():
            return
        if self._copy is None:
            with_depth = QOpenGLFramebufferObjectFormat()
            with_depth.setAttachment(QOpenGLFramebufferObject.Attachment.CombinedDepthStencil)
            self._of = self._present
            self._copy = QOpenGLFramebufferObject(self._of[0], with_depth)
        self._transfer(self._ground, self._copy.handle())

    @property
    def _present(self) -> tuple[QSize, int]:
        native = self._canvas.native
        return native.size() * native.devicePixelRatioF(), getCppPointer(QOpenGLContext.currentContext())[0]

    @property
    def _ground(self) -> int:
        return int(self._canvas.native.defaultFramebufferObject())

    def _transfer(self, source: int, target: int) -> None:
        assert self._of is not None
        wide, high = self._of[0].width(), self._of[0].height()
        # vispy holds commands back; these must come after them.
        self._canvas.context.flush_commands()
        opengl = QOpenGLContext.currentContext().extraFunctions()
        opengl.glBindFramebuffer(_READ, source)
        opengl.glBindFramebuffer(_DRAW, target)
        opengl.glBlitFramebuffer(0, 0, wide, high, 0, 0, wide, high, _COLOUR_AND_DEPTH, _NEAREST)
        opengl.glBindFramebuffer(_BOTH, self._ground)
