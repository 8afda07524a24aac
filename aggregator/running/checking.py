"""`python -m aggregator.running.checking FILE HANDLE`: read and check a configuration, for a service that is running.

In a process of its own: what reads and checks one is as large as all that the service needs, and is gone afterwards. It writes
what `config.handing.read_config` reads to the open file HANDLE; or else prints the mistakes, one a line, and ends with 2.
"""

from __future__ import annotations

import sys

from aggregator.config import ConfigError, load_config
from aggregator.config.handing import write_config
from aggregator.running.failures import WRONG


def main(path: str, handle: int) -> int:
    """The exit code."""
    try:
        config = load_config(path)
    except ConfigError as error:
        sys.stdout.write(f"{error}\n")
        return WRONG
    with open(handle, "wb") as file:
        write_config(config, file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
