"""Lesson files below the window: what may stand in one, what is refused, conditions, progress and locks."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from slap_studio.core.types import AlignmentKind
from slap_studio.lessons import lesson as values
from slap_studio.lessons.conditions import Comparison, Condition, Relation, filled
from slap_studio.lessons.figures import KINDS, said
from slap_studio.lessons.lesson import Access, Asked, Choice, Prediction, Settings
from slap_studio.lessons.locks import WORDS, held, locked_fields
from slap_studio.lessons.page import Phase
from slap_studio.lessons.progress import Progress, answer_of
from slap_studio.lessons.reading import LARGEST, read_lesson
from slap_studio.lessons.shipped import SHIPPED, lesson_path, shipped_lessons
from slap_studio.media.gap import Gap
from slap_studio.problems import UnusableInput
from slap_studio.resources import sample_videos
from slap_studio.session.state import Session
from slap_studio.session.store import Store

DOCUMENT = Path(__file__).parent.parent / "docs" / "lesson-file.md"


def written(**changes: object) -> dict[str, Any]:
    """The least that a lesson can be, with changes."""
    return {
        "format": "slap-studio lesson", "version": 1, "title": "T", "about": "A.", "minutes": 5, "clip": "tunnel",
        "query": "a red cube", "gap": "30%:60%", "stages": [{"title": "One", "text": "Look."}],
    } | changes  # fmt: skip


def asking(**changes: object) -> dict[str, Any]:
    """A stage with a question."""
    predict = {"question": "How much?", "kind": "number", "figure": "e_pot"}
    return {"title": "Ask", "text": "Think.", "predict": predict, "reveal": {"text": "It is {e_pot}."}} | changes


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lesson.json"


def put(file: Path, data: object) -> Path:
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return file


def refusal(file: Path) -> str:
    with pytest.raises(UnusableInput) as refused:
        read_lesson(file)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert file.name in sentence
    return sentence


def test_the_least_lesson_is_read(file: Path) -> None:
    found = read_lesson(put(file, written()))
    assert found.clip == sample_videos() / "tunnel.mp4"
    assert (found.minutes, found.gap, len(found.stages)) == (5, "30%:60%", 1)
    assert found.settings_at(0) == Settings(query="a red cube")


def test_all_that_a_lesson_can_say_is_read(file: Path) -> None:
    (file.parent / "clips").mkdir()
    (file.parent / "clips" / "own.mp4").write_bytes(b"any")
    settings = {
        "coupling": 1, "mass": 2, "time_step": 1, "kinetic": "chord", "steps": 150, "step_size": 0.2,
        "alignment": "learned", "candidates": ["a", "b"], "cursor": 2, "revealed": True, "compared": False,
        "view": "sweep", "curve": "drift", "query": "q",
    }  # fmt: skip
    choice = {
        "text": "Yes",
        "when": {"figure": "e_pot", "is": "near", "than": "least_e_pot", "times": 2, "within": 0.2},
    }
    slider = {
        "question": "Where?",
        "kind": "slider",
        "control": "mass",
        "when": {"figure": "s_kin", "is": "above", "value": 1},
    }
    data = written(
        clip="clips/own.mp4", theme="projector", settings=settings, controls={"mass": "locked", "views": "hidden"},
        stages=[
            asking(hide=["stage", "curves"], controls={"mass": "shown"}, settings={"steps": 10}),
            asking(predict={"question": "?", "kind": "choices", "choices": [choice, {"text": "No"}]}),
            asking(predict=slider, reveal={"text": ["One.", "Two {twin_rate}."], "settings": {"coupling": 3}}),
            asking(predict={"question": "Why?", "kind": "text"}),
            {"title": "Do", "text": "It.", "task": {"text": "Do it.", "until": [
                {"figure": "regime", "is": "is", "value": "Strong"}, {"figure": "steps", "is": "below", "value": 5},
            ]}},
        ],
    )  # fmt: skip
    found = read_lesson(put(file, data))
    assert found.clip == file.parent / "clips/own.mp4"
    assert found.settings.alignment is AlignmentKind.LEARNED
    assert found.settings_at(0).steps == 10
    assert found.settings_at(2).coupling == 1
    assert found.settings_at(2, revealed=True).coupling == found.settings_at(3).coupling == 3
    assert found.controls_at(0)["mass"] is Access.SHOWN
    assert found.controls_at(1)["mass"] is Access.LOCKED
    assert found.stages[2].reveal.text == "One.\n\nTwo {twin_rate}."
    assert [stage.predict and stage.predict.asked for stage in found.stages] == [
        *(["number", "choices", "slider", "text"]),
        None,
    ]


@pytest.mark.parametrize(
    ("changes", "said_in_it"),
    [
        ({"format": "other"}, "“format”"),
        ({"version": 2}, "version 2"),
        ({"version": True}, "version True"),
        ({"title": ""}, "“title” of the lesson"),
        ({"title": "x" * 161}, "1 to 160"),
        ({"title": "a\u0007b"}, "control characters"),
        ({"title": 3}, "“title”"),
        ({"minutes": 0}, "“minutes”"),
        ({"minutes": 2.5}, "whole number"),
        ({"minutes": True}, "“minutes”"),
        ({"minutes": 10**400}, "“minutes”"),
        ({"clip": "nowhere.mp4"}, "nowhere.mp4 is not there"),
        ({"clip": "/etc/passwd"}, "the lesson's own folder"),
        ({"gap": "3-6"}, "“gap”"),
        ({"theme": "pink"}, "“theme”"),
        ({"extra": 1}, "“extra” of the lesson is unknown"),
        ({"settings": {"coupling": -1}}, "“coupling” of the lesson's settings"),
        ({"settings": {"coupling": "1"}}, "“coupling”"),
        ({"settings": {"steps": 5001}}, "“steps”"),
        ({"settings": {"steps": 1.5}}, "whole"),
        ({"settings": {"view": "tunnel"}}, "one of map"),
        ({"settings": {"candidates": ["one"]}}, "“candidates”"),
        ({"settings": {"colour": 1}}, "“colour” of the lesson's settings is unknown"),
        ({"settings": []}, "no object"),
        ({"controls": {"lambda": "locked"}}, "“lambda” of the controls of the lesson is unknown"),
        ({"controls": {"mass": "gone"}}, "“mass”"),
        ({"stages": []}, "“stages”"),
        ({"stages": {}}, "“stages”"),
        ({"stages": [1]}, "stage 1 is no object"),
        ({"stages": [{"title": "a", "text": "b", "hide": ["stage"]}]}, "asks for no prediction"),
        ({"stages": [asking(hide=["walls"])]}, "“hide” of stage 1"),
        ({"stages": [asking(reveal=None)]}, "reveals nothing"),
        ({"stages": [asking(reveal={"text": "It is {cheese}."})]}, "{cheese}"),
        ({"stages": [asking(reveal={"text": "It is {e_pot."})]}, "braces"),
        ({"stages": [asking(predict={"question": "?", "kind": "guess"})]}, "“kind” of the question of stage 1"),
        ({"stages": [asking(predict={"question": "?", "kind": "number"})]}, "“figure”"),
        ({"stages": [asking(predict={"question": "?", "kind": "number", "figure": "regime"})]}, "“figure”"),
        ({"stages": [asking(predict={"question": "?", "kind": "choices", "choices": [{"text": "a"}]})]}, "“choices”"),
        ({"stages": [asking(predict={"question": "?", "kind": "slider", "control": "gap"})]}, "“control”"),
        ({"stages": [{"title": "a", "text": "b", "task": {"text": "c"}}]}, "“until”|condition"),
        (
            {"stages": [{"title": "a", "text": "b", "task": {"text": "c", "until": {"figure": "x", "is": "below"}}}]},
            "“figure”",
        ),
        (
            {"stages": [{"title": "a", "text": "b", "task": {"text": "c", "until": {"figure": "e_pot", "is": "<"}}}]},
            "“is”",
        ),
        (
            {
                "stages": [
                    {"title": "a", "text": "b", "task": {"text": "c", "until": {"figure": "e_pot", "is": "below"}}}
                ]
            },
            "“value”",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence_that_names_it(file: Path, changes, said_in_it: str) -> None:
    sentence = refusal(put(file, written(**changes)))
    assert any(part in sentence for part in said_in_it.split("|")), sentence


@pytest.mark.parametrize(
    ("text", "said_in_it"),
    [
        ("", "no JSON"),
        ("{", "no JSON at line 1"),
        ("[]", "no object"),
        ('"lesson"', "no object"),
        ("\x00\x01", "no JSON"),
        ('{"version": NaN}', "NaN"),
        ('{"minutes": Infinity}', "Infinity"),
        ('{"title": "a", "title": "b"}', "written twice"),
        ('{"a":' * 5000 + "1" + "}" * 5000, "nested too deeply|no JSON"),
        ("[" * 100_000, "nested too deeply|no JSON"),
        ("9" * 5000, "no JSON|no object"),
        (" " * (LARGEST + 1), "larger than"),
    ],
)
def test_what_is_no_lesson_at_all_is_refused(file: Path, text: str, said_in_it: str) -> None:
    sentence = refusal(put(file, text))
    assert any(part in sentence for part in said_in_it.split("|")), sentence


def test_bytes_folders_and_missing_files_are_refused(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    refusal(file)
    refusal(put(file, json.dumps(written()).replace("5", "1e999", 1)))
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(UnusableInput):
            read_lesson(path)
    with pytest.raises(UnusableInput, match="ballistic, resonant"):
        lesson_path("balistic")


def test_a_change_of_any_value_for_another_type_is_read_or_refused_and_never_a_fault(file: Path) -> None:
    """Every value of a shipped lesson, one after the other, becomes something else."""
    whole = json.loads(lesson_path("chaotic").read_text(encoding="utf-8"))
    for place in list(_places(whole)):
        for other in (None, True, -1, 1e300, "", "x", [], {}, [[]], {"figure": None}):
            changed = json.loads(json.dumps(whole))
            holder = changed
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = other
            try:
                read_lesson(put(file, changed))
            except UnusableInput as refused:
                assert str(refused).startswith(file.name)  # noqa: PT017 (a lesson may still be one without this value)


def _places(data: object, at: tuple[Any, ...] = ()) -> Any:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield (*at, key)
        yield from _places(value, (*at, key))


def test_the_document_names_every_figure_control_cover_and_setting() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in (*KINDS, *values.CONTROLS, *values.COVERED, *values.VIEWS, *values.CURVES, *values.THEMES, *Relation):
        assert f"`{name}`" in text, name
    for name in Settings.__dataclass_fields__:
        assert f"`{name}`" in text, name


def test_the_documents_example_is_a_lesson(file: Path) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = read_lesson(put(file, example))
    assert found.stages[0].predict is not None


# ---- conditions and figures ----------------------------------------------------------------


def test_conditions_compare_figures_and_know_what_they_do_not_know() -> None:
    figures = {"e_pot": 0.25, "least_e_pot": 0.1, "regime": "Weak"}
    for relation, value, holds in (
        (Relation.BELOW, 0.3, True), (Relation.BELOW, 0.25, False), (Relation.ABOVE, 0.2, True),
        (Relation.NEAR, 0.26, True), (Relation.NEAR, 0.3, False), (Relation.IS, 0.25, True),
    ):  # fmt: skip
        assert Comparison("e_pot", relation, value).holds(figures) is holds
    assert Comparison("e_pot", Relation.ABOVE, than="least_e_pot", times=2.0).holds(figures) is True
    assert Comparison("e_pot", Relation.ABOVE, than="least_e_pot", times=3.0).holds(figures) is False
    assert Comparison("regime", Relation.IS, "Weak").holds(figures) is True
    assert Comparison("drift", Relation.BELOW, 1.0).holds(figures) is None
    known, unknown = Comparison("e_pot", Relation.BELOW, 0.3), Comparison("drift", Relation.BELOW, 1.0)
    assert Condition((known, unknown)).holds(figures) is None
    assert Condition((replace(known, value=0.1), unknown)).holds(figures) is False
    assert Condition((known,)).present(figures) == "E_pot = 0.250"


def test_figures_are_written_with_three_digits_and_a_real_minus() -> None:
    assert said("e_pot", 0.26378) == "0.264"
    assert said("twin_rate", -0.0122) == "−0.0122"
    assert said("steps", 50.0) == "50"
    assert said("coupling", 1000.0) == "1 000"
    assert said("h_span", 1.04e-9) == "1.0e−9"
    assert said("action", 0.0) == "0"
    assert said("action", 63.12) == "63.1"
    assert filled("From {t_least} to {t_most}.", {"t_least": 1.0, "t_most": 2.5}) == "From 1.00 to 2.50."
    assert filled("{drift}", {}) is None


# ---- progress ------------------------------------------------------------------------------


def lesson_of(file: Path, *stages: dict[str, Any]) -> Progress:
    return Progress(read_lesson(put(file, written(stages=list(stages)))))


def test_nothing_is_revealed_before_a_prediction_and_nothing_said_before_it_is_measured(file: Path) -> None:
    progress = lesson_of(file, asking(hide=["stage"]), {"title": "b", "text": "c"})
    assert progress.phase is Phase.ASKS
    assert not progress.revealed
    assert progress.opened() is progress
    progress = progress.predicted(0.3)
    assert (progress.phase, progress.revealed) == (Phase.PREDICTED, False)
    assert progress.seen({"e_pot": 0.26}).phase is Phase.PREDICTED
    progress = progress.opened()
    assert (progress.phase, progress.revealed) == (Phase.MEASURING, True)
    assert progress.seen({"s_kin": 1.0}).phase is Phase.MEASURING
    progress = progress.seen({"e_pot": 0.26378})
    page = progress.page({})
    assert (page.said, page.measured, page.right) == ("0.3", "E_pot = 0.264", True)
    assert page.reveal == "It is 0.264."
    assert page.finished == (True, False)
    # What was measured then stays beside what was said, wherever the student goes.
    again = progress.at(1).at(0).seen({"e_pot": 9.0}).page({})
    assert (again.said, again.measured) == ("0.3", "E_pot = 0.264")
    assert progress.at(1).page({}).complete
    assert progress.at(99).index == 1


def test_a_choice_is_right_where_its_condition_holds_and_no_answer_is_written_in_the_program(file: Path) -> None:
    below, above = ({"figure": "e_pot", "is": word, "value": 0.5} for word in ("below", "above"))
    choices = [{"text": "Low", "when": below}, {"text": "High", "when": above}]
    stage = asking(predict={"question": "?", "kind": "choices", "choices": choices, "figure": "e_pot"})
    progress = lesson_of(file, stage).predicted(0.0).opened()
    low, high = progress.seen({"e_pot": 0.2}).page({}), progress.seen({"e_pot": 0.9}).page({})
    assert (low.said, low.right, low.measured) == ("“Low”", True, "E_pot = 0.200")
    assert (high.right, high.measured) == (False, "“High” · E_pot = 0.900")


def test_a_task_stays_done(file: Path) -> None:
    task = {"text": "Drag.", "until": {"figure": "e_pot", "is": "below", "value": 0.3}}
    progress = lesson_of(file, {"title": "a", "text": "b", "task": task})
    assert not progress.seen({"e_pot": 0.4}).page({"e_pot": 0.4}).complete
    assert progress.page({"e_pot": 0.4}).task.present == "E_pot = 0.400"
    done = progress.seen({"e_pot": 0.2})
    assert done.seen({"e_pot": 0.4}).page({}).task.done


def test_answers_are_numbers_where_numbers_are_asked(file: Path) -> None:
    number = Prediction("?", Asked.NUMBER, figure="e_pot")
    assert answer_of(number, " 0,25 ") == 0.25
    assert answer_of(number, "−1") == -1
    assert answer_of(Prediction("?", Asked.TEXT), " it bends ") == "it bends"
    assert answer_of(Prediction("?", Asked.CHOICES, (Choice("a"), Choice("b"))), "1") == 1
    for nonsense in ("", "  ", "much", "nan", "inf", "1e999"):
        with pytest.raises(UnusableInput):
            answer_of(number, nonsense)


# ---- locks ---------------------------------------------------------------------------------


def test_what_is_locked_stays_and_the_rest_moves() -> None:
    old = Session(query="a", gap=Gap(1, 2))
    new = replace(old.with_physics(coupling=3, mass=3).with_descent(steps=3), query="b", gap=Gap(2, 3), revealed=True)
    locked = locked_fields(
        {"coupling": Access.LOCKED, "query": Access.HIDDEN, "mass": Access.SHOWN, "views": Access.LOCKED}
    )
    kept, names = held(locked, old, new)
    assert set(names) == {"coupling", "query"}
    assert (kept.physics.coupling, kept.query) == (old.physics.coupling, "a")
    assert (kept.physics.mass, kept.descent.steps, kept.gap, kept.revealed) == (3, 3, Gap(2, 3), True)
    assert held(frozenset(WORDS), old, new)[0] == old
    assert held(frozenset(), old, new) == (new, ())


def test_the_store_asks_its_guard() -> None:
    store, seen = Store(), []
    store.changed.connect(lambda new, old: seen.append(new.query))
    store.guard = lambda old, new: replace(new, query=old.query)
    store.update(lambda session: replace(session, query="x"))
    assert seen == []
    store.update(lambda session: replace(session, query="x", cursor=1.0))
    assert seen == [""]


def test_the_shipped_lessons_are_the_four() -> None:
    assert tuple(shipped_lessons()) == SHIPPED == ("ballistic", "resonant", "chaotic", "tunnel")


def test_the_command_lists_the_lessons_and_refuses_what_is_none(file: Path, capsys) -> None:
    from slap_studio.cli import run

    assert run(["lesson", "--list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == list(SHIPPED)
    for arguments, said_in_it in (
        (["lesson"], "ballistic, resonant, chaotic, tunnel"),
        (["lesson", "nothing"], "There is no lesson 'nothing'"),
        (["lesson", str(put(file, written(version=7)))], "version 7"),
    ):
        assert run(arguments) == 2
        error = capsys.readouterr().err
        assert said_in_it in error
        assert "Traceback" not in error
