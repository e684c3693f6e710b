"""Passwords (口令): Argon2id digests, and which ones are too easy.

Source: RFC 9106, section 4 (the second recommended option: 64 MiB, 3 passes, 4 lanes); NIST SP 800-63B, section 5.1.1
(length and a list of common ones, no rules on kinds of characters).
"""

from __future__ import annotations

import threading
import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant408.core.errors import BusyError, InputError
from assistant408.store.users import name_key

__all__ = ["SHORTEST", "Passwords", "check_password"]

SHORTEST = 10
LONGEST = 256
AT_ONCE = 2  # digests being computed; each takes 64 MiB
PATIENCE_S = 5
_COMMON = """
1234567890 12345678910 0123456789 0987654321 1234567891 123456789a a123456789 qq123456789 aa123456789 123456789q
123456789abc abc123456789 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty12345 qwerty123456 asdfghjkl; 1qazxsw23edc
password12 password123 password1234 password12345 passw0rd123 p@ssw0rd123 admin12345 admin123456 administrator
woaini1314 woaini1314520 woaini520 5201314520 1314520520 520131452 5201314521 iloveyou123 letmein123 welcome123
changeme123 zxcvbnm123 abcd123456 abcdefghij abcdef123456 a1234567890 1234567890a 1234567890q 123123123123
1231231231 1122334455 112233445566 1357924680 7894561230 qazwsxedcrfv 147258369 1472583690 987654321a kaoyan408
kaoyan40808 assistant408 test123456 user123456 student123 student1234
"""
COMMON = frozenset(_COMMON.split())


def check_password(password: str, name: str) -> None:
    """Refuses a password that is too easy for an account of that name.

    Raises:
        InputError: it is; one sentence says why.
    """
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise InputError(f"密码有 {len(plain)} 个字符，至少要 {SHORTEST} 个；一句好记的话就很好。")
    if len(plain) > LONGEST:
        raise InputError(f"密码有 {len(plain)} 个字符，最多 {LONGEST} 个。")
    easy = plain.casefold()
    if easy in COMMON or len(set(easy)) < 4 or easy.replace(name_key(name), "").strip("0123456789") == "":
        raise InputError("这个密码太常见、太有规律，或者就是用户名加数字，很容易被猜到，请换一个。")


class Passwords:
    """Makes and checks digests."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._slots = threading.BoundedSemaphore(AT_ONCE)

    def digest(self, password: str) -> str:
        """The digest to be kept.

        Raises:
            BusyError: too many are being computed.
        """
        with self._slot():
            return self._hasher.hash(_plain(password))

    def verify(self, digest: str | None, password: str) -> bool:
        """Whether the password fits; where there is no digest, the time goes by that one would have taken."""
        with self._slot():
            try:
                fits = self._hasher.verify(digest or self._nobody, _plain(password)[:LONGEST])
            except (VerificationError, InvalidHashError):
                return False
        return fits and digest is not None

    def outdated(self, digest: str) -> bool:
        """Whether a digest was made with other parameters than those of now."""
        return self._hasher.check_needs_rehash(digest)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password, or it wouldn't be in the source")

    def _slot(self) -> _Slot:
        return _Slot(self._slots)


class _Slot:
    def __init__(self, slots: threading.BoundedSemaphore) -> None:
        self._slots = slots

    def __enter__(self) -> None:
        if not self._slots.acquire(timeout=PATIENCE_S):
            raise BusyError("同时登录的人太多，请约 5 秒后重试。", 5)

    def __exit__(self, *_: object) -> None:
        self._slots.release()


def _plain(password: str) -> str:
    """The same for what different keyboards make of one password."""
    return unicodedata.normalize("NFKC", password)
