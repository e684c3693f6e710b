"""The address of a ``/v1`` server: what may be one, and connections that go to where it resolved (SSRF).

``http`` and ``https`` only; the name is resolved once, and connections go to the addresses found then; link-local
addresses (a cloud's metadata), unspecified and multicast ones are refused. Private addresses are allowed: that is
where a model server usually is. See ``docs/security.md``.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from assistant408.core.errors import InputError

__all__ = ["Address", "Pinned", "resolve"]

Lookup = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True)
class Address:
    """Where a server is.

    Attributes:
        url: as it was given, without a slash at the end.
        host: the name in it.
        ips: what the name resolved to, in the order to be tried.
    """

    url: str
    host: str
    ips: tuple[str, ...]

    @property
    def here(self) -> bool:
        """Whether it is this machine."""
        return all(ipaddress.ip_address(ip).is_loopback for ip in self.ips)


def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, by the system.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]).partition("%")[0] for info in found))


def resolve(url: str, lookup: Lookup = look_up) -> Address:
    """Checks an address and resolves its name, once.

    Examples:
        >>> resolve("http://127.0.0.1:8000/v1/").ips
        ('127.0.0.1',)
        >>> resolve("http://meta.example/v1", lambda host, port: ["169.254.169.254"])
        Traceback (most recent call last):
        ...
        assistant408.core.errors.InputError: 地址 'http://meta.example/v1' 指向 169.254.169.254，这是链路本地地址，不能连接；请填模型服务所在机器的地址。

    Raises:
        InputError: it is no address of a server, its name isn't known, or it leads where none may be.
    """
    url = url.strip().rstrip("/")
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        raise InputError(f"地址 {url!r} 写得不对，应为 http://127.0.0.1:8000/v1 这样的形式。") from None
    if parts.scheme not in ("http", "https") or not parts.host or (parts.port or 1) > 65535:
        raise InputError(f"地址 {url!r} 应是 http:// 或 https:// 加主机和端口，例如 http://127.0.0.1:8000/v1。")
    if parts.userinfo:
        raise InputError("地址里不要写用户名和密码，请把密钥填在密钥一栏。")
    if parts.query or parts.fragment:
        raise InputError(f"地址 {url!r} 不应带 ? 或 # 后面的部分，例如 http://127.0.0.1:8000/v1。")
    try:
        ips = tuple(lookup(parts.host, parts.port or (443 if parts.scheme == "https" else 80)))
    except (OSError, UnicodeError):
        ips = ()
    if not ips:
        raise InputError(f"找不到主机 {parts.host!r}，请检查名字有没有拼错、网络通不通。")
    for ip in ips:
        if kind := _forbidden(ip):
            raise InputError(f"地址 {url!r} 指向 {ip}，这是{kind}，不能连接；请填模型服务所在机器的地址。")
    return Address(url, parts.host, ips)


def _forbidden(ip: str) -> str:
    """What makes an address one that must not be connected to; empty if it may."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    if address.is_link_local:
        return "链路本地地址"
    if address.is_unspecified:
        return "未指定地址"
    return "组播地址" if address.is_multicast else ""


class Pinned(httpx.BaseTransport):
    """A transport to the addresses that a name resolved to; certificates are checked for the name.

    Redirects are the client's matter, and httpx follows none unless told to.
    """

    def __init__(self, address: Address, inner: httpx.BaseTransport | None = None) -> None:
        self._address = address
        self._inner = inner or httpx.HTTPTransport()
        self._good = ""  # the one that answered

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request for the name to one of its addresses."""
        if request.url.host != self._address.host:
            raise httpx.UnsupportedProtocol(f"not {self._address.host}", request=request)
        ips = (self._good,) if self._good else self._address.ips
        for ip in ips:
            there = httpx.Request(
                request.method,
                request.url.copy_with(host=ip),
                headers=request.headers,  # with the name as Host
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": self._address.host},
            )
            try:
                response = self._inner.handle_request(there)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if ip == ips[-1]:
                    raise
            else:
                self._good = ip
                return response
        raise AssertionError("an address has at least one IP")

    def close(self) -> None:
        """Closes the connections."""
        self._inner.close()
