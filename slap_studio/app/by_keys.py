"""What hands do with the mouse on the time band and on the stage, for the keyboard: shift the gap, turn and zoom."""

from functools import partial
from typing import TYPE_CHECKING

from slap_studio.core.times import nearest_index
from slap_studio.views.action import Action

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller


def gap_actions(controller: "Controller") -> tuple[Action, ...]:
    """Shift the gap, or its end, by a frame."""
    return tuple(
        Action(f"gap.{name}", "Time/Shift the gap", text, partial(_shift, controller, *by), keys,
               unavailable=partial(_needs_gap, controller), hint=hint)
        for name, text, by, keys, hint in (
            ("earlier", "Earlier", (-1, -1), "Shift+Left", "Hide the same length, one frame earlier."),
            ("later", "Later", (1, 1), "Shift+Right", "Hide the same length, one frame later."),
            ("shorter", "Shorter", (0, -1), "Alt+Left", "Let the gap end one frame earlier."),
            ("longer", "Longer", (0, 1), "Alt+Right", "Let the gap end one frame later."),
        )
    )  # fmt: skip


def zoom_actions(controller: "Controller") -> tuple[Action, ...]:
    """Come nearer to what the stage shows, or go away from it."""
    return (
        Action("view.zoom.in", "View", "Zoom in", partial(_zoom, controller, 1), "Ctrl++", ("Ctrl+=",),
               ("+", "="), unavailable=partial(_needs_gap, controller),
               hint="Show less of the stage's picture, larger."),
        Action("view.zoom.out", "View", "Zoom out", partial(_zoom, controller, -1), "Ctrl+-", on_stage=("-",),
               unavailable=partial(_needs_gap, controller), hint="Show more of the stage's picture, smaller."),
    )  # fmt: skip


def timeline_actions(controller: "Controller") -> tuple[Action, ...]:
    """Show less of the clip on the timeline, or more of it."""
    return tuple(
        Action(f"view.timeline.{name}", "View/Timeline", text, partial(_on_timeline, controller, name), keys,
               unavailable=partial(_needs_gap, controller), hint=hint)
        for name, text, keys, hint in (
            ("in", "Zoom the timeline in", "Ctrl+Up",
             "Show half as much of the clip, around the cursor; Ctrl and the wheel do so around the pointer."),
            ("out", "Zoom the timeline out", "Ctrl+Down", "Show twice as much of the clip."),
            ("gap", "Zoom to the gap", "Z", "Show the gap on the timeline, and as much again on its either side."),
            ("whole", "Whole clip", "Shift+Z", "Show all of the clip on the timeline."),
        )
    )  # fmt: skip


def turn_actions(controller: "Controller") -> tuple[Action, ...]:
    """Turn the picture in space, or move the flat map, once Tab has brought the keyboard to the stage."""
    return tuple(
        Action(f"view.turn.{name}", "View/Turn or move the picture", text, partial(_turn, controller, *by),
               on_stage=(key,), unavailable=partial(_needs_picture, controller), hint=hint)
        for name, text, by, key, hint in (
            ("left", "To the left", (-1, 0), "Left", "Look at the globe, the slice or the map from further left."),
            ("right", "To the right", (1, 0), "Right", "Look at the globe, the slice or the map from further right."),
            ("up", "Upwards", (0, 1), "Up", "Look at the globe, the slice or the map from further up."),
            ("down", "Downwards", (0, -1), "Down", "Look at the globe, the slice or the map from further down."),
        )
    )  # fmt: skip


def _needs_gap(controller: "Controller") -> str:
    return "" if controller.loaded is not None and controller.session.gap is not None else "Open a video first: Ctrl+O."


def _needs_picture(controller: "Controller") -> str:
    space = controller.window.workspace
    seen = space is None or space.stage.on_sphere
    return _needs_gap(controller) or ("" if seen else "Show the map, the globe or the slice first: Ctrl+1 to Ctrl+3.")


def _on_timeline(controller: "Controller", what: str) -> None:
    space = controller.window.workspace
    if space is None:
        return
    rows = space.time.rows
    if what in ("in", "out"):
        rows.zoom(1 if what == "in" else -1)
    elif what == "gap":
        rows.show_gap()
    else:
        rows.show_whole()


def _shift(controller: "Controller", start_by: int, end_by: int) -> None:
    loaded, gap = controller.loaded, controller.session.gap
    if loaded is None or gap is None:
        return
    times = loaded.clip.times
    start, end = (nearest_index(times, time) for time in (gap.start, gap.end))
    if 0 <= start + start_by < end + end_by - 1 and end + end_by < len(times):
        controller.gaps.move(float(times[start + start_by]), float(times[end + end_by]))


def _turn(controller: "Controller", right: int, up: int) -> None:
    space = controller.window.workspace
    if space is not None and space.stage.on_sphere:
        space.stage.seen.turn(right, up)


def _zoom(controller: "Controller", by: int) -> None:
    space = controller.window.workspace
    if space is not None:
        space.stage.zoom(by)
