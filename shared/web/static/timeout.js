// Warns before the session runs out and renews it on request. Without scripts the footer says the same and has a link.
const MINUTE = 60000;

export function watchTimeout(box) {
  const idle = Number(box.dataset.idleMinutes) * MINUTE;
  const warning = Number(box.dataset.warningMinutes) * MINUTE;
  const words = box.querySelector("[data-heed-timeout-words]");
  const button = box.querySelector("button");
  let timers = [];

  function start() {
    timers.forEach(clearTimeout);
    box.hidden = true;
    timers = [setTimeout(() => { box.hidden = false; }, idle - warning), setTimeout(end, idle)];
  }

  function end() {
    words.textContent = box.dataset.ended;
    button.hidden = true;
    box.hidden = false;
  }

  button.addEventListener("click", async () => {
    const answer = await fetch(box.dataset.renew).catch(() => null);
    if (answer && answer.ok && new URL(answer.url).pathname.endsWith("/signed-in")) {
      start();
    } else {
      end();
    }
  });
  start();
}
