"""Connectors, one folder a platform. A connector sends what a clearance names, and nothing else."""
