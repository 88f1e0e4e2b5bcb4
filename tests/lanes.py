"""The lanes of the suite: what needs a server, a browser, containers or the gateway is skipped where it is
not, counted, and said at the end; `HEED_REQUIRE=servers,browser` turns each such skip, and a lane that is
empty, into a failure."""

import os
import shutil
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

LANES = ("servers", "browser", "containers", "gateway")
RAN, SKIPPED = "lane that ran", "lane that was skipped"
BROWSING = "tests/browser/"
BESIDE_NO_BROWSER = (BROWSING, "tests/deploy/test_containers.py")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def required() -> frozenset[str]:
    """The lanes that must run here."""
    return frozenset(name.strip() for name in os.environ.get("HEED_REQUIRE", "").split(",") if name.strip())


def chromium() -> str | None:
    """The browser of this machine."""
    return next((path for path in map(shutil.which, CHROMIUMS) if path), None)


class Lanes:
    """What became of each lane in one run, whichever of its processes a test ran in."""

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.skipped: Counter[tuple[str, str]] = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Beside the test: say its lane; a skip in a lane that is required becomes a failure."""
        report = yield
        lane = next((name for name in LANES if item.get_closest_marker(name)), "")
        if lane and report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            reason = reason.removeprefix("Skipped: ")
            report.user_properties.append((SKIPPED, f"{lane}: {reason}"))
            if lane in required():
                report.outcome, report.longrepr = "failed", f"The lane {lane} is required here, but: {reason}"
        elif lane and report.when == "call":
            report.user_properties.append((RAN, lane))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count, where all reports come together."""
        for name, value in report.user_properties:
            if name == RAN:
                self.ran[str(value)] += 1
            elif name == SKIPPED:
                lane, _, reason = str(value).partition(": ")
                self.skipped[lane, reason] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A required lane without a single test is a failure too, when the whole suite was asked for."""
        whole = session.config.args_source is pytest.Config.ArgsSource.TESTPATHS
        # Processes that only run a share of the tests have not seen the others.
        if hasattr(session.config, "workerinput"):
            return
        if (
            whole
            and not session.config.option.collectonly
            and self._empty()
            and session.exitstatus == pytest.ExitCode.OK
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _empty(self) -> list[str]:
        return sorted(lane for lane in required() if not self.ran[lane])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what ran and what did not, and why."""
        for lane in LANES:
            if self.ran[lane]:
                terminalreporter.write_line(f"lane {lane}: {self.ran[lane]} ran")
        for (lane, reason), count in sorted(self.skipped.items()):
            terminalreporter.write_line(f"lane {lane}: {count} skipped: {reason}")
        for lane in self._empty():
            terminalreporter.write_line(f"lane {lane}: required, and nothing ran", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Watch this run. Raises UsageError for a lane that does not exist."""
    if unknown := required() - set(LANES):
        raise pytest.UsageError(
            f"HEED_REQUIRE names no lane of ours: {', '.join(sorted(unknown))}. There are {', '.join(LANES)}."
        )
    config.pluginmanager.register(Lanes(), "heed-lanes")


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Where processes share the tests, a file stays in one, and so do all that would disturb a browser.

    pytest 9.2 passes over the names that xdist 3.8 gives groups: `--dist loadgroup` keeps nothing together.
    """

    def _split_scope(self, nodeid: str) -> str:
        return BROWSING if nodeid.startswith(BESIDE_NO_BROWSER) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """In the order of the files: the long chain of the browser starts early."""
    config.option.loadscopereorder = False
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below tests/browser is of that lane; without a browser it is skipped before anything
    starts.
    """
    for item in items:
        if item.nodeid.startswith(BROWSING):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("browser") and not chromium():
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
