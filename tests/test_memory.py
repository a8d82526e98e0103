"""What a process is said to hold."""

import gc

import numpy as np
import torch

from slap_studio.commands.memory import array_bytes

SIZE = 20_000_000


def test_arrays_are_counted_once_and_no_longer_than_they_are_held() -> None:
    gc.collect()
    before = array_bytes()
    array, tensor = np.zeros(SIZE, np.uint8), torch.zeros(SIZE, dtype=torch.uint8)
    held = {"array": [array, array], "view": array[5:], "tensor": (tensor, tensor[7:])}
    grown = array_bytes() - before
    assert 2 * SIZE <= grown < 2.1 * SIZE
    held.clear()
    del array, tensor
    gc.collect()
    assert array_bytes() - before < 0.1 * SIZE


def test_an_array_that_lies_in_a_tensor_is_counted() -> None:
    gc.collect()
    before = array_bytes()
    # The dictionary holds no more than an array, so that the collector does not know it.
    held = [{"seen": torch.zeros(SIZE, dtype=torch.uint8).numpy()[7:]}]
    assert SIZE <= array_bytes() - before < 1.1 * SIZE
    held.clear()
    assert array_bytes() - before < 0.1 * SIZE
