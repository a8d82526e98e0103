"""Scenes of the tunnel world: what one is, drawing one from a seed, and what of its thing can be seen."""

from slap_studio.tunnel.random_scenes import random_scene
from slap_studio.tunnel.visibility import hidden_intervals, visible_fraction
from slap_studio.tunnel.world import (
    COLOURS,
    OCCLUDERS,
    SHAPES,
    Camera,
    Cover,
    Light,
    Motion,
    Scene,
    Setting,
    Thing,
)

__all__ = [
    "COLOURS",
    "OCCLUDERS",
    "SHAPES",
    "Camera",
    "Cover",
    "Light",
    "Motion",
    "Scene",
    "Setting",
    "Thing",
    "hidden_intervals",
    "random_scene",
    "visible_fraction",
]
