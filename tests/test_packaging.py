"""The wheel and the source distribution: what is in them, that one builds the other, and that pip's install runs."""

import json
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from slap_studio import __version__

ROOT = Path(__file__).parents[1]
CARRIED = [
    "assets/style.qss", "assets/fonts/Inter-Regular.otf", "assets/icons/slap-studio.svg",
    "assets/icons/slap-studio-48.png", "assets/icons/chevron-dark.svg", "assets/lessons/resonant.json",
    "assets/tunnel_encoder/open_clip_model.safetensors",
    "assets/tunnel_encoder/vocabulary.txt.gz", "assets/tunnel_alignment/alignment.safetensors",
    "assets/tunnel_methods/transformer.safetensors", "assets/desktop/desktop-entry.sh",
    "assets/desktop/slap-studio.desktop", "sample_videos/tunnel.mp4", "sample_videos/tunnel.json",
    "tunnel_test/page.html.jinja",
]  # fmt: skip


def built(kind: str, source: Path, into: Path) -> Path:
    """A distribution of a source tree, by the backend that pip would call; nothing is downloaded for it."""
    words = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(into)]
    subprocess.run(words, cwd=source, check=True, capture_output=True, text=True)
    return next(into.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


def files(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_carries_its_assets_and_samples_and_nothing_of_the_checkout(wheel: Path) -> None:
    names = files(wheel).keys()
    assert {f"slap_studio/{name}" for name in CARRIED} <= names
    assert {name.split("/")[0] for name in names} == {"slap_studio", f"slap_studio-{__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name or "unfinished" in name]


def test_the_version_stands_in_one_place(wheel: Path) -> None:
    metadata = files(wheel)[f"slap_studio-{__version__}.dist-info/METADATA"].decode()
    assert f"\nVersion: {__version__}\n" in metadata
    assert wheel.name == f"slap_studio-{__version__}-py3-none-any.whl"
    stated = [path for path in (ROOT / "pyproject.toml", ROOT / "app.spec") if __version__ in path.read_text()]
    assert stated == []


def test_the_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    source = built("sdist", ROOT, tmp_path)
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    again = built("wheel", tmp_path / "source" / source.name.removesuffix(".tar.gz"), tmp_path / "again")
    assert files(again) == files(wheel)


def test_an_installed_wheel_runs_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "environment"
    venv.create(place, with_pip=False)
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    program = python.with_name("slap-studio")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True)
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    installed = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    # What it depends on is borrowed from the environment of these tests.
    shared = [path for path in sys.path if path.endswith("site-packages")]
    (installed / "borrowed.pth").write_text("\n".join(shared) + "\n")

    told = subprocess.run([str(program), "--version"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert told.stdout == f"SLAP Studio {__version__}\n"
    clip = installed / "slap_studio" / "sample_videos" / "tunnel.mp4"
    solve = [str(program), "solve", str(clip), "--query", "a red cube", "--hide", "30%:60%", "--out", "path.npz"]
    solved = subprocess.run(solve, cwd=tmp_path, capture_output=True, text=True)
    assert solved.returncode == 0, solved.stderr
    assert json.loads(solved.stdout)["e_pot"] > 0
    assert (tmp_path / "path.npz").is_file()
