"""Frames and text to unit latents."""

BUILT_IN = "built-in"  # the encoder that travels with the program, as --encoder names it
BUILT_IN_LABEL = "built-in encoder"  # as people read it
