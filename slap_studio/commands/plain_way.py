"""The learned descent written the plain way: what one would write first, kept as the benchmark's reference.

The network stays in the form in which it is trained, every matrix divided by its spectral norm whenever it is used,
and every step builds an autograd graph of the action and walks it back. Nothing is folded, nothing is kept from one
step to the next. `core.learned` is measured against this.
"""

import torch  # noqa: TID253 (only this benchmark loads it)

from slap_studio.core import sphere
from slap_studio.core.energies import kinetic_energy
from slap_studio.core.network import ResidualAlignment
from slap_studio.core.types import Array, Descent, Physics, Problem


def plain_descent(network: ResidualAlignment, problem: Problem, physics: Physics, descent: Descent) -> Array:
    """The paper's K steps from SLERP under a learned alignment, by autograd.

    Parameters
    ----------
    network
        In its training form; its weights decide precision and place of the arithmetic.
    problem, physics, descent
        What to solve; see their types.

    Returns
    -------
    Array
        The path [N + 2, d].
    """
    # In training mode every look at a weight would take a power step, which changes the network, and with it the
    # answer. In evaluation mode the network stays the same, but the weight is still divided by u·Wv at every look.
    network.eval()
    weight = next(network.parameters())
    start, end, query = (
        torch.as_tensor(vector, dtype=weight.dtype, device=weight.device)
        for vector in (problem.start, problem.end, problem.query)
    )
    hidden = sphere.slerp(start, end, problem.hidden)[1:-1]
    for _ in range(descent.steps):
        hidden.requires_grad_()
        path = torch.cat([start[None], hidden, end[None]])
        action = kinetic_energy(path, physics).sum() - physics.coupling * network(hidden, query).sum()
        (slope,) = torch.autograd.grad(action, hidden)
        with torch.no_grad():
            hidden = sphere.retract(hidden, -descent.step_size * sphere.tangent(hidden, slope))
    return torch.cat([start[None], hidden, end[None]]).cpu().numpy()
