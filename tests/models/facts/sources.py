"""The works that facts come from: those of the models' numbers, and those that only facts need."""

from ketalit.models.parameters import Source, parameters_of

_FURTHER = (
    Source(
        "BLANPIED1997",
        "Blanpied TA, Boeckman FA, Aizenman E, Johnson JW. J Neurophysiol 1997;77:309-23",
        doi="10.1152/jn.1997.77.1.309",
        seen="abstract; the DOI is recalled",
    ),
    Source("CHONG2006", "Chong C, et al. Pain Med 2006;7:469 (abstract)", seen="a copy of the abstract"),
    Source(
        "DAVIES1987",
        "Davies SN, Lodge D. Brain Res 1987;424:402-6",
        seen="nothing; recalled",
    ),
    Source(
        "GIDEONS2014",
        "Gideons ES, Kavalali ET, Monteggia LM. Proc Natl Acad Sci USA 2014;111:8649-54",
        pmid="24912158",
        seen="abstract, which gives no numbers",
    ),
    Source(
        "HASAN2021",
        "Hasan M, et al. Anesthesiology 2021;135:326-39",
        url="https://pubs.asahq.org/anesthesiology/article/135/2/326/115818",
        seen="abstract",
    ),
    Source(
        "IN2022",
        "Racemic ketamine through the nose and into a vein. Pharmacotherapy 2022;42:298-310",
        pmcid="PMC9118341",
        doi="10.1002/phar.2669",
        seen="table 6",
    ),
    Source(
        "KOPPEL",
        "Koppel C, et al. Ketamine for long-term sedation in intensive care. Eur J Drug Metab Pharmacokinet",
        seen="abstract; authors and year are recalled",
    ),
    Source("NOTES", "Worked out from published numbers by another program than ours", seen="not published"),
    Source(
        "ROLAN2014",
        "Rolan P, et al. Br J Clin Pharmacol 2014;77:1011-6",
        pmid="24977293",
        pmcid="PMC4093926",
        seen="abstract",
    ),
    Source(
        "SIGT2009A",
        "Sigtermans M, et al. Anesthesiology 2009;111:892-903",
        url="https://pubs.asahq.org/anesthesiology/article/111/4/892/9591",
        seen="abstract",
    ),
    Source(
        "STANPUMPR",
        "stanpumpR, a program in R by S. L. Shafer",
        url="https://github.com/StevenLShafer/stanpumpR",
        seen="run with this regimen; and at 40 digits with mpmath",
    ),
    Source(
        "SUMMATION1997",
        "Temporal summation of second pain, brief contact heat. J Neurophysiol 1997;78:992",
        pmid="9307129",
        doi="10.1152/jn.1997.78.2.992",
        seen="abstract",
    ),
    Source(
        "WANG2019",
        "Wang J, et al. Drug Des Devel Ther 2019;13:4135-44",
        pmid="31827320",
        pmcid="PMC6902860",
        seen="abstract",
    ),
    Source(
        "YANAGIHARA2003",
        "Yanagihara Y, et al. Biopharm Drug Dispos 2003;24:37-43",
        pmid="12516077",
        doi="10.1002/bdd.336",
        seen="abstract",
    ),
)

_DECLARED = (source for one in parameters_of(None).values() for source in one.source)

SOURCES: dict[str, Source] = {source.key: source for source in (*_FURTHER, *_DECLARED)}
