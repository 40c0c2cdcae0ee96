"""Every operation on policies, as `azure-mgmt-security` sends it."""

import unittest

import requests
from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.security.v2020_01_01 import models
from support import GROUP, REGION, ServerCase, machine, policy_path, read_all

HTTP = {"enforce_https": False}


def rule(number, prefix="*", longest="PT3H", **members):
    return models.JitNetworkAccessPortRule(
        number=number,
        protocol=members.pop("protocol", "*"),
        allowed_source_address_prefix=prefix,
        max_request_access_duration=longest,
        **members,
    )


def policy(*machines):
    return models.JitNetworkAccessPolicy(kind="Basic", virtual_machines=list(machines))


def protected(name, *rules, **members):
    return models.JitNetworkAccessPolicyVirtualMachine(id=machine(name), ports=list(rules), **members)


class Policies(ServerCase):
    def test_what_is_large_comes_encoded(self):
        put = self.client().create_or_update(
            GROUP, REGION, "large", policy(*(protected(f"web{number}", rule(22)) for number in range(50))), **HTTP
        )
        path = self.server.url + policy_path("large") + "?api-version=2020-01-01"
        answer = requests.get(path, headers={"Authorization": f"Bearer {self.owner}"}, timeout=20)
        self.assertEqual((answer.status_code, answer.headers["Content-Encoding"]), (200, "gzip"))
        self.assertEqual(answer.json()["id"], put.id)
        self.assertEqual(self.client().get(GROUP, REGION, "large", **HTTP).as_dict(), put.as_dict())
        # What was got encoded is put back only over the same.
        headers = {"If-Match": answer.headers["ETag"], "Authorization": f"Bearer {self.owner}"}
        body = {"kind": "Basic", "properties": {"virtualMachines": answer.json()["properties"]["virtualMachines"][:1]}}
        statuses = [requests.put(path, json=body, headers=headers, timeout=20).status_code for _ in range(2)]
        self.assertEqual(statuses, [200, 412])

    def test_put_answers_with_the_policy(self):
        put = self.client().create_or_update(GROUP, REGION, "put", policy(protected("web", rule(22))), **HTTP)
        self.assertEqual(put.name, "put")
        self.assertEqual(put.id, policy_path("put"))
        self.assertEqual(put.type, "Microsoft.Security/locations/jitNetworkAccessPolicies")
        self.assertEqual((put.kind, put.location, put.provisioning_state), ("Basic", REGION, "Succeeded"))
        self.assertEqual(put.requests, [])
        [one] = put.virtual_machines
        self.assertEqual((one.id, one.public_ip_address), (machine("web"), None))
        [port] = one.ports
        self.assertEqual((port.number, port.protocol), (22, "*"))
        self.assertEqual((port.allowed_source_address_prefix, port.max_request_access_duration), ("*", "PT3H"))

    def test_get_gives_what_was_put(self):
        rules = [rule(22, None, allowed_source_address_prefixes=["10.1.0.0/16", "10.3.2.1"]), rule(3389, protocol="TCP")]
        put = self.client().create_or_update(
            GROUP, REGION, "get", policy(protected("web", *rules, public_ip_address="20.4.5.6")), **HTTP
        )
        got = self.client().get(GROUP, REGION, "get", **HTTP)
        self.assertEqual(got.as_dict(), put.as_dict())
        self.assertEqual(got.virtual_machines[0].public_ip_address, "20.4.5.6")
        self.assertEqual(got.virtual_machines[0].ports[0].allowed_source_address_prefixes, ["10.1.0.0/16", "10.3.2.1"])

    def test_names_are_compared_without_regard_to_case(self):
        client = self.client()
        client.create_or_update(GROUP, REGION, "Case", policy(protected("web", rule(22))), **HTTP)
        self.assertEqual(client.get(GROUP.upper(), REGION.upper(), "cASE", **HTTP).name, "Case")
        client.create_or_update(GROUP, REGION, "case", policy(protected("db", rule(22))), **HTTP)
        cased = [one for one in client.list(**HTTP) if one.name.lower() == "case"]
        self.assertEqual(len(cased), 1)
        self.assertEqual([one.id for one in cased[0].virtual_machines], [machine("db")])

    def test_put_replaces(self):
        client = self.client()
        client.create_or_update(GROUP, REGION, "replace", policy(protected("a", rule(22)), protected("b", rule(22))), **HTTP)
        client.create_or_update(GROUP, REGION, "replace", policy(protected("b", rule(3389))), **HTTP)
        [left] = client.get(GROUP, REGION, "replace", **HTTP).virtual_machines
        self.assertEqual((left.id, left.ports[0].number), (machine("b"), 3389))

    def test_get_change_put_is_how_policies_are_edited(self):
        client = self.client()
        client.create_or_update(GROUP, REGION, "edit", policy(protected("a", rule(22))), **HTTP)
        got = client.get(GROUP, REGION, "edit", **HTTP)
        got.virtual_machines.append(protected("b", rule(22)))
        put = client.create_or_update(GROUP, REGION, "edit", got, **HTTP)
        self.assertEqual([one.id for one in put.virtual_machines], [machine("a"), machine("b")])

    def test_requests_in_a_put_are_taken_and_never_the_truth(self):
        stranger = models.JitNetworkAccessRequest(
            virtual_machines=[
                models.JitNetworkAccessRequestVirtualMachine(
                    id=machine("web"),
                    ports=[
                        models.JitNetworkAccessRequestPort(
                            number=3389,
                            allowed_source_address_prefix="192.127.0.2",
                            end_time_utc="2018-05-17T09:06:45.569161Z",
                            status="Initiated",
                            status_reason="UserRequested",
                        )
                    ],
                )
            ],
            start_time_utc="2018-05-17T08:06:45.569161Z",
            requestor="stranger@example.org",
        )
        body = policy(protected("web", rule(3389)))
        body.requests = [stranger]
        self.assertEqual(self.client().create_or_update(GROUP, REGION, "stranger", body, **HTTP).requests, [])
        self.assertEqual(self.client().get(GROUP, REGION, "stranger", **HTTP).requests, [])

    def test_delete_says_whether_there_was_one(self):
        client = self.client()
        client.create_or_update(GROUP, REGION, "gone", policy(protected("web", rule(22))), **HTTP)
        statuses = []
        seen = {"raw_response_hook": lambda response: statuses.append(response.http_response.status_code)}
        client.delete(GROUP, REGION, "gone", **seen, **HTTP)
        client.delete(GROUP, REGION, "gone", **seen, **HTTP)
        self.assertEqual(statuses, [200, 204])
        with self.assertRaises(ResourceNotFoundError):
            client.get(GROUP, REGION, "gone", **HTTP)


class Lists(ServerCase):
    """The four lists, over more pages than one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expected = set()
        for index in range(230):
            group, region = ("harbour", "islands")[index % 2], ("westeurope", "northeurope", "uksouth")[index % 3]
            body = {
                "kind": "Basic",
                "properties": {
                    "virtualMachines": [
                        {
                            "id": machine(f"vm{index}", group),
                            "ports": [{"number": 22, "protocol": "*", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"}],
                        }
                    ]
                },
            }
            path = policy_path(f"policy{index}", group, region)
            status, _, answer = cls.server.call("PUT", f"{path}?api-version=2020-01-01", cls.owner, body)
            assert status == 200, answer
            cls.expected.add((group, region, path))

    def check(self, found, keep):
        found = [one.id for one in read_all(found)]
        expected = {path for group, region, path in self.expected if keep(group, region)}
        self.assertGreater(len(expected), 20)
        self.assertEqual(len(found), len(expected), "some are missing")
        self.assertEqual(set(found), expected)

    def test_list(self):
        self.check(self.client().list(**HTTP), lambda *_: True)

    def test_list_by_region(self):
        self.check(self.client().list_by_region("northeurope", **HTTP), lambda _, region: region == "northeurope")

    def test_list_by_resource_group(self):
        self.check(self.client().list_by_resource_group("islands", **HTTP), lambda group, _: group == "islands")

    def test_list_by_resource_group_and_region(self):
        self.check(
            self.client().list_by_resource_group_and_region("ISLANDS", "WestEurope", **HTTP),
            lambda group, region: (group, region) == ("islands", "westeurope"),
        )

    def test_an_empty_list_has_a_value(self):
        status, _, answer = self.server.call("GET", f"/subscriptions/{'0' * 8}-0000-0000-0000-{'0' * 12}/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01", self.server.token("everything", scope="/"))
        self.assertEqual((status, answer), (200, {"value": []}))

    def test_both_versions_of_the_api_page_alike(self):
        path = f"/subscriptions/{self.owner and '5c1de2b4-0a54-4b9e-8f0b-2f6f6b0e7a11'}/providers/microsoft.security/jitnetworkaccesspolicies?api-version=2015-06-01-preview"
        found, asked = [], set()
        while path:
            self.assertNotIn(path, asked, "the page comes again")
            asked.add(path)
            status, _, page = self.server.call("GET", path, self.owner)
            self.assertEqual(status, 200, page)
            found += [one["id"] for one in page["value"]]
            link = page.get("nextLink")
            self.assertTrue(link is None or link.startswith(self.server.url), link)
            path = link and link.removeprefix(self.server.url)
        self.assertEqual(len(found), len(self.expected))


if __name__ == "__main__":
    unittest.main()
