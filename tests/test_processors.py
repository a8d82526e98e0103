"""Libraries of ours take no more of the processor than they are asked to."""

import os
import subprocess
import sys

import pytest

from slap_studio.processors import FEW, cores

pytest.importorskip("threadpoolctl")

_THREADS_OF_BLAS = """
import sys
from slap_studio.cli import main
sys.argv = ["slap-studio", "--version"]
try:
    main()
except SystemExit:
    pass
import os
import numpy, scipy.linalg
from threadpoolctl import threadpool_info
print(os.environ.get("GOMP_SPINCOUNT", "unset"))
print(*sorted({pool["num_threads"] for pool in threadpool_info() if pool["internal_api"] == "openblas"}))
"""


def _said(**environment: str) -> list[str]:
    """Lines: the program's version, how long torch's helpers turn round, the numbers of threads of OpenBLAS."""
    inherited = {name: value for name, value in os.environ.items() if not name.endswith(("_NUM_THREADS", "_SPINCOUNT"))}
    command = [sys.executable, "-c", _THREADS_OF_BLAS]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=inherited | environment)
    return done.stdout.splitlines()


def test_products_of_numpy_keep_no_core_turning() -> None:
    found = _said()[2].split()
    if not found:
        pytest.skip("numpy's products are another library's here")
    assert found == ["1"]


def test_whoever_asks_for_more_threads_gets_them() -> None:
    found = _said(OPENBLAS_NUM_THREADS="2")[2].split()
    if not found:
        pytest.skip("numpy's products are another library's here")
    assert found == ["2"] or cores() == 1


def test_torchs_helpers_turn_round_only_where_cores_are_many() -> None:
    assert _said()[1] == ("1000" if cores() <= FEW else "unset")
    assert _said(GOMP_SPINCOUNT="7")[1] == "7"


@pytest.mark.window
def test_in_the_window_torch_leaves_a_core_to_painting() -> None:
    pytest.importorskip("PySide6.QtWidgets", reason="Qt is not installed", exc_type=ImportError)
    code = (
        "from slap_studio.app.main import make_application\n"
        "make_application()\n"
        "import torch\n"
        "print(torch.get_num_threads())"
    )
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=inherited)
    assert int(done.stdout) == max(cores() - 1, 1)
