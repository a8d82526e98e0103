"""SLAP Studio: least-action paths of video latents, solved live and made visible."""

__version__ = "0.1.0"
