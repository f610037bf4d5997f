"""X, formerly Twitter: its API in version 2, with the district's own app."""
