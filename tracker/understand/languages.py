"""Which languages' word lists a text is read with. Pure. Not language detection."""

import re
from collections.abc import Collection, Mapping

from tracker.understand.normalise import Folder

UNKNOWN = "und"
"""ISO 639-3 for "undetermined"."""

_ARABIC = re.compile("[\u0621-\u064a]")
_CYRILLIC = re.compile("[\u0430-\u044f]")
_WORD = re.compile(r"[^\W\d_]+'?")
_READ_LETTERS = 600


class ListChooser:
    """Chooses by the language said; where none is, by script and by the little words of each language."""

    def __init__(
        self, languages: Collection[str], little_words: Mapping[str, Collection[str]], folder: Folder
    ) -> None:
        self._languages = frozenset(languages)
        self._latin = tuple(little_words)
        self._owners: dict[str, list[str]] = {}
        for language, words in little_words.items():
            for word in words:
                self._owners.setdefault(folder.fold_word(word), []).append(language)

    def choose(self, language: str, folded: str) -> tuple[str, ...]:
        """Return the languages whose lists to try; none for a language that we have no list for."""
        said = language.partition("-")[0]
        if said != UNKNOWN:
            return (said,) if said in self._languages else ()
        start = folded[:_READ_LETTERS]
        if _ARABIC.search(start):
            return ("ar",) if "ar" in self._languages else ()
        if _CYRILLIC.search(start):
            return ("ru",) if "ru" in self._languages else ()
        return self._by_little_words(start)

    def _by_little_words(self, folded: str) -> tuple[str, ...]:
        counts = dict.fromkeys(self._latin, 0)
        for word in _WORD.findall(folded):
            for language in self._owners.get(word, ()):
                counts[language] += 1
        most = max(counts.values(), default=0)
        return tuple(language for language, count in counts.items() if count == most)


def said_language(language: str | None) -> str:
    """Return a language tag in lower case, `und` for none."""
    return (language or "").strip().lower().replace("_", "-") or UNKNOWN
