"""`python -m aggregator.cli`: the same as `aggregator`."""

from aggregator.cli.main import main

main()
