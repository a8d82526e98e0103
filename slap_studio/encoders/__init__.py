"""Frames and text to unit latents."""

BUILT_IN = "built-in"  # the encoder that travels with the program, as --encoder names it
