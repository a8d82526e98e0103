"""The guide: every picture that it shows is made by a scene and is there, and every link leads somewhere."""

import importlib.util
import re
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "guide"
CHAPTERS = sorted(GUIDE.glob("*.md"))
SHOWN = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("guide_pictures", ROOT / "tools" / "guide_pictures.py")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their own module up.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "guide_pictures", module)
        spec.loader.exec_module(module)
    return module


def test_every_picture_is_made_by_a_scene_and_every_scene_is_shown(tool) -> None:
    named = [name for chapter in CHAPTERS for name in SHOWN.findall(chapter.read_text(encoding="utf-8"))]
    assert named
    assert sorted(named) == sorted(f"images/{name}.png" for name in tool.scene.found)


def test_every_picture_is_there_and_small(tool) -> None:
    for name in tool.scene.found:
        path = tool.IMAGES / f"{name}.png"
        assert path.is_file(), f"{name}: run make guide"
        assert path.stat().st_size < tool.LARGEST
        with Image.open(path) as image:
            assert image.mode == "P"
            assert image.width <= tool.SIZE[0]


def test_every_link_leads_to_a_file() -> None:
    for chapter in CHAPTERS:
        for link in re.findall(r"\]\(([^)#]+)\)", chapter.read_text(encoding="utf-8")):
            assert (chapter.parent / link).exists(), (chapter.name, link)
