"""Asks the identity provider who somebody is: OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636).

Nothing is asked but the issuer that schedule.yaml names: each address that it gives for itself has to lie at the same
host and port. Its answers are short, come within seconds, and lead nowhere else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken, UserInfo
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key

from tracker.core.values.message import MessageError
from tracker.registers.passwords import make_token
from tracker.rulebook.schedule import IdentityProvider

#: Seconds for one request, and for all requests of one step; bytes of an answer.
_SECONDS, _TOTAL_SECONDS, _MOST = 5.0, 12.0, 256_000
#: How long the provider's addresses and keys are kept; keys that fit no signature are asked for again after the second.
_KEPT, _KEYS_AGAIN = timedelta(hours=1), timedelta(seconds=30)
#: Seconds by which its clock may be off.
_LEEWAY = 60
#: Signatures whose key is not the secret of this client, and which are none of `none` (RFC 8725, 3.1).
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderError(MessageError):
    """The identity provider cannot be asked, or answers as none may; the message says what and where."""


class UnprovenError(MessageError):
    """The identity provider's answer does not prove who somebody is."""


@dataclass(frozen=True, slots=True)
class Question:
    """What binds an answer to the browser that asked: RFC 6749, 10.12; RFC 7636; OpenID Connect Core 1.0, 3.1.2.1."""

    state: str = field(default_factory=make_token)
    nonce: str = field(default_factory=make_token)
    verifier: str = field(default_factory=make_token)


class Provider:
    """The identity provider of the settings; its addresses and keys are kept for an hour."""

    def __init__(self, settings: IdentityProvider) -> None:
        self.settings = settings
        self._addresses: tuple[datetime, dict[str, Any]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    async def ask(self, question: Question, back: str, now: datetime) -> str:
        """The address at which it asks somebody who they are; from there they come `back`. Raises ProviderError."""
        async with _limited():
            addresses = await self._find_addresses(now)
        claim = self.settings.claim
        further = {scope for scope, claims in UserInfo.SCOPES_CLAIMS_MAPPING.items() if claim in claims} or {"profile"}
        return str(
            prepare_grant_uri(
                addresses["authorization_endpoint"],
                self.settings.client,
                "code",
                redirect_uri=back,
                scope=" ".join(sorted({"openid", *further})),
                state=question.state,
                nonce=question.nonce,
                code_challenge=create_s256_code_challenge(question.verifier),
                code_challenge_method="S256",
            )
        )

    async def find_name(self, question: Question, code: str, back: str, now: datetime) -> str:
        """The log-in name of who came back with the code. Raises ProviderError and UnprovenError."""
        async with _limited():
            addresses = await self._find_addresses(now)
            tokens = await self._redeem(addresses, question, code, back)
            claims = await self._verify(tokens, question, now)
            name = claims.get(self.settings.claim)
            if name is None and isinstance(tokens.get("access_token"), str):
                name = await self._look_up(addresses, tokens["access_token"], claims["sub"])
        if not isinstance(name, str) or not name:
            raise UnprovenError("the answer has no claim {claim!r}", claim=self.settings.claim)
        return name

    async def check(self, now: datetime) -> None:
        """Ask for its addresses and its keys. Raises ProviderError."""
        async with _limited():
            await self._find_addresses(now)
            await self._find_keys(now)

    # -- what it says of itself --------------------------------------------------------------------

    async def _find_addresses(self, now: datetime) -> dict[str, Any]:
        if self._addresses is not None and _is_fresh(self._addresses[0], now, _KEPT):
            return self._addresses[1]
        url = get_well_known_url(self.settings.issuer, external=True)
        found = await _request("GET", url)
        if found.get("issuer") != self.settings.issuer:
            given = found.get("issuer")
            raise ProviderError("{url}: the issuer calls itself {given!r}: write that as issuer", url=url, given=given)
        for name in _ENDPOINTS:
            self._check_address(name, found.get(name))
        self._addresses = now, found
        return found

    def _check_address(self, name: str, given: object) -> None:
        """Raises ProviderError where it lies elsewhere than the issuer."""
        if not isinstance(given, str) or urlsplit(given)[:2] != urlsplit(self.settings.issuer)[:2]:
            raise ProviderError(
                "{issuer}: its {name} lies elsewhere: {given!r}", issuer=self.settings.issuer, name=name, given=given
            )

    async def _find_keys(self, now: datetime) -> KeySet:
        if self._keys is not None and _is_fresh(self._keys[0], now, _KEPT):
            return self._keys[1]
        addresses = await self._find_addresses(now)
        found = await _request("GET", addresses["jwks_uri"])
        given = found.get("keys")
        read = [_read_key(each) for each in given if isinstance(each, dict)] if isinstance(given, list) else []
        keys = KeySet([key for key in read if key is not None])
        if not keys.keys:
            raise ProviderError("{url}: no key can be read", url=addresses["jwks_uri"])
        self._keys = now, keys
        return keys

    # -- what it says of somebody ------------------------------------------------------------------

    async def _redeem(self, addresses: dict[str, Any], question: Question, code: str, back: str) -> dict[str, Any]:
        """The tokens for the code: RFC 6749, 4.1.3; the client proves itself as the provider wants it (2.3.1)."""
        client, secret = self.settings.client, self.settings.secret.reveal()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": question.verifier,
        }
        ways = addresses.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        headers = {}
        if "client_secret_basic" in ways or "client_secret_post" not in ways:
            headers["Authorization"] = aiohttp.encode_basic_auth(quote(client, safe=""), quote(secret, safe=""))
        else:
            form |= {"client_id": client, "client_secret": secret}
        return await _request("POST", addresses["token_endpoint"], data=form, headers=headers)

    async def _verify(self, tokens: dict[str, Any], question: Question, now: datetime) -> CodeIDToken:
        """The claims of the ID token: signature, issuer, audience, times, nonce (OpenID Connect Core 1.0, 3.1.3.7)."""
        given = tokens.get("id_token")
        if not isinstance(given, str):
            raise UnprovenError("the answer has no ID token")
        try:
            token = jwt.decode(given, await self._find_keys(now), algorithms=_ALGORITHMS)
        except JoseError:
            if self._keys is None or _is_fresh(self._keys[0], now, _KEYS_AGAIN):
                raise UnprovenError("the signature of the ID token does not hold") from None
            self._keys = None  # it may sign with another key by now
            return await self._verify(tokens, question, now)
        except ValueError:
            raise UnprovenError("the ID token cannot be read") from None
        options = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client},
        }
        bound = {
            "nonce": question.nonce,
            "client_id": self.settings.client,
            "access_token": tokens.get("access_token"),
        }
        claims = CodeIDToken(token.claims, token.header, options, bound)
        try:
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
        except JoseError as error:
            raise UnprovenError("the ID token does not hold: {why}", why=error) from None
        return claims

    async def _look_up(self, addresses: dict[str, Any], access_token: str, subject: str) -> object:
        """The claim as the provider tells it apart from the token, of the same person (5.3.2)."""
        if "userinfo_endpoint" not in addresses:
            return None
        self._check_address("userinfo_endpoint", addresses["userinfo_endpoint"])
        bearer = {"Authorization": f"Bearer {access_token}"}
        found = await _request("GET", addresses["userinfo_endpoint"], headers=bearer)
        if found.get("sub") != subject:
            raise UnprovenError("the provider speaks of somebody else than its token")
        return found.get(self.settings.claim)


def _read_key(given: dict[str, Any]) -> Key | None:
    """A key with which somebody signs; None where it is another one, or not understood."""
    if given.get("kty") not in ("RSA", "EC") or given.get("use", "sig") != "sig":
        return None
    try:
        return import_key(given)
    except (JoseError, KeyError, TypeError, ValueError):
        return None


def _is_fresh(at: datetime, now: datetime, most: timedelta) -> bool:
    return timedelta(0) <= now - at < most


@asynccontextmanager
async def _limited() -> AsyncIterator[None]:
    """All requests of one step end within some seconds. Raises ProviderError."""
    try:
        async with asyncio.timeout(_TOTAL_SECONDS):
            yield
    except TimeoutError:
        raise ProviderError("no answer within {seconds} seconds", seconds=round(_TOTAL_SECONDS)) from None


async def _read(method: str, url: str, **sent: Any) -> tuple[int, dict[str, Any]]:
    """The status and the JSON object that an address answers; {} where it answers something else."""
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            # What is packed could unfold without end: it is asked for as it is, and stays packed if it comes so.
            aiohttp.ClientSession(timeout=timeout, auto_decompress=False, skip_auto_headers=["User-Agent"]) as http,
            http.request(method, url, allow_redirects=False, **sent) as answer,
        ):
            body = bytearray()
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > _MOST:
                    raise ProviderError("{url}: more than {most} bytes", url=url, most=_MOST)
            status = answer.status
    except TimeoutError:
        raise ProviderError("{url}: no answer within {seconds} seconds", url=url, seconds=round(_SECONDS)) from None
    except (aiohttp.ClientError, OSError) as error:
        raise ProviderError("{url}: {why}", url=url, why=str(error) or type(error).__name__) from None
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    return status, found if isinstance(found, dict) else {}


async def _request(method: str, url: str, headers: Mapping[str, str] | None = None, data: Any = None) -> dict[str, Any]:
    """The JSON object that an address answers. Raises ProviderError, and UnprovenError where a code is not taken."""
    sent = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
    status, found = await _read(method, url, headers=sent, data=data)
    if status == 200 and found:
        return found
    if found.get("error") == "invalid_grant":  # RFC 6749, 5.2: used before, too old, or another client's
        raise UnprovenError("the provider does not take the code")
    why = found.get("error")
    what = f" ({why})" if isinstance(why, str) and why.isascii() and why.isprintable() and len(why) < 80 else ""
    raise ProviderError(
        "{url}: status {status}{what}, not what an identity provider answers", url=url, status=status, what=what
    )
