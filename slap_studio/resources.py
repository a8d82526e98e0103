"""Where the files that travel with the program lie: in a checkout, in a wheel, or in a bundle."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _folder(name: str) -> Path:
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def assets() -> Path:
    """Folder of fonts, icons and the built-in model."""
    return _folder("assets")


def tunnel_alignment() -> Path:
    """Folder of the learned alignment for the built-in encoder."""
    return assets() / "tunnel_alignment"


def tunnel_methods() -> Path:
    """Folder of the trained methods that SLAP is compared with, for the built-in encoder."""
    return assets() / "tunnel_methods"


def lessons() -> Path:
    """Folder of the lessons that the program offers."""
    return assets() / "lessons"


def sample_videos() -> Path:
    """Folder of the sample clips that the welcome page offers."""
    return _folder("sample_videos")
