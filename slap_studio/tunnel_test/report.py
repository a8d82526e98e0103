"""The report: one JSON with every figure, and one page that holds all it shows."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from slap_studio import __version__
from slap_studio.core.regimes import regime
from slap_studio.media.files import replacing
from slap_studio.methods.catalogue import NOT_RUN
from slap_studio.tunnel_test import figures, paper
from slap_studio.tunnel_test.drift_over_time import drift_over_time
from slap_studio.tunnel_test.efficiency import efficiency
from slap_studio.tunnel_test.findings import findings
from slap_studio.tunnel_test.protocol import CONDITIONS, HEADLINE, HIDDEN
from slap_studio.tunnel_test.rows import COUPLING, COUPLINGS
from slap_studio.tunnel_test.run import Results, weights_hash
from slap_studio.tunnel_test.summary import summarise

PAGE, FIGURES = "report.html", "report.json"
_VERSIONS = ("torch", "open_clip_torch", "numpy", "torchdiffeq", "torchcde")


def write_report(results: Results, folder: Path, *, device: str, seconds: float) -> dict[str, Any]:
    """Write page and JSON, whole or not at all; give what the JSON holds.

    Raises
    ------
    UnusableInput
        If they cannot be written.
    """
    summary = summarise(results)
    costs = efficiency(results.lines, results.methods, results.first.seen[HEADLINE.name], results.first.queries[0])
    curves = drift_over_time(results)
    run = _run(device, seconds)
    everything = summary | {
        "efficiency": costs,
        "one_clip": {label: [float(value) for value in curve] for label, curve in curves.items()},
        "run": run,
    }
    with replacing(folder / FIGURES) as beside:
        beside.write_text(json.dumps(everything, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    with replacing(folder / PAGE) as beside:
        beside.write_text(_page(results, everything, curves), encoding="utf-8")
    return everything


def _page(results: Results, everything: dict[str, Any], curves: dict[str, Any]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    pictures = {
        "by_fraction": figures.by_fraction(everything["methods"]),
        "over_coupling": figures.over_coupling(everything["sweeps"]),
        "over_time": figures.over_time(curves),
    }
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    thing = results.first.scene.thing
    return environment.get_template("page.html.jinja").render(
        s=everything,
        f=findings(everything),
        # Our own drawing, not somebody's text.
        pictures={name: Markup(svg) for name, svg in pictures.items()},  # noqa: S704
        costs=everything["efficiency"],
        run=everything["run"],
        machine=everything["run"]["machine"],
        command=command(results),
        conditions=[one.name for one in CONDITIONS],
        regimes=[regime(value).name for value in COUPLINGS],
        coupling=f"{COUPLING:g}",
        hidden=HIDDEN,
        not_run=NOT_RUN,
        paper=paper,
        first=f"a {thing}",
    )


def command(results: Results) -> str:
    """The command line that makes this report again."""
    test = results.test
    which = " --validation" if test.validation else ""
    return f"slap-studio tunnel-test --clips {test.clips} --seed {test.seed}{which} --out FOLDER"


def _run(device: str, seconds: float) -> dict[str, str]:
    return {
        "machine": f"{device.upper()}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "program": f"SLAP Studio {__version__}",
        "versions": ", ".join(f"{name} {version(name)}" for name in _VERSIONS)
        + f", Python {platform.python_version()}",
        "weights": weights_hash()[:16],
        "seconds of this run": f"{seconds:.0f}",
    }
