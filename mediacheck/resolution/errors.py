"""The faults of a search. Each of them leaves the post blocked."""

from __future__ import annotations

from mediacheck.errors import MediacheckError


class MixedModels(MediacheckError):
    """Templates of different models, or of a model without a threshold, were to be compared."""

    message = "Faces could not be compared: the enrolled templates are of another model."


class UnusableTemplate(MediacheckError):
    """A template or probe is not the numbers that its model gives."""

    message = "Faces could not be compared: a template is damaged."
