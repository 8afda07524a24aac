"""How failures of the store end a command: with a sentence, not with a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aggregator.service import FolderHeld, StoreHeld
from aggregator.store import StoreError
from aggregator.store.errors import NO_ROOM, NewerSchema

FAILED, WRONG = 1, 2  # exit codes: the work failed; wrong usage or configuration
OUTDATED = 3  # this program is older than its store has become: to start it again does not help before it is updated


@contextmanager
def failures_of_store(end: Callable[[str, int], object]) -> Iterator[None]:
    """Call `end` with the sentence and the exit code, where the store cannot be used."""
    try:
        yield
    except FolderHeld as error:  # perhaps by a command that soon ends: whoever starts services tries again
        end(str(error), FAILED)
    except StoreHeld as error:
        end(str(error), WRONG)
    except NewerSchema as error:
        end(str(error), OUTDATED)
    except StoreError as error:
        end(str(error), FAILED)
    except FileNotFoundError as error:
        end(f"{error.filename or 'a file of the store'}: {error.strerror or 'not there'}.", FAILED)
    except OSError as error:
        where = error.filename or "the storage folder"
        what, advice = "cannot be used", "Check its rights, or name another `storage`."
        if error.errno in NO_ROOM:
            what, advice = "the disk is full", "Make room; nothing that was stored is lost."
        end(f"{where}: {what} ({error.strerror or error}). {advice}", FAILED)
