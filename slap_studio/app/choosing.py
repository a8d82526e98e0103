"""What hands choose of the session: physics, descent, query, and what the stage shows."""

from dataclasses import replace
from typing import TYPE_CHECKING

from slap_studio.core.types import AlignmentKind, Descent, Kinetic, Physics
from slap_studio.session.look import Colouring, View
from slap_studio.session.state import HORIZONS, Session, horizon_for

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller


class Choosing:
    """One method for each control; what cannot be is said and changes nothing."""

    def __init__(self, controller: "Controller") -> None:
        self._controller = controller
        self._change = controller.change
        self._update = controller.store.update

    @property
    def _session(self) -> Session:
        return self._controller.session

    def physics(self, **changes: object) -> None:
        """Change λ, μ, Δt or the kinetic energy."""
        self._update(lambda session: session.with_physics(**changes))

    def kinetic(self, name: str) -> None:
        """Measure the speed by angle or by chord."""
        self.physics(kinetic=Kinetic(name))

    def alignment(self, name: str) -> None:
        """Let the cosine or the network pull."""
        self._change(alignment=AlignmentKind(name))

    def preset(self, coupling: float) -> None:
        """A row of Table 7: its λ at μ = 1."""
        self.physics(coupling=coupling, mass=1.0)

    def step_size(self, step_size: float) -> None:
        """Another α."""
        self._update(lambda session: session.with_descent(step_size=step_size))

    def steps(self, steps: int) -> None:
        """Show the path after K steps; more than are solved are solved first."""
        self._update(
            lambda session: replace(session.with_descent(steps=steps), horizon=horizon_for(session.horizon, steps))
        )

    def step_by(self, by: int) -> None:
        """One descent step on or back."""
        self.steps(min(max(self._session.descent.steps + by, 0), HORIZONS[-1]))

    def reset(self) -> None:
        """Back to the paper's own values."""
        self._change(physics=Physics(), descent=Descent(), alignment=AlignmentKind.COSINE, horizon=HORIZONS[0])

    def query(self, text: str) -> None:
        """Another query; an empty one is said and changes nothing."""
        if not text:
            sentence = 'The query is empty; write what to look for, for example "a red cube".'
            self._controller.window.tell(sentence, problem=True)
            return
        self._change(query=text)

    def toggle_reveal(self) -> None:
        """Show the truth behind the gap, or hide it."""
        self._change(revealed=not self._session.revealed)

    def toggle_compare(self) -> None:
        """Show other methods' paths, or hide them."""
        self._change(compared=not self._session.compared)

    def truth(self, as_filmed: bool) -> None:
        """Hold the path against what was filmed, or against the same without the tunnel."""
        self._change(as_filmed=as_filmed, revealed=True)

    def view(self, name: str) -> None:
        """Show a view of the hypersphere, the bifurcation or the sweep on the stage."""
        self._change(look=replace(self._session.look, view=View(name)))
        self._controller.measuring.look_again()
        self._controller.sweeping.look_again()

    def toggle_relief(self) -> None:
        """Show V as height, or flat; where the view knows no relief, nothing changes."""
        look = self._session.look
        if look.view in (View.MAP, View.SLICE):
            self._change(look=replace(look, relief=not look.relief))

    def toggle_thumbnails(self) -> None:
        """Show frames on the flat map as pictures, or as points."""
        self._change(look=replace(self._session.look, thumbnails=not self._session.look.thumbnails))

    def colouring(self, name: str) -> None:
        """Let the colour of the path tell time, V, or nothing."""
        self._change(look=replace(self._session.look, colouring=Colouring(name)))
