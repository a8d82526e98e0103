"""Every shipped lesson, stage by stage, by the real solver: what its texts claim must come out."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from slap_studio import pipeline
from slap_studio.compare import Comparer, ComparisonRequest
from slap_studio.core.landscape import survey
from slap_studio.core.projection import fit_pca
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.lessons.figures import Figures, figures_of
from slap_studio.lessons.lesson import Access, Asked, Lesson, Settings
from slap_studio.lessons.page import Phase
from slap_studio.lessons.progress import Progress, needed
from slap_studio.lessons.shipped import SHIPPED, shipped_lessons
from slap_studio.live import LiveRequest, LiveSolver
from slap_studio.measured import measure
from slap_studio.media.gap import parse_gap
from slap_studio.media.sampling import Sampling
from slap_studio.session.state import Session

Solve = Callable[..., Figures]

# λ (or α) at which a slider's question is answered well, found by hand in the window.
WELL_DRAGGED = {
    ("resonant", 1): {"coupling": 0.4},
    ("chaotic", 2): {"step_size": 0.25},
    ("tunnel", 2): {"coupling": 0.7},
}
# What a student does to finish a task.
WELL_DONE = {
    ("ballistic", 5): {"coupling": 0.6},
    ("resonant", 5): {"steps": 50},
    ("chaotic", 5): {"step_size": 0.1},
    ("tunnel", 5): {"coupling": 3.0},
}


@pytest.fixture(scope="module")
def lessons() -> dict[str, Lesson]:
    return shipped_lessons()


@pytest.fixture(scope="module")
def solve(tmp_path_factory: pytest.TempPathFactory) -> Solve:
    """Figures of a lesson's stage, as the window has them; each is worked out once."""
    encoder, solver, comparer = encoders.load(), LiveSolver("cpu"), Comparer()
    cache, clips = Cache(tmp_path_factory.mktemp("cache")), {}
    known: dict[tuple[object, ...], Figures] = {}

    def figures(lesson: Lesson, index: int, *, revealed: bool, **moved: object) -> Figures:
        if lesson.clip not in clips:
            clip = pipeline.load_clip(lesson.clip, encoder, sampling=Sampling(), cache=cache)
            picture = fit_pca(clip.latents)
            clips[lesson.clip] = clip, picture, survey(picture)
        clip, picture, ground = clips[lesson.clip]
        settings = lesson.settings_at(index, revealed=revealed).then(Settings(**moved))
        session = settings.moved(Session(video=lesson.clip, gap=parse_gap(lesson.gap, clip.duration)))
        request = LiveRequest(
            clip, picture, ground, session.query, session.gap, session.physics, session.descent, session.alignment,
            session.candidates, session.horizon,
        )  # fmt: skip
        key = (
            session.video, session.gap, session.query, session.physics, session.descent, session.alignment,
            session.candidates, session.horizon, session.revealed,
        )  # fmt: skip
        if key not in known:
            answer = solver.answer(request, encoder)
            compared = comparer.compare(ComparisonRequest(answer), encoder) if session.revealed else None
            known[key] = figures_of(answer, measure(answer), compared)
        return known[key]

    return figures


@pytest.mark.parametrize("name", SHIPPED)
def test_every_question_has_one_answer_and_every_reveal_its_figures(lessons, solve: Solve, name: str) -> None:
    lesson = lessons[name]
    for index, stage in enumerate(lesson.stages):
        if stage.predict is None:
            continue
        dragged = WELL_DRAGGED.get((name, index), {})
        found = solve(lesson, index, revealed=True, **dragged)
        assert needed(stage) <= set(found)
        answer = 0.0 if stage.predict.asked is not Asked.TEXT else "text"
        shown = Progress(lesson).at(index).predicted(answer).opened().seen(found)
        assert shown.phase is Phase.REVEALED
        page = shown.page(found)
        assert page.reveal
        assert "{" not in page.reveal
        if stage.predict.asked is Asked.CHOICES:
            held = [choice.text for choice in stage.predict.choices if choice.when and choice.when.holds(found)]
            judged = any(choice.when for choice in stage.predict.choices)
            assert len(held) == judged, (name, index, held)
        if stage.predict.asked is Asked.SLIDER:
            assert page.right is True, (name, index, page.measured)
            assert lesson.controls_at(index).get(stage.predict.control, Access.SHOWN) is Access.SHOWN


@pytest.mark.parametrize("name", SHIPPED)
def test_every_task_is_open_at_first_and_can_be_done(lessons, solve: Solve, name: str) -> None:
    lesson = lessons[name]
    for index, stage in enumerate(lesson.stages):
        if stage.task is None:
            continue
        assert stage.task.until.holds(solve(lesson, index, revealed=True)) is False
        done = WELL_DONE[name, index]
        (control,) = done
        assert lesson.controls_at(index).get(control, Access.SHOWN) is Access.SHOWN
        assert stage.task.until.holds(solve(lesson, index, revealed=True, **done)) is True


@pytest.mark.parametrize("name", SHIPPED)
def test_a_slider_that_is_asked_for_does_not_stand_right_already(lessons, solve: Solve, name: str) -> None:
    for index, stage in enumerate(lessons[name].stages):
        if stage.predict is not None and stage.predict.when is not None:
            assert stage.predict.when.holds(solve(lessons[name], index, revealed=True)) is False


def test_a_lesson_takes_ten_minutes_to_read_and_do(lessons) -> None:
    for lesson in lessons.values():
        assert lesson.minutes <= 10
        words = sum(len(f"{stage.text} {stage.reveal.text if stage.reveal else ''}".split()) for stage in lesson.stages)
        # Read slowly, 130 words a minute, and half a minute more for each thing to do.
        assert words / 130 + 0.5 * len(lesson.stages) < 10


def test_ballistic_says_what_is_so(lessons, solve: Solve) -> None:
    lesson = lessons["ballistic"]
    light, heavy = solve(lesson, 1, revealed=True), solve(lesson, 2, revealed=True)
    assert light["t_least"] == pytest.approx(light["t_most"], rel=1e-3)
    # "S … ten times", "the path is still the geodesic"
    assert heavy["action"] == pytest.approx(10 * light["action"], rel=1e-3)
    assert heavy["e_pot"] == pytest.approx(heavy["e_pot_geodesic"], rel=1e-4)
    assert light["regime"] == "Ballistic"
    # "nothing but rounding"
    assert solve(lesson, 3, revealed=True)["h_span"] < 1e-5
    blue = solve(lesson, 4, revealed=True)
    assert blue["reads_as"] == light["reads_as"] == "a red cube"
    assert blue["s_kin"] == pytest.approx(light["s_kin"], rel=1e-5)


def test_resonant_says_what_is_so(lessons, solve: Solve) -> None:
    lesson = lessons["resonant"]
    # "With λ = 0 it is about 0.4", "after 50 steps E_pot is a little below 0.3"
    assert solve(lesson, 1, revealed=False, coupling=0.0)["e_pot"] == pytest.approx(0.4, abs=0.05)
    assert 0.25 < solve(lesson, 2, revealed=False)["e_pot"] < 0.3
    early, late = solve(lesson, 2, revealed=False), solve(lesson, 2, revealed=True)
    assert early["residual"] > 100 * late["residual"] / 2 > 0
    # "Drag λ on … the springs stretch": S_kin grows with λ
    kinetic = [solve(lesson, 1, revealed=True, coupling=value)["s_kin"] for value in (0.1, 0.3, 0.5, 1.0)]
    assert np.all(np.diff(kinetic) > 0)
    # "almost the one of least action"
    assert late["action"] == pytest.approx(late["least_action"], rel=0.01)
    assert late["e_pot"] == pytest.approx(late["least_e_pot"], rel=0.1)
    # "With μ = 10 it is slower and smoother", "so that the beads come to rest"
    heavy = solve(lesson, 4, revealed=True)
    assert heavy["t_most"] / 10 < late["t_most"]
    assert heavy["roughness"] < late["roughness"]
    assert heavy["residual"] < 1e-4
    assert heavy["h_span"] < 0.05 * heavy["t_span"]
    assert late["regime"] == "Resonant"


def test_the_longer_the_flight_the_longer_it_dwells_near_the_top(lessons, solve: Solve) -> None:
    lesson = replace(lessons["resonant"], gap="30%:60%")
    longer = replace(lesson, gap="25%:65%")
    short, long = (solve(one, 3, revealed=True)["t_middle"] for one in (lesson, longer))
    assert long < short


def test_chaotic_says_what_is_so(lessons, solve: Solve) -> None:
    lesson = lessons["chaotic"]
    first = solve(lesson, 1, revealed=True)
    assert (first["regime"], first["measured"]) == ("Chaotic", "rough, steered")
    assert first["twins"] == "not chaotic"
    # The edge is at α·h_max = 2.
    for step_size, period in ((0.05, 0), (0.2, 0), (0.25, 2), (0.4, 2), (0.9, 2)):
        found = solve(lesson, 2, revealed=True, step_size=step_size)
        assert found["period"] == period
        assert (found["edge"] > 2) == (period > 0)
    # "λ·α = 2.5 is past 2", "periodic, not chaotic"
    leaping = solve(lesson, 3, revealed=True)
    assert leaping["coupling"] * leaping["step_size"] == pytest.approx(2.5)
    assert (leaping["twins"], leaping["period"]) == ("periodic", 2)
    assert abs(leaping["twin_rate"]) < 0.01
    far = solve(lesson, 4, revealed=True)
    assert (far["coupling"], far["twins"], far["period"]) == (1000, "periodic", 2)


def test_tunnel_says_what_is_so(lessons, solve: Solve) -> None:
    lesson = lessons["tunnel"]
    # "there is a best λ. Less leaves knowledge unused; more pulls the path away"
    drifts = {value: solve(lesson, 2, revealed=True, coupling=value)["drift"] for value in (0, 0.3, 0.7, 2, 5)}
    assert min(drifts, key=drifts.__getitem__) == 0.7
    assert drifts[0] > drifts[0.3] > drifts[0.7] < drifts[2] < drifts[5]
    # "There are 29 hidden frames"; no alarm at first, almost all later; E_pot "nearly perfect"
    before, after = solve(lesson, 3, revealed=False), solve(lesson, 3, revealed=True)
    assert (before["hidden"], before["alarms"]) == (29, 0)
    assert after["alarms"] >= 25
    assert after["e_pot"] < 0.02
    # "what was seen outweighs what was said", and the alarm goes off before it is talked into a blue ball
    assert solve(lesson, 4, revealed=True)["reads_as"] == "a red cube"
    assert solve(lesson, 5, revealed=True, **WELL_DONE["tunnel", 5])["alarms"] == 29
