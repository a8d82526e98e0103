"""Random hands on the real window: drags, clicks, wheel, keys, menus, samples in turn, one small move per tick."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMessageBox, QSlider, QWidget

from slap_studio.app.soak_rest import Rest
from slap_studio.app.soak_watch import Watch, Weight
from slap_studio.views.action import Action

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller

TICK = 20  # milliseconds between two moves of the hand
PATIENCE = 250  # ticks after which what stands before the window is said not to close
WEIGHED_EVERY = 150.0  # seconds
# What ends the run, asks for a file of its own accord, or throws away what is not of this run.
UNSAFE = {"file.quit", "file.forget", "file.save"}
KEYS = (
    "Space", "Left", "Right", "Up", "Down", "Home", "End", "I", "O", "Comma", "Period", "R", "C", "Escape", "Tab",
    "PageUp", "PageDown", "0", "3", "5", "9", "Return",
)  # fmt: skip
QUERIES = ("a red cube", "a blue ball", "a green cone", "a red zeppelin", "an empty scene", "")
CANDIDATES = ("a red cube\na blue ball", "a red cube\na green cone\nan empty scene", "", "a red cube")

Moves = Iterator[Callable[[], object]]


class RandomHand(QObject):
    """Does one thing after another until its time or its number of actions is over.

    Parameters
    ----------
    controller
        Of a shown window.
    seed
        Decides what is done.
    minutes, actions
        After which it ends; actions instead of minutes where they are given.
    done
        Called at the end.

    Attributes
    ----------
    count
        How often each kind of action was done.
    weights
        What the process held at the beginning, now and then, and at the end, each time at rest in the same state.
    """

    weighed = Signal(object)

    def __init__(
        self, controller: "Controller", seed: int, minutes: float, actions: int | None, done: Callable[[], None]
    ) -> None:
        super().__init__()
        self.watch = Watch(controller)
        self.count: Counter[str] = Counter()
        self.weights: list[Weight] = []
        self._controller = controller
        self._window = controller.window
        self._random = Random(seed)  # noqa: S311 (nothing secret)
        self._minutes, self._actions, self._done = minutes, actions, done
        self._deck: list[str] = []  # menu entries that have not had their turn
        self._samples = cycle(action for action in self._listed if action.name.startswith("file.sample."))
        self._moves: Moves = iter(())
        self._rest = Rest(controller)
        self._resting = False
        self._asked = 0  # ticks for which something has stood before the window
        self._on = ""  # what the present action is done to
        self._clock = QElapsedTimer()
        self._ticks = QTimer(self, interval=TICK)
        self._ticks.timeout.connect(self._tick)

    @property
    def seconds(self) -> float:
        """Since the first move."""
        return self._clock.elapsed() / 1000

    def start(self) -> None:
        """Begin."""
        self._clock.start()
        self.watch.start()
        self._ticks.start()

    # ---- one tick ---------------------------------------------------------------------------

    def _tick(self) -> None:
        if self._answered_a_dialog():
            return
        if self._resting:
            self._look_whether_it_rests()
            return
        move = next(self._moves, None)
        if move is not None:
            # Not from here: a timer does not fire while it is being served, and a dialog that the move opens would
            # wait for a hand that never comes.
            QTimer.singleShot(0, self, move)
            return
        if self._is_to_be_weighed:
            self.watch.doing = "coming to rest"
            self._resting = True
            self._rest.begin()
            return
        self._on = ""
        kind, self._moves = self._next()
        self.count[kind] += 1
        self.watch.doing = f"{kind} {self._on}".strip()

    @property
    def _is_to_be_weighed(self) -> bool:
        return not self.weights or self._share >= 1 or self.seconds - self.weights[-1].seconds >= WEIGHED_EVERY

    def _look_whether_it_rests(self) -> None:
        if not self._rest.reached():
            for name, lane in self._controller.lanes.items():
                self.watch.seen.awaited[name] += 0 if lane.idle else TICK
            return
        self._resting = False
        self.weights.append(Weight.now(self.seconds))
        self.weighed.emit(self.weights[-1])
        # Passing over all objects held the window up, and no hand had asked for that.
        self.watch.start()
        if self._share >= 1:
            self._end()

    @property
    def _share(self) -> float:
        if self._actions is not None:
            return self.count.total() / max(self._actions, 1)
        return self.seconds / max(60 * self._minutes, 1e-9)

    def _end(self) -> None:
        self._ticks.stop()
        self.watch.stop()
        self._done()

    def _answered_a_dialog(self) -> bool:
        """Close what stands before the window, as a hand would: a list, a menu, a question, a dialog."""
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            popup.close()
        elif isinstance(modal, QMessageBox):
            discard = modal.button(QMessageBox.StandardButton.Discard)
            (discard.click if discard is not None else modal.reject)()
        elif isinstance(modal, QDialog):
            modal.reject()
        elif modal is not None:
            modal.close()
        before = popup or modal
        self._asked = self._asked + 1 if before is not None else 0
        if before is not None and self._asked == PATIENCE:
            self.watch.seen.exceptions.append(f"{type(before).__name__} does not close (after {self.watch.doing})")
        return before is not None

    # ---- what may be done -------------------------------------------------------------------

    def _next(self) -> tuple[str, Moves]:
        """Another action: what it is called, and its moves."""
        kinds: dict[str, tuple[int, Callable[[], Moves]]] = {
            "drag a slider": (8, self._drag_slider), "drag": (5, self._drag), "click": (4, self._click),
            "wheel": (3, self._wheel), "button": (4, self._button), "key": (6, self._key), "menu": (4, self._menu),
            "sample": (1, self._sample), "query": (1, self._query), "candidates": (1, self._candidates),
            "resize": (1, self._resize),
        }  # fmt: skip
        kind = self._random.choices(list(kinds), [weight for weight, _ in kinds.values()])[0]
        return kind, kinds[kind][1]()

    def _drag_slider(self) -> Moves:
        slider = self._one(QSlider)
        if slider is None:
            return iter(())
        return self._dragged(slider, [self._point(slider) for _ in range(self._random.randint(2, 12))])

    def _drag(self) -> Moves:
        """On whatever lies at a point of the window: the band, the map, a curve, the sweep."""
        widget, place = self._somewhere()
        ends = [self._point(widget) for _ in range(self._random.randint(1, 8))]
        return self._dragged(widget, [place, *ends])

    def _click(self) -> Moves:
        widget, place = self._somewhere()
        press = QTest.mouseDClick if self._random.random() < 0.2 else QTest.mouseClick
        return self._on_it(widget, (partial(QTest.mouseMove, widget, place), partial(press, widget, _LEFT, pos=place)))

    def _wheel(self) -> Moves:
        widget, place = self._somewhere()
        turns = [self._random.choice((-120, 120)) for _ in range(self._random.randint(1, 4))]
        return self._on_it(widget, [partial(_turn, widget, place, turn) for turn in turns])

    def _button(self) -> Moves:
        button = self._one(QAbstractButton)
        return iter(()) if button is None else self._on_it(button, (partial(QTest.mouseClick, button, _LEFT),))

    def _key(self) -> Moves:
        self._on = self._random.choice(KEYS)
        key = getattr(Qt.Key, f"Key_{self._on}")
        return iter((lambda: QTest.keyClick(QApplication.focusWidget() or self._window, key),))

    def _menu(self) -> Moves:
        assert self._window.menus is not None
        action = self._dealt()
        self._on = action.name
        return iter((partial(self._window.menus.run, action),))

    def _sample(self) -> Moves:
        return iter((next(self._samples).run,))

    def _query(self) -> Moves:
        return iter((partial(self._controller.choosing.query, self._random.choice(QUERIES)),))

    def _candidates(self) -> Moves:
        # The dialog that asks for them is left out; what it would be told is not.
        return iter((partial(self._controller.candidates.choose, self._random.choice(CANDIDATES)),))

    def _resize(self) -> Moves:
        width, height = self._random.randint(1024, 1900), self._random.randint(680, 1180)
        return iter((partial(self._window.resize, width, height),))

    def _dragged(self, widget: QWidget, places: list[QPoint]) -> Moves:
        moves = [partial(QTest.mouseMove, widget, place) for place in places[1:]]
        press = partial(QTest.mousePress, widget, _LEFT, pos=places[0])
        return self._on_it(widget, [press, *moves, partial(QTest.mouseRelease, widget, _LEFT, pos=places[-1])])

    def _on_it(self, widget: QWidget, moves: Iterable[Callable[[], object]]) -> Moves:
        """Moves on a widget, for as long as there is one: what was found a tick ago may be gone by now."""
        return (partial(self._if_there, widget, move) for move in moves)

    def _if_there(self, widget: QWidget, move: Callable[[], object]) -> None:
        if widget is self._window or any(one is widget for one in self._window.findChildren(QWidget)):
            move()

    # ---- finding things ---------------------------------------------------------------------

    @property
    def _listed(self) -> tuple[Action, ...]:
        return self._window.menus.actions if self._window.menus is not None else ()

    def _dealt(self) -> Action:
        """One of the menus' entries, dealt like cards: what each brings in when it is first used comes early."""
        listed = {action.name: action for action in self._listed if _is_safe(action)}
        while True:
            if not self._deck:
                self._deck = sorted(listed)
                self._random.shuffle(self._deck)
            name = self._deck.pop()
            if name in listed:
                return listed[name]

    def _one(self, kind: type[QWidget]) -> QWidget | None:
        """One of the widgets of a kind that a hand can reach."""
        found = [widget for widget in self._window.findChildren(kind) if widget.isVisible() and widget.isEnabled()]
        if not found:
            return None
        chosen = self._random.choice(found)
        self._on = chosen.accessibleName() or (chosen.text() if isinstance(chosen, QAbstractButton) else "")
        return chosen

    def _somewhere(self) -> tuple[QWidget, QPoint]:
        """A point of the window, below the menus, and the widget there."""
        top = self._window.menuBar().height()
        place = QPoint(self._random.randrange(self._window.width()), self._random.randrange(top, self._window.height()))
        widget = self._window.childAt(place) or self._window
        self._on = widget.accessibleName() or type(widget).__name__
        return widget, widget.mapFrom(self._window, place)

    def _point(self, widget: QWidget) -> QPoint:
        return QPoint(self._random.randrange(max(widget.width(), 1)), self._random.randrange(max(widget.height(), 1)))


_LEFT = Qt.MouseButton.LeftButton


def _is_safe(action: Action) -> bool:
    """What ends with dots asks for more in a dialog."""
    return action.name not in UNSAFE and not action.text.endswith("…")


def _turn(widget: QWidget, place: QPoint, turn: int) -> None:
    event = QWheelEvent(
        QPointF(place), QPointF(widget.mapToGlobal(place)), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
