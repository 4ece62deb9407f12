"""How fast the kinetics are, beside LSODA on the same compartments in the same run.

24 h, 720 points: an infusion of 0.5 mg/kg over 40 min. LSODA is scipy's solve_ivp at rtol 1e-6, given the Jacobian and
restarted at the end of the infusion, so that it does not step over it. Errors are relative to the peak, against LSODA
at rtol 1e-12. The band is of 200 people, by all models that publish how people differ, beside one person by the same
call, of all models that cover the infusion.
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp

from ketalit.models.parameters import parameters_of
from ketalit.models.pharmacokinetics import MODELS, Dose, band, concentrations
from ketalit.models.pharmacokinetics.asking import person_of, with_doses
from ketalit.models.pharmacokinetics.compartments import Compartments, Input, course

from .measuring import Report, in_turns, table, times_table

PEER = "LSODA of scipy"

DOSE = Dose("0.5 mg/kg", over="40 min", form="racemic")
TIMES = np.linspace(0, 24, 720)
LIMIT_LSODA, LIMIT_BAND = 1 / 40, 20.0


def lsoda(model: Compartments, inputs: list[Input], rtol: float) -> np.ndarray:
    """Plasma ketamine by solve_ivp, from event to event."""
    (dose,) = inputs
    place, end = model.names.index(dose.compartment), dose.duration_h
    inflow = np.zeros(model.matrix.shape[-1])
    inflow[place] = dose.amount / end
    state, found = np.zeros_like(inflow), np.empty(TIMES.size)
    for first, last, flow in ((0.0, end, inflow), (end, TIMES[-1], np.zeros_like(inflow))):
        inside = (first <= TIMES) & (last > TIMES) if last < TIMES[-1] else first <= TIMES
        solved = solve_ivp(
            lambda t, x, flow=flow: model.matrix @ x + flow,
            (first, last),
            state,
            method="LSODA",
            t_eval=np.union1d(TIMES[inside], [last]),
            jac=lambda t, x: model.matrix,
            rtol=rtol,
            atol=rtol * 1e-3,
        )
        found[inside], state = model.reading("ketamine") @ solved.y[:, : inside.sum()], solved.y[:, -1]
    return found


def measure(report: Report, rounds: int) -> None:
    """Note how fast the kinetics are, and how exact."""
    rows = []
    for described in MODELS.values():
        weight = 10.0 if described.for_children else 70.0
        person = person_of(described, weight, (), parameters_of(None))
        model, inputs = with_doses(described, person, (DOSE,))
        spent = in_turns(
            {
                "ours": lambda m=model, i=inputs: course(m, i, TIMES),
                "LSODA": lambda m=model, i=inputs: lsoda(m, i, 1e-6),
            },
            rounds,
        )
        report.ratio(f"24 h of ketamine in plasma, {described.label}", PEER, spent["ours"], spent["LSODA"], LIMIT_LSODA)
        exact = lsoda(model, inputs, 1e-12)
        found = (course(model, inputs, TIMES)["ketamine"], lsoda(model, inputs, 1e-6))
        errors = [f"{np.abs(one - exact).max() / exact.max():.0e}" for one in found]
        rows.append([described.label, len(model.names), *errors])
    spent = in_turns(
        {"one person": lambda: concentrations(DOSE, TIMES), "200 people": lambda: band(DOSE, TIMES, people=200)}, rounds
    )
    report.ratio("band of 200 people", "one person", spent["200 people"], spent["one person"], LIMIT_BAND)
    head = ["model", "compartments", "largest error", "that of LSODA"]
    report.say("## Kinetics", table(head, rows, numbers=3), times_table(spent))
