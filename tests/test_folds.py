"""The learned alignment is read once for all who ask, and is the one that the file holds."""

import threading

import numpy as np
import pytest
import torch

from slap_studio import folds as module
from slap_studio.core import network_file
from slap_studio.core.learned import fold
from slap_studio.core.network import NetworkShape, random_network
from slap_studio.core.network_file import read_network, write_network
from slap_studio.folds import Folds
from slap_studio.problems import UnusableInput


@pytest.fixture
def folder(tmp_path):
    write_network(random_network(NetworkShape(8, 16, 2), seed=3), tmp_path, "a test")
    return tmp_path


def test_it_is_the_folded_network_of_the_file(folder, unit_vectors) -> None:
    query, latents = unit_vectors(1, 8)[0], torch.as_tensor(unit_vectors(5, 8))
    found = Folds(folder).towards(query, dtype="float64").value(latents)
    alone = fold(read_network(folder), torch.as_tensor(query), dtype=torch.float64).value(latents)
    assert torch.equal(found, alone)


def test_many_threads_that_ask_read_it_once_for_each_precision(folder, unit_vectors, monkeypatch) -> None:
    read, queries, given = [], unit_vectors(4, 8), []

    def counted(asked):
        read.append(asked)
        return network_file_read(asked)

    network_file_read = network_file.read_network
    monkeypatch.setattr(network_file, "read_network", counted)
    folds = Folds(folder)

    def ask() -> None:
        given.extend(folds.towards(query, dtype=dtype) for query in queries for dtype in ("float32", "float64"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 32
    assert len({id(alignment) for alignment in given}) == 8
    assert read == [folder, folder]
    folds.forget()
    assert folds.towards(queries[0]) not in given
    assert len(read) == 3


def test_only_the_last_queries_are_remembered(folder, unit_vectors) -> None:
    folds, queries = Folds(folder), unit_vectors(module._REMEMBERED + 1, 8)
    first = folds.towards(queries[0])
    assert folds.towards(queries[0]) is first
    for query in queries[1:]:
        folds.towards(query)
    again = folds.towards(queries[0])
    assert again is not first
    latents = torch.as_tensor(unit_vectors(5, 8), dtype=torch.float32)
    assert torch.equal(again.value(latents), first.value(latents))


def test_latents_of_another_length_and_missing_weights_are_one_sentence(folder, tmp_path_factory) -> None:
    with pytest.raises(UnusableInput, match="for latents of 8 numbers, but these have 7; choose the cosine"):
        Folds(folder).towards(np.ones(7))
    with pytest.raises(UnusableInput, match="is missing; make it with"):
        Folds(tmp_path_factory.mktemp("empty")).towards(np.ones(8))
