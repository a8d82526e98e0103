"""Tables and the archive: what is read back is what was drawn, to the last digit."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from slap_studio.cli import run
from slap_studio.export import tables
from slap_studio.export.subject import Subject
from slap_studio.problems import Cancelled, UnusableInput, never

Writer = Callable[[Path, Subject, Callable[[], bool]], None]
WRITERS = (tables.write_latents, tables.write_steps, tables.write_archive)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_of_latents_is_the_path_to_the_last_digit(tmp_path: Path, subject: Subject) -> None:
    tables.write_latents(tmp_path / "path.csv", subject, never)
    rows, answer = read(tmp_path / "path.csv"), subject.answer
    assert len(rows) == len(answer.latents) == 13
    axes = [name for name in rows[0] if name.startswith("z")]
    assert len(axes) == answer.latents.shape[1]
    latents = np.array([[np.float32(row[name]) for name in axes] for row in rows])
    assert np.array_equal(latents, answer.latents)
    for name, values in (
        ("time [s]", answer.posed.times), ("potential V [1]", answer.energies.potential),
        ("map x [1]", answer.places[:, 0]), ("map y [1]", answer.places[:, 1]),
    ):  # fmt: skip
        assert np.array_equal([float(row[name]) for row in rows], values)
    kinetic = [row["kinetic T of the interval after [1]"] for row in rows]
    assert kinetic.pop() == ""
    assert np.array_equal([float(value) for value in kinetic], answer.energies.kinetic)
    assert [row["kind"] for row in rows] == ["anchor", *["inferred"] * 11, "anchor"]
    assert [int(row["nearest frame 1"]) for row in rows[1:-1]] == list(answer.nearest[:, 0])
    assert float(rows[1]["nearest frame 1 time [s]"]) == answer.request.clip.times[answer.nearest[0, 0]]
    assert rows[0]["nearest frame 1"] == rows[-1]["gradient of S [1]"] == ""
    shares = [[float(row[f"share of {label} [1]"]) for label in answer.readout.labels] for row in rows]
    assert np.array_equal(shares, answer.readout.shares)


def test_the_table_of_steps_has_every_step_that_was_solved(tmp_path: Path, subject: Subject) -> None:
    tables.write_steps(tmp_path / "steps.csv", subject, never)
    rows, along = read(tmp_path / "steps.csv"), subject.answer.along
    assert [int(row["step"]) for row in rows] == list(range(101))
    for name, values in (
        ("action S [1]", along.action), ("S_kin [1]", along.s_kin), ("E_pot [1]", along.e_pot),
        ("largest gradient [1]", subject.answer.solution.residuals),
    ):  # fmt: skip
        assert np.array_equal([float(row[name]) for row in rows], values)


def test_the_archive_holds_what_solve_writes_and_needs_no_pickle(
    tmp_path: Path, learned: Subject, small_clip: Path, capsys
) -> None:
    assert run(["solve", str(small_clip), "--query", "a red cube", "--hide", "1.2:2.4",
                "--out", str(tmp_path / "solve.npz")]) == 0  # fmt: skip
    tables.write_archive(tmp_path / "export.npz", learned, never)
    answer = learned.answer
    with (
        np.load(tmp_path / "export.npz", allow_pickle=False) as ours,
        np.load(tmp_path / "solve.npz", allow_pickle=False) as theirs,
    ):
        assert set(theirs.files) < set(ours.files)
        for name in theirs.files:
            assert (ours[name].shape, ours[name].dtype) == (theirs[name].shape, theirs[name].dtype)
        assert np.array_equal(ours["latents"], answer.latents)
        assert np.array_equal(ours["geodesic"][1:-1], answer.solution.history[0])
        assert np.array_equal(ours["step_action"], answer.along.action)
        assert tuple(ours["readout_labels"]) == answer.readout.labels
        found = json.loads(str(ours["settings"]))
    assert (found["alignment"], found["coupling"], found["time_step"], found["steps"]) == ("learned", 0.7, 0.5, 7)
    assert found["video"] == small_clip.name


@pytest.mark.parametrize("write", WRITERS)
def test_a_cancelled_export_leaves_nothing_and_a_folder_that_cannot_be_is_a_sentence(
    tmp_path: Path, subject: Subject, write: Writer
) -> None:
    with pytest.raises(Cancelled):
        write(tmp_path / "out.file", subject, lambda: True)
    assert list(tmp_path.iterdir()) == []
    tmp_path.joinpath("a file").write_text("kept")
    with pytest.raises(UnusableInput, match="no folder"):
        write(tmp_path / "a file" / "out.csv", subject, never)
    assert [path.name for path in tmp_path.iterdir()] == ["a file"]
