// Runs before the first paint, so that a dark page never flashes white. Not a module: modules are deferred.
try {
  var chosen = JSON.parse(localStorage.getItem('a408.theme') || '"auto"');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch (e) {
  // Storage may be forbidden; the system's theme then holds.
}
