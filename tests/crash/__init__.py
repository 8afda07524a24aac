"""The crash campaign: the real program is killed again and again, and nothing may be lost, doubled or rewritten.

By hand, with more kills than the tests make: `python -m tests.crash --kills 500 --seed 7 [--database URL]`.
"""
