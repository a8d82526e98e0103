"""One stretch of fuzzing, in a process of its own: `target.py KIND CORPUS [libFuzzer's options]`."""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["slap_studio"]):
    from kinds import KINDS, attempt
from mutations import mutated


def main() -> None:
    """Never comes back: libFuzzer ends the process."""
    kind = KINDS[sys.argv[1]]
    with tempfile.TemporaryDirectory(prefix="slap-fuzz-") as folder:
        arguments = [sys.argv[0], *sys.argv[2:]]
        atheris.Setup(
            arguments, lambda data: bool(attempt(kind, Path(folder), data)) and None,
            custom_mutator=lambda data, most, seed: mutated(data, most, seed, atheris.Mutate),
        )  # fmt: skip
        atheris.Fuzz()


if __name__ == "__main__":
    main()
