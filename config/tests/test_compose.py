"""What the schema of Compose cannot know of compose.yaml; `./run test` holds the file against the schema itself."""

import re
from unittest import TestCase

from django.conf import settings
from django.test import TestCase as DatabaseTestCase
from django.urls import reverse

from config import throttling

from .compose import FILE, composed, labels
from .test_configure_page import READ

TRAEFIK = "https://doc.traefik.io/traefik/reference/"
# What an option is of, and the page of Traefik's documentation that tells of it.
PAGES = {
    "providers.docker.": "install-configuration/providers/docker/",
    "entrypoints.": "install-configuration/entrypoints/",
    "certificatesresolvers.": "install-configuration/tls/certificate-resolvers/acme/",
    "ping": "install-configuration/observability/healthcheck/",
    ".loadbalancer.": "routing-configuration/http/load-balancing/service/",
    ".routers.": "routing-configuration/http/routing/rules-and-priority/",
    ".ratelimit.": "routing-configuration/http/middlewares/ratelimit/",
    ".inflightreq.": "routing-configuration/http/middlewares/inflightreq/",
    ".compress.": "routing-configuration/http/middlewares/compress/",
    ".headers.": "routing-configuration/http/middlewares/headers/",
}
OBVIOUS = {"traefik.enable", "global.sendanonymoususage", "global.checknewversion"}


class ServicesTests(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = composed()
        cls.services = cls.file["services"]

    def test_no_service_can_gain_a_right_or_write_outside_its_volumes(self):
        for name, service in self.services.items():
            with self.subTest(name):
                self.assertIs(service["read_only"], True)
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
                self.assertEqual({"privileged", "cap_add", "pid", "ipc", "devices"} & set(service), set())

    def test_no_service_takes_all_of_the_machine(self):
        for name, service in self.services.items():
            with self.subTest(name):
                self.assertEqual(set(service["deploy"]["resources"]["limits"]), {"cpus", "memory", "pids"})
                self.assertEqual(set(service["logging"]["options"]), {"max-size", "max-file"})

    def test_every_image_has_one_version_or_is_built_here(self):
        for name, service in self.services.items():
            if service["image"] == "recto-verso":
                self.assertEqual(service["build"], ".", name)
            else:
                self.assertRegex(service["image"], r":v?\d+\.\d+(\.\d+|-alpine\d+\.\d+)", name)

    def test_what_goes_on_says_whether_it_is_well_and_is_started_again(self):
        # A step ends, and others wait for its end; the site's own check is the image's.
        steps = {"secrets", "set_up"}
        for name, service in self.services.items():
            with self.subTest(name):
                self.assertEqual(service.get("restart"), None if name in steps else "unless-stopped")
                if name in steps:
                    self.assertEqual(service["healthcheck"], {"disable": True})
                elif name != "site":
                    self.assertIn("test", service["healthcheck"])
        self.assertIn("HEALTHCHECK", (settings.BASE_DIR / "Dockerfile").read_text())
        for waits in ("site", "backup"):
            self.assertEqual(
                {name: need["condition"].removeprefix("service_") for name, need in self.needs(waits).items()},
                dict.fromkeys(steps, "completed_successfully") | dict.fromkeys(("database", "redis"), "healthy"),
            )

    def needs(self, name: str) -> dict:
        return self.services[name]["depends_on"]

    def test_only_the_gateway_is_reached_from_outside_and_the_database_from_the_site_alone(self):
        published = [name for name, service in self.services.items() if "ports" in service]
        self.assertEqual(published, ["traefik"])
        members = {
            network: {name for name, service in self.services.items() if network in service.get("networks", ())}
            for network in self.file["networks"]
        }
        self.assertEqual(members["docker"], {"traefik", "docker"})
        self.assertEqual(members["edge"], {"traefik", "site"})
        self.assertEqual(members["data"], {"site", "set_up", "backup", "database", "redis"})
        self.assertTrue(self.file["networks"]["data"]["internal"] and self.file["networks"]["docker"]["internal"])
        # Who asks Docker can do all that root can.
        socket = [name for name, service in self.services.items() if "docker.sock" in str(service.get("volumes"))]
        self.assertEqual(socket, ["docker"])
        self.assertIn("--providers.docker.network=" + self.file["networks"]["edge"]["name"], self.traefik())

    def test_traefik_is_told_which_containers_there_are_and_cannot_read_their_files_or_logs(self):
        options = labels(self.services["docker"] | {"command": self.services["docker"]["command"][:4]})
        allowed = re.compile(options["-allowGET"])
        for path in ("/version", "/v1.51/events", "/v1.24/containers/json", "/v1.51/containers/1a2b/json"):
            self.assertTrue(allowed.fullmatch(path), path)
        for part in ("archive", "logs", "export", "attach/ws", "json/../archive", "top"):
            self.assertFalse(allowed.fullmatch(f"/v1.51/containers/1a2b/{part}"), part)
        self.assertFalse(allowed.fullmatch("/v1.51/secrets"))

    def traefik(self) -> list[str]:
        return self.services["traefik"]["command"]

    def test_every_secret_is_a_file_that_the_first_start_makes_and_one_service_alone_can_write(self):
        made = re.search(r"for name in ([\w ]+);", self.services["secrets"]["command"][-1])[1].split()
        named = {path for service in self.services.values() for path in re.findall(r"/run/secrets/\w+", str(service))}
        self.assertEqual(named, {f"/run/secrets/{name}" for name in made})
        mounts = [
            (name, mount)
            for name, service in self.services.items()
            for mount in service.get("volumes", ())
            if mount.startswith("secrets:")
        ]
        self.assertEqual([name for name, mount in mounts if not mount.endswith(":ro")], ["secrets"])
        # The database reads them as a member of the group of the site's account.
        uid = re.search(r"useradd --uid (\d+)", (settings.BASE_DIR / "Dockerfile").read_text())[1]
        self.assertEqual(self.services["database"]["group_add"], [uid])
        for name, service in self.services.items():
            for variable, value in service.get("environment", {}).items():
                if re.search("PASSWORD|SECRET", variable):
                    self.assertRegex(f"{variable}={value}", r"_FILE=/run/secrets/", name)

    def test_the_site_is_told_nothing_that_its_settings_do_not_read(self):
        for name in ("site", "set_up", "backup"):
            self.assertEqual(set(self.services[name]["environment"]) - set(READ), set(), name)

    def test_every_volume_and_network_is_declared_and_used(self):
        for kind in ("volumes", "networks"):
            used = {
                entry.partition(":")[0] for service in self.services.values() for entry in service.get(kind, ())
            } - {"/var/run/docker.sock"}
            self.assertEqual(used, set(self.file[kind]), kind)

    def test_without_a_domain_it_serves_localhost_and_with_one_it_gets_a_certificate_for_it(self):
        for variables, host, address, resolver in (
            ({}, "localhost", "http://localhost", ""),
            ({"DOMAIN": "b.example.org", "ACME_EMAIL": "a@b.org"}, "b.example.org", "https://b.example.org", "acme"),
        ):
            services = composed(**variables)["services"]
            site, options = services["site"], labels(services["traefik"])
            self.assertEqual(site["environment"]["SITE_URL"], address)
            self.assertEqual(options["entrypoints.websecure.http.tls.certresolver"], resolver)
            self.assertEqual(options["certificatesresolvers.acme.acme.email"], variables.get("ACME_EMAIL", ""))
            rules = [rule for name, rule in labels(site).items() if name.endswith(".rule")]
            self.assertEqual([rule for rule in rules if not rule.startswith(f"Host(`{host}`)")], [])

    def test_what_docs_put_beside_the_file_gets_into_no_image_and_no_commit(self):
        for name in (".dockerignore", ".gitignore"):
            left_out = {line.strip("/") for line in (settings.BASE_DIR / name).read_text().splitlines()}
            self.assertEqual({".env", "backups", "password*"} - left_out, set(), name)

    def test_docs_tell_of_every_variable_that_the_file_reads(self):
        page = (settings.BASE_DIR / "docs" / "compose.md").read_text()
        for name in set(re.findall(r"\$\{(\w+)", FILE.read_text())):
            self.assertIn(f"`{name}`", page)


class TraefikTests(DatabaseTestCase):
    def setUp(self):
        self.labels = labels(composed()["services"]["site"])

    def rate(self, name: str) -> tuple[int, str]:
        of = f"traefik.http.middlewares.{name}.ratelimit"
        return int(self.labels[f"{of}.average"]), self.labels[f"{of}.period"]

    def test_each_option_comes_below_the_address_of_its_documentation(self):
        seen: set[str] = set()
        for line in FILE.read_text().splitlines():
            seen.update(re.findall(re.escape(TRAEFIK) + r"([\w/-]+)", line))
            found = re.match(r" +- (?:--)?((?:traefik|providers|entrypoints|certif\w+|ping|global)[\w.-]*)=", line)
            if found and found[1] not in OBVIOUS:
                page = next((page for part, page in PAGES.items() if part in found[1]), found[1])
                self.assertIn(page, seen)

    def test_one_address_may_ask_as_often_as_the_site_itself_allows(self):
        for name, rate in (("search", throttling.SEARCH), ("login", throttling.LOGIN)):
            self.assertEqual((rate.seconds, self.rate(name)), (60, (rate.number, "1m")))
            # The site's own page, which tells when to come again, answers before Traefik's one line does.
            self.assertEqual(self.labels[f"traefik.http.middlewares.{name}.ratelimit.burst"], str(rate.number))

    def test_the_article_on_rate_limits_tells_readers_the_same_rates(self):
        numbers = [self.rate(name) for name in ("everybody", "search", "login")]
        self.assertEqual(numbers, [(100, "1s"), (60, "1m"), (30, "1m")])
        told = {
            "en": "a hundred requests a second for everything, sixty a minute for searches and thirty a minute for log",
            "fr": "cent requêtes par seconde pour l'ensemble, soixante par minute pour les recherches, trente",
        }
        for language, words in told.items():
            folder = settings.BASE_DIR / "articles" / "content" / "api-rate-limiting"
            self.assertIn(words, (folder / f"index.{language}.md").read_text())

    def test_every_limit_takes_a_network_of_ipv6_for_one_visitor(self):
        counted = {name.rpartition(".")[0] for name in self.labels if re.search(r"\.(average|amount)$", name)}
        self.assertEqual(len(counted), 4)
        for of in counted:
            self.assertEqual(self.labels[f"{of}.sourcecriterion.ipstrategy.ipv6subnet"], "64")

    def test_searches_and_log_ins_meet_their_own_limit_whatever_the_language(self):
        rules = {name: self.labels[f"traefik.http.routers.{name}.rule"] for name in ("site", "search", "login")}
        login = re.search(r"PathRegexp\(`(.+?)`\)", rules["login"])[1]
        for path in (reverse(name) for name, (kind, _) in throttling.RATES.items() if kind == "login"):
            self.assertRegex(path, login)
        # By the name of the field, which is the same in every language.
        self.assertIn("QueryRegexp(`q`, `.`)", rules["search"])
        self.assertContains(self.client.get(reverse("blog:search")), 'name="q"')
        for name in ("search", "login"):
            # Traefik takes the longest rule first.
            self.assertGreater(len(rules[name]), len(rules["site"]))
            self.assertIn(name, self.labels[f"traefik.http.routers.{name}.middlewares"].split(","))

    def test_visitors_neither_learn_whether_a_container_is_ready_nor_name_their_requests(self):
        for name in ("site", "search"):
            self.assertIn("!Path(`/readyz`)", self.labels[f"traefik.http.routers.{name}.rule"])
        self.assertEqual(reverse("readyz"), "/readyz")
        asked = self.labels["traefik.http.services.site.loadbalancer.healthcheck.path"]
        self.assertEqual(asked, reverse("healthz"))
        self.assertEqual(self.labels["traefik.http.middlewares.unnamed.headers.customrequestheaders.X-Request-ID"], "")
        routers = [value for name, value in self.labels.items() if name.endswith(".middlewares")]
        self.assertEqual([value for value in routers if "unnamed" not in value.split(",")], [])

    def test_a_middleware_that_is_used_is_there(self):
        there = {name.split(".")[3] for name in self.labels if ".middlewares." in name}
        used = {
            word for name, value in self.labels.items() if name.endswith(".middlewares") for word in value.split(",")
        }
        self.assertEqual(used, there)
