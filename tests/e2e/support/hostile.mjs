// An inventory that nobody would want: names that are markup, that turn the direction of text, that never end.
import { exported, policies } from './fleet.mjs';

export const LONG = `long-${'x'.repeat(295)}`;

export const NAMES = [
  '<img src=x onerror=globalThis.hacked=1>',
  '<script>globalThis.hacked=1<script>',
  '"onmouseover="globalThis.hacked=1',
  "'; drop table machines; --",
  '&lt;b&gt;not bold&lt;b&gt;',
  'javascript:globalThis.hacked=1',
  '{{constructor.constructor("globalThis.hacked=1")()}}',
  '=HYPERLINK("https:evil")',
  '\u202egnp.rekcah\u202c',
  'ماكينة-الويب-1',
  'שרת \u2067abc',
  '🦀🚀👩‍👩‍👧‍👦',
  'z\u0351\u036b\u0343a\u0363\u0368l\u0369\u0358g\u0315o',
  'a b  c\u00a0d',
  '\u200b\u200d\ufeff',
  '%2e%2e%2f%00?q=1#x',
  LONG,
  'İstanbul-ßtraße',
];

const base = group => `/subscriptions/5d1f0c1e-33f1-4a8e-9d9f-0b9a6f7c2e51/resourceGroups/${group}/providers`;

/** Each name twice: with a policy, and without. */
export function hostile() {
  const machine = (name, index, group) => ({
    id: `${base(group)}/Microsoft.Compute/virtualMachines/${group}-${index}`,
    name,
    location: 'westeurope',
    windows: index % 2 === 1,
  });
  const protectedOnes = NAMES.map((name, index) => machine(name, index, 'rg-closed'));
  const others = NAMES.map((name, index) => machine(name, index, 'rg-open'));
  return { files: exported([...protectedOnes, ...others], { openTo: () => '*' }), policies: policies(protectedOnes) };
}
