// Keeps the words of a live line current, at most once a minute, until paused. Without scripts a reload does the same.
const PAUSE = 60000;

document.querySelectorAll("[data-heed-live]").forEach((line) => {
  const words = line.querySelector("[data-heed-live-words]");
  const button = line.querySelector("[data-heed-live-pause]");
  let paused = false;

  async function refresh() {
    if (paused || document.hidden) return;
    const answer = await fetch(line.dataset.heedLive, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const { sentence } = await answer.json();
    if (sentence && sentence !== words.textContent) words.textContent = sentence;
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? "Resume updates" : "Pause updates";
    refresh();
  });
  setInterval(refresh, PAUSE);
});
