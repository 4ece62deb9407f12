"""Schedules that trials and clinic pages name, each with where it was read. Examples to look at, no advice."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameters import Status
from .dosing import Dose, Form, Route, Schedule, regimen


@dataclass(frozen=True, slots=True)
class Preset:
    """A schedule with its source.

    Attributes:
        name: key in `PRESETS`.
        schedule: the doses.
        source: who gave or wrote it.
        record: its key in the bundled review, where it is there.
        note: what is not known and was chosen here.
        status: how well the doses are known: seen in what the source says, with nothing but the highest of several
            doses chosen here; secondary: read in another work; recalled: partly from memory; assumed: partly ours.
    """

    name: str
    schedule: Schedule
    source: str
    record: str = ""
    note: str = ""
    status: Status = Status.SEEN


def _crps_100_h() -> Schedule:
    # Four equal steps of a day each between the two rates that the abstract gives.
    rates = ("5 mg/h per 70 kg", "10 mg/h per 70 kg", "15 mg/h per 70 kg", "20 mg/h per 70 kg")
    length = "25 h"
    return tuple(
        Dose(rate, length, at=number * Dose(rate, length).over_h, form=Form.S) for number, rate in enumerate(rates)
    )


def _single(amount: str, over: str, form: Form = Form.NOT_STATED) -> Schedule:
    return regimen(amount, over, form=form)


PRESETS: dict[str, Preset] = {
    one.name: one
    for one in (
        Preset(
            "depression infusion",
            _single("0.5 mg/kg", "40 min", Form.RACEMIC),
            "Murrough 2013 and many others in depression; copied by clinics for pain",
            "murrough2013",
        ),
        Preset(
            "CRPS, 4.2 days",
            regimen("22.2 mg/h per 70 kg", "4.2 days", form=Form.S),
            "Sigtermans 2009, CRPS trial",
            "sigtermans2009",
            "titrated in steps from a lower rate; here the mean rate at the end runs all the time",
            status=Status.ASSUMED,
        ),
        Preset(
            "CRPS, 100 h",
            _crps_100_h(),
            "Dahan 2011, the same patients as Sigtermans 2009",
            "dahan2011",
            "raised slowly from 5 to 20 mg/h per 70 kg by effect and side effect; the equal steps of 25 h are ours",
            status=Status.ASSUMED,
        ),
        Preset(
            "CRPS, 4 h x 10 days",
            regimen("0.35 mg/kg/h", "4 h", every="24 h", times=10, form=Form.RACEMIC, at_most="25 mg/h"),
            "Schwartzman 2009, CRPS trial",
            "schwartzman2009",
            "the maximum on every day; the rate was raised over the first days, and weekends are not told",
            status=Status.ASSUMED,
        ),
        Preset(
            "CRPS, 5 days",
            regimen("40 mg/h", "5 days", form=Form.RACEMIC),
            "Goldberg 2010, open study of CRPS",
            "goldberg2010",
            "titrated from 10 to 40 mg/h; here the maximum runs all the time",
            status=Status.ASSUMED,
        ),
        Preset(
            "spinal cord injury, 5 h x 7 days",
            regimen("80 mg", "5 h", every="24 h", times=7),
            "Amr 2010, spinal cord injury",
            "amr2010",
        ),
        Preset(
            "neuropathic pain, 6 h x 5 days",
            regimen("2 mg/kg/h", "6 h", every="24 h", times=5),
            "Bosma 2018",
            "bosma2018",
            "0.5 to 2 mg/kg/h, mean 1.1; here the highest rate",
        ),
        Preset(
            "depression infusion x 5 days",
            regimen("0.5 mg/kg", "40 min", every="24 h", times=5),
            "Tankha 2025",
            "tankha2025",
        ),
        Preset("spinal cord injury, 40 min", _single("0.4 mg/kg", "40 min"), "Kvarnström 2004", "kvarnstrom2004"),
        Preset("nerve injury, 30 min", _single("0.24 mg/kg", "30 min"), "Gottrup 2006", "gottrup2006"),
        Preset(
            "fibromyalgia, 30 min",
            _single("0.5 mg/kg", "30 min", Form.S),
            "Noppers 2011, fibromyalgia",
            "noppers2011fm",
        ),
        Preset("fibromyalgia, 0.3 mg/kg", _single("0.3 mg/kg", "30 min"), "Graven-Nielsen 2000", "gravennielsen2000"),
        Preset(
            "ischaemic pain, 5 min",
            _single("0.45 mg/kg", "5 min", Form.RACEMIC),
            "Persson 1998",
            "persson1998",
            "the highest of three doses",
        ),
        Preset(
            "postherpetic neuralgia, 10 min",
            _single("0.15 mg/kg", "10 min"),
            "Eide 1994",
            "eide1994",
            "its length was read in a table of a review",
            Status.SECONDARY,
        ),
        Preset(
            "postherpetic neuralgia, 7 days",
            regimen("0.15 mg/kg/h", "7 days", route=Route.SUBCUTANEOUS),
            "Eide 1995",
            "eide1995phn",
            "the highest of four rates; no model covers the route",
        ),
        Preset(
            "cancer pain, 24 h under the skin",
            regimen("500 mg", "24 h", route=Route.SUBCUTANEOUS),
            "Hardy 2012",
            "hardy2012",
            "the highest of three daily doses; no model covers the route",
            status=Status.SECONDARY,
        ),
        Preset(
            "breakthrough pain, nasal",
            regimen("10 mg", every="90 s", times=5, route=Route.INTRANASAL),
            "Carr 2004",
            "carr2004",
            "1 to 5 sprays; 10 mg a spray is from memory, and the 90 s between sprays are ours",
            status=Status.RECALLED,
        ),
        Preset(
            "esketamine nasal spray",
            regimen("28 mg", every="5 min", times=3, route=Route.INTRANASAL, form=Form.S),
            "Perez-Ruixo 2021; licensed for depression, not for pain",
            "",
            "three devices; the 5 min between them are from memory of the label",
            status=Status.RECALLED,
        ),
        Preset(
            "clinic page, lower end",
            _single("0.05 mg/kg", "1 h"),
            "utahstemcells.com: “.05 to 2 milligrams per kilogram of body weight over an hour”",
            "",
            "probably a misprint of 0.5 to 2: at this end concentrations stay below what trials of pain aimed at",
        ),
        Preset(
            "clinic page, upper end",
            _single("2 mg/kg", "1 h"),
            "utahstemcells.com: “.05 to 2 milligrams per kilogram of body weight over an hour”",
            "",
            "as an injection 1 to 2 mg/kg is an anaesthetic dose",
        ),
    )
}
