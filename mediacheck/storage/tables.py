"""All of mediacheck's own tables in one metadata, which the migrations are held to."""

from __future__ import annotations

from sqlalchemy import MetaData

from mediacheck.storage import (
    accounts_schema,
    archive_schema,
    audit_schema,
    channel_rules_schema,
    evidence_schema,
    families_schema,
    family_log_schema,
    office_schema,
    portraits_schema,
    posts_schema,
    publications_schema,
    publishing_schema,
    remembered_schema,
    rounds_schema,
    sign_on_schema,
    takedown_tasks_schema,
    timelines_schema,
    works_schema,
)
from mediacheck.storage.base import Base


def all_tables() -> MetaData:
    """The metadata of every table, whichever module declares it."""
    modules = (
        accounts_schema,
        archive_schema,
        audit_schema,
        channel_rules_schema,
        evidence_schema,
        families_schema,
        family_log_schema,
        office_schema,
        portraits_schema,
        posts_schema,
        publications_schema,
        remembered_schema,
        publishing_schema,
        rounds_schema,
        sign_on_schema,
        takedown_tasks_schema,
        timelines_schema,
        works_schema,
    )
    tables = Base.metadata
    if not all(module.Base.metadata is tables for module in modules):
        raise TypeError("a module of tables has a base of its own")
    return tables
