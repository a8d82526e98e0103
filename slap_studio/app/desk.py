"""How the window stands, to be kept with the work and put back."""

from typing import TYPE_CHECKING

from slap_studio.session.document import Desk

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller

VIEWS = ("map", "bifurcation", "sweep")


def desk_of(controller: "Controller") -> Desk:
    """As it stands now."""
    space = controller.window.workspace
    return Desk() if space is None else Desk(space.stage.view, layout=controller.window.layout_state())


def set_desk(controller: "Controller", desk: Desk) -> None:
    """As it stood; what this program does not know stays as it is."""
    if desk.layout:
        controller.window.restore_layout(desk.layout)
    if desk.view in VIEWS:
        controller.choose_view(desk.view)
