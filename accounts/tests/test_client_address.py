from django.test import RequestFactory, SimpleTestCase, override_settings

from accounts.client_address import client_address, client_network

PEER = "192.0.2.1"


def seen(forwarded: str | None = None, proxies: int = 0, peer: str = PEER, **headers: str) -> str:
    if forwarded is not None:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded
    with override_settings(TRUSTED_PROXIES=proxies):
        return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))


class ClientAddressTests(SimpleTestCase):
    def test_without_a_trusted_proxy_no_header_changes_anything(self):
        for header in (
            "HTTP_X_FORWARDED_FOR",
            "HTTP_FORWARDED",
            "HTTP_X_REAL_IP",
            "HTTP_CLIENT_IP",
            "HTTP_TRUE_CLIENT_IP",
            "HTTP_CF_CONNECTING_IP",
            "HTTP_X_CLUSTER_CLIENT_IP",
            "HTTP_REMOTE_ADDR",
        ):
            for value in ("203.0.113.9", "for=203.0.113.9"):
                with self.subTest(header):
                    self.assertEqual(seen(**{header: value}), PEER)
                    if header != "HTTP_X_FORWARDED_FOR":
                        self.assertEqual(seen(proxies=1, **{header: value}), PEER)

    def test_exactly_the_trusted_number_of_proxies_is_believed(self):
        forged = "198.51.100.66, 203.0.113.5,203.0.113.6 , 203.0.113.7"
        for proxies, expected in enumerate([PEER, "203.0.113.7", "203.0.113.6", "203.0.113.5", "198.51.100.66"]):
            self.assertEqual(seen(forged, proxies), expected)
        # Fewer than were to come: somebody reached a proxy behind the first one.
        self.assertEqual(seen(forged, 5), PEER)
        self.assertEqual(seen(None, 1), PEER)
        self.assertEqual(seen("203.0.113.7", 2), PEER)

    def test_what_is_no_address_is_that_of_the_proxy(self):
        for malformed in (
            "",
            " ",
            "unknown",
            "_hidden",
            "203.0.113",
            "203.0.113.256",
            "1",
            "2001:db8::g",
            "[::1",
            "::1]",
        ):
            for text in (malformed, f"203.0.113.9, {malformed}"):
                with self.subTest(text):
                    self.assertEqual(seen(text, 1), PEER)
        for text in (
            "a" * 100_000,
            "," * 100_000,
            "\x00",
            "203.0.113.9\r\nx",
            "²03.0.113.9",
            "203.0.113.9:" + "1" * 99,
        ):
            self.assertEqual(seen(text, 1), PEER)

    def test_an_address_has_one_spelling(self):
        for text, expected in (
            ("203.0.113.9:4711", "203.0.113.9"),
            ("2001:DB8:0:0::0007", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("fe80::7%eth0", "fe80::7"),
        ):
            with self.subTest(text):
                self.assertEqual(seen(text, 1), expected)
                self.assertEqual(seen(peer=text), expected)

    def test_a_socket_of_the_machine_has_no_address_but_what_its_proxy_says(self):
        for peer in ("", "unix:", "/run/site.sock"):
            self.assertEqual(seen(peer=peer), "")
            self.assertEqual(seen("203.0.113.9", 1, peer), "203.0.113.9")
        request = RequestFactory().get("/")
        del request.META["REMOTE_ADDR"]
        self.assertEqual(client_address(request), "")

    def test_the_addresses_that_one_customer_has_of_ipv6_count_as_one(self):
        for peer, network in (
            ("2001:db8:1:2::7", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
            ("2001:db8:1:3::7", "2001:db8:1:3::"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            (PEER, PEER),
            ("", ""),
        ):
            self.assertEqual(client_network(RequestFactory().get("/", REMOTE_ADDR=peer)), network)
