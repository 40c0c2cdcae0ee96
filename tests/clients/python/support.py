"""A server of its own for each class of tests, and Azure's own Python clients for it."""

import json
import os
import re
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from azure.core.credentials import AccessToken
from azure.mgmt.security import SecurityCenter

SUBSCRIPTION = "5c1de2b4-0a54-4b9e-8f0b-2f6f6b0e7a11"
GROUP = "harbour"
REGION = "westeurope"


def machine(name, group=GROUP):
    return (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}"
        f"/providers/Microsoft.Compute/virtualMachines/{name}"
    )


def policy_path(name, group=GROUP, region=REGION):
    return (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Security"
        f"/locations/{region}/jitNetworkAccessPolicies/{name}"
    )


class Token:
    """A credential that always has this token."""

    def __init__(self, token):
        self.token = token

    def get_token(self, *_scopes, **_options):
        return AccessToken(self.token, int(time.time()) + 3600)


def read_all(pages):
    """All items of a list. A page that comes again would make it endless."""
    found = {}
    for one in pages:
        assert one.id.lower() not in found, f"{one.id} comes again"
        found[one.id.lower()] = one
    return list(found.values())


class Server:
    """`jitgate serve` on a free port, with its data in a folder of its own; `options` are added to its command."""

    def __init__(self, *options):
        self.options = options
        self.program = os.environ["JITGATE"]
        self.folder = tempfile.TemporaryDirectory(prefix="jitgate-clients-")
        self.log = open(os.path.join(self.folder.name, "log"), "w+", encoding="utf-8")
        self.start()

    def start(self):
        command = [self.program, "serve", "--data", self.data, "--listen", "127.0.0.1:0", *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        for line in self.process.stdout:
            found = re.search(r"https?://127\.0\.0\.1:\d+", line)
            if found:
                self.url = found.group()
                return
        self.log.seek(0)
        raise RuntimeError(f"the server did not start:\n{self.log.read()}")

    @property
    def data(self):
        return os.path.join(self.folder.name, "data")

    def run(self, *words):
        """What a command of `jitgate` prints."""
        result = subprocess.run([self.program, *words], capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise RuntimeError(f"{words}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result.stdout

    def token(self, name, role="Owner", scope=f"/subscriptions/{SUBSCRIPTION}"):
        words = ["token", "create", "--data", self.data, "--name", name]
        return self.run(*words, "--role", role, "--scope", scope).strip()

    def stop(self):
        self.process.terminate()
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        return code

    def close(self):
        self.stop()
        self.log.close()
        self.folder.cleanup()

    def call(self, method, path, token=None, body=None, headers=None):
        """A call without any SDK: status, headers, and the body as JSON where there is one."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            answer = urllib.request.urlopen(request, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            content = answer.read()
            return answer.status, answer.headers, json.loads(content) if content else None


class ServerCase(unittest.TestCase):
    """Tests that share one server and its owner."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.owner = cls.server.token("owner")

    def client(self, token=None, **options):
        """The `jitNetworkAccessPolicies` of the SDK."""
        credential = Token(token or self.owner)
        options = {"base_url": self.server.url, "retry_total": 0, **options}
        return SecurityCenter(credential, SUBSCRIPTION, **options).jit_network_access_policies
