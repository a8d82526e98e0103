"""Figures: their files can be opened, text is text, axes have titles and units, settings are inside."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from slap_studio.export import figures
from slap_studio.export.figures import DRAWINGS
from slap_studio.export.subject import Subject
from slap_studio.problems import Cancelled, UnusableInput, never

SVG = "{http://www.w3.org/2000/svg}"
TITLES = {
    "map": ("PCA axis 1 (no unit)", "PCA axis 2 (no unit)", "potential energy (no unit)", "geodesic", "“a red cube”"),
    "energy": ("time in the clip (s)", "kinetic T", "total H = T + λP", "(no unit)"),
    "steps": ("step of the descent", "action S", "S_kin", "E_pot", "largest gradient", "drawn: K = 40"),
    "readout": ("time in the clip (s)", "share of the readout (%)"),
    "drift": ("time in the clip (s)", "(degrees)", "D_sem", "SLERP"),
    "bifurcation": ("coupling λ (no unit)", "height of the middle latent", "drawn: λ = 2.5"),
    "sweep": ("coupling λ (no unit)", "mass μ (no unit)", "S_kin (squared chord)", "μ = 0.5"),
}


def words(path: Path) -> str:
    """All text of an SVG that is text."""
    root = ET.parse(path).getroot()  # noqa: S314 (written a moment ago)
    return "\n".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("name", list(DRAWINGS))
def test_an_svg_has_the_titles_of_its_axes_with_units_as_text(name: str, full: Subject, tmp_path: Path) -> None:
    out = tmp_path / "figure.svg"
    figures.write(out, name, full, never)
    found = words(out)
    for title in TITLES[name]:
        assert title in found
    assert "λ = 2.5" in found
    assert "small.mp4" in found
    root = ET.parse(out).getroot()  # noqa: S314
    description = next(node.text for node in root.iter() if node.tag.endswith("}description"))
    assert json.loads(description)["step_size"] == 0.02


def test_the_same_figure_gives_the_same_bytes(full: Subject, tmp_path: Path) -> None:
    for ending in ("svg", "png"):
        for copy in ("a", "b"):
            figures.write(tmp_path / f"{copy}.{ending}", "readout", full, never)
        assert tmp_path.joinpath(f"a.{ending}").read_bytes() == tmp_path.joinpath(f"b.{ending}").read_bytes()


@pytest.mark.parametrize("name", list(DRAWINGS))
def test_a_png_is_sharp_drawn_on_and_carries_the_settings(name: str, full: Subject, tmp_path: Path) -> None:
    out = tmp_path / "figure.png"
    figures.write(out, name, full, never)
    with Image.open(out) as image:
        assert image.info["dpi"] == pytest.approx((200, 200), abs=0.1)
        assert json.loads(image.info["Description"])["query"] == "a red cube"
        pixels = np.asarray(image.convert("RGB"))
    width, height = (round(200 * side) for side in DRAWINGS[name].size)
    assert pixels.shape == (height, width, 3)
    assert (pixels != 255).any(axis=-1).mean() > 0.01
    assert len(np.unique(pixels[::3, ::3].astype(int) @ [65536, 256, 1])) > 50


def test_what_is_switched_off_is_not_drawn(full: Subject, tmp_path: Path) -> None:
    for revealed, compared in ((True, False), (False, True)):
        figures.write(tmp_path / "map.svg", "map", replace(full, revealed=revealed, compared=compared), never)
        found = words(tmp_path / "map.svg")
        assert ("truth" in found) == revealed
        assert (full.comparison.others[0].name in found) == compared


def test_a_query_with_signs_of_mathematics_and_of_xml_is_drawn_as_it_is(subject: Subject, tmp_path: Path) -> None:
    asked = replace(subject.answer.request, query="$x^ <&> {a}_b")
    odd = replace(subject, answer=replace(subject.answer, request=asked))
    figures.write(tmp_path / "f.svg", "map", odd, never)
    assert words(tmp_path / "f.svg").count("$x^ <&> {a}_b") == 2


def test_a_sweep_that_is_half_done_is_drawn(full: Subject, tmp_path: Path) -> None:
    half = replace(full, swept=replace(full.swept, cells=full.swept.cells[:2]))
    figures.write(tmp_path / "f.png", "sweep", half, never)
    whole, part = tmp_path / "whole.png", tmp_path / "f.png"
    figures.write(whole, "sweep", full, never)
    assert whole.read_bytes() != part.read_bytes()


def test_branches_that_nobody_looked_at_are_measured_for_the_figure(
    subject: Subject, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("slap_studio.measured.BRANCH_COUNT", 6)
    figures.write(tmp_path / "f.svg", "bifurcation", subject, never)
    assert "coupling λ (no unit)" in words(tmp_path / "f.svg")


@pytest.mark.parametrize("name", ["drift", "sweep"])
def test_what_is_not_there_is_a_sentence_and_no_file(name: str, subject: Subject, tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"open|switch"):
        figures.write(tmp_path / "f.svg", name, subject, never)
    assert list(tmp_path.iterdir()) == []


def test_a_strange_ending_and_a_cancel_leave_nothing(subject: Subject, tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"\.svg or \.png"):
        figures.write(tmp_path / "f.pdf", "map", subject, never)
    with pytest.raises(Cancelled):
        figures.write(tmp_path / "f.png", "map", subject, lambda: True)
    assert list(tmp_path.iterdir()) == []
