"""Protocols for everything outside, and ``Services``, the set that a process holds."""
