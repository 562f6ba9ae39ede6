"""`duban request`: enters requests on application, complaints and questions, and the steps that they take."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from typing import Any

from tracker.commands.context import CommandContext, DepartmentName, UsageError, begin_of, parse_moment
from tracker.commands.listed import (
    ANSWERS,
    APPEAL_ENDS,
    APPEALS,
    APPLICANTS,
    CONSULTATIONS,
    GIVEN_UP,
    GROUNDS,
    KINDS,
    OPINION_WORDS,
    WAYS,
    listed,
    read_field,
)  # fmt: skip
from tracker.commands.output import say
from tracker.commands.parsing import command, count, day, exclusive, option, options, person
from tracker.commands.recording import record, records
from tracker.commands.request_names import REQUEST, find_named_request, load_person_keys
from tracker.commands.request_person import read_person_file
from tracker.core.requests.values import Move, MoveKind, Request
from tracker.core.values.message import Message
from tracker.registers.errors import Registered
from tracker.registers.persons import check_names_nobody
from tracker.registers.requests import correct_receipt, enter_move, receive, withdraw_move
from tracker.store.engine import StoreError, Tx
from tracker.store.persons import has_persons

WHO = person("why", required=False)
ON = option("--on", default="", metavar="DAY[THH:MM]", help="when it happened (default: now)")
FIELD = option("--field", action="append", default=[], metavar="K=V", help="a field of the step (repeatable)")
#: Fields that name an official.
_OFFICIALS = ("author", "approved")
#: Which request, when, by whom and why.
STEP = options(REQUEST, ON, WHO)
UNTIL = option("--until", type=day, metavar="DAY", help="the last day that is given for it")
SIGNED = option("--signed", type=day, metavar="DAY", help="the day on which the letter arrived and was signed for")
CONFIRMED = option("--confirmed", type=day, metavar="DAY", help="the day on which both sides confirmed the receipt")


@command("request receive")
@listed("--kind", KINDS, default="request", metavar="KIND", help="which register (default: request)")
@option(
    "--department", type=DepartmentName, required=True, metavar="ID",
    help="the department that received it and numbers it",
)  # fmt: skip
@option(
    "--owner", type=DepartmentName, default="", metavar="ID",
    help="the department that has to answer (default: the same)",
)  # fmt: skip
@listed("--way", WAYS, required=True, help="how it came in")
@option("--filed", type=day, required=True, metavar="DAY", help="the day on which it was handed in or sent")
@SIGNED
@CONFIRMED
@listed("--applicant-kind", APPLICANTS, default="natural", metavar="KIND", help="who asks (default: natural)")
@option("--applicant-file", default="", metavar="FILE", help="the applicant's data, a YAML file (-: standard input)")
@option("--title", required=True, metavar="TEXT", help="what is asked, in words that name nobody")
@option("--topic", default="", metavar="WORD", help="its subject, for the yearly analysis")
@option("--number", type=count, default=0, metavar="N", help="its number in the year, where it has one already")
@option("--year", type=count, default=0, metavar="YEAR", help="the year of its number (default: that of receipt)")
@listed(
    "--at-once", ANSWERS, default="", metavar="KIND",
    help="it was answered on the spot (当场答复), with this kind of answer",
)  # fmt: skip
@listed("--ground", GROUNDS, closed=False, default="", metavar="NAME", help="the ground on which that answer rests")
@FIELD
@WHO
def receive_request(args: Namespace, context: CommandContext) -> None:
    """Receive a request and give it a number."""
    draft = Request(
        0, context.county.id, args.kind, args.department, args.year, args.number, args.owner, args.way, args.filed,
        args.filed, args.applicant_kind, args.title, args.topic,
    )  # fmt: skip
    applicant = read_person_file(args.applicant_file) if args.applicant_file else None

    def act(tx: Tx) -> Registered[Any]:
        done = receive(
            tx, context.rulebook, context.loaded.calendar, draft, by=args.by, now=context.now, reason=args.reason,
            signed_on=args.signed, confirmed_on=args.confirmed, person=applicant,
            keys=load_person_keys(context) if applicant else None,
        )  # fmt: skip
        if not args.at_once:
            return done
        fields = {"answer": args.at_once, "ground": args.ground, **dict(_pairs(args))}
        _check_names_nobody(context, tx, done.value, args.reason, fields)
        steps = [done.message]
        for kind, given in ((MoveKind.REGISTER, {}), (MoveKind.ANSWER, fields)):
            step = enter_move(
                tx, context.rulebook, context.loaded.calendar, done.value, kind, done.value.received, by=args.by,
                now=context.now, reason=args.reason, fields=given,
            )  # fmt: skip
            steps.append(step.message)
        return Registered(done.value, True, Message.lines(steps))

    record(context, act)


@records("request confirm")
@REQUEST
@option("--filed", type=day, metavar="DAY", help="the day on which it was handed in or sent, if that was wrong")
@SIGNED
@CONFIRMED
@person("why")
def confirm(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Request]:
    """Say on which day it was confirmed or signed for; the day of receipt follows."""
    request = find_named_request(tx, context, args.request)
    _check_names_nobody(context, tx, request, args.reason, {})
    return correct_receipt(
        tx, context.rulebook, context.loaded.calendar, request, by=args.by, now=context.now, reason=args.reason,
        filed_on=args.filed, signed_on=args.signed, confirmed_on=args.confirmed,
    )  # fmt: skip


@records("request register")
@STEP
def register(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Register it (登记): from now on it is handled."""
    return _enter(args, context, tx, MoveKind.REGISTER)


@records("request correct")
@exclusive(UNTIL, option("--done", action="store_true", help="the applicant has corrected it"), required=True)
@option(
    "--what",
    default="",
    metavar="TEXT",
    help="what is to be corrected, as the paper says it: needed, unless --reason says it",
)
@STEP
def correct(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Ask the applicant to correct it (补正), by a day, or say that this was done."""
    if args.done:
        return _enter(args, context, tx, MoveKind.CORRECTED)
    if not (args.what.strip() or args.reason.strip()):
        raise UsageError("--what is missing: what is to be corrected?")
    what = args.what or args.reason
    args.reason = args.reason or args.what
    return _enter(args, context, tx, MoveKind.ASK_CORRECTION, until=args.until, what=what)


@records("request assign")
@option("--to", type=DepartmentName, required=True, metavar="ID", help="the department that has to answer (主办)")
@option("--with", dest="co", type=DepartmentName, default="", metavar="ID,…", help="departments that help (协办)")
@STEP
def assign(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Pass it on to the department that has to answer."""
    return _enter(args, context, tx, MoveKind.ASSIGN, owner=args.to, co=args.co)


@records("request consult")
@listed("--whom", CONSULTATIONS, required=True)
@option("--party", default="", metavar="WORD", help="tells several apart: 甲, or a department; names no person")
@listed("--interest", GROUNDS, closed=False, default="", metavar="NAME", help="of a third party, these or another")
@option("--reached", type=day, metavar="DAY", help="the day on which the letter reached them")
@UNTIL
@STEP
def consult(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Ask a third party, a co-maker or another agency for their opinion."""
    return _enter(
        args, context, tx, MoveKind.CONSULT, whom=args.whom, party=args.party, interest=args.interest,
        reached=args.reached, until=args.until,
    )  # fmt: skip


@records("request opinion")
@listed("--whom", CONSULTATIONS, required=True)
@listed("--result", OPINION_WORDS, required=True, help="what came of it")
@option("--consult", type=count, metavar="STEP", help="which consultation it answers, where several are open")
@STEP
def give_opinion(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Enter the opinion of whom was asked, or that none came."""
    return _enter(args, context, tx, MoveKind.OPINION, whom=args.whom, result=args.result, consult=args.consult)


@records("request extend")
@option("--told", type=day, metavar="DAY", help="the day on which the applicant was told")
@option("--approved-by", dest="approved", default="", metavar="NAME", help="the head of disclosure who agreed to it")
@UNTIL
@STEP
def extend(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Extend the time for the answer, once (延期)."""
    return _enter(args, context, tx, MoveKind.EXTEND, told=args.told, until=args.until, approved=args.approved)


@records("request charge")
@exclusive(
    option("--items", type=count, metavar="N", help="charge by item: so many items"),
    option("--pages", type=count, metavar="N", help="charge by page: so many pages"),
    option("--paid", action="store_true", help="the fee was paid"),
    required=True,
)
@option("--earlier", type=count, default=0, metavar="N", help="by item: those of the applicant before, in this month")
@option("--reached", type=day, metavar="DAY", help="the day on which the applicant received the notice")
@option("--payment", default="", metavar="TEXT", help="how it is paid, as the paper says it")
@UNTIL
@STEP
def charge(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Ask for the processing fee (国办函〔2020〕109号), or say that it was paid."""
    if args.paid:
        return _enter(args, context, tx, MoveKind.FEE_PAID)
    return _enter(
        args, context, tx, MoveKind.ASK_FEE, items=args.items, earlier=args.earlier or None, pages=args.pages,
        payment=args.payment, reached=args.reached, until=args.until,
    )  # fmt: skip


@records("request delay")
@option("--until", type=day, required=True, metavar="DAY", help="the day by which it will be answered")
@STEP
def delay(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Tell the applicant of many requests that the answer comes later (第三十五条)."""
    return _enter(args, context, tx, MoveKind.ANNOUNCE_DELAY, until=args.until)


@records("request review")
@option("--author", required=True, metavar="NAME", help="who wrote the answer; never who reviews it")
@option("--returned", action="store_true", help="it goes back to be changed")
@STEP
def review(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Review the draft of the answer (审核)."""
    result = "returned" if args.returned else "passed"
    return _enter(args, context, tx, MoveKind.REVIEW, author=args.author, result=result)


@records("request answer")
@listed("--kind", ANSWERS, required=True, metavar="KIND", help="the kind of answer")
@listed("--ground", GROUNDS, closed=False, default="", metavar="NAME", help="the ground on which it is withheld")
@FIELD
@STEP
def answer(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Enter the answer (答复); --field holds what it says."""
    return _enter(args, context, tx, MoveKind.ANSWER, answer=args.kind, ground=args.ground, **dict(_pairs(args)))


@records("request tell")
@option("--party", default="", metavar="WORD", help="which third party, where there are several: 甲")
@option("--what", default="", metavar="TEXT", help="what is disclosed, as the paper says it")
@STEP
def tell_party(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Tell a third party who refused, in writing, what is disclosed all the same and why (--reason)."""
    return _enter(args, context, tx, MoveKind.TELL_PARTY, party=args.party, what=args.what)


@records("request archive")
@option("--place", default="", metavar="TEXT", help="where the file is kept")
@STEP
def archive(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Put it into the archive (归档)."""
    return _enter(args, context, tx, MoveKind.ARCHIVE, place=args.place)


@records("request withdraw")
@STEP
def withdraw(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Enter that the applicant takes it back (撤回)."""
    return _enter(args, context, tx, MoveKind.WITHDRAW)


@records("request abandon")
@listed("--why", GIVEN_UP, required=True)
@STEP
def abandon(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Enter that it counts as given up: not corrected, or not paid for, in time."""
    return _enter(args, context, tx, MoveKind.ABANDON, why=args.why)


@records("request appeal")
@exclusive(
    listed("--remedy", APPEALS, help="which way the applicant goes"),
    listed("--result", APPEAL_ENDS, help="how it ended"),
    required=True,
)
@option("--again", action="store_true", help="with --result: the department has to answer anew")
@UNTIL
@STEP
def appeal(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Enter an appeal (行政复议、行政诉讼), or its result."""
    if args.until and not (args.result and args.again):
        raise UsageError("--until is the last day for a new answer: give it with --again")
    if args.remedy:
        return _enter(args, context, tx, MoveKind.APPEAL, remedy=args.remedy)
    again = "yes" if args.again else ""
    return _enter(args, context, tx, MoveKind.APPEAL_RESULT, result=args.result, again=again, until=args.until)


@records("request undo")
@REQUEST
@option("step", type=count, metavar="STEP", help="its number (duban request show)")
@person("why")
def undo(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Move]:
    """Take back a step that was entered by mistake; step 1 takes back the request."""
    request = find_named_request(tx, context, args.request)
    _check_names_nobody(context, tx, request, args.reason, {})
    return withdraw_move(
        tx, context.rulebook, context.loaded.calendar, request, args.step, by=args.by, reason=args.reason,
        now=context.now,
    )  # fmt: skip


def _enter(args: Namespace, context: CommandContext, tx: Tx, kind: MoveKind, **fields: object) -> Registered[Move]:
    """Enter a step with the fields that were given."""
    request = find_named_request(tx, context, args.request)
    on = parse_moment(args.on, context.zone, "--on") if args.on else begin_of(context.now, context.zone).date()
    given: Mapping[str, str] = {name: str(value) for name, value in fields.items() if value not in (None, "")}
    _check_names_nobody(context, tx, request, args.reason, given)
    return enter_move(
        tx, context.rulebook, context.loaded.calendar, request, kind, on, by=args.by, now=context.now,
        reason=args.reason, fields=given,
    )  # fmt: skip


def _check_names_nobody(
    context: CommandContext, tx: Tx, request: Request, reason: str, fields: Mapping[str, str]
) -> None:
    """Refuse a reason or field that names a person of the request; who wrote the answer may bear the same name."""
    if not has_persons(tx, request.id):
        return
    try:
        keys = load_person_keys(context)
    except StoreError as error:  # a step must not wait for a key
        say("what is entered is not compared with the names of the request: {why}", why=error.args[0])
        return
    check_names_nobody(tx, keys, request, reason=reason)
    check_names_nobody(tx, keys, request, **{name: text for name, text in fields.items() if name not in _OFFICIALS})


def _pairs(args: Namespace) -> Iterator[tuple[str, str]]:
    for text in args.field:
        if (pair := read_field(text)) is None:
            raise UsageError("--field {text!r}: write NAME=TEXT, like 理由=…", text=text)
        yield pair
