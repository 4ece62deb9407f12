TITLE Persistent sodium current

COMMENT
Rates: Prescott SA, De Koninck Y. J Neurosci 2005;25:4743-54, as used by Aguiar et al. 2010. u = v - trigger.
Q10 of 3 from 36 degrees Celsius.
ENDCOMMENT

NEURON {
    SUFFIX napersistent
    USEION na READ ena WRITE ina
    RANGE g
    GLOBAL trigger
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    g = 0 (S/cm2)
    trigger = -55 (mV)
}

ASSIGNED {
    v (mV)
    ena (mV)
    celsius (degC)
    ina (mA/cm2)
    minf
    hinf
    mtau (ms)
    htau (ms)
}

STATE { m h }

INITIAL {
    rates(v)
    m = minf
    h = hinf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    ina = g * m * h * (v - ena)
}

DERIVATIVE gates {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
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

    open = 0.32 * linexp(11 - u, 4)
    shut = 0.28 * linexp(u - 42, 5)
    minf = open / (open + shut)
    mtau = 1 / (open + shut) / q

    open = 0.128 * exp((12 - u) / 18)
    shut = 4 / (1 + exp((35 - u) / 10))
    hinf = open / (open + shut)
    htau = 1 / (open + shut) / q
}
UNITSON
