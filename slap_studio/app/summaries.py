"""What the line under the time band says of a path: what is hidden, and what does not fit together."""

from typing import TYPE_CHECKING

from slap_studio.media.cuts import sentence

if TYPE_CHECKING:
    from slap_studio.live import LiveAnswer


def gap_summary(answer: "LiveAnswer") -> str:
    """Which gap is worked on, and how much it hides."""
    gap, gaps, hidden = answer.request.gap, answer.request.gaps, len(answer.nearest)
    which = f"gap {gaps.index(gap) + 1} of {len(gaps)}:" if len(gaps) > 1 else "gap"
    return (
        f"{which} {gap.start:.2f}–{gap.end:.2f} s · {hidden} hidden latent{'s' if hidden != 1 else ''} · "
        f"{len(answer.posed.observed)} observed frames"
    )


def cuts_of(answer: "LiveAnswer") -> tuple[float, ...]:
    """Times in seconds of the hard cuts inside a path's gap, as far as they are known."""
    return answer.request.clip.cuts.between(*ends_of(answer))


def ends_of(answer: "LiveAnswer") -> tuple[float, float]:
    """Times in seconds of a path's anchors."""
    return float(answer.posed.times[0]), float(answer.posed.times[-1])


def alarm_words(answer: "LiveAnswer") -> tuple[str, str]:
    """What does not fit in any gap, in short and at length: a cut, another thing comes out, or no frame is near."""
    every = (answer, *answer.others)
    words, hints = [], []
    cut = [time for one in every for time in cuts_of(one)]
    if cut:
        words.append(f"cut at {cut[0]:.2f} s" + (f", and {len(cut) - 1} more" if len(cut) > 1 else ""))
        hints += [sentence(cuts_of(one)) for one in every if cuts_of(one)]
    swapped = [one.readout for one in every if one.readout.swapped]
    if swapped:
        first = f"in: {swapped[0].entering}, out: {swapped[0].leaving}"
        words.append(first if len(swapped) == 1 else f"{first}, and {len(swapped) - 1} more")
        hints.append("The observed frames before the gap do not read as those after it.")
    raised = sum(int(one.alarm.raised.sum()) for one in every)
    if raised:
        words.append(f"{raised} latent{'s' if raised != 1 else ''} near no frame")
        hints += [one.alarm.sentence for one in every if one.alarm.raised.any()]
    return " · ".join(words), " ".join(dict.fromkeys(hints))
