import { initAll } from "./govuk-frontend.min.js";
import { watchTimeout } from "./timeout.js";

// A radio may not carry aria-expanded; the label and the order of the page say what it reveals.
function unexpand() {
  document.querySelectorAll('input[type="radio"][aria-expanded]').forEach((radio) => radio.removeAttribute("aria-expanded"));
}

initAll();
unexpand();
document.addEventListener("click", unexpand);
window.addEventListener("pageshow", unexpand);
document.querySelectorAll('[data-module="heed-timeout"]').forEach(watchTimeout);
