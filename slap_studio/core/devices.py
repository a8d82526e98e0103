"""Which device computes."""

from collections.abc import Callable
from typing import TypeVar

import torch

from slap_studio.problems import UnusableInput

_Result = TypeVar("_Result")
_DEVICES_OWN_WORDS = (
    "cuda error", "cublas", "cudnn", "cufft", "cusolver", "nvrtc", "no cuda gpus", "nvidia driver", "mps backend",
)  # fmt: skip
_NO_ROOM = ("out of memory", "alloc_failed")

DEVICES = ("auto", "cpu", "cuda", "mps")


def chosen_device(asked: str = "auto") -> str:
    """Name the device, "cuda", "mps" or "cpu": the asked one, or the fastest that is there.

    Raises
    ------
    UnusableInput
        If the asked device is not there.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if asked == "auto":
        return next(device for device, found in there.items() if found)
    if asked not in there:
        raise UnusableInput(f"{asked!r} is no device; use one of {', '.join(DEVICES)}.")
    if not there[asked]:
        raise UnusableInput(f"The device {asked} was not found on this machine; use --device auto or --device cpu.")
    return asked


def computes_in_bfloat16(device: str) -> bool:
    """Whether a device multiplies bfloat16 itself; one that imitates it is several times slower than in float32."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    # Older releases of torch cannot say; float32 is right everywhere.
    said: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return device == "cpu" and any(bool(said.get(name)) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def device_failed(error: BaseException, device: str) -> bool:
    """Whether an exception says that a device failed, out of memory or lost, and not what was computed on it."""
    if device == "cpu" or not isinstance(error, RuntimeError):
        return False
    said = str(error).lower()
    return isinstance(error, torch.OutOfMemoryError) or any(word in said for word in (*_DEVICES_OWN_WORDS, *_NO_ROOM))


def why_it_failed(error: BaseException) -> str:
    """The beginning of the sentence about a device that failed."""
    said = str(error).lower()
    no_room = isinstance(error, torch.OutOfMemoryError) or any(word in said for word in _NO_ROOM)
    return "The GPU has no memory left" if no_room else "The GPU failed or was lost"


def on_device(asked: str, work: Callable[[str], _Result], tell: Callable[[str], None]) -> _Result:
    """What the work gives on the asked device; where "auto" chose one that fails, what it gives on the CPU.

    Raises
    ------
    UnusableInput
        If a device that was named is not there, or fails.
    """
    device = chosen_device(asked)
    try:
        return work(device)
    except RuntimeError as error:
        if not device_failed(error, device):
            raise
        if asked != "auto":
            raise UnusableInput(
                f"{why_it_failed(error)}; close other programs that use it, or use --device cpu."
            ) from error
        tell(f"{why_it_failed(error)}, so this runs on the CPU.")
    return work("cpu")
