"""Pages for district administrators: accounts, settings and the audit."""
