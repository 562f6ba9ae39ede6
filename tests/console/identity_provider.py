"""An identity provider on loopback, which answers as OpenID Connect has it, or otherwise where a test wants that."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "duban", "what-the-provider-gave"


@cache
def first_key() -> RSAKey:
    """Dear to make; the same for every provider."""
    return RSAKey.generate_key(2048, {"kid": "first"})


@dataclass
class IdentityProvider:
    """`who`: as it knows whoever comes. `claims` and `header` of its ID tokens are changed by `twist`; `answers`: what
    it answers at a path instead; `silent`: paths at which it never answers."""

    now: Callable[[], float]
    who: str = "zhang"
    key: RSAKey = field(default_factory=first_key)
    twist: Callable[[dict[str, Any], dict[str, Any]], None] = lambda _claims, _header: None
    answers: dict[str, web.Response] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    in_token: bool = True
    issuer: str = ""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def grant(self, address: str) -> dict[str, str]:
        """Let somebody in who was sent to the address; what the browser brings back."""
        given = dict(parse_qsl(urlsplit(address).query))
        assert given["client_id"] == CLIENT
        assert given["response_type"] == "code"
        assert given["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = given
        return {"code": code, "state": given["state"]}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.path in self.silent:
            await asyncio.sleep(60)
        if request.path in self.answers:
            return self.answers[request.path]
        if request.path == "/.well-known/openid-configuration":
            paths = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys"}
            paths["userinfo_endpoint"] = "me"
            return web.json_response(
                {"issuer": self.issuer, **{key: f"{self.issuer}/{at}" for key, at in paths.items()}}
            )
        if request.path == "/keys":
            return web.json_response({"keys": [self.key.as_dict(private=False)]})
        if request.path == "/me":
            return web.json_response({"sub": "4711", "preferred_username": self.who})
        return self._redeem(request.headers.get("Authorization", ""), {**await request.post()})

    def _redeem(self, authorization: str, form: dict[str, Any]) -> web.Response:
        if authorization != f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}":
            return web.json_response({"error": "invalid_client"}, status=401)
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or (asked["code_challenge"], asked["redirect_uri"]) != (challenge, form["redirect_uri"]):
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(self.now())
        claims = {
            "iss": self.issuer,
            "sub": "4711",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
        }
        if self.in_token:
            claims["preferred_username"] = self.who
        header = {"alg": "RS256", "kid": self.key.kid}
        self.twist(claims, header)
        token = unsigned(claims) if header["alg"] == "none" else jwt.encode(header, claims, self.key)
        return web.json_response({"access_token": "access", "token_type": "Bearer", "id_token": token})


def unsigned(claims: dict[str, Any]) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in ({"alg": "none"}, claims)]
    return ".".join(part.rstrip("=") for part in parts) + "."


@asynccontextmanager
async def identity_provider(now: Callable[[], float]) -> AsyncIterator[IdentityProvider]:
    provider = IdentityProvider(now)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", provider.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    provider.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield provider
    await runner.cleanup()
