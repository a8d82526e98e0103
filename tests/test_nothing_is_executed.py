"""Nothing from outside is ever unpickled or executed, and nothing leaves the machine but an asked-for download."""

import ast
import pickle
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

import slap_studio
from slap_studio.commands.solve import read_problem
from slap_studio.core.network_file import NETWORK_FILE, read_network
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.lessons.reading import read_lesson
from slap_studio.problems import UnusableInput
from slap_studio.session.file import read_session
from slap_studio.training.runs import CHECKPOINT_FILE, resume

ROOT = Path(slap_studio.__file__).parent
FORBIDDEN_MODULES = {
    "pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml", "telnetlib", "ftplib", "smtplib",
    "urllib", "urllib.request", "http", "http.client", "requests", "httpx", "aiohttp", "huggingface_hub", "xmlrpc",
}  # fmt: skip
# Read here for the telling: the only place that runs another program, and the only one that opens a socket.
PROGRAMS = {"app/screen.py": "Xvfb, of the system", "commands/bench.py": "this very program"}
SOCKETS = {"app/screen.py": "asks whether the screen answers"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(ROOT.rglob("*.py")):
        yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def named(call: ast.Call) -> str:
    return ast.unparse(call.func)


def calls() -> Iterator[tuple[str, ast.Call]]:
    for name, tree in trees():
        yield from ((name, node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def given(call: ast.Call, name: str) -> object:
    return next((ast.literal_eval(keyword.value) for keyword in call.keywords if keyword.arg == name), None)


def test_no_module_that_executes_what_it_reads_or_talks_to_the_network_is_imported() -> None:
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [(name, module) for module in modules if module in FORBIDDEN_MODULES]
    assert found == []


def test_nothing_is_evaluated_and_arrays_and_weights_come_without_pickle() -> None:
    for name, call in calls():
        what = named(call)
        assert what not in {"eval", "exec", "compile", "os.system", "os.popen", "__import__"}, name
        if what in {"np.load", "numpy.load"}:
            assert given(call, "allow_pickle") is False, name
        if what.endswith(("format.read_array", "read_magic")) and what.endswith("read_array"):
            assert given(call, "allow_pickle") is False, name
        if what == "torch.load":
            assert given(call, "weights_only") is True, name
        if what.startswith("open_clip.create_model") and given(call, "load_weights") is not False:
            assert given(call, "weights_only") is True, name


def test_other_programs_are_run_in_two_places_and_never_by_a_shell() -> None:
    found = set()
    for name, call in calls():
        if named(call).startswith("subprocess.") and named(call) != "subprocess.list2cmdline":
            found.add(name)
            assert not any(keyword.arg == "shell" for keyword in call.keywords), name
    assert found <= set(PROGRAMS)


def test_one_place_opens_a_socket_and_it_is_the_screens() -> None:
    assert {name for name, call in calls() if named(call).startswith("socket.")} == set(SOCKETS)


def test_the_clock_on_the_wall_decides_nothing() -> None:
    """It may be set back: it names what was saved when, measures a launch from another process, and dates caches."""
    places = {name for name, call in calls() if named(call) in {"time.time", "datetime.now", "datetime.utcnow"}}
    assert places <= {"app/main.py", "commands/bench.py", "app/recovery.py", "app/saving.py", "tunnel_test/run.py",
                      "commands/bench_soak.py", "commands/bench_solver.py", "encoders/room.py"}  # fmt: skip


class Burglar:
    """Leaves a mark where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.mark,))


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    mark = tmp_path / "was here"
    # The trap works: unpickled by hand it leaves its mark.
    pickle.loads(pickle.dumps(Burglar(mark)))  # noqa: S301
    assert mark.exists()
    mark.unlink()
    return mark


def pickled_array(path: Path, mark: Path, name: str) -> None:
    """A zip of numpy's with a pickle in an array."""
    with zipfile.ZipFile(path, "w") as archive, archive.open(f"{name}.npy", "w") as member:
        np.lib.format.write_array(member, np.array([Burglar(mark)], dtype=object), allow_pickle=True)


def test_a_pickle_in_an_array_is_refused_and_leaves_no_mark(tmp_path: Path, mark: Path) -> None:
    problem, session = tmp_path / "problem.npz", tmp_path / "work.slap"
    pickled_array(problem, mark, "start")
    pickled_array(session, mark, "session")
    cache = Cache(tmp_path)
    place = cache.place("a clip")
    pickled_array(place, mark, "times")
    bare = tmp_path / "bare.npz"
    bare.write_bytes(pickle.dumps(Burglar(mark)))
    mark.unlink(missing_ok=True)
    for path in (problem, bare):
        with pytest.raises(UnusableInput):
            read_problem(path, None, print)
    with pytest.raises(UnusableInput):
        read_session(session)
    assert cache.find(place) is None
    assert not mark.exists()


@pytest.mark.parametrize("name", ["open_clip_pytorch_model.bin", "model.pt", "open_clip_model.safetensors"])
def test_a_pickle_in_a_checkpoint_is_refused_and_leaves_no_mark(name: str, tmp_path: Path, mark: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    built_in = encoders.source("built-in").folder
    assert built_in is not None
    for file in (encoders.CONFIG_FILE, encoders.VOCABULARY_FILE):
        (folder / file).write_bytes((built_in / file).read_bytes())
    if name.endswith("safetensors"):
        (folder / name).write_bytes(pickle.dumps(Burglar(mark)))
    else:
        torch.save({"state_dict": Burglar(mark)}, folder / name)
    mark.unlink(missing_ok=True)
    with pytest.raises(UnusableInput):
        encoders.load(str(folder))
    assert not mark.exists()


def test_a_pickle_under_the_name_of_weights_lessons_or_checkpoints_leaves_no_mark(tmp_path: Path, mark: Path) -> None:
    for name in (NETWORK_FILE, CHECKPOINT_FILE, "lesson.json"):
        (tmp_path / name).write_bytes(pickle.dumps(Burglar(mark)))
    mark.unlink(missing_ok=True)
    model = torch.nn.Linear(2, 2)
    for read in (
        lambda: read_network(tmp_path),
        lambda: read_lesson(tmp_path / "lesson.json"),
        lambda: resume(tmp_path / CHECKPOINT_FILE, model, torch.optim.AdamW(model.parameters())),
    ):
        with pytest.raises(UnusableInput):
            read()
    assert not mark.exists()
