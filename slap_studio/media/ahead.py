"""Work done ahead of whoever needs it: on threads, in order, and never more than a few items early."""

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


class Ahead(Generic[Item, Made]):
    """What a function makes of each item of an iterator, in the iterator's order.

    One thread takes the items, a few others work on them; whoever iterates waits only where they are behind. Items and
    results that nobody has asked for yet are never more than `most`. Used as a context, whose end stops the threads.

    Parameters
    ----------
    items
        Taken on a thread of its own; what it raises comes up where its next result would.
    make
        Called on several threads at once.
    """

    def __init__(self, items: Iterator[Item], make: Callable[[Item], Made], *, workers: int, most: int) -> None:
        self._items = items
        self._make = make
        self._room = threading.Semaphore(most)
        self._made: queue.SimpleQueue[Future[Made] | BaseException | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(workers, "slap-ahead")
        self._feeder = threading.Thread(target=self._feed, name="slap-ahead-feeder", daemon=True)
        self._feeder.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._room.release()
        self._feeder.join()
        self._pool.shutdown(cancel_futures=True)

    def __iter__(self) -> Iterator[Made]:
        while True:
            made = self._made.get()
            if made is None:
                return
            if isinstance(made, BaseException):
                raise made
            result = made.result()
            self._room.release()
            yield result

    def _feed(self) -> None:
        try:
            while True:
                # Before the item is taken, so that it is not one more than there is room for.
                self._room.acquire()
                if self._stopped.is_set():
                    return
                item = next(self._items, _END)
                if item is _END:
                    return
                self._made.put(self._pool.submit(self._make, item))  # type: ignore[arg-type]
        except BaseException as error:  # whatever it is, it is for the other side
            self._made.put(error)
        finally:
            self._made.put(None)


_END = object()
