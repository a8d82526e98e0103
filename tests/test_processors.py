"""Libraries of ours take no more of the processor than they are asked to."""

import os
import subprocess
import sys

import pytest

pytest.importorskip("threadpoolctl")

_THREADS_OF_BLAS = """
import sys
from slap_studio.cli import main
sys.argv = ["slap-studio", "--version"]
try:
    main()
except SystemExit:
    pass
import numpy, scipy.linalg
from threadpoolctl import threadpool_info
print(*sorted({pool["num_threads"] for pool in threadpool_info() if pool["internal_api"] == "openblas"}))
"""


def _threads(**environment: str) -> list[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    command = [sys.executable, "-c", _THREADS_OF_BLAS]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=inherited | environment)
    return done.stdout.splitlines()[1].split()


def test_products_of_numpy_keep_no_core_turning() -> None:
    found = _threads()
    if not found:
        pytest.skip("numpy's products are another library's here")
    assert found == ["1"]


def test_whoever_asks_for_more_threads_gets_them() -> None:
    found = _threads(OPENBLAS_NUM_THREADS="2")
    if not found:
        pytest.skip("numpy's products are another library's here")
    assert found == ["2"] or os.cpu_count() == 1
