"""What did and what did not reproduce: the verdicts and figures that the page's sentences rest on."""

from collections.abc import Mapping
from typing import Any

from slap_studio.tunnel_test.protocol import ONE_A_SECOND
from slap_studio.tunnel_test.summary import best

Figures = Mapping[str, Any]
TAUGHT = ("Latent ODE", "Neural CDE", "Autoregressive transformer")  # on frames as filmed


def findings(summary: Figures) -> dict[str, Any]:
    """Rows that the text names, and verdicts that depend on the figures of this run."""
    headline = summary["headline"]
    rows = [{"label": row["label"], **row["conditions"][headline]} for row in summary["methods"]]
    hardest = {row["label"]: row["conditions"]["10%"] for row in summary["methods"]}
    others = [row for row in rows if not row["label"].startswith("SLAP")]
    ours = next(row for row in rows if row["label"] == "SLAP")
    learned, cosine = summary["sweeps"]["coupling"], summary["sweeps"]["coupling, cosine"]
    pulled = learned[1:]
    return {
        "ours": ours,
        "next": best(others, "accuracy"),
        "last": best(others, "accuracy", lowest=True),
        "order": _order(ours["accuracy"], best(others, "accuracy")["accuracy"]),
        "foretelling": [row for row in rows if row["label"] in TAUGHT],
        "hardest": hardest,
        "by_second": {row["label"]: row["conditions"][ONE_A_SECOND.name] for row in summary["methods"]},
        "uncoupled": learned[0],
        "weakest": pulled[0],
        "top": best(pulled, "accuracy"),
        "strongest": learned[-1],
        "interior": learned[0]["accuracy"][0] < best(pulled, "accuracy")["accuracy"][0] > learned[-1]["accuracy"][0],
        "least_drift": best(learned, "drift_oracle", lowest=True),
        "least_drift_cosine": best(cosine, "drift_oracle", lowest=True),
        "cosine_at_one": next(row for row in cosine if row["label"] == "1"),
        "ablation": {row["label"]: row for row in summary["sweeps"]["ablation"]},
        "largest_s_kin": max(row["s_kin"][0] for row in (*learned, *cosine)),
    }


def _order(ours: list[float], theirs: list[float]) -> str:
    """Whether ours comes first, from two means with their intervals."""
    if ours[1] > theirs[2]:
        return "SLAP comes first, and the intervals do not touch"
    if ours[0] > theirs[0]:
        return "SLAP comes first, but the intervals overlap"
    if ours[0] == theirs[0]:
        return "SLAP and the best other method are level"
    return "SLAP does not come first"
