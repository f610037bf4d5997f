"""A Page on Facebook, through the district's own app."""
