// Sets the reader's choice of light or dark before anything is drawn.
(function () {
  try {
    var choice = localStorage.getItem('firebreak-theme');
    if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
  } catch (e) { /* no storage: the system's choice holds */ }
})();
