"""Pages of the communications office: its queue. The posts themselves open on their own page."""
