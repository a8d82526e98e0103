"""The clip's frames as small pictures: all of a short clip at once, of a long one those that are looked at."""

from collections.abc import Sequence
from functools import lru_cache
from typing import overload

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

_LARGEST = 1 << 18  # pixels of a thumbnail; they are 96 high
MOST = 2000  # pictures that are held in memory, 65 kB each


class Pictures(Sequence[QImage]):
    """Thumbnails [M] as images, each made from its JPEG bytes when it is first looked at; used by any thread."""

    def __init__(self, jpegs: Sequence[bytes]) -> None:
        self._jpegs = jpegs
        self._image = lru_cache(MOST)(lambda index: _image(jpegs[index]))

    @classmethod
    def ready(cls, jpegs: Sequence[bytes]) -> "Pictures":
        """The same, with as many as are held made now: on the lane's thread, so that no hand waits for it."""
        made = cls(jpegs)
        for index in range(len(jpegs) if len(jpegs) <= MOST else 1):
            made[index]
        return made

    def __len__(self) -> int:
        return len(self._jpegs)

    @overload
    def __getitem__(self, index: int) -> QImage: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[QImage, ...]: ...
    def __getitem__(self, index: int | slice) -> QImage | tuple[QImage, ...]:
        if isinstance(index, slice):
            return tuple(self[each] for each in range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._image(int(index) % len(self))


def _image(data: bytes) -> QImage:
    """The picture; where the file that holds it is damaged or gone, a grey one; one that claims to be huge, small."""
    buffer = QBuffer()
    buffer.setData(data)
    reader = QImageReader(buffer, QByteArray(b"jpeg"))
    if reader.size().width() * reader.size().height() > _LARGEST:
        reader.setScaledSize(QSize(171, 96))
    image = reader.read().convertToFormat(QImage.Format.Format_RGB32)
    if image.isNull():
        image = QImage(16, 9, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.gray)
    return image
