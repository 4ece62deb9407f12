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
# # The claim clinic
#
# **75 minutes** · for graduate students; no programming needed beyond pressing *Run*. First choose *Run ▸ Run All
# Cells*, then read from the top.
#
# At the end you can
#
# 1. split a claim into parts that can be checked: dose, population, comparator, time, size, certainty;
# 2. grade a claim by its evidence, and say what would change the grade;
# 3. tell absence of evidence from evidence of absence, and a mechanism from a result;
# 4. rewrite an overstated claim so that it says no more than is known;
# 5. say how sure you are, and find out how often you are right when you are that sure.
#
# **Teaching model, not for dosing patients.** Verdicts are on statements, not on people or clinics, and nothing here
# is advice to take or to give ketamine.

# %% [markdown] tags=["instructor"]
# **Plan for 75 minutes.** Scene 4 · Predict 6 · claim cards 20 (alone: at least five, confidence first; then in pairs
# on the ones where you differ) · a page of your own 12 · rewrite 12 (pairs swap sentences and attack each other's) ·
# as right as you are sure 6 · Explain 5 · Check 8 · Limits 2.
#
# With 45 minutes: Predict, cards, rewrite, Check.
#
# The tone matters more than the tools. The pages behind these claims were written by people who want to help, and 59
# of their 92 statements are supported at least in part. Nobody is on trial. If somebody brings a real page, ask that
# its *sentences* be discussed. What is pasted stays in the kernel.
#
# With another review folder (`ketalit lab --review DIR`) all panels follow; the questions and this text are about the
# bundled one.

# %%
from ketalit.lessons.clinic import Calibration, ClaimCards, Gaps, PageAudit, Rewrite
from ketalit.lessons.question import Check, Predict

# %% [markdown]
# ## The scene
#
# A colleague forwards you a page. "My sister found this. It says that a long infusion resets the brain, that two
# thirds get relief, that there is no chance of addiction. She wants to know what I think by tonight."
#
# Your first answer is ready at once: some of it is nonsense, some is fine. That is a feeling, not a finding. What your
# colleague needs is sentence by sentence: is there evidence, of what kind, in whom, and how sure are *you*? Tonight
# you will do what reviewers do in months, on a small scale: split, search, grade, rewrite.

# %% [markdown]
# ## Predict
#
# Before any claim, look at the ground it stands on. A claim about pain and ketamine names, or should name, a condition
# and a route. How much of that ground has anybody walked?

# %%
Predict("08", "empty-cells", Gaps())

# %% [markdown]
# ## Observe
#
# ### Where there is no trial
#
# Stay with the map you have opened. A full disc is a randomised trial; its sign tells which side its primary outcome
# favours; its size, how many people. A shaded cell holds no randomised trial.
#
# * Ask for *randomised trials*, then for at least 60 people. **Find** how many cells are left that hold one.
# * Ask for those *that tell of harms*. A trial that is silent about harms is not a trial without harms.
# * Turn the columns to *follow-up*. Which column would a claim about lasting relief need?
#
# Keep the shaded cells in mind. "There is no trial" and "trials found nothing" sound alike and are opposites in one
# respect: after the second, somebody knows something.
#
# ### One claim at a time
#
# The cards below are statements from the pages of five clinics, in our words. For each: **grade it before you search,
# and say how sure you are.** Then the card opens: verdict, reason, the works it rests on with the place in them, what
# speaks against leaning on it, what would change it.
#
# Grade at least five, one from each of these topics: *mechanism*, *efficacy*, *addiction*, *adverse-effects*,
# *contraindications-interactions*. Where you and the card differ, look for the word that made the difference. You may
# be right: a verdict is somebody's reading, with a date.

# %%
ClaimCards()

# %% [markdown]
# ### Who, watched how, and with what else
#
# Claims about eligibility, monitoring and interactions deserve the same questions as claims about benefit. They are
# believed more easily, since they sound careful. What the review holds:
#
# * **Who should not.** A consensus guideline of three American societies (2018) speaks against subanaesthetic
#   infusions in poorly controlled cardiovascular disease and in some poorly controlled psychoses, and against serial
#   infusions in active substance misuse [1]. This is agreement of experts, on evidence that they grade themselves.
# * **Heart and pressure.** In 68 volunteers blood pressure and heart rate rose against placebo, on average below what
#   is called hypertension [2]. People with heart disease were not who was studied: the reason for caution is an
#   inference, a sensible one, and should be called so.
# * **The liver.** Three of six people with CRPS had raised liver enzymes after a second long course of S-ketamine
#   close upon the first [3], and a series of case reports tells of liver and bile ducts under repeated medical use
#   [14]. Three of six is no rate, and raised enzymes that fall again are harm, but not *long-term* harm.
# * **The bladder.** Ulcerative cystitis was described in nine daily users [15]. Of nine patients seen by urologists in
#   England, some had been given ketamine for chronic pain; there were shrunken bladders and damaged kidneys among
#   them [16]. The drug label names pain of the urinary tract with chronic use off label [17]. Such reports show that
#   lasting harm occurs; how often at doses for pain, they cannot tell, and long-term safety has hardly been
#   studied [18].
# * **Other medicines.** Grapefruit juice tripled the exposure to S-ketamine *taken by mouth* in 12 volunteers;
#   analgesic effects did not differ [4]. A page that warns of it in front of an infusion has borrowed a result from
#   another route.
# * **Fasting for less nausea.** The reason on the drug label is vomiting and aspiration under anaesthesia [17].
#   Whether fasting lessens nausea at doses for pain, the review found no source (claim K66). That is a gap, not a
#   refutation.
#
# ### A page of your own
#
# The box below holds a page about a clinic that does not exist: it was made up for this lesson. Read it and grade its
# sentences on paper. Then press *Hold it against the review*: they come back with the verdicts of the claims they
# make, or with *not yet checked*. Open *why?* under each.
#
# * Two sentences differ in one number only. **Find** them: why has one a verdict and the other none?
# * The first sentence joins a fact to a promise by "and that is why". Which part could be checked?
# * Then paste a page of your own. Nothing is sent anywhere. The match is by words and can be wrong: read the claim
#   beside each verdict before you believe it.

# %%
PageAudit("synthetic-clinic-page.md")

# %% [markdown]
# ### Say it honestly
#
# Take an overstated claim and write what the evidence allows. The check list under the box follows your typing: it
# knows words, not truth. A sentence may have all seven parts and be false; a sentence without any of them cannot even
# be wrong. First take back what no evidence could carry. After that try, *What the review holds* opens: now put the
# numbers in. Reach five parts without a word that leaves no doubt, then read it aloud. Would your colleague's sister
# understand it?

# %%
Rewrite("K23")

# %% [markdown]
# ### As right as you are sure?
#
# You have said how sure you were each time. Now comes the bill, for this notebook: what you answered in other lessons
# is not on it. Predict first, then compare the made-up learners, then press *Draw it with my latest answers*.

# %%
Predict("08", "who-scores-better", Calibration(whose="made up: always 90 % sure"))

# %% [markdown]
# ## Explain
#
# A claim is a bundle. "One or two infusions can eliminate chronic pain" holds a dose (one or two, of what?), a
# population (all chronic pain?), a size (eliminate), a time (for how long?) and a comparator (none). Each part has an
# answer of its own. Split first; then a verdict on the whole is the verdict on its weakest part that matters.
#
# **"The mechanism proves the benefit."** Ketamine blocks NMDA receptors, NMDA receptors take part in central
# sensitisation, so ketamine must relieve pain: every step may be right, and the conclusion may still fail, through
# dose, through time, through everything else in the chain. A mechanism tells where to look. "Resets" and "reboots"
# are not even mechanisms: behind them the review found imaging of one patient, connectivity that goes with response
# in a cohort, and a mouse [5, 6, 7].
#
# **"There is no evidence, so it does not work"** (or "so it is safe"). *Unsupported* and *contradicted* are different
# grades. Altman and Bland put the difference into their title: absence of evidence is not evidence of absence [8]. A
# trial that finds no significant difference can be too small to see one; a trial never done finds nothing. The same
# holds for harms: if nobody asked, the count is not zero.
#
# **"A review has shown it."** In 2019 a meta-analysis of seven trials (211 people) gave a small benefit up to two
# weeks, −1.83 points on 0–10 (95 % interval −2.35 to −1.31), all but one trial at high risk of bias [9]. In 2025 a
# Cochrane review found no clear benefit of ketamine at any time, at low or very low certainty [10]. Both are careful
# works. They asked at other times, of other trials, with other models (lesson 7). One review is one set of choices;
# the difference between two is part of what is known.
#
# **"There is no chance of addiction."** An absolute claim falls to a counterexample, and frequent users report failed
# attempts to stop [11]. That does not tell how often it happens in people treated for pain: neither that review nor the
# guideline [1] behind the card (K36) is a count of them, and the bundled review holds none. An honest sentence says
# both.
#
# How sure should you be? If you say $p_i$ and the outcome is $o_i$ (1 when you were right, 0 when not), Brier's score
# is the mean squared distance [12]:
#
# $$B = \frac{1}{N}\sum_{i=1}^{N} (p_i - o_i)^2$$
#
# Lower is better. Always saying 50 % earns 0.25 without knowing anything. Being wrong at 90 % costs 0.81; being right
# at 90 % costs 0.01. The score cannot be gamed by modesty or by bravado: over many claims the best you can do is say
# what you believe. In general-knowledge questions people were wrong too often when they were certain [13]; there is
# little reason to think that readers of medical claims, or writers of lessons, are exempt.

# %% [markdown] tags=["instructor"]
# **Expected answers.** empty-cells: about three quarters (49 of 64). who-scores-better: the one who says 60 % (0.24
# against 0.33; the third learner 0.15). grade-reboot: unsupported; grade-addiction: contradicted; grade-months: partly
# supported; grade-channel: mis-stated; grade-juice: partly supported; would-change: first and second; transfer-device:
# first three.
#
# **To find.** With at least 60 people 59 of 64 cells hold no randomised trial, so 5 do. By follow-up, the column
# *Beyond 3 months* holds no randomised trial of any condition. On the synthetic page the two
# sentences are relief "up to three months" (a known claim) and "up to three years" (another number, so no verdict).
# The made-up learner with the lowest score is the third.
#
# **Common wrong answers, and what to ask back.**
#
# * *"Unsupported, so it is false."* Ask: which finding would let you say *contradicted*? Has anybody looked?
# * *"Nobody has reported addiction in patients."* Ask: who has counted, how many, for how long?
# * *"The Cochrane review is right and the other wrong."* Ask: which trials, which time, which certainty does each
#   give? (no clear benefit is not no benefit)
# * *"Overstated or partly supported, who cares?"* Ask: which word would you strike? If one, overstated; if you would
#   have to add a population, partly supported. Readers may differ here, and agreement between two is worth measuring.
# * *"All clinics' pages are rubbish."* Ask: how many of the 92 statements are supported? (30, and 29 more in part)
#
# A good rewrite of K23, for comparison: *In one trial of 60 people with CRPS a 4-day infusion lowered pain by about
# 2.8 points of 10 more than placebo at week 1; in week 12 no significant difference was left. In other conditions
# effects were smaller and shorter, and the certainty is low.*

# %% [markdown]
# ## Check
#
# Five claims to grade from the evidence given, then what would change a grade, then something else altogether.

# %%
Check("08")

# %% [markdown]
# ## Limits
#
# * The verdicts are readings, mostly of abstracts, mostly by one look; each card says so. Some of the bibliography was
#   entered from memory and is marked. Where a verdict rests on a drug label or a news report, that was read in place
#   of primary studies.
# * The claims come from the pages of five clinics and are no sample of anything.
# * The audit matches words, numbers and denials. It misses claims said in other words, and can match wrongly. It
#   withholds a verdict rather than guess.
# * The check list knows words. It cannot tell a true number from an invented one.
# * The map holds studies of one review, found by citation and hand-searching. A shaded cell may have been filled
#   elsewhere.
# * Calibration on a dozen answers is mostly chance: look at the bars. *Right* means here *as the review has it*.
# * Nothing here is advice. Who may have a treatment, and how they are watched, is decided by people who know the
#   patient.

# %% [markdown]
# ## References
#
# 1. Cohen SP, Bhatia A, Buvanendran A, et al. Reg Anesth Pain Med 2018;43:521–46.
#    [PMID 29870458](https://pubmed.ncbi.nlm.nih.gov/29870458/) (abstract read, and a summary of its contraindications
#    by others)
# 2. Liebe T, Li S, Lord A, et al. Int J Neuropsychopharmacol 2017;20:909–18.
#    [PMID 29099972](https://pubmed.ncbi.nlm.nih.gov/29099972/) (abstract read)
# 3. Noppers IM, Niesters M, Aarts LPHJ, et al. Pain 2011;152:2173–8.
#    [PMID 21546160](https://pubmed.ncbi.nlm.nih.gov/21546160/) (abstract read)
# 4. Peltoniemi MA, et al. Eur J Clin Pharmacol 2012;68:979–86.
#    [PMID 22286159](https://pubmed.ncbi.nlm.nih.gov/22286159/) (abstract read)
# 5. Becerra L, Schwartzman RJ, Kiefer RT, et al. Pain Med (online 2009, printed 2015;16:2368–85).
#    [PMID 26745152](https://pubmed.ncbi.nlm.nih.gov/26745152/) (abstract read)
# 6. Bosma RL, Cheng JC, Rogachov A, et al. Anesthesiology 2018;129:1015–24.
#    [doi:10.1097/ALN.0000000000002417](https://doi.org/10.1097/ALN.0000000000002417) (abstract read)
# 7. Tajerian M, et al. Anesthesiology 2015;123:1435–47.
#    [PMID 26492479](https://pubmed.ncbi.nlm.nih.gov/26492479/) (abstract read; journal and pages not verified)
# 8. Altman DG, Bland JM. Absence of evidence is not evidence of absence. BMJ 1995;311:485.
#    [PMID 7647644](https://pubmed.ncbi.nlm.nih.gov/7647644/) (beginning read)
# 9. Orhurhu V, Orhurhu MS, Bhatia A, Cohen SP. Anesth Analg 2019;129:241–54.
#    [PMID 31082965](https://pubmed.ncbi.nlm.nih.gov/31082965/) (abstract read)
# 10. Ferraro MC, Cashin AG, O'Connell NE, et al. Ketamine and other NMDA receptor antagonists for chronic pain.
#     Cochrane Database Syst Rev 2025:CD015373. [PMID 40819842](https://pubmed.ncbi.nlm.nih.gov/40819842/) (abstract
#     and data package read; DOI not verified)
# 11. Morgan CJA, Curran HV. Ketamine use: a review. Addiction 2012;107:27–38.
#     [doi:10.1111/j.1360-0443.2011.03576.x](https://doi.org/10.1111/j.1360-0443.2011.03576.x) (abstract read)
# 12. Brier GW. Verification of forecasts expressed in terms of probability. Mon Weather Rev 1950;78(1):1–3
#     (bibliography and introduction seen; identifier not verified)
# 13. Fischhoff B, Slovic P, Lichtenstein S. Knowing with certainty: the appropriateness of extreme confidence. J Exp
#     Psychol Hum Percept Perform 1977;3(4):552 ff. (abstract seen; identifier not verified)
# 14. Cotter S, Wong J, Gada N, et al. Drug Saf 2021.
#     [doi:10.1007/s40264-021-01120-9](https://doi.org/10.1007/s40264-021-01120-9) (beginning of the abstract read)
# 15. Shahani R, Streutker C, Dickson B, Stewart RJ. Ketamine-associated ulcerative cystitis: a new clinical entity.
#     Urology 2007;69:810–2 (abstract read; identifier not verified)
# 16. Cottrell AM, Ayres R, Weinstock P, et al. Urinary tract disease associated with chronic ketamine use. BMJ
#     2008;336:973 (a letter, read in part; identifier not verified)
# 17. US label of ketamine hydrochloride,
#     [DailyMed 46dab560](https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=46dab560-8ecd-4d92-8c92-6baa2310b09b)
#     (for the urinary tract as told on card K35, for fasting on K66)
# 18. Short B, Fong J, Galvez V, et al. Side-effects associated with ketamine use in depression: a systematic review.
#     Lancet Psychiatry 2018;5:65–78. [PMID 28757132](https://pubmed.ncbi.nlm.nih.gov/28757132/) (abstract read)
#
# The works behind each claim stand on its card. `ketalit claims` lists all claims, `ketalit audit page.html` holds a
# page against them outside this notebook, and `ketalit map --why` tells why each study stands where it stands.

# %% [markdown] tags=["instructor"]
# ## For the instructor: the panels, worked
#
# Fresh panels; those above stay as your students left them.

# %% tags=["instructor"]
gaps = Gaps()
gaps.set(count="randomised trials", least=60)
print(gaps.seen())

# %% tags=["instructor"]
gaps.reset.click()
gaps.example.value = "followed for how long?"
print(gaps.seen())

# %% tags=["instructor"]
gaps.least.value = 500
print(gaps.seen())

# %% tags=["instructor"]
cards = ClaimCards(topic="contraindications-interactions")
cards.grade("supported", confidence=90)
print(cards.seen())

# %% tags=["instructor"]
cards.next.click()
cards.grade("unsupported", confidence=60)
print(cards.seen())

# %% tags=["instructor"]
cards.open("K17")
cards.grade("contradicted", confidence=80)
print(cards.seen())

# %% tags=["instructor"]
page = PageAudit()
page.paste("A long infusion resets the brain. Ketamine never causes headaches. It works for everybody.")
print(page.seen())

# %% tags=["instructor"]
rewrite = Rewrite("K23")
rewrite.write("A few low-dose infusions may lower chronic pain for a time.")
rewrite.look.click()
print(rewrite.seen())

# %% tags=["instructor"]
rewrite.write(
    "In one trial of 60 people with CRPS, a 4-day infusion lowered pain by about 2.8 points of 10 more than placebo at "
    "week 1; in week 12 no significant difference was left. Certainty: one small trial."
)
print(rewrite.seen())

# %% tags=["instructor"]
predict = Predict("08", "empty-cells", Gaps())
predict.answer("about half (32)", confidence=70)
predict.compare.click()
print(predict.seen())

# %% tags=["instructor"]
score = Predict("08", "who-scores-better", Calibration())
score.answer("the one who says 60 %", confidence=60)
score.panel.whose.value = "made up: knows when it knows"
score.compare.click()
print(score.seen())

# %% tags=["instructor"]
score.panel.again.click()
print(score.panel.seen())

# %% tags=["instructor"]
check = Check("08")
check.questions["grade-reboot"].answer("contradicted")
check.questions["grade-reboot"].answer("unsupported")
check.questions["grade-addiction"].answer("contradicted")
check.questions["would-change"].answer([0, 1])
check.questions["transfer-device"].answer([0, 1, 2, 3])
print(check.seen())
