// Runs before the first paint, so that a dark page is never shown light first.
(() => {
  var stored = null;
  try {
    stored = JSON.parse(localStorage.getItem('binnacle.preferences')).values.theme;
  } catch (_refused) {}
  var dark = stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
