"""Fuzz what is read from files (docs/reliability.md): `python tools/fuzz [KIND ...] [--inputs N]`; `make fuzz`.

Coverage guides it (atheris, which is libFuzzer's). Each kind of file is given N inputs in stretches, each in a process
of its own; a run that was stopped goes on after the last one. Inputs that reach code which none reached before are kept
in build/fuzz/KIND/corpus; one that raises anything but UnusableInput, or takes ten seconds or two gigabytes, ends the
run and lies in build/fuzz/KIND.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORK = ROOT / "build" / "fuzz"
STRETCH = 20_000  # inputs


def main() -> int:
    """0 if every kind took all of its inputs."""
    from kinds import KINDS

    parser = argparse.ArgumentParser(description="Fuzz what is read from files.")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--inputs", type=int, default=100_000)
    chosen = parser.parse_args()
    unknown = set(chosen.kinds) - set(KINDS)
    if unknown:
        parser.error(f"there is no kind {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    return max(_fuzz(name, KINDS[name].seeds, chosen.inputs) for name in chosen.kinds or KINDS)


def _fuzz(name: str, seeds, inputs: int) -> int:
    folder = WORK / name
    corpus, record = folder / "corpus", folder / "done.json"
    corpus.mkdir(parents=True, exist_ok=True)
    for index, data in enumerate(seeds()):
        (corpus / f"seed-{index}").write_bytes(data)
    done = json.loads(record.read_text()) if record.is_file() else {"inputs": 0, "seconds": 0.0}
    while done["inputs"] < inputs:
        count, began = min(STRETCH, inputs - done["inputs"]), time.monotonic()
        ended = subprocess.run(  # noqa: S603 (this program's own other half)
            [
                sys.executable, str(Path(__file__).with_name("target.py")), name, str(corpus), f"-runs={count}",
                f"-seed={done['inputs'] + 1}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=65536", "-verbosity=0",
                f"-artifact_prefix={folder}/",
            ],
            cwd=ROOT, check=False,
        )  # fmt: skip
        if ended.returncode:
            print(f"{name}: stopped by an input, which lies in {folder.relative_to(ROOT)}")
            return 1
        done = {"inputs": done["inputs"] + count, "seconds": done["seconds"] + time.monotonic() - began}
        record.write_text(json.dumps(done))
        print(
            f"{name}: {done['inputs']:,} inputs in {done['seconds']:.0f} s, {len(list(corpus.iterdir()))} kept",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
