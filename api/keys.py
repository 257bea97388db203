"""Keys: where a process finds the keys of the vault, and how new ones are made. Never in the database or a backup."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

from api.settings import DEFAULT_KEYS_FILE, Settings
from models.vault import Keys, VaultError

GENERATED = "generated for development"
SHAPE = '{"current": 1, "encryption": {"1": "BASE64 of 32 bytes"}, "index": "BASE64 of 32 bytes"}'


class KeysError(Exception):
    """The keys cannot be used. Says where and why, never what they are."""


def load_keys(settings: Settings) -> Keys:
    """The keys that the settings name; in development, keys generated once when none are named.

    KeysError for a missing file, one that others may read, a wrong shape, and generated keys in production.
    """
    if settings.keys:
        return parse(settings.keys, "GUIBIN_KEYS", settings)
    path = settings.keys_file
    if path == DEFAULT_KEYS_FILE and not settings.production and not path.exists():
        generate(path)
    try:
        # O_NOFOLLOW is not asked: secret mounts are symbolic links.
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise KeysError(
            f"GUIBIN_KEYS_FILE: {path} cannot be read ({type(error).__name__}). Make it with: python -m api keys new"
        ) from None
    if mode & 0o007:
        raise KeysError(f"GUIBIN_KEYS_FILE: everybody may read {path}. Run: chmod 600 {path}")
    return parse(text, f"GUIBIN_KEYS_FILE: {path}", settings)


def generate(path: Path) -> None:
    """Write demo keys to a new file that only its owner may read. An existing file is never touched."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    text = new_keys() | {"note": GENERATED}
    # Written aside and linked, so that two processes that start at once end up with the same keys.
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(text, file, indent=2)
            file.write("\n")
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()


def new_keys(key_id: int = 1) -> dict[str, Any]:
    """A new set of keys as the JSON that GUIBIN_KEYS takes."""
    return {
        "current": key_id,
        "encryption": {str(key_id): base64.b64encode(secrets.token_bytes(32)).decode()},
        "index": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def parse(text: str, where: str, settings: Settings) -> Keys:
    """The keys of a JSON text."""
    try:
        given = json.loads(text)
        encryption = {_key_id(name): _bytes(value) for name, value in given["encryption"].items()}
        keys = Keys(encryption, int(given["current"]), _bytes(given["index"]))
    except VaultError as error:
        raise KeysError(f"{where}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError):
        raise KeysError(f"{where}: this is not a set of keys. Its shape is {SHAPE}") from None
    if settings.production and given.get("note") == GENERATED:
        raise KeysError(
            f"{where}: these keys were generated for development. Make others with: python -m api keys new"
        )
    return keys


def _key_id(name: str) -> int:
    if not (name.isascii() and name.isdigit() and 1 <= int(name[:4]) <= 255):
        raise KeyError
    return int(name)


def _bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)
