// The types of `jitgate/slim`: the same calls, over a module that the caller loads. They name no type of a browser, so that
// a project without the library `dom` stays without it.

export * from './index.js'

/** Takes the module (`WebAssembly.Module`) or its bytes (`ArrayBuffer` or a view of one), which are compiled at once. */
export function initSync(source: object): void

/**
 * Loads and compiles the module: `jitgate.wasm` of this package, or the source given, which is an address (text or
 * `URL`), a `Response`, the module or its bytes, or a promise of one of these. webpack, Vite and Parcel take the file along;
 * others, as esbuild, do not, and then `init` has to be given it: its own address in the package is `jitgate/jitgate.wasm`.
 */
export function init(source?: string | object): Promise<void>
