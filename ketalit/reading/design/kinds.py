"""Rules that tell what a record is: a notice, a plan, a review, a second look; or work on animals or tissue."""

from __future__ import annotations

from ...vocabulary import Design
from ..engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Rule
from .words import LIKELY, SPECIES, UNCLEAR, any_of, keys

NOTICES = (
    Rule(
        "design/retraction",
        any_of(
            r"^\W*retract(?:ion|ed)\b",
            r"\bretraction(?: note)?\W*$",
            r"^notice of retraction",
            r"\bretraction (?:of|note|notice)\b[:. ]",
        ),
        "Retraction: a trial of something",
        "the title says it is a notice of retraction",
        Design.RETRACTION,
        zones=(TITLE,),
        ours=False,
    ),
    Rule(
        "design/correction",
        any_of(
            r"^\W*(?:(?:author|publisher)'?s? )?(?:correction|erratum|errata|corrigend(?:um|a)|addendum|"
            r"expression of concern)s?\b ?(?:[:.\]]|to\b|for\b|in\b|$)",
            r"\b(?:erratum|corrigendum)\W*$",
        ),
        "Erratum to: a trial of something",
        "the title says it corrects another article",
        Design.CORRECTION,
        zones=(TITLE,),
        ours=False,
    ),
    Rule(
        "design/letter",
        any_of(
            r"^\W*(?:comments? on|comment(?:ary)? (?:to|on)|commentary\b|re\b ?:|reply|in reply|"
            r"authors?'? (?:reply|response)|response to|letters? to|letter\b|editorial\b|invited commentary|"
            r"correspondence\b)",
            r"\b(?:reply|letter|editorial|commentary)\W*$",
            r"\bletter to the editor",
            r": (?:a )?comment(?:ary)? on\b",
        ),
        "Comment on: a trial of something",
        "the title answers or introduces another article",
        Design.EDITORIAL,
        zones=(TITLE,),
        ours=False,
    ),
)

PROTOCOLS = (
    Rule(
        "design/protocol-title",
        any_of(
            r"\b(?:study|trial|research|review) protocol\b",
            r"\bprotocols? (?:for|of) (?:an? |the )?(?:[\w-]+,? ){0,8}?(?:trials?|study|studies|review|"
            r"analysis|rcts?)\b",
            r": (?:an? |the )?protocol\b",
            r"\brationale(?:,|,? and)? (?:study )?(?:design|methods)",
            r"\bdesign,? (?:and |& )?(?:rationale|methods|protocol)",
        ),
        "Drug X for pain: study protocol for a randomised trial",
        "the title announces a plan",
        Design.PROTOCOL,
        zones=(TITLE,),
    ),
    Rule(
        "design/protocol-text",
        any_of(
            r"\b(?:this|the present|our) (?:article|paper|report|manuscript) (?:describes?|presents?|reports?|"
            r"outlines?|details) (?:an ongoing|(?:the )?(?:study |trial )?(?:protocol|design|rationale))\b",
            r"\bwe (?:describe|present|report|outline) (?:an ongoing|(?:the )?(?:study |trial )?(?:protocol|design|"
            r"rationale))\b",
        ),
        "This paper describes the design of a randomised trial.",
        "the text says that it sets out a plan",
        Design.PROTOCOL,
        zones=(AIM, UNKNOWN, METHODS),
        confidence=LIKELY,
    ),
    Rule(
        "design/protocol-will",
        r"\b(?:participants|patients|subjects|women|men|children|adults|infants|workers|volunteers|"
        r"individuals|people|we|trial|study|outcomes?|clusters|variables|measures?|quality of life|data|"
        r"assessments?)\b[^.;]{0,80}? (?:will|is to|are to) (?:be (?:randomis|recruit|includ|enrol|"
        r"allocat|assign|invit|ask|assess|measur|collect|compar|conduct|evaluat|follow)|randomis|recruit|"
        r"enrol|includ|allocat|evaluat|investigat)",
        "Sixty patients will be randomised to drug X or placebo.",
        "what the study does lies in the future",
        Design.PROTOCOL,
        zones=(AIM, METHODS, UNKNOWN),
        confidence=LIKELY,
    ),
)

REVIEWS = (
    Rule(
        "design/meta-analysis-title",
        any_of(
            r"\bmeta-? ?analy(?:sis|ses|tic)\b",
            r"\b(?:pooled|integrated) analys[ie]s of (?:individual|randomis|\d|the )",
            r"\bmeta-?regression",
        ),
        "Drug X for pain: a systematic review and meta-analysis",
        "the title names a meta-analysis",
        Design.META_ANALYSIS,
        zones=(TITLE,),
    ),
    Rule(
        "design/meta-analysis-done",
        any_of(
            r"\bwe (?:did|performed|conducted|undertook|carried out) an? (?:[\w-]+ ){0,6}meta-?analys[ie]s",
            r"\bmeta-?analys[ie]s (?:was|were) (?:performed|conducted|done|undertaken|carried)",
            r"\b(?:this|present|our|the current) (?:[\w-]+ ){0,5}meta-?analys[ie]s\b",
            r"\b(?:trials|studies) were (?:pooled|combined)",
            r"\b(?:objective|aim|purpose)s?\b[^.]{0,60}\bmeta-?analys[ie]s",
        ),
        "We performed a meta-analysis of nine trials.",
        "the authors say they pooled studies",
        Design.META_ANALYSIS,
        zones=(AIM, METHODS, RESULTS, CONCLUSION, UNKNOWN, BACKGROUND),
    ),
    Rule(
        "design/systematic-review",
        any_of(
            r"\b(?:systematic(?:ally)?|scoping|umbrella|cochrane|integrative|evidence-based|structured|"
            r"critical|quantitative) (?:[\w-]+ ){0,3}?(?:reviews?|overview|reviewed)\b",
            r"\boverview of (?:systematic )?reviews",
        ),
        "Drug X for pain: a systematic review",
        "the title names a systematic review",
        Design.SYSTEMATIC_REVIEW,
        zones=(TITLE,),
    ),
    Rule(
        "design/searched",
        any_of(
            r"^(?:search strategy|data sources?|selection criteria|data collection and analysis)\b",
            r"\b(?:searched|searches of|search of|searching|search was (?:performed|conducted|done)|"
            r"search in)\b[^.;]{0,120}\b(?:medline|pubmed|embase|cochrane|databases?|literature|scopus|"
            r"web of science)\b",
            r"\b(?:medline|pubmed|embase|cochrane library|databases)\b[^.;]{0,140}\b(?:was|"
            r"were) (?:[\w-]+ )?searched",
            r"\bwe (?:did|performed|conducted|undertook) an? (?:[\w-]+ ){0,4}systematic (?:literature )?review",
            r"\b(?:this|our|present) (?:[\w-]+ ){0,3}systematic (?:literature )?review",
        ),
        "We searched MEDLINE and Embase up to May 2012.",
        "studies were looked for in databases",
        Design.SYSTEMATIC_REVIEW,
        zones=(AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
        confidence=LIKELY,
    ),
    Rule(
        "design/guideline",
        any_of(
            r"\b(?:clinical )?(?:practice )?guidelines? (?:for|on|from|of)\b",
            r"\bconsensus (?:statement|guidelines?|recommendations|conference|document)",
            r"\bposition (?:statement|paper)",
            r"\bpractice (?:parameters?|guidelines?|advisory)",
            r"\brecommendations (?:for|of|on|from) the\b",
            r"^(?:[\w-]+ ){0,4}guidelines?\b",
        ),
        "Consensus statement on drug X for pain",
        "the title names guidance",
        Design.GUIDELINE,
        zones=(TITLE,),
        confidence=LIKELY,
    ),
)

SECOND_LOOKS = (
    Rule(
        "design/secondary-title",
        any_of(
            r"\b(?:secondary|post[- ]?hoc|exploratory|sub-?group|ancillary|retrospective|further|re-?|"
            r"responder|mediation|moderator|pre-?specified|combined|integrated)[ -]?(?:safety |efficacy )?analys[ie]s "
            r"(?:of|from)\b",
            r"\bpost[- ]?hoc\b",
            r"\bsecondary (?:data )?analys[ie]s",
            r"\bsub-?study\b",
            r"\banalys[ie]s (?:of|from) (?:data from )?(?:an?|the|\d+) (?:[\w-]+,? ){0,8}?(?:trials?|study|"
            r"rct)\b",
            r"\b(?:results|findings|data|evidence|insights|lessons) from (?:the )?control (?:arm|group)",
            r"\b(?:observations?|experiences?|insights?|lessons) from (?:the )?(?:[\w-]+ ){1,6}trial\b",
        ),
        "Sleep and pain: secondary analysis of a randomised trial",
        "the title names a second look at a trial",
        Design.SECONDARY_ANALYSIS,
        zones=(TITLE,),
    ),
    Rule(
        "design/secondary-text",
        any_of(
            r"\b(?:this|our|current|present|these)\b[^.;]{0,40}\b(?:secondary (?:data )?analys[ie]s|"
            r"post[- ]?hoc (?:[\w-]+ )?(?:analys[ie]s|pooled)|sub-?analys[ie]s|exploratory analys[ie]s)\b",
            r"\b(?:secondary (?:data )?|post[- ]?hoc (?:[\w-]+ )?|sub-?|exploratory )analys[ie]s (?:of|from|using) "
            r"(?:[\w-]+,? ){0,8}?(?:data|trials?|study|rct|cohort)\b",
            r"\b(?:we|study|analysis) used? (?:the )?(?:secondary )?(?:database|data) (?:of|"
            r"from) the\b[^.;]{0,140}\btrial",
            r"\buses? secondary data\b",
            r"\b(?:recruited|enrolled|randomised|participating|included) (?:in|into|"
            r"to) the [\w-]+ (?:clinical |randomised |controlled )*trial, which",
            r"\bpost[- ]?hoc analys[ie]s pooled\b",
            r"\b^(?:secondary (?:data )?|post[- ]?hoc )analysis(?: of| from| using|[.:;])",
            r"\b(?:data|participants|patients|sample) (?:(?:were|was|are) )?(?:[\w-]+ )?(?:used|came|come|drawn|taken|"
            r"obtained|derived|recruited|selected|pooled|extracted) [^.;]{0,30}?from (?:the|an?|\d+) (?:[\w-]+,? ){0,8}"
            r"trials?\b",
        ),
        "This secondary analysis of a randomised trial looked at sleep.",
        "the text says that a finished trial's data are looked at again",
        Design.SECONDARY_ANALYSIS,
        keys=keys("analys|trial"),
        zones=(AIM, METHODS, UNKNOWN, BACKGROUND),
        confidence=LIKELY,
    ),
)

NARRATIVE = (
    Rule(
        "design/review-title",
        any_of(
            r"\b(?:an? |the |brief |mini-?|clinical |narrative |updated? |literature |short |"
            r"state-of-the-art |topical )+(?:review|overview|update)\b",
            r"^reviews?\b",
            r": reviews?\b",
            r"\breview of (?:the )?(?:literature|evidence|recent|current|its|their|clinical)",
            r"\b(?:current|recent|new) (?:concepts|perspectives|advances|trends|status|developments|"
            r"approaches|insights)",
            r"\bspotlight on\b",
            r"\boverview\b",
            r"\bperspectives?\b",
            r"\bwhat (?:is|do) (?:we|the)\b",
            r"\bupdate (?:on|in)\b",
            r"\breview\W*$",
            r"^\W*[\w-]+(?:/[\w-]+)?\W*$",
        ),
        "Drug X for pain: a review of the literature",
        "the title names a review",
        Design.NARRATIVE_REVIEW,
        zones=(TITLE,),
        confidence=LIKELY,
    ),
    Rule(
        "design/review-text",
        any_of(
            r"\bthis (?:[\w-]+ ){0,3}?(?:review|article|chapter|paper|"
            r"overview) (?:will )?(?:[\w-]+ )?(?:review|discuss|summari|describ|highlight|provid|outlin|focus|"
            r"cover|examin|present|consider|address|explor|aim|attempt|is)",
            r"\bwe (?:[\w-]+ )?(?:review|discuss|summari[sz]e|outline)(?:ed)?\b",
            r"\b(?:is|are) (?:[\w-]+ )?(?:reviewed|discussed|summari[sz]ed|outlined)\b",
            r"\bthe (?:authors?|article|paper|review) (?:[\w-]+ )?(?:reviews?|discuss(?:es)?|summari[sz]es?|"
            r"describes?)",
            r"\bin this (?:review|article|overview)",
        ),
        "This review discusses how drug X works.",
        "the text says that it reviews",
        Design.NARRATIVE_REVIEW,
        ours=False,
        confidence=LIKELY,
    ),
)

ANIMALS = Rule(
    "design/animal",
    rf"\b{SPECIES}\b",
    "Forty rats were given drug X.",
    "the subjects are animals",
    Design.ANIMAL,
    ours=False,
)

LABORATORY = Rule(
    "design/laboratory",
    any_of(
        r"\bin[ -]?vitro\b",
        r"\bex vivo\b",
        r"\bcadaver(?:s|ic)?\b",
        r"\bcell (?:lines?|cultures?)\b",
        r"\bcultured (?:[\w-]+ )?(?:cells|neurons)",
        r"\bbench (?:study|model)",
        r"\bmanikin",
        r"\bsimulat(?:ion|or|ed) (?:study|model)",
        r"\bxenopus oocytes",
        r"\bpatch[- ]clamp",
        r"\bphantom study",
        r"\bmolecular docking",
    ),
    "Drug X blocks a channel in vitro",
    "cells, tissue or models were studied",
    Design.LABORATORY,
    zones=(TITLE, METHODS, AIM, UNKNOWN, RESULTS, BACKGROUND),
    confidence=LIKELY,
)

CELLS = Rule(
    "design/cells",
    any_of(
        r"\bslices?\b",
        r"\bcell[- ]?lines?\b",
        r"\b(?:nmda|ampa|opioid|glutamate|gaba\w?) receptor (?:[\w-]+ )?(?:subunits?|subtypes?|expression|"
        r"traffick|modulators?)",
        r"\bwhole-cell\b",
        r"\bsynap(?:tic|se)\w* (?:plasticity|transmission|currents?|strength|depression|potentiation)",
        r"\b(?:hek|cho)[- ]?(?:293|cells?)",
        r"\b(?:gene|protein|mrna) expression\b",
        r"\b(?:crystal|binding) (?:structure|assays?|sites?)\b",
        r"\b(?:chromatograph|spectrometr|spectrophotometr|nanoparticle|liposom)\w*",
        r"\bsynthesi[sz]ed?\b",
    ),
    "Drug X slows synaptic transmission in hippocampal slices.",
    "cells, tissue or substances are spoken of, and nobody is counted",
    Design.LABORATORY,
    zones=(TITLE, METHODS, AIM, UNKNOWN, RESULTS, BACKGROUND),
    ours=False,
    confidence=UNCLEAR,
)

INVENTED = Rule(
    "design/invented",
    any_of(
        r"\bmonte carlo\b",
        r"\b(?:in silico|simulated) (?:[\w-]+ )?(?:trials?|data|populations?|cohorts?|patients)\b",
        r"\b(?:trial|computer|stochastic|model-based) simulations?\b",
        r"\bsimulations? (?:of|for) (?:[\w-]+ ){0,4}trials?\b",
        r"\b(?:markov|decision[- ]analytic|cost-effectiveness) model",
        r"\bfictitious (?:study|trial|drug|data)\b",
    ),
    "A trial simulation of drug X",
    "the subjects are made up or computed",
    Design.OTHER,
    zones=(TITLE, BACKGROUND, AIM),
    ours=False,
    confidence=LIKELY,
)
