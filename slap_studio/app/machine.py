"""Which device computes for the window; where it fails, the CPU goes on in its place."""

import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from slap_studio.log import note_fault

_Result = TypeVar("_Result")


class Machine(QObject):
    """The device that all lanes of the window compute on; used from any of their threads.

    Attributes
    ----------
    device
        Its name, once it was asked for; "" before.
    lost
        Emitted on the window's thread with a sentence, once the CPU goes on in a device's place.
    """

    lost = Signal(str)
    _left = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.device = ""
        self._leaving = threading.Lock()
        self._left.connect(self._tell)

    def chosen(self) -> str:
        """The fastest device that is there, from then on the same."""
        from slap_studio.core.devices import chosen_device

        self.device = self.device or chosen_device()
        return self.device

    def goes_on(self, work: Callable[[], _Result], forget: Callable[[], None]) -> _Result:
        """What the work gives; where its device fails, what it gives once all is forgotten that lay on the device."""
        from slap_studio.core.devices import device_failed, why_it_failed

        device = self.device
        try:
            return work()
        except RuntimeError as error:
            if not device_failed(error, device):
                raise
            with self._leaving:
                # The other lanes find out by themselves, each at its own work.
                # Work that began before any device was chosen failed on the one that was chosen in it.
                if self.device != "cpu" and device in ("", self.device):
                    note_fault(f"The device {self.device} failed", error)
                    self.device = "cpu"
                    forget()
                    self._left.emit(why_it_failed(error))
        return work()

    def _tell(self, why: str) -> None:
        self.lost.emit(
            f"{why}, so the work goes on with the CPU, more slowly; close other programs that use the GPU and "
            "start again to have it back."
        )
