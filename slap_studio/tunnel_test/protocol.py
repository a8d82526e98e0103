"""The Tunnel Test, as it is decided: which scenes, which frames are seen, what is hidden, what may be answered.

Nothing here was chosen after looking at results. The headline is fixed: four frames a clip, the anchors at 30%.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from slap_studio.problems import UnusableInput
from slap_studio.tunnel.captions import identity
from slap_studio.tunnel.random_scenes import random_scene
from slap_studio.tunnel.visibility import GONE_BELOW, time_of_visibility
from slap_studio.tunnel.world import COLOURS, SHAPES, Scene

HIDDEN = 16  # N
NEUTRAL = "what is in the tunnel?"
EMPTY = "an empty tunnel"
# Seeds of the test lie below every seed that anything was trained or held out on (2^39 and 2^40 upwards).
SCENES_PER_SEED, MOST_SEEDS = 2**20, 2**18
VALIDATION = 2**39 + 2**30  # scenes on which configurations are chosen; never reported as the test


@dataclass(frozen=True)
class Condition:
    """How a clip is sampled.

    Attributes
    ----------
    name
        As tables call it.
    fraction
        How much of the object shows at the two anchors, of four observed frames; None for one frame a second, whose
        anchors lie where they fall.
    """

    name: str
    fraction: float | None


BY_FRACTION = tuple(Condition(f"{round(100 * fraction)}%", fraction) for fraction in (1.0, 0.6, 0.3, 0.1))
HEADLINE = BY_FRACTION[2]
ONE_A_SECOND = Condition("1 fps", None)
CONDITIONS = (*BY_FRACTION, ONE_A_SECOND)


@dataclass(frozen=True, eq=False)
class Moments:
    """When a clip is seen.

    Attributes
    ----------
    observed
        Seconds of the frames that methods see [M], ascending.
    before
        Index of the anchor before the gap.
    hidden
        Seconds of the hidden latents [N], evenly between the anchors.
    """

    observed: NDArray[np.float64]
    before: int
    hidden: NDArray[np.float64]

    @classmethod
    def of(cls, observed: NDArray[np.float64], before: int) -> Self:
        """The hidden times that follow from the observed ones."""
        return cls(observed, before, np.linspace(observed[before], observed[before + 1], HIDDEN + 2)[1:-1])


@dataclass(frozen=True)
class Candidates:
    """The five answers of a clip, in a random order.

    Attributes
    ----------
    texts
        The true object, same colour and other shape, other colour and same shape, both other, and an empty tunnel.
    truth
        Index of the true one.
    kinds
        What each of them is: "true", "shape", "colour", "both" (what is other) or "empty".
    """

    texts: tuple[str, ...]
    truth: int
    kinds: tuple[str, ...]


def scene_of(seed: int, index: int, *, validation: bool = False) -> Scene:
    """The index-th scene of a seed: a tunnel, everything else by chance.

    Raises
    ------
    UnusableInput
        If the seed or the index is outside the test's.
    """
    if not 0 <= seed < MOST_SEEDS or not 0 <= index < SCENES_PER_SEED:
        raise UnusableInput(
            f"A seed lies between 0 and {MOST_SEEDS - 1} and has {SCENES_PER_SEED} clips, but seed {seed} and clip "
            f"{index} were asked for."
        )
    return random_scene((VALIDATION if validation else 0) + seed * SCENES_PER_SEED + index, occluder="tunnel")


def moments(scene: Scene, condition: Condition) -> Moments:
    """Choose the observed frames and the hidden times of a clip."""
    if condition.fraction is None:
        return Moments.of(*_one_a_second(scene))
    start = time_of_visibility(scene, condition.fraction, leaving=False)
    end = time_of_visibility(scene, condition.fraction, leaving=True)
    return Moments.of(np.array([start / 2, start, end, (end + scene.duration) / 2]), 1)


def _one_a_second(scene: Scene) -> tuple[NDArray[np.float64], int]:
    """Frames a second apart from a random first one, without those that show nothing of the object in the tunnel."""
    first = np.random.default_rng((scene.seed, 11)).uniform(0, 1)
    times = np.arange(first, scene.duration, 1.0)
    gone = time_of_visibility(scene, GONE_BELOW, leaving=False)
    back = time_of_visibility(scene, GONE_BELOW, leaving=True)
    before, after = times[times <= gone], times[times >= back]
    # A thing that is quick at the picture's edge may leave no frame on one side; the clip's own end stands in.
    before = before if len(before) else np.array([0.0])
    after = after if len(after) else np.array([scene.duration])
    return np.concatenate([before, after]), len(before) - 1


def candidates(scene: Scene) -> Candidates:
    """Draw the answers of a clip."""
    dice = np.random.default_rng((scene.seed, 12))
    thing = scene.thing
    colour = _other(dice, COLOURS, thing.colour)
    shape = _other(dice, SHAPES, thing.shape)
    answers = [
        (identity(thing.colour, thing.shape).text, "true"),
        (identity(thing.colour, shape).text, "shape"),
        (identity(colour, thing.shape).text, "colour"),
        (identity(colour, shape).text, "both"),
        (EMPTY, "empty"),
    ]
    order = dice.permutation(len(answers))
    texts, kinds = zip(*(answers[index] for index in order), strict=True)
    return Candidates(tuple(texts), kinds.index("true"), tuple(kinds))


def _other(dice: np.random.Generator, known: tuple[str, ...], but: str) -> str:
    others = [one for one in known if one != but]
    return others[int(dice.integers(len(others)))]
