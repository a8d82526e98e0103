"""A shown window for every test. Qt is imported only where a fixture is used: elsewhere it may be missing."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from slap_studio.encoders import encoder as encoders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.window_tests.studio import Studio


@pytest.fixture(scope="session")
def qapp() -> Any:
    from slap_studio.app.main import make_application

    return make_application()


@pytest.fixture(autouse=True)
def _own_settings(_own_home: None) -> None:
    """Preferences of this test alone: Qt looks up XDG_CONFIG_HOME once per process and would share the first test's."""
    from PySide6.QtCore import QSettings

    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.environ["XDG_CONFIG_HOME"])


@pytest.fixture(scope="session")
def built_in() -> encoders.Encoder:
    return encoders.load()


@pytest.fixture
def new_studio(qapp, qtbot, built_in, monkeypatch: pytest.MonkeyPatch) -> "Callable[[], Studio]":
    from slap_studio.app.main import make_studio
    from tests.window_tests.studio import Studio

    # Loaded once for all tests, instead of once for every window.
    monkeypatch.setattr(encoders, "load", lambda name, device: built_in)

    def make() -> Studio:
        controller = make_studio(qapp, "dark")
        # Fitting UMAP takes seconds of compiling, and minutes where a machine has much else to do: PCA stays.
        for lane in ("map", "globe"):
            controller.lanes[lane].ask = lambda request: None  # type: ignore[method-assign]
        controller.warm_up = lambda: None  # type: ignore[method-assign]
        controller.window.resize(1280, 800)
        controller.window.show()
        qtbot.waitExposed(controller.window)
        return Studio(controller, qtbot)

    return make


@pytest.fixture
def studio(new_studio: "Callable[[], Studio]", qtbot) -> "Iterator[Studio]":
    from slap_studio.app.jobs import wait_for

    studio = new_studio()
    controller = studio.controller
    qtbot.addWidget(controller.window)
    yield studio
    controller.close()
    wait_for(controller.lanes.values())
    controller.window.close()


@pytest.fixture
def opened(studio: "Studio", small_clip: Path) -> "Studio":
    studio.open(small_clip)
    studio.settle()
    return studio
