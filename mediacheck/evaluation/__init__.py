"""Error rates of the stages, measured on named public sets; nothing here takes part in a check."""
