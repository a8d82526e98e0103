"""What all tests share: a home of their own, seeded draws, and a small clip of the tunnel world."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from numpy.typing import NDArray

# The same examples in every run, and no opinion on how long one takes: the machine may be busy. A test's examples may
# share its fixtures.
settings.register_profile(
    "seeded",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("seeded")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Caches and settings go to a fresh folder, never to the user's; nothing is downloaded."""
    home = tmp_path_factory.mktemp("home")
    for name in ("CACHE", "CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture
def generator() -> np.random.Generator:
    """Draws that are the same in every run."""
    return np.random.default_rng(7)


@pytest.fixture
def unit_vectors(generator: np.random.Generator) -> Callable[..., NDArray[np.float64]]:
    """Random unit vectors of a shape [..., d]."""

    def draw(*shape: int) -> NDArray[np.float64]:
        vectors = generator.normal(size=shape)
        return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)

    return draw


@pytest.fixture(scope="session")
def small_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of a scene at ten frames per second, 160 × 90."""
    from slap_studio.media.write import write_video
    from slap_studio.tunnel.render import render
    from slap_studio.tunnel.samples import SAMPLES

    path = tmp_path_factory.mktemp("clips") / "small.mp4"
    scene = SAMPLES["tunnel"]
    times = np.linspace(0, scene.duration, 40, endpoint=False)
    write_video(path, (render(scene, float(time), (160, 90)) for time in times), rate=10.0)
    return path
