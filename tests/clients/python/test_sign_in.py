"""Signing in over TLS as Azure's own library does it, MSAL beneath: what `az` and all that share its cloud do."""

import datetime
import ipaddress
import os
import tempfile
import unittest

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential
from azure.mgmt.security import SecurityCenter
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from support import GROUP, REGION, SUBSCRIPTION, Server
from test_policies import policy, protected, rule

TENANT = "6a697467-6174-4500-8000-000000000001"


def certify(folder):
    """A certificate for this machine, and its key: their files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "jitgate")])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=1))
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = builder.add_extension(here, critical=False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    for path, content in zip(files, (certificate.public_bytes(pem), private)):
        with open(path, "wb") as file:
            file.write(content)
    return files


class SignIn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="jitgate-tls-")
        cls.addClassCleanup(folder.cleanup)
        cls.certificate, key = certify(folder.name)
        cls.server = Server("--tls-cert", cls.certificate, "--tls-key", key)
        cls.addClassCleanup(cls.server.close)
        cls.token = cls.server.token("caller")
        [line] = [line for line in cls.server.run("token", "list", "--data", cls.server.data).splitlines() if line.startswith("caller ")]
        cls.id = line.split()[1]

    def policies(self, tenant, secret, **options):
        credential = ClientSecretCredential(
            tenant,
            self.id,
            secret,
            authority=self.server.url,
            connection_verify=self.certificate,
            retry_total=0,
            **options,
        )
        # The scope is that of the cloud's `audiences`.
        center = SecurityCenter(
            credential,
            SUBSCRIPTION,
            base_url=self.server.url,
            credential_scopes=[f"{self.server.url}/.default"],
            connection_verify=self.certificate,
            retry_total=0,
        )
        return center.jit_network_access_policies

    def works(self, policies, name):
        put = policies.create_or_update(GROUP, REGION, name, policy(protected("web", rule(22))))
        self.assertEqual(put.name, name)
        self.assertIn(put.id, [one.id for one in policies.list()])

    def test_by_the_tenant(self):
        self.works(self.policies(TENANT, self.token, disable_instance_discovery=True), "tenant")

    def test_by_the_form_that_asks_no_other_server(self):
        self.works(self.policies("adfs", self.token), "adfs")

    def test_a_wrong_secret(self):
        for tenant, options in ((TENANT, {"disable_instance_discovery": True}), ("adfs", {})):
            # The library also logs it.
            logged = self.assertLogs("azure.identity", "WARNING")
            with logged, self.assertRaises(ClientAuthenticationError) as raised:
                list(self.policies(tenant, "jgt_wrong", **options).list())
            self.assertIn("AADSTS7000215", str(raised.exception))


if __name__ == "__main__":
    unittest.main()
