"""The manifest of a backup: what the file is, which release made it, and proof of the keys that open it, never a key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from desk.jobs import Sealed
from models.errors import Refusal
from models.vault import VaultError, vault

FORMAT = "guibin-backup-1"
_CHUNK = 1024 * 1024


class BadBackup(Refusal):
    """The file is not a backup, is not the one that the manifest speaks of, or was changed."""

    code = "BAD_BACKUP"


class WrongKeys(Refusal):
    """The keys that are loaded do not open this backup."""

    code = "WRONG_KEYS"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`proofs` is one sealed cell for each key in use; `seal` binds all of it under the index key."""

    dialect: str
    sha256: str
    migrations: tuple[str, ...]
    policy_version: str
    made_at: str
    made_by: str
    proofs: tuple[tuple[str, str, str, str], ...]

    @staticmethod
    def path_of(backup: Path) -> Path:
        return backup.with_name(backup.name + ".manifest.json")

    def write(self, backup: Path) -> None:
        text = {"format": FORMAT, **asdict(self), "seal": self._seal()}
        self.path_of(backup).write_text(json.dumps(text, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, backup: Path) -> Manifest:
        """The manifest beside a backup, after its seal, its proofs and the digest of the file were checked.

        BAD_BACKUP, WRONG_KEYS.
        """
        path = cls.path_of(backup)
        try:
            text = json.loads(path.read_text(encoding="utf-8"))
            given = text.pop("format"), text.pop("seal")
            text["migrations"] = tuple(text["migrations"])
            text["proofs"] = tuple(tuple(proof) for proof in text["proofs"])
            found = cls(**text)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise BadBackup(
                f"{path} is missing or is no manifest of a backup. Keep it beside its file."
            ) from None
        if given[0] != FORMAT:
            raise BadBackup(f"{path} is of another kind of backup than this release reads ({FORMAT}).")
        found._must_open()
        if given[1] != found._seal():
            raise WrongKeys(
                "These keys did not make this backup, or its manifest was changed. Load the keys that were in use then."
            )
        if digest_of(backup) != found.sha256:
            raise BadBackup(
                f"{backup} is not the file that its manifest describes: it was changed or cut short."
            )
        return found

    def _must_open(self) -> None:
        for table, column, row_id, cipher in self.proofs:
            try:
                vault().open(table, column, UUID(row_id), base64.b64decode(cipher, validate=True))
            except (VaultError, ValueError, binascii.Error, IndexError):
                raise WrongKeys(
                    "The keys that are loaded do not open this backup. Load the keys that were in use when it was made."
                ) from None

    def _seal(self) -> str:
        return vault().index("backup", json.dumps(asdict(self), sort_keys=True))


def proof_texts(proofs: list[Sealed]) -> tuple[tuple[str, str, str, str], ...]:
    """Sealed cells as the manifest keeps them."""
    return tuple((it.table, it.column, str(it.row_id), base64.b64encode(it.cipher).decode()) for it in proofs)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise BadBackup(f"{path} cannot be read ({type(error).__name__}).") from None
    return digest.hexdigest()
