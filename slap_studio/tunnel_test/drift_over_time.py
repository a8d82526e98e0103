"""How far several methods stray over the hidden steps of one clip."""

import numpy as np

from slap_studio.core.types import Array
from slap_studio.tunnel_test.protocol import HEADLINE
from slap_studio.tunnel_test.run import Results


def drift_over_time(results: Results) -> dict[str, Array]:
    """Cosine distance [N] to the frames without the tunnel at every hidden step of the first clip, by label.

    Methods that ask are given the neutral query, and once more the true caption.
    """
    case = results.first
    seen = case.seen[HEADLINE.name]
    curves: dict[str, Array] = {}
    for line in results.lines:
        method = results.methods[line.key]
        asked = [(line.label, results.neutral)]
        if method.asks:
            asked = [
                (f"{line.label}, neutral query", results.neutral),
                (f"{line.label}, oracle", case.queries[case.candidates.truth]),
            ]
        for label, query in asked:
            curves[label] = 1 - np.sum(method.infer(seen, query) * case.truth, axis=-1)
    return curves
