"""Names written in small ASCII letters, for keys and for addresses under the reserved domain .example."""

import re
import unicodedata
from typing import Final

SPECIAL: Final = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "Ae"})


def slug(text: str, joint: str) -> str:
    """Write a name in small ASCII letters.

    Parameters
    ----------
    text : str
    joint : str
        Stands for everything between letters and digits.

    Returns
    -------
    str
    """
    ascii_text = unicodedata.normalize("NFKD", text.translate(SPECIAL)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", joint, ascii_text.lower()).strip(joint)
