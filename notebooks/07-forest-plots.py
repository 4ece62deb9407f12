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
# # Forest plots and heterogeneity
#
# **60 minutes** · for graduate students; no programming needed beyond pressing *Run*. First choose *Run ▸ Run All
# Cells*, then read from the top.
#
# At the end you can
#
# 1. compute the weight of a trial under one true effect, and say what random effects do to it;
# 2. tell a confidence interval from a prediction interval, and I² from tau;
# 3. show how far a pooled result hangs on one trial, and on the way in which it was pooled;
# 4. say what a result at one time tells about another time, and what it does not.

# %% [markdown] tags=["instructor"]
# **Plan for 60 minutes.** Scene 4 · Predict 6 (hands up: many, half, few, none) · forest plot 8 · invented trial 10, with a
# second prediction · take a trial away 6 · times 7 · all ways 6 · Explain 5 · Check 7 · Limits 1.
#
# With 30 minutes only: the first prediction, the forest plot, the times, and the questions *next-trial* and
# *later-time*.
#
# **Another drug?** `ketalit lab --review DIR` shows the effects of that review in all panels. Both predictions, the
# questions and the numbers in the text stay those of the bundled review. The cells at the end then say beside the
# controls what that review does not hold.

# %%
from ketalit.lessons.forest import AddATrial, Forest, LeaveOut, OverTime, Universes
from ketalit.lessons.question import Check, Predict

# %% [markdown]
# ## The scene
#
# Journal club, Monday, half past seven. On the screen are three randomised trials that a Cochrane review of 2025 pooled
# for pain soon after intravenous ketamine [1]. One was done in an emergency department, in people whose chronic pain
# had flared up, with an infusion of 20 minutes [2]. One was of fibromyalgia, half an hour of S-ketamine against
# midazolam [3]. One was of complex regional pain syndrome, with an infusion of more than four days [4].
#
# "Three trials, and all three point to less pain," says the first colleague. "Pool them as you like." The second is
# less sure: "One of them found next to nothing, and they are small." Both open their laptops. What will they find?

# %% [markdown]
# ## Predict
#
# Commit yourself before you look, and say how sure you are.
#
# (If this lesson was opened on another review, the panels show that one; predictions, questions and numbers in the text
# are about the bundled review of ketamine.)

# %%
Predict("07", "excludes-zero", Forest())

# %% [markdown]
# ## Observe
#
# ### The same trials, other choices
#
# Stay with the panel you have just opened. Effects are differences in points of a scale from 0 to 100; to the left of
# zero there was less pain with ketamine.
#
# * Choose *one true effect (FE)*, then each of the random-effects estimators with the Wald interval. Does the middle of
#   the diamond move, or do its ends?
# * Go through the intervals. With three trials, Knapp and Hartung's has two degrees of freedom. How much wider is it?
# * *Cochrane until 2024* and *Cochrane since 2025* stand among the examples [14]. The published result of this review
#   is the first of the two.
# * **Find** how many ways to pool these three trials give an interval without zero. Four random-effects estimators with
#   three intervals each make 12 ways. One true effect is the 13th: it has the Wald interval only, whatever stands at
#   *Interval*.
# * Look at another outcome, nausea for instance. There the axis is a ratio, and "no effect" is 1.
#
# ### A trial that does not exist
#
# Now you may invent a trial, and make it as small or as large as you like. It is marked as invented wherever it shows.
# First predict what a tiny, enthusiastic one does.

# %%
Predict("07", "tiny-trial", AddATrial())

# %% [markdown]
# Then try three things:
#
# * Set the effect to 0 and raise the number of people. **Find** the size at which the invented trial has half of the
#   weight under one true effect. What is its weight under random effects there, and how far does that ever rise?
# * Invent two trials of 60 people with an effect of −16. With five trials in all a prediction interval appears. Compare
#   it with the interval of the mean.
# * Take the invented trial away (0 people) and make the real trials ten times as large. Their results are the same and
#   lie as far apart as before; read tau, then read I².
#
# ### Take a trial away
#
# How much hangs on one trial? Step from row to row. **Find** the trial without which the estimate comes nearest to zero, and
# the one without which it goes furthest away. Then change to the funnel plot, in which reviewers look for small trials
# that seem to be missing. With three points, could you tell a funnel from a handful of peas?

# %%
LeaveOut()

# %% [markdown]
# ### Other times
#
# "And how long does it last?" asks the patient. Go from the immediate to the short, medium and long term. Follow the
# thin lines: they join what *one* trial found at two times. **Find** how many trials stand at the immediate and at the
# short term both. Before you read a difference between two diamonds as a course in time, look at who is in them.

# %%
OverTime()

# %% [markdown]
# ### All defensible ways at once
#
# Instead of arguing for one way, do them all. Each line below is one way to pool, in order of the estimate. Choose an
# estimator, an interval, or all trials, and see which lines light up. The reading then says how much that choice alone
# explains. **Find** the choice that moves the estimate most, and the one that goes furthest to decide whether zero is
# excluded. Then take pain intensity at *any time*: now the time is a choice as well.

# %%
Universes()

# %% [markdown]
# ## Explain
#
# A pooled mean is a weighted mean, and a weight is the reciprocal of a variance:
#
# $$\hat\mu = \frac{\sum_i w_i\,y_i}{\sum_i w_i}, \qquad w_i = \frac{1}{v_i + \tau^2}$$
#
# Here $y_i$ is what a trial found and $v_i$ its sampling variance, the square of the standard error. $\tau^2$ is the
# variance of the *true* effects between trials. One true effect means $\tau^2 = 0$: the trials with $v$ = 60, 90 and 49
# get 35, 23 and 42 % of the weight. With REML $\tau^2$ is 132 here, is added to each of them, and the weights become
# 34, 30 and 36 %. That is all that random effects do to the mean: they even the weights out. So a tiny trial weighs
# more, which answers the second prediction, and a huge one less.
#
# The interval is another matter. $\tau^2$ has to be estimated, and from three trials it is hardly known: its square
# root is 11.5 points, with an interval from 0 to 84. The Wald interval treats it as known. Knapp and Hartung's measures
# by how the trials scatter, with t in place of the normal distribution, and so makes room for that ignorance. In
# simulations of 2 to 20 trials, DerSimonian and Laird's way with Wald's interval called more than 30 % of true nulls
# "significant" at worst, where 5 % were intended; Hartung and Knapp's at most twice the 5 % [7]. If trials agree by
# luck, Knapp and Hartung's interval can become narrower than Wald's; taking the wider of the two guards against that. A
# close relative of this rule was recommended after simulations [8]. It is the default here, not the truth.
#
# **"The pooled p is below 0.05, so it is settled."** These trials give p = 0.046 (Paule and Mandel's estimator, Wald),
# 0.051 (REML, Wald) and 0.18 (REML, Knapp and Hartung). No patient changed between the three. And a p is about the mean
# of all such trials. What would happen in a further one is the business of the *prediction interval*, and that depends
# on how much true effects differ. Of 479 "significant" Cochrane meta-analyses with some heterogeneity, 72 % had a
# prediction interval that held no effect or its reverse [10].
#
# **"I² is the amount of heterogeneity."** I² is the *share* of the scatter that is not chance. When you made the trials
# ten times as large, tau went from 11.5 to 13.2 points and I² from 67 to 96 %. The trials differed as before; only
# chance had become smaller [9]. The amount is tau, in points that a patient would understand.
#
# **"Random effects are always safer."** The interval is mostly wider. The mean leans more on small trials, and small
# trials are not always better ones. For magnesium after a heart attack, small trials were pooled to a clear benefit,
# and a very large one found none [15]. Under one true effect that large trial has 90 % of the weight; under random
# effects the small ones rule, and the benefit is back [13]. Two statisticians who looked closely held that neither
# model was right there [16].
#
# **"Relief lasts."** Two of the three trials at the immediate term stand at the short term too, with two others; one
# trial stands at the medium term, and none at the long term. In the two that can be followed, the difference shrank:
# from 28 to 7 points in one, and from 18 points less pain to 2 more in the other [1]. What was not measured is neither
# lasting nor gone.
#
# Back to the two colleagues. Had one used Paule and Mandel's estimator and the other DerSimonian and Laird's, both with
# Wald's interval, one would have said "significant" and the other "not significant", and neither would have made a
# mistake. What is missing is a plan written down before the data are seen, and the sentence: with three trials, the
# answer depends on this choice.

# %% [markdown] tags=["instructor"]
# **Expected answers.** excludes-zero: in a few (3 of 13). tiny-trial: further under random effects (3.3 against 1.6
# points). one-weight: 18 %. next-trial: −30 to 6. later-time: the third. which-differs: in B. transfer-snoring: first,
# second and fifth. Numbers to find: 3 of 13 ways (FE; PM and ML with Wald); about 140 people, where random effects give
# it 30 %, and never much more than a third; without Sigtermans 2009 nearest to zero (−8.7), without Lumanauw 2019
# furthest (−24.3); two trials at both times (Noppers, Sigtermans); the trial left out explains nearly all of the
# estimates, the interval most (33 %) of whether zero is excluded.
#
# **Common wrong answers, and what to ask back.**
#
# * *"Then we take the method with the narrowest interval."* Ask: and if there were no true effect, how often would it
#   say there is?
# * *"I² is 0 %, so the trials agree."* Ask: look at the short term; what is the interval of tau? (0 to 38 points)
# * *"The prediction interval is so wide that it is useless."* Ask: useless, or honest? What would narrow it?
# * *"From −16 to −5: the effect has fallen by two thirds."* Ask: in whom?
# * *"17 % of the ways exclude zero, so the chance of an effect is 17 %."* Ask: what would the share be if we added ten
#   more estimators that nobody likes?

# %% [markdown]
# ## Check

# %%
Check("07")

# %% [markdown]
# ## Limits
#
# * Pooling adds up what trials reported. It repairs no bias, and this lesson does not judge any: that is done trial by
#   trial and outcome by outcome. The Cochrane review calls the certainty of the immediate result very low [1].
# * "Immediate term" puts an hour after a short infusion beside the end of the first week after days of infusion.
#   Whether these are one question is a clinical judgement that no tau² replaces.
# * The numbers are as the review entered them. Some were read off figures; for Sigtermans 2009 a "±" that the report's
#   abstract does not explain was taken as a standard error; for Pickering 2020 the first period of a crossover counts
#   (5 and 6 people). `effects.csv` has a note in each such row.
# * A difference in means says nothing about how many people got better, and "excludes zero" is not "matters to
#   somebody". `ketalit pool --mcid` draws a reader's own threshold, with its source.
# * The share of ways that exclude zero counts choices. Add silly choices, and it changes.
# * Estimators and intervals here are checked against metafor, an R package (`docs/pooling.md`). The choice of REML with
#   an interval that is never narrower than Wald's is ours; other defaults are defensible [17].

# %% [markdown]
# ## References
#
# 1. Ferraro MC, Cashin AG, O'Connell NE, et al. Ketamine and other NMDA receptor antagonists for chronic pain. Cochrane
#    Database Syst Rev 2025;(8):CD015373. [PMID 40819842](https://pubmed.ncbi.nlm.nih.gov/40819842/) (trial numbers from
#    a copy of its data; its DOI is not verified)
# 2. Lumanauw DD, Youn S, Horeczko T, et al. Acad Emerg Med 2019.
#    [PMID 30901130](https://pubmed.ncbi.nlm.nih.gov/30901130/)
# 3. Noppers I, Niesters M, Swartjes M, et al. Eur J Pain 2011.
#    [PMID 21482474](https://pubmed.ncbi.nlm.nih.gov/21482474/)
# 4. Sigtermans MJ, van Hilten JJ, Bauer MCR, et al. Pain 2009;145(3):304–11.
#    [PMID 19604642](https://pubmed.ncbi.nlm.nih.gov/19604642/)
# 5. Schwartzman RJ, Alexander GM, Grothusen JR, et al. Pain 2009.
#    [PMID 19783371](https://pubmed.ncbi.nlm.nih.gov/19783371/) (short and medium term)
# 6. Pickering G, Pereira B, Morel V, et al. Anesthesiology 2020.
#    [doi:10.1097/ALN.0000000000003345](https://doi.org/10.1097/ALN.0000000000003345) (short term)
# 7. IntHout J, Ioannidis JPA, Borm GF. The Hartung-Knapp-Sidik-Jonkman method for random effects meta-analysis is
#    straightforward and considerably outperforms the standard DerSimonian-Laird method. BMC Med Res Methodol
#    2014;14:25. [PMID 24548571](https://pubmed.ncbi.nlm.nih.gov/24548571/) (abstract read)
# 8. Röver C, Knapp G, Friede T. Hartung-Knapp-Sidik-Jonkman approach and its modification for random-effects
#    meta-analysis with few studies. BMC Med Res Methodol 2015.
#    [PMC4647507](https://pmc.ncbi.nlm.nih.gov/articles/PMC4647507/) (abstract read; authors from memory)
# 9. Rücker G, Schwarzer G, Carpenter JR, Schumacher M. Undue reliance on I² in assessing heterogeneity may mislead. BMC
#    Med Res Methodol 2008;8:79. [doi:10.1186/1471-2288-8-79](https://doi.org/10.1186/1471-2288-8-79) (abstract read)
# 10. IntHout J, Ioannidis JPA, Rovers MM, Goeman JJ. Plea for routinely presenting prediction intervals in
#     meta-analysis. BMJ Open 2016. [doi:10.1136/bmjopen-2015-010247](https://doi.org/10.1136/bmjopen-2015-010247)
#     (abstract read)
# 11. Sterne JAC, Sutton AJ, Ioannidis JPA, et al. Recommendations for examining and interpreting funnel plot asymmetry
#     in meta-analyses of randomised controlled trials. BMJ 2011;343:d4002.
#     [doi:10.1136/bmj.d4002](https://doi.org/10.1136/bmj.d4002) (beginning
#     read; the rule of ten trials as others cite it)
# 12. Steegen S, Tuerlinckx F, Gelman A, Vanpaemel W. Increasing transparency through a multiverse analysis. Perspect
#     Psychol Sci 2016;11(5):702–12. [PMID 27694465](https://pubmed.ncbi.nlm.nih.gov/27694465/) (abstract read)
# 13. Cochrane Handbook, version 5.1, section 10.4.4.1.
#     [handbook-5-1.cochrane.org](https://handbook-5-1.cochrane.org/chapter_10/10_4_4_1_comparing_fixed_and_random_effects_estimates.htm)
#     (read; an archived version)
# 14. Cochrane Methods. Random-effects meta-analysis methods for intervention reviews.
#     [methods.cochrane.org](https://methods.cochrane.org/methods-cochrane/random-effects-meta-analysis-methods-intervention-reviews)
#     (read)
# 15. Egger M, Davey Smith G. Misleading meta-analysis. BMJ 1995;310:752.
#     [doi:10.1136/bmj.310.6982.752](https://doi.org/10.1136/bmj.310.6982.752) (beginning read)
# 16. Higgins JPT, Spiegelhalter DJ. Being sceptical about meta-analyses: a Bayesian perspective on magnesium trials in
#     myocardial infarction. Int J Epidemiol 2002;31(1):96–104.
#     [PMID 11914302](https://pubmed.ncbi.nlm.nih.gov/11914302/) (abstract read)
# 17. Veroniki AA, Jackson D, Viechtbauer W, et al. Methods to estimate the between-study variance and its uncertainty
#     in meta-analysis. Res Synth Methods 2016;7(1):55–79. [PMID 26332144](https://pubmed.ncbi.nlm.nih.gov/26332144/)
#     (abstract read)
#
# What is said of the trials [2–6] comes from their abstracts and from [1], as the bundled review records it with a
# quotation or place for each value.

# %% [markdown] tags=["instructor"]
# ## For the instructor: the panels, worked
#
# Fresh panels; those above stay as your students left them.

# %% tags=["instructor"]
forest = Forest()
forest.set(estimator="random effects, PM", interval="Wald")
print(forest.seen())

# %% tags=["instructor"]
forest.example.value = "Cochrane until 2024: DL, Wald"
print(forest.seen())

# %% tags=["instructor"]
forest.set(estimator="one true effect (FE)")
print(forest.seen())

# %% tags=["instructor"]
added = AddATrial()
added.set(people=140, effect=0)
print(added.seen())

# %% tags=["instructor"]
added.set(people=60, effect=-16, copies=2)
print(added.seen())

# %% tags=["instructor"]
added.reset.click()
added.larger.value = 10
print(added.seen())

# %% tags=["instructor"]
without = LeaveOut()
without.place.value = 3
print(without.seen())

# %% tags=["instructor"]
without.set(place=0, shown="funnel plot")
print(without.seen())

# %% tags=["instructor"]
times = OverTime()
times.time.value = "short term"
print(times.seen())

# %% tags=["instructor"]
times.time.value = "long term"
print(times.seen())

# %% tags=["instructor"]
ways = Universes()
ways.set(method="REML", left="none")
print(ways.seen())

# %% tags=["instructor"]
ways.reset.click()
ways.analysis.value = "IV vs placebo: pain intensity, any time"
print(ways.seen())

# %% tags=["instructor"]
predict = Predict("07", "excludes-zero", Forest())
predict.answer("in about half, 6 to 8", confidence=70)
predict.panel.estimator.value = "one true effect (FE)"
predict.compare.click()
print(predict.seen())

# %% tags=["instructor"]
tiny = Predict("07", "tiny-trial", AddATrial())
tiny.answer("by about the same under both models", confidence=80)
tiny.panel.people.value = 10
tiny.compare.click()
print(tiny.seen())

# %% tags=["instructor"]
check = Check("07")
check.questions["one-weight"].answer(25)
check.questions["one-weight"].answer(18)
check.questions["next-trial"].answer(0)
check.questions["later-time"].answer(2)
check.questions["which-differs"].answer(1)
check.questions["transfer-snoring"].answer([0, 1, 4])
print(check.seen())
