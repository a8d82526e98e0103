"""What ends work early: input that a person can put right, and that nobody wants it any more."""


class UnusableInput(ValueError):
    """Input that cannot be used as it is.

    Its text is one sentence for people: what is wrong and what to do. The command line prints it and
    exits with 2; the window shows it as a message and keeps the session as it was. Anything else that is
    raised is a fault of ours.
    """


class Cancelled(Exception):
    """Raised inside long work when whoever asked for it no longer wants it."""


def never() -> bool:
    """Whoever asked for it wants it to the end."""
    return False
