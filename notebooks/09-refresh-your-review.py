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
# # Refresh your review
#
# **45 minutes** · for reviewers; no programming needed beyond pressing *Run*. First choose *Run ▸ Run All Cells*, then
# read from the top.
#
# At the end you can
#
# 1. read the report of a refresh, and say which of its news are about what your table holds and which about what it lacks;
# 2. hold a checked value against a text that changed, keep it or change it, and leave a trace that others can follow;
# 3. say what becomes of rows, cells, totals and PRISMA counts, by itself and by your decisions;
# 4. tell a search that found nothing new from one that no longer works;
# 5. say what a refresh of your own review would cost, and run it.
#
# Teaching model, not for dosing patients. The review of this lesson is **synthetic**: no work, person or number in it
# exists, and no network is needed.

# %% [markdown] tags=["instructor"]
# **Plan for 45 minutes.** Scene 3 · Predict 6 · the report, part by part 7 · the changed text 9 (alone, then compare
# decisions in pairs: the number of people has two defensible answers) · the table 8 · your own review 3 · Explain 3 ·
# Check 5 · Limits 1.
#
# With 30 minutes: Predict, the changed text, the table, Check.
#
# The thread to hold: *what is wrong in the table comes before what is missing from it.* Many will arrive with “updating
# means finding new trials”. Do not correct that at the start; the prediction will.
#
# The last panel shows the review that was given to `ketalit lab --review DIR`, else the bundled one. If people brought
# reviews of their own, let them run the dry run from its commands after the lesson, not during it: it needs a network.

# %%
from ketalit.lessons.cycle import AfterDecisions, ChangedText, Timeline, YourReview
from ketalit.lessons.question import Check, Predict

# %% [markdown]
# ## The scene
#
# On 1 May everything is done. Two saved searches, nine records screened, seven studies included, five numbers checked
# against their sources and signed. The table goes to a colleague, who puts it on a slide.
#
# On 1 November the slide is shown again. Somebody in the third row raises a hand: “Was one of these not retracted?”
#
# Nobody did anything wrong in May. Of 100 reviews published between 1995 and 2005, 23 had a signal that they needed
# updating within two years, and 7 had one on the day they came out [1]. The other danger makes less noise: of 239 reviews
# and guidelines that had used a trial before it was retracted, 11 were corrected or retracted themselves [2].

# %% [markdown]
# ## Predict
#
# Answer before you look; the panel opens when you have. Then step from 1 May to 1 November and compare.

# %%
Predict("09", "told-first", Timeline())

# %% [markdown]
# <details><summary>Open this when you have compared.</summary>
#
# The order of the report is an order of harm. A retracted study in the table misleads everybody who reads the table
# today. A new trial that nobody has screened misleads nobody yet. In a cohort of 3902 meta-analyses that held retracted
# trials, leaving these out turned the direction of 8.4 % and the significance of 16.0 % [3].
#
# </details>

# %% [markdown]
# ## Observe
#
# ### One report, part by part
#
# Go through *Part of the report* from top to bottom. For each, say three things before you read on: what happened, what
# the table has already done by itself, what is left to you. **Find** the two parts that change the table although nobody
# has decided anything.
#
# Look twice at *new to screen*. One of the three is no study. And look at *search drift*: the search “trials” found five
# records on both days.

# %%
Timeline(part="search drift")

# %% [markdown]
# ### A text that changed under checked values
#
# Amber 2015 kept its title, its PMID and its place in the table. Its abstract is another one. A person had checked three
# values of it; two have lost their quotes. Read the text of both days with the quote framed, then both with the
# changes marked, and decide on each value. A wrong decision is answered, and can be taken again. A defensible one shows the line that it
# leaves in the log.

# %%
ChangedText()

# %% [markdown]
# A correction does not change a checked value silently, and it does not leave the row alone either. What a program reads
# follows the text; what you checked stays until you say otherwise. In between, a row can hold halves of two texts. That
# is honest only for as long as the report stands beside it.
#
# ### What becomes of the table
#
# Now all decisions together. Take *as the refresh left it* first: one study has stopped counting, and the row of Amber
# 2015 contradicts itself (the line under the picture). Then decide, one control at a time. Notice what the number of
# *studies* does when everything is decided, and what the number of *people* does. **Find** how many people are counted
# when the cohort under concern is left out too.
#
# Under the picture stand the counts for the flow diagram and the sentences for your methods; they follow the decisions.

# %%
AfterDecisions()

# %% [markdown]
# Seven studies in May, seven in November. A reader who compares only that line would say that nothing happened. One
# was retracted, one is new, one lost six people and its effect, and almost a third of the people who are left (112 of
# 372) stand under an expression of concern.
#
# Leave the retracted study as the refresh left it, and *studies included* and *studies counted* differ by one. Both are
# right: it was included, and it is not counted. PRISMA 2020 has flow diagrams for new and for updated reviews [4]; the
# counts here are those of the first kind, and a line of their own says where the retracted one has gone.
#
# ### Your own review
#
# The panel below reads the review you were given with `ketalit lab --review DIR`, or the bundled one. It says what a
# dry run would ask NCBI, and asks nothing.

# %%
YourReview()

# %% [markdown]
# ## Explain
#
# A refresh does two things that look alike and are not. It **repeats the searches**: that finds what is new. And it
# **reads every known record again**, by its PMID, and compares it word by word with the stored one: that finds what
# became of the old. No date is asked for, because a record can change long after it was published; its notice is linked
# to it whenever NLM hears of it [5].
#
# What is compared decides what you are told:
#
# * a **mark** on the record: retraction, erratum, expression of concern, newer version. NLM counts corrigenda, addenda
#   and partial retractions among the errata [5]: “corrected” can be a comma or a table;
# * the **text**: a changed title or abstract, and whether a checked value rests on it;
# * its **presence**: a PMID that PubMed no longer holds;
# * the **set** that a search finds, and how the query was **translated**. The subject headings change every year, and the
#   tables by which PubMed translates a query with them [6].
#
# A retraction strikes a row at once, because counting it is never right in the meantime. An expression of concern does
# not: it is a question, and it may stay one. Of 300 publications with such an expression, a quarter had been retracted
# by the end of 2016 [7]. So decide before you know the names, in the protocol, and show the result both ways.
#
# A refresh is cheap. With $d$ databases searched, $s$ saved searches and $n$ records, an unchanged review costs
#
# $$\text{requests} = d + s + \left\lceil \frac{n}{500} \right\rceil$$
#
# The two refreshes of this lesson took $1 + 2 + 1 = 4$ requests each. Decisions are the expensive part, and they are
# yours: the program overwrites nothing that a person entered. How often? On average a change waits half the interval
# between two refreshes. When to publish an update is another question, with guidance of its own [8] (which, by the way,
# has an erratum).

# %% [markdown] tags=["instructor"]
# **Expected answers.** told-first: the retracted trial. yesterdays-table: counted, with its 24 people. silent-change: the
# second and the third. same-count: nothing, before one has compared records and translation. people-left: 260.
# transfer-quiet-year: read the ten records again and compare the translation. To find: *retracted* and *text changed
# under checked values*; 260 people.
#
# **Common wrong answers, and what to ask back.**
#
# * *“The new trial comes first.”* Ask: which of the two is on the slide today?
# * *“The program has put 54 into my table.”* Ask: what does the cell show, and who signed it?
# * *“Keep 60: they were randomised.”* That can be defended. Ask: then what goes into the column of those analysed, and
#   where can a reader find the quote?
# * *“Five hits, five hits: fine.”* Ask: which five?
# * *“Leave Amber 2015 out, its authors are careless.”* Ask: would you have said so if the effect had grown?
# * *“An expression of concern is a retraction.”* Ask: what will you do with your table if it is lifted?

# %% [markdown]
# ## Check
#
# Use the panels above. A wrong answer tells you why it is wrong; try again.

# %%
Check("09")

# %% [markdown]
# ## Limits
#
# * **One of everything in six months** is a teaching device. Real reviews have quiet halves of a year; nothing here is a
#   rate.
# * **PubMed is not the world.** A notice that a publisher has put on its page and NLM has not linked yet is not seen, nor
#   a work that PubMed does not hold. Records without a PMID are named and counted, and not read again. Trial registers,
#   preprints and Retraction Watch are other places to look.
# * **The abstract is compared, not the paper.** An erratum to a table inside the paper shows as a mark, not as words.
#   Open full texts that were stored are not fetched again.
# * **“Its quote still stands” is a comparison of letters.** Whether the sentence still means the same, a person reads.
# * **A dry run asks NCBI** all the same; it only writes nothing. The panel above does not even ask.
# * **Whether to count** a study under concern, or the 54 or the 60, is a judgement. The panels show what follows from
#   each, not which is right.

# %% [markdown]
# ## References
#
# 1. Shojania KG, Sampson M, Ansari MT, Ji J, Doucette S, Moher D. *Ann Intern Med* 2007;147:224–33. [PMID 17638714](https://pubmed.ncbi.nlm.nih.gov/17638714/) (abstract read)
# 2. Kataoka Y, Banno M, Tsujimoto Y, et al. *J Clin Epidemiol* 2022;150:90–7. [PMID 35779825](https://pubmed.ncbi.nlm.nih.gov/35779825/), [doi:10.1016/j.jclinepi.2022.06.015](https://doi.org/10.1016/j.jclinepi.2022.06.015) (abstract read)
# 3. Xu C, Fan S, Tian Y, et al. VITALITY Study I. *BMJ* 2025;389:e082068. [PMID 40268307](https://pubmed.ncbi.nlm.nih.gov/40268307/), [doi:10.1136/bmj-2024-082068](https://doi.org/10.1136/bmj-2024-082068) (abstract read)
# 4. Page MJ, McKenzie JE, Bossuyt PM, et al. The PRISMA 2020 statement. *BMJ* 2021;372:n71. [doi:10.1136/bmj.n71](https://doi.org/10.1136/bmj.n71)
# 5. National Library of Medicine. [Errata, Retractions, and Other Linked Citations in PubMed](https://www.nlm.nih.gov/bsd/policy/errata.html) (excerpt read)
# 6. Tybaert S. MEDLINE Data Changes—2018. *NLM Tech Bull* 2017;(419):e5a. [Page](https://www.nlm.nih.gov/pubs/techbull/nd17/nd17_medline_data_changes_2018.html) (one year as an example; excerpt read)
# 7. Vaught M, Jordan DC, Bastian H. *Res Integr Peer Rev* 2017;2:10. [PMID 28758029](https://pubmed.ncbi.nlm.nih.gov/28758029/), [doi:10.1186/s41073-017-0030-2](https://doi.org/10.1186/s41073-017-0030-2) (abstract read)
# 8. Garner P, Hopewell S, Chandler J, et al. *BMJ* 2016;354:i3507. [PMID 27443385](https://pubmed.ncbi.nlm.nih.gov/27443385/), [doi:10.1136/bmj.i3507](https://doi.org/10.1136/bmj.i3507); erratum *BMJ* 2016;354:i4853, [PMID 27600762](https://pubmed.ncbi.nlm.nih.gov/27600762/) (abstract read)

# %% [markdown] tags=["instructor"]
# ## For the instructor: the panels, worked

# %% tags=["instructor"]
predict = Predict("09", "told-first", Timeline())
predict.answer("the new trial", confidence=80)
print(predict.locked)
predict.panel.day.value = "1 May 2026"
print(predict.panel.seen())
predict.panel.day.value = "1 November 2026"
predict.compare.click()
print(predict.seen())

# %% tags=["instructor"]
timeline = Timeline()
timeline.part.value = "retracted"
print(timeline.seen())
timeline.part.value = "text changed under checked values"
print(timeline.seen())
print(timeline.code)
timeline.reset.click()
print(timeline.seen())

# %% tags=["instructor"]
changed = ChangedText()
changed.decide("nothing: a person has checked it")
print(changed.seen())
changed.decide("change it, with the new quote and the reason")
print(changed.seen())
changed.value.value = "Result"
changed.text.value = "as of 1 May 2026"
changed.decide("leave the trial out")
print(changed.seen())

# %% tags=["instructor"]
after = AfterDecisions()
print(after.seen())
after.example.value = "everything decided"
print(after.seen())
after.concern.value = "left out until it is settled"
print(after.seen())
print(after.code)

# %% tags=["instructor"]
check = Check("09")
check.questions["yesterdays-table"].answer("it is struck through there too, because the review is the same")
print(check.seen())
check.questions["people-left"].answer(260)
print(check.seen())
