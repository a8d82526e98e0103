"""From alarm to alarm, round and round, through every gap."""

from types import SimpleNamespace

import numpy as np
import pytest

from slap_studio.app.alarms import alarm_times, neighbour_of
from slap_studio.media.cuts import Cuts


def known(cuts):
    made = Cuts()
    made.found = tuple(cuts)
    return made


def path(times, raised, swapped=False, others=(), cuts=()):
    request = SimpleNamespace(clip=SimpleNamespace(cuts=known(cuts)))
    alarm, readout = SimpleNamespace(raised=np.array(raised, bool)), SimpleNamespace(swapped=swapped)
    posed = SimpleNamespace(times=np.array(times))
    return SimpleNamespace(request=request, posed=posed, alarm=alarm, readout=readout, others=others)


def test_alarms_of_all_gaps_stand_in_the_order_of_time() -> None:
    calm, first = path([0.0, 0.1, 0.2], [False]), path([1.0, 1.1, 1.2, 1.3, 1.4], [0, 1, 1])
    swapped = path([2.0, 2.1, 2.2, 2.3, 2.4], [0, 0, 0], swapped=True)
    assert alarm_times(path([3.0, 3.1, 3.2], [1], others=(calm, first, swapped))) == (1.2, 1.3, 2.2, 3.1)
    assert alarm_times(calm) == ()
    assert alarm_times(path([0.0, 0.1, 0.2], [False], cuts=(0.0, 0.2, 0.5))) == (0.2,)


@pytest.mark.parametrize(
    ("here", "onwards", "backwards"),
    [(0.0, 1.0, 3.0), (1.0, 2.0, 3.0), (2.5, 3.0, 2.0), (3.0, 1.0, 2.0), (9.0, 1.0, 3.0)],
)
def test_it_goes_round_at_both_ends(here: float, onwards: float, backwards: float) -> None:
    times = (1.0, 2.0, 3.0)
    assert neighbour_of(here, times, back=False) == onwards
    assert neighbour_of(here, times, back=True) == backwards
