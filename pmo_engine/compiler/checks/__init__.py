"""Checks of a bound policy: what is wrong though every part of it can be read."""
