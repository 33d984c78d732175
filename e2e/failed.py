#!/usr/bin/env python3
"""Lists the tests that failed in the last run, each with the first line of why, so that the end of a long log tells."""
import pathlib
import sys
import xml.etree.ElementTree as xml

for report in sorted(pathlib.Path("target/failsafe-reports").glob("TEST-*.xml")):
    for case in xml.parse(report).getroot().iter("testcase"):
        for failure in case.findall("failure") + case.findall("error"):
            why = [line for line in (failure.get("message") or failure.text or "").splitlines() if line.strip()]
            print(f"FAILED {case.get('classname')}.{case.get('name')}: {' '.join(why)[:300]}", file=sys.stderr)
