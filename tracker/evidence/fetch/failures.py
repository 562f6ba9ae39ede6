"""Why a site could not be asked, in words that an office can act on, and what they can do."""

from __future__ import annotations

import errno
import re

import aiohttp

NO_NAME = "域名解析不到"
REFUSED = "网站拒绝连接"
NO_ANSWER = "连接超时"
UNSAFE = "安全证书或加密连接有问题"
BROKEN_OFF = "连接中途断开"
SLOW = "秒内未能完整打开"
TOO_LONG = "内容超过"
#: How every reason begins why a page could not be looked at though it came.
PAGE_UNREAD = "页面未能读取："
_BEGIN = "无法连接："
#: What somebody who gave the address can do, by what the reason holds.
_REMEDIES = (
    (NO_NAME, "请核对网址中的域名；域名无误的，请联系网站管理单位检查域名解析，稍后再填报一次。"),
    (REFUSED, "请确认网站此刻能够打开，稍后再填报一次。"),
    (UNSAFE, "请联系网站管理单位检查安全证书；网站另有以“http://”开头的同一网址的，可改填该网址。"),
    (NO_ANSWER, "请确认网站此刻能够打开，稍后再填报一次。"),
    (SLOW, "请确认网站此刻能够打开，稍后再填报一次。"),
    (BROKEN_OFF, "请确认网站此刻能够打开，稍后再填报一次。"),
    (PAGE_UNREAD, "请与发出督办邮件的单位联系，由人工核对。"),
    (TOO_LONG, "请改填刊登该文件的文章网址；没有的，请与发出督办邮件的单位联系，由人工核对。"),
)
#: A status named in a note, by an earlier version as 状态码 404.
_NAMED_STATUS = re.compile(r"（(\d{3})）|状态码 (\d{3})")


def said(error: Exception) -> str:
    """What a failed connection is called (Chinese); the error's own words are for the log."""
    return _BEGIN + _cause(error)


def remedy(reason: str) -> str:
    """What can be done about a reason why an address could not be read (Chinese); "" where nothing is known."""
    return next((what for words, what in _REMEDIES if words in reason), "")


def status_note(status: int, *, refused: bool = False) -> str:
    """What an HTTP status means for a visitor (Chinese): 网页无法打开（404）. `refused`: the site does not serve us."""
    if status in (404, 410):
        return f"网页无法打开（{status}）"
    return f"{'网站拒绝访问' if refused else '网站出错' if status >= 500 else '网页答复异常'}（{status}）"


def named_status(note: str) -> int | None:
    """The HTTP status that the note of a failed visit names, if it names one."""
    match = _NAMED_STATUS.search(note)
    return int(match[1] or match[2]) if match else None


def _cause(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return NO_NAME
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | aiohttp.ServerFingerprintMismatch():
            return UNSAFE
        case TimeoutError():  # those of aiohttp are, too
            return NO_ANSWER
        case aiohttp.ClientConnectorError():
            number = error.os_error.errno
            return NO_ANSWER if number in (errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH) else REFUSED
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError() | OSError():
            return BROKEN_OFF
        case _:
            return "网站的答复不符合网页协议"
