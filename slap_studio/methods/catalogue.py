"""Every method that can be run here, and those of the paper that cannot."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from slap_studio.encoders import BUILT_IN_LABEL
from slap_studio.methods.interpolation import Linear, Slerp, ZeroOrderHold
from slap_studio.methods.method import Method
from slap_studio.problems import UnusableInput, never
from slap_studio.resources import tunnel_methods


@dataclass(frozen=True)
class NotRun:
    """A row of the paper that needs a model which is not here; `--method MODULE:CLASS` puts one in its place."""

    name: str
    why: str


NOT_RUN = (
    NotRun(
        "Stable Video Diffusion", "a generative model of 1.5 billion weights that renders pixels; it needs a large GPU"
    ),
    NotRun("Video-LLaMA 3", "a language model of 7 billion weights; the transformer above stands for its class"),
)

_TRAINED = (("latent_ode", "LatentOde", "Latent ODE"), ("neural_cde", "NeuralCde", "Neural CDE"),
            ("transformer", "Transformer", "Autoregressive transformer"))  # fmt: skip


def runnable(
    encoder: str = BUILT_IN_LABEL, device: str = "cpu", *, cancelled: Callable[[], bool] = never
) -> tuple[Method, ...]:
    """The methods to compare with, in the paper's order; those with weights know the built-in encoder's latents only.

    Those that take long ask now and then whether they are `cancelled`, and raise `Cancelled` if so.

    Raises
    ------
    UnusableInput
        If weights are missing or damaged.
    """
    return plain() if encoder != BUILT_IN_LABEL else (*plain(), *trained(device, cancelled=cancelled))


def plain() -> tuple[Method, ...]:
    """The methods that learn nothing."""
    return ZeroOrderHold(), Linear(), Slerp()


def trained(device: str = "cpu", *, cancelled: Callable[[], bool] = never) -> tuple[Method, ...]:
    """The methods whose weights travel with the program."""
    from slap_studio.methods.trained import Trained, read_weights

    found = []
    for module, kind, name in _TRAINED:
        network = getattr(import_module(f"slap_studio.methods.{module}"), kind)
        weights = read_weights(network, tunnel_methods() / f"{module}.safetensors")
        found.append(Trained(name, weights, device, cancelled=cancelled))
    return tuple(found)


def own_method(path: str) -> Method:
    """Somebody's own method, named as MODULE:CLASS; the class is made without arguments.

    Raises
    ------
    UnusableInput
        If there is no such class, or it is no method.
    """
    module, _, name = path.partition(":")
    try:
        kind = getattr(import_module(module), name)
        made = kind()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise UnusableInput(f"{path!r} cannot be used as a method ({error}); name a class as MODULE:CLASS.") from error
    if not isinstance(made, Method):
        raise UnusableInput(f"{path!r} is no method; derive it from slap_studio.methods.method.Method.")
    return made
