"""What leaves the house. In: a clearance, and exactly what it names. Out: the package."""
