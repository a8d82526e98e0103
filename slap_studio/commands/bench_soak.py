"""`slap-studio bench soak`: random but valid actions on the real window, and what they leave behind."""

import sys
from typing import TYPE_CHECKING, Any

from slap_studio.commands.bench import machine, screen
from slap_studio.commands.own_home import own_home
from slap_studio.problems import UnusableInput
from slap_studio.resources import sample_videos

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.app.jobs import Answer
    from slap_studio.app.soak import RandomHand
    from slap_studio.app.soak_watch import Weight

EARLY = 300.0  # seconds after which memory should grow no more


def soak(minutes: float, seed: int, actions: int | None) -> dict[str, Any]:
    """Open the window, let random hands at it, report what was seen.

    Parameters
    ----------
    minutes
        How long.
    seed
        Decides what is done.
    actions
        How often something is done, instead of how long.

    Raises
    ------
    UnusableInput
        If there is neither a screen nor Xvfb, the run would have no length, or its sample cannot be opened.
    """
    if not minutes > 0 or (actions is not None and actions < 1):
        raise UnusableInput("A soak needs time or actions; give --minutes above 0, or --actions of at least 1.")
    with screen(), own_home(cache=False):
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QApplication

        from slap_studio.app.jobs import wait_for
        from slap_studio.app.main import make_application, make_studio, start
        from slap_studio.app.opening import Opening
        from slap_studio.app.soak import RandomHand

        # A dialog of the system's could not be closed from here.
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
        application = make_application()
        controller = make_studio(application, "dark")
        hand = RandomHand(controller, seed, minutes, actions, QApplication.quit)
        controller.window.resize(1440, 900)
        controller.window.show()
        problems = _begin_with_the_first_path(hand, controller)
        hand.weighed.connect(lambda weight: print(_weighed(weight), file=sys.stderr, flush=True))
        start(controller, Opening(sample_videos() / "tunnel.mp4"))
        with hand.watch.hooks():
            application.exec()
            controller.close()
            wait_for(controller.lanes.values())
            controller.window.deleteLater()
            application.shutdown()
        if problems:
            raise UnusableInput(problems[0])
        return _report(hand, seed)


def _begin_with_the_first_path(hand: "RandomHand", controller: "Controller") -> list[str]:
    """Why the sample was refused is in what comes back, once it was; how long it takes `bench launch` measures."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    problems: list[str] = []
    opened = controller.lanes["clip"].answered

    def refused(answer: "Answer") -> None:
        if answer.problem is not None:
            problems.append(answer.problem)
            QApplication.quit()

    def begin(_path: object) -> None:
        opened.disconnect(refused)
        hand.start()

    opened.connect(refused)
    controller.path_shown.connect(begin, Qt.ConnectionType.SingleShotConnection)
    return problems


def line(report: dict[str, Any]) -> str:
    """The report in one line."""
    faults = len(report["exceptions"])
    return (
        f"soak: {report['actions']} actions in {report['seconds'] / 60:.1f} min, seed {report['seed']}: "
        f"{faults or 'no'} exception{'s' if faults > 1 else ''}, longest stall {report['longest_stall_ms']:.0f} ms, "
        f"memory {report['memory_growth_mb']:+.1f} MB, threads {report['threads'][0]} → {report['threads'][1]}, "
        f"widgets {report['widgets'][0]} → {report['widgets'][1]}"
    )


def _weighed(weight: "Weight") -> str:
    used = "" if weight.used is None else f", {weight.used / 2**20:.0f} MB in blocks in use"
    arrays = f"{weight.arrays / 2**20:.0f} MB in arrays"
    return f"{weight.seconds / 60:.1f} min: {weight.memory / 2**20:.0f} MB{used}, {arrays}, {weight.widgets} widgets"


def _report(hand: "RandomHand", seed: int) -> dict[str, Any]:
    seen, weights = hand.watch.seen, hand.weights
    late = weights[-1]
    # Until then libraries are loaded and caches are filled.
    early = next(weight for weight in weights if weight.seconds >= min(EARLY, late.seconds / 5))
    return {
        "bench": "soak",
        "machine": machine(),
        "seed": seed,
        "seconds": round(hand.seconds, 1),
        "actions": hand.count.total(),
        "by_kind": dict(hand.count),
        "exceptions": seen.exceptions,
        "qt_warnings": dict(seen.warnings),
        "longest_stall_ms": round(1000 * seen.longest, 1),
        "stalls_over_50_ms": len(seen.stalls),
        "worst_stalls": [{"ms": round(1000 * stall, 1), "after": doing} for stall, doing in seen.worst],
        "stalls_after": {
            doing: {
                "stalls": len(stalls),
                "longest_ms": round(1000 * max(stalls), 1),
                "all_ms": round(1000 * sum(stalls)),
            }
            for doing, stalls in seen.stalls_after.items()
        },
        "memory_mb": [round(weight.memory / 2**20, 1) for weight in weights],
        "memory_growth_mb": round((late.memory - early.memory) / 2**20, 1),
        "used_mb": [None if weight.used is None else round(weight.used / 2**20, 1) for weight in weights],
        "arrays_mb": [round(weight.arrays / 2**20, 1) for weight in weights],
        "rest_awaited_ms": +seen.awaited,
        "weighed_at_s": [round(weight.seconds, 1) for weight in weights],
        "threads": [early.threads, late.threads],
        "widgets": [early.widgets, late.widgets],
        "widgets_more": dict(late.kinds - early.kinds),
    }
