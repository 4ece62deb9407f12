TITLE Synapse of which a share of the current is calcium: NMDA receptor, or neurokinin-1 receptor without magnesium

COMMENT
Conductance rises and falls by two exponentials, its peak is the weight. Magnesium blocks by voltage after Jahr CE,
Stevens CF. J Neurosci 1990;10:3178-82; `magnesium` = 0 is a receptor that magnesium leaves alone.
ENDCOMMENT

NEURON {
    POINT_PROCESS CalciumSynapse
    USEION ca WRITE ica
    NONSPECIFIC_CURRENT i
    RANGE rise, decay, e, share, magnesium
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
    (uS) = (microsiemens)
    (molar) = (1/liter)
    (mM) = (millimolar)
}

PARAMETER {
    rise = 2 (ms)
    decay = 100 (ms)
    e = 0 (mV)
    share = 0.1
    magnesium = 1 (mM)
    half = 3.57 (mM)
    slope = 0.062 (/mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    ica (nA)
    total (nA)
    scale
}

STATE { a (uS) b (uS) }

INITIAL {
    LOCAL peak
    peak = rise * decay / (decay - rise) * log(decay / rise)
    scale = 1 / (exp(-peak / decay) - exp(-peak / rise))
    a = 0
    b = 0
}

BREAKPOINT {
    SOLVE fall METHOD cnexp
    total = (b - a) * (v - e) / (1 + magnesium / half * exp(-slope * v))
    ica = share * total
    i = (1 - share) * total
}

DERIVATIVE fall {
    a' = -a / rise
    b' = -b / decay
}

NET_RECEIVE(weight (uS)) {
    a = a + weight * scale
    b = b + weight * scale
}
