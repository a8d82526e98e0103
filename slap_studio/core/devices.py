"""Which device computes."""

import torch

from slap_studio.problems import UnusableInput

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
