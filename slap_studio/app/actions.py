"""Everything that can be asked for by menu, key or palette; one function for each menu."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from slap_studio.app.by_keys import gap_actions, timeline_actions, turn_actions, zoom_actions
from slap_studio.app.dialogs import ask_for_candidates, ask_for_encoder, ask_for_file, ask_for_lesson
from slap_studio.app.exporting import KINDS
from slap_studio.app.helping import help_actions
from slap_studio.app.looks import look_actions
from slap_studio.encoders import BUILT_IN
from slap_studio.lessons.experiments import EXPERIMENTS
from slap_studio.lessons.shipped import shipped_lessons
from slap_studio.session.look import Colouring, View
from slap_studio.views.action import Action
from slap_studio.views.menus import RECENT

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.views.welcome import Sample


VIEWS = (
    (View.MAP, "Show the map", "Ctrl+1", "The clip's latents, the landscape and the path in the plane.", True),
    (
        View.GLOBE,
        "Show the globe",
        "Ctrl+2",
        "The clip's latents and the path on a sphere that a drag or the arrow keys turn.",
        False,
    ),
    (View.SLICE, "Show the slice", "Ctrl+3", "The great 2-sphere through start, end and query, with V on it.", False),
    (
        View.BIFURCATION,
        "Show the bifurcation",
        "Ctrl+4",
        "For every λ, where the last steps of a long descent end.",
        False,
    ),
    (View.SWEEP, "Show the sweep", "Ctrl+5", "The gap solved for many couplings λ and masses μ.", False),
)


COLOURINGS = (
    (Colouring.PLAIN, "Plain", "Draw the path's line in one colour."),
    (Colouring.TIME, "By time", "Let the colour of the path's line tell the time t."),
    (Colouring.POTENTIAL, "By V", "Let the colour of the path's line tell the potential energy V of each latent."),
)


def actions(controller: "Controller", samples: Sequence["Sample"]) -> tuple[Action, ...]:
    """The one list, in the order of the menus."""
    return (
        *_file(controller, samples),
        *_edit(controller),
        *_time(controller),
        *_solver(controller),
        *_pins(controller),
        *_view(controller),
        *_lessons(controller),
        *_experiments(controller),
        *_help(controller),
    )


def _needs_clip(controller: "Controller") -> str:
    return (
        "" if controller.session.video is not None else "Open a video first: Ctrl+O, or a sample on the welcome page."
    )


def _file(controller: "Controller", samples: Sequence["Sample"]) -> tuple[Action, ...]:
    return (
        Action("file.open", "File", "Open…", lambda: ask_for_file(controller), "Ctrl+O",
               hint="Choose a video or a session from the disk; dropping one on the window does the same."),
        Action("file.forget", RECENT, "Forget these", controller.forget_recent, line_above=True,
               hint="Empty the list of files opened before; the files stay."),
        *(
            Action(f"file.sample.{sample.path.stem}", "File/Samples", sample.title,
                   partial(controller.open_file, sample.path), hint=sample.text)
            for sample in samples
        ),
        Action("file.encoder.built_in", "File/Encoder", "Built-in (tunnel world)",
               lambda: controller.choose_encoder(BUILT_IN), checked=lambda: controller.session.encoder == BUILT_IN,
               hint="Embed the frames with the encoder that comes with the program."),
        Action("file.encoder.other", "File/Encoder", "Other open_clip model…", lambda: ask_for_encoder(controller),
               hint="Embed the frames with any model of open_clip, or with a checkpoint of yours."),
        Action("file.save", "File", "Save", controller.keeping.save, "Ctrl+S", line_above=True,
               unavailable=partial(_needs_clip, controller),
               hint="Save the session: video, embeddings, gap, query and settings in one file."),
        Action("file.save_as", "File", "Save as…", controller.keeping.save_as, "Ctrl+Shift+S",
               unavailable=partial(_needs_clip, controller), hint="Save the session in another file."),
        *_export(controller),
        Action("file.welcome", "File", "Welcome page", controller.go_home, "Ctrl+Shift+W", line_above=True,
               hint="Back to the samples; the clip stays open."),
        Action("file.quit", "File", "Quit", controller.window.close, "Ctrl+Q", line_above=True,
               hint="Close the window."),
    )  # fmt: skip


def _export(controller: "Controller") -> tuple[Action, ...]:
    exporting = controller.exporting
    return (
        *(
            Action(f"file.export.{kind.name}", "File/Export", kind.text, partial(exporting.ask, kind),
                   "Ctrl+E" if kind.name == "all" else "", hint=kind.hint, line_above=kind.line_above,
                   unavailable=partial(exporting.lacking, kind))
            for kind in KINDS
        ),
        Action("file.export.cancel", "File/Export", "Stop the export", exporting.cancel, line_above=True,
               unavailable=lambda: "Nothing is being exported." if exporting.idle else "",
               hint="Write nothing more; of a file that is not whole nothing stays."),
    )  # fmt: skip


def _edit(controller: "Controller") -> tuple[Action, ...]:
    history = controller.undoing
    return (
        Action("edit.undo", "Edit", "Undo", history.undo, "Ctrl+Z", unavailable=history.why_no_undo,
               text_now=history.undo_text, hint="Take back the last change; one drag is one change."),
        Action("edit.redo", "Edit", "Redo", history.redo, "Ctrl+Shift+Z", ("Ctrl+Y",), unavailable=history.why_no_redo,
               text_now=history.redo_text, hint="Do again what was undone last."),
        Action("edit.query", "Edit", "Edit the query", controller.window.top.query.setFocus, "Ctrl+L", line_above=True,
               hint="Put the keyboard into the line that says what to look for."),
        Action("edit.candidates", "Edit", "Readout candidates…", lambda: ask_for_candidates(controller),
               "Ctrl+Shift+C", hint="Write which texts the latents are read as."),
        Action("edit.copy_command", "Edit", "Copy as command line", controller.exporting.copy_command, "Ctrl+Shift+L",
               unavailable=controller.exporting.lacking_command, line_above=True,
               hint="Copy the slap-studio solve line that gives the path that is drawn."),
        Action("edit.reset", "Edit", "Reset all settings", controller.choosing.reset, "Ctrl+Shift+R", line_above=True,
               hint="Back to the paper's own λ, μ, Δt, α and K."),
        Action("edit.dismiss", "Edit", "Dismiss the message", controller.window.message.hide, "Esc",
               hint="Take away the sentence at the top of the window."),
    )  # fmt: skip


def _time(controller: "Controller") -> tuple[Action, ...]:
    without_clip = partial(_needs_clip, controller)
    return (
        Action("time.play", "Time", "Play or pause", controller.playing.toggle, "Space", unavailable=without_clip,
               hint="Let the cursor run through the clip."),
        Action("time.slower", "Time", "Slower", controller.playing.slower, unavailable=without_clip,
               hint="Play at half the speed, at a quarter of it, and then as filmed again."),
        Action("time.loop", "Time", "Loop within the gap", controller.playing.toggle_looping, "Shift+Space",
               unavailable=without_clip, checked=lambda: controller.playing.looping,
               hint="Play what is hidden over and over instead of the whole clip."),
        Action("time.back", "Time", "Previous frame", partial(controller.step_cursor, -1), "Left",
               unavailable=without_clip, hint="Move the cursor one sampled frame back."),
        Action("time.on", "Time", "Next frame", partial(controller.step_cursor, 1), "Right",
               unavailable=without_clip, hint="Move the cursor one sampled frame on."),
        Action("time.start", "Time", "Start of the clip", partial(controller.jump, "start"), "Home",
               unavailable=without_clip, hint="Move the cursor to the first frame."),
        Action("time.end", "Time", "End of the clip", partial(controller.jump, "end"), "End",
               unavailable=without_clip, hint="Move the cursor to the last frame."),
        *(
            Action(f"time.tenth.{tenth}", "Time/Go to", f"{10 * tenth} %", partial(controller.jump, str(tenth)),
                   str(tenth), unavailable=without_clip, hint=f"Move the cursor to {10 * tenth} % of the clip.")
            for tenth in range(10)
        ),
        Action("gap.in", "Time", "Gap begins here", partial(controller.gaps.mark, "in"), "I", unavailable=without_clip,
               line_above=True, hint="Let what is hidden begin at the cursor."),
        Action("gap.out", "Time", "Gap ends here", partial(controller.gaps.mark, "out"), "O", unavailable=without_clip,
               hint="Let what is hidden end at the cursor."),
        Action("gap.add", "Time", "Add a gap here", controller.gaps.add_here, "Ctrl+G", unavailable=without_clip,
               hint="Hide a further stretch around the cursor."),
        Action("gap.remove", "Time", "Remove the gap", controller.gaps.remove, "Del", unavailable=without_clip,
               hint="Hide the active gap's frames no more."),
        Action("gap.next", "Time", "Next gap", controller.gaps.next, "G", unavailable=without_clip,
               hint="Work on the gap that comes next in time, and go there."),
        Action("alarm.next", "Time", "Next alarm", controller.alarms.next, "N", line_above=True,
               unavailable=without_clip,
               hint="Go to the next latent that no frame comes near, or gap that another thing comes out of."),
        Action("alarm.previous", "Time", "Previous alarm", controller.alarms.previous, "Shift+N",
               unavailable=without_clip, hint="Go to the alarm before the cursor."),
        *gap_actions(controller),
    )  # fmt: skip


def _solver(controller: "Controller") -> tuple[Action, ...]:
    without_clip = partial(_needs_clip, controller)
    return (
        Action("solver.run", "Solver", "Run or pause", controller.stepping.toggle, "Ctrl+Space",
               unavailable=without_clip, hint="Let the kept steps of the descent go by, thirty a second."),
        Action("solver.slow", "Solver", "Slow motion", controller.stepping.toggle_slow,
               checked=lambda: controller.stepping.slow, hint="Let five steps go by in a second."),
        Action("solver.first", "Solver", "First step", controller.stepping.first, "Shift+Home",
               unavailable=without_clip, hint="Show the geodesic, from which the descent begins."),
        Action("solver.last", "Solver", "Last step", controller.stepping.last, "Shift+End",
               unavailable=without_clip, hint="Show the path after the last step that was solved."),
        Action("solver.back", "Solver", "One step back", partial(controller.choosing.step_by, -1), ",",
               unavailable=without_clip, hint="Show the path one descent step earlier."),
        Action("solver.on", "Solver", "One step on", partial(controller.choosing.step_by, 1), ".",
               unavailable=without_clip, hint="Show the path one descent step later."),
    )  # fmt: skip


def _pins(controller: "Controller") -> tuple[Action, ...]:
    without_clip = partial(_needs_clip, controller)
    return (
        Action("pin.add", "Solver", "Pin this path", controller.pinning.pin, "P", unavailable=without_clip,
               line_above=True, hint="Keep the path with its settings and compare what follows with it."),
        Action("pin.swap", "Solver", "Back to the newest pin", controller.pinning.restore_newest, "Shift+P",
               unavailable=without_clip, hint="Choose the settings of the path that was pinned last."),
        Action("pin.clear", "Solver", "Unpin all", controller.pinning.clear, unavailable=without_clip,
               hint="Take the pinned paths away."),
    )  # fmt: skip


def _help(controller: "Controller") -> tuple[Action, ...]:
    window = controller.window
    return (
        Action("help.palette", "Help", "Find an action…", window.open_palette, "Ctrl+Shift+P",
               hint="Type a few letters of what you want to do."),
        Action("help.shortcuts", "Help", "Shortcuts", window.open_sheet, "?",
               hint="Every action with its keys on one sheet."),
        *help_actions(controller),
    )  # fmt: skip


def _view(controller: "Controller") -> tuple[Action, ...]:
    without_clip = partial(_needs_clip, controller)
    return (
        Action("view.reveal", "View", "Reveal", controller.choosing.toggle_reveal, "R", unavailable=without_clip,
               checked=lambda: controller.session.revealed, hint="Show the true path behind the gap."),
        Action("view.compare", "View", "Compare", controller.choosing.toggle_compare, "C", unavailable=without_clip,
               checked=lambda: controller.session.compared, hint="Show other methods' paths beside this one."),
        *(
            Action(f"view.{view.value}", "View", text, partial(controller.choosing.view, view.value), keys,
                   unavailable=without_clip, checked=partial(_is_seen, controller, view), hint=hint, line_above=above)
            for view, text, keys, hint, above in VIEWS
        ),
        Action("view.relief", "View", "Relief", controller.choosing.toggle_relief, "Ctrl+H", unavailable=without_clip,
               checked=lambda: controller.session.look.relief, line_above=True,
               hint="Show the potential energy V as height, on the map and on the slice."),
        Action("view.thumbnails", "View", "Frames as pictures", controller.choosing.toggle_thumbnails, "Ctrl+T",
               unavailable=without_clip, checked=lambda: controller.session.look.thumbnails,
               hint="Show observed frames on the map as pictures where they have room."),
        *(
            Action(f"view.colour.{colouring.value}", "View/Colour of the path", text,
                   partial(controller.choosing.colouring, colouring.value), unavailable=without_clip,
                   checked=partial(_is_colouring, controller, colouring), hint=hint)
            for colouring, text, hint in COLOURINGS
        ),
        Action("view.fit", "View", "Whole map", controller.presenter.fit_map, "Ctrl+0", on_stage=("Home", "0"),
               unavailable=without_clip, hint="Bring the whole map into view, and turn the path to the eye."),
        Action("view.refit", "View", "Fit the map", controller.fit_map, unavailable=controller.waiting.why_not_fit,
               hint="Fit the UMAP of the clip's frames, where that was cancelled."),
        *turn_actions(controller),
        *zoom_actions(controller),
        *timeline_actions(controller),
        *look_actions(controller.looks),
    )  # fmt: skip


def _is_colouring(controller: "Controller", colouring: Colouring) -> bool:
    return controller.session.look.colouring is colouring


def _is_seen(controller: "Controller", view: View) -> bool:
    return controller.session.look.view is view


def _lessons(controller: "Controller") -> tuple[Action, ...]:
    teaching = controller.teaching
    return (
        *(
            Action(f"lesson.{name}", "Lessons", lesson.title, partial(teaching.start, lesson), hint=lesson.about)
            for name, lesson in shipped_lessons().items()
        ),
        Action("lesson.open", "Lessons", "Open a lesson…", lambda: ask_for_lesson(controller), line_above=True,
               hint="Choose a lesson file from the disk; dropping one on the window does the same."),
        Action("lesson.leave", "Lessons", "Leave the lesson", teaching.leave,
               unavailable=lambda: "" if teaching.running else "No lesson is under way.",
               hint="End the lesson; every control and your settings come back."),
    )  # fmt: skip


def _experiments(controller: "Controller") -> tuple[Action, ...]:
    experimenting = controller.experimenting
    return (
        *(
            Action(f"experiment.{one.name}", "Experiments", one.title, partial(experimenting.show, one.name),
                   checked=partial(experimenting.is_shown, one.name),
                   unavailable=lambda: experimenting.unavailable, hint=one.look)
            for one in EXPERIMENTS
        ),
        Action("experiment.leave", "Experiments", "Leave the experiment", experimenting.leave, line_above=True,
               unavailable=lambda: "" if experimenting.shown else "No experiment is in view.",
               hint="Back to the settings from before."),
    )  # fmt: skip
