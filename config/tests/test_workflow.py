"""What tests each change on GitHub."""

import re
from unittest import TestCase

import yaml
from django.conf import settings


class WorkflowTests(TestCase):
    def test_it_does_what_ci_does_on_each_python_that_run_looks_for(self):
        job = yaml.safe_load((settings.BASE_DIR / ".github/workflows/test.yml").read_text())["jobs"]["test"]
        self.assertEqual(job["steps"][-1], {"run": ".ci/run"})
        named = re.search(r"for python in ([^;]+);", (settings.BASE_DIR / "run").read_text())[1].split()
        self.assertEqual(
            {f"python{version}" for version in job["strategy"]["matrix"]["python"]}, set(named) - {"python3"}
        )
