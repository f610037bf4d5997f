"""Pages for the registrar and the school office: the register of releases, and its imports."""
