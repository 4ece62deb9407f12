"""Sections and synapses of the two neurones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...parameters import Parameters

MIDDLE = 0.5  # of a section


class Neurone:
    """Soma, dendrite, hillock and axon with the channels that both neurones have."""

    def __init__(self, h: Any, name: str, chosen: Parameters):
        value = chosen.value
        counts = dict(zip(("soma", "dendrite", "hillock", "axon"), value("aguiar.segments"), strict=True))
        self.sections = {part: h.Section(name=f"{name}_{part}") for part in counts}
        for part, section in self.sections.items():
            section.nseg = int(counts[part])
            length, *ends = value(f"aguiar.{part}.size")
            section.L = length
            section.Ra = value("aguiar.axial_resistivity")
            section.insert("pas")
            for segment in section:
                segment.diam = ends[0] + (ends[-1] - ends[0]) * segment.x
                segment.pas.g = value("aguiar.leak")
                segment.pas.e = value("aguiar.rest")
        for part in ("soma", "hillock", "axon"):
            sodium, potassium = value(f"aguiar.{part}.spike")
            self.insert(part, "spike", gna=sodium, gk=potassium)
            self.sections[part].ena = value("aguiar.sodium_reversal")
            self.sections[part].ek = value("aguiar.axon_potassium_reversal")
        for part, conductance in zip(("soma", "dendrite"), value(f"aguiar.{name}.potassium"), strict=True):
            self.insert(part, "calciumshell", tau=value(f"aguiar.{part}.calcium_decay"))
            self.insert(part, "potassiumca", g=conductance)
            self.sections[part].ek = value("aguiar.potassium_reversal")
            self.sections[part].cao = value("aguiar.calcium_outside")
        self.sections["hillock"].connect(self.sections["soma"](1))
        self.sections["axon"].connect(self.sections["hillock"](1))
        self.sections["dendrite"].connect(self.sections["soma"](0))

    def insert(self, part: str, mechanism: str, **values: float) -> None:
        """Put a channel into a section, with these conductances."""
        self.sections[part].insert(mechanism)
        for segment in self.sections[part]:
            for name, value in values.items():
                setattr(getattr(segment, mechanism), name, value)

    def middle(self, part: str) -> Any:
        """The segment in the middle of a section."""
        return self.sections[part](MIDDLE)


class Network:
    """The interneurone, the wide-dynamic-range neurone, and everything that reaches them.

    Attributes:
        fired: times of action potentials of the wide-dynamic-range neurone, ms.
        relayed: times of action potentials of the interneurone, ms.
    """

    def __init__(self, h: Any, chosen: Parameters, relay: float, wdr: float, noise: bool):
        """`relay` and `wdr` are the fractions of NMDA conductance left at the interneurone and at the WDR neurone."""
        self.h, self.value = h, chosen.value
        self.trigger = chosen.value("aguiar.synapse.trigger")
        self.kept: list[Any] = []  # NEURON forgets what Python does not hold
        self.interneurone = Neurone(h, "interneurone", chosen)
        self.wdr = self._wdr(chosen)
        self.delta = self._delta_fibres(wdr)
        self.c = self._c_fibre(relay)
        self._relay(wdr)
        if noise:
            self._noise()
        self.fired = self._recorded(self.wdr, "soma")
        self.relayed = self._recorded(self.interneurone, "hillock")

    def send(self, stimuli: Iterable[float]) -> None:
        """Queue what the fibres deliver after stimuli at these times (ms)."""
        random = self._random()
        mean, spread = self.value("aguiar.delta.delay")
        times = list(stimuli)
        for time in times:
            for ampa, nmda in self.delta:
                arrival = time + mean + spread * random.repick()
                ampa.event(arrival)
                nmda.event(arrival)
        for time in times:
            for connection in self.c:
                connection.event(time)

    def _wdr(self, chosen: Parameters) -> Neurone:
        cell, value = Neurone(self.h, "wdr", chosen), chosen.value
        for part, permeability in zip(("soma", "dendrite"), value("aguiar.wdr.calcium"), strict=True):
            cell.insert(part, "calciuml", p=permeability)
        cell.insert("soma", "napersistent", g=value("aguiar.wdr.sodium_persistent"))
        cell.insert("dendrite", "cation", g=value("aguiar.wdr.cation"), e=value("aguiar.wdr.cation_reversal"))
        return cell

    def _delta_fibres(self, left: float) -> list[tuple[Any, Any]]:
        ampa, nmda = self.value("aguiar.delta.weight")
        place = self.wdr.middle("dendrite")
        return [
            (self._connect(self._ampa(place), ampa), self._connect(self._nmda(place), nmda * left))
            for _ in range(int(self.value("aguiar.delta.synapses")))
        ]

    def _c_fibre(self, left: float) -> list[Any]:
        ampa, nmda, nk1 = self.value("aguiar.c.weight")
        place, deep = self.interneurone.middle("dendrite"), self.wdr.middle("dendrite")
        return [
            self._connect(self._ampa(place), ampa),
            self._connect(self._nmda(place), nmda * left),
            self._connect(self._nk1(place, "nk1"), nk1),
            self._connect(self._nk1(deep, "nk1_wdr"), self.value("aguiar.c.weight_wdr")),
        ]

    def _relay(self, left: float) -> None:
        """From the interneurone to the wide-dynamic-range neurone."""
        ampa, nmda, gaba = self.value("aguiar.interneurone.weight")
        mean, spread = self.value("aguiar.interneurone.delay")
        place, random = self.wdr.middle("dendrite"), self._random()
        for _ in range(int(self.value("aguiar.interneurone.synapses"))):
            delay = mean + spread * random.repick()
            inhibited = delay + self.value("aguiar.interneurone.gaba_lag")
            self._connect(self._ampa(place), ampa, self.interneurone, delay)
            self._connect(self._nmda(place), nmda * left, self.interneurone, delay)
            self._connect(self._gaba(place), gaba, self.interneurone, inhibited)

    def _noise(self) -> None:
        source = self.h.NetStim()
        source.interval = self.value("aguiar.noise.interval")
        source.start, source.number, source.noise = 0, int(self.value("aguiar.noise.number")), 1
        soma = self.wdr.middle("soma")
        for target in (self._ampa(soma), self._gaba(soma, self.value("aguiar.noise.gaba_decay"))):
            connection = self.h.NetCon(source, target)
            connection.delay, connection.weight[0] = 0, self.value("aguiar.noise.weight")
            self.kept.append(connection)
        self.kept.append(source)

    def _ampa(self, place: Any) -> Any:
        rise, decay = self.value("aguiar.synapse.ampa")
        return self._synapse(self.h.Exp2Syn(place), tau1=rise, tau2=decay, e=0)

    def _gaba(self, place: Any, decay: float | None = None) -> Any:
        rise, usual = self.value("aguiar.synapse.gaba")
        reversal = self.value("aguiar.synapse.gaba_reversal")
        return self._synapse(self.h.Exp2Syn(place), tau1=rise, tau2=decay or usual, e=reversal)

    def _nmda(self, place: Any) -> Any:
        return self._calcium(place, "nmda", self.value("aguiar.synapse.magnesium"))

    def _nk1(self, place: Any, kind: str) -> Any:
        return self._calcium(place, kind, 0)

    def _calcium(self, place: Any, kind: str, magnesium: float) -> Any:
        rise, decay = self.value(f"aguiar.synapse.{kind}")
        share = self.value("aguiar.synapse.calcium_share")
        made = self.h.CalciumSynapse(place)
        return self._synapse(made, rise=rise, decay=decay, magnesium=magnesium, share=share)

    def _synapse(self, made: Any, **values: float) -> Any:
        for name, value in values.items():
            setattr(made, name, value)
        self.kept.append(made)
        return made

    def _connect(self, target: Any, weight: float, source: Neurone | None = None, delay: float = 0) -> Any:
        made = self._watch(source, "hillock", target) if source else self.h.NetCon(None, target)
        made.delay, made.weight[0] = delay, weight
        self.kept.append(made)
        return made

    def _watch(self, cell: Neurone, part: str, target: Any) -> Any:
        """A connection that fires when the middle of the section crosses the trigger."""
        made = self.h.NetCon(cell.middle(part)._ref_v, target, sec=cell.sections[part])
        made.threshold = self.trigger
        return made

    def _recorded(self, cell: Neurone, part: str) -> Any:
        times, watch = self.h.Vector(), self._watch(cell, part, None)
        watch.record(times)
        self.kept.append(watch)
        return times

    def _random(self) -> Any:
        """Standard normal numbers, the same sequence every time."""
        made = self.h.Random(int(self.value("aguiar.seed")))
        made.Random123()
        made.normal(0, 1)
        return made
