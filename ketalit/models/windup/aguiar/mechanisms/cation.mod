TITLE Calcium-activated non-specific cation current (CAN)

COMMENT
Two calcium ions open a gate; scheme of Destexhe et al. 1994 slowed by `slowing`, as used by Aguiar et al. 2010.
Q10 of 3 from 22 degrees Celsius.
ENDCOMMENT

NEURON {
    SUFFIX cation
    USEION ca READ cai
    NONSPECIFIC_CURRENT i
    RANGE g, e
    GLOBAL shut, half, slowing, shortest
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (molar) = (1/liter)
    (mM) = (millimolar)
}

PARAMETER {
    g = 0 (S/cm2)
    e = 0 (mV)
    shut = 0.002 (/ms)
    half = 0.0005 (mM)
    slowing = 40
    shortest = 0.1 (ms)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    cai (mM)
    i (mA/cm2)
    minf
    mtau (ms)
}

STATE { m }

INITIAL {
    rates(cai)
    m = minf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    i = g * m^2 * (v - e)
}

DERIVATIVE gates {
    rates(cai)
    m' = (minf - m) / mtau
}

UNITSOFF
PROCEDURE rates(calcium) {
    LOCAL bound
    bound = (calcium / half)^2
    minf = bound / (1 + bound)
    mtau = slowing / (shut * (1 + bound)) / 3^((celsius - 22) / 10)
    if (mtau < shortest) { mtau = shortest }
}
UNITSON
