"""Pages where posts are made and mended: for teachers, and for the office's own posts."""
