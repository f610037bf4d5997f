"""Sites that run WordPress: the district's own, or a class's. By REST, with an app password."""
