"""How well copies, stories and edits are judged, in figures: `make quality`."""
