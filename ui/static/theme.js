// Sets the theme before the page is painted, so that nothing flashes. `lib/theme.svelte.ts` writes the choice.
(function () {
  let choice = null;
  try {
    choice = localStorage.getItem('theme');
  } catch {
    // Storage may be forbidden: then the system's theme it is.
  }
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
})();
