"""The shared words of the stages: frozen records, no input or output."""
