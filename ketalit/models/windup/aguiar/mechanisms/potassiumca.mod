TITLE Calcium-activated potassium current

COMMENT
Two calcium ions open a gate; scheme of Destexhe et al. 1994 as used by Aguiar et al. 2010. Q10 of 3 from 22 degrees
Celsius.
ENDCOMMENT

NEURON {
    SUFFIX potassiumca
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE g
    GLOBAL shut, half, shortest
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
    shut = 0.03 (/ms)
    half = 0.001 (mM)
    shortest = 0.1 (ms)
}

ASSIGNED {
    v (mV)
    ek (mV)
    celsius (degC)
    cai (mM)
    ik (mA/cm2)
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
    ik = g * m^3 * (v - ek)
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
    mtau = 1 / (shut * (1 + bound)) / 3^((celsius - 22) / 10)
    if (mtau < shortest) { mtau = shortest }
}
UNITSON
