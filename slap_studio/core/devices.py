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
