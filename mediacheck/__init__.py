"""mediacheck: no post leaves with a student whose family has not released it."""
