"""Proving that nothing in a store was changed, lost or put in: one file for each thing that is checked."""
