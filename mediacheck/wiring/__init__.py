"""The composition root: the only place that knows the real adapters. Nothing clever."""
