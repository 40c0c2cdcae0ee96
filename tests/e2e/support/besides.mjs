// Calls of the server beside the page, as another program of its user makes them.
import assert from 'node:assert/strict';
import { OFFICE } from './machines.mjs';

/**
 * `call(method, path, body)`; `of(machine)`: its policy, and its id there; and for a port of a machine, 22 unless it is told,
 * `initiate(machine, port)` and `revoke(machine, port)`.
 */
export async function besides(portal) {
  const { url, token } = await portal.at('server');
  const call = async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}?api-version=2020-01-01`, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(response.ok, `${method} ${path}: ${response.status}`);
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  };
  const { value: subscriptions } = await call('GET', '/subscriptions');
  const found = [];
  for (const { subscriptionId } of subscriptions) {
    const list = `/subscriptions/${subscriptionId}/providers/Microsoft.Security/jitNetworkAccessPolicies`;
    found.push(...(await call('GET', list)).value);
  }
  const of = name => {
    const has = ({ id }) => id.endsWith(`/${name}`);
    const policy = found.find(policy => policy.properties.virtualMachines.some(has));
    return { policy, id: policy.properties.virtualMachines.find(has).id };
  };
  const post = (what, name, port) => {
    const { policy, id } = of(name);
    return call('POST', `${policy.id}/${what}`, { virtualMachines: [{ id, ports: [port] }] });
  };
  const initiate = (name, number = 22) => post('initiate', name, { number, duration: 'PT1H', allowedSourceAddressPrefix: OFFICE });
  return { call, of, initiate, revoke: (name, number = 22) => post('revoke', name, { number }) };
}
