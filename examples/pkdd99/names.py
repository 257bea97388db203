"""Made-up Chinese names and mobile numbers, always the same ones for the same key."""

from __future__ import annotations

from hashlib import blake2b

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹喻柏窦章苏潘葛范彭郎鲁韦马苗方俞任袁柳唐罗薛"
MEN = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林阳建亮成志松柏江海峰"
WOMEN = "芳娜敏静丽艳娟霞秀玲桂英慧莉红梅兰菊婷雪琳倩颖洁萍玉燕云莲真环爱妹香月莺媛瑞凡佳"


def person_name(key: str, woman: bool) -> str:
    """A surname and one or two given characters, drawn by a digest of `key`."""
    draw = blake2b(key.encode(), digest_size=8).digest()
    given = WOMEN if woman else MEN
    name = _pick(SURNAMES, draw[0:2]) + _pick(given, draw[2:4])
    return name if draw[6] % 4 == 0 else name + _pick(given, draw[4:6])


def mobile_number(prefix: str, serial: int) -> str:
    """A well-formed 11-digit number: three digits of a network and eight of a serial number."""
    return f"{prefix}{serial:08d}"


def _pick(characters: str, draw: bytes) -> str:
    return characters[int.from_bytes(draw, "big") % len(characters)]
