"""Facts about what the body does with ketamine (P)."""

import numpy as np

from ketalit.models.pharmacokinetics import Dose, area, bioavailability, clearance, steady_state, volume_at_steady_state

from .fact import Fact, between, every, falling, near, some
from .kinetics import (
    ADULTS,
    STANPUMPR,
    beside_meta_analysis,
    bolus_and_infusion,
    depression_infusion,
    domino,
    enantiomers,
    exposed,
    film,
    grapefruit,
    half_times,
    influenced,
    inside_both,
    metabolite_ratio,
    nasal,
    nasal_peak,
    nasal_racemate,
    plateaus,
    rifampicin_areas,
    rifampicin_infused,
    sedation,
    sprayed,
    terminal_half_lives,
    venous_over_arterial,
)

# A table: what belongs together shares a line.
# fmt: off
FACTS = (
    Fact(
        "P1", "X", "half-lives, clearance and volume of Domino's model, 70 kg",
        "0.402/4.575/114.6 min; 115.9 L/h; 193.2 L", "±0.1 %", ("DOMINO1984",), ours=domino,
        shown="{:.3f}/{:.3f}/{:.1f} min; {:.1f} L/h; {:.1f} L",
        holds=near(0.402, 4.575, 114.6, 115.9, 193.2, rel=1e-3),
    ),
    Fact(
        "P2", "X", "18.2 mg at once, then 17.5 mg/h from minute 1 to 241, by another program",
        "Cp(30)=105.89, Cp(240)=137.71, Cp(300)=53.89 ng/mL", "rel 1e-4", ("STANPUMPR", "DOMINO1984"),
        ours=bolus_and_infusion, shown="Cp(30)={5:.2f}, Cp(240)={8:.2f}, Cp(300)={13:.2f} ng/mL",
        holds=near(*STANPUMPR.values(), rel=1e-4, within=0.005),
        remark="all 18 times are compared; the smallest are printed to 0.01 only",
    ),
    Fact(
        "P4", "S", "arterial peak of 20 mg S-ketamine over 20 min", "273 (259–287) and 260 (251–269) ng/mL",
        "±10 %; Simons model gives 268", ("SIMONS2022PK",),
        ours=lambda: exposed(Dose("20 mg", "20 min", form="S"), "simons2022", hours=2).peak, shown="{:.0f} ng/mL",
        holds=every(near(266.5, rel=0.10), between(251, 287), near(268, within=0.5)),
    ),
    Fact(
        "P5", "C", "steady state of endless infusions of 0.1 and 0.3 mg/kg/h", "60–89 / 181–266 ng/mL",
        "Css=rate/CL exactly; CL 79–116 L/h", ("KAMP2020META", "DOMINO1984"), ours=plateaus,
        shown="{0:.0f}–{1:.0f} / {2:.0f}–{3:.0f} ng/mL; CL {4:.0f}–{5:.0f} L/h",
        holds=every(
            some(between(60, 89), 0, 1), some(between(181, 266), 2, 3), some(between(79, 116), 4, 5),
            some(between(0, 1e-11), 6, 7), some(between(0, 1e-6), 8),
        ),
        remark="a simulated infusion of 20 days comes to the same",
    ),
    Fact(
        "P7", "H", "clearance and volume pooled over 18 studies", "79 (69–90) L/h/70 kg; 252 (200–304) L", "95 % CI",
        ("KAMP2020META",), ours=beside_meta_analysis,
        shown="{0:.0f}, {1:.0f}, {2:.0f}, {3:.0f}, {4:.0f} L/h; {5:.0f}, {6:.0f}, {7:.0f}, {8:.0f}, {9:.0f} L",
        holds=every(
            lambda found: bool(((found[:5] >= 69) & (found[:5] <= 90)).all()),
            lambda found: bool(((found[5:] >= 200) & (found[5:] <= 304)).all()),
        ),
        miss="order: Domino, Clements, Otto, Perez-Ruixo, Simons. Two lie inside both intervals (P+1). An interval for"
        " the mean of studies need not hold any one of them; the models stand as published, and the package tells which"
        " lie outside.",
    ),
    Fact(
        "P+1", "H", "one racemic and one S-ketamine model agree with the pooled clearance and volume",
        "79 (69–90) L/h/70 kg; 252 (200–304) L", "95 % CI", ("KAMP2020META",), ours=inside_both,
        shown="{0:.0f} and {1:.0f} L/h; {2:.0f} and {3:.0f} L",
        holds=every(some(between(69, 90), 0, 1), some(between(200, 304), 2, 3), some(near(2, 2, within=0), 4, 5)),
        remark="Clements and Nimmo 1981, Simons 2022; the other three models do not",
    ),
    Fact(
        "P8", "H", "the terminal half-life depends on how long one looks",
        "~120 min (8-h study); 5.2±3.4 h S (LC-MS); 7–12 h (label)", "model 1.9–11 h; must be reported with window",
        ("YANAGIHARA2003", "HASAN2021", "SPRAVATO"), ours=terminal_half_lives,
        shown="{0:.1f} and {1:.1f} h from 2 to 8 h; {2:.1f} and {3:.1f} h to 24 h; {4:.1f} and {5:.1f} h to 48 h;"
        " slowest modes {6:.1f} to {7:.1f} h",
        holds=every(
            some(between(1.5, 3.5), 0, 1), some(between(1.8, 8.6), 2, 3), some(between(7, 12), 4, 5),
            some(near(1.9, 11, within=0.1), 6, 7),
        ),
        remark="Otto and Perez-Ruixo; each half-life carries its window",
    ),
    Fact(
        "P10", "H", "swallowed ketamine: share that reaches the blood (PR: prolonged release, S and R)",
        "S 8 %; racemic 20 % (tablet), 23±9 %; PR 15/19 %", "6–30 %",
        ("FANTA2015", "YANAGIHARA2003", "CHONG2006", "HASAN2021"),
        ours=lambda: 100 * bioavailability("perezruixo2021", "oral"), shown="{:.0f} %", holds=between(6, 30),
        remark="twice what Fanta measured for S-ketamine: see P+17 and P+18",
    ),
    Fact(
        "P11", "H", "share that reaches the blood through the nose, and that it falls with the dose",
        "45 % (racemic, Japan), 48 % (84 mg S), but 11–17 % in a 2022 trial", "10–55 %, dose-dependent fall",
        ("YANAGIHARA2003", "SPRAVATO", "IN2022"), ours=nasal,
        shown="{:.0f} % (28 mg), {:.0f} % (56 mg), {:.0f} % (84 mg)",
        holds=every(between(10, 55), falling),
        miss="one device stands at 62 %, above anything measured: the model (Perez-Ruixo 2021) takes 54 % through the"
        " nose, and part of what is swallowed besides. The fall is there, and 84 mg agree with the label (P+2); no"
        " model here is near the trial of 2022.",
    ),
    Fact(
        "P+2", "H", "share of 84 mg that reaches the blood through the nose; less at each further device", "48 %",
        "±10 %; falls", ("SPRAVATO",), ours=nasal, shown="{2:.0f} %, after {0:.0f} and {1:.0f} %",
        holds=every(some(near(48, rel=0.10), 2), some(near(62, within=1), 0), falling),
    ),
    Fact(
        "P12", "S", "the same through the mouth: film, wafer, drops", "26±1 %; 29 (27–31) %; 32±17 %", "20–40 %",
        ("SIMONS2022PK", "ROLAN2014", "CHONG2006"),
        ours=lambda: [100 * bioavailability("simons2022", route) for route in ("sublingual", "buccal")],
        shown="{:.0f} % under the tongue, {:.0f} % in the cheek", holds=every(between(20, 40), near(26, 26, within=1)),
        remark="in sample for the film alone",
    ),
    Fact(
        "P13", "S", "nasal esketamine: time of the peak after the last spray; 84 mg at once",
        "20–40 min after last spray; 102 ng/mL, 39.6 min", "Tmax 20–45 min", ("SPRAVATO", "PEREZRUIXO2021"),
        ours=nasal_peak, shown="{:.0f} min after the last of three; {:.0f} ng/mL, {:.1f} min",
        holds=every(some(between(20, 45), 0), some(near(102, rel=0.01), 1), some(near(39.6, within=0.2), 2)),
    ),
    Fact(
        "P16", "H", "clearance of S- and of R-ketamine", "0.024 vs 0.020 L/min/kg", "ratio 1.05–1.35", ("PERSSON2002",),
        ours=enantiomers, shown="ratio {0:.2f}",
        holds=every(some(between(1.05, 1.35), 0), some(near(1, rel=0.10), 1), some(between(1, 2), 2)),
        given={"pharmacokinetics.enantiomers.clearance_s": 0.024, "pharmacokinetics.enantiomers.clearance_r": 0.020},
        remark="no model of R-ketamine is at hand. Models of S-ketamine, fitted to other people, lie around this S"
        " (mean within 10 %) and all above this R; further ratios are 1.06 (Hasan 2021) and 1.16"
        " (Wang 2019)",
    ),
    Fact(
        "P17", "H", "grapefruit juice and swallowed S-ketamine", "AUC ×3.0 (2.4–3.6), Cmax ×2.1, t½ +24 %", "±30 %",
        ("PELTO_GFJ",), ours=grapefruit,
        shown="AUC ×{:.1f}, Cmax ×{:.1f}, t½ ×{:.2f}; norketamine over ketamine ×{:.2f}",
        holds=every(
            some(near(3.0, rel=1e-9), 0), some(near(2.1, rel=0.30), 1), some(between(1.8, 2.6), 1),
            some(near(1.24, 0.43, rel=0.30), 2, 3), some(between(1.0001, 2), 2),
        ),
        remark="the AUC is given; peak, half-life and the ratio (published: ×0.43) follow",
    ),
    Fact(
        "P20", "H", "rifampicin and infused S-ketamine: AUC of norketamine over 5 h", "0.50", "0.4–0.6",
        ("NOPPERS2011",),
        ours=rifampicin_infused, shown="{:.2f} to {:.2f}; ketamine {:.2f} to {:.2f}",
        holds=every(some(near(0.50, 0.50, within=0.10), 0, 1), some(near(0.90, 0.90, within=0.03), 2, 3)),
        remark="three models; given norketamine's clearance (×3, from this study's own model) and the ketamine AUC of"
        " another study. Ketamine's AUC here: published 0.90",
    ),
    Fact(
        "P+3", "S", "peaks of 28, 56 and 84 mg nasal esketamine, 18 to 60 years", "43.8 / 72.5 / 101.0 ng/mL", "±1 %",
        ("PEREZRUIXO2021",), ours=lambda: [one.peak for one in sprayed("ketamine")],
        shown="{:.1f} / {:.1f} / {:.1f} ng/mL",
        holds=near(43.8, 72.5, 101.0, rel=0.01), remark="table 4; the same in P+4 to P+6",
    ),
    Fact(
        "P+4", "S", "their AUC over 24 h", "147.3 / 254.7 / 362.2 ng h/mL", "±1 %", ("PEREZRUIXO2021",),
        ours=lambda: [one.area for one in sprayed("ketamine")], shown="{:.1f} / {:.1f} / {:.1f} ng h/mL",
        holds=near(147.3, 254.7, 362.2, rel=0.01),
    ),
    Fact(
        "P+5", "S", "peaks of norketamine after them", "59.1 / 119.7 / 180.0 ng/mL", "±2 %", ("PEREZRUIXO2021",),
        ours=lambda: [one.peak for one in sprayed("norketamine")], shown="{:.1f} / {:.1f} / {:.1f} ng/mL",
        holds=near(59.1, 119.7, 180.0, rel=0.02),
    ),
    Fact(
        "P+6", "S", "AUC of norketamine over 24 h after them", "274.4 / 516.3 / 758.0 ng h/mL", "±10 %",
        ("PEREZRUIXO2021",), ours=lambda: [one.area for one in sprayed("norketamine")],
        shown="{:.0f} / {:.0f} / {:.0f} ng h/mL", holds=near(274.4, 516.3, 758.0, rel=0.10),
        miss="1.4 times too large, while ketamine and the peak agree. Others who built the model from the paper's table"
        " 3 met the same factor, so table 3 and table 4 disagree in print; no number was bent.",
    ),
    Fact(
        "P+7", "S", "AUC over 6 h after 50 and 100 mg S-ketamine as an oral film: ketamine, norketamine,"
        " hydroxynorketamine", "8363, 13347; 38497, 67959; 24087, 44972 ng min/mL", "±13 %", ("SIMONS2022PK",),
        ours=film,
        shown="{:.0f}, {:.0f}; {:.0f}, {:.0f}; {:.0f}, {:.0f} ng min/mL",
        holds=near(8363, 13347, 38497, 67959, 24087, 44972, rel=0.13),
        remark="table 2. Observed exposure rises less than in proportion to the dose, which the model cannot",
    ),
    Fact(
        "P+8", "H", "end of 0.5 mg/kg over 40 min", "185 ng/mL", "inside the models' range; geometric mean ±10 %",
        ("ZANOS2018",), ours=depression_infusion, shown="{0:.0f} to {2:.0f}, mean {1:.0f} ng/mL",
        holds=every(some(near(185, rel=0.10), 1), lambda found: bool(found[0] < 185 < found[2])),
        remark="measured by Zarate 2006. Single models are up to 56 % off: Simons (arterial) and Domino above, the"
        " venous ones below",
    ),
    Fact(
        "P+9", "H", "AUC of 10 mg racemate into a vein", "113 µg h/L", "median of the models ±15 %", ("IN2022",),
        ours=lambda: np.median([area(model, "intravenous", 10) for model in ADULTS]), shown="{:.0f} µg h/L",
        holds=near(113, rel=0.15),
    ),
    Fact(
        "P+10", "H", "volumes are smaller by arterial than by venous sampling", "40 % smaller", "±10 points",
        ("PERSSON2002",),
        ours=lambda: 100 * (1 - volume_at_steady_state("simons2022") / volume_at_steady_state("otto2021")),
        shown="{:.0f} % smaller", holds=near(40, within=10), remark="Simons against Otto",
    ),
    Fact(
        "P+11", "H", "venous models have longer context-sensitive half-times", "substantially higher",
        "more than 1.5 times, after 1, 4 and 24 h", ("KAMP2020META",), ours=venous_over_arterial,
        shown="{:.1f}, {:.1f}, {:.1f} times", holds=lambda found: bool((found > 1.5).all()),
        remark="shortest venous over longest arterial one; Domino and Clements do not say how blood was taken",
    ),
    Fact(
        "P+12", "X", "context-sensitive half-times after 1, 4 and 24 h: Domino, Otto, Perez-Ruixo, Simons",
        "2.6/16.0/30.0; 47.3/75.7/102.5; 46.0/68.1/115.1; 6.2/21.9/43.0 min", "±0.06 min", ("NOTES",), ours=half_times,
        shown="{:.1f}/{:.1f}/{:.1f}; {:.1f}/{:.1f}/{:.1f}; {:.1f}/{:.1f}/{:.1f}; {:.1f}/{:.1f}/{:.1f} min",
        holds=near(2.6, 16.0, 30.0, 47.3, 75.7, 102.5, 46.0, 68.1, 115.1, 6.2, 21.9, 43.0, within=0.06),
    ),
    Fact(
        "P+13", "H", "steady state in intensive care at 1.1 to 1.3 mg/kg/h", "1.2±0.3 µg/mL", "factor 2", ("KOPPEL",),
        ours=sedation, shown="{:.2f} to {:.2f} µg/mL",
        holds=every(between(0.6, 2.4), some(between(0.9, 1.5), 1)),
        remark="every model lies below the mean, two of five within one SD; the models are of volunteers, not of the"
        " very ill",
    ),
    Fact(
        "P+14", "H", "clarithromycin and the peak of swallowed S-ketamine", "Cmax ×3.6", "±30 %", ("HAGELBERG2010",),
        ours=lambda: influenced("clarithromycin")[[1, 0]], shown="Cmax ×{0:.1f}, AUC ×{1:.1f}",
        holds=some(near(3.6, rel=0.30), 0),
        miss="the AUC (×2.6) is given and shared out between gut wall and liver; slower clearance raises a peak less"
        " than an area, so a peak that rises more than the area is beyond the model.",
    ),
    Fact(
        "P+15", "H", "St John's wort and the peak of swallowed S-ketamine", "Cmax ×0.34", "±30 %", ("PELTO_SJW",),
        ours=lambda: influenced("st_johns_wort")[[1, 0]], shown="Cmax ×{0:.2f}, AUC ×{1:.2f}",
        holds=some(near(0.34, rel=0.30), 0),
        miss="the AUC (×0.42) is given; the peak falls less than in people, just outside the limit.",
    ),
    Fact(
        "P+16", "H", "St John's wort and norketamine from swallowed S-ketamine", "AUC ×0.82, Cmax ×0.77", "±30 %",
        ("PELTO_SJW",), ours=lambda: influenced("st_johns_wort")[[2, 3]], shown="AUC ×{:.2f}, Cmax ×{:.2f}",
        holds=near(0.82, 0.77, rel=0.30),
        remark="just inside: what the gut wall takes away is lost in the model, while in people part of it may become"
        " norketamine there",
    ),
    Fact(
        "P+17", "H", "peak of 0.5 mg/kg racemate swallowed", "45±10 ng/mL", "within two SD", ("ZANOS2018",),
        ours=lambda: exposed(Dose("0.5 mg/kg", route="oral"), "perezruixo2021").peak, shown="{:.0f} ng/mL",
        holds=between(25, 65),
        miss="measured by Grant 1981. The one model for the route (S-ketamine, Perez-Ruixo 2021) absorbs slowly and"
        " gives a quarter of it: its oral curves are good for comparisons, not for levels.",
    ),
    Fact(
        "P+18", "H", "norketamine over ketamine, AUC, S-ketamine swallowed", "16.5 times", "±30 %", ("FANTA2015",),
        ours=lambda: metabolite_ratio("perezruixo2021", "oral", "norketamine"), shown="{:.1f} times",
        holds=near(16.5, rel=0.30),
        miss="less than half: more ketamine escapes the first passage (18 against 8 %), and the gut wall makes no"
        " norketamine in the model. Fanta's figure is a simulation too.",
    ),
    Fact(
        "P+19", "H", "peaks of 10, 30 and 50 mg racemate through the nose", "22.9, 60.8, 77.6 ng/mL (geometric SD 2.0,"
        " 1.9, 2.3)", "within one geometric SD", ("IN2022",), ours=lambda: nasal_racemate()[:3],
        shown="{:.1f}, {:.1f}, {:.1f} ng/mL",
        holds=lambda found: bool((abs(np.log(found / [22.9, 60.8, 77.6])) < np.log([1.97, 1.90, 2.29])).all()),
        remark="sprays of S-ketamine in the model",
    ),
    Fact(
        "P+20", "H", "AUC after them", "19, 46, 64 µg h/L", "factor 2", ("IN2022",), ours=lambda: nasal_racemate()[3:],
        shown="{:.0f}, {:.0f}, {:.0f} µg h/L", holds=lambda found: bool((abs(np.log2(found / [19, 46, 64])) < 1).all()),
        miss="three times as much, as in P11: where 62 % reach the blood in the model, 11 to 17 % did in that trial.",
    ),
    Fact(
        "P+21", "H", "when the peak comes after a wafer or film under the tongue", "0.75 h (0.25–1.0 h)", "0.25–1.0 h",
        ("ROLAN2014",), ours=lambda: exposed(Dose("25 mg", route="sublingual"), "simons2022", 8).peak_h,
        shown="{:.2f} h",
        holds=between(0.25, 1.0), remark="the film of Simons 2022, arterial, beside a wafer, venous: at the early end",
    ),
    Fact(
        "P+22", "H", "hydroxynorketamine over ketamine, AUC, S, into a vein", "1.7±0.8", "factor 2", ("HASAN2021",),
        ours=lambda: exposed(Dose("5 mg", "30 min"), "simons2022", 96, "hydroxynorketamine").area
        / exposed(Dose("5 mg", "30 min"), "simons2022", 96).area,
        shown="{:.2f}", holds=between(0.85, 3.4), remark="at the low end, one SD below",
    ),
    Fact(
        "P+23", "H", "clearance of S-ketamine injected at once", "18.1±3.2 mL/min/kg", "within two SD", ("WANG2019",),
        ours=lambda: [clearance(model) * 1000 / 60 / 70 for model in ("simons2022", "otto2021", "perezruixo2021")],
        shown="{:.1f} (Simons), {:.1f} (Otto), {:.1f} (Perez-Ruixo) mL/min/kg", holds=between(11.7, 24.5),
        miss="Perez-Ruixo 2021 lies just above; two of three agree. All three are above the mean, as in P7.",
    ),
    Fact(
        "P+24", "H", "volume of S-ketamine at steady state", "6.6±2.2 L/kg", "within two SD", ("HASAN2021",),
        ours=lambda: [volume_at_steady_state(model) / 70 for model in ("simons2022", "otto2021", "perezruixo2021")],
        shown="{:.1f} (Simons), {:.1f} (Otto), {:.1f} (Perez-Ruixo) L/kg", holds=between(2.2, 11.0),
        remark="a wide limit: the models differ by a factor of three",
    ),
    Fact(
        "P+25", "H", "rifampicin and S-ketamine: AUC swallowed; into a vein", "-86 %; -14 %", "exact", ("PELTO_RIF",),
        ours=lambda: 100 * (np.array(rifampicin_areas()) - 1), shown="{:.0f} %; {:.0f} % and {:.0f} %",
        holds=lambda found: bool(np.allclose(found, [-86, -14, -14], rtol=1e-9)),
        given={
            "pharmacokinetics.interactions.rifampicin.auc": 0.14,
            "pharmacokinetics.interactions.rifampicin.auc_intravenous": 0.86,
        },
        remark="by both ways at once, in two models",
    ),
    Fact(
        "P+26", "C", "end rate of the CRPS trial, 22.2 mg/h per 70 kg, and psychomimetic effects in 76 % of people",
        "always seen above 70 ng/mL", "every model above 70 ng/mL", ("SIGTERMANS2009", "HARTVIG1995"),
        ours=lambda: [pick(steady_state(model, "22.2 mg/h per 70 kg") for model in ADULTS) for pick in (min, max)],
        shown="{:.0f} to {:.0f} ng/mL", holds=lambda found: bool((found > 70).all()),
        remark="agrees, and says nothing of how many people",
    ),
)
# fmt: on
