"""IPv4 addresses and prefixes (IPv4 地址与前缀) as whole numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant408.core.errors import InputError

__all__ = ["Prefix", "address", "dotted", "length_for", "mask_length", "prefix"]


@dataclass(frozen=True, order=True)
class Prefix:
    """A block of addresses: the network address and the length of its prefix."""

    network: int
    length: int

    @property
    def size(self) -> int:
        """How many addresses the block has."""
        return 1 << (32 - self.length)

    @property
    def mask(self) -> int:
        """The network mask as a number."""
        return (1 << 32) - self.size

    @property
    def last(self) -> int:
        """The highest address, which is the broadcast address of a subnet."""
        return self.network + self.size - 1

    def __contains__(self, other: object) -> bool:
        """Whether an address or a whole block lies inside."""
        if isinstance(other, Prefix):
            return other.length >= self.length and other.network & self.mask == self.network
        return isinstance(other, int) and other & self.mask == self.network

    def __str__(self) -> str:
        """The slash notation."""
        return f"{dotted(self.network)}/{self.length}"


def dotted(value: int) -> str:
    """Write an address in dotted decimal.

    Examples:
        >>> dotted(0xC0A80101)
        '192.168.1.1'
    """
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def address(text: str, label: str = "IP 地址") -> int:
    """Read an address in dotted decimal.

    Examples:
        >>> address("10.0.0.1") == 10 * 2**24 + 1
        True
    """
    parts = text.strip().split(".")
    if len(parts) != 4 or any(not re.fullmatch(r"\d{1,3}", p) or int(p) > 255 for p in parts):
        raise InputError(f"{label} {text[:40]!r} 不合要求：应为四个 0~255 的十进制数，如 192.168.1.1。")
    return int.from_bytes(bytes(map(int, parts)), "big")


def mask_length(text: str) -> int:
    """Read a mask: a prefix length with or without a slash, or dotted decimal.

    Examples:
        >>> mask_length("/26"), mask_length("26"), mask_length("255.255.255.192"), mask_length("0.0.0.0")
        (26, 26, 26, 0)
    """
    plain = text.strip().lstrip("/")
    if re.fullmatch(r"\d{1,2}", plain) and int(plain) <= 32:
        return int(plain)
    bits = format(address(plain, "子网掩码"), "032b")
    if "01" in bits:
        raise InputError(f"子网掩码 {text[:40]!r} 不合要求：二进制应为连续的 1 后接连续的 0。")
    return bits.count("1")


def prefix(text: str, strict: bool = True) -> Prefix:
    """Read a block in slash notation; without a slash it is a single address.

    Args:
        text: such as ``192.168.1.0/24`` or ``192.168.1.0/255.255.255.0``.
        strict: whether bits behind the prefix must be 0; otherwise they are cleared.

    Examples:
        >>> str(prefix("192.168.1.0/24")), str(prefix("192.168.1.77/26", strict=False))
        ('192.168.1.0/24', '192.168.1.64/26')
    """
    head, slash, tail = text.strip().partition("/")
    number = address(head)
    length = mask_length(tail) if slash else 32
    block = Prefix(number & ~((1 << (32 - length)) - 1), length)
    if strict and block.network != number:
        raise InputError(f"地址块 {text[:40]!r} 的主机位不全为 0，应写成 {str(block)!r}。")
    return block


def length_for(addresses: int) -> int:
    """The longest prefix whose block holds so many addresses.

    Examples:
        >>> length_for(64), length_for(65), length_for(1)
        (26, 25, 32)
    """
    return 32 - (addresses - 1).bit_length()
