TITLE Calcium in a thin shell below the membrane

COMMENT
Inward calcium current fills the shell, and a first-order pump empties it to its resting level; scheme of Destexhe
et al. 1993 as used by Aguiar et al. 2010. The pump does not run backwards: an outward current removes nothing.
ENDCOMMENT

NEURON {
    SUFFIX calciumshell
    USEION ca READ ica WRITE cai
    RANGE tau
    GLOBAL depth, rest
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (um) = (micron)
    (molar) = (1/liter)
    (mM) = (millimolar)
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    tau = 2 (ms)
    depth = 0.1 (um)
    rest = 5e-5 (mM)
}

ASSIGNED {
    ica (mA/cm2)
    entry (mM/ms)
}

STATE { cai (mM) }

INITIAL { cai = rest }

BREAKPOINT { SOLVE shell METHOD cnexp }

DERIVATIVE shell {
    entry = -(10000) * ica / (2 * FARADAY * depth)
    if (entry < 0) { entry = 0 }
    cai' = entry + (rest - cai) / tau
}
