"""The command line (design §5): other programs rely on it. Every command loads what it needs when it runs."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from slap_studio import __version__
from slap_studio.app.allocation import take_small_pages
from slap_studio.cli_benches import add_benches
from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.processors import leave_cores_free

_OPEN = "open"
_PATH = click.Path(path_type=Path)
_query = click.option("--query", help="What to look for, in words.")
_hide = click.option("--hide", help="The gap, in seconds (1.5:3.2) or percent (30%:60%).")
_encoder = click.option(
    "--encoder",
    default="built-in",
    show_default=True,
    help="built-in, open_clip's NAME/TAG, NAME/FILE, or a folder in its layout.",
)
_json = click.option("--json", "json_file", type=_PATH, help="Write the figures there as well.")


def main() -> None:
    """Entry point: 0 if all went well, 2 for unusable input with one sentence, 1 for a fault of ours."""
    leave_cores_free()
    take_small_pages()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and give its exit status."""
    if not arguments or arguments[0] not in {*studio.commands, "--help", "--version", "--diagnose", "--clear-cache"}:
        arguments = [_OPEN, *arguments]
    try:
        status = studio(args=arguments, prog_name="slap-studio", standalone_mode=False)
    except click.ClickException as problem:
        return _unusable(f"{problem.format_message().rstrip('.')}; see slap-studio --help.")
    except UnusableInput as problem:
        return _unusable(str(problem))
    except (click.Abort, KeyboardInterrupt, Cancelled):
        return 130
    return status if isinstance(status, int) else 0


def _unusable(sentence: str) -> int:
    _tell(" ".join(sentence.split()))
    return 2


def _tell(sentence: str) -> None:
    print(f"slap-studio: {sentence}", file=sys.stderr)


def _diagnose(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked:
        from slap_studio.app.opengl import opengl
        from slap_studio.diagnosis import diagnosis

        print(diagnosis(opengl), end="")
        context.exit()


def _clear_cache(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked:
        from slap_studio.encoders.cache import cache_folder
        from slap_studio.encoders.room import clear, freed_words

        print(freed_words(clear(cache_folder())))
        context.exit()


@click.group()
@click.option(
    "--clear-cache",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_clear_cache,
    help="Delete the embeddings kept of clips that are not open; they are embedded again when they are opened.",
)
@click.option(
    "--diagnose",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_diagnose,
    help="Print one page about program and machine for a bug report; nothing private is in it.",
)
@click.version_option(__version__, prog_name="SLAP Studio", message="%(prog)s %(version)s")
def studio() -> None:
    """See the Semantic Least Action Principle: `slap-studio [VIDEO] [--query TEXT]` opens the window."""


@studio.command(_OPEN, hidden=True)
@click.argument("video", type=_PATH, required=False)
@_query
@_hide
@_encoder
@click.option("--or-screenshot", type=_PATH, help="Where no screen is found, write a picture there instead.")
@click.option("--launch-report", type=_PATH, hidden=True, help="Write when the window was there, then end.")
@click.option("--launch-began", type=float, hidden=True, help="Seconds since the epoch: when the launch began.")
def open_window(
    video: Path | None,
    query: str | None,
    hide: str | None,
    encoder: str,
    or_screenshot: Path | None,
    launch_report: Path | None,
    launch_began: float | None,
) -> int:
    """Open the window."""
    from slap_studio.app.main import open_studio
    from slap_studio.app.opening import Opening

    report = None if launch_report is None or launch_began is None else (launch_report, launch_began)
    return open_studio(Opening(video, query, hide, encoder), or_screenshot, report, _tell)


@studio.command()
@click.argument("video", type=_PATH, required=False)
@_query
@_hide
@click.option(
    "--latents", type=_PATH, help="A problem of vectors instead of a video: start, end, query [d] in an .npz."
)
@click.option("--hidden", type=int, help="N, how many latents are hidden.")
@click.option("--coupling", type=float, default=0.5, show_default=True, help="λ")
@click.option("--mass", type=float, default=1.0, show_default=True, help="μ")
@click.option("--time-step", type=float, default=1.0, show_default=True, help="Δt")
@click.option("--steps", type=int, default=50, show_default=True, help="K")
@click.option("--step-size", type=float, default=0.01, show_default=True, help="α")
@click.option("--kinetic", default="geodesic", show_default=True, help="geodesic or chord")
@click.option("--alignment", default="cosine", show_default=True, help="cosine or learned")
@click.option("--weights", type=_PATH, help="Folder of a learned alignment that train alignment made.")
@click.option("--method", default="descent", show_default=True, help="descent (K steps of α) or minimise")
@click.option("--dtype", default="float32", show_default=True, help="float32 or float64")
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or mps")
@_encoder
@click.option("--out", type=_PATH, help="Where the path is written, as .npz.")
def solve(
    video: Path | None,
    latents: Path | None,
    query: str | None,
    hide: str | None,
    encoder: str,
    out: Path | None,
    **options: Any,
) -> None:
    """Solve one gap without a window: write the path, print its figures as one JSON object."""
    if out is None:
        raise UnusableInput("Nowhere to write the path; name a file with --out PATH.npz.")
    if (video is None) == (latents is None):
        raise UnusableInput("Give either a video or --latents PROBLEM.npz, and not both.")
    from slap_studio.commands.options import settings
    from slap_studio.commands.solve import solve_latents, solve_video, written

    chosen = settings(**options)
    if latents is not None:
        figures = solve_latents(latents, chosen, out, _tell)
    elif video is None or query is None or hide is None:
        raise UnusableInput('A video needs --query and --hide, for example --query "a red cube" --hide 30%:60%.')
    else:
        figures = solve_video(video, query, hide, encoder, chosen, out, _tell)
    print(written(figures))


@studio.command()
@click.argument("video", type=_PATH)
@_query
@_hide
@click.option("--couplings", default="0.01:1000:16", show_default=True, help="λ as 0.1,0.5,1 or LOW:HIGH:COUNT.")
@click.option("--masses", default="0.1:10:7", show_default=True, help="μ, in the same way.")
@click.option("--hidden", type=int, help="N, how many latents are hidden.")
@click.option("--time-step", type=float, default=1.0, show_default=True, help="Δt")
@click.option("--steps", type=int, default=50, show_default=True, help="K")
@click.option("--step-size", type=float, default=0.01, show_default=True, help="α")
@click.option("--kinetic", default="geodesic", show_default=True, help="geodesic or chord")
@click.option("--alignment", default="cosine", show_default=True, help="cosine or learned")
@click.option("--method", default="descent", show_default=True, help="descent (K steps of α) or minimise")
@click.option("--dtype", default="float32", show_default=True, help="float32 or float64")
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or mps")
@_encoder
@click.option("--out", type=_PATH, required=True, help="Folder for sweep.json, .csv, .npz and .svg.")
def sweep(
    video: Path,
    query: str | None,
    hide: str | None,
    couplings: str,
    masses: str,
    encoder: str,
    out: Path,
    **options: Any,
) -> None:
    """Solve one gap for every λ and μ: the regime map as files, its ends as one JSON object."""
    from slap_studio.commands.options import settings, values
    from slap_studio.commands.solve import written
    from slap_studio.commands.sweep import sweep_video

    if query is None or hide is None:
        raise UnusableInput('A sweep needs --query and --hide, for example --query "a red cube" --hide 30%:60%.')
    axes = values("couplings", couplings), values("masses", masses)
    chosen = settings(coupling=axes[0][0], mass=axes[1][0], **options)
    print(written(sweep_video(video, query, hide, encoder, chosen, *axes, out, _tell)))


@studio.command()
@click.argument("video", type=_PATH)
@_query
@_hide
@_encoder
@click.option("--out", type=_PATH, required=True, help="A .png file.")
@click.option("--size", default="1440x900", show_default=True, help="WIDTHxHEIGHT of the window.")
@click.option("--theme", default="dark", show_default=True, help="dark, light or projector")
def screenshot(video: Path, query: str | None, hide: str | None, encoder: str, out: Path, size: str, theme: str) -> int:
    """Write a picture of the window with the path drawn; needs no screen where Xvfb is there."""
    from slap_studio.app.opening import Opening
    from slap_studio.app.screenshot import write_screenshot

    return write_screenshot(Opening(video, query, hide, encoder), out, size, theme, _tell)


@studio.command()
@click.argument("lesson", required=False)
@click.option("--list", "listed", is_flag=True, help="Name the lessons that come with the program.")
def lesson(lesson: str | None, listed: bool) -> int:
    """Open a lesson: one that comes with the program, by its NAME, or a FILE."""
    from slap_studio.lessons.reading import read_lesson
    from slap_studio.lessons.shipped import SHIPPED, lesson_path, shipped_lessons

    if listed:
        for name, one in shipped_lessons().items():
            print(f"{name:<10} {one.minutes:>3} min  {one.title}: {one.about}")
        return 0
    if lesson is None:
        raise UnusableInput(f"Name a lesson, {', '.join(SHIPPED)}, or a file; slap-studio lesson --list tells of them.")
    chosen = read_lesson(lesson_path(lesson))
    from slap_studio.app.main import open_studio
    from slap_studio.app.opening import Opening

    return open_studio(Opening(chosen.clip, chosen.query, chosen.gap, lesson=chosen), None, None, _tell)


@studio.command("make-sample")
@click.argument("name")
@click.option("--out", type=_PATH, required=True, help="An .mp4 file; the sidecar is written beside it.")
def make_sample(name: str, out: Path) -> None:
    """Render a shipped sample again: tunnel, swap, pillars or open_track."""
    from slap_studio.tunnel.samples import write_sample

    write_sample(name, out)


@studio.group()
def train() -> None:
    """Train the built-in models again."""


@train.command("encoder")
@click.option("--seed", type=int, default=0, show_default=True, help="Decides the first weights and every frame.")
@click.option("--steps", type=int, help="How many batches; fewer is worse.")
@click.option("--out", type=_PATH, help="Folder; by default the one of the shipped encoder.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or mps")
@click.option("--evaluate-only", is_flag=True, help="Measure the weights that are there.")
def train_encoder(seed: int, steps: int | None, out: Path | None, device: str, evaluate_only: bool) -> None:
    """Train the built-in encoder on the tunnel world; a stopped run goes on where it stood."""
    from slap_studio.commands.training import train_encoder as run_training

    run_training(seed=seed, steps=steps, out=out, device=device, evaluate_only=evaluate_only, tell=_tell)


@train.command("alignment")
@click.option("--seed", type=int, default=0, show_default=True, help="Decides the first weights and every batch.")
@click.option("--steps", type=int, default=800, show_default=True, help="How many batches.")
@click.option("--clips", type=int, default=4000, show_default=True, help="How many clips of the tunnel world.")
@click.option("--temperature", type=float, default=0.1, show_default=True, help="τ of InfoNCE")
@click.option(
    "--data",
    help="Your own clips instead: a folder of videos with NAME.txt or NAME.json beside them, a .tar of them, a folder "
    "of .tar, or clips-{000..012}.tar.",
)
@_encoder
@click.option("--sobolev", type=float, default=0.01, show_default=True, help="γ, weight of E‖∇P‖²")
@click.option("--hidden", type=int, default=128, show_default=True, help="h, width of the network")
@click.option("--blocks", type=int, default=1, show_default=True, help="B, residual blocks of the network")
@click.option("--negatives", type=int, default=31, show_default=True, help="K, latents of other captions per query")
@click.option("--batch", type=int, default=32, show_default=True, help="Queries per batch.")
@click.option("--learning-rate", type=float, default=5e-3, show_default=True, help="The highest, after the warm-up.")
@click.option("--out", type=_PATH, help="Folder; by default the one of the shipped alignment.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or mps")
def train_alignment(
    seed: int,
    steps: int,
    clips: int,
    temperature: float,
    sobolev: float,
    hidden: int,
    blocks: int,
    negatives: int,
    batch: int,
    learning_rate: float,
    data: str | None,
    encoder: str,
    out: Path | None,
    device: str,
) -> None:
    """Train a learned alignment on the tunnel world or your own clips; a stopped run goes on where it stood."""
    from slap_studio.commands.alignment_training import train as run_training
    from slap_studio.core.types import checked
    from slap_studio.training.alignment import AlignmentRecipe

    recipe = AlignmentRecipe(
        seed=seed,
        steps=steps,
        temperature=checked("temperature τ", temperature, above=0),
        sobolev=checked("weight γ", sobolev, at_least=0),
        hidden=int(checked("width h", hidden, at_least=1)),
        blocks=int(checked("number of blocks B", blocks, at_least=1)),
        negatives=int(checked("number of negatives K", negatives, at_least=1)),
        batch=int(checked("size of a batch", batch, at_least=1)),
        learning_rate=checked("learning rate", learning_rate, above=0),
    )
    run_training(recipe=recipe, clips=clips, data=data, encoder_name=encoder, out=out, device=device, tell=_tell)


@train.command("methods")
@click.option("--seed", type=int, default=0, show_default=True, help="Decides the first weights and every batch.")
@click.option("--steps", type=int, default=1500, show_default=True, help="How many batches for each of them.")
@click.option("--clips", type=int, default=4000, show_default=True, help="How many clips of the tunnel world.")
@click.option("--out", type=_PATH, help="Folder; by default the one of the shipped methods.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or mps")
def train_methods(seed: int, steps: int, clips: int, out: Path | None, device: str) -> None:
    """Train the latent ODE, the neural CDE and the transformer that SLAP is compared with; a stopped run goes on."""
    from slap_studio.commands.method_training import train as run_training
    from slap_studio.training.gaps import GapRecipe

    run_training(recipe=GapRecipe(seed=seed, steps=steps), clips=clips, out=out, device=device, tell=_tell)


@studio.command("tunnel-test")
@click.option("--clips", type=int, default=200, show_default=True, help="How many clips are tested on.")
@click.option("--seed", type=int, default=0, show_default=True, help="Decides the clips; none was ever trained on.")
@click.option("--out", type=_PATH, required=True, help="Folder of the report; a stopped run goes on there.")
@click.option("--validation", is_flag=True, help="Use the clips on which configurations are chosen instead.")
@click.option("--method", "own", multiple=True, help="A method of your own as MODULE:CLASS; may be given again.")
@click.option("--markdown", type=_PATH, help="Write the page there as well, as docs/tunnel-test.md shows it.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or mps")
def tunnel_test(
    clips: int,
    seed: int,
    out: Path,
    validation: bool,
    own: tuple[str, ...],
    markdown: Path | None,
    device: str,
) -> None:
    """Measure what every method is worth in a tunnel: the paper's tables, as one page and one JSON."""
    from slap_studio.commands.tunnel_test import run_tunnel_test

    printed = run_tunnel_test(
        clips=clips, seed=seed, out=out, validation=validation, own=own, markdown=markdown, device=device, tell=_tell
    )
    print(printed)


@studio.group()
def bench() -> None:
    """Measure; what is compared is compared in one run."""


@bench.command("launch")
@_json
def bench_launch(json_file: Path | None) -> None:
    """Time from the process's start to the window's first picture, and to the first path on a sample."""
    from slap_studio.commands import bench as benches

    _report(benches.launch, json_file)


@bench.command("interact")
@click.option(
    "--alignment", type=click.Choice(["cosine", "learned"]), default="learned", show_default=True, help="Which P."
)
@click.option("--changes", type=click.IntRange(min=8), default=600, show_default=True, help="How often sliders move.")
@click.option(
    "--view", type=click.Choice(["map", "globe", "slice"]), default="map", show_default=True, help="What is looked at."
)
@_json
def bench_interact(alignment: str, changes: int, view: str, json_file: Path | None) -> None:
    """Drag the sliders of the real window: time to the painted answer, stalls of the window's thread, memory."""
    from slap_studio.commands import bench as benches

    _report(lambda: benches.interact(alignment, changes, view), json_file)


@bench.command("solver")
@click.option("--only", default="", help="Only the rows whose name begins so: learned, minimise, descent, peers.")
@_json
@click.option("--markdown", type=_PATH, help="Write the table there as well, as docs/solver.md shows it.")
@click.option("--curve", type=_PATH, help="Draw gradient evaluations against N there, as an .svg.")
def bench_solver(only: str, json_file: Path | None, markdown: Path | None, curve: Path | None) -> None:
    """Time the solver against the plain way and against other people's solvers; takes minutes."""
    from slap_studio.commands import bench_solver as solvers

    report = solvers.solver(_tell, only)
    solvers.write_page(report, markdown, curve)
    _report(lambda: report, json_file)


@bench.command("soak")
@click.option("--minutes", type=float, default=10.0, show_default=True, help="How long.")
@click.option("--seed", type=int, default=0, show_default=True, help="Decides what is done.")
@click.option("--actions", type=int, help="How often something is done, instead of how long.")
@_json
def bench_soak(minutes: float, seed: int, actions: int | None, json_file: Path | None) -> int:
    """Random but valid actions on the real window: exceptions, stalls, and growth; 1 if there was an exception."""
    from slap_studio.commands import bench as benches
    from slap_studio.commands import bench_soak as soaks

    report = soaks.soak(minutes, seed, actions)
    benches.written(report, json_file)
    print(soaks.line(report))
    return 1 if report["exceptions"] else 0


add_benches(bench)


def _report(measure: Callable[[], dict[str, Any]], json_file: Path | None) -> None:
    from slap_studio.commands import bench as benches

    print(benches.written(measure(), json_file))
