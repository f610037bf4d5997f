"""Posts, what was seen in them, accounts and the audit, on SQLAlchemy. Holds no rule."""
