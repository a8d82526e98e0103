"""`slap-studio tunnel-test`: run it with a progress bar, write the report, clear away what was kept for going on."""

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from slap_studio.core.devices import chosen_device
from slap_studio.encoders import encoder as encoders
from slap_studio.methods.catalogue import own_method
from slap_studio.tunnel_test.report import PAGE, write_report
from slap_studio.tunnel_test.run import UNFINISHED, TunnelTest, run

_LENGTH = 1000  # of the bar


def run_tunnel_test(
    *,
    clips: int,
    seed: int,
    out: Path,
    validation: bool,
    own: tuple[str, ...],
    device: str,
    markdown: Path | None,
    tell: Callable[[str], None],
) -> str:
    """Run the test; give the headline as one JSON object.

    Raises
    ------
    UnusableInput
        If something asked for cannot be used.
    """
    began = time.perf_counter()
    test = TunnelTest(clips, seed, validation)
    place = chosen_device(device)
    theirs = [own_method(path) for path in own]
    encoder = encoders.load(device=place)
    with click.progressbar(length=_LENGTH, label="Tunnel Test", file=sys.stderr) as bar:

        def report(share: float) -> None:
            bar.update(max(0, round(share * _LENGTH) - bar.pos))

        results = run(test, encoder, out, own=theirs, device=place, report=report)
    everything = write_report(results, out, device=place, seconds=time.perf_counter() - began, markdown=markdown)
    shutil.rmtree(out / UNFINISHED)
    tell(f"The report is {out / PAGE}.")
    headline = everything["headline"]
    return json.dumps(
        {
            "clips": clips,
            "seed": seed,
            "anchors": headline,
            "accuracy": {row["label"]: row["conditions"][headline]["accuracy"] for row in everything["methods"]},
        },
        ensure_ascii=False,
    )
