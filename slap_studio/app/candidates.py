"""Changes the texts that latents are read as, one at a time."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller


class Candidates:
    """Edits the session's candidates; where none were chosen, those that are drawn become one's own list."""

    def __init__(self, controller: "Controller") -> None:
        self._controller = controller

    def rename(self, before: str, after: str) -> None:
        """Another text in one's place."""
        self._choose([after if text == before else text for text in self._present()])

    def add(self, text: str) -> None:
        """One more."""
        self._choose([*self._present(), text])

    def remove(self, text: str) -> None:
        """One less; two stay at least."""
        self._choose([other for other in self._present() if other != text])

    def _present(self) -> list[str]:
        from slap_studio.readout import OTHERS

        chosen, answer = self._controller.session.candidates, self._controller.presenter.answer
        drawn = () if answer is None else answer.readout.labels
        return list(chosen or (label for label in drawn if label != OTHERS))

    def _choose(self, texts: list[str]) -> None:
        self._controller.choose_candidates("\n".join(texts))
