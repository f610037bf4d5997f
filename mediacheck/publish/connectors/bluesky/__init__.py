"""Accounts on Bluesky, and on any other server of the AT protocol."""
