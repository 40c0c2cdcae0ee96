// Applies the stored theme before the first paint, so that a dark page never flashes white.
try {
  document.documentElement.dataset.theme = localStorage.getItem('jitgate-theme') ?? 'system';
} catch {
  // Storage is forbidden here: the system's theme it is.
}
