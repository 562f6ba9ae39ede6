"""Loads the words by which titles are read (titles.yaml)."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from importlib.resources import files

import yaml

from tracker.core.values.lexicon import Lexicon

#: The names of the lists in a stored rulebook, which keeps them: another name would be another hash of the same rules.
STORED_NAMES = {
    "list_nouns": "lists",
    "table_nouns": "tables",
    "record_nouns": "records",
    "periodical_nouns": "periodicals",
    "data_nouns": "matters",
    "plan_nouns": "plans",
    "rule_nouns": "rules",
    "guide_nouns": "guides",
    "news_nouns": "news",
    "invitation_nouns": "calls",
    "work_report_nouns": "reports",
    "ambiguous_nouns": "open",
    "announcement_nouns": "carriers",
    "publishing_nouns": "shows",
    "announced_nouns": "deeds",
    "draft_words": "drafts",
    "sample_words": "samples",
    "forwarding_words": "forwards",
    "correction_words": "corrections",
    "not_current_words": "aspects",
    "not_current_exceptions": "pending",
    "question_words": "questions",
    "letter_words": "letters",
    "leading_tags": "tags",
    "issuing_verbs": "hands",
    "publishing_verbs": "publishes",
    "request_verbs": "asks",
    "work_verbs": "works",
    "measure_verbs": "begins",
    "decision_verbs": "rulings",
    "official_act_verbs": "acts",
    "occasion_verbs": "occasions",
    "launch_verbs": "happens",
    "meeting_verbs": "meets",
    "activity_words": "does",
    "emphasis_words": "zeal",
    "diverting_words": "turns",
    "always_diverting_words": "strangers",
    "staff_nouns": "people",
    "recipient_words": "recipients",
    "diverting_exceptions": "neutral",
    "body_name_endings": "organs",
    "filler_nouns": "light",
    "headline_subjects": "subjects",
    "leader_titles": "leaders",
}


@cache
def load_lexicon() -> Lexicon:
    """Return the lexicon of the package, read once. Raises ValueError if a list is missing, unknown or empty."""
    text = files("tracker.rulebook").joinpath("titles.yaml").read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    names = {field.name for field in fields(Lexicon)}
    wrong = sorted(names ^ given.keys()) + sorted(name for name, words in given.items() if not words)
    if wrong:
        raise ValueError(f"titles.yaml: {', '.join(wrong)}")
    return Lexicon(**{name: tuple(dict.fromkeys(words.split())) for name, words in given.items()})
