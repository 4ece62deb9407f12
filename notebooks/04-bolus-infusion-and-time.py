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
# # Bolus, infusion and time
#
# **60 minutes** · for graduate students; no programming needed beyond pressing *Run*.
# First choose *Run ▸ Run All Cells*, then read from the top.
#
# At the end you can
#
# 1. put doses of published protocols into the same units, and say what each conversion assumes about body weight;
# 2. tell what sets the height of a steady state, and what sets the time until it is reached;
# 3. explain why the effect lags behind plasma, and what decides how fast plasma falls after an infusion;
# 4. say how far published models, and people, differ about the same dose;
# 5. recognise a dose that lies outside what was studied.
#
# **Teaching model, not for dosing patients.** Published doses appear here as evidence to be compared. Nothing here says
# what anybody should take or give.

# %% [markdown] tags=["instructor"]
# ### For the instructor: plan
#
# | minutes | section | what to do |
# |---|---|---|
# | 0–6 | The scene | let pairs rank the three protocols by total dose and by rate, without a calculator |
# | 6–16 | Predict | everybody answers with a confidence; show hands; then double the rate together |
# | 16–40 | Observe | 9 min bolus and effect site; 8 min stopping; 7 min other bodies |
# | 40–47 | Explain | write the sum on the board, cover the factor $R/CL$ with a hand: what is left is time |
# | 47–57 | Check | alone first, then in pairs; collect the transfer item aloud |
# | 57–60 | Limits | ask for one thing that no curve of today can tell |
#
# In the scene the order by total dose at 70 kg is: 35 mg; 980 mg in ten visits; about 2,200 mg if the last rate of the
# CRPS trial ran all the time, which it did not. The order by rate is a different one: 0.75, 0.35 and 0.32 mg/kg/h.

# %%
from ketalit.lessons.infusion import Body, Doses, EffectSite, Stopping
from ketalit.lessons.question import Check, Predict

# %% [markdown]
# ## The scene
#
# Three papers lie on the table before a journal club. A depression trial gave **0.5 mg/kg over 40 minutes** [1]. A trial in
# complex regional pain syndrome (CRPS) ran a pump for **4.2 days**, raised step by step to a mean of **22.2 mg/h per 70 kg** of
# S-ketamine [2, 5]. Another CRPS trial gave up to **0.35 mg/kg/h, at most 25 mg/h, for 4 hours on each of 10 days** [3].
#
# “The first is the strongest,” says one reader, looking at the rate. “The second, by far,” says another, looking at the total.
# A third proposes: “If they wanted a steady level sooner, they should simply have run the pump twice as fast.”
#
# All three argue about milligrams. Patients have concentrations, and concentrations have a past.

# %% [markdown]
# ## Predict
#
# Take the third reader at her word. Answer, say how sure you are, and only then the pump will run.

# %%
Predict("04", "double-rate", Doses())

# %% [markdown]
# Move **Infusion rate** from 0.2 to 0.4 mg/kg/h. The dotted grey curves are what was there before. Compare two things: how high
# the curves settle, and when. Then press *I have looked: compare*.

# %% [markdown]
# ## Observe
#
# ### 1 · A bolus, and the site where it acts
#
# One model now, with two curves: plasma, and an *effect site* that follows plasma with a delay (half-life 6.1 minutes, the mean
# of several effects in 12 volunteers [11]). Press **Play** at the time cursor and read both as it walks. Where is plasma when the
# effect site is highest?
#
# *A number to find:* let the infusion last 24 hours. Is there a bolus after which plasma neither starts above steady state nor
# sinks below it? Write down the best that you find, and what it still gets wrong.
#
# Then open **Example**, which brings all five models back, and walk through the protocols of the scene, and others, such as *spinal cord injury, 5 h x 7 days* [6].
# Choose *postherpetic neuralgia, 7 days* as well: it was given
# under the skin [7], and no published model here covers that route. What was given is known to the milligram; what the blood held
# is not, and the panel draws nothing rather than something. For the same reason the model of ventilated children [10] is always
# left out: it was fitted to 3.4 to 35 kg.

# %%
EffectSite()

# %% [markdown]
# ### 2 · The pump stops
#
# Suppose a leaflet says no more than “half-life: 2.5 hours”. Does that tell when a concentration has halved?

# %%
Predict("04", "longer-run", Stopping())

# %% [markdown]
# *A number to find:* after 24 hours, how long does plasma take to fall by half, by the fastest and by the slowest model? Then let
# it fall to 20 %: do the models come closer to one another, or drift apart? Last, move the rate: which curves move?
#
# <details><summary>Open this when you have compared.</summary>
#
# On the right you see the same question for every length of infusion at once. The time that plasma takes to fall by half after an
# infusion is called its **context-sensitive half-time**; the context is how long the infusion ran [12]. The rate is no part of it.
#
# </details>

# %% [markdown]
# ### 3 · The same prescription in another body
#
# Left: one model, and how far people of one body weight differ in it. Right: what five models hold body weight to do. Set the
# weight to 130 kg and go through the three ways of dosing. By weight, two models keep the level (they scale everything with
# weight), two let it rise (their clearance grows with the 0.75th power of weight, as is often done; for Simons 2022 this is our
# assumption), and one lets it rise in proportion: in people of 39 to 170 kg its authors looked for an effect of weight and left it out [8].
#
# *A number to find:* above which weight does the ceiling of 25 mg/h of the CRPS trial [3] take over?
#
# Try clearance, too, and what is taken with it. S-ketamine is cleared somewhat faster than R-ketamine, in ten healthy men
# 0.024 against 0.020 L/min/kg [13], and in surgical patients in the same direction [14]. A drug that blocks its breakdown raises
# *swallowed* ketamine a lot (clarithromycin: area under the curve 2.6 times [15]); for an infusion the computed change is small
# (clearance 0.84 times). There are two reasons. What comes from a vein has escaped the first passage through gut wall and liver. And
# ketamine's clearance is near the blood flow of the liver: in one model it is 109 of 151 L/h [8], and in most animals it was
# comparable with that flow or lower [17]. So blood flow limits clearance, and what enzymes do to it is damped. Rifampicin, which
# makes more enzyme, shows both: the area under the curve fell by 86 % for swallowed S-ketamine and by 14 % for that into a vein [18].

# %%
Body()

# %% [markdown]
# ## Explain
#
# Where drug leaves and returns in proportion to what is there, a constant infusion of rate $R$ raises plasma as
#
# $$C(t) = \frac{R}{CL}\left(1 - \sum_i a_i\, e^{-\lambda_i t}\right), \qquad \sum_i a_i = 1 .$$
#
# Read it as two separate statements. In front stands **how high**: the steady state is rate over clearance, $R/CL$. In the bracket
# stands **how soon**: the exponents $\lambda_i$, one for each compartment, belong to the body and the drug. $R$ is not in the
# bracket. So twice the rate is twice the height at every moment, and the same time. What brings the level up sooner is a
# **bolus**, and what a body with less clearance has is a *higher* level, reached *later*.
#
# **Which bolus?** Level times volume, but which volume? In the model of Fanta and Otto the steady state of 0.2 mg/kg/h is
# 147 ng/mL. Times the central volume (133 L) this is 20 mg: right at the first moment, then drug flows into tissue and plasma
# sags. Times the volume at steady state (419 L) it is 62 mg: right in the end, and more than three times too high at the start. A
# single bolus cannot be right for a body with more than one compartment.
#
# **Why the fall depends on the past.** After the stop each term of the sum decays at its own pace, and how much of it there is
# depends on how long it has been filled. After a short infusion drug leaves plasma for empty tissue, and the level drops
# quickly. After days tissue is full and gives drug back; then slow terms dominate, and the time stops growing. The terminal
# half-life is the slowest term alone. It does not say when half is gone: in these five models that takes from a quarter of an
# hour to an hour and a half after 4 hours, while their terminal half-lives are 2 to 11 hours. And neither says when an *effect*
# ends, which needs a model of effect as well [12].
#
# **Why units matter.** mg/h and mg/kg/h differ by a body. “14 mg/h per 70 kg” is 0.2 mg/kg/h or 3.3 µg/kg/min for everybody
# only if the dose was really scaled with weight; “25 mg/h” is 0.5 mg/kg/h in somebody of 50 kg and 0.19 in somebody of 130 kg. Which
# of them keeps *concentrations* equal is a question to be measured, and the models give three different answers.
#
# **Why five models.** They were fitted to different people, forms of the drug and blood vessels: arterial blood runs ahead of venous
# blood [13]. None is the right one for a patient with chronic pain. Some evidence from patients: in 16 people with CRPS, on 10 to 40 mg/h
# for five days, both enantiomers were highest at four to five hours and not later [4]. The rate was being titrated, so this is no clean
# test; but it sits more easily with the models that reach a steady level early.

# %% [markdown] tags=["instructor"]
# ### For the instructor: expected answers
#
# * **Predict 1**: most say “it halves”. Ask: at twice the speed towards a goal twice as far, when do you arrive?
# * **Predict 2**: “a half-life is a constant” is common among those who have had pharmacology. Ask which half-life: the model of
#   Fanta and Otto has three, 13 min, 89 min and 7.4 h.
# * **Observe 1**: 0.3 mg/kg starts near steady state and sags to about 100 ng/mL; 0.6 mg/kg sags least but starts at twice the
#   level. After 24 h at 0.2 mg/kg/h the fall by half takes 30 min (Domino) to 125 min (Clements and Nimmo). To 20 % the models
#   drift apart, from about 3 to 9 h. Ceiling: 25 / 0.35 = 71 kg.
# * **Check**: 5.29 µg/kg/min (common: 370, forgetting the weight; 317, forgetting the minutes); 0.75 mg/kg/h (common: 0.5, taking
#   the dose for the rate); about 12 h; the crossing; first, second and last statement.
# * **Transfer**: some want “the right weight”. Ask what study would answer it, and in whom. Ask also what a ceiling does to a
#   dose by weight, and that a cautious choice may be good practice without being shown by this evidence.
# * If somebody asks what to do with a real patient: this lesson has no answer, and says so.

# %% [markdown]
# ## Check

# %%
Check("04")

# %% [markdown]
# ## Limits
#
# * **A curve is not a measurement.** Most numbers of these models were read in programs that quote the papers, not in the papers
#   themselves; each panel says which. For the same 40 minutes the models’ peaks differ more than twofold.
# * **Who was studied.** Mostly healthy volunteers; one model adds people with depression [8]. Nobody here was
#   fitted to people with chronic pain, to severe liver disease or to frail age. For critically ill people with obesity, a review found
#   no adequately powered randomised trials to base doses on [16].
# * **Form.** Three of the models are of S-ketamine and are used for the racemate too, which the pictures say. No model of R-ketamine
#   is at hand. Norketamine is left out of the pictures.
# * **Routes.** Two models cover routes other than a vein (nose and mouth [8]; under the tongue and cheek [9]); none covers drug given
#   under the skin, into muscle, rectally or epidurally.
# * **Effect site.** A delay fitted to effects, not a concentration that anybody sampled. It differs between effects, from none to
#   11.8 minutes [11].
# * **Interactions** of infusions are computed from studies of swallowed drug, apart from rifampicin. Drugs can
#   also interact by what they do, such as sedate, and no concentration shows that.
# * **Hypothesis only:** that any level shown here is the level that relieves chronic pain. Relief that outlasts the drug is not explained
#   by these curves; lesson 5 takes it up.

# %% [markdown]
# ## References
#
# Trials whose doses appear
#
# 1. Murrough JW, et al. *Am J Psychiatry* 2013. [PMID 23982301](https://pubmed.ncbi.nlm.nih.gov/23982301/)
# 2. Sigtermans MJ, et al. *Pain* 2009;145:304-311. [PMID 19604642](https://pubmed.ncbi.nlm.nih.gov/19604642/)
# 3. Schwartzman RJ, et al. *Pain* 2009;147:107-115. [PMID 19783371](https://pubmed.ncbi.nlm.nih.gov/19783371/)
# 4. Goldberg ME, et al. *Pain Physician* 2010;13:379. [PMC2950807](https://pmc.ncbi.nlm.nih.gov/articles/PMC2950807/)
# 5. Dahan A, et al. *Eur J Pain* 2011;15:258-267 (the patients of 2, with a model). [PMID 20638877](https://pubmed.ncbi.nlm.nih.gov/20638877/)
# 6. Amr YM. *Pain Physician* 2010;13:245-249. [PMID 20495588](https://pubmed.ncbi.nlm.nih.gov/20495588/)
# 7. Eide PK, et al. *Pain* 1995;61:221-228. [DOI 10.1016/0304-3959(94)00182-E](https://doi.org/10.1016/0304-3959(94)00182-E)
#
# Kinetics
#
# 8. Perez-Ruixo C, et al. *Clin Pharmacokinet* 2021;60:501-516. [DOI 10.1007/s40262-020-00953-4](https://doi.org/10.1007/s40262-020-00953-4)
# 9. Simons P, et al. *Front Pain Res* 2022;3:946486. [PMID 35899184](https://pubmed.ncbi.nlm.nih.gov/35899184/). The other models: Domino EF,
#    et al. *Clin Pharmacol Ther* 1984;36:645-653, [PMID 6488686](https://pubmed.ncbi.nlm.nih.gov/6488686/); Clements JA, Nimmo WS. *Br J
#    Anaesth* 1981;53:27-30, [PMID 7459184](https://pubmed.ncbi.nlm.nih.gov/7459184/); Fanta S, et al. *Eur J Clin Pharmacol* 2015;71:441-447,
#    [PMID 25724645](https://pubmed.ncbi.nlm.nih.gov/25724645/), with Otto ME, et al. 2021;77:1181-1192,
#    [DOI 10.1007/s00228-021-03104-1](https://doi.org/10.1007/s00228-021-03104-1)
# 10. Flint RB, et al. *Pediatr Anesth* 2017;27:1098-1107. [DOI 10.1111/pan.13239](https://doi.org/10.1111/pan.13239)
# 11. Olofsen E, et al. *Anesthesiology* 2012;117:353-364 (identifier not verified).
#     [page of the journal](https://pubs.asahq.org/anesthesiology/article/117/2/353/13169/Estimation-of-the-Contribution-of-Norketamine-to)
# 12. Bailey JM. *Clin Pharmacokinet* 2002;41:793-799. [PMID 12190329](https://pubmed.ncbi.nlm.nih.gov/12190329/)
# 13. Persson J, et al. *Eur J Clin Pharmacol* 2002;57:869-875 (identifier not verified)
# 14. Geisslinger G, et al. *Br J Anaesth* 1993;70:666-671. [PMID 8329260](https://pubmed.ncbi.nlm.nih.gov/8329260/)
# 15. Hagelberg NM, et al. *Eur J Pain* 2010;14:625-629. [PMID 19897389](https://pubmed.ncbi.nlm.nih.gov/19897389/). The other interactions: each with
#     its study under the third panel
# 16. Erstad BL, Barletta JF. *Crit Care* 2020;24:315. [PMID 32513237](https://pubmed.ncbi.nlm.nih.gov/32513237/)
# 17. Björkman S, Redke F. *J Pharm Pharmacol* 2000;52:1065-1074 (abstract read; identifier not verified)
# 18. Peltoniemi MA, et al. *Basic Clin Pharmacol Toxicol* 2012;111:325-332.
#     [DOI 10.1111/j.1742-7843.2012.00908.x](https://doi.org/10.1111/j.1742-7843.2012.00908.x) (abstract read)

# %% [markdown] tags=["instructor"]
# ## For the instructor: the panels, worked
#
# Each cell moves a panel of its own and prints what a learner would read.

# %% tags=["instructor"]
predict = Predict("04", "double-rate", Doses())
predict.answer("it halves", confidence=80)
predict.panel.rate.value = 0.4
predict.compare.click()
print(predict.seen())

# %% tags=["instructor"]
site = EffectSite()
print(site.seen())
site.rate.value = 0
print(site.seen())
site.set(rate=0.2, length=24, time=50)
print(site.seen())
site.bolus.value = 0.6
print(site.seen())

# %% tags=["instructor"]
doses = Doses()
doses.example.value = "depression infusion"
print(doses.seen())
doses.example.value = "postherpetic neuralgia, 7 days"
print(doses.seen())
doses.set(route="oral", bolus=0.5)
print(doses.seen())
doses.reset.click()
print(doses.seen())

# %% tags=["instructor"]
later = Predict("04", "longer-run", Stopping())
later.answer("longer after 24 hours", confidence=60)
later.panel.length.value = 1
print(later.panel.seen())
later.panel.length.value = 24
print(later.panel.seen())
later.panel.set(left=20, rate=1)
print(later.panel.seen())
later.panel.site.value = "effect site"
print(later.panel.seen())

# %% tags=["instructor"]
body = Body()
body.example.value = "130 kg, dosed by weight"
print(body.seen())
body.example.value = "130 kg, dosed alike"
print(body.seen())
body.set(weight=300, interaction="clarithromycin")
print(body.seen())
body.example.value = "R-ketamine: the clearance measured for it"
print(body.seen())
body.set(model="Perez-Ruixo 2021", people=False)
print(body.seen())
body.reset.click()
print(body.seen())

# %% tags=["instructor"]
check = Check("04")
check.questions["convert-crps"].answer(370)
check.questions["convert-depression"].answer(0.75)
check.questions["find-rest"].answer(12)
check.questions["effect-lag"].answer(2)
check.questions["obese-patient"].answer([0, 1, 4])
print(check.seen())
