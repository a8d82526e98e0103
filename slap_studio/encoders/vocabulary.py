"""The built-in encoder's vocabulary: byte-pair merges under which each word it has learnt is one token.

A word that it has not learnt falls apart into several tokens, which is how an unknown word is told.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, in order, without digits and punctuation."""
    return tuple(_WORD.findall(text.lower()))


def merges_for(words: Iterable[str]) -> list[tuple[str, str]]:
    """Byte-pair merges, in order, that make one token of each word (Sennrich et al. 2016, equal frequencies)."""
    spelled = [(*word[:-1], word[-1] + "</w>") for word in sorted(set(words))]
    merges: list[tuple[str, str]] = []
    while True:
        pairs = Counter(pair for symbols in spelled for pair in pairwise(symbols))
        if not pairs:
            return merges
        # Of equally frequent pairs the first in the alphabet, so that the file is the same each time.
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        spelled = [_merged(symbols, best) for symbols in spelled]


def write_merges(merges: Iterable[tuple[str, str]], path: Path) -> None:
    """Write merges in the file format of CLIP's tokenizer; the same bytes for the same merges."""
    lines = ["#version: 0.2", *(" ".join(merge) for merge in merges)]
    path.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


def _merged(symbols: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    result: list[str] = []
    for symbol in symbols:
        if result and (result[-1], symbol) == pair:
            result[-1] += symbol
        else:
            result.append(symbol)
    return tuple(result)
