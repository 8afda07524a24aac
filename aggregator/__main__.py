"""`python -m aggregator`: the same as `aggregator`."""

from aggregator.cli.main import main

main()
