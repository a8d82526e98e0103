"""The commands of `slap-studio bench` that are about load."""

from pathlib import Path

import click

_JSON = click.option(
    "--json", "json_file", type=click.Path(path_type=Path), help="Write the figures there as well."
)  # fmt: skip


def add_benches(bench: click.Group) -> None:
    """Add them to the group."""
    bench.add_command(encode)
    bench.add_command(long)


@click.command()
@click.option("--encoder", default="built-in", show_default=True, help="As everywhere: built-in, NAME/TAG, NAME/FILE.")
@click.option("--random-weights", "random", default="", help="Instead, an open_clip model by its NAME, untaught.")
@click.option("--frames", type=click.IntRange(min=64), default=960, show_default=True, help="How many are embedded.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or mps")
@_JSON
def encode(encoder: str, random: str, frames: int, device: str, json_file: Path | None) -> None:
    """Embed a clip, from its file to latents, against the bare model on prepared tensors."""
    from slap_studio.commands.bench import written
    from slap_studio.commands.bench_encode import encode as measure

    print(written(measure(encoder, random, frames, device, _tell), json_file))


@click.command()
@click.option("--frames", default="100,1000,10000,100000", show_default=True, help="Lengths of clips, with commas.")
@click.option("--window/--no-window", default=True, show_default=True, help="Whether the real window is measured too.")
@_JSON
def long(frames: str, window: bool, json_file: Path | None) -> None:
    """Measure answers, paints and moves of the mouse on ever longer clips: processor time, and ratios to the first."""
    from slap_studio.commands.bench import written
    from slap_studio.commands.bench_long import lengths
    from slap_studio.commands.bench_long import long as measure

    print(written(measure(lengths(frames), _tell, window=window), json_file))


def _tell(sentence: str) -> None:
    click.echo(sentence, err=True)
