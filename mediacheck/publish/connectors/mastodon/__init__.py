"""Servers that speak the API of Mastodon: Mastodon itself, and others that follow it."""
