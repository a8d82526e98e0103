"""What hands do to the views of the hypersphere, and what is seen of them then."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from slap_studio.session.look import View
from tests.window_tests.studio import Studio


def look_at(studio: Studio, view: View, *, relief: bool = False) -> None:
    """Click on a view's button and wait for its picture."""
    buttons = studio.space.stage.findChildren(QPushButton)
    (button,) = (b for b in buttons if b.isVisible() and b.text() == view.value.capitalize())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_for(studio, view, relief=relief)


def shortcut(studio: Studio, key: Qt.Key) -> None:
    """Press Ctrl and a key in the active window, as shortcuts are heard in no other."""
    studio.window.activateWindow()
    studio.wait(studio.window.isActiveWindow)
    # A line that is edited takes some of them for itself.
    studio.window.setFocus()
    studio.press(key, Qt.KeyboardModifier.ControlModifier)


def pixels(picture: QWidget) -> np.ndarray:
    """As it is painted, without the ring of the focus around it."""
    image = picture.grab(picture.rect().adjusted(8, 8, -8, -8)).toImage()
    # The bits are the image's: they go with it.
    return np.array(image.constBits())


def wait_for(studio: Studio, view: View, *, relief: bool = False) -> None:
    def there() -> bool:
        stand = studio.answers[-1].stand
        return (stand.view, stand.relief) == (view, relief)

    studio.wait(there)
    studio.settle()
