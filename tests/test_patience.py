"""What `solve` says while a long clip is embedded."""

from slap_studio.commands.patience import EVERY, FIRST, SETTLED, Patience


def test_a_short_clip_is_embedded_without_a_word_and_a_long_one_with_few() -> None:
    said: list[str] = []
    now = [100.0]
    patience = Patience(said.append, lambda: now[0])
    for second in range(int(FIRST)):
        now[0] = 100.0 + second
        patience(0.5)
    assert said == []
    for second in range(int(FIRST), int(FIRST + 4 * EVERY)):
        now[0] = 100.0 + second
        patience(0.5 + second / 1000)
    assert len(said) == 4
    assert said[0].startswith("Embedding frames: 52 %, about")


def test_what_an_earlier_run_left_says_nothing_of_the_pace() -> None:
    said: list[str] = []
    now = [0.0]
    patience = Patience(said.append, lambda: now[0])
    # An hour's first half was there; then one per cent takes fifteen seconds.
    for chunk in range(50):
        now[0] = chunk / 10
        patience(chunk / 100)
    now[0] = SETTLED
    patience(0.5)
    now[0] = FIRST
    patience(0.51)
    assert "51 %, about 13 minutes left" in said[0]
    now[0] = FIRST + EVERY
    patience(0.99)
    assert "about 10 seconds left" in said[1]
