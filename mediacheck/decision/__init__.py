"""May it go out? Evidence in; a verdict with reasons, or a clearance, out. Reads nothing."""
