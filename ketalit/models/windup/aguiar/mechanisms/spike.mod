TITLE Sodium and potassium currents of the action potential

COMMENT
Rates: Traub RD, Miles R. Neuronal Networks of the Hippocampus, Cambridge 1991, as used by Aguiar et al. 2010
(inactivation shifted by 5 mV). u = v - trigger. Q10 of 3 from 36 degrees Celsius.
ENDCOMMENT

NEURON {
    SUFFIX spike
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    RANGE gna, gk
    GLOBAL trigger
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gna = 0 (S/cm2)
    gk = 0 (S/cm2)
    trigger = -55 (mV)
}

ASSIGNED {
    v (mV)
    ena (mV)
    ek (mV)
    celsius (degC)
    ina (mA/cm2)
    ik (mA/cm2)
    minf
    hinf
    ninf
    mtau (ms)
    htau (ms)
    ntau (ms)
}

STATE { m h n }

INITIAL {
    rates(v)
    m = minf
    h = hinf
    n = ninf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    ina = gna * m^3 * h * (v - ena)
    ik = gk * n^4 * (v - ek)
}

DERIVATIVE gates {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
    n' = (ninf - n) / ntau
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
PROCEDURE rates(v) {
    LOCAL u, q, open, shut
    u = v - trigger
    q = 3^((celsius - 36) / 10)

    open = 0.32 * linexp(13 - u, 4)
    shut = 0.28 * linexp(u - 40, 5)
    minf = open / (open + shut)
    mtau = 1 / (open + shut) / q

    open = 0.128 * exp((12 - u) / 18)
    shut = 4 / (1 + exp((35 - u) / 5))
    hinf = open / (open + shut)
    htau = 1 / (open + shut) / q

    open = 0.032 * linexp(15 - u, 5)
    shut = 0.5 * exp((10 - u) / 40)
    ninf = open / (open + shut)
    ntau = 1 / (open + shut) / q
}
UNITSON
