"""The lessons: what moves on the screen, what is asked, and the notebooks around it. No science in here.

What a lesson is made of:
panel.py       a panel: controls, picture, reading in words, static twin; a lesson declares it, this does the rest
control.py     numbers, choices and switches, and their widget; view.py: picture and reading on the screen
question.py    predict before a panel opens, check after it; the log of answers; bank/: the questions
logged.py      that log, of one learner or a class, read back
evidence.py    the evidence table as a widget
shown.py       what all of them have; front/: what the browser runs
telling.py, drawing.py, chosen.py   words, marks and the review that several lessons share

The lessons, one folder each:
orientation · gate · trap · windup · infusion · chain · trial · forest · clinic · cycle, and design (the capstone)

The notebooks (`notebooks/` at the top of a checkout):
course.py      where they are, and what each says of itself
editions.py    a student's and an instructor's
canon.py       made out of their texts, executed

Needs ipywidgets and anywidget (extra `lab`).
"""
