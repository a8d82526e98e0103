"""Which hand moves what: joins the signals of the window and its workspace to the controller."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from slap_studio.app.controller import Controller
from slap_studio.app.dialogs import ask_for_file

if TYPE_CHECKING:
    from slap_studio.views.workspace import Workspace


def join(controller: Controller) -> None:
    """Connect a window, and its workspace once that is made."""
    window = controller.window
    window.workspace_built.connect(lambda: _join_workspace(controller))
    window.file_asked.connect(controller.open_file)
    window.closing.connect(controller.close)
    window.welcome.sample_chosen.connect(controller.open_file)
    window.welcome.file_chosen.connect(controller.open_file)
    window.welcome.lesson_chosen.connect(controller.teaching.open_file)
    window.welcome.open_asked.connect(lambda: ask_for_file(controller))
    window.top.query.asked.connect(controller.choosing.query)
    # A method, not a lambda: no widget ends this connection with the window, and it would keep the controller.
    controller.machine.lost.connect(controller.presenter.show_lost_device)


def _join_workspace(controller: Controller) -> None:
    space = controller.window.workspace
    assert space is not None
    space.physics.coupling_chosen.connect(lambda value: controller.choosing.physics(coupling=value))
    space.physics.mass_chosen.connect(lambda value: controller.choosing.physics(mass=value))
    space.physics.step_size_chosen.connect(controller.choosing.step_size)
    space.physics.kinetic_chosen.connect(controller.choosing.kinetic)
    space.physics.alignment_chosen.connect(controller.choosing.alignment)
    space.physics.preset_chosen.connect(controller.choosing.preset)
    space.physics.reset_asked.connect(controller.choosing.reset)
    space.steps.steps_chosen.connect(controller.choosing.steps)
    space.steps.run_asked.connect(controller.stepping.toggle)
    space.steps.slow_asked.connect(controller.stepping.toggle_slow)
    space.stage.reveal_asked.connect(controller.choosing.toggle_reveal)
    space.stage.compare_asked.connect(controller.choosing.toggle_compare)
    space.stage.beside.truth_asked.connect(controller.choosing.truth)
    space.stage.view_chosen.connect(controller.choosing.view)
    space.stage.look.relief_asked.connect(controller.choosing.toggle_relief)
    space.stage.look.thumbnails_asked.connect(controller.choosing.toggle_thumbnails)
    space.stage.look.colouring_asked.connect(controller.choosing.colouring)
    # In a turn of its own: the note may take room from the map, whose camera is moving while it tells.
    space.stage.stage.pictured.connect(controller.presenter.show_pictured, Qt.ConnectionType.QueuedConnection)
    space.stage.bifurcation.coupling_asked.connect(lambda value: controller.choosing.physics(coupling=value))
    sweep = space.stage.sweep
    sweep.cell_asked.connect(lambda coupling, mass: controller.choosing.physics(coupling=coupling, mass=mass))
    sweep.run_asked.connect(controller.sweeping.run)
    sweep.stop_asked.connect(controller.sweeping.stop)
    for part in (space.physics, space.steps):
        part.refused.connect(lambda sentence: controller.window.tell(sentence, problem=True))
    _join_time(controller, space)
    space.physics.show_physics(controller.session.physics, controller.session.descent)
    space.physics.show_alignment(controller.session.alignment)


def _join_time(controller: Controller, space: "Workspace") -> None:
    presenter, band, stage = controller.presenter, space.time, space.stage
    band.cursor_moved.connect(controller.move_cursor)
    band.gap_moved.connect(controller.gaps.move)
    band.gap_added.connect(controller.gaps.add)
    band.gap_chosen.connect(controller.gaps.choose)
    band.play_asked.connect(controller.playing.toggle)
    band.speed_chosen.connect(controller.playing.choose_speed)
    band.loop_asked.connect(controller.playing.toggle_looping)
    band.step_asked.connect(controller.step_cursor)
    band.jump_asked.connect(controller.jump)
    space.inspector.bars.renamed.connect(controller.candidates.rename)
    space.inspector.bars.added.connect(controller.candidates.add)
    space.inspector.bars.removed.connect(controller.candidates.remove)
    space.inspector.time_asked.connect(controller.move_cursor)
    space.pins.restore_asked.connect(controller.pinning.restore)
    space.pins.unpin_asked.connect(controller.pinning.unpin)
    stage.frame_clicked.connect(lambda index: controller.move_cursor(presenter.frame_time(index)))
    stage.latent_clicked.connect(lambda index: controller.move_cursor(presenter.latent_time(index)))
    stage.hovered.connect(presenter.show_hover)
