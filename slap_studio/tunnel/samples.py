"""The four clips that come with the program."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from slap_studio.media.files import replacing
from slap_studio.media.thumbnails import jpeg
from slap_studio.problems import UnusableInput
from slap_studio.tunnel.clips import write_clip
from slap_studio.tunnel.render import render
from slap_studio.tunnel.world import Camera, Cover, Light, Motion, Scene, Setting, Thing

# The tunnel's width and the cube's speed are such that the cube's middle passes the wall's ends at 30% and
# 60% of the clip: the stretch that every example in the documentation hides.
_TUNNEL = Scene(
    seed=8,
    thing=Thing("red", "cube"),
    thing_after=None,
    occluder="tunnel",
    duration=10.0,
    size=0.24,
    motion=Motion(start=-0.12, end=2.18),
    camera=Camera(pan=0.3),
    light=Light("noon", 1.06, 0.15),
    setting=Setting("meadow", 0.57, "rails", 0.74),
    cover=Cover((0.915,), 0.68, 0.42, 0),
)
_PILLARS = replace(
    _TUNNEL,
    seed=3,
    occluder="pillars",
    size=0.22,
    motion=Motion(start=-0.05, end=2.23),
    camera=Camera(pan=0.36),
    setting=Setting("lake", 0.52, "rails", 0.74),
    light=Light("morning", 1.05, 0.2),
    cover=Cover((0.5, 1.1, 1.7), 0.34, 0.42, 3),
)
_OPEN = replace(_TUNNEL, occluder=None, cover=None)

SAMPLES: Mapping[str, Scene] = MappingProxyType(
    {
        "tunnel": _TUNNEL,
        "swap": replace(_TUNNEL, thing_after=Thing("blue", "ball"), change_time=4.5),
        "pillars": _PILLARS,
        "open_track": _OPEN,
    }
)


# Seconds: the thing is on its way in, or the other one has come out.
_POSTER_TIMES: Mapping[str, float] = MappingProxyType({"tunnel": 2.6, "swap": 7.0, "pillars": 4.1, "open_track": 4.0})


def write_sample(name: str, path: Path) -> None:
    """Write one of the samples, 640×360 at 30 frames per second, with its sidecar and a poster.

    Raises
    ------
    UnusableInput
        If there is no sample of that name, or the files cannot be written.
    """
    if name not in SAMPLES:
        raise UnusableInput(f"There is no sample called {name!r}; use one of {', '.join(SAMPLES)}.")
    write_clip(SAMPLES[name], path)
    with replacing(path.with_suffix(".jpg")) as beside:
        beside.write_bytes(jpeg(render(SAMPLES[name], _POSTER_TIMES[name], (640, 360))))
