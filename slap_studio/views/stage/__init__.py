"""The hypersphere on the stage: what is shown (pictures), where (planar), and what a pointer means (picking)."""
