import { initAll } from "./govuk-frontend.min.js";
import { watchTimeout } from "./timeout.js";

initAll();
document.querySelectorAll('[data-module="heed-timeout"]').forEach(watchTimeout);
