"""The pages of families: signing in, what is allowed, and what was published."""
