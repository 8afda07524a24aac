"""A world of sources that is written down before it begins: what each says, changes and takes back, and what goes wrong when.

It is made from a seed alone (`planning`), told by a clock (`serving`), and knows at the end what must have been found
(`judging`). Times are seconds since 1970 UTC.
"""
