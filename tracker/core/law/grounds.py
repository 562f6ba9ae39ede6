"""The grounds of an exemption, as the office writes them."""

from __future__ import annotations

from collections.abc import Mapping

#: 政府信息公开条例（2007）第八条、第十四条；（2019）第十四条至第十六条. The last two: nothing is there to publish.
GROUNDS: Mapping[str, str] = {
    "secret": "国家秘密",
    "commercial-secret": "商业秘密",
    "privacy": "个人隐私",
    "not-applicable": "不适用",
    "no-such-business": "无此项业务",
}
