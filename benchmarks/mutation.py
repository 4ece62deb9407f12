"""Which changes of the code no test notices: mutation testing of the cores of reading, pooling and the models.

    python -m benchmarks.mutation [ROOM …] [--again] [--to FOLDER]     (pip install cosmic-ray)

Mutants are cosmic-ray's, of the operators in OPERATORS, as many of each module as ROOMS says, drawn with SEED. The room
is collected once by a pytest that then, instead of running the tests, forks: once to run them all under coverage, and
once for each mutant, whose functions get their new code in the fork. Each mutant meets the tests that pass through its
line, those first that see much of its module in little time, as many as BUDGET allows; what only the long runs over the
labelled records would notice counts as a survivor. Whatever survives is tried once more in a process that imports
everything anew, the module with its changed text; no file is written.

What noticed each mutant is in FOLDER/ROOM.csv (default: build/mutation), beside it the lines that no test reaches;
`--again` tries the survivors of that file only. `results/mutation.md` is made of it, and of what was thought about the
survivors (`labels/mutants.csv`).
"""

from __future__ import annotations

import argparse
import csv
import gc
import inspect
import os
import platform
import random
import resource
import signal
import tempfile
import time
from ast import literal_eval
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache, partial
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.metadata import version
from itertools import islice, takewhile
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import coverage
import pytest
from hypothesis import Phase, settings

try:
    from cosmic_ray import plugins
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
except ImportError:
    raise SystemExit("The mutants are cosmic-ray's: pip install cosmic-ray") from None

TOP = Path(__file__).parents[1]
PAGE = TOP / "benchmarks" / "results" / "mutation.md"
WHY = TOP / "benchmarks" / "labels" / "mutants.csv"
SEED = 8
BUDGET = 2.0  # s of a processor for the tests of one mutant, as measured under coverage
LIMIT = 15  # s of a processor: more is an endless loop, and noticed
OPERATORS = """
NumberReplacer AddNot ReplaceTrueWithFalse ReplaceFalseWithTrue ReplaceAndWithOr ReplaceOrWithAnd
ReplaceBreakWithContinue ReplaceContinueWithBreak ZeroIterationForLoop
ReplaceUnaryOperator_Delete_Not ReplaceUnaryOperator_Delete_USub
ReplaceComparisonOperator_Eq_NotEq ReplaceComparisonOperator_NotEq_Eq
ReplaceComparisonOperator_Lt_LtE ReplaceComparisonOperator_LtE_Lt ReplaceComparisonOperator_Lt_Gt
ReplaceComparisonOperator_Gt_GtE ReplaceComparisonOperator_GtE_Gt ReplaceComparisonOperator_Gt_Lt
ReplaceComparisonOperator_Is_IsNot ReplaceComparisonOperator_IsNot_Is
ReplaceBinaryOperator_Add_Sub ReplaceBinaryOperator_Sub_Add ReplaceBinaryOperator_Mul_Div
ReplaceBinaryOperator_Div_Mul ReplaceBinaryOperator_Pow_Mul
"""
ROOMS = {
    "reading": (
        4,
        "engine needs units normal tags tables condition reader design/decide size/studies size/groups "
        "size/numbers size/people size/crossover size/arms outcome/topic outcome/followup outcome/direction "
        "outcome/leaning outcome/primary outcome/numbers outcome/result outcome/scale intervention/route "
        "intervention/amounts intervention/dose intervention/drugs intervention/given intervention/duration "
        "intervention/basis question/answer question/change question/polarity question/arms question/amounts "
        "question/index question/rows question/terms",
    ),
    "pooling": (
        8,
        "measures multiverse cochrane bias intervals effects guards estimators reexpress universes regression result "
        "conversions rare dependent quantiles influence inverse_variance planning",
    ),
    "models": (
        5,
        "chain quantity parameters edge response/delay response/acute response/slow targets/sites targets/occupancy "
        "pharmacokinetics/dosing pharmacokinetics/courses pharmacokinetics/variability pharmacokinetics/compartments "
        "pharmacokinetics/asking pharmacokinetics/summary pharmacokinetics/interactions pharmacokinetics/published "
        "windup/reference windup/surrogate windup/sensitisation windup/fit linear/schemes linear/solve "
        "receptor/second_site receptor/gating receptor/magnesium receptor/subunits receptor/currents receptor/pore "
        "receptor/block receptor/protocols",
    ),
}
LIBRARIES = """
numpy pandas scipy.stats scipy.optimize scipy.linalg scipy.integrate hypothesis.strategies lxml.etree pint msgspec typer
"""
ABOUT = f"""
A mutant is the code with one small change: a number one up or down, `<` for `<=`, `and` for `or`, `+` for `-`, a
condition turned round, a loop that never runs. If no test fails, nobody would notice that mistake. The operators are
{len(OPERATORS.split())} of cosmic-ray's; of those for comparisons and arithmetic the ones that turn a sign into its
neighbour or its opposite. Lists of words, rules and parameters are left out.

Drawn with seed {SEED}, the same number from each module of a room; tried with the room's quick tests, {BUDGET:g} s
of a processor for each mutant: what only the long runs over labelled records would notice counts as a survivor. “At
first” is before the tests that were written for the survivors. `python -m benchmarks.mutation` repeats it, in some ten
minutes of a processor.
""".strip()


class Mutant(NamedTuple):
    """A place in a module, and what is done there."""

    path: str
    operator: str
    occurrence: int
    line: int

    def key(self) -> tuple[str, str, str]:
        """The module, the line as it is, and as it was made."""
        texts = ((TOP / self.path).read_text(), mutated(self))
        was, made = (text.splitlines()[self.line - 1].strip() for text in texts)
        return self.path, was, made

    def compiles(self) -> bool:
        """Whether it is Python at all."""
        try:
            changed(self)
        except SyntaxError:
            return False
        return True

    def on_import(self) -> bool:
        """Whether the change is outside all functions."""
        code = compile((TOP / self.path).read_text(), str(TOP / self.path), "exec")
        return not any(self.line in lines_of(one) for one in functions(code))

    def put_in_place(self) -> int:
        """Give every function that has the old code the new one; how many had."""
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
        made = changed(self)
        found = [one for one in gc.get_objects() if isinstance(one, FunctionType) and one.__code__ in made]
        for function in found:
            function.__code__ = made[function.__code__]
        return len(found)


@cache
def mutated(mutant: Mutant) -> str:
    """The text of the module with the change."""
    operator = plugins.get_operator("core/" + mutant.operator)()
    text: str = mutate_code((TOP / mutant.path).read_text(), operator, mutant.occurrence)
    return text


@cache
def changed(mutant: Mutant) -> dict[CodeType, CodeType]:
    """The code of every function that differs, or holds one that does, to the new code; {} where they do not pair."""
    place = TOP / mutant.path
    was, made = ([*functions(compile(text, str(place), "exec"))] for text in (place.read_text(), mutated(mutant)))
    if len(was) != len(made):
        return {}
    return {one: other for one, other in zip(was, made, strict=True) if one != other}


def functions(code: CodeType) -> Iterator[CodeType]:
    """The code of all functions in a piece of code, in order."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_flags & inspect.CO_OPTIMIZED:
                yield constant
            yield from functions(constant)


def lines_of(code: CodeType) -> set[int]:
    """The lines of a function, without its first, which runs on import."""
    return {line for _, _, line in code.co_lines() if line is not None and line != code.co_firstlineno}


class Reached(NamedTuple):
    """What the room's tests pass through, and how long each takes."""

    lines: dict[tuple[str, int], list[str]]
    seconds: dict[str, float]

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests to try, file by file, those first that see much of the module in little time.

        What runs on import is tried with all that enter the module.
        """
        seen = Counter(test for (path, _), tests in self.lines.items() if path == mutant.path for test in tests)
        found = seen if mutant.on_import() else self.lines.get((mutant.path, mutant.line), [])
        rank = {test: (-seen[test] / (self.seconds[test] + 0.05), test) for test in {*found} & self.seconds.keys()}
        chosen: list[str] = []
        spent = 0.0
        for test in sorted(rank, key=rank.__getitem__):
            spent += self.seconds[test]
            if spent > BUDGET and chosen:
                break
            chosen.append(test)
        return sorted(chosen, key=lambda test: test.split("::")[0])

    def missing(self, room: str) -> list[str]:
        """The lines of the room's functions that no test passes through."""
        found = []
        for path in sorted((TOP / "ketalit" / room).rglob("*.py")):
            text = path.read_text()
            inside = set().union(*map(lines_of, functions(compile(text, str(path), "exec"))))
            name, lines = str(path.relative_to(TOP)), text.splitlines()
            found += [f"{name}:{n}: {lines[n - 1].strip()}" for n in sorted(inside) if (name, n) not in self.lines]
        return found


class Watch:
    """A plugin of pytest: keeps the tests asked for, and notes how long each takes and which failed."""

    def __init__(self, only: list[str] | None = None) -> None:
        self.only = only
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    def pytest_sessionstart(self) -> None:
        """The same examples every time, and no search for the smallest one that fails."""
        once = settings(settings.get_profile("untimed"), derandomize=True, database=None)
        settings.register_profile("mutants", once, phases=(Phase.explicit, Phase.generate))
        settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests that were asked for, in their order."""
        if self.only is not None:
            by_id = {item.nodeid: item for item in items}
            items[:] = [by_id[name] for name in self.only if name in by_id]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Seconds of a processor."""
        start = time.process_time()
        result = yield
        self.seconds[item.nodeid] = time.process_time() - start
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Which test noticed."""
        if report.failed:
            self.failed.append(report.nodeid)


class Room(Watch):
    """A plugin of pytest that, instead of running the tests it has collected, tries the mutants with them."""

    def __init__(self, room: str, sample: list[Mutant]) -> None:
        super().__init__()
        self.room, self.sample = room, sample
        self.noticed: dict[Mutant, str] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """What the tests reach, then each mutant in a fork."""
        self.run(session.items[::20])  # compiles patterns, once for all forks
        answer, why = fork(lambda: self.reach(session.items))
        if why:
            raise RuntimeError(why)
        self.reached = Reached(*answer)
        by_id = {item.nodeid: item for item in session.items}
        for mutant in self.sample:
            tests = [by_id[name] for name in self.reached.tests(mutant)]
            failed, why = fork(partial(self.attempt, mutant, tests))
            self.noticed[mutant] = why or next(iter(failed), "")
        return True

    def attempt(self, mutant: Mutant, tests: list[pytest.Item]) -> list[str]:
        """What notices a mutant that is put into the functions as they are."""
        return self.run(tests) if mutant.put_in_place() else []

    def run(self, items: list[pytest.Item], before: Callable[[str], None] | None = None) -> list[str]:
        """Run until one fails, or all where something is to be done before each; those that failed."""
        self.failed.clear()
        for item, following in zip(items, [*items[1:], None], strict=True):
            if before:
                before(item.nodeid)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed and not before:
                break
        return self.failed

    def reach(self, items: list[pytest.Item]) -> tuple[Any, Any]:
        """Run all, and note which lines each passes through. A test that takes too long is as good as none."""

        def late(number: int, frame: object) -> None:
            raise TimeoutError

        def before(name: str) -> None:
            cover.switch_context(name)
            signal.setitimer(signal.ITIMER_PROF, BUDGET)

        signal.signal(signal.SIGPROF, late)
        cover = coverage.Coverage(data_file=None, source=[str(TOP / "ketalit" / self.room)])
        cover.start()
        failed = self.run(items, before)
        signal.setitimer(signal.ITIMER_PROF, 0)
        cover.stop()
        data = cover.get_data()
        return {
            (str(Path(file).relative_to(TOP)), line): tests
            for file in data.measured_files()
            for line, tests in data.contexts_by_lineno(file).items()
        }, {test: seconds for test, seconds in self.seconds.items() if test not in failed}


def run(plugin: Watch, *args: str) -> int:
    """Pytest, silent. Asserts stay plain, for it rewrites modules named for their doctests and loads them past us."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    options = "-q --assert=plain -p no:cacheprovider -p no:unraisableexception -p _hypothesis_pytestplugin"
    return pytest.main([*options.split(), *args], [plugin])


def fork(work: Callable[[], object]) -> tuple[Any, str]:
    """What `work` returns, out of a process of its own; or why it returned nothing."""
    with tempfile.NamedTemporaryFile("r") as answer:
        child = os.fork()
        if child == 0:
            try:
                Path(answer.name).write_text(repr((work(), "")))
            except Exception as error:
                Path(answer.name).write_text(repr((None, f"{type(error).__name__} {error}")))
            finally:
                os._exit(0)
        end = os.waitpid(child, 0)[1]
        text = Path(answer.name).read_text()
    if not text:
        stopped = os.WIFSIGNALED(end) and os.WTERMSIG(end) in {signal.SIGXCPU, signal.SIGKILL}
        return None, "endless" if stopped else "died"
    found: tuple[Any, str] = literal_eval(text)
    return found


def mutants(room: str) -> Iterator[Mutant]:
    """The sample: so many of each module, drawn without putting back."""
    each, modules = ROOMS[room]
    for module in modules.split():
        path = f"ketalit/{room}/{module}.py"
        tree = get_ast((TOP / path).read_text())
        places = [
            Mutant(path, name, occurrence, start[0])
            for name in OPERATORS.split()
            for operator in [plugins.get_operator("core/" + name)()]
            for occurrence, (start, _) in enumerate(
                place for node in ast_nodes(tree) for place in operator.mutation_positions(node)
            )
        ]
        random.Random(f"{SEED} {path}").shuffle(places)
        yield from sorted(islice((place for place in places if place.compiles()), each))


def anew(mutant: Mutant, tests: list[str]) -> str:
    """The test that notices when everything is imported with the mutant in place; "" when none does."""
    text, place = mutated(mutant), str(TOP / mutant.path)

    def work() -> list[str]:
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
        plain = SourceFileLoader.get_code

        def get_code(self: Any, fullname: str) -> Any:
            return self.source_to_code(text.encode(), place) if self.path == place else plain(self, fullname)

        SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
        watch = Watch(tests)
        code = run(watch, "-x", *sorted({test.split("::")[0] for test in tests}))
        return watch.failed or ([f"pytest {code}"] if code else [])

    failed, why = fork(work)
    return why or next(iter(failed), "")


def attempt(room: str, sample: list[Mutant]) -> tuple[dict[Mutant, str], Reached]:
    """What noticed each mutant. Whatever passes in a pytest that had all imported before is tried once more, anew."""

    def work() -> tuple[Any, ...]:
        plugin = Room(room, sample)
        if run(plugin, f"tests/{room}", f"ketalit/{room}", "-m", "not long") not in {0, 1}:
            raise RuntimeError("pytest was interrupted")
        return [plugin.noticed[mutant] for mutant in sample], *plugin.reached

    answer, why = fork(work)
    if why:
        raise SystemExit(f"The tests of {room} did not run: {why}.")
    noticed, reached = dict(zip(sample, answer[0], strict=True)), Reached(*answer[1:])
    for mutant in sample:
        tests = reached.tests(mutant)
        if not noticed[mutant] and tests:
            noticed[mutant] = anew(mutant, tests)
    return noticed, reached


def main(rooms: Iterable[str], to: Path, *, again: bool) -> None:
    """Try the mutants of each room; write what noticed them, and the lines that no test reaches."""
    os.chdir(TOP)
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OPENBLAS_NUM_THREADS": "1"}
    for library in LIBRARIES.split():
        import_module(library)
    to.mkdir(parents=True, exist_ok=True)
    for room in rooms:
        sample, known = list(mutants(room)), table(to / f"{room}.csv") if again else {}
        noticed, reached = attempt(room, [one for one in sample if not known.get(one.key())])
        known |= {one.key(): by for one, by in noticed.items()}
        (to / f"{room}-missing.txt").write_text("\n".join(reached.missing(room)) + "\n")
        with (to / f"{room}.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["path", "was", "made", "line", "operator", "tests", "noticed"])
            for one in sample:
                rows.writerow([*one.key(), one.line, one.operator, len(reached.tests(one)), known[one.key()]])
        print(room, len(sample), "mutants,", sum(map(bool, known.values())), "noticed", flush=True)
    write(to)


def table(path: Path) -> dict[tuple[str, ...], str]:
    """Path, line as it was and as it was made, to the last column."""
    with path.open(newline="") as file:
        return {tuple(row[:3]): row[-1] for row in list(csv.reader(file))[1:]}


def write(folder: Path) -> None:
    """The page, from what was tried and what was thought about it."""
    why = table(WHY)
    counts, survivors = [], []
    for room in ROOMS:
        tried = table(folder / f"{room}.csv")
        late = [key for key in tried if key in why]
        left = {key: why.get(key, "not explained") for key, by in tried.items() if not by}
        same = sum(one.startswith("no difference") for one in left.values())
        share = 100 * (len(tried) - len(left)) / len(tried)
        before = 100 * (len(tried) - len(late)) / len(tried)
        counts.append(
            f"| {room} | {len(ROOMS[room][1].split())} | {len(tried)} | {before:.0f} % | {share:.0f} % | {len(left)} | "
            f"{same} |"
        )
        for (path, was, made), reason in left.items():
            place = path.removeprefix("ketalit/").removesuffix(".py")
            survivors.append(f"| {place} | {shown(was, made)} | {shown(made, was)} | {reason} |")
    PAGE.write_text(
        "\n".join(
            [
                "# Mutation testing",
                "",
                *ABOUT.splitlines(),
                "",
                f"{date.today():%d %B %Y}, Python {platform.python_version()}, cosmic-ray {version('cosmic-ray')}.",
                "",
                "| room | modules | mutants | noticed at first | now | survivors | that make no difference |",
                "|---|--:|--:|--:|--:|--:|--:|",
                *counts,
                "",
                "## Survivors",
                "",
                "| module | was | made | why no test notices |",
                "|---|---|---|---|",
                *survivors,
                "",
            ]
        )
    )


def alike(one: str, other: str) -> int:
    """How many letters two texts have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def shown(one: str, other: str) -> str:
    """What differs of a line from another, with a little around it, as code in a table."""
    start = alike(one, other)
    end = len(one) - alike(one[start:][::-1], other[start:][::-1])
    return f"`{' '.join(one[max(0, start - 18) : end + 18].split())}`".replace("|", "\\|")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rooms", nargs="*", default=list(ROOMS))
    parser.add_argument("--again", action="store_true", help="only those that nothing has noticed so far")
    parser.add_argument("--to", type=Path, default=TOP / "build" / "mutation")
    options = parser.parse_args()
    main(options.rooms, options.to, again=options.again)
