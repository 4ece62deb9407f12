TITLE L-type calcium current

COMMENT
Rates: McCormick DA, Huguenard JR. J Neurophysiol 1992;68:1384-400, as used by Aguiar et al. 2010; current by the
Goldman-Hodgkin-Katz equation. Q10 of 3 from 23.5 degrees Celsius.
ENDCOMMENT

NEURON {
    SUFFIX calciuml
    USEION ca READ cai, cao WRITE ica
    RANGE p
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (molar) = (1/liter)
    (mM) = (millimolar)
}

PARAMETER { p = 0 (cm/s) }

ASSIGNED {
    v (mV)
    celsius (degC)
    cai (mM)
    cao (mM)
    ica (mA/cm2)
    minf
    mtau (ms)
}

STATE { m }

INITIAL {
    rates(v)
    m = minf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    ica = p * m^2 * flux(v, cai, cao)
}

DERIVATIVE gates {
    rates(v)
    m' = (minf - m) / mtau
}

: x / (exp(x / width) - 1), with its limit at x = 0
FUNCTION linexp(x, width) {
    if (fabs(x / width) < 1e-6) {
        linexp = width - x / 2
    } else {
        linexp = x / (exp(x / width) - 1)
    }
}

UNITSOFF
: current for a permeability of 1 cm/s; 96480 C/mol and 8.314 J/mol/K as in the published model
FUNCTION flux(v, inside, outside) {
    LOCAL w
    w = 2 * 96480 * 0.001 * v / (8.314 * (celsius + 273.16))
    flux = -0.001 * 2 * 96480 * (outside - inside * exp(w)) * linexp(w, 1)
}

PROCEDURE rates(v) {
    LOCAL q, open, shut
    q = 3^((celsius - 23.5) / 10)
    open = 1.6 / (1 + exp(-0.072 * (v - 5)))
    shut = 0.02 * linexp(v - 1.31, 5.36)
    minf = 1 / (1 + exp(-(v + 10) / 10))
    mtau = 1 / (open + shut) / q
}
UNITSON
