"""The vault: encryption, masks and blind indexes of the columns that are never stored in the clear.

AES-256-GCM with a key id in front and table, column and row id as associated data, so a ciphertext moved to
another row or column does not open. A blind index is HMAC-SHA256 under a key of its own (decisions.md 16).
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class VaultError(Exception):
    """A key is missing or a ciphertext is not this row's. Never says which value it was."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`encryption` maps a one-byte key id to 32 bytes; new values use `current`. `index` is 32 bytes."""

    encryption: dict[int, bytes]
    current: int
    index: bytes

    def __post_init__(self) -> None:
        if self.current not in self.encryption:
            raise VaultError(f"Encryption key {self.current} is not among the keys given.")
        if any(len(key) != 32 for key in (*self.encryption.values(), self.index)):
            raise VaultError("Every key must be 32 bytes. Make one with: python -m api keys new")

    def __repr__(self) -> str:
        return f"Keys(ids={sorted(self.encryption)}, current={self.current})"


class Vault:
    def __init__(self, keys: Keys) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.encryption.items()}
        self._current = keys.current
        self._index = keys.index

    def seal(self, table: str, column: str, row_id: UUID, text: str) -> bytes:
        nonce = os.urandom(NONCE)
        sealed = self._ciphers[self._current].encrypt(nonce, text.encode(), _aad(table, column, row_id))
        return bytes([self._current]) + nonce + sealed

    def open(self, table: str, column: str, row_id: UUID, sealed: bytes) -> str:
        cipher = self._ciphers.get(sealed[0]) if sealed else None
        if cipher is None:
            raise VaultError("This value was sealed with a key that is not loaded. Give the key by its id.")
        try:
            plain = cipher.decrypt(
                bytes(sealed[1 : 1 + NONCE]), bytes(sealed[1 + NONCE :]), _aad(table, column, row_id)
            )
        except InvalidTag:
            raise VaultError(f"A sealed value of {table}.{column} does not belong to its row.") from None
        return plain.decode()

    def index(self, domain: str, text: str) -> str:
        """The blind index of a value in a domain (identity, mobile, account), for exact look-up only."""
        return hmac.digest(self._index, f"{domain}\x1f{text}".encode(), "sha256").hex()


def _aad(table: str, column: str, row_id: UUID) -> bytes:
    return f"{table}.{column}:".encode() + row_id.bytes


_installed: Vault | None = None


def install(keys: Keys) -> Vault:
    """Put the keys in place for this process. Called once at start-up, before any database is opened."""
    global _installed
    _installed = Vault(keys)
    return _installed


def vault() -> Vault:
    if _installed is None:
        raise VaultError("No keys are installed. Set GUIBIN_KEYS or GUIBIN_KEYS_FILE (see .env.example).")
    return _installed


def identity_text(kind: str, number: str) -> str:
    return f"{kind}:{number.upper()}"


def mask_identity(number: str) -> str:
    """First 3 and last 4 (domain.md 5.2); short numbers show nothing."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) > 8 else "*" * len(number)


def mask_mobile(number: str) -> str:
    return number[:3] + "****" + number[-4:] if len(number) >= 11 else "*" * len(number)


def mask_account(number: str) -> str:
    return number[:6] + "*" * (len(number) - 10) + number[-4:] if len(number) > 11 else "*" * len(number)


def mask_address(text: str) -> str:
    """To the district: the first six characters, or less than half of a short address."""
    return text[: min(6, len(text) // 2)] + "***"
