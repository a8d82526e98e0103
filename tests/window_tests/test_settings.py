"""Preferences outlive updates: what another version stored is kept, and what is unfit counts as not stored."""

from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QByteArray, QSettings

from slap_studio.app.settings import VERSION, Settings

pytestmark = pytest.mark.window


def stored(path: Path) -> QSettings:
    return QSettings(str(path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.mark.parametrize("unfit", ["", "nonsense", 7, ["a", "b"], {"a": 1}, QByteArray(b"\0\xff"), None])
def test_unfit_values_count_as_not_stored(tmp_path: Path, unfit: object) -> None:
    fresh = Settings(stored(tmp_path / "fresh"))
    store = stored(tmp_path)
    names = [name for name, of in vars(Settings).items() if isinstance(of, property)]
    for name in (*names, "version"):
        store.setValue(name, unfit)
    settings = Settings(store)
    for name in names:
        # A place of the window is bytes of Qt's own, which Qt refuses itself.
        if not (isinstance(unfit, QByteArray) and name in ("geometry", "layout")):
            assert getattr(settings, name) == getattr(fresh, name), name
    settings.add_recent(tmp_path / "settings.ini")


def test_what_a_later_version_stored_is_kept(tmp_path: Path) -> None:
    store = stored(tmp_path)
    store.setValue("version", VERSION + 1)
    store.setValue("something new", "kept")
    store.setValue("theme", "light")
    settings = Settings(store)
    assert settings.theme == "light"
    store.sync()
    again = stored(tmp_path)
    assert (again.value("something new"), int(again.value("version"))) == ("kept", VERSION + 1)
