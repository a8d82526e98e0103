"""One method on some cases under one condition: one figure per case and measure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from slap_studio.core.types import Array
from slap_studio.methods.method import Method
from slap_studio.tunnel_test.cases import Case
from slap_studio.tunnel_test.protocol import HEADLINE, Condition
from slap_studio.tunnel_test.scoring import correct, drift, persistent


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a method is worth on each case [C].

    Attributes
    ----------
    correct
        1 where the answer is the true object, otherwise 0.
    persistent
        Share of the hidden steps whose best candidate is the true object.
    drift, drift_oracle
        Mean cosine distance to the frames without the tunnel: with the neutral query, and with the true caption
        (the same for methods that do not ask). Under the headline alone, otherwise empty.
    s_kin, e_pot
        Of the path that the true caption gives: mean squared chord, and mean V under the method's own alignment (for
        methods that have none, the cosine's).
    """

    correct: Array
    persistent: Array
    drift: Array
    drift_oracle: Array
    s_kin: Array
    e_pot: Array

    def to_lists(self) -> dict[str, list[float]]:
        """As the `json` module writes it."""
        return {field.name: getattr(self, field.name).tolist() for field in fields(self)}

    def first(self, clips: int) -> Self:
        """The same of the first so many cases."""
        return replace(self, **{field.name: getattr(self, field.name)[:clips] for field in fields(self)})

    @classmethod
    def joined(cls, parts: Sequence[dict[str, list[float]]]) -> Self:
        """Several parts, one after the other, as `to_lists` wrote them."""
        return cls(*(np.concatenate([part[field.name] for part in parts]) for field in fields(cls)))


def judge(method: Method, condition: Condition, cases: Sequence[Case], neutral: Array) -> Outcome:
    """Let a method fill the gap of every case and weigh what it gives.

    A method that asks fills it once for each candidate, none of which it knows to be the true one, and once more for
    the neutral query.
    """
    seen = [case.seen[condition.name] for case in cases]
    truth = np.array([case.candidates.truth for case in cases])
    # What the neutral query gives is asked for only where it is weighed.
    plain = [] if method.asks and condition is not HEADLINE else method.infer_many(seen, [neutral] * len(cases))
    if method.asks:
        count = len(cases[0].queries)
        found = method.infer_many(
            [one for one in seen for _ in range(count)], [query for case in cases for query in case.queries]
        )
        answers = [found[first : first + count] for first in range(0, len(found), count)]
    else:
        answers = [[latents] * len(case.queries) for latents, case in zip(plain, cases, strict=True)]
    mismatch = np.array(
        [
            [method.mismatch(one, latents, query) for latents, query in zip(given, case.queries, strict=True)]
            for one, given, case in zip(seen, answers, cases, strict=True)
        ]
    )
    own = [given[index] for given, index in zip(answers, truth, strict=True)]
    none = np.zeros(0)
    there = np.stack([case.truth for case in cases]) if condition is HEADLINE else None
    return Outcome(
        correct(mismatch, truth),
        persistent(mismatch, truth),
        none if there is None else drift(np.stack(plain), there),
        none if there is None else drift(np.stack(own), there),
        np.array([_s_kin(one.anchors, latents) for one, latents in zip(seen, own, strict=True)]),
        np.array(
            [
                method.potential(latents, case.queries[index]).mean()
                for latents, case, index in zip(own, cases, truth, strict=True)
            ]
        ),
    )


def _s_kin(anchors: tuple[Array, Array], latents: Array) -> float:
    path = np.concatenate([anchors[0][None], latents, anchors[1][None]]).astype(np.float64)
    return float((np.diff(path, axis=0) ** 2).sum(-1).mean())
