"""Undo and redo: any sequence of changes is taken back to where it began, one gesture a step."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from slap_studio.core.types import AlignmentKind
from slap_studio.media.gap import Gap
from slap_studio.session.history import LONGEST, History, changed, same_work
from slap_studio.session.state import Session
from slap_studio.session.store import Store

CHANGES = st.one_of(
    st.floats(0, 1000).map(lambda value: lambda session: session.with_physics(coupling=value)),
    st.floats(0, 1000).map(lambda value: lambda session: session.with_physics(mass=value)),
    st.integers(0, 5000).map(lambda value: lambda session: session.with_descent(steps=value)),
    st.text(max_size=5).map(lambda value: lambda session: replace(session, query=value)),
    st.floats(0, 10).map(lambda value: lambda session: replace(session, gap=Gap(value, value + 1))),
    st.booleans().map(lambda value: lambda session: replace(session, revealed=value)),
    st.floats(0, 10).map(lambda value: lambda session: replace(session, cursor=value)),
)


@given(st.lists(st.tuples(CHANGES, st.none() | st.integers(0, 3)), max_size=30))
def test_undoing_everything_leads_back_and_redoing_everything_leads_to_the_end(changes) -> None:
    store = Store()
    began = store.session
    for change, gesture in changes:
        store.gesture = lambda gesture=gesture: gesture
        store.update(change)
    ended, steps = store.session, 0
    while store.history.undone is not None:
        before = store.session
        store.undo()
        assert not same_work(store.session, before)
        steps += 1
    assert same_work(store.session, began)
    assert store.session.cursor == ended.cursor
    assert steps <= len(changes)
    for _ in range(steps):
        store.redo()
    assert store.session == ended
    assert store.history.redone is None


def test_one_drag_is_one_step_and_two_drags_are_two() -> None:
    store = Store()
    for gesture, values in ((1, (0.6, 0.7, 0.8)), (2, (0.9, 1.0))):
        store.gesture = lambda gesture=gesture: gesture
        for value in values:
            store.update(lambda session, value=value: session.with_physics(coupling=value))
    store.undo()
    assert store.session.physics.coupling == 0.8
    store.undo()
    assert store.session.physics.coupling == 0.5
    store.undo()
    assert store.session == Session()
    # A change after an undo leaves nothing to do again.
    store.update(lambda session: session.with_physics(coupling=2.0))
    store.update(lambda session: session.with_physics(coupling=3.0))
    assert store.history.redone is None
    store.undo()
    assert store.session.physics.coupling == 0.5


def test_a_drag_that_leads_back_is_no_step_and_the_cursor_is_none() -> None:
    store = Store()
    store.gesture = lambda: 1
    for value in (0.6, 0.5):
        store.update(lambda session, value=value: session.with_physics(coupling=value))
    store.update(lambda session: replace(session, cursor=3.0))
    assert store.history.undone is None


def test_other_work_begins_a_history_of_its_own() -> None:
    store = Store()
    store.update(lambda session: replace(session, query="a red cube"))
    store.begin(Session(query="a blue ball"))
    assert store.history.undone is None
    store.undo()
    assert store.session.query == "a blue ball"


def test_what_is_undone_is_named() -> None:
    session = Session()
    assert changed(session, session.with_physics(coupling=1.0)) == "coupling λ"
    assert changed(session, session.with_physics(coupling=1.0, mass=2.0)) == "coupling λ and mass μ"
    assert changed(session, replace(session.with_descent(steps=150), horizon=200)) == "steps K"
    assert changed(session, replace(session, alignment=AlignmentKind.LEARNED)) == "alignment"
    many = replace(session.with_physics(coupling=1.0, mass=2.0), query="a red cube")
    assert changed(session, many) == "settings"


def test_a_long_day_keeps_the_last_steps_only() -> None:
    history, session = History(), Session()
    for step in range(LONGEST + 20):
        new = replace(session, query=str(step))
        history.note(session, new, None)
        session = new
    undone = 0
    while history.undone is not None:
        session = history.undo(session)
        undone += 1
    assert undone == LONGEST
    assert session.query == "19"
