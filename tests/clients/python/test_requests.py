"""Requests for access, as `azure-mgmt-security` and people's scripts send them."""

import unittest
from datetime import datetime, timedelta, timezone

from azure.mgmt.security.v2020_01_01 import models
from support import GROUP, REGION, ServerCase, machine, policy_path
from test_policies import HTTP, policy, protected, rule


def now():
    return datetime.now(timezone.utc)


class Requests(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.put("default", protected("web", rule(22), rule(3389, "10.4.0.0/16", "PT1H")), protected("db", rule(22)))

    @classmethod
    def put(cls, name, *machines):
        cls.client(cls).create_or_update(GROUP, REGION, name, policy(*machines), **HTTP)

    def initiate(self, ports, justification=None, name="default", vm="web", **options):
        body = models.JitNetworkAccessPolicyInitiateRequest(
            virtual_machines=[models.JitNetworkAccessPolicyInitiateVirtualMachine(id=machine(vm), ports=ports)],
            justification=justification,
        )
        return self.client(**options).initiate(GROUP, REGION, name, body, **HTTP)

    def post(self, ports, name="default", vm="web", headers=None, token=None, **members):
        body = {"virtualMachines": [{"id": machine(vm), "ports": ports}], **members}
        path = f"{policy_path(name)}/initiate?api-version=2020-01-01"
        return self.server.call("POST", path, token or self.owner, body, headers)

    def test_the_answer_is_a_request(self):
        end = now() + timedelta(hours=2, minutes=59)
        port = models.JitNetworkAccessPolicyInitiatePort(number=22, allowed_source_address_prefix="10.9.8.7", end_time_utc=end)
        before = now()
        answer = self.initiate([port], "change the disk")
        self.assertLess(abs(answer.start_time_utc - before), timedelta(seconds=20))
        self.assertEqual(answer.justification, "change the disk")
        [one] = answer.virtual_machines
        [opened] = one.ports
        self.assertEqual((one.id, opened.number), (machine("web"), 22))
        self.assertEqual(opened.allowed_source_address_prefix, "10.9.8.7")
        self.assertEqual((opened.status, opened.status_reason), ("Initiating", "UserRequested"))
        self.assertEqual(opened.end_time_utc, end)

    def test_later_reads_say_initiated(self):
        self.put("later", protected("later", rule(22)))
        end = now() + timedelta(hours=1)
        port = models.JitNetworkAccessPolicyInitiatePort(number=22, allowed_source_address_prefix="10.9.8.7", end_time_utc=end)
        self.initiate([port], name="later", vm="later")
        [stored] = self.client().get(GROUP, REGION, "later", **HTTP).requests
        [opened] = stored.virtual_machines[0].ports
        self.assertEqual((opened.status, opened.status_reason), ("Initiated", "UserRequested"))
        self.assertEqual(opened.end_time_utc, end)

    def test_without_a_source_it_is_the_callers_address(self):
        self.put("source", protected("source", rule(22)))
        port = models.JitNetworkAccessPolicyInitiatePort(number=22, end_time_utc=now() + timedelta(hours=1))
        [one] = self.initiate([port], name="source", vm="source").virtual_machines
        self.assertEqual(one.ports[0].allowed_source_address_prefix, "127.0.0.1")

    def test_ends_are_echoed_digit_for_digit(self):
        for digits in ["", ".5", ".45569", ".4556916", ".455691612"]:
            end = (now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S") + digits + "Z"
            status, _, answer = self.post([{"number": 22, "allowedSourceAddressPrefix": "10.9.8.7", "endTimeUtc": end}], vm="db")
            self.assertEqual(status, 202, answer)
            self.assertEqual(answer["virtualMachines"][0]["ports"][0]["endTimeUtc"], end)

    def test_durations_and_lists_of_prefixes_as_the_portal_sends_them(self):
        ports = [{"number": 22, "duration": "PT2H", "allowedSourceAddressPrefixes": ["10.9.8.7", "10.9.9.0/24"]}]
        status, _, answer = self.post(ports, vm="db")
        self.assertEqual(status, 202, answer)
        [opened] = answer["virtualMachines"][0]["ports"]
        self.assertEqual(opened["allowedSourceAddressPrefixes"], ["10.9.8.7", "10.9.9.0/24"])
        start, end = (datetime.fromisoformat(text[:26]) for text in (answer["startTimeUtc"].rstrip("Z"), opened["endTimeUtc"].rstrip("Z")))
        self.assertEqual(end - start, timedelta(hours=2))
        self.assertNotIn("justification", answer)

    def test_a_repeat_opens_nothing_twice_and_gets_the_first_answer(self):
        self.put("repeat", protected("repeat", rule(22)))
        ports = [{"number": 22, "allowedSourceAddressPrefix": "10.9.8.7", "duration": "PT1H"}]
        headers = {"x-ms-client-request-id": "4b1f5b2e-9c0d-4d0e-9a43-1f2b3c4d5e6f"}
        first = self.post(ports, "repeat", "repeat", headers)
        again = self.post(ports, "repeat", "repeat", headers)
        self.assertEqual((first[0], again[0]), (202, 202))
        self.assertEqual(first[2], again[2])
        self.assertEqual(len(self.client().get(GROUP, REGION, "repeat", **HTTP).requests), 1)
        # `az` gives all requests of one command the same id: another body is another request.
        other = self.post([{**ports[0], "duration": "PT2H"}], "repeat", "repeat", headers)
        self.assertNotEqual(other[2], first[2])
        self.assertEqual(len(self.client().get(GROUP, REGION, "repeat", **HTTP).requests), 2)

    def test_a_newer_request_of_the_same_person_replaces_the_older(self):
        self.put("newer", protected("newer", rule(22)))
        colleague = self.server.token("colleague")
        ports = [{"number": 22, "allowedSourceAddressPrefix": "10.9.8.7", "duration": "PT1H"}]
        for token, source in [(self.owner, "10.9.8.7"), (colleague, "10.9.8.8"), (self.owner, "10.9.8.9")]:
            status, _, answer = self.post([{**ports[0], "allowedSourceAddressPrefix": source}], "newer", "newer", token=token)
            self.assertEqual(status, 202, answer)
        found = {}
        for stored in self.client().get(GROUP, REGION, "newer", **HTTP).requests:
            [opened] = stored.virtual_machines[0].ports
            found[opened.allowed_source_address_prefix] = (opened.status, opened.status_reason)
        self.assertEqual(
            found,
            {
                "10.9.8.7": ("Revoked", "NewerRequestInitiated"),
                "10.9.8.8": ("Initiated", "UserRequested"),
                "10.9.8.9": ("Initiated", "UserRequested"),
            },
        )

    def test_the_path_may_be_in_any_case(self):
        path = policy_path("default").replace("resourceGroups", "resourcegroups").replace("Microsoft", "microsoft")
        body = {"virtualMachines": [{"id": machine("db"), "ports": [{"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.9.8.7"}]}]}
        status, _, answer = self.server.call("POST", f"{path}/Initiate?api-version=2015-06-01-preview", self.owner, body)
        self.assertEqual(status, 202, answer)

    def test_access_lives_through_a_restart(self):
        self.put("restart", protected("restart", rule(22)))
        status, _, answer = self.post([{"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.9.8.7"}], "restart", "restart")
        self.assertEqual(status, 202, answer)
        before = self.client().get(GROUP, REGION, "restart", **HTTP).as_dict()
        self.assertEqual(self.server.stop(), 0, "the server did not stop in order")
        self.server.start()
        self.assertEqual(self.client().get(GROUP, REGION, "restart", **HTTP).as_dict(), before)


if __name__ == "__main__":
    unittest.main()
