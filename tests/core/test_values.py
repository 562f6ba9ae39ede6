"""Values that several rooms share: the parts of a certificate, the subjects of rulings, the proof that is filed."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from tests.core.verdict.judging import attestation
from tracker.core.values.certificate import Certificate, CertificatePart, PartName
from tracker.core.values.rulings import Subject, occurrence_of, subject_of

LINE = "sample/plan-2015/water/huanbao/2015-09"


@pytest.mark.parametrize(
    ("first", "second", "holds"),
    [
        (True, True, True),
        (True, None, None),
        (None, True, True),
        (True, False, False),
        (None, False, False),
        (False, True, False),
        (False, None, False),
    ],
)
def test_of_two_parts_of_a_name_the_one_that_does_not_hold_stays(
    first: bool | None, second: bool | None, holds: bool | None
) -> None:
    parts = [CertificatePart(PartName.END_KNOWN, held, str(number)) for number, held in enumerate((first, second))]
    [part] = Certificate().with_part(parts[0]).with_part(parts[1]).parts
    assert part.holds is holds


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (LINE, Subject(LINE)),
        (f"circular:2015-09/{LINE}", Subject(LINE, "2015-09")),
        ("circular:2015-09/sample", None),
        (f"circular:/{LINE}", None),
        (f"circular:2015-09/{LINE}/more", None),
    ],
)
def test_a_ruling_is_about_an_occurrence_or_its_line_in_a_circular(text: str, subject: Subject | None) -> None:
    if subject is None:
        with pytest.raises(ValueError, match="a circular's line is"):
            subject_of(text)
    else:
        assert (subject_of(text), str(subject), occurrence_of(text)) == (subject, text, LINE)


@pytest.mark.parametrize(
    ("form", "proof", "title"),
    [
        ("file", "照片.jpg sha256:00", "照片.jpg"),
        ("event", "预算批复\n2015年3月2日", "预算批复，2015年3月2日"),
        ("statement", "已在公示栏公布", "已在公示栏公布"),
        ("statement", "", "备案材料"),
    ],
)
def test_a_paper_is_called_by_what_was_filed(
    form: Literal["file", "event", "statement"], proof: str, title: str
) -> None:
    assert replace(attestation(LINE, "2015-09-20"), form=form, proof=proof).title == title
