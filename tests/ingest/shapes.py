"""Answers to our delivery mail as mail programs send them: their text, and the words that their sender wrote."""

US = "early-action@early.example"
_MAIL = """TLP:GREEN

A brief waits for your decision. It opens after you sign in:

https://early.example/brief/1

You may also answer by replying with one line: ACT, WATCH until DATE, NOT FOR ME.

TLP:GREEN
"""
_QUOTED = "".join(f"> {line}".rstrip() + "\n" for line in _MAIL.splitlines())
_RTL, _LTR, _END, _MARK = "\u202b", "\u202a", "\u202c", "\u200f"

SHAPES: dict[str, tuple[str, str]] = {
    "Gmail, English": (
        f"ACT\n\nWe call the prefect today.\n\nOn Wed, 25 Nov 2026 at 10:40, Early action <{US}> wrote:\n\n{_QUOTED}",
        "ACT\nWe call the prefect today.",
    ),
    "Gmail, English, wrapped": (
        f"ACT\n\nOn Wed, 25 Nov 2026 at 10:40, Early action\n<{US}> wrote:\n\n{_QUOTED}",
        "ACT",
    ),
    "Gmail, French": (
        f"AGIR\n\nLe mer. 25 nov. 2026 à 10:40, Early action <{US}> a écrit :\n\n{_QUOTED}",
        "AGIR",
    ),
    "Gmail, Spanish": (
        f"ACTUAR\n\nEl mié, 25 nov 2026 a las 10:40, Early action (<{US}>) escribió:\n\n{_QUOTED}",
        "ACTUAR",
    ),
    "Gmail, Portuguese": (
        f"AGIR\n\nEm qua., 25 de nov. de 2026 às 10:40, Early action <{US}> escreveu:\n\n{_QUOTED}",
        "AGIR",
    ),
    "Gmail, Arabic": (
        f"نتحرك\n\n{_RTL}في الأربعاء، 25 نوفمبر 2026 في 10:40 ص تمت كتابة ما يلي بواسطة "
        f"{_LTR}Early action{_END}{_MARK} <{_LTR}{US}{_END}{_MARK}>:{_END}\n\n{_QUOTED}",
        "نتحرك",
    ),
    "Gmail, Russian": (
        f"ДЕЙСТВОВАТЬ\n\nср, 25 нояб. 2026 г. в 10:40, Early action <{US}>:\n\n{_QUOTED}",
        "ДЕЙСТВОВАТЬ",
    ),
    "Outlook, English": (
        "WATCH until 10 December\n\n________________________________\n"
        f"From: Early action <{US}>\nSent: Wednesday, November 25, 2026 10:40 AM\nTo: Omar <omar@un.example>\n"
        f"Subject: [TLP:GREEN] A brief waits for your decision\n\n{_MAIL}",
        "WATCH until 10 December",
    ),
    "Outlook, French": (
        f"PAS POUR MOI\r\n\r\nDe : Early action <{US}>\r\nEnvoyé : mercredi 25 novembre 2026 10:40\r\n"
        f"À : Omar\r\nObjet : [TLP:GREEN] A brief waits\r\n\r\n{_MAIL}",
        "PAS POUR MOI",
    ),
    "Outlook, Spanish": (
        f"RECIBIDO\n\nDe: Early action <{US}>\nEnviado: miércoles, 25 de noviembre de 2026 10:40\n"
        f"Para: Omar\nAsunto: [TLP:GREEN] A brief waits\n\n{_MAIL}",
        "RECIBIDO",
    ),
    "Outlook, Arabic": (
        f"تم الاستلام\n\nمن: Early action <{US}>\nتم الإرسال: الأربعاء، 25 نوفمبر 2026 10:40\n"
        f"إلى: Omar\nالموضوع: [TLP:GREEN] A brief waits\n\n{_MAIL}",
        "تم الاستلام",
    ),
    "Outlook, old": (
        f"Act.\n\n-----Original Message-----\nFrom: Early action\nSent: Wednesday\nTo: Omar\n\n{_MAIL}",
        "Act.",
    ),
    "Apple Mail": (
        f"Act.\n\n> On 25 Nov 2026, at 10:40, Early action <{US}> wrote:\n>\n{_QUOTED}",
        "Act.",
    ),
    "below the quotation": (
        f"On Wed, 25 Nov 2026 at 10:40, Early action <{US}> wrote:\n{_QUOTED}\nNOT ACTING NOW because they went.\n",
        "NOT ACTING NOW because they went.",
    ),
    "between the quotation": (
        f"On Wed, 25 Nov 2026 at 10:40, Early action <{US}> wrote:\n> A brief waits for your decision.\n\n"
        "WATCH until 2026-12-10\n\n> This mail says nothing about it.\n",
        "WATCH until 2026-12-10",
    ),
    "nothing quoted": ("Received with thanks\n", "Received with thanks"),
    "nothing said": (f"\n\nOn Wed, Early action <{US}> wrote:\n{_QUOTED}", ""),
    "our name in their words": (
        "Early action is what this needs.\nACT\n",
        "Early action is what this needs.\nACT",
    ),
}
