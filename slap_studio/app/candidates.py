"""Changes the texts that latents are read as, all at once or one at a time."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller


class Candidates:
    """Edits the session's candidates; where none were chosen, those that are drawn become one's own list."""

    def __init__(self, controller: "Controller") -> None:
        self._controller = controller

    def choose(self, lines: str) -> None:
        """Read the path as other texts, one a line; none for the usual ones. Two at least, or there is no choice."""
        tell = self._controller.window.tell
        texts = tuple(dict.fromkeys(line.strip() for line in lines.splitlines() if line.strip()))
        unread = next((line for line in texts if not any(character.isalnum() for character in line)), None)
        if unread is not None:
            tell(f"{unread!r} holds no word; write a text on each line, or none.", problem=True)
        elif len(texts) == 1:
            tell("A readout chooses between two texts at least; write another line, or none.", problem=True)
        else:
            self._controller.change(candidates=texts)

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
        self.choose("\n".join(texts))
