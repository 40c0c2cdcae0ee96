// The types of `jitgate/slim`: the same calls, over a module that the caller loads.

/// <reference lib="dom" />

export * from './index.js'

/** Takes the module or its bytes, which are compiled at once. */
export function initSync(source: WebAssembly.Module | BufferSource): void

/**
 * Loads and compiles the module: `jitgate.wasm` of this package, or the source given. Bundlers take the file along;
 * its own address in the package is `jitgate/jitgate.wasm`.
 */
export function init(
  source?: WebAssembly.Module | BufferSource | URL | string | Response | PromiseLike<WebAssembly.Module | BufferSource | Response>,
): Promise<void>
