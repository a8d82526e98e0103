"""The window's parts by the names that lessons give them: locked, hidden, covered, and brought back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from slap_studio.views.theme import Theme
from slap_studio.views.veil import Veil
from slap_studio.views.window import Window
from slap_studio.views.workspace import Workspace

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

LOCKED = "Locked by the lesson"
_PANELS = ("video", "inspector")  # they stand where the lesson does, unless it wants them
_INSETS = {"query": 74}  # pixels from the right end, where something else stands there


@dataclass(frozen=True)
class _Before:
    """How a control was before the lesson touched it."""

    enabled: bool
    hints: tuple[tuple[QWidget, str], ...]


class LessonParts:
    """Does to the window's parts what a lesson asks; `release` undoes all of it.

    Parameters
    ----------
    window, space
        Whose parts they are.
    """

    def __init__(self, window: Window, space: Workspace, theme: Theme) -> None:
        self._theme = theme
        self._space = space
        physics, stage, rows = space.physics, space.stage, space.time.rows
        self._controls: dict[str, QWidget] = {
            "presets": physics.presets, "coupling": physics.coupling, "mass": physics.mass,
            "step_size": physics.step_size, "steps": space.steps, "kinetic": physics.kinetic_part,
            "alignment": physics.alignment_part, "reset": physics.reset, "query": window.top.query,
            "beside": stage.beside, "views": stage.switch, "curves": rows.curves.choice, "certificates": physics.lights,
            "figures": physics.figures,
        }  # fmt: skip
        self._covered: dict[str, tuple[QWidget, Callable[[], QRect]]] = {
            "stage": (stage, stage.rect),
            "regime": (stage, stage.regime.geometry),
            "curves": (rows, rows.curves_area),
            "nearest": (rows, rows.nearest_area),
            "figures": (physics.figures, physics.figures.rect),
            "certificates": (physics.lights, physics.lights.rect),
            "steps": (space.steps.plot.parentWidget() or space.steps, lambda: space.steps.curves_area),
        }
        self._before: dict[str, _Before] = {}
        self._hidden: set[str] = set()
        self._marks: dict[str, Padlock] = {}
        self._veils: dict[str, Veil] = {}

    def show_access(self, access: Mapping[str, str]) -> None:
        """Let every control be "shown", "locked" or "hidden"; those that are not named are shown."""
        for name, control in self._controls.items():
            self._show_one(name, control, access.get(name, "shown"))
        for name in _PANELS:
            if access:
                self._space.show_panel(name, shown=access.get(name) == "shown")
        self._space.stage.arrange()

    def cover(self, names: Iterable[str]) -> None:
        """Cover these parts and no others."""
        names = set(names)
        if "stage" in names:
            names.discard("regime")  # it lies on the stage
        for name in set(self._veils) - names:
            self._veils.pop(name).lift()
        for name in names - set(self._veils):
            self._veils[name] = Veil(*self._covered[name], self._theme)
        for veil in self._veils.values():
            veil.place()

    def release(self) -> None:
        """Everything as it was."""
        self.cover(())
        self.show_access({})
        # Some parts belong to one view only.
        self._space.stage.show_view(self._space.stage.view)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        for veil in self._veils.values():
            veil.set_theme(theme)
        for mark in self._marks.values():
            mark.set_theme(theme)

    def _show_one(self, name: str, control: QWidget, access: str) -> None:
        if access == "shown":
            self._bring_back(name, control)
            return
        if name not in self._before:
            # A cover goes before what it covers does.
            hinted = [one for one in control.findChildren(QWidget) if one.toolTip() and not isinstance(one, Veil)]
            hints = tuple((one, one.toolTip()) for one in (control, *hinted))
            self._before[name] = _Before(control.isEnabled(), hints)
        self._hide(name, control, hidden=access == "hidden")
        self._lock(name, control, locked=access == "locked")

    def _lock(self, name: str, control: QWidget, *, locked: bool) -> None:
        before = self._before[name]
        control.setEnabled(before.enabled and not locked)
        for one, hint in before.hints:
            one.setToolTip(LOCKED if locked else hint)
        if locked and name not in self._marks:
            self._marks[name] = Padlock(control, self._theme, _INSETS.get(name, 18))
        elif not locked and name in self._marks:
            mark = self._marks.pop(name)
            mark.hide()
            mark.deleteLater()

    def _bring_back(self, name: str, control: QWidget) -> None:
        if name not in self._before:
            return
        self._lock(name, control, locked=False)
        self._hide(name, control, hidden=False)
        del self._before[name]

    def _hide(self, name: str, control: QWidget, *, hidden: bool) -> None:
        if hidden:
            self._hidden.add(name)
            control.hide()
        elif name in self._hidden:
            self._hidden.remove(name)
            control.show()


class Padlock(QWidget):
    """A small padlock in a locked control's corner: greyness alone is no sign."""

    def __init__(self, control: QWidget, theme: Theme, inset: int) -> None:
        super().__init__(control)
        self._control, self._inset = control, inset
        field = getattr(control, "field", None)
        self._field = field if isinstance(field, QWidget) and field.parent() is control else None
        self.setToolTip(LOCKED)
        self.setFixedSize(11, 13)
        for moved in filter(None, (control, self._field)):
            moved.installEventFilter(self)
        self.set_theme(theme)
        self.show()
        self.raise_()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self._place()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside what it locks."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

    def _place(self) -> None:
        control, inset = self._control, self._inset
        right = self._field.geometry().left() if self._field is not None else control.width()
        high = (control.height() - self.height()) // 2 if inset > 18 else 4
        self.move(max(right - self._theme.size(inset), 0), high)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A body and a shackle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.colour("secondary")
        painter.setPen(QPen(colour, 1.5))
        painter.drawArc(3, 1, 5, 9, 0, 180 * 16)
        painter.fillRect(1, 6, 9, 6, colour)
