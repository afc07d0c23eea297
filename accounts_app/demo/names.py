"""Given and family names per country, drawn without repeating a person."""

from typing import Final

import numpy as np

_GERMAN: Final = (
    (
        "Anna Birgit Christian Dieter Eva Florian Gerhard Heike Ines Jürgen Karin Lars Martina Norbert Olga "
        "Peter Renate "
        "Stefan Thomas Ulrike Volker Wiebke"
    ),
    (
        "Albrecht Bachmann Dressler Eckert Fiedler Gruber Hartwig Jansen Kessler Lorenz Menzel Neumann Oswald Pfeiffer "
        "Rieger Schubert Thiele Ullrich Vogel Wegner Zimmer Haas"
    ),
)
_DUTCH: Final = (
    "Bram Daan Eline Floor Geert Hanneke Ilse Joost Koen Lotte Maarten Nele Pieter Roos Sander Wouter",
    "Bakker Claes Dekker Goossens Hendriks Jacobs Kuipers Maes Peeters Smit Verhoeven Visser Wouters Willems",
)
_IBERIAN: Final = (
    "Ana Beatriz Carlos Diego Elena Fernando Inés Javier Laura Luis Manuel Nuria Pablo Raquel Sergio Teresa",
    (
        "Aguirre Blanco Castro Domínguez Esteban Fuentes Gallego Herrero Iglesias Lozano Marín Navarro Ortega Prieto "
        "Ramos Vidal"
    ),
)
_LISTS: Final = {
    "DE": _GERMAN,
    "PL": (
        "Adam Agata Barbara Dariusz Ewa Grzegorz Hanna Jacek Kamil Magdalena Paweł Renata Tomasz Wojciech",
        "Adamczyk Bielak Dudek Gajda Jaworski Kubiak Lis Mazur Olszak Pawlak Rybak Sobczak Walczak Zając",
    ),
    "CZ": (
        "Alena Bohumil David Eva Ivan Jana Karel Lenka Martin Pavla Radek Tereza",
        "Bartoš Čermák Dušek Fiala Hájek Jelínek Kolář Mašek Novotný Pokorný Říha Šimek",
    ),
    "SE": (
        "Anders Birgitta Erik Fredrik Gunilla Håkan Jenny Karl Lena Magnus Per Sofia Ulf Åsa",
        "Ahlgren Björk Dahlin Ekström Forsberg Hedlund Isaksson Lindahl Norén Palm Rydell Sjöberg Wallin Åkerman",
    ),
    "NO": (
        "Arne Bente Geir Hilde Ingrid Knut Liv Morten Nina Odd Randi Sverre Tone Øyvind",
        "Aas Berge Dahl Eide Foss Haugen Lunde Moe Nygård Rønning Solheim Strand Tangen Vik",
    ),
    "DK": (
        "Anne Bent Claus Dorte Flemming Gitte Henrik Jette Lone Mads Niels Pia Søren Trine",
        "Andreasen Bech Dam Friis Holm Iversen Juhl Kjær Lund Mikkelsen Nørgaard Poulsen Skov Toft",
    ),
    "FI": (
        "Aino Antti Eero Hanna Ilkka Jukka Kaisa Liisa Matti Outi Pekka Satu Timo Ville",
        "Aalto Hakala Heinonen Jokinen Karjala Laine Mäkelä Niemi Ojala Rantanen Salo Tuominen Virta Ylönen",
    ),
    "GB": (
        (
            "Alan Bethan Colin Deborah Euan Fiona Graham Helen Imran Janet Keith Louise Martin Nadia Oliver "
            "Priya Stuart "
            "Wendy"
        ),
        (
            "Abbott Barlow Cartwright Dawson Ellison Firth Gordon Hargreaves Ingham Kerr Lomax Mistry Naylor Osborne "
            "Pritchard Rowe Sutton Whitlock"
        ),
    ),
    "IT": (
        (
            "Alessandro Barbara Carlo Daniela Enrico Franca Giorgio Ilaria Lorenzo Marta Nicola Ornella Paola Roberto "
            "Silvia Ugo"
        ),
        (
            "Barbieri Cattaneo Donati Fabbri Galli Lombardi Marchetti Negri Orlandi Pellegrini Rinaldi Sartori Testa "
            "Valenti Zanetti Riva"
        ),
    ),
    "FR": (
        (
            "Agnès Bruno Céline Denis Édith François Gaëlle Hugues Isabelle Julien Karine Luc Mireille Pascal Sandrine "
            "Thierry"
        ),
        (
            "Aubert Barbier Chevalier Delmas Fournier Gaillard Humbert Jacquet Lacroix Mercier Noël Perrin "
            "Renaud Salmon "
            "Tessier Vasseur"
        ),
    ),
    "ES": _IBERIAN,
    "PT": (
        "Ana Bruno Carla Duarte Filipa Gonçalo Helena Joana Miguel Nuno Rita Tiago",
        "Almeida Barros Cardoso Esteves Fonseca Lopes Matos Nogueira Pacheco Ramalho Teixeira Vaz",
    ),
    "NL": _DUTCH,
}
_SPEAKS: Final = {"AT": "DE", "CH": "DE", "BE": "NL"}


class NamePool:
    """Deals names of a country in a shuffled order, each once.

    Parameters
    ----------
    chance : numpy.random.Generator
        Shuffles each list once, in the order of the lists.
    """

    def __init__(self, chance: np.random.Generator) -> None:
        self._names = {language: _shuffled(*lists, chance) for language, lists in _LISTS.items()}

    def draw(self, country: str) -> str:
        """Return a name not dealt before.

        Parameters
        ----------
        country : str
            ISO 3166 code with two letters.

        Returns
        -------
        str
            Given and family name.

        Raises
        ------
        IndexError
            When the names of that language are used up.
        """
        return self._names[_SPEAKS.get(country, country)].pop()


def _shuffled(given: str, family: str, chance: np.random.Generator) -> list[str]:
    names = [f"{first} {last}" for first in given.split() for last in family.split()]
    return [names[i] for i in chance.permutation(len(names))]
