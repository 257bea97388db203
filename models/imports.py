"""Imports: which files came in, when, and what became of them."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row


class ImportRun(Row):
    """数据导入. One run of the import job, started by a named person."""

    started_by_id = fields.UUIDField()
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    state = fields.CharField(max_length=16)

    class Meta:
        table = "import_run"


class ImportFile(Row):
    """导入文件. One file of a run. `digest` is the SHA-256 of its bytes."""

    run: fields.ForeignKeyRelation[ImportRun] = fields.ForeignKeyField(
        "models.ImportRun", related_name="files", on_delete=fields.RESTRICT
    )
    run_id: UUID
    kind = fields.CharField(max_length=40)
    name = fields.CharField(max_length=200)
    digest = fields.CharField(max_length=64)
    encoding = fields.CharField(max_length=24)
    state = fields.CharField(max_length=16)
    rows_read = fields.IntField(default=0, db_default=0)
    rows_new = fields.IntField(default=0, db_default=0)
    rows_unchanged = fields.IntField(default=0, db_default=0)
    rows_corrected = fields.IntField(default=0, db_default=0)
    errors = fields.IntField(default=0, db_default=0)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "import_file"
        indexes = [Index(fields=("run_id",)), Index(fields=("digest", "state"))]
