"""What clients list beside policies: resources of all types, parts of resources, who has which role, what a machine has."""

import json
import os
import time
import unittest

from azure.core import PipelineClient
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.security import SecurityCenter
from support import SUBSCRIPTION, Server, Token, read_all

PLAIN = {"enforce_https": False}
NSGS = "Microsoft.Network/networkSecurityGroups"


class Resources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--demo")
        cls.addClassCleanup(cls.server.close)
        cls.owner = cls.server.token("owner", scope="/")
        _, _, body = cls.server.call("GET", "/subscriptions?api-version=2022-12-01", cls.owner)
        cls.subscription = body["value"][0]["subscriptionId"]

    def client(self, of, token=None):
        return of(Token(token or self.owner), self.subscription, base_url=self.server.url, retry_total=0)

    def test_resources_of_all_types(self):
        resources = self.client(ResourceManagementClient).resources
        every = read_all(resources.list(**PLAIN))
        self.assertGreater(len(every), 200, "over several pages")
        # As `az resource list` asks.
        expand = "createdTime,changedTime,provisioningState"
        nsgs = read_all(resources.list(filter=f"resourceType eq '{NSGS}'", expand=expand, **PLAIN))
        self.assertEqual({one.type for one in nsgs}, {NSGS})
        group = nsgs[0].id.split("/")[4]
        of_group = read_all(resources.list_by_resource_group(group, **PLAIN))
        self.assertEqual({one.id.split("/")[4].lower() for one in of_group}, {group.lower()})
        self.assertLess(len(of_group), len(every))
        self.assertIn(nsgs[0].id, [one.id for one in of_group])
        # As `az resource list --tag env*` asks, and PowerShell's `Get-AzResource -Name *nsg*`.
        tagged = [one.id for one in read_all(resources.list(filter="startswith(tagname, 'ST')", **PLAIN))]
        self.assertTrue(tagged)
        self.assertEqual([one.id for one in every if any(tag.startswith("st") for tag in one.tags or {})], tagged)
        named = read_all(resources.list(filter=f"substringof('nsg', name) and resourceType ne '{NSGS}'", **PLAIN))
        others = [one for one in every if "nsg" in one.name.lower() and one.type != NSGS]
        self.assertEqual([one.id for one in named], [one.id for one in others])
        with self.assertRaises(ResourceNotFoundError):
            read_all(resources.list_by_resource_group("none", **PLAIN))
        with self.assertRaises(HttpResponseError) as raised:
            read_all(resources.list(filter="color eq 'red'", **PLAIN))
        self.assertEqual(raised.exception.error.target, "$filter")

    def test_providers_and_their_regions(self):
        client = self.client(ResourceManagementClient)
        here = {one.namespace: one for one in client.providers.list(**PLAIN)}
        self.assertEqual(set(here), {one.namespace for one in client.providers.list_at_tenant_scope(**PLAIN)})
        # As libcloud asks where machines can be.
        [machines] = [of for of in here["Microsoft.Compute"].resource_types if of.resource_type == "virtualMachines"]
        self.assertIn("westeurope", machines.locations)
        query = {"query": "Resources"}
        status, _, answer = self.server.call(
            "POST", "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01", self.owner, query
        )
        self.assertEqual((status, answer["error"]["code"]), (404, "InvalidResourceNamespace"))

    def test_many_calls_in_one(self):
        """As Ansible's inventory asks, with the addresses that the client writes, and follows what comes back."""
        client = PipelineClient(self.server.url, policies=[])
        compute = {"api-version": "2024-07-01"}
        machines = client.get(f"/subscriptions/{self.subscription}/providers/Microsoft.Compute/virtualMachines", compute)

        def batch(*urls):
            asked = [{"httpMethod": "GET", "url": url, "name": str(place)} for place, url in enumerate(urls)]
            path = "/batch?api-version=2015-11-01"
            status, _, answer = self.server.call("POST", path, self.owner, {"requests": asked})
            self.assertEqual(status, 200)
            self.assertEqual([one["name"] for one in answer["responses"]], [one["name"] for one in asked])
            return [(one["httpStatusCode"], one["content"]) for one in answer["responses"]]

        [(status, page), (missing, error)] = batch(machines.url, f"{self.server.url}/nothing?api-version=2024-07-01")
        self.assertEqual((status, missing, error["error"]["code"]), (200, 404, "InvalidResourceType"))
        views = batch(page["nextLink"], *(f"{one['id']}/instanceView?api-version=2024-07-01" for one in page["value"][:50]))
        self.assertEqual({status for status, _ in views}, {200})
        self.assertEqual(views[1][1], {"statuses": []})
        self.assertTrue(all(one["properties"]["vmId"] for one in page["value"]), "which it takes no machine without")

    def test_rules_and_subnets(self):
        network = self.client(NetworkManagementClient)
        nsg = next(iter(network.network_security_groups.list_all(**PLAIN)))
        group = nsg.id.split("/")[4]
        rules = read_all(network.security_rules.list(group, nsg.name, **PLAIN))
        self.assertEqual({rule.name for rule in rules}, {rule.name for rule in nsg.security_rules})
        one = network.security_rules.get(group, nsg.name, rules[0].name, **PLAIN)
        self.assertEqual((one.id, one.priority), (rules[0].id, rules[0].priority))
        self.assertEqual(len(read_all(network.default_security_rules.list(group, nsg.name, **PLAIN))), 6)
        with self.assertRaises(ResourceNotFoundError):
            network.security_rules.get(group, nsg.name, "none", **PLAIN)
        whole = next(iter(network.virtual_networks.list_all(**PLAIN)))
        subnets = read_all(network.subnets.list(whole.id.split("/")[4], whole.name, **PLAIN))
        self.assertEqual({subnet.id for subnet in subnets}, {subnet.id for subnet in whole.subnets})

    def test_an_instance_view(self):
        machines = self.client(ComputeManagementClient).virtual_machines
        machine = next(iter(machines.list_all(**PLAIN)))
        self.assertIsNone(machine.instance_view)
        self.assertEqual(machine.provisioning_state, "Succeeded", "libcloud fails without it")
        group = machine.id.split("/")[4]
        machine = machines.get(group, machine.name, expand="instanceView", **PLAIN)
        self.assertEqual(machine.instance_view.statuses, [])
        # As Ansible asks, which then wants to know of its disks.
        self.assertEqual(machines.instance_view(group, machine.name, **PLAIN).statuses, [])
        self.assertEqual(machine.storage_profile.data_disks, [])

    def test_disks_and_regions(self):
        """Prowler fails where a machine's disk has no id."""
        machines = self.client(ComputeManagementClient).virtual_machines
        every = read_all(machines.list_all(**PLAIN))
        self.assertTrue(all(one.storage_profile.os_disk.managed_disk.id for one in every))
        regions = [one.name for one in self.client(SecurityCenter).locations.list(**PLAIN)]
        self.assertGreater(len(regions), 1)
        there = {region: [one.id for one in machines.list_by_location(region, **PLAIN)] for region in regions}
        self.assertEqual(sorted(sum(there.values(), [])), sorted(one.id for one in every))

    def test_roles_and_whom_they_are_given_to(self):
        authorization = self.client(AuthorizationManagementClient)
        scope = f"/subscriptions/{self.subscription}"
        definitions = authorization.role_definitions.list(scope, filter="roleName eq 'Contributor'", **PLAIN)
        [contributor] = [one.id for one in definitions]
        assignments = authorization.role_assignments.list_for_scope(scope, filter="atScope()", **PLAIN)
        given = [one for one in assignments if one.role_definition_id == contributor]
        self.assertTrue(given)
        # As `az role assignment list` asks Graph, at the address that the cloud's description has.
        _, _, cloud = self.server.call("GET", "/metadata/endpoints?api-version=2022-09-01")
        self.assertEqual(cloud["microsoftGraphResourceId"], f"{self.server.url}/")
        ids = {"ids": [one.principal_id for one in given], "types": ["user", "servicePrincipal"]}
        status, _, people = self.server.call("POST", "/v1.0/directoryObjects/getByIds", self.owner, ids)
        self.assertEqual(status, 200)
        self.assertTrue(people["value"])
        self.assertLessEqual({one["id"] for one in people["value"]}, set(ids["ids"]))
        other = "/subscriptions/0d9a5b8e-3a3f-4a52-8c57-5f3a0f3a8c11"
        stranger = self.server.token("stranger", role="Reader", scope=other)
        _, _, nobody = self.server.call("POST", "/v1.0/directoryObjects/getByIds", stranger, ids)
        self.assertEqual(nobody, {"value": []})


class Imported(unittest.TestCase):
    """What clients read without asking whether it is there, as `az` exports it."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.owner = cls.server.token("owner", scope="/")

    def id(self, of, name):
        return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/islands/providers/{of}/{name}"

    def client(self, of):
        return of(Token(self.owner), SUBSCRIPTION, base_url=self.server.url, retry_total=0)

    def test_what_was_imported_is_given_back(self):
        common = {"location": "westeurope", "resourceGroup": "islands", "tags": {"env": "prod"}, "provisioningState": "Succeeded"}
        public = {"name": "pip", "id": self.id("Microsoft.Network/publicIPAddresses", "pip"), "ipAddress": "203.0.113.9",
                  "sku": {"name": "Standard", "tier": "Regional"}, "zones": ["1"], "idleTimeoutInMinutes": 4, **common}
        nsg = {"name": "nsg", "id": self.id(NSGS, "nsg"), "securityRules": [], **common}
        nic = {"name": "nic", "id": self.id("Microsoft.Network/networkInterfaces", "nic"), "enableIPForwarding": True,
               "ipConfigurations": [{"name": "one", "privateIPAddress": "10.0.0.4"}], **common}
        machine = {
            "name": "vm1", "id": self.id("Microsoft.Compute/virtualMachines", "vm1"), "zones": ["2"],
            "vmId": "0c8f7e4e-53a8-4a7e-a3f8-4c7cfb6d2a11", "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
            "storageProfile": {
                "imageReference": {"publisher": "Canonical", "offer": "ubuntu", "sku": "22_04-lts", "version": "latest"},
                "osDisk": {"osType": "Linux", "name": "disk", "createOption": "FromImage", "diskSizeGB": 30,
                           "managedDisk": {"id": self.id("Microsoft.Compute/disks", "disk"), "resourceGroup": "islands"}},
                "dataDisks": []},
            "osProfile": {"computerName": "vm1", "linuxConfiguration": {"disablePasswordAuthentication": True}},
            "securityProfile": None, **common}
        path = os.path.join(self.server.folder.name, "all.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump([public, nsg, nic, machine], file)
        self.server.run("import", "--data", self.server.data, path)
        # The server looks for news every second.
        machines = self.client(ComputeManagementClient).virtual_machines
        for _ in range(600):
            found = read_all(machines.list_all(**PLAIN))
            if found:
                break
            time.sleep(0.1)
        [one] = found
        self.assertEqual((one.zones, one.tags, one.vm_id), (["2"], {"env": "prod"}, machine["vmId"]))
        self.assertEqual((one.storage_profile.image_reference.offer, one.storage_profile.image_reference.id), ("ubuntu", None))
        self.assertEqual(one.storage_profile.os_disk.create_option, "FromImage")
        self.assertEqual(one.storage_profile.os_disk.disk_size_gb, 30)
        self.assertTrue(one.os_profile.linux_configuration.disable_password_authentication)
        network = self.client(NetworkManagementClient)
        [address] = network.public_ip_addresses.list_all(**PLAIN)
        self.assertEqual((address.sku.tier, address.zones, address.idle_timeout_in_minutes), ("Regional", ["1"], 4))
        [interface] = network.network_interfaces.list_all(**PLAIN)
        self.assertTrue(interface.enable_ip_forwarding)
        [group] = network.network_security_groups.list_all(**PLAIN)
        for resource in (one, address, interface, group):
            self.assertEqual((resource.tags, resource.provisioning_state), ({"env": "prod"}, "Succeeded"))
        resources = self.client(ResourceManagementClient).resources
        tagged = read_all(resources.list(filter="tagname eq 'env' and tagvalue eq 'prod'", **PLAIN))
        self.assertEqual({one.name for one in tagged}, {"pip", "nsg", "nic", "vm1"})


if __name__ == "__main__":
    unittest.main()
