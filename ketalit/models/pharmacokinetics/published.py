"""The published models, each as compartments: one function a model, its numbers in `parameters.toml`.

Units inside: hours, litres, mg. All can be built for many people at once: a number then is an array of people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ...errors import InputError
from ..linear import Array
from ..parameters import Parameters
from .compartments import OUT, Compartments, Inlet, Number, chain, compartments
from .dosing import Form, Route
from .interactions import Influence

PREFIX = "pharmacokinetics"
Flows = dict[tuple[str, str], Number]
Film = frozenset({Route.SUBLINGUAL, Route.BUCCAL})


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Whom a model is built for: the numbers of one model, for a body weight; or of many people of that weight.

    `draws` holds, for the numbers that vary, how far each person lies from the typical one, on the log scale.
    """

    model: str
    chosen: Parameters
    weight_kg: float
    draws: Mapping[str, Array]
    influence: Influence

    def of(self, name: str) -> Number:
        """A number of the model, in its declared unit."""
        full = f"{PREFIX}.{self.model}.{name}"
        value: float = self.chosen.value(full)
        if value < 0:
            raise InputError(f"{value:g} is below zero", where=full, expected="zero or more")
        if full not in self.draws:
            return value
        people: Array = value * np.exp(self.draws[full])
        return people

    def all(self, name: str) -> tuple[float, ...]:
        """A list of numbers of the model; none of them varies between people."""
        values: tuple[float, ...] = self.chosen.value(f"{PREFIX}.{self.model}.{name}")
        return values

    def clearance(self, name: str) -> Number:
        """A clearance printed for 70 kg, for this body weight: CL (weight / 70)^0.75."""
        exponent: float = self.chosen.value(f"{PREFIX}.clearance_exponent")
        scaled: Number = self.of(name) * self.size**exponent
        return scaled

    def volume(self, name: str) -> Number:
        """A volume printed for 70 kg, for this body weight: V (weight / 70)."""
        return self.of(name) * self.size

    @property
    def size(self) -> float:
        """Body weight over the reference weight."""
        reference: float = self.chosen.value(f"{PREFIX}.reference_weight")
        return self.weight_kg / reference

    @property
    def effect_rate(self) -> float | None:
        """ke0 in 1/h; none where the effect site follows plasma at once."""
        name = "response.effect_site.half_life"
        minutes: float = self.chosen.value(name)
        if minutes < 0:
            raise InputError(f"{minutes:g} is below zero", where=name, expected="zero or more")
        return float(np.log(2)) * 60 / minutes if minutes else None


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """One dose as a model meets it: its route, mg, and the mg that went before it in one nasal session."""

    route: Route
    amount_mg: float
    before_mg: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A published model.

    Attributes:
        key, label: its name in code and for people.
        form: the enantiomers that it was fitted to.
        sampling: whether arterial or venous blood was taken.
        people: whom it was fitted to.
        routes: which ways of giving it covers.
        for_children: fitted to children.
        analytes: what it gives besides ketamine.
        build: its compartments for a person and the routes in use.
        inlets: where a dose enters.
        finish: what is left to do to the concentrations, given hours since the first dose.
        notes: what a reader of its curves should know.
    """

    key: str
    label: str
    form: Form
    sampling: str
    people: str
    routes: frozenset[Route]
    build: Callable[[Person, frozenset[Route]], Compartments]
    inlets: Callable[[Person, Given], tuple[Inlet, ...]]
    analytes: tuple[str, ...] = ()
    for_children: bool = False
    finish: Callable[[Person, dict[str, Array], Array], None] | None = None
    notes: tuple[str, ...] = ()


def _straight(person: Person, given: Given) -> tuple[Inlet, ...]:
    return (Inlet("central"),)


def _two_way(first: str, second: str, exchange: Number, volume: Number, other: Number) -> Flows:
    """Exchange (L/h) between compartments of these volumes."""
    return {(first, second): exchange / volume, (second, first): exchange / other}


def _by_rates(person: Person, routes: frozenset[Route]) -> Compartments:
    """Central and peripheral compartments from rate constants in 1/min; volumes and clearances go with body weight.

    Domino 1984: dC1/dt = -(k10 + k12 + k13) C1 + …; Clements and Nimmo 1981 has one peripheral compartment.
    """
    flows: Flows = {("central", OUT): person.of("elimination") * 60 * person.influence.clearance}
    outward = np.atleast_1d(person.chosen.value(f"{PREFIX}.{person.model}.outward"))
    back = np.atleast_1d(person.chosen.value(f"{PREFIX}.{person.model}.back"))
    for number, (leaving, returning) in enumerate(zip(outward, back, strict=True)):
        flows |= {
            ("central", f"peripheral {number}"): leaving * 60,
            (f"peripheral {number}", "central"): returning * 60,
        }
    volume = person.of("central_volume") * person.weight_kg
    return compartments(flows, {"ketamine": ("central", volume)}, person.effect_rate)


def _otto(person: Person, routes: frozenset[Route]) -> Compartments:
    """S-ketamine in three compartments (Fanta 2015), all of its clearance feeding norketamine in two (Otto 2021).

    Central volumes and clearances go with weight, peripheral volumes and exchange do not.
    """
    volume, norketamine = person.volume("central_volume"), person.volume("norketamine_volume")
    flows: Flows = {
        ("central", "norketamine"): person.clearance("clearance") * person.influence.clearance / volume,
        ("norketamine", OUT): person.clearance("norketamine_clearance") * person.influence.norketamine / norketamine,
    }
    exchange, peripheral = person.all("exchange"), person.all("peripheral_volumes")
    flows |= _two_way("central", "shallow", exchange[0], volume, peripheral[0])
    flows |= _two_way("central", "deep", exchange[1], volume, peripheral[1])
    far = person.of("norketamine_peripheral_volume")
    flows |= _two_way("norketamine", "norketamine far", person.of("norketamine_exchange"), norketamine, far)
    readings = {"ketamine": ("central", volume), "norketamine": ("norketamine", norketamine)}
    return compartments(flows, readings, person.effect_rate)


def _perez_ruixo(person: Person, routes: frozenset[Route]) -> Compartments:
    """Esketamine in three compartments and a well-stirred liver, norketamine in two; nose, mouth and vein.

    E = Vh (kel + kmet) / (Qh + Vh (kel + kmet)); CL = Qh E; F(oral) = Fgut (1 - E). Weight plays no part.
    """
    volume, liver, flow = person.of("central_volume"), person.of("liver_volume"), person.of("liver_flow")
    norketamine, exchange = person.of("norketamine_volume"), person.all("exchange")
    flows: Flows = {
        ("liver", OUT): person.of("liver_elimination") * person.influence.liver,
        ("liver", "norketamine"): person.of("liver_to_norketamine") * person.influence.liver,
        ("norketamine", OUT): person.of("norketamine_clearance") * person.influence.norketamine / norketamine,
    }
    flows |= _two_way("central", "liver", flow, volume, liver)
    flows |= _two_way("central", "shallow", exchange[0], volume, person.of("shallow_volume"))
    flows |= _two_way("central", "deep", exchange[1], volume, person.of("deep_volume"))
    far = person.of("norketamine_peripheral_volume")
    flows |= _two_way("norketamine", "norketamine far", person.of("norketamine_exchange"), norketamine, far)
    if Route.ORAL in routes:
        flows["gut", "liver"] = person.of("oral_absorption")
    if Route.INTRANASAL in routes:
        flows["nose", "central"] = person.of("nasal_absorption")
        flows["swallowed", "liver"] = person.of("swallowed_absorption")
    readings = {"ketamine": ("central", volume), "norketamine": ("norketamine", norketamine)}
    return compartments(flows, readings, person.effect_rate)


def _perez_ruixo_inlets(person: Person, given: Given) -> tuple[Inlet, ...]:
    escapes = min(1.0, person.of("gut_fraction") * person.influence.gut)
    if given.route is Route.ORAL:
        return (Inlet("gut", escapes, float(person.of("oral_duration"))),)
    if given.route is Route.INTRANASAL:
        nasal = _nasal_fraction(person, given)
        return (
            Inlet("nose", nasal, 0.0),
            Inlet("swallowed", (1 - nasal) * escapes, float(person.of("swallowed_duration"))),
        )
    return _straight(person, given)


def _nasal_fraction(person: Person, given: Given) -> Number:
    """The part of a nasal dose that the nose takes up: less of what comes after the first device of a session."""
    typical: float = person.chosen.value(f"{PREFIX}.{person.model}.nasal_fraction")
    spread = f"{PREFIX}.{person.model}.nasal_fraction_spread"
    odds = np.exp(person.draws[spread]) if spread in person.draws else 1.0  # the logit varies between people
    device, later = person.of("nasal_device"), person.of("nasal_later_devices")
    first = min(max(device - given.before_mg, 0.0), given.amount_mg)
    share = (first + later * (given.amount_mg - first)) / given.amount_mg if given.amount_mg else 1.0
    fraction: Number = share * typical * odds / (1 - typical + typical * odds)
    return fraction


def _simons(person: Person, routes: frozenset[Route]) -> Compartments:
    """S-ketamine in three compartments, norketamine and hydroxynorketamine in two each, with delays between them.

    What is swallowed of a film goes to the metabolites without passing through plasma. Concentrations of metabolites
    follow from moles: mass of ketamine times the ratio of molar masses.
    """
    volume, hydroxy = person.volume("central_volume"), person.volume("hydroxynorketamine_volume")
    near, far = (one * person.size for one in person.all("peripheral_volumes"))
    per_hour = 60
    flows: Flows = {
        ("central", "to norketamine 1"): person.clearance("clearance") * per_hour * person.influence.clearance / volume,
        ("norketamine", "to hydroxynorketamine 1"): person.clearance("norketamine_clearance")
        * per_hour
        * person.influence.norketamine
        / volume,
        ("hydroxynorketamine", OUT): person.clearance("hydroxynorketamine_clearance") * per_hour / hydroxy,
    }
    flows |= _two_way("central", "shallow", person.clearance("shallow_exchange") * per_hour, volume, near)
    flows |= _two_way("central", "deep", person.clearance("deep_exchange") * per_hour, volume, far)
    for name, centre in (("norketamine", volume), ("hydroxynorketamine", hydroxy)):
        exchange = person.clearance(f"{name}_exchange") * per_hour
        flows |= _two_way(name, f"{name} far", exchange, centre, person.volume(f"{name}_peripheral_volume"))
        delay, kept = person.of(f"{name}_delay") / per_hour, person.of(f"{name}_fraction")
        flows |= chain(f"to {name} 1", f"to {name} 2", name, delay, kept)
    if routes & Film:
        flows["mouth", "central"] = person.of("film_absorption") * per_hour
        flows["swallowed", "portal vein"] = person.of("swallowed_absorption") * per_hour
        flows["portal vein", "to norketamine 1"] = per_hour / person.of("swallowed_delay")
    molar: dict[str, float] = {
        name: person.chosen.value(f"{PREFIX}.molar_mass.{name}") / person.chosen.value("ketamine.molar_mass")
        for name in ("norketamine", "hydroxynorketamine")
    }
    readings = {
        "ketamine": ("central", volume),
        "norketamine": ("norketamine", volume / molar["norketamine"]),
        "hydroxynorketamine": ("hydroxynorketamine", hydroxy / molar["hydroxynorketamine"]),
    }
    return compartments(flows, readings, person.effect_rate)


def _simons_inlets(person: Person, given: Given) -> tuple[Inlet, ...]:
    if given.route in Film:
        return (
            Inlet("mouth", person.of("film_fraction"), float(person.of("film_duration")) / 60),
            Inlet("swallowed", person.of("swallowed_fraction"), float(person.of("swallowed_duration")) / 60),
        )
    return _straight(person, given)


def _flint(person: Person, routes: frozenset[Route]) -> Compartments:
    """S-ketamine in two compartments, all of its clearance feeding norketamine in one, whose own clearance grows."""
    volume, norketamine = person.volume("central_volume"), person.volume("norketamine_volume")
    flows: Flows = {
        ("central", "norketamine"): person.clearance("clearance") * person.influence.clearance / volume,
        ("norketamine", OUT): person.clearance("norketamine_clearance") * person.influence.norketamine / norketamine,
    }
    peripheral = person.volume("peripheral_volume")
    flows |= _two_way("central", "peripheral", person.clearance("exchange"), volume, peripheral)
    readings = {"ketamine": ("central", volume), "norketamine": ("norketamine", norketamine)}
    return compartments(flows, readings, person.effect_rate)


def _flint_finish(person: Person, found: dict[str, Array], hours: Array) -> None:
    # Norketamine turns over within a minute, its clearance changes over days: at each moment it stands at its balance.
    found["norketamine"] = found["norketamine"] / (1 + person.of("norketamine_clearance_growth") * np.maximum(hours, 0))


_VEIN = frozenset({Route.INTRAVENOUS})

MODELS: dict[str, Model] = {
    one.key: one
    for one in (
        Model(
            "domino1984",
            "Domino 1984",
            Form.RACEMIC,
            "not stated",
            "adults",
            _VEIN,
            _by_rates,
            _straight,
            notes=("rate constants known from two programs that name different papers of the same author",),
        ),
        Model(
            "clements1981",
            "Clements and Nimmo 1981",
            Form.RACEMIC,
            "not stated",
            "healthy adults",
            _VEIN,
            _by_rates,
            _straight,
            notes=("fitted to an injection; its early fall is not described, so that peaks come out low",),
        ),
        Model(
            "otto2021",
            "Fanta 2015 with Otto 2021",
            Form.S,
            "venous",
            "healthy adults",
            _VEIN,
            _otto,
            _straight,
            analytes=("norketamine",),
        ),
        Model(
            "perezruixo2021",
            "Perez-Ruixo 2021",
            Form.S,
            "venous",
            "healthy adults and adults with depression",
            frozenset({Route.INTRAVENOUS, Route.INTRANASAL, Route.ORAL}),
            _perez_ruixo,
            _perez_ruixo_inlets,
            analytes=("norketamine",),
            notes=("body weight plays no part", "norketamine lies above what its paper prints for 24 h, by 1.4 times"),
        ),
        Model(
            "simons2022",
            "Simons 2022",
            Form.S,
            "arterial",
            "healthy adults",
            frozenset({Route.INTRAVENOUS, *Film}),
            _simons,
            _simons_inlets,
            analytes=("norketamine", "hydroxynorketamine"),
            notes=("by mouth it describes a film held for 10 minutes; other forms under the tongue differ",),
        ),
        Model(
            "flint2017",
            "Flint 2017",
            Form.S,
            "not stated",
            "ventilated children in intensive care",
            _VEIN,
            _flint,
            _straight,
            analytes=("norketamine",),
            for_children=True,
            finish=_flint_finish,
        ),
    )
}
