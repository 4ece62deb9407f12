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
# # Capstone: design a study, and defend it
#
# **90 minutes** · for graduate students; no programming needed beyond pressing *Run*. First choose *Run ▸ Run All Cells*, then read from the top.
#
# Teaching model, not for dosing patients.
#
# At the end you can
#
# 1. find out what has been studied in one pain condition, and name the cell of the map that your study would fill;
# 2. choose dose, comparison, primary outcome and follow-up, and say which link of the chain each rests on;
# 3. compute how many people it takes, and defend the difference and the SD that you put in;
# 4. write the plan on one page, with what could harm people and what the study cannot show;
# 5. find the weakest point in the plan of another team.

# %% [markdown] tags=["instructor"]
# ### For the instructor: 90 minutes
#
# | minutes | part | what to do |
# |---|---|---|
# | 0–8 | Scene | teams of three or four; each draws a condition out of a hat, so that not all take CRPS |
# | 8–18 | Predict | alone, then the team; write the guesses on the board before anybody opens the panel |
# | 18–33 | Observe 1 and 2 | what is known: one person reads the map, one the table, one the pooled result of lesson 7 |
# | 33–58 | Observe 3: the page | work; at minute 45 ask every team for its primary outcome in one sentence |
# | 58–66 | Check | alone |
# | 66–86 | Defence | five minutes a team, then two questions from the team to their left |
# | 86–90 | Limits | which plan would you fund, and what would you ask first? |
#
# With 60 minutes: leave out the check, and let teams send their pages in.
#
# ### Rubric (20 points)
#
# | | 0 | 1 | 2 |
# |---|---|---|---|
# | **Question** | a topic | a question without time or comparison | people, dose, comparison, outcome and time in one sentence |
# | **What is known** | none, or “nothing” | studies listed | the cell named, its trials weighed, and how they were found |
# | **Dose** | a number | with its source, units right | … and form, body weight, ceiling, and what no model knows |
# | **Link** | “mechanism” | one link named | … with the assumption that matters most, and a measurement that tests it |
# | **Comparison and masking** | saline, unexplained | active placebo, or a reason against it | … and a test of masking |
# | **Outcome and follow-up** | several, or during the infusion | one, with its week | … where the claim stands, in weeks after the drug has gone |
# | **Number of people** | missing | difference, SD and power stated | … the SD’s source and its doubt, the difference argued for |
# | **Harms** | “well tolerated” | listed | asked for actively, by whom, how long; repeated doses; reasons to stop |
# | **Honesty** | says it will show that it works | limits named | says what result would make the team drop the idea |
# | **Defence** | reads the page | answers | sees the weak point before the others do |
#
# Take points off for advice to patients, and for a dose without unit. A small, honest plan earns more than a large, vague one.

# %%
from ketalit.lessons.clinic import Gaps
from ketalit.lessons.design import Design, StudyPage
from ketalit.lessons.evidence import EvidenceBrowser
from ketalit.lessons.question import Check, Predict

# %% [markdown]
# ## The scene
#
# A foundation has written to your department. It will pay for **one** trial of ketamine infusions in **one** condition of chronic pain, and
# it wants a single page by the end of the afternoon. On its board sit a pain physician, a statistician, and a man who has lived
# with pain in his hand for eleven years. He has had three infusions. “They helped,” he says, “I think. Or it was the two days in a
# quiet bed. I should like to know before I have a fourth.”
#
# That is your question, and it is a good one. The page has to say whom you would ask to take part, what they would get, against what, when
# you would look, how many it takes, what could go wrong, and how the answer could turn out to be no.
#
# Everything is an exercise on paper. Nobody is treated by it.

# %% [markdown]
# ## Predict
#
# Begin with the number that sinks most plans. How many people does it take?

# %%
Predict("10", "how-many", Design())

# %% [markdown]
# Now make the panel yours. Choose **Example** first if you want a published schedule, since it puts everything else back; then
# **Condition**, **Compared with**, the week of the **Primary outcome** and the rest. The picture in the middle shows how power grows with people, for your
# difference, for an SD that is higher than it looked, and for half the difference.
#
# *A number to find:* which difference could a trial as large as the largest of your condition have found? Say it as a sentence: *so far, nobody
# could have seen less than … points.*
#
# What difference is worth finding? Published thresholds (10, 20, 23, 40 of 100, in the list under the panel) are changes *within a
# person* over time. A difference *between groups* is another thing and has to be judged case by case [1].

# %% [markdown]
# ## Observe
#
# ### 1 · Where nobody has looked
#
# The map of the review: your condition is a row. An empty cell may be a gap, or a question that makes no sense; which is yours?

# %%
Gaps()

# %% [markdown]
# ### 2 · What others did, in their own words
#
# The evidence table, here of CRPS. Put your own condition in the place of *CRPS*, sort by number of people, and open the cells of dose, follow-up
# and harms: behind each stands who says so and where. Notice what is *not reported*.
#
# *A number to find:* how many of the studies of your condition measured pain later than four weeks after the drug had gone?

# %%
EvidenceBrowser(where="condition~CRPS", view="outcomes")

# %% [markdown]
# ### 3 · Your page
#
# Copy the code of each panel that your plan rests on: **Copy code** under the panel, then paste it below, one a line. The codes of all lessons
# work: *drip* and *tornado* of lesson 5 for the dose, *outlasts* for the week of the outcome, *forest* of lesson 7 for what is pooled so far. Answer
# what is asked, tick what your page or your talk says, and press **Make the page**. It can be saved as HTML or Markdown.

# %%
StudyPage(["design", "tornado", "outlasts"])

# %% [markdown]
# ## Explain
#
# The statistician on the board will do this sum on an envelope. For two groups of $n$ people each, means that differ by $\Delta$ and an SD
# of $\sigma$,
#
# $$n \;\approx\; 2\,\bigl(z_{1-\alpha/2} + z_{1-\beta}\bigr)^2\,\frac{\sigma^2}{\Delta^2}$$
#
# with $z_{0.975} = 1.96$ for 5 % false alarms and $z_{0.80} = 0.84$ for a power of 80 %: about $16\,\sigma^2/\Delta^2$. For 10 points and an SD of 27.1
# that is 116; the panel, with the t-distribution, says 117 [2].
#
# * **Everything is squared.** Half the difference costs four times the people. An SD that is 10 % higher costs 20 % more of them.
# * **The SD is a guess, too.** It comes from a trial; the upper 80 % limit of an SD from 60 people is a tenth
#   higher, from 20 people a fifth. The row of
#   the review says where each SD stands, and for the largest trial of CRPS that the paper never says what its ± is [3].
# * **Power is not proof.** A trial that was too small and found nothing has found nothing out.
# * **No sum repairs the question.** Thousands of people, asked on the day of the infusion, tell nothing about the eleventh week.
#
# **Which link does your study hang on?** Lesson 5 ended with three kinds of explanation for relief that outlasts the drug: something slow
# downstream, a metabolite, or not the drug. A plan that measures pain alone, against saline, cannot tell them apart. What could: an
# active placebo and the question “which did you get?”; blood in week 1; an outcome in the week where the three disagree.
#
# **What a protocol must hold** has been agreed on: 34 items in SPIRIT 2025 [4]. For chronic pain, a consensus names six domains
# that trials should measure, pain being only the first; adverse events and why people leave are two of the others [5]. Who should not be
# given ketamine, and who watches, is the matter of a consensus on infusions [6]. The check list of the page is ours, much shortened.

# %% [markdown] tags=["instructor"]
# ### For the instructor: expected answers
#
# * **Predict**: most say 30, the size of trials they know. Ask what a trial of 30 in each group can see: 20 points.
# * **Numbers to find**: with an SD of 27.1 and CRPS, 20 points (30 in each group). Other conditions: whatever the panel says; the
#   SD comes from another condition unless the team says otherwise, and a good team notices.
# * **The map**: teams take an empty cell for an argument. Ask why it is empty: nobody asked, nobody could, or nobody needs to.
# * **Common weak points**: three primary outcomes; follow-up that ends with the infusion; an SD of final values with a difference of
#   changes; “double-blind” against saline; harms in a half-sentence; mg without kg; dose by weight without a ceiling; a sample size worked
#   backwards from what a clinic can do, which is fine if it is *said*.
# * **Check**: it about quadruples; 20; the standard error; first, second and third; outcome at two hours, and carry-over.
# * **For the defence**: “What result would make you give the idea up?” sorts the teams faster than any other question.

# %% [markdown]
# ## Check

# %%
Check("10")

# %% [markdown]
# ## Limits
#
# * **A sum, not a design.** Two parallel groups, one time, a t-test. Crossovers, baselines in the model, clusters, looks in between and
#   responders need other sums and a statistician.
# * **One review.** The map and the table hold what their review holds. The bundled one was not found by a systematic search and says so;
#   an empty cell says that *it* has nothing. Look for registered trials before you plan one.
# * **SDs come from few small trials**, partly read off figures by the review that is quoted [3], and are pain scores of people like *those*.
# * **Plasma in the panel** is that of typical adults by five models; no level is known to relieve chronic pain, and none is a target.
# * **Ethics is not a line in a list.** Approval, consent of people who hope, registration, insurance, misuse, and what happens to those who had
#   placebo are work of months with people whose trade it is.
# * **Hypothesis only:** that relief for weeks is the drug’s; and which of the three explanations of lesson 5 carries it.

# %% [markdown]
# ## References
#
# 1. Dworkin RH, et al. 2009, on the difference between groups. [PMID 19836888](https://pubmed.ncbi.nlm.nih.gov/19836888/). The thresholds: each with
#    its source under the panel
# 2. Cohen J. *Statistical Power Analysis for the Behavioral Sciences*. 2nd ed. Lawrence Erlbaum, 1988 (book; no identifier)
# 3. Ferraro MC, et al. *Cochrane Database Syst Rev* 2025: ketamine and other NMDA receptor antagonists for chronic pain.
#    [PMID 40819842](https://pubmed.ncbi.nlm.nih.gov/40819842/), of the trial: Sigtermans MJ, et al. *Pain* 2009;145:304-311.
#    [PMID 19604642](https://pubmed.ncbi.nlm.nih.gov/19604642/)
# 4. Chan AW, et al. SPIRIT 2025 statement. *PLoS Med* 2025. [PMID 40294521](https://pubmed.ncbi.nlm.nih.gov/40294521/) (abstract read)
# 5. Turk DC, et al. *Pain* 2003;106:337-345. [DOI 10.1016/j.pain.2003.08.001](https://doi.org/10.1016/j.pain.2003.08.001) (abstract read)
# 6. Cohen SP, et al. Consensus guidelines on intravenous ketamine infusions for chronic pain. *Reg Anesth Pain Med* 2018.
#    [PMID 29870458](https://pubmed.ncbi.nlm.nih.gov/29870458/)
#
# The studies on the map are linked in the evidence table; the schedules in the examples of the first panel.

# %% [markdown] tags=["instructor"]
# ## For the instructor: the panels, worked
#
# Each cell moves a panel of its own and prints what a learner would read.

# %% tags=["instructor"]
predict = Predict("10", "how-many", Design())
predict.answer("about 30", confidence=70)
predict.panel.difference.value = 20
predict.compare.click()
print(predict.seen())

# %% tags=["instructor"]
plan = Design()
print(plan.seen())
plan.difference.value = 5
print(plan.seen())
plan.example.value = "depression infusion"
plan.set(condition="Fibromyalgia", weeks=12, comparator="active placebo", lost=20)
print(plan.seen())
print(plan.code)
plan.set(days=5, length=30)
print(plan.seen())

# %% tags=["instructor"]
gaps = Gaps()
print(gaps.seen())
gaps.example.value = "trials of 60 people or more"
print(gaps.seen())

# %% tags=["instructor"]
table = EvidenceBrowser(where="condition~CRPS", view="outcomes")
table.ask(where="condition~CRPS AND n_total>=60")
table.open("sigtermans2009", "n_total")
print(table.seen())

# %% tags=["instructor"]
page = StudyPage(["design~difference=20", "tornado"])
page.answer("question", "In adults with CRPS, do 10 days of ketamine, against an active placebo, lower pain in week 12 by 20 points of 100?")
page.tick("question", "known", "size", "harms")
print(page.seen())
page.codes.value = "design~difference=20\noutlasts~day=84\nnothing~x=1"
page.make.click()
print(page.seen())

# %% tags=["instructor"]
check = Check("10")
check.questions["halve"].answer(0)
check.questions["largest"].answer(20)
check.questions["which-sd"].answer(1)
check.questions["masking"].answer([0, 1, 2])
check.questions["another-study"].answer(1)
print(check.seen())
