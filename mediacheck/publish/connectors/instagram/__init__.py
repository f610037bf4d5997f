"""A professional account on Instagram, through the Page that it belongs to."""
