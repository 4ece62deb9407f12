"""The dorsal-horn model of Aguiar and colleagues (2010), rebuilt from its equations and numbers, on NEURON.

An interneurone driven by a C fibre excites a wide-dynamic-range (WDR) neurone, which A-delta fibres excite directly.
Wind-up comes from NMDA receptors, calcium, and a cation current that calcium opens. The mechanisms are our own files
(`mechanisms/`), which also hold the rate constants of the channels; conductances, sizes and synapses are parameters.

Needs the optional extra `neuron` and a C compiler; everybody else reads the curves that it gave:
`ketalit.models.windup.reference_curves`. To make them again (about five minutes):

    python -m ketalit.models.windup.aguiar --to curves.csv

The files of the published model were read for their numbers; none of them is used here.
"""

from .compiled import available, load
from .model import Run, run

__all__ = ["Run", "available", "load", "run"]
