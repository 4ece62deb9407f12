# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The magnesium gate
#
# **50 minutes** · for graduate students; no programming needed beyond pressing *Run*. First choose *Run ▸ Run All
# Cells*, then read from the top.
#
# At the end you can
#
# 1. read a current–voltage curve: direction, reversal, the voltage of the largest inward current;
# 2. explain in one sentence why magnesium blocks NMDA receptors at rest and hardly at all at +40 mV;
# 3. say why this block is neither a switch nor a loss of receptors;
# 4. predict what a changed magnesium concentration does to the current;
# 5. explain what two inputs together can do that neither can alone.

# %% [markdown] tags=["instructor"]
# **Plan for 50 minutes.** Scene 4 · Predict 6 (hands up before anybody moves a slider) · the curve 8 · the step 6 · two
# inputs 10, with a second prediction · Explain 7 · Check 8 · Limits 1.
#
# With 25 minutes only: Predict, the curve, two inputs, and the questions *same-receptors* and *transfer-slice*.
#
# The point that the rest of the course needs: a blocker that sits in an open pore is felt through the share of
# channels left free, and that share hangs on voltage. Ketamine goes to the same place (lesson 2), so magnesium stands
# in its way.

# %%
from ketalit.lessons.gate import MagnesiumGate, PairedInput, VoltageStep
from ketalit.lessons.question import Check, Predict

# %% [markdown]
# ## The scene
#
# It is the early 1980s. A neurone in a dish is held at −70 mV, NMDA is puffed on, and almost nothing happens.
# Depolarise the cell, and the same puff gives *more* current, although the voltage now drives the ions less. That is
# the wrong way round: an open channel is a hole, and through a hole more voltage pushes more current. Somebody then
# makes up the bath without magnesium, and the odd curve becomes nearly a straight line [1, 2].
#
# The magnesium had been there all along, at about the concentration in the fluid around your own neurones: in patients
# with a drain in a brain ventricle, 0.8 mM of free magnesium was measured [3]. It is an ordinary part of the bath that
# decides when an NMDA receptor may speak.

# %% [markdown]
# ## Predict
#
# Commit yourself before you look. How sure you are counts as much as what you choose: a wrong guess held with 90 %
# confidence is the one worth remembering.

# %%
Predict("01", "halve-magnesium", MagnesiumGate())

# %% [markdown]
# ## Observe
#
# ### The curve
#
# Stay with the panel you have just opened. Current below zero flows into the cell. The upper curve is what an electrode
# sees; the lower one is the share of open channels that have no magnesium in them.
#
# * Put magnesium to 0. What shape has the upper curve now, and where does it cross zero? How many channels are free?
# * Go back to 1 mM. Compare the current with the one before, at +40 mV and at −70 mV.
# * **Find** the voltage at which the inward current is largest with 1 mM. Which two things balance there?
# * Look for an edge in the lower curve, a voltage where the channels “switch on”. Is there one?
#
# ### The step
#
# How long does magnesium need? Here glutamate is present all the time, and the voltage steps from −70 mV to the value
# you choose at 10 ms, and back at 40 ms. Press *Play*, or move the time by hand. How fast do the open channels trade
# their magnesium after each step? Does the conductance keep pace with them? Does anything stay changed after 40 ms?
# **Find** the voltage at which about half of the open channels are free.

# %%
VoltageStep()

# %% [markdown]
# ### Two inputs
#
# A synapse gives a pulse of glutamate of 1 ms; the receptors it has bound stay active for some hundred milliseconds. A
# second input holds the membrane depolarised for 50 ms. Does their order matter? Predict what happens when the
# depolarisation comes first. Afterwards **find** the depolarisation that lets in most charge, and compare it with the
# lowest point of the first curve. Last, take the magnesium away and try again.

# %%
Predict("01", "wrong-order", PairedInput())

# %% [markdown]
# ## Explain
#
# Glutamate (with glycine) opens the channel, and sodium, potassium and calcium pass. Magnesium is drawn in too by a
# cell that is negative inside, but gets stuck. Its resting place lies deep: the block changes with voltage as if the
# ion had crossed some 80 % of the electric field on its way [4]. So the membrane's own voltage holds the ion in place,
# and a depolarised membrane lets it go.
#
# On single channels this can be seen happening: with magnesium, an opening at rest is chopped into a burst of short
# ones, and the chopping gets worse as the cell is made more negative [1]. Each channel is blocked and free many times
# in one opening. What you saw as a smooth share is the average of that flicker.
#
# The current is a product of four things: how much all channels could conduct ($g$), how many are open ($P$), which
# share of these is free, and the drive. Jahr and Stevens measured the third [5]:
#
# $$I = g\,P\;\frac{1}{1 + \dfrac{[\mathrm{Mg}^{2+}]}{3.57\ \mathrm{mM}\cdot e^{V/16.1\ \mathrm{mV}}}}\;(V - E)$$
#
# Without magnesium the fraction is 1 at every voltage, and what is left is a straight line through the reversal
# potential. Read the fraction at −70 mV: half of the open channels are blocked by 0.047 mM already, so 1 mM is some twenty times
# what is needed, and only 4 % are left free. In that range halving magnesium nearly doubles the free share. That
# answers the prediction. Every 16 mV of depolarisation makes magnesium about 2.7 times weaker; this is a slope, not a
# step.
#
# **“It is an on/off switch.”** From 10 % free to 90 % free takes most of the range a neurone works in; the check asks for
# the millivolts.
#
# **“Magnesium lowers the number of receptors.”** Then the current would shrink by the same factor at every voltage. At
# +40 mV it does not shrink; and a step of voltage brings the missing current back within milliseconds. The receptors
# were there.
#
# What this is good for: the receptor needs glutamate *and* depolarisation at the same time. It reports that two inputs
# have met. Without magnesium the report is lost: glutamate alone lets in most of the charge, and a depolarisation even
# takes some away, since it lessens the drive.
#
# Magnesium leaves most open channels in about 0.1 ms. In patches of rat cortex there were slower parts too, of about
# 4 and 300 ms, explained by a scheme in which channels close around magnesium and open less readily with it [6].
# Keep that thought for lesson 2: a channel can close around ketamine too.

# %% [markdown] tags=["instructor"]
# **Expected answers.** halve-magnesium: about doubles (0.73 to 1.40 pA per nS). wrong-order: no more. find-peak: −24
# mV. zero-curve: the straight line. how-steep: 71 mV (−56 to +15 mV). same-receptors: the third. transfer-slice:
# first, second and fourth. Numbers to find: the step at which half are free, about −30 mV; the depolarisation with
# most charge, about −25 mV, next to the lowest point of the curve, and for the same reason.
#
# **Common wrong answers, and what to ask back.**
#
# * *“Hardly changes, it is blocked anyway.”* Ask: who carries the current that is left? (the 4 % that are free)
# * *“The peak is at −100 mV, the drive is largest there.”* Ask: what is 105 mV times 0.7 %?
# * *“Depolarisation opens the NMDA receptor.”* Ask: what happens in the third panel before glutamate? (nothing)
# * *“So magnesium closes the channel.”* Ask: in the step, how could a shut channel open in 0.1 ms without glutamate
#   having to bind again?

# %% [markdown]
# ## Check

# %%
Check("01")

# %% [markdown]
# ## Limits
#
# * The curve rests on two numbers from cultured rat neurones at room temperature. Receptors with GluN2C or GluN2D
#   subunits are blocked less than those with GluN2A or GluN2B (the numbers for this in `ketalit parameters` are marked
#   *recalled*: nobody has looked them up); lesson 2 returns to it.
# * Two models stand side by side: one with magnesium always in balance (first and third panel), one with ten states
#   and finite rates (second panel). They agree on where block stands at rest and disagree by some ten millivolts on
#   where it is half. Neither was fitted to human neurones.
# * Jahr and Stevens had to assume a second, weaker voltage-dependent block when magnesium is very low [5]; the straight
#   line at 0 mM leaves that out.
# * A clamped voltage is a device of the laboratory. In a neurone NMDA current depolarises, which frees more channels,
#   which depolarises further.
# * Nothing here says that magnesium given to a patient changes any of this at a synapse. What reaches cerebrospinal
#   fluid is small, and studies differ. In nine patients an infusion raised free magnesium in plasma by half and left it
#   unchanged in cerebrospinal fluid over four hours [8]; in twenty others total magnesium there went from 0.95 to
#   1.13 mM in four hours [9]; over ten to fourteen days of infusion it stood 11 to 21 % higher [10].

# %% [markdown]
# ## References
#
# 1. Nowak L, Bregestovski P, Ascher P, Herbet A, Prochiantz A. Magnesium gates glutamate-activated channels in mouse
#    central neurones. Nature 1984;307:462–5. [doi:10.1038/307462a0](https://doi.org/10.1038/307462a0) (abstract read)
# 2. Mayer ML, Westbrook GL. J Physiol 1985;361:65–90.
#    [PMC1192847](https://pmc.ncbi.nlm.nih.gov/articles/PMC1192847/) (abstract read; authors and pages from memory)
# 3. McKee JA, Brewer RP, Macy GE, et al. Crit Care Med 2005;33(3).
#    [doi:10.1097/01.CCM.0000156293.35868.B2](https://doi.org/10.1097/01.CCM.0000156293.35868.B2) (abstract read as far
#    as the values before treatment)
# 4. Sharma G, Stevens CF. Interactions between two divalent ion binding sites in N-methyl-D-aspartate receptor
#    channels. Proc Natl Acad Sci USA 1996;93:14170–5. [PMID 8943079](https://pubmed.ncbi.nlm.nih.gov/8943079/)
#    (abstract read)
# 5. Jahr CE, Stevens CF. Voltage dependence of NMDA-activated macroscopic conductances predicted by single-channel
#    kinetics. J Neurosci 1990;10(9):3178–82. [PMID 1697902](https://pubmed.ncbi.nlm.nih.gov/1697902/) (abstract read;
#    the constants are those of the published model file)
# 6. Kampa BM, Clements J, Jonas P, Stuart GJ. J Physiol 2004;556:337–45.
#    [PMC1664940](https://pmc.ncbi.nlm.nih.gov/articles/PMC1664940/) (abstract and the authors' model file read)
# 7. Facilitated induction of hippocampal long-term potentiation in slices perfused with low concentrations of
#    magnesium. Neuroscience 1987;22(1):9–16. [PMID 2888050](https://pubmed.ncbi.nlm.nih.gov/2888050/) (abstract read;
#    the copy names no authors)
# 8. Brewer RP, Parra A, Borel CO, Hopkins MB, Reynolds JD. Clin Neuropharmacol 2001;24(6):341–5.
#    [doi:10.1097/00002826-200111000-00005](https://doi.org/10.1097/00002826-200111000-00005) (abstract read)
# 9. Fuchs-Buder T, Tramèr MR, Tassonyi E. Cerebrospinal fluid passage of intravenous magnesium sulfate in neurosurgical
#    patients. J Neurosurg Anesthesiol, volume 9, 324–8 (abstract read; identifier not verified)
# 10. The effect of hypermagnesemic treatment on cerebrospinal fluid magnesium level in patients with aneurysmal
#     subarachnoid hemorrhage. Magnes Res 2009;22(2) (abstract read; the copy names no authors; identifier not verified)

# %% [markdown] tags=["instructor"]
# ## For the instructor: the panels, worked
#
# Fresh panels; those above stay as your students left them.

# %% tags=["instructor"]
gate = MagnesiumGate()
gate.magnesium.value = 0.5
print(gate.seen())

# %% tags=["instructor"]
gate.reset.click()
gate.voltage.value = -24
print(gate.seen())

# %% tags=["instructor"]
gate.set(magnesium=0, voltage=-70)
print(gate.seen())

# %% tags=["instructor"]
step = VoltageStep()
step.set(voltage=-30, time=39)
print(step.seen())

# %% tags=["instructor"]
step.time.value = 41
print(step.seen())

# %% tags=["instructor"]
pair = PairedInput()
pair.voltage.value = -25
print(pair.seen())

# %% tags=["instructor"]
pair.delay.value = -50
print(pair.seen())

# %% tags=["instructor"]
pair.set(magnesium=0, delay=10)
print(pair.seen())

# %% tags=["instructor"]
predict = Predict("01", "halve-magnesium", MagnesiumGate())
predict.answer("about doubles", confidence=60)
predict.panel.magnesium.value = 0.5
predict.compare.click()
print(predict.seen())

# %% tags=["instructor"]
order = Predict("01", "wrong-order", PairedInput())
order.answer("more: magnesium has been driven out beforehand", confidence=80)
order.panel.delay.value = -50
order.compare.click()
print(order.seen())

# %% tags=["instructor"]
check = Check("01")
check.questions["find-peak"].answer(-80)
check.questions["find-peak"].answer(-24)
check.questions["how-steep"].answer(71)
check.questions["same-receptors"].answer(0)
check.questions["transfer-slice"].answer([0, 1, 3])
print(check.seen())
