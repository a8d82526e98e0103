"""The program's icons, from the two drawings in assets/icons: .png of every size, .ico for Windows, .icns for macOS.

Usage: python tools/icons.py [FOLDER]; needs no screen.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from slap_studio.resources import assets

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
IN_ICO = (16, 24, 32, 48, 64, 128, 256)
IN_ICNS = (16, 32, 64, 128, 256, 512, 1024)
SMALL = 32  # pixels: up to here the drawing with fewer and thicker parts is taken


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        drawn(size).save(folder / f"slap-studio-{size}.png", optimize=True)
    for name, sizes in (("slap-studio.ico", IN_ICO), ("slap-studio.icns", IN_ICNS)):
        pictures = [drawn(size) for size in sizes]
        pictures[-1].save(folder / name, append_images=pictures[:-1], sizes=[(size, size) for size in sizes])


def drawn(size: int) -> Image.Image:
    """The drawing that suits a size, in that many pixels."""
    name = "slap-studio-small.svg" if size <= SMALL else "slap-studio.svg"
    renderer = QSvgRenderer(str(assets() / "icons" / name))
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(buffer.data().data())).convert("RGBA")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else assets() / "icons")
