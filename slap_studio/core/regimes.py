"""The six rows of the paper's Table 7: names for the ratio κ = λ/μ, and what the paper prints beside them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Regime:
    """One row of Table 7: the coupling λ at mass μ = 1 and its name."""

    name: str
    coupling: float


TABLE_7 = (
    Regime("Ballistic", 0.0),
    Regime("Weak", 0.1),
    Regime("Resonant", 0.5),
    Regime("Strong", 1.0),
    Regime("Chaotic", 5.0),
    Regime("Overdamped", 10.0),
)

# Between two rows the name changes at their geometric mean; below a third of the weakest coupling the
# paper's search (0.01) counts as ballistic.
LOWER_ENDS = (
    0.0,
    0.1 / 10**0.5,
    (0.1 * 0.5) ** 0.5,
    (0.5 * 1.0) ** 0.5,
    (1.0 * 5.0) ** 0.5,
    (5.0 * 10.0) ** 0.5,
)


def regime(ratio: float) -> Regime:
    """Table 7's row for κ = λ/μ ≥ 0: a lookup, not a measurement."""
    row = max(index for index, lower in enumerate(LOWER_ENDS) if ratio >= lower)
    return TABLE_7[row]
