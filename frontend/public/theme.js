// Runs before the first paint, so that a dark page is never shown light first, and its first words are in the right language.
(() => {
  var stored = {};
  try {
    stored = JSON.parse(localStorage.getItem('binnacle.preferences')).values || {};
  } catch (_refused) {}
  var dark =
    stored.theme === 'dark' ||
    (stored.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  var language = stored.language;
  if (language !== 'en' && language !== 'zh-CN')
    language = navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  document.documentElement.lang = language;
})();
