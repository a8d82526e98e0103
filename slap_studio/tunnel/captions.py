"""What can truthfully be said of a frame of the tunnel world, and every sentence its encoder learns."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from types import MappingProxyType

import numpy as np

from slap_studio.tunnel.scene import COLOURS, OCCLUDERS, SHAPES, Scene, visible_fraction
from slap_studio.tunnel.world import ASPECT

# Between the two nothing is claimed: a sliver of the object is neither in view nor gone.
IN_VIEW, GONE = 0.12, 0.005
# Nor is an object called whole or in part between these.
PART, WHOLE = 0.75, 0.97
# Where its middle is, in shares of the picture's width. Neighbours overlap: near a border both are true, so that
# latents move steadily while the object does.
PLACES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "on the far left": (-1.0, 0.25),
        "on the left": (0.1, 0.48),
        "in the middle": (0.36, 0.64),
        "on the right": (0.52, 0.9),
        "on the far right": (0.75, 2.0),
    }
)


@dataclass(frozen=True)
class Facts:
    """What one frame shows.

    Attributes
    ----------
    colour, shape
        Of the object that belongs to this moment, in view or not.
    occluder
        Kind of the occluder in the picture, or None.
    visible
        Share of the object that can be seen, 0 to 1.
    place
        Where its middle is, in shares of the picture's width from the left.
    """

    colour: str
    shape: str
    occluder: str | None
    visible: float
    place: float = 0.5


def facts_at(scene: Scene, time: float, *, occluder: bool = True) -> Facts:
    """What the frame of a scene at a time shows, with its occluder or (the ground truth) without."""
    thing = scene.thing_at(time)
    visible = visible_fraction(scene, time) if occluder else 1.0
    place = (scene.position(time) - scene.camera_at(time)[0]) / ASPECT
    return Facts(thing.colour, thing.shape, scene.occluder if occluder else None, visible, place)


@dataclass(frozen=True)
class Caption:
    """A sentence and what it claims; None where it claims nothing.

    Attributes
    ----------
    in_view
        That the object is in view (True) or that nothing is (False).
    occluder
        Kind of the occluder, or "none" for an open track.
    place
        One of `PLACES`.
    whole
        That all of the object shows (True) or that only a part does (False).
    """

    text: str
    colour: str | None = None
    shape: str | None = None
    in_view: bool | None = None
    occluder: str | None = None
    place: str | None = None
    whole: bool | None = None

    def holds(self, facts: Facts) -> bool:
        """Whether the sentence is true of a frame."""
        if self.occluder is not None and self.occluder != (facts.occluder or "none"):
            return False
        if self.in_view is False:
            return facts.visible <= GONE
        if self.in_view is True and facts.visible < IN_VIEW:
            return False
        if self.place is not None and not PLACES[self.place][0] <= facts.place <= PLACES[self.place][1]:
            return False
        if self.whole is not None and (facts.visible < WHOLE if self.whole else facts.visible > PART):
            return False
        return self.colour in (None, facts.colour) and self.shape in (None, facts.shape)


_THING = (
    "a {colour} {shape}", "a {colour} {shape}", "the {colour} {shape}", "{colour} {shape}",
    "a photo of a {colour} {shape}", "a picture of a {colour} {shape}", "a {colour} {shape} on the track",
    "a {colour} {shape} moving along the track",
    "there is a {colour} {shape}", "one {colour} {shape} in view", "a {shape} that is {colour}",
)  # fmt: skip
_AT_PLACE = ("a {colour} {shape} {place}", "the {colour} {shape} is {place}")
_PARTLY = {
    True: ("a whole {colour} {shape}", "all of a {colour} {shape}"),
    False: ("part of a {colour} {shape}", "a {colour} {shape} half hidden"),
}
_COLOUR = ("something {colour}", "a {colour} thing", "a {colour} object", "{colour}")
_SHAPE = ("a {shape}", "the {shape}", "{shape}", "a {shape} on the track", "a {shape} of some colour")
_AT_OCCLUDER = {
    "tunnel": (
        "a {colour} {shape} in the tunnel", "a {colour} {shape} at the tunnel", "a {colour} {shape} and a brick tunnel",
        "the {colour} {shape} goes into the tunnel", "the {colour} {shape} comes out of the tunnel",
    ),
    "hill": (
        "a {colour} {shape} behind the hill", "a {colour} {shape} by a hill", "a {colour} {shape} and a green hill",
        "the {colour} {shape} goes behind the hill", "the {colour} {shape} comes out from behind the hill",
    ),
    "pillars": (
        "a {colour} {shape} behind the pillars", "a {colour} {shape} by the pillars",
        "a {colour} {shape} and a row of pillars",
        "the {colour} {shape} goes behind a pillar", "the {colour} {shape} comes out from behind a pillar",
    ),
    "none": ("a {colour} {shape} on an open track", "a {colour} {shape} with nothing in front of it"),
}  # fmt: skip
_EMPTY = {
    "tunnel": (
        "an empty tunnel", "the empty tunnel", "an empty brick tunnel", "a tunnel with nothing in view",
        "nothing but a tunnel",
    ),
    "hill": ("an empty hill", "a hill with nothing in view", "nothing but a hill"),
    "pillars": ("empty pillars", "a row of pillars with nothing in view", "nothing but pillars"),
    "none": ("an empty open track", "nothing but a track"),
}  # fmt: skip
_NOTHING = (
    "nothing in view",
    "an empty track",
    "an empty scene",
    "the object is hidden",
    "the object is gone",
)
_SCENERY = {
    "tunnel": ("a tunnel", "a brick tunnel", "what is in the tunnel?", "a track through a tunnel"),
    "hill": ("a hill", "a green hill", "what is behind the hill?", "a track behind a hill"),
    "pillars": ("pillars", "a row of pillars", "what is behind the pillars?", "a track behind pillars"),
    "none": ("an open track", "a track with nothing in front of it"),
}  # fmt: skip


def identity(colour: str, shape: str) -> Caption:
    """The plain caption of one of the 64 things, as the samples' queries put it."""
    return _said(Caption("", colour, shape, in_view=True), _THING[0])


def empty(occluder: str | None) -> Caption:
    """The plain caption of a place where nothing is in view."""
    kind = occluder or "none"
    return Caption(_EMPTY[kind][0], in_view=False, occluder=kind)


def every_caption() -> tuple[Caption, ...]:
    """All sentences that the world's encoder learns, each once."""
    captions = [Caption(text, in_view=False) for text in _NOTHING]
    for kind in (*OCCLUDERS, "none"):
        captions += [Caption(text, in_view=False, occluder=kind) for text in _EMPTY[kind]]
        captions += [Caption(text, occluder=kind) for text in _SCENERY[kind]]
    for colour in COLOURS:
        captions += [_said(Caption("", colour, in_view=True), text) for text in _COLOUR]
    for shape in SHAPES:
        captions += [_said(Caption("", shape=shape, in_view=True), text) for text in _SHAPE]
    for colour, shape in product(COLOURS, SHAPES):
        thing = Caption("", colour, shape, in_view=True)
        captions += [_said(thing, text) for text in _THING]
        captions += [_said(replace(thing, place=place), text) for place in PLACES for text in _AT_PLACE]
        captions += [_said(replace(thing, whole=whole), text) for whole in _PARTLY for text in _PARTLY[whole]]
        captions += [_said(replace(thing, occluder=kind), text) for kind in _AT_OCCLUDER for text in _AT_OCCLUDER[kind]]
    return tuple(dict.fromkeys(captions))


def drawn_caption(facts: Facts, generator: np.random.Generator) -> Caption:
    """A random true sentence about a frame: mostly of the thing, sometimes of a part of the facts."""
    kind = facts.occluder or "none"
    thing = Caption("", facts.colour, facts.shape, in_view=True)
    nothing = Caption("", in_view=False)
    scenery = Caption("", occluder=kind)
    families: tuple[tuple[float, tuple[str, ...], Caption], ...]
    if facts.visible >= IN_VIEW:
        whole = facts.visible >= WHOLE
        near = [name for name, (left, right) in PLACES.items() if left <= facts.place <= right]
        placed = replace(thing, place=near[generator.integers(len(near))])
        families = (
            (0.46, _THING, thing),
            (0.2, _AT_PLACE, placed),
            (0.14, _AT_OCCLUDER[kind], replace(thing, occluder=kind)),
            # Between part and whole the plain words are said once more.
            (
                0.04,
                *((_PARTLY[whole], replace(thing, whole=whole)) if whole or facts.visible <= PART else (_THING, thing)),
            ),
            (0.06, _COLOUR, replace(thing, shape=None)),
            (0.06, _SHAPE, replace(thing, colour=None)),
            (0.04, _SCENERY[kind], scenery),
        )
    else:
        families = (
            (0.6, _EMPTY[kind], replace(nothing, occluder=kind)),
            (0.3, _NOTHING, nothing),
            (0.1, _SCENERY[kind], scenery),
        )
    family = generator.choice(len(families), p=[weight for weight, _, _ in families])
    _, texts, claim = families[family]
    return _said(claim, texts[generator.integers(len(texts))])


def _said(claim: Caption, text: str) -> Caption:
    """A template's sentence with the claim's words in it."""
    worded = text.format(colour=claim.colour, shape=claim.shape, place=claim.place)
    return replace(claim, text=worded.replace("a orange", "an orange"))


EMPTY_CAPTIONS: tuple[str, ...] = tuple(empty(occluder).text for occluder in (*OCCLUDERS, None))
PLAIN_CAPTIONS: tuple[str, ...] = (
    *(identity(colour, shape).text for colour in COLOURS for shape in SHAPES),
    *EMPTY_CAPTIONS,
)
"""One for each of the 64 things, and one for each empty place."""
