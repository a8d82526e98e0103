"""One page about the program and the machine, to paste into a bug report; nothing private is in it."""

import getpass
import os
import platform
import re
import shutil
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from slap_studio import __version__
from slap_studio.log import log_file, without_home

PACKAGES = (
    "numpy", "scipy", "torch", "torchvision", "open_clip_torch", "umap-learn", "numba", "PySide6-Essentials",
    "pyqtgraph", "vispy", "PyOpenGL", "av", "opencv-python", "pillow", "safetensors", "matplotlib", "huggingface_hub",
)  # fmt: skip
_MB = 1 << 20


def diagnosis(opengl: Callable[[], str]) -> str:
    """The page.

    Parameters
    ----------
    opengl
        Says in a line what draws; asked by whoever may know Qt.
    """
    sections = (
        ("Program", _program), ("Machine", _machine), ("GPU", _gpu), ("OpenGL", lambda: [opengl()]),
        ("Model", _model), ("Caches", _caches), ("Versions", _versions),
    )  # fmt: skip
    lines = [f"SLAP Studio {__version__}: diagnosis"]
    for title, tell in sections:
        lines += ["", title]
        try:
            lines += [f"  {line}" for line in tell()]
        except Exception as fault:  # whatever is broken is what the page is asked for
            lines.append(f"  cannot be told ({type(fault).__name__}: {str(fault)[:200]})")
    return anonymous("\n".join(lines)) + "\n"


def anonymous(text: str) -> str:
    """A text without the user's home and name where they stand in paths."""
    text = without_home(text)
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return text
    return re.sub(rf"(?<=[/\\]){re.escape(name)}(?![\w.-])", "(user)", text)


def _program() -> list[str]:
    kind = "an installed application" if getattr(sys, "frozen", False) else "Python's own"
    return [
        f"version {__version__}, {kind}",
        f"Python {platform.python_version()} ({platform.python_implementation()}, {platform.architecture()[0]})",
    ]


def _machine() -> list[str]:
    lines = [
        f"{platform.system()} {platform.release()}, {platform.machine()}",
        f"{os.cpu_count()} cores{_usable_cores()}, {_memory()}",
        f"language {os.environ.get('LC_ALL') or os.environ.get('LANG') or 'not set'}",
        f"session {os.environ.get('XDG_SESSION_TYPE') or 'not told'}, display {_display()}",
    ]
    chosen = ("QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "LIBGL_ALWAYS_SOFTWARE", "MESA_LOADER_DRIVER_OVERRIDE",
              "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "HF_HUB_OFFLINE")  # fmt: skip
    found = [f"{name}={os.environ[name]}" for name in chosen if name in os.environ]
    return [*lines, f"environment {', '.join(found) or 'as usual'}"]


def _usable_cores() -> str:
    try:
        return f" ({len(os.sched_getaffinity(0))} usable)"  # type: ignore[attr-defined, unused-ignore]
    except (AttributeError, OSError):
        return ""


def _memory() -> str:
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "memory not told"
    return f"{whole / 2**30:.1f} GB of memory, {free / 2**30:.1f} free"


def _display() -> str:
    if sys.platform in ("win32", "darwin"):
        return "the desktop's"
    return "there" if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") else "none"


def _gpu() -> list[str]:
    import torch

    lines = [f"torch {torch.__version__}, built for CUDA {torch.version.cuda or 'none'}"]
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            about = torch.cuda.get_device_properties(index)
            lines.append(f"{about.name}, {about.total_memory / 2**30:.1f} GB, compute {about.major}.{about.minor}")
    elif torch.backends.mps.is_available():
        lines.append("Apple's GPU by Metal")
    else:
        lines.append("none that can be used; everything is computed on the CPU")
    return [*lines, f"{torch.get_num_threads()} threads on the CPU"]


def _model() -> list[str]:
    from slap_studio.encoders.cache import cache_folder
    from slap_studio.resources import assets

    lines = []
    for name in ("tunnel_encoder", "tunnel_alignment", "tunnel_methods"):
        files = [file for file in (assets() / name).rglob("*") if file.is_file()]
        size = sum(file.stat().st_size for file in files)
        lines.append(f"{name}: {len(files)} files, {size / _MB:.1f} MB" if files else f"{name}: missing")
    hub = Path(os.environ.get("HF_HOME") or cache_folder().parents[1] / "huggingface") / "hub"
    fetched = list(hub.glob("models--*")) if hub.is_dir() else []
    return [*lines, f"downloaded models: {len(fetched)}"]


def _caches() -> list[str]:
    from slap_studio.encoders.cache import cache_folder
    from slap_studio.encoders.room import LIMIT, kept
    from slap_studio.session.shelf import unsaved_folder

    clips, held = cache_folder(), kept(cache_folder())
    whole, size = sum(one.whole for one in held), sum(one.size for one in held)
    room = f"{size / _MB:.1f} MB of {LIMIT // _MB} MB at the most"
    lines = [f"clips: {clips}, {whole} embedded, {len(held) - whole} in part, {room}, {_room(clips)}"]
    for name, folder in (("unsaved work", unsaved_folder()), ("log", log_file().parent)):
        files = [file for file in folder.glob("*") if file.is_file()] if folder.is_dir() else []
        size = sum(file.stat().st_size for file in files)
        lines.append(f"{name}: {folder}, {len(files)} files, {size / _MB:.1f} MB, {_room(folder)}")
    return lines


def _room(folder: Path) -> str:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    writable = "can be written" if os.access(there, os.W_OK) else "CANNOT be written"
    return f"{shutil.disk_usage(there).free / 2**30:.1f} GB free, {writable}"


def _versions() -> list[str]:
    lines = []
    for name in PACKAGES:
        try:
            lines.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{name} –")
    return lines
