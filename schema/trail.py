"""The trail and the imports, for those who watch over them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import strawberry

from authz import DataClass
from models.vocabulary import ImportState
from schema.context import Info
from schema.fields import column, many
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.resolving import listed
from schema.sections import Confidential

strawberry.enum(ImportState, description="Whether an import, or one of its files, is done.")


@strawberry.type(
    description="访问留痕 (Art. 11). Never a protected value.",
    directives=[Confidential(class_=DataClass.AUDIT, article="11")],
)
class AccessRecord(Node):
    TABLE: ClassVar[str] = "access_record"

    at: dt.datetime = column(about="When.")
    operation: str = column(about="What was asked.")
    decision: str = column(about="ALLOW or REFUSE.")
    code: str = column(about="Why it was refused.")
    resource: str = column(about="Of which table.")
    basis: str = column(about="依据.")
    purpose: str = column(about="用途.")
    row_count: int = column(about="Rows that were shown.")
    record: str = column(about="The canonical record.")
    digest: str = column(about="SHA-256 of the canonical record.")


@strawberry.type(description="导入文件. One file of an import.")
class ImportFile(Node):
    TABLE: ClassVar[str] = "import_file"

    kind: str = column(about="Kind of file.")
    name: str = column(about="File name.")
    encoding: str = column(about="Encoding that was found.")
    state: ImportState = column(about="Running, done or refused.")
    rows_read: int = column(about="Rows read.")
    rows_new: int = column(about="Rows that were new.")
    rows_unchanged: int = column(about="Rows that were known.")
    rows_corrected: int = column(about="Rows that corrected a figure.")
    errors: int = column(about="Rows with errors; nothing of such a file is written.")


@strawberry.type(description="数据导入. One run.")
class ImportRun(Node):
    TABLE: ClassVar[str] = "import_run"

    started_at: dt.datetime = column(about="When it began.")
    finished_at: dt.datetime | None = column(about="When it was done.")
    state: ImportState = column(about="Running, done or refused.")
    files: list[ImportFile] = many("files", "import_file", about="Its files.")


@strawberry.type
class Query:
    @strawberry.field(description="Access records, for log_admin, and for audit and compliance of a subtree.")
    async def access_records(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AccessRecord]:
        return await listed(info, "access_record")

    @strawberry.field(description="Imports, for sys_admin.")
    async def imports(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ImportRun]:
        return await listed(info, "import_run")
