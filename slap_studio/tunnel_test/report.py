"""The report: one JSON with every figure, and one page that holds all it shows.

The same page can be written as Markdown with its pictures beside it, for hosts of code that show no HTML files.
"""

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
from slap_studio.tunnel_test.rows import COUPLING, COUPLINGS, PAPERS_COUPLING
from slap_studio.tunnel_test.run import Results, weights_hash
from slap_studio.tunnel_test.summary import summarise

PAGE, FIGURES = "report.html", "report.json"
_VERSIONS = ("torch", "open_clip_torch", "numpy", "torchdiffeq", "torchcde")


def write_report(
    results: Results, folder: Path, *, device: str, seconds: float, markdown: Path | None = None
) -> dict[str, Any]:
    """Write page and JSON, and the page as Markdown if that is asked for; give what the JSON holds.

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
    pictures = {
        "by_fraction": figures.by_fraction(summary["methods"]),
        "over_coupling": figures.over_coupling(summary["sweeps"]),
        "over_time": figures.over_time(curves),
    }
    page = _rendered("page.html.jinja", results, everything, pictures)
    with replacing(folder / FIGURES) as beside:
        beside.write_text(json.dumps(everything, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    with replacing(folder / PAGE) as beside:
        beside.write_text(page, encoding="utf-8")
    if markdown is not None:
        _write_markdown(markdown, results, everything, pictures)
    return everything


def _write_markdown(file: Path, results: Results, everything: dict[str, Any], pictures: dict[str, str]) -> None:
    links = {}
    for name, svg in pictures.items():
        picture = file.parent / "images" / f"{file.stem}-{name.replace('_', '-')}.svg"
        picture.parent.mkdir(parents=True, exist_ok=True)
        with replacing(picture) as beside:
            beside.write_text(svg + "\n", encoding="utf-8")
        links[name] = f'<img src="images/{picture.name}" alt="{name.replace("_", " ")}">'
    sections = _rendered("sections.html.jinja", results, everything, links)
    with replacing(file) as beside:
        beside.write_text(f"# The Tunnel Test\n\n{sections}", encoding="utf-8")


def _rendered(template: str, results: Results, everything: dict[str, Any], pictures: dict[str, str]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template(template).render(
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
        papers_coupling=f"{PAPERS_COUPLING:g}",
        hidden=HIDDEN,
        not_run=NOT_RUN,
        paper=paper,
        first=f"a {results.first.scene.thing}",
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
        "seconds since it was last begun or gone on with": f"{seconds:.0f}",
    }
