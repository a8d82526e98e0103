"""Libraries keep little of the memory that they have worked with."""

import subprocess
import sys

import pytest
import torch

from slap_studio.commands.memory import used_bytes

THREADS = 4
# Each stays alive, as a lane does.
_MULTIPLY = f"""
from slap_studio.app.allocation import keep_less
keep_less()
import threading, torch
from slap_studio.commands.memory import used_bytes

def multiply(done):
    torch.randn(300, 512, dtype=torch.float64) @ torch.randn(512, 512, dtype=torch.float64)
    done.set()
    over.wait()

over = threading.Event()
found = []
for _ in range({THREADS} + 1):
    done = threading.Event()
    threading.Thread(target=multiply, args=(done,)).start()
    done.wait()
    found.append(used_bytes())
over.set()
print(found[-1] - found[0])
"""

# As many layers as an encoder has; what is kept for the first few numbers of frames is not counted.
_CONVOLVE = """
from slap_studio.app.allocation import keep_less
keep_less()
import torch
from slap_studio.commands.memory import used_bytes

weights = [torch.randn(8 * layer, 16, 3, 3) for layer in range(1, 9)]
found = []
with torch.inference_mode():
    for frames in range(1, 33):
        for weight in weights:
            torch.nn.functional.conv2d(torch.randn(frames, 16, 24, 24), weight, padding=1)
        found.append(used_bytes())
print(found[-1] - found[15])
"""

# "hg" marks what huge pages were asked for.
_LARGE_ARRAY = """
import sys
from slap_studio.cli import main
sys.argv = ["slap-studio", "--version"]
try:
    main()
except SystemExit:
    pass
import numpy
array = numpy.ones(1 << 24)
flags = [line.split() for line in open("/proc/self/smaps") if line.startswith("VmFlags")]
print(len(flags), sum("hg" in line for line in flags))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what pages were asked for")
def test_no_huge_pages_are_asked_for_a_large_array() -> None:
    done = subprocess.run([sys.executable, "-c", _LARGE_ARRAY], capture_output=True, text=True, check=True)
    mapped, huge = map(int, done.stdout.splitlines()[-1].split())
    assert mapped > 0
    assert huge == 0


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="torch convolves without oneDNN here")
@pytest.mark.skipif(used_bytes() is None, reason="the allocator does not tell what is in use")
def test_what_is_compiled_for_one_number_of_frames_makes_way_for_another() -> None:
    done = subprocess.run([sys.executable, "-c", _CONVOLVE], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1_000_000


@pytest.mark.skipif(not torch.backends.mkl.is_available(), reason="torch multiplies without MKL here")
@pytest.mark.skipif(used_bytes() is None, reason="the allocator does not tell what is in use")
def test_a_thread_that_multiplied_matrices_keeps_no_room_for_it() -> None:
    done = subprocess.run([sys.executable, "-c", _MULTIPLY], capture_output=True, text=True, check=True)
    assert int(done.stdout) < THREADS * 1_000_000
