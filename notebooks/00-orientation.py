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
# # Orientation: how strong is a claim?
#
# **20 minutes** · for graduate students; no programming needed beyond pressing *Run*. First choose *Run ▸ Run All
# Cells*, then read from the top.
#
# At the end you can
#
# 1. move a panel, reset it, save its figure and its numbers, and share its settings as a short code;
# 2. tell apart what was measured, what was modelled, what was pooled and what is an opinion;
# 3. say why a smooth curve in a notebook is not data;
# 4. read the card of a claim: verdict, basis, how often it was checked, and what would change it.

# %% [markdown] tags=["instructor"]
# **Plan for 20 minutes.** Scene 2 · Predict 4 · a curve 4 (everybody once: slider, box, Reset, *Copy code* into the
# chat) · four answers 4 · Explain 2 · Check 4.
#
# This lesson sets the tone. The aim is not distrust but a habit: before believing a picture, ask what it is made of.
# People who know more pharmacology will want to argue about the curve; postpone it to lesson 2.

# %%
from ketalit.lessons.orientation import ClaimCard, FirstCurve, FourAnswers
from ketalit.lessons.question import Check, Predict

# %% [markdown]
# ## The scene
#
# A patient with years of pain lays two sheets on the desk. One is a page from the internet: ketamine, it says, brings
# relief that lasts. The other is a graph from a talk, a line that falls steeply and stays low for weeks. “Which of
# these should I believe?” The page has no numbers; the graph has no patients. Both look sure of themselves.
#
# These lessons will show you many pictures of both kinds. They will always tell you which kind you are looking at, if
# you know where to look.

# %% [markdown]
# ## Predict
#
# Answer first; the panel opens then. Say honestly how sure you are: nobody sees it but you, and it comes back beside
# the result. What opens is the *card of a claim*. Pick the three statements in it one after the other, then press
# *I have looked: compare*. (RCT on a card: a randomised controlled trial.)

# %%
Predict("00", "which-has-trials", ClaimCard())

# %% [markdown]
# ## Observe
#
# ### A curve to practise on
#
# Drag a slider, or give it the focus and use the arrow keys, or type a number into its box: all do the same. What you
# changed is marked, and *Reset* takes everything back. A muted line shows how it was *before*. Under the picture stands
# the reading in words. *Save* and *Copy* keep the figure, the numbers behind it, or a code such as `first~half=2` that
# brings somebody else to your settings: in a new cell, `from ketalit.lessons.panel import restore` and then
# `restore("first~half=2")`. *Limits of the model* tells what was left out and where each number comes from.
#
# Now look at the curve itself. It is smooth, so it seems to know the answer at every concentration. Switch on *Show
# what was measured*. **Find** the concentration that leaves 10 % of the current.

# %%
FirstCurve()

# %% [markdown]
# ### Four kinds of answer
#
# One question, answered four times. Go through the kinds, then switch the uncertainty off and go through them again.
# Notice how sure each of them looks without it. **Find** how wide the pooled interval is, and whether zero lies in it.

# %%
FourAnswers()

# %% [markdown]
# ## Explain
#
# **Measured**: somebody counted or recorded it, in a certain number of people, cells or animals, under conditions that
# can be named. **Modelled**: computed by an equation from a few numbers, themselves measured or assumed. **Pooled**: a
# weighted mean of results of several studies; it speaks of people who were never in one room. **Opinion**: none of
# these is given. An opinion may be right; as it stands it cannot be checked.
#
# The curve you moved is one line of algebra:
#
# $$\text{current left} = \frac{K}{K + [\text{ketamine}]}$$
#
# $K$ is the half block. In human GluN2A receptors grown in cells it was measured as 0.71 ± 0.03 µM [1]. That number is
# data. Everything else you saw, two hundred points of it, is what the equation makes of the number, drawn so finely
# that it looks like a record. The same paper measured how steep the curve is, and found it flatter (Hill slope 0.84)
# than this equation can be (slope 1). **A smooth curve in a notebook is not data.** Smoothness is a property of
# equations; data scatter.
#
# The panel of four answers goes further: one C50 and one half-life, published for relief in CRPS [2], fit two
# equations. Both are reasonable, both are smooth, and one promises nearly four times the relief of the other. No finer
# line decides between them. Only a measurement does: the relief was reported to outlast the infusion by about fifty
# days [2], which the lower curve does not give.
#
# **How to read a standing.** Under every panel a table lists its numbers, each with a standing: *seen* (looked up in
# the source), *secondary* (in somebody else's account of it), *recalled* (from memory, not looked up), *computed*,
# *assumed*.
#
# **How to read a verdict.** *Supported* and *partly supported* mean what they say. *Overstated*: something is there,
# but less than claimed. *Unsupported*: nobody found evidence, which is not evidence of the opposite. *Contradicted*:
# there is evidence, and it points the other way. *Mis-stated*: the matter is real, the words or numbers are wrong, as
# with “glutamine receptors”. Beside it stands how often sources were looked at, and by what the verdict would change.
# A verdict nobody could change would be an opinion too.

# %% [markdown] tags=["instructor"]
# **Expected answers.** which-has-trials: CRPS. kind-of-point: measured; kind-of-curve: modelled; kind-of-diamond:
# pooled; kind-of-page: opinion; transfer-app: first and third. To find: 6.4 µM leaves 10 %; the pooled interval is 68
# points wide (−50 to 18) and holds zero. In the card: “it improves functioning” is the claim that trials looked for
# and did not find, “glutamine receptors” the one of wrong words.
#
# **Common wrong answers, and what to ask back.**
#
# * *“Pooled is always stronger than one trial.”* Ask: of whom is the mean, when the three trials are of different
#   conditions? (lesson 7)
# * *“The model is wrong, so it is useless.”* Ask: what would you have predicted without it, and how would you notice?
# * *“Unsupported means false.”* Ask: what would a trial have to show for *contradicted*?
# * *“It is on a clinic's page, so it is false.”* Ask: how many of the 92 statements are supported, at least in part?

# %% [markdown]
# ## Check

# %%
Check("00")

# %% [markdown]
# ## Limits
#
# * Four kinds are a beginning. Trials can be badly done, pooled estimates rest on choices (lesson 7), and a careful
#   expert's opinion may be worth more than a careless trial.
# * The claims were taken from five clinics' pages and are put in our words. Most were checked by one look at
#   abstracts, and part of the bibliography was entered from memory; each card says so. 92 statements are no sample of
#   anything.
# * The trial shown is one of sixty people with one condition. What ± meant in its abstract is not stated there; a
#   Cochrane review took it for a standard error, and so do we [3, 4].
# * Nothing here is advice to take or to give ketamine.

# %% [markdown]
# ## References
#
# 1. Gilling KE, Jatzke C, Hechenberger M, Parsons CG. Neuropharmacology 2009;56:866–75.
#    [PMID 19371579](https://pubmed.ncbi.nlm.nih.gov/19371579/) (abstract read)
# 2. Dahan A, et al. Population pharmacokinetic-pharmacodynamic modeling of ketamine-induced pain relief of chronic
#    pain. Eur J Pain 2011;15(3):258–67. [PMID 20638877](https://pubmed.ncbi.nlm.nih.gov/20638877/) (abstract read)
# 3. Sigtermans MJ, van Hilten JJ, Bauer MCR, et al. Ketamine produces effective and long-term pain relief in patients
#    with Complex Regional Pain Syndrome Type 1. Pain 2009;145(3):304–11. [PMID
#    19604642](https://pubmed.ncbi.nlm.nih.gov/19604642/) (abstract read)
# 4. Ferraro MC, Cashin AG, O'Connell NE, et al. Ketamine and other NMDA receptor antagonists for chronic pain. Cochrane
#    Database Syst Rev 2025:CD015373. [PMID 40819842](https://pubmed.ncbi.nlm.nih.gov/40819842/) (data package read; DOI
#    not verified)
#
# The works behind each claim stand on its card; `ketalit claims --to claims.html` lists all of them with links.

# %% [markdown] tags=["instructor"]
# ## For the instructor: the panels, worked
#
# Fresh panels; those above stay as your students left them.

# %% tags=["instructor"]
curve = FirstCurve()
curve.concentration.value = 6.4
print(curve.seen())

# %% tags=["instructor"]
curve.set(half=2, measured=True)
print(curve.seen())
print(curve.code)

# %% tags=["instructor"]
curve.reset.click()
print(curve.seen())

# %% tags=["instructor"]
curve.concentration.value = 12
print(curve.seen())

# %% tags=["instructor"]
answers = FourAnswers()
answers.kind.value = "three trials: pooled"
print(answers.seen())

# %% tags=["instructor"]
answers.kind.value = "a model"
print(answers.seen())

# %% tags=["instructor"]
answers.kind.value = "a statement: opinion"
print(answers.seen())

# %% tags=["instructor"]
predict = Predict("00", "which-has-trials", ClaimCard())
predict.answer("With prolonged block the brain reboots and stops taking input for pain", confidence=70)
predict.panel.claim.value = "It makes the brain reboot"
predict.compare.click()
print(predict.seen())

# %% tags=["instructor"]
predict.panel.claim.value = "It improves functioning"
print(predict.panel.seen())

# %% tags=["instructor"]
check = Check("00")
check.questions["kind-of-curve"].answer("measured")
check.questions["kind-of-curve"].answer("modelled")
check.questions["kind-of-diamond"].answer("pooled")
check.questions["transfer-app"].answer([0, 2])
print(check.seen())
