// A server's ledger as the file that the portal exports and restores: how data of the tests' own come into a browser.
import { createHash } from 'node:crypto';

/** The records of a server over these imported files `{ name, text }`, with the files. */
export async function archiveOf({ url, token }, files) {
  const records = [];
  for (;;) {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/records?after=${records.length}`, { headers });
    if (!response.ok) throw new Error(`/records: ${response.status} ${await response.text()}`);
    const lines = (await response.text()).split('\n').filter(line => line !== '');
    if (lines.length === 0) break;
    records.push(...lines);
  }
  const head = { jitgate: 'ledger', version: 1, records: records.length, files: files.length };
  const own = files.map(({ text }) => ({ sha256: createHash('sha256').update(text).digest('hex'), text }));
  return [JSON.stringify(head), ...records, ...own.map(file => JSON.stringify(file))].join('\n') + '\n';
}
