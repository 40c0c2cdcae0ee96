// One process: how long from nothing to the first answer, in milliseconds. `bench.mjs` runs it.

const policy = process.argv[2]
const start = performance.now()
const { check } = await import('../dist/node.js')
const loaded = performance.now()
check(policy)
console.log(JSON.stringify({ load: loaded - start, call: performance.now() - loaded }))
