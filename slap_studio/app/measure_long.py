"""Measure what the real window's thread does on long clips: for an answer, a move of the cursor, a hovering mouse."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtTest import QTest

from slap_studio.app.jobs import wait_for
from slap_studio.app.main import make_application, make_studio
from slap_studio.app.opening import Opening
from slap_studio.problems import UnusableInput

PATIENCE = 120_000  # milliseconds that an answer may take
MOVES = 24


class Hands:
    """A window with hands at it, opened once."""

    def __init__(self) -> None:
        self._application = make_application()
        self._controller = make_studio(self._application, "dark")
        self._controller.window.resize(1440, 900)
        self._controller.window.show()
        self._problems: list[str] = []
        self._controller.lanes["clip"].answered.connect(self._opened)
        self._controller.lanes["solve"].answered.connect(self._opened)

    def on(self, video: Path, tell: Callable[[str], None]) -> dict[str, float]:
        """Open a clip; milliseconds of the window's thread, the least of several."""
        controller = self._controller
        self._until_path(lambda: controller.open(Opening(video, "a red cube")))
        # Another process fits it, and its answer would come in the middle.
        controller.waiting.cancel_map()
        space, loaded = controller.window.workspace, controller.loaded
        assert space is not None
        assert loaded is not None
        times, rows, picture = loaded.clip.times, space.time.rows, space.stage.stage.picture
        tell(f"{len(times):,} frames are open")

        def answered(coupling: float) -> None:
            self._until_path(lambda: controller.choosing.physics(coupling=coupling))

        def moved(time: float) -> None:
            controller.move_cursor(time)
            # What is painted at once waits for the scene.
            space.stage.draw()
            rows.repaint()

        shares = [one / MOVES for one in range(1, MOVES)]
        middle, bottom = picture.height() // 2, rows.height() - 50
        answers = [self._spent(partial(answered, 0.1 + share)) for share in shares]
        cursors = [self._spent(partial(moved, share * float(times[-1]))) for share in shares]
        over_map = [QPoint(round(share * picture.width()), middle) for share in shares]
        over_time = [QPoint(round(rows.axis.left + share * rows.axis.width), bottom) for share in shares]
        stage = [self._spent(partial(QTest.mouseMove, picture, point)) for point in over_map]
        timeline = [self._spent(partial(QTest.mouseMove, rows, point)) for point in over_time]
        return {
            "window_answer_ms": _least(answers), "window_cursor_ms": _least(cursors),
            "window_hover_stage_ms": _least(stage), "window_hover_timeline_ms": _least(timeline),
        }  # fmt: skip

    def close(self) -> None:
        """Close the window and end its threads."""
        self._controller.close()
        wait_for(self._controller.lanes.values())
        self._controller.window.deleteLater()
        self._application.shutdown()

    def _opened(self, answer: object) -> None:
        problem = getattr(answer, "problem", None)
        if problem is not None:
            self._problems.append(problem)

    def _until_path(self, ask: Callable[[], object]) -> None:
        """Ask, and let the window live until the path that follows is drawn."""
        loop, controller = QEventLoop(), self._controller
        controller.path_shown.connect(loop.quit)
        limit = QTimer(loop, singleShot=True, interval=PATIENCE)
        limit.timeout.connect(loop.quit)
        limit.start()
        ask()
        loop.exec()
        controller.path_shown.disconnect(loop.quit)
        if not limit.isActive():
            raise UnusableInput(self._problems[-1] if self._problems else "No path was drawn; try fewer frames.")

    @staticmethod
    def _spent(work: Callable[[], object]) -> float:
        began = time.thread_time()
        work()
        return time.thread_time() - began


def _least(seconds: list[float]) -> float:
    return round(1000 * min(seconds), 2)
