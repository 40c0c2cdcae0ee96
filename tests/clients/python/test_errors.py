"""Every way in which a call goes wrong, as the SDK and bare calls see it."""

import http.client
import unittest
from datetime import datetime, timedelta, timezone

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.mgmt.security.v2020_01_01 import models
from support import GROUP, REGION, SUBSCRIPTION, ServerCase, machine, policy_path
from test_policies import HTTP, policy, protected, rule

VERSION = "?api-version=2020-01-01"


class Errors(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        client = cls.client(cls)
        client.create_or_update(GROUP, REGION, "default", policy(protected("web", rule(22, "10.4.0.0/16", "PT2H"))), **HTTP)

    def raises(self, kind, status, code, call):
        with self.assertRaises(kind) as caught:
            call()
        error = caught.exception
        self.assertEqual(error.status_code, status)
        self.assertEqual(error.error.code, code)
        self.assertTrue(error.error.message)
        return error

    def initiate(self, name="default", vm="web", token=None, **port):
        port = {"number": 22, "allowedSourceAddressPrefix": "10.4.1.2", "duration": "PT1H", **port}
        port = {name: value for name, value in port.items() if value is not None}
        body = {"virtualMachines": [{"id": machine(vm), "ports": [port]}]}
        return self.server.call("POST", f"{policy_path(name)}/initiate{VERSION}", token or self.owner, body)

    def refused(self, answer, status, code):
        got, headers, body = answer
        self.assertEqual((got, body["error"]["code"]), (status, code), body)
        self.assertTrue(headers["Content-Type"].startswith("application/json"))
        self.assertNotIn("null", str(body))
        return body["error"]

    def test_missing_policies(self):
        self.raises(ResourceNotFoundError, 404, "ResourceNotFound", lambda: self.client().get(GROUP, REGION, "none", **HTTP))
        self.refused(self.initiate(name="none"), 404, "PolicyNotFound")

    def test_the_body_is_judged_before_the_policy_is_looked_up(self):
        for end in [{"duration": None}, {"endTimeUtc": "2099-01-01T00:00:00Z"}]:
            error = self.refused(self.initiate(name="none", **end), 400, "InvalidInitiateInput")
            self.assertEqual(error["message"], "Only one of fields 'EndTimeUtc' and 'Duration' can be set.")

    def test_requests_outside_the_policy(self):
        for port in [{"number": 23}, {"allowedSourceAddressPrefix": "10.5.1.2"}, {"duration": "PT3H"}, {"allowedSourceAddressPrefix": "*"}]:
            error = self.refused(self.initiate(**port), 400, "InvalidInitiateInput")
            self.assertTrue(error["message"].startswith(f"The given access request is not a subset of policy '{policy_path('default')}'"), error)
            self.assertTrue(error["details"][0]["code"].startswith("JIT6"), error)
        self.refused(self.initiate(vm="other"), 400, "InvalidInitiateInput")

    def test_a_refusal_names_the_nearest_request(self):
        error = self.refused(self.initiate(duration="PT5H"), 400, "InvalidInitiateInput")
        [nearest] = [info["info"]["request"] for info in error["additionalInfo"] if info["type"] == "NearestAccessRequest"]
        status, _, answer = self.server.call("POST", f"{policy_path('default')}/initiate{VERSION}", self.owner, nearest)
        self.assertEqual(status, 202, answer)

    def test_ipv6_sources(self):
        error = self.refused(self.initiate(allowedSourceAddressPrefix="2001:db8::1"), 400, "InvalidInitiateInput")
        self.assertEqual(error["message"], "The provided access request contains a source IP address in IPv6 format, which is unsupported by Just-In-Time Network Access.")

    def test_bad_values_are_bad_requests_with_their_place(self):
        good = {"number": 22, "protocol": "*", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"}
        for name, value in [("number", 65536), ("number", -1), ("number", "many"), ("maxRequestAccessDuration", "P2D"), ("maxRequestAccessDuration", "PT1M"), ("protocol", ""), ("allowedSourceAddressPrefix", "nowhere")]:
            body = {"kind": "Basic", "properties": {"virtualMachines": [{"id": machine("web"), "ports": [{**good, name: value}]}]}}
            error = self.refused(self.server.call("PUT", policy_path("bad") + VERSION, self.owner, body), 400, "InvalidPolicyInput")
            targets = [detail["target"] for detail in error["details"]]
            self.assertIn(f"/properties/virtualMachines/0/ports/0/{name}", targets)
            self.assertTrue(all(detail["code"].startswith("JIT") and detail["message"] for detail in error["details"]))
        for body in [b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b"[" * 100_000, b'{"properties":{}}']:
            got = self.server.call("PUT", policy_path("bad") + VERSION, self.owner, body)
            self.assertEqual(got[0], 400, (body[:20], got[2]))
        self.assertEqual(self.server.call("GET", policy_path("bad") + VERSION, self.owner)[0], 404)

    def test_the_sdk_reads_bad_requests(self):
        port = models.JitNetworkAccessPolicyInitiatePort(number=22, allowed_source_address_prefix="10.4.1.2", end_time_utc=datetime.now(timezone.utc) + timedelta(days=3))
        body = models.JitNetworkAccessPolicyInitiateRequest(virtual_machines=[models.JitNetworkAccessPolicyInitiateVirtualMachine(id=machine("web"), ports=[port])])
        self.raises(HttpResponseError, 400, "InvalidInitiateInput", lambda: self.client().initiate(GROUP, REGION, "default", body, **HTTP))

    def test_an_empty_chunked_body(self):
        connection = http.client.HTTPConnection(self.server.url.removeprefix("http://"), timeout=20)
        headers = {"Authorization": f"Bearer {self.owner}", "Content-Type": "application/json", "Transfer-Encoding": "chunked"}
        connection.request("PUT", policy_path("default") + VERSION, iter([]), headers, encode_chunked=True)
        self.assertEqual(connection.getresponse().status, 400)
        connection.close()

    def test_without_a_token(self):
        self.raises(ClientAuthenticationError, 401, "InvalidAuthenticationToken", lambda: self.client("wrong").get(GROUP, REGION, "default", **HTTP))
        status, headers, body = self.server.call("GET", policy_path("default") + VERSION)
        self.assertEqual(status, 401)
        self.assertTrue(headers["WWW-Authenticate"].startswith("Bearer"))
        self.assertNotIn("claims=", headers["WWW-Authenticate"])
        self.assertEqual(body["error"]["code"], "AuthenticationFailed")

    def test_what_a_role_does_not_allow(self):
        reader = self.server.token("reader", "Reader")
        client = self.client(reader)
        self.assertEqual(client.get(GROUP, REGION, "default", **HTTP).name, "default")
        put = lambda: client.create_or_update(GROUP, REGION, "default", policy(protected("web", rule(22))), **HTTP)
        for call in [put, lambda: client.delete(GROUP, REGION, "default", **HTTP)]:
            self.raises(HttpResponseError, 403, "AuthorizationFailed", call)
        self.refused(self.initiate(token=reader), 403, "AuthorizationFailed")

    def test_a_refusal_tells_nothing_of_what_exists(self):
        stranger = self.server.token("stranger", "Owner", "/subscriptions/5c1de2b4-0a54-4b9e-8f0b-2f6f6b0e7a11/resourceGroups/elsewhere")
        there, missing = (self.server.call("GET", policy_path(name) + VERSION, stranger) for name in ("default", "nothing"))
        self.assertEqual((there[0], missing[0]), (403, 403))
        self.assertEqual(there[2]["error"]["message"].replace("default", "X"), missing[2]["error"]["message"].replace("nothing", "X"))

    def test_versions_paths_and_methods(self):
        self.refused(self.server.call("GET", policy_path("default"), self.owner), 400, "MissingApiVersionParameter")
        self.refused(self.server.call("GET", policy_path("default") + "?api-version=1999-01-01", self.owner), 400, "InvalidApiVersionParameter")
        self.assertEqual(self.server.call("GET", "/nothing/here", self.owner)[0], 404)
        status, headers, body = self.server.call("PATCH", policy_path("default") + VERSION, self.owner, {})
        self.assertEqual(status, 405)
        self.assertIn("PUT", headers["Allow"])
        self.assertTrue(body["error"]["message"])
        wrong = policy_path("default").replace(SUBSCRIPTION, "not-a-guid")
        self.assertEqual(self.server.call("GET", wrong + VERSION, self.owner)[0] // 100, 4)

    def test_a_put_that_was_overtaken_is_a_conflict(self):
        self.client().create_or_update(GROUP, REGION, "shared", policy(protected("a", rule(22))), **HTTP)
        etag = self.server.call("GET", policy_path("shared") + VERSION, self.owner)[1]["ETag"]
        colleague = self.client(self.server.token("colleague"))
        self.client().get(GROUP, REGION, "shared", **HTTP)
        colleague.create_or_update(GROUP, REGION, "shared", policy(protected("a", rule(22)), protected("b", rule(22))), **HTTP)
        stale = lambda: self.client().create_or_update(GROUP, REGION, "shared", policy(protected("a", rule(22)), protected("c", rule(22))), **HTTP)
        error = self.raises(ResourceExistsError, 409, "Conflict", stale)
        self.assertIn("b", error.error.message)
        body = {"properties": {"virtualMachines": []}}
        self.refused(self.server.call("PUT", policy_path("shared") + VERSION, self.owner, body, {"If-Match": etag}), 412, "PreconditionFailed")
        self.assertEqual(len(self.client().get(GROUP, REGION, "shared", **HTTP).virtual_machines), 2)

    def test_bodies_that_are_too_large(self):
        status, _, body = self.server.call("PUT", policy_path("large") + VERSION, self.owner, b" " * (5 << 20))
        self.assertEqual((status, body["error"]["code"]), (413, "RequestContentTooLarge"))


if __name__ == "__main__":
    unittest.main()
