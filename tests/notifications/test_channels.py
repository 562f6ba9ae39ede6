"""Channels against real servers on loopback: what each answer of the other side means for us."""

from __future__ import annotations

import io
import socket
import ssl
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from notifications.channels.base import Channel, Outgoing, SendResult
from notifications.channels.folder import FolderChannel
from notifications.channels.mail import ChannelError, MailChannel, SmtpSettings
from notifications.channels.stdout import StdoutChannel
from notifications.compose import Envelope as Addresses
from notifications.compose import compose
from notifications.render import RenderedMail
from tests.smtp_server import SENDER, Catcher, serving

NOW = datetime(2015, 10, 8, 8, 30, tzinfo=UTC)


def outgoing(name: str = "m-1", to: str = "hb@example.gov.cn") -> Outgoing:
    body = compose(
        name, Addresses(f"督办 <{SENDER}>", to), RenderedMail("逾期1件", "正文：逾期。\n", "<p>逾期</p>"), NOW
    )
    return Outgoing(name, to, "逾期1件", body, NOW)


async def send(settings: SmtpSettings, *messages: Outgoing, bundle: str | None = None) -> list[SendResult]:
    channel = MailChannel(settings, bundle)
    try:
        return [await channel.send(message) for message in messages or (outgoing(),)]
    finally:
        await channel.close()


async def test_a_mail_arrives_as_it_was_frozen_and_one_connection_carries_many() -> None:
    catcher = Catcher()
    async with serving(catcher) as settings:
        results = await send(settings, outgoing("m-1"), outgoing("m-2", "cz@example.gov.cn"))
    assert [one.ok for one in results] == [True, True]
    assert [one.rcpt_tos for one in catcher.taken] == [["hb@example.gov.cn"], ["cz@example.gov.cn"]]
    assert catcher.taken[0].mail_from == SENDER
    assert isinstance(catcher.taken[0].content, bytes)
    assert catcher.taken[0].content.rstrip() == outgoing("m-1").body.rstrip()


ANSWERS = {
    "a mailbox that does not exist: final": ({"rcpt": "550 no such user"}, (False, False, False)),
    "a mailbox that is busy: later": ({"rcpt": "450 busy"}, (False, True, False)),
    "a server that goes away: later, and nothing else now": ({"rcpt": "421 closing"}, (False, True, True)),
    "greylisted after the data: later": ({"data": "451 try again"}, (False, True, False)),
    "refused after the data: later, for it is not the mailbox's": ({"data": "554 rejected"}, (False, True, False)),
    "our sender refused: our trouble, and nothing else now": ({"mail": "550 not you"}, (False, True, True)),
    "a mail too large for the server: later, and the others go on": ({"mail": "552 too large"}, (False, True, False)),
    "no login: our trouble, and nothing else now": ({"rcpt": "530 authenticate first"}, (False, True, True)),
    "cut before it was taken: later": ({"data": "cut before taking"}, (False, True, False)),
    "cut before the answer: later, though it arrived": ({"data": "cut after taking"}, (False, True, False)),
}


@pytest.mark.parametrize(("answers", "expected"), ANSWERS.values(), ids=ANSWERS)
async def test_what_an_answer_means(answers: dict[str, str], expected: tuple[bool, bool, bool]) -> None:
    async with serving(Catcher(**answers)) as settings:
        (result,) = await send(settings)
    assert (result.ok, result.retry, result.down) == expected
    code = next(iter(answers.values())).split()[0]
    assert not code.isdigit() or code in result.answer


async def test_after_a_refusal_the_next_mail_goes_through() -> None:
    catcher = Catcher(rcpt="550 no such user")
    async with serving(catcher) as settings:
        channel = MailChannel(settings)
        assert not (await channel.send(outgoing("m-1"))).ok
        catcher.answers.clear()
        assert (await channel.send(outgoing("m-2"))).ok
        await channel.close()


class Greeted(Catcher):
    """Counts who says hello."""

    greetings = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.greetings += 1
        return await super().handle_EHLO(server, session, envelope, hostname, responses)


@pytest.mark.parametrize("address", ["a@b.cn>\r\nRCPT TO:<c@d.cn", "a@b.cn> SIZE=1", "a b@c.cn", "nobody", ""])
async def test_an_address_that_could_carry_a_command_is_refused_and_the_connection_stays(address: str) -> None:
    server = Greeted()
    async with serving(server) as settings:
        channel = MailChannel(settings)
        assert (await channel.send(outgoing("m-1"))).ok
        with pytest.raises(ValueError, match="no address of a mailbox"):
            await channel.send(replace(outgoing("m-2"), recipient=address))
        assert (await channel.send(outgoing("m-3"))).ok
        await channel.close()
    assert [one.rcpt_tos for one in server.taken] == [["hb@example.gov.cn"]] * 2
    assert server.greetings == 1


async def test_nobody_listening_is_trouble_of_the_channel() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and never listening: refused
        (result,) = await send(SmtpSettings("127.0.0.1", SENDER, taken.getsockname()[1], "none", timeout=5))
    assert (result.ok, result.retry, result.down) == (False, True, True)


# -- TLS and login -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext"]  # type: ignore[list-item]
    subprocess.run([*command, "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return cert, context


async def test_a_certificate_nobody_vouches_for_is_refused(certificate: tuple[Path, ssl.SSLContext]) -> None:
    catcher = Catcher()
    async with serving(catcher, tls_context=certificate[1]) as settings:
        (result,) = await send(replace(settings, tls="starttls"))
    assert (result.ok, result.retry, result.down) == (False, True, True)
    assert "certificate" in result.answer.lower()
    assert catcher.taken == []


async def test_starttls_with_a_certificate_we_trust(certificate: tuple[Path, ssl.SSLContext]) -> None:
    catcher = Catcher()
    async with serving(catcher, tls_context=certificate[1], require_starttls=True) as settings:
        (result,) = await send(replace(settings, tls="starttls"), bundle=str(certificate[0]))
    assert result.ok
    assert len(catcher.taken) == 1


async def test_implicit_tls(certificate: tuple[Path, ssl.SSLContext]) -> None:
    catcher = Catcher()
    async with serving(catcher, certificate[1]) as settings:
        (refused,) = await send(replace(settings, tls="implicit"))
        (result,) = await send(replace(settings, tls="implicit"), bundle=str(certificate[0]))
    assert (refused.ok, result.ok) == (False, True)


async def test_a_server_without_starttls_gets_nothing_in_clear_text() -> None:
    catcher = Catcher()
    async with serving(catcher) as settings:
        (result,) = await send(replace(settings, tls="starttls"))
    assert (result.ok, result.retry) == (False, True)
    assert catcher.taken == []


@pytest.mark.parametrize(("password", "ok"), [("暗号", True), ("wrong", False)])
async def test_login(certificate: tuple[Path, ssl.SSLContext], password: str, ok: bool) -> None:
    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
        right = (data.login, data.password) == (b"duban", "暗号".encode())
        return AuthResult(success=right, handled=False)

    catcher = Catcher()
    options = {"tls_context": certificate[1], "authenticator": check, "auth_required": True}
    async with serving(catcher, **options) as settings:
        settings = replace(settings, tls="starttls", user="duban", password=password)
        (result,) = await send(settings, bundle=str(certificate[0]))
    assert (result.ok, len(catcher.taken)) == (ok, int(ok))
    assert ok or (result.retry and result.down and "535" in result.answer)


@pytest.mark.parametrize("host", ["mail.example.gov.cn", "10.0.0.5", "127.0.0.1.example.com", "::2"])
def test_clear_text_never_leaves_this_machine(host: str) -> None:
    with pytest.raises(ChannelError, match="tls: none"):
        SmtpSettings(host, SENDER, tls="none")


def test_the_password_is_not_printed() -> None:
    assert "secret" not in repr(SmtpSettings("127.0.0.1", SENDER, password="secret"))


# -- folder and standard output ------------------------------------------------------------------


async def test_a_folder_keeps_one_file_a_message(tmp_path: Path) -> None:
    channel: Channel = FolderChannel(tmp_path / "mails")
    for message in (outgoing("m-1"), outgoing("m-2"), outgoing("m-1")):
        assert (await channel.send(message)).ok
    files = sorted((tmp_path / "mails").iterdir())
    assert [one.name for one in files] == ["20151008T083000-m-1.eml", "20151008T083000-m-2.eml"]
    assert message_from_bytes(files[0].read_bytes(), policy=policy.default)["Subject"] == "逾期1件"


async def test_a_folder_that_cannot_be_written_is_trouble_of_the_channel(tmp_path: Path) -> None:
    (tmp_path / "mails").write_text("a file where the folder should be")
    result = await FolderChannel(tmp_path / "mails").send(outgoing())
    assert (result.ok, result.retry, result.down) == (False, True, True)


async def test_standard_output_shows_the_words() -> None:
    stream = io.StringIO()
    assert (await StdoutChannel(stream).send(outgoing())).ok
    assert stream.getvalue() == "To: hb@example.gov.cn\nSubject: 逾期1件\n\n正文：逾期。\n\n"
